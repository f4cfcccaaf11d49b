//! The words of an index, in files as small as they may be.
//!
//! Pagefind ends a file of words when it has 20,000 places in it, and a browser
//! loads every file that may have a word, the frequent words beside it included.
//! Here a word that is in very many places has a file of its own. Others share
//! one with all that begin alike, as somebody may ask for the beginning: a
//! browser loads the file in whose range a word falls, or else all that begin
//! with it. A file's name ends with its length in kB, from which a browser knows
//! what a word costs.
//!
//! The files are CBOR (RFC 8949) after a mark, as in version 1.6.0 of Pagefind.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use minicbor::{Decoder, Encoder, decode};

use crate::fingerprint::Fingerprint;

/// What every part of an index begins with.
const MARK: &[u8] = b"pagefind_dcd";

/// How many bytes of words go into one file, before it is compressed.
const MOST: usize = 12_000;

/// A word as it is in the index, and its places with it as they are written.
struct Word {
    word: String,
    bytes: Vec<u8>,
}

/// Puts the words of these files into smaller ones.
///
/// # Errors
///
/// Where the files are not as Pagefind 1.6.0 makes them.
pub fn pack(files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let Some(list) = files.keys().find(|name| name.ends_with(".pf_meta")).cloned() else {
        return Ok(());
    };
    let bytes = opened(&files[&list])?;
    let (parts, range) = parts(&bytes).map_err(|error| error.to_string())?;
    let mut words = Vec::new();
    for (.., name) in parts {
        let file = files.remove(&path(&name)).ok_or_else(|| format!("there is no {name}"))?;
        words.extend(read(&opened(&file)?).map_err(|error| error.to_string())?);
    }
    let mut groups = Vec::new();
    divide(&words, 0, &mut groups);
    let parts: Vec<Part> = groups.into_iter().map(|words| put(files, words)).collect();
    let parts = minicbor::to_vec(parts).map_err(|error| error.to_string())?;
    let all = [&bytes[..range.start], &parts, &bytes[range.end..]].concat();
    files.insert(list, closed(&all));
    Ok(())
}

/// A file of words: its first, its last, and its name.
type Part = (String, String, String);

/// The files of words in the list that a browser loads first, and where they are
/// in it: after the version and the records.
fn parts(list: &[u8]) -> Result<(Vec<Part>, Range<usize>), decode::Error> {
    let mut decoder = Decoder::new(list);
    decoder.array()?;
    decoder.skip()?;
    decoder.skip()?;
    let start = decoder.position();
    let parts = decoder.decode()?;
    Ok((parts, start..decoder.position()))
}

/// The words of a file, in order.
fn read(file: &[u8]) -> Result<Vec<Word>, decode::Error> {
    let mut decoder = Decoder::new(file);
    decoder.array()?;
    let count = decoder.array()?.unwrap_or_default();
    let mut word = || {
        let start = decoder.position();
        let mut inner = decoder.probe();
        inner.array()?;
        let word = inner.str()?.to_owned();
        decoder.skip()?;
        Ok(Word { word, bytes: file[start..decoder.position()].to_vec() })
    };
    (0..count).map(|_| word()).collect()
}

/// Divides words that have the first `depth` letters in common, by the next
/// letter, and what is still too large by the one after it.
fn divide<'a>(words: &'a [Word], depth: usize, groups: &mut Vec<&'a [Word]>) {
    let size = |words: &[Word]| words.iter().map(|word| word.bytes.len()).sum::<usize>();
    let letter = |word: &Word| word.word.chars().nth(depth);
    let Some((first, others)) = words.split_first() else { return };
    // A large word takes along those few that begin with it.
    if size(words) <= MOST || letter(first).is_none() && size(others) <= MOST {
        groups.push(words);
        return;
    }
    let (mut start, mut end) = (0, 0);
    for alike in words.chunk_by(|a, b| letter(a) == letter(b)) {
        if size(&words[start..end]) + size(alike) > MOST {
            if start < end {
                groups.push(&words[start..end]);
            }
            start = end;
        }
        end += alike.len();
        if size(alike) > MOST {
            divide(alike, depth + 1, groups);
            start = end;
        }
    }
    if start < end {
        groups.push(&words[start..end]);
    }
}

/// Adds a file with these words, of which there are some. Of a last word `at` a
/// browser takes all to be in the range that begins with it, as `attic`; hence the
/// space.
fn put(files: &mut BTreeMap<String, Vec<u8>>, words: &[Word]) -> Part {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes);
    let count = words.len() as u64;
    encoder.array(1).and_then(|e| e.array(count)).expect("memory takes all that is written");
    bytes.extend(words.iter().flat_map(|word| &word.bytes));
    let file = closed(&bytes);
    let name = format!("{}-{}", Fingerprint::of(&bytes).short(), file.len().div_ceil(1000));
    files.insert(path(&name), file);
    let (first, last) = (&words[0].word, &words[words.len() - 1].word);
    (first.clone(), format!("{last} "), name)
}

