//! How long an edit takes: from the moment a file is written to the moment a
//! browser that has the page open holds its new bytes. See benches/README.md.
//!
//!     cargo bench --bench editing -- --briefings 10000 [--edits 100]
//!     cargo bench --bench editing -- --site FOLDER [--edits 100]
//!     cargo bench --bench editing -- --briefings 650 --saves 1000
//!
//! The first makes up a record in a temporary folder, the second edits one that
//! is there and puts back what was edited. Printed are, for each kind of edit,
//! the median, the 95th percentile and the longest time in milliseconds, and
//! how long the preview takes to come up.
//!
//! The third saves as often as it says, in all the ways in turn, while `serve`
//! and `watch` both follow, and fails if one of them has grown by a twentieth
//! since it was warm, and by more than chance.

#[allow(dead_code, reason = "others write it for another program too")]
mod corpus;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Saves before a program counts as warm.
const WARM_UP: usize = 200;

/// Kilobytes of growth with every save that are taken for a leak. With 5,000
/// pages, which take 150 MB, a twentieth in a thousand saves is 7. With a small
/// site a twentieth may be less than what the allocator keeps by chance.
const LEAK: u64 = 5;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let (mut site, mut briefings, mut edits, mut saves) = (None, None, 100, None);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_else(|| panic!("{argument} of what?"));
        let number = || value.parse::<usize>().unwrap_or_else(|_| panic!("{value} is no number"));
        match argument.as_str() {
            "--site" => site = Some(PathBuf::from(&value)),
            "--briefings" => briefings = Some(number()),
            "--edits" => edits = number(),
            "--saves" => saves = Some(number()),
            _ => panic!("there is no {argument}"),
        }
    }
    let made_up = tempfile::tempdir().expect("there is a folder for temporary files");
    let site = match (site, briefings) {
        (Some(site), None) => site,
        (None, Some(briefings)) => {
            corpus::Corpus::new(briefings, 1).write_to(made_up.path()).expect("it can be written");
            made_up.path().to_owned()
        }
        // `cargo bench` and `cargo test` run every benchmark; this one needs a site.
        _ => return println!("say --briefings NUMBER or --site FOLDER"),
    };
    match saves {
        None => measure_edits(&site, edits),
        Some(saves) => measure_memory(&site, saves),
    }
}

fn measure_edits(site: &Path, edits: usize) {
    let start = Instant::now();
    let preview = Preview::start(site);
    let up = start.elapsed();
    println!("up after {} ms", up.as_millis());
    let briefings = briefings(site);
    // Let the background finish its first round, as it would while somebody reads.
    preview.running.wait_until_idle();
    println!("memory {} MB", preview.running.memory() / 1024);
    println!("{:<22} {:>6} {:>6} {:>6}", "edit", "median", "p95", "max");
    let mut turn = 0;
    for (name, change) in EDITS {
        let mut times: Vec<f64> = Vec::new();
        for n in 0..edits {
            turn += 1;
            let file = &briefings[turn * 7919 % briefings.len()];
            let text = fs::read_to_string(file).expect("the briefing can be read");
            let Some(changed) = change(&text, n) else { continue };
            times.push(preview.time(file, &changed));
            preview.time(file, &text);
            // As somebody who goes on writing.
            thread::sleep(Duration::from_millis(100));
        }
        print_times(name, times);
    }
    println!("memory {} MB", preview.running.memory() / 1024);
}

