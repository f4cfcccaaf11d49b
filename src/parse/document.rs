//! One file, understood by itself: its front matter as facts, its quotations
//! found in its text, its links listed.

use std::ops::Range;
use std::sync::OnceLock;

use pulldown_cmark::Event;
use serde::de::DeserializeOwned;

use super::bearing::bearing;
use super::front_matter::{self, MOST};
use super::links::{self, Link};
use super::locate::Locator;
use super::passage::{self, Passage};
use super::quote::{self, Anchor, NotFound};
use super::shape::{Fault, conform};
use super::short_forms::lengthen;
use super::text::{self, VisibleText};
use super::value::Value;
use super::yaml;
use crate::diagnostic::{Checked, Diagnostic, Place, Severity};
use crate::fingerprint::Fingerprint;
use crate::id::Id;
use crate::model::briefing::{BRIEFING, Briefing};
use crate::model::config::{CONFIG, Config};
use crate::model::page::{PAGE, Page};
use crate::model::proposition::{PROPOSITION, Proposition};
use crate::model::selector::Selector;
use crate::model::shape::Shape;
use crate::model::source::{self, SOURCE};
use crate::model::speaker::{SPEAKER, Speaker};
use crate::model::territory::{TERRITORY, Territory};
use crate::model::topic::{TOPIC, Topic};
use crate::pointer::{Aim, Pointer};
use crate::read::snapshot::Source;

/// A file of `content/` and what it says.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub source: Source,
    /// What its address is made of.
    pub id: Id,
    /// Its front matter, by kind.
    pub entry: Entry,
    /// The Markdown, as a byte range into the file.
    pub body: Range<usize>,
    /// Where the words stand that its front matter points at.
    pub anchors: Vec<Anchored>,
    /// See [`passages`](Self::passages).
    passages: OnceLock<Vec<Option<Passage>>>,
    /// How the text begins.
    pub opening: Box<str>,
    /// Every link, image and wikilink of the body, in order.
    pub links: Box<[Link]>,
    yaml: Range<usize>,
}

/// A document's front matter.
#[derive(Debug)]
pub enum Entry {
    /// From `content/briefings/`.
    Briefing(Box<Briefing>),
    /// From `content/speakers/`.
    Speaker(Box<Speaker>),
    /// From `content/territories/`.
    Territory(Box<Territory>),
    /// From `content/sources/`.
    Source(Box<source::Source>),
    /// From `content/propositions/`.
    Proposition(Box<Proposition>),
    /// From `content/topics/`.
    Topic(Box<Topic>),
    /// From `content/pages/`.
    Page(Box<Page>),
}

/// Words of the front matter, found in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// Which words.
    pub target: Target,
    /// Where they stand in the visible text.
    pub anchor: Anchor,
}

/// What a stretch of the text is marked as. Claims, quotes, hedges and terms
/// are counted from 0, as in the front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Words quoted for a claim.
    Quote {
        /// The claim.
        claim: u32,
        /// Which of its quotes.
        quote: u32,
    },
    /// Words that state a claim.
    Span {
        /// The claim.
        claim: u32,
    },
    /// Words that hedge a claim.
    Hedge {
        /// The claim.
        claim: u32,
        /// Which of its hedges.
        hedge: u32,
    },
    /// A loaded word.
    Term {
        /// Which.
        term: u32,
    },
}

impl Target {
    /// What the words are to their author.
    fn word(self) -> &'static str {
        match self {
            Self::Quote { .. } => "quotation",
            Self::Span { .. } => "span",
            Self::Hedge { .. } => "hedge",
            Self::Term { .. } => "term",
        }
    }
}

impl Document {
    /// The Markdown.
    #[must_use]
    pub fn markdown(&self) -> &str {
        &self.source.text[self.body.clone()]
    }

