//! `onrecord links`: whether what the record refers to is still there.

mod ask;
mod visit;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use clap::Args;
use onrecord::diagnostic::{Diagnostic, Lines, Place, Severity, in_order};
use onrecord::parse::document::config_place;
use onrecord::parse::outside::{Outside, addresses, is_outside};
use onrecord::pointer::Pointer;
use onrecord::read::snapshot::{CONFIG_FILE, Source};
use onrecord::resolve::site::Site;
use serde::Serialize;

use self::ask::{Address, Client, Fault};
use self::visit::{Answer, Manners, Reason, Verdict, visit};
use super::check::from_repository;
use super::progress::Progress;
use super::report::{self, Format};
use super::site::{Reading, SiteArguments, counted};
use super::{Failure, Outcome, terminal};

/// Ask whether the addresses outside the site still answer
///
/// Every address that a published file names is asked for: those of sources, of their archived
/// copies, of reviews, those in texts. What rotted is an error, what was moved for good or cannot
/// be told is a warning; for a source that rotted you are told whether its archived copy answers.
/// Nothing is changed. Each host is sent one request at a time, with a pause between two.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord links                          What rotted, with its line
  onrecord links --format json            One line for each address, fine ones too
  onrecord links --delay 5 --at-once 2    More slowly

Exit codes: 0 nothing rotted, 1 something did, 2 wrong use, or no host can be reached at all.")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// How the findings are written down
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The pause between two requests to one host
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    delay: Duration,

    /// How long to wait for a host, and then for its answer
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    timeout: Duration,

    /// How often to ask where nothing answers, or a server says that it fails
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u32).range(1..=10))]
    tries: u32,

    /// How many hosts to ask at a time
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=64))]
    at_once: u16,

    /// The longest pause that a server may ask for before it is left alone altogether
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    patience: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "give a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(number)
        .ok()
        .filter(|time| time.as_secs() <= 86_400)
        .ok_or_else(|| "give a number of seconds, a day's at the most".to_owned())
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let quiet = arguments.site.quiet;
    let reading = Reading::of(&arguments.site)?;
    let colour = terminal::has_colour(&io::stdout());
    let Some(pass) = &reading.pass else {
        // Where a link stands is not known while the record is in pieces.
        terminal::print(&reading.report(arguments.format, colour))?;
        return Ok(Outcome::ContentHasErrors);
    };
    let site = &pass.site;
    let named = named(site, reading.text(CONFIG_FILE).unwrap_or_default());
    let progress = Progress::start(quiet);
    progress.asking(named.len());
    let answers = answers(&named, site, arguments, &|| progress.tick());
    drop(progress);
    check_that_there_is_a_network(&answers)?;

    let findings = Findings { named, answers, archived: archived(site) };
    let report = match arguments.format {
        Format::Json => findings.lines(&|path| reading.text(path)),
        format => {
            let problems = findings.problems(arguments.site.is_strict());
            let text = |path: &str| reading.text(path);
            if format.is_for_a_repository() {
                from_repository(format, &arguments.site.dir, &problems, &text)
            } else {
                report::report(format, &problems, &text, colour)
            }
        }
    };
    terminal::print(&report)?;
    if arguments.format == Format::Human && !quiet {
        terminal::print(&findings.summary())?;
    }
    Ok(if findings.is_fine(arguments.site.is_strict()) {
        Outcome::Fine
    } else {
        Outcome::ContentHasErrors
    })
}

/// Each address and where it is written.
type Named = BTreeMap<String, Vec<Outside>>;

/// Every address that the site names outside of itself, without what is behind
/// its `#`.
fn named(site: &Site, config: &str) -> Named {
    let mut named = Named::new();
    let of_menu = of_menu(site, config);
    let documents = site.entities().filter_map(|entity| site.document(entity));
    for outside in documents.flat_map(|document| addresses(document)).chain(of_menu) {
        named.entry(plain(&outside.url)).or_default().push(outside);
    }
    named
}

fn plain(url: &str) -> String {
    url.split('#').next().unwrap_or_default().to_owned()
}

fn of_menu(site: &Site, config: &str) -> Vec<Outside> {
    let source = Source::new(CONFIG_FILE, config);
    let entries = site.config.nav.iter().enumerate();
    let outside = entries.filter_map(|(index, entry)| {
        let url = is_outside(&entry.url)?;
        let at = Pointer::root().key("nav").index(index).key("url");
        Some(Outside { url, place: config_place(&source, &at), field: Some("nav") })
    });
    outside.collect()
}

