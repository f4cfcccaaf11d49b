//! Quoted words, found in the text they are quoted from.
//!
//! Quoted words are sacred: they match exactly, after NFC and with white space
//! folded on both sides, or not at all. Nothing is anchored by guess. What looks
//! like the words is only ever *shown*, so that the author can mend the
//! quotation.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::model::selector::Selector;
use crate::parse::text::{VisibleText, normalise};
use memchr::memmem;
use unicode_normalization::char::is_combining_mark;

/// Where words stand: a range of bytes in the [`VisibleText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Anchor {
    /// The same range in 32 bits; a body of 4 GB is refused long before.
    #[must_use]
    pub fn of(range: Range<usize>) -> Self {
        let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(range.start), end: narrow(range.end) }
    }
}

/// Why words have no place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFound {
    /// There are no words to look for.
    Empty,
    /// The words do not occur; here is what comes nearest, if anything does.
    Missing(Option<Nearest>),
    /// The words occur at all of these places, in the order of the text, and
    /// what stands before and after does not tell which is meant.
    Ambiguous(Vec<Anchor>),
    /// The words occur at these places, but never with that prefix and suffix.
    ContextMissing(Vec<Anchor>),
}

/// The passage that comes nearest to words that do not occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Where it stands.
    pub passage: Anchor,
    /// What differs first.
    pub difference: Difference,
}

/// The first difference between a quotation and a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Which character of the quotation it is, from 1.
    pub nth: usize,
    /// What the quotation has there; `None` where it has ended.
    pub quoted: Option<char>,
    /// What the text has there; `None` where it has ended.
    pub text: Option<char>,
    /// Byte offset of that in the visible text.
    pub at: u32,
    /// The quotation leaves words out with an ellipsis, and the parts all
    /// occur, in that order.
    pub elided: bool,
}

/// Finds the words that `selector` means.
///
/// The prefix must stand right before the words and the suffix right after
/// them; white space in between does not matter.
///
/// # Errors
///
/// [`NotFound`], if the words do not occur exactly once with that prefix and
/// suffix.
pub fn find(text: &VisibleText, selector: &Selector) -> Result<Anchor, NotFound> {
    let exact = normalise(&selector.exact);
    if exact.is_empty() {
        return Err(NotFound::Empty);
    }
    let all = occurrences(text, &exact);
    if all.is_empty() {
        return Err(NotFound::Missing(nearest(text, &exact)));
    }
    let prefix = selector.prefix.as_deref().map(normalise).unwrap_or_default();
    let suffix = selector.suffix.as_deref().map(normalise).unwrap_or_default();
    let mut fitting = all.iter().copied().filter(|at| {
        text.as_str()[..at.start as usize].trim_end().ends_with(&*prefix)
            && text.as_str()[at.end as usize..].trim_start().starts_with(&*suffix)
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (Some(first), Some(second)) => {
            Err(NotFound::Ambiguous([first, second].into_iter().chain(fitting).collect()))
        }
        (None, _) => Err(NotFound::ContextMissing(all)),
    }
}

/// All places where `words` occur, overlapping ones too.
fn occurrences(text: &VisibleText, words: &str) -> Vec<Anchor> {
    let all = text.as_str();
    let mut found = Vec::new();
    let mut note = |start: usize| {
        // An accent behind the last letter makes it another letter.
        if text.is_boundary(start) && text.is_boundary(start + words.len()) {
            found.push(Anchor::of(start..start + words.len()));
        }
    };
    let search = Search::of(words.as_bytes());
    let Some(first) = search.first(all.as_bytes()) else { return found };
    note(first);
    let next = first + words.chars().next().map_or(1, char::len_utf8);
    if let Some(second) = search.first(&all.as_bytes()[next..]) {
        // Searching anew from each place would take quadratic time in a text
        // that repeats itself (Knuth, Morris & Pratt 1977 does not).
        let words = words.as_bytes();
        let shorter = borders(words);
        let from = next + second;
        let mut matched = 0;
        for (at, byte) in all.bytes().enumerate().skip(from) {
            while matched > 0 && words.get(matched) != Some(&byte) {
                matched = shorter[matched - 1];
            }
            if words[matched] == byte {
                matched += 1;
            }
            if matched == words.len() {
                note(at + 1 - words.len());
            }
        }
    }
    found
}

/// Looks for words.
///
/// What makes a search quick takes longer to prepare, the longer the words are,
/// and is seldom needed: where their beginning occurs the rest nearly always
/// follows.
struct Search<'w> {
    words: &'w [u8],
    beginning: memmem::Finder<'w>,
}

