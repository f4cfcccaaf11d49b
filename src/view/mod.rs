//! What a template may see: plain data about one page.
//!
//! A view is a function of the site and its subject. Other entities appear in
//! it only as cards, so that editing a biography does not touch the thousand
//! pages that mention its subject. Addresses are relative to the site's root;
//! a template puts `page.root` before them.
//!
//! A view lasts for one page: it borrows what the site has or the page, and owns
//! only what is computed, which is mostly addresses.

pub mod briefing;
pub mod card;
pub mod body;
pub mod citation;
pub mod claim;
pub mod data;
pub mod diagrams;
pub mod feed;
pub mod frame;
pub mod home;
pub mod linked_data;
pub mod listing;
pub mod map;
pub mod named;
pub mod note;
pub mod page;
pub mod proposition;
pub mod ratings;
pub mod record;
pub mod search;
pub mod source;
pub mod speaker;
pub mod territory;
pub mod topic;
pub mod wanted;

use serde::Serialize;

use wanted::Ask;

use crate::plan::lists::List;
use crate::plan::pages::{Page, Plan, Subject};
use crate::resolve::site::{Entity, Site};

/// All that a template may see of one page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "one is made, rendered and dropped at a time")]
pub enum View<'a> {
    /// The home page.
    Home(home::HomeView<'a>),
    /// A briefing.
    Briefing(briefing::BriefingView<'a>),
    /// A claim.
    Claim(claim::ClaimView<'a>),
    /// A speaker.
    Speaker(speaker::SpeakerView<'a>),
    /// A territory.
    Territory(territory::TerritoryView<'a>),
    /// A source.
    Source(source::SourceView<'a>),
    /// A proposition.
    Proposition(proposition::PropositionView<'a>),
    /// A topic.
    Topic(topic::TopicView<'a>),
    /// A plain page.
    Page(page::PageView<'a>),
    /// An index or a page of an archive.
    Listing(listing::ListingView<'a>),
    /// The page to search.
    Search(search::SearchView<'a>),
    /// The page for addresses that do not exist.
    NotFound(page::BareView<'a>),
    /// A page that leads elsewhere.
    Redirect(page::RedirectView<'a>),
    /// Addresses for search engines.
    Sitemap(page::SitemapView),
    /// What search engines are to know.
    Robots(page::RobotsView),
    /// What is new, as an Atom feed.
    Feed(feed::FeedView<'a>),
    /// The page that lists the files of data.
    DataIndex(data::DataIndexView<'a>),
    /// A file of data, which no template makes.
    Data,
}

/// What the template of a page may see. A function of its arguments alone;
/// the items of lists are one too. What `ask` does not want is left empty.
#[must_use]
pub fn view<'a>(site: &'a Site, plan: &Plan, page: &'a Page, ask: &Ask<'_>) -> View<'a> {
    match &page.subject {
        Subject::Home => View::Home(home::view(site, page, ask)),
        Subject::Entity(Entity::Briefing(i)) => {
            View::Briefing(briefing::view(site, plan, page, *i, ask))
        }
        Subject::Entity(Entity::Claim(i)) => View::Claim(claim::view(site, page, *i, ask)),
        Subject::Entity(Entity::Speaker(i)) => {
            View::Speaker(speaker::view(site, plan, page, *i, ask))
        }
        Subject::Entity(Entity::Territory(i)) => {
            View::Territory(territory::view(site, plan, page, *i, ask))
        }
        Subject::Entity(Entity::Source(i)) => View::Source(source::view(site, plan, page, *i, ask)),
        Subject::Entity(Entity::Proposition(i)) => {
            View::Proposition(proposition::view(site, plan, page, *i, ask))
        }
        Subject::Entity(Entity::Topic(i)) => View::Topic(topic::view(site, plan, page, *i, ask)),
        Subject::Entity(Entity::Page(i)) => View::Page(page::view(site, plan, page, *i, ask)),
        Subject::Index(kind) => View::Listing(listing::index(site, page, List::Index(*kind), ask)),
        Subject::Timeline => View::Listing(listing::index(site, page, List::Timeline, ask)),
        Subject::Corrections => View::Listing(listing::index(site, page, List::Corrections, ask)),
        Subject::Archive(archive) => View::Listing(listing::archive(site, page, archive, ask)),
        Subject::Search => View::Search(search::view(site, page, ask)),
        Subject::NotFound => View::NotFound(page::not_found(site, page, ask)),
        Subject::Redirect(to) => View::Redirect(page::redirect(site, page, *to, ask)),
        Subject::Sitemap(part) => View::Sitemap(page::sitemap(site, plan, *part)),
        Subject::Robots => View::Robots(page::robots(site)),
        Subject::Feed(of) => View::Feed(feed::view(site, *of)),
        Subject::DataIndex => View::DataIndex(data::view(site, page, ask)),
        Subject::Data(_) => View::Data,
    }
}
