//! However a site is edited, what `watch` keeps and what `serve` shows is what
//! a build from nothing would make of it.
//!
//! A thousand random edits, of every kind of file, saved as editors save, with
//! mistakes made and mended. After each, the watched folder must equal a cold
//! build byte for byte, and the served pages the built ones. `ONRECORD_STEPS`
//! makes it longer, `ONRECORD_SEED` repeats a run; both are printed.

#![cfg(unix)]

mod collected;
mod preview;
mod record;

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use collected::{Files, collected};
use onrecord::build::{Builder, Settings};
use onrecord::deploy::manifest::MANIFEST;
use onrecord::diagnostic::{Diagnostic, Severity};
use onrecord::read::disk;
use preview::{AS_OF, Preview, Running, until};
use record::{Chance, Manner, Record};
use tempfile::TempDir;

/// What a build from nothing says of a site.
enum Cold {
    Good(Files),
    /// Its files cannot be joined.
    Broken,
    /// A page cannot be rendered, or leads nowhere.
    FailsLater,
}

fn cold(root: &Path) -> Cold {
    let settings = Settings { now: 1_748_736_000, drafts: false, base_url: None, strict: false };
    let snapshot = disk::read(root).expect("the site can be read");
    let pass = Builder::new(settings).pass(&snapshot.value).value;
    let Some(pass) = pass.filter(|_| !has_errors(&snapshot.diagnostics)) else {
        return Cold::Broken;
    };
    let (files, problems) = collected(|sink| pass.emit(sink, &|| ()));
    if has_errors(&problems) {
        return Cold::FailsLater;
    }
    Cold::Good(files)
}

fn has_errors(problems: &[Diagnostic]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

/// A desk at work: its record, and the two programs that follow it.
struct Desk {
    place: TempDir,
    record: Record,
    watch: Running,
    preview: Preview,
    /// The last good site.
    site: Files,
    /// Whether the preview shows it, and no half of a newer one.
    is_shown: bool,
    last_good: Record,
    branches: VecDeque<Record>,
    done: Vec<String>,
}

impl Desk {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let record = Record::new();
        record.lay_out(place.path());
        let check = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["check", "--as-of", AS_OF])
            .current_dir(place.path())
            .output()
            .unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let watch = Running::start(place.path(), &["watch", "--as-of", AS_OF]);
        let preview = Preview::start(place.path(), &[]);
        let last_good = record.clone();
        let branches = VecDeque::from([record.clone()]);
        let mut desk = Self {
            place,
            record,
            watch,
            preview,
            site: Files::new(),
            is_shown: true,
            last_good,
            branches,
            done: Vec::new(),
        };
        desk.check(&mut Chance::new(0));
        desk
    }

    /// Edits something, and waits until both programs have followed.
    fn step(&mut self, chance: &mut Chance) {
        let was_broken = self.record != self.last_good;
        // While the site is broken, nothing may make it good for a moment: that
        // moment would be published.
        let manner = if was_broken { Manner::Renamed } else { chance.one(&Manner::ALL) };
        let branch = chance.one(&self.branches.iter().collect::<Vec<_>>()).clone();
        let what = if was_broken && chance.below(10) < 6 {
            self.record.become_(&self.last_good.clone(), self.place.path(), manner);
            "mended".to_owned()
        } else {
            self.record.edit(chance, self.place.path(), manner, &branch, was_broken)
        };
        self.done.push(format!("{what} ({manner:?})"));
        self.check(chance);
    }

    fn check(&mut self, chance: &mut Chance) {
        let root = self.place.path();
        match cold(root) {
            Cold::Good(site) => {
                self.wait_for_watched(&site);
                until("the preview has no report", || {
                    let problems = &self.preview.state("index.html")["problems"];
                    if problems.is_null() {
                        Ok(())
                    } else {
                        Err(format!("{problems}: {}", self.log()))
                    }
                });
                // The manifest is for what is published, and serve has none.
                let others: Vec<&String> = site.keys().filter(|file| *file != MANIFEST).collect();
                let picked: Vec<&String> = (0..3).map(|_| chance.one(&others)).collect();
                let changed = site.iter().filter(|(file, bytes)| {
                    *file != MANIFEST && self.site.get(*file) != Some(bytes)
                });
                let base = self.record.base();
                for file in changed.map(|(file, _)| file).chain(picked) {
                    self.wait_for_served(&base, file, &site[file]);
                }
                for file in self.site.keys().filter(|file| !site.contains_key(*file)) {
                    until("what is gone is gone from the preview", || {
                        match self.preview.get(&format!("{base}{}", encoded(file))).status {
                            404 => Ok(()),
                            status => Err(format!("{file}: {status}: {}", self.log())),
                        }
                    });
                }
                self.site = site;
                self.is_shown = true;
                self.last_good = self.record.clone();
                self.branches.push_back(self.record.clone());
                if self.branches.len() > 8 {
                    self.branches.pop_front();
                }
            }
            broken => {
                until("the preview reports", || {
                    let problems = &self.preview.state("index.html")["problems"];
                    if problems.is_string() { Ok(()) } else { Err(self.log()) }
                });
                self.wait_for_watched(&self.site);
                self.is_shown &= !matches!(broken, Cold::FailsLater);
                if self.is_shown {
                    let files: Vec<&String> =
                        self.site.keys().filter(|file| *file != MANIFEST).collect();
                    let (file, base) = (chance.one(&files), self.last_good.base());
                    self.wait_for_served(&base, file, &self.site[file]);
                }
            }
        }
    }

    fn wait_for_watched(&self, site: &Files) {
        until("the watched folder equals a cold build", || {
            let mut watched = record::files(&self.place.path().join("public"));
            watched.remove(".onrecord");
            let Some(difference) = difference(&watched, site) else { return Ok(()) };
            Err(format!("{difference}: {}\n{}", self.log(), self.watch.err()))
        });
    }

    fn wait_for_served(&self, base: &str, file: &str, bytes: &[u8]) {
        until("the served page equals the built one", || {
            let answer = self.preview.get(&format!("{base}{}", encoded(file)));
            let is_page = file.ends_with(".html") && answer.status == 200;
            let served = if is_page && answer.text().contains("~onrecord/live.js") {
                answer.without_snippet()
            } else {
                answer.body
            };
            if answer.status == 200 && served == bytes {
                return Ok(());
            }
            let (served, built) =
                (String::from_utf8_lossy(&served), String::from_utf8_lossy(bytes));
            Err(format!(
                "{file}: {}: {}\nserved:\n{served}\nbuilt:\n{built}",
                answer.status,
                self.log()
            ))
        });
    }

    /// The last things that were done.
    fn log(&self) -> String {
        let from = self.done.len().saturating_sub(12);
        format!(
            "after {} steps, the last being\n  {}",
            self.done.len(),
            self.done[from..].join("\n  ")
        )
    }
}