impl<'w> Search<'w> {
    fn of(words: &'w [u8]) -> Self {
        Self { words, beginning: memmem::Finder::new(&words[..words.len().min(16)]) }
    }

    /// Where they first occur.
    fn first(&self, all: &[u8]) -> Option<usize> {
        // Many quotations of one text may begin alike.
        const TRIES: usize = 16;
        let mut from = 0;
        for _ in 0..TRIES {
            let at = from + self.beginning.find(&all[from..])?;
            if all[at..].starts_with(self.words) {
                return Some(at);
            }
            from = at + 1;
        }
        memmem::find(&all[from..], self.words).map(|further| from + further)
    }
}

/// For each beginning of `words`, the length of the longest shorter beginning
/// that it ends with.
fn borders(words: &[u8]) -> Vec<usize> {
    let mut out = vec![0; words.len()];
    let mut length = 0;
    for at in 1..words.len() {
        while length > 0 && words[at] != words[length] {
            length = out[length - 1];
        }
        if words[at] == words[length] {
            length += 1;
        }
        out[at] = length;
    }
    out
}

/// How many characters of a quotation are looked at to find what it resembles.
const LOOKED_AT: usize = 400;

/// How many pairs of characters may be compared to find what a quotation
/// resembles, about a twentieth of a second's work.
const PAIRS: usize = 1 << 23;

/// The passage of `text` that comes nearest to `exact`, which does not occur.
fn nearest(text: &VisibleText, exact: &str) -> Option<Nearest> {
    let all = text.as_str();
    if let Some((range, nth)) = elided(all, exact) {
        let quoted = exact.chars().nth(nth - 1);
        // Up to the ellipsis the quotation is the text.
        let at = range.start + common(&all[range.start..], exact);
        let difference = Difference {
            nth,
            quoted,
            text: all[at..].chars().next(),
            at: Anchor::of(at..at).start,
            elided: true,
        };
        return Some(Nearest { passage: Anchor::of(range), difference });
    }
    let passage = resembling(all, exact)?;
    let same = common(&all[passage.start..], exact);
    let at = passage.start + same;
    Some(Nearest {
        // A long quotation was not looked at to its end.
        passage: Anchor::of(passage.start..whole_words(all, at..passage.end.max(at)).end),
        difference: Difference {
            nth: exact[..same].chars().count() + 1,
            quoted: exact[same..].chars().next(),
            text: all[at..].chars().next(),
            at: Anchor::of(at..at).start,
            elided: false,
        },
    })
}

