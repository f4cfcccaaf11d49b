//! What stands in the lists of a site, and how a long one is divided.

use super::route::{self, Kind};
use super::shelf::{Limits, ON_A_PAGE, ON_AN_INDEX, Order, Shelf, shelve};
use crate::date::Date;
use crate::resolve::site::{ClaimNode, Entity, Filing, Site};

/// A list that may be too long for one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// All entities of a kind.
    Index(Kind),
    /// All claims that have a date of their own.
    Timeline,
    /// All corrections.
    Corrections,
    /// One of an entity's lists.
    Of(Entity, Section),
}

/// The lists that an entity's page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Claims a speaker made.
    Said,
    /// Claims a speaker passed on.
    Relayed,
    /// Claims about a speaker.
    About,
    /// Claims that were told to a speaker.
    Told,
    /// Claims of a territory, source, proposition, topic.
    Claims,
    /// Claims about what is part of a territory.
    Within,
    /// Claims for which a source is cited.
    CitedFor,
    /// Briefings that list the entity.
    Briefings,
    /// What links to it, other than those.
    LinksHere,
}

/// One thing in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// An entity.
    Entity(Entity),
    /// A correction: the briefing and its number there, from 0.
    Correction(u32, u32),
}

impl Section {
    /// In an address and as an anchor: `said`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Relayed => "relayed",
            Self::About => "about",
            Self::Told => "told",
            Self::Claims => "claims",
            Self::Within => "within",
            Self::CitedFor => "cited-for",
            Self::Briefings => "briefings",
            Self::LinksHere => "links-here",
        }
    }

    pub(super) const ALL: [Self; 9] = [
        Self::Said,
        Self::Relayed,
        Self::About,
        Self::Told,
        Self::Claims,
        Self::Within,
        Self::CitedFor,
        Self::Briefings,
        Self::LinksHere,
    ];
}

/// What a list holds, in its order.
fn items(site: &Site, list: List) -> Vec<Item> {
    fn all(count: usize, make: fn(u32) -> Entity) -> Vec<Item> {
        (0..u32::try_from(count).unwrap_or(u32::MAX)).map(|i| Item::Entity(make(i))).collect()
    }
    match list {
        List::Index(Kind::Briefings) => all(site.briefings.len(), Entity::Briefing),
        List::Index(Kind::Speakers) => all(site.speakers.len(), Entity::Speaker),
        List::Index(Kind::Claims) => all(site.claims.len(), Entity::Claim),
        List::Index(Kind::Territories) => all(site.territories.len(), Entity::Territory),
        List::Index(Kind::Sources) => all(site.sources.len(), Entity::Source),
        List::Index(Kind::Propositions) => all(site.propositions.len(), Entity::Proposition),
        List::Index(Kind::Topics) => all(site.topics.len(), Entity::Topic),
        List::Timeline => dated(site).map(|index| Item::Entity(Entity::Claim(index))).collect(),
        List::Corrections => {
            site.corrections.iter().map(|(b, n)| Item::Correction(*b, *n)).collect()
        }
        List::Of(entity, Section::LinksHere) => links_here(site, entity),
        List::Of(entity, section) => {
            let (indexes, make) = listed(site, entity, section);
            indexes.iter().map(|i| Item::Entity(make(*i))).collect()
        }
    }
}

/// A list of an entity other than what links to it, and what its indexes are of.
fn listed(site: &Site, entity: Entity, section: Section) -> (&[u32], fn(u32) -> Entity) {
    let claims: &[u32] = match (entity, section) {
        (_, Section::Briefings) => return (listed_in(site, entity), Entity::Briefing),
        (Entity::Speaker(i), Section::Said) => &site.speakers[i as usize].said,
        (Entity::Speaker(i), Section::Relayed) => &site.speakers[i as usize].relayed,
        (Entity::Speaker(i), Section::About) => &site.speakers[i as usize].about,
        (Entity::Speaker(i), Section::Told) => &site.speakers[i as usize].told,
        (Entity::Territory(i), Section::Claims) => &site.territories[i as usize].claims,
        (Entity::Territory(i), Section::Within) => &site.territories[i as usize].claims_within,
        (Entity::Source(i), Section::Claims) => &site.sources[i as usize].claims,
        (Entity::Source(i), Section::CitedFor) => &site.sources[i as usize].cited_for,
        (Entity::Proposition(i), Section::Claims) => &site.propositions[i as usize].claims,
        (Entity::Topic(i), Section::Claims) => &site.topics[i as usize].claims,
        _ => &[],
    };
    (claims, Entity::Claim)
}

/// The briefings that list an entity.
pub(super) fn listed_in(site: &Site, entity: Entity) -> &[u32] {
    match entity {
        Entity::Speaker(i) => &site.speakers[i as usize].briefings,
        Entity::Territory(i) => &site.territories[i as usize].briefings,
        Entity::Source(i) => &site.sources[i as usize].briefings,
        Entity::Topic(i) => &site.topics[i as usize].briefings,
        _ => &[],
    }
}

fn linked_from(site: &Site, entity: Entity) -> &[Entity] {
    match entity {
        Entity::Briefing(i) => &site.briefings[i as usize].linked_from,
        Entity::Claim(i) => &site.claims[i as usize].linked_from,
        Entity::Speaker(i) => &site.speakers[i as usize].linked_from,
        Entity::Territory(i) => &site.territories[i as usize].linked_from,
        Entity::Source(i) => &site.sources[i as usize].linked_from,
        Entity::Proposition(i) => &site.propositions[i as usize].linked_from,
        Entity::Topic(i) => &site.topics[i as usize].linked_from,
        Entity::Page(i) => &site.pages[i as usize].linked_from,
    }
}

