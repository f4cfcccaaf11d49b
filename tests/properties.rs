//! What holds for any input: no text and no front matter makes a pass panic,
//! every problem has a place within its file, and a builder that remembers
//! equals one that does not.
//!
//! Front matter is drawn from the model's own tables of fields, so that a new
//! field is tried without anybody thinking of it here.

mod collected;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use collected::collected;
use onrecord::build::{Builder, Settings};
use onrecord::diagnostic::{Diagnostic, Place, Severity};
use onrecord::id::Id;
use onrecord::model::shape::{Kind, Shape};
use onrecord::model::{
    briefing::BRIEFING, config::CONFIG, page::PAGE, proposition::PROPOSITION, source::SOURCE,
    speaker::SPEAKER, territory::TERRITORY, topic::TOPIC,
};
use onrecord::path::folded;
use onrecord::read::snapshot::Snapshot;
use onrecord::write::site_path;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Every folder of documents, and the fields of what is in it.
const FOLDERS: &[(&str, &Shape)] = &[
    ("briefings", &BRIEFING),
    ("speakers", &SPEAKER),
    ("territories", &TERRITORY),
    ("sources", &SOURCE),
    ("propositions", &PROPOSITION),
    ("topics", &TOPIC),
    ("pages", &PAGE),
];

/// Words that refer to one another often enough for the joins to be tried.
const WORDS: &[&str] = &[
    "ada",
    "Ada",
    "bela",
    "Bela Kun",
    "harbour",
    "Harbour",
    "first",
    "second",
    "tax",
    "harbour-tax",
    "harbour-tax/first",
    "second-look/first",
    "the gift",
    "gift",
    "Україна",
    "український",
    "中国",
    "العربية",
    "e\u{301}",
    "é",
    "said",
    "“quoted”",
    "12",
    "NO",
    "~",
    "supports",
    "disputes",
    "2025-03-21",
    "XXXX-03-13",
    "2022-09-23/2022-09-27",
    "2025-13-99",
    "9999-12-31T23:59:59Z",
    "https://example.org/a?b=1&c=2#d",
    "https://",
    "javascript:alert(1)",
    "../../etc/passwd",
    "\u{0}",
    "\u{1b}[31m",
    "\u{200b}",
    "\u{202e}rtl",
    "\u{feff}",
    "index",
    "-",
    "",
    " ",
    "{{ x }}",
    "{% raw %}",
    "<b>&amp;",
    "a\tb",
];

/// Names that make paths of which some system takes two for one, or cannot store one.
const NAMES: &[&str] = &[
    "ada",
    "Ada!",
    "straße",
    "STRASSE",
    "Straße 1",
    "οδος",
    "οδοσ",
    "e\u{301}",
    "é",
    "ﬁ",
    "fi",
    "İ",
    "ŉ",
    "ǰ",
    "Con",
    "com1",
    "index",
    "C++",
    "Ада Лавлейс та її дуже довге ім’я, яке не вміщається в назву жодного файлу, бо в ній є місце \
     лише для двохсот п’ятдесяти п’яти байтів, а літери кирилиці беруть по два",
];

/// Paths of files that are passed on as they are, some in the way of pages.
const STATIC: &[&str] = &[
    "logo.svg",
    "Logo.SVG",
    "logo.svg/x",
    "speakers",
    "Claims",
    "speakers/ada.html",
    "speakers/ada.html/x",
    "404.html/x",
    "speakers/STRASSE.html",
    "data/record.json",
    "assets",
    "archive/x",
    "robots.txt",
    "deploy-manifest.json/x",
    "pagefind",
    "a%2fb",
    "nul.txt",
    "x.",
    "feed.xml",
    ".git/x",
    "index.html",
    "_headers",
    "_Headers",
    "_redirects/x",
];

