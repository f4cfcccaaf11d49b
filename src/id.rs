//! Ids, and the forms under which a name is looked up.
//!
//! An id is lower-case letters and digits of any script, joined by hyphens, in
//! NFC. It is what addresses are made of, so nothing else gets into one.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// An id: never empty, unique per kind, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

/// Why some text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnId {
    /// Nothing that could stand in an address is left of it.
    Empty,
    /// It is written otherwise; this is how it would be right.
    Spelled(Id),
    /// A file system or host gives this name a meaning of its own.
    Reserved,
}

impl Id {
    /// Takes `text` as an id exactly as it is written.
    ///
    /// # Errors
    ///
    /// [`NotAnId`], with the right spelling where there is one.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let id = if is_plain(text) { Some(Self(text.into())) } else { Self::from_name(text) };
        match id {
            Some(id) if is_reserved(&id.0) => Err(NotAnId::Reserved),
            Some(id) if *id.0 == *text => Ok(id),
            Some(id) => Err(NotAnId::Spelled(id)),
            None => Err(NotAnId::Empty),
        }
    }

    /// Whether `text` is an id exactly as it is written.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        if is_plain(text) { !is_reserved(text) } else { Self::parse(text).is_ok() }
    }

    /// The id that a name or a file's stem gives: lower case, NFC, everything
    /// but letters and digits a hyphen. Marks that tell names apart are spelled
    /// out (`C++` is `c-plus-plus`, `C#` is `c-sharp`). `None` if nothing is left.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // An apostrophe belongs to its word, a mark behind it to the letter before.
        let letters = name.chars().filter(|c| !matches!(c, '\'' | '’' | 'ʼ'));
        if name.is_ascii() {
            // As in `fold`.
            return Self::spelled(name.len(), letters.map(|c| c.to_ascii_lowercase()));
        }
        Self::spelled(name.len(), letters.nfc().flat_map(char::to_lowercase).nfc())
    }

    fn spelled(length: usize, letters: impl Iterator<Item = char>) -> Option<Self> {
        let mut out = String::with_capacity(length);
        let mut gap = false;
        for c in letters {
            let spelled = match c {
                '+' => "plus",
                '#' => "sharp",
                '&' => "and",
                _ => "",
            };
            let goes_with_the_last = || !c.is_ascii() && is_combining_mark(c);
            let letter = c.is_alphanumeric() || (!out.is_empty() && !gap && goes_with_the_last());
            if letter || !spelled.is_empty() {
                if (gap || !spelled.is_empty()) && !out.is_empty() {
                    out.push('-');
                }
                gap = !spelled.is_empty();
                if letter {
                    out.push(c);
                } else {
                    out.push_str(spelled);
                }
            } else {
                gap = true;
            }
        }
        (!out.is_empty()).then(|| Self(out.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether an id is spelled in letters that need no rules, as nearly all are. What
/// is spelled so stays so.
fn is_plain(text: &str) -> bool {
    let is_spelled = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(is_spelled)
}

/// Names that one system or another cannot store, or that every folder of the
/// site needs for itself.
#[must_use]
pub fn is_reserved(id: &str) -> bool {
    let numbered = |stem| {
        id.strip_prefix(stem).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
    };
    matches!(id, "index" | "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// The form in which names, aliases and ids are compared: NFC, lower case,
/// runs of white space and hyphens one space.
///
/// So `Steven  WITKOFF` and `steven-witkoff` meet.
#[must_use]
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        // Most names are, and normalising them is most of what this costs.
        return folded(name.len(), name.chars().map(|c| c.to_ascii_lowercase()));
    }
    // By way of upper case, so that ß meets SS and ς meets Σ; but the Turkish ı
    // does not meet i. Lower case may leave NFC (İ gives i and a dot), hence
    // the second time.
    let mut upper = String::with_capacity(name.len());
    for c in name.nfc() {
        if c == 'ı' { upper.push(c) } else { upper.extend(c.to_uppercase()) }
    }
    folded(name.len(), upper.chars().flat_map(char::to_lowercase).nfc())
}

fn folded(length: usize, letters: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(length);
    for c in letters {
        if c.is_whitespace() || c == '-' || c == '\u{2010}' || c == '\u{2011}' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, id: &str) {
        assert_eq!(Id::from_name(name).map(|id| id.to_string()).unwrap_or_default(), id, "{name}");
    }

    #[test]
    fn a_name_gives_an_id_in_any_script() {
        check("Steven Witkoff", "steven-witkoff");
        check("  Łódź — Île  ", "łódź-île");
        check("Володимир Зеленський", "володимир-зеленський");
        check("Αθήνα", "αθήνα");
        check("القدس", "القدس");
        check("ירושלים", "ירושלים");
        check("北京市", "北京市");
        check("नई दिल्ली", "नई-दिल्ली");
        check("O'Brien", "obrien");
        check("C++", "c-plus-plus");
        check("C#", "c-sharp");
        check("AT&T", "at-and-t");
        check("İstanbul", "i\u{307}stanbul");
        check("🎉", "");
        check("../../etc/passwd", "etc-passwd");
    }

    #[test]
    fn an_id_is_taken_only_as_it_is_spelled() {
        assert!(Id::parse("steven-witkoff").is_ok());
        let right = Id::from_name("a-b").unwrap();
        for wrong in ["A-b", "a--b", "a b", "-a-b", "a/b", "a\0b"] {
            assert_eq!(Id::parse(wrong), Err(NotAnId::Spelled(right.clone())), "{wrong:?}");
        }
        assert_eq!(Id::parse("?"), Err(NotAnId::Empty));
        assert_eq!(Id::parse("con"), Err(NotAnId::Reserved));
        assert_eq!(Id::parse("index"), Err(NotAnId::Reserved));
    }

    #[test]
    fn every_id_that_a_name_gives_is_an_id() {
        for name in ["Ａｂｃ", "e\u{301}a", "ΑΣ ΟΣ", "ǅ", "ﬁ x", "a+b", "x#1", "İ", "e'\u{301}"]
        {
            let id = Id::from_name(name).unwrap();
            assert_eq!(Id::parse(id.as_str()), Ok(id.clone()), "{name}");
        }
    }

    #[test]
    fn names_meet_in_any_case_and_normal_form() {
        assert_eq!(fold("Steven  WITKOFF "), fold("steven-witkoff"));
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("Κολωνός"), fold("ΚΟΛΩΝΌΣ"));
        assert_ne!(fold("Kılıç"), fold("Kiliç"));
    }
}
