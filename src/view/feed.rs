//! What is new, for whoever follows the site or one of its entities: the view
//! of an Atom feed, and of the same as JSON Feed.
//!
//! A feed is bounded, however large the site. An entry can only be told of where
//! its day is known; of a date that can mean several days the first is taken,
//! as feeds have no other form.

use std::cmp::Reverse;

use serde::Serialize;

use super::{card, note};
use crate::date::Day;
use crate::plan::data::{FeedOf, feed_url};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedView<'a> {
    /// Its title.
    pub title: String,
    /// What the site is.
    pub subtitle: Option<&'a str>,
    /// The absolute address of the page that it follows.
    pub home: String,
    /// Its own absolute address as Atom.
    pub atom: String,
    /// Its own absolute address as JSON Feed.
    pub json: String,
    /// When it last changed (RFC 3339).
    pub updated: String,
    /// The language of the site (BCP 47).
    pub language: &'a str,
    /// The direction of that language: `ltr` or `rtl`.
    pub direction: &'static str,
    /// Who publishes it: the publisher, or else the site.
    pub author: &'a str,
    /// The newest first, at most fifty.
    pub entries: Vec<FeedEntry<'a>>,
}

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedEntry<'a> {
    /// The absolute address of its page, by which it is known.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it says, in plain text.
    pub summary: String,
    /// When it last changed (RFC 3339).
    pub updated: String,
    /// Who wrote the briefing; empty where nobody is named.
    pub authors: Vec<&'a str>,
    /// Its language (BCP 47), where that is not the site's.
    pub language: Option<&'a str>,
}

/// The most entries of a feed.
const MOST: usize = 50;

/// The most bytes that its titles and summaries have together, so that a feed
/// stays below half a megabyte even where each of them must be escaped.
const MOST_BYTES: usize = 80_000;

/// The feed.
#[must_use]
pub fn view(site: &Site, of: FeedOf) -> FeedView<'_> {
    let entries = entries(site, of);
    let mut left = MOST_BYTES;
    let fits = |entry: &FeedEntry<'_>| {
        let length = entry.title.len() + entry.summary.len();
        left.checked_sub(length).inspect(|rest| left = *rest).is_some()
    };
    let entries: Vec<FeedEntry<'_>> = entries.take(MOST).take_while(fits).collect();
    let title = &site.config.title;
    let (title, page) = match of {
        FeedOf::Site => (title.clone(), String::new()),
        FeedOf::Corrections => (
            [title, ": ", site.words.say("corrections")].concat(),
            route::named(site, "corrections"),
        ),
        FeedOf::Entity(entity) => {
            ([title, ": ", site.name(entity)].concat(), route::entity(site, entity))
        }
    };
    let language = site.words.language();
    FeedView {
        title,
        subtitle: site.config.description.as_deref(),
        home: route::absolute(site, &page),
        atom: route::absolute(site, &feed_url(site, of, "xml")),
        json: route::absolute(site, &feed_url(site, of, "json")),
        updated: entries.first().map_or_else(|| instant((1970, 1, 1)), |e| e.updated.clone()),
        language,
        direction: super::frame::direction(language),
        author: site.config.publisher.as_deref().unwrap_or(&site.config.title),
        entries,
    }
}

/// Its entries, the newest first.
fn entries(site: &Site, of: FeedOf) -> Box<dyn Iterator<Item = FeedEntry<'_>> + '_> {
    let claims = |claims: Vec<u32>| {
        let mut dated: Vec<(Day, u32)> = claims
            .into_iter()
            .filter_map(|c| {
                Some((site.briefings[site.claims[c as usize].briefing as usize].changed()?, c))
            })
            .collect();
        dated.sort_unstable_by_key(|(day, claim)| (Reverse(*day), *claim));
        dated.dedup();
        Box::new(dated.into_iter().map(|(day, c)| claim(site, day, c)))
    };
    match of {
        FeedOf::Site => {
            let all = (0u32..).zip(site.briefings.iter());
            let mut dated: Vec<(Day, u32)> =
                all.filter_map(|(b, node)| Some((node.changed()?, b))).collect();
            dated.sort_unstable_by_key(|(day, briefing)| (Reverse(*day), *briefing));
            Box::new(dated.into_iter().map(|(day, b)| briefing(site, day, b)))
        }
        FeedOf::Corrections => {
            Box::new(site.dated_corrections().map(|(day, b, n)| correction(site, day, b, n)))
        }
        FeedOf::Entity(Entity::Speaker(i)) => {
            let node = &site.speakers[i as usize];
            claims([&*node.said, &*node.relayed, &*node.about].concat())
        }
        FeedOf::Entity(Entity::Territory(i)) => {
            let node = &site.territories[i as usize];
            claims([&*node.claims, &*node.claims_within].concat())
        }
        FeedOf::Entity(Entity::Proposition(i)) => {
            claims(site.propositions[i as usize].claims.clone())
        }
        FeedOf::Entity(_) => Box::new(std::iter::empty()),
    }
}

fn briefing(site: &Site, day: Day, index: u32) -> FeedEntry<'_> {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    FeedEntry {
        url: absolute(site, Entity::Briefing(index)),
        title: facts.title.clone(),
        summary: facts.summary.as_deref().unwrap_or(&node.document.opening).to_owned(),
        updated: instant(day),
        authors: facts.authors.iter().map(String::as_str).collect(),
        language: facts.lang.as_deref(),
    }
}

fn claim(site: &Site, day: Day, index: u32) -> FeedEntry<'_> {
    let facts = site.facts(index);
    let briefing = site.briefings[site.claims[index as usize].briefing as usize].facts();
    let chain = note::chain_words(site, index);
    let who = chain.as_deref().unwrap_or(site.words.say("nobody_named_for_it"));
    let parts = [("who", who), ("briefing", &*briefing.title)];
    FeedEntry {
        url: absolute(site, Entity::Claim(index)),
        title: facts.text.clone(),
        summary: site.words.fill("claim_description", &parts),
        updated: instant(day),
        authors: briefing.authors.iter().map(String::as_str).collect(),
        language: briefing.lang.as_deref(),
    }
}

fn correction(site: &Site, day: Day, briefing: u32, number: u32) -> FeedEntry<'_> {
    let facts = site.briefings[briefing as usize].facts();
    let card = card::correction(site, briefing, number);
    let anchor = card.briefing.url.as_deref().and_then(|url| url.split_once('#'));
    let anchor = anchor.map_or("", |(_, anchor)| anchor);
    let was = card.was.map(|was| [was, " → "].concat()).unwrap_or_default();
    FeedEntry {
        url: [&absolute(site, Entity::Briefing(briefing)), "#", anchor].concat(),
        title: site.words.fill("feed_correction", &[("briefing", &facts.title)]),
        summary: [&was, card.now].concat(),
        updated: instant(day),
        authors: facts.authors.iter().map(String::as_str).collect(),
        language: facts.lang.as_deref(),
    }
}

fn absolute(site: &Site, entity: Entity) -> String {
    route::absolute(site, &route::entity(site, entity))
}

/// The beginning of a day as RFC 3339 has it, whose years have four digits.
fn instant((year, month, day): Day) -> String {
    format!("{:04}-{month:02}-{day:02}T00:00:00Z", year.clamp(0, 9999))
}
