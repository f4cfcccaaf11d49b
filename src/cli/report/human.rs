//! Problems as rustc shows them: the line, a caret, and what to do.
//!
//! The drawing is annotate-snippets'. We hand it only the lines around the
//! place, cut to a width, so that the cost of a problem does not grow with the
//! file; the line with path, line and column, which it would get wrong for a
//! cut line, is ours.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::renderer::{DEFAULT_LINE_NUM_STYLE, Style};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use onrecord::diagnostic::{Diagnostic, Lines, Place, Position, Severity};
use unicode_normalization::char::is_combining_mark;

use super::{Files, visible};

/// Wider lines are cut to about this many columns.
const WIDTH: usize = 120;
/// A stretch over more lines is shown by its first one.
const TALL: usize = 8;
/// A related place is shown in the same picture if it is at most this many
/// lines away.
const NEAR: usize = 8;

pub(super) fn report(diagnostics: &[Diagnostic], files: &Files<'_>, colour: bool) -> String {
    let pen = Pen {
        // The lines are cut already, and once is enough.
        renderer: if colour { Renderer::styled() } else { Renderer::plain() }.term_width(8 * WIDTH),
        arrow: if colour { DEFAULT_LINE_NUM_STYLE } else { Style::new() },
    };
    let mut out = String::new();
    for problem in diagnostics {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        // A warning has a name by which `lints:` in site.yaml can set its level.
        let code = (problem.severity == Severity::Warning).then_some(problem.code);
        for (place, label) in pen.draw(&mut out, &level, code, problem, files) {
            let note = Diagnostic::warning(problem.code, place.clone(), label);
            pen.draw(&mut out, &Level::NOTE, None, &note, files);
        }
        out.push('\n');
    }
    out
}

struct Pen {
    renderer: Renderer,
    arrow: Style,
}

impl Pen {
    /// Draws one picture with its title and hints, and gives back the related
    /// places that are too far away to be in it.
    fn draw<'a>(
        &self,
        out: &mut String,
        level: &Level<'static>,
        code: Option<&'static str>,
        problem: &'a Diagnostic,
        files: &Files<'_>,
    ) -> Vec<&'a (Place, String)> {
        let Diagnostic { message, place, hints, related, .. } = problem;
        let title = level.clone().primary_title(visible(message));
        let title = match code {
            Some(code) => title.id(code),
            None => title,
        };
        *out += &self.renderer.render(&[Group::with_title(title)]);

        let mut below = Group::with_level(level.clone());
        let (mut indent, mut position) = (0, String::new());
        let mut far: Vec<_> = related.iter().collect();
        if let Some(lines) = files.lines(place) {
            let Position { line, column } = lines.position(place.start);
            position = format!(":{line}:{column}");
            // In the file as a whole no line is to blame.
            if place.range() != (0..0) {
                let (snippet, last);
                (snippet, last, far) = picture(place, related, lines);
                below = below.element(snippet);
                indent = last.to_string().len();
            }
        }
        let (path, arrow) = (visible(&place.path), self.arrow);
        let _ = write!(out, "\n{:indent$}{arrow}--> {arrow:#}{path}{position}", "");

        let hint = |hint: &'a String| Level::HELP.with_name("hint").message(visible(hint));
        below = below.elements(hints.iter().map(hint));
        if !below.is_empty() {
            out.push('\n');
            *out += &self.renderer.render(&[below]);
        }
        out.push('\n');
        far
    }
}

/// The lines with what is underlined in them, the number of the last such line,
/// and those of `related` that found no room.
fn picture<'a, 'r>(
    place: &Place,
    related: &'r [(Place, String)],
    lines: &Lines<'a>,
) -> (Snippet<'a, Annotation<'a>>, usize, Vec<&'r (Place, String)>) {
    let main = Stretch::of(place, lines);
    let mut near = Vec::new();
    let mut far = Vec::new();
    for other in related {
        let stretch = (other.0.path == place.path).then(|| Stretch::of(&other.0, lines));
        match stretch {
            Some(o) if o.last + NEAR >= main.first && o.first <= main.last + NEAR => {
                near.push((o, other));
            }
            _ => far.push(other),
        }
    }
    let excerpt = Excerpt::around(&main, &near, lines);
    let mut last = main.last;
    let mut annotations = vec![AnnotationKind::Primary.span(excerpt.range(&main))];
    for (stretch, related) in near {
        if excerpt.shows(&stretch) {
            last = last.max(stretch.last);
            let label = visible(&related.1).replace('\n', " ");
            annotations.push(AnnotationKind::Context.span(excerpt.range(&stretch)).label(label));
        } else {
            far.push(related);
        }
    }
    let snippet =
        Snippet::source(excerpt.source).line_start(excerpt.first).annotations(annotations);
    (snippet, last, far)
}

