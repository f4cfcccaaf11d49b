//! A claim's page: the words in context, the chain, what answers it.

use std::cell::OnceCell;

use serde::Serialize;

use super::card::{BriefingCard, Items, Ref};
use super::citation::{self, Citation};
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage, StandingView};
use super::wanted::Ask;
use super::{body, card, diagrams, linked_data, listing, note, ratings};
use crate::made::Once;
use crate::parse::document::Target;
use crate::plan::lists::Section;
use crate::plan::pages::Page;
use crate::plan::route;
use crate::resolve::site::{Entity, Site};
use crate::resolve::standing;

/// A claim's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The claim.
    pub claim: Once<ClaimNote<'a>>,
    /// Where it stands, and from what that was computed.
    pub findings: Vec<FindingView>,
    /// The briefing that records it.
    pub briefing: BriefingCard<'a>,
    /// The chain as a drawing; absent where it is one name.
    pub chain_diagram: Option<Diagram>,
    /// Its quotes and span with the words around them.
    pub passages: Vec<Passage<'a>>,
    /// Other claims that state the same proposition; at most ten.
    pub repeats: Items,
    /// How many more there are.
    pub more_repeats: usize,
    /// How to cite the claim.
    pub citation: Citation,
    /// Other claims with the very same text, which state no common proposition with
    /// it; at most ten.
    pub same_words: Items,
    /// How these are rated where this one is not, each as `false (The Checker)`.
    pub same_words_ratings: Vec<String>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: Option<&'a serde_yaml::Value>,
}

/// Where a claim stands, and from what that was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// As in the claim's `standing`.
    pub id: &'static str,
    /// Why, in a sentence.
    pub reason: String,
    /// The claims that it was computed from: the first five.
    pub claims: Items,
}

/// The page of the claim with this index.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page, index: u32, ask: &Ask<'_>) -> ClaimView<'a> {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let in_words = OnceCell::new();
    let chain_words = || in_words.get_or_init(|| note::chain_words(site, index)).as_deref();
    let briefing = card::briefing(site, node.briefing);
    let description = ask.make("description", || {
        let who = chain_words().unwrap_or(site.words.say("nobody_named_for_it"));
        site.words.fill("claim_description", &[("who", who), ("briefing", briefing.title)])
    });
    let alike = match node.proposition {
        Some(p) => site.propositions[p as usize].claims.as_slice(),
        None => &[index],
    };
    let same = site.same_words.get(&index).into_iter().flatten();
    let same: Vec<u32> = same.copied().filter(|c| !alike.contains(c)).collect();
    const MOST: usize = 10;
    let mut frame = super::frame::frame(site, page, ask, &*facts.text, description, Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::claim(site, &frame, index, chain_words()));
    ClaimView {
        findings: ask.make("findings", || findings(site, index, ask)),
        chain_diagram: ask
            .make("chain_diagram", || diagrams::chain(site, &frame, index, chain_words())),
        passages: ask.make("passages", || passages(site, index)),
        citation: ask.make("citation", || citation::claim(site, page, index, chain_words())),
        repeats: ask.make("repeats", || {
            Items::claims(alike.iter().filter(|c| **c != index).take(MOST), ask)
        }),
        same_words: ask.make("same_words", || Items::claims(same.iter().take(MOST), ask)),
        same_words_ratings: ask.make("same_words_ratings", || rated_otherwise(site, index, &same)),
        more_repeats: alike.len().saturating_sub(1 + MOST),
        links_here: ask.make("links_here", || {
            listing::section(site, Entity::Claim(index), Section::LinksHere, ask)
        }),
        extra: facts.extra.as_deref(),
        page: frame,
        claim: match ask.notes.and_then(|notes| notes.kept(index)) {
            Some(kept) => Once::Shared(kept),
            None => Once::Own(own_note(site, index, ask)),
        },
        briefing,
    }
}

/// The claim's note where its briefing's page has not left it.
fn own_note<'a>(site: &'a Site, index: u32, ask: &Ask<'_>) -> ClaimNote<'a> {
    let document = &site.briefings[site.claims[index as usize].briefing as usize].document;
    let numbers = ask.make("number", || body::Notes::of(document).numbers);
    note::note(site, index, &numbers, ask)
}

fn findings(site: &Site, claim: u32, ask: &Ask<'_>) -> Vec<FindingView> {
    const MOST: usize = 5;
    let found = standing::standing(site, claim);
    found
        .iter()
        .map(|finding| {
            let StandingView { id, reason } = note::standing(site, claim, finding);
            let claims = Items::claims(finding.claims.iter().take(MOST), ask);
            FindingView { id, reason, claims }
        })
        .collect()
}

/// The ratings of others that a claim does not have itself, each once.
fn rated_otherwise(site: &Site, claim: u32, others: &[u32]) -> Vec<String> {
    let own: Vec<String> = ratings::labels(site.facts(claim)).collect();
    let mut otherwise = Vec::new();
    for label in others.iter().flat_map(|other| ratings::labels(site.facts(*other))) {
        if !own.contains(&label) && !otherwise.contains(&label) {
            otherwise.push(label);
        }
    }
    otherwise
}

/// The claim's quotes, then its span, with the words around them.
fn passages(site: &Site, index: u32) -> Vec<Passage<'_>> {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let document = &site.briefings[node.briefing as usize].document;
    let noted = |target| match target {
        Target::Quote { claim: c, quote } if c == node.number => facts.quotes.get(quote as usize),
        Target::Span { claim: c } if c == node.number => facts.span.as_deref(),
        _ => None,
    };
    let briefing_url = route::entity(site, Entity::Briefing(node.briefing));
    let mut places = body::Places::default();
    let words = document.anchors.iter().zip(document.passages());
    words
        .filter_map(|(found, words)| Some((found.target, noted(found.target)?, words)))
        .filter_map(|(target, noted, words)| {
            let anchor = places.anchor(document, target);
            let words = words.as_ref()?;
            Some(Passage {
                before: words.before(),
                exact: words.exact(),
                after: words.after(),
                url: [&briefing_url, "#", &anchor].concat(),
                anchor,
                of: noted.of.as_deref().map(|of| Ref::voice(site, of)),
            })
        })
        .collect()
}
