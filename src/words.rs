//! The words that pages say of themselves, in the site's language.
//!
//! They stand in files, one for each language, with a key for each text: the
//! templates' folder `texts/`, as `texts/uk.yaml`. Where a number decides the
//! form, a text is a table of the forms that the language has:
//!
//! ```yaml
//! skip: Skip to the text
//! claims:
//!   one: "{n} claim"
//!   other: "{n} claims"
//! ```
//!
//! What stands in braces is filled in. What an author wrote is never translated.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde_yaml::Value;

use crate::date::Date;
use crate::diagnostic::{Checked, Diagnostic, Place};
use crate::fingerprint::{ByName, Fingerprint};

/// The language that has every text, and speaks where another has none.
pub const FALLBACK: &str = "en";

/// The texts of one language, as a file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextsFile {
    /// How a diagnostic names it.
    pub path: Arc<str>,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// What is in it.
    pub text: Arc<str>,
}

/// All texts of a site, in its language.
pub struct Words {
    language: Box<str>,
    texts: HashMap<Box<str>, Text, ByName>,
    rules: Option<PluralRules>,
    fingerprint: Fingerprint,
}

/// One text: `other` is what every language has.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    other: Box<str>,
    forms: Vec<(PluralCategory, Box<str>)>,
}

/// The names of CLDR's plural categories.
const FORMS: [(&str, PluralCategory); 6] = [
    ("zero", PluralCategory::Zero),
    ("one", PluralCategory::One),
    ("two", PluralCategory::Two),
    ("few", PluralCategory::Few),
    ("many", PluralCategory::Many),
    ("other", PluralCategory::Other),
];

impl Words {
    /// The texts for a site in this language, a BCP 47 tag. Of two files with the
    /// same text the later wins, and the nearer language before that: `de-AT`
    /// before `de`, and [`FALLBACK`] last.
    pub fn new(language: &str, files: &[TextsFile]) -> Checked<Self> {
        let primary = language.split(['-', '_']).next().unwrap_or(language);
        let mut diagnostics = Vec::new();
        let mut texts = HashMap::default();
        let mut found = FALLBACK;
        let mut read = Vec::new();
        let mut languages = vec![FALLBACK];
        languages.extend((primary != FALLBACK).then_some(primary));
        languages.extend((language != primary).then_some(language));
        for tag in languages {
            for file in files.iter().filter(|file| file.language.eq_ignore_ascii_case(tag)) {
                texts.extend(parse(file).unpack(&mut diagnostics));
                read.push((&*file.language, &*file.text));
                found = if tag == FALLBACK && primary != FALLBACK { FALLBACK } else { language };
            }
        }
        let locale = Locale::try_from_str(found).ok();
        let all = serde_json::to_vec(&(found, read)).expect("texts have a JSON form");
        let value = Self {
            language: found.into(),
            texts,
            rules: locale.and_then(|l| PluralRules::try_new_cardinal((&l).into()).ok()),
            fingerprint: Fingerprint::of(&all),
        };
        Checked { value, diagnostics }
    }

    /// Those that the program carries, in English: what the tests see.
    #[must_use]
    pub fn english() -> Self {
        let text = include_str!("../templates/texts/en.yaml");
        let path = "templates/texts/en.yaml".into();
        Self::new(FALLBACK, &[TextsFile { path, language: FALLBACK.to_owned(), text: text.into() }])
            .value
    }