/// What is underlined of a place.
struct Stretch {
    /// Bytes of the file.
    bytes: Range<usize>,
    /// First and last line.
    first: usize,
    last: usize,
}

impl Stretch {
    fn of(place: &Place, lines: &Lines<'_>) -> Self {
        let first = lines.position(place.start).line;
        let line = lines.range(first);
        let start = place.start.clamp(line.start, line.end);
        let mut end = place.end.clamp(start, lines.text().len());
        let mut last = lines.position(end).line;
        if last > first && lines.range(last).start == end {
            // It ends with the end of the line before.
            last -= 1;
        }
        if last - first >= TALL {
            last = first;
        }
        end = end.min(lines.range(last).end);
        Self { bytes: start..end, first, last }
    }
}

/// Some lines of a file, each cut to what can be seen of it at once.
struct Excerpt<'a> {
    text: &'a str,
    /// The number of the first line.
    first: usize,
    /// The lines as they are shown.
    source: String,
    /// Of each line the bytes of the file that are kept, and where these begin
    /// in the excerpt.
    cuts: Vec<(Range<usize>, usize)>,
}

impl<'a> Excerpt<'a> {
    /// The lines of all the stretches. Where a line must be cut, it is around
    /// the main stretch if that is in it, else around one of the others.
    fn around(main: &Stretch, others: &[(Stretch, &(Place, String))], lines: &Lines<'a>) -> Self {
        let all = || std::iter::once(main).chain(others.iter().map(|(stretch, _)| stretch));
        let first = all().map(|stretch| stretch.first).min().unwrap_or(main.first);
        let last = all().map(|stretch| stretch.last).max().unwrap_or(main.last);
        let text = lines.text();
        let mut excerpt = Self { text, first, source: String::new(), cuts: Vec::new() };
        for number in first..=last {
            let line = lines.range(number);
            let starts = all().find(|s| s.first == number).map(|s| s.bytes.start);
            let ends = || all().find(|s| s.last == number).map(|s| s.bytes.end);
            let focus = starts.or_else(ends).unwrap_or(line.start);
            let kept = cut(text, &line, focus);
            if number > first {
                excerpt.source.push('\n');
            }
            if kept.start > line.start {
                excerpt.source += "...";
            }
            excerpt.cuts.push((kept.clone(), excerpt.source.len()));
            excerpt.source += &visible(&text[kept.clone()]);
            if kept.end < line.end {
                excerpt.source += "...";
            }
        }
        excerpt
    }

    /// Whether any of a stretch is left.
    fn shows(&self, stretch: &Stretch) -> bool {
        let (kept, _) = &self.cuts[stretch.first - self.first];
        kept.contains(&stretch.bytes.start) || kept.end == stretch.bytes.start
    }

    /// Where a stretch is in the excerpt.
    fn range(&self, stretch: &Stretch) -> Range<usize> {
        let place = |line: usize, offset: usize| {
            let (kept, start) = &self.cuts[line - self.first];
            start + visible(&self.text[kept.start..offset.clamp(kept.start, kept.end)]).len()
        };
        let start = place(stretch.first, stretch.bytes.start);
        start..place(stretch.last, stretch.bytes.end).max(start)
    }
}

/// The part of a line that is shown: all of it if it fits, else the surroundings
/// of `focus`, with more behind it than before.
fn cut(text: &str, line: &Range<usize>, focus: usize) -> Range<usize> {
    let (whole, _) = walk(text[line.clone()].chars(), WIDTH);
    if whole == line.len() {
        return line.clone();
    }
    let (after, room) = walk(text[focus..line.end].chars(), WIDTH / 3 * 2);
    let (before, room) = walk(text[line.start..focus].chars().rev(), room + WIDTH / 3);
    let (more, _) = walk(text[focus + after..line.end].chars(), room);
    // A mark is not parted from its letter.
    let start = text[focus - before..focus].trim_start_matches(is_combining_mark);
    focus - start.len()..focus + after + more
}

/// How many bytes of characters fit into `room` columns, and the room left.
fn walk(chars: impl Iterator<Item = char>, mut room: usize) -> (usize, usize) {
    let mut bytes = 0;
    for c in chars {
        let Some(left) = room.checked_sub(columns(c)) else { break };
        room = left;
        bytes += c.len_utf8();
    }
    (bytes, room)
}

/// Roughly, and never none, so that a cut line is short in bytes too.
fn columns(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
