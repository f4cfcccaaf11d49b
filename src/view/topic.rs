//! A topic's page: the briefings and claims filed under it.

use serde::Serialize;

use super::card::Draw;
use super::frame::Frame;
use super::listing::Listing;
use super::proposition::extra;
use super::speaker::claims;
use super::{body, listing};
use crate::plan::pages::{Page, Plan, Section};
use crate::resolve::site::{Entity, Site};

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

/// The page of the topic with this index.
#[must_use]
pub fn view(site: &Site, plan: &Plan, page: &Page, index: u32, draw: &Draw<'_>) -> TopicView {
    let node = &site.topics[index as usize];
    let list = |section| listing::section(site, Entity::Topic(index), section, draw);
    let briefings = match node.briefings.len() {
        1 => "1 briefing".to_owned(),
        n => format!("{n} briefings"),
    };
    let description = match node.claims.len() {
        0 => format!("{}: {briefings}", node.name),
        n => format!("{}: {briefings}, {}", node.name, claims(n)),
    };
    TopicView {
        page: super::frame::frame(site, page, &node.name, description, Vec::new()),
        topic: TopicBody {
            name: node.name.clone(),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            briefings: list(Section::Briefings),
            claims: list(Section::Claims),
            links_here: list(Section::LinksHere),
            extra: extra(node.document.as_deref()),
        },
    }
}
