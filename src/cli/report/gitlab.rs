//! A report of code quality, which GitLab shows at the lines of a merge request.
//!
//! GitLab Docs, "Code Quality", "Code Quality report format".

use std::collections::HashMap;

use onrecord::diagnostic::{Diagnostic, Severity};
use onrecord::fingerprint::Fingerprint;
use serde_json::{Value, json};

use super::{Files, visible};

pub(super) fn report(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    // What happens twice in a file is told apart by counting, not by its line,
    // so that it stays the same when lines are added above.
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    let findings: Vec<Value> = diagnostics
        .iter()
        .map(|problem| {
            let mut words = problem.message.clone();
            for hint in &problem.hints {
                words += "; hint: ";
                words += hint;
            }
            let same = [problem.code, &problem.place.path, &problem.message].join("\n");
            let same = Fingerprint::of(same.as_bytes());
            let nth = seen.entry(same).and_modify(|n| *n += 1).or_default();
            json!({
                "description": visible(&words.replace('\n', " ")),
                "check_name": problem.code,
                "fingerprint": same.within(&nth.to_le_bytes()).to_string(),
                "severity": match problem.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                },
                "location": {
                    "path": &*problem.place.path,
                    "lines": { "begin": files.span(&problem.place).0.line },
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(findings))
}
