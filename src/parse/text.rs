//! The text of a Markdown body as a reader sees it, and the way back.
//!
//! Quotations are looked for in the words that readers see: without emphasis
//! marks, link destinations, tags and comments, with entities decoded. Every
//! byte of that text leads back to an event of the parser, where a mark can be
//! set, and to the source, where a problem can be shown. What is looked for,
//! and how, is not decided here (see [`quote`](crate::parse::quote)).

use std::borrow::{Borrow, Cow};
use std::ops::Range;

use pulldown_cmark::{Event, OffsetIter, Options, Parser, Tag, TagEnd};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The parser that everybody uses, so that a body means the same everywhere.
///
/// Punctuation stays as the author wrote it: a curly quotation mark that
/// nobody typed could not be quoted.
#[must_use]
pub fn parser(body: &str) -> OffsetIter<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS;
    Parser::new_ext(body, options).into_offset_iter()
}

/// Reads a body to its end.
#[must_use]
pub fn events(body: &str) -> Vec<(Event<'_>, Range<usize>)> {
    // Most texts have one for some 20 bytes; a list that grows is copied each time.
    let mut events = Vec::with_capacity(body.len() / 20);
    events.extend(parser(body));
    events
}

/// The visible text of a body: NFC, each run of white space one space, none at
/// either end.
///
/// Footnote references, image descriptions, raw tags and HTML blocks add
/// nothing to it; what begins or ends a block (a paragraph, a list item, a
/// table cell) counts as white space.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisibleText {
    text: String,
    /// Where each stretch of `text` comes from, in its order, without gaps.
    runs: Vec<Run>,
}

/// A place in the stream of events that [`parser`] gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Index of the event, from 0.
    pub event: u32,
    /// Byte offset in the text of that event.
    pub offset: u32,
}

/// A stretch of the visible text that comes from one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Where it begins in the visible text; it ends where the next one begins.
    start: u32,
    from: Position,
    to: Position,
    /// Range in the source.
    source: (u32, u32),
    /// Byte for byte the same as in the event; otherwise it stands for the
    /// whole of `from..to`.
    as_event: bool,
    /// Byte for byte the same as in the source.
    as_source: bool,
}

impl VisibleText {
    /// The visible text of `body`.
    #[must_use]
    pub fn of(body: &str) -> Self {
        Self::of_events(body, parser(body))
    }

