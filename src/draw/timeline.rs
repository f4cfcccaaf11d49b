//! Claims over time: a mark for each on an axis of months or years, or bars
//! where there are many.
//!
//! What is not known is drawn as not known. A day is a dot; a month, a year or
//! an interval is a bar over all days that it can mean; an end that is open is
//! an arrow; what is approximate or uncertain is hollow and bears the `~` or
//! the `?` of its date. What has no place on the calendar is counted in words, and
//! what is far from all the rest stands at its end of the axis, behind a break.

use std::collections::{BTreeMap, BTreeSet};

use super::outliers::{self, Parted};
use super::text::{measure, shorten};
use super::{Anchor, Drawing, SMALL, Setting, WIDTH, attributes, counted, push};
use crate::date::{Span, calendar_day, day_number};

/// A claim that can be shown by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Where it leads.
    pub href: String,
    /// When it was said and what, in short.
    pub name: String,
}

/// The words of the diagram.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The months, as short as they can be.
    pub months: &'a [&'a str; 12],
    /// What the shapes mean: a day, several days of which one or all are meant,
    /// an end that is open, about then, uncertain, both; and, of many claims
    /// together, that they are about then or uncertain.
    pub shapes: [&'a str; 7],
    /// How many claims have no place on the axis, with `{n}`.
    pub unplaced: &'a str,
    /// What stands behind a break in the axis, with `{dates}`.
    pub far: &'a str,
}

/// What a shape says of its claim, in the order of [`Words::shapes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Day,
    Days,
    Open,
    Approximate,
    Uncertain,
    Both,
    Counted,
}

impl Shape {
    /// What is to be explained of a date.
    fn of(span: &Span) -> impl Iterator<Item = Self> {
        let extent = match (span.first, span.last) {
            (None, _) | (_, None) => Self::Open,
            (first, last) if first == last => Self::Day,
            _ => Self::Days,
        };
        let doubt = match (span.approximate, span.uncertain) {
            (false, false) => None,
            (true, false) => Some(Self::Approximate),
            (false, true) => Some(Self::Uncertain),
            (true, true) => Some(Self::Both),
        };
        std::iter::once(extent).chain(doubt)
    }

    /// The sign that EDTF has for it.
    fn sign(self) -> Option<&'static str> {
        match self {
            Self::Approximate => Some("~"),
            Self::Uncertain => Some("?"),
            Self::Both => Some("%"),
            _ => None,
        }
    }
}

/// The most claims that are shown one by one, and the most above one another.
const MOST: usize = 60;
const LANES: usize = 12;
/// The distance from lane to lane.
const LANE: i32 = 15;
const RADIUS: i32 = 5;
const TOP: i32 = 4;
/// The height of the highest bar, and the most bars.
const BAR: i32 = 90;
const BARS: i32 = 48;
const FIRST: i32 = 2;
const LAST: i32 = WIDTH - 2;

