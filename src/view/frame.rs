//! What every page has, whatever it is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::card::Ref;
use super::wanted::Ask;
use crate::plan::data::{DataFile, FeedOf, feed_url, has_feed, whole};
use crate::plan::lists::List;
use crate::plan::pages::{ArchivePage, Page, Subject, search_url};
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};

/// The page itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame<'a> {
    /// The template's name without its ending: `briefing`, `listing`.
    pub kind: &'static str,
    /// The entry of the menu that it belongs under: `speakers`, or nothing.
    pub section: &'static str,
    /// Its title, without the site's name.
    pub title: Cow<'a, str>,
    /// What it says, in a sentence or two, for search engines and previews.
    pub description: Cow<'a, str>,
    /// Its address from the site's root: `speakers/jane-doe.html`.
    pub url: &'a str,
    /// Its one absolute address; absent when the site has no `base_url`.
    pub canonical: Option<String>,
    /// What to put before an address from the site's root: `../`, or nothing.
    pub root: String,
    /// The language of its own words (BCP 47), the site's as a rule.
    pub lang: &'a str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The language of what it is about, where that is another.
    pub text_lang: Option<&'a str>,
    /// The direction of that language: `ltr` or `rtl`.
    pub text_dir: &'static str,
    /// The pages above it, the home page left out.
    pub trail: Vec<Ref<'a>>,
    /// The Atom feed of what it is about, from the site's root, where there is
    /// one.
    pub feed: Option<String>,
    /// The notes of a briefing as W3C Web Annotations, from the site's root, where
    /// the site has them.
    pub annotations: Option<String>,
    /// What it is about in the words of schema.org: JSON-LD, safe in a `script`
    /// element. Absent where the site does not want it, or has none to say.
    pub json_ld: Option<String>,
}

/// What is the same on every page: the templates' global `site`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Its language.
    pub language: String,
    /// Its absolute address, ends in `/`.
    pub base_url: Option<String>,
    /// The menu: an entry for every kind that the site has, and the author's own.
    pub nav: Vec<NavView>,
    /// Style sheets, from the site's root.
    pub styles: Vec<String>,
    /// Scripts, from the site's root.
    pub scripts: Vec<String>,
    /// The icon, from the site's root.
    pub icon: Option<String>,
    /// The page to search, from the site's root; absent where there is none.
    pub search: Option<String>,
    /// The script of that page, from the site's root.
    pub search_script: Option<String>,
    /// The script of pages that lead on to another, from the site's root; absent
    /// where there are none.
    pub redirect_script: Option<String>,
    /// Where each file of the theme lies, from the site's root, by its path in the
    /// theme: `site.files["logo.svg"]`. Those of the theme that it builds on are
    /// below that one's name.
    pub files: BTreeMap<String, String>,
    /// What the `integrity` attribute says of each style sheet and script, by their
    /// address from the site's root; empty where the site has `integrity: false`.
    pub integrity: BTreeMap<String, String>,
    /// The Atom feed of the newest briefings, from the site's root, where there
    /// is one.
    pub feed: Option<String>,
    /// The page that lists the files of data, from the site's root, where there
    /// is one.
    pub data: Option<String>,
    /// Whether drafts are shown, so that this is for the desk's eyes alone.
    pub drafts: bool,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavView {
    /// Its words.
    pub title: String,
    /// Where it leads: from the site's root, or absolute.
    pub url: String,
    /// Whether it leads out of the site.
    pub external: bool,
    /// The kind whose pages it stands for, as `speakers`; a template marks it
    /// when `page.section` is the same.
    pub section: String,
}

/// The kind that an entity belongs to; plain pages belong to none.
#[must_use]
pub fn kind_of(entity: Entity) -> Option<Kind> {
    Some(match entity {
        Entity::Briefing(_) => Kind::Briefings,
        Entity::Claim(_) => Kind::Claims,
        Entity::Speaker(_) => Kind::Speakers,
        Entity::Territory(_) => Kind::Territories,
        Entity::Source(_) => Kind::Sources,
        Entity::Proposition(_) => Kind::Propositions,
        Entity::Topic(_) => Kind::Topics,
        Entity::Page(_) => return None,
    })
}

