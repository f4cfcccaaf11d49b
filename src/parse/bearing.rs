//! What of a file decides how it is joined with others, as one fingerprint.
//!
//! Somebody who writes changes words far more often than what they refer to.
//! Two versions of a file with the same bearing are joined alike, so that the
//! site's joints can be kept and only the pages that print the words change.

use super::document::Document;
use super::document::Target;
use super::value::{Key, Value};
use crate::fingerprint::Fingerprint;
use crate::model::briefing::BRIEFING;

/// Fields of a briefing that are printed and never looked at when documents are
/// joined; those that begin alike stand together. `*` stands for each item of a
/// list. Other kinds of files have none:
/// what they say is copied into the site.
const PRINTED: &[&[&str]] = &[
    &["summary"],
    &["updated"],
    &["claims", "*", "text"],
    &["claims", "*", "note"],
    &["claims", "*", "reason"],
    &["claims", "*", "quotes", "*", "exact"],
    &["claims", "*", "quotes", "*", "prefix"],
    &["claims", "*", "quotes", "*", "suffix"],
    &["claims", "*", "span"],
    &["claims", "*", "hedges", "*", "exact"],
    &["claims", "*", "hedges", "*", "prefix"],
    &["claims", "*", "hedges", "*", "suffix"],
    &["claims", "*", "attribution", "*", "role"],
    &["claims", "*", "attribution", "*", "venue"],
    &["claims", "*", "attribution", "*", "cue"],
    &["claims", "*", "evidence", "*", "note"],
    &["claims", "*", "relations", "*", "note"],
    &["claims", "*", "assessment"],
    &["terms", "*", "note"],
    &["corrections", "*", "was"],
    &["corrections", "*", "now"],
];

/// The bearing of a document. Its front matter is read once more, as few are asked
/// for it. Of the body only where it leads counts, and which of its marked words
/// overlap.
pub(super) fn bearing(document: &Document) -> Fingerprint {
    // It could be read before.
    let Some((value, shape)) = document.front_matter() else { return document.source.fingerprint };
    let mut facts = Vec::new();
    let printed = if shape.name == BRIEFING.name { PRINTED } else { &[] };
    put(&value, printed, 0, &mut facts);
    let facts = Fingerprint::of(&facts).to_string();
    let links: Vec<_> = document.links.iter().map(|l| (&l.destination, l.is_wikilink)).collect();
    let terms: Vec<(u32, Vec<u32>)> = document
        .anchors
        .iter()
        .filter_map(|found| match found.target {
            Target::Term { term } => Some((term, document.claims_around(*found).collect())),
            _ => None,
        })
        .collect();
    let all =
        serde_json::to_vec(&(facts, links, terms)).expect("texts and numbers have a JSON form");
    Fingerprint::of(&all)
}

/// Writes a value down, without what is printed of it: the ways to that, which
/// all begin with the `depth` steps to the value.
fn put(value: &Value<'_>, printed: &[&'static [&'static str]], depth: usize, out: &mut Vec<u8>) {
    match value {
        Value::Map(fields) => {
            // The words of the first claim are those of a proposition that no
            // file describes.
            let is_claim = printed.first().is_some_and(|way| way[..depth] == ["claims", "*"]);
            let has_words = is_claim && fields.has("proposition");
            out.push(b'{');
            for (key, value) in &fields.0 {
                let step = key.as_str();
                let below = below(printed, depth, step);
                let is_printed = below.first().is_some_and(|way| way.len() == depth + 1);
                if !is_printed || has_words && step == "text" {
                    match key {
                        Key::Text(text) => scalar(text, out),
                        Key::Other(key) => scalar(&format!("{key:?}"), out),
                    }
                    let below = if is_printed { &[] } else { below };
                    put(value, below, depth + 1, out);
                }
            }
            out.push(b'}');
        }
        Value::List(items) => {
            out.push(b'[');
            let below = below(printed, depth, "*");
            for item in items {
                put(item, below, depth + 1, out);
            }
            out.push(b']');
        }
        Value::Text(text) => scalar(text, out),
        Value::Number(number) => scalar(&number.to_string(), out),
        Value::Bool(yes) => out.push(if *yes { b't' } else { b'f' }),
        Value::Null => out.push(b'n'),
    }
}

/// Those of the ways, which are in order, that go on with this step.
fn below<'a>(
    ways: &'a [&'static [&'static str]],
    depth: usize,
    step: &str,
) -> &'a [&'static [&'static str]] {
    let goes_there = |way: &&[&str]| way[depth] == step;
    let start = ways.iter().position(goes_there).unwrap_or(ways.len());
    let length = ways[start..].iter().take_while(|way| goes_there(way)).count();
    &ways[start..start + length]
}

/// A text, so that no two sequences of texts look alike.
fn scalar(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend(text.len().to_le_bytes());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::snapshot::Source;

    fn of(text: &str) -> Fingerprint {
        let source = Source::new("content/briefings/a.md", text);
        crate::parse::document::parse(&source).value.expect("it can be read").bearing()
    }

    const TEXT: &str = "---\ntitle: T\nclaims:\n- id: one\n  text: Words.\n  speaker: Jane Doe\n\
                        \x20 quotes: [words]\n---\nSome words.\n";

    #[test]
    fn words_that_are_only_printed_do_not_count() {
        for (from, to) in [
            ("Some words.", "Quite other words."),
            ("text: Words.", "text: Other."),
            ("[words]", "[Some words]"),
            ("title: T\n", "title: T # so\nsummary: Short.\n"),
            ("speaker: Jane Doe\n", "speaker: Jane Doe\n  note: Remarkable.\n"),
        ] {
            assert!(TEXT.contains(from));
            assert_eq!(of(TEXT), of(&TEXT.replace(from, to)), "{from} -> {to}");
        }
    }

    #[test]
    fn what_others_may_depend_on_counts() {
        for (from, to) in [
            ("title: T", "title: U"),
            ("id: one", "id: two"),
            ("speaker: Jane Doe", "speaker: John Doe"),
            ("  quotes: [words]\n", ""),
            ("Some words.", "Some words, [there](speaker:x)."),
            ("text: Words.", "text: Words.\n  proposition: p"),
        ] {
            assert!(TEXT.contains(from));
            assert_ne!(of(TEXT), of(&TEXT.replace(from, to)), "{from} -> {to}");
        }
        let stated = TEXT.replace("text: Words.", "text: Words.\n  proposition: p");
        assert_ne!(of(&stated), of(&stated.replace("Words.", "Other.")));
    }
}
