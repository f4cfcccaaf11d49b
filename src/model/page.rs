//! A plain page: about, imprint, method.

use serde::Deserialize;
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, may, must};
use crate::date::Date;

/// A plain page's front matter.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Page {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// What it says, in a sentence or two.
    #[serde(default)]
    pub summary: Option<Box<str>>,
    /// Its language, where it is not the site's.
    #[serde(default)]
    pub lang: Option<Box<str>>,
    /// When it was last changed.
    #[serde(default)]
    pub updated: Option<Date>,
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

/// A [`Page`] as it is written.
pub const PAGE: Shape = Shape {
    name: "page",
    fields: &[
        may("id", Kind::Id, "What its address is made of; by default the file's name."),
        must("title", Kind::Text, "Its title."),
        may("summary", Kind::Text, "What it says, in a sentence or two."),
        may("lang", Kind::Text, "Its language, where it is not the site's."),
        may("updated", Kind::Date, "When it was last changed (EDTF)."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};
