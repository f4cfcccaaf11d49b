//! Raw HTML in a body, made harmless.
//!
//! Cleaned is the finished HTML of a body, our own elements included, so that
//! an unclosed tag of the author's cannot break out of the body. Browsers
//! disagree with simple parsers about what is a tag; ammonia parses as they do.

use std::collections::{BTreeSet, HashSet};
use std::sync::Mutex;

use ammonia::Builder;

/// `html` without scripts, styles, frames, forms and event handlers, its
/// elements nested as they should be.
///
/// An id stays where it comes first, unless it is one of `reserved`, which
/// belong to the page around.
#[must_use]
pub(super) fn clean(html: &str, reserved: BTreeSet<String>) -> String {
    let seen = Mutex::new(HashSet::new());
    let is_new = move |id: &str| {
        seen.lock().is_ok_and(|mut seen: std::sync::MutexGuard<'_, HashSet<String>>| {
            seen.insert(id.to_owned())
        })
    };
    let mut builder = Builder::default();
    builder
        .add_tags(&["section", "input"])
        // Obsolete elements; their text stays.
        .rm_tags(&["acronym", "center", "rtc", "strike", "tt"])
        .add_generic_attributes(&["class", "id", "role", "dir", "tabindex", "data-of"])
        .add_generic_attribute_prefixes(&["aria-"])
        .add_tag_attributes("details", &["open"])
        .add_tag_attributes("data", &["value"])
        .add_tag_attributes("li", &["value"])
        .add_tag_attributes("ol", &["reversed", "type"])
        .add_tag_attributes("time", &["datetime"])
        // The box of a task list is the only input there is.
        .add_tag_attributes("input", &["checked"])
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        // Links are to be the same on pages with raw HTML as on others.
        .link_rel(None)
        .attribute_filter(move |_, attribute, value| {
            let stays = match attribute {
                "id" => !value.is_empty() && !reserved.contains(value) && is_new(value),
                "tabindex" => matches!(value, "0" | "-1"),
                "align" | "char" | "charoff" | "size" => false,
                _ => true,
            };
            stays.then(|| value.into())
        });
    builder.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(clean(html, BTreeSet::from(["main".to_owned()])), expected, "{html:?}");
    }

    #[test]
    fn what_runs_or_asks_is_taken_out() {
        check("a<script>x</script><style>y</style>b", "ab");
        check("<b onclick=\"x\" style=\"y\">z</b>", "<b>z</b>");
        check("<iframe src=x></iframe><form action=y>z</form>", "z");
        check("<a href=\"java&#x09;script:x\">y</a>", "<a>y</a>");
        check("<img src=x onerror=y alt=z>", "<img src=\"x\" alt=\"z\">");
        check("a<!-- b -->c", "ac");
    }

    #[test]
    fn what_was_left_open_is_closed() {
        check("<div><b>x", "<div><b>x</b></div>");
        check("x</div></section>y", "xy");
    }

    #[test]
    fn our_own_elements_survive() {
        for html in [
            "<mark class=\"quote\" id=\"q-1\" title=\"t\">x</mark>",
            "<mark class=\"quote\" data-of=\"q-1\">x</mark>",
            "<sup class=\"note-ref\"><a id=\"n\" href=\"#c\" role=\"doc-noteref\" aria-label=\"l\">1</a></sup>",
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"></div>",
            "<section class=\"footnotes\" role=\"doc-endnotes\"><ol><li id=\"fn-1\">x</li></ol></section>",
            "<a href=\"../speakers/x.html\" class=\"speaker\">x</a>",
            "<a href=\"https://x.org\">x</a>",
        ] {
            // The order of attributes is ammonia's own.
            let sorted = |html: &str| {
                let mut words: Vec<_> = html.split(['<', '>', ' ']).map(str::to_owned).collect();
                words.sort();
                words
            };
            assert_eq!(sorted(&clean(html, BTreeSet::new())), sorted(html));
        }
    }

    #[test]
    fn an_id_is_kept_once_and_never_taken_from_the_page() {
        check("<b id=\"x\">1</b><b id=\"x\">2</b>", "<b id=\"x\">1</b><b>2</b>");
        check("<b id=\"main\">1</b>", "<b>1</b>");
    }
}
