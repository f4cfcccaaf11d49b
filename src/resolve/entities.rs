//! Every entity once, from its file or from what briefings say of it inline.
//!
//! The file wins. Without one, inline descriptions add up; where two of them
//! contradict each other, the first in the order of the paths stands and the
//! contradiction is reported.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::id::Id;
use crate::model::briefing::Listed;
use crate::model::source::Source;
use crate::model::speaker::Speaker;
use crate::model::territory::Territory;
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};

/// What can be described in a file or inline.
pub trait Described: Clone + Default {
    /// The kind in the singular, as `speaker`.
    const KIND: &'static str;
    /// The key under which briefings list it, as `speakers`.
    const KEY: &'static str;

    /// The id that is written, if any.
    fn id(&self) -> Option<&str>;
    /// The name or title that is written, if any.
    fn name(&self) -> Option<&str>;
    /// Whether there is more than an id.
    fn says_something(&self) -> bool;
    /// Takes over what is not known yet; the fields in which the two disagree.
    fn absorb(&mut self, other: &Self) -> Vec<&'static str>;
}

/// An entity that is being put together.
#[derive(Debug, Clone)]
pub struct Gathered<T> {
    /// What is known.
    pub facts: T,
    /// Its file.
    pub document: Option<Arc<Document>>,
    described_in: Option<(Arc<Document>, usize)>,
    contradicted: Vec<&'static str>,
}

impl<T> Gathered<T> {
    /// An entity that nobody describes.
    pub fn implied(facts: T) -> Self {
        Self { facts, document: None, described_in: None, contradicted: Vec::new() }
    }
}

/// Takes over fields that hold at most one value, and lists that are stated
/// as a whole.
macro_rules! absorb {
    ($into:ident, $from:ident; one: $($one:ident),*; many: $($many:ident),*) => {{
        let mut differ = Vec::new();
        $(match (&$into.$one, &$from.$one) {
            (None, Some(_)) => $into.$one.clone_from(&$from.$one),
            (Some(a), Some(b)) if a != b => differ.push(stringify!($one)),
            _ => {}
        })*
        $(if $into.$many.is_empty() {
            $into.$many.clone_from(&$from.$many);
        } else if !$from.$many.is_empty() && $into.$many != $from.$many {
            differ.push(stringify!($many));
        })*
        for alias in &$from.aliases {
            if !$into.aliases.contains(alias) {
                $into.aliases.push(alias.clone());
            }
        }
        differ
    }};
}

impl Described for Speaker {
    const KIND: &'static str = "speaker";
    const KEY: &'static str = "speakers";

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
    fn name(&self) -> Option<&str> {
        self.name.as_deref().or(self.described_as.as_deref())
    }
    fn says_something(&self) -> bool {
        *self != Self { id: self.id.clone(), ..Self::default() }
    }
    fn absorb(&mut self, other: &Self) -> Vec<&'static str> {
        absorb!(self, other;
            one: name, kind, described_as, sort_name, role, affiliation, wikidata;
            many: posts, same_as)
    }
}

impl Described for Territory {
    const KIND: &'static str = "territory";
    const KEY: &'static str = "territories";

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
    fn says_something(&self) -> bool {
        *self != Self { id: self.id.clone(), ..Self::default() }
    }
    fn absorb(&mut self, other: &Self) -> Vec<&'static str> {
        if self.identifiers == crate::model::territory::Identifiers::default() {
            self.identifiers.clone_from(&other.identifiers);
        }
        absorb!(self, other;
            one: name, kind, label;
            many: names, geometry, part_of, claimed_by, controlled_by)
    }
}

impl Described for Source {
    const KIND: &'static str = "source";
    const KEY: &'static str = "sources";

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
    fn name(&self) -> Option<&str> {
        self.title.as_deref()
    }
    fn says_something(&self) -> bool {
        *self != Self { id: self.id.clone(), ..Self::default() }
    }
    fn absorb(&mut self, other: &Self) -> Vec<&'static str> {
        absorb!(self, other;
            one: title, kind, publisher, date, url, archived_url, archived_at, sha256, reliability, lang;
            many: author)
    }
}

