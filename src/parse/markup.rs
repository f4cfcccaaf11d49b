//! From a body and what is known about it to HTML.
//!
//! Quotations, hedges and loaded words are marked where they stand, links led
//! to their pages, first mentions linked, headings given ids. What is marked
//! and where a link leads is decided elsewhere; here it only gets its form, and
//! whatever the author wrote, what comes out nests as HTML must.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem;
use std::ops::Range;

use pulldown_cmark::html::push_html;
use pulldown_cmark::{Alignment, BlockQuoteKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::fingerprint::ByName;
pub use crate::parse::autolink::Autolink;
use crate::parse::autolink::{Mention, mentions, raw_link};
use crate::parse::clean::clean;
use crate::parse::escape::{address, attribute, push_attribute, push_escaped};
use crate::parse::footnotes::{END_OF_CUT_PARAGRAPH, Footnotes};
pub use crate::parse::headings::Heading;
use crate::parse::headings::headings;
use crate::parse::links::{LinkRequest, is_dangerous, requests};
pub use crate::parse::pieces::Piece;
use crate::parse::pieces::{pieces, settle, sign, signs, without_signs};
use crate::parse::quote::Anchor;
use crate::parse::sentence::sentence_end;
use crate::parse::text::{Position, VisibleText, events};
use crate::words::Words;

/// What the id of a mark's link to its note ends in.
const OF_NOTE: &str = "-note";

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

/// Where a link really leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkTarget {
    /// The address.
    pub href: String,
    /// Shown when a reader points at the link; the author's own wins.
    pub title: Option<String>,
    /// HTML class: `speaker`, `territory`.
    pub class: Option<&'static str>,
}

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It leads where the author says. A wikilink, which says no address,
    /// becomes plain text.
    AsWritten,
    /// It leads here.
    To(LinkTarget),
    /// It leads nowhere: its words stay, as plain text.
    Text,
}

/// What is known about a body besides its text.
#[derive(Clone, Copy)]
pub struct Annotations<'a> {
    /// Words to be marked; they may overlap.
    pub marks: &'a [Mark],
    /// Words beside which something is to stand: the text is cut behind their
    /// sentence.
    pub asides: &'a [Anchor],
    /// Says for each link, image and wikilink where it leads.
    pub resolve: &'a dyn Fn(&LinkRequest) -> Resolved,
    /// Names to be linked at their first mention.
    pub names: &'a [Autolink<'a>],
    /// Ids of the page around the body, which no heading may take: those that every
    /// page may have, and its own. Those of the marks and of footnotes (`fn-`,
    /// `fnref-`) need not be among them.
    pub reserved: [&'a BTreeSet<String>; 2],
    /// Lets the author's raw HTML through as it is.
    pub trust_html: bool,
    /// The words that the mark-up itself brings.
    pub words: &'a Words,
}

/// A body as HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup {
    /// The HTML, to stand in an element that may hold paragraphs: one piece
    /// where nothing stands beside it. A piece ends where a block may stand,
    /// and a paragraph that is cut is `<div role="paragraph">`.
    pub pieces: Vec<Piece>,
    /// Its headings, in their order.
    pub headings: Vec<Heading>,
    /// Its text as a reader sees it.
    pub text: VisibleText,
}

/// Turns `body` into HTML.
#[must_use]
pub fn markup(body: &str, annotations: &Annotations<'_>) -> Markup {
    let events = events(body);
    let visible =
        VisibleText::of_events(body, events.iter().map(|(event, range)| (event, range.clone())));
    let links: HashMap<usize, Link, ByName> = requests(body, &events)
        .into_iter()
        .map(|(index, request)| (index, link(&request, annotations.resolve)))
        .collect();
    let linked = links.values().flatten().map(|target| target.href.as_str()).collect();
    let marks: HashSet<&str, ByName> = annotations.marks.iter().map(|mark| &*mark.id).collect();
    let headings = headings(&events, |id| {
        annotations.reserved.iter().any(|ids| ids.contains(id))
            || marks.contains(id.strip_suffix(OF_NOTE).unwrap_or(id))
            || marks.contains(id)
    });
    let mut writer = Writer {
        annotations,
        links: &links,
        headings: headings.iter(),
        level: HeadingLevel::H2,
        spans: spans(&visible, annotations.marks).into_iter().peekable(),
        asides: asides(&visible, annotations.asides).into_iter().peekable(),
        waiting: Vec::new(),
        let_in: vec![false; annotations.asides.len()],
        closed: 0,
        paragraph: None,
        live: Vec::new(),
        open: Vec::new(),
        begun: vec![false; annotations.marks.len()],
        mentions: mentions(&visible, &events, &linked, annotations.names),
        next_mention: 0,
        mention: None,
        link_tags: Vec::new(),
        in_link: false,
        in_raw_link: false,
        in_code: false,
        pending: Vec::new(),
        in_image: 0,
        footnotes: Footnotes::of(&events),
        outer: Vec::new(),
        tables: 0,
        in_head: false,
        alignments: &[],
        column: 0,
        cell: 0,
        raw: false,
        out: Vec::with_capacity(events.len() * 2),
    };
    for (index, (event, _)) in (0..).zip(&events) {
        writer.event(index, event);
    }
    let (raw, cuts) = (writer.raw, writer.let_in.iter().filter(|is_in| **is_in).count());
    let mut html = String::with_capacity(body.len() * 2);
    push_html(&mut html, writer.done().into_iter());
    if cuts > 0 && signs(&html) != cuts {
        // The author wrote such a sign, so that it shows nothing.
        return markup(body, &Annotations { asides: &[], ..*annotations });
    }
    let is_cleaned = raw && !annotations.trust_html;
    if is_cleaned {
        let reserved = annotations.reserved.into_iter().flatten();
        let mut reserved: BTreeSet<String> = reserved.cloned().collect();
        for mark in annotations.marks {
            reserved.remove(&mark.id);
            reserved.remove(&mark.note_id());
        }
        html = clean(&html, reserved);
    }
    let pieces = match (cuts, raw) {
        (0, _) => vec![Piece { html, asides: Vec::new() }],
        (_, false) => pieces(&html),
        (_, true) if is_cleaned && signs(&html) == cuts => pieces(&settle(&html)),
        // Nobody knows what the author's elements hold.
        _ => vec![without_signs(&html)],
    };
    Markup { pieces, headings, text: visible }
}

/// What becomes of one link: nothing, or where it leads.
type Link = Option<LinkTarget>;

fn link(request: &LinkRequest, resolve: &dyn Fn(&LinkRequest) -> Resolved) -> Link {
    let target = match resolve(request) {
        Resolved::Text => return None,
        Resolved::AsWritten if request.link.is_wikilink && !request.link.is_image => return None,
        Resolved::AsWritten => {
            LinkTarget { href: request.link.destination.to_string(), title: None, class: None }
        }
        Resolved::To(target) => target,
    };
    (!is_dangerous(&target.href)).then_some(target)
}

/// A stretch of the events that belongs to one mark.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Position,
    to: Position,
    mark: usize,
}

