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
//! known of a part. Authors' words cannot be such orders (see [`words`]).

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
