//! `onrecord diff`: what of a new release has to travel to its host.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use onrecord::deploy::changes::{Changes, changes};
use onrecord::deploy::manifest::{Entry, Line, MANIFEST, Manifest};
use onrecord::deploy::shard::MARKER;
use serde::Serialize;

use super::site::counted;
use super::{Failure, Outcome, files, terminal};

/// Print what to upload to a host and what to delete there
///
/// What pages are made of comes first, then the pages, then what names them (feeds, sitemaps), then
/// the manifest; deletions are last. Do it in this order, and no reader meets half a release. Files
/// that are no pages stay on the host for one release more than they are part of, for readers who
/// have a page of the last one open.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord diff - public                                 The first release: everything
  onrecord diff last-release public                      What differs from it
  onrecord diff published.json public --save next.json   With what is kept on the host on record
  onrecord diff published.json public --format lines     For a loop in a shell: see docs/deploy.md")]
pub struct Arguments {
    /// What the host has: a site's folder or its manifest, or what `--save` wrote
    ///
    /// `-`, or a path at which there is nothing, stands for a host that has nothing yet.
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// What it is to have: a site's folder, or its manifest
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// How to write it down
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// Write to this file what the host has once all is done; the OLD of the next time
    ///
    /// It knows which files are kept for one release. Take it as OLD only when everything has been
    /// uploaded and deleted.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each file, and a summary.
    Human,
    /// One JSON object.
    Json,
    /// `upload PATH` and `delete PATH`, nothing else.
    Lines,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let Arguments { old, new, format, save } = arguments;
    if let Some(save) = save.as_deref().filter(|save| is_same(save, old) || is_same(save, new)) {
        return Err(Failure::new(format!("`{}` is one of the two to compare", save.display()))
            .hint("write to another file, and move it there when everything has been uploaded"));
    }
    let host = if old == Path::new("-") || is_missing(old)? {
        terminal::say("note: nothing is published yet, so everything is to be uploaded\n");
        Manifest::default()
    } else {
        read(old)?
    };
    let release = read(new)?;
    let changes = changes(&host, &release);
    if new.is_dir() {
        check_that_they_are_there(new, &changes)?;
    }
    if let Some(save) = save {
        files::replace(save, &changes.after.to_json())?;
    }
    terminal::print(&match format {
        Format::Human => human(&changes),
        Format::Json => json(&changes),
        Format::Lines => lines(&changes),
    })?;
    let kept = changes.after.kept.len();
    if kept > 0 && save.is_none() {
        terminal::say(&format!(
            "note: {} of the last release {} on the host; with `--save`, the next release deletes {}\n",
            counted(kept, "file"),
            if kept == 1 { "stays" } else { "stay" },
            if kept == 1 { "it" } else { "them" },
        ));
    }
    Ok(Outcome::Fine)
}

/// The manifest of a site's folder, or the one that a file holds.
fn read(path: &Path) -> Result<Manifest, Failure> {
    let file = if path.is_dir() { path.join(MANIFEST) } else { path.to_owned() };
    let shown = file.display();
    let text = match fs::read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_dir() => {
            let failure = Failure::new(format!("there is no `{MANIFEST}` in `{}`", path.display()));
            if path.join(MARKER).is_file() {
                return Err(
                    failure.hint("it is a part of a site: `onrecord join` unites the parts")
                );
            }
            return Err(failure
                .hint("build the site with `manifest: true` in its `site.yaml`")
                .hint("or name a file that holds a manifest"));
        }
        Err(error) => return Err(Failure::new(format!("`{shown}` cannot be read: {error}"))),
        Ok(bytes) => String::from_utf8(bytes)
            .map_err(|_| Failure::new(format!("`{shown}` is no manifest: it is not UTF-8")))?,
    };
    Manifest::parse(&text).map_err(|error| {
        Failure::new(format!("`{shown}` is no manifest: {error}"))
            .hint(format!("a manifest is what a build writes to `{MANIFEST}`, or `diff --save`"))
    })
}

/// What was built must be what is uploaded: a manifest that says something else
/// would hide it from every later comparison.
fn check_that_they_are_there(folder: &Path, changes: &Changes) -> Result<(), Failure> {
    for (path, entry) in &changes.uploads {
        let there = fs::read(folder.join(path)).ok();
        if there.map(|bytes| Entry::of(&bytes)) != Some(*entry) {
            let folder = folder.display();
            return Err(Failure::new(format!(
                "`{path}` in `{folder}` is not as its manifest says it was built"
            ))
            .hint(
                "build the site again, and change nothing in its folder before it is published",
            ));
        }
    }
    Ok(())
}

fn is_missing(path: &Path) -> Result<bool, Failure> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::new(format!("`{}` cannot be read: {error}", path.display()))),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let found = |path: &Path| path.canonicalize().ok();
    one == other || (found(one).is_some() && found(one) == found(other))
}

fn human(changes: &Changes) -> String {
    let mut out = String::new();
    for (path, entry) in &changes.uploads {
        out.push_str(&format!("upload  {path}  ({})\n", weight(entry.size)));
    }
    for path in &changes.deletions {
        out.push_str(&format!("delete  {path}\n"));
    }
    for path in changes.after.kept.keys() {
        out.push_str(&format!("keep    {path}\n"));
    }
    let size = changes.uploads.iter().map(|(_, entry)| entry.size).sum();
    out.push_str(&format!(
        "{} to upload ({}), {} to delete, {} kept for one release\n",
        counted(changes.uploads.len(), "file"),
        weight(size),
        changes.deletions.len(),
        changes.after.kept.len(),
    ));
    out
}

/// `812 bytes`, `3.4 kB`, `1.2 MB`.
#[allow(clippy::cast_precision_loss, reason = "one digit after the point is shown")]
fn weight(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(usize::try_from(bytes).unwrap_or_default(), "byte"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn lines(changes: &Changes) -> String {
    let uploads = changes.uploads.iter().map(|(path, _)| format!("upload {path}\n"));
    uploads.chain(changes.deletions.iter().map(|path| format!("delete {path}\n"))).collect()
}

/// Fields may be added; none is renamed or changes its meaning.
#[derive(Serialize)]
struct Json<'a> {
    upload: Vec<Line>,
    delete: &'a [String],
    keep: Vec<&'a String>,
}

fn json(changes: &Changes) -> String {
    let json = Json {
        upload: changes.uploads.iter().map(|(path, entry)| (path, entry).into()).collect(),
        delete: &changes.deletions,
        keep: changes.after.kept.keys().collect(),
    };
    let json = serde_json::to_string(&json).expect("texts and numbers are always JSON");
    format!("{json}\n")
}
