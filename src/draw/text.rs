//! How much room words take, and how they are put into lines.
//!
//! Nobody can know at build time in which font a page will be read. The widths
//! here are those of the widest of the fonts that are common for such labels,
//! so that the words may end before their room does and never after.

use unicode_width::UnicodeWidthChar as _;

use crate::parse::escape;

/// How far a character moves the pen on, in thousandths of the letters' size.
///
/// Source for Latin letters: the widths in `DejaVu Sans`, which is wider than
/// what other systems have, rounded up within each class.
fn advance(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | ':' | ';' | '|' | '!' | ' ' | '’' => 340,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '“' | '”' => 430,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1_010,
        'a'..='z' | '0'..='9' | '–' => 645,
        ' '..='~' => 850,
        'à'..='ö' | 'ø'..='ÿ' => 660,
        'ж' | 'ш' | 'щ' | 'ю' | 'ы' | 'ф' | 'м' | 'њ' | 'љ' => 960,
        'а'..='ў' | 'α'..='ώ' => 720,
        'Ж' | 'Ш' | 'Щ' | 'Ю' | 'Ы' | 'Ф' | 'М' | 'Њ' | 'Љ' => 1_130,
        'Ѐ'..='Я' | 'À'..='ſ' | 'Ά'..='Ϋ' => 880,
        'א'..='ת' => 740,
        '\u{620}'..='\u{6ff}' if c.width() == Some(1) => 780,
        _ => match c.width() {
            None | Some(0) => 0,
            Some(1) => 950,
            Some(_) => 1_050,
        },
    }
}

/// The width of a line of words in letters of this size, rounded up.
pub fn measure(words: &str, size: i32) -> i32 {
    let advances: i64 = words.chars().map(|c| i64::from(advance(c))).sum();
    i32::try_from((advances * i64::from(size) + 999) / 1000).unwrap_or(i32::MAX)
}

/// Words in lines no wider than `width`, at most so many; what does not fit is
/// left out and `…` put in its place. Lines end at spaces, after hyphens and
/// between wide characters, and inside a word only where it fits on no line.
pub fn wrap(words: &str, size: i32, width: i32, most: usize) -> Vec<String> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    let mut rest = words.as_str();
    while !rest.is_empty() && lines.len() < most {
        if lines.len() + 1 == most {
            lines.push(shorten(rest, size, width));
            break;
        }
        let (line, after) = split(rest, size, width);
        lines.push(line.to_owned());
        rest = after;
    }
    lines
}

/// As much of a line as fits, with `…` for what does not.
pub fn shorten(words: &str, size: i32, width: i32) -> String {
    if measure(words, size) <= width {
        return words.to_owned();
    }
    let mut end = 0;
    let mut so_far = advance('…');
    for (at, c) in words.char_indices() {
        so_far += advance(c);
        if so_far * size > width * 1000 {
            break;
        }
        end = at + c.len_utf8();
    }
    [words[..end].trim_end(), "…"].concat()
}

fn split(words: &str, size: i32, width: i32) -> (&str, &str) {
    let mut so_far = 0;
    let mut end = 0;
    let mut is_joined = false;
    for (at, c) in words.char_indices() {
        let step = advance(c);
        if c == ' ' || (at > 0 && c.width() == Some(2) && !is_joined) {
            end = at;
        }
        so_far += step;
        if so_far * size > width * 1000 && c != ' ' && at > 0 {
            let end = if end > 0 { end } else { at };
            return (words[..end].trim_end(), words[end..].trim_start());
        }
        if matches!(c, '-' | '–' | '/') {
            end = at + c.len_utf8();
        }
        // An emoji may be several characters that are held together.
        is_joined = c == '\u{200d}';
    }
    (words.trim_end(), "")
}

/// Appends text for an element or an attribute. Control characters, which may
/// not stand in either, are left out.
pub fn push_escaped(out: &mut String, text: &str) {
    text.split(char::is_control).for_each(|part| escape::push_escaped(out, part));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_spaces_or_where_they_must() {
        let check = |words: &str, width: i32, most: usize, expected: &[&str]| {
            assert_eq!(wrap(words, 10, width, most), expected, "{words}");
        };
        check("Volodymyr Zelensky", 70, 3, &["Volodymyr", "Zelensky"]);
        check("Volodymyr Zelensky", 70, 1, &["Volodymyr…"]);
        check("Volodymyr Zelensky", 200, 3, &["Volodymyr Zelensky"]);
        check("a-very-long name", 40, 4, &["a-very-", "long", "name"]);
        check("Donaudampfschiff", 50, 3, &["Donauda", "mpfschif", "f"]);
        check("中华人民共和国", 32, 3, &["中华人", "民共和", "国"]);
        check("  \u{3000}\n", 32, 3, &[]);
        check("W", 2, 3, &["W"]);
    }

    #[test]
    fn wide_characters_take_more_room_and_marks_take_none() {
        assert!(measure("中", 10) > measure("n", 10));
        assert_eq!(measure("e\u{301}", 10), measure("e", 10));
        assert_eq!(measure("", 10), 0);
    }

    #[test]
    fn markup_in_words_is_text() {
        let mut out = String::new();
        push_escaped(&mut out, "<b a=\"1\">\u{0}&\u{1b}");
        assert_eq!(out, "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
