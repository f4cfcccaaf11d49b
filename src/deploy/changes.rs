//! What is to be uploaded and deleted so that a host has a new release, and in
//! which order.
//!
//! In that order a reader never meets a page whose style sheet is not there
//! yet, nor a sitemap or feed that names a page that is not there. Who has a
//! page of the last release open may still ask for what it is made of: so what
//! is no page is left on the host for one release more than it is part of.

use std::collections::BTreeMap;

use super::manifest::{Entry, MANIFEST, Manifest};

/// What a new release changes on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// What is to be uploaded, in this order, before anything is deleted: what
    /// pages are made of and all else that is none; pages; what names pages to
    /// programs, such as sitemaps and feeds; the manifest.
    pub uploads: Vec<(String, Entry)>,
    /// What is to be deleted, in this order.
    pub deletions: Vec<String>,
    /// What lies on the host afterwards: the release, and what is kept.
    pub after: Manifest,
}

/// When a file is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Part,
    Page,
    Directory,
}

/// What leads from `host`, what lies there, to the release `new`.
///
/// A file that is no page and that `new` does not have is kept if it was part
/// of the last release, and deleted if it has been kept already. Where `new` is
/// the release that the host has, there is nothing to do, and what is kept
/// stays so.
#[must_use]
pub fn changes(host: &Manifest, new: &Manifest) -> Changes {
    if host.files == new.files && !new.files.is_empty() {
        return Changes { uploads: Vec::new(), deletions: Vec::new(), after: host.clone() };
    }
    let there = |path: &String| host.files.get(path).or_else(|| host.kept.get(path));
    let is_other = |(path, entry): &(&String, &Entry)| there(path) != Some(*entry);
    let changed = new.files.iter().filter(is_other);
    let mut uploads: Vec<_> = changed.map(|(path, entry)| (path.clone(), *entry)).collect();
    uploads.sort_by_cached_key(|(path, _)| (turn(path), path.clone()));
    uploads.push((MANIFEST.to_owned(), Entry::of(new.to_json().as_bytes())));

    let gone = |files: &BTreeMap<String, Entry>| -> Vec<(String, Entry)> {
        let is_gone = |(path, _): &(&String, &Entry)| !new.files.contains_key(*path);
        files.iter().filter(is_gone).map(|(path, entry)| (path.clone(), *entry)).collect()
    };
    let (kept, deleted): (Vec<_>, Vec<_>) =
        gone(&host.files).into_iter().partition(|(path, _)| turn(path) == Turn::Part);
    let mut deletions: Vec<String> =
        deleted.into_iter().chain(gone(&host.kept)).map(|(path, _)| path).collect();
    deletions.sort_by_cached_key(|path| (std::cmp::Reverse(turn(path)), path.clone()));
    let after = Manifest { files: new.files.clone(), kept: kept.into_iter().collect() };
    Changes { uploads, deletions, after }
}

fn turn(path: &str) -> Turn {
    // What tells readers or programs which pages there are. The search index
    // consists of files that its entry names by their content.
    let is_directory = matches!(
        path,
        "robots.txt" | "feed.xml" | "feed.json" | "_redirects" | "pagefind/pagefind-entry.json"
    ) || path.starts_with("feeds/")
        || (path.starts_with("sitemap") && path.ends_with(".xml"));
    if is_directory {
        Turn::Directory
    } else if path.ends_with(".html") {
        Turn::Page
    } else {
        Turn::Part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a.css=1 b.html=2 | old.css=1`: files with their content, then those kept.
    fn manifest(text: &str) -> Manifest {
        let (files, kept) = text.split_once('|').unwrap_or((text, ""));
        let of = |text: &str| {
            let pairs = text.split_whitespace().map(|pair| pair.split_once('=').unwrap());
            pairs.map(|(path, text)| (path.to_owned(), Entry::of(text.as_bytes()))).collect()
        };
        Manifest { files: of(files), kept: of(kept) }
    }

    fn check(host: &str, new: &str, uploads: &str, deletions: &str, kept: &str) -> Changes {
        let (host, new) = (manifest(host), manifest(new));
        let changes = changes(&host, &new);
        let paths: Vec<&str> = changes.uploads.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, uploads.split_whitespace().collect::<Vec<_>>());
        assert_eq!(changes.deletions, deletions.split_whitespace().collect::<Vec<_>>());
        assert_eq!(changes.after.files, new.files);
        assert!(changes.after.kept.keys().eq(kept.split_whitespace()), "{:?}", changes.after);
        // Whoever does as it says has what it says.
        let mut there: BTreeMap<String, Entry> = host.files;
        there.extend(host.kept);
        there.extend(changes.uploads.iter().filter(|(path, _)| path != MANIFEST).cloned());
        for path in &changes.deletions {
            assert!(there.remove(path).is_some(), "{path} is not there to be deleted");
        }
        let mut after = changes.after.files.clone();
        after.extend(changes.after.kept.clone());
        assert_eq!(there, after);
        changes
    }

    #[test]
    fn what_pages_need_travels_first_and_what_names_them_last() {
        let all = "404.html=1 a.css=1 feed.json=1 feeds/speakers/a.xml=1 index.html=1 \
                   pagefind/pagefind-entry.json=1 pagefind/x.pf=1 robots.txt=1 sitemap.xml=1 \
                   sitemap-2.xml=1 speakers/a.html=1 z.png=1";
        let uploads = "a.css pagefind/x.pf z.png 404.html index.html speakers/a.html feed.json \
                       feeds/speakers/a.xml pagefind/pagefind-entry.json robots.txt sitemap-2.xml \
                       sitemap.xml deploy-manifest.json";
        check("", all, uploads, "", "");
        let deletions = "sitemap.xml a.html b.html";
        let changes = check(
            "a.css=1 a.html=1 b.html=1 sitemap.xml=1",
            "c.html=1",
            "c.html deploy-manifest.json",
            deletions,
            "a.css",
        );
        let (path, entry) = changes.uploads.last().unwrap();
        assert_eq!(path, MANIFEST);
        assert_eq!(*entry, Entry::of(manifest("c.html=1").to_json().as_bytes()));
    }

    #[test]
    fn what_is_no_page_is_kept_for_one_release() {
        let first = check("", "a.css=1 a.html=1", "a.css a.html deploy-manifest.json", "", "");
        let host = "a.css=1 a.html=1";
        assert_eq!(first.after, manifest(host));
        check(host, "b.css=1 a.html=2", "b.css a.html deploy-manifest.json", "", "a.css");
        let host = "b.css=1 a.html=2 | a.css=1";
        // Nothing new: no release.
        check(host, "b.css=1 a.html=2", "", "", "a.css");
        check(host, "b.css=1 a.html=3", "a.html deploy-manifest.json", "a.css", "");
        check(host, "c.css=1 a.html=3", "c.css a.html deploy-manifest.json", "a.css", "b.css");
        // What comes back need not travel, unless it is another now.
        check(host, "a.css=1 a.html=2", "deploy-manifest.json", "", "b.css");
        check(host, "a.css=2 a.html=2", "a.css deploy-manifest.json", "", "b.css");
    }

    #[test]
    fn only_what_is_another_travels() {
        check("a.css=1 a.html=1", "a.css=1 a.html=1", "", "", "");
        check("a.css=1 a.html=1", "a.css=1 a.html=2", "a.html deploy-manifest.json", "", "");
    }
}
