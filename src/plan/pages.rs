//! The pages of a site.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::data::{self, DataFile, FeedOf};
use super::route::{self, Kind};
use super::shelf::{Limits, ON_A_PAGE, ON_AN_INDEX, Order, Shelf, shelve};
use crate::date::Date;
use crate::diagnostic::{Checked, Diagnostic, Place};
use crate::fingerprint::{ByFingerprint, Fingerprint};
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};
use crate::resolve::site::{BriefingNode, ClaimNode, Entity, Filing, Site};

/// Which pages there are, in the order of their addresses.
#[derive(Debug, Default)]
pub struct Plan {
    /// The pages.
    pub pages: Vec<Page>,
    /// Claims whose words decide on which page of an archive they stand, in order.
    by_words: Vec<u32>,
    /// The page, and whether the path of its file is written like its key.
    by_key: HashMap<Fingerprint, (u32, bool), ByFingerprint>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address from the site's root.
    pub url: String,
    /// The template's file name.
    pub template: &'static str,
    /// What it is about.
    pub subject: Subject,
}

/// What a page is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The site.
    Home,
    /// An entity.
    Entity(Entity),
    /// All entities of a kind.
    Index(Kind),
    /// All claims by when they were said.
    Timeline,
    /// All corrections.
    Corrections,
    /// A part of a list.
    Archive(Arc<ArchivePage>),
    /// The page to search.
    Search,
    /// An address that does not exist.
    NotFound,
    /// An address that an entity used to have.
    Redirect(Entity),
    /// The list of all canonical addresses, for search engines: which part.
    Sitemap(Option<usize>),
    /// What search engines are to know.
    Robots,
    /// What is new, as an Atom feed.
    Feed(FeedOf),
    /// A file of data, which no template makes.
    Data(DataFile),
    /// The page that lists the files of data.
    DataIndex,
}

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

/// A page of an archive.
#[derive(Debug, Clone)]
pub struct ArchivePage {
    /// The list that it is a part of.
    pub list: List,
    /// Its heading, without that of the list: `April 2010`.
    pub title: String,
    /// What stands on it.
    pub items: Arc<[Item]>,
    /// How many are on it and below it.
    pub count: usize,
    /// The parts it is divided into: label, address, count.
    pub below: Vec<(String, String, usize)>,
    /// The archive pages above it, outermost first: heading and address.
    pub above: Arc<[(String, String)]>,
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

