//! Text for places in HTML where only some characters may stand.

use std::fmt::Write;

/// `text` for the value of an attribute, in double quotation marks.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Appends `text` as it may stand in an element, and in the value of an attribute.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// `url` for the value of an attribute that holds an address: what may not
/// stand in an address is percent-encoded, what is encoded already stays.
pub(super) fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#39;"),
            _ if byte.is_ascii_alphanumeric() || b"-_.+!*(),#@?=;:/$%~[]".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => write!(out, "%{byte:02X}").expect("a string takes all that is written to it"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_ends_where_it_should() {
        assert_eq!(attribute("a \"b\" <c> & 'd'"), "a &quot;b&quot; &lt;c&gt; &amp; 'd'");
    }

    #[test]
    fn an_address_holds_only_what_may_stand_in_one() {
        assert_eq!(address("a b?c=d&e%20\"<й>"), "a%20b?c=d&amp;e%20%22%3C%D0%B9%3E");
    }
}
