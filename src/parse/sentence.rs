//! Where sentences end.

use unicode_segmentation::UnicodeSegmentation;

use crate::bytes::{Bytes, LARGE, SMALL_AND_DIGITS, bytes};

/// Where the sentence ends in which byte `from` of `text` stands or which ends
/// there, without the white space behind it. It is one whatever the language:
/// the rules are Unicode's (UAX #29).
///
/// Two things that Unicode leaves to others: a full stop behind a letter or a
/// short title, as in `J. Doe` and `Dr. Doe`, is not taken for the end, and
/// nothing is before a small letter, as in `“Did he?” she asked`. Where one was
/// nevertheless, the next sentence's end is given.
#[must_use]
pub(super) fn sentence_end(text: &str, from: usize) -> usize {
    // Where a sentence ends shows in the letters of the word before and behind the end
    // alone, so that words are passed over that end in no mark.
    let mut word = text[..from].rfind(' ').map_or(0, |space| space + 1);
    loop {
        let mark = word + first_that_may_end(&text[word..]);
        // Most do before a space and a large letter, for which nobody has to be asked.
        let [b'.' | b'!' | b'?', b' ', b'A'..=b'Z', ..] = text.as_bytes()[mark..] else {
            let start = text[word..mark].rfind(' ').map_or(word, |space| word + space + 1);
            return end_from(start, text, from);
        };
        if mark + 1 >= from && !ends_in_abbreviation(&text[..=mark]) {
            return mark + 1;
        }
        word = mark + 2;
    }
}

/// That end, if the text before `start` has no part in it.
fn end_from(start: usize, text: &str, from: usize) -> usize {
    text[start..]
        .split_sentence_bound_indices()
        .map(|(at, sentence)| start + at + sentence.trim_end().len())
        .find(|end| *end >= from && !ends_in_abbreviation(&text[..*end]) && !goes_on(&text[*end..]))
        .unwrap_or(text.len())
        .max(from)
}

/// Where the first letter stands in which a sentence may end; the length of the text
/// where there is none.
fn first_that_may_end(text: &str) -> usize {
    let mut from = 0;
    // Most letters are in the table.
    while let Some(at) = text.as_bytes()[from..].iter().position(|b| !INSIDE[usize::from(*b)]) {
        from += at;
        let Some(c) = text[from..].chars().next().filter(|c| !may_end(*c)) else { return from };
        from += c.len_utf8();
    }
    text.len()
}

/// The bytes of ASCII in which no sentence ends.
const INSIDE: Bytes = bytes(&[SMALL_AND_DIGITS, LARGE, b" ,;:-'\"()"]);

/// Whether a sentence may end in this letter, which is none of `INSIDE`: whatever
/// Unicode counts among such marks is neither a letter nor a digit, nor one of these.
fn may_end(c: char) -> bool {
    let is_inside = matches!(c, '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '«' | '»');
    !(is_inside || c.is_alphanumeric())
}

/// Whether a text begins with a small letter.
fn goes_on(text: &str) -> bool {
    text.trim_start().starts_with(char::is_lowercase)
}

/// Whether a text ends in a full stop that shortens a name or a title.
fn ends_in_abbreviation(text: &str) -> bool {
    let Some(before) = text.strip_suffix('.') else { return false };
    let is_part = |c: char| c.is_alphanumeric() || c == '.';
    let word = before.rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
    let word = word.rsplit('.').next().unwrap_or_default();
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return false };
    // Titles keep their consonants; short words, as `No` or `She`, do not.
    first.is_uppercase() && letters.clone().count() < 3 && letters.all(is_consonant)
}

fn is_consonant(c: char) -> bool {
    c.is_lowercase() && !"aeiouyäöüаеиоуыіїєяюё".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` stands where the words end, `^` where their sentence does.
    fn check(text: &str) {
        let from = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let end = text.find('^').unwrap();
        let text = text.replacen('^', "", 1);
        assert_eq!(&text[..sentence_end(&text, from)], &text[..end]);
    }

    #[test]
    fn a_sentence_ends_behind_its_last_mark() {
        check("He said| so.^ She did not.");
        check("“It is a gift|.”^ Then he left.");
        check("“It is a gift.|”^ Then he left.");
        check("Is it? Yes| it is!^ Good.");
        check("one| two^");
        check("one two|^");
        check("It rose by 3.5| percent to 4.1 percent.^ Then");
        check("“Did| he?” she asked.^ No.");
    }

    #[test]
    fn a_short_title_is_no_end() {
        check("It was said| by Dr. A. B. Doe of the U.S. Treasury.^ And");
        check("She| told Mr. Roe.^ And");
        check("Said| J. F. Doe, and A. Roe: “No.”^ And");
        check("It was| so. And then.^ It".replace(" And then.^", "^ And then.").as_str());
    }

    #[test]
    fn any_script_has_sentences() {
        check("他说|了。^她没有。");
        check("قال| ذلك؟^ لم تقل.");
        check("Він| сказав.^ Вона ні.");
        check("उसने| कहा।^ फिर");
    }

    proptest::proptest! {
        #[test]
        fn an_end_is_never_before_the_words_and_passing_over_some_does_not_move_it(text in "([a-zA-Z.!?”) ,]| [A-Z]\\. |\\PC|[\u{300}\u{200d}\u{ad}।。١]){0,60}", at in 0..80usize) {
            let text = crate::parse::text::normalise(&text).into_owned();
            let from = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let end = sentence_end(&text, from);
            assert!(end >= from && text.is_char_boundary(end));
            let word = text[..from].rfind(' ').map_or(0, |space| space + 1);
            assert_eq!(end, end_from(word, &text, from), "{text:?} from {from}");
        }
    }
}
