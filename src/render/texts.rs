//! The files of texts among the templates: `texts/uk.yaml`. They are layered as
//! templates are.

use super::embedded;
use super::template::TemplateSource;
use super::theme::Theme;
use crate::words::TextsFile;

/// Takes the files of texts out of a site's `own` templates, its theme's and those
/// of the theme's base. They come together with those that the program carries,
/// each after those that it wins over.
#[must_use]
pub fn divide(
    own: Vec<TemplateSource>,
    theme: &mut Theme,
) -> (Vec<TemplateSource>, Vec<TextsFile>) {
    let mut texts = embedded::texts();
    for layer in [&mut theme.base, &mut theme.templates] {
        let (of_layer, templates) = parted(std::mem::take(layer));
        *layer = templates;
        texts.extend(of_layer);
    }
    let (own_texts, own) = parted(own);
    texts.extend(own_texts);
    (own, texts)
}

fn parted(sources: Vec<TemplateSource>) -> (Vec<TextsFile>, Vec<TemplateSource>) {
    let mut texts = Vec::new();
    let mut templates = Vec::new();
    for source in sources {
        match language(&source.name) {
            Some(language) => texts.push(TextsFile {
                language: language.to_owned(),
                path: source.path,
                text: source.text,
            }),
            None => templates.push(source),
        }
    }
    (texts, templates)
}

/// The language of a file of texts, by its name.
pub(super) fn language(name: &str) -> Option<&str> {
    name.strip_prefix("texts/")?.strip_suffix(".yaml")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::date::Date;
    use crate::words::{Words, forms_of_numbers};

    /// The keys that stand as `"key" | say` in the built-in templates.
    fn said(text: &str) -> impl Iterator<Item = &str> {
        text.match_indices("| say").filter_map(|(at, _)| {
            let before = text[..at].trim_end().strip_suffix('"')?;
            before.rsplit_once('"').map(|(_, key)| key)
        })
    }

    #[test]
    fn every_text_that_the_templates_say_is_there() {
        let words = Words::english();
        let sources = embedded::sources();
        let missing: Vec<_> = sources
            .iter()
            .flat_map(|source| said(&source.text).map(|key| (&*source.name, key)))
            .filter(|(_, key)| !words.has(key))
            .collect();
        assert_eq!(missing, []);
        assert!(sources.iter().map(|source| said(&source.text).count()).sum::<usize>() > 100);
    }

    /// The texts of a language by key, each with its forms by name. One that has
    /// none is its own `other`.
    fn forms(language: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        let file = embedded::texts().into_iter().find(|f| f.language == language).unwrap();
        let texts: BTreeMap<String, serde_yaml::Value> = serde_yaml::from_str(&file.text).unwrap();
        let words = |value: &serde_yaml::Value| value.as_str().unwrap().to_owned();
        texts
            .into_iter()
            .map(|(key, value)| {
                let forms = match value.as_mapping() {
                    Some(forms) => forms.iter().map(|(f, text)| (words(f), words(text))).collect(),
                    None => BTreeMap::from([("other".to_owned(), words(&value))]),
                };
                (key, forms)
            })
            .collect()
    }

    fn gaps(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|gap| Some(gap.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_has_every_text_with_the_same_gaps() {
        let english = forms("en");
        for file in embedded::texts() {
            let texts = forms(&file.language);
            assert!(texts.keys().eq(english.keys()), "{}", file.path);
            for (key, text) in &texts {
                let wanted = gaps(&english[key]["other"]);
                assert_eq!(gaps(&text["other"]), wanted, "{}: {key}", file.path);
            }
        }
    }

    #[test]
    fn every_language_has_the_forms_that_its_numbers_take() {
        let english = forms("en");
        for file in embedded::texts() {
            let numbers = forms_of_numbers(&file.language);
            let mut wanted: BTreeSet<&str> = numbers.keys().copied().collect();
            // Every text has this one, in Ukrainian for what is no whole number.
            wanted.insert("other");
            for (key, text) in
                forms(&file.language).iter().filter(|(key, _)| english[*key].len() > 1)
            {
                let place = format!("{}: {key}", file.path);
                assert!(text.keys().eq(wanted.iter()), "{place} has {:?}", text.keys());
                for (form, text_of_form) in text {
                    let (mut have, mut all) = (gaps(text_of_form), gaps(&text["other"]));
                    // "The correction" needs no number where it can be but one.
                    if numbers.get(&**form).is_some_and(|numbers| numbers.len() == 1) {
                        have.remove("n");
                        all.remove("n");
                    }
                    assert_eq!(have, all, "{place}: {form}");
                }
            }
        }
        let names = |language| forms_of_numbers(language).into_keys().collect::<Vec<_>>();
        assert_eq!(names("uk"), ["few", "many", "one"]);
        assert_eq!([names("de"), names("en")], [["one", "other"], ["one", "other"]]);
    }

    #[test]
    fn numbers_are_said_in_each_language() {
        let said = |language, n| {
            let words = Words::new(language, &embedded::texts()).value;
            (words.count("claims_on_record", n), words.count("see_corrections", n))
        };
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(said("uk", 1), both("1 зафіксоване твердження", "Переглянути 1 виправлення"));
        assert_eq!(said("uk", 3), both("3 зафіксовані твердження", "Переглянути 3 виправлення"));
        assert_eq!(said("uk", 12), both("12 зафіксованих тверджень", "Переглянути 12 виправлень"));
        assert_eq!(said("uk", 21), both("21 зафіксоване твердження", "Переглянути 21 виправлення"));
        assert_eq!(said("de", 1), both("1 erfasste Aussage", "Zur Berichtigung"));
        assert_eq!(said("de", 21), both("21 erfasste Aussagen", "Zu den 21 Berichtigungen"));
    }

    #[test]
    fn dates_are_said_in_each_language() {
        let [ukrainian, german] = ["uk", "de"].map(|l| Words::new(l, &embedded::texts()).value);
        for (written, in_ukrainian, in_german) in [
            ("2025-03-21", "21 березня 2025", "21. März 2025"),
            ("2025-03", "березень 2025", "März 2025"),
            ("1991", "1991", "1991"),
            ("2024-07~", "приблизно липень 2024", "etwa Juli 2024"),
            ("2014?", "2014 (непевно)", "2014 (unsicher)"),
            ("XXXX-03-13", "13 березня, рік невідомий", "13. März, Jahr unbekannt"),
            (
                "2022-09-23/2022-09-27",
                "23 вересня 2022 – 27 вересня 2022",
                "23. September 2022 bis 27. September 2022",
            ),
            ("2014-03/..", "березень 2014 – дотепер", "seit März 2014"),
            ("../2014-03", "кінець: березень 2014", "bis März 2014"),
            (
                "2014-03/",
                "початок: березень 2014, кінець невідомий",
                "ab März 2014, Ende unbekannt",
            ),
            ("2021-21~", "приблизно весна 2021", "etwa Frühjahr 2021"),
            ("2021-34", "2-й квартал 2021", "2. Quartal 2021"),
        ] {
            let date = Date::parse(written).unwrap();
            let said = [ukrainian.date(&date), german.date(&date)];
            assert_eq!(said, [in_ukrainian, in_german], "{written}");
        }
    }
}