/// The stretches of all marks, in the order in which they begin.
fn spans(visible: &VisibleText, marks: &[Mark]) -> Vec<Span> {
    let mut spans: Vec<Span> = marks
        .iter()
        .enumerate()
        .filter_map(|(mark, Mark { at, .. })| {
            let (from, to) = (visible.starts_at(at.start)?, visible.ends_at(at.end)?);
            (from < to).then_some(Span { from, to, mark })
        })
        .collect();
    // The longer one first, so that it goes around the shorter.
    spans.sort_by_key(|span| (span.from, Reverse(span.to), span.mark));
    spans
}

/// Words beside which something is to stand.
#[derive(Debug, Clone, Copy)]
struct Aside {
    /// Where they end.
    words: Position,
    /// Where their sentence ends, if their paragraph does not end before.
    sentence: Position,
    /// Its index.
    nth: usize,
}

/// All asides whose words are there, in the order in which these end.
fn asides(visible: &VisibleText, anchors: &[Anchor]) -> Vec<Aside> {
    let mut asides: Vec<Aside> = (0..)
        .zip(anchors)
        .filter_map(|(nth, at)| {
            let words = visible.ends_at(at.end)?;
            let end = sentence_end(visible.as_str(), at.end as usize);
            Some(Aside { words, sentence: visible.ends_at(narrow(end))?, nth })
        })
        .collect();
    asides.sort_by_key(|aside| (aside.words, aside.nth));
    asides
}

/// What waits for the end of the link or code that it must not stand in.
#[derive(Debug, Clone, Copy)]
enum Pending {
    /// The note of a mark.
    Note(usize),
    /// A reference to the footnote with this number.
    Footnote(usize),
}

/// Goes through the events of a body once and writes down those of the page.
///
/// Marks are open only around text: whatever else comes closes them first, and
/// the next text opens them again. So they nest, whatever they cut across.
struct Writer<'a, 'w> {
    annotations: &'w Annotations<'w>,
    links: &'w HashMap<usize, Link, ByName>,
    headings: std::slice::Iter<'w, Heading>,
    /// The level of the heading that is open.
    level: HeadingLevel,
    /// Marks to come.
    spans: std::iter::Peekable<std::vec::IntoIter<Span>>,
    /// Asides to come.
    asides: std::iter::Peekable<std::vec::IntoIter<Aside>>,
    /// Asides whose words have come, while the place for them has not.
    waiting: Vec<Aside>,
    /// For each aside, whether it has its place.
    let_in: Vec<bool>,
    /// How many elements are open that an aside must not stand in.
    closed: u32,
    /// Where in `out` the paragraph that is open begins, and whether it is cut.
    paragraph: Option<(usize, bool)>,
    /// Marks that have begun in the text and not yet ended.
    live: Vec<Span>,
    /// Marks whose tags are open, the outermost first.
    open: Vec<Span>,
    /// For each mark, whether its first piece has been written.
    begun: Vec<bool>,
    mentions: Vec<Mention>,
    /// The first of `mentions` that is still to come.
    next_mention: usize,
    /// The mention whose link is open, and how many marks are open around it.
    mention: Option<(Mention, usize)>,
    /// For each link of the author's that is open, whether it has a tag.
    link_tags: Vec<bool>,
    in_link: bool,
    in_raw_link: bool,
    in_code: bool,
    pending: Vec<Pending>,
    /// How many images, one in the other, are open: their text is no text of
    /// the page.
    in_image: u32,
    footnotes: Footnotes<'a>,
    /// What was being written when a footnote's definition came, and the index
    /// of the definition.
    outer: Vec<(Vec<Event<'a>>, usize)>,
    /// How many tables there were.
    tables: u32,
    in_head: bool,
    alignments: &'w [Alignment],
    column: usize,
    /// Where in `out` the table cell that is open begins.
    cell: usize,
    /// Whether the author wrote HTML.
    raw: bool,
    out: Vec<Event<'a>>,
}

impl<'a, 'w> Writer<'a, 'w> {
    fn event(&mut self, index: u32, event: &'w Event<'a>) {
        if self.in_image > 0 {
            return self.description(event);
        }
        self.finish(Position { event: index, offset: 0 });
        while let Some(span) = self.spans.next_if(|span| span.from.event <= index) {
            self.live.push(span);
        }
        while let Some(aside) = self.asides.next_if(|aside| aside.words.event <= index) {
            self.waiting.push(aside);
        }
        match event {
            Event::Text(text) => self.text(index, text),
            Event::Code(text) => self.code(index, text),
            Event::SoftBreak => {
                let at = Position { event: index, offset: 0 };
                self.let_in(at, |aside| aside.sentence);
                self.piece(at, Position { event: index, offset: 1 }, Event::SoftBreak);
            }
            _ => {
                self.wear(&[]);
                self.make_way(index, event);
                self.other(index, event);
                if is_block(event) {
                    self.make_way(index, event);
                }
            }
        }
    }

    /// Lets in what stands before this event: at the end of a block all that
    /// belongs to its text, and between its parts what belongs to a sentence
    /// that has ended.
    fn make_way(&mut self, index: u32, event: &Event<'_>) {
        let at = Position { event: index, offset: 0 };
        match event {
            _ if self.waiting.is_empty() => {}
            _ if is_block(event) => self.let_in(at, |aside| aside.words),
            // What ends here still belongs to the sentence.
            Event::End(_) | Event::FootnoteReference(_) => {}
            _ => self.let_in(at, |aside| aside.sentence),
        }
    }

    /// Lets in what has waited for a place that is at or before `at`, if it may
    /// stand here.
    fn let_in(&mut self, at: Position, place: fn(&Aside) -> Position) {
        let is_closed = self.closed > 0 || self.in_link || self.in_code || self.mention.is_some();
        if is_closed || self.waiting.iter().all(|aside| place(aside) > at) {
            return;
        }
        self.close_marks(0);
        let mut ready: Vec<usize> = self
            .waiting
            .extract_if(.., |aside| place(aside) <= at)
            .map(|aside| aside.nth)
            .collect();
        ready.sort_unstable();
        for nth in ready {
            self.let_in[nth] = true;
            self.inline(sign(nth));
        }
        if let Some((start, is_cut)) = &mut self.paragraph
            && !mem::replace(is_cut, true)
        {
            self.out[*start] = Event::Html("<div role=\"paragraph\">".into());
        }
    }

    /// An event that no mark stays open across.
    fn other(&mut self, index: u32, event: &'w Event<'a>) {
        match event {
            Event::Start(tag) => self.start(index, tag),
            Event::End(tag) => self.end(*tag),
            Event::FootnoteReference(label) => match self.footnotes.number(label) {
                Some(number) => {
                    self.pending.push(Pending::Footnote(number));
                    self.flush();
                }
                None => self.out.push(Event::Text(format!("[^{label}]").into())),
            },
            Event::TaskListMarker(done) => {
                let words = self.annotations.words;
                let (checked, label) = if *done {
                    (" checked", words.say("task_done"))
                } else {
                    ("", words.say("task_open"))
                };
                let label = attribute(label);
                self.inline(format!(
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "
                ));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.raw = true;
                raw_link(html, &mut self.in_raw_link);
                self.out.push(event.clone());
                self.flush();
            }
            _ => self.out.push(event.clone()),
        }
    }

