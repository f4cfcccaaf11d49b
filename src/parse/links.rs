//! Where a body leads: its links, images and wikilinks.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

/// A link or image as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads: `speaker:steven-witkoff`, `other.md#part`,
    /// `https://example.org`, or the name in a wikilink.
    pub destination: Box<str>,
    /// An image, which a page shows, and not a link.
    pub is_image: bool,
    /// Written as `[[destination]]` or `[[destination|text]]`.
    pub is_wikilink: bool,
    /// Bytes of the body to point at: the destination, or the whole link where
    /// that is written elsewhere.
    pub range: Range<usize>,
}

/// A link or image with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// The link.
    pub link: Link,
    /// The words that are linked, or the image's description.
    pub text: String,
}

/// The links, images and wikilinks of `body`, whose events these are, in their
/// order.
///
/// Links in raw HTML are not among them, nor those in an image's description,
/// which no reader can follow.
#[must_use]
pub fn links(body: &str, events: &[(Event<'_>, Range<usize>)]) -> Box<[Link]> {
    requests(body, events).into_iter().map(|(_, request)| request.link).collect()
}

/// The same with their words, each with the index of the event that begins it.
pub(super) fn requests(
    body: &str,
    events: &[(Event<'_>, Range<usize>)],
) -> Vec<(usize, LinkRequest)> {
    let mut found: Vec<(usize, LinkRequest)> = Vec::new();
    // Which of those found are still open, each with its words to come.
    let mut open: Vec<usize> = Vec::new();
    let mut images = 0;
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                if images == 0 {
                    open.push(found.len());
                    found.push((index, request(body, tag, range)));
                }
                images += usize::from(matches!(tag, Tag::Image { .. }));
            }
            Event::End(end @ (TagEnd::Link | TagEnd::Image)) => {
                images -= usize::from(*end == TagEnd::Image);
                if images == 0 {
                    open.pop();
                }
            }
            Event::Text(text) | Event::Code(text) => {
                for at in &open {
                    found[*at].1.text.push_str(text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                for at in &open {
                    found[*at].1.text.push(' ');
                }
            }
            _ => {}
        }
    }
    found
}

fn request(body: &str, tag: &Tag<'_>, range: &Range<usize>) -> LinkRequest {
    let (Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) = tag
    else {
        unreachable!("only links and images are asked about");
    };
    let whole = body.get(range.clone()).unwrap_or_default();
    let at = match link_type {
        LinkType::Inline => whole
            .rfind("](")
            .and_then(|close| {
                // Nearly always it stands right there.
                if whole[close + 2..].starts_with(&**dest_url) {
                    return Some(close + 2);
                }
                Some(close + whole[close..].find(&**dest_url)?)
            })
            .or_else(|| whole.rfind(&**dest_url)),
        _ => whole.find(&**dest_url),
    };
    let range = match at {
        Some(at) if !dest_url.is_empty() => range.start + at..range.start + at + dest_url.len(),
        _ => range.clone(),
    };
    let scheme = if *link_type == LinkType::Email { "mailto:" } else { "" };
    let link = Link {
        destination: [scheme, dest_url].concat().into(),
        is_image: matches!(tag, Tag::Image { .. }),
        is_wikilink: matches!(link_type, LinkType::WikiLink { .. }),
        range,
    };
    LinkRequest { link, text: String::new() }
}

/// Whether a browser would run what `url` holds instead of going there.
///
/// Browsers drop tabs and line breaks in an address, and control characters
/// and spaces before it (WHATWG URL, "basic URL parser").
pub(super) fn is_dangerous(url: &str) -> bool {
    let scheme: String = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take_while(|c| *c != ':')
        .take(12)
        .flat_map(char::to_lowercase)
        .collect();
    matches!(&*scheme, "javascript" | "vbscript" | "data") && url.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::text::parser;

    fn check(body: &str, expected: &[&str]) {
        let told = |(_, LinkRequest { link, text }): &(usize, LinkRequest)| {
            let image = if link.is_image { "image " } else { "" };
            let wiki = if link.is_wikilink { "wiki " } else { "" };
            let Link { destination, range, .. } = link;
            format!("{image}{wiki}{destination} ({text}) at {}", &body[range.clone()])
        };
        let events: Vec<_> = parser(body).collect();
        let found = requests(body, &events);
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected, "{body:?}");
    }

    #[test]
    fn every_kind_of_link_is_found() {
        check("[the *envoy*](speaker:x \"t\")", &["speaker:x (the envoy) at speaker:x"]);
        check("[[Jane Doe]]", &["wiki Jane Doe (Jane Doe) at Jane Doe"]);
        check("[[crimea|the peninsula]]", &["wiki crimea (the peninsula) at crimea"]);
        check("<https://x.org>", &["https://x.org (https://x.org) at https://x.org"]);
        check("<a@b.org>", &["mailto:a@b.org (a@b.org) at a@b.org"]);
        check("[a\nb][r]\n\n[r]: claim:c", &["claim:c (a b) at [a\nb][r]"]);
        check("![a map](m.png)", &["image m.png (a map) at m.png"]);
        check("[![a](m.png)](x)", &["x (a) at x", "image m.png (a) at m.png"]);
        check("[x]()", &[" (x) at [x]()"]);
        check("[m.md](m.md)", &["m.md (m.md) at m.md"]);
    }

    #[test]
    fn a_description_of_an_image_leads_nowhere() {
        check("![a [b](c) d](e)", &["image e (a b d) at e"]);
    }

    #[test]
    fn code_and_raw_html_hold_no_links() {
        check("`[a](b)` <a href=\"c\">d</a>", &[]);
    }

    #[test]
    fn what_a_browser_would_run_is_dangerous() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            " \u{1}java\nscr\tipt\r:x",
            "vbscript:x",
            "data:text/html,x",
            "DATA:image/svg+xml,x",
        ] {
            assert!(is_dangerous(url), "{url:?}");
        }
        for url in ["https://x.org/javascript:x", "data.html", "javascript", "mailto:a@b.c", ""] {
            assert!(!is_dangerous(url), "{url:?}");
        }
    }
}
