//! A body's HTML, cut where something may stand beside it.
//!
//! Where it may be cut is marked while it is written, by a sign that is in no
//! text of an author's; here the sign is looked for, and moved to where a cut
//! does no harm if the author wrote HTML around it.

use std::fmt::Write as _;
use std::mem;

use memchr::memchr_iter;

/// A part of a body, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    /// The HTML, of which one after the other is that of the body.
    pub html: String,
    /// What stands behind it, in the order in which it was given.
    pub asides: Vec<usize>,
}

/// Noncharacters, "intended for internal use" (Unicode, section 23.7).
const SIGN: char = '\u{fdd0}';
const SIGN_END: char = '\u{fdd1}';

/// What stands in the HTML where aside `nth` is to stand.
#[must_use]
pub(super) fn sign(nth: usize) -> String {
    format!("{SIGN}{nth}{SIGN_END}")
}

/// How many signs there are.
#[must_use]
pub(super) fn signs(html: &str) -> usize {
    places(html).count()
}

/// Where the signs are.
fn places(html: &str) -> impl Iterator<Item = usize> {
    // No Latin, Greek or Cyrillic letter has the first byte of a sign.
    let mut sign = [0; SIGN.len_utf8()];
    let first = SIGN.encode_utf8(&mut sign).as_bytes()[0];
    memchr_iter(first, html.as_bytes()).filter(|at| html[*at..].starts_with(SIGN))
}

/// What stands before, between and behind the signs.
fn parts(html: &str) -> impl Iterator<Item = &str> {
    let signs = places(html).map(|at| (at, at + SIGN.len_utf8()));
    let mut from = 0;
    signs
        .chain([(html.len(), html.len())])
        .map(move |(end, next)| &html[mem::replace(&mut from, next)..end])
}

/// Cuts HTML at its signs.
#[must_use]
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut parts = parts(html);
    let first = parts.next().unwrap_or_default();
    let mut out = vec![Piece { html: first.to_owned(), asides: Vec::new() }];
    for part in parts {
        let (nth, html) = part.split_once(SIGN_END).unwrap_or((part, ""));
        let piece = out.last_mut().expect("the first is there");
        piece.asides.extend(nth.parse::<usize>());
        // Asides that stand together have nothing between them.
        if !html.is_empty() {
            piece.asides.sort_unstable();
            out.push(Piece { html: html.to_owned(), asides: Vec::new() });
        }
    }
    if let Some(piece) = out.last_mut() {
        piece.asides.sort_unstable();
    }
    out
}

/// Moves each sign in well-formed HTML to the next place that is in no other
/// elements than those that may hold a block.
#[must_use]
pub(super) fn settle(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    // Of the elements that are open, how many may hold no block.
    let mut open: Vec<&str> = Vec::new();
    let mut waiting = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', SIGN]) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            let (tag, after) = rest.split_at(end);
            out.push_str(tag);
            let name = tag.trim_start_matches(['<', '/']);
            let name = name.split([' ', '>', '/', '\n']).next().unwrap_or_default();
            if tag.starts_with("</") {
                open.pop();
            } else if !is_void(name) && !tag.ends_with("/>") {
                open.push(name);
            }
            rest = after;
        } else {
            let end = rest.find(SIGN_END).map_or(rest.len(), |end| end + SIGN_END.len_utf8());
            let (sign, after) = rest.split_at(end);
            let _ = waiting.write_str(sign);
            rest = after;
        }
        if !waiting.is_empty() && may_hold_blocks(&open) {
            out.push_str(&waiting);
            waiting.clear();
        }
    }
    out.push_str(rest);
    out.push_str(&waiting);
    out
}

/// `html` without signs.
#[must_use]
pub(super) fn without_signs(html: &str) -> Piece {
    let pieces = pieces(html);
    let mut asides: Vec<usize> = pieces.iter().flat_map(|piece| piece.asides.clone()).collect();
    asides.sort_unstable();
    Piece { html: pieces.into_iter().map(|piece| piece.html).collect(), asides }
}

fn may_hold_blocks(open: &[&str]) -> bool {
    let holds = |name: &&str| {
        matches!(*name, "div" | "section" | "blockquote" | "li" | "dd" | "article" | "details")
    };
    let within = |name: &&str| holds(name) || matches!(*name, "ul" | "ol" | "dl");
    open.iter().all(within) && open.last().is_none_or(holds)
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "wbr"
            | "source"
            | "track"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_cut_at_its_signs() {
        let piece =
            |html: &str, asides: &[usize]| Piece { html: html.into(), asides: asides.into() };
        let html = format!("<p>a{}{}</p>{}", sign(1), sign(0), sign(2));
        assert_eq!(pieces(&html), [piece("<p>a", &[0, 1]), piece("</p>", &[2])]);
        assert_eq!(pieces("a"), [piece("a", &[])]);
        assert_eq!(signs(&html), 3);
        assert_eq!(without_signs(&html), piece("<p>a</p>", &[0, 1, 2]));
    }

    #[test]
    fn signs_leave_what_may_hold_no_block() {
        let check = |html: &str, expected: &str| {
            let sign = sign(0);
            assert_eq!(settle(&html.replace('|', &sign)).replace(&sign, "|"), expected);
        };
        check("<div>a| b</div>", "<div>a| b</div>");
        check("<p>a <b>b|</b> c</p>d", "<p>a <b>b</b> c</p>|d");
        check("<table><tr><td>a|</td></tr></table>", "<table><tr><td>a</td></tr></table>|");
        check("<ul>|<li>a</li></ul>", "<ul><li>|a</li></ul>");
        check("<div><b>a|<br>b</b> c</div>", "<div><b>a<br>b</b>| c</div>");
        check("<dl><dt>a|</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>|b</dd></dl>");
        check("<b>a|", "<b>a|");
    }
}