    /// For each of `anchors` the words there with those around them; none for
    /// hedges and terms, which are shown in the text alone. Made when they are first
    /// asked for, as they take more room than most else.
    #[must_use]
    pub fn passages(&self) -> &[Option<Passage>] {
        self.passages.get_or_init(|| self.passages_of(&VisibleText::of(self.markdown())))
    }

    /// Makes [`passages`](Self::passages), for whoever has the text of the body as a
    /// reader sees it.
    pub fn make_passages(&self, text: &VisibleText) {
        self.passages.get_or_init(|| self.passages_of(text));
    }

    fn passages_of(&self, text: &VisibleText) -> Vec<Option<Passage>> {
        let passage = |found: &Anchored| match found.target {
            Target::Quote { .. } | Target::Span { .. } => {
                Some(passage::passage(self.markdown(), text, found.anchor, AROUND))
            }
            Target::Hedge { .. } | Target::Term { .. } => None,
        };
        self.anchors.iter().map(passage).collect()
    }

    /// The briefing, if it is one.
    #[must_use]
    pub fn briefing(&self) -> Option<&Briefing> {
        match &self.entry {
            Entry::Briefing(briefing) => Some(briefing),
            _ => None,
        }
    }

    /// What stands for all that decides how it is joined with others. Two
    /// versions of a file with the same bearing are joined alike.
    #[must_use]
    pub fn bearing(&self) -> Fingerprint {
        bearing(self)
    }

    /// The claims, counted from 0, whose quoted or stated words overlap with
    /// what is marked by one of the anchors.
    pub fn claims_around(&self, found: Anchored) -> impl Iterator<Item = u32> + '_ {
        self.anchors.iter().filter_map(move |other| match other.target {
            Target::Quote { claim, .. } | Target::Span { claim }
                if other.anchor.start < found.anchor.end
                    && found.anchor.start < other.anchor.end =>
            {
                Some(claim)
            }
            _ => None,
        })
    }

    /// The place of a value in the front matter; of the fence where it cannot
    /// be found.
    #[must_use]
    pub fn place(&self, at: &Pointer, aim: Aim) -> Place {
        self.located(&self.locator(), at, aim)
    }

    /// The places of many values; the YAML is looked through once.
    #[must_use]
    pub fn places(&self, ways: &[Pointer]) -> Vec<Place> {
        if ways.is_empty() {
            return Vec::new();
        }
        let locator = self.locator();
        ways.iter().map(|at| self.located(&locator, at, Aim::Value)).collect()
    }

    /// Its front matter once more as a value in its long form, and the table of
    /// its fields: for what is asked of fields of one kind, wherever they stand.
    pub(super) fn front_matter(&self) -> Option<(Value<'_>, &'static Shape)> {
        let shape = shape_of(&self.source.path)?;
        let mut value = yaml::read(&self.source.text[self.yaml.clone()]).ok()?;
        // What is wrong with it has been said.
        let _ = conform(&mut value, shape);
        let _ = lengthen(&mut value);
        Some((value, shape))
    }

    /// Where its id is written, or else the file, whose name gives it.
    #[must_use]
    pub fn id_place(&self) -> Place {
        let locator = self.locator();
        let mut keys = ["slug", "id"].into_iter().map(|key| Pointer::root().key(key));
        match keys.find(|at| locator.holds(at)) {
            Some(at) => self.located(&locator, &at, Aim::Value),
            None => Place::file(&self.source.path),
        }
    }

    /// Whether something is written there, right or wrong.
    #[must_use]
    pub fn says(&self, at: &Pointer) -> bool {
        self.locator().holds(at)
    }

    fn locator(&self) -> Locator<'_> {
        Locator::new(&self.source.text[self.yaml.clone()])
    }

    fn located(&self, locator: &Locator<'_>, at: &Pointer, aim: Aim) -> Place {
        place_in(&self.source, self.yaml.start, locator, at, aim)
    }

    /// Faults as problems; the YAML is looked through once for all of them.
    fn reported(&self, faults: Vec<Fault>) -> Vec<Diagnostic> {
        if faults.is_empty() {
            return Vec::new();
        }
        let locator = self.locator();
        faults.into_iter().map(|f| f.at_place(|at, aim| self.located(&locator, at, aim))).collect()
    }

    /// The place of a stretch of the body.
    #[must_use]
    pub fn body_place(&self, range: &Range<usize>) -> Place {
        Place::new(&self.source.path, range.start + self.body.start..range.end + self.body.start)
    }
}

