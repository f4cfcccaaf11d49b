//! The record as data: which files there are, that they hold together, and that
//! no text breaks out of them. What other people's validators say of them is
//! asked by `tests/run`.

mod collected;

use std::collections::{BTreeMap, BTreeSet};

use collected::{Files, collected};
use onrecord::build::{Builder, Settings};
use onrecord::model::config::CAN_WRITE_SQLITE;
use onrecord::read::snapshot::Snapshot;
use serde_json::Value;

const NASTY: &str = "He said </script><b> & \\\"no\\\", \\\\u003c, twice;\\nthen, «yes»";

const BRIEFING: &str = r#"---
title: "TITLE"
date: 2025-03-21
lang: uk
authors: [The desk]
topics: [Trade]
speakers:
  - {id: ada, name: Ada, type: person, affiliation: the-bank, wikidata: Q7747}
  - {id: the-bank, name: The Bank, type: organization}
  - {id: somebody, type: unidentified, described_as: a clerk}
territories:
  - {id: port, name: The Port, claimed_by: [{by: Ada}, {by: The Bank, since: "1991"}], label: {lat: 46.5, lon: 30.7}}
sources:
  - {id: paper, title: The Paper, type: NewsArticle, url: "https://paper.example/ї"}
corrections:
  - {date: 2025-03-22, was: one, now: two, claims: [rises]}
terms:
  - {exact: so to speak, kind: so_called, note: A phrase.}
claims:
  - id: rises
    text: "TITLE"
    attribution:
      - {by: ada, to: somebody, when: 2025-03-20, cue: said, source: paper}
      - {by: [somebody, the-bank]}
    quote: the tax rises
    hedges: [so to speak]
    about: [the-bank]
    territories: [port]
    topics: [Trade]
    proposition: up
    evidence: [{source: paper, by: ada}]
    reviews:
      - {by: Checker, url: "https://check.example/1", date: 2025-03-23, rating: {label: half true, value: 3, worst: 0, best: 5}}
      - {by: Other checker}
    assessment: {credibility: 2, likelihood: likely}
  - id: falls
    text: It falls.
    speaker: the-bank
    date: 2024-07~
    relations: [{type: disputes, target: rises, by: ada, date: 2025, note: Not so.}]
---
Ada said that the tax rises, so to speak.
"#;

const ALL: &str = "data: {entity_feeds: true, annotations: true, record: true, lines: true, tables: true, \
     sqlite: SQLITE, follow_the_money: true, geojson: true, relations: true}";

fn built(settings: &str, briefings: &[(String, String)]) -> Files {
    let settings =
        format!("title: A site\nbase_url: https://record.test/a/\nsearch: false\n{settings}\n")
            .replace("SQLITE", &CAN_WRITE_SQLITE.to_string());
    let files = briefings.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let more = [
        ("site.yaml", settings.as_str()),
        ("content/propositions/up.md", "---\ntext: The tax goes up.\n---\n"),
    ];
    let snapshot = Snapshot::of(more.into_iter().chain(files));
    let now = Settings { now: 1_800_000_000, drafts: false, base_url: None, strict: false };
    let pass = Builder::new(now).pass(&snapshot);
    let pass = pass.value.unwrap_or_else(|| panic!("{:#?}", pass.diagnostics));
    let (files, problems) = collected(|sink| pass.emit(sink, &|| ()));
    assert_eq!(problems, []);
    files
}

fn one(settings: &str) -> Files {
    let text = BRIEFING.replace("TITLE", NASTY);
    built(settings, &[("content/briefings/tax.md".to_owned(), text)])
}

/// What the escapes of [`NASTY`] stand for.
fn nasty() -> String {
    serde_json::from_str(&format!("\"{NASTY}\"")).unwrap()
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    let file = files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(file).unwrap()
}

