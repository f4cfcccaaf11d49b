//! A plain page, the page for addresses that do not exist, and redirects.

use serde::Serialize;

use super::briefing::Heading;
use super::card::DateView;
use super::frame::Frame;
use super::listing::Listing;

/// A plain page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageView {
    /// What every page has.
    pub page: Frame,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// The text. Safe HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A page without a body of its own: `not_found`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BareView {
    /// What every page has.
    pub page: Frame,
}

/// A page that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedirectView {
    /// What every page has.
    pub page: Frame,
    /// Where it leads, from the site's root.
    pub to: String,
}
