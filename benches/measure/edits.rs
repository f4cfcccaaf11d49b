//! Edits as somebody makes them who writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

type Change = fn(&str, usize) -> Option<String>;

/// Kinds of edits: a word in the text, the words of a claim, the title. A file
/// may have nothing of the kind.
pub const EDITS: [(&str, Change); 3] = [
    ("a sentence", |text, n| Some(format!("{text}\nOne more sentence, number {n}.\n"))),
    ("the words of a claim", |text, n| once_more(text, "    text: ", n)),
    ("a title", |text, n| once_more(text, "title: ", n)),
];

/// Puts a few words before those that follow `field` where it first stands.
fn once_more(text: &str, field: &str, n: usize) -> Option<String> {
    let at = text.find(field)? + field.len();
    let at = at + usize::from(text[at..].starts_with('"'));
    Some(format!("{}Once more {n}, {}", &text[..at], &text[at..]))
}

/// The files of all briefings, in order.
pub fn briefings(site: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(site.join("content/briefings"))
        .expect("the site has briefings")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .filter(|path| !path.ends_with("_index.md"))
        .collect();
    files.sort();
    files
}

/// The name of a file without its ending, which is the briefing's id.
pub fn id(file: &Path) -> String {
    file.file_stem().expect("it has a name").to_string_lossy().into_owned()
}

/// Makes as many edits as it says, of all kinds in turn, each of another
/// briefing and then undone, and hands each to `time`. Gives what that says of
/// them in seconds, of those that undo too.
pub fn times(site: &Path, edits: usize, mut time: impl FnMut(&Path, &str) -> f64) -> Vec<f64> {
    let briefings = briefings(site);
    let mut times = Vec::new();
    for n in 0..edits.div_ceil(2) {
        let file = &briefings[n * 7919 % briefings.len()];
        let text = fs::read_to_string(file).expect("the briefing can be read");
        let mut kinds = EDITS.iter().cycle().skip(n % EDITS.len());
        let changed = kinds.find_map(|(_, change)| change(&text, n)).expect("it has a title");
        times.extend([time(file, &changed), time(file, &text)]);
        // As somebody who goes on writing.
        thread::sleep(Duration::from_millis(100));
    }
    times
}

/// Seconds from writing the file to the moment that `page`, asked over and
/// over, is not what it was.
pub fn until_it_differs(file: &Path, text: &str, page: impl Fn() -> Vec<u8>) -> f64 {
    let before = page();
    let start = Instant::now();
    fs::write(file, text).expect("the briefing can be written");
    loop {
        let now = page();
        if !now.is_empty() && now != before {
            return start.elapsed().as_secs_f64();
        }
        assert!(start.elapsed().as_secs() < 300, "the page of {} stays as it was", file.display());
        thread::sleep(Duration::from_millis(1));
    }
}
