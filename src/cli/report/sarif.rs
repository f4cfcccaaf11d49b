//! A SARIF log, for code scanning.
//!
//! OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::collections::BTreeSet;
use std::fmt::Write;

use onrecord::diagnostic::{Diagnostic, Place};
use serde_json::{Value, json};

use super::Files;

pub(super) fn report(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|problem| problem.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "onrecord",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| json!({ "id": code })).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|d| result(d, &codes, files)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn result(problem: &Diagnostic, codes: &[&str], files: &Files<'_>) -> Value {
    let mut text = problem.message.clone();
    for hint in &problem.hints {
        text += "\nhint: ";
        text += hint;
    }
    let mut result = json!({
        "ruleId": problem.code,
        "ruleIndex": codes.binary_search(&problem.code).unwrap_or_default(),
        "level": problem.severity.to_string(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(&problem.place, files) }],
    });
    if !problem.related.is_empty() {
        let related = problem.related.iter().enumerate().map(|(id, (place, message))| {
            json!({
                "id": id,
                "message": { "text": message },
                "physicalLocation": location(place, files),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(place: &Place, files: &Files<'_>) -> Value {
    let (start, end) = files.span(place);
    json!({
        "artifactLocation": { "uri": uri(&place.path) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// The path as a relative reference: RFC 3986, unreserved characters and
/// slashes as they are, the bytes of all others in percent signs.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
