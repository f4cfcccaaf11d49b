//! A proposition: what several claims say alike, on different occasions.

use serde::Deserialize;
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may, must};

/// A proposition as described in its file.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Proposition {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// What is being said, in the desk's words.
    #[serde(default)]
    pub text: String,
    /// Other wordings by which it may be referred to.
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

/// A [`Proposition`] as it is written.
pub const PROPOSITION: Shape = Shape {
    name: "proposition",
    fields: &[
        may("id", Kind::Id, "What its address is made of; by default the file's name."),
        must("text", Kind::Text, "What is being said, in the desk's words."),
        may("aliases", TEXTS, "Other wordings by which it may be referred to."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};
