//! Which addresses outside the site a document names, and where.
//!
//! In the front matter these are the fields that hold a web address by their
//! [`Shape`], whichever they are; in the text they are its links and pictures.
//! Whether anything answers there is not asked here.

use super::document::Document;
use super::value::Value;
use crate::diagnostic::Place;
use crate::model::shape::{Kind, Shape};
use crate::pointer::Pointer;

/// An address outside the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// The address as it is written, `http` or `https`.
    pub url: String,
    /// Where it is written.
    pub place: Place,
    /// The field that it is the value of; `None` in a text.
    pub field: Option<&'static str>,
}

/// Every address outside the site that `document` names, in the order of the
/// file; one that stands at several places as often as it stands there.
///
/// Links in raw HTML are not among them, nor what is below `extra`.
#[must_use]
pub fn addresses(document: &Document) -> Vec<Outside> {
    let mut fields = Vec::new();
    if let Some((value, shape)) = document.front_matter() {
        of_fields(&value, shape, &Pointer::root(), &mut fields);
    }
    let ways: Vec<Pointer> = fields.iter().map(|(at, ..)| at.clone()).collect();
    let places = document.places(&ways);
    let mut found: Vec<Outside> = fields
        .into_iter()
        .zip(places)
        .map(|((_, field, url), place)| Outside { url, place, field: Some(field) })
        .collect();
    let links = document.links.iter().filter(|link| !link.is_wikilink);
    found.extend(links.filter_map(|link| {
        let url = is_outside(&link.destination)?;
        Some(Outside { url, place: document.body_place(&link.range), field: None })
    }));
    found.sort_by_key(|outside| outside.place.start);
    found
}

/// The address in full, if it leads out of the site. `//host/path`, which takes
/// the scheme of the page that it stands on, is asked for by `https`.
#[must_use]
pub fn is_outside(destination: &str) -> Option<String> {
    let lower = destination.get(..8).unwrap_or(destination).to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some(destination.to_owned());
    }
    destination.starts_with("//").then(|| format!("https:{destination}"))
}

type Found = (Pointer, &'static str, String);

fn of_fields(value: &Value<'_>, shape: &'static Shape, at: &Pointer, found: &mut Vec<Found>) {
    let Value::Map(map) = value else { return };
    for (key, value) in &map.0 {
        if let Some(field) = shape.fields.iter().find(|field| field.key == key.as_str()) {
            of_kind(value, &field.kind, field.key, &at.key(field.key), found);
        }
    }
}

fn of_kind(
    value: &Value<'_>,
    kind: &Kind,
    field: &'static str,
    at: &Pointer,
    found: &mut Vec<Found>,
) {
    match (kind, value) {
        (Kind::Url, Value::Text(url)) => found.push((at.clone(), field, url.to_string())),
        (Kind::Many(item), Value::List(items)) => {
            for (index, value) in items.iter().enumerate() {
                of_kind(value, item, field, &at.index(index), found);
            }
        }
        (Kind::Map(shape) | Kind::Short(_, shape), _) => of_fields(value, shape, at, found),
        (Kind::Table(item) | Kind::TableOr(_, item), Value::Map(map)) => {
            for (key, value) in &map.0 {
                of_kind(value, item, field, &at.key(key.as_str().to_owned()), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lines;
    use crate::parse::document::parse;
    use crate::read::snapshot::Snapshot;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let site = Snapshot::of([(path, text)]);
        let document = parse(site.sources.values().next().unwrap()).value.unwrap();
        let lines = Lines::new(text);
        let told: Vec<String> = addresses(&document)
            .into_iter()
            .map(|Outside { url, place, field }| {
                let at = lines.position(place.start);
                let written = &text[place.range()];
                assert!(written.contains("//") || written == "[that][1]", "{url} at {written}");
                format!("{}:{} {} {url}", at.line, at.column, field.unwrap_or("-"))
            })
            .collect();
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn addresses_are_found_in_every_field_that_holds_one_and_in_the_text() {
        check(
            "content/briefings/x.md",
            "---\n\
             title: X\n\
             speakers:\n  - {id: a, name: A, same_as: [https://a.test/1, https://a.test/2]}\n\
             sources:\n  - title: S\n    url: https://s.test/\n    archived_url: \"https://kept.test/s\"\n  - t\n\
             claims:\n  - id: c\n    text: C\n    speaker: a\n    reviews:\n      - {by: R, url: 'https://r.test/'}\n\
             extra: {url: https://own.test/}\n\
             ---\n\n\
             See [this](https://x.test/a#b), ![it](https://x.test/p.png), <https://y.test>,\n\
             [that][1], [in](speaker:a), [[A]], [mail](mailto:a@b.test), [up](HTTP://z.test),\n\
             [any](//w.test/).\n\n\
             [1]: https://v.test/ref\n",
            &[
                "4:32 same_as https://a.test/1",
                "4:50 same_as https://a.test/2",
                "7:10 url https://s.test/",
                "8:19 archived_url https://kept.test/s",
                "15:22 url https://r.test/",
                "19:12 - https://x.test/a#b",
                "19:39 - https://x.test/p.png",
                "19:63 - https://y.test",
                "20:1 - https://v.test/ref",
                "20:66 - HTTP://z.test",
                "21:7 - https://w.test/",
            ],
        );
    }

    #[test]
    fn a_file_of_a_source_has_its_addresses_too() {
        check(
            "content/sources/x.md",
            "---\ntitle: X\narchived_url: https://kept.test/\nurl: https://x.test/\n---\n",
            &["3:15 archived_url https://kept.test/", "4:6 url https://x.test/"],
        );
        check("content/pages/x.md", "---\ntitle: X\n---\nNothing.\n", &[]);
    }
}
