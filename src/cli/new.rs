//! `onrecord new`: a file for one more entity.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onrecord::build::{Builder, Settings};
use onrecord::date::instant_text;
use onrecord::diagnostic::{Checked, Diagnostic, Severity};
use onrecord::id::{Id, NotAnId};
use onrecord::read::snapshot::{Snapshot, Source};

use super::report::{self, Format};
use super::{Failure, Outcome, files, now, site, terminal};

/// File names longer than this, in bytes, are cut between two words.
const LONGEST: usize = 80;

/// Add a file to the site
///
/// Writes the file with its front matter and prints its path. A file that is there is never
/// overwritten, and one that would break the site is not written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord new briefing \"Harbour tax\"    content/briefings/harbour-tax.md
  onrecord new speaker \"Jane Doe\"        content/speakers/jane-doe.md
  onrecord new source \"Council minutes, 20 March\" --dir my-desk")]
pub struct Arguments {
    /// What it is
    kind: Kind,

    /// Its title or name, or a proposition's text; the file's name is made of it
    title: String,

    /// The site's folder, the one with `site.yaml`
    #[arg(long, value_name = "SITE", default_value = ".")]
    dir: PathBuf,

    /// Take this for today, where the file carries a date
    #[arg(long, value_name = "DATE", value_parser = now::as_of)]
    as_of: Option<i64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Briefing,
    Speaker,
    Territory,
    Source,
    Proposition,
    Topic,
    Page,
}

impl Kind {
    /// Its name, and its folder below `content/`.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Briefing => ("briefing", "briefings"),
            Self::Speaker => ("speaker", "speakers"),
            Self::Territory => ("territory", "territories"),
            Self::Source => ("source", "sources"),
            Self::Proposition => ("proposition", "propositions"),
            Self::Topic => ("topic", "topics"),
            Self::Page => ("page", "pages"),
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let Arguments { kind, dir, .. } = arguments;
    let title = arguments.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, folder) = kind.names();
    let id = id(&title)?;
    let path = format!("content/{folder}/{id}.md");
    let now = now::now(arguments.as_of)?;
    let snapshot = site::read(dir)?.value;
    let schema = format!("schemas/{name}.json");
    let modeline = if dir.join(&schema).is_file() {
        format!("# yaml-language-server: $schema=../../{schema}\n")
    } else {
        String::new()
    };
    let text = format!("---\n{modeline}{}", front_matter(*kind, &title, now)?);
    if dir.join(&path).symlink_metadata().is_ok() {
        return Err(Failure::new(format!("`{path}` is already there, and stays as it is"))
            .hint(format!("edit it, or give the new {name} another title")));
    }
    let settings = Settings { now, drafts: true, base_url: None, strict: false };
    let faults = new_errors(settings, snapshot, Source::new(&path, &text));
    if !faults.is_empty() {
        let lines = report::report(Format::Short, &faults, &|_| None, false);
        let failure = Failure::new(format!("with `{path}` the site would have errors"));
        return Err(lines.lines().fold(failure, Failure::hint));
    }
    let file = dir.join(&path);
    files::create(&file, &text)?;
    terminal::print(&format!("{}\n", file.strip_prefix(".").unwrap_or(&file).display()))?;
    Ok(Outcome::Fine)
}

/// The id that a title gives.
fn id(title: &str) -> Result<Id, Failure> {
    let id = Id::from_name(title).map(|id| {
        let text = id.as_str();
        let cut = text.char_indices().rfind(|(at, c)| *c == '-' && *at <= LONGEST);
        match cut {
            Some((at, _)) if text.len() > LONGEST => Id::from_name(&text[..at]).unwrap_or(id),
            _ => id,
        }
    });
    let Some(id) = id else {
        return Err(Failure::new(format!("`{title}` gives no file name"))
            .hint("give it a title with letters or digits"));
    };
    match Id::parse(id.as_str()) {
        Ok(id) if id.as_str().len() <= 200 => Ok(id),
        Err(NotAnId::Reserved) => {
            Err(Failure::new(format!("`{id}` has a meaning of its own in addresses"))
                .hint("add a word to the title"))
        }
        _ => Err(Failure::new(format!("`{title}` gives no file name"))
            .hint("give it a shorter title, and change it in the file")),
    }
}

