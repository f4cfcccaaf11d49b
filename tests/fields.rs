//! docs/views.md lists every field that a template may see. It is made from the
//! sources of src/view/, and this holds it to them:
//!
//! ```sh
//! BLESS=1 cargo nextest run --test fields
//! ```
//!
//! writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A struct or enum of src/view/, as its source says it.
#[derive(Debug, Default)]
struct Shape {
    about: String,
    /// Name, type, and what is said of it; for an enum the type is what it holds.
    fields: Vec<(String, String, String)>,
    is_enum: bool,
}

/// All that src/view/ serialises, by name.
fn shapes() -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::new();
    for file in fs::read_dir("src/view").unwrap() {
        read(&fs::read_to_string(file.unwrap().path()).unwrap(), &mut shapes);
    }
    shapes
}

fn read(source: &str, shapes: &mut BTreeMap<String, Shape>) {
    let mut about = String::new();
    let mut open: Option<(String, Shape)> = None;
    let mut is_serialised = false;
    for line in source.lines() {
        let text = line.trim();
        if let Some(doc) = text.strip_prefix("///") {
            if !about.is_empty() {
                about.push(' ');
            }
            about.push_str(doc.trim());
            continue;
        }
        if text.starts_with("#[derive(") {
            is_serialised = text.contains("Serialize");
        }
        if text.starts_with("#[") {
            continue;
        }
        let said = std::mem::take(&mut about);
        if let Some((_, shape)) = &mut open {
            if text == "}" {
                let (name, shape) = open.take().unwrap();
                shapes.insert(name, shape);
            } else if let Some((name, kind)) =
                text.strip_prefix("pub ").and_then(|field| field.split_once(": "))
            {
                shape.fields.push((name.to_owned(), plain(kind), said));
            } else if shape.is_enum {
                let holds = text.split_once('(').map_or("", |(_, holds)| holds);
                let holds = holds.trim_end_matches(',').trim_end_matches(')');
                let name = text.split(['(', ',']).next().unwrap_or_default().to_owned();
                shape.fields.push((name, plain(holds), said));
            }
        } else if is_serialised
            && let Some(head) = text.strip_suffix(" {")
            && let Some((kind, name)) =
                head.strip_prefix("pub ").and_then(|head| head.split_once(' '))
            && ["struct", "enum"].contains(&kind)
        {
            let name = name.split('<').next().unwrap().to_owned();
            open = Some((name, Shape { about: said, is_enum: kind == "enum", ..Shape::default() }));
            is_serialised = false;
        }
    }
}

/// A type as somebody who writes templates knows it: `Option<Vec<Ref<'a>>>` is
/// `list of Ref, or none`.
fn plain(kind: &str) -> String {
    let kind = kind.trim().trim_end_matches(',').replace("'a ", "").replace("<'a>", "");
    let inside = |name: &str| {
        kind.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>').map(str::to_owned)
    };
    if let Some(inner) = inside("Option") {
        return format!("{}, or none", plain(&inner));
    }
    if let Some(inner) = inside("Vec") {
        return format!("list of {}", plain(&inner));
    }
    if let Some(inner) = inside("Cow").or_else(|| inside("Box")).or_else(|| inside("Once")) {
        return plain(inner.trim_start_matches("'a, ").trim_start_matches(", "));
    }
    if let Some((_, value)) = inside("BTreeMap").as_deref().and_then(|all| all.split_once(", ")) {
        return format!("map of {}", plain(value));
    }
    let last = kind.trim_start_matches('&').trim_start_matches("'static ").trim();
    match last.rsplit("::").next().unwrap_or(last) {
        "str" | "String" | "InWords" => "text".to_owned(),
        "usize" | "u8" | "u32" | "i32" | "i64" => "number".to_owned(),
        "bool" => "true or false".to_owned(),
        "Value" => "any".to_owned(),
        other => other.to_owned(),
    }
}

/// The document.
fn document(shapes: &BTreeMap<String, Shape>) -> String {
    let mut out = String::from(
        "# What templates see\n\n\
         Every template has `page`, a [Frame](#frame), and `site`, a [SiteView](#siteview). What else it has are the\n\
         fields of its view, and what is made [once for many pages](templates.md#what-templates-are-given).\n\
         This page is made from the sources in `src/view/`, and a test holds it to them.\n\n\
         | Page | Its fields |\n| --- | --- |\n",
    );
    for (name, holds, _) in &shapes["View"].fields {
        let _ = writeln!(out, "| {name} | {} |", linked(holds, shapes));
    }
    for (name, shape) in shapes.iter().filter(|(name, _)| *name != "View") {
        let _ = write!(out, "\n## {name}\n\n{}\n\n", shape.about);
        let heading = if shape.is_enum { "One of" } else { "Field" };
        let _ = writeln!(out, "| {heading} | Type | |\n| --- | --- | --- |");
        for (field, kind, about) in &shape.fields {
            let _ = writeln!(
                out,
                "| `{field}` | {} | {} |",
                linked(kind, shapes),
                about.replace('|', "\\|")
            );
        }
    }
    out
}

/// A type with a link to where it is described.
fn linked(kind: &str, shapes: &BTreeMap<String, Shape>) -> String {
    let word = |word: &str| {
        let name = word.trim_end_matches(',');
        if shapes.contains_key(name) {
            format!("[{name}](#{}){}", name.to_lowercase(), &word[name.len()..])
        } else {
            word.to_owned()
        }
    };
    kind.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_list_of_fields_is_the_one_in_the_code() {
    let made = document(&shapes());
    let path = Path::new("docs/views.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, &made).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == made,
        "docs/views.md is not up to date: run BLESS=1 cargo nextest run --test fields"
    );
}

#[test]
fn every_part_of_a_view_is_described_and_has_words() {
    let shapes = shapes();
    let known = ["text", "number", "true", "any", "list", "map", "of", "or", "none", "false"];
    for (name, shape) in &shapes {
        assert!(!shape.about.is_empty(), "{name}");
        for (field, kind, about) in &shape.fields {
            assert!(!about.is_empty() || name == "Card", "{name}.{field}");
            for word in kind.split([' ', ',']).filter(|word| !word.is_empty()) {
                assert!(
                    known.contains(&word) || shapes.contains_key(word),
                    "{name}.{field}: {kind} is not described"
                );
            }
        }
    }
    assert!(shapes.len() > 30, "{}", shapes.len());
}
