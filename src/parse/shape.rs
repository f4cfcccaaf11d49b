//! Checks a YAML value against its [`Shape`], and brings it into long form.
//!
//! Every fault of a front matter is found in one go. What is faulty is taken
//! out or replaced by something empty as it is found, so that the rest can be
//! read and checked further; nobody builds a site from it.
//!
//! The long form is what the structs in [`model`](crate::model) read: a list
//! where one value may stand for itself, a map where a text may stand for one.

use std::borrow::Cow;

use crate::date::{self, Date};
use crate::diagnostic::{Diagnostic, Place};
use crate::id::{Id, NotAnId};
use crate::model::shape::{Field, Kind, Shape};
use crate::parse::value::{Key, Map, Value};
use crate::pointer::{Aim, Pointer, Step};
use crate::suggest::nearest;

/// Something wrong with one value, its place still being a way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The way to the value.
    pub at: Pointer,
    /// The value, or the key that it stands under.
    pub aim: Aim,
    /// The kind of problem, as in a diagnostic.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

impl Fault {
    /// The fault as a problem, its place found by `place`.
    pub fn at_place(self, place: impl Fn(&Pointer, Aim) -> Place) -> Diagnostic {
        let mut problem = Diagnostic::error(self.code, place(&self.at, self.aim), self.message);
        problem.hints = self.hints;
        problem
    }
}

/// Checks `value` against `shape` and turns it into its long form in place.
///
/// Afterwards the struct that belongs to the shape can be read from it, faults
/// or not.
#[must_use]
pub fn conform(value: &mut Value<'_>, shape: &'static Shape) -> Vec<Fault> {
    let mut checker = Checker { steps: Vec::new(), faults: Vec::new() };
    if *value == Value::Null {
        *value = Value::Map(Map::default());
    }
    if !checker.conforms(value, &Kind::Map(shape)) {
        // That it is no map at all has been said; what is missing in it goes
        // without saying.
        *value = empty(&Kind::Map(shape));
    }
    checker.faults
}

struct Checker {
    steps: Vec<Step>,
    faults: Vec<Fault>,
}

impl Checker {
    fn fault(&mut self, aim: Aim, code: &'static str, message: String, hints: Vec<String>) {
        let mut at = Pointer::root();
        for step in &self.steps {
            at = match step {
                Step::Key(key) => at.key(key.clone()),
                Step::Index(index) => at.index(*index),
            };
        }
        self.faults.push(Fault { at, aim, code, message, hints });
    }

    fn below<T>(&mut self, step: Step, run: impl FnOnce(&mut Self) -> T) -> T {
        self.steps.push(step);
        let out = run(self);
        self.steps.pop();
        out
    }

    fn wrong_type(&mut self, expected: &str, value: &Value<'_>) -> bool {
        let hints = match value {
            Value::Number(_) | Value::Bool(_) if expected.starts_with("text") => {
                vec!["put it in quotation marks if it is meant as text".to_owned()]
            }
            _ => Vec::new(),
        };
        self.fault(
            Aim::Value,
            "wrong-type",
            format!("expected {expected}, found {}", name_of(value)),
            hints,
        );
        false
    }

