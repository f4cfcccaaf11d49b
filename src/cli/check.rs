//! `onrecord check`: the same pass as a build, without output.

use std::fs;
use std::io;
use std::mem::ManuallyDrop;
use std::path::{Component, Path};

use clap::Args;
use onrecord::diagnostic::{Diagnostic, Place};

use super::progress::Progress;
use super::report::{self, Format, summary};
use super::site::{Reading, SiteArguments, counted, left_out};
use super::{Failure, Outcome, terminal};

/// Look for problems without building
///
/// Everything that a build checks is checked: front matter, references, quotations, and the links
/// and anchors of the finished pages. Of a site with more than 2,000 pages, those are rendered
/// whose text has anchors, raw HTML or relative addresses, and some with each template. The report
/// goes to stdout.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord check                         Each problem with its line, for reading
  onrecord check --format short          One line each, for editors
  onrecord check --format github         Annotations in GitHub Actions
  onrecord check --format gitlab > findings.json
  onrecord check --format sarif > onrecord.sarif")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// How problems are written down
    ///
    /// Paths are relative to the site's folder; with github, gitlab and sarif, to the top of the git
    /// repository that it lies in.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// Render every page of a large site too, as a build does
    #[arg(long)]
    all: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let quiet = arguments.site.quiet;
    let progress = Progress::start(quiet);
    // The program ends with this, and the system takes everything back at once.
    let mut reading = ManuallyDrop::new(Reading::of(&arguments.site)?);
    let pass = reading.pass.take().map(ManuallyDrop::new);
    let mut rendered = None;
    if let Some(pass) = &pass {
        progress.rendering(pass.files());
        let found = if arguments.all {
            pass.emit(&|_, _| Ok(()), &|| progress.tick())?
        } else {
            let checked = pass.check(&|| progress.tick())?;
            rendered = Some(checked.rendered);
            checked.problems
        };
        reading.add(found);
    }
    drop(progress);
    let report = match arguments.format {
        format if format.is_for_a_repository() => {
            let text = |path: &str| reading.text(path);
            from_repository(format, &arguments.site.dir, &reading.problems, &text)
        }
        format => reading.report(format, terminal::has_colour(&io::stdout())),
    };
    terminal::print(&report)?;
    if arguments.format == Format::Human && !quiet {
        let files = pass.as_ref().map(|pass| format!(" in {}", counted(pass.files(), "file")));
        let left_out =
            pass.as_ref().and_then(|pass| left_out(pass)).map(|left_out| format!("; {left_out}"));
        let some =
            pass.as_ref().zip(rendered).map(|(pass, rendered)| (rendered, pass.plan.pages.len()));
        let some = some.filter(|(rendered, all)| rendered < all).map(|(rendered, all)| {
            format!("; {rendered} of {all} pages were rendered to look at their templates and anchors, `--all` renders every one")
        });
        let summary = summary(&reading.problems);
        terminal::print(&format!(
            "{summary}{}{}{}\n",
            files.unwrap_or_default(),
            left_out.unwrap_or_default(),
            some.unwrap_or_default()
        ))?;
    }
    Ok(if reading.has_errors() { Outcome::ContentHasErrors } else { Outcome::Fine })
}

/// The report with paths from the top of the repository in which the site's
/// folder `dir` lies, as its host wants them.
pub(super) fn from_repository(
    format: Format,
    dir: &Path,
    problems: &[Diagnostic],
    text: &report::Sources<'_>,
) -> String {
    let prefix = way_from_repository(dir);
    let moved =
        |place: &Place| Place { path: format!("{prefix}{}", place.path).into(), ..place.clone() };
    let problems: Vec<Diagnostic> = problems
        .iter()
        .map(|problem| {
            let mut problem = problem.clone();
            problem.place = moved(&problem.place);
            problem.related.iter_mut().for_each(|(place, _)| *place = moved(place));
            problem
        })
        .collect();
    let text = |path: &str| text(path.strip_prefix(&prefix)?);
    report::report(format, &problems, &text, false)
}

/// The way from the top of the repository to the site's folder, with a slash
/// at its end; empty where there is no repository, or the site is its top.
pub(super) fn way_from_repository(dir: &Path) -> String {
    let Ok(dir) = fs::canonicalize(dir) else { return String::new() };
    // In a worktree or a submodule `.git` is a file.
    let Some(top) = dir.ancestors().find(|folder| folder.join(".git").exists()) else {
        return String::new();
    };
    let below = dir.strip_prefix(top).unwrap_or(Path::new(""));
    below
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(format!("{}/", name.to_string_lossy())),
            _ => None,
        })
        .collect()
}
