//! What is held back leaks nowhere: not a word of it, and not a name.
//!
//! Every text field of a draft, an embargoed, a withheld and a cancelled
//! briefing, and of files that only they mention, holds a word that stands
//! nowhere else. No file that is emitted may hold one, nor be named by one.

mod collected;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use collected::collected;
use flate2::read::GzDecoder;
use onrecord::build::{Builder, Settings};
use onrecord::model::config::CAN_WRITE_SQLITE;
use onrecord::read::snapshot::Snapshot;

const SECRET: &str = "zqx";

const SHOWN: &str = "---
title: Shown
date: 2025-01-02
speakers: [ada]
topics: [Trade]
claims:
  - {id: open, text: It is open., speaker: ada, quote: open}
---
Ada said it is open.
";

/// Everything is published in every form that there is.
const SETTINGS: &str = "title: A site
base_url: https://record.test/
host: netlify
data: {entity_feeds: true, annotations: true, record: true, lines: true, tables: true,
  sqlite: SQLITE, follow_the_money: true, geojson: true, relations: true}
";

/// A briefing with a secret in every field that takes text. `N` keeps the
/// secrets of several apart.
const HELD_BACK: &str = "---
title: zqxN title
date: 2025-03-04
updated: 2025-03-05
summary: zqxN summary
authors: [zqxN author]
topics: [zqxN topic, Trade]
slug: zqxN-slug
extra: {note: zqxN extra}
HOW
speakers:
  - zqxN-filed
  - ada
  - {id: zqxN-inline, name: zqxN inline, aliases: [zqxN alias], role: zqxN role, former_ids: [zqxN-former]}
territories:
  - {id: zqxN-land, name: zqxN land, aliases: [zqxN country]}
  - zqxN-filed-land
sources:
  - {id: zqxN-source, title: zqxN source, publisher: zqxN publisher, url: 'https://zqxN.example/'}
terms:
  - {exact: zqxN term, note: zqxN note on the term}
corrections:
  - {date: 2025-03-06, was: zqxN was, now: zqxN is now}
claims:
  - id: zqxN-claim
    text: zqxN claim
    quote: zqxN words
    attribution:
      - {by: ada, as: zqxN capacity, venue: zqxN venue, cue: zqxN cue, source: zqxN-source}
    proposition: zqxN-proposition
    about: [ada]
    territories: [zqxN-land]
    topics: [zqxN claim topic]
    assessment: {credibility: 2, basis: zqxN basis, by: zqxN assessor}
    reviews: [{by: zqxN reviewer, url: 'https://example.org/zqxN', rating: {label: zqxN rating}}]
    evidence: [{type: citesAsEvidence, source: zqxN-source, by: ada}]
    relations: [{type: disputes, target: shown/open, note: zqxN relation}]
    rank: deprecated
    reason: zqxN reason
---
# zqxN heading

