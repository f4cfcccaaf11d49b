//! What can be joined and still looks wrong.

use super::join::{Joiner, number};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};
use crate::suggest::nearest;

impl Joiner {
    /// A quotation that nobody is named for, and a statement about somebody in
    /// the text's own voice.
    pub(super) fn look_for_missing_speaker(&mut self, document: &Document, n: usize) {
        let claim = &document.briefing().expect("a briefing's document").claims[n];
        if claim.attribution.iter().any(|link| !link.by.is_empty()) {
            return;
        }
        let at = Pointer::root().key("claims").index(n);
        let problem = if claim.quotes.is_empty() {
            if claim.about.is_empty() {
                return;
            }
            let place = document.place(&at.key("attribution"), Aim::Key);
            Diagnostic::warning(
                "dropped-attribution",
                place,
                format!("nobody is named for the claim `{}`, which is about somebody", claim.id),
            )
            .hint("say under `attribution:` who says so, if the text does")
        } else {
            let place = document.place(&at.key("quotes").index(0).key("exact"), Aim::Value);
            Diagnostic::warning(
                "quotation-without-speaker",
                place,
                format!("nobody is named for the words quoted for the claim `{}`", claim.id),
            )
            .hint("say under `attribution:` whose words they are, if the text does")
        };
        self.problems.push(problem);
    }

    /// What was said or written cannot have been so after the build's "now".
    pub(super) fn look_for_future_dates(&mut self, document: &Document) {
        let facts = document.briefing().expect("a briefing's document");
        let today = self.today;
        let is_future = |date: &Date| date.first().is_some_and(|first| first > today);
        let mut found: Vec<Pointer> = Vec::new();
        let mut look = |date: &Option<Date>, at: &dyn Fn() -> Pointer| {
            if date.as_ref().is_some_and(is_future) {
                found.push(at());
            }
        };
        look(&facts.date, &|| Pointer::root().key("date"));
        for (c, claim) in facts.claims.iter().enumerate() {
            let at = || Pointer::root().key("claims").index(c);
            look(&claim.date, &|| at().key("date"));
            for (l, link) in claim.attribution.iter().enumerate() {
                look(&link.when, &|| at().key("attribution").index(l).key("when"));
            }
        }
        for at in found {
            let place = document.place(&at, Aim::Value);
            self.problems.push(
                Diagnostic::warning("future-date", place, "this date is still to come")
                    .hint("mend the date, or build with `--as-of` a later one"),
            );
        }
    }

    pub(super) fn is_part_of_itself(&self, territory: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![number(territory)];
        while let Some(t) = open.pop() {
            for whole in self.site.territories[t as usize].part_of.iter().flatten() {
                if *whole as usize == territory {
                    return true;
                }
                if seen.insert(*whole) {
                    open.push(*whole);
                }
            }
        }
        false
    }

    /// A former id must not be somebody's id, nor somebody else's former id.
    pub(super) fn check_former_ids(&mut self) {
        let mut taken: BTreeMap<(&'static str, String), Arc<Document>> = BTreeMap::new();
        let mut claims = Vec::new();
        for entity in self.site.entities() {
            let Some(document) = self.site.document(entity) else { continue };
            let (kind, former) = former_ids(document);
            taken.insert((kind, document.id.to_string()), Arc::clone(document));
            claims.extend(
                former
                    .iter()
                    .cloned()
                    .enumerate()
                    .map(|(i, id)| (kind, id, i, Arc::clone(document))),
            );
        }
        for (kind, node) in self
            .site
            .speakers
            .iter()
            .map(|n| ("speaker", &n.id))
            .chain(self.site.territories.iter().map(|n| ("territory", &n.id)))
            .chain(self.site.sources.iter().map(|n| ("source", &n.id)))
        {
            // Entities without a file have no former ids and still have an id.
            if let Some((_, _, i, document)) =
                claims.iter().find(|(k, id, _, _)| *k == kind && *id == *node.as_str())
                && !taken.contains_key(&(kind, node.to_string()))
            {
                let at = Pointer::root().key("former_ids").index(*i);
                self.problems.push(
                    Diagnostic::error(
                        "former-id-in-use",
                        document.place(&at, Aim::Value),
                        format!("there is a {kind} `{node}` now"),
                    )
                    .hint(
                        "an id is never reused; take it out of `former_ids`, or rename the other",
                    ),
                );
            }
        }
        for (kind, id, i, document) in claims {
            if id.is_empty() {
                continue;
            }
            let place =
                |d: &Document| d.place(&Pointer::root().key("former_ids").index(i), Aim::Value);
            if let Some(other) = taken.get(&(kind, id.clone())) {
                let message = if Arc::ptr_eq(other, &document) {
                    format!("`{id}` is listed as a former id and still in use")
                } else {
                    format!("`{id}` leads to another {kind} already")
                };
                let mut problem = Diagnostic::error("former-id-in-use", place(&document), message)
                    .hint("an id is never reused; keep it in one place");
                if !Arc::ptr_eq(other, &document) {
                    problem = problem.related(other.id_place(), "here");
                }
                self.problems.push(problem);
            }
            taken.insert((kind, id), document);
        }
    }

    /// A proposition that one claim alone states and no file describes may be
    /// a slip of another's id.
    pub(super) fn look_for_slips(&mut self) {
        let ids: Vec<&str> = self.site.propositions.iter().map(|p| p.id.as_str()).collect();
        for node in &self.site.propositions {
            let ([claim], None) = (node.claims.as_slice(), &node.document) else { continue };
            let others = ids.iter().copied().filter(|id| *id != node.id.as_str());
            let Some(near) = nearest(node.id.as_str(), others) else { continue };
            let claim = &self.site.claims[*claim as usize];
            let document = &self.site.briefings[claim.briefing as usize].document;
            let at = Pointer::root().key("claims").index(claim.number as usize).key("proposition");
            self.problems.push(
                Diagnostic::warning(
                    "lone-proposition",
                    document.place(&at, Aim::Value),
                    format!("no other claim states the proposition `{}`", node.id),
                )
                .hint(format!("did you mean `{near}`?"))
                .hint(format!("or describe it in `content/propositions/{}.md`", node.id)),
            );
        }
    }
}

pub(super) fn former_ids(document: &Document) -> (&'static str, &[String]) {
    match &document.entry {
        Entry::Briefing(e) => ("briefing", &e.former_ids),
        Entry::Speaker(e) => ("speaker", &e.former_ids),
        Entry::Territory(e) => ("territory", &e.former_ids),
        Entry::Source(e) => ("source", &e.former_ids),
        Entry::Proposition(e) => ("proposition", &e.former_ids),
        Entry::Topic(e) => ("topic", &e.former_ids),
        Entry::Page(e) => ("page", &e.former_ids),
    }
}
