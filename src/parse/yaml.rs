//! The YAML of a front matter, read into a [`Value`].
//!
//! YAML is read by its rules or not at all, and libyaml knows them. It looks
//! at every letter several times, though, and nearly all front matter is
//! written in the one plain way that needs no rules: maps and lists that are
//! indented by spaces, texts on one line, with quotation marks or without, and
//! lists and maps in brackets on one line. So that is read here, and at the
//! first thing that is not plain the whole text is left to libyaml: whatever
//! is faulty, too, so that it has its words for every fault. A test holds the
//! two against each other.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};
use serde_yaml::Number;

use super::value::{Key, Map, Value};

/// Reads YAML.
///
/// # Errors
///
/// What keeps `text` from being one document of YAML whose maps have no key
/// twice.
pub fn read(text: &str) -> Result<Value<'_>, serde_yaml::Error> {
    match plain(text) {
        Some(value) => Ok(value),
        None => Ok(serde_yaml::from_str::<serde_yaml::Value>(text)?.into()),
    }
}

/// How deep lists and maps may lie in each other, and how many fields a map may
/// have, to be read here. Fields are looked for one by one.
const DEEP: usize = 24;
const MANY: usize = 64;

/// Reads YAML that is written plainly; `None` where it is not.
fn plain(text: &str) -> Option<Value<'_>> {
    if text.is_empty() {
        return Some(Value::Null);
    }
    if !is_printable(text) {
        return None;
    }
    let mut reader = Reader { text, at: 0, indent: 0 };
    reader.next_line()?;
    if reader.at == text.len() {
        return None;
    }
    let value = reader.block(reader.indent, DEEP)?;
    (reader.at == text.len()).then_some(value)
}