/// Draws claims, given by their dates; `point` says of the one with this
/// number what it is. `None` where fewer than three have a place, or all the
/// same.
#[must_use]
pub fn timeline(
    setting: &Setting<'_>,
    words: &Words<'_>,
    claims: &[Option<Span>],
    point: &dyn Fn(usize) -> Point,
) -> Option<String> {
    let placed: Vec<(usize, Span)> =
        claims.iter().enumerate().filter_map(|(n, span)| Some((n, (*span)?))).collect();
    let same = placed.iter().all(|(_, span)| *span == placed[0].1);
    if placed.len() < 3 || same {
        return None;
    }
    let mut unplaced = claims.len() - placed.len();
    let shown_singly = placed.len() <= MOST;
    let Parted { before, rest, after } = outliers::part(placed);
    let days = || rest.iter().flat_map(|(_, span)| span.first.into_iter().chain(span.last));
    let (first, last) = (days().min()?, days().max()?);
    let ends = [(before, false), (after, true)].map(|(claims, late)| Far::of(claims, late));
    let axis = Axis::over(first, last, words.months, ends);
    let mut drawing = Drawing::new(setting.rtl);
    let lanes = if shown_singly { in_lanes(&axis, &rest) } else { None };
    let (bins, scattered) = Bins::of(first, last, &rest);
    let mut shapes = BTreeSet::new();
    let bottom = if let Some(marks) = lanes {
        shapes.extend(marks.iter().flat_map(|mark| Shape::of(&mark.span)));
        let highest = marks.iter().map(|mark| mark.lane).max().unwrap_or(0);
        let bottom = TOP + (highest + 1) * LANE + 3;
        for mark in &marks {
            draw_mark(&mut drawing, mark, bottom - 3 - LANE / 2 - mark.lane * LANE, point);
        }
        bottom
    } else {
        unplaced += scattered;
        shapes.extend(bins.counts.values().any(|(_, b)| *b > 0).then_some(Shape::Counted));
        bars(&mut drawing, &axis, &bins)
    };
    let mut height = axis.draw(&mut drawing, bottom);
    // A dot says enough by itself.
    if shapes.iter().any(|shape| *shape != Shape::Day) {
        let entries: Vec<_> = shapes.iter().map(|s| (*s, words.shapes[*s as usize])).collect();
        height = drawing.legend(height + 2, &entries, explain);
    }
    let mut description = bins.in_words(words.months);
    let far: Vec<String> = axis.far.iter().map(Far::in_words).collect();
    let far = (!far.is_empty()).then(|| words.far.replace("{dates}", &far.join(", ")));
    let unplaced = (unplaced > 0).then(|| counted(words.unplaced, unplaced));
    for label in far.iter().chain(&unplaced) {
        drawing.label(0, height + 12, SMALL, Anchor::Start, &shorten(label, SMALL, WIDTH));
        height += 15;
        description.push_str("; ");
        description.push_str(label);
    }
    if far.is_some() || unplaced.is_some() {
        height += 3;
    }
    Some(drawing.finish(setting, height, &description))
}

/// Claims at one end of the axis, behind a break.
struct Far {
    claims: Vec<(usize, Span)>,
    /// The year or years that they are of.
    label: String,
    /// The part of the axis that they have to themselves.
    from: i32,
    to: i32,
}

/// How wide a break in the axis is, and a mark behind it.
const BREAK: i32 = 12;
const MARK: i32 = 2 * RADIUS + 2;

impl Far {
    fn of(claims: Vec<(usize, Span)>, late: bool) -> Option<Self> {
        let days = || claims.iter().flat_map(|(_, span)| span.first.into_iter().chain(span.last));
        let (first, last) = (calendar_day(days().min()?).0, calendar_day(days().max()?).0);
        let label =
            if first == last { first.to_string() } else { format!("{first}\u{2013}{last}") };
        let label = shorten(&label, SMALL, WIDTH / 4);
        let width = measure(&label, SMALL).max(MARK) + 2;
        let (from, to) = if late { (LAST - width, LAST) } else { (FIRST, FIRST + width) };
        Some(Self { claims, label, from, to })
    }

    fn middle(&self) -> i32 {
        i32::midpoint(self.from, self.to)
    }

    /// `2056 (1)`
    fn in_words(&self) -> String {
        format!("{} ({})", self.label, self.claims.len())
    }
}

/// Days along the width of the drawing.
struct Axis {
    /// Where it begins and ends between what is far.
    from: i32,
    to: i32,
    /// What is far before and after it.
    far: Vec<Far>,
    start: i32,
    /// The day after the last.
    end: i32,
    /// Where a label begins, and the label.
    ticks: Vec<(i32, String)>,
    /// The years above which months stand; empty where the ticks are years.
    years: Vec<(i32, String)>,
}

fn start_of(month: i32) -> i32 {
    let part = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    day_number((month.div_euclid(12), part, 1)).unwrap_or(i32::MAX / 2)
}

/// The month of a day, counted from the year 0.
fn month_of(day: i32) -> i32 {
    let (year, month, _) = calendar_day(day);
    year * 12 + i32::from(month) - 1
}

