//! What a live preview shows, kept up to date.
//!
//! After every change one pass; its site is shown if nothing is wrong with it,
//! and else the last good one stays with a report. Pages are rendered when
//! somebody asks for them. What nobody has asked for is rendered in the
//! background, so that a template that fails on one page in a thousand is
//! found while its author still remembers what they did.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use onrecord::build::Pass;
use onrecord::build::update::Rendered;
use onrecord::diagnostic::{Diagnostic, Severity, in_order};
use tokio::sync::watch;

use super::report::{Format, summary};
use super::shown::{OpenPages, Shown};
use super::site::{Desk, counted, has_errors};
use super::watcher::Watcher;
use super::{Failure, terminal};

/// While more changes are told than can be shown, this many passes are made
/// before one is shown all the same.
const ROUNDS: usize = 5;

/// A desk whose site is being shown.
pub struct Live {
    desk: Desk,
    watcher: Watcher,
    shown: watch::Sender<Arc<Shown>>,
    open: Arc<OpenPages>,
    background: Background,
    is_quiet: bool,
    /// The last pass without an error among its sources.
    pass: Option<Pass>,
    /// What is wrong with the files as they are.
    problems: Vec<Diagnostic>,
    last_report: String,
}

/// What was understood of a change that has not been shown yet.
struct Change {
    since: Instant,
    paths: BTreeSet<Arc<str>>,
    pass: Option<Pass>,
    problems: Vec<Diagnostic>,
}

impl Live {
    /// Makes the first pass and shows what comes of it.
    pub fn new(
        mut desk: Desk,
        watcher: Watcher,
        open: Arc<OpenPages>,
        is_quiet: bool,
    ) -> Result<(Self, watch::Receiver<Arc<Shown>>), Failure> {
        let (pass, problems) = desk.pass()?;
        let (shown, receiver) = watch::channel(Arc::new(Shown { pass: None, problems: None }));
        let background = Background::start(&watcher)?;
        let mut live = Self {
            desk,
            watcher,
            shown,
            open,
            background,
            is_quiet,
            pass: None,
            problems: Vec::new(),
            last_report: String::new(),
        };
        live.show(pass, problems);
        Ok((live, receiver))
    }

    /// Follows the folder until something fails that is not the content's fault.
    pub fn follow(mut self) -> Result<std::convert::Infallible, Failure> {
        let mut change: Option<Change> = None;
        let mut rounds = 0;
        loop {
            for note in self.watcher.notes() {
                terminal::say(&format!("{note}\n"));
            }
            let at = self.watcher.wait(&self.desk.folder)?;
            let since = Instant::now();
            self.take_what_was_found();
            let looked = self.desk.folder.look_again(&at);
            for error in &looked.unreadable {
                terminal::say(&format!("error: {error}\n"));
            }
            if !looked.changed.is_empty() {
                let (pass, problems) = self.desk.pass()?;
                let before = change.take();
                let (since, mut paths) =
                    before.map_or((since, BTreeSet::new()), |c| (c.since, c.paths));
                paths.extend(looked.changed);
                change = Some(Change { since, paths, pass, problems });
            }
            if change.is_some() && self.watcher.is_told_more() && rounds < ROUNDS {
                // It is out of date already, and one reload is enough.
                rounds += 1;
                continue;
            }
            rounds = 0;
            match change.take() {
                Some(Change { since, paths, pass, problems }) => {
                    self.show(pass, problems);
                    self.tell(&paths, since.elapsed())?;
                }
                None => self.background.go_on(self.pass.as_ref()),
            }
        }
    }

    /// Shows a site, or what keeps it from being shown.
    fn show(&mut self, pass: Option<Pass>, mut problems: Vec<Diagnostic>) {
        if let Some(pass) = &pass {
            problems.extend(self.failures_on_open_pages(pass));
        }
        self.problems = in_order(problems);
        self.pass = pass.filter(|_| !has_errors(&self.problems));
        self.background.check(self.pass.as_ref());
        self.publish();
    }

    /// Template errors on the pages that somebody is looking at.
    fn failures_on_open_pages(&self, pass: &Pass) -> Vec<Diagnostic> {
        let mut html = Vec::new();
        let open = self.open.list();
        let pages = open.iter().filter_map(|file| pass.plan.page(file));
        pages.filter_map(|page| pass.render(page, &mut html).err()).map(|e| *e).collect()
    }