    /// The same, from events that have been parsed already.
    pub fn of_events<'a, E: Borrow<Event<'a>>>(
        body: &str,
        events: impl IntoIterator<Item = (E, Range<usize>)>,
    ) -> Self {
        let events = events.into_iter();
        // About every other event is a stretch of text.
        let runs = Vec::with_capacity(events.size_hint().0 / 2);
        let text = String::with_capacity(body.len());
        let mut made = Builder { body, made: Self { text, runs }, images: 0 };
        for (index, (event, source)) in events.enumerate() {
            made.event(narrow(index), event.borrow(), source);
        }
        made.done()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where in the events the character at byte `offset` of the text begins.
    ///
    /// `None` past the end of the text.
    #[must_use]
    pub fn starts_at(&self, offset: u32) -> Option<Position> {
        let (run, _) = self.run(offset)?;
        let within = if run.as_event { offset - run.start } else { 0 };
        Some(Position { event: run.from.event, offset: run.from.offset + within })
    }

    /// Where in the events the text before byte `offset` ends.
    ///
    /// `None` for 0 and past the end of the text.
    #[must_use]
    pub fn ends_at(&self, offset: u32) -> Option<Position> {
        let (run, _) = self.run(offset.checked_sub(1)?)?;
        Some(if run.as_event {
            Position { event: run.from.event, offset: run.from.offset + offset - run.start }
        } else {
            run.to
        })
    }

    /// The bytes of the body that a stretch of the text comes from.
    ///
    /// Exact, except that an entity counts as a whole, and so does a code span
    /// or a letter that is written with several code points.
    #[must_use]
    pub fn source(&self, range: Range<u32>) -> Range<usize> {
        let Some((first, _)) = self.run(range.start) else {
            let end = self.runs.last().map_or(0, |run| run.source.1 as usize);
            return end..end;
        };
        let start = first.source.0 + if first.as_source { range.start - first.start } else { 0 };
        let end = match range.end.checked_sub(1).and_then(|last| self.run(last)) {
            Some((last, _)) if range.end > range.start => {
                if last.as_source {
                    last.source.0 + range.end - last.start
                } else {
                    last.source.1
                }
            }
            _ => start,
        };
        // Footnotes and the like are told where they stand, so the source
        // never runs backwards; but an empty range must not either.
        start as usize..end.max(start) as usize
    }

    /// The stretch of the text that comes from these bytes of the body; what
    /// comes only in part from them, and not letter by letter, is left out.
    #[must_use]
    pub fn drawn_from(&self, source: &Range<usize>) -> Range<usize> {
        let (from, to) = (narrow(source.start), narrow(source.end));
        // The source never runs backwards, so that it can be looked up.
        let first = self.runs.partition_point(|run| run.source.0 < from);
        let start_of =
            |index: usize| self.runs.get(index).map_or(narrow(self.text.len()), |run| run.start);
        let mut start = start_of(first);
        if let Some(run) = first.checked_sub(1).map(|before| self.runs[before])
            && run.as_source
        {
            start = start.min(run.start + (from - run.source.0));
        }
        let last = self.runs.partition_point(|run| run.source.1 <= to);
        let mut end = start_of(last);
        if let Some(run) = self.runs.get(last)
            && run.as_source
        {
            end += to.saturating_sub(run.source.0);
        }
        start as usize..end.max(start) as usize
    }

    /// Whether `offset` lies between two letters, and not between a letter and
    /// a mark that belongs to it.
    #[must_use]
    pub fn is_boundary(&self, offset: usize) -> bool {
        self.text.get(offset..).is_some_and(|rest| rest.chars().next().is_none_or(begins_segment))
    }

    /// The run that holds byte `offset`, and where it ends.
    fn run(&self, offset: u32) -> Option<(Run, u32)> {
        let length = narrow(self.text.len());
        if offset >= length {
            return None;
        }
        let index = self.runs.partition_point(|run| run.start <= offset).checked_sub(1)?;
        let end = self.runs.get(index + 1).map_or(length, |next| next.start);
        Some((self.runs[index], end))
    }
}

/// `text` as quotations are compared: NFC, each run of white space one space,
/// none at either end.
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    let text =
        if is_composed(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    if is_ascii_and_folded(&text) && !text.starts_with(' ') && !text.ends_with(' ') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

/// Whether a text is in NFC, as far as a look at each letter can tell.
fn is_composed(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        // Nothing behind an ASCII letter can change how that or what stands before
        // it is written, but for a mark behind it, which is not in NFC then.
        let mut ends = 64..rest.len();
        let end = ends.find(|at| rest.as_bytes()[*at].is_ascii()).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if !part.is_ascii() && is_nfc_quick(part.chars()) != IsNormalized::Yes {
            return false;
        }
        rest = after;
    }
    true
}

/// Whether a text is ASCII with no other white space than single spaces, as
/// most are; seen without looking at its letters one by one.
fn is_ascii_and_folded(text: &str) -> bool {
    let pairs = text.bytes().zip(text.bytes().skip(1));
    text.bytes().fold(true, |yes, b| yes & (b' '..=b'\x7f').contains(&b))
        && pairs.fold(0, |twice, pair| twice | u8::from(pair == (b' ', b' '))) == 0
}

/// Offsets are kept in 32 bits; a body of 4 GB is refused long before.
pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Whether nothing before `c` can change how it is written in NFC: a segment
/// that is to be normalised by itself may begin here.
fn begins_segment(c: char) -> bool {
    c.is_ascii()
        || (canonical_combining_class(c) == 0
            && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes)
}

struct Builder<'a> {
    body: &'a str,
    made: VisibleText,
    /// How many images, one inside the other, hold the present event.
    images: u32,
}