    /// Whether the value is as it should be; if not, that has been said.
    fn conforms(&mut self, value: &mut Value<'_>, kind: &Kind) -> bool {
        match kind {
            Kind::Free => true,
            Kind::Text => match value {
                Value::Text(text) if text.trim().is_empty() => {
                    self.fault(
                        Aim::Value,
                        "empty-text",
                        "this text is empty".to_owned(),
                        vec!["write something, or leave the field out".to_owned()],
                    );
                    false
                }
                Value::Text(_) => true,
                other => self.wrong_type("text", other),
            },
            Kind::Flag => {
                matches!(value, Value::Bool(_)) || self.wrong_type("`true` or `false`", value)
            }
            Kind::Date => self.is_date(value),
            Kind::Instant => match value {
                Value::Text(text) => match date::instant(text) {
                    Ok(_) => true,
                    Err(message) => {
                        self.fault(
                            Aim::Value,
                            "not-an-instant",
                            format!("`{text}` is not an instant"),
                            vec![message],
                        );
                        false
                    }
                },
                other => self.wrong_type("an instant such as `2025-03-21T18:00:00+02:00`", other),
            },
            Kind::Id => self.is_id(value),
            Kind::Url => match value {
                Value::Text(url) if is_web_address(url) => true,
                Value::Text(url) => {
                    let message = format!("`{url}` is not a web address");
                    self.fault(
                        Aim::Value,
                        "not-an-address",
                        message,
                        vec!["it starts with `https://` or `http://` and has no spaces".to_owned()],
                    );
                    false
                }
                other => self.wrong_type("a web address", other),
            },
            Kind::Whole(from, to) => match value.as_i64() {
                Some(n) if (*from..=*to).contains(&n) => true,
                _ => self.wrong_type(&format!("a whole number from {from} to {to}"), value),
            },
            Kind::Number => matches!(value, Value::Number(_)) || self.wrong_type("a number", value),
            Kind::Word(words) => self.is_word(value, words),
            Kind::Many(item) => self.is_list(value, item),
            Kind::Map(shape) => match value {
                Value::Map(map) => {
                    self.check_fields(map, shape);
                    true
                }
                other => self.wrong_type(
                    &format!("a map with the fields of {}", with_article(shape)),
                    other,
                ),
            },
            Kind::Short(key, shape) => {
                if matches!(value, Value::Text(_)) && self.conforms(value, &Kind::Text) {
                    *value = Value::Map(Map::of(key, std::mem::take(value)));
                    return true;
                }
                match value {
                    Value::Map(map) => {
                        self.check_fields(map, shape);
                        true
                    }
                    Value::Text(_) => false,
                    other => self.wrong_type(
                        &format!("text or a map with the fields of {}", with_article(shape)),
                        other,
                    ),
                }
            }
            Kind::Table(item) => self.is_table(value, item),
            Kind::TableOr(key, item) => {
                if !matches!(value, Value::Map(_)) {
                    *value = Value::Map(Map::of(key, std::mem::take(value)));
                }
                self.is_table(value, item)
            }
        }
    }

    fn is_date(&mut self, value: &mut Value<'_>) -> bool {
        if let Some(year) = value.as_i64().filter(|y| (1000..=9999).contains(y)) {
            *value = Value::Text(year.to_string().into());
        }
        let Value::Text(text) = &*value else {
            return self.wrong_type("a date such as `2025-03-21`, `2025-03` or `2025`", value);
        };
        match Date::check(text) {
            Ok(()) => true,
            Err((reason, _)) => {
                self.fault(Aim::Value, "not-a-date", format!("`{text}` is not a date"), vec![
                    format!("{reason}; dates are EDTF: `2025-03-21`, `2025-03`, `2024-07~` (about), `XXXX-03-13` (year unknown), `2022-09-23/2022-09-27`"),
                ]);
                false
            }
        }
    }

    fn is_id(&mut self, value: &Value<'_>) -> bool {
        let Value::Text(text) = value else { return self.wrong_type("text", value) };
        let hint = match Id::parse(text) {
            Ok(_) => return true,
            Err(NotAnId::Spelled(id)) => {
                format!("lower-case letters and digits with single hyphens: `{id}`")
            }
            Err(NotAnId::Empty) => "an id has at least one letter or digit".to_owned(),
            Err(NotAnId::Reserved) => {
                format!("`{text}` has a meaning of its own in addresses; add a word")
            }
        };
        self.fault(Aim::Value, "not-an-id", format!("`{text}` is not an id"), vec![hint]);
        false
    }

