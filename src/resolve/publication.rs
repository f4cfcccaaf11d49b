//! What may be published, decided before anything else is known.
//!
//! What is held back is not joined at all, so that no later stage could leak
//! it. An entity with a file of its own that only held-back briefings mention
//! is held back with them: that a desk has opened a file on somebody can be
//! the very thing that nobody may know yet.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::site::Withheld;
use crate::date::{self, Day};
use crate::id::fold;
use crate::model::briefing::{Briefing, Listed, PubStatus};
use crate::parse::document::{Document, Entry};

/// What decides about publication besides the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The one "now", in seconds since 1970.
    pub now: i64,
    /// Whether drafts are shown.
    pub drafts: bool,
}

impl Terms {
    /// Whether these and other terms hold back the same of `documents`, and
    /// take the same dates for dates to come.
    #[must_use]
    pub fn decide_as(self, other: Self, documents: &[Arc<Document>]) -> bool {
        self.drafts == other.drafts
            && self.today() == other.today()
            && documents.iter().filter_map(|d| d.briefing()).all(|b| {
                b.embargo.is_none() || is_embargoed(b, self.now) == is_embargoed(b, other.now)
            })
    }

    /// The latest day that it can be anywhere on Earth.
    #[must_use]
    pub fn today(self) -> Day {
        date::day_of(self.now + 14 * 3600)
    }
}

/// The documents, divided.
#[derive(Debug, Default)]
pub struct Divided {
    /// What is published, in the order given.
    pub shown: Vec<Arc<Document>>,
    /// What is not.
    pub hidden: Vec<Arc<Document>>,
    /// How many of each sort are not.
    pub withheld: Withheld,
}

/// Divides documents into what may be published and what may not.
#[must_use]
pub fn divide(documents: &[Arc<Document>], terms: Terms) -> Divided {
    let mut out = Divided::default();
    for document in documents {
        let counter = match &document.entry {
            Entry::Briefing(b) if b.pubstatus != PubStatus::Usable => {
                Some(&mut out.withheld.withheld)
            }
            Entry::Briefing(b) if is_embargoed(b, terms.now) => Some(&mut out.withheld.embargoed),
            entry if is_draft(entry) && !terms.drafts => Some(&mut out.withheld.drafts),
            _ => None,
        };
        match counter {
            Some(counter) => {
                *counter += 1;
                out.hidden.push(Arc::clone(document));
            }
            None => out.shown.push(Arc::clone(document)),
        }
    }
    if !out.hidden.is_empty() {
        hide_what_only_hidden_documents_mention(&mut out);
    }
    out
}

fn is_embargoed(briefing: &Briefing, now: i64) -> bool {
    // An embargo that cannot be read has been reported; it holds.
    briefing
        .embargo
        .as_ref()
        .is_some_and(|text| date::instant(text).map_or(true, |until| now < until))
}

fn is_draft(entry: &Entry) -> bool {
    match entry {
        Entry::Briefing(e) => e.draft,
        Entry::Speaker(e) => e.draft,
        Entry::Territory(e) => e.draft,
        Entry::Source(e) => e.draft,
        Entry::Proposition(e) => e.draft,
        Entry::Topic(e) => e.draft,
        Entry::Page(e) => e.draft,
    }
}

fn hide_what_only_hidden_documents_mention(out: &mut Divided) {
    loop {
        let unseen: BTreeSet<String> = out.hidden.iter().flat_map(|d| mentions(d)).collect();
        let seen: BTreeSet<String> = out
            .shown
            .iter()
            .flat_map(|d| mentions(d))
            .filter(|name| unseen.contains(name))
            .collect();
        let (hide, keep): (Vec<_>, Vec<_>) = out.shown.drain(..).partition(|document| {
            let names = own_names(document);
            !names.is_empty()
                && names.iter().any(|n| unseen.contains(n))
                && !names.iter().any(|n| seen.contains(n))
        });
        out.shown = keep;
        if hide.is_empty() {
            return;
        }
        out.withheld.entities += hide.len();
        out.hidden.extend(hide);
    }
}