/// Reads one file of `content/`. `None` where it belongs to no kind.
pub fn parse(source: &Source) -> Checked<Option<Document>> {
    let Some(shape) = shape_of(&source.path) else {
        let problem = Diagnostic::warning(
            "stray-file",
            Place::file(&source.path),
            "this file belongs to no kind of entity",
        )
        .hint("move it to briefings/, speakers/, territories/, sources/, propositions/, topics/ or pages/ below content/");
        return Checked { value: None, diagnostics: vec![problem] };
    };
    let mut problems = Vec::new();
    let split = match front_matter::split(&source.text) {
        Ok(split) => split,
        Err(bad) => {
            let place = Place::new(&source.path, bad.at);
            problems.push(Diagnostic::error("bad-fence", place, bad.message).hint(bad.hint));
            return Checked { value: None, diagnostics: problems };
        }
    };
    if !split.found && shape.fields.iter().any(|f| f.required) {
        problems.push(
            Diagnostic::error(
                "no-front-matter",
                Place::file(&source.path),
                format!("this {} has no front matter", shape.name),
            )
            .hint("start the file with `---`, the fields, and `---`"),
        );
        return Checked { value: None, diagnostics: problems };
    }
    let Some(mut value) = yaml(source, split.yaml.clone(), &mut problems) else {
        return Checked { value: None, diagnostics: problems };
    };
    if !matches!(value, Value::Map(_) | Value::Null) {
        let locator = Locator::new(&source.text[split.yaml.clone()]);
        let at = |at: &Pointer, aim| place_in(source, split.yaml.start, &locator, at, aim);
        problems.extend(conform(&mut value, shape).into_iter().map(|fault| fault.at_place(at)));
        return Checked { value: None, diagnostics: problems };
    }
    let mut faults = conform(&mut value, shape);
    faults.extend(lengthen(&mut value));
    let entry = entry(shape, value);
    let stem = source.path.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let Some(id) = id_of(&entry, stem) else {
        problems.push(
            Diagnostic::error(
                "no-id",
                Place::file(&source.path),
                format!("the file name `{stem}` gives no id"),
            )
            .hint("add `id:`, or name the file with letters or digits"),
        );
        return Checked { value: None, diagnostics: problems };
    };
    let mut document = Document {
        source: source.clone(),
        id,
        entry,
        body: split.body,
        anchors: Vec::new(),
        passages: OnceLock::new(),
        opening: Box::default(),
        links: Box::default(),
        yaml: split.yaml,
    };
    problems.extend(document.reported(faults));
    look_for_control_characters(source, &mut problems);
    // What is read of the text is all read from one walk through it.
    let events = text::events(&source.text[document.body.clone()]);
    document.links = links::links(document.markdown(), &events);
    anchor(&mut document, &events, &mut problems);
    Checked { value: Some(document), diagnostics: problems }
}

