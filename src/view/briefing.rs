//! A briefing's page: the text with its annotations beside it.

use serde::Serialize;

use super::card::{CorrectionCard, DateView, Draw, Ref, SourceCard, SpeakerCard, TerritoryCard};
use super::citation::{self, Citation};
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage};
use super::{body, card, diagrams, listing, note};
use crate::parse::document::Target;
use crate::plan::pages::{Page, Plan, Section};
use crate::plan::route;
use crate::resolve::site::{BriefingNode, Entity, Site};

/// A briefing's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The briefing.
    pub briefing: BriefingBody<'a>,
}

/// What the page says of its briefing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingBody<'a> {
    /// Its title.
    pub title: &'a str,
    /// When it was written; absent means unknown.
    pub date: Option<DateView<'a>>,
    /// When it was last changed.
    pub updated: Option<DateView<'a>>,
    /// Who wrote it.
    pub authors: Vec<&'a str>,
    /// What it says.
    pub summary: Option<&'a str>,
    /// The text, with its marks. Safe HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What is claimed in it, in the order in which a reader meets the words; what
    /// has no words in the text comes last.
    pub claims: Vec<ClaimNote<'a>>,
    /// Who relays whom in it, about whom; absent where nobody does.
    pub network: Option<Diagram>,
    /// Loaded words in it.
    pub terms: Vec<TermView<'a>>,
    /// Who speaks in it.
    pub speakers: Vec<SpeakerCard<'a>>,
    /// Which places it concerns.
    pub territories: Vec<TerritoryCard<'a>>,
    /// What it rests on.
    pub sources: Vec<SourceCard<'a>>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref<'a>>,
    /// What was wrong in it; their anchors are `correction-1`, `correction-2`.
    pub corrections: Vec<CorrectionCard<'a>>,
    /// How to cite it.
    pub citation: Citation,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: &'a serde_yaml::Value,
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
pub struct TermView<'a> {
    /// The words and their place.
    pub passage: Passage<'a>,
    /// `so_called` or `loaded`.
    pub kind: Option<&'static str>,
    /// In whose voice it stands.
    pub voice: Option<Ref<'a>>,
    /// What is to be said about it.
    pub note: Option<&'a str>,
    /// The briefing that uses it.
    pub briefing: Ref<'a>,
}

/// The page of the briefing with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    draw: &Draw<'_>,
) -> BriefingView<'a> {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    let numbers = body::numbers(&node.document);
    let body = body::briefing(site, plan, &page.url, node, &numbers);
    let description = facts.summary.as_deref().unwrap_or(&node.document.opening);
    let frame = super::frame::frame(site, page, &*facts.title, description, Vec::new());
    let network = diagrams::network(site, &frame, &node.claims);
    BriefingView {
        page: frame,
        briefing: BriefingBody {
            title: &facts.title,
            date: card::date(site, facts.date.as_ref()),
            updated: card::date(site, facts.updated.as_ref()),
            authors: facts.authors.iter().map(|author| &**author).collect(),
            summary: facts.summary.as_deref(),
            html: body.html,
            headings: body.headings,
            claims: notes(site, node, &numbers, draw),
            network,
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
            citation: citation::briefing(site, page, node),
            links_here: listing::section(site, Entity::Briefing(index), Section::LinksHere, draw),
            extra: &facts.extra,
        },
    }
}

/// The notes of a briefing in the order in which a reader meets their words.
/// They say why a claim stands where it does; its own page says from which.
fn notes<'a>(
    site: &'a Site,
    node: &BriefingNode,
    numbers: &[usize],
    draw: &Draw<'_>,
) -> Vec<ClaimNote<'a>> {
    let note = |claim: &u32| note::note(site, *claim, numbers, 0, draw);
    let mut notes: Vec<ClaimNote> = node.claims.iter().map(note).collect();
    notes.sort_by_key(|note| note.number);
    notes
}

/// A loaded word of a briefing.
#[must_use]
pub fn term(site: &Site, briefing: u32, number: u32) -> TermView<'_> {
    let node = &site.briefings[briefing as usize];
    let facts = &node.facts().terms[number as usize];
    let anchor = body::mark_anchor(&node.document, Target::Term { term: number });
    TermView {
        passage: Passage {
            before: "",
            exact: &facts.selector.exact,
            after: "",
            url: [&route::entity(site, Entity::Briefing(briefing)), "#", &anchor].concat(),
            anchor,
            of: None,
        },
        kind: facts.kind.map(|kind| match kind {
            crate::model::briefing::TermKind::SoCalled => "so_called",
            crate::model::briefing::TermKind::Loaded => "loaded",
        }),
        voice: facts.voice.as_deref().map(|voice| match voice {
            "author" => Ref::plain(site.words.say("the_author")),
            name => Ref::speaker_or_words(site, name),
        }),
        note: facts.note.as_deref(),
        briefing: Ref::to(site, Entity::Briefing(briefing)),
    }
}
