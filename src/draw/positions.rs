//! Who takes which position on a proposition: a row for each speaker, with a
//! mark for each of their claims in the order of time. What a claim does is
//! told by the shape of its mark and not by a colour.

use std::cmp::Reverse;

use super::text::{shorten, wrap};
use super::{Anchor, Drawing, LEADING, SIZE, SMALL, Setting, WIDTH, counted, push, whole};

/// What a claim does with the proposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// States it.
    States,
    /// States it with a reservation.
    Hedges,
    /// Says that it is not so, or disputes or refutes a claim that states it.
    Opposes,
    /// Stated it, and was taken back.
    Retracted,
    /// Stated it, and is kept as known to be wrong.
    Deprecated,
}

impl Act {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 5] =
        [Self::States, Self::Hedges, Self::Opposes, Self::Retracted, Self::Deprecated];
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it does.
    pub act: Act,
    /// Its page.
    pub href: String,
    /// When it was said and what, in short.
    pub name: String,
    /// The year in which it was said, where that is known.
    pub year: Option<i32>,
}

/// One speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name to print.
    pub name: String,
    /// Their page; `None` for claims that nobody is named for.
    pub href: Option<String>,
    /// Their claims, oldest first.
    pub marks: Vec<Mark>,
}

/// The words of the diagram.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What each shape means, in the order of [`Act::ALL`].
    pub acts: [&'a str; 5],
    /// How many speakers are left out, with `{n}`.
    pub more: &'a str,
}

/// The most rows, those with the most claims, and the most marks in one, the
/// latest.
const ROWS: usize = 12;
const MARKS: usize = 10;
/// From mark to mark, so that a year can stand under each.
const PITCH: i32 = 30;
const NAME_LINES: usize = 2;

/// Draws rows in the order given; `None` where there are fewer than two claims.
#[must_use]
pub fn positions(setting: &Setting<'_>, words: &Words<'_>, rows: &[Row]) -> Option<String> {
    if rows.iter().map(|row| row.marks.len()).sum::<usize>() < 2 {
        return None;
    }
    let mut kept: Vec<usize> = (0..rows.len()).collect();
    kept.sort_by_key(|n| (Reverse(rows[*n].marks.len()), *n));
    kept.truncate(ROWS);
    kept.sort_unstable();
    let mut drawing = Drawing::new(setting.rtl);
    let mut description = String::new();
    let mut y = 0;
    for (n, row) in kept.iter().map(|n| &rows[*n]).enumerate() {
        if n > 0 {
            push(&mut drawing.shapes, &["<path class=\"draw-axis\" d=\"M0 ", &y.to_string(), "H"]);
            push(&mut drawing.shapes, &[&WIDTH.to_string(), "\"/>"]);
        }
        y = draw_row(&mut drawing, words, row, y + 2);
        in_words(words, row, &mut description);
    }
    if rows.len() > ROWS {
        let more = shorten(&counted(words.more, rows.len() - ROWS), SMALL, WIDTH);
        drawing.label(0, y + 12, SMALL, Anchor::Start, &more);
        y += 18;
    }
    let used = |act: &Act| rows.iter().flat_map(|row| &row.marks).any(|mark| mark.act == *act);
    let acts: Vec<Act> = Act::ALL.into_iter().filter(used).collect();
    let entries: Vec<_> = acts.iter().map(|act| (*act, words.acts[*act as usize])).collect();
    y = drawing.legend(y + 8, &entries, shape);
    Some(drawing.finish(setting, y, &description))
}

/// `Jane Doe: says so, 2014; opposes it, 2019.`
fn in_words(words: &Words<'_>, row: &Row, out: &mut String) {
    let space = if out.is_empty() { "" } else { " " };
    push(out, &[space, &row.name, ": "]);
    for (n, mark) in row.marks[row.marks.len().saturating_sub(MARKS)..].iter().enumerate() {
        push(out, &[if n > 0 { "; " } else { "" }, words.acts[mark.act as usize]]);
        if let Some(year) = mark.year {
            push(out, &[", ", &year.to_string()]);
        }
    }
    out.push('.');
}

fn draw_row(drawing: &mut Drawing, words: &Words<'_>, row: &Row, y: i32) -> i32 {
    let lines = wrap(&row.name, SIZE, WIDTH - 8, NAME_LINES);
    if let Some(href) = &row.href {
        drawing.open_link(href, whole(&row.name, &lines));
    }
    drawing.lines(0, y + 14, SIZE, &lines);
    if row.href.is_some() {
        drawing.close_link();
    }
    let y = y + i32::try_from(lines.len()).unwrap_or(1) * LEADING + 14;
    let earlier = row.marks.len().saturating_sub(MARKS);
    let mut x = 13;
    if earlier > 0 {
        drawing.label(0, y + 4, SMALL, Anchor::Start, &format!("+{earlier}"));
        x += PITCH;
    }
    let mut last_year = None;
    for mark in &row.marks[earlier..] {
        let name = [words.acts[mark.act as usize], ": ", &mark.name].concat();
        drawing.open_link(&mark.href, Some(&name));
        shape(drawing, mark.act, x, y);
        drawing.close_link();
        if mark.year != last_year
            && let Some(year) = mark.year
        {
            drawing.label(x, y + 18, SMALL - 1, Anchor::Middle, &year.to_string());
        }
        last_year = mark.year;
        x += PITCH;
    }
    y + 24
}

