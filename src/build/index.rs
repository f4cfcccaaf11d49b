//! The search index of a pass, made when it is first asked for.
//!
//! Making it takes longer than most pages together, so `check` never does,
//! `serve` does when a reader searches, and a pass whose records are those of
//! the last index takes that over.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Pass;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::plan::pages::search_url;
use crate::read::snapshot::CONFIG_FILE;
use crate::resolve::site::Site;

/// The files of an index, by their path from the site's root, in order.
pub type IndexFiles = Arc<BTreeMap<String, Vec<u8>>>;

/// The index that was made last, and what stands for its records.
#[derive(Clone, Default)]
pub(super) struct LastIndex(Arc<Mutex<Option<(Fingerprint, IndexFiles)>>>);

impl fmt::Debug for LastIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastIndex")
    }
}

/// The index of one pass.
#[derive(Debug, Default)]
pub(super) struct Index {
    made: OnceLock<Result<IndexFiles, String>>,
    last: LastIndex,
}

impl Index {
    /// One that is not made yet, and may be the last one.
    pub fn new(last: &LastIndex) -> Self {
        Self { made: OnceLock::new(), last: last.clone() }
    }

    /// How many files it has, if it is made.
    pub fn files(&self) -> usize {
        self.made.get().and_then(|made| made.as_ref().ok()).map_or(0, |files| files.len())
    }
}

impl Pass {
    /// The files of the search index; none where the site has no page to
    /// search. They are made the first time that somebody asks.
    ///
    /// # Errors
    ///
    /// What keeps the index from being made, which is no fault of the site's.
    pub fn index(&self) -> Result<IndexFiles, Box<Diagnostic>> {
        if search_url(&self.site).is_none() {
            return Ok(IndexFiles::default());
        }
        let made = self.index.made.get_or_init(|| self.index.last.take_over(&self.site));
        made.clone().map_err(|why| {
            let place = Place::file(&CONFIG_FILE.into());
            let words = format!("the search index cannot be made: {why}");
            Box::new(
                Diagnostic::error("no-search-index", place, words)
                    .hint("set `search: false` to build the site without it"),
            )
        })
    }
}

impl LastIndex {
    /// The last index, if it is that of this site, or else a new one.
    #[cfg(feature = "search")]
    fn take_over(&self, site: &Site) -> Result<IndexFiles, String> {
        use crate::search;
        use crate::view::record::records;

        let language = &site.config.language;
        let of_records = records(site).fold(Fingerprint::of(language.as_bytes()), |all, record| {
            all.within(format!("{record:?}").as_bytes())
        });
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, files)) = last.filter(|(last, _)| *last == of_records) {
            return Ok(files);
        }
        let files = Arc::new(search::index(records(site), language)?);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((of_records, Arc::clone(&files)));
        Ok(files)
    }

    #[cfg(not(feature = "search"))]
    fn take_over(&self, _: &Site) -> Result<IndexFiles, String> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(last.as_ref().map(|(_, files)| Arc::clone(files)).unwrap_or_default())
    }
}
