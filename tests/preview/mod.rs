//! The preview as a browser or somebody worse asks it, by plain TCP.

#![allow(dead_code, reason = "each test uses what it needs of this")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long something may take on a machine that does other things too.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The "now" of all passes.
pub const AS_OF: &str = "2025-06-01T00:00:00Z";

/// A program that goes on until it is dropped.
pub struct Running {
    child: Child,
    /// What it printed first.
    pub first_line: String,
    _out: Option<thread::JoinHandle<()>>,
    out: std::sync::Arc<std::sync::Mutex<String>>,
    err: tempfile::NamedTempFile,
}

impl Running {
    /// Starts the program in a folder and waits for its first line.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.args(arguments).current_dir(folder);
        Self::of(command, true)
    }

    /// The same, without waiting where it may have nothing to say.
    pub fn of(mut command: Command, waits: bool) -> Self {
        let err = tempfile::NamedTempFile::new().unwrap();
        let mut child = command
            .env_remove("SOURCE_DATE_EPOCH")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(err.path()).unwrap())
            .spawn()
            .expect("the program runs");
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        if waits {
            lines.read_line(&mut first_line).unwrap();
        }
        let out = std::sync::Arc::new(std::sync::Mutex::new(first_line.clone()));
        let kept = std::sync::Arc::clone(&out);
        let reading = thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { child, first_line, _out: Some(reading), out, err }
    }

    /// Everything it printed so far.
    pub fn out(&self) -> String {
        self.out.lock().unwrap().clone()
    }

    /// Everything it complained of so far.
    pub fn err(&self) -> String {
        fs::read_to_string(self.err.path()).unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A preview that is running.
pub struct Preview {
    pub running: Running,
    pub port: u16,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a header; empty if it is not there.
    pub fn header(&self, name: &str) -> String {
        let found = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    }

    /// The page without the line that the preview adds, which is there once.
    pub fn without_snippet(&self) -> Vec<u8> {
        let text = String::from_utf8(self.body.clone()).unwrap();
        let start =
            text.find("<script src=\"").filter(|at| text[*at..].contains("~onrecord/live.js"));
        let Some(mut start) = start else { panic!("no snippet: {}\n{text}", self.head) };
        while !text[start..].lines().next().unwrap_or_default().contains("~onrecord/live.js") {
            start += 1 + text[start + 1..].find("<script src=\"").unwrap();
        }
        let end = start + text[start..].find('\n').unwrap() + 1;
        let rest = format!("{}{}", &text[..start], &text[end..]);
        assert!(!rest.contains("~onrecord/"), "it is there twice");
        rest.into_bytes()
    }
}

impl Preview {
    /// Starts `onrecord serve` in a folder, on any port.
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--as-of", AS_OF];
        arguments.extend(more);
        let running = Running::start(folder, &arguments);
        let address = running.first_line.split("://").nth(1).unwrap_or_else(|| {
            panic!("no address: {}{}", running.first_line, running.err());
        });
        let port = address.split(['/', ' ']).next().unwrap().rsplit(':').next().unwrap();
        Self { port: port.parse().expect("a port is named"), running }
    }

    /// Sends these lines, and an empty one, and gives the answer.
    pub fn send(&self, lines: &[&str]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
        stream.write_all(request.as_bytes()).unwrap();
        // A channel that should not have been opened has no end.
        let (mut all, mut part, start) = (Vec::new(), [0; 4096], Instant::now());
        loop {
            match stream.read(&mut part).unwrap() {
                0 => break,
                n => all.extend_from_slice(&part[..n]),
            }
            assert!(start.elapsed() < PATIENCE, "the answer does not end");
        }
        let end = all.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: all[end + 4..].to_vec() }
    }

    pub fn get(&self, path: &str) -> Answer {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        self.send(&[&format!("GET {path} HTTP/1.1"), &host])
    }

    /// The channel of a page.
    pub fn listen(&self, base: &str, page: &str) -> Channel {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "GET {base}~onrecord/events?page={page} HTTP/1.1\r\nHost: localhost:{}\r\n\
             Sec-Fetch-Site: same-origin\r\n\r\n",
            self.port
        );
        (&stream).write_all(request.as_bytes()).unwrap();
        Channel { lines: BufReader::new(stream) }
    }

    /// The state of a page now.
    pub fn state(&self, page: &str) -> serde_json::Value {
        self.listen("/", page).next()
    }
}

/// The events of a page.
pub struct Channel {
    lines: BufReader<TcpStream>,
}

impl Channel {
    /// The next state.
    pub fn next(&mut self) -> serde_json::Value {
        self.next_within(PATIENCE).expect("a state comes")
    }

    /// The next state, if one comes in time.
    pub fn next_within(&mut self, time: Duration) -> Option<serde_json::Value> {
        self.lines.get_ref().set_read_timeout(Some(time)).unwrap();
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
    }
}

/// Waits until something is so; says what was last seen if it never is.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(value) => return value,
            Err(seen) if start.elapsed() > PATIENCE => panic!("{what}: {seen}"),
            Err(_) => thread::sleep(Duration::from_millis(4)),
        }
    }
}