/// A mark around a point. Every shape has an area that can be pointed at.
fn shape(drawing: &mut Drawing, act: Act, x: i32, y: i32) {
    let x = drawing.x(x);
    let out = &mut drawing.labels;
    const HOLLOW: &str = " fill-opacity=\"0\" stroke=\"currentColor\" stroke-width=\"2\"/>";
    let d = match act {
        Act::States => {
            out.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"6\"/>"));
            return;
        }
        Act::Hedges => {
            out.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"5\"{HOLLOW}"));
            return;
        }
        Act::Opposes => format!("M{} {}l10 10m0-10l-10 10", x - 5, y - 5),
        Act::Retracted => {
            format!("M{} {y}a5 5 0 0 0 10 0 5 5 0 0 0-10 0M{} {}l14-14", x - 5, x - 7, y + 7)
        }
        Act::Deprecated => format!("M{} {}h10v10h-10zm-2 5h14", x - 5, y - 5),
    };
    push(out, &["<path d=\"", &d, "\"", HOLLOW]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checks::{check, check_mirrored, labels, name};
    use super::*;

    const WORDS: Words<'static> = Words {
        acts: ["says so", "with a reservation", "opposes it", "taken back", "known to be wrong"],
        more: "{n} more speakers",
    };

    fn draw(rtl: bool, rows: &[Row]) -> Option<String> {
        let setting = Setting { prefix: "_positions", rtl, title: "Positions" };
        positions(&setting, &WORDS, rows)
    }

    fn mark(act: Act, year: i32) -> Mark {
        Mark {
            act,
            href: format!("claims/{year}.html"),
            name: format!("In {year}"),
            year: Some(year),
        }
    }

    fn row(name: &str, marks: Vec<Mark>) -> Row {
        Row { name: name.to_owned(), href: Some("speakers/x.html".to_owned()), marks }
    }

    #[test]
    fn claims_stand_in_the_row_of_their_speaker_in_order() {
        let rows = [
            row(
                "Jane Doe",
                vec![mark(Act::States, 2014), mark(Act::Hedges, 2014), mark(Act::Opposes, 2019)],
            ),
            row("John Roe", vec![mark(Act::Retracted, 2015)]),
        ];
        let svg = draw(false, &rows).unwrap();
        check(&svg);
        let words: Vec<String> = labels(&svg).into_iter().map(|l| l.words).collect();
        assert_eq!(
            words,
            [
                "Jane Doe",
                "2014",
                "2019",
                "John Roe",
                "2015",
                "says so",
                "with a reservation",
                "opposes it",
                "taken back",
            ]
        );
        assert!(svg.contains(
            ">Jane Doe: says so, 2014; with a reservation, 2014; opposes it, 2019. \
             John Roe: taken back, 2015.</desc>"
        ));
        let at = |text: &str| svg.find(text).unwrap();
        assert!(at("In 2014") < at("In 2019") && at("In 2019") < at(">John Roe<"));
        check_mirrored(&svg, &draw(true, &rows).unwrap());
    }

    #[test]
    fn every_act_has_a_shape_of_its_own() {
        let shapes: std::collections::BTreeSet<String> = Act::ALL
            .into_iter()
            .map(|act| {
                let mut drawing = Drawing::new(false);
                shape(&mut drawing, act, 10, 10);
                drawing.labels
            })
            .collect();
        assert_eq!(shapes.len(), Act::ALL.len());
    }

    #[test]
    fn one_claim_is_no_comparison() {
        assert_eq!(draw(false, &[row("A", vec![mark(Act::States, 2014)])]), None);
        assert_eq!(draw(false, &[]), None);
    }

    #[test]
    fn the_latest_claims_and_the_busiest_speakers_are_shown() {
        let mut rows: Vec<Row> =
            (0..20).map(|n| row(&format!("Speaker {n}"), vec![mark(Act::States, 2000)])).collect();
        rows[19].marks = (2000..2030).map(|year| mark(Act::States, year)).collect();
        let svg = draw(false, &rows).unwrap();
        check(&svg);
        assert!(svg.contains(">+20<") && svg.contains("In 2029") && !svg.contains("In 2019"));
        assert!(
            svg.contains("Speaker 19")
                && svg.contains("Speaker 10")
                && !svg.contains("Speaker 11<")
        );
        assert!(svg.contains(">8 more speakers<"));
    }

    proptest! {
        #[test]
        fn whatever_the_names_nothing_overlaps_or_leaves(
            rows in proptest::collection::vec(
                (name(), proptest::collection::vec((0..5_usize, proptest::option::of(-99..9999_i32)), 0..14)),
                0..16,
            ),
            rtl: bool,
        ) {
            let rows: Vec<Row> = rows
                .into_iter()
                .map(|(name, marks)| Row {
                    href: name.len().is_multiple_of(2).then(|| name.clone()),
                    marks: marks
                        .into_iter()
                        .map(|(act, year)| Mark {
                            act: Act::ALL[act], href: name.clone(), name: name.clone(), year,
                        })
                        .collect(),
                    name,
                })
                .collect();
            if let Some(svg) = draw(rtl, &rows) {
                check(&svg);
                prop_assert_eq!(Some(svg), draw(rtl, &rows));
            }
        }
    }
}