    /// The language that these words are in: the site's, or [`FALLBACK`] where
    /// there are none in that.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What stands for all of them together.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// All keys, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(|key| &**key)
    }

    /// Whether there is such a text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// A text as it is; the key itself where there is none.
    #[must_use]
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, |text| &text.other)
    }

    /// A text in the form for a number.
    #[must_use]
    pub fn form<'a>(&'a self, key: &'a str, n: usize) -> &'a str {
        let Some(text) = self.texts.get(key) else { return key };
        if text.forms.is_empty() {
            return &text.other;
        }
        let wanted = self.rules.as_ref().map_or(PluralCategory::Other, |r| r.category_for(n));
        let form = text.forms.iter().find(|(category, _)| *category == wanted);
        form.map_or(&text.other, |(_, form)| form)
    }

    /// A text for a number, which stands for `{n}` in it.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        fill(self.form(key, n), &[("n", &n.to_string())])
    }

    /// A text with its gaps filled in.
    #[must_use]
    pub fn fill(&self, key: &str, parts: &[(&str, &str)]) -> String {
        fill(self.say(key), parts)
    }

    /// A date as one would say it.
    #[must_use]
    pub fn date(&self, date: &Date) -> String {
        date.words(&|key, parts| self.has(key).then(|| self.fill(key, parts)))
    }

    /// The name of a month, 1 to 12, where no day is said with it.
    #[must_use]
    pub fn month(&self, month: u8) -> &str {
        crate::date::MONTHS.get(usize::from(month) - 1).map_or("", |key| self.say(key))
    }

    /// Names as in a sentence: `A`, `A and B`, `A, B and C`.
    #[must_use]
    pub fn list<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> String {
        let mut names = names.into_iter().peekable();
        let mut out = names.next().unwrap_or_default().to_owned();
        while let Some(name) = names.next() {
            out.push_str(self.say(if names.peek().is_some() { "comma" } else { "and" }));
            out.push_str(name);
        }
        out
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new(FALLBACK, &[]).value
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({}, {} texts)", self.language, self.texts.len())
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

/// A text with its gaps filled in. A gap that has no part stays as it is.
#[must_use]
pub fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = from.find('}') else {
            rest = from;
            break;
        };
        let name = &from[1..close];
        match parts.iter().find(|(part, _)| *part == name) {
            Some((_, part)) => out.push_str(part),
            None => out.push_str(&from[..=close]),
        }
        rest = &from[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The texts of a file. What is none is reported and left out.
fn parse(file: &TextsFile) -> Checked<Vec<(Box<str>, Text)>> {
    let written: BTreeMap<String, Value> = match serde_yaml::from_str::<Option<_>>(&file.text) {
        Ok(written) => written.unwrap_or_default(),
        Err(error) => {
            let at = error.location().map_or(0, |at| at.index().min(file.text.len()));
            let place = Place::new(&file.path, at..at);
            let problem =
                Diagnostic::error("bad-texts", place, format!("these are no texts: {error}"))
                    .hint("a file of texts is a table of keys and texts");
            return Checked { value: Vec::new(), diagnostics: vec![problem] };
        }
    };
    let mut diagnostics = Vec::new();
    let mut texts = Vec::new();
    for (key, value) in written {
        if let Some(text) = text(&value) {
            texts.push((key.into(), text));
            continue;
        }
        let at = file.text.find(&format!("{key}:")).unwrap_or(0);
        diagnostics.push(
            Diagnostic::error(
                "bad-texts",
                Place::new(&file.path, at..at + key.len()),
                format!("`{key}` is neither a text nor a table of its forms"),
            )
            .hint("the forms are `zero`, `one`, `two`, `few`, `many`, and always `other`"),
        );
    }
    Checked { value: texts, diagnostics }
}

fn text(value: &Value) -> Option<Text> {
    if let Some(text) = value.as_str() {
        return Some(Text { other: text.into(), forms: Vec::new() });
    }
    let mut other = None;
    let mut forms = Vec::new();
    for (form, text) in value.as_mapping()? {
        let (form, text) = (form.as_str()?, text.as_str()?);
        let (_, category) = FORMS.iter().find(|(name, _)| *name == form)?;
        if *category == PluralCategory::Other {
            other = Some(text.into());
        }
        forms.push((*category, text.into()));
    }
    Some(Text { other: other?, forms })
}

/// The forms that whole numbers take in a language, by their names, each with two
/// of its numbers, or with the one that it is for.
#[cfg(test)]
pub(crate) fn forms_of_numbers(language: &str) -> BTreeMap<&'static str, Vec<usize>> {
    let locale = Locale::try_from_str(language).unwrap();
    let rules = PluralRules::try_new_cardinal((&locale).into()).unwrap();
    let mut forms: BTreeMap<_, Vec<_>> = BTreeMap::new();
    // Some languages have a form that begins at a million.
    for n in (0..1000).chain([1_000_000]) {
        let category = rules.category_for(n);
        let (name, _) = FORMS.iter().find(|(_, of)| *of == category).unwrap();
        let numbers = forms.entry(*name).or_default();
        if numbers.len() < 2 {
            numbers.push(n);
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: &str, files: &[(&str, &str)]) -> Checked<Words> {
        let files: Vec<TextsFile> = files
            .iter()
            .map(|(language, text)| TextsFile {
                path: format!("texts/{language}.yaml").into(),
                language: (*language).to_owned(),
                text: (*text).into(),
            })
            .collect();
        Words::new(language, &files)
    }

    const CLAIMS: &str = "claims: {one: '{n} claim', other: '{n} claims'}\nhello: Hello, {who}";
    const TVERDZHENNIA: &str = "claims: {one: '{n} твердження', few: '{n} твердження…', many: '{n} тверджень', other: '{n} твердження,'}";

    #[test]
    fn numbers_take_the_form_that_their_language_has_for_them() {
        let english = words("en", &[("en", CLAIMS)]).value;
        assert_eq!(
            [0, 1, 2].map(|n| english.count("claims", n)),
            ["0 claims", "1 claim", "2 claims"]
        );
        let ukrainian = words("uk", &[("en", CLAIMS), ("uk", TVERDZHENNIA)]).value;
        let forms = [1, 2, 5, 11, 21, 22].map(|n| ukrainian.count("claims", n));
        assert_eq!(
            forms,
            [
                "1 твердження",
                "2 твердження…",
                "5 тверджень",
                "11 тверджень",
                "21 твердження",
                "22 твердження…"
            ]
        );
    }

    #[test]
    fn the_nearer_language_and_the_later_file_win_and_english_speaks_for_the_rest() {
        let files = [("en", "a: one\nb: two\nc: three"), ("de", "a: eins"), ("de", "a: EINS")];
        let german = words("de-AT", &files).value;
        assert_eq!((german.say("a"), german.say("b")), ("EINS", "two"));
        assert_eq!(german.language(), "de-AT");
        let french = words("fr", &files).value;
        assert_eq!((french.say("a"), french.language()), ("one", "en"));
        assert_eq!(french.say("unheard of"), "unheard of");
    }

    #[test]
    fn gaps_are_filled_in() {
        let words = words("en", &[("en", CLAIMS)]).value;
        assert_eq!(words.fill("hello", &[("who", "{n}")]), "Hello, {n}");
        assert_eq!(fill("{a} {b} {", &[("a", "1")]), "1 {b} {");
    }

    #[test]
    fn what_is_no_text_is_reported_with_its_place() {
        let problems = words("en", &[("en", "a: fine\nb: {one: only}\nc: [x]")]).diagnostics;
        let places: Vec<usize> = problems.iter().map(|p| p.place.start).collect();
        assert_eq!(places, [8, 23]);
        assert_eq!(words("en", &[("en", "- a\n- b")]).diagnostics.len(), 1);
    }

    fn check(text: &str, words: &str, html: Option<&str>, first: Option<crate::date::Day>) {
        let date = Date::parse(text).unwrap();
        let said = Words::english().date(&date);
        assert_eq!((&*said, date.html(), date.first()), (words, html, first));
    }

    #[test]
    fn dates_are_said_as_they_are_known() {
        check("2025-03-21", "21 March 2025", Some("2025-03-21"), Some((2025, 3, 21)));
        check("2025-03", "March 2025", Some("2025-03"), Some((2025, 3, 1)));
        check("1991", "1991", Some("1991"), Some((1991, 1, 1)));
        check("2024-07~", "about July 2024", Some("2024-07"), Some((2024, 7, 1)));
        check("2014?", "2014 (uncertain)", Some("2014"), Some((2014, 1, 1)));
        check("XXXX-03-13", "13 March, year unknown", Some("03-13"), None);
        check(
            "2022-09-23/2022-09-27",
            "23 September 2022 to 27 September 2022",
            None,
            Some((2022, 9, 23)),
        );
        check("2014-03-18/..", "since 18 March 2014", None, Some((2014, 3, 18)));
        check("201X", "201X", None, None);
        check("2021-21~", "about spring 2021", None, Some((2021, 3, 1)));
        check("2021-34", "second quarter of 2021", None, Some((2021, 4, 1)));
    }
}
