//! Diagrams, drawn when the site is built: inline SVG with a text alternative.
//!
//! A diagram is a function of plain words and addresses. It knows no site and
//! no language: every word in it is an argument, and so is the direction in
//! which the page is read. Its coordinates are whole numbers, nothing in it is
//! left to chance, and it looks its best at the width of a telephone.
//!
//! What lines, boxes and labels look like is for the style sheet of the theme
//! to say; the classes are `draw` for the whole, `draw-node`, `draw-edge`,
//! `draw-axis`, `draw-bar` and `draw-soft` for its parts. Without a style sheet
//! it is still a drawing in the colour of the text.

pub mod chain;
pub mod network;
mod outliers;
pub mod positions;
mod text;
pub mod timeline;

use text::{measure, push_escaped};

/// The width of every diagram, in the units of its coordinates; at the width
/// of a telephone one of them is about a pixel.
pub const WIDTH: i32 = 340;

/// The size of letters, and of small ones, in the same units.
const SIZE: i32 = 13;
const SMALL: i32 = 11;

/// The distance from one line to the next.
const LEADING: i32 = 16;

/// What every diagram is told.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What the ids in it begin with: one of a kind on the page.
    pub prefix: &'a str,
    /// Whether the page is read from right to left.
    pub rtl: bool,
    /// What the diagram shows.
    pub title: &'a str,
}

/// `words` with `n` where they have `{n}`.
#[must_use]
pub fn counted(words: &str, n: usize) -> String {
    words.replace("{n}", &n.to_string())
}

/// The first characters of a text, with `…` where it goes on.
#[must_use]
pub fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => [text[..end].trim_end(), "…"].concat(),
        None => text.to_owned(),
    }
}

/// Where a label stands to its point, in the direction of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
}

/// A drawing that is being made. Points are given as for a page that is read
/// from left to right.
#[derive(Debug)]
struct Drawing {
    rtl: bool,
    /// Lines and boxes, below everything else; mirrored as a whole.
    shapes: String,
    /// Labels and links; each mirrored by itself, since words must not be.
    labels: String,
}

impl Drawing {
    fn new(rtl: bool) -> Self {
        Self { rtl, shapes: String::with_capacity(512), labels: String::with_capacity(1024) }
    }

    /// Where a point is on the page.
    fn x(&self, x: i32) -> i32 {
        if self.rtl { WIDTH - x } else { x }
    }

    /// A rectangle with round corners; `dashed` where it stands for something
    /// that is not known.
    fn node(&mut self, x: i32, y: i32, width: i32, height: i32, dashed: bool) {
        push(&mut self.shapes, &["<rect class=\"draw-node\""]);
        attributes(
            &mut self.shapes,
            &[("x", x), ("y", y), ("width", width), ("height", height), ("rx", 4)],
        );
        self.shapes.push_str(if dashed { " stroke-dasharray=\"4 3\"/>" } else { "/>" });
    }

    /// A line, as the `d` of a path.
    fn edge(&mut self, d: &str) {
        push(&mut self.shapes, &["<path class=\"draw-edge\" d=\"", d, "\"/>"]);
    }

