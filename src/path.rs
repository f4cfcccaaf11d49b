//! Paths within a site: what an author may have written for one, and when two of
//! them are one.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// `path` with its `%xx` escapes decoded; `None` if that leaves no UTF-8.
#[must_use]
pub fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(path.into());
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = match rest {
            [b'%', high, low, ..] => {
                let digit = |b: u8| char::from(b).to_digit(16);
                digit(*high).zip(digit(*low)).and_then(|(h, l)| u8::try_from(h * 16 + l).ok())
            }
            _ => None,
        };
        bytes.push(escape.unwrap_or(*first));
        rest = if escape.is_some() { &rest[3..] } else { tail };
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// The form in which paths are compared: percent-decoded, NFC, case folded.
///
/// Two paths with one folded form are one file somewhere: on a Mac, on
/// Windows, or behind a host that lowers addresses.
#[must_use]
pub fn folded(path: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii() && !b.is_ascii_uppercase() && b != b'%';
    // Without an early way out, many bytes are looked at at a time.
    if path.bytes().fold(true, |all, b| all & plain(b)) {
        return path.into();
    }
    let decoded = decoded(path).unwrap_or(path.into());
    // By way of upper case, as `ß` and `ς` fold to `ss` and `σ`.
    let upper = decoded.nfc().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfc().collect::<String>().into()
}

/// Whether a file whose path has this [`folded`] form would be in the way of one called
/// `name`, or lie below it.
#[must_use]
pub fn is_in_the_way(folded: &str, name: &str) -> bool {
    folded.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_one_file_somewhere_fold_alike() {
        for (one, other) in [
            ("a/B.html", "A/b.html"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("stra\u{df}e", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("οδος", "οδοσ"),
            ("a%62c", "abc"),
            ("%C3%A9", "É"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("a-b"), folded("a b"));
    }

    #[test]
    fn what_is_in_the_way_of_a_file_is_so_in_any_case() {
        for path in ["deploy-manifest.json", "Deploy-Manifest.json", "deploy-manifest.json/a"] {
            assert!(is_in_the_way(&folded(path), "deploy-manifest.json"), "{path}");
        }
        for path in ["deploy-manifest.json5", "a/deploy-manifest.json", "manifest.json"] {
            assert!(!is_in_the_way(&folded(path), "deploy-manifest.json"), "{path}");
        }
    }
}
