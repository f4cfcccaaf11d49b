//! The home page: what is new, and the ways in.

use serde::Serialize;

use super::card;
use super::card::{BriefingCard, ClaimCard, CorrectionCard};
use super::frame::Frame;
use super::frame::frame;
use crate::plan::pages::Page;
use crate::plan::route::{self, Kind};
use crate::resolve::site::Site;

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomeView {
    /// What every page has.
    pub page: Frame,
    /// The newest briefings.
    pub briefings: Vec<BriefingCard>,
    /// The newest claims.
    pub claims: Vec<ClaimCard>,
    /// The newest corrections.
    pub corrections: Vec<CorrectionCard>,
    /// Every kind of entity with its index and how many there are.
    pub kinds: Vec<KindCount>,
}

/// A kind of entity, its index, its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// `Speakers`.
    pub title: String,
    /// The index.
    pub url: String,
    /// How many.
    pub count: usize,
}

/// How many of each kind the home page shows.
const NEWEST: usize = 12;

/// The home page.
#[must_use]
pub fn view(site: &Site, page: &Page) -> HomeView {
    let newest = |count: usize| 0..u32::try_from(count.min(NEWEST)).unwrap_or(0);
    HomeView {
        page: frame(
            site,
            page,
            &site.config.title,
            site.config.description.clone().unwrap_or_default(),
            Vec::new(),
        ),
        briefings: newest(site.briefings.len()).map(|b| card::briefing(site, b)).collect(),
        claims: newest(site.claims.len()).map(|c| card::claim(site, c)).collect(),
        corrections: site
            .corrections
            .iter()
            .take(5)
            .map(|(b, n)| card::correction(site, *b, *n))
            .collect(),
        kinds: Kind::ALL
            .into_iter()
            .filter(|kind| kind.count(site) > 0)
            .map(|kind| KindCount {
                title: kind.title().to_owned(),
                url: route::index(site, kind),
                count: kind.count(site),
            })
            .collect(),
    }
}
