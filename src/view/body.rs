//! The text of a document as a page shows it: words marked, links led to
//! their pages, first mentions linked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::briefing::Heading;
use crate::parse::document::{Document, Target};
use crate::parse::links::LinkRequest;
use crate::parse::markup::{
    self, Annotations, Autolink, LinkTarget, Mark, Markup, Note, Piece, Resolved,
};
use crate::parse::quote::Anchor;
use crate::parse::text::VisibleText;
use crate::plan::pages::Plan;
use crate::plan::route;
use crate::resolve::links::{self, Target as Destination};
use crate::resolve::site::{BriefingNode, Entity, Site};

/// A text, ready for a template.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// Safe HTML; empty where there is no text.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
}

/// The text of a briefing, ready for a template.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// Safe HTML, with the numbers, less 1, of the notes that stand behind each
    /// piece; none where there is no text.
    pub pieces: Vec<Piece>,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What a reader sees of it.
    pub visible: VisibleText,
}

/// The anchor of a claim's note in its briefing.
#[must_use]
pub fn claim_anchor(id: &str) -> String {
    ["claim-", id].concat()
}

/// Where a link on its briefing's own page leads to a claim's note.
fn note_address(id: &str) -> String {
    ["#claim-", id].concat()
}

/// The anchor of marked words in their briefing.
#[must_use]
pub fn mark_anchor(document: &Document, target: Target) -> String {
    let claim = |c: u32| {
        document
            .briefing()
            .and_then(|b| b.claims.get(c as usize))
            .map_or("", |claim| claim.id.as_str())
    };
    let nth = |n: u32| (n + 1).to_string();
    match target {
        Target::Quote { claim: c, quote } => ["quote-", claim(c), "-", &nth(quote)].concat(),
        Target::Span { claim: c } => ["span-", claim(c)].concat(),
        Target::Hedge { claim: c, hedge } => ["hedge-", claim(c), "-", &nth(hedge)].concat(),
        Target::Term { term } => ["term-", &nth(term)].concat(),
    }
}

/// How many places of each words have been met; the anchors of a document are
/// gone through in their order.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<Target, usize>);

impl Places {
    /// The anchor of the next place of these words. The first has that of the
    /// words themselves.
    pub fn anchor(&mut self, document: &Document, target: Target) -> String {
        let nth = self.0.entry(target).or_insert(0);
        *nth += 1;
        let mut anchor = mark_anchor(document, target);
        if *nth > 1 {
            anchor.push_str("-place-");
            anchor.push_str(&nth.to_string());
        }
        anchor
    }
}

/// The notes of a briefing's claims in the order in which a reader meets the
/// words of the claims; those without words in the text come last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// For each claim of the front matter the number of its note, from 1.
    pub numbers: Vec<usize>,
    /// Where the words of the notes stand first, in their order; none for the
    /// last ones.
    pub places: Vec<Anchor>,
}

impl Notes {
    /// The notes of this briefing.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        const NOWHERE: Anchor = Anchor { start: u32::MAX, end: u32::MAX };
        let mut first = vec![NOWHERE; document.briefing().map_or(0, |b| b.claims.len())];
        for found in &document.anchors {
            if let Target::Quote { claim, .. } | Target::Span { claim } = found.target {
                let first = &mut first[claim as usize];
                *first = found.anchor.min(*first);
            }
        }
        let mut order: Vec<usize> = (0..first.len()).collect();
        order.sort_by_key(|claim| first[*claim].start);
        let mut numbers = vec![0; first.len()];
        for (number, claim) in (1..).zip(&order) {
            numbers[*claim] = number;
        }
        let places = order.iter().map(|claim| first[*claim]).filter(|at| *at != NOWHERE);
        Self { numbers, places: places.collect() }
    }
}

/// Which of a claim's words stand first in the text. The claim is counted from 0,
/// as in the front matter.
#[must_use]
pub fn first_words(document: &Document, claim: u32) -> Option<Target> {
    let of_claim = |target: Target| match target {
        Target::Quote { claim: c, .. } | Target::Span { claim: c } => c == claim,
        _ => false,
    };
    let places = document.anchors.iter().filter(|found| of_claim(found.target));
    places.min_by_key(|found| found.anchor).map(|found| found.target)
}

