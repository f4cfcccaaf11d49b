//! A plain page, the page for addresses that do not exist, and redirects.

use serde::Serialize;

use super::briefing::Heading;
use super::card::DateView;
use super::frame::{Frame, frame};
use super::listing::Listing;
use super::proposition::extra;
use super::wanted::Ask;
use super::{body, card, listing};
use crate::parse::document::Entry;
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan, SITEMAP};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// A plain page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// When it was last changed.
    pub updated: Option<DateView<'a>>,
    /// The text. Safe HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: &'a serde_yaml::Value,
}

/// A page without a body of its own: `not_found`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BareView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
}

/// A page that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedirectView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// Where it leads, from the site's root.
    pub to: String,
}

/// The plain page with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> PageView<'a> {
    let node = &site.pages[index as usize];
    let body = body::plain(site, plan, &page.url, Some(&node.document));
    let (summary, updated) = match &node.document.entry {
        Entry::Page(facts) => (facts.summary.as_deref(), facts.updated.as_ref()),
        _ => (None, None),
    };
    let description = summary.unwrap_or(&node.document.opening);
    PageView {
        page: frame(site, page, ask, node.title(), description, Vec::new()),
        updated: card::date(site, updated),
        html: body.html,
        headings: body.headings,
        links_here: ask.make("links_here", || {
            listing::section(site, Entity::Page(index), Section::LinksHere, ask)
        }),
        extra: extra(Some(&node.document)),
    }
}

/// The page for addresses that do not exist.
#[must_use]
pub fn not_found<'a>(site: &'a Site, page: &'a Page, ask: &Ask<'_>) -> BareView<'a> {
    BareView { page: frame(site, page, ask, site.words.say("not_found"), "", Vec::new()) }
}

/// A page that leads to where an entity is now.
#[must_use]
pub fn redirect<'a>(
    site: &'a Site,
    page: &'a Page,
    entity: Entity,
    ask: &Ask<'_>,
) -> RedirectView<'a> {
    let to = route::entity(site, entity);
    let mut frame = frame(site, page, ask, site.name(entity), "", Vec::new());
    frame.canonical = route::canonical(site, &to);
    RedirectView { page: frame, to }
}

/// Addresses for search engines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SitemapView {
    /// The absolute addresses of pages.
    pub pages: Vec<String>,
    /// The absolute addresses of further sitemaps; then `pages` is empty.
    pub parts: Vec<String>,
}

/// A sitemap: all addresses; where there are too many, a list of parts, or the
/// addresses of one part.
#[must_use]
pub fn sitemap(site: &Site, plan: &Plan, part: Option<usize>) -> SitemapView {
    let canonical = |page: &Page| route::canonical(site, &page.url);
    let all = plan.pages.iter().filter(|page| page.is_canonical());
    if let Some(part) = part {
        let pages = all.skip(part * SITEMAP).take(SITEMAP).filter_map(canonical).collect();
        return SitemapView { pages, parts: Vec::new() };
    }
    let count = all.clone().count();
    if count <= SITEMAP {
        return SitemapView { pages: all.filter_map(canonical).collect(), parts: Vec::new() };
    }
    let parts = (1..=count.div_ceil(SITEMAP))
        .filter_map(|n| route::canonical(site, &format!("sitemap-{n}.xml")));
    SitemapView { pages: Vec::new(), parts: parts.collect() }
}

/// What search engines are to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RobotsView {
    /// The absolute address of the sitemap.
    pub sitemap: String,
}

/// What search engines are to know.
#[must_use]
pub fn robots(site: &Site) -> RobotsView {
    RobotsView { sitemap: route::canonical(site, "sitemap.xml").unwrap_or_default() }
}