    fn start(&mut self, index: u32, tag: &'w Tag<'a>) {
        match holds_asides(tag.to_end()) {
            Some(false) => self.closed += 1,
            Some(true) => self.closed -= 1,
            None => {}
        }
        match tag {
            Tag::Paragraph => {
                self.paragraph = Some((self.out.len(), false));
                self.out.push(Event::Start(Tag::Paragraph));
            }
            Tag::Link { title, .. } => {
                let target = self.links.get(&(index as usize)).and_then(Option::as_ref);
                let target = target.filter(|_| !self.in_link);
                self.link_tags.push(target.is_some());
                if let Some(target) = target {
                    let title = Some(&**title).filter(|title| !title.is_empty());
                    let title = title.or(target.title.as_deref());
                    self.open_link(&target.href, title, target.class);
                }
            }
            Tag::Image { link_type, title, id, .. } => {
                // A dangerous one shows its description, as text.
                if let Some(Some(target)) = self.links.get(&(index as usize)) {
                    self.in_image = 1;
                    let given = target.title.as_deref().filter(|_| title.is_empty());
                    self.out.push(Event::Start(Tag::Image {
                        link_type: *link_type,
                        dest_url: target.href.clone().into(),
                        title: given.map_or(title.clone(), |given| given.to_owned().into()),
                        id: id.clone(),
                    }));
                }
            }
            Tag::Heading { classes, attrs, .. } => {
                let heading = self.headings.next().expect("every heading was listed");
                self.level = HeadingLevel::try_from(usize::from(heading.level))
                    .expect("levels were kept to six");
                // Others could run something, or break the page.
                let harmless = |name: &CowStr<'_>| matches!(&**name, "lang" | "dir");
                self.out.push(Event::Start(Tag::Heading {
                    level: self.level,
                    id: Some(heading.id.clone().into()),
                    classes: classes.clone(),
                    attrs: attrs.iter().filter(|(name, _)| harmless(name)).cloned().collect(),
                }));
            }
            Tag::FootnoteDefinition(_) => {
                let definition = self.footnotes.next();
                self.outer.push((mem::take(&mut self.out), definition));
            }
            Tag::BlockQuote(Some(kind)) => {
                let (class, title) = alert(*kind, self.annotations.words);
                self.block(format!(
                    "<div class=\"alert {class}\" role=\"note\">\n<p class=\"alert-title\">{}</p>\n",
                    attribute(title)
                ));
            }
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => self.table(tag),
            _ => self.out.push(Event::Start(tag.clone())),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match holds_asides(tag) {
            Some(false) => self.closed -= 1,
            Some(true) => self.closed += 1,
            None => {}
        }
        match tag {
            TagEnd::Paragraph => {
                self.in_raw_link &= self.pending.is_empty();
                self.flush();
                let is_cut = self.paragraph.take().is_some_and(|(_, is_cut)| is_cut);
                let end = Event::End(TagEnd::Paragraph);
                self.out.push(if is_cut { END_OF_CUT_PARAGRAPH } else { end });
            }
            TagEnd::Link => {
                if self.link_tags.pop() == Some(true) {
                    self.close_link();
                }
            }
            // Of one that was not written.
            TagEnd::Image => {}
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.out.push(Event::End(tag));
            }
            _ => {
                // A link in raw HTML may never be closed.
                self.in_raw_link &= self.pending.is_empty();
                self.flush();
                self.end_block(tag);
            }
        }
    }

    fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.out.push(Event::End(TagEnd::Heading(self.level))),
            TagEnd::FootnoteDefinition => {
                if let Some((outer, definition)) = self.outer.pop() {
                    let written = mem::replace(&mut self.out, outer);
                    self.footnotes.define(definition, written);
                }
            }
            TagEnd::BlockQuote(Some(_)) => self.block("</div>\n"),
            TagEnd::Table => self.block("</tbody></table></div>\n"),
            TagEnd::TableHead => self.block("</tr></thead><tbody>\n"),
            TagEnd::TableRow => self.block("</tr>\n"),
            TagEnd::TableCell => {
                let empty = self.out.len() == self.cell + 1;
                match (self.in_head, empty) {
                    (true, false) => self.block("</th>"),
                    (true, true) => {
                        // A header that says nothing is no header.
                        self.out.pop();
                        self.block("<td></td>");
                    }
                    (false, _) => self.block("</td>"),
                }
            }
            _ => self.out.push(Event::End(tag)),
        }
    }

    /// Tables scroll by themselves where the page is narrow, by keyboard too.
    fn table(&mut self, tag: &'w Tag<'a>) {
        match tag {
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.tables += 1;
                let mut name = attribute(self.annotations.words.say("table"));
                if self.tables > 1 {
                    name = format!("{name} {}", self.tables);
                }
                self.block(format!(
                    "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\"><table>"
                ));
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Left) => " class=\"left\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    _ => "",
                };
                self.column += 1;
                self.cell = self.out.len();
                let cell = if self.in_head { "th scope=\"col\"" } else { "td" };
                self.block(format!("<{cell}{class}>"));
            }
            _ => {
                self.column = 0;
                self.in_head = matches!(tag, Tag::TableHead);
                self.block(if self.in_head { "<thead><tr>" } else { "<tr>" });
            }
        }
    }

    /// What an image's description holds: its text and nothing else.
    fn description(&mut self, event: &Event<'a>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.in_image += 1,
            Event::End(TagEnd::Image) => {
                self.in_image -= 1;
                if self.in_image == 0 {
                    self.out.push(event.clone());
                }
            }
            Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => {
                self.out.push(event.clone());
            }
            _ => {}
        }
    }

    fn text(&mut self, event: u32, text: &CowStr<'a>) {
        let next = self.mentions.get(self.next_mention);
        if self.live.is_empty()
            && self.waiting.is_empty()
            && self.mention.is_none()
            && next.is_none_or(|next| next.from.event > event)
        {
            // Most text is in no mark.
            self.wear(&[]);
            return self.out.push(Event::Text(text.clone()));
        }
        let at = |offset: usize| Position { event, offset: narrow(offset) };
        for part in self.cut(event, text) {
            let (from, to) = (at(part.start), at(part.end));
            self.let_in(from, |aside| aside.sentence);
            if let Some(mention) = self.mentions.get(self.next_mention).copied()
                && mention.from == from
            {
                self.next_mention += 1;
                self.open_mention(mention);
            }
            self.piece(from, to, Event::Text(slice(text, part)));
        }
    }

    fn code(&mut self, event: u32, text: &CowStr<'a>) {
        let at = |offset: usize| Position { event, offset: narrow(offset) };
        self.let_in(at(0), |aside| aside.sentence);
        let parts = self.cut(event, text);
        if let [whole] = &*parts {
            return self.piece(at(whole.start), at(whole.end), Event::Code(text.clone()));
        }
        self.wear(&[]);
        self.inline("<code>");
        self.in_code = true;
        for part in parts {
            self.piece(at(part.start), at(part.end), Event::Text(slice(text, part)));
        }
        self.wear(&[]);
        self.inline("</code>");
        self.in_code = false;
        self.flush();
    }

    /// The parts of an event's text that lie between the ends of marks and
    /// mentions.
    fn cut(&mut self, event: u32, text: &str) -> Vec<Range<usize>> {
        let mut cuts = vec![0, text.len()];
        let mut cut = |at: Position| {
            if at.event == event && text.is_char_boundary(at.offset as usize) {
                cuts.push(at.offset as usize);
            }
        };
        for span in &self.live {
            cut(span.from);
            cut(span.to);
        }
        for aside in &self.waiting {
            cut(aside.sentence);
        }
        let open = self.mention.iter().map(|(mention, _)| mention);
        let to_come = self.mentions[self.next_mention..].iter();
        for mention in open.chain(to_come.take_while(|mention| mention.from.event == event)) {
            cut(mention.from);
            cut(mention.to);
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    /// Writes one piece of text in the marks that belong around it.
    fn piece(&mut self, from: Position, to: Position, event: Event<'a>) {
        let mut marks: Vec<Span> =
            self.live.iter().copied().filter(|span| span.from <= from && to <= span.to).collect();
        marks.sort_by_key(|span| (Reverse(span.to), span.from, span.mark));
        self.wear(&marks);
        self.out.push(event);
        if let Some((_, around)) = self.mention.take_if(|(mention, _)| mention.to <= to) {
            self.close_marks(around);
            self.close_link();
        }
        self.finish(to);
    }

    /// Sees to it that just these marks are open.
    fn wear(&mut self, marks: &[Span]) {
        let wanted = |span: &Span| marks.iter().any(|other| other.mark == span.mark);
        let stay = self.open.iter().take_while(|span| wanted(span)).count();
        self.close_marks(stay);
        for span in marks {
            if self.open.iter().all(|open| open.mark != span.mark) {
                let mark = &self.annotations.marks[span.mark];
                let mut tag = String::with_capacity(64);
                tag.push_str("<mark");
                push_attribute(&mut tag, "class", mark.class);
                let first = !mem::replace(&mut self.begun[span.mark], true);
                push_attribute(&mut tag, if first { "id" } else { "data-of" }, &mark.id);
                if let Some(title) = &mark.title {
                    push_attribute(&mut tag, "title", title);
                }
                tag.push('>');
                self.inline(tag);
                self.open.push(*span);
            }
        }
    }

    /// Closes all open marks but the outermost `stay`.
    fn close_marks(&mut self, stay: usize) {
        while self.open.len() > stay {
            self.open.pop();
            self.inline("</mark>");
        }
    }

    /// Lets go of the marks that end before `at`, and writes their notes.
    fn finish(&mut self, at: Position) {
        if self.live.iter().all(|span| span.to > at) {
            return;
        }
        let mut ended: Vec<usize> =
            self.live.extract_if(.., |span| span.to <= at).map(|span| span.mark).collect();
        ended.retain(|mark| self.begun[*mark] && self.annotations.marks[*mark].note.is_some());
        if ended.is_empty() {
            return;
        }
        if let Some(stay) = self.open.iter().position(|span| ended.contains(&span.mark)) {
            self.close_marks(stay);
        }
        self.pending.extend(ended.into_iter().map(Pending::Note));
        self.flush();
    }

    /// Writes what had to wait, if it may stand here.
    fn flush(&mut self) {
        if self.in_link || self.in_raw_link || self.in_code {
            return;
        }
        for waiting in mem::take(&mut self.pending) {
            let html = match waiting {
                Pending::Footnote(number) => {
                    self.footnotes.reference(number, self.annotations.words.say("footnote"))
                }
                Pending::Note(mark) => {
                    let mark = &self.annotations.marks[mark];
                    let Some(note) = &mark.note else { continue };
                    // Its own aside is still to come.
                    let is_near = note.aside.is_some_and(|aside| {
                        self.waiting.iter().any(|waiting| waiting.nth == aside)
                    });
                    let mut link = String::with_capacity(128);
                    link.push_str("<sup");
                    let class = if is_near { "note-ref near" } else { "note-ref" };
                    push_attribute(&mut link, "class", class);
                    link.push_str("><a");
                    push_attribute(&mut link, "id", &mark.note_id());
                    link.push_str(" href=\"");
                    link.push_str(&address(&note.href));
                    link.push('"');
                    if let Some(label) = &note.label {
                        push_attribute(&mut link, "aria-label", label);
                    }
                    link.push('>');
                    push_escaped(&mut link, &note.number);
                    link.push_str("</a></sup>");
                    link
                }
            };
            self.inline(html);
        }
    }

    fn open_mention(&mut self, mention: Mention) {
        // A mark that goes on behind the name may stay open around its link.
        let around = self.open.iter().take_while(|span| {
            span.to >= mention.to && self.live.iter().any(|live| live.mark == span.mark)
        });
        let around = around.count();
        self.close_marks(around);
        let name = &self.annotations.names[mention.name];
        self.open_link(&name.href, None, Some(name.class));
        self.mention = Some((mention, around));
    }

    fn open_link(&mut self, href: &str, title: Option<&str>, class: Option<&str>) {
        let mut tag = ["<a href=\"", &address(href), "\""].concat();
        for (name, value) in [("title", title), ("class", class)] {
            if let Some(value) = value {
                push_attribute(&mut tag, name, value);
            }
        }
        tag.push('>');
        self.inline(tag);
        self.in_link = true;
    }

    fn close_link(&mut self) {
        self.inline("</a>");
        self.in_link = false;
        self.flush();
    }

    fn inline(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn block(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(html.into()));
    }

    fn done(mut self) -> Vec<Event<'a>> {
        let words = self.annotations.words;
        self.wear(&[]);
        self.closed = 0;
        self.let_in(Position { event: u32::MAX, offset: 0 }, |aside| aside.words);
        self.out
            .append(&mut self.footnotes.section(words.say("footnotes"), words.say("back_to_text")));
        self.out
    }
}

/// Whether an event begins or ends a block.
fn is_block(event: &Event<'_>) -> bool {
    let is_inline = |tag: TagEnd| {
        use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
        matches!(tag, Emphasis | Strong | Strikethrough | Link | Image)
    };
    match event {
        Event::Start(tag) => !is_inline(tag.to_end()),
        Event::End(tag) => !is_inline(*tag),
        Event::Rule | Event::Html(_) => true,
        _ => false,
    }
}

