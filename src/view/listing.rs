//! Lists that stay short: the newest items, and an archive by year, month or
//! letter for the rest.

use std::borrow::Cow;

use serde::Serialize;

use super::card::{Draw, Items, Ref};
use super::frame::{Frame, frame};
use crate::plan::pages::{self, ArchivePage, List, Page, Section};
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};

/// A list on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing<'a> {
    /// Its anchor on the page, such as `said`.
    pub id: &'static str,
    /// Its heading, such as `Claims made`.
    pub title: &'a str,
    /// All of the items, or the newest of them.
    pub items: Items,
    /// How many there are in all.
    pub total: usize,
    /// Where the rest is. Empty when all items are here.
    pub archive: Vec<ArchiveEntry<'a>>,
}

/// A page of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveEntry<'a> {
    /// `2025`, `March`, `21`, `S`, `Undated`.
    pub label: Cow<'a, str>,
    /// The page.
    pub url: Cow<'a, str>,
    /// How many items are on it and below it.
    pub count: usize,
}

/// A page that is a list: an index or a page of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// What it lists, as `claims`.
    pub kind: &'static str,
    /// The entity whose items these are; absent for the site's own indexes.
    pub of: Option<Ref<'a>>,
    /// A sentence on what is listed and in which order.
    pub about: &'static str,
    /// The list.
    pub listing: Listing<'a>,
}

/// The heading of a list.
#[must_use]
pub fn title(list: List) -> &'static str {
    match list {
        List::Index(kind) => kind.title(),
        List::Timeline => "Timeline",
        List::Corrections => "Corrections",
        List::Of(entity, section) => match (section, entity) {
            (Section::Said, _) => "Claims made",
            (Section::Relayed, _) => "Claims passed on",
            (Section::About, _) => "Claims about them",
            (Section::Told, _) => "Claims told to them",
            (Section::Claims, Entity::Territory(_)) => "Claims about it",
            (Section::Claims, Entity::Source(_)) => "Claims said in it",
            (Section::Claims, Entity::Proposition(_)) => "Claims that state it",
            (Section::Claims, _) => "Claims",
            (Section::Within, _) => "Claims about what is part of it",
            (Section::CitedFor, _) => "Claims that it is cited for",
            (Section::Briefings, _) => "Briefings",
            (Section::LinksHere, _) => "What links here",
        },
    }
}

/// A list as it stands on the page that has it.
#[must_use]
pub fn listing(site: &Site, list: List, draw: &Draw<'_>) -> Listing<'static> {
    let whole = pages::shelved(site, list);
    let id = match list {
        List::Of(_, section) => section.id(),
        List::Index(kind) => kind.id(),
        List::Timeline => "timeline",
        List::Corrections => "corrections",
    };
    Listing {
        id,
        title: title(list),
        items: Items::of(whole.items, draw),
        total: whole.count,
        archive: whole
            .below
            .into_iter()
            .map(|shelf| ArchiveEntry {
                url: pages::shelf_url(site, list, &shelf.slug).into(),
                label: shelf.label.into(),
                count: shelf.count,
            })
            .collect(),
    }
}

/// One of an entity's lists.
#[must_use]
pub fn section(site: &Site, entity: Entity, section: Section, draw: &Draw<'_>) -> Listing<'static> {
    listing(site, List::Of(entity, section), draw)
}

fn about(list: List) -> &'static str {
    match list {
        List::Index(Kind::Briefings) => "Every briefing, the newest first.",
        List::Index(Kind::Claims) => {
            "Every claim on record, the newest first: by the date on which it was said or, where that is not known, the date of the briefing that records it."
        }
        List::Index(Kind::Speakers) => {
            "Everyone who is on record, by name; in a long list those with the most claims come first."
        }
        List::Index(Kind::Territories) => "Every place that claims are about, by name.",
        List::Index(Kind::Sources) => "Every document that claims rest on, by title.",
        List::Index(Kind::Propositions) => {
            "What is said on more than one occasion, and who says it."
        }
        List::Index(Kind::Topics) => "Every subject under which briefings and claims are filed.",
        List::Timeline => {
            "Claims by the date on which they were said, the newest first. Claims without such a date are not here."
        }
        List::Corrections => "What was wrong in a briefing and how it reads now, the newest first.",
        List::Of(..) => "",
    }
}

fn kind_of(list: List) -> &'static str {
    match list {
        List::Index(kind) => kind.id(),
        List::Timeline => "timeline",
        List::Corrections => "corrections",
        List::Of(_, Section::Briefings) => "briefings",
        List::Of(_, Section::LinksHere) => "links",
        List::Of(..) => "claims",
    }
}

/// The page of an index, the timeline or the corrections.
#[must_use]
pub fn index<'a>(site: &'a Site, page: &'a Page, list: List, draw: &Draw<'_>) -> ListingView<'a> {
    ListingView {
        page: frame(site, page, title(list), about(list), Vec::new()),
        kind: kind_of(list),
        of: None,
        about: about(list),
        listing: listing(site, list, draw),
    }
}

/// A page of an archive.
#[must_use]
pub fn archive<'a>(
    site: &'a Site,
    page: &'a Page,
    archive: &'a ArchivePage,
    draw: &Draw<'_>,
) -> ListingView<'a> {
    let of = match archive.list {
        List::Of(entity, _) => Some(Ref::to(site, entity)),
        _ => None,
    };
    let mut trail = Vec::new();
    match archive.list {
        List::Index(kind) => trail.push(Ref::at(kind.title(), route::index(site, kind))),
        List::Timeline => trail.push(Ref::at("Timeline", route::named(site, "timeline"))),
        List::Corrections => {
            trail.push(Ref::at("Corrections", route::named(site, "corrections")));
        }
        List::Of(entity, section) => {
            if let Some(kind) = super::frame::kind_of(entity) {
                trail.push(Ref::at(kind.title(), route::index(site, kind)));
            }
            let url = route::entity(site, entity);
            let anchored = [&url, "#", section.id()].concat();
            trail.push(Ref::at(pages::name(site, entity), url));
            trail.push(Ref::at(title(archive.list), anchored));
        }
    }
    trail.extend(archive.above.iter().map(|(name, url)| Ref::at(name, url.clone())));
    let heading = match &of {
        Some(of) => {
            format!("{}: {}, {}", of.name, title(archive.list).to_lowercase(), archive.title)
        }
        None => format!("{}, {}", title(archive.list), archive.title),
    };
    ListingView {
        page: frame(site, page, heading, about(archive.list), trail),
        kind: kind_of(archive.list),
        of,
        about: about(archive.list),
        listing: Listing {
            id: "items",
            title: &archive.title,
            items: Items::of(archive.items.iter().copied(), draw),
            total: archive.count,
            archive: archive
                .below
                .iter()
                .map(|(label, url, count)| ArchiveEntry {
                    label: Cow::Borrowed(label),
                    url: Cow::Borrowed(url),
                    count: *count,
                })
                .collect(),
        },
    }
}
