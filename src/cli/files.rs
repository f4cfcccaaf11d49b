//! Files that a command writes into a site's sources, where an author will
//! go on working with them. Pages go out through `onrecord::write`.
#![allow(clippy::disallowed_methods, reason = "these files are an author's, not a site's")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file that must not be there yet, and the folders it lies in.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    make_folder_of(path)?;
    File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(at(path))
}

/// Writes a file, whether or not it is there, and the folders it lies in.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    make_folder_of(path)?;
    fs::write(path, text).map_err(at(path))
}

/// What a folder holds; nothing if it is not there.
pub fn names_in(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.is_symlink() => {
            Ok(Vec::new())
        }
        entries => entries
            .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
            .map_err(at(folder)),
    }
}

fn make_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if folder != Path::new("") => fs::create_dir_all(folder).map_err(at(folder)),
        _ => Ok(()),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
