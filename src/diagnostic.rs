//! Problems, each with a place.
//!
//! A [`Diagnostic`] is what an author can mend; what the machine did is an
//! `io::Error` with its path. Stages hand diagnostics back beside their value,
//! in a [`Checked`]; nobody prints here (see `cli/report`).

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// How bad a problem is. An error stops the build, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site cannot be built as it is written.
    Error,
    /// The site can be built, and somebody should look at this.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A stretch of one source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path from the site's folder, with forward slashes.
    pub path: Arc<str>,
    /// Byte offsets into the file as it was read, byte-order mark and carriage
    /// returns included. Start order before end order.
    pub start: usize,
    /// End of the stretch, exclusive. Equal to `start` where a whole file is
    /// meant or nothing can be underlined.
    pub end: usize,
}

impl Place {
    /// The stretch `range` of the file at `path`.
    #[must_use]
    pub fn new(path: &Arc<str>, range: Range<usize>) -> Self {
        Self { path: Arc::clone(path), start: range.start, end: range.end }
    }

    /// The file as a whole; reported at its first line.
    #[must_use]
    pub fn file(path: &Arc<str>) -> Self {
        Self::new(path, 0..0)
    }

    /// The byte range in the file.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// One problem: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A short name for this kind of problem, in kebab case, such as
    /// `unknown-speaker`; stable across releases.
    pub code: &'static str,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do, most likely remedy first.
    pub hints: Vec<String>,
    /// Other places that have to do with it, each with a few words.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// An error of kind `code` at `place`.
    #[must_use]
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, place, message.into())
    }

    /// A warning of kind `code` at `place`.
    #[must_use]
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, place, message.into())
    }

    fn new(severity: Severity, code: &'static str, place: Place, message: String) -> Self {
        Self { severity, code, place, message, hints: Vec::new(), related: Vec::new() }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what to do, where there is something to say.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hints.extend(hint);
        self
    }

    /// Adds another place that has to do with the problem.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// A value, and the problems met while making it.
///
/// The value is always as complete as could be made, so that the next stage
/// finds its own problems in the same run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "problems are to be reported"]
pub struct Checked<T> {
    /// What was made.
    pub value: T,
    /// What is wrong with it, in no particular order; see [`in_order`].
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value without problems.
    pub fn fine(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// The value, with the problems moved to `all`.
    pub fn unpack(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.diagnostics);
        self.value
    }
}

/// Sorts problems for reading: by file, place, severity and message, each
/// problem once. The order does not depend on how they were found.
#[must_use]
pub fn in_order(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    all.sort_by(|a, b| {
        (&a.place, a.severity, a.code, &a.message, &a.hints)
            .cmp(&(&b.place, b.severity, b.code, &b.message, &b.hints))
    });
    all.dedup();
    all
}

/// A line and a column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number in the whole file.
    pub line: usize,
    /// Column in characters (Unicode scalar values); a tab is one character
    /// and a byte-order mark none.
    pub column: usize,
}

/// The lines of one text, for asking after many positions in it.
///
/// A line ends with a line feed; a carriage return before that belongs to the
/// line's end.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// Where each line begins, and within long lines a place every so often, so
    /// that no question means counting through a megabyte.
    marks: Vec<(usize, Position)>,
}

impl<'a> Lines<'a> {
    /// Goes through `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        const FAR: usize = 1024;
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut at = Position { line: 1, column: 1 };
        let mut marks = vec![(first, at)];
        let mut last = first;
        for (offset, c) in text[first..].char_indices().map(|(i, c)| (first + i, c)) {
            if offset - last >= FAR {
                marks.push((offset, at));
                last = offset;
            }
            if c == '\n' {
                at = Position { line: at.line + 1, column: 1 };
                marks.push((offset + 1, at));
                last = offset + 1;
            } else {
                at.column += 1;
            }
        }
        Self { text, marks }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The position of byte `offset`. An offset past the end, or inside a
    /// character, counts as the nearest boundary before it; one inside the
    /// byte-order mark as the start of the text.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let after = self.marks.partition_point(|(mark, _)| *mark <= offset);
        let (mark, at) = self.marks[after.saturating_sub(1)];
        let further = self.text.get(mark..offset).map_or(0, |text| text.chars().count());
        Position { line: at.line, column: at.column + further }
    }

    /// The bytes of a line, counted from 1, without its end and without the
    /// byte-order mark. Empty, at the end of the text, if there are fewer lines.
    #[must_use]
    pub fn range(&self, line: usize) -> Range<usize> {
        let start_of = |line| {
            let mark = self.marks.partition_point(|(_, at)| at.line < line);
            self.marks.get(mark).map(|(offset, _)| *offset)
        };
        let Some(start) = start_of(line) else { return self.text.len()..self.text.len() };
        let text = &self.text[start..start_of(line + 1).unwrap_or(self.text.len())];
        let text = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
        start..start + text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, line: usize, column: usize) {
        assert_eq!(Lines::new(text).position(offset), Position { line, column }, "{offset}");
    }

    #[test]
    fn a_byte_order_mark_takes_no_column_and_a_tab_takes_one() {
        check("\u{feff}ab", 4, 1, 2);
        check("\u{feff}ab", 3, 1, 1);
        check("\u{feff}ab", 0, 1, 1);
        check("x\r\n\tй=", 6, 2, 3);
    }

    #[test]
    fn an_offset_between_two_places_counts_as_the_one_before() {
        check("й=", 1, 1, 1);
        check("ab", 9, 1, 3);
        check("ab\n", 9, 2, 1);
        check("", 0, 1, 1);
    }

    #[test]
    fn the_columns_of_a_long_line_are_counted_right() {
        let text = format!("one\n{}\nthree", "й".repeat(10_000));
        let lines = Lines::new(&text);
        for (offset, line, column) in
            [(4, 2, 1), (2004, 2, 1001), (20_002, 2, 10_000), (20_006, 3, 2)]
        {
            assert_eq!(lines.position(offset), Position { line, column });
        }
        assert_eq!(lines.range(2), 4..20_004);
        assert_eq!(&text[lines.range(3)], "three");
    }

    #[test]
    fn a_line_is_shown_without_its_end() {
        let text = "\u{feff}a\r\nb\n\nc\r";
        let lines = Lines::new(text);
        assert_eq!([1, 2, 3, 4, 5].map(|n| &text[lines.range(n)]), ["a", "b", "", "c\r", ""]);
    }

    #[test]
    fn problems_are_told_in_the_order_of_the_text_and_once() {
        let path: Arc<str> = "a.md".into();
        let at = |n| Diagnostic::error("x", Place::new(&path, n..n + 1), "m");
        assert_eq!(in_order(vec![at(9), at(2), at(9)]), vec![at(2), at(9)]);
    }
}