fn measure_memory(site: &Path, saves: usize) {
    let watch = Running::start(site, "watch");
    watch.wait_for_a_line();
    let preview = Preview::start(site);
    let both = [("serve", &preview.running), ("watch", &watch)];
    let briefings = briefings(site);
    let mut times: Vec<f64> = Vec::new();
    let mut held: [Vec<u64>; 2] = [Vec::new(), Vec::new()];
    let mut before = String::new();
    for n in 0..WARM_UP + saves {
        if n == WARM_UP {
            times.clear();
        }
        // What is changed is changed back by the next save.
        let file = &briefings[n / 2 * 7919 % briefings.len()];
        if n % 2 == 0 {
            before = fs::read_to_string(file).expect("the briefing can be read");
        }
        let (_, change) = EDITS[n / 2 % EDITS.len()];
        let text = if n % 2 == 0 { change(&before, 0) } else { Some(before.clone()) };
        let page = site.join("public").join(page_of(file));
        let old = fs::read(&page).expect("the page is there");
        times.push(preview.time(file, &text.expect("there is something to change")));
        let start = Instant::now();
        while fs::read(&page).is_ok_and(|new| new == old) {
            assert!(start.elapsed().as_secs() < 60, "{} stays as it was", page.display());
            thread::sleep(Duration::from_millis(1));
        }
        if n >= WARM_UP {
            for (held, (_, running)) in held.iter_mut().zip(&both) {
                held.push(running.memory());
            }
        }
    }
    print_times("save", times);
    // What is held goes up and down with every save, and what the allocator
    // keeps for later comes on top now and then. What leaks is there at the
    // lowest, too.
    let lowest = |held: &[u64]| {
        let mut held = held.to_vec();
        held.sort_unstable();
        held[held.len() / 10]
    };
    let mut has_grown = false;
    for ((name, _), held) in both.iter().zip(held) {
        let fifths: Vec<u64> = held.chunks((held.len() / 5).max(1)).map(lowest).collect();
        println!("{name}: {fifths:?} kB at the lowest in each fifth of {saves} saves");
        let grown = fifths[4].saturating_sub(fifths[0]);
        has_grown |= grown * 20 > fifths[0] && grown > LEAK * saves as u64;
    }
    assert!(!has_grown, "it has grown by more than a twentieth, and by {LEAK} kB with every save");
}

fn print_times(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("{name:<22} {:>6.0} {:>6.0} {:>6.0}", at(50), at(95), at(100));
}

type Change = fn(&str, usize) -> Option<String>;

/// Kinds of edits: a word in the text, the words of a claim, the title.
const EDITS: [(&str, Change); 3] = [
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

fn briefings(site: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(site.join("content/briefings"))
        .expect("the site has briefings")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    files
}

/// A program at work, and the lines it prints.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Returns when it has printed its first line, which says that it is ready.
    fn start(site: &Path, command: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args([command, "--as-of", "2026-06-01"])
            .current_dir(site)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            out.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Self { child, lines }
    }

    fn wait_for_a_line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(600)).expect("it says something")
    }

    /// Waits until it has used no time for a second.
    fn wait_until_idle(&self) {
        let mut last = u64::MAX;
        loop {
            let now = self.ticks();
            if now.saturating_sub(last) < 3 && last != u64::MAX {
                return;
            }
            last = now;
            thread::sleep(Duration::from_secs(1));
        }
    }

    /// Time used so far, in clock ticks.
    fn ticks(&self) -> u64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let rest = stat.rsplit(") ").next().unwrap_or_default();
        let field = |n: usize| rest.split(' ').nth(n).and_then(|f| f.parse::<u64>().ok());
        field(11).unwrap_or(0) + field(12).unwrap_or(0)
    }

    /// Kilobytes held.
    fn memory(&self) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().split(' ').next()?.parse().ok())
            .expect("the system says how much memory it holds")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The page of a briefing's file, below the site.
fn page_of(file: &Path) -> String {
    format!("briefings/{}.html", file.file_stem().expect("it has a name").to_string_lossy())
}

struct Preview {
    running: Running,
    port: u16,
}

impl Preview {
    fn start(site: &Path) -> Self {
        let running = Running::start(site, "serve");
        let line = running.wait_for_a_line();
        let port = line.split(':').next_back().and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok());
        Self { running, port: port.unwrap_or_else(|| panic!("no address: {line}")) }
    }

    /// Milliseconds from writing the file to holding the page's new bytes.
    fn time(&self, file: &Path, text: &str) -> f64 {
        let page = &page_of(file);
        let mut channel = self.ask(&format!("~onrecord/events?page={page}"), "keep-alive");
        let before = state(&mut channel);
        let start = Instant::now();
        fs::write(file, text).expect("the briefing can be written");
        while state(&mut channel) == before {}
        let mut answer = Vec::new();
        self.ask(page, "close").read_to_end(&mut answer).expect("the page comes");
        assert!(answer.starts_with(b"HTTP/1.1 200"));
        start.elapsed().as_secs_f64() * 1000.0
    }

    fn ask(&self, path: &str, connection: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_nodelay(true).expect("it is a socket");
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: {connection}\r\n\r\n"
        )
        .expect("it can be asked");
        BufReader::new(stream)
    }
}

/// What stands for the page, as the next event says.
fn state(channel: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(channel.read_line(&mut line).expect("events come") > 0, "the channel was closed");
        if let Some(data) = line.strip_prefix("data: ") {
            let seen = data.split("\"seen\":\"").nth(1).and_then(|rest| rest.split('"').next());
            return seen.unwrap_or_else(|| panic!("no state: {data}")).to_owned();
        }
    }
}
