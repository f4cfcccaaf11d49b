//! What a page is about, for programs: JSON-LD in the words of schema.org.
//!
//! Only what the record states, and only as exactly as it states it: a date that
//! is uncertain is left out, as schema.org has no word for that; so is to what
//! a territory belongs where more than one says so, and whether somebody is a
//! person or an organization where nobody says so.

use serde::Serialize;

use super::frame::Frame;
use super::note;
use crate::date::{Date, is_plain};
use crate::model::claim::{Claim, Review};
use crate::model::source;
use crate::model::speaker::SpeakerType;
use crate::parse::document::Target;
use crate::plan::pages::search_url;
use crate::plan::route;
use crate::resolve::site::{BriefingNode, Entity, Site};

/// The vocabulary.
const CONTEXT: &str = "https://schema.org";

/// A thing of schema.org. What is absent is not stated.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Thing<'a> {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    #[serde(rename = "@graph", skip_serializing_if = "Vec::is_empty")]
    graph: Vec<Self>,
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_reviewed: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternate_name: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spoken_by_character: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliation: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member_of: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    about: Vec<Self>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<Self>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appearance: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_appearance: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_part: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_part_of: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contained_in_place: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo: Option<GeoCoordinates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review_rating: Option<Rating<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_reviewed: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    potential_action: Option<SearchAction>,
}

/// A name in a register.
#[derive(Debug, Serialize)]
struct Identifier<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "propertyID")]
    register: &'static str,
    value: &'a str,
}

/// A place on the earth, in degrees.
#[derive(Debug, Serialize)]
struct GeoCoordinates {
    #[serde(rename = "@type")]
    kind: &'static str,
    latitude: f64,
    longitude: f64,
}

/// A rating in the reviewer's own scale.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "these are schema.org's")]
struct Rating<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    alternate_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst_rating: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best_rating: Option<f64>,
}

/// How the site can be searched.
#[derive(Debug, Serialize)]
struct SearchAction {
    #[serde(rename = "@type")]
    kind: &'static str,
    target: EntryPoint,
    #[serde(rename = "query-input")]
    input: &'static str,
}

/// An address with a gap.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryPoint {
    #[serde(rename = "@type")]
    kind: &'static str,
    url_template: String,
}

/// What makes the things of one page.
struct Maker<'a, 'p> {
    site: &'a Site,
    root: &'p str,
}

/// The home page: the site.
#[must_use]
pub fn home(site: &Site, page: &Frame<'_>) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let config = &site.config;
    let search = search_url(site).and_then(|url| route::canonical(site, &url));
    Some(print(Thing {
        kind: Some("WebSite"),
        name: Some(&config.title),
        description: config.description.as_deref(),
        in_language: Some(&config.language),
        publisher: maker.publisher(),
        potential_action: search.map(|url| SearchAction {
            kind: "SearchAction",
            target: EntryPoint {
                kind: "EntryPoint",
                url_template: [&url, "?q={search_term_string}"].concat(),
            },
            input: "required name=search_term_string",
        }),
        ..maker.at(route::HOME)
    }))
}

/// A briefing: an article that analyses what others said.
#[must_use]
pub fn briefing(site: &Site, page: &Frame<'_>, node: &BriefingNode) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let facts = node.facts();
    let speakers = node.speakers.iter().map(|s| maker.speaker(*s));
    let places = node.territories.iter().map(|t| maker.territory(*t));
    let claim = |c: &u32| Thing {
        kind: Some("Claim"),
        text: Some(&site.facts(*c).text),
        ..maker.entity(Entity::Claim(*c))
    };
    Some(print(Thing {
        headline: Some(&facts.title),
        name: Some(&facts.title),
        description: facts.summary.as_deref(),
        in_language: Some(facts.lang.as_deref().unwrap_or(&site.config.language)),
        date_published: exact(facts.date.as_ref()),
        date_modified: exact(facts.updated.as_ref()),
        author: facts.authors.iter().map(|name| named(name)).collect(),
        publisher: maker.publisher(),
        mentions: speakers.chain(places).collect(),
        keywords: node.topics.iter().map(|t| &*site.topics[*t as usize].name).collect(),
        citation: node.sources.iter().map(|s| maker.source(*s)).collect(),
        has_part: node.claims.iter().map(claim).collect(),
        correction: facts.corrections.iter().map(|c| &*c.now).collect(),
        is_part_of: Some(Box::new(maker.website())),
        kind: Some(ARTICLE),
        ..maker.at(page.url)
    }))
}

/// What a briefing is.
const ARTICLE: &str = "AnalysisNewsArticle";

