//! How far a long build has come: a bar in a terminal, a line now and then in
//! a log, nothing for a build that is over at once.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal;

/// A build that is over by then shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the bar moves.
const FRAME: Duration = Duration::from_millis(100);
/// How often a line is written where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Shows progress until it is dropped.
pub struct Progress {
    counts: Arc<Counts>,
    /// Dropped to end the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How many files are rendered, or addresses asked for, of how many; of none
/// while the site is read.
#[derive(Default)]
struct Counts {
    done: AtomicUsize,
    all: AtomicUsize,
    are_addresses: AtomicBool,
}

impl Counts {
    fn what(&self) -> &'static str {
        if self.are_addresses.load(Relaxed) { "addresses" } else { "files" }
    }
}

impl Progress {
    /// Starts with reading. A quiet one shows nothing.
    pub fn start(quiet: bool) -> Self {
        let counts = Arc::new(Counts::default());
        if quiet {
            return Self { counts, end: None, thread: None };
        }
        let (end, ended) = mpsc::channel();
        let shown = Arc::clone(&counts);
        let thread = thread::spawn(move || {
            let wait = |time| ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if std::io::stderr().is_terminal() {
                show_bar(&shown, wait);
            } else {
                write_lines(&shown, wait);
            }
        });
        Self { counts, end: Some(end), thread: Some(thread) }
    }

    /// From now on `all` files are rendered.
    pub fn rendering(&self, all: usize) {
        self.counts.all.store(all, Relaxed);
    }

    /// From now on `all` addresses are asked for.
    pub fn asking(&self, all: usize) {
        self.counts.are_addresses.store(true, Relaxed);
        self.counts.all.store(all, Relaxed);
    }

    /// One more is done.
    pub fn tick(&self) {
        self.counts.done.fetch_add(1, Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // If it panicked there is no bar, and the build is none the worse.
            let _ = thread.join();
        }
    }
}

fn show_bar(counts: &Counts, wait: impl Fn(Duration) -> bool) {
    if !wait(PATIENCE) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_message("reading");
    while wait(FRAME) {
        let all = counts.all.load(Relaxed);
        if all > 0 && bar.length().is_none() {
            bar.set_length(all as u64);
            bar.set_message(counts.what());
            bar.set_style(
                ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
        }
        bar.set_position(counts.done.load(Relaxed) as u64);
        bar.tick();
    }
    bar.finish_and_clear();
}

fn write_lines(counts: &Counts, wait: impl Fn(Duration) -> bool) {
    let start = Instant::now();
    while wait(BETWEEN_LINES) {
        let seconds = start.elapsed().as_secs();
        terminal::say(&match counts.all.load(Relaxed) {
            0 => format!("reading, {seconds} s\n"),
            all => {
                let (done, what) = (counts.done.load(Relaxed), counts.what());
                format!("{done} of {all} {what}, {seconds} s\n")
            }
        });
    }
}
