//! From the way to a value to its place in the YAML text.
//!
//! Front matter is read by serde, which keeps no places. When a problem is
//! found, the same text is read once more here, with marks; a site without
//! problems never pays for it. The short forms of the model are known here too:
//! whoever complains about `attribution[0].by` need not know that the author
//! wrote `speaker`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::pointer::{Aim, Pointer, Step};

/// The places of all keys and values of one YAML text.
///
/// Of several documents only the first counts. A text with a fault is known up
/// to the fault.
#[derive(Debug)]
pub struct Locator<'a> {
    text: &'a str,
    /// All keys and values in the order of the text; the first is the top.
    nodes: Vec<Node>,
    /// The value under a key of a map.
    entries: HashMap<(usize, Cow<'a, str>), usize>,
    /// First key, second key, and what both say.
    duplicates: Vec<(usize, usize, Cow<'a, str>)>,
    error: Option<(usize, String)>,
}

#[derive(Debug)]
struct Node {
    /// As the parser has it; what is underlined is worked out when asked for,
    /// see [`Locator::value`].
    start: usize,
    end: usize,
    /// The key that it stands under.
    key: Option<usize>,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Scalar(ScalarStyle),
    Map,
    List(Vec<usize>),
    Alias(usize),
}

impl<'a> Locator<'a> {
    /// Reads `yaml`: a front matter without its fences, or a whole file. All
    /// places are byte offsets into it, a byte-order mark included.
    #[must_use]
    pub fn new(yaml: &'a str) -> Self {
        let bom = if yaml.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let bytes = Bytes::of(&yaml[bom..], bom);
        let mut locator = Self {
            text: yaml,
            nodes: Vec::new(),
            entries: HashMap::new(),
            duplicates: Vec::new(),
            error: None,
        };
        let mut open: Vec<Open<'a>> = Vec::new();
        let mut anchors: HashMap<usize, usize> = HashMap::new();
        // A tab may stand between a colon and a value, and libyaml, which reads
        // the front matter, says so. This parser stops at one; to it each looks
        // like the space that it might as well be.
        let spaced = yaml[bom..].replace('\t', " ");
        let mut parser = Parser::new_from_str(&spaced);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let offset = bytes.at(*error.marker());
                    locator.error = Some((offset, error.info().to_owned()));
                    break;
                }
            };
            let (shape, anchor, text) = match event {
                Event::Scalar(text, style, anchor, _) => {
                    (Shape::Scalar(style), anchor, Some(Cow::Owned(text.into_owned())))
                }
                Event::MappingStart(anchor, _) => (Shape::Map, anchor, None),
                Event::SequenceStart(anchor, _) => (Shape::List(Vec::new()), anchor, None),
                Event::Alias(anchor) => match anchors.get(&anchor) {
                    Some(target) => (Shape::Alias(*target), 0, None),
                    None => continue,
                },
                Event::MappingEnd | Event::SequenceEnd => {
                    if let Some(closed) = open.pop() {
                        let end = bytes.at(span.start);
                        let bracket = yaml[end..].starts_with(['}', ']']);
                        locator.nodes[closed.node].end = end + usize::from(bracket);
                    }
                    continue;
                }
                Event::DocumentEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_) => continue,
            };
            let opens = matches!(shape, Shape::Map | Shape::List(_));
            let mut range = bytes.range(span);
            if matches!(shape, Shape::Scalar(ScalarStyle::Plain)) && text.as_deref() == Some("") {
                // The parser gives a value left empty the place of what follows.
                range.end = range.start;
            }
            let node = locator.add(&mut open, range, shape, text);
            if anchor > 0 {
                anchors.insert(anchor, node);
            }
            if opens {
                open.push(Open { node, key: None });
            }
        }
        locator
    }

    /// The bytes of the value or key at the end of the way.
    ///
    /// - A scalar as it stands in the text, with its quotation marks; of a
    ///   block scalar (`|`, `>`) the first line.
    /// - Of a map or list its first line.
    /// - A value left empty: its key, or the dash of the item.
    /// - An alias: what stands at its anchor.
    /// - An item of a list has no key, so [`Aim::Key`] gives the item.
    ///
    /// Where the way leads nowhere, the short forms are tried, then the nearest
    /// thing above is taken. `None` if the text is empty.
    #[must_use]
    pub fn find(&self, pointer: &Pointer, aim: Aim) -> Option<Range<usize>> {
        if self.nodes.is_empty() {
            return None;
        }
        let node = self.walk(pointer.steps());
        Some(match (aim, self.nodes[node].key) {
            (Aim::Key, Some(key)) => self.value(key),
            _ => self.value(node),
        })
    }

    /// Whether something stands at the end of the way itself, in the form that
    /// the way says.
    #[must_use]
    pub fn holds(&self, pointer: &Pointer) -> bool {
        let top = (!self.nodes.is_empty()).then_some(0);
        let found = pointer.steps().iter().fold(top, |at, step| self.step(at?, step));
        found.is_some_and(|node| {
            let Node { start, end, .. } = self.nodes[self.behind_alias(node)];
            start < end
        })
    }

    /// Keys that stand twice in one map: where first, where again, and the key.
    /// In the order of the text; a third one is again paired with the first.
    #[must_use]
    pub fn duplicate_keys(&self) -> Vec<(Range<usize>, Range<usize>, &str)> {
        self.duplicates
            .iter()
            .map(|(first, again, key)| (self.value(*first), self.value(*again), key.as_ref()))
            .collect()
    }

    /// What makes the text unreadable: the byte offset, and the parser's words.
    #[must_use]
    pub fn error(&self) -> Option<(usize, &str)> {
        self.error.as_ref().map(|(offset, info)| (*offset, info.as_str()))
    }

    fn add(
        &mut self,
        open: &mut [Open<'a>],
        range: Range<usize>,
        shape: Shape,
        text: Option<Cow<'a, str>>,
    ) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node { start: range.start, end: range.end, key: None, shape });
        let Some(parent) = open.last_mut() else { return node };
        if let Shape::List(items) = &mut self.nodes[parent.node].shape {
            items.push(node);
        } else if let Some((key, text)) = parent.key.take() {
            self.nodes[node].key = Some(key);
            let Some(text) = text else { return node };
            match self.entries.entry((parent.node, text)) {
                Entry::Vacant(entry) => {
                    entry.insert(node);
                }
                Entry::Occupied(entry) => {
                    if let Some(first) = self.nodes[*entry.get()].key {
                        self.duplicates.push((first, key, entry.key().1.clone()));
                    }
                }
            }
        } else {
            parent.key = Some((node, text));
        }
        node
    }

    /// The node at the end of the way, or as near to it as can be.
    fn walk(&self, mut steps: &[Step]) -> usize {
        let mut at = 0;
        while let [step, rest @ ..] = steps {
            if let Some(next) = self.step(at, step) {
                (at, steps) = (next, rest);
            } else if let Some((next, rest)) = self.short_form(at, steps) {
                (at, steps) = (next, rest);
            } else if self.is_short(at, step) {
                steps = rest;
            } else {
                break;
            }
        }
        at
    }

    fn step(&self, at: usize, step: &Step) -> Option<usize> {
        let at = self.behind_alias(at);
        match (step, &self.nodes[at].shape) {
            (Step::Index(index), Shape::List(items)) => items.get(*index).copied(),
            (Step::Key(key), _) => self.entries.get(&(at, Cow::Borrowed(key.as_ref()))).copied(),
            _ => None,
        }
    }

    /// Whether a single item stands where a list may stand, or the one value
    /// that matters where a map may stand.
    fn is_short(&self, at: usize, step: &Step) -> bool {
        match step {
            Step::Index(index) => *index == 0,
            Step::Key(_) => !matches!(self.nodes[self.behind_alias(at)].shape, Shape::Map),
        }
    }

    /// The first of `steps`, or the first few, under the name of a short form,
    /// and the steps that remain. For text in place of a map see
    /// [`Self::is_short`].
    fn short_form<'s>(&self, at: usize, steps: &'s [Step]) -> Option<(usize, &'s [Step])> {
        let key = |step: &'s Step| match step {
            Step::Key(key) => key.as_ref(),
            Step::Index(_) => "",
        };
        let (name, rest) = match steps {
            [first, Step::Index(0), field, rest @ ..] if key(first) == "attribution" => {
                let short = match key(field) {
                    "by" => "speaker",
                    "when" => "date",
                    same => same,
                };
                (short, rest)
            }
            [first, Step::Index(0)] if key(first) == "attribution" => ("speaker", &[][..]),
            [first, rest @ ..] => match key(first) {
                "quotes" => ("quote", rest),
                "id" => ("name", rest),
                _ => return None,
            },
            [] => return None,
        };
        let node = self.step(at, &Step::Key(Cow::Owned(name.to_owned())))?;
        Some((node, rest))
    }

    fn is_word(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        matches!(node.shape, Shape::Scalar(_)) && node.start < node.end
    }

    fn behind_alias(&self, node: usize) -> usize {
        match self.nodes[node].shape {
            Shape::Alias(target) => target,
            _ => node,
        }
    }

    /// What to underline for a value or a key.
    fn value(&self, node: usize) -> Range<usize> {
        let Node { start, end, key, ref shape } = self.nodes[self.behind_alias(node)];
        let start = self.behind_properties(start, end);
        let line_end = |from: usize| {
            let rest = &self.text[from..];
            from + rest.split(['\n', '\r']).next().map_or(0, |line| line.trim_end().len())
        };
        match shape {
            Shape::Map => start..line_end(start).min(end).max(start),
            Shape::List(_) => {
                let start = self.dash(start).unwrap_or(start);
                start..line_end(start).min(end).max(start)
            }
            Shape::Scalar(_) if start == end => match key {
                // Only a key that is itself no alias and not empty, or a chain
                // of aliases would take us down a stack as long as the text.
                Some(key) if self.is_word(key) => self.value(key),
                Some(_) => start..start,
                None => self.dash(start).map_or(start..start, |dash| dash..dash + 1),
            },
            Shape::Scalar(ScalarStyle::Literal | ScalarStyle::Folded) => {
                let end = line_end(start);
                end - self.text[start..end].trim_start().len()..end
            }
            Shape::Scalar(ScalarStyle::SingleQuoted) => start..self.quoted_end(start, end, '\''),
            Shape::Scalar(ScalarStyle::DoubleQuoted) => start..self.quoted_end(start, end, '"'),
            Shape::Scalar(ScalarStyle::Plain) | Shape::Alias(_) => start..end,
        }
    }

    /// The dash before an item. The parser has a list that is not indented
    /// start behind its first dash, and an empty item somewhere after its own.
    fn dash(&self, offset: usize) -> Option<usize> {
        let line = self.text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let comment = self.text[line..offset].find(" #").map_or(offset, |at| line + at);
        let before = self.text[..comment].trim_end();
        (!self.text[offset..].starts_with(['-', '[']) && before.ends_with('-'))
            .then(|| before.len() - 1)
    }

    /// Where a value begins that has an anchor or a tag before it.
    fn behind_properties(&self, mut start: usize, end: usize) -> usize {
        loop {
            let text = &self.text[start..end];
            if !text.starts_with(['&', '!']) {
                return start;
            }
            let property = text.find(char::is_whitespace).unwrap_or(text.len());
            start = end - text[property..].trim_start().len();
        }
    }

    /// The end of a quoted scalar. The parser counts what follows it, a comment
    /// for one, as part of it.
    fn quoted_end(&self, start: usize, end: usize, quote: char) -> usize {
        let mut chars = self.text[start..end].char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c == '\\' && quote == '"' {
                chars.next();
            } else if c == quote {
                if quote == '\'' && chars.next_if(|(_, next)| *next == quote).is_some() {
                    continue;
                }
                return start + at + 1;
            }
        }
        end
    }
}