The zqxN words and the zqxN term, with [zqxN link](https://example.org/zqxN-link) and [[ada]].
";

const WAYS: &[&str] = &[
    "draft: true",
    "embargo: 2999-01-01T00:00:00Z",
    "embargo: 2025-06-02",
    "pubstatus: withheld",
    "pubstatus: canceled",
];

fn site() -> BTreeMap<String, String> {
    let mut site = BTreeMap::from([
        ("site.yaml".to_owned(), SETTINGS.replace("SQLITE", &CAN_WRITE_SQLITE.to_string())),
        ("content/briefings/shown.md".to_owned(), SHOWN.to_owned()),
        ("content/speakers/ada.md".to_owned(), "---\nname: Ada\n---\nShe is known.\n".to_owned()),
        (
            "content/territories/shown-land.md".to_owned(),
            "---\nname: Land\ngeometry: {natural_earth: UP05}\n---\nIts map shows what is beside.\n"
                .to_owned(),
        ),
    ]);
    for (n, how) in WAYS.iter().enumerate() {
        let secret = format!("{SECRET}{n}");
        let text = |text: &str| text.replace("zqxN", &secret).replace("HOW", how);
        let mut add =
            |path: &str, file: &str| site.insert(format!("content/{}.md", text(path)), text(file));
        add("briefings/zqxN-file", HELD_BACK);
        add(
            "speakers/zqxN-filed",
            "---\nname: zqxN filed\nformer_ids: [zqxN-once]\n---\nzqxN profile of [[Ada]].\n",
        );
        // Disputed and next to what is shown, where a map would hatch it.
        add(
            "territories/zqxN-filed-land",
            "---\nname: zqxN filed land\nclaimed_by: [zqxN one, zqxN other]\ngeometry: \
             {file: zqxN.geojson, perspective: zqxN view, source: zqxN survey}\n---\nzqxN.\n",
        );
        add("propositions/zqxN-proposition", "---\ntext: zqxN proposition\n---\nzqxN.\n");
        site.insert(
            format!("geo/{secret}.geojson"),
            "{\"type\": \"Polygon\", \"coordinates\": [[[36,47],[37,47],[37,48],[36,47]]]}"
                .to_owned(),
        );
    }
    for (folder, field) in [
        ("speakers", "name"),
        ("territories", "name"),
        ("sources", "title"),
        ("propositions", "text"),
        ("topics", "name"),
        ("pages", "title"),
    ] {
        site.insert(
            format!("content/{folder}/{SECRET}-draft.md"),
            format!("---\n{field}: {SECRET} drafted {folder}\ndraft: true\n---\n{SECRET} body of [[Ada]]\n"),
        );
    }
    site
}

fn emitted(site: &BTreeMap<String, String>, drafts: bool, now: i64) -> BTreeMap<String, String> {
    let snapshot = Snapshot::of(site.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let settings = Settings { now, drafts, base_url: None, strict: false };
    let pass = Builder::new(settings).pass(&snapshot);
    let pass = pass.value.unwrap_or_else(|| panic!("{:#?}", pass.diagnostics));
    let (files, problems) = collected(|sink| pass.emit(sink, &|| ()));
    assert_eq!(problems, []);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&unpacked(&bytes)).into_owned();
    files.into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

/// What is in a compressed file, as those of the search index are.
fn unpacked(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("it was compressed whole");
    Cow::Owned(plain)
}

/// 2025-06-01.
const NOW: i64 = 1_748_736_000;

#[test]
fn what_is_held_back_leaks_nowhere() {
    let files = emitted(&site(), false, NOW);
    assert!(files.contains_key("briefings/shown.html"));
    for (path, text) in &files {
        assert!(!path.to_lowercase().contains(SECRET), "the file {path} is named by a secret");
        if let Some(at) = text.to_lowercase().find(SECRET) {
            let around: String = text
                .chars()
                .skip(text[..at].chars().count().saturating_sub(100))
                .take(200)
                .collect();
            panic!("{path} tells a secret: {around}");
        }
    }
}

#[test]
fn a_site_with_something_held_back_equals_one_without_it() {
    let site = site();
    let mut without = site.clone();
    without.retain(|path, _| !path.contains(SECRET));
    assert_eq!(emitted(&site, false, NOW), emitted(&without, false, NOW));
}

/// So that the test above cannot pass for want of secrets.
#[test]
fn the_secrets_are_told_once_nothing_is_held_back() {
    let mut site = site();
    for (_, text) in site.iter_mut().filter(|(path, _)| path.starts_with("content/briefings/")) {
        for how in WAYS {
            *text = text.replace(how, "pubstatus: usable");
        }
    }
    let files = emitted(&site, true, NOW);
    let all: String = files.values().flat_map(|text| text.chars()).collect();
    for word in [
        "title",
        "summary",
        "topic",
        "role",
        "land",
        "source",
        "publisher",
        "claim",
        "basis",
        "rating",
        "reason",
        "heading",
        "words",
        "note on the term",
        "profile",
        "proposition",
    ] {
        assert!(all.contains(&format!("{SECRET}0 {word}")), "`{word}` is not told even then");
    }
    // And in every form of data.
    let mut forms = vec![
        "feed.xml",
        "feed.json",
        "feeds/corrections.xml",
        "feeds/speakers/ada.xml",
        "annotations/",
        "data/record.json",
        "data/record.ndjson",
        "data/tables/claims.csv",
        "data/tables/speakers.csv",
        "data/entities.ftm.ndjson",
        "data/territories.geojson",
        "data/relations.ttl",
        "deploy-manifest.json",
        "_redirects",
    ];
    if CAN_WRITE_SQLITE {
        forms.push("data/record.sqlite");
    }
    for form in forms {
        let mut files = files.iter().filter(|(path, _)| path.starts_with(form));
        assert!(
            files.any(|(_, text)| text.contains(&format!("{SECRET}0"))),
            "{form} does not tell a secret even then"
        );
    }
    // And by every kind of file of the search index that holds words or names.
    for kind in ["fragment", "index", "filter"] {
        let mut files = files.iter().filter(|(path, _)| path.ends_with(&format!(".pf_{kind}")));
        assert!(
            files.any(|(_, text)| text.to_lowercase().contains(&format!("{SECRET}0"))),
            "no {kind} of the index tells a secret even then"
        );
    }
}
