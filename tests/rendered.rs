//! How much of a site is rendered after an edit: the pages that print what was
//! changed, and no others.

#![cfg(unix)]

mod collected;
mod record;

use std::collections::BTreeSet;

use collected::{Files, collected};
use onrecord::build::update::Rendered;
use onrecord::build::{Builder, Settings};
use onrecord::read::snapshot::Snapshot;
use record::Record;

/// A site, what is remembered of it, and how its pages look.
struct Followed {
    files: Files,
    builder: Builder,
    rendered: Rendered,
    site: Files,
}

impl Followed {
    fn new(files: Files) -> Self {
        let settings =
            Settings { now: 1_748_736_000, drafts: false, base_url: None, strict: false };
        let builder = Builder::new(settings);
        let mut followed = Self {
            files: Files::new(),
            builder,
            rendered: Rendered::default(),
            site: Files::new(),
        };
        let (count, written) = followed.follow(files);
        assert_eq!(count, written.len() - assets(&written));
        followed
    }

    /// How many pages are rendered when the files become these, and which files
    /// of the site are written.
    fn follow(&mut self, files: Files) -> (usize, BTreeSet<String>) {
        self.files = files;
        let texts = self.files.iter().map(|(path, bytes)| {
            (path.as_str(), std::str::from_utf8(bytes).expect("the record is text"))
        });
        let pass = self.builder.pass(&Snapshot::of(texts));
        let pass = pass.value.unwrap_or_else(|| panic!("{:?}", pass.diagnostics));
        let (written, update) = collected(|sink| pass.update(&self.rendered, sink, &|| false));
        assert!(update.is_complete && update.problems.is_empty(), "{:?}", update.problems);
        self.rendered = update.rendered_now;
        let paths = written.keys().cloned().collect();
        self.site.extend(written);
        for gone in &update.removed {
            self.site.remove(gone).expect("what is removed was there");
        }
        (update.rendered, paths)
    }
}

fn assets(files: &BTreeSet<String>) -> usize {
    let is_page = |file: &&String| {
        let named = ["sitemap.xml", "robots.txt", "feed.xml", "feed.json"];
        file.ends_with(".html") || named.iter().any(|name| file.ends_with(name))
    };
    files.iter().filter(|file| !is_page(file)).count()
}

/// What changed, in which file, from what to what; and how many pages print it,
/// where there is more to say than that none other was rendered.
type Edit = (&'static str, &'static str, &'static str, &'static str, Option<usize>);

const EDITS: &[Edit] = &[
    // Both feeds of the site tell how a briefing begins.
    ("a typo", "b1.md", "The desk spoke to both", "The desk spoke with both", Some(3)),
    ("a word beside a claim's", "b1.md", "As was said", "As was told", None),
    ("a comment in the front matter", "b1.md", "---\ntitle", "---\n# To do.\ntitle", Some(0)),
    ("white space at the end", "b1.md", "both of them.\n", "both of them.  \n\n", Some(0)),
    ("the words of a claim", "b1.md", "text: \"It is", "text: \"It may be", None),
    ("a title", "b1.md", "title: What", "title: That", None),
    ("a speaker's name", "anna.md", "Anna Ask", "Anna Askew", None),
    ("a speaker's text", "anna.md", "She asks.", "She asked.", Some(1)),
    ("a territory's name", "port.md", "The Port", "The Harbour", None),
    ("a proposition", "price.md", "will rise", "may rise", None),
    ("a plain page", "about.md", "A mark", "The mark", Some(1)),
    ("the site's title", "site.yaml", "The desk", "A desk", Some(usize::MAX)),
];

fn pages(site: &Files) -> usize {
    let all: BTreeSet<String> = site.keys().cloned().collect();
    all.len() - assets(&all)
}

#[test]
fn the_pages_that_print_what_was_changed_are_rendered() {
    let record = Record::new().files();
    let mut followed = Followed::new(record.clone());
    for (what, file, from, to, expected) in EDITS {
        let path = record.keys().find(|path| path.ends_with(file)).unwrap();
        let text = String::from_utf8(record[path].clone()).unwrap();
        assert!(text.contains(from), "{what}: {path} has no {from:?}");
        let mut edited = record.clone();
        edited.insert(path.clone(), text.replace(from, to).into_bytes());
        let before = followed.site.clone();
        let (count, written) = followed.follow(edited.clone());
        // As a build from nothing writes it.
        assert!(followed.site == Followed::new(edited).site, "{what}");
        let changed: BTreeSet<String> = followed
            .site
            .iter()
            .filter(|(file, bytes)| before.get(*file) != Some(*bytes))
            .map(|(file, _)| file.clone())
            .collect();
        match *expected {
            // Robots and the sitemap name no title.
            Some(usize::MAX) => assert_eq!(count, pages(&followed.site), "{what}"),
            Some(number) => assert_eq!(count, number, "{what}: {written:?}"),
            None => assert!(count > 1 && count < pages(&followed.site), "{what}: {count}"),
        }
        if *expected != Some(usize::MAX) {
            assert_eq!(written, changed, "{what}");
        }
        // And back.
        assert_eq!(followed.follow(record.clone()).0, count, "{what}");
        assert!(followed.site == before, "{what}");
    }
}

#[test]
fn after_a_change_of_templates_every_page_is_rendered() {
    let record = Record::new().files();
    let mut followed = Followed::new(record.clone());
    let before = followed.site.clone();
    // No template makes the feed as JSON.
    let all = pages(&before) - 1;
    let kind = |folder: &str| {
        let is_one = |file: &&String| file.starts_with(folder) && !file.ends_with("index.html");
        before.keys().filter(is_one).count()
    };
    let html = before.keys().filter(|file| file.ends_with(".html")).count();
    let kinds = [("base", html), ("claim", kind("claims/")), ("speaker", 3), ("home", 1)];
    for (name, changed) in kinds {
        let text = format!(
            "{{% extends \"onrecord/{name}.html\" %}}{{% block footer %}}<p>Ours.</p>{{% endblock %}}"
        );
        let mut edited = record.clone();
        edited.insert(format!("templates/{name}.html"), text.into_bytes());
        assert_eq!(followed.follow(edited.clone()).0, all, "{name}");
        let differ = followed.site.iter().filter(|(file, bytes)| before[*file] != **bytes).count();
        assert_eq!(differ, changed, "{name}");
        assert!(followed.site == Followed::new(edited).site, "{name}");
        assert_eq!(followed.follow(record.clone()).0, all, "{name}");
    }
}
