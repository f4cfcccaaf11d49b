//! A briefing's page: the text with its annotations beside it.

use serde::Serialize;

use super::card::{CorrectionCard, DateView, Ref, SourceCard, SpeakerCard, TerritoryCard};
use super::citation::{self, Citation};
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage, SharedNotes};
use super::wanted::Ask;
use super::{body, card, diagrams, linked_data, listing, named, note};
use crate::made::Once;
use crate::parse::document::{Document, Target};
use crate::parse::markup::Piece;
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
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
    /// The text, in pieces; none where there is no text. A claim's note belongs
    /// behind the sentence that has the first of its words.
    pub text: Vec<TextPiece<'a>>,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// Claims without words in the text.
    pub unquoted: Vec<Once<ClaimNote<'a>>>,
    /// How many claims it has, with words in the text and without.
    pub claim_count: usize,
    /// The kinds of mark that occur: `quote`, `span`, `hedge`, `term`, in this
    /// order.
    pub marks: Vec<&'static str>,
    /// At which hands its claims are told: first, second, third or further, and
    /// nobody named, in this order; only those that occur.
    pub depths: Vec<Depth>,
    /// Who relays whom in it, about whom; absent where nobody does.
    pub network: Option<Diagram>,
    /// Loaded words in it.
    pub terms: Vec<TermView<'a>>,
    /// Who speaks in it.
    pub speakers: Vec<Once<SpeakerCard<'a>>>,
    /// Which places it concerns.
    pub territories: Vec<Once<TerritoryCard<'a>>>,
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

/// A part of the text, and the notes that stand behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextPiece<'a> {
    /// The text, with its marks. Safe HTML, and safe to be followed by a block,
    /// though elements may be open that a later piece closes.
    pub html: String,
    /// Claims whose words stand in the sentence that ends here.
    pub claims: Vec<Once<ClaimNote<'a>>>,
}

/// A hand at which claims of the text are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Depth {
    /// 1, 2, 3 for third hand and further, 0 where nobody is named.
    pub hand: u8,
    /// How many claims.
    pub count: usize,
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
    ask: &Ask<'_>,
) -> BriefingView<'a> {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    let notes = body::Notes::of(&node.document);
    let written = body::briefing(site, plan, &page.url, node, &notes);
    // The pages of its claims come next, and the text has been read here.
    if ask.notes.is_some_and(SharedNotes::want_passages) {
        node.document.make_passages(&written.visible);
    }
    let (text, unquoted) = with_notes(site, node, written.pieces, &notes.numbers, ask);
    let description = facts.summary.as_deref().unwrap_or(&node.document.opening);
    let mut frame = super::frame::frame(site, page, ask, &*facts.title, description, Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::briefing(site, &frame, node));
    let network = ask.make("network", || diagrams::network(site, &frame, &node.claims));
    BriefingView {
        page: frame,
        briefing: BriefingBody {
            title: &facts.title,
            date: card::date(site, facts.date.as_ref()),
            updated: card::date(site, facts.updated.as_ref()),
            authors: facts.authors.iter().map(|author| &**author).collect(),
            summary: facts.summary.as_deref(),
            text,
            headings: written.headings,
            unquoted,
            claim_count: node.claims.len(),
            marks: marks(&node.document),
            depths: depths(site, node),
            network,
            terms: (0..facts.terms.len())
                .map(|t| term(site, index, u32::try_from(t).unwrap_or(u32::MAX)))
                .collect(),
            speakers: node.speakers.iter().map(|s| named::speaker(site, *s, ask)).collect(),
            territories: node.territories.iter().map(|t| named::territory(site, *t, ask)).collect(),
            sources: node.sources.iter().map(|s| card::source(site, *s)).collect(),
            topics: node.topics.iter().map(|t| Ref::to(site, Entity::Topic(*t))).collect(),
            corrections: (0..facts.corrections.len())
                .map(|n| card::correction(site, index, u32::try_from(n).unwrap_or(u32::MAX)))
                .collect(),
            citation: ask.make("citation", || citation::briefing(site, page, node)),
            links_here: ask.make("links_here", || {
                listing::section(site, Entity::Briefing(index), Section::LinksHere, ask)
            }),
            extra: &facts.extra,
        },
    }
}

/// Puts the notes of a briefing behind the pieces of its text; those that have no
/// place in it are left over.
fn with_notes<'a>(
    site: &'a Site,
    node: &BriefingNode,
    pieces: Vec<Piece>,
    numbers: &[usize],
    ask: &Ask<'_>,
) -> (Vec<TextPiece<'a>>, Vec<Once<ClaimNote<'a>>>) {
    let mut claims: Vec<Option<u32>> = vec![None; numbers.len()];
    for claim in &node.claims {
        claims[numbers[site.claims[*claim as usize].number as usize] - 1] = Some(*claim);
    }
    let note = |claim: u32| note::beside(site, claim, numbers, ask);
    let text = pieces
        .into_iter()
        .map(|piece| TextPiece {
            html: piece.html,
            claims: {
                let claims = piece.asides.iter().filter_map(|nth| claims[*nth].take());
                let claims: Vec<u32> = claims.collect();
                ask.make("claims", || claims.into_iter().map(note).collect())
            },
        })
        .collect();
    let unquoted = claims.into_iter().flatten();
    (text, ask.make("unquoted", || unquoted.map(note).collect()))
}

/// The kinds of mark in a text.
fn marks(document: &Document) -> Vec<&'static str> {
    type Is = fn(Target) -> bool;
    let kinds: [(&str, Is); 4] = [
        ("quote", |target| matches!(target, Target::Quote { .. })),
        ("span", |target| matches!(target, Target::Span { .. })),
        ("hedge", |target| matches!(target, Target::Hedge { .. })),
        ("term", |target| matches!(target, Target::Term { .. })),
    ];
    let occurs = |is: Is| document.anchors.iter().any(|found| is(found.target));
    kinds.into_iter().filter(|(_, is)| occurs(*is)).map(|(kind, _)| kind).collect()
}

/// The hands at which a briefing's claims are told.
fn depths(site: &Site, node: &BriefingNode) -> Vec<Depth> {
    let mut counts = [0; 4];
    for claim in &node.claims {
        counts[usize::from(body::depth(site, *claim))] += 1;
    }
    let depths = [1, 2, 3, 0].map(|hand| Depth { hand, count: counts[usize::from(hand)] });
    depths.into_iter().filter(|depth| depth.count > 0).collect()
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
        voice: facts.voice.as_deref().map(|voice| Ref::voice(site, voice)),
        note: facts.note.as_deref(),
        briefing: Ref::to(site, Entity::Briefing(briefing)),
    }
}
