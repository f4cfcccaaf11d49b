//! A briefing's page: the text with its annotations beside it.

use serde::Serialize;

use super::card::{CorrectionCard, DateView, Draw, Ref, SourceCard, SpeakerCard, TerritoryCard};
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage};
use super::{body, card, listing, note};
use crate::parse::document::Target;
use crate::plan::pages::{Page, Plan, Section};
use crate::plan::route;
use crate::resolve::site::{BriefingNode, Entity, Site};

/// A briefing's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingView {
    /// What every page has.
    pub page: Frame,
    /// The briefing.
    pub briefing: BriefingBody,
}

/// What the page says of its briefing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingBody {
    /// Its title.
    pub title: String,
    /// When it was written; absent means unknown.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What it says.
    pub summary: Option<String>,
    /// The text, with its marks. Safe HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What is claimed in it, in the order in which a reader meets the words; what
    /// has no words in the text comes last.
    pub claims: Vec<ClaimNote>,
    /// Loaded words in it.
    pub terms: Vec<TermView>,
    /// Who speaks in it.
    pub speakers: Vec<SpeakerCard>,
    /// Which places it concerns.
    pub territories: Vec<TerritoryCard>,
    /// What it rests on.
    pub sources: Vec<SourceCard>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref>,
    /// What was wrong in it; their anchors are `correction-1`, `correction-2`.
    pub corrections: Vec<CorrectionCard>,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 to 6, as on the page.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A loaded word in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// The words and their place.
    pub passage: Passage,
    /// `so_called` or `loaded`.
    pub kind: Option<String>,
    /// In whose voice it stands.
    pub voice: Option<Ref>,
    /// What is to be said about it.
    pub note: Option<String>,
    /// The briefing that uses it.
    pub briefing: Ref,
}

/// The page of the briefing with this index.
#[must_use]
pub fn view(site: &Site, plan: &Plan, page: &Page, index: u32, draw: &Draw<'_>) -> BriefingView {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    let body = body::briefing(site, plan, &page.url, node);
    let description =
        facts.summary.clone().unwrap_or_else(|| node.document.opening.clone().into_string());
    BriefingView {
        page: super::frame::frame(site, page, &facts.title, description, Vec::new()),
        briefing: BriefingBody {
            title: facts.title.clone(),
            date: card::date(facts.date.as_ref()),
            updated: card::date(facts.updated.as_ref()),
            authors: facts.authors.clone(),
            summary: facts.summary.clone(),
            html: body.html,
            headings: body.headings,
            claims: notes(site, node, draw),
            terms: (0..facts.terms.len())
                .map(|t| term(site, index, u32::try_from(t).unwrap_or(u32::MAX)))
                .collect(),
            speakers: node.speakers.iter().map(|s| card::speaker(site, *s)).collect(),
            territories: node.territories.iter().map(|t| card::territory(site, *t)).collect(),
            sources: node.sources.iter().map(|s| card::source(site, *s)).collect(),
            topics: node.topics.iter().map(|t| Ref::to(site, Entity::Topic(*t))).collect(),
            corrections: (0..facts.corrections.len())
                .map(|n| card::correction(site, index, u32::try_from(n).unwrap_or(u32::MAX)))
                .collect(),
            links_here: listing::section(site, Entity::Briefing(index), Section::LinksHere, draw),
            extra: facts.extra.clone(),
        },
    }
}

/// The notes of a briefing in the order in which a reader meets their words.
/// They say why a claim stands where it does; its own page says from which.
fn notes(site: &Site, node: &BriefingNode, draw: &Draw<'_>) -> Vec<ClaimNote> {
    let mut notes: Vec<ClaimNote> =
        node.claims.iter().map(|c| note::note(site, *c, 0, draw)).collect();
    notes.sort_by_key(|note| note.number);
    notes
}

/// A loaded word of a briefing.
#[must_use]
pub fn term(site: &Site, briefing: u32, number: u32) -> TermView {
    let node = &site.briefings[briefing as usize];
    let facts = &node.facts().terms[number as usize];
    let anchor = body::mark_anchor(&node.document, Target::Term { term: number });
    TermView {
        passage: Passage {
            before: String::new(),
            exact: facts.selector.exact.clone(),
            after: String::new(),
            url: format!("{}#{anchor}", route::entity(site, Entity::Briefing(briefing))),
            anchor,
            of: None,
        },
        kind: facts.kind.map(|kind| {
            match kind {
                crate::model::briefing::TermKind::SoCalled => "so_called",
                crate::model::briefing::TermKind::Loaded => "loaded",
            }
            .to_owned()
        }),
        voice: facts.voice.as_deref().map(|voice| match voice {
            "author" => Ref::plain("the author"),
            name => Ref::speaker_or_words(site, name),
        }),
        note: facts.note.clone(),
        briefing: Ref::to(site, Entity::Briefing(briefing)),
    }
}
