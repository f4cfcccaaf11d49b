//! Every internal link and anchor of the finished HTML, checked.
//!
//! Whatever an author, a template or this program got wrong, a reader would
//! find it on the page; so it is looked for there. The tokenizer is html5gum's,
//! because HTML is read by the rules of browsers or not at all.

use std::collections::{BTreeMap, HashSet};

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
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
}

/// What was found on one page.
#[derive(Debug, Default)]
pub struct Seen {
    /// Its anchors.
    anchors: Vec<Fingerprint>,
    /// Links to anchors, of this page or another: where to, as written.
    to_anchors: Vec<(Fingerprint, String)>,
    /// Links to what is not there, as written.
    broken: Vec<String>,
    /// Ids that are there twice.
    doubled: Vec<String>,
}

impl<'a> Audit<'a> {
    /// An audit of the pages of `plan` and these further files.
    pub fn new(site: &'a Site, plan: &'a Plan, files: impl IntoIterator<Item = &'a str>) -> Self {
        let base = site.config.base_url.as_deref().unwrap_or("/");
        let base_path = match base.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]).to_owned(),
            None => base.to_owned(),
        };
        Self { site, plan, files: files.into_iter().collect(), base_path }
    }

    /// Looks through one finished page.
    #[must_use]
    pub fn look(&self, page: &Page, html: &[u8]) -> Seen {
        let mut seen = Seen::default();
        let own = page.file();
        let mut ids: HashSet<String> = HashSet::new();
        scan(html, |kind, value| match kind {
            Kind::Id => {
                seen.anchors.push(anchor(&own, value));
                if !ids.insert(value.to_owned()) {
                    seen.doubled.push(value.to_owned());
                }
            }
            Kind::Link => match self.follow(&own, value) {
                Leads::Out => {}
                Leads::Nowhere => seen.broken.push(value.to_owned()),
                Leads::To(_, fragment) if fragment.is_empty() => {}
                Leads::To(file, fragment) => {
                    seen.to_anchors.push((anchor(&file, &fragment), value.to_owned()))
                }
            },
        });
        seen
    }

    fn follow(&self, own: &str, link: &str) -> Leads {
        let link = link.trim();
        let link =
            match self.site.config.base_url.as_deref().and_then(|base| link.strip_prefix(base)) {
                // Our own pages by their absolute address.
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
            None if path.starts_with('/') => return Leads::Nowhere,
            None => own.split('/').collect(),
        };
        parts.pop();
        for step in from_root.unwrap_or(&path).split('/') {
            match step {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Leads::Nowhere;
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
            None => Leads::Nowhere,
        }
    }

    /// What is wrong with the links of all pages together, each with the first
    /// page that has it. `seen` is in the order of the plan's pages.
    #[must_use]
    pub fn problems(&self, seen: &[Seen]) -> Vec<Diagnostic> {
        let anchors: HashSet<Fingerprint> =
            seen.iter().flat_map(|s| s.anchors.iter().copied()).collect();
        let mut found: BTreeMap<(&'static str, String), Vec<&Page>> = BTreeMap::new();
        for (page, seen) in self.plan.pages.iter().zip(seen) {
            let mut add =
                |code, link: &str| found.entry((code, link.to_owned())).or_default().push(page);
            seen.broken.iter().for_each(|link| add("broken-link", link));
            seen.doubled.iter().for_each(|id| add("duplicate-anchor", id));
            for (to, link) in &seen.to_anchors {
                // Browsers take these two for the top of the page.
                if !anchors.contains(to) && !link.ends_with("#top") {
                    add("broken-anchor", link);
                }
            }
        }
        found.into_iter().map(|((code, link), pages)| self.problem(code, &link, &pages)).collect()
    }

    fn problem(&self, code: &'static str, link: &str, pages: &[&Page]) -> Diagnostic {
        let page = pages[0];
        let place = self.place(page, link);
        let url = &page.url;
        let message = match code {
            "broken-link" => format!("the page `{url}` links to `{link}`, which is not there"),
            "broken-anchor" => {
                format!("the page `{url}` links to `{link}`, and there is no such anchor")
            }
            _ => format!("the page `{url}` has the id `{link}` twice"),
        };
        let mut problem = Diagnostic::error(code, place, message);
        if pages.len() > 1 {
            problem = problem.hint(match pages.len() - 1 {
                1 => "one more page has it".to_owned(),
                n => format!("{n} more pages have it: look for it in a template"),
            });
        }
        problem
    }

    /// Where in the text the link was written, if it was there.
    fn place(&self, page: &Page, link: &str) -> Place {
        if let Subject::Entity(entity) = &page.subject
            && !matches!(entity, Entity::Claim(_))
            && let Some(document) = self.site.document(*entity)
        {
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
            });
            if let Some(written) = written {
                return document.body_place(&written.range);
            }
        }
        pages::place(self.site, &page.subject)
    }
}

enum Leads {
    /// Out of the site.
    Out,
    /// To a file of the site and an anchor there.
    To(String, String),
    Nowhere,
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

enum Kind {
    Id,
    Link,
}

/// Calls `visit` for every id, link and embedded file of an HTML page.
fn scan(html: &[u8], mut visit: impl FnMut(Kind, &str)) {
    let mut attribute = Vec::new();
    let mut is_base = false;
    let mut emitter = CallbackEmitter::new(
        |event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<std::convert::Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => is_base = name == b"base",
                CallbackEvent::AttributeName { name } => {
                    attribute.clear();
                    attribute.extend_from_slice(name);
                }
                CallbackEvent::AttributeValue { value } => {
                    let kind = match attribute.as_slice() {
                        b"id" => Kind::Id,
                        b"href" | b"src" | b"poster" if !is_base => Kind::Link,
                        _ => return None,
                    };
                    visit(kind, &String::from_utf8_lossy(value));
                }
                _ => {}
            }
            None
        },
    );
    // What stands in a script is no mark-up.
    emitter.naively_switch_states(true);
    // Nothing is ever emitted, so that the first call runs to the end.
    let end = Tokenizer::new_with_emitter(html, emitter).next();
    debug_assert!(end.is_none(), "the page was not read to its end");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_ids_are_read_as_a_browser_reads_them() {
        let mut found = Vec::new();
        scan(
            b"<a href='x.html?a=1&amp;b=2#y' ID=top><!-- <a href=no> --><img SRC=p.png><script>\"<a href=no>\"</script>",
            |kind, value| found.push(format!("{}{value}", if matches!(kind, Kind::Id) { "#" } else { "" })),
        );
        assert_eq!(found, ["x.html?a=1&b=2#y", "#top", "p.png"]);
    }

    #[test]
    fn an_address_with_a_scheme_leads_out() {
        assert!(has_scheme("mailto:desk@example.org") && has_scheme("https://example.org"));
        assert!(!has_scheme("a/b:c") && !has_scheme("../x.html"));
    }
}
