//! The ids and links of a page, as a browser reads them.
//!
//! HTML is read by the rules of browsers or not at all, and html5gum knows
//! them. It looks at every byte, though, and nearly all of a page is text and
//! tags written in the one plain way that needs no rules. So tags are looked
//! for with memchr, and at the first thing that is not plain the whole page is
//! left to html5gum. A test holds the two against each other.

use std::borrow::Cow;

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use memchr::{memchr, memchr3};

use crate::bytes::{Bytes, LARGE, SMALL_AND_DIGITS, bytes};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An anchor.
    Id,
    /// A link, or a file that the page shows.
    Link,
}

/// What stands on a page, by kind and value.
pub type Found<'a> = Vec<(Kind, Cow<'a, [u8]>)>;

/// Every id, link and embedded file of an HTML page, in order.
#[must_use]
pub fn scan(html: &[u8]) -> Found<'_> {
    plain(html).unwrap_or_else(|| {
        let mut found = Vec::new();
        by_the_rules(html, &mut found);
        found
    })
}

/// What an attribute says, if it is of interest.
fn kind(name: &[u8]) -> Option<Kind> {
    let is = |other: &[u8]| name.eq_ignore_ascii_case(other);
    // By length first, which tells most apart.
    match name.len() {
        2 if is(b"id") => Some(Kind::Id),
        4 if is(b"href") => Some(Kind::Link),
        3 if is(b"src") => Some(Kind::Link),
        6 if is(b"poster") => Some(Kind::Link),
        _ => None,
    }
}

/// Reads a page that is written plainly; `None` where it is not.
fn plain(html: &[u8]) -> Option<Found<'_>> {
    // Browsers show another letter in its place.
    if memchr(0, html).is_some() {
        return None;
    }
    // Most pages have at least those of the menu.
    let mut found = Vec::with_capacity(16);
    let mut rest = html.strip_prefix(b"<!DOCTYPE html>").unwrap_or(html);
    while let Some(at) = next_tag(rest) {
        let tag = &rest[at..];
        if tag.get(1) == Some(&b'/') {
            rest = tag[2 + name(&tag[2..])?.len()..].strip_prefix(b">")?;
            continue;
        }
        let name = name(&tag[1..])?;
        let mut end = 1 + name.len();
        if tag[end] == b'>' {
            end += 1;
        } else {
            let before = found.len();
            let is_plain;
            (end, is_plain) = attributes(tag, end, name != b"base", &mut found)?;
            if !is_plain {
                found.truncate(before);
                by_the_rules(&tag[..end], &mut found);
            }
        }
        rest = &tag[end..];
        match name {
            // Most names.
            [_] | [_, _] => {}
            // What stands in them is no mark-up. Where it has no `<`, the next
            // one is that of their end.
            b"title" | b"script" | b"style" if tag[end - 2] != b'/' => {
                let last = &rest[memchr(b'<', rest)?..];
                rest = last.strip_prefix(b"</")?.strip_prefix(name)?.strip_prefix(b">")?;
            }
            b"title" | b"script" | b"style" | b"textarea" | b"iframe" | b"xmp" | b"noembed"
            | b"noframe" | b"noscript" | b"plaintext" => return None,
            _ => {}
        }
    }
    Some(found)
}

/// Where the next tag begins. Most stand right behind another, or a line end.
fn next_tag(text: &[u8]) -> Option<usize> {
    match text {
        [b'<', ..] => Some(0),
        [_, b'<', ..] => Some(1),
        _ => memchr(b'<', text),
    }
}

/// What may be in the name of a tag.
const IN_TAGS: Bytes = bytes(&[SMALL_AND_DIGITS, b"-"]);
/// In the name of an attribute. In drawings some have large letters: `viewBox`.
const IN_ATTRIBUTES: Bytes = bytes(&[SMALL_AND_DIGITS, LARGE, b"-"]);

/// The name of a tag, in small letters.
fn name(text: &[u8]) -> Option<&[u8]> {
    let name = beginning(text, &IN_TAGS)?;
    (!text[name.len()].is_ascii_uppercase()).then_some(name)
}

/// The name of an attribute.
fn attribute_name(text: &[u8]) -> Option<&[u8]> {
    beginning(text, &IN_ATTRIBUTES)
}

/// What the text begins with of these bytes, a letter the first, if it ends.
fn beginning<'a>(text: &'a [u8], these: &Bytes) -> Option<&'a [u8]> {
    let end = text.iter().position(|b| !these[usize::from(*b)])?;
    text[0].is_ascii_alphabetic().then(|| &text[..end])
}

