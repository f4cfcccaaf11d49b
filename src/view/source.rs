//! A source's page: the claims that rest on it, and its archived copy.

use serde::Serialize;

use super::card::{DateView, Ref};
use super::frame::Frame;
use super::listing::Listing;
use super::speaker::on_record;
use super::wanted::Ask;
use super::{body, card, linked_data, listing};
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// A source's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The source.
    pub source: SourceBody<'a>,
}

/// What the page says of its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceBody<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its type in words.
    pub kind: Option<String>,
    /// Who made it.
    pub authors: Vec<Ref<'a>>,
    /// Who published it.
    pub publisher: Option<Ref<'a>>,
    /// When it appeared.
    pub date: Option<DateView<'a>>,
    /// Where it is, outside. Absent: not recorded.
    pub address: Option<String>,
    /// Where a copy is kept, outside.
    pub archived: Option<String>,
    /// When the copy was made.
    pub archived_at: Option<DateView<'a>>,
    /// The copy's SHA-256.
    pub sha256: Option<&'a str>,
    /// A to F.
    pub reliability: Option<&'a str>,
    /// That in words: `cannot be judged`.
    pub reliability_words: Option<&'a str>,
    /// Its language (BCP 47).
    pub lang: Option<&'a str>,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// Claims said in it.
    pub claims: Listing<'a>,
    /// Claims for which it is cited.
    pub cited_for: Listing<'a>,
    /// Briefings that list it.
    pub briefings: Listing<'a>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: Option<&'a serde_yaml::Value>,
}

/// The page of the source with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> SourceView<'a> {
    let node = &site.sources[index as usize];
    let facts = &node.facts;
    let list = |name, section| {
        ask.make(name, || listing::section(site, Entity::Source(index), section, ask))
    };
    let description = on_record(site, &node.name, node.claims.len());
    let mut frame = super::frame::frame(site, page, ask, &*node.name, description, Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::source(site, &frame, index));
    SourceView {
        page: frame,
        source: SourceBody {
            title: &node.name,
            kind: facts.kind.as_deref().map(|kind| card::type_words(site, kind)),
            authors: facts.author.iter().map(|a| Ref::speaker_or_words(site, a)).collect(),
            publisher: facts.publisher.as_deref().map(|p| Ref::speaker_or_words(site, p)),
            date: card::date(site, facts.date.as_ref()),
            address: facts.url.as_deref().map(route::outside),
            archived: facts.archived_url.as_deref().map(route::outside),
            archived_at: card::date(site, facts.archived_at.as_ref()),
            sha256: facts.sha256.as_deref(),
            reliability: facts.reliability.as_deref(),
            reliability_words: facts
                .reliability
                .as_deref()
                .map(|grade| reliability_words(site, grade)),
            lang: facts.lang.as_deref(),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            claims: list("claims", Section::Claims),
            cited_for: list("cited_for", Section::CitedFor),
            briefings: list("briefings", Section::Briefings),
            links_here: list("links_here", Section::LinksHere),
            extra: facts.extra.as_deref(),
        },
    }
}

/// The Admiralty scale's words for the reliability of a source (NATO AJP-2.1).
fn reliability_words<'a>(site: &'a Site, grade: &str) -> &'a str {
    site.words.say(match grade {
        "A" => "reliability_a",
        "B" => "reliability_b",
        "C" => "reliability_c",
        "D" => "reliability_d",
        "E" => "reliability_e",
        _ => "reliability_f",
    })
}
