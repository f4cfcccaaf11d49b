//! The home page: what is new, and the ways in.

use serde::Serialize;

use super::card::{Items, Tally};
use super::frame::{Frame, frame};
use super::linked_data;
use super::wanted::Ask;
use crate::model::claim::RelationKind as R;
use crate::plan::lists::Item;
use crate::plan::pages::Page;
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
    /// The newest claims that others dispute, refute or take back.
    pub contested: Items,
    /// The newest corrections.
    pub corrections: Items,
    /// Who makes the most claims.
    pub speakers: Tally<'a>,
    /// Which places most claims concern.
    pub territories: Tally<'a>,
    /// What is said most often.
    pub propositions: Tally<'a>,
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
const NEWEST: usize = 8;

/// How many entities of a kind it names.
const MOST: usize = 10;

/// The home page.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page, ask: &Ask<'_>) -> HomeView<'a> {
    let newest = |count: usize, make: fn(u32) -> Entity| {
        let all = 0..u32::try_from(count.min(NEWEST)).unwrap_or(0);
        Items::of(all.map(|i| Item::Entity(make(i))), ask)
    };
    let corrections = site.corrections.iter().take(5).map(|(b, n)| Item::Correction(*b, *n));
    let description = site.config.description.as_deref().unwrap_or_default();
    let mut frame = frame(site, page, ask, &*site.config.title, description, Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::home(site, &frame));
    let tally = |counts: Vec<(Entity, usize)>| Tally::most(site, counts, MOST);
    HomeView {
        page: frame,
        briefings: newest(site.briefings.len(), Entity::Briefing),
        claims: newest(site.claims.len(), Entity::Claim),
        contested: Items::of(contested(site), ask),
        corrections: Items::of(corrections, ask),
        speakers: tally(counted(&site.speakers, Entity::Speaker, |node| node.said.len())),
        territories: tally(counted(&site.territories, Entity::Territory, |n| n.claims.len())),
        propositions: tally(counted(&site.propositions, Entity::Proposition, |n| n.claims.len())),
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

/// How often each entity of a kind comes.
fn counted<T>(all: &[T], make: fn(u32) -> Entity, count: fn(&T) -> usize) -> Vec<(Entity, usize)> {
    (0u32..).zip(all).map(|(i, node)| (make(i), count(node))).filter(|(_, n)| *n > 0).collect()
}

/// The newest claims against which another stands.
fn contested(site: &Site) -> impl Iterator<Item = Item> {
    let is_contested = |c: &u32| {
        let mut incoming = site.claims[*c as usize].incoming.iter();
        incoming.any(|(kind, ..)| matches!(kind, R::Disputes | R::Refutes | R::Retracts))
    };
    let all = 0..u32::try_from(site.claims.len()).unwrap_or(u32::MAX);
    all.filter(is_contested).take(NEWEST).map(|c| Item::Entity(Entity::Claim(c)))
}
