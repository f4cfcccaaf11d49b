//! Programs: one run to its end and what it took, or one that is at work.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What one run of a program took.
#[derive(Clone, Copy)]
pub struct Run {
    /// From its start to its end.
    pub seconds: f64,
    /// Of the processor, for the program and for the system on its behalf, on
    /// all threads together.
    pub processor: f64,
    /// The most that it held at once, in MB; not known of the floor, which is
    /// measured from within.
    pub memory: Option<u32>,
}

/// Runs a program to its end, and hands over what it prints.
///
/// The system counts a program's most memory from before it is the program: for
/// a moment it is a copy of this one. So this one must hold little.
pub fn run(command: &mut Command) -> io::Result<(Run, String)> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let complaints = thread::spawn(move || {
        let mut text = Vec::new();
        err.as_mut().expect("it is piped").read_to_end(&mut text).map(|_| text)
    });
    let said = io::read_to_string(out.as_mut().expect("it is piped"))?;
    let complaints = complaints.join().expect("it only reads")?;
    let end = child.wait4()?;
    let seconds = start.elapsed().as_secs_f64();
    if !end.status.success() {
        return Err(io::Error::other(format!(
            "{command:?}: {}\n{said}{}",
            end.status,
            String::from_utf8_lossy(&complaints)
        )));
    }
    let processor = (end.rusage.utime + end.rusage.stime).as_secs_f64();
    let memory = u32::try_from(end.rusage.maxrss >> 20).ok();
    Ok((Run { seconds, processor, memory }, said))
}

/// A program at work, and the lines it prints.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            out.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Self { child, lines }
    }

    /// Waits for the next line that it prints.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(600)).expect("it says something")
    }

    /// Waits until it has used no time for a second.
    pub fn wait_until_idle(&self) {
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

    /// Kilobytes held now.
    pub fn memory(&self) -> u32 {
        self.status("VmRSS:")
    }

    /// The most kilobytes that it has held at once.
    pub fn most_memory(&self) -> u32 {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> u32 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(field));
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
