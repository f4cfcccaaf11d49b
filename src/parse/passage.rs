//! Words of a text as they are shown elsewhere: with what stands around them.

use std::ops::Range;

use memchr::{memchr, memmem, memrchr};

use super::quote::Anchor;
use super::text::VisibleText;

/// Words of a text with what stands around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The words, with what stands before and after them.
    text: Box<str>,
    /// Where the words stand in that.
    exact: Anchor,
}

impl Passage {
    /// What stands before the words in the same paragraph.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.text[..self.exact.start as usize]
    }

    /// The words.
    #[must_use]
    pub fn exact(&self) -> &str {
        &self.text[self.exact.start as usize..self.exact.end as usize]
    }

    /// What stands after the words in the same paragraph.
    #[must_use]
    pub fn after(&self) -> &str {
        &self.text[self.exact.end as usize..]
    }
}

/// The words at `anchor` in the visible text of `body`, with what stands before
/// and after them in their own paragraph, at most `most` characters on either
/// side, cut at a word, with an ellipsis where it is cut.
#[must_use]
pub fn passage(body: &str, text: &VisibleText, anchor: Anchor, most: usize) -> Passage {
    let (start, end) = (anchor.start, anchor.end);
    let all = text.as_str();
    let source = text.source(start..end);
    let bytes = body.as_bytes();
    let paragraph = memmem::rfind(&bytes[..source.start], b"\n\n").unwrap_or(0)
        ..memmem::find(&bytes[source.end..], b"\n\n").map_or(body.len(), |at| source.end + at);
    let paragraph = text.drawn_from(&paragraph);
    let (start, end) = (start as usize, end as usize);
    let stands_in = |word: Range<usize>| paragraph.start <= word.start && word.end <= paragraph.end;
    let (mut from, mut cut_before, mut length) = (start, false, 0);
    while from > 0 {
        let before = all[..from].strip_suffix(' ').unwrap_or(&all[..from]);
        let space = memrchr(b' ', before.as_bytes()).map_or(0, |at| at + 1);
        if !stands_in(space..before.len().max(space + 1)) {
            break;
        }
        length += all[space..from].chars().count();
        if length > most {
            cut_before = true;
            break;
        }
        from = space;
    }
    let (mut to, mut cut_after, mut length) = (end, false, 0);
    while to < all.len() {
        let word = to + usize::from(all[to..].starts_with(' '));
        let stop = memchr(b' ', &all.as_bytes()[word..]).map_or(all.len(), |at| word + at);
        if word == stop || !stands_in(word..stop) {
            break;
        }
        length += all[to..stop].chars().count();
        if length > most {
            cut_after = true;
            break;
        }
        to = stop;
    }
    let lead = if cut_before { "… " } else { "" };
    let tail = if cut_after { " …" } else { "" };
    let shift = |offset: usize| offset - from + lead.len();
    Passage {
        text: [lead, &all[from..to], tail].concat().into(),
        exact: Anchor::of(shift(start)..shift(end)),
    }
}

/// The beginning of a text, cut at a word.
#[must_use]
pub fn opening(text: &str) -> String {
    const MOST: usize = 160;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => {
            let cut = &text[..end];
            format!("{} …", cut.rsplit_once(' ').map_or(cut, |(rest, _)| rest))
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::quote;

    fn check(body: &str, exact: &str, most: usize, expected: [&str; 2]) {
        let text = VisibleText::of(body);
        let selector = crate::model::selector::Selector {
            exact: exact.to_owned(),
            prefix: None,
            suffix: None,
        };
        let found = quote::find(&text, &selector).unwrap();
        let passage = passage(body, &text, found, most);
        assert_eq!([passage.before(), passage.after()], expected);
        assert_eq!(passage.exact(), exact);
    }

    #[test]
    fn words_are_shown_in_their_own_paragraph() {
        let body = "One two.\n\n## Land\n\nShe *said* “the key words”, he heard.\n\nMore.";
        check(body, "the key words", 99, ["She said “", "”, he heard."]);
        check(body, "the key words", 5, ["… “", "”, he …"]);
        check("key", "key", 9, ["", ""]);
        check("a key", "a", 9, ["", " key"]);
    }
}