/// Whether something may stand beside the text in such an element again, or no
/// longer; `None` where that is as it is around it.
fn holds_asides(tag: TagEnd) -> Option<bool> {
    use TagEnd::{
        CodeBlock, DefinitionList, DefinitionListDefinition, Emphasis, Heading, HtmlBlock, Link,
        Strikethrough, Strong, Table,
    };
    match tag {
        Emphasis | Strong | Strikethrough | Link | Heading(_) | Table | CodeBlock | HtmlBlock
        | DefinitionList => Some(false),
        DefinitionListDefinition => Some(true),
        _ => None,
    }
}

/// A part of an event's text, borrowed where that is.
fn slice<'a>(text: &CowStr<'a>, part: Range<usize>) -> CowStr<'a> {
    match text {
        CowStr::Borrowed(text) => CowStr::Borrowed(&text[part]),
        other if part == (0..other.len()) => other.clone(),
        other => other[part].to_owned().into(),
    }
}

/// Class and title of an alert.
fn alert(kind: BlockQuoteKind, words: &Words) -> (&'static str, &str) {
    let (class, key) = match kind {
        BlockQuoteKind::Note => ("note", "alert_note"),
        BlockQuoteKind::Tip => ("tip", "alert_tip"),
        BlockQuoteKind::Important => ("important", "alert_important"),
        BlockQuoteKind::Warning => ("warning", "alert_warning"),
        BlockQuoteKind::Caution => ("caution", "alert_caution"),
    };
    (class, words.say(key))
}

