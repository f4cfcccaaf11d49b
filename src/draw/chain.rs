//! The chain of a claim: who said it to whom, relaying whom, down to the claim.
//!
//! The speakers stand one below the other, the outermost first, since that is
//! who can be asked; to whom each spoke stands beside them.

use super::text::{shorten, wrap};
use super::{Anchor, Drawing, LEADING, SIZE, SMALL, Setting, WIDTH, height_of, widest};

/// A link of the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link<'a> {
    /// Who said it; several said it together. Empty where nobody is named.
    pub by: Vec<&'a str>,
    /// To whom.
    pub to: Vec<&'a str>,
}

/// The words of the diagram.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// In place of a name that is not given.
    pub unnamed: &'a str,
    /// Between a speaker and whom they relay.
    pub relaying: &'a str,
    /// Between a speaker and to whom they spoke.
    pub to: &'a str,
}

/// The most names in a box, and lines of each.
const NAMES: usize = 5;
const NAME_LINES: usize = 3;
const CLAIM_LINES: usize = 4;
const PADDING: i32 = 8;
/// Where the line runs that joins the speakers and leads to the claim.
const SPINE: i32 = 20;
/// The room for names in a box that stands alone, and in one with another
/// beside it.
const ALONE: i32 = 300;
const BESIDE: i32 = 134;

