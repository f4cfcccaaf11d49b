//! `onrecord join`: the parts of a site, put together.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use onrecord::audit::{ids, no_such_anchor};
use onrecord::deploy::manifest::{Entry, MANIFEST};
use onrecord::deploy::shard::{Anchor, MARKER, NotWhole, Part, whole};
use onrecord::write::{Output, Project};
use rayon::prelude::*;

use super::site::counted;
use super::{Failure, Outcome, build, terminal};

/// Put together what `build --shard` made
///
/// Checks that the parts are all of one site, that each file is as it was built, and that the
/// anchors are there to which pages of other parts link; then puts the site in place of the old
/// one, whole or not at all. It is the site that one build would have made, to the last byte.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord join part-1 part-2 part-3 part-4 --output public
  onrecord join parts/* --output public")]
pub struct Arguments {
    /// The folders of all parts, in any order
    #[arg(value_name = "SHARD", required = true)]
    shards: Vec<PathBuf>,

    /// The folder for the whole site
    ///
    /// It is made by onrecord, empty, or not there yet.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Print problems only
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let folders = &arguments.shards;
    let parts: Vec<Part> =
        folders.iter().map(|folder| read(folder)).collect::<Result<_, Failure>>()?;
    let manifest = whole(&parts).map_err(|why| not_whole(why, folders))?;
    let project = Project {
        root: PathBuf::from("."),
        sources: folders.clone(),
        home: std::env::home_dir().filter(|home| home.is_absolute()),
    };
    let output = Output::open(&arguments.output, &project)
        .map_err(|error| build::refused(error, "--output"))?;

    let broken = put(&output, folders, &parts)?;
    if !broken.is_empty() {
        for Anchor { from, link, .. } in &broken {
            terminal::say(&format!("error: {}\n", no_such_anchor(from, link)));
        }
        terminal::say(&format!(
            "{}: the parts were not joined, and what was there before is as it was\n",
            counted(broken.len(), "error")
        ));
        return Ok(Outcome::ContentHasErrors);
    }
    let has_manifest = parts.iter().any(|part| part.has_manifest);
    if has_manifest {
        output.put(MANIFEST, manifest.to_json().as_bytes())?;
    }
    let files = manifest.files.len() + usize::from(has_manifest);
    let published = output.publish(files).map_err(|error| Failure::new(error.to_string()))?;
    if !arguments.quiet {
        let folder = arguments.output.strip_prefix(".").unwrap_or(&arguments.output).display();
        terminal::print(&format!(
            "{folder}: {} written, {} unchanged, {} removed; {} joined\n",
            counted(published.written, "file"),
            published.unchanged,
            published.removed,
            counted(parts.len(), "part"),
        ))?;
    }
    Ok(Outcome::Fine)
}

/// What a part says of itself.
fn read(folder: &Path) -> Result<Part, Failure> {
    let (file, shown) = (folder.join(MARKER), folder.display());
    match fs::read_to_string(&file) {
        Ok(json) => Part::parse(&json).map_err(|error| {
            Failure::new(format!("`{}` cannot be understood: {error}", file.display()))
                .hint("build the part again, with this version of onrecord")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::new(format!("`{shown}` is no part of a site: it has no `{MARKER}`"))
                .hint(format!("make it with `onrecord build --shard 1/2 --output {shown}`")))
        }
        Err(error) => Err(Failure::new(format!("`{}` cannot be read: {error}", file.display()))),
    }
}

/// Puts every file of the parts into the site. Says which anchors are not there.
fn put(output: &Output, folders: &[PathBuf], parts: &[Part]) -> Result<Vec<Anchor>, Failure> {
    let mut wanted: BTreeMap<&str, Vec<&Anchor>> = BTreeMap::new();
    for anchor in parts.iter().flat_map(|part| &part.anchors) {
        wanted.entry(&anchor.page).or_default().push(anchor);
    }
    let files = folders.par_iter().zip(parts).flat_map(|(folder, part)| {
        part.files.files.par_iter().map(move |(path, entry)| (folder, path, entry))
    });
    let broken = files.map(|(folder, path, entry)| {
        let damaged = |why: &str| {
            Failure::new(format!("`{path}` in `{}` {why}", folder.display()))
                .hint("take the part from where it was built once more, or build it again")
        };
        let bytes =
            fs::read(folder.join(path)).map_err(|e| damaged(&format!("is missing: {e}")))?;
        if Entry::of(&bytes) != *entry {
            return Err(damaged("is not as it was built"));
        }
        output.put(path, &bytes)?;
        let Some(anchors) = wanted.get(path.as_str()) else { return Ok(Vec::new()) };
        let ids = ids(&bytes);
        let broken = anchors.iter().filter(|wanted| !ids.contains(&wanted.anchor));
        Ok(broken.map(|wanted| (*wanted).clone()).collect())
    });
    let broken: Vec<Vec<Anchor>> = broken.collect::<Result<_, Failure>>()?;
    let mut broken: Vec<Anchor> = broken.into_iter().flatten().collect();
    broken.sort();
    Ok(broken)
}

fn not_whole(why: NotWhole, folders: &[PathBuf]) -> Failure {
    let name = |n: usize| format!("`{}`", folders[n].display());
    match why {
        NotWhole::OtherSite(a, b) => Failure::new(format!(
            "{} and {} are parts of different sites, or of different versions of one",
            name(a),
            name(b)
        ))
        .hint("build all parts from the same files, with the same options and program"),
        NotWhole::OtherCount(a, b) => Failure::new(format!(
            "{} and {} are parts of sites that were divided into different numbers of parts",
            name(a),
            name(b)
        )),
        NotWhole::Twice(a, b) => {
            Failure::new(format!("{} and {} are the same part", name(a), name(b)))
        }
        NotWhole::Missing(shards) => {
            let missing: Vec<String> = shards.iter().map(ToString::to_string).collect();
            Failure::new(format!("these parts are missing: {}", missing.join(", ")))
        }
        NotWhole::SameFile(a, b, path) => {
            Failure::new(format!("{} and {} both have `{path}`", name(a), name(b)))
        }
    }
}
