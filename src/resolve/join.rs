//! Joins the documents: every reference an index, every back reference a list.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::iter::Flatten;
use std::sync::Arc;
use std::vec;

use rayon::prelude::*;

use super::doubts::former_ids;
use super::entities::{Described, inline_id};
use super::links::{self};
use super::names::{Found, Names, Register};
use super::publication::{Terms, divide};
use super::same_words::same_words;
use super::site::{Entity, Filing, Site};
use crate::date::Day;
use crate::diagnostic::{Checked, Diagnostic};
use crate::id::{Id, fold};
use crate::model::briefing::Listed;
use crate::model::config::Config;
use crate::model::source::Source;
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};
use crate::words::Words;

/// Joins documents into a site.
///
/// The order of `documents` does not matter; they are told apart by path. What
/// must not be published at `terms.now` is left out first.
pub fn resolve(
    config: &Arc<Config>,
    words: &Arc<Words>,
    documents: &[Arc<Document>],
    terms: Terms,
) -> Checked<Site> {
    let mut documents = documents.to_vec();
    documents.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    let divided = divide(&documents, terms);
    let mut joiner = Joiner {
        today: terms.today(),
        hidden: Arc::new(names_of(&divided.hidden)),
        site: Site {
            config: Arc::clone(config),
            words: Arc::clone(words),
            withheld: divided.withheld,
            ..Site::default()
        },
        problems: Vec::new(),
        mentions: Vec::new(),
    };
    // Neither needs anything of the other.
    let mut briefings = joiner.another();
    rayon::join(
        || joiner.enter_entities(&divided.shown),
        || {
            briefings.enter_briefings(&divided.shown);
            briefings.enter_claims();
        },
    );
    joiner.problems.append(&mut briefings.problems);
    joiner.site.briefings = briefings.site.briefings;
    joiner.site.claims = briefings.site.claims;
    joiner.site.names.briefings = std::mem::take(&mut briefings.site.names.briefings);
    joiner.list_entities();
    joiner.join_entities();
    let related = joiner.join_claims();
    joiner.join_relations(&related);
    joiner.join_texts();
    joiner.check_former_ids();
    joiner.look_for_slips();
    joiner.site.same_words = same_words(&joiner.site).into();
    Checked { value: joiner.site, diagnostics: joiner.problems }
}

/// Ids and names of what is not published, so that a reference to one can say
/// so; by kind and folded name.
pub(super) type Hidden = BTreeSet<(&'static str, String)>;

pub(super) struct Joiner {
    /// The day of the one "now".
    pub(super) today: Day,
    pub(super) site: Site,
    pub(super) hidden: Arc<Hidden>,
    pub(super) problems: Vec<Diagnostic>,
    /// Who is mentioned by whom, other than in a list that has a place of its
    /// own on the page of the one mentioned.
    pub(super) mentions: Vec<(Entity, Entity)>,
}

/// A list's length or an index into it, as the graph keeps it.
pub(super) fn number(n: usize) -> u32 {
    u32::try_from(n).expect("a site has fewer than four billion entities")
}

pub(super) fn indexed<T>(list: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0u32..).zip(list)
}

/// Newest first; what has no date comes last. The less of a date is known, the
/// earlier it counts.
pub(super) fn newest_first(filing: Option<Filing>) -> Reverse<Option<Filing>> {
    Reverse(filing)
}

impl Joiner {
    /// One who knows the same and has found nothing yet.
    fn another(&self) -> Self {
        Self {
            today: self.today,
            site: self.site.clone(),
            hidden: Arc::clone(&self.hidden),
            problems: Vec::new(),
            mentions: Vec::new(),
        }
    }

    /// What `find` finds for each of the first `count` indexes, on all cores. It
    /// must not write to the site, of which it is given a clone: what it would
    /// write is what it returns. What is wrong and who is mentioned is noted here
    /// in the order of the indexes.
    pub(super) fn find_for_each<T: Send>(
        &mut self,
        count: usize,
        find: impl Fn(&mut Self, usize) -> T + Sync,
    ) -> Flatten<vec::IntoIter<Vec<T>>> {
        const LOT: usize = 256;
        let lots: Vec<(Vec<T>, Self)> = (0..count.div_ceil(LOT))
            .into_par_iter()
            .map(|lot| {
                let mut finder = self.another();
                let indexes = lot * LOT..count.min((lot + 1) * LOT);
                (indexes.map(|index| find(&mut finder, index)).collect(), finder)
            })
            .collect();
        let mut all = Vec::with_capacity(lots.len());
        for (found, finder) in lots {
            all.push(found);
            self.problems.extend(finder.problems);
            self.mentions.extend(finder.mentions);
        }
        all.into_iter().flatten()
    }

