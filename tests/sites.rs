//! Small sites with the pages that are expected of them.
//!
//! A folder below `tests/sites/` is a site, and `expected/` in it holds some of
//! its finished pages, `_files.txt` the names of all its pages, and `_report.txt` what is
//! said of it. `BLESS=1 cargo test --test sites` rewrites the files that are
//! there, so that an empty one is how a page is added; read the diff before you
//! commit it. The sites share the templates of `_templates/`, which print what
//! a view holds as plain lines: the looks of a page are not tested here.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its own files")]

mod collected;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use collected::collected;
use onrecord::build::{Builder, Settings};
use onrecord::deploy::manifest::{Entry, MANIFEST, Manifest};
use onrecord::diagnostic::{Diagnostic, Lines, Severity, in_order};
use onrecord::plan::pages::Subject;
use onrecord::read::disk;
use onrecord::read::snapshot::{Snapshot, Source};
use onrecord::resolve::site::{Entity, Site};

/// 21 March 2025, noon, in seconds since 1970.
const NOW: i64 = 1_742_558_400;

/// A finished site: its files by name, and what was said of it.
struct Built {
    files: BTreeMap<String, Vec<u8>>,
    problems: Vec<Diagnostic>,
    site: Site,
    plan: Arc<onrecord::plan::pages::Plan>,
}

impl Built {
    fn text(&self, file: &str) -> &str {
        let bytes = self.files.get(file).unwrap_or_else(|| panic!("no file {file}"));
        std::str::from_utf8(bytes).unwrap()
    }

    /// The names of the files that are new, gone or other than before.
    fn changed_from(&self, before: &Self) -> BTreeSet<String> {
        let names = self.files.keys().chain(before.files.keys());
        names.filter(|name| self.files.get(*name) != before.files.get(*name)).cloned().collect()
    }
}

/// Builds a site that has no error.
fn build(snapshot: &Snapshot) -> Built {
    let settings = Settings { now: NOW, drafts: false, base_url: None, strict: false };
    let mut problems = Vec::new();
    let pass = Builder::new(settings).pass(snapshot).unpack(&mut problems);
    let pass = pass.unwrap_or_else(|| panic!("{}", told(&problems, snapshot)));
    let (files, found) = collected(|sink| pass.emit(sink, &|| ()));
    problems.extend(found);
    let problems = in_order(problems);
    let errors: Vec<_> =
        problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", told(&errors, snapshot));
    Built { files, problems, site: pass.site, plan: pass.plan }
}

/// A line for each problem.
fn told(problems: &[Diagnostic], snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for Diagnostic { severity, place, message, hints, .. } in problems {
        let at = Lines::new(snapshot.text(&place.path).unwrap_or_default()).position(place.start);
        let hints = hints.join("; ");
        writeln!(out, "{}:{}:{}: {severity}: {message} ({hints})", place.path, at.line, at.column)
            .unwrap();
    }
    out
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites")
}

/// The templates that print views as plain lines, as those of the site.
fn with_plain_templates(mut snapshot: Snapshot) -> Snapshot {
    for entry in fs::read_dir(folder().join("_templates")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("templates/{}", path.file_name().unwrap().to_string_lossy());
        let source = Source::new(&name, &fs::read_to_string(&path).unwrap());
        snapshot.sources.entry(source.path.clone()).or_insert(source);
    }
    snapshot
}

