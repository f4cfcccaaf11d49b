//! Every internal link and anchor of the finished HTML, checked.
//!
//! Whatever an author, a template or this program got wrong, a reader would
//! find it on the page; so it is looked for there.

mod scan;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use memchr::{memchr, memchr3, memrchr_iter};
use scan::{Kind, scan};

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{ByFingerprint, Fingerprint};
use crate::plan::faults;
use crate::plan::pages::{Page, Plan, Subject};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// What there is to link to.
#[derive(Debug)]
pub struct Audit<'a> {
    site: &'a Site,
    plan: &'a Plan,
    /// Files that are passed on as they are, from the site's root.
    files: HashSet<Fingerprint, ByFingerprint>,
    /// The path part of the site's address, as `/record/`.
    base_path: String,
    /// Whether it is to be remembered where links lead.
    remembers: bool,
}

/// What was found on one page.
#[derive(Debug, Default)]
pub struct Seen {
    /// Its anchors, in order.
    anchors: Box<[Fingerprint]>,
    /// What else there is to say of it; of most pages there is nothing.
    rest: Option<Box<Rest>>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Rest {
    /// Links to anchors that are not on it: where to, as written.
    to_anchors: Vec<(Fingerprint, String)>,
    /// Links to what is not there: where to, from the site's root, and as
    /// written.
    broken: Vec<(String, String)>,
    /// Ids that are there twice.
    doubled: Vec<String>,
    /// Files of the site that it links to, each once, where that is to be
    /// remembered.
    targets: Vec<Fingerprint>,
}

impl<'a> Audit<'a> {
    /// An audit of the pages of `plan` and these further files. If it
    /// `remembers` where links lead, what it has seen can be asked again with
    /// [`holds`](Self::holds).
    pub fn new(
        site: &'a Site,
        plan: &'a Plan,
        files: impl IntoIterator<Item = &'a str>,
        remembers: bool,
    ) -> Self {
        let base_path = route::base_path(site).to_owned();
        let files = files.into_iter().map(|file| Fingerprint::of(file.as_bytes())).collect();
        Self { site, plan, files, base_path, remembers }
    }

    /// Looks through one finished page.
    #[must_use]
    pub fn look(&self, page: &Page, html: &[u8]) -> Seen {
        let (mut anchors, mut rest) = (Vec::new(), Rest::default());
        let own = page.file();
        let here = Here::new(&own, self.site);
        let found = scan(html);
        // Nearly all links are paths of files. The table of all files is larger than
        // the processor's caches: asked for many in a row, it answers at once.
        let links = found.iter().map(|(kind, value)| (*kind == Kind::Link).then_some(value));
        let beside: Vec<_> = links.map(|link| here.beside(link?)).collect();
        let pages: Vec<_> = beside.iter().map(|file| self.plan.page_of(file.as_ref()?.0)).collect();
        for (((kind, value), beside), page) in found.iter().zip(beside).zip(pages) {
            if *kind == Kind::Id {
                anchors.push(here.itself.within(value));
                continue;
            }
            match self.lead(&here, value, beside, page) {
                Leads::Out => {}
                Leads::Nowhere(to) => rest.broken.push((to, text(value).into_owned())),
                Leads::To(file, fragment, _) => {
                    if self.remembers {
                        rest.targets.push(file);
                    }
                    if !fragment.is_empty() {
                        let to = file.within(&fragment);
                        rest.to_anchors.push((to, text(value).into_owned()));
                    }
                }
            }
        }
        anchors.sort_unstable();
        if anchors.windows(2).any(|two| two[0] == two[1]) {
            let mut ids = HashSet::new();
            let all = found.iter().filter(|(kind, _)| *kind == Kind::Id).map(|(_, id)| &**id);
            let doubled = all.filter(|id| !ids.insert(*id));
            rest.doubled.extend(doubled.map(|id| text(id).into_owned()));
        }
        rest.to_anchors.retain(|(to, _)| anchors.binary_search(to).is_err());
        rest.targets.sort_unstable();
        rest.targets.dedup();
        rest.targets.shrink_to_fit();
        let is_empty = rest == Rest::default();
        Seen { anchors: anchors.into(), rest: (!is_empty).then(|| rest.into()) }
    }