/// A map or list whose end has not come yet, and in a map the key that waits
/// for its value.
struct Open<'a> {
    node: usize,
    key: Option<(usize, Option<Cow<'a, str>>)>,
}

/// Where each character begins; the parser counts characters, we count bytes.
struct Bytes {
    /// The offset of the first character.
    first: usize,
    /// The offsets of all, and of the end; empty if all are of one byte.
    starts: Vec<usize>,
    end: usize,
}

impl Bytes {
    fn of(text: &str, first: usize) -> Self {
        let end = first + text.len();
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| first + at).collect()
        };
        Self { first, starts, end }
    }

    fn at(&self, mark: Marker) -> usize {
        if self.starts.is_empty() {
            (self.first + mark.index()).min(self.end)
        } else {
            self.starts.get(mark.index()).copied().unwrap_or(self.end)
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.at(span.start);
        start..self.at(span.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `claims[2].by`, as [`Pointer`] shows itself.
    fn pointer(way: &str) -> Pointer {
        let way = way.replace('[', ".[");
        way.split('.').filter(|step| !step.is_empty()).fold(Pointer::root(), |pointer, step| {
            match step.strip_prefix('[') {
                Some(index) => pointer.index(index.trim_end_matches(']').parse().unwrap()),
                None => pointer.key(step.to_owned()),
            }
        })
    }

    fn check(yaml: &str, way: &str, expected: &str) {
        let found = Locator::new(yaml).find(&pointer(way), Aim::Value);
        assert_eq!(found.map(|range| &yaml[range]), Some(expected), "{way} in {yaml:.200?}");
    }

    fn check_key(yaml: &str, way: &str, expected: &str) {
        let found = Locator::new(yaml).find(&pointer(way), Aim::Key);
        assert_eq!(found.map(|range| &yaml[range]), Some(expected), "{way} in {yaml:.200?}");
    }

    const CLAIMS: &str = "\
title: Податок на гавань  # ще
claims:
- text: 港の税
  quotes: [\"a\", {exact: 'it''s'}]
-
- attribution:
    - by: jane-doe   # the \"envoy\"
      to:
";

    #[test]
    fn a_tab_between_colon_and_value_hides_nothing() {
        check("a:\tb\nlist:\n  - id:\tx\n    by:\t\"y\tz\"\n", "list[0].by", "\"y\tz\"");
    }

    #[test]
    fn a_value_is_there_or_not() {
        let holds = |yaml: &str, way| Locator::new(yaml).holds(&pointer(way));
        assert!(holds("{id: x, list: [{by: y}]}", "list[0].by"));
        assert!(
            !holds("name: x\ndate:\n", "id")
                && !holds("name: x\ndate:\n", "date")
                && !holds("", "id")
        );
    }

    #[test]
    fn a_scalar_is_underlined_as_it_stands() {
        check(CLAIMS, "title", "Податок на гавань");
        check(CLAIMS, "claims[0].text", "港の税");
        check(CLAIMS, "claims[0].quotes[0]", "\"a\"");
        check(CLAIMS, "claims[0].quotes[1].exact", "'it''s'");
        check(CLAIMS, "claims[2].attribution[0].by", "jane-doe");
        check("a: \"b \\\" é\" # \"c\"\nd: e", "a", "\"b \\\" é\"");
        check("a: 'b'   \nd: e", "a", "'b'");
        check("a: one\n  two # three\nb: c", "a", "one\n  two");
        check("a: &x !t word", "a", "word");
    }

    #[test]
    fn a_key_is_found_where_it_is_asked_for() {
        check_key(CLAIMS, "claims[2].attribution[0].by", "by");
        check_key(CLAIMS, "claims", "claims");
        check_key("\"the key\" : 1", "the key", "\"the key\"");
        check_key("? a b\n: c", "a b", "a b");
    }

    #[test]
    fn an_item_has_no_key_and_is_shown_itself() {
        check_key(CLAIMS, "claims[0].quotes[0]", "\"a\"");
        check_key(CLAIMS, "claims[0]", "text: 港の税");
    }

    #[test]
    fn a_map_or_list_is_shown_by_its_first_line() {
        check(CLAIMS, "", "title: Податок на гавань  # ще");
        check(CLAIMS, "claims", "- text: 港の税");
        check(CLAIMS, "claims[0]", "text: 港の税");
        check(CLAIMS, "claims[0].quotes", "[\"a\", {exact: 'it''s'}]");
        check(CLAIMS, "claims[0].quotes[1]", "{exact: 'it''s'}");
        check(CLAIMS, "claims[2].attribution", "- by: jane-doe   # the \"envoy\"");
        check("a: {b: 1,\n  c: 2} # x", "a", "{b: 1,");
        check("a: {b: 1} # x", "a", "{b: 1}");
        check("a:\n- - b\n  - c\n", "a[0]", "- b");
        check("a:\n- [b]\n", "a[0]", "[b]");
        check("a:\n-\n  b: c\n", "a[0]", "b: c");
    }

    #[test]
    fn a_block_scalar_is_shown_by_its_first_line() {
        check("a: |2+\n\n   one \n  two\n\nb: c", "a", "one");
        check("a: >-\n  one\n  two\n", "a", "one");
        check("a: |\nb: c\n", "a", "a");
    }

    #[test]
    fn a_value_left_empty_is_shown_by_its_key_or_dash() {
        check(CLAIMS, "claims[2].attribution[0].to", "to");
        check(CLAIMS, "claims[1]", "-");
        check("a:\nb: c", "a", "a");
        check("a:", "a", "a");
        check("a: # later\nb: c", "a", "a");
        check("- # later\n- x", "[0]", "-");
        check("- x\n-", "[1]", "-");
        check("{a, b: }", "a", "a");
        check("{a, b: }", "b", "b");
    }

    #[test]
    fn a_way_through_an_alias_ends_at_its_anchor() {
        let yaml = "who: &who {name: Jane}\nclaims:\n- speaker: *who\n  by: [*who]\n";
        check(yaml, "claims[0].speaker.name", "Jane");
        check(yaml, "claims[0].by[0].name", "Jane");
        check(yaml, "claims[0].speaker", "{name: Jane}");
        check_key(yaml, "claims[0].speaker", "speaker");
        check("a: &x [*x]", "a[0][0][0]", "[*x]");
    }

    #[test]
    fn a_short_form_is_found_under_its_own_name() {
        check("quote: some words", "quotes[0].exact", "some words");
        check("quote: {exact: some words}", "quotes[0].exact", "some words");
        check("quotes: [one, two]", "quotes[1].exact", "two");
        check("quotes: some words", "quotes[0].exact", "some words");
        check("quotes: {exact: some words}", "quotes[0].exact", "some words");
        check_key("quote: some words", "quotes[0].exact", "quote");
        check("text: x\nspeaker: jane", "attribution[0].by", "jane");
        check("text: x\nspeaker: jane", "attribution[0]", "jane");
        check("text: x\ndate: '2025'", "attribution[0].when", "'2025'");
        check("text: x\nvenue: the port", "attribution[0].venue", "the port");
        check("text: x\nsource: gazette", "attribution[0].source", "gazette");
        check("text: x\nto: john", "attribution[0].to[0]", "john");
        check("attribution: {by: jane}", "attribution[0].by", "jane");
        check("span: some words", "span.exact", "some words");
        check("hedges: [reportedly]", "hedges[0].exact", "reportedly");
        check("by: jane", "by[0]", "jane");
        check("factuality: [CT+, PR+]", "factuality.author[1]", "PR+");
        check("speakers: [Jane]", "speakers[0].id", "Jane");
        check("speakers:\n- role: envoy\n  name: Jane", "speakers[0].id", "Jane");
    }

    #[test]
    fn a_way_that_leads_nowhere_ends_at_the_nearest_thing_above() {
        check(CLAIMS, "claims[0].speaker", "text: 港の税");
        check(CLAIMS, "claims[7].speaker", "- text: 港の税");
        check(CLAIMS, "title.x.y[3]", "Податок на гавань");
        check_key(CLAIMS, "title.x", "title");
        assert_eq!(Locator::new("").find(&Pointer::root(), Aim::Value), None);
        assert_eq!(Locator::new("# nothing\n").find(&Pointer::root(), Aim::Value), None);
    }

    #[test]
    fn places_are_right_behind_marks_tabs_and_carriage_returns() {
        check("\u{feff}a: b\r\n# ї\r\nc:\r\n  -\td\r\n  - \"е\" # ж\r\n", "c[0]", "d");
        check("\u{feff}a: b\r\n# ї\r\nc:\r\n  -\td\r\n  - \"е\" # ж\r\n", "c[1]", "\"е\"");
        check("\u{feff}a: b\r\nc: d\r\n", "", "a: b");
        check("a: 👩‍👩‍👧 é e\u{301}\nb: {שלום: עולם}\n", "b.שלום", "עולם");
        check("---\na: b\n---\na: c\n", "a", "b");
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_both_places() {
        let yaml = "é: 1\n\"é\": 2\nb: {c: 1, c: 2}\né: 3\nd: [{c: 1}, {c: 1}]\n";
        let twice = Locator::new(yaml);
        assert_eq!(
            twice.duplicate_keys(),
            [(0..2, 6..10, "é"), (18..19, 24..25, "c"), (0..2, 30..32, "é")]
        );
    }

    #[test]
    fn a_fault_is_told_with_its_offset_and_what_stands_before_it_is_known() {
        let yaml = "\u{feff}назва: x\nb: c: d\ne: f\n";
        let locator = Locator::new(yaml);
        let (offset, words) = locator.error().unwrap();
        assert_eq!(words, "mapping values are not allowed in this context");
        assert_eq!(&yaml[offset..offset + 3], ": d");
        check(yaml, "назва", "x");
        assert_eq!(Locator::new("a: b").error(), None);
    }

    #[test]
    fn nesting_as_deep_as_the_text_is_long_is_survived() {
        let deep = "- ".repeat(100_000);
        let locator = Locator::new(&deep);
        assert_eq!(locator.find(&pointer("[0][0][0]"), Aim::Value), Some(6..199_999));
        let links: Vec<_> = (0..50_000).map(|i| format!("*x{i} : &x{}\n", i + 1)).collect();
        let chain = format!("a: &x0\n{}", links.concat());
        check(&chain, "a", "a");
        assert!(Locator::new(&"[".repeat(1 << 20)).error().is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd_to_point_into(yaml in "(\u{feff})?[-?:,\\[\\]{}#&*!|>'\"%~ab\\\\é港\u{202e} \t\r\n]{0,60}") {
            let locator = Locator::new(&yaml);
            for node in 0..locator.nodes.len() {
                let range = locator.value(node);
                assert!(yaml.get(range.clone()).is_some(), "{range:?} in {yaml:?}");
            }
            if let Some((offset, _)) = locator.error() {
                assert!(yaml.is_char_boundary(offset));
            }
        }
    }
}