impl Axis {
    /// Whole months for less than two years, otherwise whole years.
    fn over(first: i32, last: i32, names: &[&str; 12], far: [Option<Far>; 2]) -> Self {
        let begin = far[0].as_ref().map_or(FIRST, |far| far.to + BREAK);
        let close = far[1].as_ref().map_or(LAST, |far| far.from - BREAK);
        let far: Vec<Far> = far.into_iter().flatten().collect();
        let (from, to) = (month_of(first), month_of(last));
        let by_month = to - from < 24;
        let (from, to) = if by_month {
            (from, to + 1)
        } else {
            (from.div_euclid(12) * 12, (to.div_euclid(12) + 1) * 12)
        };
        let end = start_of(to).min(day_number((9999, 12, 31)).unwrap_or(i32::MAX));
        let start = start_of(from);
        let (ticks, years) = (Vec::new(), Vec::new());
        // A label may stand out a little where nothing follows.
        let most = if close < LAST { close } else { WIDTH };
        let mut axis = Self { from: begin, to: close, far, start, end, ticks, years };
        let name = |month: i32| {
            if by_month {
                names[usize::try_from(month.rem_euclid(12)).unwrap_or(0)].to_owned()
            } else {
                month.div_euclid(12).to_string()
            }
        };
        // The names of months are measured as they are; a year has four digits.
        let widest = if by_month {
            names.iter().map(|name| measure(name, SMALL)).max().unwrap_or(0)
        } else {
            measure("0000", SMALL)
        };
        let steps: &[i32] = if by_month {
            &[1, 2, 3, 6, 12, 24]
        } else {
            &[12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000, 60_000]
        };
        let room = |step: i32| (close - begin) * step / (to - from).max(1);
        let step = steps.iter().copied().find(|s| room(*s) >= widest + 8).unwrap_or(120_000);
        let mut is_free = 0;
        for month in (from..to).filter(|month| month % step == 0 || (by_month && *month == from)) {
            let (x, label) = (axis.x(start_of(month)), name(month));
            let end = x + 3 + measure(&label, SMALL);
            if x >= is_free && end <= most {
                is_free = end + 4;
                axis.ticks.push((x, label));
            }
        }
        let mut is_free = 0;
        for month in (from..to).filter(|m| by_month && (m % 12 == 0 || *m == from)) {
            let (x, label) = (axis.x(start_of(month)), month.div_euclid(12).to_string());
            let end = x + 3 + measure(&label, SMALL);
            if x >= is_free && end <= most {
                is_free = end + 4;
                axis.years.push((x, label));
            }
        }
        axis
    }

    /// Where a day begins.
    fn x(&self, day: i32) -> i32 {
        let (day, width) = (i64::from(day - self.start), i64::from(self.to - self.from));
        let length = i64::from(self.end - self.start).max(1);
        self.from + i32::try_from((day * width / length).clamp(0, width)).unwrap_or(0)
    }

    /// Draws it at this height; returns where it ends.
    fn draw(&self, drawing: &mut Drawing, y: i32) -> i32 {
        let mut d = format!("M{} {y}H{}", self.from, self.to);
        for far in &self.far {
            d.push_str(&format!("M{} {y}H{}", far.from, far.to));
            let gap = if far.to < self.from { far.to } else { self.to };
            drawing.edge(&format!("M{} {}l4 -8M{} {}l4 -8", gap + 2, y + 4, gap + 6, y + 4));
            drawing.label(far.middle(), y + 12, SMALL, Anchor::Middle, &far.label);
        }
        for (x, label) in &self.ticks {
            d.push_str(&format!("M{x} {y}v5"));
            drawing.label(x + 3, y + 12, SMALL, Anchor::Start, label);
        }
        push(&mut drawing.shapes, &["<path class=\"draw-axis\" d=\"", &d, "\"/>"]);
        for (x, label) in &self.years {
            drawing.label(x + 3, y + 25, SMALL, Anchor::Start, label);
        }
        y + if self.years.is_empty() { 16 } else { 29 }
    }
}

/// A claim on the axis.
#[derive(Debug)]
struct Mark {
    number: usize,
    span: Span,
    from: i32,
    to: i32,
    lane: i32,
}

