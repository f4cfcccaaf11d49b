//! A source's page: the claims that rest on it, and its archived copy.

use serde::Serialize;

use super::card::{DateView, Ref};
use super::frame::Frame;
use super::listing::Listing;

/// A source's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceView {
    /// What every page has.
    pub page: Frame,
    /// The source.
    pub source: SourceBody,
}

/// What the page says of its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceBody {
    /// Its title.
    pub title: String,
    /// Its type in words.
    pub kind: Option<String>,
    /// Who made it.
    pub authors: Vec<Ref>,
    /// Who published it.
    pub publisher: Option<Ref>,
    /// When it appeared.
    pub date: Option<DateView>,
    /// Where it is, outside. Absent: not recorded.
    pub address: Option<String>,
    /// Where a copy is kept, outside.
    pub archived: Option<String>,
    /// When the copy was made.
    pub archived_at: Option<DateView>,
    /// The copy's SHA-256.
    pub sha256: Option<String>,
    /// A to F.
    pub reliability: Option<String>,
    /// That in words: `cannot be judged`.
    pub reliability_words: Option<String>,
    /// Its language (BCP 47).
    pub lang: Option<String>,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// Claims said in it.
    pub claims: Listing,
    /// Claims for which it is cited.
    pub cited_for: Listing,
    /// Briefings that list it.
    pub briefings: Listing,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}
