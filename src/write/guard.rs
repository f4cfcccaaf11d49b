//! Which folders are refused as an output folder.
//!
//! A build replaces its output folder, all of it. So it may only be a folder
//! that onrecord made, or an empty one, or none yet; and never one in which
//! something lies that somebody would miss. Nothing is changed by looking.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::{env, fmt};

use rayon::prelude::*;

use super::folder::{Entry, Folder};
use super::output::OpenError;
use super::{MARKER_NAME, MARKER_START, at, if_there, staging, system};

/// The folders that an output folder must stay clear of.
#[derive(Debug, Clone)]
pub struct Project {
    /// The root of the project. The output may lie within it.
    pub root: PathBuf,
    /// Where content, templates, themes and static files are read from, whether
    /// or not they exist. The output may not overlap with any of them.
    pub sources: Vec<PathBuf>,
    /// The user's home folder, if they have one.
    pub home: Option<PathBuf>,
}

/// An output folder that was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The output folder, links followed.
    pub folder: PathBuf,
    /// What speaks against it.
    pub reason: Reason,
}

/// What speaks against an output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is the root of the file system.
    Root,
    /// It is the user's home folder, or holds it.
    Home,
    /// It is the project's root folder, or holds it.
    Project,
    /// It is a folder the site is made from, or lies in one or holds one.
    Source(PathBuf),
    /// It is the folder in which the command runs.
    WorkingFolder,
    /// It is a file.
    NotAFolder,
    /// It is a link that leads nowhere.
    BrokenLink,
    /// It holds files, and the marker that onrecord leaves is not among them.
    NotOurs,
    /// There is a repository, or something else called `.git`, at this path in it.
    Git(PathBuf),
    /// Another file system is mounted at this folder in it.
    Mount(PathBuf),
    /// Another build is writing to it.
    Busy,
    /// The folder in which the new site would be built is somebody else's.
    StagingTaken(PathBuf),
}

impl Refused {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.reason {
            Reason::NotOurs => format!(
                "name a new or an empty folder; or, if all of `{}` may go, empty it yourself",
                self.folder.display()
            ),
            Reason::Git(found) => format!(
                "name a folder outside of the repository, or move `{}` away; \
                 to publish through git, copy the finished site into the repository",
                found.display()
            ),
            Reason::Mount(found) => {
                format!("unmount `{}`, or name another folder", found.display())
            }
            Reason::Busy => "wait until it has ended, or stop it".to_owned(),
            Reason::StagingTaken(found) => format!("rename `{}`", found.display()),
            Reason::BrokenLink => "remove the link, or make the folder it leads to".to_owned(),
            Reason::WorkingFolder => "run the command from the project's folder".to_owned(),
            Reason::Root
            | Reason::Home
            | Reason::Project
            | Reason::Source(_)
            | Reason::NotAFolder => "name a folder of its own, such as `public`".to_owned(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "will not write to `{}`: ", self.folder.display())?;
        match &self.reason {
            Reason::Root => write!(f, "it is the root of the file system"),
            Reason::Home => write!(f, "it is your home folder, or holds it"),
            Reason::Project => write!(f, "it is the folder of the project, or holds it"),
            Reason::Source(source) => {
                write!(f, "it overlaps with `{}`, which the site is made from", source.display())
            }
            Reason::WorkingFolder => write!(f, "it is the folder in which the command runs"),
            Reason::NotAFolder => write!(f, "it is not a folder"),
            Reason::BrokenLink => write!(f, "it is a link that leads nowhere"),
            Reason::NotOurs => write!(f, "it holds files that onrecord did not make"),
            Reason::Git(found) => write!(f, "`{}` is in it", found.display()),
            Reason::Mount(found) => {
                write!(f, "another file system is mounted in it, at `{}`", found.display())
            }
            Reason::Busy => write!(f, "another build is writing to it"),
            Reason::StagingTaken(found) => {
                write!(f, "the new site would be built in `{}`, which is not ours", found.display())
            }
        }
    }
}

impl std::error::Error for Refused {}

/// An output folder that nothing speaks against.
pub(super) struct Target {
    /// Absolute, links followed as far as it exists.
    pub folder: PathBuf,
    /// What the old site is made of. `None` if the folder does not exist yet.
    pub size: Option<Size>,
}

/// How many files and folders there are in a site, without the marker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub files: usize,
    pub folders: usize,
}

