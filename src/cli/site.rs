//! A site's folder and the settings with which it is read, for the commands
//! that make a pass.

use std::path::{Path, PathBuf};

use clap::Args;
use onrecord::build::{Builder, Pass, Settings};
use onrecord::diagnostic::{Checked, Diagnostic, Severity, in_order};
use onrecord::fingerprint::Fingerprint;
use onrecord::read::disk::{self, Folder};
use onrecord::read::snapshot::{CONFIG_FILE, Snapshot};
use onrecord::stage::{Observer, Stage};

use super::report::{self, Format};
use super::{Failure, now};

/// What all commands that make a pass ask for.
#[derive(Debug, Clone, Args)]
pub struct SiteArguments {
    /// The site's folder, the one with `site.yaml`
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,

    /// Use this address in place of the `base_url` of `site.yaml`
    ///
    /// For previews and forks: canonical links and the sitemap carry it. It is absolute and
    /// starts with `https://` or `http://`.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,

    /// Show drafts too
    #[arg(long)]
    drafts: bool,

    /// Take this for the present: what is under embargo until then is published
    ///
    /// A date (midnight UTC) or an instant with its offset, as in 2025-03-21T18:00:00+02:00.
    /// Without it, `SOURCE_DATE_EPOCH` or else the system's clock decides.
    #[arg(long, value_name = "DATE", value_parser = now::as_of)]
    as_of: Option<i64>,

    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,

    /// Print problems only
    #[arg(short, long)]
    pub quiet: bool,
}

impl SiteArguments {
    /// The same, with the present decided once and for all passes.
    pub fn at_one_instant(&self) -> Result<Self, Failure> {
        Ok(Self { as_of: Some(now::now(self.as_of)?), ..self.clone() })
    }

    /// Whether warnings count as errors.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings {
            now: now::now(self.as_of)?,
            drafts: self.drafts,
            base_url: self.base_url.clone(),
            strict: self.strict,
        })
    }
}

/// Whether this can be the address of a site.
fn base_url(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return Err("it starts with `https://` or `http://`") };
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\');
    if text.contains(bad) {
        return Err("an address has no spaces, quotation marks, brackets or backslashes");
    }
    if text.contains(['?', '#']) {
        return Err("pages are found below it, so it has no `?` and no `#`");
    }
    if rest.split(['/', ':']).next().is_none_or(str::is_empty) {
        return Err("it names a host");
    }
    Ok(text.to_owned())
}

/// A site's folder, its settings, and what is remembered between two passes.
pub struct Desk {
    arguments: SiteArguments,
    pub folder: Folder,
    builder: Builder,
}

impl Desk {
    /// Reads the folder.
    pub fn open(arguments: &SiteArguments) -> Result<Self, Failure> {
        Self::observed(arguments, Observer::default())
    }

    fn observed(arguments: &SiteArguments, observer: Observer) -> Result<Self, Failure> {
        check_that_it_is_a_site(&arguments.dir)?;
        observer.begins(Stage::Read);
        let folder = Folder::open(&arguments.dir)?;
        observer.ends();
        Ok(Self {
            arguments: arguments.clone(),
            folder,
            builder: Builder::new(arguments.settings()?).observed_by(observer),
        })
    }

    /// A pass over the folder as it was looked at last, and what is wrong with
    /// it. There is none where an error is among that.
    pub fn pass(&mut self) -> Result<(Option<Pass>, Vec<Diagnostic>), Failure> {
        self.builder.set_now(now::now(self.arguments.as_of)?);
        let mut problems: Vec<Diagnostic> = self.folder.problems().cloned().collect();
        let config_is_unreadable = problems.iter().any(|p| &*p.place.path == CONFIG_FILE);
        let mut passed = self.builder.pass(self.folder.snapshot());
        if config_is_unreadable {
            // It is there, and what is wrong with it has been said.
            passed.diagnostics.retain(|p| p.code != "no-config");
        }
        let pass = passed.unpack(&mut problems);
        let pass = pass.filter(|_| !has_errors(&problems));
        Ok((pass, in_order(problems)))
    }