/// What a page has in common with all others. `trail` says what stands above
/// it; an entity's index need not be said.
#[must_use]
pub fn frame<'a>(
    site: &'a Site,
    page: &'a Page,
    ask: &Ask<'_>,
    title: impl Into<Cow<'a, str>>,
    description: impl Into<Cow<'a, str>>,
    trail: Vec<Ref<'a>>,
) -> Frame<'a> {
    let kind = match &page.subject {
        Subject::Entity(entity) => kind_of(*entity),
        Subject::Index(kind) => Some(*kind),
        Subject::Archive(archive) => match &**archive {
            ArchivePage { list: List::Index(kind), .. } => Some(*kind),
            ArchivePage { list: List::Of(entity, _), .. } => kind_of(*entity),
            _ => None,
        },
        _ => None,
    };
    let section = match (&page.subject, kind) {
        (_, Some(kind)) => kind.id(),
        (Subject::Timeline, _) => "timeline",
        (Subject::Corrections, _) => "corrections",
        (Subject::Search, _) => "search",
        (Subject::DataIndex, _) => "data",
        (Subject::Archive(archive), _) if archive.list == List::Timeline => "timeline",
        (Subject::Archive(archive), _) if archive.list == List::Corrections => "corrections",
        _ => "",
    };
    let lang = site.words.language();
    let text_lang = language(site, &page.subject);
    let dir = direction(lang);
    Frame {
        kind: page.template.trim_end_matches(".html"),
        section,
        title: title.into(),
        description: description.into(),
        url: &page.url,
        canonical: ask.make("canonical", || {
            page.is_canonical().then(|| route::canonical(site, &page.url)).flatten()
        }),
        root: root(site, page),
        dir,
        lang,
        text_dir: if text_lang == lang { dir } else { direction(text_lang) },
        text_lang: Some(text_lang).filter(|own| *own != lang),
        trail: ask.make("trail", || {
            let index = kind.filter(|_| matches!(page.subject, Subject::Entity(_)));
            let index = index.map(|kind| Ref::at(kind.title(site), route::index(site, kind)));
            index.into_iter().chain(trail).collect()
        }),
        feed: feed(site, &page.subject),
        annotations: annotations(site, &page.subject),
        json_ld: None,
    }
}

/// The feed of what a page is about; every page has that of the site beside it.
fn feed(site: &Site, subject: &Subject) -> Option<String> {
    let of = match subject {
        Subject::Entity(entity) => FeedOf::Entity(*entity),
        Subject::Corrections => FeedOf::Corrections,
        _ => return None,
    };
    has_feed(site, of).then(|| feed_url(site, of, "xml"))
}

fn annotations(site: &Site, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Entity(Entity::Briefing(b)) if site.config.data.annotations => {
            Some(DataFile::Annotations(*b).url(site))
        }
        _ => None,
    }
}

/// What stands before an address from the site's root on this page.
#[must_use]
pub fn root(site: &Site, page: &Page) -> String {
    match page.subject {
        // This page is served for addresses at any depth.
        Subject::NotFound => route::base_path(site).to_owned(),
        _ => route::root(&page.url),
    }
}

fn language<'a>(site: &'a Site, subject: &Subject) -> &'a str {
    use crate::parse::document::Entry;
    let own = match subject {
        // The claim and its words are in the language of the text.
        Subject::Entity(Entity::Claim(c)) => {
            site.briefings[site.claims[*c as usize].briefing as usize].facts().lang.as_deref()
        }
        Subject::Entity(entity) => site.document(*entity).and_then(|d| match &d.entry {
            Entry::Briefing(b) => b.lang.as_deref(),
            Entry::Page(p) => p.lang.as_deref(),
            _ => None,
        }),
        _ => None,
    };
    own.unwrap_or(&site.config.language)
}

/// The direction in which a language is written.
///
/// Source: the right-to-left scripts of Unicode's CLDR, by their main languages.
#[must_use]
pub fn direction(lang: &str) -> &'static str {
    const SCRIPTS: [&str; 8] = ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg", "mand"];
    const LANGUAGES: [&str; 13] =
        ["ar", "he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "syr", "nqo", "azb"];
    let mut parts = lang.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    let (known, part) = match parts.find(|p| p.len() == 4) {
        Some(script) => (SCRIPTS.as_slice(), script),
        None => (LANGUAGES.as_slice(), first),
    };
    let rtl = known.iter().any(|one| one.eq_ignore_ascii_case(part));
    if rtl { "rtl" } else { "ltr" }
}

/// What is the same on every page. `styles` and `scripts` are addresses from
/// the site's root.
#[must_use]
pub fn site_view(
    site: &Site,
    styles: Vec<String>,
    scripts: Vec<String>,
    icon: Option<String>,
) -> SiteView {
    let config = &site.config;
    let mut nav: Vec<NavView> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.count(site) > 0)
        .map(|kind| NavView {
            title: kind.title(site).to_owned(),
            url: route::index(site, kind),
            external: false,
            section: kind.id().to_owned(),
        })
        .collect();
    let mut more = |name: &str, title: &str| {
        nav.push(NavView {
            title: title.to_owned(),
            url: route::named(site, name),
            external: false,
            section: name.to_owned(),
        });
    };
    if !site.claims.is_empty() {
        more("timeline", site.words.say("timeline"));
    }
    if !site.corrections.is_empty() {
        more("corrections", site.words.say("corrections"));
    }
    nav.extend(config.nav.iter().map(|entry| {
        let external = entry.url.contains("://") || entry.url.starts_with("mailto:");
        NavView {
            title: entry.title.clone(),
            url: entry.url.trim_start_matches('/').to_owned(),
            external,
            section: String::new(),
        }
    }));
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        publisher: config.publisher.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        nav,
        styles,
        scripts,
        icon,
        search: search_url(site),
        search_script: None,
        redirect_script: None,
        files: BTreeMap::new(),
        integrity: BTreeMap::new(),
        feed: has_feed(site, FeedOf::Site).then(|| feed_url(site, FeedOf::Site, "xml")),
        data: (!whole(site).is_empty()).then(|| route::named(site, "data")),
        drafts: false,
    }
}