    /// A line of words whose base line is at `y`.
    fn label(&mut self, x: i32, y: i32, size: i32, anchor: Anchor, words: &str) {
        let x = self.x(x);
        self.labels.push_str("<text");
        attributes(&mut self.labels, &[("x", x), ("y", y)]);
        if size != SIZE {
            attributes(&mut self.labels, &[("font-size", size)]);
        }
        self.labels.push_str(match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        });
        if size == SMALL {
            self.labels.push_str(" class=\"draw-soft\"");
        }
        self.labels.push('>');
        push_escaped(&mut self.labels, words);
        self.labels.push_str("</text>");
    }

    /// Lines of words, the first base line at `y`.
    fn lines(&mut self, x: i32, mut y: i32, size: i32, lines: &[String]) {
        for line in lines {
            self.label(x, y, size, Anchor::Start, line);
            y += size + 3;
        }
    }

    /// Begins a link; `name` says what it leads to where no label does.
    fn open_link(&mut self, href: &str, name: Option<&str>) {
        self.labels.push_str("<a href=\"");
        push_escaped(&mut self.labels, href);
        self.labels.push_str("\">");
        if let Some(name) = name {
            self.labels.push_str("<title>");
            push_escaped(&mut self.labels, name);
            self.labels.push_str("</title>");
        }
    }

    fn close_link(&mut self) {
        self.labels.push_str("</a>");
    }

    /// What the shapes mean, side by side as far as they go; returns where it
    /// ends. `shape` draws one around a point.
    fn legend<T: Copy>(
        &mut self,
        y: i32,
        entries: &[(T, &str)],
        shape: impl Fn(&mut Self, T, i32, i32),
    ) -> i32 {
        let (mut x, mut y) = (0, y + 10);
        for (kind, words) in entries {
            let label = text::shorten(words, SMALL, WIDTH - 24);
            let width = 21 + measure(&label, SMALL);
            if x > 0 && x + width > WIDTH {
                (x, y) = (0, y + 18);
            }
            shape(self, *kind, x + 8, y);
            self.label(x + 21, y + 4, SMALL, Anchor::Start, &label);
            x += width + 14;
        }
        y + 10
    }

    /// The drawing as an element of a page. What has links in it is a group,
    /// since what is inside an image is hidden from those who do not see it.
    fn finish(self, setting: &Setting<'_>, height: i32, description: &str) -> String {
        let has_links = self.labels.contains("<a ");
        let mut out = String::with_capacity(self.shapes.len() + self.labels.len() + 512);
        let prefix = setting.prefix;
        push(&mut out, &["<svg class=\"draw\" role=\"", if has_links { "group" } else { "img" }]);
        push(&mut out, &["\" aria-labelledby=\"", prefix, "-t\" aria-describedby=\"", prefix]);
        out.push_str("-d\"");
        attributes(&mut out, &[("width", WIDTH), ("height", height)]);
        push(&mut out, &[" viewBox=\"0 0 ", &WIDTH.to_string(), " ", &height.to_string(), "\""]);
        attributes(&mut out, &[("font-size", SIZE)]);
        out.push_str(" fill=\"currentColor\"");
        if setting.rtl {
            out.push_str(" direction=\"rtl\"");
        }
        push(&mut out, &["><title id=\"", prefix, "-t\">"]);
        push_escaped(&mut out, setting.title);
        push(&mut out, &["</title><desc id=\"", prefix, "-d\">"]);
        push_escaped(&mut out, description);
        out.push_str("</desc>");
        if !self.shapes.is_empty() {
            out.push_str("<g fill=\"none\" stroke=\"currentColor\"");
            if self.rtl {
                push(&mut out, &[" transform=\"matrix(-1 0 0 1 ", &WIDTH.to_string(), " 0)\""]);
            }
            push(&mut out, &[">", &self.shapes, "</g>"]);
        }
        push(&mut out, &[&self.labels, "</svg>"]);
        out
    }
}

/// The height of a box around so many lines of letters of this size.
fn height_of(lines: usize, size: i32) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX / 64) * (size + 3)
}

/// A name, where lines do not have all of it.
fn whole<'n>(name: &'n str, lines: &[String]) -> Option<&'n str> {
    lines.last().is_some_and(|line| line.ends_with('…')).then_some(name)
}

/// The width of the widest of some lines.
fn widest(lines: &[String], size: i32) -> i32 {
    lines.iter().map(|line| measure(line, size)).max().unwrap_or(0)
}

fn push(out: &mut String, parts: &[&str]) {
    out.extend(parts.iter().copied());
}

fn attributes(out: &mut String, pairs: &[(&str, i32)]) {
    use std::fmt::Write as _;
    for (name, value) in pairs {
        write!(out, " {name}=\"{value}\"").expect("a string takes all that is written to it");
    }
}

/// What the tests of every diagram hold it to.
#[cfg(test)]
mod checks {
    use super::{SIZE, WIDTH, measure};

