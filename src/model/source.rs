//! A source: the document in which something was said, and its archived copy.

use serde::Deserialize;
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may};
use crate::date::Date;

/// A source as described in a file or inline.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Source {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// Its title.
    #[serde(default)]
    pub title: Option<Box<str>>,
    /// A schema.org type such as `NewsArticle`.
    #[serde(default, rename = "type")]
    pub kind: Option<Box<str>>,
    /// Who made it.
    #[serde(default)]
    pub author: Vec<String>,
    /// Who published it.
    #[serde(default)]
    pub publisher: Option<Box<str>>,
    /// When it appeared.
    #[serde(default)]
    pub date: Option<Date>,
    /// Where it is.
    #[serde(default)]
    pub url: Option<Box<str>>,
    /// Where a copy is kept.
    #[serde(default)]
    pub archived_url: Option<Box<str>>,
    /// When the copy was made.
    #[serde(default)]
    pub archived_at: Option<Date>,
    /// The copy's SHA-256, 64 hexadecimal digits.
    #[serde(default)]
    pub sha256: Option<Box<str>>,
    /// Reliability, A (completely reliable) to F (cannot be judged), on the
    /// Admiralty scale (NATO AJP-2.1).
    #[serde(default)]
    pub reliability: Option<Box<str>>,
    /// Its language, a BCP 47 tag.
    #[serde(default)]
    pub lang: Option<Box<str>>,
    /// Other titles by which it may be referred to.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Ids it used to have.
    #[serde(default)]
    pub former_ids: Vec<String>,
    /// Not ready.
    #[serde(default)]
    pub draft: bool,
    /// The author's own data.
    #[serde(default)]
    pub extra: Option<Box<Value>>,
}

/// A [`Source`] as it is written, in a file or inline.
pub const SOURCE: Shape = Shape {
    name: "source",
    fields: &[
        may(
            "id",
            Kind::Id,
            "What its address is made of; by default the file's name, or the title.",
        ),
        may("title", Kind::Text, "Its title."),
        may("type", Kind::Text, "A schema.org type: NewsArticle, VideoObject, Legislation."),
        may("author", TEXTS, "Who made it: speakers or plain words."),
        may("publisher", Kind::Text, "Who published it: a speaker or plain words."),
        may("date", Kind::Date, "When it appeared (EDTF)."),
        may("url", Kind::Url, "Where it is."),
        may("archived_url", Kind::Url, "Where a copy is kept."),
        may("archived_at", Kind::Date, "When the copy was made (EDTF)."),
        may("sha256", Kind::Text, "The copy's SHA-256, 64 hexadecimal digits."),
        may(
            "reliability",
            Kind::Word(&["A", "B", "C", "D", "E", "F"]),
            "A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged (Admiralty).",
        ),
        may("lang", Kind::Text, "Its language, as in `uk`."),
        may("aliases", TEXTS, "Other titles by which it may be referred to."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};