#[test]
fn every_small_site_has_the_pages_that_are_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failed = String::new();
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir() && !path.ends_with("_templates"));
    cases.sort();
    assert!(cases.len() >= 20, "only {} small sites are left", cases.len());
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let mut problems = Vec::new();
        let snapshot = with_plain_templates(disk::read(&case).unwrap().unpack(&mut problems));
        let mut built = build(&snapshot);
        problems.append(&mut built.problems);
        let names: String = built
            .files
            .keys()
            .filter(|name| name.ends_with(".html"))
            .map(|name| format!("{name}\n"))
            .collect();
        let report = told(&in_order(problems), &snapshot);
        let expected = case.join("expected");
        let mut wanted = Vec::new();
        files_below(&expected, "", &mut wanted);
        if !report.is_empty() && !wanted.iter().any(|file| file == "_report.txt") {
            writeln!(failed, "== {name} needs expected/_report.txt for\n{report}").unwrap();
        }
        if wanted.is_empty() {
            writeln!(failed, "== {name} expects nothing").unwrap();
        }
        for file in wanted {
            let found = match file.as_str() {
                "_files.txt" => &names,
                "_report.txt" => &report,
                page => built.text(page),
            };
            let path = expected.join(&file);
            if bless {
                fs::write(&path, found).unwrap();
            } else if fs::read_to_string(&path).unwrap() != found {
                let before = fs::read_to_string(&path).unwrap();
                writeln!(failed, "== {name}/expected/{file}\n{}", difference(&before, found))
                    .unwrap();
            }
        }
    }
    assert!(failed.is_empty(), "BLESS=1 rewrites these files:\n{failed}");
}

#[test]
fn what_is_held_back_stands_in_no_file() {
    let mut problems = Vec::new();
    let snapshot = disk::read(&folder().join("held-back")).unwrap().unpack(&mut problems);
    for (name, bytes) in build(&snapshot).files {
        let text = format!("{name}\n{}", String::from_utf8_lossy(&bytes)).to_lowercase();
        for word in ["sentinel", "secret", "draft person", "draft-person"] {
            assert!(!text.contains(word), "{word} stands in {name}");
        }
    }
}

