//! An output folder while a build writes to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::{error, fmt};

use rayon::prelude::*;

use super::folder::{Folder, Found};
use super::guard::{self, Project, Refused, Size};
use super::site_path::{self, PathError};
use super::staging::Staging;
use super::system::{self, Identity};
use super::{How, MARKER, MARKER_NAME, at, below, exchange, if_there};
use crate::fingerprint::{ByFingerprint, Fingerprint};
use crate::path::folded;

/// An output folder while a build writes to it.
///
/// What is put is kept apart from the old site until [`publish`](Self::publish).
/// An output that is dropped before that leaves the old site as it was and
/// nothing beside it.
///
/// A file that has not changed since the last build stays the same file, with
/// its time of change: its old self is linked into the new site. Where nothing
/// has changed, the old site is the new one, and nothing is done at all.
pub struct Output {
    folder: PathBuf,
    staging: Staging,
    /// Where the new site is built. It has no folder before there is a file for
    /// it.
    new: Folder,
    /// The old site, if there is one.
    old: Option<Old>,
    /// Why the site must be updated file by file. Unchanged files are then not
    /// linked but left where they are.
    in_place: OnceLock<&'static str>,
    /// The folders of the new site under the fingerprints of their paths, and
    /// whether the old one has them too.
    folders: RwLock<HashMap<Fingerprint, bool, ByFingerprint>>,
    /// All paths, under the fingerprint of their folded form.
    paths: Mutex<HashMap<Fingerprint, Taken, ByFingerprint>>,
    /// The unchanged files, which are linked when it is known that others have
    /// changed.
    kept: Mutex<Vec<Box<str>>>,
    written: AtomicUsize,
    unchanged: AtomicUsize,
    /// How many files of the old site have a path in the new one.
    matched: AtomicUsize,
}

struct Old {
    identity: Identity,
    open: Folder,
    size: Size,
}

/// What has a path. Most paths are their own folded form, which whoever looks
/// for one knows already.
enum Taken {
    File,
    Folder,
    /// What has this path; a folder's ends in a slash.
    Spelled(Box<str>),
}

impl Taken {
    fn new(path: &str, folded: &str, is_folder: bool) -> Self {
        match (is_folder, path == folded) {
            (false, true) => Self::File,
            (true, true) => Self::Folder,
            (false, false) => Self::Spelled(path.into()),
            (true, false) => Self::Spelled(format!("{path}/").into()),
        }
    }

    fn path(&self, folded: &str) -> String {
        match self {
            Self::File => folded.to_owned(),
            Self::Folder => format!("{folded}/"),
            Self::Spelled(path) => path.to_string(),
        }
    }
}

/// What became of a file that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is new, or differs from the old site's.
    Written,
    /// The old site has the same bytes at this path.
    Unchanged,
}

/// What a build has changed.
#[derive(Debug)]
pub struct Published {
    /// Files that are new or have changed.
    pub written: usize,
    /// Files that are the old site's.
    pub unchanged: usize,
    /// Files of the old site that the new one no longer has.
    pub removed: usize,
    /// How the new site took the old one's place.
    pub how: How,
    /// Why the old site could not be deleted, if so. The new one is in place
    /// all the same, and the next build tries again.
    pub left_behind: Option<io::Error>,
}

/// Why an output folder was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// Because of what it is. Nothing was changed.
    Refused(Refused),
    /// The system would not have it.
    Io(io::Error),
}

/// Why a site was not published.
#[derive(Debug)]
pub enum PublishError {
    /// Some of the files were never put. The old site is as it was.
    Incomplete {
        /// How many files there should be.
        planned: usize,
        /// How many there are.
        put: usize,
    },
    /// The system would not have it. The old site is as it was, unless it was
    /// being updated file by file.
    Io(io::Error),
}

/// The bytes of a file.
#[derive(Clone, Copy)]
enum Content<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
}

