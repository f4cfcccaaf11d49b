//! How long an edit takes: from the moment a file is written to the moment a
//! browser that has the page open holds its new bytes. See benches/README.md.
//!
//!     cargo bench --bench editing -- SITE [--edits N]
//!
//! SITE is the folder of a site; what is edited in it is put back. Printed are,
//! for each kind of edit, the median, the 95th percentile and the longest time
//! in milliseconds, and how long the preview takes to come up.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let Some(site) = arguments.next() else {
        // `cargo bench` and `cargo test` run every benchmark; this one needs to be told of a site.
        println!("name the folder of a site: cargo bench --bench editing -- SITE");
        return;
    };
    let mut edits = 100;
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next()) {
            ("--edits", Some(n)) => edits = n.parse().expect("a number of edits"),
            _ => panic!("wrong arguments"),
        }
    }
    let site = PathBuf::from(site);
    let start = Instant::now();
    let mut preview = Preview::start(&site);
    let up = start.elapsed();
    println!("{}: up after {} ms", site.display(), up.as_millis());
    let briefings = briefings(&site);
    // Let the background finish its first round, as it would while somebody reads.
    preview.wait_until_idle();
    println!("memory {} MB", preview.memory() / 1024);
    println!("{:<22} {:>6} {:>6} {:>6}", "edit", "median", "p95", "max");
    let mut turn = 0;
    for (name, change) in EDITS {
        let mut times: Vec<f64> = Vec::new();
        for n in 0..edits {
            turn += 1;
            let file = &briefings[turn * 7919 % briefings.len()];
            let text = fs::read_to_string(file).expect("the briefing can be read");
            let Some(changed) = change(&text, n) else { continue };
            let stem = file.file_stem().expect("it has a name").to_string_lossy();
            let page = format!("briefings/{stem}.html");
            times.push(preview.time(&page, file, &changed));
            preview.time(&page, file, &text);
            // As somebody who goes on writing.
            thread::sleep(Duration::from_millis(100));
        }
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        println!("{name:<22} {:>6.0} {:>6.0} {:>6.0}", at(50), at(95), at(100));
    }
    println!("memory {} MB", preview.memory() / 1024);
}

type Change = fn(&str, usize) -> Option<String>;

/// Kinds of edits: a word in the text, the words of a claim, the title.
const EDITS: [(&str, Change); 3] = [
    ("a sentence", |text, n| Some(format!("{text}\nOne more sentence, number {n}.\n"))),
    ("the words of a claim", |text, n| {
        let at = text.find("    text: \"")? + "    text: \"".len();
        Some(format!("{}Once more {n}: {}", &text[..at], &text[at..]))
    }),
    ("a title", |text, n| {
        let at = text.find("title: \"")? + "title: \"".len();
        Some(format!("{}Once more {n}: {}", &text[..at], &text[at..]))
    }),
];

fn briefings(site: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(site.join("content/briefings"))
        .expect("the site has briefings")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    files
}

struct Preview {
    child: Child,
    port: u16,
}

impl Preview {
    fn start(site: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["serve", "--as-of", "2026-06-01"])
            .current_dir(site)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut line).expect("it says where it serves");
        // Nobody reads on, and it must not wait for that.
        thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let port = line.split(':').next_back().and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok());
        Self { child, port: port.unwrap_or_else(|| panic!("no address: {line}")) }
    }

    /// Milliseconds from writing the file to holding the page's new bytes.
    fn time(&mut self, page: &str, file: &Path, text: &str) -> f64 {
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
        line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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
