//! Words of a body that are marked: quotations, hedges, loaded words.
//!
//! Marks are open only around text: whatever else comes closes them first, and
//! the next text opens them again. So they nest, whatever they cut across.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::{mem, vec};

use pulldown_cmark::Event;

use crate::parse::escape::{address, push_attribute, push_escaped};
use crate::parse::quote::Anchor;
use crate::parse::text::{Position, VisibleText};

/// What the id of a mark's link to its note ends in.
pub(super) const OF_NOTE: &str = "-note";

/// Words of the text to be marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where they stand in the [`VisibleText`] of the body.
    pub at: Anchor,
    /// HTML id, unique on the page. The first piece carries it; the others
    /// (where other mark-up cuts the words) have it in `data-of`.
    pub id: String,
    /// HTML class: `quote`, `span`, `hedge`, `term`.
    pub class: &'static str,
    /// Shown when a reader points at the words.
    pub title: Option<String>,
    /// A note behind the words.
    pub note: Option<Note>,
}

impl Mark {
    /// HTML id of the link in the mark's note, for the way back.
    #[must_use]
    pub fn note_id(&self) -> String {
        [&self.id, OF_NOTE].concat()
    }
}

/// A small link behind marked words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it leads, such as `#claim-portrait`.
    pub href: String,
    /// What is shown: `1`.
    pub number: String,
    /// What a screen reader says in place of the bare number.
    pub label: Option<String>,
    /// Which of the asides it leads to. Where that stands behind the same
    /// sentence, the link has the class `near`.
    pub aside: Option<usize>,
}

impl Note {
    /// Its HTML, with this id.
    pub(super) fn html(&self, id: &str, is_near: bool) -> String {
        let mut link = String::with_capacity(128);
        link.push_str("<sup");
        push_attribute(&mut link, "class", if is_near { "note-ref near" } else { "note-ref" });
        link.push_str("><a");
        push_attribute(&mut link, "id", id);
        link.push_str(" href=\"");
        link.push_str(&address(&self.href));
        link.push('"');
        if let Some(label) = &self.label {
            push_attribute(&mut link, "aria-label", label);
        }
        link.push('>');
        push_escaped(&mut link, &self.number);
        link.push_str("</a></sup>");
        link
    }
}

/// A stretch of the events that belongs to one mark.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Position,
    to: Position,
    mark: usize,
}

/// The marks of a body, while it is being written.
#[derive(Debug)]
pub(super) struct Marks<'w> {
    all: &'w [Mark],
    /// Those to come, in the order in which they begin.
    to_come: Peekable<vec::IntoIter<Span>>,
    /// Those that have begun in the text and not yet ended.
    live: Vec<Span>,
    /// Those whose tags are open, the outermost first.
    open: Vec<Span>,
    /// For each, whether its first piece has been written.
    begun: Vec<bool>,
}

impl<'w> Marks<'w> {
    pub fn new(all: &'w [Mark], visible: &VisibleText) -> Self {
        let mut spans: Vec<Span> = all
            .iter()
            .enumerate()
            .filter_map(|(mark, Mark { at, .. })| {
                let (from, to) = (visible.starts_at(at.start)?, visible.ends_at(at.end)?);
                (from < to).then_some(Span { from, to, mark })
            })
            .collect();
        // The longer one first, so that it goes around the shorter.
        spans.sort_by_key(|span| (span.from, Reverse(span.to), span.mark));
        Self {
            all,
            to_come: spans.into_iter().peekable(),
            live: Vec::new(),
            open: Vec::new(),
            begun: vec![false; all.len()],
        }
    }

    /// Lets those begin that begin in this event or before.
    pub fn begin(&mut self, event: u32) {
        while let Some(span) = self.to_come.next_if(|span| span.from.event <= event) {
            self.live.push(span);
        }
    }

    /// Whether the text is in none of them.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Where those that the text is in begin and end.
    pub fn ends(&self) -> impl Iterator<Item = Position> {
        self.live.iter().flat_map(|span| [span.from, span.to])
    }

    /// How many of those that are open, from the outermost on, go on up to there.
    pub fn up_to(&self, to: Position) -> usize {
        let goes_on =
            |span: &&Span| span.to >= to && self.live.iter().any(|live| live.mark == span.mark);
        self.open.iter().take_while(goes_on).count()
    }

    /// Sees to it that just those are open that belong around this text.
    pub fn wear(&mut self, from: Position, to: Position, out: &mut Vec<Event<'_>>) {
        let mut around: Vec<Span> =
            self.live.iter().copied().filter(|span| span.from <= from && to <= span.to).collect();
        around.sort_by_key(|span| (Reverse(span.to), span.from, span.mark));
        let is_wanted = |span: &Span| around.iter().any(|other| other.mark == span.mark);
        let stay = self.open.iter().take_while(|span| is_wanted(span)).count();
        self.close(stay, out);
        for span in around {
            if self.open.iter().all(|open| open.mark != span.mark) {
                let mark = &self.all[span.mark];
                let mut tag = String::with_capacity(64);
                tag.push_str("<mark");
                push_attribute(&mut tag, "class", mark.class);
                let first = !mem::replace(&mut self.begun[span.mark], true);
                push_attribute(&mut tag, if first { "id" } else { "data-of" }, &mark.id);
                if let Some(title) = &mark.title {
                    push_attribute(&mut tag, "title", title);
                }
                tag.push('>');
                out.push(Event::InlineHtml(tag.into()));
                self.open.push(span);
            }
        }
    }

    /// Closes all that are open but the outermost `stay`.
    pub fn close(&mut self, stay: usize, out: &mut Vec<Event<'_>>) {
        while self.open.len() > stay {
            self.open.pop();
            out.push(Event::InlineHtml("</mark>".into()));
        }
    }

    /// Lets go of those that end at `at` or before, and closes them if their notes
    /// are to stand here: the indices of these, in the order in which they began.
    pub fn finish(&mut self, at: Position, out: &mut Vec<Event<'_>>) -> Vec<usize> {
        if self.live.iter().all(|span| span.to > at) {
            return Vec::new();
        }
        let mut ended: Vec<usize> =
            self.live.extract_if(.., |span| span.to <= at).map(|span| span.mark).collect();
        ended.retain(|mark| self.begun[*mark] && self.all[*mark].note.is_some());
        if let Some(stay) = self.open.iter().position(|span| ended.contains(&span.mark)) {
            self.close(stay, out);
        }
        ended
    }
}
