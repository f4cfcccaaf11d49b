//! Broken sites, each with its exact report.
//!
//! A folder below `tests/broken/` is a site; `report.txt` in it is what its
//! author reads on the terminal, and `settings.txt`, where there is one, holds
//! words such as `--strict`. `BLESS=1 cargo test --test broken` rewrites the
//! reports; read the diff before you commit it, as an author would read the
//! report.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its own files")]

// The reports are made by the program, not by the library.
#[path = "../src/cli"]
#[allow(dead_code, reason = "one format of several is tested here")]
mod cli {
    pub mod report;
}

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use onrecord::build::{Builder, Settings};
use onrecord::diagnostic::{Severity, in_order};
use onrecord::read::disk;

/// 21 March 2025, noon, in seconds since 1970.
const NOW: i64 = 1_742_558_400;

#[test]
fn every_broken_site_is_reported_to_the_letter() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failed = String::new();
    let cases = cases();
    assert!(cases.len() >= 32, "only {} broken sites are left", cases.len());
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy();
        let found = report_of(case);
        let file = case.join("report.txt");
        if bless {
            fs::write(&file, &found).unwrap();
            continue;
        }
        match fs::read_to_string(&file) {
            Ok(expected) if expected == found => {}
            Ok(expected) => {
                write!(failed, "\n== {name}\n{}", difference(&expected, &found)).unwrap()
            }
            Err(_) => {
                write!(failed, "\n== {name} has no report.txt; it would be\n{found}").unwrap()
            }
        }
    }
    assert!(failed.is_empty(), "BLESS=1 rewrites these reports:\n{failed}");
}

/// The folders, in the order of their names.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

/// What a check of the site at `root` says.
fn report_of(root: &Path) -> String {
    let words = fs::read_to_string(root.join("settings.txt")).unwrap_or_default();
    let settings = Settings {
        now: NOW,
        drafts: words.contains("--drafts"),
        base_url: None,
        strict: words.contains("--strict"),
    };
    let mut problems = Vec::new();
    let snapshot = disk::read(root).unwrap().unpack(&mut problems);
    let pass = Builder::new(settings).pass(&snapshot).unpack(&mut problems);
    if let Some(pass) = pass {
        let files = Mutex::new(0usize);
        let count = |_: &str, _: &[u8]| {
            *files.lock().unwrap() += 1;
            Ok(())
        };
        problems.extend(pass.emit(&count, &|| ()).unwrap());
        let failed = problems.iter().any(|p| p.severity == Severity::Error);
        assert!(failed || files.into_inner().unwrap() == pass.files(), "every page is rendered");
    }
    let problems = in_order(problems);
    let texts = |path: &str| snapshot.text(path);
    let report = cli::report::report(cli::report::Format::Human, &problems, &texts, false);
    format!("{report}\n{}\n", cli::report::summary(&problems))
}

/// The lines that are only in one of two texts, with those around them.
fn difference(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most = a.len().min(b.len()) - before;
    let after = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    let mut lines = |mark: char, lines: &[&str]| {
        for line in lines {
            writeln!(out, "{mark} {line}").unwrap();
        }
    };
    lines(' ', &a[before.saturating_sub(3)..before]);
    lines('-', &a[before..a.len() - after]);
    lines('+', &b[before..b.len() - after]);
    lines(' ', &a[a.len() - after..(a.len() - after + 3).min(a.len())]);
    out
}