/// A site of generated briefings: every one has a claim of Jane Doe's about a
/// proposition of its own, and every tenth lists the harbour.
fn generated(count: usize) -> Snapshot {
    let mut files = vec![
        (
            "site.yaml".to_owned(),
            "title: The harbour record\nbase_url: https://harbour.test/record/\n".to_owned(),
        ),
        ("content/speakers/jane-doe.md".to_owned(), "---\nname: Jane Doe\n---\n".to_owned()),
        ("content/territories/harbour.md".to_owned(), "---\nname: Harbour\n---\n".to_owned()),
    ];
    for n in 0..count {
        // Four years, all months, the oldest first.
        let (year, month, day) = (2021 + n * 4 / count.max(1), n % 12 + 1, n % 28 + 1);
        files.push(generated_briefing(n, &format!("{year}-{month:02}-{day:02}"), n % 10 == 0));
    }
    Snapshot::of(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

fn generated_briefing(n: usize, date: &str, at_the_harbour: bool) -> (String, String) {
    let territories = if at_the_harbour { "territories: [harbour]\n" } else { "" };
    let text = format!(
        "---\ntitle: Briefing {n}\ndate: {date}\n{territories}claims:\n  - {{id: c, text: Claim number {n}., \
         speaker: jane-doe, quote: number {n}, date: {date}}}\n---\nShe speaks of number {n}.\n"
    );
    (format!("content/briefings/b{n:05}.md"), text)
}

#[test]
fn a_long_list_is_divided_by_year_and_month_and_loses_nothing() {
    let built = build(&with_plain_templates(generated(500)));
    let speaker = built.text("speakers/jane-doe.html");
    assert!(speaker.contains("Claims made (500):"), "{speaker}");
    assert!(
        speaker.contains("/ 2024 (archive/speakers/jane-doe/said/2024.html), 125"),
        "{speaker}"
    );
    let year = built.text("archive/speakers/jane-doe/said/2024.html");
    assert!(year.contains("/ March (archive/speakers/jane-doe/said/2024-03.html)"), "{year}");
    // Every claim stands on one page of the archive, and no page is long.
    let mut seen = BTreeMap::new();
    for (name, bytes) in &built.files {
        let text = String::from_utf8_lossy(bytes);
        let listed = text.lines().filter(|line| line.starts_with("  - ")).count();
        assert!(listed <= 100, "{name} lists {listed}");
        if name.starts_with("archive/speakers/jane-doe/said/") {
            for line in text.lines().filter(|line| line.starts_with("  - Claim number ")) {
                *seen.entry(line.split('.').next().unwrap().to_owned()).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(seen.len(), 500);
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
    assert_eq!(
        built.plan.pages.len(),
        built.plan.pages.iter().map(|p| &p.url).collect::<BTreeSet<_>>().len()
    );
}

/// What the pages of a list's archive list, by their addresses in it.
fn archived<'a>(built: &'a Built, list: &str) -> BTreeMap<&'a str, Vec<&'a str>> {
    let folder = format!("archive/{list}/");
    let pages = built.files.keys().filter_map(|name| Some((name, name.strip_prefix(&folder)?)));
    let items = |name| built.text(name).lines().filter(|line| line.starts_with("  - ")).collect();
    pages.map(|(name, rest)| (rest, items(name))).collect()
}

#[test]
fn the_timeline_is_divided_as_the_claims_are_but_for_those_without_a_date() {
    let built = build(&with_plain_templates(generated(300)));
    let (timeline, claims) = (archived(&built, "timeline"), archived(&built, "claims"));
    assert_eq!(timeline, claims);
    assert_eq!(claims.values().map(Vec::len).sum::<usize>(), 300);

    // One is filed under the date of its briefing, and nobody knows when it was said.
    let mut snapshot = generated(300);
    let (path, text) = generated_briefing(150, "2023-07-11", true);
    let source = Source::new(&path, &text.replacen(", date: 2023-07-11", "", 1));
    snapshot.sources.insert(source.path.clone(), source);
    let built = build(&with_plain_templates(snapshot));
    let (timeline, mut claims) = (archived(&built, "timeline"), archived(&built, "claims"));
    let is_undated = |item: &&str| item.starts_with("  - Claim number 150.");
    assert_eq!(claims["2023.html"].iter().copied().filter(is_undated).count(), 1);
    for items in claims.values_mut() {
        items.retain(|item| !is_undated(item));
    }
    assert_eq!(timeline, claims);
    assert_eq!(timeline.values().map(Vec::len).sum::<usize>(), 299);
}

/// Sites of generated briefings, without and with one more.
fn without_and_with_one_more(count: usize) -> [Built; 2] {
    let before = generated(count);
    let mut after = before.clone();
    let (path, text) = generated_briefing(99_999, "2024-12-31", true);
    let source = Source::new(&path, &text);
    after.sources.insert(source.path.clone(), source);
    [build(&before), build(&after)]
}

/// The files that change when a briefing is added, its own numbers struck out.
fn changed_by_one_more(count: usize) -> BTreeSet<String> {
    let [before, after] = without_and_with_one_more(count);
    let mut changed = after.changed_from(&before);
    // The search index numbers its records, so that one more changes most of it.
    changed.retain(|file| !file.starts_with("pagefind/"));
    changed
}

#[test]
fn one_more_briefing_changes_the_same_few_files_however_large_the_site_is() {
    let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let mut expected = of(CHANGED);
    assert_eq!(changed_by_one_more(300), expected);
    // With more than a hundred a year, the years are divided by month; and with
    // more than a hundred in all, the list of the harbour has an archive as well.
    expected.extend(of(&[
        "archive/briefings/2024-12.html",
        "archive/claims/2024-12.html",
        "archive/speakers/jane-doe/said/2024-12.html",
        "archive/timeline/2024-12.html",
    ]));
    assert_eq!(changed_by_one_more(600), expected);
    expected.extend(of(&["archive/territories/harbour/briefings/2024.html"]));
    assert_eq!(changed_by_one_more(1200), expected);
}

/// What one more briefing of 31 December 2024 changes in a site of 300: its own
/// page and its claim's, the pages that list it or count it, and the parts of
/// archives that it is in.
const CHANGED: &[&str] = &[
    "archive/briefings/2024.html",
    "archive/claims/2024.html",
    "archive/speakers/jane-doe/said/2024.html",
    "archive/timeline/2024.html",
    "briefings/b99999.html",
    "briefings/index.html",
    "claims/b99999/c.html",
    "claims/index.html",
    "deploy-manifest.json",
    "feed.json",
    "feed.xml",
    "index.html",
    "sitemap.xml",
    "speakers/index.html",
    "speakers/jane-doe.html",
    "territories/harbour.html",
    "timeline.html",
];

#[test]
fn one_more_briefing_in_a_thousand_travels_with_the_pages_that_name_it_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for (name, built) in ["old", "new"].iter().zip(without_and_with_one_more(1_100)) {
        // Every file of the site is listed, with what stands for its bytes.
        let listed = Manifest::parse(built.text(MANIFEST)).unwrap().files;
        let files = built.files.iter().filter(|(file, _)| *file != MANIFEST);
        assert!(listed.into_iter().eq(files.map(|(path, bytes)| (path.clone(), Entry::of(bytes)))));
        fs::write(folder.path().join(name), built.text(MANIFEST)).unwrap();
    }
    let run = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["diff", "old", "new", "--format", "lines"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let lines = String::from_utf8(run.stdout).unwrap();
    let printed: Vec<&str> = lines.lines().filter(|line| !line.contains(" pagefind/")).collect();
    // The 19 of a site of 300 or of a million: in a year of more than a hundred,
    // those of a month as well.
    assert_eq!(printed, TRAVELS, "{lines}");
}

/// What travels to a host when a briefing is added, in that order.
const TRAVELS: &[&str] = &[
    "upload archive/briefings/2024-12.html",
    "upload archive/briefings/2024.html",
    "upload archive/claims/2024-12.html",
    "upload archive/claims/2024.html",
    "upload archive/speakers/jane-doe/said/2024-12.html",
    "upload archive/speakers/jane-doe/said/2024.html",
    "upload archive/territories/harbour/briefings/2024.html",
    "upload archive/timeline/2024-12.html",
    "upload archive/timeline/2024.html",
    "upload briefings/b99999.html",
    "upload briefings/index.html",
    "upload claims/b99999/c.html",
    "upload claims/index.html",
    "upload index.html",
    "upload speakers/index.html",
    "upload speakers/jane-doe.html",
    "upload territories/harbour.html",
    "upload timeline.html",
    "upload feed.json",
    "upload feed.xml",
    "upload sitemap.xml",
    "upload deploy-manifest.json",
];

#[test]
fn whatever_links_to_a_page_is_named_there_and_nothing_else() {
    let mut problems = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let snapshot = disk::read(root).unwrap().unpack(&mut problems);
    let built = build(&snapshot);
    let site = &built.site;
    let page_of = |entity: Entity| {
        let page = built
            .plan
            .pages
            .iter()
            .find(|page| matches!(page.subject, Subject::Entity(e) if e == entity));
        page.unwrap_or_else(|| panic!("{entity:?} has no page"))
    };
    // What the joined site knows: from whom to whom.
    let known: BTreeSet<(String, String)> = site
        .entities()
        .chain((0..site.claims.len()).map(|c| Entity::Claim(u32::try_from(c).unwrap())))
        .flat_map(|to| linked_from(site, to).into_iter().map(move |from| (from, to)))
        .map(|(from, to)| (page_of(from).url.clone(), page_of(to).url.clone()))
        .collect();
    assert!(known.len() > 10, "the demo has links");
    for (from, to) in &known {
        // The page that is linked to names the page that links.
        let back = format!("href=\"{}{from}", onrecord::plan::route::root(to));
        assert!(built.text(to).contains(&back), "{to} does not name {from}");
    }
    // What a reader of the texts finds: every link of a body is known.
    let mut checked = 0;
    for entity in site.entities() {
        let page = page_of(entity);
        let html = built.text(&page.file());
        let Some(start) = html.find("<div class=\"text\"") else { continue };
        let text =
            &html[start..html[start..].find("</article>").map_or(html.len(), |end| start + end)];
        let text = text.split("<section class=\"listing\"").next().unwrap();
        for class in ["speaker", "territory", "source", "briefing", "topic", "proposition", "page"]
        {
            for link in text
                .split("<a href=\"")
                .skip(1)
                .filter(|l| l.split('>').next().unwrap().contains(&format!("class=\"{class}\"")))
            {
                let to =
                    link.split(['"', '#']).next().unwrap().trim_start_matches("../").to_owned();
                if to == page.url {
                    continue;
                }
                checked += 1;
                let back = format!("href=\"{}{}", onrecord::plan::route::root(&to), page.url);
                assert!(
                    built.text(&to).contains(&back),
                    "{} links to {to}, which does not say so",
                    page.url
                );
            }
        }
    }
    assert!(checked > 20, "only {checked} links were found");
}

fn linked_from(site: &Site, to: Entity) -> Vec<Entity> {
    match to {
        Entity::Briefing(i) => site.briefings[i as usize].linked_from.clone(),
        Entity::Claim(i) => site.claims[i as usize].linked_from.clone(),
        Entity::Speaker(i) => site.speakers[i as usize].linked_from.clone(),
        Entity::Territory(i) => site.territories[i as usize].linked_from.clone(),
        Entity::Source(i) => site.sources[i as usize].linked_from.clone(),
        Entity::Proposition(i) => site.propositions[i as usize].linked_from.clone(),
        Entity::Topic(i) => site.topics[i as usize].linked_from.clone(),
        Entity::Page(i) => site.pages[i as usize].linked_from.clone(),
    }
}

#[test]
fn the_built_in_pages_work_below_a_path_and_at_any_depth() {
    let mut snapshot = generated(1);
    let former = Source::new(
        "content/speakers/john-roe.md",
        "---\nname: John Roe\nformer_ids: [j-roe]\n---\n",
    );
    snapshot.sources.insert(former.path.clone(), former);
    let built = build(&snapshot);
    let missing = built.text("404.html");
    // This page is served for any address, so that its links start at the top.
    assert!(
        missing.contains("href=\"/record/index.html\"")
            && missing.contains("href=\"/record/assets/"),
        "{missing}"
    );
    assert!(!missing.contains("rel=\"canonical\""));
    let redirect = built.text("speakers/j-roe.html");
    for words in [
        "<meta http-equiv=\"refresh\" content=\"0; url=../speakers/john-roe.html\">",
        "<link rel=\"canonical\" href=\"https://harbour.test/record/speakers/john-roe.html\">",
        "<meta name=\"robots\" content=\"noindex\">",
    ] {
        assert!(redirect.contains(words), "{words} in {redirect}");
    }
    let claim = built.text("claims/b00000/c.html");
    assert!(
        claim.contains("href=\"../../speakers/jane-doe.html\"")
            && claim.contains("<mark class=\"quote\">number 0</mark>"),
        "{claim}"
    );
    assert!(claim.contains(
        "<link rel=\"canonical\" href=\"https://harbour.test/record/claims/b00000/c.html\">"
    ));
    let sitemap = built.text("sitemap.xml");
    assert!(
        sitemap.contains("https://harbour.test/record/speakers/john-roe.html")
            && !sitemap.contains("/j-roe.html"),
        "{sitemap}"
    );
}

fn files_below(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap()).collect();
    names.sort_by_key(fs::DirEntry::file_name);
    for entry in names {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

/// The lines in which two texts differ, those in between included.
fn difference(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most = a.len().min(b.len()) - before;
    let after = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let lines = |mark: char, lines: &[&str]| {
        lines.iter().map(|line| format!("{mark} {line}\n")).collect::<String>()
    };
    lines('-', &a[before..a.len() - after]) + &lines('+', &b[before..b.len() - after])
}
