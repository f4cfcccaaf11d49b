//! Reads a site's folder.
//!
//! What an author can mend (a file that is not UTF-8, a link that leads out of
//! the folder) is a diagnostic; what the machine did is an error with its path.
#![allow(clippy::disallowed_methods, reason = "this is the door in")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

use super::snapshot::{
    Bytes, CONFIG_FILE, CONTENT, GEO, Kept, STATIC, Snapshot, Source, TEMPLATES, THEMES,
};
use crate::diagnostic::{Checked, Diagnostic, Place};

/// Reads everything below `root` that a pass depends on. Folders that are not
/// there are empty.
///
/// The order of the directory does not matter. Hidden files, editors' backups
/// and temporary files are passed over.
///
/// # Errors
///
/// What the system says, with the path.
pub fn read(root: &Path) -> io::Result<Checked<Snapshot>> {
    let Folder { part, .. } = Folder::open(root)?;
    Ok(Checked { value: part.snapshot, diagnostics: part.problems.into_values().collect() })
}

/// A site's folder, and how it was when it was looked at last.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    real_root: Arc<Path>,
    part: Part,
}

/// What a second look found.
#[derive(Debug, Default)]
pub struct Looked {
    /// The files and folders of the site that have changed, in order.
    pub changed: Vec<Arc<str>>,
    /// What the system says of those that cannot be read, with their paths.
    pub unreadable: Vec<io::Error>,
}

/// What was found at and below a path of the site.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    snapshot: Snapshot,
    /// By the path of the file that cannot be read as it should.
    problems: BTreeMap<Arc<str>, Diagnostic>,
    /// Links within the folder: path, and where they lead.
    links: BTreeMap<Arc<str>, PathBuf>,
}

/// What a site is made from.
const PARTS: [&str; 6] = [CONFIG_FILE, CONTENT, GEO, TEMPLATES, THEMES, STATIC];

impl Folder {
    /// Reads a site's folder; see [`read`].
    ///
    /// # Errors
    ///
    /// What the system says, with the path.
    pub fn open(root: &Path) -> io::Result<Self> {
        let real_root = fs::canonicalize(root).map_err(|e| with_path(e, root))?;
        let mut folder =
            Self { root: root.to_owned(), real_root: real_root.into(), part: Part::default() };
        for path in PARTS {
            let part = folder.read(path, &root.join(path))?;
            folder.part.add(part);
        }
        Ok(folder)
    }

    /// The folder with its links followed; what changes in it is told under
    /// paths that begin with this one.
    #[must_use]
    pub fn real_root(&self) -> &Path {
        &self.real_root
    }