impl Builder<'_> {
    fn event(&mut self, index: u32, event: &Event<'_>, source: Range<usize>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => self.images = self.images.saturating_sub(1),
            _ if self.images > 0 => {}
            Event::Text(text) => {
                let exact = self.body.get(source.clone()) == Some(text);
                self.text(index, text, source, exact);
            }
            Event::Code(text) => {
                // The range has the backticks too.
                match self.body.get(source.clone()).and_then(|whole| whole.find(&**text)) {
                    Some(at) => {
                        let start = source.start + at;
                        self.text(index, text, start..start + text.len(), true);
                    }
                    None => self.text(index, text, source, false),
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                let to = Position { event: index, offset: 1 };
                self.space(Position { event: index, offset: 0 }, to, source);
            }
            Event::Start(tag) if is_block(tag.to_end()) => self.gap(index, source.start),
            Event::End(tag) if is_block(*tag) => self.gap(index, source.end),
            Event::Rule => self.gap(index, source.start),
            _ => {}
        }
    }

    fn text(&mut self, event: u32, text: &str, source: Range<usize>, exact: bool) {
        let at = |offset: usize| Position { event, offset: narrow(offset) };
        let source_of = |part: Range<usize>| {
            if exact { source.start + part.start..source.start + part.end } else { source.clone() }
        };
        let mut after_space = self.ends_in_space();
        if is_ascii_and_folded(text) && !(after_space && text.starts_with(' ')) {
            self.push(text, at(0), source_of(0..text.len()), exact);
            return;
        }
        let mut flushed = 0;
        for (i, c) in text.char_indices() {
            if !c.is_whitespace() {
                after_space = false;
                continue;
            }
            let end = i + c.len_utf8();
            if c != ' ' || after_space {
                self.push(&text[flushed..i], at(flushed), source_of(flushed..i), exact);
                self.space(at(i), at(end), source_of(i..end));
                flushed = end;
            }
            after_space = true;
        }
        let rest = flushed..text.len();
        self.push(&text[rest.clone()], at(flushed), source_of(rest), exact);
    }

    /// Adds text that is the same, byte for byte, as in its event.
    fn push(&mut self, text: &str, from: Position, source: Range<usize>, as_source: bool) {
        if !text.is_empty() {
            let to = Position { event: from.event, offset: from.offset + narrow(text.len()) };
            let source = (narrow(source.start), narrow(source.end));
            let start = narrow(self.made.text.len());
            self.made.runs.push(Run { start, from, to, source, as_event: true, as_source });
            self.made.text.push_str(text);
        }
    }

    /// Adds a space, unless there is one already.
    fn space(&mut self, from: Position, to: Position, source: Range<usize>) {
        if !self.ends_in_space() {
            let source = (narrow(source.start), narrow(source.end));
            let start = narrow(self.made.text.len());
            let run = Run { start, from, to, source, as_event: false, as_source: false };
            self.made.runs.push(run);
            self.made.text.push(' ');
        }
    }

    fn gap(&mut self, event: u32, source: usize) {
        let at = Position { event, offset: 0 };
        self.space(at, at, source..source);
    }

    fn ends_in_space(&self) -> bool {
        self.made.text.is_empty() || self.made.text.ends_with(' ')
    }

    fn done(mut self) -> VisibleText {
        if self.made.text.ends_with(' ') {
            self.made.text.pop();
            let length = narrow(self.made.text.len());
            while self.made.runs.last().is_some_and(|run| run.start >= length) {
                self.made.runs.pop();
            }
        }
        if is_composed(&self.made.text) { self.made } else { compose(&self.made) }
    }
}

