//! `onrecord serve`, and a browser that has a page open.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::edits::id;
use super::program::Running;

pub struct Preview {
    pub running: Running,
    port: u16,
}

impl Preview {
    /// Returns when it is ready.
    pub fn start(command: &mut Command) -> Self {
        let running = Running::start(command);
        let line = running.line();
        let port = line.split(':').next_back().and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok());
        Self { running, port: port.unwrap_or_else(|| panic!("no address: {line}")) }
    }

    /// Seconds from writing the file to holding the page's new bytes.
    pub fn time(&self, file: &Path, text: &str) -> f64 {
        let page = &format!("briefings/{}.html", id(file));
        let mut channel = ask(self.port, &format!("~onrecord/events?page={page}"), "keep-alive")
            .expect("it listens");
        let before = state(&mut channel);
        let start = Instant::now();
        fs::write(file, text).expect("the briefing can be written");
        while state(&mut channel) == before {}
        assert!(get(self.port, page).starts_with(b"HTTP/1.1 200"));
        start.elapsed().as_secs_f64()
    }
}

/// What a server on this machine answers; nothing where it does not.
pub fn get(port: u16, path: &str) -> Vec<u8> {
    let mut answer = Vec::new();
    if let Ok(mut from) = ask(port, path, "close") {
        let _ = from.read_to_end(&mut answer);
    }
    answer
}

fn ask(port: u16, path: &str, connection: &str) -> io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: {connection}\r\n\r\n"
    )?;
    Ok(BufReader::new(stream))
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