    /// How the folder is.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.part.snapshot
    }

    /// What is wrong with its files as files.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.part.problems.values()
    }

    /// Folders in which there are files that links of the site lead to.
    #[must_use]
    pub fn linked_folders(&self) -> BTreeSet<PathBuf> {
        let folder = |target: &PathBuf| {
            if target.is_dir() { Some(target.clone()) } else { target.parent().map(Path::to_owned) }
        };
        self.part.links.values().filter_map(folder).collect()
    }

    /// Looks again at these files and folders, and says which of them are not as
    /// they were. Content decides: a file that was written to and says the same
    /// has not changed. What lies elsewhere, or is none of the site's, is passed
    /// over.
    ///
    /// What cannot be read stays known as it was, and the rest is looked at all
    /// the same.
    pub fn look_again(&mut self, at: &BTreeSet<PathBuf>) -> Looked {
        // The path in the site, and the one on the disk, whose letters may be in
        // another normal form.
        let mut paths: BTreeMap<Arc<str>, PathBuf> = BTreeMap::new();
        for path in at {
            match path.strip_prefix(&self.real_root) {
                Ok(below) if below.as_os_str().is_empty() => {
                    paths.extend(PARTS.map(|part| (part.into(), self.root.join(part))));
                }
                Ok(below) => {
                    let on_disk = self.root.join(below);
                    let path = site_path(&self.root, &on_disk);
                    let is_ours = PARTS.iter().any(|part| is_at_or_below(part, &path));
                    if is_ours && path.split('/').all(is_wanted) {
                        paths.insert(path, on_disk);
                    }
                }
                Err(_) => {}
            }
            let leads_there = |to: &Path| path.starts_with(to) || to.starts_with(path);
            let links = self.part.links.iter().filter(|(_, to)| leads_there(to));
            paths.extend(links.map(|(from, _)| (Arc::clone(from), self.root.join(&**from))));
        }
        let mut looked = Looked::default();
        let mut last: Option<Arc<str>> = None;
        for (path, on_disk) in paths {
            // In order, what is below a folder comes somewhere after it.
            if last.as_ref().is_some_and(|last| is_at_or_below(last, &path)) {
                continue;
            }
            match self.read(&path, &on_disk) {
                Ok(part) => {
                    if self.part.take(&path) != part {
                        looked.changed.push(Arc::clone(&path));
                    }
                    self.part.add(part);
                }
                Err(error) => looked.unreadable.push(error),
            }
            last = Some(path);
        }
        looked
    }

    /// What is at and below a path of the site.
    fn read(&self, top: &str, on_disk: &Path) -> io::Result<Part> {
        let mut part = Part::default();
        let mut texts = Vec::new();
        for (path, file) in self.files(on_disk, &mut part)? {
            if top == CONFIG_FILE && *path != *top {
                // A folder of that name is not for us.
                continue;
            }
            let is_text = match path.split('/').next() {
                Some(CONTENT) => has_ending(&path, &["md", "markdown"]),
                Some(GEO) => has_ending(&path, &["geojson", "json"]),
                Some(STATIC) => false,
                Some(THEMES) => {
                    has_ending(&path, &["html", "xml", "txt", "yaml", "css", "js", "svg", "md"])
                }
                _ => true,
            };
            if is_text {
                texts.push((path, file));
            } else if let Some(below) = path.strip_prefix("static/") {
                if let Some(kept) = if_there(self.keep(file))? {
                    part.snapshot.assets.insert(below.into(), Bytes::File(kept));
                }
            } else if path.starts_with(THEMES) {
                if let Some(bytes) = if_there(fs::read(&file).map_err(|e| with_path(e, &file)))? {
                    part.snapshot.theme_files.insert(path, bytes.into());
                }
            } else if !is_passing(path.rsplit('/').next().unwrap_or(&path)) {
                part.snapshot.strays.insert(path);
            }
        }
        type Text = Result<Source, Box<Diagnostic>>;
        let read: Vec<io::Result<Option<Text>>> = texts
            .into_par_iter()
            .map(|(path, file)| {
                let bytes = if_there(fs::read(&file).map_err(|e| with_path(e, &file)))?;
                Ok(bytes.map(|bytes| text_of(&path, bytes)))
            })
            .collect();
        for source in read {
            match source? {
                Some(Ok(source)) => {
                    part.snapshot.sources.insert(Arc::clone(&source.path), source);
                }
                Some(Err(problem)) => {
                    part.problems.insert(Arc::clone(&problem.place.path), *problem);
                }
                // It went while we were looking.
                None => {}
            }
        }
        Ok(part)
    }

    fn keep(&self, path: PathBuf) -> io::Result<Kept> {
        let found = fs::metadata(&path).map_err(|e| with_path(e, &path))?;
        Ok(Kept {
            within: Arc::clone(&self.real_root),
            length: found.len(),
            modified: found.modified().ok(),
            inode: inode(&found),
            path,
        })
    }
}

impl Part {
    fn add(&mut self, other: Self) {
        let Snapshot { sources, assets, theme_files, strays } = other.snapshot;
        self.snapshot.sources.extend(sources);
        self.snapshot.assets.extend(assets);
        self.snapshot.theme_files.extend(theme_files);
        self.snapshot.strays.extend(strays);
        self.problems.extend(other.problems);
        self.links.extend(other.links);
    }