/// The claims in the order of time, each as low as it can be without touching
/// another; `None` where they would be piled too high.
fn in_lanes(axis: &Axis, rest: &[(usize, Span)]) -> Option<Vec<Mark>> {
    let around = |middle: i32| (middle - MARK / 2, middle + MARK / 2);
    let mut marks: Vec<Mark> = rest
        .iter()
        .map(|(number, span)| {
            let from = span.first.map_or(axis.from, |day| axis.x(day));
            let to = span.last.map_or(axis.to, |day| axis.x(day.saturating_add(1)));
            let is_day = span.first == span.last;
            // What is too short to be seen is drawn around its middle.
            let is_short = is_day || to - from < MARK;
            let (from, to) = if is_short { around(i32::midpoint(from, to)) } else { (from, to) };
            let shift = (0 - from).max(0) - (to - WIDTH).max(0);
            Mark { number: *number, span: *span, from: from + shift, to: to + shift, lane: 0 }
        })
        .collect();
    for far in &axis.far {
        let (from, to) = around(far.middle());
        marks.extend(far.claims.iter().map(|(number, span)| Mark {
            number: *number,
            span: *span,
            from,
            to,
            lane: 0,
        }));
    }
    marks.sort_by_key(|mark| (mark.from, mark.to, mark.number));
    let mut ends: Vec<i32> = Vec::new();
    for mark in &mut marks {
        let lane = ends.iter().position(|end| *end <= mark.from).unwrap_or(ends.len());
        if lane == LANES {
            return None;
        }
        ends.resize(ends.len().max(lane + 1), 0);
        ends[lane] = mark.to + 2;
        mark.lane = i32::try_from(lane).unwrap_or(0);
    }
    Some(marks)
}

const HOLLOW: &str = " fill-opacity=\"0\" stroke=\"currentColor\" stroke-dasharray=\"3 1\"/>";

fn draw_mark(drawing: &mut Drawing, mark: &Mark, y: i32, point: &dyn Fn(usize) -> Point) {
    let Mark { span, from, to, .. } = mark;
    let Point { href, name } = point(mark.number);
    let sign = Shape::of(span).find_map(Shape::sign);
    drawing.open_link(&href, Some(&name));
    if span.first.is_some() && span.first == span.last {
        dot(drawing, i32::midpoint(*from, *to), y, sign.is_some());
    } else {
        bar(drawing, *from, *to, y, sign.is_some());
    }
    if span.first.is_none() {
        arrow(drawing, *from, y, -1);
    }
    if span.last.is_none() {
        arrow(drawing, *to, y, 1);
    }
    if let Some(sign) = sign {
        drawing.label(i32::midpoint(*from, *to), y + 3, SMALL - 1, Anchor::Middle, sign);
    }
    drawing.close_link();
}

/// A shape of the legend.
fn explain(drawing: &mut Drawing, shape: Shape, x: i32, y: i32) {
    match shape {
        Shape::Day => dot(drawing, x, y, false),
        Shape::Days => bar(drawing, x - 8, x + 8, y, false),
        Shape::Open => {
            bar(drawing, x - 8, x + 8, y, false);
            arrow(drawing, x + 8, y, 1);
        }
        Shape::Counted => bar(drawing, x - 6, x + 6, y, true),
        Shape::Approximate | Shape::Uncertain | Shape::Both => {
            dot(drawing, x, y, true);
            drawing.label(x, y + 3, SMALL - 1, Anchor::Middle, shape.sign().unwrap_or_default());
        }
    }
}

/// What is invisible of a hollow shape can still be pointed at.
fn dot(drawing: &mut Drawing, x: i32, y: i32, is_hollow: bool) {
    let x = drawing.x(x);
    drawing.labels.push_str("<circle");
    let radius = if is_hollow { RADIUS + 1 } else { RADIUS };
    attributes(&mut drawing.labels, &[("cx", x), ("cy", y), ("r", radius)]);
    drawing.labels.push_str(if is_hollow { HOLLOW } else { "/>" });
}

fn bar(drawing: &mut Drawing, from: i32, to: i32, y: i32, is_hollow: bool) {
    let left = if drawing.rtl { WIDTH - to } else { from };
    let height = if is_hollow { 12 } else { 8 };
    drawing.labels.push_str("<rect");
    attributes(
        &mut drawing.labels,
        &[("x", left), ("y", y - height / 2), ("width", to - from), ("height", height), ("rx", 4)],
    );
    drawing.labels.push_str(if is_hollow { HOLLOW } else { " fill-opacity=\".55\"/>" });
}

/// The head of an arrow that ends at a point.
fn arrow(drawing: &mut Drawing, x: i32, y: i32, towards: i32) {
    let towards = if drawing.rtl { -towards } else { towards };
    let (x, length) = (drawing.x(x) - 7 * towards, 7 * towards);
    drawing.labels.push_str(&format!("<path d=\"M{x} {}l{length} 7l{} 7z\"/>", y - 7, -length));
}

