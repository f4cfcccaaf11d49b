//! Every internal link and anchor of the finished HTML, checked.
//!
//! Whatever an author, a template or this program got wrong, a reader would
//! find it on the page; so it is looked for there.

mod scan;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use scan::{Kind, scan};

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{ByName, Fingerprint};
use crate::plan::pages::{self, Page, Plan, Subject};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// What there is to link to.
#[derive(Debug)]
pub struct Audit<'a> {
    site: &'a Site,
    plan: &'a Plan,
    /// Files that are passed on as they are, from the site's root.
    files: HashSet<&'a str>,
    /// The path part of the site's address, as `/record/`.
    base_path: String,
    /// Every page and file, made when it is first asked for.
    targets: OnceLock<HashSet<Fingerprint>>,
}

/// What was found on one page.
#[derive(Debug, Default)]
pub struct Seen {
    /// Its anchors.
    anchors: Vec<Fingerprint>,
    /// Links to anchors, of this page or another: where to, as written.
    to_anchors: Vec<(Fingerprint, String)>,
    /// Links to what is not there: where to, from the site's root, and as
    /// written.
    broken: Vec<(String, String)>,
    /// Ids that are there twice.
    doubled: Vec<String>,
    /// Files of the site that it links to, each once.
    targets: Vec<Fingerprint>,
}

impl<'a> Audit<'a> {
    /// An audit of the pages of `plan` and these further files.
    pub fn new(site: &'a Site, plan: &'a Plan, files: impl IntoIterator<Item = &'a str>) -> Self {
        let base_path = route::base_path(site).to_owned();
        Self { site, plan, files: files.into_iter().collect(), base_path, targets: OnceLock::new() }
    }

    /// Looks through one finished page.
    #[must_use]
    pub fn look(&self, page: &Page, html: &[u8]) -> Seen {
        let mut seen = Seen::default();
        let own = page.file();
        let mut ids: HashSet<Cow<'_, str>, ByName> = HashSet::default();
        for (kind, value) in scan(html) {
            match kind {
                Kind::Id => {
                    seen.anchors.push(anchor(&own, &value));
                    if let Some(value) = ids.replace(value) {
                        seen.doubled.push(value.into_owned());
                    }
                }
                Kind::Link => match self.follow(&own, &value) {
                    Leads::Out => {}
                    Leads::Nowhere(to) => seen.broken.push((to, value.into_owned())),
                    Leads::To(file, fragment) => {
                        seen.targets.push(Fingerprint::of(file.as_bytes()));
                        if !fragment.is_empty() {
                            seen.to_anchors.push((anchor(&file, &fragment), value.into_owned()));
                        }
                    }
                },
            }
        }
        seen.targets.sort_unstable();
        seen.targets.dedup();
        seen.targets.shrink_to_fit();
        seen
    }

    /// Whether what was found on a page that has not changed is still so,
    /// though the site may have other pages now.
    #[must_use]
    pub fn holds(&self, seen: &Seen) -> bool {
        let there = self.targets.get_or_init(|| {
            let pages = self.plan.pages.iter().map(|page| Fingerprint::of(page.file().as_bytes()));
            pages.chain(self.files.iter().map(|file| Fingerprint::of(file.as_bytes()))).collect()
        });
        seen.broken.is_empty() && seen.targets.iter().all(|target| there.contains(target))
    }

    /// Whether an address from the site's root is one of its pages or files.
    fn has(&self, path: &str) -> bool {
        let path = route::decoded(path.split(['#', '?']).next().unwrap_or_default());
        self.plan.find(&path).is_some() || self.files.contains(path.as_str())
    }

