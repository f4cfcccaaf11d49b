//! The first mention of each speaker and territory, found in the text.
//!
//! Whole words only, longest name first, never inside a link, code or heading.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};
use unicode_normalization::char::is_combining_mark;

use crate::parse::quote::Anchor;
use crate::parse::text::{Position, VisibleText, normalise};

/// A name whose first mention is linked. Several names with one `href` belong
/// to one entity, which is linked once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autolink<'a> {
    /// The name, as it stands in the text.
    pub name: &'a str,
    /// The address of the entity's page.
    pub href: String,
    /// HTML class: `speaker`, `territory`.
    pub class: &'static str,
}

/// A first mention to be linked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    /// Its first character.
    pub from: Position,
    /// Behind its last character.
    pub to: Position,
    /// Index in the list of names.
    pub name: usize,
}

/// First mentions, in the order of the text, of whatever is not among the
/// addresses `linked` already.
pub(super) fn mentions(
    visible: &VisibleText,
    events: &[(Event<'_>, Range<usize>)],
    linked: &BTreeSet<&str>,
    names: &[Autolink<'_>],
) -> Vec<Mention> {
    let hrefs = names.iter().map(|autolink| autolink.href.as_str());
    // Whose first mention is still to come.
    let mut left: BTreeSet<&str> = hrefs.filter(|href| !linked.contains(href)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let mut by_first: BTreeMap<char, Vec<(Cow<'_, str>, usize)>> = BTreeMap::new();
    for (index, autolink) in names.iter().enumerate() {
        let name = normalise(autolink.name);
        if let Some(first) = name.chars().next() {
            by_first.entry(first).or_default().push((name, index));
        }
    }
    for names in by_first.values_mut() {
        names.sort_by_key(|(name, index)| (Reverse(name.len()), *index));
    }
    let stretches = stretches(events);
    let text = visible.as_str();
    let mut found = Vec::new();
    // Bytes that a name begins with; most of a text is passed over by them.
    let mut begins = [false; 256];
    for names in by_first.values() {
        begins[usize::from(names[0].0.as_bytes()[0])] = true;
    }
    let mut past = 0;
    while !left.is_empty() {
        let mut rest = text.as_bytes()[past..].iter();
        let Some(skipped) = rest.position(|b| begins[usize::from(*b)]) else { break };
        let at = past + skipped;
        past = at + 1;
        let Some(c) = text[at..].chars().next() else { break };
        if text[..at].chars().next_back().is_some_and(|previous| joined(previous, c)) {
            continue;
        }
        // The longest name that stands whole in one stretch; it hides the shorter
        // ones in it, linked or not.
        let mention = by_first.get(&c).into_iter().flatten().find_map(|(name, index)| {
            let rest = text[at..].strip_prefix(&**name)?;
            let last = name.chars().next_back();
            if last.zip(rest.chars().next()).is_some_and(|(last, next)| joined(last, next)) {
                return None;
            }
            let place = Anchor::of(at..at + name.len());
            let (from, to) = (visible.starts_at(place.start)?, visible.ends_at(place.end)?);
            let stretch = stretches[from.event as usize];
            let whole = stretch != 0 && stretch == stretches[to.event as usize];
            whole.then_some((at + name.len(), Mention { from, to, name: *index }))
        });
        if let Some((end, mention)) = mention {
            past = end;
            if left.remove(names[mention.name].href.as_str()) {
                found.push(mention);
            }
        }
    }
    found
}

/// For each event the number of the stretch of mere text that it belongs to,
/// where mentions may be linked; 0 outside.
fn stretches(events: &[(Event<'_>, Range<usize>)]) -> Vec<u32> {
    let mut number = 1;
    let mut forbidden = 0_u32;
    let mut in_raw_link = false;
    let forbids =
        |tag| matches!(tag, TagEnd::Link | TagEnd::Image | TagEnd::Heading(_) | TagEnd::CodeBlock);
    events
        .iter()
        .map(|(event, _)| {
            match event {
                Event::Text(_) | Event::SoftBreak => {
                    return if forbidden == 0 && !in_raw_link { number } else { 0 };
                }
                Event::Start(tag) => forbidden += u32::from(forbids(tag.to_end())),
                Event::End(tag) => forbidden -= u32::from(forbids(*tag)),
                Event::Html(html) | Event::InlineHtml(html) => raw_link(html, &mut in_raw_link),
                _ => {}
            }
            number += 1;
            0
        })
        .collect()
}

/// Whether two characters that stand together belong to one word.
fn joined(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        // Most are, and marks are looked up in a table.
        let of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        return of_word(a) && of_word(b);
    }
    let of_word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
    is_combining_mark(b) || (of_word(a) && of_word(b) && !unspaced(a) && !unspaced(b))
}

/// Whether `c` is of a script that puts no spaces between words: Thai, Lao,
/// Burmese, Khmer, Hiragana, Han.
fn unspaced(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0e00..=0x0eff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0x3040..=0x309f
            | 0x3400..=0x9fff
            | 0xf900..=0xfaff
            | 0x20000..=0x3ffff
    )
}

/// Follows whether raw HTML has opened a link.
pub(super) fn raw_link(html: &str, inside: &mut bool) {
    for tag in html.split('<').skip(1) {
        let (name, value) = match tag.strip_prefix('/') {
            Some(name) => (name, false),
            None => (tag, true),
        };
        let mut chars = name.chars();
        if chars.next().is_some_and(|c| c.eq_ignore_ascii_case(&'a'))
            && chars.next().is_none_or(|c| c.is_whitespace() || c == '>' || c == '/')
        {
            *inside = value;
        }
    }
}