    /// Takes out what is at and below a path.
    fn take(&mut self, path: &str) -> Self {
        let all = &mut self.snapshot;
        let mut taken = Self {
            snapshot: Snapshot {
                sources: taken(&mut all.sources, path),
                theme_files: taken(&mut all.theme_files, path),
                ..Snapshot::default()
            },
            problems: taken(&mut self.problems, path),
            links: taken(&mut self.links, path),
        };
        if let Some(below) = path.strip_prefix("static/") {
            taken.snapshot.assets = self::taken(&mut all.assets, below);
        } else if path == STATIC {
            taken.snapshot.assets = std::mem::take(&mut all.assets);
        }
        let (strays, others) =
            std::mem::take(&mut all.strays).into_iter().partition(|p| is_at_or_below(path, p));
        (taken.snapshot.strays, all.strays) = (strays, others);
        taken
    }
}

/// The entries at and below a path, taken out of a map.
fn taken<T>(map: &mut BTreeMap<Arc<str>, T>, path: &str) -> BTreeMap<Arc<str>, T> {
    let start: Bound<&str> = Bound::Included(path);
    let keys: Vec<Arc<str>> = map
        .range::<str, _>((start, Bound::Unbounded))
        .map(|(key, _)| key)
        .take_while(|key| key.starts_with(path))
        .filter(|key| is_at_or_below(path, key))
        .cloned()
        .collect();
    keys.into_iter().filter_map(|key| map.remove_entry(&key)).collect()
}

fn is_at_or_below(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(unix)]
fn inode(found: &fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (found.ino(), found.ctime(), found.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

/// The bytes of a file that is passed on as it is.
///
/// # Errors
///
/// What the system says, with the path; or the file has become a link that
/// leads out of the site's folder.
pub fn bytes(of: &Bytes) -> io::Result<Arc<[u8]>> {
    match of {
        Bytes::File(Kept { path, within, .. }) => {
            let real = fs::canonicalize(path).map_err(|e| with_path(e, path))?;
            if !real.starts_with(within) {
                let outside = io::Error::other("it leads out of the site's folder");
                return Err(with_path(outside, path));
            }
            fs::read(real).map(Into::into).map_err(|e| with_path(e, path))
        }
        Bytes::Memory(bytes) => Ok(Arc::clone(bytes)),
    }
}

/// What was found, or nothing where it is no longer there.
fn if_there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn with_path(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn text_of(path: &Arc<str>, bytes: Vec<u8>) -> Result<Source, Box<Diagnostic>> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path, &text)),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let line = e.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
            Err(Box::new(
                Diagnostic::error(
                    "not-utf-8",
                    Place::file(path),
                    format!(
                        "this file is not UTF-8: line {line} holds the byte 0x{:02X}",
                        e.as_bytes()[at]
                    ),
                )
                .hint("save it as UTF-8 in your editor"),
            ))
        }
    }
}