    /// The pages that have to have what a page's links to anchors ask for.
    #[must_use]
    pub fn anchored(&self, page: &Page, seen: &Seen) -> Vec<&'a Page> {
        let own = page.file();
        let here = Here::new(&own, self.site);
        let to_page = |(_, link): &(_, String)| match self.follow(&here, link.as_bytes()) {
            Leads::To(_, _, page) => page,
            _ => None,
        };
        seen.rest().to_anchors.iter().filter_map(to_page).collect()
    }

    /// Takes from what was seen on a page the links to anchors of files that are
    /// not `here`: the file, the anchor, and the link as written.
    pub fn take_elsewhere(
        &self,
        page: &Page,
        seen: &mut Seen,
        here: &dyn Fn(&str) -> bool,
    ) -> Vec<(String, String, String)> {
        let own = page.file();
        let from = Here::new(&own, self.site);
        let mut elsewhere = Vec::new();
        let Some(rest) = &mut seen.rest else { return elsewhere };
        rest.to_anchors.retain(|(_, link)| {
            let Leads::To(_, anchor, Some(to)) = self.follow(&from, link.as_bytes()) else {
                return true;
            };
            let file = to.file();
            if here(&file) || is_top(link) {
                return true;
            }
            elsewhere.push((file, text(&anchor).into_owned(), link.clone()));
            false
        });
        elsewhere
    }

    /// Whether what was found on a page that has not changed is still so,
    /// though the site may have other pages now.
    #[must_use]
    pub fn holds(&self, seen: &Seen) -> bool {
        let is_there = |file: &_| self.plan.page_of(*file).is_some() || self.files.contains(file);
        seen.rest().broken.is_empty() && seen.rest().targets.iter().all(is_there)
    }

    /// Whether an address from the site's root is one of its pages or files.
    fn has(&self, path: &str) -> bool {
        let path = route::decoded(path.split(['#', '?']).next().unwrap_or_default());
        self.plan.find(&path).is_some() || self.files.contains(&Fingerprint::of(path.as_bytes()))
    }