/// Reads the attributes of a tag from the byte `at`. Where the tag ends, and
/// whether its values are as they were written. Links are of interest if
/// `has_links`.
fn attributes<'a>(
    tag: &'a [u8],
    mut at: usize,
    has_links: bool,
    found: &mut Found<'a>,
) -> Option<(usize, bool)> {
    let mut is_plain = true;
    loop {
        let gap = tag[at..].iter().position(|b| !matches!(b, b' ' | b'\n'))?;
        at += gap;
        match &tag[at..] {
            [b'>', ..] => return Some((at + 1, is_plain)),
            [b'/', b'>', ..] => return Some((at + 2, is_plain)),
            // Something has to stand between two attributes.
            _ if gap == 0 => return None,
            _ => {}
        }
        let name = attribute_name(&tag[at..])?;
        at += name.len();
        let Some(value) = tag[at..].strip_prefix(b"=\"") else {
            match tag[at] {
                b' ' | b'\n' | b'>' => continue,
                _ => return None,
            }
        };
        let kind = kind(name).filter(|kind| has_links || *kind == Kind::Id);
        let Some(kind) = kind else {
            at += memchr(b'"', value)? + 3;
            continue;
        };
        let mut end = memchr3(b'"', b'&', b'\r', value)?;
        if value[end] != b'"' {
            // An entity, or a line end that is not ours.
            is_plain = false;
            end += memchr(b'"', &value[end..])?;
        }
        at += end + 3;
        if end > 0 {
            found.push((kind, value[..end].into()));
        }
    }
}

/// Reads a page as browsers do.
fn by_the_rules(html: &[u8], found: &mut Found<'_>) {
    let mut attribute = Vec::new();
    let mut is_base = false;
    let mut emitter = CallbackEmitter::new(
        |event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<std::convert::Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => is_base = name == b"base",
                CallbackEvent::AttributeName { name } => {
                    attribute.clear();
                    attribute.extend_from_slice(name);
                }
                CallbackEvent::AttributeValue { value } => {
                    let kind = kind(&attribute).filter(|kind| !is_base || *kind == Kind::Id);
                    if let Some(kind) = kind {
                        found.push((kind, Cow::Owned(value.to_vec())));
                    }
                }
                _ => {}
            }
            None
        },
    );
    // What stands in a script is no mark-up.
    emitter.naively_switch_states(true);
    // Nothing is ever emitted, so that the first call runs to the end.
    let end = Tokenizer::new_with_emitter(html, emitter).next();
    debug_assert!(end.is_none(), "the page was not read to its end");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ruled(html: &str) -> Found<'_> {
        let mut found = Vec::new();
        by_the_rules(html.as_bytes(), &mut found);
        found
    }

    #[test]
    fn links_and_ids_are_read_as_a_browser_reads_them() {
        let html = "<a href='x.html?a=1&amp;b=2#y' ID=top><!-- <a href=no> --><img SRC=p.png><script>\"<a href=no>\"</script>";
        let found = scan(html.as_bytes());
        assert!(plain(html.as_bytes()).is_none());
        assert_eq!(
            found,
            [
                (Kind::Link, b"x.html?a=1&b=2#y".into()),
                (Kind::Id, b"top".into()),
                (Kind::Link, b"p.png".into())
            ]
        );
    }

    #[test]
    fn what_the_templates_write_is_plain() {
        let html = "<!DOCTYPE html>\n<html lang=\"en\"><title>a &amp; b</title>\n<script src=\"s.js\" defer></script>\n<base href=\"no\" id=\"base\"><svg viewBox=\"0 0 1 1\" ID=\"drawn\"></svg><a id=\"a\" href=\"../x.html?a&amp;b\"\n title=\"a > b\">&lt;</a><br /><img src=\"\">";
        let found = plain(html.as_bytes()).unwrap();
        assert_eq!(found, ruled(html));
        let values: Vec<_> = found.iter().map(|(_, value)| &**value).collect();
        let expected = ["s.js", "base", "drawn", "a", "../x.html?a&b"];
        assert_eq!(values, expected.map(str::as_bytes));
    }

    /// Pieces of pages, of those that go together and those that do not.
    const PIECES: [&str; 44] = [
        "<!DOCTYPE html>",
        "<",
        ">",
        "/",
        "</",
        "/>",
        "=",
        "=\"",
        "\"",
        "'",
        " ",
        "\n",
        "\r",
        "\0",
        "&",
        "&amp;",
        "&#x2f;",
        "id",
        "href",
        "src",
        "HREF",
        "poster",
        " id=\"a\"",
        " href=\"b.html#c\"",
        " href=\"&quot;\"",
        " src=d",
        " id='e'",
        " alt",
        "a",
        "A",
        "<a",
        "<p>",
        "</a>",
        "<base",
        "<img",
        "<title>",
        "</title>",
        "<script",
        "</script>",
        "<textarea>",
        "<!--",
        "-->",
        "x-1",
        "ä",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_page_is_read_as_the_rules_have_it(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24),
        ) {
            let html = pieces.concat();
            if let Some(found) = plain(html.as_bytes()) {
                prop_assert_eq!(found, ruled(&html));
            }
        }

        #[test]
        fn tags_are_read_as_the_rules_have_it(
            pieces in prop::collection::vec(
                prop::sample::select(&[
                    "<a", "<img", "<base", "<script", ">", " />", "/>", ">text", "</a>", "</script>",
                    " id=\"a\"", " href=\"b\"", "\nhref=\"&amp;\"", " src=\"\"", " src=\"\r\"", " defer", " id",
                ][..]),
                0..12,
            ),
        ) {
            let html = pieces.concat();
            if let Some(found) = plain(html.as_bytes()) {
                prop_assert_eq!(found, ruled(&html));
            }
        }
    }
}
