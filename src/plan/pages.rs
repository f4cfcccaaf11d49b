//! The pages of a site.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::data::{self, DataFile, FeedOf};
use super::faults;
use super::lists::{Item, List, Section, divided, is_long, limits, shelf_url};
use super::route::{self, Kind};
use super::shelf::Shelf;
use crate::diagnostic::Checked;
use crate::fingerprint::{ByFingerprint, Fingerprint};
use crate::parse::document::{Document, Entry};
use crate::path::{folded, is_in_the_way};
use crate::resolve::site::{BriefingNode, Entity, Site};

/// Which pages there are, in the order of their addresses.
#[derive(Debug, Default)]
pub struct Plan {
    /// The pages.
    pub pages: Vec<Page>,
    /// Claims whose words decide on which page of an archive they stand, in order.
    by_words: Vec<u32>,
    /// The page behind each file, by its path.
    by_path: HashMap<Fingerprint, u32, ByFingerprint>,
    /// Pages whose paths are not in their [`folded`] form, by that: few, as ids are
    /// in lower case.
    by_folded: HashMap<Fingerprint, u32, ByFingerprint>,
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

/// Whether a file whose path has this [`folded`] form would lie in the folder of the
/// search index, or be in its way.
#[must_use]
pub fn is_in_index(folded: &str) -> bool {
    is_in_the_way(folded, INDEX.trim_end_matches('/'))
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
    // Where every claim has a date of its own, the timeline is divided as their index is.
    let is_timeline_of_all = site.claims.iter().all(|claim| claim.said.is_some());
    if !site.claims.is_empty() {
        add(route::named(site, "timeline"), "timeline.html", Subject::Timeline);
        if !is_timeline_of_all {
            lists.push(List::Timeline);
        }
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
    // The first of them are by far the longest.
    let archives: Vec<(Vec<Page>, Vec<u32>)> = long
        .into_par_iter()
        .with_max_len(1)
        .map(|list| {
            let whole = divided(site, list, limits(list));
            let of = |list| {
                let mut pages = Vec::new();
                add_archive(site, list, &whole.below, &[].into(), &mut pages);
                pages
            };
            let is_timeline = is_timeline_of_all && list == List::Index(Kind::Claims);
            let timeline = || if is_timeline { of(List::Timeline) } else { Vec::new() };
            let (mut pages, timeline) = rayon::join(|| of(list), timeline);
            pages.extend(timeline);
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

fn check(site: &Site, pages: Vec<Page>) -> Checked<Plan> {
    let mut problems = Vec::new();
    let is_searched = search_url(site).is_some();
    let path = |page: &Page| {
        let file = page.file();
        let folded = folded(&file);
        let key = (folded != file).then(|| Fingerprint::of(folded.as_bytes()));
        (Fingerprint::of(file.as_bytes()), key, is_searched && is_in_index(&folded))
    };
    let paths: Vec<_> = pages.par_iter().map(path).collect();
    let mut by_path = HashMap::with_capacity_and_hasher(pages.len(), ByFingerprint::default());
    let mut by_folded = HashMap::with_hasher(ByFingerprint::default());
    let mut problem = |first: u32, second: &Page| {
        problems.extend(faults::collision(site, &pages[first as usize], second));
    };
    for (index, (page, (path, key, _))) in (0u32..).zip(pages.iter().zip(&paths)) {
        let first = by_path.insert(*path, index).or_else(|| by_folded.insert((*key)?, index));
        if let Some(first) = first {
            problem(first, page);
        }
    }
    for (key, index) in &by_folded {
        if let Some(first) = by_path.get(key) {
            problem(*first, &pages[*index as usize]);
        }
    }
    problems.extend(pages.iter().filter_map(|page| faults::long_id(site, page)));
    let in_index = pages.iter().zip(paths).filter(|(_, (.., is_in_way))| *is_in_way);
    problems.extend(in_index.map(|(page, _)| faults::in_index(site, page)));
    let plan = Plan { pages, by_path, by_folded, ..Plan::default() };
    Checked { value: plan, diagnostics: problems }
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
        self.page_of(Fingerprint::of(file.as_bytes()))
    }

    /// The page behind a file of the site whose path has this fingerprint.
    #[must_use]
    pub fn page_of(&self, path: Fingerprint) -> Option<&Page> {
        self.by_path.get(&path).map(|index| &self.pages[*index as usize])
    }

    /// The page whose file some file system or host might take for this one.
    #[must_use]
    pub fn like(&self, file: &str) -> Option<&Page> {
        let key = Fingerprint::of(folded(file).as_bytes());
        let index = self.by_path.get(&key).or_else(|| self.by_folded.get(&key))?;
        self.pages.get(*index as usize)
    }

    /// The pages whose files are not called by the [`folded`] form of their paths.
    pub fn unfolded(&self) -> impl Iterator<Item = &Page> {
        self.by_folded.values().map(|index| &self.pages[*index as usize])
    }

    /// Whether pages lie in a folder with this path.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        let first = self.pages.partition_point(|page| page.url < inside);
        self.pages.get(first).is_some_and(|page| page.url.starts_with(&inside))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use unicode_normalization::UnicodeNormalization;

    use crate::id::{Id, NotAnId};
    use crate::plan::shelf::{Limits, Order, Shelf, shelve};
    use crate::words::Words;

    /// Letters whose case or normal form is of more than one, marks, and what is
    /// left out or spelled.
    const LETTERS: [char; 24] = [
        'a', 'E', 'ß', 'ŉ', 'ǰ', 'ǅ', 'ﬁ', 'İ', 'ı', 'Σ', 'ς', 'ΐ', 'ᾳ', '\u{212b}', '각',
        '\u{1100}', '\u{1161}', '\u{300}', '\u{307}', '\u{345}', '\'', '+', '-', '%',
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_paths_are_made_of_is_in_normal_form_and_lower_case(
            letters in prop::collection::vec(prop::sample::select(&LETTERS[..]), 1..6),
        ) {
            let name: String = letters.into_iter().collect();
            let lower = |text: &str| -> String {
                text.nfc().flat_map(char::to_lowercase).nfc().collect()
            };
            // On a page of an archive for itself, with a name that begins alike.
            let limits = Limits { whole: 1, newest: 1, shelf: 1 };
            let longer = name.clone() + "a";
            let names = [name.as_str(), longer.as_str()];
            let order = Order::Name(&|name: &&str| name);
            let mut shelves = vec![shelve(&names, &order, limits, &Words::default())];
            while let Some(Shelf { slug, below, .. }) = shelves.pop() {
                prop_assert_eq!(lower(&slug), &*slug);
                shelves.extend(below);
            }
            if let Some(id) = Id::from_name(&name) {
                let taken = Id::parse(id.as_str());
                let expected = match &taken {
                    Err(NotAnId::Reserved) => Err(NotAnId::Reserved),
                    _ => Ok(id.clone()),
                };
                prop_assert_eq!(taken, expected);
                prop_assert_eq!(lower(id.as_str()), id.as_str());
            }
        }
    }
}