/// The names under which others may mention an entity with a file; none for
/// briefings and pages, which are there for their own sake.
fn own_names(document: &Document) -> Vec<String> {
    let (name, aliases) = match &document.entry {
        Entry::Briefing(_) | Entry::Page(_) => return Vec::new(),
        Entry::Speaker(e) => (e.name.as_deref(), &e.aliases),
        Entry::Territory(e) => (e.name.as_deref(), &e.aliases),
        Entry::Source(e) => (e.title.as_deref(), &e.aliases),
        Entry::Proposition(e) => (Some(e.text.as_str()), &e.aliases),
        Entry::Topic(e) => (e.name.as_deref(), &e.aliases),
    };
    let names =
        [document.id.as_str()].into_iter().chain(name).chain(aliases.iter().map(String::as_str));
    names.map(fold).collect()
}

/// Every name that a document mentions, folded, in the front matter or as the
/// destination of a link.
fn mentions(document: &Document) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    match &document.entry {
        Entry::Briefing(b) => in_briefing(b, &mut names),
        Entry::Speaker(e) => {
            names.extend(e.affiliation.as_deref());
            names.extend(e.posts.iter().filter_map(|p| p.org.as_deref()));
        }
        Entry::Territory(e) => {
            names.extend(
                e.part_of
                    .iter()
                    .flat_map(|p| p.accepted_by.iter().map(String::as_str).chain([p.id.as_str()])),
            );
            for hold in e.claimed_by.iter().chain(&e.controlled_by) {
                names.push(&hold.by);
                names.extend(hold.source.as_deref());
            }
        }
        Entry::Source(e) => {
            names.extend(e.author.iter().map(String::as_str));
            names.extend(e.publisher.as_deref());
        }
        Entry::Proposition(_) | Entry::Topic(_) | Entry::Page(_) => {}
    }
    let linked = document.links.iter().map(|link| {
        let to = link.destination.split('#').next().unwrap_or_default();
        fold(to.split_once(':').map_or(to, |(_, name)| name))
    });
    names.into_iter().map(fold).chain(linked).collect()
}

fn in_briefing<'a>(b: &'a Briefing, names: &mut Vec<&'a str>) {
    fn listed<'a, T>(
        list: &'a [Listed<T>],
        own: impl Fn(&'a T) -> [Option<&'a str>; 2],
        names: &mut Vec<&'a str>,
    ) {
        for one in list {
            match one {
                Listed::Named { listed_as } => names.push(listed_as),
                Listed::Described(described) => names.extend(own(described).into_iter().flatten()),
            }
        }
    }
    listed(&b.speakers, |e| [e.id.as_deref(), e.name.as_deref()], names);
    listed(&b.territories, |e| [e.id.as_deref(), e.name.as_deref()], names);
    listed(&b.sources, |e| [e.id.as_deref(), e.title.as_deref()], names);
    names.extend(b.topics.iter().map(String::as_str));
    for claim in &b.claims {
        let texts = |list: &'a [String]| list.iter().map(String::as_str);
        names.extend(
            texts(&claim.about).chain(texts(&claim.territories)).chain(texts(&claim.topics)),
        );
        names.extend(claim.proposition.as_deref());
        names.extend(claim.factuality.keys().map(String::as_str));
        for link in &claim.attribution {
            names.extend(texts(&link.by).chain(texts(&link.to)).chain(link.source.as_deref()));
        }
        for evidence in &claim.evidence {
            names.extend(texts(&evidence.by).chain([evidence.source.as_str()]));
        }
        names.extend(claim.reviews.iter().map(|r| r.by.as_str()));
        names.extend(claim.quotes.iter().chain(&claim.hedges).filter_map(|w| w.of.as_deref()));
    }
}
