//! One JSON object per line, for scripts and editors.

use onrecord::diagnostic::{Diagnostic, Place};
use serde::Serialize;

use super::Files;

/// One line. Fields may be added; none is renamed or changes its meaning.
#[derive(Serialize)]
struct Line<'a> {
    /// `error` or `warning`.
    severity: String,
    /// The kind of problem, such as `unknown-speaker`.
    code: &'a str,
    /// What is wrong.
    message: &'a str,
    #[serde(flatten)]
    span: Span<'a>,
    /// What to do, most likely remedy first.
    hints: &'a [String],
    /// Other places that have to do with it.
    related: Vec<Related<'a>>,
}

/// Lines and columns count from 1, columns in Unicode scalar values. The end is
/// exclusive, and equal to the start where no stretch of the text is meant.
#[derive(Serialize)]
struct Span<'a> {
    /// From the site's folder, with forward slashes.
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    span: Span<'a>,
}

pub(super) fn report(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::new();
    for problem in diagnostics {
        let line = Line {
            severity: problem.severity.to_string(),
            code: problem.code,
            message: &problem.message,
            span: span(&problem.place, files),
            hints: &problem.hints,
            related: problem
                .related
                .iter()
                .map(|(place, message)| Related { message, span: span(place, files) })
                .collect(),
        };
        out += &serde_json::to_string(&line).expect("strings and numbers are always JSON");
        out.push('\n');
    }
    out
}

fn span<'a>(place: &'a Place, files: &Files<'_>) -> Span<'a> {
    let (start, end) = files.span(place);
    Span {
        path: &place.path,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
