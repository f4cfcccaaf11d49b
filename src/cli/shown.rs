//! What a live preview shows at one moment, and who is looking.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use onrecord::build::Pass;

/// What is shown at one moment.
#[derive(Default)]
pub struct Shown {
    /// The last site in which no error was found. `None` before there is one.
    pub pass: Option<Arc<Pass>>,
    /// What is wrong with the files as they are now, written down; `None`
    /// where no error is.
    pub problems: Option<Arc<str>>,
}

/// The pages that somebody has open: their files, and how many readers each
/// has.
#[derive(Default)]
pub struct OpenPages(Mutex<BTreeMap<String, usize>>);

/// A reader of a page, until dropped.
pub struct Reader {
    pages: Arc<OpenPages>,
    file: String,
}

impl OpenPages {
    /// Somebody opens a page.
    pub fn enter(self: &Arc<Self>, file: &str) -> Reader {
        *self.lock().entry(file.to_owned()).or_default() += 1;
        Reader { pages: Arc::clone(self), file: file.to_owned() }
    }

    /// The files of all that are open.
    pub fn list(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut pages = self.pages.lock();
        if let Some(readers) = pages.get_mut(&self.file) {
            *readers -= 1;
            if *readers == 0 {
                pages.remove(&self.file);
            }
        }
    }
}