fn path(name: &str) -> String {
    format!("index/{name}.pf_index")
}

/// What is in a file, without its mark.
fn opened(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    bytes.strip_prefix(MARK).map(<[u8]>::to_vec).ok_or_else(|| "a part has no mark".to_owned())
}

fn closed(bytes: &[u8]) -> Vec<u8> {
    let mut file = GzEncoder::new(Vec::new(), Compression::best());
    let written = file.write_all(MARK).and_then(|()| file.write_all(bytes));
    written.and_then(|()| file.finish()).expect("memory takes all that is written")
}

/// All words of the files of an index, in order.
#[cfg(test)]
pub fn words(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let files = files.iter().filter(|(path, _)| path.ends_with(".pf_index"));
    let words = files.flat_map(|(_, file)| read(&opened(file).unwrap()).unwrap());
    let mut all: Vec<String> = words.map(|word| word.word).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word with places of this length.
    fn word(word: &str, length: usize) -> Word {
        let bytes = minicbor::to_vec((word, vec![7u8; length])).unwrap();
        Word { word: word.to_owned(), bytes }
    }

    fn divided(words: &[(&str, usize)]) -> String {
        let words: Vec<Word> = words.iter().map(|(text, length)| word(text, *length)).collect();
        let mut groups = Vec::new();
        divide(&words, 0, &mut groups);
        let text =
            |words: &[Word]| words.iter().map(|word| &*word.word).collect::<Vec<_>>().join(" ");
        groups.into_iter().map(text).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn few_words_are_in_one_file() {
        assert_eq!(divided(&[]), "");
        assert_eq!(divided(&[("at", 10), ("oak", 10), ("tax", 10)]), "at oak tax");
    }

    #[test]
    fn words_that_begin_alike_stay_together() {
        let words = [("ash", 5000), ("oak", 4000), ("oats", 4000), ("olive", 2000), ("yew", 9000)];
        assert_eq!(divided(&words), "ash | oak oats olive | yew");
        let words = [("oak", 9000), ("oats", 4000), ("olive", 9000), ("open", 1000), ("yew", 1)];
        assert_eq!(divided(&words), "oak | oats | olive open | yew");
    }

    #[test]
    fn a_large_word_takes_along_only_the_few_that_begin_with_it() {
        let words = [("as", 10), ("at", 20_000), ("attic", 9000), ("tax", 20_000)];
        assert_eq!(divided(&words), "as | at attic | tax");
        let words = [("at", 20_000), ("attic", 9000), ("attorney", 9000)];
        assert_eq!(divided(&words), "at | attic | attorney");
    }

    /// The files of an index with one file of words.
    fn index(words: &[Word]) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let list = ("1.6.0", [("en_1", 9, "")], [put(&mut files, words)], [("what-1", "en_2")]);
        let list = closed(&minicbor::to_vec(list).unwrap());
        files.insert("pagefind.en_3.pf_meta".to_owned(), list);
        files
    }

    #[test]
    fn no_word_is_lost_and_the_list_says_where_each_is() {
        let all: Vec<Word> =
            (100..500).map(|n| word(&format!("w{n}"), if n == 250 { 30_000 } else { n })).collect();
        let mut files = index(&all);
        pack(&mut files).unwrap();
        let list = opened(&files["pagefind.en_3.pf_meta"]).unwrap();
        let (parts, range) = parts(&list).unwrap();
        let before = minicbor::to_vec(("1.6.0", [("en_1", 9, "")])).unwrap();
        assert_eq!(list[1..range.start], before[1..]);
        assert_eq!(list[range.end..], minicbor::to_vec([("what-1", "en_2")]).unwrap());
        let mut found = Vec::new();
        for (first, last, name) in &parts {
            let file = &files[&path(name)];
            assert!(name.ends_with(&format!("-{}", file.len().div_ceil(1000))), "{name}");
            let bytes = opened(file).unwrap();
            let words = read(&bytes).unwrap();
            assert!(words.len() == 1 || bytes.len() < MOST + 9, "{first} has {}", bytes.len());
            assert_eq!((first, last.trim_end()), (&words[0].word, &*words[words.len() - 1].word));
            found.extend(words);
        }
        let bytes = |words: Vec<Word>| words.into_iter().map(|word| word.bytes).collect::<Vec<_>>();
        assert!(bytes(found) == bytes(all));
        assert_eq!(files.len(), parts.len() + 1);
    }

    #[test]
    fn what_is_not_of_this_version_is_an_error() {
        let mut files = index(&[word("a", 1)]);
        files.retain(|path, _| path.ends_with(".pf_meta"));
        assert!(pack(&mut files).unwrap_err().starts_with("there is no"));
        files.insert("pagefind.en_3.pf_meta".to_owned(), closed(b"no list"));
        assert!(pack(&mut files).is_err());
    }
}