/// How many bytes two texts share from their beginnings, whole characters.
fn common(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// Where the parts of a quotation with an ellipsis stand, if they all do, one
/// after the other; and which character of the quotation the text parts from it.
fn elided(text: &str, exact: &str) -> Option<(Range<usize>, usize)> {
    let spelled = exact.replace("...", "…").replace(". . .", "…");
    let parts: Vec<&str> = spelled
        .split('…')
        .map(|part| part.trim_matches(|c: char| c.is_whitespace() || "[]()".contains(c)))
        .filter(|part| !part.is_empty())
        .collect();
    if !spelled.contains('…') || parts.is_empty() {
        return None;
    }
    let start = text.find(parts[0])?;
    let mut end = start;
    for part in parts {
        end += text[end..].find(part)? + part.len();
    }
    let same = common(&text[start..], exact);
    Some((start..end, exact[..same].chars().count() + 1))
}

/// The whole words of `text` that are most like `exact`, if half of it is there.
fn resembling(text: &str, exact: &str) -> Option<Range<usize>> {
    let wanted: Vec<char> = exact.chars().take(LOOKED_AT).collect();
    let mut window = 0..text.len();
    if text.len().saturating_mul(wanted.len()) > PAIRS {
        window = neighbourhood(text, &wanted.iter().collect::<String>(), PAIRS / wanted.len())?;
    }
    let inside = &text[window.clone()];
    let letters: Vec<char> = inside.chars().collect();
    let (range, cost) = align(&letters, &wanted, unlike);
    // Each character that is not there at all costs 2.
    if cost as usize > wanted.len() {
        return None;
    }
    let mut offsets = inside.char_indices().map(|(at, _)| at).chain([inside.len()]);
    let start = window.start + offsets.nth(range.start)?;
    let end = match range.len() {
        0 => start,
        length => window.start + offsets.nth(length - 1)?,
    };
    let whole = whole_words(text, start..end);
    // A quotation may begin inside a word; then its beginning is the text's.
    Some(if text[start..].chars().next() == wanted.first().copied() {
        start..whole.end
    } else {
        whole
    })
}

/// The stretch of a long text, at most `length` bytes, where most words of
/// `exact` stand in the order they have there.
fn neighbourhood(text: &str, exact: &str, length: usize) -> Option<Range<usize>> {
    let wanted: Vec<&str> = exact.split(' ').collect();
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
    let words: Vec<&str> = text.split(' ').collect();
    let (range, cost) = align(&words, &wanted, |a, b| {
        if a == b {
            0
        } else if a.len().abs_diff(b.len()) <= 2 && a.chars().next() == b.chars().next() {
            1
        } else {
            2
        }
    });
    if cost as usize > wanted.len() * 2 - 1 {
        return None;
    }
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = starts.get(range.start).copied()?.saturating_sub(length / 4);
    Some(floor(start)..floor((start + length).min(text.len())))
}

/// The stretch of `text` into which `wanted` can be changed at least cost, and
/// the cost: 2 for an item too many or too few, `unlike` for one in place of
/// another. The first of several equal ones.
///
/// Method: Sellers 1980, "The theory and computation of evolutionary
/// distances: pattern recognition".
fn align<T: Copy>(text: &[T], wanted: &[T], unlike: impl Fn(T, T) -> u32) -> (Range<usize>, u32) {
    // For each beginning of `wanted`: the cost of the best stretch that ends
    // here, and where that begins.
    let mut column: Vec<(u32, usize)> =
        (0..).step_by(2).zip(wanted).map(|(c, _)| (c + 2, 0)).collect();
    let mut best = (column.last().map_or(0, |cell| cell.0), 0..0);
    for (at, item) in text.iter().enumerate() {
        let mut diagonal = (0, at);
        let mut above = (0, at + 1);
        for (cell, other) in column.iter_mut().zip(wanted) {
            let replaced = (diagonal.0 + unlike(*item, *other), diagonal.1);
            let too_many = (cell.0 + 2, cell.1);
            let too_few = (above.0 + 2, above.1);
            diagonal = *cell;
            // At equal cost the shorter stretch, which begins later.
            let cheapest = |a: (u32, usize), b: (u32, usize)| {
                if b.0 < a.0 || (b.0 == a.0 && b.1 > a.1) { b } else { a }
            };
            *cell = cheapest(replaced, cheapest(too_many, too_few));
            above = *cell;
        }
        if above.0 < best.0 {
            best = (above.0, above.1..at + 1);
        }
    }
    (best.1, best.0)
}

/// 0 for the same character, 1 for one that a reader may take for it, 3 for
/// another: more than a letter too many, so that a word left out is seen as one
/// word left out, and less than one too many and one too few.
fn unlike(a: char, b: char) -> u32 {
    if a == b {
        0
    } else if plain(a) == plain(b) || a.to_lowercase().eq(b.to_lowercase()) {
        1
    } else {
        3
    }
}

/// What a reader may take a character for.
fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | 'ʼ' | '′' | '`' | '´' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '\u{ad}' => '-',
        'а' => 'a',
        'е' => 'e',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'Х' => 'X',
        'І' => 'I',
        _ => c,
    }
}

/// `range`, with the rest of the words that it begins and ends in.
fn whole_words(text: &str, range: Range<usize>) -> Range<usize> {
    let in_word = |c: &char| c.is_alphanumeric() || is_combining_mark(*c);
    let length = |c: char| c.len_utf8();
    let before: usize = text[..range.start].chars().rev().take_while(in_word).map(length).sum();
    let after: usize = text[range.end..].chars().take_while(in_word).map(length).sum();
    range.start - before..range.end + after
}

/// What the problem is told with.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// What the words are to the author: `quotation`, `span`, `hedge`, `term`.
    pub kind: &'a str,
    /// Where the front matter gives them.
    pub place: Place,
    /// The file that the body belongs to.
    pub path: &'a Arc<str>,
    /// Byte offset of the body in that file.
    pub body_at: usize,
}

/// How many places are shown beside a problem.
const SHOWN: usize = 5;