/// What links to an entity and is not there already as a briefing that lists
/// it, or as the briefing that records it.
fn links_here(site: &Site, entity: Entity) -> Vec<Item> {
    let listed = listed_in(site, entity);
    let recorded_in = match entity {
        Entity::Claim(i) => Some(site.claims[i as usize].briefing),
        _ => None,
    };
    // Claims that name a speaker as one of these stand in a list of their own.
    let named: [&[u32]; 4] = match entity {
        Entity::Speaker(i) => {
            let node = &site.speakers[i as usize];
            [&node.said, &node.relayed, &node.about, &node.told]
        }
        _ => [&[]; 4],
    };
    linked_from(site, entity)
        .iter()
        .filter(|from| match from {
            Entity::Briefing(b) => listed.binary_search(b).is_err() && recorded_in != Some(*b),
            Entity::Claim(c) => named.iter().all(|list| list.binary_search(c).is_err()),
            _ => true,
        })
        .map(|from| Item::Entity(*from))
        .collect()
}

/// What an item is filed under: for a claim the date on which it was said, or
/// else that of the briefing that records it.
fn filing(site: &Site, item: &Item) -> Option<Filing> {
    match item {
        Item::Entity(Entity::Claim(c)) => site.claims[*c as usize].filing,
        Item::Entity(Entity::Briefing(b)) => site.briefings[*b as usize].filing,
        Item::Entity(_) => None,
        Item::Correction(b, n) => site.briefings[*b as usize].facts().corrections[*n as usize]
            .date
            .as_ref()
            .and_then(Date::filed_under),
    }
}

fn sort_name(site: &Site, item: Item) -> &str {
    match item {
        Item::Entity(Entity::Speaker(i)) => {
            let node = &site.speakers[i as usize];
            node.facts.sort_name.as_deref().unwrap_or(&node.name)
        }
        Item::Entity(entity) => site.name(entity),
        Item::Correction(b, _) => &site.briefings[b as usize].facts().title,
    }
}

/// A list as its own page shows it: `items` of the whole, and the shelves that
/// it is divided into, which are not divided any further.
#[must_use]
pub fn shelved(site: &Site, list: List) -> Shelf<Item> {
    divided(site, list, Limits { shelf: usize::MAX, ..limits(list) })
}

pub(super) fn limits(list: List) -> Limits {
    match list {
        List::Of(..) => ON_A_PAGE,
        _ => ON_AN_INDEX,
    }
}

/// A list, divided within `limits`.
pub(super) fn divided(site: &Site, list: List, limits: Limits) -> Shelf<Item> {
    let items = items(site, list);
    if items.len() <= limits.whole {
        return Shelf::whole(items);
    }
    let date = |item: &Item| filing(site, item);
    let name = |item: &Item| sort_name(site, *item);
    let by_name = matches!(
        list,
        List::Index(
            Kind::Speakers | Kind::Territories | Kind::Sources | Kind::Propositions | Kind::Topics
        )
    );
    let order = if by_name { Order::Name(&name) } else { Order::Date(&date, &name) };
    let mut whole = shelve(&items, &order, limits, &site.words);
    if by_name && !whole.below.is_empty() {
        // Letters alone are a poor welcome: those with the most claims are
        // shown, by name.
        let mut most = items;
        most.sort_by_key(|item| std::cmp::Reverse(weight(site, item)));
        most.truncate(limits.newest);
        most.sort_unstable();
        whole.items = most.into();
    }
    whole
}

/// How many claims stand behind an entity.
fn weight(site: &Site, item: &Item) -> usize {
    match item {
        Item::Entity(Entity::Speaker(i)) => site.speakers[*i as usize].said.len(),
        Item::Entity(Entity::Territory(i)) => site.territories[*i as usize].claims.len(),
        Item::Entity(Entity::Source(i)) => site.sources[*i as usize].claims.len(),
        Item::Entity(Entity::Proposition(i)) => site.propositions[*i as usize].claims.len(),
        Item::Entity(Entity::Topic(i)) => {
            let node = &site.topics[*i as usize];
            node.claims.len() + node.briefings.len()
        }
        _ => 0,
    }
}

/// The claims that have a date of their own, newest first.
pub fn dated(site: &Site) -> impl Iterator<Item = u32> + '_ {
    let is_dated = |(_, claim): &(u32, &ClaimNode)| claim.said.is_some();
    (0..).zip(site.claims.iter()).filter(is_dated).map(|(index, _)| index)
}

/// The address of a shelf of a list.
#[must_use]
pub fn shelf_url(site: &Site, list: List, slug: &str) -> String {
    let folder = match list {
        List::Index(kind) => kind.id().to_owned(),
        List::Timeline => "timeline".to_owned(),
        List::Corrections => "corrections".to_owned(),
        List::Of(entity, section) => format!("{}/{}", route::stem(site, entity), section.id()),
    };
    route::named(site, &format!("archive/{folder}/{slug}"))
}

/// Whether a list has an archive, found out without making the list.
pub(super) fn is_long(site: &Site, list: List) -> bool {
    let most = ON_A_PAGE.whole;
    match list {
        List::Of(entity, Section::LinksHere) => {
            // Not all of these are in the list.
            linked_from(site, entity).len() > most && items(site, list).len() > most
        }
        List::Of(entity, section) => listed(site, entity, section).0.len() > most,
        _ => true,
    }
}
