//! Says when files may have changed, never what: whoever hears of it looks.
//!
//! Only here is notify named: each system tells of changes in its own way, and
//! it knows them all. What it tells is gathered until nothing has been told for
//! a moment, so that a save, or a branch that is checked out, is one change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::EventKind;
use notify::{Config, ErrorKind, PollWatcher, RecursiveMode, Watcher as System};
use onrecord::read::disk::Folder;
use onrecord::read::snapshot::{CONFIG_FILE, CONTENT, GEO, STATIC, TEMPLATES, THEMES};

use super::Failure;

/// A change is over when nothing has been told for this long. Editors write a
/// file in several steps, a millisecond apart.
const QUIET: Duration = Duration::from_millis(12);
/// A change that does not end is taken in parts as long as this.
const LONG: Duration = Duration::from_secs(1);
/// A new folder is looked at a second time after this long: the system is asked
/// to tell of what happens in it only when it is there already.
const SETTLED: Duration = Duration::from_millis(250);
/// Between two looks at all files, where the system tells of nothing.
const POLL: Duration = Duration::from_secs(1);

/// Folders of a site that are watched whole.
const FOLDERS: [&str; 5] = [CONTENT, GEO, TEMPLATES, THEMES, STATIC];

/// Waits for changes in a site's folder.
pub struct Watcher {
    root: PathBuf,
    told: Receiver<Told>,
    tell: Sender<Told>,
    /// Raised when something is told, for who works on what was told before.
    flag: Arc<AtomicBool>,
    system: Box<dyn System + Send>,
    is_polling: bool,
    /// Folders beside the site's own that its links lead to.
    linked: BTreeSet<PathBuf>,
    /// New folders, to be looked at again when the time has come.
    later: BTreeMap<PathBuf, Instant>,
    notes: Vec<String>,
}

/// What was told.
enum Told {
    /// Something may have happened here.
    At(Vec<PathBuf>),
    /// Something may have happened anywhere: more than could be told.
    Anywhere,
    /// No more can be watched, because of this limit of the system's.
    NoMore(Limit),
    /// Somebody else wants to be heard; see [`Watcher::caller`].
    Call,
}

/// What a system has a limit for, named after the setting of Linux's.
///
/// Source: inotify(7), `/proc` interfaces.
#[derive(Debug, Clone, Copy)]
enum Limit {
    Watches,
    Instances,
}

impl Watcher {
    /// Watches the folder of a site; by looking at all of it every second if
    /// `poll` says so, or nothing else works.
    pub fn new(folder: &Folder, poll: bool) -> Result<Self, Failure> {
        let (tell, told) = mpsc::channel();
        let flag = Arc::new(AtomicBool::new(false));
        let root = folder.real_root().to_owned();
        let mut notes = Vec::new();
        let remote = file_system(&root).filter(|_| !poll);
        if let Some(kind) = &remote {
            notes.push(format!(
                "note: the folder is on `{kind}`, where no system tells of every change; looking \
                 at all files once a second instead"
            ));
        }
        let is_polling = poll || remote.is_some();
        let mut watcher = Self {
            system: if is_polling {
                polling(&root, &tell, &flag)?
            } else {
                telling(&root, &tell, &flag)?
            },
            root,
            told,
            tell,
            flag,
            is_polling,
            linked: BTreeSet::new(),
            later: BTreeMap::new(),
            notes,
        };
        watcher.watch_all(folder)?;
        // What happened between the first look and now was told to nobody.
        let _ = watcher.tell.send(Told::Anywhere);
        Ok(watcher)
    }

    /// What the user should know, once.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Whether something was told since the last [`wait`](Self::wait), which
    /// makes what is being worked on out of date.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }

