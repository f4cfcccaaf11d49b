//! What is printed, in full.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;

const BRIEFING: &str = "---\ntitle: Harbour tax\n\nspeaker: jane-deo\nlang: en\n---\n";

fn place(path: &str, range: Range<usize>) -> Place {
    Place::new(&Arc::from(path), range)
}

/// The first time that `words` stand in `text`.
fn find(text: &str, words: &str) -> Place {
    let start = text.find(words).unwrap();
    place("content/a.md", start..start + words.len())
}

fn error(place: Place) -> Diagnostic {
    Diagnostic::error("unknown-speaker", place, "no speaker is called `jane-deo`")
}

fn show(format: Format, text: &str, problem: &Diagnostic) -> String {
    let sources = |path: &str| (path == "content/a.md").then_some(text);
    report(format, std::slice::from_ref(problem), &sources, false)
}

#[track_caller]
fn check(format: Format, text: &str, problem: &Diagnostic, expected: &str) {
    let shown = show(format, text, problem);
    assert_eq!(shown.trim_end(), expected.trim_matches('\n'), "{shown}");
}

/// The head is left out, for the cases that are about the picture alone.
#[track_caller]
fn check_picture(text: &str, place: Place, expected: &str) {
    let shown = show(Format::Human, text, &error(place));
    let (_, picture) = shown.split_once('\n').unwrap();
    assert_eq!(picture.trim_end(), expected.trim_matches('\n'), "{shown}");
}

fn misspelt() -> Diagnostic {
    error(find(BRIEFING, "jane-deo"))
        .hint("did you mean `jane-doe`?")
        .hint("or add `content/speakers/jane-deo.md`")
}

#[test]
fn a_problem_is_shown_with_its_line_a_caret_and_what_to_do() {
    check(
        Format::Human,
        BRIEFING,
        &misspelt(),
        "
error: no speaker is called `jane-deo`
 --> content/a.md:4:10
  |
4 | speaker: jane-deo
  |          ^^^^^^^^
  |
  = hint: did you mean `jane-doe`?
  = hint: or add `content/speakers/jane-deo.md`
",
    );
}

#[test]
fn problems_stand_apart_by_an_empty_line() {
    let problems = [
        error(place("content/a.md", 0..0)),
        Diagnostic::warning("x", place("content/a.md", 0..0), "this is odd"),
    ];
    assert_eq!(
        report(Format::Human, &problems, &|_| Some(BRIEFING), false),
        "error: no speaker is called `jane-deo`\n--> content/a.md:1:1\n\n\
         warning[x]: this is odd\n--> content/a.md:1:1\n\n"
    );
}

