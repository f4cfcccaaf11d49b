//! A claim's page: the words in context, the chain, what answers it.

use serde::Serialize;

use super::card::{BriefingCard, Draw, Items};
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage};
use super::{body, card, listing, note};
use crate::parse::document::Target;
use crate::plan::pages::{Page, Section};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// A claim's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimView {
    /// What every page has.
    pub page: Frame,
    /// The claim.
    pub claim: ClaimNote,
    /// The briefing that records it.
    pub briefing: BriefingCard,
    /// Its quotes and span with the words around them.
    pub passages: Vec<Passage>,
    /// Other claims that state the same proposition; at most ten.
    pub repeats: Items,
    /// How many more there are.
    pub more_repeats: usize,
    /// How to cite the claim, as plain text.
    pub citation: String,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// The most claims that a finding names.
const SHOWN: usize = 5;

/// The page of the claim with this index.
#[must_use]
pub fn view(site: &Site, page: &Page, index: u32, draw: &Draw<'_>) -> ClaimView {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let claim = note::note(site, index, SHOWN, draw);
    let briefing = card::briefing(site, node.briefing);
    let who = match &claim.chain_words {
        Some(words) => words.clone(),
        None => "Nobody is named for it".to_owned(),
    };
    let description = format!("{who}. Recorded in: {}", briefing.title);
    let repeats: Vec<u32> = node
        .proposition
        .map(|p| {
            site.propositions[p as usize].claims.iter().copied().filter(|c| *c != index).collect()
        })
        .unwrap_or_default();
    const MOST: usize = 10;
    ClaimView {
        page: super::frame::frame(site, page, &facts.text, description, Vec::new()),
        passages: passages(site, index, &claim),
        citation: citation(site, page, &claim, &briefing),
        repeats: Items::claims(repeats.iter().take(MOST), draw),
        more_repeats: repeats.len().saturating_sub(MOST),
        links_here: listing::section(site, Entity::Claim(index), Section::LinksHere, draw),
        extra: facts.extra.clone(),
        claim,
        briefing,
    }
}

/// The claim's quotes, then its span, with the words around them.
fn passages(site: &Site, index: u32, claim: &ClaimNote) -> Vec<Passage> {
    let node = &site.claims[index as usize];
    let document = &site.briefings[node.briefing as usize].document;
    let own = |target| match target {
        Target::Quote { claim, .. } | Target::Span { claim } => claim == node.number,
        _ => false,
    };
    if !document.anchors.iter().any(|found| own(found.target)) {
        return Vec::new();
    }
    let known = claim.quotes.iter().chain(&claim.span);
    let mut places = body::Places::default();
    let briefing_url = route::entity(site, Entity::Briefing(node.briefing));
    let words = document.anchors.iter().zip(&document.passages);
    words
        .filter(|(found, _)| own(found.target))
        .filter_map(|(found, words)| {
            let first = body::mark_anchor(document, found.target);
            let passage = known.clone().find(|p| p.anchor == first)?;
            let anchor = places.anchor(document, found.target);
            let words = words.as_ref()?;
            Some(Passage {
                before: words.before.to_string(),
                exact: words.exact.to_string(),
                after: words.after.to_string(),
                url: format!("{briefing_url}#{anchor}"),
                anchor,
                of: passage.of.clone(),
            })
        })
        .collect()
}

/// Who said it, what, when, recorded where.
fn citation(site: &Site, page: &Page, claim: &ClaimNote, briefing: &BriefingCard) -> String {
    let mut parts = vec![claim.chain_words.clone().unwrap_or_else(|| "Unattributed".to_owned())];
    if let Some(date) = &claim.date {
        parts.push(date.words.clone());
    }
    let sentence = if claim.text.ends_with(['.', '!', '?']) { "" } else { "." };
    let mut out = format!("{}: {}{sentence}", parts.join(", "), claim.text);
    out.push_str(&format!(" In: {}", briefing.title));
    if let Some(date) = &briefing.date {
        out.push_str(&format!(", {}", date.words));
    }
    out.push_str(&format!(". {}", site.config.title));
    match route::canonical(site, &page.url) {
        Some(address) => out.push_str(&format!(", {address}")),
        None => out.push('.'),
    }
    out
}
