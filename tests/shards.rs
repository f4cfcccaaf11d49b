//! A site that is built in parts is the one that is built at once, to the last
//! byte.

#![allow(clippy::disallowed_methods, reason = "a test reads and writes its own files")]

mod collected;

use std::fs;
use std::path::Path;
use std::process::Command;

use collected::{Files, collected};
use onrecord::build::{Builder, Pass, Settings};
use onrecord::deploy::manifest::MANIFEST;
use onrecord::deploy::shard::{MARKER, Part, Shard, whole};
use onrecord::diagnostic::Severity;
use onrecord::read::disk;
use onrecord::read::snapshot::Snapshot;

fn pass(snapshot: &Snapshot) -> Pass {
    let settings = Settings { now: 1_748_736_000, drafts: false, base_url: None, strict: false };
    Builder::new(settings).pass(snapshot).value.expect("the site has no error")
}

#[test]
fn the_parts_of_the_demo_record_are_all_of_it_however_many_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let snapshot = disk::read(root).unwrap().value;
    let pass = pass(&snapshot);
    let (site, _) = collected(|sink| pass.emit(sink, &|| ()));
    assert!(site.len() > 100 && site.contains_key("pagefind/find.js"));
    for of in [1, 2, 3, 16, 1_000] {
        assert!(of < 20 || usize::try_from(of).unwrap() > site.len(), "more parts than files");
        let mut union = Files::new();
        let mut parts = Vec::new();
        for number in 1..=of {
            let shard = Shard::new(number, of).unwrap();
            let inputs = snapshot.fingerprint();
            let (mut files, found) = collected(|sink| pass.emit_shard(shard, inputs, sink, &|| ()));
            assert!(found.iter().all(|p| p.severity != Severity::Error), "{found:?}");
            let marker = files.remove(MARKER).expect("a part says what it is");
            let part = Part::parse(std::str::from_utf8(&marker).unwrap()).unwrap();
            assert_eq!(part.shard, shard);
            assert!(part.files.files.keys().eq(files.keys()));
            assert!(files.keys().all(|path| path.starts_with("pagefind/") || shard.has(path)));
            parts.push(part);
            let before = union.len();
            let new = files.len();
            union.extend(files);
            assert_eq!(union.len(), before + new, "two parts have a file");
        }
        union.insert(MANIFEST.to_owned(), whole(&parts).unwrap().to_json().into_bytes());
        assert!(union.keys().eq(site.keys()), "{of} parts");
        assert!(union == site, "{of} parts");
        // None is much larger than another, for what they are few of.
        let largest = parts.iter().map(|part| part.files.files.len()).max().unwrap();
        assert!(of > 3 || largest < site.len(), "{largest}");
    }
}

/// Runs the program in a folder: its exit code, and what it says.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    let run = command.args(arguments).current_dir(folder).output().unwrap();
    let text = [run.stdout, run.stderr].concat();
    (run.status.code().unwrap(), String::from_utf8(text).unwrap())
}

fn tree(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// A site in a folder, and what builds its parts.
fn desk(link: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("site.yaml", "title: The desk\nbase_url: https://desk.example/\nsearch: false\n");
    write("static/a b.txt", "one");
    write("content/pages/one.md", "---\ntitle: One\n---\n\n## A part\n\nWords.\n");
    for n in 0..8 {
        let text = format!("---\ntitle: Page {n}\n---\nSee [it]({link}).\n");
        write(&format!("content/pages/p{n}.md"), &text);
    }
    folder
}

fn build_parts(folder: &Path) {
    for n in 1..=3 {
        let (shard, part) = (format!("{n}/3"), format!("part-{n}"));
        let (code, said) = run(folder, &["build", "--shard", &shard, "--output", &part]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("part {shard}: ")), "{said}");
    }
}

const JOIN: [&str; 6] = ["join", "part-2", "part-3", "part-1", "--output", "joined"];

#[test]
fn joined_parts_are_the_site_and_what_is_no_whole_site_is_not_joined() {
    let place = desk("page:one#a-part");
    let folder = place.path();
    assert_eq!(run(folder, &["build", "--output", "whole"]).0, 0);
    build_parts(folder);
    let (code, said) = run(folder, &JOIN);
    assert_eq!(code, 0, "{said}");
    assert!(said.ends_with(" unchanged, 0 removed; 3 parts joined\n"), "{said}");
    let site = tree(&folder.join("joined"));
    assert!(site == tree(&folder.join("whole")), "{:?}", site.keys());

    let fails = |arguments: &[&str], expected: &str| {
        let (code, said) = run(folder, arguments);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(expected), "{said}");
        assert!(tree(&folder.join("joined")) == site, "the old site is as it was");
    };
    fails(&["join", "part-1", "part-3", "--output", "joined"], "parts are missing: 2/3");
    fails(&["join", "part-1", "part-1", "--output", "joined"], "are the same part");
    fails(&["join", "part-1", "whole", "--output", "joined"], "`whole` is no part of a site");
    let within = ["join", "part-1", "part-2", "part-3", "--output", "part-1/x"];
    fails(&within, "overlaps");
    fails(&["diff", "-", "part-1"], "`onrecord join` unites the parts");
    fails(&["build", "--shard", "4/3"], "the third of sixteen");

    // A file that did not travel whole, and one that did not travel.
    let part = (1..=3).map(|n| folder.join(format!("part-{n}/a b.txt"))).find(|p| p.exists());
    let part = part.expect("one part has the file");
    fs::write(&part, "on").unwrap();
    fails(&JOIN, "is not as it was built");
    fs::remove_file(&part).unwrap();
    fails(&JOIN, "is missing");
    // One part of a newer version of the site.
    fs::write(folder.join("content/pages/p0.md"), "---\ntitle: Page 0\n---\nNew.\n").unwrap();
    assert_eq!(run(folder, &["build", "--shard", "1/3", "--output", "part-1"]).0, 0);
    fails(&JOIN, "parts of different sites");
}

#[test]
fn an_anchor_that_a_page_of_another_part_lacks_is_found_when_they_are_joined() {
    let place = desk("page:one#no-part");
    let folder = place.path();
    let (code, at_once) = run(folder, &["build", "--output", "whole"]);
    assert_eq!(code, 1, "{at_once}");
    let mut codes = Vec::new();
    for n in 1..=3 {
        let (shard, part) = (format!("{n}/3"), format!("part-{n}"));
        codes.push(run(folder, &["build", "--shard", &shard, "--output", &part]).0);
    }
    // The part that has the page finds its own links; the others cannot know.
    assert_eq!(codes.iter().filter(|code| **code == 1).count(), 1, "{codes:?}");
    // So that all three are there: one in which that page's part links nowhere.
    let one = codes.iter().position(|code| *code == 1).unwrap() + 1;
    for n in 0..8 {
        let shard = Shard::new(u32::try_from(one).unwrap(), 3).unwrap();
        if shard.has(&format!("p{n}.html")) {
            let path = folder.join(format!("content/pages/p{n}.md"));
            fs::write(path, format!("---\ntitle: Page {n}\n---\nNo link.\n")).unwrap();
        }
    }
    build_parts(folder);
    let (code, said) = run(folder, &JOIN);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("links to `one.html#no-part`, and there is no such anchor"), "{said}");
    assert!(said.contains("the parts were not joined"), "{said}");
    assert!(!folder.join("joined").exists());
}