/// Whether a text holds nothing that YAML forbids or takes for a line break
/// where nobody sees one. Carriage returns stand before line feeds.
fn is_printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |b: u8| b < b' ' && b != b'\n' && b != b'\r' || b == 0x7f;
    if bytes.iter().fold(false, |odd, b| odd | is_odd(*b)) {
        return false;
    }
    if memchr(b'\r', bytes).is_some()
        && bytes.split(|b| *b == b'\r').skip(1).any(|rest| rest.first() != Some(&b'\n'))
    {
        return false;
    }
    let is_odd = |c: char| {
        matches!(
            c,
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    text.is_ascii() || !text.chars().any(is_odd)
}

/// Where one is in the text: at the first letter of a line, or within it.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// By how much the present line is indented; as far as it is read, what
    /// stands further right on it.
    indent: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// Goes from the start of a line to the first letter of the next one that
    /// says something, be it this one. `None` where that is the edge of a
    /// document.
    fn next_line(&mut self) -> Option<()> {
        loop {
            let start = self.at;
            self.skip_spaces();
            self.indent = self.at - start;
            match self.byte(0) {
                Some(b'\r' | b'\n') => self.end_line()?,
                Some(b'#') => {
                    self.at += memchr(b'\n', self.rest().as_bytes())
                        .map_or(self.rest().len(), |end| end + 1);
                }
                Some(b'-' | b'.') if self.indent == 0 && self.is_edge() => return None,
                _ => return Some(()),
            }
        }
    }

    fn is_edge(&self) -> bool {
        self.rest().starts_with("---") || self.rest().starts_with("...")
    }

    fn skip_spaces(&mut self) {
        while self.byte(0) == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes past the end of the line, where nothing but spaces may stand.
    fn end_line(&mut self) -> Option<()> {
        self.skip_spaces();
        self.at += match (self.byte(0), self.byte(1)) {
            (None, _) => 0,
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), _) => 2,
            _ => return None,
        };
        Some(())
    }

    /// Whether an item of a list begins here.
    fn is_item(&self) -> bool {
        self.byte(0) == Some(b'-') && self.byte(1) == Some(b' ')
    }

    /// Whether a line is left that is indented like this.
    fn is_at(&self, indent: usize) -> bool {
        self.at < self.text.len() && self.indent == indent
    }

    /// A list or map whose first line is this, and the others indented alike. A
    /// line that is indented further than they are belongs to nothing, and is
    /// left unread.
    fn block(&mut self, indent: usize, depth: usize) -> Option<Value<'a>> {
        if self.is_item() { self.list(indent, depth) } else { self.map(indent, depth) }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut items = Vec::new();
        while self.is_at(indent) && self.is_item() {
            let dash = self.at;
            self.at += 1;
            self.skip_spaces();
            items.push(if self.key_length().is_some() {
                let inner = indent + self.at - dash;
                self.indent = inner;
                self.map(inner, depth)?
            } else {
                let item = self.one_line(depth)?;
                self.next_line()?;
                item
            });
        }
        Some(Value::List(items))
    }

    fn map(&mut self, indent: usize, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut map = Map::default();
        while self.is_at(indent) && !self.is_item() {
            let key = self.key()?;
            // An odd key, or one that is there already.
            if map.has(key) || map.0.len() == MANY {
                return None;
            }
            let spaces = self.at;
            self.skip_spaces();
            let value = if let Some(b'\r' | b'\n') | None = self.byte(0) {
                self.end_line()?;
                self.next_line()?;
                let is_list = self.is_at(indent) && self.is_item();
                if self.at < self.text.len() && (self.indent > indent || is_list) {
                    self.block(self.indent, depth)?
                } else {
                    Value::Null
                }
            } else if self.at == spaces {
                return None;
            } else {
                let value = self.one_line(depth)?;
                self.next_line()?;
                value
            };
            map.0.push((Key::Text(key.into()), value));
        }
        Some(Value::Map(map))
    }

    /// The length of the key that begins here, if one does: letters, digits and
    /// a few marks, with a colon behind them that ends a word.
    fn key_length(&self) -> Option<usize> {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ');
        let bytes = self.rest().as_bytes();
        let length = bytes.iter().position(|b| !is_word(b) && b.is_ascii())?;
        let ends = matches!(bytes.get(length + 1), None | Some(b' ' | b'\r' | b'\n'));
        (bytes[length] == b':' && ends).then_some(length)
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Option<&'a str> {
        let key = &self.rest()[..self.key_length()?];
        self.at += key.len() + 1;
        // libyaml takes 1024 letters at most.
        let is_plain = key.len() < 256
            && !key.ends_with(' ')
            && key.starts_with(|c: char| !c.is_ascii() || c.is_ascii_alphabetic());
        (is_plain && matches!(resolved(key)?, Value::Text(_))).then_some(key)
    }

    /// Reads a value to the end of its line.
    fn one_line(&mut self, depth: usize) -> Option<Value<'a>> {
        let value = match self.byte(0)? {
            b'"' | b'\'' | b'[' | b'{' => self.enclosed(depth)?,
            _ => {
                let line = self.rest();
                let line = &line[..memchr(b'\n', line.as_bytes()).unwrap_or(line.len())];
                let text = line.trim_end_matches(['\r', ' ']);
                self.at += text.len();
                let begins = match text.as_bytes() {
                    [b'-', next, ..] => *next != b' ',
                    [first, ..] => {
                        first.is_ascii_alphanumeric()
                            || b"+.(~/$\\_".contains(first)
                            || *first >= 0x80
                    }
                    [] => false,
                };
                let is_one = !text.ends_with(':')
                    && memmem::find(text.as_bytes(), b": ").is_none()
                    && memmem::find(text.as_bytes(), b" #").is_none();
                if !begins || !is_one {
                    return None;
                }
                resolved(text)?
            }
        };
        self.end_line()?;
        Some(value)
    }

    /// Reads what has marks at both its ends.
    fn enclosed(&mut self, depth: usize) -> Option<Value<'a>> {
        match self.byte(0)? {
            b'"' => self.quoted(b'\\', b'"'),
            b'\'' => self.quoted(b'\'', b'\''),
            b'[' => self.bracketed(depth),
            _ => self.braced(depth),
        }
    }

    /// Reads a text in quotation marks, in which another mark stands before
    /// those marks that do not end it and before itself.
    fn quoted(&mut self, escape: u8, end: u8) -> Option<Value<'a>> {
        self.at += 1;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let length = memchr2(escape, end, rest.as_bytes())?;
            let part = &rest[..length];
            if memchr(b'\n', part.as_bytes()).is_some() {
                return None;
            }
            if text.is_empty() {
                text = part.into();
            } else {
                text.to_mut().push_str(part);
            }
            self.at += length + 1;
            let next = self.byte(0);
            if rest.as_bytes()[length] == end && (escape != end || next != Some(end)) {
                return Some(Value::Text(text));
            }
            if next != Some(end) && next != Some(escape) {
                return None;
            }
            text.to_mut().push(char::from(next?));
            self.at += 1;
        }
    }

    fn bracketed(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut items = Vec::new();
        self.at += 1;
        while !self.closes(b']', items.is_empty())? {
            items.push(self.inner(depth)?);
        }
        Some(Value::List(items))
    }

    fn braced(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut map = Map::default();
        self.at += 1;
        while !self.closes(b'}', map.0.is_empty())? {
            let key = self.key()?;
            if map.has(key) || map.0.len() == MANY || self.byte(0) != Some(b' ') {
                return None;
            }
            self.skip_spaces();
            let value = self.inner(depth)?;
            map.0.push((Key::Text(key.into()), value));
        }
        Some(Value::Map(map))
    }

    /// Whether brackets close here. If not, another item begins, after a comma
    /// unless it is the first.
    fn closes(&mut self, mark: u8, is_first: bool) -> Option<bool> {
        self.skip_spaces();
        let next = self.byte(0)?;
        if next == mark {
            self.at += 1;
            return Some(true);
        }
        if !is_first {
            if next != b',' {
                return None;
            }
            self.at += 1;
            self.skip_spaces();
        }
        Some(false)
    }

    /// Reads a value within brackets.
    fn inner(&mut self, depth: usize) -> Option<Value<'a>> {
        if matches!(self.byte(0)?, b'"' | b'\'' | b'[' | b'{') {
            return self.enclosed(depth);
        }
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
        // A colon may stand within a word, as in an address.
        let goes_on = |at: usize| match bytes[at] {
            b'_' | b'-' | b'.' | b'/' | b'+' | b'(' | b')' | b' ' | b'~' => true,
            b':' => bytes.get(at + 1).is_some_and(|next| is_word(next) || *next == b'/'),
            other => is_word(&other),
        };
        let length = (0..bytes.len()).find(|at| !goes_on(*at))?;
        let text = rest[..length].trim_end_matches(' ');
        let begins = match text.as_bytes() {
            [b'-', next, ..] => is_word(next),
            [first, ..] => is_word(first) || b"+.(~/_".contains(first),
            [] => false,
        };
        self.at += length;
        if begins { resolved(text) } else { None }
    }
}

