//! The folder in which a new site is built, and in which an old one ends.
//!
//! It is a hidden folder next to the output folder, so that a rename can move
//! a site from one to the other, or inside of it where that cannot be. It holds
//!
//! - `.onrecord`, the marker, locked for as long as a build runs,
//! - `new`, the site that is being built, then the one that was replaced,
//! - `old`, for a moment, where a system needs two renames.
//!
//! A build that is killed leaves it behind without the lock; the next one
//! removes what is in it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::guard::{self, Reason, Refused};
use super::output::OpenError;
use super::{MARKER, MARKER_NAME, at, folder, if_there, system};

/// The staging folder's name where it lies within the output folder.
pub(super) const WITHIN: &str = ".onrecord-staging";

/// A staging folder that is ours until it is dropped, and then gone.
pub(super) struct Staging {
    root: PathBuf,
    /// The output folder.
    folder: PathBuf,
    /// The system lets go of the lock when the process ends, however it ends.
    _lock: File,
    /// The parents that had to be made for it, outermost first.
    made: Vec<PathBuf>,
}

impl Staging {
    /// A staging folder next to `folder`, empty but for the old site where a
    /// killed build left that in it.
    pub fn beside(folder: &Path) -> Result<Self, OpenError> {
        let parent = folder.parent().unwrap_or(folder);
        let mut name = std::ffi::OsString::from(".");
        name.push(folder.file_name().unwrap_or_default());
        name.push(".onrecord");

        let mut made = Vec::new();
        if let Err(error) = make_all(parent, &mut made) {
            unmake(&made);
            return Err(error.into());
        }
        match lock(parent.join(name), folder) {
            Ok((root, lock)) => Ok(Self { root, folder: folder.to_owned(), _lock: lock, made }),
            Err(error) => {
                unmake(&made);
                Err(error)
            }
        }
    }

    /// A staging folder inside of `folder`, from which files can be moved into
    /// it even if it is a mount point.
    pub fn within(folder: &Path) -> Result<Self, OpenError> {
        let (root, lock) = lock(folder.join(WITHIN), folder)?;
        Ok(Self { root, folder: folder.to_owned(), _lock: lock, made: Vec::new() })
    }

    /// Where the new site is built.
    pub fn new_site(&self) -> PathBuf {
        self.root.join("new")
    }

    /// Where the old site is put aside if it cannot be exchanged in one step.
    pub fn old_site(&self) -> PathBuf {
        self.root.join("old")
    }

    /// Puts the old site back where a build had put it aside and was killed, or
    /// got no further. Says whether there was one.
    pub fn restore(&self) -> io::Result<bool> {
        let aside = self.old_site();
        if fs::symlink_metadata(&self.folder).is_ok() || fs::symlink_metadata(&aside).is_err() {
            return Ok(false);
        }
        fs::rename(&aside, &self.folder).map_err(at(&aside))?;
        Ok(true)
    }

    /// Removes what a killed build left and makes the folder for the new site.
    pub fn prepare(&self) -> io::Result<()> {
        self.clear()?;
        let new = self.new_site();
        fs::create_dir(&new).map_err(at(&new))
    }

    /// Removes everything but the marker, so that what is left after a failure
    /// is still known to be ours.
    pub fn clear(&self) -> io::Result<()> {
        self.restore()?;
        for site in [self.new_site(), self.old_site()] {
            if_there(folder::remove(&site)).map_err(at(&site))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Nobody is left to tell. The next build tries again, and reports it.
        if self.clear().is_ok() && fs::remove_file(self.root.join(MARKER_NAME)).is_ok() {
            let _ = fs::remove_dir(&self.root);
        }
        unmake(&self.made);
    }
}

/// Whether a folder at this path is one of ours, or as good as: it is empty, or
/// was left by a build that was killed before it could write its marker.
pub(super) fn is_ours(root: &Path) -> io::Result<bool> {
    if !fs::symlink_metadata(root)?.is_dir() {
        return Ok(false);
    }
    let marker = root.join(MARKER_NAME);
    // Listed before the marker is read: whoever puts something else in there
    // has written the marker first.
    let mut alone = true;
    for entry in fs::read_dir(root)? {
        alone &= entry?.path() == marker;
    }
    if guard::is_marked(root)? {
        return Ok(true);
    }
    let marker = if_there(fs::symlink_metadata(&marker))?;
    Ok(alone && marker.is_none_or(|found| found.is_file() && found.len() == 0))
}

/// Makes the staging folder `root`, or takes over one that was left, and locks it.
fn lock(root: PathBuf, folder: &Path) -> Result<(PathBuf, File), OpenError> {
    let refuse = |reason| Err(Refused { folder: folder.to_owned(), reason }.into());
    // A build that ends at this moment may remove the folder at any step.
    for _ in 0..1000 {
        match fs::create_dir(&root) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(at(&root)(error).into());
            }
            _ => {}
        }
        match if_there(is_ours(&root)).map_err(at(&root))? {
            Some(true) => {}
            Some(false) => return refuse(Reason::StagingTaken(root)),
            None => continue,
        }
        let path = root.join(MARKER_NAME);
        let options = OpenOptions::new().append(true).create(true).open(&path);
        let Some(mut marker) = if_there(options).map_err(at(&path))? else { continue };
        match marker.try_lock() {
            Err(TryLockError::WouldBlock) => return refuse(Reason::Busy),
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(at(&path)(error).into());
            }
            _ => {}
        }
        // The lock is worth nothing on a file that was removed meanwhile.
        if !system::is_at(&marker, &path) {
            continue;
        }
        if marker.metadata().map_err(at(&path))?.len() == 0 {
            marker.write_all(MARKER.as_bytes()).map_err(at(&path))?;
        }
        return Ok((root, marker));
    }
    refuse(Reason::Busy)
}

/// Makes `folder` and its parents; adds those that were not there to `made`.
fn make_all(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_all(folder.parent().ok_or(error)?, made)?;
            return make_all(folder, made);
        }
        Err(_) if folder.is_dir() => {}
        Err(error) => return Err(at(folder)(error)),
    }
    Ok(())
}

/// Removes the folders again, as far as nothing has come into them.
fn unmake(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}
