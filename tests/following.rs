//! How changes reach `watch` and `serve`: many at once, more than can be told,
//! where nobody tells, and those that are none.

#![cfg(unix)]

mod preview;
mod record;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use preview::{AS_OF, Preview, Running, until};
use record::{Manner, Record, save};
use tempfile::TempDir;

fn desk() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    Record::new().lay_out(place.path());
    place
}

fn watch(place: &Path, more: &[&str]) -> Running {
    let mut arguments = vec!["watch", "--as-of", AS_OF];
    arguments.extend(more);
    Running::start(place, &arguments)
}

/// The lines that a program printed after its first.
fn lines(running: &Running) -> Vec<String> {
    running.out().lines().skip(1).map(str::to_owned).collect()
}

#[track_caller]
fn wait_for(file: &Path, words: &str) {
    until(&format!("{} says {words:?}", file.display()), || {
        let text = fs::read_to_string(file).unwrap_or_default();
        if text.contains(words) { Ok(()) } else { Err(text) }
    });
}

fn briefing(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2025-03-04\n---\nThe words of {title}.\n")
}

#[test]
fn five_hundred_writes_are_one_change_or_two() {
    let place = desk();
    let folder = place.path().join("content/briefings");
    for n in 0..500 {
        fs::write(folder.join(format!("many-{n}.md")), briefing(&format!("Many {n}"))).unwrap();
    }
    let watch = watch(place.path(), &["--output", "out"]);
    let preview = Preview::start(place.path(), &[]);
    let out = place.path().join("out");
    wait_for(&out.join("briefings/many-499.html"), "Many 499");
    let mut page = preview.listen("/", "briefings/many-499.html");
    let before = page.next();
    for n in 0..500 {
        let text = briefing(&format!("Many {n}")).replace("words", "other words");
        fs::write(folder.join(format!("many-{n}.md")), text).unwrap();
    }
    assert_ne!(page.next()["seen"], before["seen"]);
    wait_for(&out.join("briefings/many-499.html"), "other words");
    wait_for(&out.join("briefings/many-0.html"), "other words");
    // Nothing comes after it.
    assert_eq!(page.next_within(Duration::from_millis(1500)), None);
    for (name, running) in [("watch", &watch), ("serve", &preview.running)] {
        let passes = lines(running).len();
        assert!((1..=2).contains(&passes), "{name}: {:?}", lines(running));
    }
}

#[test]
fn what_is_no_change_of_the_site_is_not_followed() {
    let place = desk();
    let root = place.path();
    let watch = watch(root, &[]);
    let preview = Preview::start(root, &[]);
    let mut page = preview.listen("/", "briefings/b0.html");
    let before = page.next();
    for path in [
        ".git/index",
        ".git/refs/heads/main",
        "public/of-somebody.txt",
        "notes.txt",
        "node_modules/x/index.js",
        "content/.DS_Store",
        "content/briefings/.b0.md.swp",
        "content/briefings/.b0.md.swx",
        "content/briefings/b0.md~",
        "content/briefings/#b0.md#",
        "content/briefings/.#b0.md",
        "content/briefings/4913",
        "templates/.base.html.swp",
        "static/.mark.svg.tmp",
    ] {
        save(&root.join(path), b"litter", Manner::Plain);
        thread::sleep(Duration::from_millis(20));
        if path.ends_with("4913") {
            fs::remove_file(root.join(path)).unwrap();
        }
    }
    let text = fs::read(root.join("content/briefings/b0.md")).unwrap();
    save(&root.join("content/briefings/b0.md"), &text, Manner::Plain);
    thread::sleep(Duration::from_millis(300));
    // What comes next is the first that is told.
    let mut more = text.clone();
    more.extend(b"One more sentence.\n");
    save(&root.join("content/briefings/b0.md"), &more, Manner::Plain);
    assert_ne!(page.next()["seen"], before["seen"]);
    wait_for(&root.join("public/briefings/b0.html"), "One more sentence.");
    let shown: Vec<String> = lines(&preview.running)
        .into_iter()
        .filter(|line| !line.starts_with("content/briefings/b0.md: shown"))
        .collect();
    assert_eq!(shown, [""; 0]);
    // The line is printed once all of it is written.
    until("one line about one file", || match &lines(&watch)[..] {
        // The page, both feeds, and the manifest.
        [line] if line.contains("4 files written, 0 removed; 3 pages rendered") => Ok(()),
        lines => Err(format!("{lines:?}")),
    });
}

#[test]
fn what_is_made_while_nobody_tells_is_found() {
    // More happens than the system keeps for a program that does not listen.
    let place = desk();
    let root = place.path();
    let watch = watch(root, &[]);
    let most: usize = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(16_384);
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &watch.id().to_string()]).status();
        assert!(sent.unwrap().success());
    };
    signal("-STOP");
    for n in 0..=most / 2 {
        fs::write(root.join(format!("static/{}.txt", n % 2)), format!("{n}")).unwrap();
    }
    save(&root.join("content/briefings/late.md"), briefing("Late").as_bytes(), Manner::Plain);
    save(
        &root.join("content/briefings/new/er/later.md"),
        briefing("Later").as_bytes(),
        Manner::Plain,
    );
    fs::remove_file(root.join("content/briefings/b5.md")).unwrap();
    signal("-CONT");
    wait_for(&root.join("public/briefings/late.html"), "Late");
    wait_for(&root.join("public/briefings/later.html"), "Later");
    until("b5 is gone", || {
        let page = root.join("public/briefings/b5.html");
        if page.exists() { Err("it is there".to_owned()) } else { Ok(()) }
    });
    // And goes on as before, in folders that came while it was away too; once
    // all is quiet, so that nothing else has it look there.
    thread::sleep(Duration::from_secs(1));
    save(
        &root.join("content/briefings/new/er/later.md"),
        briefing("Latest").as_bytes(),
        Manner::Vim,
    );
    wait_for(&root.join("public/briefings/later.html"), "Latest");
}

