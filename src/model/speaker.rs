//! A speaker: a person, an organization, or somebody who is not named.

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may, must};
use crate::date::Date;

/// What sort of speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerType {
    /// A human being.
    Person,
    /// A body that speaks.
    Organization,
    /// Somebody whom the source does not name.
    Unidentified,
}

/// A speaker as described in a file or inline.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Speaker {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// The name to print.
    #[serde(default)]
    pub name: Option<Box<str>>,
    /// What sort of speaker, where that is stated.
    #[serde(default, rename = "type")]
    pub kind: Option<SpeakerType>,
    /// How the source describes somebody whom it does not name.
    #[serde(default)]
    pub described_as: Option<Box<str>>,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name to sort by.
    #[serde(default)]
    pub sort_name: Option<Box<str>>,
    /// What they are, in a few words.
    #[serde(default)]
    pub role: Option<Box<str>>,
    /// The organization they belong to: a speaker, or plain words.
    #[serde(default)]
    pub affiliation: Option<Box<str>>,
    /// Posts held.
    #[serde(default)]
    pub posts: Box<[Post]>,
    /// Wikidata's id.
    #[serde(default)]
    pub wikidata: Option<Box<str>>,
    /// Addresses that mean the same speaker (schema.org sameAs).
    #[serde(default)]
    pub same_as: Box<[String]>,
    /// Ids it used to have.
    #[serde(default)]
    pub former_ids: Box<[String]>,
    /// Not ready.
    #[serde(default)]
    pub draft: bool,
    /// The author's own data.
    #[serde(default)]
    pub extra: Option<Box<Value>>,
}

/// A post that a speaker holds or held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Post {
    /// Its name.
    #[serde(default)]
    pub post: String,
    /// The organization: a speaker, or plain words.
    #[serde(default)]
    pub org: Option<Box<str>>,
    /// Since when.
    #[serde(default)]
    pub start: Option<Date>,
    /// Until when.
    #[serde(default)]
    pub end: Option<Date>,
}

/// A [`Speaker`] as it is written, in a file or inline.
pub const SPEAKER: Shape = Shape {
    name: "speaker",
    fields: &[
        may(
            "id",
            Kind::Id,
            "What its address is made of; by default the file's name, or the name.",
        ),
        may("name", Kind::Text, "The name to print."),
        may(
            "type",
            Kind::Word(&["person", "organization", "unidentified"]),
            "What sort of speaker, where that is known.",
        ),
        may("described_as", Kind::Text, "How the source describes somebody it does not name."),
        may("aliases", TEXTS, "Other names by which it may be referred to."),
        may("sort_name", Kind::Text, "The name to sort by, family name first."),
        may("role", Kind::Text, "What they are, in a few words."),
        may(
            "affiliation",
            Kind::Text,
            "The organization they belong to: a speaker, or plain words.",
        ),
        may("posts", Kind::Many(&Kind::Short("post", &POST)), "Posts held, with dates."),
        may("wikidata", Kind::Text, "Wikidata's id, as in Q7747."),
        may("same_as", Kind::Many(&Kind::Url), "Addresses that mean the same speaker."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};

const POST: Shape = Shape {
    name: "post",
    fields: &[
        must("post", Kind::Text, "The name of the post."),
        may("org", Kind::Text, "The organization: a speaker, or plain words."),
        may("start", Kind::Date, "Since when (EDTF)."),
        may("end", Kind::Date, "Until when (EDTF)."),
    ],
};