    fn is_word(&mut self, value: &Value<'_>, words: &'static [&'static str]) -> bool {
        let listed = || words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let Value::Text(text) = value else {
            return self.wrong_type(&format!("one of {}", listed()), value);
        };
        if words.contains(&&**text) {
            return true;
        }
        let mut hints = Vec::new();
        if let Some(word) = nearest(text, words.iter().copied()) {
            hints.push(format!("did you mean `{word}`?"));
        }
        hints.push(format!("it is one of {}", listed()));
        self.fault(Aim::Value, "unknown-word", format!("`{text}` cannot stand here"), hints);
        false
    }

    fn is_list(&mut self, value: &mut Value<'_>, item: &Kind) -> bool {
        let Value::List(items) = value else {
            if !self.conforms(value, item) {
                return false;
            }
            *value = Value::List(vec![std::mem::take(value)]);
            return true;
        };
        for (i, one) in items.iter_mut().enumerate() {
            if !self.below(Step::Index(i), |c| c.conforms(one, item)) {
                // The others keep their index, by which they are found again.
                *one = empty(item);
            }
        }
        true
    }

    fn is_table(&mut self, value: &mut Value<'_>, item: &Kind) -> bool {
        let Value::Map(map) = value else { return self.wrong_type("a map", value) };
        self.drop_odd_keys(map);
        map.0.retain_mut(|(key, one)| {
            let name = key.as_str().to_owned();
            self.below(Step::Key(name.into()), |c| c.conforms(one, item))
        });
        true
    }

    /// Keys that are no text are said and taken out.
    fn drop_odd_keys(&mut self, map: &mut Map<'_>) {
        map.0.retain(|(key, _)| {
            let Key::Other(key) = key else { return true };
            let name = serde_yaml::to_string(key).unwrap_or_default();
            let found = match &**key {
                serde_yaml::Value::Tagged(_) => "a tagged value".to_owned(),
                key => name_of(&Value::from(key.clone())),
            };
            self.below(Step::Key(name.trim().to_owned().into()), |c| {
                c.fault(
                    Aim::Key,
                    "wrong-type",
                    format!("expected text as a key, found {found}"),
                    vec!["put the key in quotation marks".to_owned()],
                );
            });
            false
        });
    }

    fn check_fields(&mut self, map: &mut Map<'_>, shape: &'static Shape) {
        self.drop_odd_keys(map);
        map.0.retain_mut(|(key, value)| {
            let name = key.as_str();
            let Some(field) = shape.fields.iter().find(|f| f.key == name) else {
                self.unknown_key(name.to_owned(), shape);
                return false;
            };
            // Nothing after the colon is the same as no such line.
            if *value == Value::Null {
                return false;
            }
            if self.below(Step::Key(field.key.into()), |c| c.conforms(value, &field.kind)) {
                return true;
            }
            // What it should be has been said; that it is missing would not be
            // true.
            let is_kept = field.required && *value != Value::Null;
            if is_kept {
                *value = empty(&field.kind);
            }
            is_kept
        });
        self.complete(map, shape);
    }

    fn unknown_key(&mut self, name: String, shape: &'static Shape) {
        let known = || shape.fields.iter().map(|f| f.key);
        let hints = match nearest(&name, known()) {
            Some(key) => vec![format!("did you mean `{key}`?")],
            None => vec![format!(
                "{} has the fields {}",
                with_article(shape),
                known().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
            )],
        };
        let message = format!("{} has no field `{name}`", with_article(shape));
        self.below(Step::Key(name.into()), |c| c.fault(Aim::Key, "unknown-field", message, hints));
    }

    fn complete(&mut self, map: &mut Map<'_>, shape: &'static Shape) {
        for Field { key, kind, required, about } in shape.fields {
            if *required && !map.has(key) {
                let message = format!("this {} has no `{key}`", shape.name);
                self.fault(
                    Aim::Value,
                    "missing-field",
                    message,
                    vec![format!("add `{key}:`. {about}")],
                );
                map.add(key, empty(kind));
            }
        }
    }
}

/// Something that can be read where a value of this kind is expected.
fn empty(kind: &Kind) -> Value<'static> {
    match kind {
        Kind::Text | Kind::Id | Kind::Url | Kind::Instant => Value::Text(Cow::Borrowed("")),
        Kind::Flag => Value::Bool(false),
        Kind::Date => Value::Null,
        Kind::Whole(from, _) => Value::Number((*from).into()),
        Kind::Number => Value::Number(0.into()),
        Kind::Word(words) => Value::Text(words[0].into()),
        Kind::Many(_) => Value::List(Vec::new()),
        Kind::Map(shape) | Kind::Short(_, shape) => {
            let mut map = Map::default();
            for field in shape.fields.iter().filter(|f| f.required) {
                map.add(field.key, empty(&field.kind));
            }
            Value::Map(map)
        }
        Kind::Table(_) | Kind::TableOr(..) => Value::Map(Map::default()),
        Kind::Free => Value::Null,
    }
}