#[test]
fn colours_come_only_when_asked_for() {
    let coloured = report(Format::Human, &[misspelt()], &|_| Some(BRIEFING), true);
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[91merror\u{1b}[0m"), "{coloured:?}");
    let plain = report(Format::Human, &[misspelt()], &|_| Some(BRIEFING), false);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}

#[test]
fn a_related_place_is_shown_in_the_same_picture_or_in_a_note() {
    let text = &format!("{BRIEFING}{}far: off\n", "\n".repeat(20));
    check(
        Format::Human,
        text,
        &misspelt()
            .related(find(text, "Harbour tax"), "the briefing")
            .related(find(text, "off"), "a line\nfar away")
            .related(place("content/b.md", 3..4), "another file"),
        "
error: no speaker is called `jane-deo`
 --> content/a.md:4:10
  |
2 | title: Harbour tax
  |        ----------- the briefing
3 |
4 | speaker: jane-deo
  |          ^^^^^^^^
  |
  = hint: did you mean `jane-doe`?
  = hint: or add `content/speakers/jane-deo.md`
note: a line
      far away
  --> content/a.md:27:6
   |
27 | far: off
   |      ^^^
note: another file
--> content/b.md
",
    );
}

#[test]
fn a_file_as_a_whole_is_named_without_a_line() {
    check(
        Format::Human,
        BRIEFING,
        &error(place("content/a.md", 0..0)).hint("look"),
        "
error: no speaker is called `jane-deo`
--> content/a.md:1:1
 = hint: look
",
    );
}

#[test]
fn a_point_in_the_text_gets_one_caret() {
    check_picture(
        BRIEFING,
        place("content/a.md", 32..32),
        "
 --> content/a.md:4:9
  |
4 | speaker: jane-deo
  |         ^
",
    );
}

#[test]
fn a_place_behind_the_end_is_shown_at_the_end() {
    check_picture(
        "a: b",
        place("content/a.md", 40..50),
        "
 --> content/a.md:1:5
  |
1 | a: b
  |     ^
",
    );
    check_picture(
        "a: b\n",
        place("content/a.md", 40..50),
        "
 --> content/a.md:2:1
  |
2 |
  | ^
",
    );
}

#[test]
fn a_stretch_of_several_lines_is_embraced_and_a_tall_one_shown_by_its_first() {
    check_picture(
        BRIEFING,
        place("content/a.md", 4..42),
        "
 --> content/a.md:2:1
  |
2 | / title: Harbour tax
3 | |
4 | | speaker: jane-deo
  | |_________________^
",
    );
    let text = &format!("a: |\n{}b", "  line\n".repeat(20));
    check_picture(
        text,
        place("content/a.md", 3..text.len()),
        "
 --> content/a.md:1:4
  |
1 | a: |
  |    ^
",
    );
}

#[test]
fn the_end_of_a_line_is_not_part_of_what_is_underlined() {
    check_picture(
        "a: b\r\nc: d\r\n",
        place("content/a.md", 3..6),
        "
 --> content/a.md:1:4
  |
1 | a: b
  |    ^
",
    );
}

#[test]
fn the_caret_is_under_the_word_behind_tabs_marks_and_wide_letters() {
    let text = "\u{feff}a: jane1\r\n\tb:\tjane2\r\n港: 税 jane3\r\ne\u{301}e\u{301} jane4\r\n";
    let check = |words, expected: &str| check_picture(text, find(text, words), expected);
    check(
        "jane1",
        "
 --> content/a.md:1:4
  |
1 | a: jane1
  |    ^^^^^
",
    );
    check(
        "jane2",
        "
 --> content/a.md:2:5
  |
2 |     b:    jane2
  |           ^^^^^
",
    );
    check(
        "jane3",
        "
 --> content/a.md:3:6
  |
3 | 港: 税 jane3
  |        ^^^^^
",
    );
    check(
        "jane4",
        "
 --> content/a.md:4:6
  |
4 | e\u{301}e\u{301} jane4
  |    ^^^^^
",
    );
}

#[test]
fn right_to_left_text_is_shown_as_it_is_and_the_caret_counts_letters() {
    let text = "שלום: עולם\n";
    check_picture(
        text,
        find(text, "עולם"),
        "
 --> content/a.md:1:7
  |
1 | שלום: עולם
  |       ^^^^
",
    );
}

#[test]
fn nothing_in_text_or_message_steers_the_terminal() {
    let text = "a: \u{1b}[2J\u{9b}1m\u{202e}\u{2066}\u{7f}\r\u{2028}jane\n";
    let problem = Diagnostic::warning("x", find(text, "jane"), "a\u{1b}]8;;b\u{202e}c\u{85}d")
        .hint("e\u{9d}f")
        .related(place("b\u{1b}.md", 0..1), "g\u{8}h\u{7}");
    check(
        Format::Human,
        text,
        &problem,
        "
warning[x]: a␛]8;;b\u{fffd}c\u{fffd}d
 --> content/a.md:1:16
  |
1 | a: ␛[2J\u{fffd}1m\u{fffd}\u{fffd}␡␍\u{fffd}jane
  |                ^^^^
  |
  = hint: e\u{fffd}f
note: g␈h␇
--> b␛.md
",
    );
    check(
        Format::Short,
        text,
        &problem,
        "content/a.md:1:16: warning: a␛]8;;b\u{fffd}c\u{fffd}d (hint: e\u{fffd}f)",
    );
    check(
        Format::GitHub,
        text,
        &problem,
        "::warning file=content/a.md,line=1,endLine=1,col=16,endColumn=20,title=x::\
         a␛]8;;b\u{fffd}c\u{fffd}d%0Ahint: e\u{fffd}f",
    );
}

#[test]
fn a_long_line_is_cut_around_the_place_and_its_column_is_the_true_one() {
    let text = &format!("{}jane{}\nx\n", "word ".repeat(2000), " word".repeat(2000));
    check_picture(
        text,
        find(text, "jane"),
        "
 --> content/a.md:1:10001
  |
1 | ...word word word word word word word word jane word word word word word word word word word word word word word word word ...
  |                                            ^^^^
",
    );
    let text = &format!("{}税金{}", "港".repeat(5000), "港".repeat(5000));
    check_picture(
        text,
        find(text, "税金"),
        "
 --> content/a.md:1:5001
  |
1 | ...港港港港港港港港港港港港港港港港港港港港税金港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港港...
  |                                            ^^^^
",
    );
}

#[test]
fn a_stretch_that_is_longer_than_the_cut_is_underlined_as_far_as_it_is_shown() {
    let text = &"word ".repeat(2000);
    let shown = show(Format::Human, text, &error(place("content/a.md", 5..9000)));
    let carets = shown.lines().last().map(|_| shown.matches('^').count());
    assert_eq!(carets, Some(115), "{shown}");
}

#[test]
fn a_related_place_outside_the_cut_gets_a_note() {
    let text = &format!("{}jane{} joan", "word ".repeat(200), " word".repeat(200));
    let problem = error(find(text, "jane")).related(find(text, "joan"), "another");
    let shown = show(Format::Human, text, &problem);
    assert!(shown.contains("note: another\n --> content/a.md:1:2006\n"), "{shown}");
}

#[test]
fn a_short_report_has_one_line_per_problem() {
    check(
        Format::Short,
        BRIEFING,
        &misspelt(),
        "content/a.md:4:10: error: no speaker is called `jane-deo` \
         (hint: did you mean `jane-doe`?; or add `content/speakers/jane-deo.md`)",
    );
    let problem = Diagnostic::warning("x", place("content/a.md", 0..0), "two\nlines");
    check(Format::Short, BRIEFING, &problem, "content/a.md:1:1: warning: two lines");
}

#[test]
fn a_json_report_has_one_object_per_line() {
    let problem = misspelt().related(find(BRIEFING, "title"), "this \"briefing\"");
    check(
        Format::Json,
        BRIEFING,
        &problem,
        concat!(
            r#"{"severity":"error","code":"unknown-speaker","#,
            r#""message":"no speaker is called `jane-deo`","path":"content/a.md","#,
            r#""line":4,"column":10,"end_line":4,"end_column":18,"#,
            r#""hints":["did you mean `jane-doe`?","or add `content/speakers/jane-deo.md`"],"#,
            r#""related":[{"message":"this \"briefing\"","path":"content/a.md","#,
            r#""line":2,"column":1,"end_line":2,"end_column":6}]}"#,
        ),
    );
}

#[test]
fn gitlab_gets_a_list_in_which_no_two_are_the_same() {
    let text = "a: b\nc: d\n";
    let one = error(find(text, "b")).hint("e\nf");
    let other = Diagnostic::warning("odd", find(text, "d"), "it is odd");
    let sources = |path: &str| (path == "content/a.md").then_some(text);
    let told = report(Format::GitLab, &[one.clone(), other, one], &sources, false);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told[0]["location"], json!({ "path": "content/a.md", "lines": { "begin": 1 } }));
    assert_eq!(told[0]["description"], "no speaker is called `jane-deo`; hint: e f");
    assert_eq!((&told[0]["severity"], &told[1]["severity"]), (&json!("critical"), &json!("minor")));
    assert_eq!(
        (&told[1]["check_name"], &told[1]["location"]["lines"]["begin"]),
        (&json!("odd"), &json!(2))
    );
    assert_ne!(told[0]["fingerprint"], told[2]["fingerprint"]);
    assert_eq!(report(Format::GitLab, &[], &sources, false), "[]\n");
}

#[test]
fn github_gets_a_command_with_its_escapes() {
    let text = "a\nb\n";
    let sources = |_: &str| Some(text);
    let problem = Diagnostic::error("bad-quote", place("a,b:100%.md", 0..1), "50%: a, b\r\nc");
    assert_eq!(
        report(Format::GitHub, &[problem.hint("d")], &sources, false),
        "::error file=a%2Cb%3A100%25.md,line=1,endLine=1,col=1,endColumn=2,title=bad-quote::\
         50%25: a, b%0D%0Ac%0Ahint: d\n"
    );
    let problem = Diagnostic::warning("tall", place("content/a.md", 0..3), "two lines");
    check(
        Format::GitHub,
        text,
        &problem,
        "::warning file=content/a.md,line=1,endLine=2,title=tall::two lines",
    );
}

#[test]
fn sarif_names_the_tool_its_rules_and_each_result() {
    let path = "content/гавань 1.md";
    let text = "港: jane\n";
    let problems = [
        Diagnostic::error("unknown-speaker", place(path, 5..9), "who?")
            .hint("ask")
            .related(place(path, 0..3), "here"),
        Diagnostic::warning("bad-date", place(path, 0..0), "when?"),
    ];
    let log = report(Format::Sarif, &problems, &|_| Some(text), false);
    let uri = "content/%D0%B3%D0%B0%D0%B2%D0%B0%D0%BD%D1%8C%201.md";
    let location = |columns: Range<usize>| {
        json!({
            "artifactLocation": { "uri": uri },
            "region": {
                "startLine": 1, "startColumn": columns.start,
                "endLine": 1, "endColumn": columns.end,
            },
        })
    };
    assert_eq!(
        serde_json::from_str::<Value>(&log).unwrap(),
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "onrecord",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": [{ "id": "bad-date" }, { "id": "unknown-speaker" }],
                }},
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "unknown-speaker",
                        "ruleIndex": 1,
                        "level": "error",
                        "message": { "text": "who?\nhint: ask" },
                        "locations": [{ "physicalLocation": location(4..8) }],
                        "relatedLocations": [{
                            "id": 0,
                            "message": { "text": "here" },
                            "physicalLocation": location(1..2),
                        }],
                    },
                    {
                        "ruleId": "bad-date",
                        "ruleIndex": 0,
                        "level": "warning",
                        "message": { "text": "when?" },
                        "locations": [{ "physicalLocation": location(1..1) }],
                    },
                ],
            }],
        })
    );
}

