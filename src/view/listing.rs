//! Lists that stay short: the newest items, and an archive by year, month or
//! letter for the rest.

use serde::Serialize;

use super::card::{Draw, Items, Ref};
use super::frame::{Frame, frame};
use crate::plan::pages::{self, ArchivePage, List, Page, Section};
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};

/// A list on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Its anchor on the page, such as `said`.
    pub id: String,
    /// Its heading, such as `Claims made`.
    pub title: String,
    /// All of the items, or the newest of them.
    pub items: Items,
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
pub fn listing(site: &Site, list: List, draw: &Draw<'_>) -> Listing {
    let whole = pages::shelved(site, list);
    let id = match list {
        List::Of(_, section) => section.id(),
        List::Index(kind) => kind.id(),
        List::Timeline => "timeline",
        List::Corrections => "corrections",
    };
    Listing {
        id: id.to_owned(),
        title: title(list).to_owned(),
        items: Items::of(whole.items, draw),
        total: whole.count,
        archive: whole
            .below
            .iter()
            .map(|shelf| ArchiveEntry {
                label: shelf.label.clone(),
                url: pages::shelf_url(site, list, &shelf.slug),
                count: shelf.count,
            })
            .collect(),
    }
}

/// One of an entity's lists.
#[must_use]
pub fn section(site: &Site, entity: Entity, section: Section, draw: &Draw<'_>) -> Listing {
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
pub fn index(site: &Site, page: &Page, list: List, draw: &Draw<'_>) -> ListingView {
    ListingView {
        page: frame(site, page, title(list), about(list).to_owned(), Vec::new()),
        kind: kind_of(list).to_owned(),
        of: None,
        about: about(list).to_owned(),
        listing: listing(site, list, draw),
    }
}

/// A page of an archive.
#[must_use]
pub fn archive(site: &Site, page: &Page, archive: &ArchivePage, draw: &Draw<'_>) -> ListingView {
    let of = match archive.list {
        List::Of(entity, _) => Some(Ref::to(site, entity)),
        _ => None,
    };
    let mut trail = Vec::new();
    match archive.list {
        List::Index(kind) => {
            trail.push(Ref { name: kind.title().to_owned(), url: Some(route::index(site, kind)) });
        }
        List::Timeline => trail
            .push(Ref { name: "Timeline".to_owned(), url: Some(route::named(site, "timeline")) }),
        List::Corrections => {
            trail.push(Ref {
                name: "Corrections".to_owned(),
                url: Some(route::named(site, "corrections")),
            });
        }
        List::Of(entity, section) => {
            if let Some(kind) = super::frame::kind_of(entity) {
                trail.push(Ref {
                    name: kind.title().to_owned(),
                    url: Some(route::index(site, kind)),
                });
            }
            let url = route::entity(site, entity);
            trail.push(Ref { name: pages::name(site, entity).to_owned(), url: Some(url.clone()) });
            trail.push(Ref {
                name: title(archive.list).to_owned(),
                url: Some(format!("{url}#{}", section.id())),
            });
        }
    }
    trail.extend(
        archive.above.iter().map(|(name, url)| Ref { name: name.clone(), url: Some(url.clone()) }),
    );
    let heading = match &of {
        Some(of) => {
            format!("{}: {}, {}", of.name, title(archive.list).to_lowercase(), archive.title)
        }
        None => format!("{}, {}", title(archive.list), archive.title),
    };
    ListingView {
        page: frame(site, page, &heading, about(archive.list).to_owned(), trail),
        kind: kind_of(archive.list).to_owned(),
        of,
        about: about(archive.list).to_owned(),
        listing: Listing {
            id: "items".to_owned(),
            title: archive.title.clone(),
            items: Items::of(archive.items.iter().copied(), draw),
            total: archive.count,
            archive: archive
                .below
                .iter()
                .map(|(label, url, count)| ArchiveEntry {
                    label: label.clone(),
                    url: url.clone(),
                    count: *count,
                })
                .collect(),
        },
    }
}