impl Output {
    /// Starts a build into `folder`, which need not exist.
    ///
    /// If it is a link, the folder it leads to is meant. If a build was killed
    /// on its way, what it left is removed.
    ///
    /// # Errors
    ///
    /// A folder that must not be replaced is refused, for a [`Reason`]: see
    /// there. So is one that another build is writing to. Nothing is changed
    /// then, and no folder made.
    ///
    /// [`Reason`]: super::Reason
    pub fn open(folder: &Path, project: &Project) -> Result<Self, OpenError> {
        let target = guard::check(folder, project)?;
        if target.size.is_some() && system::is_mount_point(&target.folder).map_err(at(folder))? {
            let staging = Staging::within(&target.folder)?;
            return Self::start(target, staging, Some("it is a mount point"), project);
        }
        match Staging::beside(&target.folder) {
            Ok(staging) => Self::start(target, staging, None, project),
            Err(OpenError::Io(error))
                if target.size.is_some()
                    && matches!(
                        error.kind(),
                        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
                    ) =>
            {
                let staging = Staging::within(&target.folder)?;
                let reason = "the folder around it cannot be written to";
                Self::start(target, staging, Some(reason), project)
            }
            Err(error) => Err(error),
        }
    }

    /// Starts a build into `folder` that will update it file by file.
    ///
    /// For a folder that another program holds open, such as a web server
    /// that was started in it and would go on serving the old site.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); and the folder must exist.
    pub fn open_in_place(folder: &Path, project: &Project) -> Result<Self, OpenError> {
        let target = guard::check(folder, project)?;
        let staging = Staging::within(&target.folder)?;
        Self::start(target, staging, Some("it was asked for"), project)
    }

    fn start(
        mut target: guard::Target,
        staging: Staging,
        in_place: Option<&'static str>,
        project: &Project,
    ) -> Result<Self, OpenError> {
        if staging.restore()? {
            target = guard::check(&target.folder, project)?;
        }
        staging.prepare()?;
        let (new, folder) = (staging.new_site(), target.folder);
        let identity = if_there(system::identity(&folder)).map_err(at(&folder))?;
        let old = match identity {
            Some(identity) => {
                let open = Folder::open(&folder).map_err(at(&folder))?;
                Some(Old { identity, open, size: target.size.unwrap_or_default() })
            }
            None => None,
        };
        let output = Self {
            new: Folder::open(&new).map_err(at(&new))?,
            folders: RwLock::new([(Fingerprint::of(b""), old.is_some())].into_iter().collect()),
            folder,
            staging,
            old,
            in_place: in_place.map(OnceLock::from).unwrap_or_default(),
            paths: Mutex::default(),
            kept: Mutex::default(),
            written: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
            matched: AtomicUsize::new(0),
        };
        output.place(MARKER_NAME, Content::Bytes(MARKER.as_bytes()))?;
        Ok(output)
    }