    const ALL: [Self; 9] = [
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
#[must_use]
pub fn items(site: &Site, list: List) -> Vec<Item> {
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
fn listed_in(site: &Site, entity: Entity) -> &[u32] {
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

/// The name of an entity, as headings and links have it.
#[must_use]
pub fn name(site: &Site, entity: Entity) -> &str {
    match entity {
        Entity::Briefing(i) => &site.briefings[i as usize].facts().title,
        Entity::Claim(i) => &site.facts(i).text,
        Entity::Speaker(i) => &site.speakers[i as usize].name,
        Entity::Territory(i) => &site.territories[i as usize].name,
        Entity::Source(i) => &site.sources[i as usize].name,
        Entity::Proposition(i) => &site.propositions[i as usize].name,
        Entity::Topic(i) => &site.topics[i as usize].name,
        Entity::Page(i) => site.pages[i as usize].title(),
    }
}

fn sort_name(site: &Site, item: Item) -> &str {
    match item {
        Item::Entity(Entity::Speaker(i)) => {
            let node = &site.speakers[i as usize];
            node.facts.sort_name.as_deref().unwrap_or(&node.name)
        }
        Item::Entity(entity) => name(site, entity),
        Item::Correction(b, _) => &site.briefings[b as usize].facts().title,
    }
}

/// A list as its own page shows it: `items` of the whole, and the shelves that
/// it is divided into, which are not divided any further.
#[must_use]
pub fn shelved(site: &Site, list: List) -> Shelf<Item> {
    divided(site, list, Limits { shelf: usize::MAX, ..limits(list) })
}

fn limits(list: List) -> Limits {
    match list {
        List::Of(..) => ON_A_PAGE,
        _ => ON_AN_INDEX,
    }
}

/// A list, divided within `limits`.
fn divided(site: &Site, list: List, limits: Limits) -> Shelf<Item> {
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

/// How many addresses one sitemap may list; the protocol allows 50,000.
pub const SITEMAP: usize = 40_000;

/// The folder of the search index, from the site's root. No page and no file of
/// the author's may lie in it.
pub const INDEX: &str = "pagefind/";

/// The address of the page to search; `None` where the site has none, or holds
/// nothing that could be found.
#[must_use]
pub fn search_url(site: &Site) -> Option<String> {
    let is_empty =
        site.briefings.is_empty() && site.speakers.is_empty() && site.territories.is_empty();
    (site.config.searches() && !is_empty).then(|| route::named(site, "search"))
}

/// Whether a file would lie in the folder of the search index, or be in its
/// way.
#[must_use]
pub fn is_in_index(file: &str) -> bool {
    let key = collision_key(file);
    key.starts_with(INDEX) || *key == INDEX[..INDEX.len() - 1]
}

/// Finds out which pages a site has.
///
/// Two pages on one address, or on two that a file system or host might take
/// for one, is an error that names both.
pub fn plan(site: &Site) -> Checked<Plan> {
    let mut pages = Vec::new();
    let mut add = |url: String, template: &'static str, subject: Subject| {
        pages.push(Page { url, template, subject });
    };
    add(route::HOME.to_owned(), "home.html", Subject::Home);
    add("404.html".to_owned(), "not_found.html", Subject::NotFound);
    if let Some(url) = search_url(site) {
        add(url, "search.html", Subject::Search);
    }
    if !data::whole(site).is_empty() {
        add(route::named(site, "data"), "data.html", Subject::DataIndex);
    }
    let mut lists = Vec::new();
    for kind in Kind::ALL {
        // Readers look for these three on every site.
        let always = matches!(kind, Kind::Briefings | Kind::Speakers | Kind::Claims);
        if always || kind.count(site) > 0 {
            add(route::index(site, kind), "listing.html", Subject::Index(kind));
            lists.push(List::Index(kind));
        }
    }
    if !site.claims.is_empty() {
        add(route::named(site, "timeline"), "timeline.html", Subject::Timeline);
        lists.push(List::Timeline);
    }
    if !site.corrections.is_empty() {
        add(route::named(site, "corrections"), "corrections.html", Subject::Corrections);
        lists.push(List::Corrections);
    }
    // By address already, but for a few: what is sorted is sorted quickly.
    let mut briefings: Vec<&BriefingNode> = site.briefings.iter().collect();
    briefings.par_sort_unstable_by_key(|briefing| &briefing.document.id);
    let claims = briefings.iter().flat_map(|b| b.claims.iter().map(|c| Entity::Claim(*c)));
    let entities: Vec<Entity> = site.entities().chain(claims).collect();
    let lists_of = |entity: &Entity| Section::ALL.map(|section| List::Of(*entity, section));
    let long: Vec<List> = lists
        .into_par_iter()
        .chain(entities.par_iter().flat_map_iter(lists_of))
        .filter(|list| is_long(site, *list))
        .collect();
    // Where every claim has a date of its own, the timeline is divided as their index is.
    let is_timeline_of_all = site.claims.iter().all(|claim| claim.said.is_some());
    let is_alike = |list: &List| *list == List::Timeline && is_timeline_of_all;
    // The first of them are by far the longest.
    let archives: Vec<(Vec<Page>, Vec<u32>)> = long
        .into_par_iter()
        .with_max_len(1)
        .filter(|list| !is_alike(list))
        .map(|list| {
            let whole = divided(site, list, limits(list));
            let of = |list| {
                let mut pages = Vec::new();
                add_archive(site, list, &whole.below, &[].into(), &mut pages);
                pages
            };
            let is_twice = list == List::Index(Kind::Claims) && is_alike(&List::Timeline);
            let twin = || if is_twice { of(List::Timeline) } else { Vec::new() };
            let (mut pages, twin) = rayon::join(|| of(list), twin);
            pages.extend(twin);
            let mut by_words = Vec::new();
            add_by_words(&whole.below, &mut by_words);
            (pages, by_words)
        })
        .collect();
    let archived: usize = archives.iter().map(|(pages, _)| pages.len()).sum();
    // To move them later would take longer than to make room for some more.
    pages.reserve((entities.len() + archived) * 9 / 8);
    pages.par_extend(entities.par_iter().map(|entity| Page {
        url: route::entity(site, *entity),
        template: template(*entity),
        subject: Subject::Entity(*entity),
    }));
    let mut by_words = Vec::new();
    for (of_list, named) in archives {
        pages.extend(of_list);
        by_words.extend(named);
    }
    by_words.par_sort_unstable();
    by_words.dedup();
    add_redirects(site, &mut pages);
    if site.config.base_url.is_some() {
        add_sitemap(&mut pages);
    }
    let files = data::files(site);
    pages.extend(files.map(|(url, template, subject)| Page { url, template, subject }));
    pages.par_sort_by(|a, b| a.url.cmp(&b.url));
    let Checked { value, diagnostics } = check(site, pages);
    Checked { value: Plan { by_words, ..value }, diagnostics }
}

/// Whether a list has an archive, found out without making the list.
fn is_long(site: &Site, list: List) -> bool {
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

fn template(entity: Entity) -> &'static str {
    match entity {
        Entity::Briefing(_) => "briefing.html",
        Entity::Claim(_) => "claim.html",
        Entity::Speaker(_) => "speaker.html",
        Entity::Territory(_) => "territory.html",
        Entity::Source(_) => "source.html",
        Entity::Proposition(_) => "proposition.html",
        Entity::Topic(_) => "topic.html",
        Entity::Page(_) => "page.html",
    }
}

fn add_archive(
    site: &Site,
    list: List,
    shelves: &[Shelf<Item>],
    above: &Arc<[(String, String)]>,
    pages: &mut Vec<Page>,
) {
    for shelf in shelves {
        let url = shelf_url(site, list, &shelf.slug);
        let below = shelf
            .below
            .iter()
            .map(|b| (b.label.clone(), shelf_url(site, list, &b.slug), b.count))
            .collect();
        let page = ArchivePage {
            list,
            title: shelf.title.clone(),
            items: Arc::clone(&shelf.items),
            count: shelf.count,
            below,
            above: Arc::clone(above),
        };
        pages.push(Page {
            url: url.clone(),
            template: "listing.html",
            subject: Subject::Archive(Arc::new(page)),
        });
        if !shelf.below.is_empty() {
            let here = (shelf.title.clone(), url);
            let above = above.iter().cloned().chain([here]).collect();
            add_archive(site, list, &shelf.below, &above, pages);
        }
    }
}

/// Adds the claims whose names decide on which of these shelves they stand.
fn add_by_words(shelves: &[Shelf<Item>], by_words: &mut Vec<u32>) {
    for shelf in shelves {
        if shelf.is_by_name {
            by_words.extend(shelf.items.iter().filter_map(|item| match item {
                Item::Entity(Entity::Claim(claim)) => Some(*claim),
                _ => None,
            }));
        }
        add_by_words(&shelf.below, by_words);
    }
}

/// A page for every former id, and for the claims of a briefing that had one.
fn add_redirects(site: &Site, pages: &mut Vec<Page>) {
    for entity in site.entities() {
        let Some(document) = site.document(entity) else { continue };
        for former in former_ids(document) {
            let now = route::stem(site, entity);
            let folder =
                now.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            let mut add = |from: String, to: Entity| {
                pages.push(Page {
                    url: route::named(site, &from),
                    template: "redirect.html",
                    subject: Subject::Redirect(to),
                });
            };
            add(format!("{folder}{former}"), entity);
            if let Entity::Briefing(b) = entity {
                for claim in &site.briefings[b as usize].claims {
                    add(
                        format!("claims/{former}/{}", site.facts(*claim).id),
                        Entity::Claim(*claim),
                    );
                }
            }
        }
    }
}

fn former_ids(document: &Document) -> &[String] {
    match &document.entry {
        Entry::Briefing(e) => &e.former_ids,
        Entry::Speaker(e) => &e.former_ids,
        Entry::Territory(e) => &e.former_ids,
        Entry::Source(e) => &e.former_ids,
        Entry::Proposition(e) => &e.former_ids,
        Entry::Topic(e) => &e.former_ids,
        Entry::Page(e) => &e.former_ids,
    }
}

fn add_sitemap(pages: &mut Vec<Page>) {
    let parts = pages.iter().filter(|p| p.is_canonical()).count().div_ceil(SITEMAP);
    let mut add = |url: String, subject: Subject| {
        pages.push(Page { url, template: "sitemap.xml", subject });
    };
    add("sitemap.xml".to_owned(), Subject::Sitemap(None));
    if parts > 1 {
        for part in 0..parts {
            add(format!("sitemap-{}.xml", part + 1), Subject::Sitemap(Some(part)));
        }
    }
    pages.push(Page {
        url: "robots.txt".to_owned(),
        template: "robots.txt",
        subject: Subject::Robots,
    });
}

impl Page {
    /// Whether search engines are to know it by this address.
    #[must_use]
    pub fn is_canonical(&self) -> bool {
        !matches!(
            self.subject,
            Subject::NotFound
                | Subject::Search
                | Subject::Redirect(_)
                | Subject::Sitemap(_)
                | Subject::Robots
                | Subject::Feed(_)
                | Subject::Data(_)
        )
    }

    /// The file that it is written to, from the site's root.
    #[must_use]
    pub fn file(&self) -> String {
        route::file(&self.url)
    }
}

/// The form in which file systems and hosts may take two addresses for one.
#[must_use]
pub fn collision_key(file: &str) -> Cow<'_, str> {
    let is_plain = |b: u8| b.is_ascii() && !b.is_ascii_uppercase() && b != b'%';
    // Without an early way out, many bytes are looked at at a time.
    if file.bytes().fold(true, |all, b| all & is_plain(b)) {
        // Most are, and normalising them is most of what this costs.
        return Cow::Borrowed(file);
    }
    Cow::Owned(route::decoded(file).nfc().flat_map(char::to_lowercase).nfc().collect())
}

/// What stands for the form in which two addresses are compared.
fn key(file: &str) -> Fingerprint {
    Fingerprint::of(collision_key(file).as_bytes())
}

fn check(site: &Site, pages: Vec<Page>) -> Checked<Plan> {
    let mut problems = Vec::new();
    let is_searched = search_url(site).is_some();
    let key = |page: &Page| {
        let file = page.file();
        let key = key(&file);
        (key, key == Fingerprint::of(file.as_bytes()), is_searched && is_in_index(&file))
    };
    let keys: Vec<(Fingerprint, bool, bool)> = pages.par_iter().map(key).collect();
    let mut by_key = HashMap::with_capacity_and_hasher(pages.len(), ByFingerprint::default());
    for (index, (page, (key, is_plain, is_in_way))) in (0u32..).zip(pages.iter().zip(keys)) {
        if let Some((first, _)) = by_key.insert(key, (index, is_plain)) {
            problems.extend(collision(site, &pages[first as usize], page));
        }
        if is_in_way {
            problems.push(
                Diagnostic::error(
                    "same-address",
                    place_of(site, page),
                    format!(
                        "this page would have the address `{}`, in the folder of the search index",
                        page.url
                    ),
                )
                .hint("give it another `id:` or file name, or set `search: false` in `site.yaml`"),
            );
        }
    }
    Checked { value: Plan { pages, by_key, ..Plan::default() }, diagnostics: problems }
}

/// Two pages on one address. `None` where one of them is a former id's, and
/// whoever joined the documents has reported that id.
fn collision(site: &Site, first: &Page, second: &Page) -> Option<Diagnostic> {
    let (one, other) = (owner(first), owner(second));
    let is_redirect = |page: &Page| matches!(page.subject, Subject::Redirect(_));
    if let (Some(one), Some(other)) = (one, other)
        && (is_redirect(first) || is_redirect(second))
        && std::mem::discriminant(&one) == std::mem::discriminant(&other)
    {
        return None;
    }
    let error = |place, message| Diagnostic::error("same-address", place, message);
    Some(match (one, other) {
        (None, Some(_)) | (Some(_), None) => {
            let own = if one.is_some() { first } else { second };
            error(
                place_of(site, own),
                format!(
                    "this page would have the address `{}`, which the site needs itself",
                    own.url
                ),
            )
            .hint("give it another `id:` or file name")
        }
        _ => error(place_of(site, second), format!("two pages have the address `{}`", second.url))
            .related(place_of(site, first), "the other page")
            .hint("give one of them another `id:` or file name"),
    })
}

/// Where the author would go to change the address of a page, a former id's
/// too.
fn place_of(site: &Site, page: &Page) -> Place {
    match page.subject {
        Subject::Redirect(entity) => site.document(entity).map_or_else(
            || place(site, &page.subject),
            |document| document.place(&Pointer::root().key("former_ids"), Aim::Value),
        ),
        _ => place(site, &page.subject),
    }
}

/// The entity that a page is about, or leads on to.
fn owner(page: &Page) -> Option<Entity> {
    match page.subject {
        Subject::Entity(entity) | Subject::Redirect(entity) => Some(entity),
        _ => None,
    }
}

/// Where the author would go to change a page's address.
#[must_use]
pub fn place(site: &Site, subject: &Subject) -> Place {
    let entity = match subject {
        Subject::Entity(entity) => Some(*entity),
        Subject::Archive(page) => match page.list {
            List::Of(entity, _) => Some(entity),
            _ => None,
        },
        _ => None,
    };
    let document = entity.and_then(|e| match e {
        Entity::Claim(c) => {
            Some(&site.briefings[site.claims[c as usize].briefing as usize].document)
        }
        e => site.document(e),
    });
    match (document, entity) {
        (Some(document), Some(Entity::Claim(c))) => {
            let at = Pointer::root()
                .key("claims")
                .index(site.claims[c as usize].number as usize)
                .key("id");
            document.place(&at, Aim::Value)
        }
        (Some(document), _) => document.id_place(),
        (None, Some(entity)) => match listed_in(site, entity).first() {
            Some(b) => Place::file(&site.briefings[*b as usize].document.source.path),
            None => Place::file(&crate::read::snapshot::CONFIG_FILE.into()),
        },
        (None, None) => Place::file(&crate::read::snapshot::CONFIG_FILE.into()),
    }
}

impl Plan {
    /// Whether the words of a claim decide on which page of an archive it stands.
    #[must_use]
    pub fn is_by_words(&self, claim: u32) -> bool {
        self.by_words.binary_search(&claim).is_ok()
    }

    /// The page behind a file of the site.
    #[must_use]
    pub fn page(&self, file: &str) -> Option<&Page> {
        self.like(file).filter(|page| route::is_file(&page.url, file))
    }

    /// The page behind a file of the site whose path has this fingerprint.
    /// Most are found so; of what is not, [`page`](Self::page) can tell.
    #[must_use]
    pub fn page_of(&self, path: Fingerprint) -> Option<&Page> {
        let (index, is_plain) = self.by_key.get(&path)?;
        is_plain.then(|| &self.pages[*index as usize])
    }

    /// The page whose file some file system or host might take for this one.
    #[must_use]
    pub fn like(&self, file: &str) -> Option<&Page> {
        self.by_key.get(&key(file)).map(|(index, _)| &self.pages[*index as usize])
    }

    /// The address of the page that a host would serve for a path from the
    /// site's root, with or without a slash, `index.html` or an ending.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Page> {
        let path = route::decoded(path.trim_start_matches('/'));
        match path.trim_end_matches('/') {
            "" => self.page("index.html"),
            bare => ["", ".html", "/index.html"]
                .iter()
                .find_map(|ending| self.page(&[bare, ending].concat())),
        }
    }
}