    /// Whom a name means; says so where it means nobody, or more than one.
    pub(super) fn find(
        &mut self,
        document: &Document,
        kind: &'static str,
        register: fn(&Names) -> &Register,
        name: &str,
        at: impl FnOnce() -> Pointer,
    ) -> Option<u32> {
        if name.is_empty() {
            // It has been reported as empty, or as of the wrong type.
            return None;
        }
        let register = register(&self.site.names);
        let several = match register.find(name) {
            Found::One(index) => return Some(index),
            Found::Several(several) => several,
            Found::Nobody => Vec::new(),
        };
        let at = at();
        // A table's keys are names, such as those under `factuality:`.
        let aim = if at.is_named(name) { Aim::Key } else { Aim::Value };
        let place = document.place(&at, aim);
        let problem = if !several.is_empty() {
            let ids: Vec<String> =
                several.iter().map(|i| format!("`{}`", self.id_of(kind, *i))).collect();
            Diagnostic::error(
                "ambiguous-name",
                place,
                format!("`{name}` is the name of more than one {kind}"),
            )
            .hint(format!("write the id: {}", ids.join(" or ")))
        } else if self.hidden.contains(&(kind, fold(name))) {
            Diagnostic::error(
                "not-published",
                place,
                format!("the {kind} `{name}` is not published"),
            )
            .hint("publish it, or hold this back as well")
        } else {
            let said = match kind {
                "speaker" => format!("no speaker is called `{name}`"),
                _ => format!("no {kind} is called `{name}`"),
            };
            let folder = match kind {
                "territory" => "territories".to_owned(),
                _ => format!("{kind}s"),
            };
            let near = register.nearest(name);
            let or = if near.is_some() { "or " } else { "" };
            let file = Id::from_name(name).map(|id| format!("{or}add `content/{folder}/{id}.md`"));
            Diagnostic::error(links::unknown(kind), place, said)
                .maybe_hint(near.map(|near| format!("did you mean `{near}`?")))
                .maybe_hint(file)
        };
        self.problems.push(problem);
        None
    }

    pub(super) fn find_all(
        &mut self,
        document: &Document,
        kind: &'static str,
        register: fn(&Names) -> &Register,
        names: &[String],
        at: impl Fn() -> Pointer,
    ) -> Vec<u32> {
        let mut found = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            if let Some(index) = self.find(document, kind, register, name, || at().index(i))
                && !found.contains(&index)
            {
                found.push(index);
            }
        }
        found
    }

    pub(super) fn id_of(&self, kind: &str, index: u32) -> &Id {
        let i = index as usize;
        match kind {
            "speaker" => &self.site.speakers[i].id,
            "territory" => &self.site.territories[i].id,
            "source" => &self.site.sources[i].id,
            "proposition" => &self.site.propositions[i].id,
            "topic" => &self.site.topics[i].id,
            _ => &self.site.briefings[i].document.id,
        }
    }

    /// A link that leads nowhere, as a problem; one to a claim of a briefing
    /// that is not published says so.
    pub(super) fn dead(
        &self,
        dead: links::DeadLink,
        place: crate::diagnostic::Place,
        from: &Document,
        written: &str,
    ) -> Diagnostic {
        let name = written.split('#').next().unwrap_or_default();
        let (kind, name) = match name.split_once(':') {
            Some((kind, name)) => (kind, name),
            None => ("claim", name),
        };
        let briefing = name.split_once('/').map_or("", |(briefing, _)| briefing);
        let is_hidden = match kind {
            _ if dead.code == "unknown-name" => self.hidden.iter().any(|(_, n)| *n == fold(name)),
            "claim" => {
                briefing != from.id.as_str() && self.hidden.contains(&("briefing", fold(briefing)))
            }
            kind => self.hidden.iter().any(|(k, n)| *k == kind && *n == fold(name)),
        };
        if is_hidden {
            return Diagnostic::error(
                "not-published",
                place,
                format!("`{written}` is not published"),
            )
            .hint("publish it, or take the reference out");
        }
        let mut problem = Diagnostic::error(dead.code, place, dead.message);
        problem.hints = dead.hints;
        problem
    }

    /// A speaker who is named in passing; an unknown one is reported.
    pub(super) fn mention(
        &mut self,
        from: Entity,
        document: &Document,
        name: &str,
        at: impl FnOnce() -> Pointer,
    ) {
        let found = self.find(document, "speaker", |n| &n.speakers, name, at);
        self.mentions.extend(found.map(|speaker| (Entity::Speaker(speaker), from)));
    }

    pub(super) fn mention_all(
        &mut self,
        from: Entity,
        document: &Document,
        names: &[String],
        at: impl Fn() -> Pointer,
    ) {
        for (i, name) in names.iter().enumerate() {
            self.mention(from, document, name, || at().index(i));
        }
    }

    /// A speaker who is named where plain words may stand too.
    pub(super) fn mention_if_known(&mut self, from: Entity, name: &str) {
        if let Some(speaker) = self.site.names.speakers.one(name)
            && from != Entity::Speaker(speaker)
        {
            self.mentions.push((Entity::Speaker(speaker), from));
        }
    }
}

fn names_of(documents: &[Arc<Document>]) -> Hidden {
    let mut hidden = Hidden::new();
    for document in documents {
        let (kind, _) = former_ids(document);
        hidden.insert((kind, fold(document.id.as_str())));
        let name = match &document.entry {
            Entry::Briefing(e) => Some(e.title.as_str()),
            Entry::Speaker(e) => e.name(),
            Entry::Territory(e) => e.name(),
            Entry::Source(e) => <Source as Described>::name(e),
            Entry::Proposition(e) => Some(e.text.as_str()),
            Entry::Topic(e) => e.name.as_deref(),
            Entry::Page(e) => Some(e.title.as_str()),
        };
        hidden.extend(name.map(|n| (kind, fold(n))));
        if let Entry::Briefing(e) = &document.entry {
            hidden.extend(inline(&e.speakers));
            hidden.extend(inline(&e.territories));
            hidden.extend(inline(&e.sources));
        }
    }
    hidden
}

/// Ids of what a briefing describes itself, by kind and folded.
fn inline<T: Described>(list: &[Listed<T>]) -> impl Iterator<Item = (&'static str, String)> {
    list.iter().filter_map(|listed| match listed {
        Listed::Described(described) => Some((T::KIND, fold(&inline_id(&**described)?))),
        Listed::Named { .. } => None,
    })
}