    /// Makes room for the paths of so many files. While room is made, nobody else
    /// can put one.
    pub fn expect(&self, files: usize) {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).reserve(files);
    }

    /// Puts a file into the site. Many threads may do so at once.
    ///
    /// `path` is relative to the site's root, with forward slashes.
    ///
    /// # Errors
    ///
    /// A path that leads out of the site, that not every system can store, or
    /// that another file has, in any case or normal form: the error then
    /// holds a [`PathError`]. Or what the system says, with the path.
    pub fn put(&self, path: &str, bytes: &[u8]) -> io::Result<Put> {
        self.put_content(path, Content::Bytes(bytes))
    }

    /// Puts a copy of the file at `source` into the site, without holding it in
    /// memory. Otherwise as [`put`](Self::put).
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put), and where the source cannot be read.
    pub fn put_file(&self, path: &str, source: &Path) -> io::Result<Put> {
        self.put_content(path, Content::File(source))
    }

    /// Puts the new site in the place of the old one, which is then deleted.
    ///
    /// # Errors
    ///
    /// If other than `planned` files were put, or what the system says. The old
    /// site is then as it was; only where it is updated file by file can an
    /// error leave some of its files new.
    pub fn publish(self, planned: usize) -> Result<Published, PublishError> {
        let (written, unchanged) = (self.written.load(Relaxed), self.unchanged.load(Relaxed));
        if written + unchanged != planned {
            return Err(PublishError::Incomplete { planned, put: written + unchanged });
        }
        let is_new = self.differs_from_the_old()?;
        if is_new {
            self.link_kept()?;
        }
        self.check_that_the_old_site_is_still_there()?;

        let how = match self.in_place.get() {
            Some(reason) => How::FileByFile(reason),
            None if is_new => self.replace()?.unwrap_or(How::FileByFile("it cannot be renamed")),
            None => How::AtOnce,
        };
        if is_new && matches!(how, How::FileByFile(_)) {
            self.update()?;
        }
        let old_files = self.old.as_ref().map_or(0, |old| old.size.files);
        let removed = old_files.saturating_sub(self.matched.load(Relaxed));
        let left_behind = self.staging.clear().err();
        Ok(Published { written, unchanged, removed, how, left_behind })
    }

    /// Puts the files that were put in their places, and takes away those at the
    /// paths `gone`; all others stay. For whoever knows what has changed since
    /// the last build, with a folder that was [opened in
    /// place](Self::open_in_place).
    ///
    /// # Errors
    ///
    /// What the system says; some of the files may be new by then.
    pub fn amend(self, gone: &[String]) -> Result<Published, PublishError> {
        let written = self.written.load(Relaxed);
        self.check_that_the_old_site_is_still_there()?;
        let taken = |path: &str| self.path_taken(path);
        let removed = exchange::some(&self.staging.new_site(), &self.folder, gone, &taken)?;
        let old_files = self.old.as_ref().map_or(0, |old| old.size.files);
        let replaced = written.min(self.matched.load(Relaxed));
        Ok(Published {
            written,
            unchanged: old_files.saturating_sub(removed + replaced),
            removed,
            how: How::FileByFile("only what changed was written"),
            left_behind: self.staging.clear().err(),
        })
    }

    /// The path that was put and compares equal to another.
    fn path_taken(&self, path: &str) -> Option<String> {
        let folded = folded(path);
        let paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        Some(paths.get(&Fingerprint::of(folded.as_bytes()))?.path(&folded))
    }

    fn put_content(&self, path: &str, content: Content<'_>) -> io::Result<Put> {
        site_path::check(path).map_err(invalid)?;
        self.take(path, false)?;
        let (put, matched) = self.place(path, content)?;
        match put {
            Put::Written => &self.written,
            Put::Unchanged => &self.unchanged,
        }
        .fetch_add(1, Relaxed);
        self.matched.fetch_add(usize::from(matched), Relaxed);
        Ok(put)
    }

    /// Notes that a file or a folder has this path. Two folders may be called
    /// alike, a folder and a file may not.
    fn take(&self, path: &str, is_folder: bool) -> io::Result<()> {
        let folded = folded(path);
        let key = Fingerprint::of(folded.as_bytes());
        let new = Taken::new(path, &folded, is_folder);
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        let by = match paths.entry(key) {
            Entry::Vacant(free) => {
                free.insert(new);
                return Ok(());
            }
            Entry::Occupied(by) => by.get().path(&folded),
        };
        if is_folder && by.ends_with('/') {
            return Ok(());
        }
        Err(invalid(PathError::Taken { path: new.path(&folded), by }))
    }

    /// Notes a folder of the site and those it lies in, once each, and makes those
    /// that the old site does not have. Says whether that has it too.
    fn enter(&self, folder: &str) -> io::Result<bool> {
        let key = Fingerprint::of(folder.as_bytes());
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(in_old) = known {
            return Ok(in_old);
        }
        self.take(folder, true)?;
        // A link in the old site is not followed, so nothing is below it.
        let in_old = self.enter(parent(folder))?
            && match &self.old {
                Some(old) => old.open.has_folder(folder).map_err(below(&self.folder, folder))?,
                None => false,
            };
        if !in_old {
            // Whatever comes into it is new.
            self.make_folder(folder).map_err(below(&self.staging.new_site(), folder))?;
        }
        let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        folders.insert(key, in_old);
        Ok(in_old)
    }

    /// Brings a file into the new site. Also says whether the old one has
    /// a file of that path.
    fn place(&self, path: &str, content: Content<'_>) -> io::Result<(Put, bool)> {
        let mut matched = false;
        if self.enter(parent(path))?
            && let Some(old) = &self.old
        {
            let found = old.open.find(path).map_err(below(&self.folder, path))?;
            matched = matches!(found, Found::File(..) | Found::Other);
            if let Found::File(file, length) = found
                && content.is_in(file, length)?
            {
                if self.in_place.get().is_none() {
                    let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.push(path.into());
                }
                return Ok((Put::Unchanged, matched));
            }
        }
        let created = self.in_new(path, || self.new.create(path));
        let written = created.and_then(|file| content.write(file));
        written.map_err(|error| below(&self.staging.new_site(), path)(error))?;
        Ok((Put::Written, matched))
    }

    /// Makes something at a path of the new site, and its folders if they are
    /// not there yet.
    fn in_new<T>(&self, path: &str, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
        match make() {
            Err(error) if error.kind() == ErrorKind::NotFound && path.contains('/') => {
                self.make_folder(parent(path))?;
                make()
            }
            made => made,
        }
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        match self.new.create_folder(path) {
            Err(error) if error.kind() == ErrorKind::NotFound && path.contains('/') => {
                self.make_folder(parent(path))?;
                self.make_folder(path)
            }
            // Another thread was quicker.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    /// Whether the site is another one than the old: a file or a folder is new,
    /// has changed, or is no longer there.
    fn differs_from_the_old(&self) -> io::Result<bool> {
        let Some(old) = &self.old else { return Ok(true) };
        let folders = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        let matched = Size {
            files: self.matched.load(Relaxed),
            // The first is the site itself.
            folders: folders.values().filter(|in_old| **in_old).count() - 1,
        };
        Ok(matched != old.size || !self.new.entries()?.is_empty())
    }

    /// Makes the unchanged files part of the new site, by links if that can be.
    fn link_kept(&self) -> io::Result<()> {
        let kept = mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(old) = &self.old else { return Ok(()) };
        kept.par_iter().try_for_each(|path| {
            if self.in_place.get().is_some() {
                return Ok(());
            }
            match self.in_new(path, || old.open.link(path, &self.new)) {
                // A copy could be given the old time but would be another file. So
                // the file stays where it is, and the others are moved to it.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::CrossesDevices
                            | ErrorKind::PermissionDenied
                            | ErrorKind::TooManyLinks
                            | ErrorKind::Unsupported
                    ) =>
                {
                    let _ = self.in_place.set("its unchanged files cannot be linked");
                    Ok(())
                }
                linked => linked.map_err(below(&self.folder, path)),
            }
        })
    }

    fn check_that_the_old_site_is_still_there(&self) -> io::Result<()> {
        let now = if_there(system::identity(&self.folder)).map_err(at(&self.folder))?;
        if now.as_ref() == self.old.as_ref().map(|old| &old.identity) {
            return Ok(());
        }
        let changed = io::Error::other("another folder came here while the site was built");
        Err(at(&self.folder)(changed))
    }

    fn replace(&self) -> io::Result<Option<How>> {
        let new = self.staging.new_site();
        if self.old.is_some() {
            // Who may look into the folder is not for a build to change.
            let permissions = fs::metadata(&self.folder).map_err(at(&self.folder))?.permissions();
            fs::set_permissions(&new, permissions).map_err(at(&new))?;
        }
        exchange::whole(&new, &self.folder, &self.staging.old_site(), self.old.is_some())
    }

    fn update(&self) -> io::Result<()> {
        let is_put = |path: &str| self.path_taken(path);
        exchange::file_by_file(&self.staging.new_site(), &self.folder, &is_put)
    }
}