/// What a shape describes, as `a claim`, `an attribution link`.
fn with_article(shape: &Shape) -> String {
    let article = if shape.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {}", shape.name)
}

fn name_of(value: &Value<'_>) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(b) => format!("the truth value `{b}`"),
        // Not which: YAML has read `1e3` as 1000 by now, and the author has not.
        Value::Number(_) => "a number".to_owned(),
        Value::Text(text) if text.chars().count() > 40 => "a text".to_owned(),
        Value::Text(text) => format!("the text `{text}`"),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// Whether this is an absolute `http` or `https` address with a host.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::briefing::{BRIEFING, Briefing};
    use serde::Deserialize;

    fn check(yaml: &str, expected: &[&str]) -> Briefing {
        let mut value = crate::parse::yaml::read(yaml).unwrap();
        let faults = conform(&mut value, &BRIEFING);
        let lines: Vec<String> = faults
            .iter()
            .map(|f| match f.hints.first() {
                Some(hint) => format!("{}: {} ({hint})", f.at, f.message),
                None => format!("{}: {}", f.at, f.message),
            })
            .collect();
        assert_eq!(lines, expected, "{yaml}");
        Briefing::deserialize(value).unwrap()
    }

    #[test]
    fn short_forms_become_long_ones() {
        let briefing = check(
            "{title: T, topics: x, speakers: [a, {id: b}], claims: [{id: c, text: t, quote: q, speaker: a, factuality: CT+}]}",
            &[],
        );
        assert_eq!(briefing.topics, ["x"]);
        assert_eq!(briefing.claims[0].factuality["author"], ["CT+"]);
    }

    #[test]
    fn a_misspelt_field_names_the_nearest_one() {
        check(
            "{title: T, speekers: []}",
            &["speekers: a briefing has no field `speekers` (did you mean `speakers`?)"],
        );
    }

    #[test]
    fn every_fault_is_found_in_one_go() {
        check(
            "{title: 12, date: soon, topics: [a, 1e3], claims: [{id: A b, text: t, kind: factuel}, {text: x}, 5]}",
            &[
                "title: expected text, found a number (put it in quotation marks if it is meant as text)",
                "date: `soon` is not a date (year must have exactly four digits (or X); dates are EDTF: `2025-03-21`, `2025-03`, `2024-07~` (about), `XXXX-03-13` (year unknown), `2022-09-23/2022-09-27`)",
                "topics[1]: expected text, found a number (put it in quotation marks if it is meant as text)",
                "claims[0].id: `A b` is not an id (lower-case letters and digits with single hyphens: `a-b`)",
                "claims[0].kind: `factuel` cannot stand here (did you mean `factual`?)",
                "claims[1]: this claim has no `id` (add `id:`. Unique in this briefing; elsewhere the claim is `briefing/id`.)",
                "claims[2]: expected a map with the fields of a claim, found a number",
            ],
        );
    }

    #[test]
    fn words_that_yaml_might_take_for_something_else_stay_text() {
        let briefing = check("{title: NO, summary: on, topics: [yes, off]}", &[]);
        assert_eq!(briefing.title, "NO");
        assert_eq!(briefing.summary.as_deref(), Some("on"));
    }

    #[test]
    fn a_plain_year_is_a_date_and_nothing_is_no_date() {
        assert_eq!(check("{title: T, date: 1991}", &[]).date.unwrap().as_str(), "1991");
        assert_eq!(check("{title: T, date: null}", &[]).date, None);
    }
}