/// Pieces of Markdown, whole and broken.
const PIECES: &[&str] = &[
    "\n\n",
    "\n",
    "\r\n",
    " ",
    "# Heading\n\n",
    "# Heading {#first}\n\n",
    "## [link](x) in *heading*\n",
    "*emphasis*",
    "**",
    "_a_b_",
    "`code`",
    "```\ncode [[ada]]\n```\n",
    "~~gone~~",
    "[the envoy](speaker:ada)",
    "[the place](territory:harbour)",
    "[gift](claim:first)",
    "[gift](claim:harbour-tax/first)",
    "[x](source:)",
    "[x](briefing:second-look)",
    "[x](nobody:at-all)",
    "[[Ada]]",
    "[[harbour|the port]]",
    "[[Nobody|]]",
    "[[",
    "]]",
    "![[ada]]",
    "![picture](static.png \"title\")",
    "[a](/about.html#x)",
    "[a](../..)",
    "[a](//example.org)",
    "[r]: https://example.org\n\n",
    "[r]",
    "^[inline]",
    "[^1]",
    "[^1]: A note with the gift.\n\n",
    "> quoted\n> text\n\n",
    "- a\n- b\n  - c\n\n",
    "1. one\n\n   two\n",
    "| a | b |\n|---|---|\n| the gift | [[ada]] |\n\n",
    "<div>the gift</div>\n",
    "<script>alert(1)</script>",
    "<p id=\"first\">",
    "<!-- ",
    "-->",
    "</main>",
    "<a href=\"x\">",
    "&amp;",
    "&#0;",
    "&nbsp;",
    "&notanentity;",
    "\\",
    "\\*",
    "---\n",
    "***\n",
    "the gift",
    "the\ngift",
    "the *gi*ft",
    "“the gift”",
    "\"the gift\"",
    "Ada said",
    "Bela Kun",
    "Harbour",
    "Україна",
    "e\u{301}",
    "é",
    "\u{0}",
    "\u{7f}",
    "\u{1b}[0m",
    "\u{feff}",
    "\u{2028}",
    "\u{10ffff}",
    "👩‍👩‍👧",
    "\t",
    "    indented\n",
    "term\n: meaning\n\n",
    "$x$",
    "https://example.org",
    "{{ 1/0 }}",
    "{% include 'x' %}",
];

/// A YAML value as text in flow style, which can stand anywhere.
type Yaml = String;

fn quoted(text: &str) -> Yaml {
    // JSON's strings are YAML's double-quoted ones.
    serde_json::to_string(text).expect("a text can be written as JSON")
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => select(WORDS).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// Values that no field asks for.
fn odd() -> BoxedStrategy<Yaml> {
    let leaf = prop_oneof![
        word().prop_map(|w| quoted(&w)),
        select(
            &[
                "null",
                "~",
                "true",
                "no",
                "-1",
                "1e400",
                ".nan",
                "0x1F",
                "18446744073709551616",
                "[]",
                "{}",
                "!tag x",
                "!!binary aGk=",
                "2025-03-21",
                "&a [x]",
                "*a",
                "{<<: {a: 1}}",
                "{? [k] : v}",
                "[[[[[[[[x]]]]]]]]",
                "{a: 1, a: 2}",
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|v| format!("[{}]", v.join(", "))),
            vec((word(), inner), 0..3).prop_map(|m| flow_map(&m)),
        ]
    })
    .boxed()
}

fn flow_map(entries: &[(String, Yaml)]) -> Yaml {
    let entries: Vec<_> = entries.iter().map(|(k, v)| format!("{}: {v}", quoted(k))).collect();
    format!("{{{}}}", entries.join(", "))
}