/// For the address of a source that of its archived copy.
fn archived(site: &Site) -> BTreeMap<String, String> {
    let facts = site.sources.iter().map(|node| &node.facts);
    let pairs = facts.filter_map(|facts| {
        Some((plain(facts.url.as_deref()?), plain(facts.archived_url.as_deref()?)))
    });
    pairs.collect()
}

/// The answer for each address, by the address.
fn answers(
    named: &Named,
    site: &Site,
    arguments: &Arguments,
    tick: &(dyn Fn() + Sync),
) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    // Two ways to write an address may be one to ask for.
    let mut asked: BTreeMap<Address, Vec<&String>> = BTreeMap::new();
    for url in named.keys() {
        match Address::parse(url) {
            Some(address) => asked.entry(address).or_default().push(url),
            None => {
                answers.insert(url.clone(), Answer::no_address());
            }
        }
    }
    let manners = Manners {
        at_once: usize::from(arguments.at_once),
        delay: arguments.delay,
        tries: arguments.tries,
        backoff: arguments.delay.max(Duration::from_millis(100)) * 2,
        patience: arguments.patience,
    };
    let client = Client::new(&name(site), arguments.timeout);
    let addresses: Vec<Address> = asked.keys().cloned().collect();
    let found = visit(&addresses, manners, &|address, method| client.ask(address, method), tick);
    for (urls, answer) in asked.into_values().zip(found) {
        answers.extend(urls.into_iter().map(|url| (url.clone(), answer.clone())));
    }
    answers
}

/// What the program calls itself, with the site for which it asks.
fn name(site: &Site) -> String {
    let version = env!("CARGO_PKG_VERSION");
    // A header is of ASCII; an address can be written so.
    match site.config.base_url.as_deref().and_then(Address::parse) {
        Some(base) => format!("onrecord-links/{version} (+{})", base.as_str()),
        None => format!("onrecord-links/{version}"),
    }
}

/// Without a network everything looks rotten, and nothing is.
fn check_that_there_is_a_network(answers: &BTreeMap<String, Answer>) -> Result<(), Failure> {
    let unknown = |answer: &Answer| answer.reason == Reason::Silence(Fault::NoSuchHost);
    let hosts: BTreeSet<Option<String>> =
        answers.keys().map(|url| Address::parse(url).map(|a| a.host().to_owned())).collect();
    if hosts.len() > 1 && answers.values().all(unknown) {
        return Err(Failure::new(format!(
            "none of {} is known, so nothing can be said of their addresses",
            counted(hosts.len(), "host")
        ))
        .hint("look whether this machine has a network and can look up names"));
    }
    Ok(())
}

struct Findings {
    named: Named,
    answers: BTreeMap<String, Answer>,
    archived: BTreeMap<String, String>,
}

impl Findings {
    fn has(&self, verdict: Verdict) -> usize {
        self.answers.values().filter(|answer| answer.verdict == verdict).count()
    }

    fn is_fine(&self, strict: bool) -> bool {
        let bad = if strict {
            self.answers.len() - self.has(Verdict::Fine)
        } else {
            self.has(Verdict::Rotted)
        };
        bad == 0
    }

    fn summary(&self) -> String {
        let (rotted, moved) = (self.has(Verdict::Rotted), self.has(Verdict::Moved));
        let unsure = self.has(Verdict::Unsure);
        let all = match self.answers.len() {
            1 => "1 address".to_owned(),
            n => format!("{n} addresses"),
        };
        format!("{all}: {rotted} rotted, {moved} moved, {unsure} cannot be told\n")
    }

    /// The copy of what was at an address, and whether it answers.
    fn copy(&self, url: &str) -> Option<(&String, &Answer)> {
        let copy = self.archived.get(url)?;
        Some((copy, self.answers.get(copy)?))
    }