/// Claims counted by equal stretches of time.
struct Bins {
    /// How many months a stretch has.
    step: i32,
    /// By its number: how many are certain, and how many are not.
    counts: BTreeMap<i32, (usize, usize)>,
}

impl Bins {
    /// By month, by year, or by several years, so that there are not too many.
    /// Also how many claims are not in any one of them.
    fn of(first: i32, last: i32, placed: &[(usize, Span)]) -> (Self, usize) {
        let months = month_of(last) - month_of(first) + 1;
        let is_fine = |(_, span): &(usize, Span)| match (span.first, span.last) {
            (Some(first), Some(last)) => month_of(first) == month_of(last),
            _ => true,
        };
        // Months are of use where claims are dated by them.
        let by_month =
            months <= BARS && placed.iter().filter(|p| !is_fine(p)).count() * 10 < placed.len();
        let steps = [12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];
        let fits = |step: &i32| months.div_euclid(*step) < BARS;
        let step = if by_month { 1 } else { steps.into_iter().find(fits).unwrap_or(24_000) };
        let mut bins = Self { step, counts: BTreeMap::new() };
        let mut scattered = 0;
        for (_, span) in placed {
            let bin = |day: Option<i32>| day.map(|day| month_of(day).div_euclid(step));
            match (bin(span.first), bin(span.last)) {
                (Some(a), Some(b)) if a == b => {
                    let count = bins.counts.entry(a).or_default();
                    let is_certain = !span.approximate && !span.uncertain;
                    *(if is_certain { &mut count.0 } else { &mut count.1 }) += 1;
                }
                _ => scattered += 1,
            }
        }
        (bins, scattered)
    }

    fn most(&self) -> usize {
        self.counts.values().map(|(a, b)| a + b).max().unwrap_or(0)
    }

    /// `2010: 12; 2011: 40`
    fn in_words(&self, months: &[&str; 12]) -> String {
        let parts = self.counts.iter().map(|(bin, (a, b))| {
            let year = (bin * self.step).div_euclid(12);
            let count = a + b;
            match self.step {
                1 => {
                    let month = usize::try_from(bin.rem_euclid(12)).unwrap_or(0);
                    format!("{} {year}: {count}", months[month])
                }
                12 => format!("{year}: {count}"),
                step => format!("{year}–{}: {count}", year + step / 12 - 1),
            }
        });
        parts.collect::<Vec<_>>().join("; ")
    }
}