impl Content<'_> {
    /// Whether an open file, which is `length` bytes long, has this content.
    fn is_in(self, mut old: File, length: u64) -> io::Result<bool> {
        let (mut source, mut bytes);
        let new: &mut dyn Read = match self {
            Self::Bytes(content) if content.len() as u64 != length => return Ok(false),
            Self::Bytes(content) => {
                bytes = content;
                &mut bytes
            }
            Self::File(path) => {
                source = File::open(path).map_err(at(path))?;
                if source.metadata().map_err(at(path))?.len() != length {
                    return Ok(false);
                }
                &mut source
            }
        };
        // A file that cannot be read is written anew.
        Ok(same(&mut old, new, length).unwrap_or(false))
    }

    fn write(self, mut file: File) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => file.write_all(bytes),
            Self::File(source) => {
                let mut source = File::open(source).map_err(at(source))?;
                io::copy(&mut source, &mut file).map(drop)
            }
        }
    }
}

/// The folder in which a path lies; the site's root has none of its own.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether the next `length` bytes are the same.
fn same(one: &mut dyn Read, other: &mut dyn Read, length: u64) -> io::Result<bool> {
    let (mut ours, mut theirs) = ([0; 16 * 1024], [0; 16 * 1024]);
    let mut left = length;
    while left > 0 {
        let n = ours.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        one.read_exact(&mut ours[..n])?;
        other.read_exact(&mut theirs[..n])?;
        if ours[..n] != theirs[..n] {
            return Ok(false);
        }
        left -= n as u64;
    }
    Ok(true)
}

fn invalid(error: PathError) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, error)
}

impl From<Refused> for OpenError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<io::Error> for PublishError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete { planned, put } => {
                write!(f, "{put} files were made where {planned} were planned")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl error::Error for OpenError {}
impl error::Error for PublishError {}
