//! Reads a site's folder.
//!
//! What an author can mend (a file that is not UTF-8, a link that leads out of
//! the folder) is a diagnostic; what the machine did is an error with its path.
#![allow(clippy::disallowed_methods, reason = "this is the door in")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use super::snapshot::{Bytes, CONFIG_FILE, CONTENT, STATIC, Snapshot, Source, TEMPLATES, THEMES};
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
    let real_root = fs::canonicalize(root).map_err(|e| with_path(e, root))?;
    let mut problems = Vec::new();
    let mut snapshot = Snapshot::default();
    let mut texts = Vec::new();
    let config = root.join(CONFIG_FILE);
    if config.is_file() {
        texts.push((Arc::from(CONFIG_FILE), config));
    }
    for folder in [CONTENT, TEMPLATES, THEMES, STATIC] {
        for (path, file) in files(root, &real_root, folder, &mut problems)? {
            let is_text = match folder {
                CONTENT => has_ending(&path, &["md", "markdown"]),
                STATIC => false,
                THEMES => {
                    has_ending(&path, &["html", "xml", "txt", "yaml", "css", "js", "svg", "md"])
                }
                _ => true,
            };
            if is_text {
                texts.push((path, file));
            } else if folder == STATIC {
                let below = path.strip_prefix("static/").expect("it was found below that folder");
                snapshot.assets.insert(below.into(), Bytes::File(file));
            } else if folder == THEMES {
                let bytes = fs::read(&file).map_err(|e| with_path(e, &file))?;
                snapshot.theme_files.insert(path, bytes.into());
            } else {
                snapshot.strays.push(path);
            }
        }
    }
    snapshot.strays.sort();
    let read: Vec<io::Result<Result<Source, Box<Diagnostic>>>> = texts
        .into_par_iter()
        .map(|(path, file)| {
            let bytes = fs::read(&file).map_err(|e| with_path(e, &file))?;
            Ok(text_of(&path, bytes))
        })
        .collect();
    for source in read {
        match source? {
            Ok(source) => {
                snapshot.sources.insert(Arc::clone(&source.path), source);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    Ok(Checked { value: snapshot, diagnostics: problems })
}

/// The bytes of a file that is passed on as it is.
///
/// # Errors
///
/// What the system says, with the path.
pub fn bytes(of: &Bytes) -> io::Result<Arc<[u8]>> {
    match of {
        Bytes::File(path) => fs::read(path).map(Into::into).map_err(|e| with_path(e, path)),
        Bytes::Memory(bytes) => Ok(Arc::clone(bytes)),
    }
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

/// The files below a folder of the site, as (path from the root, file).
fn files(
    root: &Path,
    real_root: &Path,
    folder: &str,
    problems: &mut Vec<Diagnostic>,
) -> io::Result<Vec<(Arc<str>, PathBuf)>> {
    let top = root.join(folder);
    let mut found = Vec::new();
    if !top.is_dir() {
        return Ok(found);
    }
    let mut walk = WalkDir::new(&top).follow_links(true).into_iter().filter_entry(is_wanted);
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                if let (Some(path), true) =
                    (e.path().map(Path::to_owned), e.loop_ancestor().is_some())
                {
                    let path = site_path(root, &path);
                    problems.push(
                        Diagnostic::error(
                            "link-loop",
                            Place::file(&path),
                            "this link leads back into itself",
                        )
                        .hint("remove the link"),
                    );
                    continue;
                }
                let path = e.path().map_or_else(|| top.clone(), Path::to_owned);
                if path.is_symlink() {
                    let path = site_path(root, &path);
                    problems.push(
                        Diagnostic::error(
                            "broken-link",
                            Place::file(&path),
                            "this link leads nowhere",
                        )
                        .hint("remove the link, or restore the file that it names"),
                    );
                    continue;
                }
                return Err(with_path(
                    e.into_io_error().unwrap_or_else(|| io::Error::other("unreadable")),
                    &path,
                ));
            }
        };
        if entry.path_is_symlink() {
            let target = fs::canonicalize(entry.path()).map_err(|e| with_path(e, entry.path()))?;
            if !target.starts_with(real_root) {
                let path = site_path(root, entry.path());
                problems.push(
                    Diagnostic::error(
                        "link-outside",
                        Place::file(&path),
                        format!(
                            "this link leads out of the site's folder, to {}",
                            target.display()
                        ),
                    )
                    .hint("put a copy of the file into the site's folder"),
                );
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                continue;
            }
        }
        if entry.file_type().is_file() {
            found.push((site_path(root, entry.path()), entry.into_path()));
        }
    }
    Ok(found)
}

/// Hidden files, and what editors leave beside the files that they edit.
fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let litter = name.starts_with('.')
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || has_ending(&name, &["swp", "swo", "swx", "tmp", "bak", "orig"])
        || name == "Thumbs.db";
    entry.depth() == 0 || !litter
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| endings.iter().any(|x| e.eq_ignore_ascii_case(x)))
}

fn site_path(root: &Path, file: &Path) -> Arc<str> {
    let below = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/").nfc().collect::<String>().into()
}