/// A value that fits, more often than not.
fn value(kind: Kind, depth: usize) -> BoxedStrategy<Yaml> {
    if depth == 0 {
        return word().prop_map(|w| quoted(&w)).boxed();
    }
    let fitting = match kind {
        Kind::Text | Kind::Id | Kind::Url | Kind::Date | Kind::Instant => {
            word().prop_map(|w| quoted(&w)).boxed()
        }
        Kind::Flag => select(&["true", "false"][..]).prop_map(str::to_owned).boxed(),
        Kind::Whole(low, high) => {
            (low.saturating_sub(1)..=high.saturating_add(1)).prop_map(|n| n.to_string()).boxed()
        }
        Kind::Number => any::<f64>().prop_map(|n| format!("{n:e}")).boxed(),
        Kind::Word(words) => select(words).prop_map(str::to_owned).boxed(),
        Kind::Many(inner) => {
            vec(value(*inner, depth - 1), 0..4).prop_map(|v| format!("[{}]", v.join(", "))).boxed()
        }
        Kind::Map(shape) | Kind::Short(_, shape) => {
            fields(shape, depth - 1).prop_map(|m| flow_map(&m)).boxed()
        }
        Kind::Table(inner) | Kind::TableOr(_, inner) => {
            vec((word(), value(*inner, depth - 1)), 0..3).prop_map(|m| flow_map(&m)).boxed()
        }
        Kind::Free => odd(),
    };
    prop_oneof![12 => fitting, 1 => odd()].boxed()
}

/// Some of a shape's fields, now and then one twice or one misspelt.
fn fields(shape: &'static Shape, depth: usize) -> BoxedStrategy<Vec<(String, Yaml)>> {
    let required: Vec<_> = shape.fields.iter().filter(|f| f.required).collect();
    let required: Vec<_> = required
        .into_iter()
        .map(|f| value(f.kind, depth).prop_map(|v| (f.key.to_owned(), v)))
        .collect();
    let one = select(shape.fields)
        .prop_flat_map(move |f| value(f.kind, depth).prop_map(move |v| (f.key.to_owned(), v)));
    let stray = (select(&["titel", "speeker", "x", "", "<<"][..]), odd())
        .prop_map(|(key, v)| (key.to_owned(), v));
    (required, vec(one, 0..5), proptest::option::weighted(0.05, stray), prop::bool::weighted(0.95))
        .prop_map(|(required, some, stray, unique)| {
            let all = required.into_iter().chain(some).chain(stray);
            if unique {
                all.collect::<BTreeMap<_, _>>().into_iter().collect()
            } else {
                all.collect()
            }
        })
        .boxed()
}

fn front_matter(shape: &'static Shape) -> impl Strategy<Value = String> {
    fields(shape, 5).prop_map(|fields| {
        fields.iter().fold(String::new(), |mut text, (key, value)| {
            writeln!(text, "{}: {value}", quoted(key)).expect("a string takes it");
            text
        })
    })
}

fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        20 => select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// A whole document; sometimes with its line ends or its start spoilt.
fn document(shape: &'static Shape) -> impl Strategy<Value = String> {
    let spoilt = prop_oneof![6 => Just(0), 1 => Just(1), 1 => Just(2), 1 => Just(3), 1 => Just(4)];
    (front_matter(shape), body(), spoilt, any::<Index>()).prop_map(|(front, body, spoilt, cut)| {
        let text = format!("---\n{front}---\n{body}");
        match spoilt {
            1 => text.replace('\n', "\r\n"),
            2 => format!("\u{feff}{text}"),
            3 => text.chars().take(cut.index(text.chars().count() + 1)).collect(),
            4 => text.replace('\n', "\r"),
            _ => text,
        }
    })
}

/// A file of a site: its path and its text.
fn file() -> impl Strategy<Value = (String, String)> {
    let names =
        &["ada", "bela-kun", "harbour", "harbour-tax", "second-look", "2025/deep", "Ünïcode"];
    (select(FOLDERS), select(&names[..])).prop_flat_map(|((folder, shape), name)| {
        document(shape).prop_map(move |text| (format!("content/{folder}/{name}.md"), text))
    })
}

