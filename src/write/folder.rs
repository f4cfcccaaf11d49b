//! An open folder. What is in it is reached by paths that begin there.
//!
//! The system then need not follow the whole way for every file, and whoever
//! moves the folder, or puts a link in its place, leads nobody elsewhere.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rayon::prelude::*;

/// What lies at a path of a folder.
pub(super) enum Found {
    Nothing,
    Folder,
    /// A file that can be read, and its length.
    File(File, u64),
    /// A link, a pipe, or what cannot be read.
    Other,
}

/// What lies in a folder.
pub(super) struct Entry {
    pub name: OsString,
    /// Links are not followed.
    pub is_folder: bool,
}

/// So many files of one folder are removed by one thread, at least: making a
/// second one begin is not worth it for fewer.
const TOGETHER: usize = 64;

/// Removes a folder and what is in it, on all cores.
///
/// # Errors
///
/// What the system says first; some of it may be gone by then.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    // Where it is none, or cannot be opened, the standard library knows best.
    let Ok(folder) = Folder::open(path) else { return fs::remove_dir_all(path) };
    remove_all_in(&folder)?;
    // Some systems keep a folder that is open.
    drop(folder);
    fs::remove_dir(path)
}

fn remove_all_in(folder: &Folder) -> io::Result<()> {
    let (folders, files): (Vec<Entry>, Vec<Entry>) =
        folder.entries()?.into_iter().partition(|entry| entry.is_folder);
    let remove = |file: &Entry| folder.remove_file(&file.name);
    if files.len() <= TOGETHER {
        files.iter().try_for_each(remove)?;
    } else {
        files.par_iter().with_min_len(TOGETHER).try_for_each(remove)?;
    }
    folders.par_iter().try_for_each(|inner| {
        remove_all_in(&folder.folder(&inner.name)?)?;
        folder.remove_folder(&inner.name)
    })
}

#[cfg(unix)]
pub(super) use self::unix::Folder;

#[cfg(unix)]
mod unix {
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStringExt;

    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
    use rustix::fs::{linkat, mkdirat, openat, statat, unlinkat};
    use rustix::io::Errno;

    use super::{Entry, File, Found, OsStr, OsString, Path, io};

    pub struct Folder(OwnedFd);

    const FOLDER: OFlags =
        OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

    impl Folder {
        /// Opens a folder, but not one behind a link.
        pub fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(openat(CWD, path, FOLDER, Mode::empty())?))
        }

        /// Opens a folder in this one, but not one behind a link.
        pub fn folder(&self, name: &OsStr) -> io::Result<Self> {
            Ok(Self(openat(&self.0, name, FOLDER, Mode::empty())?))
        }

        /// Whether there is a folder at this path, and not only a link to one.
        pub fn has_folder(&self, path: &str) -> io::Result<bool> {
            match statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(found) => Ok(FileType::from_raw_mode(found.st_mode).is_dir()),
                Err(Errno::NOENT) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }

        /// What lies in it, in the order of the system.
        pub fn entries(&self) -> io::Result<Vec<Entry>> {
            let mut entries = Vec::new();
            for entry in Dir::read_from(&self.0)? {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if matches!(name, b"." | b"..") {
                    continue;
                }
                let mut kind = entry.file_type();
                if kind == FileType::Unknown {
                    // Not every file system says so in its lists.
                    match statat(&self.0, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                        Ok(found) => kind = FileType::from_raw_mode(found.st_mode),
                        Err(Errno::NOENT) => continue,
                        Err(error) => return Err(error.into()),
                    }
                }
                let name = OsString::from_vec(name.to_vec());
                entries.push(Entry { name, is_folder: kind.is_dir() });
            }
            Ok(entries)
        }

        /// What lies at a path. A link at its end is not followed.
        pub fn find(&self, path: &str) -> io::Result<Found> {
            // Not blocking, in case a pipe has just taken the file's place.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let file = match openat(&self.0, path, flags, Mode::empty()) {
                Ok(file) => File::from(file),
                Err(Errno::NOENT | Errno::NOTDIR) => return Ok(Found::Nothing),
                Err(_) => return Ok(Found::Other),
            };
            let found = file.metadata()?;
            Ok(match found.file_type() {
                kind if kind.is_file() => Found::File(file, found.len()),
                kind if kind.is_dir() => Found::Folder,
                _ => Found::Other,
            })
        }

        /// Makes a file where there is nothing yet.
        pub fn create(&self, path: &str) -> io::Result<File> {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            Ok(openat(&self.0, path, flags, Mode::from_raw_mode(0o666))?.into())
        }

        pub fn create_folder(&self, path: &str) -> io::Result<()> {
            Ok(mkdirat(&self.0, path, Mode::from_raw_mode(0o777))?)
        }

        /// Makes the file at a path part of another folder too, at the same path.
        pub fn link(&self, path: &str, other: &Self) -> io::Result<()> {
            Ok(linkat(&self.0, path, &other.0, path, AtFlags::empty())?)
        }

        pub fn remove_file(&self, name: &OsStr) -> io::Result<()> {
            Ok(unlinkat(&self.0, name, AtFlags::empty())?)
        }

        pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
            Ok(unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
        }
    }
}

#[cfg(not(unix))]
pub(super) use self::by_path::Folder;

/// The same where the standard library opens no folders.
#[cfg(not(unix))]
mod by_path {
    use std::path::PathBuf;

    use super::super::if_there;
    use super::{Entry, File, Found, OsStr, Path, fs, io};

    pub struct Folder(PathBuf);

    impl Folder {
        pub fn open(path: &Path) -> io::Result<Self> {
            if fs::symlink_metadata(path)?.is_dir() {
                return Ok(Self(path.to_owned()));
            }
            Err(io::ErrorKind::NotADirectory.into())
        }

        pub fn folder(&self, name: &OsStr) -> io::Result<Self> {
            Self::open(&self.0.join(name))
        }

        pub fn has_folder(&self, path: &str) -> io::Result<bool> {
            let found = if_there(fs::symlink_metadata(self.0.join(path)))?;
            Ok(found.is_some_and(|found| found.is_dir()))
        }

        pub fn entries(&self) -> io::Result<Vec<Entry>> {
            let mut entries = Vec::new();
            for entry in fs::read_dir(&self.0)? {
                let entry = entry?;
                let Some(kind) = if_there(entry.file_type())? else { continue };
                entries.push(Entry { name: entry.file_name(), is_folder: kind.is_dir() });
            }
            Ok(entries)
        }

        pub fn find(&self, path: &str) -> io::Result<Found> {
            let path = self.0.join(path);
            let found = match fs::symlink_metadata(&path) {
                Ok(found) => found,
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
                {
                    return Ok(Found::Nothing);
                }
                Err(error) => return Err(error),
            };
            if found.is_dir() {
                return Ok(Found::Folder);
            }
            // What cannot be opened is written anew.
            Ok(match found.is_file().then(|| File::open(&path)) {
                Some(Ok(file)) => Found::File(file, found.len()),
                _ => Found::Other,
            })
        }

        pub fn create(&self, path: &str) -> io::Result<File> {
            File::create_new(self.0.join(path))
        }

        pub fn create_folder(&self, path: &str) -> io::Result<()> {
            fs::create_dir(self.0.join(path))
        }

        pub fn link(&self, path: &str, other: &Self) -> io::Result<()> {
            fs::hard_link(self.0.join(path), other.0.join(path))
        }

        pub fn remove_file(&self, name: &OsStr) -> io::Result<()> {
            fs::remove_file(self.0.join(name))
        }

        pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
            fs::remove_dir(self.0.join(name))
        }
    }
}
