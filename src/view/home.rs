//! The home page: what is new, and the ways in.

use serde::Serialize;

use super::card::{Draw, Items};
use super::frame::{Frame, frame};
use crate::plan::pages::{Item, Page};
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomeView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The newest briefings.
    pub briefings: Items,
    /// The newest claims.
    pub claims: Items,
    /// The newest corrections.
    pub corrections: Items,
    /// Every kind of entity with its index and how many there are.
    pub kinds: Vec<KindCount<'a>>,
}

/// A kind of entity, its index, its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindCount<'a> {
    /// `Speakers`.
    pub title: &'a str,
    /// The index.
    pub url: String,
    /// How many.
    pub count: usize,
}

/// How many of each kind the home page shows.
const NEWEST: usize = 12;

/// The home page.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page, draw: &Draw<'_>) -> HomeView<'a> {
    let newest = |count: usize, make: fn(u32) -> Entity| {
        let all = 0..u32::try_from(count.min(NEWEST)).unwrap_or(0);
        Items::of(all.map(|i| Item::Entity(make(i))), draw)
    };
    let corrections = site.corrections.iter().take(5).map(|(b, n)| Item::Correction(*b, *n));
    HomeView {
        page: frame(
            site,
            page,
            &*site.config.title,
            site.config.description.as_deref().unwrap_or_default(),
            Vec::new(),
        ),
        briefings: newest(site.briefings.len(), Entity::Briefing),
        claims: newest(site.claims.len(), Entity::Claim),
        corrections: Items::of(corrections, draw),
        kinds: Kind::ALL
            .into_iter()
            .filter(|kind| kind.count(site) > 0)
            .map(|kind| KindCount {
                title: kind.title(site),
                url: route::index(site, kind),
                count: kind.count(site),
            })
            .collect(),
    }
}
