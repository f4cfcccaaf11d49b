//! From the events of a body to those of its page.
//!
//! What the author wrote, and what is known about it, is written down in one go.
//! Quotations are marked, notes put behind them, links led to their pages; what
//! comes out nests as HTML must.

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::fingerprint::ByName;
use crate::parse::annotations::{Annotations, LinkTarget};
use crate::parse::asides::{Aside, Asides};
use crate::parse::autolink::{Mention, mentions, raw_link};
use crate::parse::escape::{address, attribute, push_attribute};
use crate::parse::footnotes::{END_OF_CUT_PARAGRAPH, Footnotes};
use crate::parse::headings::Heading;
use crate::parse::marks::Marks;
use crate::parse::pieces::sign;
use crate::parse::tables::Tables;
use crate::parse::text::{Position, VisibleText, narrow};
use crate::words::Words;

/// What becomes of one link: nothing, or where it leads.
pub(super) type Link = Option<LinkTarget>;

/// What waits for the end of the link or code that it must not stand in.
#[derive(Debug, Clone, Copy)]
enum Pending {
    /// The note of a mark.
    Note(usize),
    /// A reference to the footnote with this number.
    Footnote(usize),
}

/// Goes through the events of a body once and writes down those of the page.
pub(super) struct Writer<'a, 'w> {
    annotations: &'w Annotations<'w>,
    links: &'w HashMap<usize, Link, ByName>,
    headings: std::slice::Iter<'w, Heading>,
    /// The level of the heading that is open.
    level: HeadingLevel,
    marks: Marks<'w>,
    asides: Asides,
    /// How many elements are open that an aside must not stand in.
    closed: u32,
    /// Where in `out` the paragraph that is open begins, and whether it is cut.
    paragraph: Option<(usize, bool)>,
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
    tables: Tables<'w>,
    /// Whether the author wrote HTML.
    raw: bool,
    out: Vec<Event<'a>>,
}

/// What was written.
pub(super) struct Written<'a> {
    /// The events of the page.
    pub events: Vec<Event<'a>>,
    /// How many signs of asides are among them.
    pub cuts: usize,
    /// Whether the author wrote HTML.
    pub raw: bool,
}

impl<'a, 'w> Writer<'a, 'w> {
    /// Writes these events of a body, whose text `visible` is.
    pub fn write(
        events: &'w [(Event<'a>, Range<usize>)],
        visible: &VisibleText,
        headings: &'w [Heading],
        links: &'w HashMap<usize, Link, ByName>,
        annotations: &'w Annotations<'w>,
    ) -> Written<'a> {
        let linked = links.values().flatten().map(|target| target.href.as_str()).collect();
        let mut writer = Self {
            annotations,
            links,
            headings: headings.iter(),
            level: HeadingLevel::H2,
            marks: Marks::new(annotations.marks, visible),
            asides: Asides::new(annotations.asides, visible),
            closed: 0,
            paragraph: None,
            mentions: mentions(visible, events, &linked, annotations.names),
            next_mention: 0,
            mention: None,
            link_tags: Vec::new(),
            in_link: false,
            in_raw_link: false,
            in_code: false,
            pending: Vec::new(),
            in_image: 0,
            footnotes: Footnotes::of(events),
            outer: Vec::new(),
            tables: Tables::default(),
            raw: false,
            out: Vec::with_capacity(events.len() * 2),
        };
        for (index, (event, _)) in (0..).zip(events) {
            writer.event(index, event);
        }
        writer.done()
    }

    fn event(&mut self, index: u32, event: &'w Event<'a>) {
        if self.in_image > 0 {
            return self.description(event);
        }
        self.finish(Position { event: index, offset: 0 });
        self.marks.begin(index);
        self.asides.begin(index);
        match event {
            Event::Text(text) => self.text(index, text),
            Event::Code(text) => self.code(index, text),
            Event::SoftBreak => {
                let at = Position { event: index, offset: 0 };
                self.let_in(at, |aside| aside.sentence);
                self.piece(at, Position { event: index, offset: 1 }, Event::SoftBreak);
            }
            _ => {
                self.marks.close(0, &mut self.out);
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
            _ if self.asides.waiting().is_empty() => {}
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
        let ready = if is_closed { Vec::new() } else { self.asides.let_in(at, place) };
        if ready.is_empty() {
            return;
        }
        self.marks.close(0, &mut self.out);
        for nth in ready {
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
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => {
                self.tables.start(tag, self.annotations.words, &mut self.out);
            }
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
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => {
                self.tables.end(tag, &mut self.out);
            }
            _ => self.out.push(Event::End(tag)),
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
        if self.marks.is_empty()
            && self.asides.waiting().is_empty()
            && self.mention.is_none()
            && next.is_none_or(|next| next.from.event > event)
        {
            // Most text is in no mark.
            self.marks.close(0, &mut self.out);
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
        self.marks.close(0, &mut self.out);
        self.inline("<code>");
        self.in_code = true;
        for part in parts {
            self.piece(at(part.start), at(part.end), Event::Text(slice(text, part)));
        }
        self.marks.close(0, &mut self.out);
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
        self.marks.ends().for_each(&mut cut);
        for aside in self.asides.waiting() {
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
        self.marks.wear(from, to, &mut self.out);
        self.out.push(event);
        if let Some((_, around)) = self.mention.take_if(|(mention, _)| mention.to <= to) {
            self.marks.close(around, &mut self.out);
            self.close_link();
        }
        self.finish(to);
    }

    /// Lets go of the marks that end before `at`, and writes their notes.
    fn finish(&mut self, at: Position) {
        let ended = self.marks.finish(at, &mut self.out);
        if !ended.is_empty() {
            self.pending.extend(ended.into_iter().map(Pending::Note));
            self.flush();
        }
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
                        self.asides.waiting().iter().any(|waiting| waiting.nth == aside)
                    });
                    note.html(&mark.note_id(), is_near)
                }
            };
            self.inline(html);
        }
    }

    fn open_mention(&mut self, mention: Mention) {
        // A mark that goes on behind the name may stay open around its link.
        let around = self.marks.up_to(mention.to);
        self.marks.close(around, &mut self.out);
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

    fn done(mut self) -> Written<'a> {
        let words = self.annotations.words;
        self.marks.close(0, &mut self.out);
        self.closed = 0;
        self.let_in(Position { event: u32::MAX, offset: 0 }, |aside| aside.words);
        self.out
            .append(&mut self.footnotes.section(words.say("footnotes"), words.say("back_to_text")));
        Written { events: self.out, cuts: self.asides.placed, raw: self.raw }
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