/// A claim, its quotations, and what published fact-checks say of it. `chain_words` is
/// its chain in one phrase.
#[must_use]
pub fn claim(
    site: &Site,
    page: &Frame<'_>,
    index: u32,
    chain_words: Option<&str>,
) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let briefing = &site.briefings[node.briefing as usize];
    let language = briefing.facts().lang.as_deref().unwrap_or(&site.config.language);
    let last = node.chain.iter().rev().find(|link| !link.by.is_empty());
    let by = || last.into_iter().flat_map(|link| &link.by).map(|s| maker.speaker(*s));
    let source = node.chain.iter().rev().find_map(|link| link.source);
    let place = |quote| note::place(site, index, Target::Quote { claim: node.number, quote });
    let quotations = (0u32..).zip(&facts.quotes).map(|(quote, words)| Thing {
        kind: Some("Quotation"),
        id: Some(maker.address(&place(quote))),
        text: Some(&words.selector.exact),
        in_language: Some(language),
        spoken_by_character: match words.of.as_deref() {
            Some(of) => {
                let speaker = site.names.speakers.one(of);
                speaker.into_iter().map(|s| maker.speaker(s)).collect()
            }
            None => by().collect(),
        },
        ..Thing::default()
    });
    let claim = Thing {
        kind: Some("Claim"),
        text: Some(&facts.text),
        // Through whom it came there is no property for.
        description: chain_words,
        in_language: Some(language),
        date_published: exact(site.said_on(index)),
        author: by().collect(),
        about: node
            .about
            .iter()
            .map(|s| maker.speaker(*s))
            .chain(node.territories.iter().map(|t| maker.territory(*t)))
            .collect(),
        keywords: node.topics.iter().map(|t| &*site.topics[*t as usize].name).collect(),
        appearance: Some(Box::new(Thing {
            kind: Some(ARTICLE),
            headline: Some(&briefing.facts().title),
            ..maker.entity(Entity::Briefing(node.briefing))
        })),
        first_appearance: source.map(|s| Box::new(maker.source(s))),
        has_part: quotations.collect(),
        ..maker.at(page.url)
    };
    let reviews = facts.reviews.iter().filter_map(|review| maker.review(page, facts, review));
    let mut all: Vec<Thing<'_>> = reviews.collect();
    if all.is_empty() {
        return Some(print(claim));
    }
    all.insert(0, claim);
    Some(print(Thing { graph: all, ..Thing::default() }))
}

/// A speaker.
#[must_use]
pub fn speaker(site: &Site, page: &Frame<'_>, index: u32) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let facts = &site.speakers[index as usize].facts;
    let belongs = site.speakers[index as usize].affiliation.map(|s| maker.speaker(s));
    let belongs = belongs.or_else(|| facts.affiliation.as_deref().map(named)).map(Box::new);
    let is_person = facts.kind == Some(SpeakerType::Person);
    let is_organization = facts.kind == Some(SpeakerType::Organization);
    let wikidata = facts.wikidata.iter().map(|id| wikidata(id));
    let this = maker.speaker(index);
    Some(print(Thing {
        kind: this.kind.or(Some("Thing")),
        alternate_name: facts.aliases.iter().map(String::as_str).collect(),
        job_title: facts.role.as_deref().filter(|_| is_person),
        description: facts.role.as_deref().or(facts.described_as.as_deref()),
        same_as: wikidata.chain(facts.same_as.iter().map(|url| route::outside(url))).collect(),
        affiliation: belongs.filter(|_| is_person),
        member_of: site.speakers[index as usize]
            .affiliation
            .filter(|_| is_organization)
            .map(|s| Box::new(maker.speaker(s))),
        ..this
    }))
}

/// A territory. To what it belongs is said where one thing is, and nobody
/// disputes it.
#[must_use]
pub fn territory(site: &Site, page: &Frame<'_>, index: u32) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let node = &site.territories[index as usize];
    let facts = &node.facts;
    let codes = &facts.identifiers;
    let names = facts.names.values().chain(&facts.aliases).map(String::as_str);
    let identifier = |register| move |value| Identifier { kind: "PropertyValue", register, value };
    let country = codes.iso_3166_1.as_deref().into_iter().map(identifier("ISO 3166-1"));
    let regions = codes.iso_3166_2.iter().map(String::as_str).map(identifier("ISO 3166-2"));
    let geonames =
        codes.geonames.iter().map(|id| ["https://www.geonames.org/", &route::encoded(id)].concat());
    let whole = match node.part_of[..] {
        [Some(whole)] if !facts.is_disputed() => Some(Box::new(maker.territory(whole))),
        _ => None,
    };
    Some(print(Thing {
        alternate_name: names.filter(|name| *name != node.name).collect(),
        description: facts.kind.as_deref(),
        contained_in_place: whole,
        identifier: country.chain(regions).collect(),
        same_as: codes.wikidata.iter().map(|id| wikidata(id)).chain(geonames).collect(),
        geo: facts.label.as_ref().map(|label| GeoCoordinates {
            kind: "GeoCoordinates",
            latitude: label.lat,
            longitude: label.lon,
        }),
        ..maker.territory(index)
    }))
}

/// A source.
#[must_use]
pub fn source(site: &Site, page: &Frame<'_>, index: u32) -> Option<String> {
    let maker = Maker::of(site, page)?;
    let facts = &site.sources[index as usize].facts;
    Some(print(Thing {
        author: facts.author.iter().map(|name| named(name)).collect(),
        publisher: facts.publisher.as_deref().map(|name| Box::new(organization(name))),
        date_published: exact(facts.date.as_ref()),
        in_language: facts.lang.as_deref(),
        archived_at: facts.archived_url.as_deref().map(route::outside),
        same_as: facts.url.as_deref().map(route::outside).into_iter().collect(),
        ..maker.source(index)
    }))
}