    /// A label as it was drawn: its box, and its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Seen {
        pub left: i32,
        pub right: i32,
        pub top: i32,
        pub bottom: i32,
        pub words: String,
    }

    fn value(tag: &str, name: &str) -> Option<i32> {
        let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[start..].split('"').next()?.parse().ok()
    }

    fn plain(text: &str) -> String {
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        text.replace("&amp;", "&")
    }

    pub fn size(svg: &str) -> (i32, i32) {
        let tag = &svg[..svg.find('>').unwrap()];
        (value(tag, "width").unwrap(), value(tag, "height").unwrap())
    }

    /// The labels of a diagram.
    pub fn labels(svg: &str) -> Vec<Seen> {
        let rtl = svg.contains(" direction=\"rtl\"");
        svg.split("<text")
            .skip(1)
            .map(|rest| {
                let (tag, rest) = rest.split_once('>').unwrap();
                let words = plain(rest.split("</text>").next().unwrap());
                let size = value(tag, "font-size").unwrap_or(SIZE);
                let (x, y) = (value(tag, "x").unwrap(), value(tag, "y").unwrap());
                let width = measure(&words, size);
                let before = match (tag.contains("\"middle\""), rtl) {
                    (true, _) => width / 2,
                    (_, true) => width,
                    _ => 0,
                };
                let (left, top) = (x - before, y - size * 8 / 10);
                Seen { left, right: left + width, top, bottom: y + size / 4, words }
            })
            .collect()
    }

    /// Fails where labels overlap, or something lies outside the drawing, or
    /// the markup is not what it should be.
    pub fn check(svg: &str) {
        let (width, height) = size(svg);
        assert_eq!(width, WIDTH);
        let labels = labels(svg);
        for (n, a) in labels.iter().enumerate() {
            assert!(
                a.left >= 0 && a.right <= width && a.top >= 0 && a.bottom <= height,
                "{a:?} is outside {width}x{height}: {svg}"
            );
            for b in &labels[n + 1..] {
                let apart = a.right <= b.left
                    || b.right <= a.left
                    || a.bottom <= b.top
                    || b.bottom <= a.top;
                assert!(apart, "{a:?} and {b:?} overlap: {svg}");
            }
        }
        for rest in svg.split("<rect").skip(1) {
            let tag = rest.split('>').next().unwrap();
            let v = |name| value(tag, name).unwrap();
            assert!(v("x") >= 0 && v("x") + v("width") <= width, "<rect{tag} is outside: {svg}");
            assert!(v("y") >= 0 && v("y") + v("height") <= height, "<rect{tag} is outside: {svg}");
        }
        for rest in svg.split("<circle").skip(1) {
            let tag = rest.split('>').next().unwrap();
            let v = |name| value(tag, name).unwrap();
            assert!(v("cx") >= 5 && v("cx") <= width - 5, "<circle{tag} is outside: {svg}");
            assert!(v("cy") >= 5 && v("cy") <= height - 5, "<circle{tag} is outside: {svg}");
        }
        well_formed(svg);
    }

    /// Every element is closed in its turn, and no attribute is left open.
    fn well_formed(svg: &str) {
        let mut open = Vec::new();
        let mut rest = svg;
        while let Some(at) = rest.find('<') {
            assert!(!rest[..at].contains('>'), "a stray > in {svg}");
            let end = at + rest[at..].find('>').expect("every tag has an end");
            let tag = &rest[at + 1..end];
            assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}> in {svg}");
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            assert!(
                ["svg", "g", "a", "title", "desc", "text", "rect", "path", "circle"]
                    .contains(&name),
                "<{tag}> in {svg}"
            );
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{svg}");
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            rest = &rest[end + 1..];
        }
        assert!(open.is_empty(), "{open:?} stay open in {svg}");
    }

    /// Holds a diagram and its mirror image to each other.
    pub fn check_mirrored(ltr: &str, rtl: &str) {
        assert!(!ltr.contains("direction") && rtl.contains(" direction=\"rtl\""));
        let mut mirrored: Vec<Seen> = labels(rtl);
        for seen in &mut mirrored {
            (seen.left, seen.right) = (WIDTH - seen.right, WIDTH - seen.left);
        }
        let seen = labels(ltr);
        assert_eq!(seen.len(), mirrored.len());
        for (a, b) in seen.iter().zip(&mirrored) {
            // Half of an odd width is rounded to the other side.
            assert!((a.left - b.left).abs() <= 1 && (a.right - b.right).abs() <= 1, "{a:?} {b:?}");
            assert_eq!((&a.words, a.top), (&b.words, b.top));
        }
    }

    /// Names that are as bad as can be.
    pub fn name() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        prop_oneof![
            3 => "[A-Z][a-z]{1,12} [A-Z][a-z]{1,14}",
            1 => "\\PC{0,90}",
            1 => "[WM@%]{1,200}",
            1 => "[一-龥]{1,60}",
            1 => "([א-ת]{1,9} ){1,12}",
            1 => any::<String>(),
            1 => Just("<script>alert(\"x\")</script> & 'so' on".to_owned()),
        ]
    }
}