/// Offsets are kept in 32 bits; a body of 4 GB is refused long before.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::selector::Selector;
    use crate::parse::quote::find;

    fn mark(at: Anchor, nth: usize, note: bool) -> Mark {
        let number = nth.to_string();
        let note =
            note.then(|| Note { href: format!("#c{nth}"), number, label: None, aside: None });
        Mark { at, id: format!("q{nth}"), class: "quote", title: None, note }
    }

    fn marks(body: &str, words: &[&str], note: bool) -> Vec<Mark> {
        let text = VisibleText::of(body);
        let found = |words: &&str| find(&text, &Selector::exact(*words)).expect("words are there");
        (1..).zip(words).map(|(nth, words)| mark(found(words), nth, note)).collect()
    }

    /// `speaker:` leads to a page, `draft:` nowhere, a wikilink to its slug.
    fn resolve(LinkRequest { link, .. }: &LinkRequest) -> Resolved {
        let to = |href: String, class| {
            Resolved::To(LinkTarget { href, title: None, class: Some(class) })
        };
        match link.destination.split_once(':') {
            Some(("speaker", id)) => to(format!("../speakers/{id}.html"), "speaker"),
            Some(("draft", _)) => Resolved::Text,
            _ if link.is_wikilink && &*link.destination != "Nobody" => {
                to(format!("../{}.html", Id::from_name(&link.destination).unwrap()), "speaker")
            }
            _ => Resolved::AsWritten,
        }
    }
    use crate::id::Id;

    fn names() -> Vec<Autolink<'static>> {
        [
            ("Steven Witkoff", "w"),
            ("Witkoff", "w"),
            ("Crimea", "c"),
            ("Crimea Bridge", "b"),
            ("O'Brien", "o"),
            ("Łódź", "l"),
            ("北京", "p"),
        ]
        .map(|(name, id)| Autolink { name, href: format!("{id}.html"), class: "x" })
        .to_vec()
    }

    /// A body as HTML in one piece.
    struct Whole {
        html: String,
        headings: Vec<Heading>,
    }

    fn render(body: &str, marks: &[Mark], names: &[Autolink], trust_html: bool) -> Whole {
        let made = cut(body, marks, &[], names, trust_html);
        let [Piece { html, asides }] = &*made.pieces else { panic!("{made:?}") };
        assert!(asides.is_empty());
        Whole { html: html.clone(), headings: made.headings }
    }

    fn cut(
        body: &str,
        marks: &[Mark],
        asides: &[Anchor],
        names: &[Autolink],
        trust_html: bool,
    ) -> Markup {
        let reserved = BTreeSet::from(["main".to_owned()]);
        let words = Words::english();
        let made = markup(
            body,
            &Annotations {
                marks,
                asides,
                resolve: &resolve,
                names,
                reserved: [&reserved, &BTreeSet::new()],
                trust_html,
                words: &words,
            },
        );
        let html: String = made.pieces.iter().map(|piece| &*piece.html).collect();
        nests(&html, !body.contains('<'));
        made
    }

    fn check(body: &str, html: &str) {
        assert_eq!(render(body, &[], &[], false).html.trim_end(), html, "{body:?}");
    }

    fn check_marks(body: &str, words: &[&str], html: &str) {
        let marks = marks(body, words, false);
        assert_eq!(render(body, &marks, &[], false).html.trim_end(), html, "{body:?}");
    }

    fn check_notes(body: &str, words: &[&str], html: &str) {
        let marks = marks(body, words, true);
        let made = render(body, &marks, &[], false).html;
        // The notes in short, since their form is the same each time.
        let short = (1..).zip(words).fold(made, |html, (n, _)| {
            html.replace(
                &format!(
                    "<sup class=\"note-ref\"><a id=\"q{n}-note\" href=\"#c{n}\">{n}</a></sup>"
                ),
                &format!("({n})"),
            )
        });
        assert_eq!(short.trim_end(), html, "{body:?}");
    }

    fn check_names(body: &str, html: &str) {
        let html = html.replace(".html>", ".html\" class=\"x\">").replace("<a =", "<a href=\"");
        assert_eq!(render(body, &[], &names(), false).html.trim_end(), html, "{body:?}");
    }

    /// Panics unless every element that is opened is closed in its turn and no
    /// id occurs twice; and, where all HTML is ours, unless no link stands in a
    /// link and no block in a mark.
    fn nests(html: &str, ours: bool) {
        let mut open: Vec<&str> = Vec::new();
        let mut ids = BTreeSet::new();
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap();
            if let Some(id) = tag.split(" id=\"").nth(1) {
                assert!(ids.insert(id.split('"').next().unwrap()), "{id} twice in {html}");
            }
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{html}");
            } else if !matches!(name, "br" | "img" | "hr" | "input") {
                assert!(!ours || name != "a" || !open.contains(&"a"), "a link in a link: {html}");
                assert!(
                    !ours || name != "p" || !open.contains(&"mark"),
                    "a block in a mark: {html}"
                );
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?} left open in {html}");
    }

    #[test]
    fn marks_are_cut_where_other_mark_up_begins_or_ends() {
        check_marks("a b c", &["b"], "<p>a <mark class=\"quote\" id=\"q1\">b</mark> c</p>");
        check_marks(
            "a *b c* d",
            &["a b"],
            "<p><mark class=\"quote\" id=\"q1\">a </mark><em><mark class=\"quote\" \
             data-of=\"q1\">b</mark> c</em> d</p>",
        );
        check_marks(
            "AT&amp;T\nsaid",
            &["T&T said"],
            "<p>A<mark class=\"quote\" id=\"q1\">T&amp;T\nsaid</mark></p>",
        );
        check_marks(
            "run `go` now",
            &["run go"],
            "<p><mark class=\"quote\" id=\"q1\">run <code>go</code></mark> now</p>",
        );
        check_marks(
            "run `go on`",
            &["run go"],
            "<p><mark class=\"quote\" id=\"q1\">run </mark><code><mark class=\"quote\" \
             data-of=\"q1\">go</mark> on</code></p>",
        );
        check_marks(
            "a  \nb\n\nc",
            &["a b c"],
            "<p><mark class=\"quote\" id=\"q1\">a</mark><br />\n<mark class=\"quote\" \
             data-of=\"q1\">b</mark></p>\n<p><mark class=\"quote\" data-of=\"q1\">c</mark></p>",
        );
        check_marks(
            "cafe\u{301} x",
            &["café"],
            "<p><mark class=\"quote\" id=\"q1\">cafe\u{301}</mark> x</p>",
        );
    }

    #[test]
    fn marks_may_overlap() {
        check_marks(
            "a b c",
            &["a b", "b c"],
            "<p><mark class=\"quote\" id=\"q1\">a <mark class=\"quote\" id=\"q2\">b</mark></mark><mark \
             class=\"quote\" data-of=\"q2\"> c</mark></p>",
        );
        check_marks(
            "a b c",
            &["b", "a b c", "b"],
            "<p><mark class=\"quote\" id=\"q2\">a <mark class=\"quote\" id=\"q1\"><mark \
             class=\"quote\" id=\"q3\">b</mark></mark> c</mark></p>",
        );
    }

    #[test]
    fn a_note_stands_behind_the_last_piece() {
        check_notes(
            "a *b* c",
            &["a b"],
            "<p><mark class=\"quote\" id=\"q1\">a </mark><em><mark class=\"quote\" \
             data-of=\"q1\">b</mark>(1)</em> c</p>",
        );
        check_notes(
            "[a b c](x) d",
            &["b", "c d"],
            "<p><a href=\"x\">a <mark class=\"quote\" id=\"q1\">b</mark> <mark class=\"quote\" \
             id=\"q2\">c</mark></a>(1)<mark class=\"quote\" data-of=\"q2\"> d</mark>(2)</p>",
        );
        check_notes(
            "a b c",
            &["a b", "b c", "b"],
            "<p><mark class=\"quote\" id=\"q1\">a <mark class=\"quote\" id=\"q2\"><mark class=\"quote\" \
             id=\"q3\">b</mark></mark></mark>(1)(3)<mark class=\"quote\" data-of=\"q2\"> c</mark>(2)</p>",
        );
        check_notes(
            "`a b`.",
            &["b"],
            "<p><code>a <mark class=\"quote\" id=\"q1\">b</mark></code>(1).</p>",
        );
        check_notes(
            "<a href=\"x\">a</a> b",
            &["a"],
            "<p><a href=\"x\"><mark class=\"quote\" id=\"q1\">a</mark></a>(1) b</p>",
        );
    }

    /// `{0}` stands where the text is cut for the first of `words`.
    fn check_cuts(body: &str, words: &[&str], expected: &str) {
        let marks: Vec<Anchor> = marks(body, words, false).iter().map(|mark| mark.at).collect();
        let made = cut(body, &[], &marks, &[], false);
        let shown = made.pieces.iter().map(|piece| {
            let asides = piece.asides.iter().map(|nth| format!("{{{nth}}}"));
            format!("{}{}", piece.html, asides.collect::<String>())
        });
        let html = shown.collect::<String>().replace("<div role=\"paragraph\">", "<p>");
        assert_eq!(html.replace("</div>", "</p>").trim_end(), expected, "{body:?}");
    }

    #[test]
    fn the_text_is_cut_behind_the_sentence_of_the_words() {
        check_cuts("One a. Two b. C", &["Two"], "<p>One a. Two b.{0} C</p>");
        check_cuts("One a.\nTwo b", &["Two", "One"], "<p>One a.{1}\nTwo b{0}</p>");
        check_cuts("One “a.” Two", &["a.", "One “a"], "<p>One “a.”{0}{1} Two</p>");
        check_cuts("One a.[^1] Two\n\n[^1]: x", &["a"], {
            "<p>One a.<sup class=\"fn-ref\"><a id=\"fnref-1\" href=\"#fn-1\" role=\"doc-noteref\" \
             aria-label=\"Footnote 1\">1</a></sup>{0} Two</p>\n<section class=\"footnotes\" \
             role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n<li id=\"fn-1\">\n<p>x <a \
             class=\"fn-back\" href=\"#fnref-1\" role=\"doc-backlink\" aria-label=\"Back to the \
             text\">\u{21a9}\u{fe0e}</a></p>\n</li>\n</ol>\n</section>"
        });
    }

    #[test]
    fn a_cut_leaves_what_may_hold_no_block() {
        check_cuts(
            "*One. Two* B. C",
            &["One"],
            "<p><em>One. Two</em> B.{0} C</p>".replace("</em> B.{0} C", "</em>{0} B. C").as_str(),
        );
        check_cuts("*One.* Two", &["One"], "<p><em>One.</em>{0} Two</p>");
        check_cuts("[One. A](x). C", &["One"], "<p><a href=\"x\">One. A</a>{0}. C</p>");
        check_cuts("`One. A` B", &["One"], "<p><code>One. A</code>{0} B</p>");
        check_cuts(
            "# One\n\nA",
            &["One"],
            "<h2 id=\"one\">One</h2>\n{0}<p>A</p>".replace("{0}<p>", "{0}\n<p>").as_str(),
        );
        check_cuts("- One\n  - two\n- c", &["One", "two"], {
            "<ul>\n<li>One{0}\n<ul>\n<li>two{1}</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"
        });
        check_cuts("> One\n\nb", &["One"], "<blockquote>\n<p>One{0}</p>\n</blockquote>\n<p>b</p>");
        check_cuts("    One\n\nb", &["One"], "<pre><code>One\n</code></pre>\n{0}\n<p>b</p>");
        check_cuts(
            "One\n: two\n",
            &["One", "two"],
            "<dl>\n<dt>One</dt>\n<dd>{0}two{1}</dd>\n</dl>",
        );
    }

    #[test]
    fn a_cut_stands_well_in_the_html_of_the_author() {
        check_cuts("a <b>one. Two</b> b. C", &["one"], "<p>a <b>one. Two</b>{0} b. C</p>");
        check_cuts("<p>one.</p>\n\nb", &["b"], "<p>one.</p>\n<p>b{0}</p>");
        check_cuts("\u{fdd0}0\u{fdd1} one", &["one"], "<p>\u{fdd0}0\u{fdd1} one</p>");
    }

    #[test]
    fn links_lead_where_they_are_led() {
        check(
            "[a *b*](speaker:x)",
            "<p><a href=\"../speakers/x.html\" class=\"speaker\">a <em>b</em></a></p>",
        );
        check("[[Jane Doe]]", "<p><a href=\"../jane-doe.html\" class=\"speaker\">Jane Doe</a></p>");
        check("[[jane|her]]", "<p><a href=\"../jane.html\" class=\"speaker\">her</a></p>");
        check("[[Nobody]]", "<p>Nobody</p>");
        check("[a](draft:b) c", "<p>a c</p>");
        check("[a](<b c> \"d\\\"e\")", "<p><a href=\"b%20c\" title=\"d&quot;e\">a</a></p>");
        check("<a@b.org>", "<p><a href=\"mailto:a@b.org\">a@b.org</a></p>");
        check("![a *b* [c](d) ](e.png)", "<p><img src=\"e.png\" alt=\"a b c \" /></p>");
        check("[![a](b.png)](c)", "<p><a href=\"c\"><img src=\"b.png\" alt=\"a\" /></a></p>");
        check("![a <b>x</b>[^1]](e.png)", "<p><img src=\"e.png\" alt=\"a x[^1]\" /></p>");
    }

    #[test]
    fn what_a_browser_would_run_stays_as_text() {
        check("[a](javascript:x) b", "<p>a b</p>");
        check("[a](Java&#x53;cript:x)", "<p>a</p>");
        check("[a](<java&Tab;script:x>)", "<p>a</p>");
        check("![a](data:image/svg+xml,x)", "<p>a</p>");
        check("<javascript:x>", "<p>javascript:x</p>");
    }

    #[test]
    fn headings_begin_at_the_second_level() {
        check("# A\n### B", "<h2 id=\"a\">A</h2>\n<h4 id=\"b\">B</h4>");
        check("### A\n###### B", "<h2 id=\"a\">A</h2>\n<h5 id=\"b\">B</h5>");
        check("# A\n###### B", "<h2 id=\"a\">A</h2>\n<h6 id=\"b\">B</h6>");
    }

    #[test]
    fn ids_of_headings_are_unique_on_the_page() {
        check(
            "# A\n# a\n# !",
            "<h2 id=\"a\">A</h2>\n<h2 id=\"a-2\">a</h2>\n<h2 id=\"section\">!</h2>",
        );
        check("# Main\n# Fn 1", "<h2 id=\"main-2\">Main</h2>\n<h2 id=\"section\">Fn 1</h2>");
        check("# A {#b .c lang=de onclick=x}", "<h2 id=\"b\" class=\"c\" lang=\"de\">A</h2>");
        check_marks(
            "# q1",
            &["q1"],
            "<h2 id=\"q1-2\"><mark class=\"quote\" id=\"q1\">q1</mark></h2>",
        );
        let made = render("# The *big* `x` ![i](j)\n\ntext", &[], &[], false);
        let heading = Heading { level: 2, id: "the-big-x".into(), text: "The big x".into() };
        assert_eq!(made.headings, [heading]);
    }

    #[test]
    fn the_first_mention_is_linked() {
        check_names(
            "Witkoff and Steven Witkoff",
            "<p><a =w.html>Witkoff</a> and Steven Witkoff</p>",
        );
        check_names("Steven\nWitkoff’s", "<p><a =w.html>Steven\nWitkoff</a>’s</p>");
        check_names("Crimea Bridge, Crimea", {
            "<p><a =b.html>Crimea Bridge</a>, <a =c.html>Crimea</a></p>"
        });
        check_names(
            "Crimean, witkoff, xCrimea, Crimea_x",
            "<p>Crimean, witkoff, xCrimea, Crimea_x</p>",
        );
        check_names("O'Brien", "<p><a =o.html>O'Brien</a></p>");
        check_names("Ło\u{301}dz\u{301}", "<p><a =l.html>Ło\u{301}dz\u{301}</a></p>");
        check_names("在北京说", "<p>在<a =p.html>北京</a>说</p>");
        check_names("*Crimea*", "<p><em><a =c.html>Crimea</a></em></p>");
    }

    #[test]
    fn some_mentions_are_left_alone() {
        check_names("# Crimea\n\nx", "<h2 id=\"crimea\">Crimea</h2>\n<p>x</p>");
        check_names(
            "`Crimea` ![Crimea](x)",
            "<p><code>Crimea</code> <img src=\"x\" alt=\"Crimea\" /></p>",
        );
        check_names(
            "[in Crimea](x) Crimea",
            "<p><a href=\"x\">in Crimea</a> <a =c.html>Crimea</a></p>",
        );
        check_names("Crimea, [there](c.html)", "<p>Crimea, <a href=\"c.html\">there</a></p>");
        check_names("Steven *Witkoff*", "<p>Steven <em><a =w.html>Witkoff</a></em></p>");
        check_names("<a href=\"y\">Crimea</a>", "<p><a href=\"y\">Crimea</a></p>");
    }

    #[test]
    fn mentions_and_marks_share_the_text() {
        let check = |body: &str, words: &[&str], html: &str| {
            let made = render(body, &marks(body, words, false), &names(), false).html;
            let short = made.replace(" class=\"quote\"", "").replace(" class=\"x\"", "");
            assert_eq!(short.trim_end(), html, "{body:?}");
        };
        check(
            "to Steven Witkoff here",
            &["to Steven"],
            "<p><mark id=\"q1\">to </mark><a href=\"w.html\"><mark data-of=\"q1\">Steven</mark> \
             Witkoff</a> here</p>",
        );
        check(
            "to Steven Witkoff here",
            &["to Steven Witkoff here", "Witkoff here"],
            "<p><mark id=\"q1\">to <a href=\"w.html\">Steven <mark id=\"q2\">Witkoff</mark></a>\
             <mark data-of=\"q2\"> here</mark></mark></p>",
        );
    }

    #[test]
    fn a_table_can_be_scrolled_and_has_headers() {
        check(
            "| | b |\n|---|--:|\n| c | d |",
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"><table>\
             <thead><tr><td></td><th scope=\"col\" class=\"right\">b</th></tr></thead><tbody>\n\
             <tr><td>c</td><td class=\"right\">d</td></tr>\n</tbody></table></div>",
        );
    }

    #[test]
    fn footnotes_stand_in_a_list_at_the_end() {
        check(
            "a[^x] b[^y] c[^x]\n\n[^y]: Y\n[^x]: X\n",
            "<p>a<sup class=\"fn-ref\"><a id=\"fnref-1\" href=\"#fn-1\" role=\"doc-noteref\" \
             aria-label=\"Footnote 1\">1</a></sup> b<sup class=\"fn-ref\"><a id=\"fnref-2\" \
             href=\"#fn-2\" role=\"doc-noteref\" aria-label=\"Footnote 2\">2</a></sup> c<sup \
             class=\"fn-ref\"><a id=\"fnref-1-2\" href=\"#fn-1\" role=\"doc-noteref\" \
             aria-label=\"Footnote 1\">1</a></sup></p>\n<section class=\"footnotes\" \
             role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n<li id=\"fn-1\">\n<p>X <a \
             class=\"fn-back\" href=\"#fnref-1\" role=\"doc-backlink\" aria-label=\"Back to the \
             text\">\u{21a9}\u{fe0e}</a> <a class=\"fn-back\" href=\"#fnref-1-2\" \
             role=\"doc-backlink\" aria-label=\"Back to the text\">\u{21a9}\u{fe0e}</a></p>\n</li>\n\
             <li id=\"fn-2\">\n<p>Y <a class=\"fn-back\" href=\"#fnref-2\" role=\"doc-backlink\" \
             aria-label=\"Back to the text\">\u{21a9}\u{fe0e}</a></p>\n</li>\n</ol>\n</section>",
        );
        let made = render("a[^1]\n\n[^1]: x\n\n[^2]: y[^1]", &[], &[], false).html;
        assert!(made.contains("<li id=\"fn-2\">\n<p>y<sup"), "{made}");
    }

    #[test]
    fn alerts_and_task_lists_say_what_they_are() {
        check(
            "> [!TIP]\n> a",
            "<div class=\"alert tip\" role=\"note\">\n<p class=\"alert-title\">Tip</p>\n<p>a</p>\n</div>",
        );
        check(
            "- [x] a",
            "<ul>\n<li><input type=\"checkbox\" disabled checked aria-label=\"done\"> a</li>\n</ul>",
        );
    }

    #[test]
    fn raw_html_is_cleaned_unless_it_is_trusted() {
        check("a <b onclick=\"x\">b</b>", "<p>a <b>b</b></p>");
        check("<div>\n<script>x</script>\n\na", "<div>\n\n<p>a</p>\n</div>");
        check(
            "<div id=\"main\">\n\n[a](https://x.org)\n",
            "<div>\n<p><a href=\"https://x.org\">a</a></p>\n</div>",
        );
        let trusted = render("a <b onclick=\"x\">b</b>", &[], &[], true).html;
        assert_eq!(trusted, "<p>a <b onclick=\"x\">b</b></p>\n");
        check_marks(
            "a <b>b</b>",
            &["a b"],
            "<p><mark class=\"quote\" id=\"q1\">a </mark><b><mark class=\"quote\" \
             data-of=\"q1\">b</mark></b></p>",
        );
    }

    /// What is between the tags.
    fn words(html: &str) -> String {
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
    }

    proptest::proptest! {
        #[test]
        fn marks_change_no_word_and_nest(
            body in "([a-c *_`~\\[\\]()!|#>-]|\n|\\PC|e\u{301}|Crimea |&amp;|\\[\\^1\\]|\n\n\\[\\^1\\]: |\n\n|\\*\\*b\\*\\*|\\[a\\]\\(x\\)|\\| a \\| b \\|\n|\\|-\\|-\\|\n){0,40}",
            ranges in proptest::collection::vec((0..60u32, 0..30u32), 0..6),
        ) {
            // Raw HTML is put in order by another hand.
            let body = body.replace('<', "(");
            let anchor = |(start, length)| Anchor { start, end: start + length };
            let marked = |note| -> Vec<Mark> {
                (1..).zip(&ranges).map(|(n, range)| mark(anchor(*range), n, note)).collect()
            };
            let plain = render(&body, &[], &[], false).html;
            let with_marks = render(&body, &marked(false), &names(), false).html;
            assert_eq!(words(&plain), words(&with_marks));
            let _ = render(&body, &marked(true), &names(), false);
        }

        #[test]
        fn pieces_are_the_text_and_every_aside_has_its_place(
            body in "([a-c *_`~\\[\\]()!|#>.?-]|\n|\\PC|Crimea |A\\. |\\[\\^1\\]|\n\n\\[\\^1\\]: |\n\n|\\*\\*b\\*\\*|\\[a\\]\\(x\\)|\\| a \\| b \\|\n|\\|-\\|-\\|\n|a\n: |- |<b>|</b>|<div>\n|</div>\n){0,40}",
            ranges in proptest::collection::vec((0..60u32, 1..30u32), 1..6),
            trusted: bool,
        ) {
            let ours = !body.contains('<');
            let visible = VisibleText::of(&body);
            // Words begin and end with a letter.
            let whole = |offset: u32| {
                let is_within = |at: &u32| visible.as_str().is_char_boundary(*at as usize);
                (offset..offset + 4).find(is_within).unwrap_or(offset)
            };
            let anchor = |&(start, length): &(u32, u32)| {
                Anchor { start: whole(start), end: whole(start + length) }
            };
            let marks: Vec<Mark> =
                (1..).zip(&ranges).map(|(n, range)| mark(anchor(range), n, true)).collect();
            let asides: Vec<Anchor> = ranges.iter().map(anchor).collect();
            let reserved = BTreeSet::new();
            let words = Words::english();
            let annotations = Annotations {
                marks: &marks, asides: &asides, resolve: &resolve, names: &names(),
                reserved: [&reserved, &reserved], trust_html: trusted, words: &words,
            };
            let made = markup(&body, &annotations);
            let glued: String = made.pieces.iter().map(|piece| &*piece.html).collect();
            let bare = |html: &str| -> String {
                let html = html.replace("<div role=\"paragraph\">", "<p>").replace("</div>", "</p>");
                // A mark that goes on behind a cut is written in two parts.
                html.replace("</mark>", "").split("<mark").map(|part| {
                    part.split_once('>').filter(|(tag, _)| tag.starts_with(" class")).map_or(part, |(_, rest)| rest)
                }).collect::<String>().split_whitespace().collect()
            };
            if ours {
                let plain = render(&body, &marks, &names(), false).html;
                nests(&glued, true);
                assert_eq!(bare(&glued), bare(&plain));
            }
            // Each stands once where its words are in the text, and all else does not.
            let mut placed: Vec<usize> = made.pieces.iter().flat_map(|piece| piece.asides.clone()).collect();
            placed.sort_unstable();
            let there = |nth: &usize| visible.ends_at(asides[*nth].end).is_some();
            assert_eq!(placed, (0..asides.len()).filter(there).collect::<Vec<_>>());
            // Where the text is cut, a block may stand.
            if ours || !trusted {
                // A rule of the author's is no sign of ours.
                let sign = "<aside>";
                let html = made.pieces.iter().map(|p| format!("{}{}", p.html, sign.repeat(p.asides.len())));
                let html: String = html.collect();
                let mut open: Vec<&str> = Vec::new();
                for tag in html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
                    let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap();
                    match name {
                        "aside" => for parent in &open {
                            assert!(matches!(*parent, "div" | "section" | "blockquote" | "li" | "dd" | "ul" | "ol" | "dl"), "{html}");
                        },
                        "br" | "img" | "hr" | "input" => {}
                        _ if tag.starts_with('/') => { open.pop(); }
                        _ => open.push(name),
                    }
                }
            }
        }

        #[test]
        fn raw_html_of_any_kind_comes_out_in_order(
            body in "(<a href=x>|</a>|<b>|</b>|<div>|</div>|<p>|<!--|-->|<table>|<td>|<mark>|</mark>|<br>|a |Crimea |\n\n|\\*|`|\\[a\\]\\(x\\)|\\| a \\| b \\|\n|\\|-\\|-\\|\n){0,20}",
            start in 0..10u32,
        ) {
            let marks = [mark(Anchor { start, end: start + 5 }, 1, true)];
            let _ = render(&body, &marks, &names(), false);
        }
    }
}
