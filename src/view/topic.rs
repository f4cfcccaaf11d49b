//! A topic's page: the briefings and claims filed under it.

use serde::Serialize;

use super::frame::Frame;
use super::listing::Listing;

/// A topic's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicView {
    /// What every page has.
    pub page: Frame,
    /// The topic.
    pub topic: TopicBody,
}

/// What the page says of its topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicBody {
    /// The name to print.
    pub name: String,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// Briefings that belong to it.
    pub briefings: Listing,
    /// Claims that belong to it.
    pub claims: Listing,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}