    fn follow<'l>(&self, here: &Here<'_>, link: &'l [u8]) -> Leads<'a, 'l> {
        let beside = here.beside(link);
        self.lead(here, link, beside, beside.and_then(|(file, _)| self.plan.page_of(file)))
    }

    /// Where a link leads of which it is known what it means as a path beside this
    /// one, and which page that is.
    fn lead<'l>(
        &self,
        here: &Here<'_>,
        link: &'l [u8],
        beside: Option<(Fingerprint, &'l [u8])>,
        page: Option<&'a Page>,
    ) -> Leads<'a, 'l> {
        match beside {
            Some((file, anchor)) if file == here.itself => Leads::To(file, anchor.into(), None),
            Some((file, anchor)) if page.is_some() => Leads::To(file, anchor.into(), page),
            Some((file, _)) if self.files.contains(&file) => Leads::To(file, Cow::default(), None),
            _ => self.step_by_step(here, link),
        }
    }

    /// Where any other link leads, by every step of its way.
    fn step_by_step<'l>(&self, here: &Here<'_>, link: &'l [u8]) -> Leads<'a, 'l> {
        let own = here.own;
        let link = text(link);
        let link = link.trim();
        let own_address = here.base_url.and_then(|base| link.strip_prefix(base));
        let link = match own_address {
            // The host of the site may have other pages, which are none of ours.
            Some(path) if !self.has(path) => return Leads::Out,
            Some(path) => format!("{}{path}", self.base_path),
            None if has_scheme(link) || link.starts_with("//") => return Leads::Out,
            None => link.to_owned(),
        };
        let (path, fragment) = link.split_once('#').unwrap_or((&link, ""));
        let path = path.split('?').next().unwrap_or_default();
        let fragment = Cow::from(route::decoded(fragment).into_bytes());
        if path.is_empty() {
            return Leads::To(here.itself, fragment, None);
        }
        let path = route::decoded(path);
        let from_root = path.strip_prefix(&self.base_path);
        let mut parts: Vec<&str> = match from_root {
            Some(_) => Vec::new(),
            None if path.starts_with('/') => return Leads::Nowhere(path),
            None => own.split('/').collect(),
        };
        parts.pop();
        for step in from_root.unwrap_or(&path).split('/') {
            match step {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Leads::Nowhere(link.clone());
                    }
                }
                name => parts.push(name),
            }
        }
        let target = parts.join("/");
        let file = Fingerprint::of(target.as_bytes());
        if !path.ends_with('/') && self.files.contains(&file) {
            return Leads::To(file, Cow::default(), None);
        }
        match self.plan.find(&target) {
            Some(page) => Leads::To(Fingerprint::of(page.file().as_bytes()), fragment, Some(page)),
            None => Leads::Nowhere(target),
        }
    }

    /// What is wrong with the links of these pages together, each with the first
    /// page that has it. Where links lead to anchors of a page, it is one of
    /// them.
    #[must_use]
    pub fn problems(&self, pages: &[(&Page, &Seen)]) -> Vec<Diagnostic> {
        // Most sites have no link to another page's anchor, or a great many.
        let is_needed = pages.iter().any(|(_, seen)| !seen.rest().to_anchors.is_empty());
        let all = pages.iter().filter(|_| is_needed);
        let anchors = all.flat_map(|(_, seen)| seen.anchors.iter().copied());
        let anchors: HashSet<Fingerprint, ByFingerprint> = anchors.collect();
        // A template writes one link in as many ways as there are depths of
        // pages, so they are told apart by where they lead.
        let mut found: BTreeMap<(&'static str, String), Vec<(&Page, &str)>> = BTreeMap::new();
        for (page, seen) in pages.iter().copied() {
            let mut add = |code, to: String, link| {
                let pages = found.entry((code, to)).or_default();
                if pages.last().is_none_or(|(last, _)| last.url != page.url) {
                    pages.push((page, link));
                }
            };
            for (to, link) in &seen.rest().broken {
                add("broken-link", to.clone(), link.as_str());
            }
            for id in &seen.rest().doubled {
                add("duplicate-anchor", id.clone(), id.as_str());
            }
            for (to, link) in &seen.rest().to_anchors {
                if !anchors.contains(to) && !is_top(link) {
                    add("broken-anchor", format!("{to:?}"), link.as_str());
                }
            }
        }
        found.into_iter().flat_map(|((code, _), pages)| self.report(code, &pages)).collect()
    }

    /// `pages` are those that have the link, each with how it is written there.
    /// Every text that has it is named; of the other pages, whose template has
    /// it, the first.
    fn report(&self, code: &'static str, pages: &[(&Page, &str)]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut elsewhere = Vec::new();
        for (page, link) in pages {
            match self.written(page, link) {
                Some(place) => found.push(problem(code, place, page, link).maybe_hint(
                    is_bare_file(link).then(|| {
                        format!("put the file into `static/`, and link to it as `/{link}`")
                    }),
                )),
                None => elsewhere.push((*page, *link)),
            }
        }
        if let Some((page, link)) = elsewhere.first() {
            let place = faults::place(self.site, &page.subject);
            found.push(problem(code, place, page, link).maybe_hint(match elsewhere.len() - 1 {
                0 => None,
                1 => Some("one more page has it: look for it in a template".to_owned()),
                n => Some(format!("{n} more pages have it: look for it in a template")),
            }));
        }
        found
    }

    /// Where in the text the link was written, if it was there.
    fn written(&self, page: &Page, link: &str) -> Option<Place> {
        let Subject::Entity(entity) = &page.subject else { return None };
        if matches!(entity, Entity::Claim(_)) {
            return None;
        }
        let document = self.site.document(*entity)?;
        let tail = link.trim_start_matches("../");
        let written = document.links.iter().find(|l| {
            let to = l.destination.trim_start_matches('/');
            &*l.destination == link
                || (!to.is_empty() && (to == tail || to.trim_end_matches('/') == tail))
        });
        let written = written.or_else(|| {
            let fragment = link.split_once('#')?.1;
            document
                .links
                .iter()
                .find(|l| l.destination.split_once('#').is_some_and(|(_, f)| f == fragment))
        })?;
        Some(document.body_place(&written.range))
    }
}

