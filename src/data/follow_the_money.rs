//! The record as FollowTheMoney entities, one a line, for those who work with
//! networks of people and papers (the model of followthemoney 4).
//!
//! Speakers are people, organizations or, where nobody says which, legal
//! entities; briefings and sources are documents; a claim is a note on those who
//! made it and those whom it is about, proven by its briefing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::line;
use super::record::territory;
use super::record::{Claim, Source, Speaker, Territory, briefing, claim, indexes, source, speaker};
use crate::date::is_plain;
use crate::fingerprint::Fingerprint;
use crate::model::speaker::SpeakerType;
use crate::resolve::site::Site;

#[derive(Serialize)]
struct Entity<'a> {
    id: String,
    schema: &'static str,
    properties: BTreeMap<&'static str, Vec<&'a str>>,
}

impl<'a> Entity<'a> {
    fn new(id: String, schema: &'static str) -> Self {
        Self { id, schema, properties: BTreeMap::new() }
    }

    /// Says this of it, where there is something to say.
    fn with(mut self, property: &'static str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<&str> = values.into_iter().collect();
        if !values.is_empty() {
            self.properties.entry(property).or_default().extend(values);
        }
        self
    }
}

/// Appends the entities to `out`.
pub fn write(site: &Site, out: &mut Vec<u8>) {
    for one in indexes(&site.speakers).map(|i| speaker(site, i)) {
        write_speaker(site, &one, out);
    }
    for one in indexes(&site.territories).map(|i| territory(site, i)) {
        write_territory(&one, out);
    }
    for one in indexes(&site.sources).map(|i| source(site, i)) {
        write_source(&one, out);
    }
    for index in indexes(&site.briefings) {
        let one = briefing(site, index);
        let article = id("briefing", one.id);
        let file = [one.id, ".html"].concat();
        let entity = Entity::new(article.clone(), "Article")
            .with("fileName", [&*file])
            .with("name", [one.title])
            .with("title", [one.title])
            .with("summary", one.summary)
            .with("author", one.authors.iter().copied())
            .with("publisher", site.config.publisher.as_deref())
            .with("date", day(one.date))
            .with("sourceUrl", web(&one.url));
        line(&entity, out);
        for who in &one.speakers {
            let (link, whom) =
                (id("documentation", &[one.id, "/", who].concat()), id("speaker", who));
            let entity = Entity::new(link, "Documentation")
                .with("document", [&*article])
                .with("entity", [&*whom]);
            line(&entity, out);
        }
    }
    for one in indexes(&site.claims).map(|i| claim(site, i)) {
        write_claim(&one, out);
    }
}

fn write_speaker(site: &Site, one: &Speaker<'_>, out: &mut Vec<u8>) {
    let whom = id("speaker", one.id);
    let schema = match one.kind {
        Some(SpeakerType::Person) => "Person",
        Some(SpeakerType::Organization) => "Organization",
        Some(SpeakerType::Unidentified) | None => "LegalEntity",
    };
    let is_person = one.kind == Some(SpeakerType::Person);
    let entity = Entity::new(whom.clone(), schema)
        .with("name", [one.name])
        .with("alias", one.aliases.iter().copied())
        .with("position", one.role.filter(|_| is_person))
        .with("summary", one.role.filter(|_| !is_person))
        .with("description", one.described_as)
        .with("wikidataId", one.wikidata.filter(|id| is_wikidata(id)))
        .with("sourceUrl", web(&one.url));
    line(&entity, out);
    // Whoever belongs to what is not known to be an organization is no member.
    let is_organization = |id: &&str| {
        let index = site.names.speakers.one(id);
        let kind = index.and_then(|s| site.speakers[s as usize].facts.kind);
        kind == Some(SpeakerType::Organization)
    };
    let affiliation = one.affiliation.as_ref().and_then(|of| of.speaker);
    let posts = one.posts.iter().map(|post| {
        (post.org.as_ref().and_then(|org| org.speaker), Some(post.post), post.start, post.end)
    });
    let all = affiliation.map(|of| (Some(of), None, None, None)).into_iter().chain(posts);
    for (n, (of, role, start, end)) in all.enumerate() {
        let Some(of) = of.filter(is_organization) else { continue };
        let (link, organization) =
            (id("membership", &format!("{}/{n}", one.id)), id("speaker", of));
        let entity = Entity::new(link, "Membership")
            .with("member", [&*whom])
            .with("organization", [&*organization])
            .with("role", role)
            .with("startDate", day(start))
            .with("endDate", day(end));
        line(&entity, out);
    }
}

/// What it is part of is left to those formats that can say according to whom.
fn write_territory(one: &Territory<'_>, out: &mut Vec<u8>) {
    let entity = Entity::new(id("territory", one.id), "Territory")
        .with("name", [one.name])
        .with("alias", one.names.values().map(String::as_str))
        .with("alias", one.aliases.iter().copied())
        .with("summary", one.kind)
        .with("territoryCode", one.iso_3166_1)
        .with("territoryCode", one.iso_3166_2.iter().copied())
        .with("wikidataId", one.wikidata.filter(|id| is_wikidata(id)))
        .with("sourceUrl", web(&one.url));
    line(&entity, out);
}

fn write_source(one: &Source<'_>, out: &mut Vec<u8>) {
    let is_article = one.kind.is_some_and(|kind| kind.ends_with("Article"));
    let entity = Entity::new(id("source", one.id), if is_article { "Article" } else { "Document" })
        .with("fileName", [one.id])
        .with("name", [one.title])
        .with("title", [one.title])
        .with("author", one.authors.iter().copied())
        .with("publisher", one.publisher)
        .with("date", day(one.date))
        .with("sourceUrl", one.address.as_deref());
    line(&entity, out);
}

fn write_claim(one: &Claim<'_>, out: &mut Vec<u8>) {
    let speakers = one.attribution.iter().flat_map(|link| &link.by).chain(&one.about);
    let speakers = speakers.map(|who| id("speaker", who));
    let mut on: Vec<String> =
        speakers.chain(one.territories.iter().map(|place| id("territory", place))).collect();
    on.sort_unstable();
    on.dedup();
    let briefing = id("briefing", one.briefing);
    let name = short(one.text);
    let entity = Entity::new(id("claim", &one.id), "Note")
        .with("name", [&*name])
        .with("description", [one.text])
        .with("summary", one.attribution_words.as_deref())
        .with("entity", on.iter().map(String::as_str))
        .with("proof", [&*briefing])
        .with("sourceUrl", web(&one.url));
    line(&entity, out);
}

/// A text as a name, for which the model takes no long ones: cut at a word.
fn short(text: &str) -> Cow<'_, str> {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(MOST).map_or(text.len(), |(at, _)| at);
    let end = text[..end].rfind(' ').unwrap_or(end);
    Cow::Owned([&text[..end], "…"].concat())
}

/// The id of an entity: letters, digits, hyphens and dots of ASCII, as the model
/// has them; where a name has others, a fingerprint stands for it.
fn id(kind: &str, name: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'/';
    let is_fit = name.bytes().all(is_plain) && name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if is_fit {
        return [kind, ".", &name.replace('/', ".")].concat();
    }
    format!("{kind}.x{}", Fingerprint::of(name.as_bytes()))
}

fn is_wikidata(id: &str) -> bool {
    let digits = id.strip_prefix('Q');
    digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

/// An address that the web knows.
fn web(url: &str) -> Option<&str> {
    url.contains("://").then_some(url)
}

/// A date as the model has it.
fn day(date: Option<&str>) -> Option<&str> {
    date.filter(|text| is_plain(text))
}