/// Entities of one kind by id, from their files alone. The same id twice is
/// reported at both places.
pub fn from_files<'a, T: Default>(
    documents: impl Iterator<Item = (&'a Arc<Document>, T)>,
    kind: &str,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<Id, Gathered<T>> {
    let mut all: BTreeMap<Id, Gathered<T>> = BTreeMap::new();
    for (document, facts) in documents {
        if let Some(first) = all.get(&document.id) {
            let first = first.document.as_ref().expect("only files have been gathered so far");
            problems.push(duplicate(kind, document, first));
            continue;
        }
        let gathered = Gathered {
            facts,
            document: Some(Arc::clone(document)),
            described_in: None,
            contradicted: Vec::new(),
        };
        all.insert(document.id.clone(), gathered);
    }
    all
}

/// The problem of two files of one kind with one id.
#[must_use]
pub fn duplicate(kind: &str, document: &Document, first: &Document) -> Diagnostic {
    Diagnostic::error(
        "duplicate-id",
        document.id_place(),
        format!("there are two files for the {kind} `{}`", document.id),
    )
    .related(first.id_place(), "the other one")
    .hint("merge the files, or give one of them another `id:`")
}

/// The id of an inline description: as it is written, or as its name gives it.
pub fn inline_id<T: Described>(described: &T) -> Option<Cow<'_, str>> {
    let id = match described.id() {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(Id::from_name(described.name()?)?.to_string()),
    };
    Id::is_one(&id).then_some(id)
}

/// Adds what briefings say inline. Briefings come in the order of their paths.
pub fn add_inline<'a, T: Described + 'a>(
    all: &mut BTreeMap<Id, Gathered<T>>,
    briefing: &Arc<Document>,
    listed: &'a [Listed<T>],
    problems: &mut Vec<Diagnostic>,
) {
    for (i, one) in listed.iter().enumerate() {
        let Listed::Described(described) = one else { continue };
        let at = || Pointer::root().key(T::KEY).index(i);
        let Some(id) = inline_id(&**described) else {
            if described.id().is_none_or(|id| !id.is_empty()) {
                let place = briefing.place(&at(), Aim::Value);
                problems.push(
                    Diagnostic::error(
                        "no-id",
                        place,
                        format!("this {} has neither an id nor a name that gives one", T::KIND),
                    )
                    .hint("add `id:`"),
                );
            }
            continue;
        };
        if !described.says_something() {
            continue;
        }
        let Some(known) = all.get_mut(&*id) else {
            let gathered = Gathered {
                facts: (**described).clone(),
                document: None,
                described_in: Some((Arc::clone(briefing), i)),
                contradicted: Vec::new(),
            };
            all.insert(Id::parse(&id).expect("an inline id is one"), gathered);
            continue;
        };
        if known.document.is_some() {
            continue;
        }
        for field in known.facts.absorb(described) {
            if known.contradicted.contains(&field) {
                continue;
            }
            known.contradicted.push(field);
            let mut problem = Diagnostic::warning(
                "contradictory-description",
                briefing.place(&at().key(key_of(field)), Aim::Value),
                format!(
                    "two briefings differ over the `{}` of the {} `{id}`",
                    key_of(field),
                    T::KIND
                ),
            );
            if let Some((first, i)) = &known.described_in {
                let place = first.place(&Pointer::root().key(T::KEY).index(*i), Aim::Value);
                problem = problem.related(place, "described first here, and this stands");
            }
            problems
                .push(problem.hint(format!("describe it once, in `content/{}/{id}.md`", T::KEY)));
        }
    }
}

fn key_of(field: &'static str) -> &'static str {
    if field == "kind" { "type" } else { field }
}

/// The facts of every file of a kind.
pub fn facts_of<'a, T: Clone + 'a>(
    documents: &'a [Arc<Document>],
    pick: impl Fn(&Entry) -> Option<&T> + 'a,
) -> impl Iterator<Item = (&'a Arc<Document>, T)> {
    documents.iter().filter_map(move |d| pick(&d.entry).cloned().map(|facts| (d, facts)))
}
