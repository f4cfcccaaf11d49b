//! From a body and what is known about it to HTML.
//!
//! Quotations, hedges and loaded words are marked where they stand, links led
//! to their pages, first mentions linked, headings given ids. What is marked
//! and where a link leads is decided elsewhere; here it only gets its form, and
//! whatever the author wrote, what comes out nests as HTML must.

use std::collections::{BTreeSet, HashMap, HashSet};

use pulldown_cmark::html::push_html;

use crate::fingerprint::ByName;
pub use crate::parse::annotations::{Annotations, LinkTarget, Resolved};
pub use crate::parse::autolink::Autolink;
use crate::parse::clean::clean;
pub use crate::parse::headings::Heading;
use crate::parse::headings::headings;
use crate::parse::links::{LinkRequest, is_dangerous, requests};
use crate::parse::marks::OF_NOTE;
pub use crate::parse::marks::{Mark, Note};
pub use crate::parse::pieces::Piece;
use crate::parse::pieces::{pieces, settle, signs, without_signs};
use crate::parse::text::{VisibleText, events};
use crate::parse::writer::{Link, Writer, Written};

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
    let marks: HashSet<&str, ByName> = annotations.marks.iter().map(|mark| &*mark.id).collect();
    let headings = headings(&events, |id| {
        annotations.reserved.iter().any(|ids| ids.contains(id))
            || marks.contains(id.strip_suffix(OF_NOTE).unwrap_or(id))
            || marks.contains(id)
    });
    let Written { events, cuts, raw } =
        Writer::write(&events, &visible, &headings, &links, annotations);
    let mut html = String::with_capacity(body.len() * 2);
    push_html(&mut html, events.into_iter());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::selector::Selector;
    use crate::parse::quote::{Anchor, find};
    use crate::words::Words;

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