fn json(files: &Files, path: &str) -> Value {
    serde_json::from_str(text(files, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn is_data(path: &str) -> bool {
    ["data/", "data.html", "feed", "annotations/"].iter().any(|start| path.starts_with(start))
}

#[test]
fn each_form_is_there_when_it_is_asked_for_and_no_other() {
    let files = |settings: &str| -> BTreeSet<String> {
        one(settings).into_keys().filter(|path| is_data(path)).collect()
    };
    let feeds = ["feed.json", "feed.xml", "feeds/corrections.json", "feeds/corrections.xml"];
    let named = |all: &[&str]| all.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(files(""), named(&feeds));
    assert_eq!(files("data: {feeds: false}"), BTreeSet::new());
    for (key, paths) in [
        ("record", &["data/record.json", "data/record.schema.json"][..]),
        ("lines", &["data/record.ndjson"]),
        ("follow_the_money", &["data/entities.ftm.ndjson"]),
        ("geojson", &["data/territories.geojson"]),
        ("relations", &["data/relations.ttl"]),
    ] {
        let mut expected = named(paths);
        expected.insert("data.html".to_owned());
        assert_eq!(files(&format!("data: {{feeds: false, {key}: true}}")), expected);
    }
    let annotations = files("data: {feeds: false, annotations: true}");
    assert_eq!(annotations, named(&["annotations/tax.jsonld"]));
    let all = files(ALL);
    let speakers = ["ada", "somebody", "the-bank"].map(|id| format!("feeds/speakers/{id}.json"));
    assert!(speakers.iter().all(|path| all.contains(path)), "{all:?}");
}

#[test]
fn schema_org_says_what_the_page_does_and_cannot_end_its_script() {
    let files = one("");
    let data = |path: &str| -> Value {
        let page = text(&files, path);
        let (_, rest) = page.split_once("<script type=\"application/ld+json\">").unwrap();
        let (script, _) = rest.split_once("</script>").unwrap();
        serde_json::from_str(script).unwrap_or_else(|error| panic!("{path}: {error}\n{script}"))
    };
    let claim = data("claims/tax/rises.html");
    let graph = claim["@graph"].as_array().unwrap();
    // The second review gives no rating, which search engines require.
    let types: Vec<_> = graph.iter().map(|thing| thing["@type"].as_str().unwrap()).collect();
    assert_eq!(types, ["Claim", "ClaimReview"]);
    assert_eq!(graph[0]["text"], nasty());
    let names: Vec<_> = graph[0]["author"].as_array().unwrap().iter().map(|a| &a["name"]).collect();
    assert_eq!(names, ["a clerk", "The Bank"]);
    assert!(graph[0]["author"][0].get("@type").is_none(), "nobody says what the clerk is");
    assert_eq!(graph[0]["hasPart"][0]["text"], "the tax rises");
    assert_eq!(graph[1]["itemReviewed"]["@id"], graph[0]["@id"]);
    assert_eq!(graph[1]["reviewRating"]["ratingValue"], 3.0);
    // About July 2024 is no date that schema.org has.
    assert!(data("claims/tax/falls.html").get("datePublished").is_none());
    assert_eq!(data("briefings/tax.html")["headline"], nasty());
    assert_eq!(data("briefings/tax.html")["inLanguage"], "uk");
    assert_eq!(data("speakers/somebody.html")["@type"], "Thing");
    assert_eq!(data("speakers/ada.html")["@type"], "Person");
    assert_eq!(data("speakers/ada.html")["affiliation"]["name"], "The Bank");
    assert_eq!(data("territories/port.html")["geo"]["latitude"], 46.5);
    assert_eq!(data("sources/paper.html")["sameAs"][0], "https://paper.example/%D1%97");
    assert_eq!(data("index.html")["@type"], "WebSite");
    let off = one("data: {json_ld: false}");
    assert!(off.values().all(|page| !String::from_utf8_lossy(page).contains("ld+json")));
}

#[test]
fn the_record_and_its_lines_hold_every_entity() {
    let files = one(ALL);
    let record = json(&files, "data/record.json");
    let lines: Vec<Value> = text(&files, "data/record.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (list, kind, count) in [
        ("briefings", "briefing", 1),
        ("claims", "claim", 2),
        ("speakers", "speaker", 3),
        ("territories", "territory", 1),
        ("sources", "source", 1),
        ("propositions", "proposition", 1),
        ("topics", "topic", 1),
    ] {
        let of_kind: Vec<&Value> = lines.iter().filter(|line| line["entity"] == kind).collect();
        let listed = record[list].as_array().unwrap();
        assert_eq!((listed.len(), of_kind.len()), (count, count), "{list}");
        for (one, line) in listed.iter().zip(of_kind) {
            let mut bare = line.clone();
            bare.as_object_mut().unwrap().remove("entity");
            assert_eq!(*one, bare);
        }
    }
    let rises = &record["claims"][0];
    assert_eq!((&rises["id"], &rises["text"]), (&"tax/rises".into(), &nasty().into()));
    assert_eq!(rises["attribution"][1]["by"], serde_json::json!(["somebody", "the-bank"]));
    assert_eq!(rises["attribution_words"], "Ada, to a clerk, relaying a clerk and The Bank");
    assert_eq!(record["claims"][1]["relations"][0]["target"], "tax/rises");
    assert_eq!(record["briefings"][0]["text"], "Ada said that the tax rises, so to speak.");
}

/// A CSV file as rows, its head among them.
fn rows(files: &Files, table: &str) -> Vec<Vec<String>> {
    let file = text(files, &format!("data/tables/{table}.csv")).as_bytes();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn tables_are_described_and_refer_to_what_is_there() {
    let files = one(ALL);
    let package = json(&files, "data/tables/datapackage.json");
    let resources = package["resources"].as_array().unwrap();
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in resources {
        let name = resource["name"].as_str().unwrap();
        let rows = rows(&files, name);
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let named: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(rows[0], named, "{name}");
        assert!(rows.len() > 1, "{name} is empty, and so not tried here");
        let ids = rows[1..].iter().map(|row| row[0].clone()).collect();
        keys.insert(name.to_owned(), ids);
    }
    for resource in resources {
        let name = resource["name"].as_str().unwrap();
        let rows = rows(&files, name);
        for key in resource["schema"]["foreignKeys"].as_array().into_iter().flatten() {
            let column = rows[0].iter().position(|c| key["fields"] == **c).unwrap();
            let there = &keys[key["reference"]["resource"].as_str().unwrap()];
            for row in &rows[1..] {
                assert!(row[column].is_empty() || there.contains(&row[column]), "{name}: {row:?}");
            }
        }
    }
    assert_eq!(rows(&files, "claims")[1][3], nasty());
    assert_eq!(rows(&files, "attributions").len(), 1 + 3 + 1);
}

#[test]
#[cfg(feature = "sqlite")]
fn the_database_has_the_tables_and_finds_words() {
    let files = one(ALL);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.sqlite");
    std::fs::write(&path, &files["data/record.sqlite"]).unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    let text = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    let broken = database.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!broken);
    assert_eq!(text("SELECT text FROM claims WHERE id = 'tax/rises'"), nasty());
    let search = "SELECT c.id FROM claims_fts f JOIN claims c ON c.rowid = f.rowid \
         WHERE claims_fts MATCH 'yes AND clerk'";
    assert_eq!(text(search), "tax/rises");
    let search = "SELECT b.id FROM briefings_fts f JOIN briefings b ON b.rowid = f.rowid \
         WHERE briefings_fts MATCH 'rises'";
    assert_eq!(text(search), "tax");
    assert_eq!(files["data/record.sqlite"], one(ALL)["data/record.sqlite"]);
}

#[test]
fn annotations_point_at_words_that_the_page_has() {
    let files = one(ALL);
    let page = json(&files, "annotations/tax.jsonld");
    let html = text(&files, "briefings/tax.html");
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["partOf"]["total"], items.len());
    let exact: Vec<&str> =
        items.iter().map(|i| i["target"]["selector"][0]["exact"].as_str().unwrap()).collect();
    assert_eq!(exact, ["the tax rises", "so to speak", "so to speak"]);
    for item in items {
        let anchor = item["target"]["selector"][1]["value"].as_str().unwrap();
        assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

#[test]
fn a_feed_is_bounded_and_tells_the_newest_first() {
    let long = "word ".repeat(1_000);
    let briefing = |n: usize| {
        let (year, day) = (2000 + n % 20, n % 28 + 1);
        let text = format!(
            "---\ntitle: Number {n}\ndate: {year}-01-{day:02}\nsummary: {}\n---\nA text.\n",
            if n.is_multiple_of(2) { "Short & plain." } else { &long }
        );
        (format!("content/briefings/b{n}.md"), text)
    };
    let undated = ("content/briefings/u.md".to_owned(), "---\ntitle: Some day\n---\n".to_owned());
    let many: Vec<_> = (0..300).map(briefing).chain([undated]).collect();
    let files = built("", &many);
    let feed = json(&files, "feed.json");
    let items = feed["items"].as_array().unwrap();
    let dates: Vec<&str> = items.iter().map(|i| i["date_modified"].as_str().unwrap()).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b) && dates[0].starts_with("2019-01-28"), "{dates:?}");
    assert!((10..=50).contains(&items.len()), "{}", items.len());
    assert!(files["feed.xml"].len() < 512 * 1024 && files["feed.json"].len() < 512 * 1024);
    assert_eq!(text(&files, "feed.xml").matches("<entry").count(), items.len());
    assert!(!text(&files, "feed.xml").contains("Some day"), "when is not known");
    let short: Vec<_> = many.into_iter().filter(|(_, text)| text.contains("Short")).collect();
    assert_eq!(json(&built("", &short), "feed.json")["items"].as_array().unwrap().len(), 50);
}

#[test]
fn what_needs_an_address_says_so() {
    for key in ["annotations", "relations"] {
        let settings = format!("title: A site\ndata: {{{key}: true}}\n");
        let snapshot = Snapshot::of([("site.yaml", settings.as_str())]);
        let now = Settings { now: 0, drafts: false, base_url: None, strict: false };
        let pass = Builder::new(now).pass(&snapshot);
        assert!(pass.value.is_none());
        let problem = &pass.diagnostics[0];
        assert_eq!((problem.code, problem.message.contains(key)), ("no-base-url", true));
    }
}