impl NotFound {
    /// The problem as an author reads it. `selector` and `text` are those that
    /// were given to [`find`].
    #[must_use]
    pub fn diagnostic(
        &self,
        selector: &Selector,
        text: &VisibleText,
        context: &Context<'_>,
    ) -> Diagnostic {
        let kind = context.kind;
        let words = quoted(&normalise(&selector.exact));
        let error = |code, message| Diagnostic::error(code, context.place.clone(), message);
        let place = |at: Anchor| {
            let source = text.source(at.start..at.end);
            Place::new(context.path, context.body_at + source.start..context.body_at + source.end)
        };
        match self {
            Self::Empty => error("quote-empty", format!("the {kind} has no words"))
                .hint("copy the words from the text"),
            Self::Missing(None) => {
                error("quote-not-found", format!("the {kind} {words} is not in the text"))
                    .hint("no passage of the text resembles it; copy the words from the text")
            }
            Self::Missing(Some(nearest)) => {
                let mut out =
                    error("quote-not-found", format!("the {kind} {words} is not in the text"));
                for hint in nearest.hints(text.as_str(), kind) {
                    out = out.hint(hint);
                }
                out.related(place(nearest.passage), "the nearest passage")
            }
            Self::Ambiguous(places) => {
                let narrowed = selector.prefix.is_some() || selector.suffix.is_some();
                let with = if narrowed { " with what stands before and after it" } else { "" };
                let message =
                    format!("the {kind} {words} occurs {} times in the text{with}", places.len());
                let mut out = error("quote-ambiguous", message);
                out = out.hint(match deciding(text.as_str(), places) {
                    Some((field, context)) => {
                        let side = if field == "prefix" { "before" } else { "after" };
                        format!(
                            "add `{field}:` with the words {side} it; `{field}: {}` means the first",
                            yaml(context)
                        )
                    }
                    None => "add `prefix:` with the words before it, or `suffix:` with those after"
                        .to_owned(),
                });
                for (nth, at) in (1..).zip(places.iter().take(SHOWN)) {
                    out = out.related(place(*at), format!("place {nth}"));
                }
                out
            }
            Self::ContextMissing(places) => {
                let times = match places.len() {
                    1 => "once".to_owned(),
                    n => format!("{n} times"),
                };
                let fields = match (&selector.prefix, &selector.suffix) {
                    (Some(_), Some(_)) => "`prefix` and `suffix`",
                    (None, Some(_)) => "`suffix`",
                    _ => "`prefix`",
                };
                let message = format!(
                    "the {kind} {words} occurs {times} in the text, but never with that {fields}"
                );
                let mut out = error("quote-context", message);
                if places.len() == 1 {
                    out = out.hint(format!("leave {fields} out: the words occur only once"));
                } else {
                    out = out.hint(format!("give {fields} as it stands in the text"));
                }
                for at in places.iter().take(SHOWN) {
                    let before = last_words(&text.as_str()[..at.start as usize], 5);
                    let after = first_words(&text.as_str()[at.end as usize..], 5);
                    out = out.related(place(*at), format!("here: `{before} […] {after}`"));
                }
                out
            }
        }
    }
}

impl Nearest {
    fn hints(&self, text: &str, kind: &str) -> Vec<String> {
        let difference = &self.difference;
        let passage = &text[self.passage.start as usize..self.passage.end as usize];
        let around = excerpt(passage, (difference.at - self.passage.start) as usize);
        if difference.elided {
            return vec![
                format!("words are left out of it: the text has `{around}`"),
                "quote each part by itself, in a list under `quotes:`".to_owned(),
            ];
        }
        let nth = difference.nth;
        let differs = match (difference.quoted, difference.text) {
            (Some(quoted), Some(text)) => format!(
                "character {nth} of the {kind} is {}, the text has {}",
                name(quoted),
                name(text)
            ),
            (Some(quoted), None) => {
                format!("the text ends before character {nth} of the {kind}, {}", name(quoted))
            }
            (None, Some(text)) => {
                format!("its last letter goes on in the text with {}", name(text))
            }
            (None, None) => format!("the {kind} begins with a mark that belongs to a letter"),
        };
        vec![format!("the nearest passage is `{around}`"), differs]
    }
}

/// The end of `before` or the beginning of what follows that tells the first
/// place from all the others: the field to give it in, and the fewest words.
fn deciding<'a>(text: &'a str, places: &[Anchor]) -> Option<(&'static str, &'a str)> {
    /// A longer context is no help to anybody.
    const WORDS: usize = 12;
    let (first, others) = places.split_first()?;
    let before = |at: &Anchor| text[..at.start as usize].trim_end();
    let after = |at: &Anchor| text[at.end as usize..].trim_start();
    let telling = |words: &str| words.contains(char::is_alphanumeric);
    let prefix = (1..=WORDS)
        .map(|n| last_words(before(first), n))
        .find(|words| telling(words) && !others.iter().any(|at| before(at).ends_with(words)));
    let suffix = || {
        (1..=WORDS)
            .map(|n| first_words(after(first), n))
            .find(|words| telling(words) && !others.iter().any(|at| after(at).starts_with(words)))
    };
    prefix.map(|words| ("prefix", words)).or_else(|| Some(("suffix", suffix()?)))
}

/// The last `n` words, white space at the end left out.
fn last_words(text: &str, n: usize) -> &str {
    let text = text.trim_end();
    text.rmatch_indices(' ').nth(n - 1).map_or(text, |(at, _)| &text[at + 1..])
}