/// Reads `site.yaml`; the defaults where something is wrong with it.
pub fn parse_config(source: &Source) -> Checked<Config> {
    let mut problems = Vec::new();
    let bom = if source.text.starts_with('\u{feff}') { 3 } else { 0 };
    let range = bom..source.text.len();
    let Some(mut value) = yaml(source, range.clone(), &mut problems) else {
        return Checked { value: Config::default(), diagnostics: problems };
    };
    let locator = Locator::new(&source.text[range]);
    let place = |at: &Pointer, aim| place_in(source, bom, &locator, at, aim);
    problems.extend(conform(&mut value, &CONFIG).into_iter().map(|fault| fault.at_place(place)));
    let mut config: Config = typed(value);
    for lint in config.lints.keys() {
        if !crate::model::config::LINTS.contains(&lint.as_str()) {
            let at = Pointer::root().key("lints").key(lint.clone());
            problems.push(
                Diagnostic::error(
                    "unknown-lint",
                    place(&at, Aim::Key),
                    format!("there is no warning called `{lint}`"),
                )
                .maybe_hint(
                    crate::suggest::nearest(lint, crate::model::config::LINTS.iter().copied())
                        .map(|near| format!("did you mean `{near}`?")),
                ),
            );
        }
    }
    if let Some(url) = &config.base_url {
        if is_placeholder(url) {
            let at = Pointer::root().key("base_url");
            problems.push(
                Diagnostic::error("placeholder-address", place(&at, Aim::Value), format!("`{url}` is not where this site will be"))
                    .hint("write the address at which readers will find it, or leave `base_url` out until it is known"),
            );
        }
        config.base_url = Some(format!("{}/", url.trim_end_matches('/')));
    }
    Checked { value: config, diagnostics: problems }
}

/// The place of a value in `site.yaml`.
#[must_use]
pub fn config_place(source: &Source, at: &Pointer) -> Place {
    place_in(source, 0, &Locator::new(&source.text), at, Aim::Value)
}

/// Whether an address is one that cannot be a site's own.
#[must_use]
pub fn is_placeholder(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or(url);
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    matches!(
        host,
        "localhost" | "127.0.0.1" | "0.0.0.0" | "[" | "example.com" | "example.org" | "example.net"
    ) || host.ends_with(".localhost")
}

/// The place of a value in YAML that starts at byte `start` of a file.
fn place_in(source: &Source, start: usize, locator: &Locator<'_>, at: &Pointer, aim: Aim) -> Place {
    match locator.find(at, aim) {
        Some(range) => Place::new(&source.path, range.start + start..range.end + start),
        None => Place::file(&source.path),
    }
}

fn shape_of(path: &str) -> Option<&'static Shape> {
    let mut parts = path.split('/');
    if parts.next() != Some("content") {
        return None;
    }
    match parts.next()? {
        "briefings" => Some(&BRIEFING),
        "speakers" => Some(&SPEAKER),
        "territories" => Some(&TERRITORY),
        "sources" => Some(&SOURCE),
        "propositions" => Some(&PROPOSITION),
        "topics" => Some(&TOPIC),
        "pages" => Some(&PAGE),
        _ => None,
    }
    .filter(|_| parts.next().is_some())
}

fn entry(shape: &'static Shape, value: Value<'_>) -> Entry {
    match shape.name {
        "briefing" => Entry::Briefing(Box::new(typed(value))),
        "speaker" => Entry::Speaker(Box::new(typed(value))),
        "territory" => Entry::Territory(Box::new(typed(value))),
        "source" => Entry::Source(Box::new(typed(value))),
        "proposition" => Entry::Proposition(Box::new(typed(value))),
        "topic" => Entry::Topic(Box::new(typed(value))),
        _ => Entry::Page(Box::new(typed(value))),
    }
}

fn typed<T: DeserializeOwned>(value: Value<'_>) -> T {
    T::deserialize(value).expect("a value that conforms to a shape fits the struct beside it")
}

/// The YAML of a file as a value; what is wrong with it otherwise.
fn yaml<'a>(
    source: &'a Source,
    range: Range<usize>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Value<'a>> {
    let text = &source.text[range.clone()];
    if text.len() > MOST {
        let place = Place::new(&source.path, range.start..range.start);
        problems.push(
            Diagnostic::error(
                "too-much-yaml",
                place,
                format!("{} bytes of YAML are more than the {MOST} allowed", text.len()),
            )
            .hint("split the file"),
        );
        return None;
    }
    match yaml::read(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let locator = Locator::new(text);
            let shift = |r: &Range<usize>| {
                Place::new(&source.path, r.start + range.start..r.end + range.start)
            };
            let doubled = locator.duplicate_keys();
            for (first, second, key) in &doubled {
                problems.push(
                    Diagnostic::error(
                        "duplicate-key",
                        shift(second),
                        format!("`{key}` is there twice"),
                    )
                    .related(shift(first), "first here")
                    .hint("keep one of them"),
                );
            }
            if doubled.is_empty() {
                problems.push(not_yaml(source, &range, &error));
            }
            None
        }
    }
}