    /// Problems, written down.
    pub fn report(&self, problems: &[Diagnostic], format: Format, colour: bool) -> String {
        let text = |path: &str| self.folder.snapshot().text(path);
        report::report(format, problems, &text, colour)
    }
}

/// A site as far as it can be understood.
pub struct Reading {
    desk: Desk,
    /// What can be rendered, if nothing is wrong.
    pub pass: Option<Pass>,
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
}

impl Reading {
    /// Reads the folder and makes a pass.
    pub fn of(arguments: &SiteArguments) -> Result<Self, Failure> {
        Self::observed(arguments, Observer::default())
    }

    /// The same, and tells of the stages.
    pub fn observed(arguments: &SiteArguments, observer: Observer) -> Result<Self, Failure> {
        let mut desk = Desk::observed(arguments, observer)?;
        let (pass, problems) = desk.pass()?;
        Ok(Self { desk, pass, problems })
    }

    /// Adds what was found later.
    pub fn add(&mut self, problems: Vec<Diagnostic>) {
        self.problems.extend(problems);
        self.problems = in_order(std::mem::take(&mut self.problems));
    }

    /// Whether the site cannot be built.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.problems)
    }

    /// The text of a source.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.desk.folder.snapshot().text(path)
    }

    /// What stands for all sources.
    pub fn inputs(&self) -> Fingerprint {
        self.desk.folder.snapshot().fingerprint()
    }

    /// The problems, written down.
    pub fn report(&self, format: Format, colour: bool) -> String {
        self.desk.report(&self.problems, format, colour)
    }
}

/// Reads a folder that must be a site.
pub fn read(dir: &Path) -> Result<Checked<Snapshot>, Failure> {
    check_that_it_is_a_site(dir)?;
    Ok(disk::read(dir)?)
}

fn check_that_it_is_a_site(dir: &Path) -> Result<(), Failure> {
    let config = dir.join(CONFIG_FILE);
    if dir.is_file() {
        return Err(Failure::new(format!("`{}` is not a folder", dir.display()))
            .hint(format!("name the folder in which `{CONFIG_FILE}` is")));
    }
    if dir.is_dir() && !config.exists() && !config.is_symlink() {
        let failure = Failure::new(format!("there is no `{CONFIG_FILE}` in `{}`", dir.display()));
        return Err(match site_around(dir) {
            Some(site) => failure.hint(format!("the site around it is `{}`", site.display())),
            None => failure
                .hint("name the folder that has one, or start a site with `onrecord init DIR`"),
        });
    }
    Ok(())
}

/// The nearest folder around `dir` that is a site.
fn site_around(dir: &Path) -> Option<PathBuf> {
    let here = std::path::absolute(dir).ok()?;
    here.ancestors().skip(1).find(|folder| folder.join(CONFIG_FILE).is_file()).map(Path::to_owned)
}

pub fn has_errors(problems: &[Diagnostic]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

/// What was left out, as `1 draft and 2 under embargo left out`; `None` where
/// nothing was.
pub fn left_out(pass: &Pass) -> Option<String> {
    let withheld = &pass.site.withheld;
    let parts: Vec<String> = [
        (withheld.drafts, "draft", "drafts"),
        (withheld.embargoed, "under embargo", "under embargo"),
        (withheld.withheld, "withheld", "withheld"),
        (withheld.entities, "entity that only these mention", "entities that only these mention"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
    .collect();
    (!parts.is_empty()).then(|| format!("{} left out", parts.join(", ")))
}

/// `1 page`, `2 pages`.
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn an_address_of_a_site_is_absolute_and_names_a_host() {
        for fine in ["https://example.org", "http://localhost:8000/a/b/", "https://приклад.укр/"]
        {
            assert_eq!(base_url(fine).as_deref(), Ok(fine));
        }
        for wrong in [
            "",
            "example.org",
            "/a/",
            "ftp://a",
            "https://",
            "http:///a",
            "https://:80",
            "http://a b",
        ] {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
        assert!(base_url("https://a/?q").is_err() && base_url("https://a/#b").is_err());
    }
}