/// The first `n` words, white space at the beginning left out.
fn first_words(text: &str, n: usize) -> &str {
    let text = text.trim_start();
    text.match_indices(' ').nth(n - 1).map_or(text, |(at, _)| &text[..at])
}

/// Words for a message: in backticks, and not too long.
fn quoted(words: &str) -> String {
    format!("`{}`", excerpt(words, 0))
}

/// The part of `words` around byte `at`, at most some sixty characters.
fn excerpt(words: &str, at: usize) -> String {
    const BEFORE: usize = 24;
    const AFTER: usize = 36;
    let (before, after) = words.split_at(at);
    let spare = AFTER.saturating_sub(after.chars().count());
    let from = match before.char_indices().rev().nth(BEFORE + spare - 1) {
        // Cut at a word, where there is one.
        Some((cut, _)) if cut > 0 => before[cut..].find(' ').map_or(cut, |space| cut + space + 1),
        _ => 0,
    };
    let spare = BEFORE.saturating_sub(before.chars().count());
    let to = match after.char_indices().nth(AFTER + spare) {
        Some((cut, _)) => after[..cut].rfind(' ').filter(|space| *space > 0).unwrap_or(cut),
        None => after.len(),
    };
    let mut out = String::new();
    if from > 0 {
        out.push('…');
    }
    out.push_str(&before[from..]);
    out.push_str(&after[..to]);
    if to < after.len() {
        out.push('…');
    }
    out
}

