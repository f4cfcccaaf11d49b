//! The text of a document as a page shows it: words marked, links led to
//! their pages, first mentions linked.

use std::collections::{BTreeMap, BTreeSet};

use super::briefing::Heading;
use crate::parse::document::{Document, Target};
use crate::parse::links::LinkRequest;
use crate::parse::markup::{self, Annotations, Autolink, LinkTarget, Mark, Note, Resolved};
use crate::plan::pages::{self, Plan};
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

/// The numbers of the notes of a briefing's claims, from 1: the order in which a
/// reader meets the words of the claims; those without words in the text come
/// last.
#[must_use]
pub fn numbers(document: &Document) -> Vec<usize> {
    let mut first = vec![u32::MAX; document.briefing().map_or(0, |b| b.claims.len())];
    for found in &document.anchors {
        if let Target::Quote { claim, .. } | Target::Span { claim } = found.target {
            let first = &mut first[claim as usize];
            *first = found.anchor.start.min(*first);
        }
    }
    let mut order: Vec<usize> = (0..first.len()).collect();
    order.sort_by_key(|claim| first[*claim]);
    let mut numbers = vec![0; first.len()];
    for (number, claim) in (1..).zip(order) {
        numbers[claim] = number;
    }
    numbers
}

/// The text of a briefing, annotated. `numbers` are those of its claims' notes.
#[must_use]
pub fn briefing(
    site: &Site,
    plan: &Plan,
    url: &str,
    node: &BriefingNode,
    numbers: &[usize],
) -> Body {
    let document = &node.document;
    let facts = node.facts();
    let mut places = Places::default();
    let marks: Vec<Mark> = document
        .anchors
        .iter()
        .map(|found| {
            let note = |claim: u32| {
                let number = numbers[claim as usize].to_string();
                Some(Note {
                    href: note_address(&facts.claims[claim as usize].id),
                    label: Some(site.words.fill("note_n", &[("n", &number)])),
                    number,
                })
            };
            let (class, note) = match found.target {
                Target::Quote { claim, .. } => ("quote", note(claim)),
                Target::Span { claim } => ("span", note(claim)),
                Target::Hedge { .. } => ("hedge", None),
                Target::Term { .. } => ("term", None),
            };
            let id = places.anchor(document, found.target);
            Mark { at: found.anchor, id, class, title: None, note }
        })
        .collect();
    let mut reserved: BTreeSet<String> = facts.claims.iter().map(|c| claim_anchor(&c.id)).collect();
    reserved.extend((0..facts.corrections.len()).map(|n| format!("correction-{}", n + 1)));
    let names = if facts.autolink { names(site, url, node) } else { Vec::new() };
    body(site, plan, url, document, &marks, &names, reserved)
}

/// The text of any other document.
#[must_use]
pub fn plain(site: &Site, plan: &Plan, url: &str, document: Option<&Document>) -> Body {
    match document {
        Some(document) if !document.markdown().trim().is_empty() => {
            body(site, plan, url, document, &[], &[], BTreeSet::new())
        }
        _ => Body::default(),
    }
}

/// The names whose first mention is linked: those that the briefing lists.
fn names(site: &Site, url: &str, node: &BriefingNode) -> Vec<Autolink> {
    let root = route::root(url);
    let lang = node.facts().lang.as_ref().unwrap_or(&site.config.language);
    let mut names = Vec::new();
    for s in &node.speakers {
        let speaker = &site.speakers[*s as usize];
        let href = [root.as_str(), &route::entity(site, Entity::Speaker(*s))].concat();
        let written = speaker.facts.name.iter().chain(&speaker.facts.aliases);
        names.extend(written.map(|name| Autolink {
            name: name.clone(),
            href: href.clone(),
            class: "speaker",
        }));
    }
    for t in &node.territories {
        let territory = &site.territories[*t as usize];
        let href = [root.as_str(), &route::entity(site, Entity::Territory(*t))].concat();
        let written = std::iter::once(&territory.name)
            .chain(&territory.facts.aliases)
            .chain(territory.facts.names.get(lang));
        names.extend(written.map(|name| Autolink {
            name: name.clone(),
            href: href.clone(),
            class: "territory",
        }));
    }
    names
}

fn body(
    site: &Site,
    plan: &Plan,
    url: &str,
    document: &Document,
    marks: &[Mark],
    names: &[Autolink],
    mut reserved: BTreeSet<String>,
) -> Body {
    // The page's own parts have ids too, and a heading must not take them.
    for id in [
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
    ] {
        reserved.insert(id.to_owned());
    }
    let root = route::root(url);
    let lead = |link: &LinkRequest| lead(site, plan, document, &root, link);
    let rendered = markup::markup(
        document.markdown(),
        &Annotations {
            marks,
            resolve: &lead,
            names,
            reserved: &reserved,
            trust_html: site.config.trust_html,
            words: &site.words,
        },
    );
    let headings = rendered
        .headings
        .into_iter()
        .map(|h| Heading { level: h.level, id: h.id, text: h.text })
        .collect();
    Body { html: rendered.html, headings }
}

fn lead(site: &Site, plan: &Plan, document: &Document, root: &str, link: &LinkRequest) -> Resolved {
    match links::follow(&site.names, document, &link.destination, link.is_wikilink) {
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
            let class = match entity {
                Entity::Briefing(_) => "briefing",
                Entity::Claim(_) => "claim",
                Entity::Speaker(_) => "speaker",
                Entity::Territory(_) => "territory",
                Entity::Source(_) => "source",
                Entity::Proposition(_) => "proposition",
                Entity::Topic(_) => "topic",
                Entity::Page(_) => "page",
            };
            let title = (link.text != pages::name(site, entity))
                .then(|| pages::name(site, entity).to_owned());
            Resolved::To(LinkTarget { href, title, class: Some(class) })
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
