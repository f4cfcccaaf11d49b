//! A topic's page: the briefings and claims filed under it.

use serde::Serialize;

use super::frame::Frame;
use super::listing::Listing;
use super::proposition::extra;
use super::wanted::Ask;
use super::{body, listing};
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
use crate::resolve::site::{Entity, Site};

/// A topic's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The topic.
    pub topic: TopicBody<'a>,
}

/// What the page says of its topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicBody<'a> {
    /// The name to print.
    pub name: &'a str,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// Briefings that belong to it.
    pub briefings: Listing<'a>,
    /// Claims that belong to it.
    pub claims: Listing<'a>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: &'a serde_yaml::Value,
}

/// The page of the topic with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> TopicView<'a> {
    let node = &site.topics[index as usize];
    let list = |name, section| {
        ask.make(name, || listing::section(site, Entity::Topic(index), section, ask))
    };
    let briefings = site.words.count("briefings", node.briefings.len());
    let description = match node.claims.len() {
        0 => format!("{}: {briefings}", node.name),
        n => format!("{}: {briefings}, {}", node.name, site.words.count("claims", n)),
    };
    TopicView {
        page: super::frame::frame(site, page, ask, &*node.name, description, Vec::new()),
        topic: TopicBody {
            name: &node.name,
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            briefings: list("briefings", Section::Briefings),
            claims: list("claims", Section::Claims),
            links_here: list("links_here", Section::LinksHere),
            extra: extra(node.document.as_deref()),
        },
    }
}