/// `text` as it can be pasted into YAML, on one line.
fn yaml(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A character for a message, so that it can be told from those that look like
/// it.
fn name(c: char) -> String {
    let known = match c {
        ' ' => return "a space".to_owned(),
        '\'' => "APOSTROPHE",
        '"' => "QUOTATION MARK",
        '`' => "GRAVE ACCENT",
        '-' => "HYPHEN-MINUS",
        '.' => "FULL STOP",
        ',' => "COMMA",
        '‘' => "LEFT SINGLE QUOTATION MARK",
        '’' => "RIGHT SINGLE QUOTATION MARK",
        '‚' => "SINGLE LOW-9 QUOTATION MARK",
        '“' => "LEFT DOUBLE QUOTATION MARK",
        '”' => "RIGHT DOUBLE QUOTATION MARK",
        '„' => "DOUBLE LOW-9 QUOTATION MARK",
        '«' => "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK",
        '»' => "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK",
        '‹' => "SINGLE LEFT-POINTING ANGLE QUOTATION MARK",
        '›' => "SINGLE RIGHT-POINTING ANGLE QUOTATION MARK",
        'ʼ' => "MODIFIER LETTER APOSTROPHE",
        '′' => "PRIME",
        '″' => "DOUBLE PRIME",
        '´' => "ACUTE ACCENT",
        '\u{ad}' => "SOFT HYPHEN",
        '‐' => "HYPHEN",
        '‑' => "NON-BREAKING HYPHEN",
        '‒' => "FIGURE DASH",
        '–' => "EN DASH",
        '—' => "EM DASH",
        '―' => "HORIZONTAL BAR",
        '−' => "MINUS SIGN",
        '…' => "HORIZONTAL ELLIPSIS",
        '\u{200b}' => "ZERO WIDTH SPACE",
        '\u{200c}' => "ZERO WIDTH NON-JOINER",
        '\u{200d}' => "ZERO WIDTH JOINER",
        '\u{200e}' => "LEFT-TO-RIGHT MARK",
        '\u{200f}' => "RIGHT-TO-LEFT MARK",
        '\u{2060}' => "WORD JOINER",
        '\u{feff}' => "ZERO WIDTH NO-BREAK SPACE",
        '\u{fffd}' => "REPLACEMENT CHARACTER",
        _ if c.is_ascii_alphanumeric() => "",
        _ => match u32::from(c) {
            0x0370..=0x03ff => "a Greek character",
            0x0400..=0x052f => "a Cyrillic character",
            0x0300..=0x036f => "a combining mark",
            0x2066..=0x2069 | 0x202a..=0x202e => "a mark of writing direction",
            _ => "",
        },
    };
    if c.is_ascii() && known.is_empty() {
        return format!("`{c}`");
    }
    let code = format!("U+{:04X} {known}", u32::from(c));
    let code = code.trim_end();
    // A mark on its own would sit on the backtick before it.
    let unseen = c.is_control() || is_combining_mark(c) || c == '`' || is_invisible(c);
    if unseen { code.to_owned() } else { format!("`{c}` ({code})") }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(exact: &str, prefix: &str, suffix: &str) -> Selector {
        let given = |words: &str| (!words.is_empty()).then(|| words.into());
        Selector { exact: exact.to_owned(), prefix: given(prefix), suffix: given(suffix) }
    }

    /// The words are found, and this is what they come from.
    fn check(body: &str, exact: &str, source: &str) {
        check_in_context(body, exact, "", "", source);
    }

    fn check_in_context(body: &str, exact: &str, prefix: &str, suffix: &str, source: &str) {
        let text = VisibleText::of(body);
        let at = find(&text, &selector(exact, prefix, suffix));
        let at = at.unwrap_or_else(|problem| panic!("{exact:?} in {body:?}: {problem:?}"));
        assert_eq!(&body[text.source(at.start..at.end)], source, "{exact:?} in {body:?}");
    }

    /// The problem as it is told: code and message, hints, related places.
    fn check_problem(body: &str, selector: &Selector, expected: &[&str]) {
        let text = VisibleText::of(body);
        let problem = find(&text, selector).expect_err("the words are not found");
        let path: Arc<str> = "a.md".into();
        let place = Place::new(&path, 3..4);
        let context = Context { kind: "quotation", place, path: &path, body_at: 100 };
        let problem = problem.diagnostic(selector, &text, &context);
        let mut told = vec![format!("{}: {}", problem.code, problem.message)];
        told.extend(problem.hints.iter().map(|hint| format!("hint: {hint}")));
        told.extend(problem.related.iter().map(|(place, label)| {
            format!("{label}: {}", &body[place.start - 100..place.end - 100])
        }));
        assert_eq!(told, expected, "{body:?}");
    }

    fn check_missing(body: &str, exact: &str, passage: &str, difference: &str) {
        let text = VisibleText::of(body);
        let problem = find(&text, &Selector::exact(exact)).expect_err("the words are not found");
        let NotFound::Missing(Some(nearest)) = problem else { panic!("{exact:?}: {problem:?}") };
        let at = nearest.passage;
        assert_eq!(&text.as_str()[at.start as usize..at.end as usize], passage, "{exact:?}");
        let Difference { nth, quoted, text, .. } = nearest.difference;
        let shown = |c: Option<char>| c.map_or("end".to_owned(), String::from);
        assert_eq!(format!("{nth} {} {}", shown(quoted), shown(text)), difference, "{exact:?}");
    }

    #[test]
    fn words_are_found_through_marks_and_breaks() {
        check("He *literally* handed it", "literally handed", "literally* handed");
        check("a [touching gift](x.md) came", "touching gift came", "touching gift](x.md) came");
        check("a [touching gift](x.md) came", "a touching", "a [touching");
        check("one\ntwo  \nthree", "one two three", "one\ntwo  \nthree");
        check("one\r\ntwo\r\n\r\nthree", "two three", "two\r\n\r\nthree");
        check("he said[^1] so\n\n[^1]: x", "he said so", "he said[^1] so");
        check("AT&amp;T&nbsp;said", "AT&T said", "AT&amp;T&nbsp;said");
        check("- one\n- two", "one two", "one\n- two");
        check("| a | b |\n|---|---|\n| c | d |", "c d", "c | d");
        check("run `cargo test` now", "run cargo test", "run `cargo test");
        check("# A head\n\nand text", "head and", "head\n\nand");
    }

    #[test]
    fn white_space_and_normal_form_do_not_matter() {
        check("the 13\u{a0}March visit", "13 March", "13\u{a0}March");
        check("the 13 March visit", "  13\u{202f}\n March ", "13 March");
        check("un cafe\u{301} noir", "café noir", "cafe\u{301} noir");
        check("un café noir", "cafe\u{301}", "café");
    }

    #[test]
    fn words_are_found_in_any_script() {
        check("Він сказав: «так».", "сказав: «так»", "сказав: «так»");
        check("قال الرئيس نعم", "الرئيس", "الرئيس");
        check("俄罗斯总统说", "总统", "总统");
        check("so 👩‍🚀 flew", "👩‍🚀 flew", "👩‍🚀 flew");
    }

    #[test]
    fn nothing_but_the_very_words_will_do() {
        for (body, exact) in [
            ("It’s so", "It's so"),
            ("it is so", "It is so"),
            ("a – b", "a - b"),
            ("re\u{ad}port", "report"),
            ("colour", "color"),
            ("ﬁne", "fine"),
        ] {
            let found = find(&VisibleText::of(body), &Selector::exact(exact));
            assert!(matches!(found, Err(NotFound::Missing(_))), "{body} {exact}: {found:?}");
        }
    }

    #[test]
    fn a_letter_is_not_found_in_one_with_a_mark() {
        check_missing("x\u{302}y", "x", "x\u{302}y", "2 end \u{302}");
    }

    #[test]
    fn context_tells_which_of_several_is_meant() {
        let body = "the *annexed* land; and the annexed\nsea";
        check_in_context(body, "annexed", "and the", "", "annexed");
        check_in_context(body, "annexed", "and\nthe ", "", "annexed");
        check_in_context(body, "the annexed", "", "land;", "the *annexed");
        check_in_context(body, "annexed", "the", " sea", "annexed");
        let text = VisibleText::of("x (x) x");
        let at = find(&text, &selector("x", "(", ")")).unwrap();
        assert_eq!(at, Anchor { start: 3, end: 4 });
    }

    #[test]
    fn every_place_counts_even_where_they_overlap() {
        let text = VisibleText::of("banana");
        let Err(NotFound::Ambiguous(all)) = find(&text, &Selector::exact("ana")) else { panic!() };
        assert_eq!(all, [Anchor { start: 1, end: 4 }, Anchor { start: 3, end: 6 }]);
        let text = VisibleText::of("aabaabaaab");
        let Err(NotFound::Ambiguous(all)) = find(&text, &Selector::exact("aab")) else { panic!() };
        assert_eq!(all.iter().map(|at| at.start).collect::<Vec<_>>(), [0, 3, 7]);
    }

    #[test]
    fn the_nearest_passage_is_the_one_that_was_meant() {
        let body = "He said so. “It’s a beautiful portrait of President Trump. He literally \
                    handed it to me and asked me to take it home,” the envoy said. It was so.";
        let near = "It’s a beautiful portrait of President Trump.";
        check_missing(body, "It's a beautiful portrait of President Trump.", near, "3 ' ’");
        check_missing(
            body,
            "beautiful painting of President",
            "beautiful portrait of President",
            "12 a o",
        );
        check_missing(body, "She literally handed it", "He literally handed it", "1 S H");
        check_missing(body, "he literally handed it", "He literally handed it", "1 h H");
        check_missing(
            body,
            "handed it to me and told me",
            "handed it to me and asked me",
            "21 t a",
        );
        check_missing(body, "literally handed to me", "literally handed it to me", "18 t i");
        check_missing(body, "He literaly handed", "He literally handed", "11 y l");
        check_missing(body, "HE LITERALLY HANDED IT", "He literally handed it", "2 E e");
        check_missing(
            body,
            "It’s a beautiful portrait … handed it to me",
            "It’s a beautiful portrait of President Trump. He literally handed it to me",
            "27 … o",
        );
    }

    #[test]
    fn what_resembles_nothing_is_said_to() {
        let text = VisibleText::of("The harbour tax was raised in May.");
        let found = find(&text, &Selector::exact("zzz qqq xxx"));
        assert_eq!(found, Err(NotFound::Missing(None)));
        assert_eq!(find(&VisibleText::of(""), &Selector::exact("a")), Err(NotFound::Missing(None)));
        assert_eq!(find(&text, &Selector::exact(" \n\u{a0}")), Err(NotFound::Empty));
    }

    #[test]
    fn a_missing_quotation_is_shown_beside_the_text() {
        check_problem(
            "He said: It’s a *beautiful* portrait.",
            &Selector::exact("It's a beautiful"),
            &[
                "quote-not-found: the quotation `It's a beautiful` is not in the text",
                "hint: the nearest passage is `It’s a beautiful`",
                "hint: character 3 of the quotation is `'` (U+0027 APOSTROPHE), the text has `’` \
                 (U+2019 RIGHT SINGLE QUOTATION MARK)",
                "the nearest passage: It’s a *beautiful",
            ],
        );
        check_problem(
            "the re\u{ad}port of May",
            &Selector::exact("the report"),
            &[
                "quote-not-found: the quotation `the report` is not in the text",
                "hint: the nearest passage is `the re\u{ad}port`",
                "hint: character 7 of the quotation is `p`, the text has U+00AD SOFT HYPHEN",
                "the nearest passage: the re\u{ad}port",
            ],
        );
        check_problem(
            "he went to his local church to pray",
            &Selector::exact("he went ... to pray"),
            &[
                "quote-not-found: the quotation `he went ... to pray` is not in the text",
                "hint: words are left out of it: the text has `he went to his local church to pray`",
                "hint: quote each part by itself, in a list under `quotes:`",
                "the nearest passage: he went to his local church to pray",
            ],
        );
    }

    #[test]
    fn an_ambiguous_quotation_is_told_how_to_become_clear() {
        check_problem(
            "the gift he gave and the *gift* he took",
            &Selector::exact("gift he"),
            &[
                "quote-ambiguous: the quotation `gift he` occurs 2 times in the text",
                "hint: add `suffix:` with the words after it; `suffix: \"gave\"` means the first",
                "place 1: gift he",
                "place 2: gift* he",
            ],
        );
        check_problem(
            "a “gift”, he said; no gift",
            &Selector::exact("gift"),
            &[
                "quote-ambiguous: the quotation `gift` occurs 2 times in the text",
                "hint: add `prefix:` with the words before it; `prefix: \"a “\"` means the first",
                "place 1: gift",
                "place 2: gift",
            ],
        );
        check_problem(
            "gift gift",
            &selector("gift", "", ""),
            &[
                "quote-ambiguous: the quotation `gift` occurs 2 times in the text",
                "hint: add `suffix:` with the words after it; `suffix: \"gift\"` means the first",
                "place 1: gift",
                "place 2: gift",
            ],
        );
    }

    #[test]
    fn a_wrong_context_is_told_what_stands_there() {
        check_problem(
            "It was a touching gift for all of us.",
            &selector("touching gift", "the", ""),
            &[
                "quote-context: the quotation `touching gift` occurs once in the text, but never \
                 with that `prefix`",
                "hint: leave `prefix` out: the words occur only once",
                "here: `It was a […] for all of us.`: touching gift",
            ],
        );
        check_problem(
            " \n",
            &Selector::exact(""),
            &["quote-empty: the quotation has no words", "hint: copy the words from the text"],
        );
    }

    #[test]
    fn the_words_of_an_interview_are_found_as_they_are_annotated() {
        // Our own account; only the short quoted phrases are the speakers'.
        let body = "In an official visit to Moscow on March 13, the envoy carried home a “touching \
            gift”, made by a\n\"leading Russian artist.\" \"It's a beautiful portrait of President \
            Trump.\nThat is all,\" and \"Trump was truly moved.\" A colleague called it an \
            \"invaluable piece of art\".\n\nIn his telling, *captured territories and the annexed \
            Crimea* matter most; towns in the occupied regions,\nwith annexed Crimea, reportedly want \
            to remain under Russian control, after a \"referendum\".";
        for exact in [
            "touching gift",
            "leading Russian artist",
            "It's a beautiful portrait of President Trump.",
            "Trump was truly moved",
            "invaluable piece of art",
            "captured territories and the annexed Crimea",
            "want to remain under Russian control",
            "reportedly",
            "referendum",
            "occupied regions",
        ] {
            assert!(find(&VisibleText::of(body), &Selector::exact(exact)).is_ok(), "{exact}");
        }
        check_in_context(
            body,
            "annexed Crimea",
            "captured territories and the ",
            "",
            "annexed \
            Crimea",
        );
    }

    #[test]
    fn a_megabyte_of_text_is_searched_in_time() {
        let text = VisibleText::of(&"it was so and so they went to the harbour ".repeat(12_500));
        let words = "it was so and so they went to the market ".repeat(200);
        assert!(find(&text, &Selector::exact(words)).is_err());
        let same = VisibleText::of(&"a".repeat(1_000_000));
        let half = Selector::exact("a".repeat(500_000));
        assert!(
            matches!(find(&same, &half), Err(NotFound::Ambiguous(all)) if all.len() == 500_001)
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_cut_from_a_text_is_found_there(
            body in "([a-c *_`]|\n|\\PC|e\u{301}){0,60}",
            start in 0..60usize,
            length in 0..20usize,
        ) {
            let text = VisibleText::of(&body);
            let words: String = text.as_str().chars().skip(start).take(length).collect();
            let problem = find(&text, &Selector::exact(words.as_str())).err();
            let cut = words.trim().is_empty()
                || text.as_str().match_indices(words.trim()).all(|(at, found)| {
                    !text.is_boundary(at) || !text.is_boundary(at + found.len())
                });
            let found = matches!(problem, None | Some(NotFound::Ambiguous(_)));
            assert!(cut || found, "{words:?}: {problem:?}");
        }

        #[test]
        fn any_problem_can_be_told(body in "\\PC{0,40}", exact in "\\PC{0,20}", prefix in "\\PC{0,3}") {
            let text = VisibleText::of(&body);
            let selector = selector(&exact, &prefix, "");
            if let Err(problem) = find(&text, &selector) {
                let path: Arc<str> = "a.md".into();
                let place = Place::file(&path);
                let context = Context { kind: "quotation", place, path: &path, body_at: 0 };
                let problem = problem.diagnostic(&selector, &text, &context);
                assert!(!problem.hints.is_empty());
                for (place, _) in problem.related {
                    assert!(body.get(place.range()).is_some());
                }
            }
        }
    }
}
