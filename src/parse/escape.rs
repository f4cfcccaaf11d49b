//! Text for places in HTML where only some characters may stand.

use std::fmt::Write;

/// `text` for the value of an attribute, in double quotation marks.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Appends an attribute to a tag that is being written.
pub(super) fn push_attribute(tag: &mut String, name: &str, value: &str) {
    tag.push(' ');
    tag.push_str(name);
    tag.push_str("=\"");
    push_escaped(tag, value);
    tag.push('"');
}

/// Appends `text` as it may stand in an element, and in the value of an attribute.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// `url` for the value of an attribute that holds an address: what may not
/// stand in an address is percent-encoded, what is encoded already stays.
pub(super) fn address(url: &str) -> String {
    let stays = |byte: u8| {
        matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'+' | b'!'
            | b'*' | b'(' | b')' | b',' | b'#' | b'@' | b'?' | b'=' | b';' | b':' | b'/' | b'$'
            | b'%' | b'~' | b'[' | b']')
    };
    if url.bytes().all(stays) {
        return url.to_owned();
    }
    let mut out = String::with_capacity(url.len() + 8);
    for byte in url.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#39;"),
            _ if stays(byte) => out.push(char::from(byte)),
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
