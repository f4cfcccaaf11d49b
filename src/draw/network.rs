//! Who relays whom, and about whom: relayers, speakers and those spoken of in
//! columns, in the order in which one says it. Edges grow with the number of
//! claims behind them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::text::{shorten, wrap};
use super::{Anchor, Drawing, SMALL, Setting, WIDTH, counted, height_of, whole};

/// Somebody, by a number that the caller gives them.
pub type Who = u32;

/// What the diagram is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Who relays whom, once for every claim.
    pub relays: Vec<(Who, Who)>,
    /// Who speaks about whom, once for every claim.
    pub about: Vec<(Who, Who)>,
}

/// The words of the diagram.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The headings of the three columns: those who relay, those who said it,
    /// those whom it is about.
    pub columns: [&'a str; 3],
    /// An edge from the first column in words, with `{a}`, `{b}` and `{n}`.
    pub relays: &'a str,
    /// An edge from the second column in words, with the same.
    pub about: &'a str,
    /// How many names are left out, with `{n}`.
    pub more: &'a str,
}

/// The most names that are drawn; one that stands in two columns counts twice.
const MOST: usize = 12;

const NAME: i32 = 12;
const NAME_LINES: usize = 3;
/// The room that an edge has to itself where it meets a name.
const PORT: i32 = 13;
const GAP: i32 = 12;
const INSET: i32 = 4;
const TOP: i32 = 20;

/// Somebody in a column.
type Place = (usize, Who);

/// How many claims each edge stands for.
type Counts = BTreeMap<(Place, Place), usize>;

/// Draws a network; `None` where nobody relays anybody and fewer than two are
/// spoken of. `who` gives a name and an address.
///
/// The most frequent are drawn, of equals those with the smaller numbers.
#[must_use]
pub fn network(
    setting: &Setting<'_>,
    words: &Words<'_>,
    network: &Network,
    who: &dyn Fn(Who) -> (String, String),
) -> Option<String> {
    let mut counts = Counts::new();
    for (from, to) in &network.relays {
        *counts.entry(((0, *from), (1, *to))).or_default() += 1;
    }
    for (from, to) in &network.about {
        *counts.entry(((1, *from), (2, *to))).or_default() += 1;
    }
    if network.relays.is_empty() && counts.len() < 2 {
        return None;
    }
    let everybody: BTreeSet<Who> = counts.keys().flat_map(|((_, a), (_, b))| [*a, *b]).collect();
    let kept = most_frequent(&counts);
    counts.retain(|(from, to), _| kept.contains(from) && kept.contains(to));
    let columns = in_columns(&counts);
    let shown: BTreeSet<Who> = columns.iter().flatten().map(|(_, who)| *who).collect();

    // Two columns have more room than three.
    let used: Vec<usize> = (0..3).filter(|c| !columns[*c].is_empty()).collect();
    let (width, between) = if used.len() == 3 { (85, 41) } else { (129, 80) };
    let mut drawing = Drawing::new(setting.rtl);
    let boxes = place(&columns, &used, &counts, width, between, who);
    for (n, column) in used.iter().enumerate() {
        let heading = shorten(words.columns[*column], SMALL, width);
        let left = 1 + i32::try_from(n).unwrap_or(0) * (width + between);
        drawing.label(left, 10, SMALL, Anchor::Start, &heading);
    }
    edges(&mut drawing, &boxes, &counts, width);
    for placed in boxes.values() {
        drawing.node(placed.left, placed.top, width, placed.height, false);
        drawing.open_link(&placed.href, whole(&placed.name, &placed.lines));
        let text = height_of(placed.lines.len(), NAME);
        let y = placed.top + (placed.height - text) / 2 + NAME;
        drawing.lines(placed.left + INSET, y, NAME, &placed.lines);
        drawing.close_link();
    }
    let mut height = boxes.values().map(|b| b.top + b.height).max().unwrap_or(TOP) + 2;
    let more = everybody.len() - shown.len();
    if more > 0 {
        let label = shorten(&counted(words.more, more), SMALL, WIDTH);
        drawing.label(0, height + 14, SMALL, Anchor::Start, &label);
        height += 20;
    }
    Some(drawing.finish(setting, height, &in_words(words, &counts, &boxes, more)))
}

/// How many claims each place has on its edges.
fn weights(counts: &Counts) -> BTreeMap<Place, usize> {
    let mut weights = BTreeMap::new();
    for ((from, to), count) in counts {
        *weights.entry(*from).or_default() += count;
        *weights.entry(*to).or_default() += count;
    }
    weights
}