/// The hand at which a claim is told as far as its marks and the switch of a
/// page tell hands apart: 3 stands for all further ones.
#[must_use]
pub fn depth(site: &Site, claim: u32) -> u8 {
    let named = site.claims[claim as usize].chain.iter().filter(|link| !link.by.is_empty());
    named.take(3).fold(0, |hands, _| hands + 1)
}

/// The class of a mark that belongs to a claim of this depth.
fn class(kind: Target, depth: u8) -> &'static str {
    const QUOTE: [&str; 4] = ["quote hand-0", "quote hand-1", "quote hand-2", "quote hand-3"];
    const SPAN: [&str; 4] = ["span hand-0", "span hand-1", "span hand-2", "span hand-3"];
    const HEDGE: [&str; 4] = ["hedge hand-0", "hedge hand-1", "hedge hand-2", "hedge hand-3"];
    let classes = match kind {
        Target::Quote { .. } => QUOTE,
        Target::Span { .. } => SPAN,
        Target::Hedge { .. } => HEDGE,
        Target::Term { .. } => return "term",
    };
    classes[usize::from(depth)]
}

/// The text of a briefing, annotated, and cut where its notes are to stand.
#[must_use]
pub fn briefing(site: &Site, plan: &Plan, url: &str, node: &BriefingNode, notes: &Notes) -> Text {
    let document = &node.document;
    let facts = node.facts();
    let mut places = Places::default();
    let mut depths = vec![0; facts.claims.len()];
    for claim in &node.claims {
        depths[site.claims[*claim as usize].number as usize] = depth(site, *claim);
    }
    let marks: Vec<Mark> = document
        .anchors
        .iter()
        .map(|found| {
            let note = |claim: u32| {
                let number = notes.numbers[claim as usize];
                let words = number.to_string();
                Some(Note {
                    href: note_address(&facts.claims[claim as usize].id),
                    label: Some(site.words.fill("note_n", &[("n", &words)])),
                    number: words,
                    aside: Some(number - 1),
                })
            };
            let (claim, note) = match found.target {
                Target::Quote { claim, .. } | Target::Span { claim } => (Some(claim), note(claim)),
                Target::Hedge { claim, .. } => (Some(claim), None),
                Target::Term { .. } => (None, None),
            };
            let class = class(found.target, claim.map_or(0, |claim| depths[claim as usize]));
            let id = places.anchor(document, found.target);
            Mark { at: found.anchor, id, class, title: None, note }
        })
        .collect();
    let mut reserved: BTreeSet<String> = facts.claims.iter().map(|c| claim_anchor(&c.id)).collect();
    reserved.extend((0..facts.corrections.len()).map(|n| format!("correction-{}", n + 1)));
    let names = if facts.autolink { names(site, url, node) } else { Vec::new() };
    let Markup { mut pieces, headings, text } =
        body(site, plan, url, document, &marks, &notes.places, &names, &reserved);
    if pieces.iter().all(|piece| piece.html.is_empty() && piece.asides.is_empty()) {
        pieces.clear();
    }
    Text { pieces, headings: listed(headings), visible: text }
}

/// The text of any other document.
#[must_use]
pub fn plain(site: &Site, plan: &Plan, url: &str, document: Option<&Document>) -> Body {
    match document {
        Some(document) if !document.markdown().trim().is_empty() => {
            let Markup { pieces, headings, .. } =
                body(site, plan, url, document, &[], &[], &[], &BTreeSet::new());
            // Nothing stands beside it, so there is one.
            let html = pieces.into_iter().next().map(|piece| piece.html).unwrap_or_default();
            Body { html, headings: listed(headings) }
        }
        _ => Body::default(),
    }
}