/// Entities that have little but a name, and files that are passed on as they are.
fn named() -> impl Strategy<Value = BTreeMap<String, String>> {
    let folders = &[
        ("speakers", "name"),
        ("territories", "name"),
        ("topics", "name"),
        ("sources", "title"),
        ("pages", "title"),
        ("propositions", "text"),
    ];
    let documents = vec((select(&folders[..]), select(NAMES)), 1..6);
    (documents, vec(select(STATIC), 0..3), any::<bool>()).prop_map(|(documents, others, clean)| {
        let urls = if clean { "clean" } else { "files" };
        let config = format!("title: A test\nurls: {urls}\nhost: netlify\n");
        let documents = documents.into_iter().enumerate().map(|(n, ((folder, field), name))| {
            let id = Id::from_name(name).expect("each has letters");
            let text =
                format!("---\n{field}: {}\nid: {}\n---\n", quoted(name), quoted(id.as_str()));
            (format!("content/{folder}/{n}.md"), text)
        });
        let others = others.into_iter().map(|path| (format!("static/{path}"), path.to_owned()));
        documents.chain(others).chain([("site.yaml".to_owned(), config)]).collect()
    })
}

/// Files that many others refer to, so that not every reference is broken.
const FOOTING: &[(&str, &str)] = &[
    ("site.yaml", "title: A test\nbase_url: https://example.org/record/\n"),
    ("content/speakers/ada.md", "---\nname: Ada\n---\nShe spoke.\n"),
    (
        "content/briefings/harbour-tax.md",
        "---\ntitle: Harbour tax\ndate: 2025-03-21\nspeakers: [ada]\nclaims:\n  - id: first\n    \
         text: The gift was given.\n    speaker: ada\n    quote: the gift\n---\nAda spoke of the gift.\n",
    ),
];

fn site() -> impl Strategy<Value = BTreeMap<String, String>> {
    let config = prop_oneof![
        8 => Just(FOOTING[0].1.to_owned()),
        2 => front_matter(&CONFIG),
    ];
    (vec(file(), 1..5), config, any::<bool>()).prop_map(|(files, config, footing)| {
        let mut site = BTreeMap::new();
        if footing {
            site.extend(FOOTING.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())));
        }
        site.extend(files);
        site.insert("site.yaml".to_owned(), config);
        site
    })
}

fn settings() -> Settings {
    Settings { now: 1_750_000_000, drafts: false, base_url: None, strict: false }
}