impl Folder {
    /// The files at and below `top`, as (path from the root, file).
    fn files(&self, top: &Path, part: &mut Part) -> io::Result<Vec<(Arc<str>, PathBuf)>> {
        let mut found = Vec::new();
        let parent = top.parent().unwrap_or(top);
        let Some(parent) = if_there(fs::canonicalize(parent))? else { return Ok(found) };
        if !parent.starts_with(&self.real_root) {
            // By way of a link that is reported where it lies.
            return Ok(found);
        }
        let wanted = |depth, name: &OsStr| depth == 0 || is_wanted(&name.to_string_lossy());
        let mut walk = WalkDir::new(top)
            .follow_links(true)
            .into_iter()
            .filter_entry(|entry| wanted(entry.depth(), entry.file_name()));
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let path = e.path().map_or_else(|| top.to_owned(), Path::to_owned);
                    // What leads nowhere is not asked about above. Emacs keeps such a
                    // link beside what it edits.
                    if !wanted(e.depth(), path.file_name().unwrap_or_default()) {
                        continue;
                    }
                    let problem = if e.loop_ancestor().is_some() {
                        Some(("link-loop", "this link leads back into itself", "remove the link"))
                    } else if path.is_symlink() {
                        Some((
                            "broken-link",
                            "this link leads nowhere",
                            "remove the link, or restore the file that it names",
                        ))
                    } else {
                        None
                    };
                    if let Some((code, message, hint)) = problem {
                        let path = site_path(&self.root, &path);
                        let problem = Diagnostic::error(code, Place::file(&path), message);
                        part.problems.insert(path, problem.hint(hint));
                        continue;
                    }
                    let error = e.into_io_error().unwrap_or_else(|| io::Error::other("unreadable"));
                    if is_gone(&error) {
                        continue;
                    }
                    return Err(with_path(error, &path));
                }
            };
            if entry.path_is_symlink() {
                let Some(target) = if_there(fs::canonicalize(entry.path()))? else { continue };
                let path = site_path(&self.root, entry.path());
                if !target.starts_with(&self.real_root) {
                    let message = format!(
                        "this link leads out of the site's folder, to {}",
                        target.display()
                    );
                    let problem = Diagnostic::error("link-outside", Place::file(&path), message)
                        .hint("put a copy of the file into the site's folder");
                    part.problems.insert(path, problem);
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                    continue;
                }
                part.links.insert(path, target);
            }
            if entry.file_type().is_file() {
                found.push((site_path(&self.root, entry.path()), entry.into_path()));
            }
        }
        Ok(found)
    }
}

/// All but hidden files, and what editors leave beside the files that they edit.
fn is_wanted(name: &str) -> bool {
    let litter = name.starts_with('.')
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || has_ending(name, &["swp", "swo", "swx", "tmp", "bak", "orig"])
        || name == "Thumbs.db";
    !litter
}

/// Files without an ending that an editor makes for a moment: vim's probe of
/// whether a folder can be written to, and what `sed -i` writes to before it
/// renames it.
fn is_passing(name: &str) -> bool {
    let sed = name.strip_prefix("sed");
    name == "4913"
        || sed.is_some_and(|x| x.len() == 6 && x.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| endings.iter().any(|x| e.eq_ignore_ascii_case(x)))
}