/// The names whose first mention is linked: those that the briefing lists.
fn names<'a>(site: &'a Site, url: &str, node: &'a BriefingNode) -> Vec<Autolink<'a>> {
    let root = route::root(url);
    let lang = node.facts().lang.as_deref().unwrap_or(&site.config.language);
    let mut names = Vec::new();
    for s in &node.speakers {
        let speaker = &site.speakers[*s as usize];
        let href = [root.as_str(), &route::entity(site, Entity::Speaker(*s))].concat();
        let aliases = speaker.facts.aliases.iter().map(String::as_str);
        let written = speaker.facts.name.as_deref().into_iter().chain(aliases);
        names.extend(written.map(|name| Autolink { name, href: href.clone(), class: "speaker" }));
    }
    for t in &node.territories {
        let territory = &site.territories[*t as usize];
        let href = [root.as_str(), &route::entity(site, Entity::Territory(*t))].concat();
        let written = std::iter::once(&territory.name)
            .chain(&territory.facts.aliases)
            .chain(territory.facts.names.get(lang));
        names.extend(written.map(|name| Autolink { name, href: href.clone(), class: "territory" }));
    }
    names
}

#[allow(clippy::too_many_arguments)] // They are what a text depends on.
fn body(
    site: &Site,
    plan: &Plan,
    url: &str,
    document: &Document,
    marks: &[Mark],
    asides: &[Anchor],
    names: &[Autolink<'_>],
    reserved: &BTreeSet<String>,
) -> Markup {
    // Those of the parts of a page.
    static OF_PARTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let ids = [
            "main",
            "nav",
            "text",
            "notes",
            "terms",
            "legend",
            "sources",
            "corrections",
            "links-here",
            "claims",
            "briefings",
            "said",
            "relayed",
            "about",
            "told",
            "within",
            "cited-for",
            "positions",
            "standing",
            "chain",
            "top",
        ];
        ids.map(str::to_owned).into()
    });
    let root = route::root(url);
    let lead = |link: &LinkRequest| lead(site, plan, document, &root, link);
    markup::markup(
        document.markdown(),
        &Annotations {
            marks,
            asides,
            resolve: &lead,
            names,
            reserved: [&OF_PARTS, reserved],
            trust_html: site.config.trust_html,
            words: &site.words,
        },
    )
}

/// Headings, as templates see them.
fn listed(headings: Vec<markup::Heading>) -> Vec<Heading> {
    let heading = |h: markup::Heading| Heading { level: h.level, id: h.id, text: h.text };
    headings.into_iter().map(heading).collect()
}

fn lead(
    site: &Site,
    plan: &Plan,
    document: &Document,
    root: &str,
    request: &LinkRequest,
) -> Resolved {
    let LinkRequest { link, text } = request;
    match links::follow(site, document, &link.destination, link.is_wikilink) {
        Ok(Destination::Entity(entity, anchor)) => {
            let mut href = match entity {
                // The note beside the text says more at less cost than a page.
                Entity::Claim(c)
                    if anchor.is_none()
                        && std::sync::Arc::ptr_eq(
                            &site.briefings[site.claims[c as usize].briefing as usize]
                                .document
                                .source
                                .text,
                            &document.source.text,
                        ) =>
                {
                    note_address(&site.facts(c).id)
                }
                _ => [root, &route::entity(site, entity)].concat(),
            };
            if let Some(anchor) = anchor {
                href.push('#');
                href.push_str(&anchor);
            }
            let title = (text != site.name(entity)).then(|| site.name(entity).to_owned());
            Resolved::To(LinkTarget { href, title, class: Some(entity.word()) })
        }
        Ok(Destination::Path(path)) => {
            let (path, anchor) = match path.split_once('#') {
                Some((path, anchor)) => (path, format!("#{anchor}")),
                None => (path.as_str(), String::new()),
            };
            let url = plan.find(path).map_or(path, |page| page.url.as_str());
            Resolved::To(LinkTarget {
                href: format!("{root}{url}{anchor}"),
                title: None,
                class: None,
            })
        }
        Ok(Destination::Elsewhere) => Resolved::AsWritten,
        // It has been reported, and there will be no such page.
        Err(_) => Resolved::Text,
    }
}