/// What keeps a text from being YAML, in words of ours where libyaml's speak to
/// the author of a parser.
fn not_yaml(source: &Source, range: &Range<usize>, error: &serde_yaml::Error) -> Diagnostic {
    let text = &source.text[range.clone()];
    let mut at = error.location().map_or(0, |at| at.index().min(text.len()));
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let place = |at: usize| Place::new(&source.path, at + range.start..at + range.start);
    let words = error.to_string();
    let told = words.split(" at line ").next().unwrap_or(&words);
    // What the parser was in the middle of, and where that began.
    let context = words.rsplit_once(", while ").and_then(|(_, context)| {
        let (_, line_and_column) = context.split_once(" at line ")?;
        let (line, column) = line_and_column.split_once(" column ")?;
        let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
        let start: usize =
            text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let mut letters = text.get(start..)?.char_indices();
        Some((context, start + letters.nth(column.checked_sub(1)?)?.0))
    });
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let indented_by = &text[line..];
    let indented_by =
        &indented_by[..indented_by.len() - indented_by.trim_start_matches([' ', '\t']).len()];
    let problem = |at, message: &str| Diagnostic::error("bad-yaml", place(at), message.to_owned());
    if let Some(tab) = indented_by.find('\t').filter(|_| at <= line + indented_by.len()) {
        return problem(line + tab, "YAML is not indented with tabs").hint("indent with spaces");
    }
    match context {
        Some((context, start)) if context.contains("quoted scalar") => {
            problem(start, "this quotation mark is never closed").hint("close it, or put the text into the other kind of quotation marks")
        }
        Some((context, start)) if context.contains("flow") => {
            let bracket = if text[start..].starts_with('{') { "{" } else { "[" };
            problem(at, "the list or map in brackets does not go on like this")
                .related(place(start), format!("the `{bracket}`"))
                .hint(format!("close the `{bracket}`, or put a comma between its items"))
        }
        Some((context, _)) if context.contains("block") && told.contains("did not find expected") => {
            problem(at, "this line does not belong to the list or map above it")
                .hint("indent it exactly as the others of its list or map")
        }
        _ => problem(at, &format!("this is not YAML: {told}")).hint(
            "a text with `: ` or ` #` in it, or with a mark such as `\"`, `*`, `&`, `@` or `[` at its start, goes in quotation marks",
        ),
    }
}

fn id_of(entry: &Entry, stem: &str) -> Option<Id> {
    let written = match entry {
        Entry::Briefing(b) => b.slug.as_ref().or(b.id.as_ref()),
        Entry::Speaker(e) => e.id.as_ref(),
        Entry::Territory(e) => e.id.as_ref(),
        Entry::Source(e) => e.id.as_ref(),
        Entry::Proposition(e) => e.id.as_ref(),
        Entry::Topic(e) => e.id.as_ref(),
        Entry::Page(e) => e.id.as_ref(),
    };
    match written {
        Some(id) => Id::parse(id).ok(),
        None => Id::from_name(stem).and_then(|id| Id::parse(id.as_str()).ok()),
    }
}

