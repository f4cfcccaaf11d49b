//! A site's folder at one moment: the text of every source, and which files
//! are to be passed on as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::fingerprint::Fingerprint;

/// The file that says that a folder is a site.
pub const CONFIG_FILE: &str = "site.yaml";
/// Where the documents are.
pub const CONTENT: &str = "content";
/// Where the outlines of territories are, in GeoJSON.
pub const GEO: &str = "geo";
/// Where a site's own templates are.
pub const TEMPLATES: &str = "templates";
/// Where a site's own themes are.
pub const THEMES: &str = "themes";
/// Files to be passed on as they are.
pub const STATIC: &str = "static";

/// A text that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path from the site's folder, with forward slashes, in NFC.
    pub path: Arc<str>,
    /// The text as it was read, byte-order mark and carriage returns included.
    pub text: Arc<str>,
    /// What stands for the text.
    pub fingerprint: Fingerprint,
}

impl Source {
    /// A source at `path` with this text.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), fingerprint: Fingerprint::of(text.as_bytes()) }
    }
}

/// Where the bytes of a file are that is passed on as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes {
    /// On the disk; read when they are asked for.
    File(Kept),
    /// Here.
    Memory(Arc<[u8]>),
}

/// A file on the disk, as it was when the folder was read. While two are equal,
/// nobody has written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is.
    pub path: PathBuf,
    /// The folder, links followed, that it must not lead out of.
    pub within: Arc<Path>,
    /// Its length in bytes.
    pub length: u64,
    /// When it was written to.
    pub modified: Option<SystemTime>,
    /// Which file it is, and when anything about it was changed, as far as the
    /// system can tell: seconds and nanoseconds. Unlike the time of writing
    /// nobody can set it.
    pub inode: (u64, i64, i64),
}

/// Everything that a pass depends on, but for the one "now".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every text, by path: `site.yaml`, `content/…`, `geo/…`, `templates/…`,
    /// `themes/…`.
    pub sources: BTreeMap<Arc<str>, Source>,
    /// Files of `static/`, by their path below it.
    pub assets: BTreeMap<Arc<str>, Bytes>,
    /// Files of the site's own themes that are no text, such as fonts, by path.
    pub theme_files: BTreeMap<Arc<str>, Arc<[u8]>>,
    /// Files below `content/` that are no Markdown, and below `geo/` that are no
    /// GeoJSON, by path.
    pub strays: BTreeSet<Arc<str>>,
}

impl Snapshot {
    /// A snapshot of these texts; for tests and for those who keep their
    /// sources elsewhere.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut snapshot = Self::default();
        for (path, text) in files {
            match path.strip_prefix("static/") {
                Some(below) => {
                    snapshot.assets.insert(below.into(), Bytes::Memory(text.as_bytes().into()));
                }
                None => {
                    snapshot.sources.insert(path.into(), Source::new(path, text));
                }
            }
        }
        snapshot
    }

    /// The text of the source at `path`.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.sources.get(path).map(|s| &*s.text)
    }

    /// What stands for all its sources. Files that are passed on as they are have
    /// no part in it, as they may be many and large.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.sources.values().fold(Fingerprint::of(b""), |all, source| {
            all.within(source.path.as_bytes()).within(source.fingerprint.to_string().as_bytes())
        })
    }

    /// The sources below a folder such as `content`, by path.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .map(|(_, source)| source)
            .take_while(move |s| s.path.starts_with(folder))
            .filter(move |s| s.path.as_bytes().get(folder.len()) == Some(&b'/'))
    }
}
