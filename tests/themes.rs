//! The themes that the program carries, and what docs/themes.md says of themes.

mod collected;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use collected::collected;
use onrecord::build::update::Rendered;
use onrecord::build::{Builder, Settings};
use onrecord::read::snapshot::Snapshot;

const BUILT_IN: [&str; 2] = ["broadsheet", "dossier"];

fn manual() -> String {
    fs::read_to_string("docs/themes.md").unwrap()
}

/// Blocks of the manual that name a file, by that name: ```` ```css path ````.
fn examples(manual: &str) -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    let mut lines = manual.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String = lines
            .by_ref()
            .take_while(|line| *line != "```")
            .map(|line| format!("{line}\n"))
            .collect();
        if let Some((_, path)) = info.split_once(' ') {
            examples.insert(path.to_owned(), text);
        }
    }
    examples
}

/// A site, by the addresses of its files.
fn built(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let settings = Settings { now: 1_748_736_000, drafts: false, base_url: None, strict: true };
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let pass = Builder::new(settings).pass(&Snapshot::of(texts));
    let pass = pass.value.unwrap_or_else(|| panic!("{:?}", pass.diagnostics));
    let (written, update) = collected(|sink| pass.update(&Rendered::default(), sink, &|| false));
    assert_eq!(update.problems, []);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    written.into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

fn with_a_briefing(mut files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let briefing = "---\ntitle: Harbour tax\ndate: 2025-03-21\nspeakers: [{id: jane-doe, name: Jane Doe}]\n\
                    claims:\n  - {id: rise, text: The tax will rise., speaker: jane-doe, quote: will rise}\n\
                    ---\nDoe said it will rise.\n";
    files.insert("content/briefings/harbour-tax.md".to_owned(), briefing.to_owned());
    files
}

#[test]
fn the_theme_of_the_manual_builds_as_it_says() {
    let files = examples(&manual());
    assert!(files.len() >= 6, "{:?}", files.keys());
    let site = built(&with_a_briefing(files));
    let page = &site["briefings/index.html"];
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} is not in {page}"));
    assert!(at("assets/broadsheet/style.") < at("assets/harbour."));
    at("assets/reader.");
    at("Set in type between the tides.");
    at(
        "<tr class=\"card\"><th scope=\"row\"><a class=\"title\" href=\"../briefings/harbour-tax.html\">Harbour tax</a></th></tr>",
    );
    assert!(site["speakers/jane-doe.html"].contains(">1</span>"));
    let style = site.iter().find(|(path, _)| path.starts_with("assets/harbour.")).unwrap().1;
    assert!(style.contains("--accent: #0b4f6c"));
}

#[test]
fn a_theme_of_two_files_builds() {
    let is_first = |path: &&str| {
        ["site.yaml", "themes/harbour/theme.yaml", "themes/harbour/harbour.css"].contains(path)
    };
    let all = examples(&manual());
    let files: BTreeMap<String, String> =
        all.into_iter().filter(|(path, _)| is_first(&path.as_str())).collect();
    assert_eq!(files.len(), 3);
    assert!(built(&with_a_briefing(files)).contains_key("briefings/harbour-tax.html"));
}

/// The custom properties that a text of a style sheet sets.
fn set(style: &str) -> BTreeSet<String> {
    let words = style.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == ':'));
    let set = words.filter_map(|word| word.strip_suffix(':'));
    set.filter(|word| word.starts_with("--")).map(str::to_owned).collect()
}

/// A theme's style sheets, those it shares with others included.
fn sheets(theme: &str) -> String {
    let own = fs::read_to_string(format!("themes/{theme}/style.css")).unwrap();
    own + &fs::read_to_string("themes/shared/drawings.css").unwrap()
}

/// The custom properties that a theme sets for all of a page.
fn properties(theme: &str) -> BTreeSet<String> {
    let style = sheets(theme);
    let blocks = style.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap());
    blocks.flat_map(set).collect()
}

/// Those that the manual's table lists for a theme.
fn listed(manual: &str, theme: &str) -> BTreeSet<String> {
    let table = manual.split("\n## Custom properties\n").nth(1).unwrap();
    let mut rows = table.lines().filter(|line| line.starts_with('|'));
    let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let head = cells(rows.next().unwrap());
    let column = head.iter().position(|cell| *cell == format!("`{theme}`")).unwrap();
    rows.map(cells)
        .filter(|row| row[column] == "✓")
        .flat_map(|row| {
            row[1].split(", ").map(|name| name.trim_matches('`').to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_manual_lists_every_custom_property_and_no_other() {
    for theme in BUILT_IN {
        let properties = properties(theme);
        assert!(properties.len() > 15, "{properties:?}");
        assert_eq!(listed(&manual(), theme), properties, "{theme}");
    }
}

#[test]
fn a_style_sheet_uses_what_it_sets_and_sets_what_it_uses() {
    for theme in BUILT_IN {
        let style = sheets(theme);
        let used: BTreeSet<String> = style
            .split("var(")
            .skip(1)
            .map(|rest| rest.split([')', ',']).next().unwrap().trim().to_owned())
            .collect();
        // Some are of one part of a page alone.
        assert_eq!(used, set(&style), "{theme}");
        assert!(used.is_superset(&properties(theme)), "{theme}");
    }
}

#[test]
fn every_built_in_theme_is_whole_and_tested_here() {
    let names = fs::read_dir("themes").unwrap().map(|entry| entry.unwrap().path());
    let names = names.filter(|path| path.join("theme.yaml").exists());
    let names: BTreeSet<_> =
        names.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, BUILT_IN.map(str::to_owned).into());
    for theme in BUILT_IN {
        let site = format!("title: Harbour\ntheme: {theme}\n");
        let files = with_a_briefing([("site.yaml".to_owned(), site)].into());
        let site = built(&files);
        assert!(site["claims/index.html"].contains("The tax will rise."), "{theme}");
        assert!(site.keys().any(|path| path.starts_with("assets/reader.")), "{theme}");
    }
}
