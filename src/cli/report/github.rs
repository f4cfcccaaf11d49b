//! Workflow commands, which GitHub Actions turn into annotations of a change.
//!
//! Syntax and escapes: GitHub Docs, "Workflow commands for GitHub Actions", and
//! `actions/toolkit`, `packages/core/src/command.ts`.

use std::fmt::Write;

use onrecord::diagnostic::Diagnostic;

use super::{Files, visible};

pub(super) fn report(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::new();
    for problem in diagnostics {
        let (start, end) = files.span(&problem.place);
        let mut line = format!(
            "::{} file={},line={},endLine={}",
            problem.severity,
            property(&problem.place.path),
            start.line,
            end.line,
        );
        // The runner drops the columns of a stretch over several lines.
        if start.line == end.line {
            let _ = write!(line, ",col={},endColumn={}", start.column, end.column);
        }
        let mut message = problem.message.clone();
        for hint in &problem.hints {
            message += "\nhint: ";
            message += hint;
        }
        let _ = writeln!(out, "{line},title={}::{}", property(problem.code), data(&message));
    }
    out
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    visible(&text).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
