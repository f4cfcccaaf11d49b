//! The search index: from records to the files that a browser reads.
//!
//! Pagefind makes it, and its browser's half searches it. It is named here
//! alone. Its interface is async and wants tokio, so there is a runtime that
//! lives as long as one call; it keeps nothing and reads no file.
//!
//! **The same records give the same bytes.** Pagefind keeps words in maps with
//! random seeds, sorts them before it writes, and goes through the records in
//! the order in which they come; there is no time in its files. What it takes
//! from the environment is the size of its chunks, for its own developers.
//!
//! **A part is an anchor.** A record's words are split at white space, and words
//! that begin with `___PAGEFIND_` are orders. The order for an anchor gives a
//! place among the words an id, which comes back with a result; it holds what is
//! known of a part. Authors' words cannot be such orders (see `words` below).

use std::collections::BTreeMap;
use std::path::Path;

use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;

use crate::plan::pages::INDEX;
use crate::plan::route;
use crate::view::record::Record;

/// The files of an index by their path from the site's root.
///
/// All records are indexed as texts of the one `language` (BCP 47), since a
/// browser searches the index of one language at a time: words of another are
/// found as they are written.
///
/// # Errors
///
/// What Pagefind or the system says.
pub fn index(
    records: impl IntoIterator<Item = Record>,
    language: &str,
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let files = runtime.block_on(made(records, language)).map_err(|error| format!("{error:#}"))?;
    let files = files.into_iter().map(|file| (name(&file.filename), file.contents));
    let mut needed: BTreeMap<_, _> = files.filter(|(name, _)| is_needed(name)).collect();
    // It stands in for languages whose words Pagefind knows no stems of.
    if needed.keys().filter(|name| name.starts_with("wasm.")).count() > 1 {
        needed.remove("wasm.unknown.pagefind");
    }
    Ok(needed.into_iter().map(|(name, bytes)| ([INDEX, &name].concat(), bytes)).collect())
}

async fn made(
    records: impl IntoIterator<Item = Record>,
    language: &str,
) -> Result<Vec<SyntheticFile>, Box<dyn std::error::Error>> {
    let language = usable(language);
    let options = PagefindServiceConfig::builder().force_language(language.clone()).build();
    let mut index = PagefindIndex::new(Some(options))?;
    for record in records {
        let words = words(&record);
        let meta = record.meta.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
        let values = |(name, values): (&str, _)| (name.to_owned(), Vec::from_iter(values));
        let filters = record.filters.into_iter().map(values).collect();
        index
            .add_custom_record(record.url, words, language.clone(), Some(meta), Some(filters), None)
            .await?;
    }
    Ok(index.get_files().await?)
}

/// A language as Pagefind can use it: in names of files, and split at hyphens.
fn usable(language: &str) -> String {
    // No registered tag is longer.
    let is_tag = (1..=35).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_tag { language.to_ascii_lowercase() } else { "unknown".to_owned() }
}

/// The words of a record, with an anchor before those of each part.
fn words(record: &Record) -> String {
    let mut all = plain(&record.words);
    for part in &record.parts {
        let facts = serde_json::to_string(&part.facts).expect("names and words are JSON");
        all.push_str(&format!(" ___PAGEFIND_ANCHOR___claim:0:{} ", route::encoded(&facts)));
        all.push_str(&plain(&part.words));
    }
    // Pagefind leaves out what has no words at all.
    if all.is_empty() { record.meta.get("title").map_or(String::new(), |t| plain(t)) } else { all }
}

/// Words of which none is an order.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.trim_start_matches('_'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether our page asks for it: Pagefind brings several pages of its own.
fn is_needed(name: &str) -> bool {
    matches!(name, "pagefind.js" | "pagefind-entry.json")
        || [".pf_meta", ".pf_fragment", ".pf_index", ".pf_filter", ".pagefind"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// The path of a file within the index, with slashes on every system.
fn name(path: &Path) -> String {
    let steps = path.components().map(|step| step.as_os_str().to_string_lossy());
    steps.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use serde_json::Value;

    use super::*;
    use crate::view::record::{Part, PartFacts};

    fn record(n: usize) -> Record {
        let part = |words: &str| Part {
            words: words.to_owned(),
            facts: PartFacts { url: format!("claims/b{n}/it.html"), ..PartFacts::default() },
        };
        Record {
            url: format!("briefings/b{n}.html"),
            meta: BTreeMap::from([("title", format!("Harbour {n}"))]),
            filters: BTreeMap::from([("speaker", (0..n % 5).map(|s| format!("S{s}")).collect())]),
            words: "The tax, naïve and naive.".to_owned(),
            parts: vec![part("It doubles."), part("___PAGEFIND_WEIGHT___9 it _trebles_.")],
        }
    }

    fn indexed(records: impl IntoIterator<Item = Record>) -> BTreeMap<String, Vec<u8>> {
        index(records, "en").expect("nothing is wrong with it")
    }

    /// What is in the fragments, in the order of their names.
    fn fragments(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
        let fragments = files.iter().filter(|(path, _)| path.ends_with(".pf_fragment"));
        let read = fragments.map(|(_, bytes)| {
            let mut text = String::new();
            GzDecoder::new(&**bytes).read_to_string(&mut text).unwrap();
            serde_json::from_str(text.strip_prefix("pagefind_dcd").unwrap()).unwrap()
        });
        read.collect()
    }

    #[test]
    fn the_same_records_give_the_same_bytes_on_any_number_of_threads() {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| indexed((0..300).map(record)))
        };
        let one = on(1);
        assert!(one.len() > 300);
        for threads in [1, 2, 7] {
            assert!(on(threads) == one, "other bytes on {threads} threads");
        }
    }

    #[test]
    fn a_part_keeps_its_place_and_what_is_known_of_it() {
        let found = fragments(&indexed([record(1)])).remove(0);
        assert_eq!(found["url"], "briefings/b1.html");
        assert_eq!(
            found["content"],
            "The tax, naïve and naive. It doubles. PAGEFIND_WEIGHT___9 it trebles_."
        );
        let anchors = found["anchors"].as_array().unwrap();
        let places: Vec<_> = anchors.iter().map(|a| a["location"].as_u64().unwrap()).collect();
        assert_eq!(places, [5, 7]);
        assert_eq!(anchors[0]["element"], "claim");
        let facts: Value =
            serde_json::from_str(&route::decoded(anchors[0]["id"].as_str().unwrap())).unwrap();
        assert_eq!(facts["url"], "claims/b1/it.html");
    }

    #[test]
    fn only_what_our_page_asks_for_is_kept() {
        let files = indexed([record(1)]);
        let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
        names.retain(|name| !name.contains(".pf_"));
        assert_eq!(
            names,
            ["pagefind/pagefind-entry.json", "pagefind/pagefind.js", "pagefind/wasm.en.pagefind"]
        );
    }

    #[test]
    fn a_language_is_part_of_a_file_name_only_if_it_is_one() {
        for language in ["../../etc", "", "de/at", "uk"] {
            let files = index([record(1)], language).unwrap();
            assert!(files.keys().all(|path| !path.contains("..")), "{language}");
            assert!(files.contains_key("pagefind/wasm.unknown.pagefind"), "{language}");
            assert_eq!(fragments(&files).len(), 1, "{language}");
        }
    }

    #[test]
    fn a_name_alone_can_be_found() {
        let bare = Record { words: String::new(), parts: Vec::new(), ..record(2) };
        assert_eq!(fragments(&indexed([bare])).len(), 1);
    }
}