#[test]
fn with_poll_all_files_are_looked_at() {
    let place = desk();
    let root = place.path();
    let _watch = watch(root, &["--poll"]);
    let preview = Preview::start(root, &["--poll"]);
    let mut page = preview.listen("/", "briefings/new.html");
    let before = page.next();
    save(&root.join("content/briefings/a/b/new.md"), briefing("New").as_bytes(), Manner::Plain);
    wait_for(&root.join("public/briefings/new.html"), "The words of New");
    assert_ne!(page.next()["seen"], before["seen"]);
    // As long as it was, and as old.
    let file = root.join("content/briefings/a/b/new.md");
    let then = fs::metadata(&file).unwrap().modified().unwrap();
    save(&file, briefing("Wen").as_bytes(), Manner::Plain);
    fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    wait_for(&root.join("public/briefings/new.html"), "The words of Wen");
    fs::remove_file(&file).unwrap();
    until("it is gone", || {
        if root.join("public/briefings/new.html").exists() { Err(String::new()) } else { Ok(()) }
    });
}

#[test]
fn a_site_that_is_broken_at_first_is_built_when_it_is_mended() {
    let place = desk();
    let root = place.path();
    let (file, good) = (root.join("site.yaml"), fs::read(root.join("site.yaml")).unwrap());
    fs::write(&file, "title: [").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.args(["watch", "--as-of", AS_OF]).current_dir(root);
    let watch = Running::of(command, false);
    until("it says what is wrong", || {
        let said = watch.err();
        if said.contains("site.yaml:1") { Ok(()) } else { Err(said) }
    });
    assert!(!root.join("public").exists());
    fs::write(&file, good).unwrap();
    wait_for(&root.join("public/index.html"), "The desk");
}

#[test]
fn a_site_stays_as_it_was_while_something_is_wrong_with_it() {
    let place = desk();
    let root = place.path();
    let watch = watch(root, &[]);
    let before = record::files(&root.join("public"));
    let mistakes = [
        ("content/briefings/b0.md", "---\ntitle: [\n---\n", "content/briefings/b0.md:"),
        ("templates/topic.html", "{% if %}", "templates/topic.html:1"),
        ("templates/topic.html", "{{ nowhere.at.all }}", "`nowhere` is not defined"),
        ("content/about.txt", "x", "content/about.txt"),
    ];
    for (path, text, said) in mistakes {
        let whole = fs::read(root.join(path)).ok();
        save(&root.join(path), text.as_bytes(), Manner::Renamed);
        until(path, || {
            let err = watch.err();
            if err.contains(said) { Ok(()) } else { Err(err) }
        });
        match whole {
            Some(whole) => save(&root.join(path), &whole, Manner::Renamed),
            None => fs::remove_file(root.join(path)).unwrap(),
        }
    }
    save(&root.join("content/briefings/last.md"), briefing("Last").as_bytes(), Manner::Plain);
    wait_for(&root.join("public/briefings/last.html"), "Last");
    fs::remove_file(root.join("content/briefings/last.md")).unwrap();
    until("all is as it was", || {
        if record::files(&root.join("public")) == before { Ok(()) } else { Err(String::new()) }
    });
}

#[test]
fn an_output_folder_that_is_taken_away_or_moved_is_made_again() {
    let place = desk();
    let root = place.path();
    let _watch = watch(root, &[]);
    fs::remove_dir_all(root.join("public")).unwrap();
    save(&root.join("content/briefings/more.md"), briefing("More").as_bytes(), Manner::Plain);
    wait_for(&root.join("public/briefings/more.html"), "More");
    wait_for(&root.join("public/briefings/b0.html"), "What was said of");
    let config = fs::read_to_string(root.join("site.yaml")).unwrap();
    save(&root.join("site.yaml"), format!("{config}output: elsewhere\n").as_bytes(), Manner::Vim);
    wait_for(&root.join("elsewhere/briefings/b0.html"), "What was said of");
    save(&root.join("content/briefings/more.md"), briefing("Most").as_bytes(), Manner::Sed);
    wait_for(&root.join("elsewhere/briefings/more.html"), "Most");
}

#[test]
fn a_file_that_goes_before_it_is_read_ends_nothing() {
    let place = desk();
    let root = place.path();
    let watch = watch(root, &[]);
    let file = root.join("static/4913");
    fs::create_dir_all(root.join("static")).unwrap();
    // As editors do it, to see whether they may write there. Somewhere among these
    // moments the file has been seen and its bytes have not.
    for moment in 5..35 {
        fs::write(&file, "123").unwrap();
        thread::sleep(Duration::from_millis(moment * 2));
        fs::remove_file(&file).unwrap();
    }
    fs::write(root.join("static/kept.txt"), "kept").unwrap();
    until("only the file that stays is there", || {
        let said = fs::read_to_string(root.join("public/kept.txt")).unwrap_or_default();
        let is_there = root.join("public/4913").exists();
        if said == "kept" && !is_there { Ok(()) } else { Err(watch.err()) }
    });
}