fn snapshot(site: &BTreeMap<String, String>) -> Snapshot {
    Snapshot::of(site.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// All that a pass gives: the files, if there are any, and the problems.
type Everything = (Option<BTreeMap<String, Vec<u8>>>, Vec<Diagnostic>);

fn everything(builder: &mut Builder, snapshot: &Snapshot) -> Everything {
    let pass = builder.pass(snapshot);
    let mut problems = pass.diagnostics;
    let files = pass.value.map(|pass| {
        let (files, found) = collected(|sink| pass.emit(sink, &|| ()));
        problems.extend(found);
        assert_eq!(files.len(), pass.files());
        files
    });
    (files, problems)
}

fn check_place(snapshot: &Snapshot, place: &Place, problem: &Diagnostic) {
    let Some(text) = snapshot.text(&place.path) else {
        assert_eq!(place.range(), 0..0, "{problem:?} is in no file");
        return;
    };
    assert!(text.get(place.range()).is_some(), "{problem:?} is not in its text");
}

/// Any system can store these files beside each other.
fn check_paths(files: &BTreeMap<String, Vec<u8>>) {
    let mut stored = BTreeMap::new();
    for path in files.keys() {
        assert_eq!(site_path::check(path), Ok(()));
        assert!(path.split('/').all(|part| part.len() <= 255), "{path} is too long");
        let other = stored.insert(folded(path).into_owned(), path);
        assert_eq!(other, None, "{path} is in the way of another");
    }
    for (folded, path) in &stored {
        let mut folders = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        assert_eq!(folders.find(|folder| stored.contains_key(*folder)), None, "{path}");
    }
}

/// A pass over `site` does not panic and puts every problem somewhere.
fn check(site: &BTreeMap<String, String>) {
    let snapshot = snapshot(site);
    let (_, problems) = everything(&mut Builder::new(settings()), &snapshot);
    for problem in &problems {
        check_place(&snapshot, &problem.place, problem);
        for (place, _) in &problem.related {
            check_place(&snapshot, place, problem);
        }
        assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{problem:?}");
    }
}

fn check_text(text: &str) {
    check(&BTreeMap::from([
        ("site.yaml".to_owned(), FOOTING[0].1.to_owned()),
        ("content/briefings/x.md".to_owned(), text.to_owned()),
    ]));
}

fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn any_site_is_built_or_refused_with_a_place(site in site()) {
        check(&site);
    }

    #[test]
    fn any_text_is_built_or_refused_with_a_place(text in any::<String>(), fenced in any::<bool>()) {
        check_text(&if fenced { format!("---\n{text}\n---\n{text}") } else { text });
    }

    #[test]
    fn any_body_is_built_or_refused_with_a_place(body in body(), exact in body()) {
        check_text(&format!(
            "---\ntitle: X\ndate: 2025\nterms: [{{exact: {}}}]\nclaims:\n  - {{id: a, text: A, quote: {}}}\n---\n{body}",
            quoted(&exact), quoted(&body),
        ));
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn what_is_not_refused_can_be_stored(site in named()) {
        let (files, problems) = everything(&mut Builder::new(settings()), &snapshot(&site));
        if problems.iter().all(|problem| problem.severity == Severity::Warning) {
            check_paths(&files.expect("a site without errors is made"));
        }
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn a_warm_pass_equals_a_cold_one(
        start in site(),
        edits in vec((file(), any::<Index>(), 0..4_u8), 1..6),
    ) {
        let mut site = start;
        let mut warm = Builder::new(settings());
        everything(&mut warm, &snapshot(&site));
        for ((path, text), which, what) in edits {
            let some = site.keys().nth(which.index(site.len().max(1))).cloned();
            match (what, some) {
                (0, Some(some)) => { site.remove(&some); }
                (1, Some(some)) => {
                    // Another document's text under this name.
                    let other = site.values().nth(which.index(site.len())).cloned();
                    site.insert(some, other.unwrap_or_default());
                }
                _ => { site.insert(path, text); }
            }
            let snapshot = snapshot(&site);
            let cold = everything(&mut Builder::new(settings()), &snapshot);
            prop_assert_eq!(everything(&mut warm, &snapshot), cold);
        }
    }
}

/// A site without an error, so that edits are seen in pages and not only in
/// problems.
fn small_site(choices: &[usize]) -> BTreeMap<String, String> {
    let pick = |n: usize, of: &[&str]| of[choices[n] % of.len()].to_owned();
    let mut site = BTreeMap::from([
        ("site.yaml".to_owned(), format!("title: {}\n", pick(0, &["A", "B"]))),
        (
            "content/speakers/ada.md".to_owned(),
            format!("---\nname: {}\n---\n", pick(1, &["Ada", "Ada L"])),
        ),
        (
            "content/briefings/one.md".to_owned(),
            format!(
                "---\ntitle: One\ndate: {}\nspeakers: [ada]\ndraft: {}\nclaims:\n  - id: a\n    text: {}\n    \
                 speaker: ada\n    quote: the gift\n---\nAda spoke of the gift. {}\n",
                pick(2, &["2025", "2024-05"]),
                pick(3, &["false", "false", "true"]),
                pick(4, &["It was given.", "It was taken."]),
                pick(5, &["", "More."]),
            ),
        ),
        (
            "content/briefings/two.md".to_owned(),
            format!(
                "---\ntitle: Two\ndate: 2025-02\nspeakers: [ada]\ntopics: [Trade]\n\
                 claims:\n  - {{id: b, text: B, speaker: ada, quote: no gift, proposition: {}}}\n  \
                 - {{id: c, text: C, speaker: ada, quote: no gift, relations: [{{type: {}, target: b}}]}}\n---\nThere is no gift.\n",
                pick(6, &["given", "taken"]),
                pick(7, &["disputes", "supports", "retracts"]),
            ),
        ),
        ("content/propositions/given.md".to_owned(), "---\ntext: Given\n---\n".to_owned()),
        ("content/propositions/taken.md".to_owned(), "---\ntext: Taken\n---\n".to_owned()),
    ]);
    if choices[8].is_multiple_of(2) {
        site.insert("templates/page.html".to_owned(), "own {{ view.title }}".to_owned());
    }
    if choices[9].is_multiple_of(3) {
        site.insert(
            "content/briefings/three.md".to_owned(),
            "---\ntitle: Three\ndate: 2023\n---\n[[Ada]]\n".to_owned(),
        );
    }
    site
}

#[test]
fn the_small_site_is_built() {
    let (files, problems) =
        everything(&mut Builder::new(settings()), &snapshot(&small_site(&[0; 10])));
    assert!(files.is_some_and(|f| f.contains_key("claims/one/a.html")), "{problems:#?}");
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn edits_of_a_site_without_errors_leave_no_trace(edits in vec(vec(0..6_usize, 10), 2..6)) {
        let mut warm = Builder::new(settings());
        for choices in edits {
            let snapshot = snapshot(&small_site(&choices));
            let cold = everything(&mut Builder::new(settings()), &snapshot);
            prop_assert_eq!(everything(&mut warm, &snapshot), cold);
        }
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for n in [100, 1_000, 20_000] {
        check_text(&format!("---\ntitle: x\nextra: {}{}\n---\n", "[".repeat(n), "]".repeat(n)));
        check_text(&format!("---\ntitle: x\nextra: {}x{}\n---\n", "{a: ".repeat(n), "}".repeat(n)));
        check_text(&format!("---\ntitle: x\n---\n{}", "> ".repeat(n)));
        check_text(&format!("---\ntitle: x\n---\n{}a{}", "*".repeat(n), "*".repeat(n)));
        check_text(&format!("---\ntitle: x\n---\n{}a{}", "[".repeat(n), "](x)".repeat(n)));
        check_text(&format!("---\ntitle: x\n---\n{}", "<div>".repeat(n)));
    }
    let lists = (0..300).map(|n| format!("{}- a\n", "  ".repeat(n))).collect::<String>();
    check_text(&format!("---\ntitle: x\n---\n{lists}"));
}

#[test]
fn aliases_that_multiply_are_refused_or_small() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = vec![format!("*a{}", n - 1); 9].join(", ");
        writeln!(bomb, "a{n}: &a{n} [{before}]").expect("a string takes it");
    }
    check_text(&format!("---\ntitle: x\nextra:\n  {}---\n", bomb.replace('\n', "\n  ").trim_end()));
    check_text(&format!("---\n{bomb}---\n"));
    check_text("---\ntitle: x\nextra: &a [*a]\n---\n");
}

/// Every Markdown file below the folder that `ONRECORD_MARKDOWN` names, as a page.
#[test]
#[ignore = "needs a folder of Markdown in ONRECORD_MARKDOWN"]
fn other_peoples_markdown_is_read() {
    let folder = std::env::var("ONRECORD_MARKDOWN").expect("ONRECORD_MARKDOWN names a folder");
    let files: Vec<_> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("the folder can be read").into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    assert!(files.len() > 10, "{files:?}");
    let mut all = BTreeMap::from([("site.yaml".to_owned(), FOOTING[0].1.to_owned())]);
    for (n, file) in files.iter().enumerate() {
        let text = std::fs::read_to_string(file).expect("it is UTF-8");
        check_text(&text);
        all.insert(format!("content/pages/{n}.md"), format!("---\ntitle: {n}\n---\n{text}"));
    }
    check(&all);
}
