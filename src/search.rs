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
//! **A first question must load little.** Pagefind's own script is left out:
//! `find.js` asks for what a page to search needs. Words that are nearly
//! everywhere are written in letters of which Pagefind makes no words. Values of
//! filters are spread over shelves, each a filter of its own to Pagefind, of which
//! a browser loads the one with the value; the names to choose from are lists.
//!
//! **A part is an anchor.** A record's words are split at white space, and words
//! that begin with `___PAGEFIND_` are orders. The order for an anchor gives a
//! place among the words an id, which comes back with a result; it holds what is
//! known of a part. Authors' words cannot be such orders (see `words` below).

mod pack;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;

use crate::plan::pages::INDEX;
use crate::plan::route;
use crate::view::record::Record;
use crate::view::search::bare;

/// The module that asks the index, for a page's script to import.
const FIND: &str = include_str!("search/find.js");

/// How many shelves the values of a filter are on, in `find.js` as well.
const SHELVES: u32 = 32;

/// Private letters from here on stand for those of common words, in `find.js` as well.
const HIDDEN: u32 = 0xf_0000;

/// Filters that somebody chooses from a list of names.
const NAMED: [&str; 2] = ["speaker", "territory"];

/// The files of an index by their path from the site's root.
///
/// All records are indexed as texts of the one `language` (BCP 47), since a
/// browser searches the index of one language at a time: words of another are
/// found as they are written. Words that are `common`, in small letters, cannot
/// be found, and are shown all the same.
///
/// # Errors
///
/// What Pagefind or the system says.
pub fn index(
    records: impl IntoIterator<Item = Record>,
    language: &str,
    common: &[String],
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let common: BTreeSet<&str> = common.iter().map(String::as_str).collect();
    let mut names = NAMED.map(|filter| (filter, BTreeSet::new()));
    let records = records.into_iter().inspect(|record| {
        for (filter, names) in &mut names {
            names.extend(record.filters.get(filter).into_iter().flatten().cloned());
        }
    });
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let files =
        runtime.block_on(made(records, language, &common)).map_err(|error| format!("{error:#}"))?;
    let files = files.into_iter().map(|file| (name(&file.filename), file.contents));
    let mut needed: BTreeMap<_, _> = files.filter(|(name, _)| is_needed(name)).collect();
    // It stands in for languages whose words Pagefind knows no stems of.
    if needed.keys().filter(|name| name.starts_with("wasm.")).count() > 1 {
        needed.remove("wasm.unknown.pagefind");
    }
    pack::pack(&mut needed)?;
    needed.insert("find.js".to_owned(), FIND.into());
    for (filter, names) in names {
        let list = serde_json::to_vec(&names).expect("names are JSON");
        needed.insert(format!("{filter}.json"), list);
    }
    Ok(needed.into_iter().map(|(name, bytes)| ([INDEX, &name].concat(), bytes)).collect())
}