fn difference(one: &Files, other: &Files) -> Option<String> {
    let missing = other.keys().find(|file| !one.contains_key(*file));
    let surplus = one.keys().find(|file| !other.contains_key(*file));
    let changed = one.iter().find(|(file, bytes)| other.get(*file).is_some_and(|b| b != *bytes));
    missing
        .map(|file| format!("{file} is missing"))
        .or_else(|| surplus.map(|file| format!("{file} should be gone")))
        .or_else(|| changed.map(|(file, _)| format!("{file} differs")))
}

fn encoded(path: &str) -> String {
    onrecord::plan::route::encoded(path)
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is no number: {value}")))
}

/// Part of the run, so that the parts can run beside each other.
fn run(part: u64) {
    const PARTS: u64 = 4;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = number("ONRECORD_SEED").unwrap_or(u64::from(since.subsec_nanos()) << 8 | part);
    let steps = number("ONRECORD_STEPS").unwrap_or(1_000) / PARTS;
    // Shown where the test fails, and else with `--no-capture`.
    println!("ONRECORD_SEED={seed} ONRECORD_STEPS={}", steps * PARTS);
    let mut chance = Chance::new(seed);
    let mut desk = Desk::new();
    for _ in 0..steps {
        desk.step(&mut chance);
    }
    let last_good = desk.last_good.clone();
    desk.record.become_(&last_good, desk.place.path(), Manner::Plain);
    desk.check(&mut chance);
    // The program's own build, to the last file.
    let out = tempfile::tempdir().unwrap();
    let built = out.path().join("site");
    let root = desk.place.path();
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["build".as_ref(), root, "--output".as_ref(), &built])
        .args(["--as-of", AS_OF, "--quiet"])
        .status();
    assert!(status.unwrap().success());
    let difference = difference(&record::files(&root.join("public")), &record::files(&built));
    assert_eq!(difference, None, "{}", desk.log());
    fs::remove_dir_all(out.path()).unwrap();
}

#[test]
fn a_site_is_followed_through_random_edits_1() {
    run(0);
}

#[test]
fn a_site_is_followed_through_random_edits_2() {
    run(1);
}

#[test]
fn a_site_is_followed_through_random_edits_3() {
    run(2);
}

#[test]
fn a_site_is_followed_through_random_edits_4() {
    run(3);
}