/// Errors that the site has with `new` and not without.
fn new_errors(settings: Settings, mut snapshot: Snapshot, new: Source) -> Vec<Diagnostic> {
    let mut builder = Builder::new(settings);
    let mut errors = |snapshot: &Snapshot| -> Vec<Diagnostic> {
        let Checked { diagnostics, .. } = builder.pass(snapshot);
        diagnostics.into_iter().filter(|p| p.severity == Severity::Error).collect()
    };
    let before = errors(&snapshot);
    let known: BTreeSet<_> = before.iter().map(|p| (&p.place, &p.message)).collect();
    snapshot.sources.insert(new.path.clone(), new);
    let mut after = errors(&snapshot);
    after.retain(|p| !known.contains(&(&p.place, &p.message)));
    after
}

/// The fields that a new file starts with, the closing fence, and some text
/// where a page would be empty without.
fn front_matter(kind: Kind, title: &str, now: i64) -> Result<String, Failure> {
    let title = in_yaml(title)?;
    let today = instant_text(now);
    let today = today.get(..10).unwrap_or_default();
    Ok(match kind {
        Kind::Briefing => format!(
            "\
title: {title}
date: {today}
# summary: What it says, in a sentence or two.
# topics: [a-topic]
# speakers: [Who speaks in it]
# territories: [Which places it concerns]
# sources: [What it rests on]
# claims:
#   - id: a-claim
#     text: The claim in the desk's words.
#     speaker: Who said it
#     quote: the words, exactly as they stand in the text below
---

Write the briefing here.
"
        ),
        Kind::Speaker => format!(
            "\
name: {title}
type: person # or organization, unidentified
# role: What they are, in a few words.
# affiliation: The organization they belong to.
# aliases: [Other names]
---
"
        ),
        Kind::Territory => format!(
            "\
name: {title}
# type: country, region, city
# part_of: [The territory that it is part of]
# aliases: [Other names]
---
"
        ),
        Kind::Source => format!(
            "\
title: {title}
# type: NewsArticle # or another schema.org type
# author: [Who made it]
# publisher: Who published it.
# date: {today}
# url: https://…
# archived_url: https://…
---
"
        ),
        Kind::Proposition => format!("text: {title}\n---\n"),
        Kind::Topic => format!("name: {title}\n---\n"),
        Kind::Page => format!("title: {title}\n---\n\nWrite the page here.\n"),
    })
}

/// A text as a YAML value on one line, in quotation marks where it needs them.
fn in_yaml(text: &str) -> Result<String, Failure> {
    let yaml = serde_yaml::to_string(text).map_err(|error| Failure::new(error.to_string()))?;
    Ok(yaml.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_quoted_where_yaml_would_read_something_else() {
        for title in [
            "Harbour tax",
            "2025",
            "NO",
            "null",
            "Tax: who pays",
            "# 1",
            "- a",
            "'x' \"y\"",
            "a\u{1}b",
            "Ōsaka 🎉",
            "*x",
            "1e3",
            "@a",
            "x #y",
            "~",
        ] {
            let yaml = in_yaml(title).unwrap();
            assert!(!yaml.contains('\n'), "{yaml}");
            let map: serde_yaml::Value = serde_yaml::from_str(&format!("t: {yaml}\n")).unwrap();
            assert_eq!(map["t"].as_str(), Some(title), "{yaml}");
        }
    }

    #[test]
    fn a_long_title_is_cut_between_two_words() {
        let id = id(&"harbour tax ".repeat(20)).unwrap();
        assert_eq!(id.as_str().len(), 79);
        assert!(id.as_str().ends_with("-harbour"));
    }
}