/// Draws a chain, outermost link first. `None` where it is one link without a
/// listener: there would be nothing to see that a name does not say.
///
/// `description` is the chain as a sentence, for those who do not see it.
#[must_use]
pub fn chain(
    setting: &Setting<'_>,
    words: &Words<'_>,
    links: &[Link<'_>],
    claim: &str,
    description: &str,
) -> Option<String> {
    if links.is_empty() || (links.len() == 1 && links[0].to.is_empty()) {
        return None;
    }
    let mut drawing = Drawing::new(setting.rtl);
    let has_listeners = links.iter().any(|link| !link.to.is_empty());
    let room = if has_listeners { BESIDE } else { ALONE };
    let mut below_the_last = 0;
    let mut y = 1;
    for (n, link) in links.iter().enumerate() {
        if n > 0 {
            let label = shorten(words.relaying, SMALL, WIDTH - SPINE - 12);
            drawing.label(SPINE + 8, y + 18, SMALL, Anchor::Start, &label);
            y += 28;
        }
        let by = in_lines(&link.by, words.unnamed, room);
        let width = widest(&by, SIZE).clamp(60, room) + 2 * PADDING;
        let height = boxed(&mut drawing, 1, y, width, &by, link.by.is_empty());
        let mut bottom = y + height;
        if !link.to.is_empty() {
            let left = WIDTH - 1 - BESIDE - 2 * PADDING;
            let to = in_lines(&link.to, "", BESIDE);
            let beside = boxed(&mut drawing, left, y, BESIDE + 2 * PADDING, &to, false);
            arrow(&mut drawing, 1 + width, left, y + LEADING / 2 + PADDING, words.to);
            bottom = bottom.max(y + beside);
        }
        if n + 1 < links.len() {
            drawing.edge(&format!("M{SPINE} {}V{}", y + height, bottom + 28));
        } else {
            below_the_last = y + height;
        }
        y = bottom;
    }
    let lines = wrap(claim, SIZE, WIDTH - SPINE - 16, CLAIM_LINES);
    let end = y + 12 + height_of(lines.len().max(1), SIZE);
    drawing.edge(&format!("M{SPINE} {below_the_last}V{end}"));
    drawing.lines(SPINE + 12, y + 12 + 12, SIZE, &lines);
    Some(drawing.finish(setting, end + 4, description))
}

/// Names in lines for a box; `+3` stands for those that do not fit.
fn in_lines(names: &[&str], unnamed: &str, room: i32) -> Vec<String> {
    if names.is_empty() {
        return wrap(unnamed, SIZE, room, NAME_LINES);
    }
    let mut lines: Vec<String> =
        names.iter().take(NAMES).flat_map(|name| wrap(name, SIZE, room, NAME_LINES)).collect();
    if names.len() > NAMES {
        lines.push(format!("+{}", names.len() - NAMES));
    }
    lines
}

/// Draws a box around lines, and returns its height.
fn boxed(drawing: &mut Drawing, x: i32, y: i32, width: i32, lines: &[String], dashed: bool) -> i32 {
    let height = height_of(lines.len().max(1), SIZE) + PADDING;
    drawing.node(x, y, width, height, dashed);
    drawing.lines(x + PADDING, y + PADDING / 2 + 12, SIZE, lines);
    height
}

/// An arrow from one box to the other with a word above it.
fn arrow(drawing: &mut Drawing, from: i32, to: i32, y: i32, word: &str) {
    drawing.edge(&format!("M{from} {y}H{}m-5-4l5 4-5 4", to - 2));
    let word = shorten(word, SMALL, to - from - 4);
    drawing.label(i32::midpoint(from, to), y - 3, SMALL, Anchor::Middle, &word);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checks::{check, check_mirrored, labels, name};
    use super::*;

    const WORDS: Words<'static> =
        Words { unnamed: "somebody not named", relaying: "relaying", to: "to" };

    fn draw(rtl: bool, links: &[Link<'_>], claim: &str) -> Option<String> {
        let setting = Setting { prefix: "_chain", rtl, title: "How it got here" };
        chain(&setting, &WORDS, links, claim, "A, to B, relaying C")
    }

    fn link<'a>(by: &[&'a str], to: &[&'a str]) -> Link<'a> {
        Link { by: by.to_vec(), to: to.to_vec() }
    }

    fn words(svg: &str) -> Vec<String> {
        labels(svg).into_iter().map(|label| label.words).collect()
    }

    #[test]
    fn two_links_are_drawn_from_the_outermost_down_to_the_claim() {
        let links =
            [link(&["Steven Witkoff"], &["Tucker Carlson"]), link(&["Vladimir Putin"], &[])];
        let svg = draw(false, &links, "Putin prayed.").unwrap();
        check(&svg);
        assert_eq!(
            words(&svg),
            [
                "Steven Witkoff",
                "Tucker Carlson",
                "to",
                "relaying",
                "Vladimir Putin",
                "Putin prayed."
            ]
        );
        let seen = labels(&svg);
        assert!(seen[0].top == seen[1].top && seen[0].right < seen[1].left);
        assert!(seen[4].top > seen[3].bottom && seen[3].top > seen[0].bottom);
        assert!(svg.starts_with("<svg class=\"draw\" role=\"img\" aria-labelledby=\"_chain-t\""));
        assert!(svg.contains("<desc id=\"_chain-d\">A, to B, relaying C</desc>"));
        assert!(svg.len() < 1_500, "{} bytes", svg.len());
        check_mirrored(&svg, &draw(true, &links, "Putin prayed.").unwrap());
    }

    #[test]
    fn nobody_named_is_a_dashed_box() {
        let svg = draw(false, &[link(&["A"], &[]), link(&[], &[])], "C").unwrap();
        check(&svg);
        assert_eq!(svg.matches("stroke-dasharray").count(), 1);
        assert_eq!(words(&svg), ["A", "relaying", "somebody not named", "C"]);
    }

    #[test]
    fn one_name_is_no_chain() {
        assert_eq!(draw(false, &[], "C"), None);
        assert_eq!(draw(false, &[link(&["A", "B"], &[])], "C"), None);
        assert!(draw(false, &[link(&["A"], &["B"])], "C").is_some());
    }

    #[test]
    fn those_who_do_not_fit_are_counted() {
        let svg = draw(false, &[link(&["Name"; 40], &["B"]), link(&["C"], &[])], "D").unwrap();
        check(&svg);
        assert_eq!(words(&svg).iter().filter(|w| *w == "Name").count(), NAMES);
        assert!(words(&svg).contains(&"+35".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_the_names_nothing_overlaps_or_leaves(
            names in proptest::collection::vec((
                proptest::collection::vec(name(), 0..7),
                proptest::collection::vec(name(), 0..7),
            ), 1..6),
            claim in name(),
            rtl: bool,
        ) {
            fn refs(all: &[String]) -> Vec<&str> {
                all.iter().map(String::as_str).collect()
            }
            let links: Vec<_> =
                names.iter().map(|(by, to)| Link { by: refs(by), to: refs(to) }).collect();
            if let Some(svg) = draw(rtl, &links, &claim) {
                check(&svg);
                prop_assert_eq!(Some(svg), draw(rtl, &links, &claim));
            }
        }
    }
}
