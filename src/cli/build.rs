//! `onrecord build`: the pass from nothing, put in place whole.

use std::env;
use std::fmt::Write;
use std::io;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use onrecord::build::Pass;
use onrecord::deploy::manifest::Growing;
use onrecord::deploy::shard::Shard;
use onrecord::diagnostic::{Diagnostic, Severity};
use onrecord::read::snapshot::{CONTENT, GEO, STATIC, TEMPLATES, THEMES};
use onrecord::stage::Stage;
use onrecord::write::{How, OpenError, Output, Project, Published};

use super::progress::Progress;
use super::report::{Format, summary};
use super::site::{Reading, SiteArguments, counted, left_out};
use super::timings::Timings;
use super::verify::verify;
use super::{Failure, Outcome, terminal};

/// Build the site
///
/// Reads the folder, checks it, and puts the finished site in place of the old one, whole or not
/// at all. With an error anywhere the old site stays as it was.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord build                         The site in this folder, into the folder it names
  onrecord build my-desk --output /srv/www/desk
  onrecord build --shard 3/16 --output part-3
  onrecord build --strict --as-of 2025-03-21T18:00:00+02:00")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// The folder to build into; by default the `output` of `site.yaml`
    ///
    /// Relative to the working directory. It is made by onrecord, empty, or not there yet.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Make everything twice, and fail unless both times the bytes are the same
    #[arg(long)]
    verify: bool,

    /// Make only this part of the site: `3/16` is the third of sixteen
    ///
    /// `onrecord join` puts the parts together. See docs/scale.md.
    #[arg(long, value_name = "N/ALL", conflicts_with = "verify")]
    shard: Option<Shard>,

    /// Print how long each stage took
    #[arg(long)]
    timings: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let quiet = arguments.site.quiet;
    let progress = Progress::start(quiet);
    let site = arguments.site.at_one_instant()?;
    let timings = arguments.timings.then(Timings::default);
    let observer = timings.as_ref().map(Timings::observer).unwrap_or_default();
    // The program ends with this, and the system takes everything back at once.
    let mut reading = ManuallyDrop::new(Reading::observed(&site, observer.clone())?);
    let Some(pass) = reading.pass.take().map(ManuallyDrop::new) else {
        drop(progress);
        return Ok(not_built(&reading));
    };
    let root = &arguments.site.dir;
    let folder = arguments.output.clone().unwrap_or_else(|| root.join(&pass.site.config.output));
    let named = if arguments.output.is_some() { "--output" } else { "site.yaml" };
    observer.begins(Stage::Write);
    let output = Output::open(&folder, &project(root)).map_err(|error| refused(error, named))?;
    observer.ends();
    let files = || arguments.shard.map_or_else(|| pass.files(), |shard| pass.files_of(shard));
    progress.rendering(files());
    let made = arguments.verify.then(Growing::default);
    let put = |path: &str, bytes: &[u8]| {
        if let Some(made) = &made {
            made.note(path, bytes);
        }
        output.put(path, bytes).map(drop)
    };
    let emit = || match arguments.shard {
        None => pass.emit(&put, &|| progress.tick()),
        Some(shard) => pass.emit_shard(shard, reading.inputs(), &put, &|| progress.tick()),
    };
    // Room for all paths is made while the first pages are.
    let ((), found) = rayon::join(|| output.expect(files()), emit);
    drop(progress);
    reading.add(found?);
    if reading.has_errors() {
        // The output goes without being published.
        drop(output);
        return Ok(not_built(&reading));
    }
    let verified = made.map(|made| verify(&site, made)).transpose()?;
    observer.begins(Stage::Write);
    let published = output.publish(files()).map_err(|error| Failure::new(error.to_string()))?;
    observer.ends();
    terminal::say(&reading.report(Format::Human, terminal::has_colour(&io::stderr())));
    if let Some(error) = &published.left_behind {
        terminal::say(&format!("note: the old site could not be deleted: {error}\n"));
    }
    if let Some(timings) = timings {
        terminal::print(&timings.table(start.elapsed(), rayon::current_num_threads()))?;
    }
    if !quiet {
        terminal::say(&notes(&pass, &published));
        let shard = arguments.shard.unwrap_or(Shard::WHOLE);
        terminal::print(&closing(
            &pass,
            shard,
            &reading.problems,
            &published,
            &folder,
            start.elapsed(),
        ))?;
        if let Some(files) = verified {
            terminal::print(&format!(
                "built twice: {} with the same bytes\n",
                counted(files, "file")
            ))?;
        }
    }
    Ok(Outcome::Fine)
}

fn not_built(reading: &Reading) -> Outcome {
    let problems = reading.report(Format::Human, terminal::has_colour(&io::stderr()));
    let summary = summary(&reading.problems);
    terminal::say(&format!(
        "{problems}{summary}: the site was not built, and what was built before is as it was\n"
    ));
    Outcome::ContentHasErrors
}

/// What an output folder must stay clear of.
pub fn project(root: &Path) -> Project {
    Project {
        root: root.to_owned(),
        sources: [CONTENT, GEO, TEMPLATES, THEMES, STATIC].map(|folder| root.join(folder)).into(),
        home: env::home_dir().filter(|home| home.is_absolute()),
    }
}

/// An output folder that cannot be written to, and where it is named.
pub fn refused(error: OpenError, named: &str) -> Failure {
    match error {
        OpenError::Refused(refused) => Failure::new(refused.to_string())
            .hint(refused.hint())
            .hint(format!("the folder is the one named by `{named}`")),
        OpenError::Io(error) => error.into(),
    }
}

/// What one may want to know and need not act on.
fn notes(pass: &Pass, published: &Published) -> String {
    let mut notes = String::new();
    if let How::FileByFile(reason) = published.how {
        let _ = writeln!(
            notes,
            "note: the output folder was updated file by file, because {reason}; \
             for a moment, new pages stood beside old ones"
        );
    }
    if pass.site.config.base_url.is_none() {
        notes.push_str(
            "note: `site.yaml` has no `base_url`, so pages carry no canonical address, \
             and there are no sitemap and no feeds\n",
        );
    }
    notes
}

/// `public: 14 files written, 30 unchanged, 2 removed` and
/// `42 pages in 0.2 s, 3 warnings; 1 draft left out`.
fn closing(
    pass: &Pass,
    shard: Shard,
    problems: &[Diagnostic],
    published: &Published,
    folder: &Path,
    time: Duration,
) -> String {
    let Published { written, unchanged, removed, .. } = published;
    let folder = folder.strip_prefix(".").unwrap_or(folder).display();
    let is_page = |name: &str| name.strip_suffix(".html").is_some_and(|name| name != "redirect");
    let pages = pass.pages_of(shard).filter(|page| is_page(page.template)).count();
    let part = if shard == Shard::WHOLE { String::new() } else { format!("part {shard}: ") };
    let warnings = problems.iter().filter(|p| p.severity == Severity::Warning).count();
    format!(
        "{folder}: {} written, {unchanged} unchanged, {removed} removed\n{part}{} in {:.1} s, {}{}\n",
        counted(*written, "file"),
        counted(pages, "page"),
        time.as_secs_f64(),
        counted(warnings, "warning"),
        left_out(pass).map_or(String::new(), |left_out| format!("; {left_out}")),
    )
}