/// Draws bars, those of certain dates solid, the others hollow on top, with
/// their numbers where there is room, or else that of the highest; returns where
/// the axis is to be.
fn bars(drawing: &mut Drawing, axis: &Axis, bins: &Bins) -> i32 {
    let most = axis.far.iter().map(|far| far.claims.len()).fold(bins.most().max(1), usize::max);
    let height = |count: usize| i32::try_from(count * BAR as usize / most).unwrap_or(0);
    let bottom = TOP + 14 + BAR;
    let (mut solid, mut hollow) = (String::new(), String::new());
    let mut are_narrow = false;
    let mut heads: Vec<(i32, i32, usize)> = Vec::new();
    for (bin, (certain, other)) in &bins.counts {
        let from = axis.x(start_of(bin * bins.step));
        let to = axis.x(start_of((bin + 1) * bins.step));
        let width = (to - from - 1).max(1);
        // However few, they can be seen.
        let (below, above) = (height(*certain), height(certain + other));
        let below = if *certain > 0 { below.max(1) } else { 0 };
        let above = if *other > 0 { above.max(below + 2) } else { below };
        if *certain > 0 {
            solid.push_str(&format!("M{from} {bottom}v-{below}h{width}v{below}z"));
        }
        if *other > 0 {
            let rest = above - below;
            let start = bottom - below;
            hollow.push_str(&format!("M{from} {start}v-{rest}h{width}v{rest}"));
        }
        let label = measure(&(certain + other).to_string(), SMALL);
        are_narrow |= label > width;
        heads.push((i32::midpoint(from, from + width), bottom - above - 3, certain + other));
    }
    for far in &axis.far {
        let (from, high) = (far.middle() - MARK / 2, height(far.claims.len()).max(1));
        solid.push_str(&format!("M{from} {bottom}v-{high}h{MARK}v{high}z"));
    }
    for (class, attribute, d) in
        [("draw-bar", " fill=\"currentColor\" stroke=\"none\"", solid), ("draw-edge", "", hollow)]
    {
        if !d.is_empty() {
            push(
                &mut drawing.shapes,
                &["<path class=\"", class, "\"", attribute, " d=\"", &d, "\"/>"],
            );
        }
    }
    if are_narrow {
        let highest = heads.iter().find(|(.., count)| *count == most).copied();
        heads = highest.into_iter().collect();
    }
    for (x, y, count) in heads {
        let label = count.to_string();
        let half = measure(&label, SMALL) / 2 + 1;
        drawing.label(x.clamp(half, WIDTH - half), y, SMALL, Anchor::Middle, &label);
    }
    for far in &axis.far {
        let (y, label) =
            (bottom - height(far.claims.len()).max(1) - 3, far.claims.len().to_string());
        drawing.label(far.middle(), y, SMALL, Anchor::Middle, &label);
    }
    bottom
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checks::{check, check_mirrored, labels, name};
    use super::*;
    use crate::date::Date;

    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const WORDS: Words<'static> = Words {
        months: &MONTHS,
        shapes: ["a day", "some days", "open", "about", "uncertain", "both", "about or uncertain"],
        unplaced: "{n} more cannot be placed in time",
        far: "far away: {dates}",
    };

    fn draw_spans(rtl: bool, spans: &[Option<Span>], name: &str) -> Option<String> {
        let setting = Setting { prefix: "_time", rtl, title: "When" };
        timeline(&setting, &WORDS, spans, &|n| Point {
            href: format!("claims/{n}.html"),
            name: format!("{name} {n}"),
        })
    }

    fn draw(dates: &[&str]) -> Option<String> {
        let spans: Vec<_> = dates.iter().map(|d| Date::parse(d).unwrap().span()).collect();
        let drawn = draw_spans(false, &spans, "Claim");
        if let Some(svg) = &drawn {
            check(svg);
            check_mirrored(svg, &draw_spans(true, &spans, "Claim").unwrap());
        }
        drawn
    }

    fn words(svg: &str) -> Vec<String> {
        labels(svg).into_iter().map(|label| label.words).collect()
    }

    #[test]
    fn days_are_dots_over_months() {
        let svg = draw(&["2025-01-05", "2025-02-10", "2025-02-11", "2025-03-21"]).unwrap();
        assert_eq!(svg.matches("<circle").count(), 4);
        assert_eq!(words(&svg), ["Jan", "Feb", "Mar", "2025"]);
        assert!(svg.contains("<a href=\"claims/3.html\"><title>Claim 3</title><circle"));
        assert!(svg.contains("Jan 2025: 1; Feb 2025: 2; Mar 2025: 1</desc>"));
    }

    #[test]
    fn years_are_as_many_as_there_is_room_for() {
        let svg = draw(&["1991-05-01", "2004", "2024-03-01"]).unwrap();
        assert_eq!(words(&svg)[..6], ["1995", "2000", "2005", "2010", "2015", "2020"]);
        assert_eq!((svg.matches("<circle").count(), svg.matches("<rect").count()), (3, 2));
        let svg = draw(&["0044", "1066-10-14", "2024-03-01"]).unwrap();
        assert_eq!(words(&svg)[..3], ["500", "1000", "1500"]);
    }

    #[test]
    fn what_is_not_certain_is_hollow_and_says_why() {
        let svg = draw(&["2025-01-05~", "2025-02-10?", "2025-03%", "2025-04-01"]).unwrap();
        // Three of the dates, and three of the legend.
        assert_eq!(svg.matches("fill-opacity=\"0\"").count(), 6);
        assert!(svg.contains(">uncertain<") && svg.contains(">both<"));
        let seen = words(&svg);
        assert!(seen.starts_with(&["~".to_owned(), "?".to_owned(), "%".to_owned()]), "{seen:?}");
    }

    #[test]
    fn an_interval_is_a_bar_and_an_open_end_an_arrow() {
        let svg =
            draw(&["2022-09-23/2022-11-27", "2022-03-18/..", "2022-05", "2022-12-01"]).unwrap();
        // Three of the dates, and two of the legend; an arrow of each.
        assert_eq!(svg.matches("<rect").count(), 5);
        assert_eq!(svg.matches("7z").count(), 2);
    }

    #[test]
    fn what_has_no_year_is_counted_in_words() {
        let svg = draw(&["2025-01-05", "XXXX-03-13", "2025-02-11", "2025-03-21"]).unwrap();
        assert!(words(&svg).contains(&"1 more cannot be placed in time".to_owned()));
        assert!(svg.contains("; 1 more cannot be placed in time</desc>"));
    }

    #[test]
    fn few_claims_need_no_timeline() {
        assert_eq!(draw(&[]), None);
        assert_eq!(draw(&["2025", "2024", "XXXX-03-13"]), None);
        assert_eq!(draw(&["2025", "2025", "2025"]), None);
    }

    #[test]
    fn many_claims_are_bars_however_many() {
        let mut dates: Vec<String> =
            (0..9_000).map(|n| format!("{}-{:02}-01", 2007 + n % 13, 1 + n % 12)).collect();
        dates.extend((0..50).map(|n| format!("{}~", 2010 + n % 5)));
        dates.push("2010/2012".to_owned());
        let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
        let svg = draw(&dates).unwrap();
        assert!(svg.len() < 3_000, "{} bytes", svg.len());
        assert!(!svg.contains("<a ") && svg.contains("role=\"img\""));
        assert!(svg.contains("2007: 693; 2008: 693; 2009: 693; 2010: 703"));
        // The one that may belong to several years is in none of them.
        assert!(words(&svg).contains(&"1 more cannot be placed in time".to_owned()));
    }

    #[test]
    fn what_would_be_piled_too_high_becomes_bars() {
        let mut dates = vec!["2025-01-05"; 30];
        dates.push("2025-03-01");
        let svg = draw(&dates).unwrap();
        assert!(!svg.contains("<circle"));
        assert!(words(&svg).contains(&"30".to_owned()));
    }

    #[test]
    fn what_is_far_from_the_rest_stands_behind_a_break() {
        let mut dates: Vec<String> = (0..40).map(|n| format!("{}-05-01", 2007 + n / 4)).collect();
        dates.push("2056-10-17".to_owned());
        let svg = draw(&dates.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        let seen = words(&svg);
        assert!(seen.iter().any(|word| word == "2014"), "{seen:?}");
        assert!(seen.ends_with(&["far away: 2056 (1)".to_owned()]), "{seen:?}");
        assert!(svg.contains("2016: 4; far away: 2056 (1)</desc>"));
        assert!(svg.contains("<a href=\"claims/40.html\"><title>Claim 40</title><circle"));

        // The same with bars, at both ends.
        dates.extend((0..40).map(|n| format!("{}-06-01", 2007 + n / 4)));
        dates.push("1789-07-14".to_owned());
        let svg = draw(&dates.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        assert!(svg.contains("2016: 8; far away: 1789 (1), 2056 (1)</desc>"));
        let seen = words(&svg);
        assert!(seen.contains(&"1789".to_owned()) && seen.contains(&"2056".to_owned()), "{seen:?}");
        assert_eq!(seen.iter().filter(|word| *word == "8").count(), 10);
    }

    proptest! {
        #[test]
        fn whatever_the_dates_nothing_overlaps_or_leaves(
            days in proptest::collection::vec(
                (
                    prop_oneof![2 => -200_000..200_000_i32, 3 => 15_000..16_500_i32,
                                1 => -4_000_000..3_000_000_i32],
                    prop_oneof![Just(0), 0..40_i32, 0..4_000_i32],
                    0..12_u8, any::<bool>(), any::<bool>(),
                ),
                0..90,
            ),
            near: bool,
            rtl: bool,
            name in name(),
        ) {
            let spans: Vec<Option<Span>> = days
                .iter()
                .enumerate()
                .map(|(n, (day, length, open, approximate, uncertain))| {
                    // Of those that are near each other, a few may be far away.
                    let day = if near && n % 12 > 0 { 15_000 + day.rem_euclid(900) } else { *day };
                    let first = (*open != 1).then_some(day);
                    let last = (*open != 2).then_some(day + length);
                    (*open != 3).then_some(Span {
                        first, last, approximate: *approximate, uncertain: *uncertain,
                    })
                })
                .collect();
            if let Some(svg) = draw_spans(rtl, &spans, &name) {
                check(&svg);
                prop_assert_eq!(Some(svg), draw_spans(rtl, &spans, &name));
            }
        }
    }
}