/// The places with the most claims; of equals the earlier columns, in which
/// it is said who speaks.
fn most_frequent(counts: &Counts) -> BTreeSet<Place> {
    let mut places: Vec<(Place, usize)> = weights(counts).into_iter().collect();
    places.sort_by_key(|(place, weight)| (Reverse(*weight), *place));
    places.into_iter().take(MOST).map(|(place, _)| place).collect()
}

/// Those in each column who have an edge, in an order that crosses few: the
/// speakers with the most claims first, the others beside those they go with.
fn in_columns(counts: &Counts) -> [Vec<Place>; 3] {
    let weights = weights(counts);
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for place in weights.keys() {
        columns[place.0].push(*place);
    }
    columns[1].sort_by_key(|place| (Reverse(weights[place]), *place));
    let height: BTreeMap<Place, usize> = (0..).zip(&columns[1]).map(|(n, p)| (*p, n)).collect();
    for column in [0, 2] {
        columns[column].sort_by_cached_key(|place| {
            // A hundred times the mean place of those it goes with.
            let (sum, all) = counts
                .iter()
                .filter(|((from, to), _)| from == place || to == place)
                .map(|((from, to), count)| {
                    (height[if column == 0 { to } else { from }] * count, *count)
                })
                .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            (sum * 100 / all.max(1), Reverse(weights[place]), *place)
        });
    }
    columns
}

/// A name with its box.
struct Placed {
    left: i32,
    top: i32,
    height: i32,
    name: String,
    href: String,
    lines: Vec<String>,
}

/// The boxes, each high enough for its name and for the edges on either side.
fn place(
    columns: &[Vec<Place>; 3],
    used: &[usize],
    counts: &Counts,
    width: i32,
    between: i32,
    who: &dyn Fn(Who) -> (String, String),
) -> BTreeMap<Place, Placed> {
    let mut boxes = BTreeMap::new();
    let mut bottoms = Vec::new();
    for (n, column) in (0..).zip(used) {
        let mut top = TOP;
        for place in &columns[*column] {
            let (name, href) = who(place.1);
            let lines = wrap(&name, NAME, width - 2 * INSET, NAME_LINES);
            let going = counts.keys().filter(|(from, _)| from == place).count();
            let coming = counts.keys().filter(|(_, to)| to == place).count();
            let ports = i32::try_from(going.max(coming)).unwrap_or(0) * PORT;
            let height = (height_of(lines.len().max(1), NAME) + 6).max(ports + 2);
            boxes.insert(
                *place,
                Placed { left: 1 + n * (width + between), top, height, name, href, lines },
            );
            top += height + GAP;
        }
        bottoms.push((*column, top));
    }
    // Shorter columns stand in the middle.
    let lowest = bottoms.iter().map(|(_, bottom)| *bottom).max().unwrap_or(TOP);
    for (column, bottom) in bottoms {
        for place in &columns[column] {
            if let Some(placed) = boxes.get_mut(place) {
                placed.top += (lowest - bottom) / 2;
            }
        }
    }
    boxes
}

/// The edges, each with a port of its own at both ends; the numbers stand where
/// they begin, other than 1.
fn edges(drawing: &mut Drawing, boxes: &BTreeMap<Place, Placed>, counts: &Counts, width: i32) {
    let port = |place: &Place, n: usize, of: usize| {
        let placed = &boxes[place];
        let (n, of) = (i32::try_from(n).unwrap_or(0), i32::try_from(of).unwrap_or(0));
        placed.top + placed.height / 2 + n * PORT - (of - 1) * PORT / 2
    };
    // Edges leave and arrive in the order of what is at their other ends.
    let order = |end: &Place| (boxes[end].top, *end);
    let at = |place: &Place, other: &Place, is_start: bool| {
        let mut others: Vec<_> = counts
            .keys()
            .filter(|(from, to)| if is_start { from == place } else { to == place })
            .map(|(from, to)| order(if is_start { to } else { from }))
            .collect();
        others.sort_unstable();
        let n = others.iter().position(|o| *o == order(other)).unwrap_or(0);
        port(place, n, others.len())
    };
    for ((from, to), count) in counts {
        let (y, end) = (at(from, to, true), at(to, from, false));
        let (mut x, end_x) = (boxes[from].left + width, boxes[to].left);
        if *count > 1 {
            let label = count.to_string();
            drawing.label(x + 2, y + 4, SMALL, Anchor::Start, &label);
            x += super::text::measure(&label, SMALL) + 4;
        }
        let middle = i32::midpoint(x, end_x);
        let weight = (count.ilog2() + 1).min(5);
        drawing.shapes.push_str("<path class=\"draw-edge\"");
        if weight > 1 {
            let _ = write!(drawing.shapes, " stroke-width=\"{weight}\"");
        }
        let _ =
            write!(drawing.shapes, " d=\"M{x} {y}C{middle} {y} {middle} {end} {end_x} {end}\"/>");
    }
}