fn problem(code: &'static str, place: Place, page: &Page, link: &str) -> Diagnostic {
    let url = &page.url;
    let message = match code {
        "broken-link" => format!("the page `{url}` links to `{link}`, which is not there"),
        "broken-anchor" => no_such_anchor(url, link),
        _ => format!("the page `{url}` has the id `{link}` twice"),
    };
    Diagnostic::error(code, place, message)
}

/// Every id of a finished page.
#[must_use]
pub fn ids(html: &[u8]) -> HashSet<String> {
    let ids = scan(html).into_iter().filter(|(kind, _)| *kind == Kind::Id);
    ids.map(|(_, id)| text(&id).into_owned()).collect()
}

/// What is said of a link to an anchor that is not there.
#[must_use]
pub fn no_such_anchor(url: &str, link: &str) -> String {
    format!("the page `{url}` links to `{link}`, and there is no such anchor")
}

/// Whether browsers take a link for one to the top of a page, whatever is there.
fn is_top(link: &str) -> bool {
    link.ends_with("#top")
}

/// Whether a link is a file's name alone, as `chart.png`.
fn is_bare_file(link: &str) -> bool {
    !link.starts_with('#') && !link.contains('/') && !link.ends_with(".html")
}

/// A page from which links lead on.
struct Here<'a> {
    own: &'a str,
    /// The file.
    itself: Fingerprint,
    /// The folder that it lies in, then those above it: `claims/tax/`,
    /// `claims/`, nothing.
    folders: Vec<&'a str>,
    /// The site's address, which ends in `/`.
    base_url: Option<&'a str>,
    /// For paths, one after the other.
    file: RefCell<Vec<u8>>,
}

impl Seen {
    /// Keeps its anchors alone.
    pub fn forget_links(&mut self) {
        self.rest = None;
    }

    fn rest(&self) -> &Rest {
        static NONE: Rest = Rest {
            to_anchors: Vec::new(),
            broken: Vec::new(),
            doubled: Vec::new(),
            targets: Vec::new(),
        };
        self.rest.as_deref().unwrap_or(&NONE)
    }
}

impl<'a> Here<'a> {
    fn new(own: &'a str, site: &'a Site) -> Self {
        let ends = memrchr_iter(b'/', own.as_bytes()).map(|at| &own[..=at]);
        let folders = ends.chain([""]).collect();
        let itself = Fingerprint::of(own.as_bytes());
        let base_url = site.config.base_url.as_deref();
        // Room for most paths.
        Self { own, itself, folders, base_url, file: Vec::with_capacity(200).into() }
    }

    /// The file and the anchor that a link means which is a path from this one, or an
    /// address of the site, with nothing to decode, as templates write them; whether it
    /// is there or not.
    fn beside<'l>(&self, link: &'l [u8]) -> Option<(Fingerprint, &'l [u8])> {
        let is_plain = |link| memchr3(b'%', b'?', b':', link).is_none();
        let (link, is_from_root) = if is_plain(link) {
            (link, false)
        } else {
            (link.strip_prefix(self.base_url?.as_bytes()).filter(|rest| is_plain(rest))?, true)
        };
        let end = memchr(b'#', link).unwrap_or(link.len());
        let fragment = link.get(end + 1..).unwrap_or_default();
        let mut path = &link[..end];
        if is_from_root {
            return Some((Fingerprint::of(path), fragment));
        }
        if path.is_empty() {
            return Some((self.itself, fragment));
        }
        let mut above = 0;
        while let Some(rest) = path.strip_prefix(b"../") {
            path = rest;
            above += 1;
        }
        let mut file = self.file.borrow_mut();
        file.clear();
        file.extend_from_slice(self.folders.get(above)?.as_bytes());
        file.extend_from_slice(path);
        Some((Fingerprint::of(&file), fragment))
    }
}

enum Leads<'a, 'l> {
    /// Out of the site.
    Out,
    /// To a file of the site and an anchor there; and the page, where it is
    /// another one.
    To(Fingerprint, Cow<'l, [u8]>, Option<&'a Page>),
    /// Nowhere in the site; where to, as far as can be said.
    Nowhere(String),
}

/// What a page says, which is UTF-8.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn has_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_scheme_leads_out() {
        assert!(has_scheme("mailto:desk@example.org") && has_scheme("https://example.org"));
        assert!(!has_scheme("a/b:c") && !has_scheme("../x.html"));
    }
}