    /// Adds what was found in the background, if it was found on the site that
    /// is shown.
    fn take_what_was_found(&mut self) {
        let Some(found) = self.background.found() else { return };
        let mut problems = std::mem::take(&mut self.problems);
        problems.extend(found);
        self.problems = in_order(problems);
        self.publish();
    }

    /// Brings what is shown, and what was said, up to date.
    fn publish(&mut self) {
        let is_error = |problem: &&Diagnostic| problem.severity == Severity::Error;
        let errors: Vec<Diagnostic> = self.problems.iter().filter(is_error).cloned().collect();
        let problems = (!errors.is_empty())
            .then(|| Arc::from(self.desk.report(&errors, Format::Human, false).trim_end()));
        let pass = match &self.pass {
            Some(pass) => Some(Arc::new(pass.clone())),
            None => self.shown.borrow().pass.clone(),
        };
        self.shown.send_replace(Arc::new(Shown { pass, problems }));
        let colour = terminal::has_colour(&io::stderr());
        let report = self.desk.report(&self.problems, Format::Human, colour);
        if report == self.last_report {
            return;
        }
        terminal::say(&report);
        if has_errors(&self.problems) {
            let what = if self.shown.borrow().pass.is_some() {
                "the last good version stays up"
            } else {
                "there is nothing to show yet"
            };
            terminal::say(&format!("{}: {what}\n", summary(&self.problems)));
        } else if self.problems.is_empty() {
            terminal::say("no problems any more\n");
        }
        self.last_report = report;
    }

    fn tell(&self, paths: &BTreeSet<Arc<str>>, time: Duration) -> Result<(), Failure> {
        let Some(first) = paths.first().filter(|_| !self.is_quiet && self.pass.is_some()) else {
            return Ok(());
        };
        let what = match paths.len() {
            1 => first.to_string(),
            n => format!("{first} and {} more", counted(n - 1, "file")),
        };
        Ok(terminal::print(&format!("{what}: shown after {} ms\n", time.as_millis()))?)
    }
}

/// Renders what nobody has asked for, and checks its links, on half of the
/// cores. What it does is given up as soon as something changes.
struct Background {
    work: Sender<(usize, Pass)>,
    found: Receiver<(usize, Vec<Diagnostic>)>,
    /// Which site is shown, counted.
    current: Arc<AtomicUsize>,
    is_done: bool,
}

impl Background {
    fn start(watcher: &Watcher) -> Result<Self, Failure> {
        let (work, to_do) = mpsc::channel::<(usize, Pass)>();
        let (tell, found) = mpsc::channel();
        let current = Arc::new(AtomicUsize::new(0));
        let (flag, call) = (watcher.flag(), watcher.caller());
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(cores.div_ceil(2))
            .build()
            .map_err(|error| Failure::new(error.to_string()))?;
        let newest = Arc::clone(&current);
        thread::spawn(move || {
            let mut rendered = Rendered::default();
            while let Ok((mut number, mut pass)) = to_do.recv() {
                while let Ok(newer) = to_do.try_recv() {
                    (number, pass) = newer;
                }
                let stop = || is_stopped(&flag, &newest, number);
                let update = pool.install(|| pass.update(&rendered, &|_, _| Ok(()), &stop));
                // The sink takes everything, and a file that cannot be read is
                // reported when it is asked for.
                let Ok(update) = update else { continue };
                rendered = update.rendered_now;
                if update.is_complete && tell.send((number, update.problems)).is_ok() {
                    call();
                }
            }
        });
        Ok(Self { work, found, current, is_done: true })
    }

    /// Checks this site from now on, or none.
    fn check(&mut self, pass: Option<&Pass>) {
        self.current.fetch_add(1, Relaxed);
        self.is_done = pass.is_none();
        self.go_on(pass);
    }

    /// Takes up what was given up because of a change that was none.
    fn go_on(&self, pass: Option<&Pass>) {
        if let Some(pass) = pass.filter(|_| !self.is_done) {
            // The thread ends with the program.
            let _ = self.work.send((self.current.load(Relaxed), pass.clone()));
        }
    }

    /// What was found on the site that is shown.
    fn found(&mut self) -> Option<Vec<Diagnostic>> {
        let current = self.current.load(Relaxed);
        let found = self.found.try_iter().filter(|(number, _)| *number == current).last();
        self.is_done |= found.is_some();
        found.map(|(_, problems)| problems)
    }
}

fn is_stopped(flag: &AtomicBool, newest: &AtomicUsize, number: usize) -> bool {
    flag.load(Relaxed) || newest.load(Relaxed) != number
}
