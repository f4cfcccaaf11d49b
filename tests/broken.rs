//! Broken sites, each with its exact report.
//!
//! A folder below `tests/broken/` is a site; `report.txt` in it is what its
//! author reads on the terminal, and `settings.txt`, where there is one, holds
//! words of the command line such as `--strict`. `BLESS=1 cargo test --test broken` rewrites the
//! reports; read the diff before you commit it, as an author would read the
//! report.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its own files")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
                write!(failed, "\n== {name}\n{}", difference(&expected, &found)).unwrap();
            }
            Err(_) => {
                write!(failed, "\n== {name} has no report.txt; it would be\n{found}").unwrap();
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

/// What a check of the site at `root` prints, on 21 March 2025.
fn report_of(root: &Path) -> String {
    let words = fs::read_to_string(root.join("settings.txt")).unwrap_or_default();
    let ran = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["check", "--as-of", "2025-03-21"])
        .args(words.split_whitespace())
        .arg(root)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap();
    let report = String::from_utf8(ran.stdout).unwrap();
    // How many files a site has is not what these tests are about.
    let report = match report.rsplit_once(" in ") {
        Some((rest, files)) if files.ends_with(" files\n") => format!("{rest}\n"),
        _ => report,
    };
    let refusal = String::from_utf8(ran.stderr).unwrap();
    let has_errors = report.lines().any(|line| line.starts_with("error: "));
    // A folder that is no site is wrong use; everything else is content.
    let code = if refusal.is_empty() { i32::from(has_errors) } else { 2 };
    assert_eq!(ran.status.code(), Some(code), "{}\n{report}{refusal}", root.display());
    let refusal = refusal
        .replace(&root.display().to_string(), "FOLDER")
        .replace(env!("CARGO_MANIFEST_DIR"), "FOLDER_ABOVE");
    report + &refusal
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
