//! Problems, put into words for people and for machines.
//!
//! Each format is a function from diagnostics and the texts they point into to
//! a `String`. Order and choice of the diagnostics are the caller's, see
//! [`onrecord::diagnostic::in_order`]; so is printing.

mod github;
mod gitlab;
mod human;
mod json;
mod sarif;

use std::borrow::Cow;
use std::collections::HashMap;

use onrecord::diagnostic::{Diagnostic, Lines, Place, Position, Severity};

/// How problems are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// With the source line and a caret, for reading in a terminal.
    #[default]
    Human,
    /// One line per problem, for editors and `grep`.
    Short,
    /// One JSON object per line.
    Json,
    /// Commands that GitHub Actions turn into annotations.
    #[value(name = "github")]
    GitHub,
    /// A report of code quality, for merge requests of GitLab.
    #[value(name = "gitlab")]
    GitLab,
    /// One SARIF 2.1.0 log, for code scanning.
    Sarif,
}

impl Format {
    /// Whether it is read by a host of repositories, which knows files by their
    /// path from the top.
    pub fn is_for_a_repository(self) -> bool {
        matches!(self, Self::GitHub | Self::GitLab | Self::Sarif)
    }
}

/// The text of the file at a path, as it was read; `None` if it is not at hand,
/// and then problems in it are told without their line.
pub type Sources<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// Writes `diagnostics` down in `format`. Colours, as ANSI escapes, are for
/// [`Format::Human`] only.
#[must_use]
pub fn report(
    format: Format,
    diagnostics: &[Diagnostic],
    sources: &Sources<'_>,
    colour: bool,
) -> String {
    let files = Files::of(diagnostics, sources);
    match format {
        Format::Human => human::report(diagnostics, &files, colour),
        Format::Short => diagnostics.iter().map(|problem| short(problem, &files)).collect(),
        Format::Json => json::report(diagnostics, &files),
        Format::GitHub => github::report(diagnostics, &files),
        Format::GitLab => gitlab::report(diagnostics, &files),
        Format::Sarif => sarif::report(diagnostics, &files),
    }
}

/// How many there are of each kind, as `2 errors, 1 warning`, to close with.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (errors, diagnostics.len() - errors) {
        (0, 0) => "no problems".to_owned(),
        (_, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (_, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// `content/x.md:4:10: error: no speaker is called … (hint: …; …)`
fn short(problem: &Diagnostic, files: &Files<'_>) -> String {
    let Position { line, column } = files.span(&problem.place).0;
    let Diagnostic { severity, message, place, hints, .. } = problem;
    let hint =
        if hints.is_empty() { String::new() } else { format!(" (hint: {})", hints.join("; ")) };
    let text = format!("{}:{line}:{column}: {severity}: {message}{hint}", place.path);
    format!("{}\n", visible(&text.replace(['\n', '\t'], " ")))
}

/// The files that the diagnostics speak of, each indexed once.
struct Files<'a>(HashMap<&'a str, Lines<'a>>);

impl<'a> Files<'a> {
    fn of<'text: 'a>(diagnostics: &'a [Diagnostic], sources: &Sources<'text>) -> Self {
        let mut files = HashMap::new();
        let places = diagnostics.iter().flat_map(|d| {
            std::iter::once(&d.place).chain(d.related.iter().map(|(place, _)| place))
        });
        for place in places {
            if !files.contains_key(&*place.path)
                && let Some(text) = sources(&place.path)
            {
                files.insert(&*place.path, Lines::new(text));
            }
        }
        Self(files)
    }

    fn lines(&self, place: &Place) -> Option<&Lines<'a>> {
        self.0.get(&*place.path)
    }

    /// Start and end of a place; the top of the file where its text is not at hand.
    fn span(&self, place: &Place) -> (Position, Position) {
        match self.lines(place) {
            Some(lines) => {
                (lines.position(place.start), lines.position(place.end.max(place.start)))
            }
            None => (Position { line: 1, column: 1 }, Position { line: 1, column: 1 }),
        }
    }
}

/// `text` with everything replaced, one character for one, that would steer a
/// terminal or turn the direction of writing; only tabs and line feeds stay.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let unsafe_in_terminal = |c: char| {
        c.is_control() && c != '\t' && c != '\n'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    if !text.contains(unsafe_in_terminal) {
        return Cow::Borrowed(text);
    }
    let seen = |c: char| match c {
        // Unicode has a picture of each: ␀ ␛ ␡.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        _ => '\u{fffd}',
    };
    text.chars().map(|c| if unsafe_in_terminal(c) { seen(c) } else { c }).collect()
}

#[cfg(test)]
mod tests;