    /// Lets another thread end a [`wait`](Self::wait) that has nothing to tell.
    pub fn caller(&self) -> impl Fn() + Send + 'static {
        let tell = self.tell.clone();
        move || drop(tell.send(Told::Call))
    }

    /// Waits for the end of the next change and says where to look. Empty where
    /// somebody [called](Self::caller).
    pub fn wait(&mut self, folder: &Folder) -> Result<BTreeSet<PathBuf>, Failure> {
        let mut at = BTreeSet::new();
        let mut is_called = false;
        while at.is_empty() && !is_called {
            match self.next(self.later.values().min().copied())? {
                Some(told) => is_called = self.hear(told, &mut at, folder)?,
                None => at.extend(self.due()),
            }
        }
        let start = Instant::now();
        while !at.is_empty() && start.elapsed() < LONG {
            match self.next(Some(Instant::now() + QUIET))? {
                Some(told) => drop(self.hear(told, &mut at, folder)?),
                None => break,
            }
        }
        self.flag.store(false, Relaxed);
        self.watch_new(&at, folder)?;
        Ok(at)
    }

    /// Whether more has been told since.
    pub fn is_told_more(&self) -> bool {
        self.flag.load(Relaxed)
    }

    /// What is told next, if it is before this instant.
    fn next(&self, until: Option<Instant>) -> Result<Option<Told>, Failure> {
        let told = match until {
            Some(until) => self.told.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => self.told.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match told {
            Ok(told) => Ok(Some(told)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            // We hold one end ourselves.
            Err(RecvTimeoutError::Disconnected) => Err(Failure::new("nobody tells of changes")),
        }
    }

    /// Adds where to look; says whether it was a call.
    fn hear(
        &mut self,
        told: Told,
        at: &mut BTreeSet<PathBuf>,
        folder: &Folder,
    ) -> Result<bool, Failure> {
        match told {
            Told::Call => return Ok(true),
            Told::At(paths) => {
                for path in paths {
                    if path.is_dir() {
                        self.later.insert(path.clone(), Instant::now() + SETTLED);
                    }
                    at.insert(path);
                }
            }
            Told::Anywhere => drop(at.insert(self.root.clone())),
            Told::NoMore(limit) => {
                self.poll_instead(limit, folder)?;
                at.insert(self.root.clone());
            }
        }
        Ok(false)
    }

    /// The new folders whose time has come.
    fn due(&mut self) -> Vec<PathBuf> {
        let now = Instant::now();
        let due: Vec<PathBuf> = self
            .later
            .iter()
            .filter(|(_, when)| **when <= now)
            .map(|(path, _)| path.clone())
            .collect();
        for path in &due {
            self.later.remove(path);
        }
        due
    }

    /// Watches the folders that have come, before anybody looks at them. Where
    /// more happened than could be told, any may have come.
    fn watch_new(&mut self, at: &BTreeSet<PathBuf>, folder: &Folder) -> Result<(), Failure> {
        let is_anywhere = at.contains(&self.root);
        for name in FOLDERS {
            let path = self.root.join(name);
            if (is_anywhere || at.contains(&path)) && path.is_dir() {
                self.watch(&path, RecursiveMode::Recursive, folder)?;
            }
        }
        for path in folder.linked_folders() {
            if self.linked.insert(path.clone()) {
                self.watch(&path, RecursiveMode::NonRecursive, folder)?;
            }
        }
        Ok(())
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode, folder: &Folder) -> Result<(), Failure> {
        match self.system.watch(path, mode) {
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) && !self.is_polling => {
                self.poll_instead(Limit::Watches, folder)
            }
            // It went again; that will be told.
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => Ok(()),
            watched => watched.map_err(|error| not_watched(path, &error)),
        }
    }

    /// Gives up being told, and looks every second.
    fn poll_instead(&mut self, limit: Limit, folder: &Folder) -> Result<(), Failure> {
        if self.is_polling {
            return Ok(());
        }
        self.is_polling = true;
        let (what, setting) = match limit {
            Limit::Watches => ("this user may watch no more folders", "max_user_watches=524288"),
            Limit::Instances => {
                ("no more programs of this user may watch folders", "max_user_instances=1024")
            }
        };
        self.notes.push(format!(
            "note: {what}; looking at all files once a second instead\n  = hint: `sudo sysctl \
             fs.inotify.{setting}` lifts the limit"
        ));
        self.system = polling(&self.root, &self.tell, &self.flag)?;
        self.watch_all(folder)
    }

    /// Everything that a site is made from.
    fn watch_all(&mut self, folder: &Folder) -> Result<(), Failure> {
        let root = self.root.clone();
        self.watch(&root, RecursiveMode::NonRecursive, folder)?;
        for name in FOLDERS {
            let path = root.join(name);
            if path.is_dir() {
                self.watch(&path, RecursiveMode::Recursive, folder)?;
            }
        }
        self.linked = folder.linked_folders();
        for path in self.linked.clone() {
            self.watch(&path, RecursiveMode::NonRecursive, folder)?;
        }
        Ok(())
    }
}

/// A watcher to whom the system tells of changes.
fn telling(
    root: &Path,
    tell: &Sender<Told>,
    flag: &Arc<AtomicBool>,
) -> Result<Box<dyn System + Send>, Failure> {
    if let Ok(watcher) = notify::recommended_watcher(handler(root, tell, flag)) {
        return Ok(Box::new(watcher));
    }
    // The user has as many watchers as they may have.
    let _ = tell.send(Told::NoMore(Limit::Instances));
    polling(root, tell, flag)
}