fn is_block(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// The same text in NFC. A letter may have been put together from several
/// events, as in `*e*` with an accent behind it.
fn compose(old: &VisibleText) -> VisibleText {
    let mut new = VisibleText::default();
    let mut chars = old.text.char_indices().peekable();
    let mut kept_from = 0;
    while let Some((start, _)) = chars.next() {
        let mut end = chars.peek().map_or(old.text.len(), |(at, _)| *at);
        while let Some((_, c)) = chars.peek()
            && !begins_segment(*c)
        {
            chars.next();
            end = chars.peek().map_or(old.text.len(), |(at, _)| *at);
        }
        let segment = &old.text[start..end];
        if is_nfc_quick(segment.chars()) == IsNormalized::Yes {
            continue;
        }
        let composed: String = segment.nfc().collect();
        if composed == segment {
            continue;
        }
        keep(&mut new, old, kept_from..start);
        replace(&mut new, old, start..end, &composed);
        kept_from = end;
    }
    keep(&mut new, old, kept_from..old.text.len());
    new
}

/// Copies a stretch of the old text with its runs, cut to that stretch.
fn keep(new: &mut VisibleText, old: &VisibleText, range: Range<usize>) {
    let mut at = narrow(range.start);
    let shift = narrow(new.text.len());
    while at < narrow(range.end) {
        let (run, run_end) = old.run(at).expect("the stretch lies inside the old text");
        let end = run_end.min(narrow(range.end));
        let mut part = run;
        part.start = shift + at - narrow(range.start);
        if run.as_event {
            part.from.offset = run.from.offset + at - run.start;
            part.to.offset = run.from.offset + end - run.start;
        }
        if run.as_source {
            part.source = (run.source.0 + at - run.start, run.source.0 + end - run.start);
        }
        new.runs.push(part);
        at = end;
    }
    new.text.push_str(&old.text[range]);
}

/// Puts `text` for a stretch of the old text; it comes from all of it.
fn replace(new: &mut VisibleText, old: &VisibleText, range: Range<usize>, text: &str) {
    let range = narrow(range.start)..narrow(range.end);
    let from = old.starts_at(range.start).expect("the stretch lies inside the old text");
    let to = old.ends_at(range.end).expect("the stretch is not empty");
    let source = old.source(range);
    new.runs.push(Run {
        start: narrow(new.text.len()),
        from,
        to,
        source: (narrow(source.start), narrow(source.end)),
        as_event: false,
        as_source: false,
    });
    new.text.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, visible: &str) {
        let text = VisibleText::of(body);
        assert_eq!(text.as_str(), visible, "{body:?}");
        assert_eq!(text.as_str(), normalise(text.as_str()), "{body:?}");
        holds_together(body, &text);
    }

    /// Every character leads to an event and to a stretch of the source, and
    /// neither ever runs backwards.
    fn holds_together(body: &str, text: &VisibleText) {
        let events: Vec<_> = parser(body).collect();
        let mut last = Position { event: 0, offset: 0 };
        for (at, c) in text.as_str().char_indices() {
            let end = at + c.len_utf8();
            let from = text.starts_at(narrow(at)).unwrap();
            let to = text.ends_at(narrow(end)).unwrap();
            assert!(last <= from && from <= to, "{body:?} at {at}: {last:?} {from:?} {to:?}");
            last = from;
            if let Event::Text(inside) | Event::Code(inside) = &events[from.event as usize].0 {
                assert!(inside.is_char_boundary(from.offset as usize), "{body:?} at {at}");
            }
            let source = text.source(narrow(at)..narrow(end));
            assert!(body.get(source.clone()).is_some(), "{body:?} at {at}: {source:?}");
        }
        assert_eq!(text.starts_at(narrow(text.as_str().len())), None);
    }

    /// The source of the first occurrence of `words`.
    fn check_source(body: &str, words: &str, source: &str) {
        let text = VisibleText::of(body);
        let start = text.as_str().find(words).unwrap();
        let range = text.source(narrow(start)..narrow(start + words.len()));
        assert_eq!(&body[range], source, "{body:?}");
    }

    #[test]
    fn readers_see_words_and_not_marks() {
        check("a *b* **c** ~~d~~ `e` _f_g", "a b c d e _f_g");
        check("a [link](http://x.org \"t\") and [[Jane Doe]] or [[jane|her]]", {
            "a link and Jane Doe or her"
        });
        check("<https://x.org> or <a@b.org>", "https://x.org or a@b.org");
        check("see ![a *map*](m.png) here", "see here");
        check("a <b>bold</b> word <!-- no --> end", "a bold word end");
        check("one\n\n<div>\nhidden\n</div>\n\ntwo", "one two");
        check("", "");
        check("   \n\n", "");
    }

    #[test]
    fn white_space_of_any_kind_is_one_space() {
        check("a  b\tc\u{a0}d\u{2003}\u{3000}e", "a b c d e");
        check("soft\nbreak and  \nhard\\\nbreak", "soft break and hard break");
        check("soft\r\nbreak\r\n\r\nnext", "soft break next");
        check("x&nbsp;y &emsp; z", "x y z");
        check("a *b * c", "a *b * c");
        check("a * b*", "a * b*");
        check("zero\u{200b}width", "zero\u{200b}width");
    }

    #[test]
    fn a_block_ends_a_word() {
        check("# Head\ntext\n\n- one\n- two\n  - three\n\n> said", "Head text one two three said");
        check("| a | b |\n|---|---|\n| c | *d* |", "a b c d");
        check("```\ncode  here\r\nmore\n```\nafter", "code here more after");
        check("term\n: definition\n", "term definition");
        check("- [x] done\n- [ ] open", "done open");
        check("a\n\n---\n\nb", "a b");
        check("> [!NOTE]\n> heed this", "heed this");
        check("head {#x .y}\n=====\n", "head");
    }

    #[test]
    fn a_footnote_reference_adds_nothing() {
        check("said[^1] so\n\n[^1]: In *May*.", "said so In May.");
    }

    #[test]
    fn punctuation_stays_as_it_is_written() {
        check("\"it's\" -- 'so'...", "\"it's\" -- 'so'...");
    }

    #[test]
    fn entities_and_escapes_are_read() {
        check("AT&amp;T &lt;b&gt; \\*no\\* &#233; `&amp;`", "AT&T <b> *no* é &amp;");
        check_source("AT&amp;T says", "T&T", "T&amp;T");
        check_source("AT&amp;T says", "says", "says");
        check_source("a \\*no\\* b", "*no*", "*no\\*");
    }

    #[test]
    fn the_source_of_words_is_exact() {
        check_source("He *literally* handed it", "literally handed", "literally* handed");
        check_source("a `code span` b", "span", "span");
        check_source("a  b\r\nc d", "b c", "b\r\nc");
        check_source("| a | b |\n|---|---|\n| cc | dd |", "dd", "dd");
        check_source("x [[jane|her words]] y", "her", "her");
        check_source("x [[Jane Doe]] y", "Doe", "Doe");
    }

    #[test]
    fn letters_are_composed_even_across_marks() {
        check("Cafe\u{301} noir", "Café noir");
        check("*e*\u{301}", "é");
        check("q\u{307}\u{323} x", "q\u{323}\u{307} x");
        check("가 \u{1100}\u{1161}\u{11a8}", "가 각");
        check("\u{212b}ngstr\u{f6}m", "\u{c5}ngström");
        check_source("un cafe\u{301} noir", "café", "cafe\u{301}");
        check_source("un cafe\u{301} noir", "noir", "noir");
        check_source("*e*\u{301}t", "ét", "e*\u{301}t");
    }

    #[test]
    fn a_letter_is_not_cut_from_its_accent() {
        let text = VisibleText::of("x\u{302}y");
        let cuts: Vec<_> = (0..=text.as_str().len()).filter(|at| text.is_boundary(*at)).collect();
        assert_eq!(cuts, [0, 3, 4]);
    }

    proptest::proptest! {
        #[test]
        fn a_text_is_in_nfc_if_its_parts_are(text in "[a-z \u{301}\u{316}\u{65e}é한ᅡa“]{0,200}") {
            let whole = is_nfc_quick(text.chars()) == IsNormalized::Yes;
            proptest::prop_assert_eq!(is_composed(&text), whole);
        }

        #[test]
        fn any_body_leads_back_to_itself(
            body in "([a-c *_`~\\[\\]()!<>|&;#\\\\-]|\n|\r\n|\\PC|\u{301}|e\u{323}|\u{a0}|&amp;|\\[\\^1\\]){0,60}"
        ) {
            let text = VisibleText::of(&body);
            assert_eq!(text.as_str(), normalise(text.as_str()));
            holds_together(&body, &text);
        }
    }
}
