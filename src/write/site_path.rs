//! Which paths a site may hold.
//!
//! The stages before this one report a bad address at its place in the source.
//! What gets here all the same is a fault of the program, and still must not
//! write outside the output folder.

use std::borrow::Cow;
use std::fmt;

use super::MARKER_NAME;
use crate::bytes::{Bytes, SMALL_AND_DIGITS, bytes};
use crate::path;

/// Why a path was not written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// The path leads out of the site, or not every system can store it.
    Bad {
        /// The path as it was given.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Another file or folder of this build has the path already.
    Taken {
        /// The path as it was given.
        path: String,
        /// The one that came first; a folder ends in a slash.
        by: String,
    },
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad { path, problem } => {
                write!(f, "cannot write to `{}`: {problem}", path.escape_debug())
            }
            Self::Taken { path, by } if path == by => write!(f, "`{path}` is written twice"),
            Self::Taken { path, by } if path.ends_with('/') != by.ends_with('/') => {
                write!(f, "`{path}` and `{by}` are a file and a folder of one name")
            }
            Self::Taken { path, by } => {
                write!(f, "`{path}` and `{by}` are one path to some systems and hosts")
            }
        }
    }
}

impl std::error::Error for PathError {}

/// Takes `path` if it names a file within the site on every system.
///
/// # Errors
///
/// [`PathError::Bad`]. A path is also bad if it becomes so when a host decodes
/// its `%` escapes.
pub fn check(path: &str) -> Result<(), PathError> {
    let decoded = path::decoded(path);
    let problem = problem(path).or_else(|| match &decoded {
        Some(Cow::Owned(decoded)) => problem(decoded),
        Some(Cow::Borrowed(_)) => None,
        None => Some("its percent escapes are not UTF-8"),
    });
    problem.map_or(Ok(()), |problem| Err(PathError::Bad { path: path.to_owned(), problem }))
}

fn problem(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    // Most paths are plain, and there is one for every page.
    if !path.bytes().all(|b| PLAIN[usize::from(b)]) {
        if path.contains('\\') {
            return Some("it has a backslash in it");
        }
        if path.contains(':') {
            return Some("it has a colon in it");
        }
        if path.contains(char::is_control) {
            return Some("it has a control character in it");
        }
    }
    let begins = path.as_bytes().get(..MARKER_NAME.len());
    if begins.is_some_and(|begins| begins.eq_ignore_ascii_case(MARKER_NAME.as_bytes())) {
        return Some("onrecord keeps this name for itself");
    }
    path.as_bytes().split(|b| *b == b'/').find_map(|segment| match segment {
        b"" => Some("a part of it is empty"),
        b"." | b".." => Some("it has `.` or `..` in it"),
        [.., b'.' | b' '] => Some("a part of it ends in a dot or a space"),
        _ if segment.eq_ignore_ascii_case(b".git") => Some("a part of it is `.git`"),
        _ if is_device(segment) => Some("a part of it is the name of a device on Windows"),
        _ => None,
    })
}

/// The bytes that nothing is wrong with.
const PLAIN: Bytes = bytes(&[SMALL_AND_DIGITS, b"-_./"]);

/// Windows opens a device for these names, whatever their extension.
fn is_device(segment: &[u8]) -> bool {
    // They begin with one of these; most names are otherwise.
    if !matches!(segment[0].to_ascii_lowercase(), b'a' | b'c' | b'l' | b'n' | b'p') {
        return false;
    }
    let stem = segment.split(|b| *b == b'.').next().unwrap_or_default().trim_ascii_end();
    let is = |name: &&str| stem.eq_ignore_ascii_case(name.as_bytes());
    let numbered = |kind: &&str| {
        let number = stem.get(kind.len()..).unwrap_or_default();
        let is_number = number.len() == 1 && number[0].is_ascii_digit();
        (is_number || ["¹", "²", "³"].iter().any(|n| number == n.as_bytes()))
            && stem[..kind.len()].eq_ignore_ascii_case(kind.as_bytes())
    };
    ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(is)
        || ["com", "lpt"].iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_some_system_cannot_hold_is_bad() {
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "a//b",
            "a/",
            "..",
            "../a",
            "a/../b",
            "a/..",
            ".",
            "./a",
            "a/./b",
            "a\\b",
            "..\\a",
            "a\0b",
            "a\nb",
            "C:/a",
            "c:a",
            "a:b",
            "a./b",
            "a ",
            "a/b.",
            "a /b",
            "con",
            "CON",
            "a/Nul.html",
            "com1",
            "LPT9.tar.gz",
            "aux .txt",
            "com¹",
            ".git",
            "a/.GIT/config",
            ".onrecord",
            ".Onrecord",
            ".onrecord-work/a",
            "%2e%2e/a",
            "a/%2E%2e",
            "a%2f..%2fb",
            "%00",
            "a%5cb",
            "%63on",
            "%ff",
            "%2fetc",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        for good in [
            "index.html",
            "a/b/c.html",
            "..a",
            "a..b",
            "...a",
            ".well-known/x",
            ".gitignore",
            "console",
            "com10",
            "com",
            "comx",
            "100%.html",
            "a%20b",
            "π/Ω.html",
            "a b",
        ] {
            assert_eq!(check(good), Ok(()), "{good:?}");
        }
    }
}
