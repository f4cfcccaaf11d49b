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
        use crate::view::search::common;

        let language = &site.config.language;
        // These follow from the records, so the fingerprint need not have them.
        let of_records = records(site).fold(Fingerprint::of(language.as_bytes()), |all, record| {
            all.within(format!("{record:?}").as_bytes())
        });
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, files)) = last.filter(|(last, _)| *last == of_records) {
            return Ok(files);
        }
        let files = Arc::new(search::index(records(site), language, &common(site))?);
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

#[cfg(all(test, feature = "search"))]
mod tests {
    use super::*;
    use crate::build::{Builder, Settings};
    use crate::read::snapshot::Snapshot;
    use crate::view::record::{Record, records};

    fn builder() -> Builder {
        Builder::new(Settings { now: 0, drafts: false, base_url: None, strict: false })
    }

    /// A pass over these files and the settings.
    fn pass(builder: &mut Builder, settings: &str, files: &[(&str, &str)]) -> Result<Pass, String> {
        let settings = format!("title: The desk\n{settings}");
        let all = [("site.yaml", &*settings)].into_iter().chain(files.iter().copied());
        let mut snapshot =
            Snapshot::of(all.clone().filter(|(path, _)| !path.starts_with("static/")));
        for (path, text) in
            all.filter_map(|(path, text)| Some((path.strip_prefix("static/")?, text)))
        {
            let bytes = crate::read::snapshot::Bytes::Memory(text.as_bytes().into());
            snapshot.assets.insert(path.into(), bytes);
        }
        let made = builder.pass(&snapshot);
        made.value
            .ok_or_else(|| made.diagnostics.iter().map(|p| format!("{}\n", p.message)).collect())
    }

    const TAX: (&str, &str) =
        ("content/briefings/tax.md", "---\ntitle: Tax\ndate: 1960\n---\nIt rose.\n");

    /// The records of a site with this briefing.
    fn of(briefing: &str) -> Vec<Record> {
        let pass = pass(&mut builder(), "", &[("content/briefings/tax.md", briefing)]);
        records(&pass.unwrap().site).collect()
    }

    #[test]
    fn an_index_is_made_when_asked_for_and_kept_while_the_records_are_the_same() {
        let mut builder = builder();
        let one = pass(&mut builder, "", &[TAX]).unwrap();
        assert_eq!(one.index.files(), 0);
        let files = one.index().unwrap();
        assert_eq!(one.index.files(), files.len());
        let about = ("content/pages/about.md", "---\ntitle: About\n---\n");
        let other = pass(&mut builder, "", &[TAX, about]).unwrap();
        assert!(Arc::ptr_eq(&files, &other.index().unwrap()), "a page is in no record");
        let risen = (TAX.0, "---\ntitle: Taxes\ndate: 1960\n---\nIt rose.\n");
        let newer = pass(&mut builder, "", &[risen]).unwrap().index().unwrap();
        let cold = pass(&mut self::builder(), "", &[risen]).unwrap().index().unwrap();
        assert!(newer != files && newer == cold);
    }

    #[test]
    fn without_search_there_is_nothing_of_it() {
        let all = |settings: &str| {
            let pass = pass(&mut builder(), settings, &[TAX]).unwrap();
            let files = Mutex::new(BTreeMap::new());
            let keep = |path: &str, bytes: &[u8]| {
                files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
                Ok(())
            };
            assert_eq!(pass.emit(&keep, &|| ()).unwrap(), []);
            let files = files.into_inner().unwrap();
            assert_eq!(files.len(), pass.files());
            files
        };
        let tells = |files: &BTreeMap<String, Vec<u8>>| {
            let home = String::from_utf8_lossy(&files["index.html"]).contains("search.html");
            (
                home,
                files
                    .keys()
                    .filter(|path| path.contains("search") || path.contains("pagefind"))
                    .count(),
            )
        };
        assert_eq!(tells(&all("search: false")), (false, 0));
        let (home, files) = tells(&all("search: true"));
        assert!(home && files > 5, "{files}");
        assert_eq!(all(""), all("search: true"));
    }

    #[test]
    fn nothing_may_have_an_address_of_the_search() {
        for (path, message) in [
            (
                "content/pages/search.md",
                "this page would have the address `search.html`, which the site needs itself",
            ),
            ("static/search.html", "this file would have the address of the page `search.html`"),
            ("static/pagefind/x.js", "this file would be in the folder of the search index"),
            ("static/Pagefind", "this file would be in the folder of the search index"),
        ] {
            let files = [TAX, (path, "---\ntitle: Search\n---\n")];
            let error = pass(&mut builder(), "", &files).map(drop);
            assert_eq!(error, Err(format!("{message}\n")), "{path}");
            pass(&mut builder(), "search: false", &files).unwrap();
        }
        let page = [TAX, ("content/pages/pagefind.md", "---\ntitle: It\n---\n")];
        pass(&mut builder(), "", &page).unwrap();
        let error = pass(&mut builder(), "urls: clean", &page).map(drop);
        let message =
            "this page would have the address `pagefind/`, in the folder of the search index";
        assert_eq!(error, Err(format!("{message}\n")));
    }

    #[test]
    fn a_briefing_is_filed_under_what_its_claims_are() {
        let records = of("---\ntitle: Tax\ndate: 2025-03\nsummary: What became of it.\n\
             speakers: [{id: ada, name: Ada}, {id: bo, name: Bo}]\n\
             territories: [{id: port, name: The port}]\n\
             claims:\n  - {id: up, text: It doubles., kind: prediction, speaker: ada, date: 2024}\n\
             ---\nNobody was quoted.\n");
        let [briefing, ada, bo, port] = &records[..] else { panic!("{records:#?}") };
        let filed = |under: &str| briefing.filters[under].iter().map(String::as_str);
        assert!(filed("what").eq(["briefing", "claim"]));
        assert!(filed("speaker").eq(["Ada", "Bo"]));
        assert!(filed("territory").eq(["The port"]));
        assert!(filed("kind").eq(["prediction"]));
        assert!(filed("standing").eq(["single-source"]));
        assert!(filed("year").eq(["2024", "2025"]));
        assert_eq!((&*briefing.meta["title"], &*briefing.meta["when"]), ("Tax", "March 2025"));
        assert!(briefing.words.starts_with("What became of it."));
        let [up] = &briefing.parts[..] else { panic!("{briefing:#?}") };
        assert_eq!((&*up.words, &*up.facts.url), ("It doubles.", "claims/tax/up.html"));
        assert_eq!((&up.facts.by, up.facts.when.as_deref()), (&vec!["Ada".into()], Some("2024")));
        let titles = [ada, bo, port].map(|record| &*record.meta["title"]);
        assert_eq!(titles, ["Ada", "Bo", "The port"]);
    }
}