impl<'a, 'p> Maker<'a, 'p> {
    /// `None` where the site does not want any of it.
    fn of(site: &'a Site, page: &'p Frame<'_>) -> Option<Self> {
        site.config.data.json_ld.then_some(Self { site, root: &page.root })
    }

    /// An address from the site's root, absolute where the site has one, or else
    /// from the page.
    fn address(&self, url: &str) -> String {
        let (path, anchor) = url.split_once('#').map_or((url, None), |(p, a)| (p, Some(a)));
        let mut address = route::canonical(self.site, path)
            .unwrap_or_else(|| [self.root, &route::encoded(path)].concat());
        if let Some(anchor) = anchor {
            address.push('#');
            address.push_str(&route::encoded(anchor));
        }
        address
    }

    /// Something that is known by the page at this address.
    fn at(&self, url: &str) -> Thing<'a> {
        let address = self.address(url);
        Thing { id: Some(address.clone()), url: Some(address), ..Thing::default() }
    }

    fn entity(&self, entity: Entity) -> Thing<'a> {
        Thing { id: Some(self.address(&route::entity(self.site, entity))), ..Thing::default() }
    }

    fn speaker(&self, index: u32) -> Thing<'a> {
        let node = &self.site.speakers[index as usize];
        Thing {
            kind: match node.facts.kind {
                Some(SpeakerType::Person) => Some("Person"),
                Some(SpeakerType::Organization) => Some("Organization"),
                Some(SpeakerType::Unidentified) | None => None,
            },
            name: Some(&node.name),
            ..self.entity(Entity::Speaker(index))
        }
    }

    fn territory(&self, index: u32) -> Thing<'a> {
        Thing {
            kind: Some("Place"),
            name: Some(&self.site.territories[index as usize].name),
            ..self.entity(Entity::Territory(index))
        }
    }

    fn source(&self, index: u32) -> Thing<'a> {
        let node = &self.site.sources[index as usize];
        Thing {
            kind: Some(work(&node.facts)),
            name: Some(&node.name),
            ..self.entity(Entity::Source(index))
        }
    }

    fn website(&self) -> Thing<'a> {
        Thing {
            kind: Some("WebSite"),
            id: Some(self.address(route::HOME)),
            name: Some(&self.site.config.title),
            ..Thing::default()
        }
    }

    fn publisher(&self) -> Option<Box<Thing<'a>>> {
        self.site.config.publisher.as_deref().map(|name| Box::new(organization(name)))
    }

    /// A published fact-check; `None` where it does not say how it rates the
    /// claim, which search engines require.
    fn review(&self, page: &Frame<'_>, claim: &'a Claim, review: &'a Review) -> Option<Thing<'a>> {
        let rating = review.rating.as_ref().filter(|rating| !rating.label.is_empty())?;
        let here = self.address(page.url);
        Some(Thing {
            kind: Some("ClaimReview"),
            url: Some(review.url.as_deref().map_or_else(|| here.clone(), route::outside)),
            claim_reviewed: Some(&claim.text),
            author: vec![organization(&review.by)],
            date_published: exact(review.date.as_ref()),
            review_rating: Some(Rating {
                kind: "Rating",
                alternate_name: &rating.label,
                rating_value: rating.value,
                worst_rating: rating.worst,
                best_rating: rating.best,
            }),
            item_reviewed: Some(Box::new(Thing {
                kind: Some("Claim"),
                id: Some(here),
                ..Thing::default()
            })),
            ..Thing::default()
        })
    }
}

/// The type that a source states, as long as it is written as types are.
fn work(facts: &source::Source) -> &str {
    let is_type = |kind: &&str| {
        kind.starts_with(|c: char| c.is_ascii_uppercase())
            && kind.bytes().all(|b| b.is_ascii_alphabetic())
    };
    facts.kind.as_deref().filter(is_type).unwrap_or("CreativeWork")
}

/// Somebody of whom the record has the name alone.
fn named(name: &str) -> Thing<'_> {
    Thing { name: Some(name), ..Thing::default() }
}

fn organization(name: &str) -> Thing<'_> {
    Thing { kind: Some("Organization"), ..named(name) }
}

fn wikidata(id: &str) -> String {
    ["https://www.wikidata.org/entity/", &route::encoded(id)].concat()
}

/// A date that schema.org takes; `None` where it is more, or less, than a year, a
/// month or a day.
fn exact(date: Option<&Date>) -> Option<&str> {
    date.map(Date::as_str).filter(|text| is_plain(text))
}

/// The things as a script of data, which cannot end early: every `<` is
/// escaped.
fn print(thing: Thing<'_>) -> String {
    let thing = Thing { context: Some(CONTEXT), ..thing };
    let json = serde_json::to_string(&thing).expect("texts and numbers have a JSON form");
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}
