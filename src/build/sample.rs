//! The pages that are rendered to check a large site.
//!
//! What is wrong with front matter, references and paths is known when a pass
//! is made. Rendering shows two things more: anchors, relative addresses and
//! raw HTML of the texts, and whether templates fit their views and link to
//! what is there. The first is in the texts that have such, and these are all
//! rendered; the second is much the same on all pages that have a template, and
//! of these some are. A build still renders and checks every page.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use memchr::memchr_iter;

use super::Pass;
use super::emit::borrowed;
use crate::audit::Seen;
use crate::diagnostic::Diagnostic;
use crate::parse::document::Document;
use crate::parse::links::Link;
use crate::plan::pages::{Page, Subject};

/// Up to this many pages are all rendered.
const WHOLE: usize = 2_000;

/// Of more, this many of each template, evenly spread.
const OF_EACH: usize = 100;

/// What a check has found.
#[derive(Debug)]
pub struct Checked {
    /// What is wrong with the pages that were rendered.
    pub problems: Vec<Diagnostic>,
    /// How many these are.
    pub rendered: usize,
}

impl Pass {
    /// Renders what has to be rendered to find what is wrong: every page of a
    /// small site, enough of a large one. `tick` is called after each.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn check(&self, tick: &(dyn Fn() + Sync)) -> io::Result<Checked> {
        let audit = self.audit(false);
        let sink = |_: &str, _: &[u8]| Ok(());
        let pages = self.sample();
        let looked = self.put_all(&pages, &audit, &sink, tick)?;

        // An anchor can only be looked for on a page that is there.
        let known: BTreeSet<&str> = pages.iter().map(|page| page.url.as_str()).collect();
        let asked =
            pages.iter().zip(&looked).filter_map(|(page, seen)| Some((page, seen.as_ref().ok()?)));
        let asked = asked.flat_map(|(page, seen)| audit.anchored(page, seen));
        let more: BTreeMap<&str, &Page> = asked
            .filter(|page| !known.contains(page.url.as_str()))
            .map(|page| (page.url.as_str(), page))
            .collect();
        let more: Vec<&Page> = more.into_values().collect();
        let mut there = self.put_all(&more, &audit, &sink, tick)?;
        // Their own links ask for further pages.
        there.iter_mut().flatten().for_each(Seen::forget_links);

        let all = pages.iter().zip(&looked).chain(more.iter().zip(&there));
        let problems = self.problems(&audit, all.map(|(page, seen)| (*page, borrowed(seen))));
        Ok(Checked { problems, rendered: pages.len() + more.len() })
    }

    /// The pages to render, in the plan's order.
    fn sample(&self) -> Vec<&Page> {
        let all = &self.plan.pages;
        if all.len() <= WHOLE {
            return all.iter().collect();
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for page in all {
            *counts.entry(page.template).or_default() += 1;
        }
        let mut nth: BTreeMap<&str, usize> = BTreeMap::new();
        let is_wanted = |page: &&Page| {
            let (nth, count) = (nth.entry(page.template).or_default(), counts[page.template]);
            *nth += 1;
            // The last, and those at even distances before it.
            *nth * OF_EACH / count > (*nth - 1) * OF_EACH / count || self.is_telling(page)
        };
        all.iter().filter(is_wanted).collect()
    }

    /// Whether the page has a text of which rendering shows more than is known.
    fn is_telling(&self, page: &Page) -> bool {
        let Subject::Entity(entity) = page.subject else { return false };
        self.site.document(entity).is_some_and(|document| is_telling(document))
    }
}

fn is_telling(document: &Document) -> bool {
    let text = document.markdown();
    let after = memchr_iter(b'<', text.as_bytes()).map(|at| text.as_bytes().get(at + 1));
    let is_html = |next: Option<&u8>| {
        next.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
    };
    after.into_iter().any(is_html) || document.links.iter().any(leads_to_what_is_not_planned)
}

/// Whether a link leads to an anchor, or to a file beside its page. All others
/// have been followed.
fn leads_to_what_is_not_planned(link: &Link) -> bool {
    let to = &link.destination;
    (to.contains('#') && !to.contains("://"))
        || !(link.is_wikilink || to.starts_with('/') || to.contains(':'))
}

#[cfg(test)]
mod tests {
    use crate::build::{Builder, Settings};
    use crate::read::snapshot::Snapshot;

    /// What a check of many briefings finds, of which one has this text and this
    /// template is the site's own, and how many pages it rendered.
    fn check(text: &str, template: (&str, &str)) -> (Vec<String>, usize, usize) {
        let briefing = |n: usize, text: &str| {
            (format!("content/briefings/b{n}.md"), format!("---\ntitle: B{n}\n---\n{text}\n"))
        };
        let mut files: Vec<(String, String)> = (0..2_000).map(|n| briefing(n, "Words.")).collect();
        files.push(briefing(7_777, text));
        files.push(("site.yaml".to_owned(), "title: The desk\n".to_owned()));
        if !template.0.is_empty() {
            files.push((format!("templates/{}", template.0), template.1.to_owned()));
        }
        let snapshot = Snapshot::of(files.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let settings = Settings { now: 0, drafts: false, base_url: None, strict: false };
        let made = Builder::new(settings).pass(&snapshot);
        let pass = made.value.unwrap_or_else(|| panic!("{:#?}", made.diagnostics));
        let checked = pass.check(&|| {}).unwrap();
        let found = checked.problems.into_iter().map(|p| p.message).collect();
        (found, checked.rendered, pass.plan.pages.len())
    }

    #[test]
    fn some_pages_of_a_large_site_are_rendered() {
        let (found, rendered, all) = check("Words.", ("", ""));
        assert_eq!(found, [""; 0]);
        assert!(rendered < 300 && all > 2_000, "{rendered} of {all}");
    }

    #[test]
    fn what_only_rendering_shows_of_a_text_is_found_in_any() {
        for (text, problem) in [
            ("[x](#nowhere)", "links to `#nowhere`, and there is no such anchor"),
            (
                "[x](briefing:b3#nowhere)",
                "links to `../briefings/b3.html#nowhere`, and there is no such anchor",
            ),
            ("![x](chart.png)", "links to `chart.png`, which is not there"),
            ("<a href=\"chart.html\">x</a>", "links to `chart.html`, which is not there"),
        ] {
            let (found, ..) = check(text, ("", ""));
            assert_eq!(found, [format!("the page `briefings/b7777.html` {problem}")]);
        }
        let (found, ..) = check("# Part\n\n[x](#part) [y](briefing:b3#_main)", ("", ""));
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn a_fault_of_a_template_is_found_on_some_page() {
        let broken = "{% extends \"onrecord/briefing.html\" %}{% block footer %}<a href=\"x.html\">x</a>{% endblock footer %}";
        let (found, ..) = check("Words.", ("briefing.html", broken));
        assert_eq!(found.len(), 1, "{found:?}");
        let failing = "{{ briefing.title }}{{ briefing.titel }}";
        let (found, ..) = check("Words.", ("briefing.html", failing));
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