/// Looks whether `folder` may be replaced.
pub(super) fn check(folder: &Path, project: &Project) -> Result<Target, OpenError> {
    let target = resolved(folder).map_err(at(folder))?;
    let refuse = |reason| Err(Refused { folder: target.clone(), reason }.into());

    if target.parent().is_none() {
        return refuse(Reason::Root);
    }
    if let Some(home) = &project.home
        && is_within(&resolved(home).map_err(at(home))?, &target)
    {
        return refuse(Reason::Home);
    }
    if is_within(&resolved(&project.root).map_err(at(&project.root))?, &target) {
        return refuse(Reason::Project);
    }
    for source in &project.sources {
        let resolved = resolved(source).map_err(at(source))?;
        if is_within(&resolved, &target) || is_within(&target, &resolved) {
            return refuse(Reason::Source(source.clone()));
        }
    }
    if env::current_dir().is_ok_and(|here| is_same(&here, &target)) {
        return refuse(Reason::WorkingFolder);
    }

    let Some(found) = if_there(fs::symlink_metadata(&target)).map_err(at(&target))? else {
        return Ok(Target { folder: target, size: None });
    };
    if found.is_symlink() {
        return refuse(Reason::BrokenLink);
    }
    if !found.is_dir() {
        return refuse(Reason::NotAFolder);
    }
    if !is_marked(&target)? && !is_empty(&target)? {
        return refuse(Reason::NotOurs);
    }
    let size = match if_there(Folder::open(&target)).map_err(at(&target))? {
        Some(open) => Some(weigh(&open, &target, &target, true)?),
        None => None,
    };
    Ok(Target { folder: target, size })
}

/// Whether onrecord left its marker at the root of `folder`.
pub(super) fn is_marked(folder: &Path) -> io::Result<bool> {
    let path = folder.join(MARKER_NAME);
    match if_there(fs::symlink_metadata(&path)).map_err(at(&path))? {
        Some(found) if found.is_file() => {}
        _ => return Ok(false),
    }
    let Some(file) = if_there(system::open_unlinked(&path)).map_err(at(&path))? else {
        return Ok(false);
    };
    let mut start = Vec::new();
    file.take(MARKER_START.len() as u64).read_to_end(&mut start).map_err(at(&path))?;
    Ok(start == MARKER_START)
}

/// What lies at the root of an output folder without belonging to the site:
/// our own staging folder, and what `mkfs` leaves at the root of a volume.
pub(super) fn is_no_part_of_the_site(root: &Path, entry: &Path) -> bool {
    entry.parent() == Some(root)
        && entry.file_name().is_some_and(|name| name == staging::WITHIN || name == "lost+found")
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let counts = if path.ends_with(staging::WITHIN) {
            !staging::is_ours(&path)?
        } else {
            !is_no_part_of_the_site(folder, &path)
        };
        if counts {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Counts what is in a folder of the old site, or says what in it must not be
/// deleted. It looks into all folders, but counts only those that are part of
/// the site.
///
/// Another build may be replacing it meanwhile: what is gone is passed over.
fn weigh(folder: &Folder, path: &Path, root: &Path, is_part: bool) -> Result<Size, OpenError> {
    let refuse = |reason| Err(Refused { folder: root.to_owned(), reason }.into());
    let (mut size, mut inner) = (Size::default(), Vec::new());
    let entries = if_there(folder.entries()).map_err(at(path))?;
    for Entry { name, is_folder } in entries.unwrap_or_default() {
        if name.eq_ignore_ascii_case(".git") {
            return refuse(Reason::Git(path.join(name)));
        }
        if is_folder {
            inner.push(path.join(name));
        } else {
            size.files += usize::from(is_part && !(path == root && name == MARKER_NAME));
        }
    }
    let weighed = inner.par_iter().map(|path| {
        if if_there(system::is_mount_point(path)).map_err(at(path))? == Some(true) {
            return refuse(Reason::Mount(path.clone()));
        }
        let is_part = is_part && !is_no_part_of_the_site(root, path);
        let open = match folder.folder(path.file_name().unwrap_or_default()) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && !is_part => None,
            open => if_there(open).map_err(at(path))?,
        };
        let Some(open) = open else { return Ok(Size::default()) };
        let Size { files, folders } = weigh(&open, path, root, is_part)?;
        Ok(Size { files, folders: folders + usize::from(is_part) })
    });
    let sum = |a: Size, b: Size| Size { files: a.files + b.files, folders: a.folders + b.folders };
    Ok(sum(size, weighed.try_reduce(Size::default, |a, b| Ok(sum(a, b)))?))
}

/// `path`, absolute, with its links followed as far as it exists.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let missing = match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => error,
        found => return found,
    };
    // Without a name it is empty or ends in `..`, after a folder that is not there.
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Err(missing) };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    Ok(resolved(parent)?.join(name))
}

/// Whether `inner` is `outer` or lies in it.
fn is_within(inner: &Path, outer: &Path) -> bool {
    inner.ancestors().any(|folder| is_same(folder, outer))
}

/// Names are not enough: one folder may be mounted at two places, or be spelled
/// in two ways on a file system that folds case.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((system::identity(one), system::identity(other)), (Ok(one), Ok(other)) if one == other)
}