#[test]
fn a_report_without_problems_is_empty_but_for_the_sarif_log() {
    for format in [Format::Human, Format::Short, Format::Json, Format::GitHub] {
        assert_eq!(report(format, &[], &|_| None, true), "");
    }
    let log: Value = serde_json::from_str(&report(Format::Sarif, &[], &|_| None, true)).unwrap();
    assert_eq!(log["runs"][0]["results"], json!([]));
}

#[test]
fn the_last_line_counts_in_words() {
    let error = || error(place("content/a.md", 0..0));
    let warning = || Diagnostic::warning("x", place("content/a.md", 0..0), "odd");
    assert_eq!(summary(&[]), "no problems");
    assert_eq!(summary(&[error()]), "1 error");
    assert_eq!(summary(&[error(), error()]), "2 errors");
    assert_eq!(summary(&[warning()]), "1 warning");
    assert_eq!(summary(&[error(), warning(), warning()]), "1 error, 2 warnings");
}

#[test]
fn thousands_of_problems_on_one_endless_line_are_reported() {
    let text = "word ".repeat(200_000);
    let problems: Vec<_> =
        (1..=5000).map(|n| error(place("content/a.md", n * 150..n * 150 + 4))).collect();
    for format in [Format::Human, Format::Short, Format::Json, Format::GitHub, Format::Sarif] {
        let shown = report(format, &problems, &|_| Some(&text), false);
        assert_eq!(shown.matches("jane-deo").count(), 5000);
    }
}
