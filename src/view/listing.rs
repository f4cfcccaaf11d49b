//! Lists that stay short: the newest items, and an archive by year, month or
//! letter for the rest.

use serde::Serialize;

use super::card::{Card, Ref};
use super::frame::Frame;

/// A list on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Its anchor on the page, such as `said`.
    pub id: String,
    /// Its heading, such as `Claims made`.
    pub title: String,
    /// All of the items, or the newest of them.
    pub items: Vec<Card>,
    /// How many there are in all.
    pub total: usize,
    /// Where the rest is. Empty when all items are here.
    pub archive: Vec<ArchiveEntry>,
}

/// A page of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveEntry {
    /// `2025`, `March`, `21`, `S`, `Undated`.
    pub label: String,
    /// The page.
    pub url: String,
    /// How many items are on it and below it.
    pub count: usize,
}

/// A page that is a list: an index or a page of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingView {
    /// What every page has.
    pub page: Frame,
    /// What it lists, as `claims`.
    pub kind: String,
    /// The entity whose items these are; absent for the site's own indexes.
    pub of: Option<Ref>,
    /// A sentence on what is listed and in which order.
    pub about: String,
    /// The list.
    pub listing: Listing,
}