/// Control characters come in by copying and cannot be seen. No page may hold
/// one, so that what is quoted would not be quite what is printed.
fn look_for_control_characters(source: &Source, problems: &mut Vec<Diagnostic>) {
    // All but those of Latin-1, which begin with this byte, are single bytes;
    // looking at all bytes, without stopping, is what machines do fastest.
    let may_be = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r') || b == 0x7f || b == 0xc2;
    if !source.text.bytes().fold(false, |found, b| found | may_be(b)) {
        return;
    }
    let is_forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let mut found = source.text.char_indices().filter(|(_, c)| is_forbidden(*c));
    if let Some((at, c)) = found.next() {
        let more = match found.count() {
            0 => String::new(),
            n => format!(", and {n} more in this file"),
        };
        problems.push(
            Diagnostic::warning(
                "control-character",
                Place::new(&source.path, at..at + c.len_utf8()),
                format!("there is a control character here, U+{:04X}{more}", u32::from(c)),
            )
            .hint("delete it; pages leave it out"),
        );
    }
}

/// How many characters of the text are shown before and after words of it.
const AROUND: usize = 240;

/// Finds the words that the front matter points at in the text.
fn anchor(
    document: &mut Document,
    events: &[(Event<'_>, Range<usize>)],
    problems: &mut Vec<Diagnostic>,
) {
    let visible = |document: &Document| {
        VisibleText::of_events(document.markdown(), events.iter().map(|(e, at)| (e, at.clone())))
    };
    if matches!(&document.entry, Entry::Page(page) if page.summary.is_none()) {
        document.opening = passage::opening(visible(document).as_str()).into();
    }
    let Some(briefing) = document.briefing() else { return };
    let mut wanted: Vec<(Target, &Selector, Pointer)> = Vec::new();
    let claims = Pointer::root().key("claims");
    for (c, claim) in (0u32..).zip(&briefing.claims) {
        let at = claims.index(c as usize);
        for (q, words) in (0u32..).zip(&claim.quotes) {
            let at = at.key("quotes").index(q as usize);
            wanted.push((Target::Quote { claim: c, quote: q }, &words.selector, at));
        }
        if let Some(words) = &claim.span {
            wanted.push((Target::Span { claim: c }, &words.selector, at.key("span")));
        }
        for (h, words) in (0u32..).zip(&claim.hedges) {
            let at = at.key("hedges").index(h as usize);
            wanted.push((Target::Hedge { claim: c, hedge: h }, &words.selector, at));
        }
    }
    for (t, term) in (0u32..).zip(&briefing.terms) {
        let at = Pointer::root().key("terms").index(t as usize);
        wanted.push((Target::Term { term: t }, &term.selector, at));
    }
    // An empty selector has been reported as an empty text.
    wanted.retain(|(_, selector, _)| !selector.exact.trim().is_empty());
    let has_summary = briefing.summary.is_some();
    if wanted.is_empty() && has_summary {
        return;
    }
    let text = visible(document);
    let mut anchors = Vec::with_capacity(wanted.len());
    let mut locator = None;
    for (target, selector, at) in &wanted {
        match quote::find(&text, selector) {
            Ok(anchor) => anchors.push(Anchored { target: *target, anchor }),
            Err(not_found) => {
                let locator = locator.get_or_insert_with(|| document.locator());
                let at = match (&not_found, &selector.prefix) {
                    (NotFound::ContextMissing(_), Some(_)) => at.key("prefix"),
                    (NotFound::ContextMissing(_), None) => at.key("suffix"),
                    _ => at.key("exact"),
                };
                let context = quote::Context {
                    kind: target.word(),
                    place: document.located(locator, &at, Aim::Value),
                    path: &document.source.path,
                    body_at: document.body.start,
                };
                let mut problem = not_found.diagnostic(selector, &text, &context);
                if let NotFound::Ambiguous(places) = &not_found {
                    // The words do stand in the text, at each of these places.
                    // To choose one would be a guess; to mark all is true.
                    problem.severity = Severity::Warning;
                    anchors.extend(
                        places.iter().map(|anchor| Anchored { target: *target, anchor: *anchor }),
                    );
                }
                problems.push(problem);
            }
        }
    }
    document.anchors = anchors;
    if !has_summary {
        document.opening = passage::opening(text.as_str()).into();
    }
}