async fn made(
    records: impl IntoIterator<Item = Record>,
    language: &str,
    common: &BTreeSet<&str>,
) -> Result<Vec<SyntheticFile>, Box<dyn std::error::Error>> {
    let language = usable(language);
    let options = PagefindServiceConfig::builder().force_language(language.clone()).build();
    let mut index = PagefindIndex::new(Some(options))?;
    for record in records {
        let words = words(&record, common);
        let meta =
            record.meta.iter().map(|(name, fact)| ((*name).to_owned(), hidden(fact, common)));
        let (meta, filters) = (meta.collect(), shelved(record.filters));
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
fn words(record: &Record, common: &BTreeSet<&str>) -> String {
    let words = |text: &str| hidden(&plain(text), common);
    let mut all = words(&record.words);
    let parts: Vec<String> = record.parts.iter().map(|part| words(&part.words)).collect();
    // Pagefind leaves out what has no words at all.
    if !parts.iter().chain([&all]).any(|words| words.contains(char::is_alphanumeric)) {
        all.push_str(&record.meta.get("title").map_or(String::new(), |title| plain(title)));
    }
    for (part, words) in record.parts.iter().zip(&parts) {
        let facts = serde_json::to_string(&part.facts).expect("names and words are JSON");
        all.push_str(&format!(" ___PAGEFIND_ANCHOR___claim:0:{} {words}", route::encoded(&facts)));
    }
    all
}

/// Words of which none is an order, and no letter a hidden one.
fn plain(text: &str) -> String {
    let text = text.replace(|c| u32::from(c) >= HIDDEN, "");
    let words = text.split_whitespace().map(|word| word.trim_start_matches('_'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The same words, but those that are common in letters of which Pagefind makes
/// no words; it goes on counting them, so that the others keep their places.
fn hidden(text: &str, common: &BTreeSet<&str>) -> String {
    let letter = |c: char| {
        let hidden = char::from_u32(u32::from(c) + HIDDEN);
        hidden.filter(|_| c.is_alphanumeric()).unwrap_or(c)
    };
    let mut all = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        if common.contains(&*bare(word)) {
            all.extend(word.chars().map(letter));
        } else {
            all.push_str(word);
        }
    }
    all
}

/// The values of filters by the shelves that they are on.
fn shelved(filters: BTreeMap<&str, BTreeSet<String>>) -> BTreeMap<String, Vec<String>> {
    let mut shelves = BTreeMap::<_, Vec<_>>::new();
    for (filter, values) in filters {
        for value in values {
            let shelf = value.chars().map(u32::from).sum::<u32>() % SHELVES;
            shelves.entry(format!("{filter}-{shelf}")).or_default().push(value);
        }
    }
    shelves
}

/// Whether `find.js` asks for it: Pagefind brings several pages of its own.
fn is_needed(name: &str) -> bool {
    name == "pagefind-entry.json"
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
        index(records, "en", &[]).expect("nothing is wrong with it")
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
    fn common_words_are_shown_and_not_indexed() {
        let common = ["it".to_owned(), "the".to_owned(), "harbour".to_owned()];
        let files = index([record(1)], "en", &common).unwrap();
        let known = pack::words(&files);
        let words = ["1", "and", "doubl", "naiv", "pagefind", "pagefind_weight___9", "tax"];
        assert_eq!(known[..7], words);
        assert_eq!(known[7..], ["trebles_", "weight"]);
        let all = pack::words(&indexed([record(1)]));
        assert!(["harbour", "it", "the"].iter().all(|word| all.contains(&(*word).to_owned())));
        let found = fragments(&files).remove(0);
        let shown = |text: &Value| -> String {
            let letter = |c: char| char::from_u32(u32::from(c).checked_sub(HIDDEN)?);
            text.as_str().unwrap().chars().map(|c| letter(c).unwrap_or(c)).collect()
        };
        let plain = fragments(&indexed([record(1)])).remove(0);
        assert_eq!(shown(&found["content"]), plain["content"].as_str().unwrap());
        assert_eq!(shown(&found["meta"]["title"]), "Harbour 1");
        // The others keep their places.
        assert_eq!(found["anchors"], plain["anchors"]);
        assert!(FIND.contains("SHELVES = 32, HIDDEN = 0xf0000"));
    }

    #[test]
    fn a_record_of_common_words_alone_can_be_filtered() {
        let common = ["harbour".to_owned(), "it".to_owned(), "trebles".to_owned()];
        let bare = Record { words: "It.".to_owned(), parts: Vec::new(), ..record(2) };
        assert_eq!(fragments(&index([bare], "en", &common).unwrap()).len(), 1);
    }

    #[test]
    fn values_are_spread_over_shelves_and_names_are_listed() {
        let files = indexed((0..5).map(record));
        let found = fragments(&files);
        // 83 + 48 = 131, which is 3 more than four times 32.
        let with_s0 = found.iter().find(|found| found["url"] == "briefings/b1.html").unwrap();
        assert_eq!(with_s0["filters"], serde_json::json!({"speaker-3": ["S0"]}));
        assert_eq!(files.keys().filter(|path| path.ends_with(".pf_filter")).count(), 4);
        assert_eq!(files["pagefind/speaker.json"], br#"["S0","S1","S2","S3"]"#);
    }

    #[test]
    fn only_what_our_page_asks_for_is_kept() {
        let files = indexed([record(1)]);
        let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
        names.retain(|name| !name.contains(".pf_"));
        assert_eq!(
            names,
            [
                "pagefind/find.js",
                "pagefind/pagefind-entry.json",
                "pagefind/speaker.json",
                "pagefind/territory.json",
                "pagefind/wasm.en.pagefind"
            ]
        );
    }

    #[test]
    fn a_language_is_part_of_a_file_name_only_if_it_is_one() {
        for language in ["../../etc", "", "de/at", "uk"] {
            let files = index([record(1)], language, &[]).unwrap();
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
