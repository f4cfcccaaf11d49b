//! How a new site takes the place of the old one: at once where that can be,
//! in two steps or file by file where it cannot.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::guard::is_no_part_of_the_site;
use super::{MARKER_NAME, at, if_there, system};

/// How a site was put in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By one rename: no reader met half a site.
    AtOnce,
    /// By two renames, as the system knows no better: for a moment there was
    /// no site.
    InTwoSteps,
    /// Each file by a rename of its own, for this reason: for a while, new
    /// pages stood beside old ones.
    FileByFile(&'static str),
}

/// Puts the site at `new` in the place of the one at `folder`; that one is then
/// at `new` or at `aside`. `None` if only single files can be moved there.
pub(super) fn whole(
    new: &Path,
    folder: &Path,
    aside: &Path,
    replaces: bool,
) -> io::Result<Option<How>> {
    if !replaces {
        // Nothing is lost if a folder has appeared there: only an empty one
        // can be replaced by a rename.
        return match fs::rename(new, folder) {
            Ok(()) => Ok(Some(How::AtOnce)),
            Err(error) => Err(at(folder)(error)),
        };
    }
    match system::exchange(new, folder) {
        Ok(()) => return Ok(Some(How::AtOnce)),
        // This is how systems and file systems say that they do not know it.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {}
        Err(error) if cannot_move_a_folder(&error) => return Ok(None),
        Err(error) => return Err(at(folder)(error)),
    }
    in_two_steps(new, folder, aside)
}

fn in_two_steps(new: &Path, folder: &Path, aside: &Path) -> io::Result<Option<How>> {
    match fs::rename(folder, aside) {
        Ok(()) => {}
        Err(error) if cannot_move_a_folder(&error) => return Ok(None),
        Err(error) => return Err(at(folder)(error)),
    }
    if let Err(error) = fs::rename(new, folder) {
        // The old site goes back when the staging folder is cleared.
        return Err(at(folder)(error));
    }
    Ok(Some(How::InTwoSteps))
}

fn cannot_move_a_folder(error: &io::Error) -> bool {
    use ErrorKind::{CrossesDevices, PermissionDenied, ResourceBusy};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ResourceBusy)
}

/// Moves the files at `new` to `folder` one by one and then removes those files
/// there whose path is none of the new site's. A file that is not at `new`
/// stays as it is.
///
/// `is_put` finds the path that compares equal to another in the new site.
pub(super) fn file_by_file(
    new: &Path,
    folder: &Path,
    is_put: &dyn Fn(&str) -> Option<String>,
) -> io::Result<()> {
    // The marker comes first, so that a folder in which we are interrupted is
    // known to be ours.
    let marker = new.join(MARKER_NAME);
    if_there(fs::rename(&marker, folder.join(MARKER_NAME))).map_err(at(&marker))?;
    move_all(new, folder)?;
    remove_others(folder, folder, "", is_put)?;
    Ok(())
}

/// Moves the files at `new` to `folder` one by one and takes away those at the
/// paths `gone`, with the folders that are empty then. Says how many went.
pub(super) fn some(
    new: &Path,
    folder: &Path,
    gone: &[String],
    is_put: &dyn Fn(&str) -> Option<String>,
) -> io::Result<usize> {
    let marker = new.join(MARKER_NAME);
    if_there(fs::rename(&marker, folder.join(MARKER_NAME))).map_err(at(&marker))?;
    move_all(new, folder)?;
    let mut removed = 0;
    for path in gone {
        let target = folder.join(path);
        // A folder on the way may have become a file, or a link to somewhere
        // else.
        let is_ours = super::site_path::check(path).is_ok()
            && target
                .parent()
                .and_then(|parent| fs::canonicalize(parent).ok())
                .is_some_and(|parent| parent.is_dir() && parent.starts_with(folder));
        if !is_ours || stays(folder, path, is_put) {
            continue;
        }
        let there = if_there(fs::symlink_metadata(&target)).map_err(at(&target))?;
        if there.is_none_or(|found| found.is_dir()) {
            continue;
        }
        fs::remove_file(&target).map_err(at(&target))?;
        removed += 1;
        for above in target.ancestors().skip(1).take_while(|above| *above != folder) {
            // One that is not empty stays.
            if fs::remove_dir(above).is_err() {
                break;
            }
        }
    }
    Ok(removed)
}

/// Whether the file at a path is one of those that were put. Where case is
/// folded, the new file may still have the old name.
fn stays(root: &Path, path: &str, is_put: &dyn Fn(&str) -> Option<String>) -> bool {
    match is_put(path) {
        Some(put) if put == path => true,
        Some(put) => {
            let (one, other) =
                (system::identity(&root.join(put)), system::identity(&root.join(path)));
            matches!((one, other), (Ok(one), Ok(other)) if one == other)
        }
        None => false,
    }
}

fn move_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let there = if_there(fs::symlink_metadata(&target)).map_err(at(&target))?;
        if entry.file_type().map_err(at(&source))?.is_dir() {
            if !there.as_ref().is_some_and(fs::Metadata::is_dir) {
                if there.is_some() {
                    fs::remove_file(&target).map_err(at(&target))?;
                }
                fs::create_dir(&target).map_err(at(&target))?;
            }
            move_all(&source, &target)?;
        } else {
            if there.is_some_and(|found| found.is_dir()) {
                fs::remove_dir_all(&target).map_err(at(&target))?;
            }
            fs::rename(&source, &target).map_err(at(&target))?;
        }
    }
    Ok(())
}

/// Says whether anything is left in `folder`.
fn remove_others(
    root: &Path,
    folder: &Path,
    prefix: &str,
    is_put: &dyn Fn(&str) -> Option<String>,
) -> io::Result<bool> {
    let mut left = false;
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        let target = entry.path();
        if is_no_part_of_the_site(root, &target) || target == root.join(MARKER_NAME) {
            left = true;
            continue;
        }
        let name = entry.file_name();
        // No path of ours is other than UTF-8.
        let path = name.to_str().map(|name| format!("{prefix}{name}"));
        if entry.file_type().map_err(at(&target))?.is_dir() {
            // The prefix matters only where a name below it can be one of ours.
            let prefix = path.map_or_else(|| "\0/".to_owned(), |path| path + "/");
            if remove_others(root, &target, &prefix, is_put)? {
                left = true;
            } else {
                fs::remove_dir(&target).map_err(at(&target))?;
            }
            continue;
        }
        let stays = path.is_some_and(|path| stays(root, &path, is_put));
        if stays {
            left = true;
        } else {
            fs::remove_file(&target).map_err(at(&target))?;
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_renames_do_where_one_does_not() {
        let place = tempfile::tempdir().unwrap();
        let [new, folder, aside] = ["new", "folder", "aside"].map(|name| place.path().join(name));
        for site in [&new, &folder] {
            fs::create_dir(site).unwrap();
        }
        fs::write(new.join("page"), "new").unwrap();
        fs::write(folder.join("page"), "old").unwrap();
        assert_eq!(in_two_steps(&new, &folder, &aside).unwrap(), Some(How::InTwoSteps));
        assert_eq!(fs::read(folder.join("page")).unwrap(), b"new");
        assert_eq!(fs::read(aside.join("page")).unwrap(), b"old");
        assert!(!new.exists());
    }
}
