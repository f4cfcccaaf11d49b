//! A briefing: a text, and what its front matter says of it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_yaml::Value;

use super::claim::{CLAIM, Claim};
use super::selector::Selector;
use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may, must};
use super::source::{SOURCE, Source};
use super::speaker::{SPEAKER, Speaker};
use super::territory::{TERRITORY, Territory};
use crate::date::Date;

/// A briefing's front matter. The body is kept beside it (see `parse/document`).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Briefing {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// When it was written. `None` is reported, never guessed.
    #[serde(default)]
    pub date: Option<Date>,
    /// When it was last changed.
    #[serde(default)]
    pub updated: Option<Date>,
    /// Its language, a BCP 47 tag, where it is not the site's.
    #[serde(default)]
    pub lang: Option<Box<str>>,
    /// What it says, in a sentence or two.
    #[serde(default)]
    pub summary: Option<Box<str>>,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Topics it belongs to.
    #[serde(default)]
    pub topics: Vec<String>,
    /// What its address is made of, where not the file's name.
    #[serde(default)]
    pub slug: Option<Box<str>>,
    /// Ids it used to have.
    #[serde(default)]
    pub former_ids: Vec<String>,
    /// Whether it may be published (IPTC ninjs `pubstatus`).
    #[serde(default)]
    pub pubstatus: PubStatus,
    /// Not ready.
    #[serde(default)]
    pub draft: bool,
    /// Not before this instant.
    #[serde(default)]
    pub embargo: Option<Box<str>>,
    /// Who speaks in it.
    #[serde(default)]
    pub speakers: Vec<Listed<Speaker>>,
    /// Which places it concerns.
    #[serde(default)]
    pub territories: Vec<Listed<Territory>>,
    /// What it rests on.
    #[serde(default)]
    pub sources: Vec<Listed<Source>>,
    /// What is claimed in it.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Loaded words in it.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// What was wrong in it.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// Whether first mentions become links.
    #[serde(default = "yes")]
    pub autolink: bool,
    /// The author's own data.
    #[serde(default)]
    pub extra: Value,
}

fn yes() -> bool {
    true
}

/// IPTC ninjs 2.1 `pubstatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PubStatus {
    /// May be published.
    #[default]
    Usable,
    /// Held back.
    Withheld,
    /// Taken back.
    Canceled,
}

/// An entity as a briefing lists it.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed<T> {
    /// By a name, an alias or an id.
    Named {
        /// What is written.
        listed_as: String,
    },
    /// By a description.
    Described(Box<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ListedVisitor(PhantomData))
    }
}

/// Reads a map that holds `listed_as` alone, or else the fields of `T`. Which
/// of them it is its first key tells.
struct ListedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListedVisitor<T> {
    type Value = Listed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a description")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Listed<T>, A::Error> {
        let first: Option<Box<str>> = fields.next_key()?;
        if first.as_deref() == Some("listed_as") {
            return Ok(Listed::Named { listed_as: fields.next_value()? });
        }
        let all = MapAccessDeserializer::new(Again { first, rest: fields });
        T::deserialize(all).map(|described| Listed::Described(Box::new(described)))
    }
}

/// The fields of a map whose first key has been looked at.
struct Again<A> {
    first: Option<Box<str>>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Again<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

/// A loaded word and the desk's note on it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Term {
    /// Where it stands.
    #[serde(flatten)]
    pub selector: Selector,
    /// How the text uses it.
    #[serde(default)]
    pub kind: Option<TermKind>,
    /// In whose voice it stands: a speaker, or `author`.
    #[serde(default)]
    pub voice: Option<Box<str>>,
    /// What is to be said about it.
    #[serde(default)]
    pub note: Option<Box<str>>,
}

/// How a text uses a loaded word (TEI `soCalled`, `term`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// Kept at a distance, in quotation marks.
    SoCalled,
    /// Used as one's own.
    Loaded,
}

/// What was wrong in a briefing, and how it reads now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Correction {
    /// When it was corrected.
    #[serde(default)]
    pub date: Option<Date>,
    /// How it read.
    #[serde(default)]
    pub was: Option<Box<str>>,
    /// How it reads.
    #[serde(default)]
    pub now: String,
    /// Claims of this briefing that it touches.
    #[serde(default)]
    pub claims: Vec<String>,
}

/// A [`Briefing`] as it is written.
pub const BRIEFING: Shape = Shape {
    name: "briefing",
    fields: &[
        may("id", Kind::Id, "What its address is made of; by default the file's name."),
        must("title", Kind::Text, "Its title."),
        may("date", Kind::Date, "When it was written (EDTF)."),
        may("updated", Kind::Date, "When it was last changed (EDTF)."),
        may("lang", Kind::Text, "Its language, as in `uk`, where it is not the site's."),
        may("summary", Kind::Text, "What it says, in a sentence or two."),
        may("authors", TEXTS, "Who wrote it."),
        may("topics", TEXTS, "Topics it belongs to."),
        may("slug", Kind::Id, "What its address is made of; by default the file's name."),
        FORMER_IDS,
        may(
            "pubstatus",
            Kind::Word(&["usable", "withheld", "canceled"]),
            "Whether it may be published (IPTC ninjs).",
        ),
        DRAFT,
        may(
            "embargo",
            Kind::Instant,
            "Not before this instant, with its offset: `2025-03-21T18:00:00+02:00`.",
        ),
        may(
            "speakers",
            Kind::Many(&Kind::Short("listed_as", &SPEAKER)),
            "Who speaks in it: ids, names, or descriptions.",
        ),
        may(
            "territories",
            Kind::Many(&Kind::Short("listed_as", &TERRITORY)),
            "Which places it concerns: ids, names, or descriptions.",
        ),
        may(
            "sources",
            Kind::Many(&Kind::Short("listed_as", &SOURCE)),
            "What it rests on: ids, titles, or descriptions.",
        ),
        may("claims", Kind::Many(&Kind::Map(&CLAIM)), "What is claimed in it."),
        may("terms", Kind::Many(&Kind::Short("exact", &TERM)), "Loaded words in it."),
        may("corrections", Kind::Many(&Kind::Map(&CORRECTION)), "What was wrong in it."),
        may(
            "autolink",
            Kind::Flag,
            "Whether first mentions of listed names become links; they do by default.",
        ),
        EXTRA,
    ],
};

const TERM: Shape = Shape {
    name: "term",
    fields: &[
        must("exact", Kind::Text, "The words, exactly as they stand in the text."),
        may(
            "prefix",
            Kind::Text,
            "Words immediately before, where the words occur more than once.",
        ),
        may("suffix", Kind::Text, "Words immediately after, where the words occur more than once."),
        may(
            "kind",
            Kind::Word(&["so_called", "loaded"]),
            "Whether the text keeps the words at a distance or uses them as its own.",
        ),
        may("voice", Kind::Text, "In whose voice they stand: a speaker, or `author`."),
        may("note", Kind::Text, "What is to be said about them."),
    ],
};

const CORRECTION: Shape = Shape {
    name: "correction",
    fields: &[
        must("date", Kind::Date, "When it was corrected (EDTF)."),
        may("was", Kind::Text, "How it read."),
        must("now", Kind::Text, "How it reads."),
        may("claims", TEXTS, "Claims of this briefing that it touches."),
    ],
};