/// What a text without quotation marks stands for; `None` for a whole number so
/// long that it may be none.
fn resolved(text: &str) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    Some(match text {
        "null" | "Null" | "NULL" | "~" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if !matches!(bytes[0], b'0'..=b'9' | b'+' | b'-' | b'.') => Value::Text(text.into()),
        // Most are dates.
        _ if is_day(bytes) => Value::Text(text.into()),
        _ if text.len() > 18
            && bytes.iter().all(|b| b.is_ascii_hexdigit() || b"xo+-".contains(b)) =>
        {
            return None;
        }
        _ => match text.parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Text(text.into()),
        },
    })
}

/// Whether this has the form of a day, as `2025-03-21`.
fn is_day(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, b)| match at {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::parse::front_matter;

    /// What libyaml and serde make of it.
    fn ruled(text: &str) -> Result<Value<'_>, String> {
        serde_yaml::from_str::<serde_yaml::Value>(text)
            .map(Value::from)
            .map_err(|error| error.to_string())
    }

    /// Whether it is read here; and if so, as the rules have it.
    fn is_plain(text: &str) -> bool {
        let Some(value) = plain(text) else { return false };
        assert_eq!(ruled(text), Ok(value), "{text}");
        true
    }

    #[test]
    fn plain_front_matter_is_read_here() {
        for text in [
            "title: \"A: b\"\ndate: 2024-08-25\nspeakers:\n  - {id: jane-doe, name: \"Jane \\\"J\\\" Doe\"}\n  - jane\n",
            "claims:\n- id: a\n  quotes: [\"x, y\", 'it''s', z]\n\n  text: that, it was said\n- id: b\n",
            "# so\na:\n  # and so\n  b: {c: [1, 0x2, 3.5, -4, .inf, ~], d: {}}\n  e: []\nf:\ng:\n  - https://example.org/x?y=z#w\n  -  h: i\n     j: k\n",
            "a: NO\r\nb: yes\r\nc: 007\r\nд: “е”\r\n",
            "- a\n- b: 1\n  c: true\n",
            "  a: 1\n  b: null",
            "",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_rules() {
        for text in [
            "a: |\n  b\n",
            "a: b\n  c\n",
            "a: &b c\n",
            "a: *b\n",
            "a: !b c\n",
            "a: b # c\n",
            "a:\tb\n",
            "a: b: c\n",
            "a: \"b\nc\"\n",
            "a: \"\\u00e9\"\n",
            "a: [b,\n  c]\n",
            "? a\n",
            "1: b\n",
            "~: b\n",
            "null: b\n",
            "\"a\": b\n",
            "a: 1\na: 2\n",
            "a: {b: 1, b: 2}\n",
            "---\na: 1\n",
            "a: 1\n...\n",
            "a: 'b\n",
            "a: [b\n",
            " a: 1\nb: 2\n",
            "a:\n  b: 1\n c: 2\n",
            "- a\nb: 1\n",
            "a: 1\n- b\n",
            "a: \u{85}\n",
            "a: \u{feff}b\n",
            "a: b\rc: d\n",
            "a: 123456789012345678901234567890\n",
            "%a: b\n",
            "a: @b\n",
            "a: `b`\n",
            "a: - b\n",
            "a: ? b\n",
            "a: : b\n",
            "a: [b, ]\n",
            "a: [b: c]\n",
            "\n",
            "# a\n",
            "a",
            "a:b\n",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn the_front_matter_of_every_test_is_read_as_the_rules_have_it() {
        let here = env!("CARGO_MANIFEST_DIR");
        let (mut all, mut are_plain) = (0, 0);
        for folder in ["content", "tests"] {
            for entry in walkdir::WalkDir::new(format!("{here}/{folder}")) {
                let entry = entry.unwrap();
                let name = entry.file_name().to_string_lossy().into_owned();
                if !name.ends_with(".md") && !name.ends_with(".yaml") {
                    continue;
                }
                let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
                let yaml = match front_matter::split(&text) {
                    Ok(split) if split.found => &text[split.yaml],
                    _ => &text,
                };
                all += 1;
                are_plain += usize::from(is_plain(yaml));
            }
        }
        assert!(are_plain * 2 > all, "{are_plain} of {all}");
    }

    /// Scalars of every kind, plain and not.
    const SCALARS: [&str; 61] = [
        "a",
        "jane-doe",
        "Jane Doe",
        "that, it was",
        "x:y",
        "https://e.org/a?b=c#d",
        "x#y",
        "x #y",
        "it's",
        "~",
        "~a",
        "null",
        "Null",
        "nULL",
        "true",
        "False",
        "TRUE",
        "True",
        "yes",
        "NO",
        "on",
        "0",
        "7",
        "-7",
        "+7",
        "--7",
        "007",
        "-0",
        "0x1F",
        "0o17",
        "0b1",
        "0x",
        "-0x1f",
        "1_000",
        "1e3",
        "1.5",
        ".5",
        "5.",
        "-.5",
        "+.5",
        "1e400",
        ".inf",
        "-.Inf",
        "+.INF",
        ".nan",
        "inf",
        "nan",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "2024-08-25",
        "2024-08",
        "2024-07~",
        "XXXX-03-13",
        "2022-09-23/2022-09-27",
        "2025-03-21T18:00:00+02:00",
        "0xfeedfeedfeedfeedfeed",
        "ä",
        "北京",
        "-a",
        "(a)",
    ];

    /// Pieces that change what is around them.
    const PIECES: [&str; 56] = [
        " ", "  ", "\n", "\r\n", "\t", "\r", "\0", "\u{85}", "\u{2028}", "\u{a0}", "\u{feff}",
        "\u{fffd}", "\u{7f}", "#", " #", "# x\n", ":", ": ", ":\n", ",", ", ", "-", "- ", "\n- ",
        "\n  - ", "\n    ", "?", "? ", "[", "]", "{", "}", "[]", "{}", "{a: b}", "[a, b]", "&",
        "&a ", "*", "*a", "!", "!a ", "|", "|\n", ">", "'", "''", "\"", "\\", "\\\"", "\"\"", "%",
        "@", "`", "---", "...",
    ];

    const KEYS: [&str; 14] = [
        "a", "b", "id", "text", "quotes", "a b", "A-b_1", "д", "null", "1", "true", "~", "-a", "a ",
    ];

    fn scalar() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => select(&SCALARS[..]).prop_map(str::to_owned),
            1 => select(&SCALARS[..]).prop_map(|text| format!("\"{text}\"")),
            1 => select(&SCALARS[..]).prop_map(|text| format!("'{text}'")),
            1 => prop::collection::vec(prop_oneof![select(&SCALARS[..]), select(&PIECES[..])], 1..4)
                .prop_map(|pieces| pieces.concat()),
        ]
    }

    fn flow() -> impl Strategy<Value = String> {
        scalar().prop_recursive(3, 8, 4, |inner| {
            let field = (select(&KEYS[..]), inner.clone())
                .prop_map(|(key, value)| format!("{key}: {value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4)
                    .prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::vec(field, 0..4)
                    .prop_map(|fields| format!("{{{}}}", fields.join(", "))),
            ]
        })
    }

    /// A block of lines, not indented, each with its line end.
    fn block() -> impl Strategy<Value = String> {
        let line = flow().prop_map(|value| format!("{value}\n"));
        let leaf = prop::collection::vec((select(&KEYS[..]), line), 1..5).prop_map(|fields| {
            fields.iter().map(|(key, value)| format!("{key}: {value}")).collect::<String>()
        });
        leaf.prop_recursive(3, 16, 4, |inner| {
            let indented = |text: &str, by: usize| {
                text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect::<String>()
            };
            let value = prop_oneof![
                (0..4usize, inner.clone())
                    .prop_map(move |(by, text)| format!("\n{}", indented(&text, by))),
                flow().prop_map(|value| format!(" {value}\n")),
                select(&["\n", " \n", "\n\n", "\n# so\n"][..]).prop_map(str::to_owned),
            ];
            let item = prop_oneof![
                (1..4usize, inner).prop_map(move |(by, text)| {
                    format!("-{}{}", " ".repeat(by), indented(&text, by + 1).trim_start())
                }),
                flow().prop_map(|value| format!("- {value}\n")),
            ];
            prop_oneof![
                prop::collection::vec((select(&KEYS[..]), value), 1..4).prop_map(|fields| fields
                    .iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect::<String>()),
                prop::collection::vec(item, 1..4).prop_map(|items| items.concat()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_here_is_read_as_the_rules_have_it(
            text in block(),
            spoilt in prop::collection::vec((any::<Index>(), select(&PIECES[..]), prop::bool::ANY), 0..3),
        ) {
            let mut text = text;
            is_plain(&text);
            for (at, piece, is_taken_out) in spoilt {
                let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                starts.push(text.len());
                let at = starts[at.index(starts.len())];
                if is_taken_out && at < text.len() {
                    text.remove(at);
                } else {
                    text.insert_str(at, piece);
                }
                is_plain(&text);
            }
        }

        #[test]
        fn pieces_are_read_as_the_rules_have_them(
            pieces in prop::collection::vec(
                prop_oneof![
                    2 => select(&["a", "b: ", "a:", "\n", "\n  ", "- ", " ", "{a: ", "}", "[", "]", ", ", "\"", "'"][..]),
                    1 => select(&PIECES[..]),
                    1 => select(&SCALARS[..]),
                ],
                0..14,
            ),
        ) {
            is_plain(&pieces.concat());
        }
    }
}
