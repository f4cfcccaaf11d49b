//! `onrecord watch`: keeps an output folder as a build would write it.

use std::io;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use onrecord::build::Pass;
use onrecord::build::update::{Rendered, Update};
use onrecord::diagnostic::{Diagnostic, in_order};
use onrecord::write::{Output, PublishError};

use super::build;
use super::report::{Format, summary};
use super::site::{Desk, SiteArguments, counted, has_errors};
use super::watcher::Watcher;
use super::{Failure, Outcome, terminal};

/// Keep a built site up to date
///
/// Builds the site, and after every change of its files writes what has changed. While there is an
/// error anywhere, the site stays as it was. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord watch                         Keep the site of this folder up to date
  onrecord watch my-desk --output /srv/www/desk
  onrecord watch --poll                  Where the system does not tell of changes")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// The folder to build into; by default the `output` of `site.yaml`
    ///
    /// Relative to the working directory. It is made by onrecord, empty, or not there yet.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Look at all files once a second, instead of being told of changes by the system
    #[arg(long)]
    poll: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut desk = Desk::open(&arguments.site)?;
    // Before the first pass, so that nothing is missed.
    let mut watcher = Watcher::new(&desk.folder, arguments.poll)?;
    let mut kept = Kept { arguments, site: None, last_report: String::new() };
    kept.keep(&mut desk)?;
    loop {
        for note in watcher.notes() {
            terminal::say(&format!("{note}\n"));
        }
        let at = watcher.wait(&desk.folder)?;
        let looked = desk.folder.look_again(&at);
        for error in &looked.unreadable {
            terminal::say(&format!("error: {error}\n"));
        }
        if !looked.changed.is_empty() || kept.is_gone() {
            kept.keep(&mut desk)?;
        }
    }
}

/// The output folder, and what is known of it.
struct Kept<'a> {
    arguments: &'a Arguments,
    site: Option<Written>,
    last_report: String,
}

/// A site as we wrote it.
struct Written {
    folder: PathBuf,
    /// Which folder it is; another build puts another there.
    identity: Option<Identity>,
    rendered: Rendered,
}

impl Kept<'_> {
    /// Whether somebody has taken our folder away, or put another there.
    fn is_gone(&self) -> bool {
        self.site.as_ref().is_some_and(|site| identity(&site.folder) != site.identity)
    }

    /// Makes a pass and writes what has changed.
    fn keep(&mut self, desk: &mut Desk) -> Result<(), Failure> {
        let start = Instant::now();
        let (pass, mut problems) = desk.pass()?;
        let Some(pass) = pass else {
            self.report(desk, &problems);
            return Ok(());
        };
        let root = &self.arguments.site.dir;
        let folder =
            self.arguments.output.clone().unwrap_or_else(|| root.join(&pass.site.config.output));
        let before = self
            .site
            .take()
            .filter(|site| site.folder == folder && identity(&folder) == site.identity);
        let is_new = before.is_none();
        let project = build::project(root);
        let output = if is_new {
            Output::open(&folder, &project)
        } else {
            Output::open_in_place(&folder, &project)
        };
        let named = if self.arguments.output.is_some() { "--output" } else { "site.yaml" };
        let output = match output {
            Ok(output) => output,
            // The first time it is the user's command that is wrong; later it
            // may be one edit of the settings.
            Err(error) => {
                let failure = build::refused(error, named);
                self.site = before;
                if is_new && self.last_report.is_empty() {
                    return Err(failure);
                }
                terminal::say(&failure.to_string());
                return Ok(());
            }
        };
        let known = before.as_ref().map(|site| site.rendered.clone()).unwrap_or_default();
        let update = match update(&pass, &known, &output) {
            Ok(update) => update,
            // A file has gone since it was seen; that will be told.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.site = before;
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        problems.extend(update.problems);
        let problems = in_order(problems);
        self.report(desk, &problems);
        if has_errors(&problems) {
            self.site = before;
            return Ok(());
        }
        let published =
            if is_new { output.publish(pass.files()) } else { output.amend(&update.removed) }
                .map_err(|error: PublishError| Failure::new(error.to_string()))?;
        let shown = folder.strip_prefix(".").unwrap_or(&folder).display();
        if !self.arguments.site.quiet {
            terminal::print(&format!(
                "{shown}: {} written, {} removed; {} rendered in {} ms\n",
                counted(published.written, "file"),
                published.removed,
                counted(update.rendered, "page"),
                start.elapsed().as_millis(),
            ))?;
        }
        let identity = identity(&folder);
        self.site = Some(Written { folder, identity, rendered: update.rendered_now });
        Ok(())
    }

    /// Says what is wrong, where it is not what was said before.
    fn report(&mut self, desk: &Desk, problems: &[Diagnostic]) {
        let report = desk.report(problems, Format::Human, terminal::has_colour(&io::stderr()));
        if report == self.last_report {
            return;
        }
        terminal::say(&report);
        if has_errors(problems) {
            let summary = summary(problems);
            terminal::say(&format!("{summary}: the site stays as it was\n"));
        }
        self.last_report = report;
    }
}

/// Renders what has changed since `known`. A file that is not found is one of the
/// site's; what is wrong with the output folder is another kind of error.
fn update(pass: &Pass, known: &Rendered, output: &Output) -> io::Result<Update> {
    let put =
        |path: &str, bytes: &[u8]| output.put(path, bytes).map(drop).map_err(io::Error::other);
    let mut update = pass.update(known, &put, &|| false)?;
    pass.finish(known, &mut update, &put)?;
    Ok(update)
}

#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(unix)]
fn identity(folder: &std::path::Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(folder: &std::path::Path) -> Option<Identity> {
    folder.canonicalize().ok()
}