/// A watcher that looks at the content of all files again and again.
fn polling(
    root: &Path,
    tell: &Sender<Told>,
    flag: &Arc<AtomicBool>,
) -> Result<Box<dyn System + Send>, Failure> {
    let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
    let watcher = PollWatcher::new(handler(root, tell, flag), config);
    Ok(Box::new(watcher.map_err(|error| Failure::new(error.to_string()))?))
}

fn handler(
    root: &Path,
    tell: &Sender<Told>,
    flag: &Arc<AtomicBool>,
) -> impl FnMut(notify::Result<notify::Event>) + Send + 'static {
    let (root, tell, flag) = (root.to_owned(), tell.clone(), Arc::clone(flag));
    move |event| {
        let told = match event {
            Ok(event) if event.need_rescan() => Told::Anywhere,
            // That a file was read is no news, least of all when we read it.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(mut event) => {
                event.paths.retain(|path| is_of_the_site(&root, path));
                if event.paths.is_empty() {
                    return;
                }
                Told::At(event.paths)
            }
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                Told::NoMore(Limit::Watches)
            }
            // What was lost is not known.
            Err(_) => Told::Anywhere,
        };
        flag.store(true, Relaxed);
        // Who is no longer there need not be told.
        let _ = tell.send(told);
    }
}

/// Whether the site is made from what is there. The output folder lies beside
/// that, in the root; whatever else is told of lies in a folder that links lead
/// to.
fn is_of_the_site(root: &Path, path: &Path) -> bool {
    let Ok(below) = path.strip_prefix(root) else { return true };
    let mut names = below.iter();
    let Some(first) = names.next() else { return false };
    let own = FOLDERS.into_iter().chain([CONFIG_FILE]).any(|name| name == first);
    own || names.next().is_some()
}

fn not_watched(path: &Path, error: &notify::Error) -> Failure {
    Failure::new(format!("{} cannot be watched: {error}", path.display()))
        .hint("with `--poll` all files are looked at once a second instead")
}

/// The kind of the file system that a folder is on, if it is one on which
/// others can make changes of which the system does not tell.
///
/// Source: `mountinfo` in proc(5).
fn file_system(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let (_, kind) = mounts
        .lines()
        .filter_map(|line| {
            let (mount, system) = line.split_once(" - ")?;
            let at = mount.split(' ').nth(4)?.replace("\\040", " ");
            folder.starts_with(&at).then_some((at.len(), system.split(' ').next()?))
        })
        .max_by_key(|(length, _)| *length)?;
    let is_remote = matches!(
        kind,
        "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p" | "vboxsf" | "afs" | "ceph" | "virtiofs"
    ) || kind.starts_with("fuse.");
    is_remote.then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join(CONTENT)).unwrap();
        std::fs::write(place.path().join(CONFIG_FILE), "title: A desk\n").unwrap();
        let folder = Folder::open(place.path()).unwrap();
        (place, folder)
    }

    /// Waits until somebody says to look at `path` or above it.
    fn wait_for(watcher: &mut Watcher, folder: &Folder, path: &Path) {
        while !watcher.wait(folder).unwrap().iter().any(|at| path.starts_with(at)) {}
    }

    #[test]
    fn where_no_more_can_be_watched_all_is_looked_at() {
        for (limit, setting) in [
            (Limit::Watches, "`sudo sysctl fs.inotify.max_user_watches="),
            (Limit::Instances, "`sudo sysctl fs.inotify.max_user_instances="),
        ] {
            let (place, folder) = site();
            let mut watcher = Watcher::new(&folder, false).unwrap();
            let root = folder.real_root().to_owned();
            wait_for(&mut watcher, &folder, &root);
            assert_eq!((watcher.is_polling, watcher.notes()), (false, Vec::new()));
            // It is told twice: of the root's watch and of a folder's.
            watcher.tell.send(Told::NoMore(limit)).unwrap();
            watcher.tell.send(Told::NoMore(limit)).unwrap();
            wait_for(&mut watcher, &folder, &root);
            assert!(watcher.is_polling);
            let notes = watcher.notes();
            assert!(notes.len() == 1 && notes[0].contains(setting), "{notes:?}");
            assert_eq!(watcher.notes(), Vec::<String>::new());
            std::fs::write(place.path().join("content/late.md"), "x").unwrap();
            wait_for(&mut watcher, &folder, &root.join("content/late.md"));
        }
    }
}