fn site_path(root: &Path, file: &Path) -> Arc<str> {
    let below = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    let path = parts.join("/");
    if path.is_ascii() { path.into() } else { path.nfc().collect::<String>().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site's folder to change, and what is known of it.
    struct Site {
        place: tempfile::TempDir,
        folder: Folder,
    }

    impl Site {
        fn of(files: &[(&str, &str)]) -> Self {
            let place = tempfile::tempdir().unwrap();
            for (path, text) in files {
                put(place.path(), path, text);
            }
            let folder = Folder::open(place.path()).unwrap();
            Self { place, folder }
        }

        /// Looks again at these paths, and compares what is known then with what
        /// somebody finds who comes for the first time.
        fn look(&mut self, at: &[&str]) -> bool {
            let root = self.folder.real_root().to_owned();
            let at = at.iter().map(|path| root.join(path)).collect();
            let looked = self.folder.look_again(&at);
            assert!(looked.unreadable.is_empty());
            assert_eq!(self.folder.part, Folder::open(self.place.path()).unwrap().part);
            !looked.changed.is_empty()
        }
    }

    fn put(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn looking_again_finds_what_reading_anew_finds() {
        let mut site = Site::of(&[("site.yaml", "title: A"), ("content/briefings/a.md", "A")]);
        let root = site.place.path().to_owned();
        assert!(!site.look(&["content/briefings/a.md", "site.yaml", "", "elsewhere/x"]));

        put(&root, "content/briefings/a.md", "A");
        assert!(!site.look(&["content/briefings/a.md"]), "the same words");
        put(&root, "content/briefings/a.md", "B");
        assert!(site.look(&["content/briefings/a.md"]));

        put(&root, "content/briefings/new/deep/b.md", "B");
        put(&root, "static/x/y.png", "picture");
        put(&root, "content/briefings/a-b.md", "beside");
        assert!(site.look(&["content/briefings/new", "static", "content/briefings/a-b.md"]));
        fs::rename(root.join("content/briefings/new"), root.join("content/topics")).unwrap();
        assert!(site.look(&["content/briefings/new", "content/topics"]));
        put(&root, "static/x/y.png", "another");
        assert!(site.look(&["static/x/y.png"]));
        fs::remove_dir_all(root.join("static")).unwrap();
        assert!(site.look(&["static"]));
        fs::write(root.join("content/briefings/a.md"), b"\xff").unwrap();
        assert!(site.look(&["content/briefings/a.md"]));
        assert_eq!(site.folder.problems().count(), 1);
        fs::remove_file(root.join("content/briefings/a.md")).unwrap();
        assert!(site.look(&["content/briefings/a.md"]));
        assert_eq!(site.folder.problems().count(), 0);
        fs::remove_dir_all(root.join("content")).unwrap();
        assert!(site.look(&[""]));
    }

    #[test]
    fn what_editors_leave_beside_a_file_is_no_change() {
        let mut site = Site::of(&[("site.yaml", "title: A"), ("content/briefings/a.md", "A")]);
        let root = site.place.path().to_owned();
        let litter = [
            ".a.md.swp",
            "a.md~",
            "#a.md#",
            ".#a.md",
            "a.md.bak",
            "x.tmp",
            ".git/index",
            "4.swx",
            "4913",
            "sedq3Xy9z",
        ];
        for name in litter {
            let path = format!("content/briefings/{name}");
            put(&root, &path, "litter");
            assert!(!site.look(&[&path]), "{name}");
        }
        put(&root, "public/index.html", "built");
        assert!(!site.look(&["public", "public/index.html"]));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_within_the_folder_and_reported_outside() {
        use std::os::unix::fs::symlink;

        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.md"), "secret").unwrap();
        let mut site =
            Site::of(&[("site.yaml", "title: A"), ("drafts/a.md", "A"), ("static/a.txt", "a")]);
        let root = site.place.path().to_owned();
        fs::create_dir_all(root.join("content/briefings")).unwrap();
        symlink("../../drafts/a.md", root.join("content/briefings/a.md")).unwrap();
        symlink(outside.path(), root.join("content/outside")).unwrap();
        assert!(site.look(&["content"]));
        assert_eq!(site.folder.snapshot().text("content/briefings/a.md"), Some("A"));
        assert_eq!(site.folder.problems().count(), 1);
        assert!(!site.look(&["content/outside/secret.md"]));

        put(&root, "drafts/a.md", "B");
        assert!(site.look(&["drafts/a.md"]), "it is found by where it leads");
        assert_eq!(site.folder.linked_folders().len(), 1);

        let Bytes::File(kept) = site.folder.snapshot().assets["a.txt"].clone() else { panic!() };
        assert_eq!(&*bytes(&Bytes::File(kept.clone())).unwrap(), b"a");
        fs::remove_file(&kept.path).unwrap();
        symlink(outside.path().join("secret.md"), &kept.path).unwrap();
        assert!(bytes(&Bytes::File(kept)).is_err(), "it leads out of the folder by now");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_reported_unless_an_editor_left_it() {
        use std::os::unix::fs::symlink;

        let mut site = Site::of(&[("site.yaml", "title: A"), ("content/briefings/a.md", "A")]);
        let root = site.place.path().to_owned();
        symlink("desk@host.123:456", root.join("content/briefings/.#a.md")).unwrap();
        assert!(!site.look(&["content"]));
        assert_eq!(site.folder.problems().count(), 0);
        symlink("nowhere.md", root.join("content/briefings/b.md")).unwrap();
        assert!(site.look(&["content"]));
        assert_eq!(site.folder.problems().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_in_another_normal_form_is_found_again() {
        let name = "content/briefings/Cafe\u{301}.md";
        let mut site = Site::of(&[("site.yaml", "title: A"), (name, "A")]);
        let root = site.place.path().to_owned();
        put(&root, name, "B");
        assert!(site.look(&[name]));
        assert_eq!(site.folder.snapshot().text("content/briefings/Café.md"), Some("B"));
    }
}