    /// Where a link leads that is a file's path from this one and a fragment,
    /// with nothing to decode, as templates write them; `None` if it is not,
    /// or there is no such page.
    fn beside(&self, own: &str, link: &str) -> Option<Leads> {
        let (mut path, fragment) = link.split_once('#').unwrap_or((link, ""));
        if memchr::memchr3(b'%', b'?', b':', link.as_bytes()).is_some() {
            return None;
        }
        let mut folder = &own[..own.rfind('/').map_or(0, |at| at + 1)];
        while let Some(rest) = path.strip_prefix("../") {
            let above = folder.strip_suffix('/')?;
            folder = &above[..above.rfind('/').map_or(0, |at| at + 1)];
            path = rest;
        }
        let mut file = String::with_capacity(folder.len() + path.len());
        file.push_str(folder);
        file.push_str(path);
        self.plan.page(&file)?;
        Some(Leads::To(file, fragment.to_owned()))
    }

    fn follow(&self, own: &str, link: &str) -> Leads {
        if let Some(leads) = self.beside(own, link) {
            return leads;
        }
        let link = link.trim();
        let own_address =
            self.site.config.base_url.as_deref().and_then(|base| link.strip_prefix(base));
        let link = match own_address {
            // The host of the site may have other pages, which are none of ours.
            Some(path) if !self.has(path) => return Leads::Out,
            Some(path) => format!("{}{path}", self.base_path),
            None if has_scheme(link) || link.starts_with("//") => return Leads::Out,
            None => link.to_owned(),
        };
        let (path, fragment) = link.split_once('#').unwrap_or((&link, ""));
        let path = path.split('?').next().unwrap_or_default();
        let fragment = route::decoded(fragment);
        if path.is_empty() {
            return Leads::To(own.to_owned(), fragment);
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
                        return Leads::Nowhere(link);
                    }
                }
                name => parts.push(name),
            }
        }
        let target = parts.join("/");
        if !path.ends_with('/') && self.files.contains(target.as_str()) {
            return Leads::To(target, String::new());
        }
        match self.plan.find(&target) {
            Some(page) => Leads::To(page.file(), fragment),
            None => Leads::Nowhere(target),
        }
    }

    /// What is wrong with the links of all pages together, each with the first
    /// page that has it. `seen` is in the order of the plan's pages.
    #[must_use]
    pub fn problems(&self, seen: &[&Seen]) -> Vec<Diagnostic> {
        let anchors: HashSet<Fingerprint> =
            seen.iter().flat_map(|s| s.anchors.iter().copied()).collect();
        // A template writes one link in as many ways as there are depths of
        // pages, so they are told apart by where they lead.
        let mut found: BTreeMap<(&'static str, String), Vec<(&Page, &str)>> = BTreeMap::new();
        for (page, seen) in self.plan.pages.iter().zip(seen) {
            let mut add = |code, to: String, link| {
                let pages = found.entry((code, to)).or_default();
                if pages.last().is_none_or(|(last, _)| last.url != page.url) {
                    pages.push((page, link));
                }
            };
            for (to, link) in &seen.broken {
                add("broken-link", to.clone(), link.as_str());
            }
            for id in &seen.doubled {
                add("duplicate-anchor", id.clone(), id.as_str());
            }
            for (to, link) in &seen.to_anchors {
                // Browsers take these two for the top of the page.
                if !anchors.contains(to) && !link.ends_with("#top") {
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
            let place = pages::place(self.site, &page.subject);
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
            l.destination == link
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
        "broken-anchor" => {
            format!("the page `{url}` links to `{link}`, and there is no such anchor")
        }
        _ => format!("the page `{url}` has the id `{link}` twice"),
    };
    Diagnostic::error(code, place, message)
}

/// Whether a link is a file's name alone, as `chart.png`.
fn is_bare_file(link: &str) -> bool {
    !link.starts_with('#') && !link.contains('/') && !link.ends_with(".html")
}

enum Leads {
    /// Out of the site.
    Out,
    /// To a file of the site and an anchor there.
    To(String, String),
    /// Nowhere in the site; where to, as far as can be said.
    Nowhere(String),
}

fn anchor(file: &str, id: &str) -> Fingerprint {
    Fingerprint::of(format!("{file}#{id}").as_bytes())
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