    /// What is not fine, each at the first place where it is written.
    fn problems(&self, strict: bool) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (url, answer) in &self.answers {
            if answer.verdict == Verdict::Fine {
                continue;
            }
            let Some((first, others)) = self.named[url].split_first() else { continue };
            let mut problem = problem(url, answer, first.place.clone());
            if answer.verdict == Verdict::Rotted {
                problem = problem.maybe_hint(self.remedy(url, first));
            }
            for other in others {
                problem = problem.related(other.place.clone(), "and here");
            }
            if strict {
                problem.severity = Severity::Error;
            }
            problems.push(problem);
        }
        in_order(problems)
    }

    fn remedy(&self, url: &str, outside: &Outside) -> Option<String> {
        match self.copy(url) {
            Some((copy, answer)) if matches!(answer.verdict, Verdict::Fine | Verdict::Moved) => {
                Some(format!("its archived copy answers: `{copy}`"))
            }
            Some((copy, answer)) => Some(format!(
                "its archived copy, `{copy}`, cannot be relied on either: {}",
                answer.reason
            )),
            None if outside.field == Some("url") => Some(
                "no archived copy is on record; if there is one, give it as `archived_url`"
                    .to_owned(),
            ),
            None => None,
        }
    }

    /// Every address as one JSON object on a line of its own.
    fn lines<'a>(&'a self, text: &dyn Fn(&str) -> Option<&'a str>) -> String {
        let mut files: BTreeMap<&str, Lines<'_>> = BTreeMap::new();
        for outside in self.named.values().flatten() {
            files
                .entry(&outside.place.path)
                .or_insert_with(|| Lines::new(text(&outside.place.path).unwrap_or_default()));
        }
        let line = |(url, answer): (&String, &Answer)| {
            let line = Line {
                url,
                outcome: Told::of(answer),
                archived: self
                    .copy(url)
                    .map(|(url, answer)| Copy { url, outcome: Told::of(answer) }),
                places: self.named[url].iter().map(|outside| spot(outside, &files)).collect(),
            };
            let mut line =
                serde_json::to_string(&line).expect("strings and numbers are always JSON");
            line.push('\n');
            line
        };
        self.answers.iter().map(line).collect()
    }
}

fn problem(url: &str, answer: &Answer, place: Place) -> Diagnostic {
    let reason = &answer.reason;
    match (answer.verdict, &answer.moved_to) {
        (Verdict::Moved, Some(to)) => {
            Diagnostic::warning("moved-address", place, format!("`{url}` was moved for good"))
                .hint(format!("it is `{}` now", to.as_str()))
        }
        (Verdict::Rotted, to) => {
            let to = to.as_ref().map(|to| format!(", where it leads to `{}`", to.as_str()));
            let to = to.unwrap_or_default();
            Diagnostic::error("dead-address", place, format!("`{url}` is gone: {reason}{to}"))
        }
        _ => Diagnostic::warning(
            "unsure-address",
            place,
            format!("whether `{url}` is still there cannot be told: {reason}"),
        )
        .hint("look at it in a browser"),
    }
}

/// One line. Fields may be added; none is renamed or changes its meaning.
#[derive(Serialize)]
struct Line<'a> {
    url: &'a str,
    #[serde(flatten)]
    outcome: Told<'a>,
    /// The archived copy of the source that is at this address.
    archived: Option<Copy<'a>>,
    places: Vec<Spot<'a>>,
}

#[derive(Serialize)]
struct Copy<'a> {
    url: &'a str,
    #[serde(flatten)]
    outcome: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    /// `fine`, `moved`, `rotted` or `unsure`.
    verdict: &'static str,
    /// The last status code of HTTP, if there was one.
    status: Option<u16>,
    reason: String,
    /// The new address of what was moved for good.
    moved_to: Option<&'a str>,
}

/// Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Serialize)]
struct Spot<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    /// The field that it is the value of; null in a text.
    field: Option<&'static str>,
}

impl<'a> Told<'a> {
    fn of(answer: &'a Answer) -> Self {
        Self {
            verdict: match answer.verdict {
                Verdict::Fine => "fine",
                Verdict::Moved => "moved",
                Verdict::Rotted => "rotted",
                Verdict::Unsure => "unsure",
            },
            status: match answer.reason {
                Reason::Status(code) => Some(code),
                _ => None,
            },
            reason: answer.reason.to_string(),
            moved_to: answer.moved_to.as_ref().map(Address::as_str),
        }
    }
}

fn spot<'a>(outside: &'a Outside, files: &BTreeMap<&str, Lines<'_>>) -> Spot<'a> {
    let at = files[&*outside.place.path].position(outside.place.start);
    Spot { path: &outside.place.path, line: at.line, column: at.column, field: outside.field }
}
