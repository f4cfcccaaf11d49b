//! A topic: a subject under which briefings and claims are filed.

use serde::Deserialize;
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may};

/// A topic as described in its file. A topic without one is named by its id.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Topic {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// The name to print.
    #[serde(default)]
    pub name: Option<Box<str>>,
    /// Other names.
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
    pub extra: Value,
}

/// A [`Topic`] as it is written.
pub const TOPIC: Shape = Shape {
    name: "topic",
    fields: &[
        may("id", Kind::Id, "What its address is made of; by default the file's name."),
        may("name", Kind::Text, "The name to print."),
        may("aliases", TEXTS, "Other names by which it may be referred to."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};