fn in_words(
    words: &Words<'_>,
    counts: &Counts,
    boxes: &BTreeMap<Place, Placed>,
    more: usize,
) -> String {
    let mut sentences: Vec<String> = counts
        .iter()
        .map(|((from, to), count)| {
            let template = if from.0 == 0 { words.relays } else { words.about };
            let mut out = String::new();
            // Names are put in once, so that what stands in them is left alone.
            for (n, part) in template.split('{').enumerate() {
                match (n, part.split_once('}')) {
                    (0, _) | (_, None) => out.push_str(part),
                    (_, Some((key, rest))) => {
                        match key {
                            "a" => out.push_str(&boxes[from].name),
                            "b" => out.push_str(&boxes[to].name),
                            _ => out.push_str(&count.to_string()),
                        }
                        out.push_str(rest);
                    }
                }
            }
            out
        })
        .collect();
    if more > 0 {
        sentences.push(counted(words.more, more));
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checks::{check, check_mirrored, labels, name};
    use super::*;

    const WORDS: Words<'static> = Words {
        columns: ["Relayed by", "Said by", "About"],
        relays: "{a} relays {b}: {n}.",
        about: "{a} about {b}: {n}.",
        more: "{n} more are left out",
    };

    fn draw(
        rtl: bool,
        relays: &[(Who, Who)],
        about: &[(Who, Who)],
        names: &[String],
    ) -> Option<String> {
        let setting = Setting { prefix: "_network", rtl, title: "Who relays whom" };
        let it = Network { relays: relays.to_vec(), about: about.to_vec() };
        network(&setting, &WORDS, &it, &|w| {
            (names[w as usize % names.len()].clone(), format!("speakers/{w}.html"))
        })
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn relayers_speakers_and_those_spoken_of_stand_side_by_side() {
        let four = names(&["Witkoff", "Putin", "Trump", "NATO"]);
        let relays = [(0, 1), (0, 1), (0, 1)];
        let about = [(1, 2), (1, 2), (1, 3)];
        let svg = draw(false, &relays, &about, &four).unwrap();
        check(&svg);
        let seen = labels(&svg);
        let left = |words: &str| seen.iter().find(|l| l.words == words).unwrap().left;
        assert!(left("Witkoff") < left("Putin") && left("Putin") < left("Trump"));
        assert_eq!(left("Trump"), left("NATO"));
        assert!(
            svg.contains("Witkoff relays Putin: 3. Putin about Trump: 2. Putin about NATO: 1.")
        );
        assert!(
            svg.contains("role=\"group\"") && svg.contains("<a href=\"speakers/0.html\"><text")
        );
        check_mirrored(&svg, &draw(true, &relays, &about, &four).unwrap());
    }

    #[test]
    fn without_a_relation_to_show_there_is_no_diagram() {
        let two = names(&["A", "B"]);
        assert_eq!(draw(false, &[], &[], &two), None);
        assert_eq!(draw(false, &[], &[(0, 1), (0, 1)], &two), None);
        assert!(draw(false, &[(0, 1)], &[], &two).is_some());
    }

    #[test]
    fn the_most_frequent_are_drawn_and_the_others_counted() {
        let many: Vec<String> = (0..40).map(|n| format!("Name {n}")).collect();
        let relays: Vec<(Who, Who)> = (0..40).flat_map(|n| vec![(n, 0); n as usize + 1]).collect();
        let svg = draw(false, &relays, &[], &many).unwrap();
        check(&svg);
        assert!(svg.contains("Name 39") && svg.contains("Name 29") && !svg.contains("Name 28"));
        assert!(labels(&svg).iter().any(|l| l.words == "28 more are left out"));
    }

    proptest! {
        #[test]
        fn whatever_the_names_nothing_overlaps_or_leaves(
            names in proptest::collection::vec(name(), 1..20),
            relays in proptest::collection::vec((0u32..20, 0u32..20), 0..60),
            about in proptest::collection::vec((0u32..20, 0u32..20), 0..60),
            rtl: bool,
        ) {
            if let Some(svg) = draw(rtl, &relays, &about, &names) {
                check(&svg);
                let (mut relays, mut about) = (relays, about);
                relays.reverse();
                about.sort_unstable();
                prop_assert_eq!(Some(svg), draw(rtl, &relays, &about, &names));
            }
        }
    }
}
