//! Lists that stay short: the newest items, and an archive by year, month or
//! letter for the rest.

use std::borrow::Cow;

use serde::Serialize;

use super::card::{Items, Ref};
use super::diagrams::{self, Diagram};
use super::frame::{Frame, frame};
use super::wanted::Ask;
use crate::plan::lists::{self, List, Section};
use crate::plan::pages::{ArchivePage, Page};
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};

/// A list on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
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
    pub about: &'a str,
    /// On the site's timeline: all claims that have a date, over time. Absent
    /// elsewhere and where there is too little to draw.
    pub timeline: Option<Diagram>,
    /// The list.
    pub listing: Listing<'a>,
}

/// The heading of a list.
#[must_use]
pub fn title(site: &Site, list: List) -> &str {
    site.words.say(match list {
        List::Index(kind) => return kind.title(site),
        List::Timeline => "timeline",
        List::Corrections => "corrections",
        List::Of(entity, section) => match (section, entity) {
            (Section::Said, _) => "list_said",
            (Section::Relayed, _) => "list_relayed",
            (Section::About, _) => "list_about",
            (Section::Told, _) => "list_told",
            (Section::Claims, Entity::Territory(_)) => "list_of_territory",
            (Section::Claims, Entity::Source(_)) => "list_of_source",
            (Section::Claims, Entity::Proposition(_)) => "list_of_proposition",
            (Section::Claims, _) => "kind_claims",
            (Section::Within, _) => "list_within",
            (Section::CitedFor, _) => "list_cited_for",
            (Section::Briefings, _) => "kind_briefings",
            (Section::LinksHere, _) => "list_links_here",
        },
    })
}

/// A list as it stands on the page that has it.
#[must_use]
pub fn listing<'a>(site: &'a Site, list: List, ask: &Ask<'_>) -> Listing<'a> {
    let whole = lists::shelved(site, list);
    let id = match list {
        List::Of(_, section) => section.id(),
        List::Index(kind) => kind.id(),
        List::Timeline => "timeline",
        List::Corrections => "corrections",
    };
    Listing {
        id,
        title: title(site, list),
        items: Items::of(whole.items.iter().copied(), ask),
        total: whole.count,
        archive: whole
            .below
            .into_iter()
            .map(|shelf| ArchiveEntry {
                url: lists::shelf_url(site, list, &shelf.slug).into(),
                label: shelf.label.into(),
                count: shelf.count,
            })
            .collect(),
    }
}

/// One of an entity's lists.
#[must_use]
pub fn section<'a>(site: &'a Site, entity: Entity, section: Section, ask: &Ask<'_>) -> Listing<'a> {
    listing(site, List::Of(entity, section), ask)
}

fn about(site: &Site, list: List) -> &str {
    site.words.say(match list {
        List::Index(Kind::Briefings) => "about_briefings",
        List::Index(Kind::Claims) => "about_claims",
        List::Index(Kind::Speakers) => "about_speakers",
        List::Index(Kind::Territories) => "about_territories",
        List::Index(Kind::Sources) => "about_sources",
        List::Index(Kind::Propositions) => "about_propositions",
        List::Index(Kind::Topics) => "about_topics",
        List::Timeline => "about_timeline",
        List::Corrections => "about_corrections",
        List::Of(..) => return "",
    })
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
pub fn index<'a>(site: &'a Site, page: &'a Page, list: List, ask: &Ask<'_>) -> ListingView<'a> {
    let page = frame(site, page, ask, title(site, list), about(site, list), Vec::new());
    let timeline = || diagrams::timeline(site, &page, &lists::dated(site).collect::<Vec<_>>());
    let timeline = (list == List::Timeline).then(|| ask.make("timeline", timeline)).flatten();
    ListingView {
        page,
        kind: kind_of(list),
        of: None,
        about: about(site, list),
        timeline,
        listing: listing(site, list, ask),
    }
}

/// A page of an archive.
#[must_use]
pub fn archive<'a>(
    site: &'a Site,
    page: &'a Page,
    archive: &'a ArchivePage,
    ask: &Ask<'_>,
) -> ListingView<'a> {
    let of = match archive.list {
        List::Of(entity, _) => Some(Ref::to(site, entity)),
        _ => None,
    };
    let mut trail = Vec::new();
    match archive.list {
        List::Index(kind) => trail.push(Ref::at(kind.title(site), route::index(site, kind))),
        List::Timeline => {
            trail.push(Ref::at(title(site, archive.list), route::named(site, "timeline")));
        }
        List::Corrections => {
            trail.push(Ref::at(title(site, archive.list), route::named(site, "corrections")));
        }
        List::Of(entity, section) => {
            if let Some(kind) = super::frame::kind_of(entity) {
                trail.push(Ref::at(kind.title(site), route::index(site, kind)));
            }
            let url = route::entity(site, entity);
            let anchored = [&url, "#", section.id()].concat();
            trail.push(Ref::at(site.name(entity), url));
            trail.push(Ref::at(title(site, archive.list), anchored));
        }
    }
    trail.extend(archive.above.iter().map(|(name, url)| Ref::at(name, url.clone())));
    let list = [("list", title(site, archive.list)), ("part", &*archive.title)];
    let heading = match &of {
        Some(of) => site.words.fill("archive_of", &[list[0], list[1], ("of", &of.name)]),
        None => site.words.fill("archive", &list),
    };
    ListingView {
        page: frame(site, page, ask, heading, about(site, archive.list), trail),
        kind: kind_of(archive.list),
        of,
        about: about(site, archive.list),
        timeline: None,
        listing: Listing {
            id: "items",
            title: &archive.title,
            items: Items::of(archive.items.iter().copied(), ask),
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
