//! What a style sheet names: fonts, pictures, other style sheets.

use memchr::memmem;

/// A style sheet with other addresses: `to` gives the new one, or `None` where
/// it is to stay. Asked of each `url(...)` and of what `@import` names, not of
/// what stands in comments.
///
/// Source: W3C, "CSS Syntax Module Level 3", 4.3.
pub fn readdressed(css: &str, mut to: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = next(rest) {
        out.push_str(before);
        let (address, end) = address(after);
        match to(address).filter(|_| !address.is_empty()) {
            Some(new) => out.push_str(&after[..end].replacen(address, &new, 1)),
            None => out.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// What stands before the next address, and what begins with it.
fn next(css: &str) -> Option<(&str, &str)> {
    let bytes = css.as_bytes();
    let starts = |at: usize, word: &str| {
        bytes
            .get(at..at + word.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if starts(at, "/*") => {
                at += 2 + memmem::find(&bytes[at + 2..], b"*/")? + 2;
            }
            b'u' | b'U' if starts(at, "url(") => return Some(css.split_at(at + 4)),
            b'@' if starts(at, "@import") => {
                let space = css[at + 7..].len() - css[at + 7..].trim_start().len();
                at += 7 + space;
                if matches!(bytes.get(at), Some(b'"' | b'\'')) {
                    return Some(css.split_at(at));
                }
            }
            // An address in a string of another kind is none.
            quote @ (b'"' | b'\'') => at += 1 + closing(&bytes[at + 1..], quote) + 1,
            _ => at += 1,
        }
    }
    None
}

/// The address that some text begins with, bare or in quotes, and where what
/// follows begins.
fn address(text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    if let Some(quote @ (b'"' | b'\'')) = text.as_bytes().get(start) {
        let from = start + 1;
        let end = from + closing(&text.as_bytes()[from..], *quote);
        (&text[from..end], text.len().min(end + 1))
    } else {
        let end = start + text[start..].find(')').unwrap_or(text.len() - start);
        (text[start..end].trim_end(), end)
    }
}

/// Where a string ends that has begun.
fn closing(bytes: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, expected: &str) {
        assert_eq!(readdressed(css, |address| Some(format!("<{address}>"))), expected);
        assert_eq!(readdressed(css, |_| None), css);
    }

    #[test]
    fn addresses_are_found_wherever_a_style_sheet_may_have_them() {
        check("a{src:url(a.woff2)}", "a{src:url(<a.woff2>)}");
        check(
            "a{src:URL( \"a b.svg#x\" ) , url('c')}",
            "a{src:URL( \"<a b.svg#x>\" ) , url('<c>')}",
        );
        check(
            "@import \"a.css\" screen;@import url(b.css);",
            "@import \"<a.css>\" screen;@import url(<b.css>);",
        );
        check("/* url(x) */b{}", "/* url(x) */b{}");
        check("a::before{content:\"url(x)\"}", "a::before{content:\"url(x)\"}");
        for broken in ["a{src:url(", "a{src:url('x", "@import", "/* url(x)", "\"\\"] {
            assert_eq!(readdressed(broken, |_| None), broken);
        }
    }
}
