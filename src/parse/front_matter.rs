//! Where the front matter of a file ends and its body begins.
//!
//! A near miss is an error and never becomes body text: a reader must not see
//! an author's YAML.

use std::mem;
use std::ops::Range;

use memchr::memchr_iter;

/// The most that a front matter may hold, in bytes.
pub const MOST: usize = 1 << 20;

/// The two parts of a file, as byte ranges into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The YAML between the fences; empty where there are none.
    pub yaml: Range<usize>,
    /// The Markdown after them.
    pub body: Range<usize>,
    /// Whether there was a front matter.
    pub found: bool,
}

/// A fence that is not quite one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFence {
    /// Where it stands.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// Splits a file's text, which may start with a byte-order mark and have any
/// line ends.
///
/// # Errors
///
/// An opening fence that is misspelt or indented, one that is never closed,
/// and front matter of another kind.
pub fn split(text: &str) -> Result<Split, BadFence> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = lines(text, start);
    let Some((range, first)) = lines.by_ref().find(|(_, line)| !line.trim().is_empty()) else {
        return Ok(Split { yaml: start..start, body: start..text.len(), found: false });
    };
    let bad = |message, hint| Err(BadFence { at: range.clone(), message, hint });
    match first.trim_end() {
        "---" if range.start == start => {}
        "---" => {
            return bad(
                "the front matter does not start on the first line",
                "remove the lines before it",
            );
        }
        "+++" => {
            return bad("this front matter is TOML", "write it as YAML between two lines of `---`");
        }
        near if is_near_fence(near) => {
            return bad(
                "this looks like the start of a front matter and is not",
                "write exactly `---`",
            );
        }
        _ => return Ok(Split { yaml: start..start, body: start..text.len(), found: false }),
    }
    let yaml_start = range.end;
    // Only what begins with a dash can be a fence, or meant as one.
    for (at, line) in lines.filter(|(_, line)| line.starts_with(['-', '–', '—'])) {
        if line.trim_end() == "---" {
            return Ok(Split { yaml: yaml_start..at.start, body: at.end..text.len(), found: true });
        }
        // An indented fence could be text in a block scalar; one at the
        // margin could only have been meant to close.
        if is_near_fence(line.trim_end()) {
            return Err(BadFence {
                at,
                message: "this looks like the end of the front matter and is not",
                hint: "write exactly `---`",
            });
        }
    }
    bad("this front matter is never closed", "add a line of `---` after it")
}

fn is_near_fence(line: &str) -> bool {
    let marks = line.trim();
    let dashes = marks.chars().filter(|c| matches!(c, '-' | '–' | '—')).count();
    dashes == marks.chars().count() && dashes >= 2 && marks != "---"
        || (marks == "---" && line != marks)
        || marks == "—"
}

/// The lines from `start` with their ranges, line end included.
fn lines(text: &str, start: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    let ends = memchr_iter(b'\n', &text.as_bytes()[start..]).map(move |at| start + at + 1);
    let mut from = start;
    ends.chain([text.len()]).filter_map(move |end| {
        let range = mem::replace(&mut from, end)..end;
        (!range.is_empty()).then(|| (range.clone(), &text[range]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, yaml: &str, body: &str) {
        let split = split(text).unwrap();
        assert_eq!((&text[split.yaml], &text[split.body]), (yaml, body));
    }

    fn check_bad(text: &str, at: &str, message: &str) {
        let bad = split(text).unwrap_err();
        assert_eq!((text[bad.at].trim_end_matches(['\r', '\n']), bad.message), (at, message));
    }

    #[test]
    fn a_front_matter_ends_at_its_fence_whatever_the_line_ends() {
        check("---\na: 1\n---\nText\n", "a: 1\n", "Text\n");
        check("\u{feff}---\r\na: 1\r\n---\r\nText", "a: 1\r\n", "Text");
        check("--- \na: 1\n---\t\n", "a: 1\n", "");
        check("---\n---\n", "", "");
        check("Text\n\n---\n\nmore", "", "Text\n\n---\n\nmore");
        check("---\na: |\n  x\n  ----\n---\nb", "a: |\n  x\n  ----\n", "b");
        check("", "", "");
    }

    #[test]
    fn a_near_miss_is_an_error_and_never_body_text() {
        check_bad(
            "----\na: 1\n---\n",
            "----",
            "this looks like the start of a front matter and is not",
        );
        check_bad(
            "--\na: 1\n---\n",
            "--",
            "this looks like the start of a front matter and is not",
        );
        check_bad(
            " ---\na: 1\n---\n",
            " ---",
            "this looks like the start of a front matter and is not",
        );
        check_bad("\n---\na: 1\n---\n", "---", "the front matter does not start on the first line");
        check_bad("---\na: 1\n", "---", "this front matter is never closed");
        check_bad(
            "---\na: 1\n----\nText",
            "----",
            "this looks like the end of the front matter and is not",
        );
        check_bad("—\na: 1\n—\n", "—", "this looks like the start of a front matter and is not");
        check_bad("+++\na = 1\n+++\n", "+++", "this front matter is TOML");
    }
}
