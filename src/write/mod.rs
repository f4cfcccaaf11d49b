//! The only door out: a site's pages on their way into a folder.
//!
//! The new site is built beside the old one and takes its place by one rename,
//! so that a reader, a failed build or a killed one never meets half a site.
//! What is written, and how many pages there are to be, others decide; this
//! stage only makes sure that nothing lands outside the output folder and that
//! no folder is emptied which onrecord did not make.
//!
//! - [`Output`]: open, put, publish.
//! - [`guard`]: which folders are refused.
//! - [`site_path`]: which paths are refused within one.
//! - `staging`: the folder next door in which the new site is built.
//! - `exchange`: how the new site takes the place of the old one.
//! - `folder`: an open folder, and what can be done below it.
//! - `system`: what differs between operating systems.
#![allow(clippy::disallowed_methods, reason = "files go out through this folder")]

use std::io;
use std::path::Path;

mod exchange;
mod folder;
pub mod guard;
mod output;
pub mod site_path;
mod staging;
mod system;

pub use exchange::How;
pub use guard::{Project, Reason, Refused};
pub use output::{OpenError, Output, PublishError, Published, Put};

/// The file at the root of every folder that onrecord made.
const MARKER_NAME: &str = ".onrecord";

/// What it says. The same in every site, so that it never counts as a change.
const MARKER: &str = "onrecord made this folder and replaces all of it with every build. \
                      Keep nothing of your own in here.\n";

/// How the marker starts in this version and all to come.
const MARKER_START: &[u8] = b"onrecord made this folder";

/// Adds the path to an error of the system, which leaves it out.
fn at(path: &Path) -> impl FnOnce(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// The same for a path below a folder, which is put together only then.
fn below<'a>(folder: &'a Path, path: &'a str) -> impl FnOnce(io::Error) -> io::Error + 'a {
    move |error| at(&folder.join(path))(error)
}

/// What `found` holds, or nothing where there is nothing at that path.
fn if_there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
