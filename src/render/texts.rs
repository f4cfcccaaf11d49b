//! The files of texts among the templates: `texts/uk.yaml`. They are layered as
//! templates are.

use super::embedded;
use super::template::TemplateSource;
use crate::words::TextsFile;

/// Takes the files of texts out of a site's `own` templates and its `theme`'s.
/// They come together with those that the program carries, each after those
/// that it wins over.
#[must_use]
pub fn divide(
    own: Vec<TemplateSource>,
    theme: &mut Vec<TemplateSource>,
) -> (Vec<TemplateSource>, Vec<TextsFile>) {
    let (own_texts, own) = parted(own);
    let (theme_texts, templates) = parted(std::mem::take(theme));
    *theme = templates;
    let mut texts = embedded::texts();
    texts.extend(theme_texts);
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
    use crate::words::Words;

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

    /// The gaps of each text of a language.
    fn gaps(language: &str) -> BTreeMap<String, BTreeSet<String>> {
        let file = embedded::texts().into_iter().find(|f| f.language == language).unwrap();
        let texts: BTreeMap<String, serde_yaml::Value> = serde_yaml::from_str(&file.text).unwrap();
        let gaps = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|g| Some(g.split_once('}')?.0.to_owned())).collect()
        };
        texts
            .into_iter()
            .map(|(key, value)| {
                let of = match value.as_mapping() {
                    Some(forms) => gaps(forms["other"].as_str().unwrap()),
                    None => gaps(value.as_str().unwrap()),
                };
                (key, of)
            })
            .collect()
    }

    #[test]
    fn every_language_has_every_text_with_the_same_gaps() {
        let english = gaps("en");
        for file in embedded::texts() {
            assert_eq!(gaps(&file.language), english, "{}", file.path);
        }
    }
}
