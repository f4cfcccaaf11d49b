//! Shapes as JSON Schema (draft 2020-12), for editors.
//!
//! Everything that the parser takes, short forms too, is valid; what the
//! parser finds only with the rest of the site in view (an unknown speaker, a
//! quotation that is not there) no schema can say.

use serde_json::{Map, Value, json};

use super::briefing::BRIEFING;
use super::config::CONFIG;
use super::page::PAGE;
use super::proposition::PROPOSITION;
use super::shape::{Field, Kind, Shape};
use super::source::SOURCE;
use super::speaker::SPEAKER;
use super::territory::TERRITORY;
use super::topic::TOPIC;

/// The dialect.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The shapes that a whole file has: the front matter of each kind of
/// document, and `site.yaml`.
pub const KINDS: [&Shape; 8] =
    [&BRIEFING, &SPEAKER, &TERRITORY, &SOURCE, &PROPOSITION, &TOPIC, &PAGE, &CONFIG];

/// The schema of a file that has this shape.
#[must_use]
pub fn schema(shape: &Shape) -> Value {
    let mut definitions = Map::new();
    let mut schema = object(shape, &mut definitions);
    schema.insert("$schema".to_owned(), json!(DRAFT));
    // A shape may contain itself, or one that does.
    definitions.remove(shape.name);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(schema)
}

/// One schema with all shapes as definitions: valid is what any kind of file
/// may be.
#[must_use]
pub fn schema_of_all() -> Value {
    let mut definitions = Map::new();
    let any: Vec<Value> = KINDS.iter().map(|shape| reference(shape, &mut definitions)).collect();
    json!({ "$schema": DRAFT, "title": "onrecord", "anyOf": any, "$defs": definitions })
}

fn object(shape: &Shape, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    for Field { key, kind, about, .. } in shape.fields {
        let mut property = of_kind(kind, definitions);
        property.insert("description".to_owned(), json!(about));
        properties.insert((*key).to_owned(), Value::Object(property));
    }
    let required: Vec<&str> = shape.fields.iter().filter(|f| f.required).map(|f| f.key).collect();
    let mut schema = map(json!({
        "title": shape.name,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    }));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn of_kind(kind: &Kind, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    map(match kind {
        Kind::Text => text(),
        Kind::Flag => json!({ "type": "boolean" }),
        // As EDTF has it; a plain year may be a number.
        Kind::Date => json!({
            "anyOf": [text(), { "type": "integer", "minimum": 1000, "maximum": 9999 }],
        }),
        Kind::Instant => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" }),
        // In any script: what is upper case in it a pattern cannot tell.
        Kind::Id => json!({ "type": "string", "pattern": "^[^\\sA-Z_/.]+$" }),
        Kind::Url => json!({ "type": "string", "pattern": "^https?://\\S+$" }),
        Kind::Whole(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Many(item) => {
            let item = of_kind(item, definitions);
            either(&item, json!({ "type": "array", "items": item }))
        }
        Kind::Map(shape) => reference(shape, definitions),
        Kind::Short(_, shape) => json!({ "anyOf": [text(), reference(shape, definitions)] }),
        Kind::Table(item) => table(&of_kind(item, definitions)),
        Kind::TableOr(_, item) => {
            let item = of_kind(item, definitions);
            either(&item, table(&item))
        }
        Kind::Free => json!({}),
    })
}

fn text() -> Value {
    json!({ "type": "string", "pattern": "\\S" })
}

fn table(item: &Map<String, Value>) -> Value {
    json!({ "type": "object", "additionalProperties": item })
}

/// What `one` allows, or `other`; without an alternative within an alternative.
fn either(one: &Map<String, Value>, other: Value) -> Value {
    let mut any = match one.get("anyOf") {
        Some(Value::Array(any)) => any.clone(),
        _ => vec![Value::Object(one.clone())],
    };
    any.push(other);
    json!({ "anyOf": any })
}

fn reference(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    let name = shape.name.replace(' ', "_");
    if !definitions.contains_key(&name) {
        // Known before it is made, in case it contains itself.
        definitions.insert(name.clone(), Value::Null);
        let made = object(shape, definitions);
        definitions.insert(name.clone(), Value::Object(made));
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => unreachable!("every schema here is written as an object"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every shape below this one, by name. Two shapes of one name would share
    /// a definition, so they must be the same.
    fn collect(shape: &'static Shape, all: &mut BTreeMap<&'static str, &'static Shape>) {
        if let Some(known) = all.insert(shape.name, shape) {
            assert_eq!(known, shape);
            return;
        }
        for field in shape.fields {
            let mut kind = &field.kind;
            while let Kind::Many(item) | Kind::Table(item) | Kind::TableOr(_, item) = kind {
                kind = item;
            }
            if let Kind::Map(shape) | Kind::Short(_, shape) = kind {
                collect(shape, all);
            }
        }
    }

    fn check(shape: &Shape, schema: &Value) {
        let expected: Vec<_> = shape.fields.iter().map(|f| (f.key, Some(f.about))).collect();
        let properties = schema["properties"].as_object().unwrap();
        let mut found: Vec<_> =
            properties.iter().map(|(k, p)| (k.as_str(), p["description"].as_str())).collect();
        found.sort_unstable();
        let mut sorted = expected;
        sorted.sort_unstable();
        assert_eq!(found, sorted, "{}", shape.name);
        let required: Vec<_> = shape.fields.iter().filter(|f| f.required).map(|f| f.key).collect();
        let stated = schema.get("required").cloned().unwrap_or_else(|| json!([]));
        assert_eq!(stated, json!(required), "{}", shape.name);
        assert_eq!(schema["additionalProperties"], json!(false));
    }

    /// Every `$ref` leads somewhere in `root`.
    fn check_references(value: &Value, root: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(to)) = map.get("$ref") {
                    assert!(root.pointer(&to[1..]).is_some_and(Value::is_object), "{to}");
                }
                map.values().for_each(|v| check_references(v, root));
            }
            Value::Array(items) => items.iter().for_each(|v| check_references(v, root)),
            _ => {}
        }
    }

    #[test]
    fn every_key_of_every_shape_is_in_the_schema() {
        let all_in_one = schema_of_all();
        check_references(&all_in_one, &all_in_one);
        let mut shapes = BTreeMap::new();
        for shape in KINDS {
            let alone = schema(shape);
            check(shape, &alone);
            check_references(&alone, &alone);
            collect(shape, &mut shapes);
        }
        for (name, shape) in shapes {
            check(shape, &all_in_one["$defs"][name.replace(' ', "_")]);
        }
    }

    #[test]
    fn short_forms_are_valid_beside_long_ones() {
        let quotes = &schema(&BRIEFING)["$defs"]["claim"]["properties"]["quotes"];
        let (text, long) = (text(), json!({ "$ref": "#/$defs/selector" }));
        let list = json!({ "type": "array", "items": { "anyOf": [text, long] } });
        assert_eq!(quotes["anyOf"], json!([text, long, list]));
    }
}
