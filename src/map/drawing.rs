//! A territory in its surroundings, as the inside of an `svg` element.
//!
//! What stands here is lines, hatching and names; every sentence about them is
//! the template's. Colours are the style sheet's, by classes that begin with
//! `map-`.

use std::fmt::Write;
use std::sync::Arc;

use super::natural_earth::{Viewpoint, World};
use super::plane::{self, Point};
use super::sphere::{Frame, Line, Outline, Vector, angle};

/// Pixels across a map.
const WIDTH: f64 = 480.0;

/// Coordinates are whole numbers, this many to a pixel.
const FINE: f64 = 4.0;

/// How far a line may be from where it should be, in pixels: the first of these
/// with which the drawing gets no longer than `LONG`.
const TOLERANCES: [f64; 3] = [0.5, 0.8, 1.3];

/// Bytes of a drawing. Coasts with a thousand islands would take far more.
const LONG: usize = 12_000;

/// What a map shows besides the countries around.
#[derive(Debug, Clone, Default)]
pub struct Scene<'a> {
    /// The name of the territory.
    pub name: &'a str,
    /// Its outline; none of a place that is only a point.
    pub outline: Option<Arc<Outline>>,
    /// Where its name goes, or where the point is.
    pub label: Option<Vector>,
    /// Whether it is hatched.
    pub is_disputed: bool,
    /// Other areas that are hatched, with their names.
    pub disputed: &'a [(&'a str, Arc<Outline>)],
    /// Whose countries are around it.
    pub viewpoint: Viewpoint,
    /// The language of the names of countries (BCP 47).
    pub language: &'a str,
    /// Tells the maps of a page apart.
    pub number: usize,
}

/// What part of the earth a map shows: the same for all viewpoints of a page.
#[derive(Debug, Clone)]
pub struct Extent {
    frame: Frame,
    /// The middle of the map, in radii of the earth from that of the frame.
    middle: Point,
    /// Pixels to a radius of the earth.
    scale: f64,
    size: Point,
    /// The angle from the frame's middle to the map's farthest corner.
    reach: f64,
    /// Whether parts of the territory lie beyond the edge.
    is_cut: bool,
}

/// A line of a round length in the map's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Its length on the earth.
    pub kilometres: u32,
    /// Its length on the map, in the units of the drawing.
    pub width: u32,
}

impl Extent {
    /// The part of the earth in which these outlines, or else this point, lie
    /// with their surroundings. `None` where there is neither.
    ///
    /// Islands far from the main part are left out of account.
    #[must_use]
    pub fn of(outlines: &[Arc<Outline>], point: Option<Vector>) -> Option<Self> {
        /// Radii of the earth from the middle to the side, at the least: 130 km
        /// for an area, and for a point, which says nothing of its size, 550.
        const LEAST: f64 = 0.02;
        const OF_POINT: f64 = 0.086;
        let (main, is_cut) = main_part(outlines);
        let points: Vec<Vector> =
            main.iter().flat_map(|ring| ring.points.iter().copied()).collect();
        let (centre, radius) =
            if points.is_empty() { (point?, 0.0) } else { super::sphere::cap(&points) };
        let frame = Frame::at(centre);
        let flat: Vec<Point> = points.iter().map(|p| frame.project(*p)).collect();
        let (low, high) = plane::bounds(&flat).unwrap_or_default();
        let middle = [0, 1].map(|axis| f64::midpoint(low[axis], high[axis]));
        let (wide, high) = ((high[0] - low[0]).max(1e-9), (high[1] - low[1]).max(1e-9));
        let size = [WIDTH, (WIDTH * (high / wide).clamp(0.66, 1.2)).round()];
        // A third to two fifths for a region, most of the map for a continent.
        let part = 0.4 + 0.42 * (radius / 0.6).min(1.0);
        let least = if points.is_empty() { OF_POINT } else { LEAST };
        let scale = (part * size[0] / wide).min(part * size[1] / high).min(WIDTH / 2.0 / least);
        let corner = [0, 1].map(|axis| middle[axis].abs() + size[axis] / 2.0 / scale);
        let reach = 2.0 * (corner[0].hypot(corner[1]) / 2.0).min(1.0).asin();
        Some(Self { frame, middle, scale, size, reach, is_cut })
    }

    /// Width and height in the units of the drawing.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        let [width, height] = self.size.map(|side| units(side).unsigned_abs());
        (width, height)
    }

    /// Whether parts of the territory lie beyond the edge.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether something of an area may be on the map.
    #[must_use]
    pub fn touches(&self, outline: &Outline) -> bool {
        outline.rings.iter().any(|ring| self.reaches(ring))
    }

    /// Whether something of an area is on the map, and large enough to be seen.
    #[must_use]
    pub fn shows(&self, outline: &Outline) -> bool {
        self.rings(outline, 0.5, 2.0).next().is_some()
    }

    /// A scale; none where it would differ too much between the middle and the
    /// edge.
    #[must_use]
    pub fn bar(&self) -> Option<Bar> {
        const RADIUS: f64 = 6371.0;
        let across = |kilometres: u32| f64::from(kilometres) / RADIUS * self.scale;
        let lengths = [1000, 500, 200, 100, 50, 20, 10];
        let kilometres = lengths.into_iter().find(|l| across(*l) < WIDTH / 4.0)?;
        (self.reach < 0.35)
            .then(|| Bar { kilometres, width: units(across(kilometres)).unsigned_abs() })
    }

    fn reaches(&self, line: &Line) -> bool {
        angle(line.centre, self.frame.centre) <= line.radius + self.reach
    }

    fn place(&self, point: Vector) -> Point {
        let [x, y] = self.frame.project(point);
        [
            self.size[0] / 2.0 + (x - self.middle[0]) * self.scale,
            self.size[1] / 2.0 - (y - self.middle[1]) * self.scale,
        ]
    }

    /// The points of a line on the map, without those that fall together.
    fn flat(&self, line: &Line) -> Vec<Point> {
        const STEP: f64 = 0.4;
        let mut flat: Vec<Point> = Vec::new();
        for point in &line.points {
            let [x, y] = self.place(*point);
            let is_new =
                flat.last().is_none_or(|[a, b]| (x - a).abs() > STEP || (y - b).abs() > STEP);
            if is_new {
                flat.push([x, y]);
            }
        }
        flat
    }

    /// The rings of an area, cut to the map, no farther off than `tolerance`.
    /// Those that fill less than `least` pixels are left out.
    fn rings<'a>(
        &'a self,
        outline: &'a Outline,
        tolerance: f64,
        least: f64,
    ) -> impl Iterator<Item = Vec<Point>> + 'a {
        outline.rings.iter().filter(|ring| self.reaches(ring)).filter_map(move |ring| {
            if ring.radius * self.scale < least.sqrt() / 2.0 {
                return None;
            }
            let mut ring = plane::ring_within(&self.flat(ring), self.size);
            ring.push(*ring.first()?);
            let mut ring = plane::simplified(&ring, tolerance);
            ring.pop();
            (ring.len() > 2 && plane::area(&ring).abs() >= least).then_some(ring)
        })
    }
}

/// The rings that a map of an area is made to hold: the largest, those half as
/// large, and what lies near these; and whether others were left out.
fn main_part(outlines: &[Arc<Outline>]) -> (Vec<&Line>, bool) {
    let mut rings: Vec<&Line> = outlines.iter().flat_map(|o| &o.rings).collect();
    rings.sort_by(|a, b| b.radius.total_cmp(&a.radius));
    let Some(largest) = rings.first() else { return (Vec::new(), false) };
    let (mut centre, mut radius) = (largest.centre, largest.radius);
    let mut main = vec![*largest];
    let mut others = rings[1..].to_vec();
    loop {
        let before = main.len();
        others.retain(|ring| {
            let away = angle(ring.centre, centre);
            let is_near = away <= 1.5 * radius + ring.radius || ring.radius > largest.radius / 2.0;
            if is_near {
                main.push(ring);
                if away + ring.radius > radius {
                    let points: Vec<Vector> = main
                        .iter()
                        .flat_map(|r| r.points.iter().step_by(1 + r.points.len() / 16).copied())
                        .collect();
                    (centre, radius) = super::sphere::cap(&points);
                }
            }
            !is_near
        });
        if main.len() == before {
            return (main, !others.is_empty());
        }
    }
}

/// The inside of the `svg` element of a map, `extent.size()` large.
#[must_use]
pub fn draw(extent: &Extent, scene: &Scene<'_>, world: &World) -> String {
    let mut svg = String::new();
    for tolerance in TOLERANCES {
        svg = drawn(extent, scene, world, tolerance);
        if svg.len() <= LONG {
            break;
        }
    }
    svg
}

fn drawn(extent: &Extent, scene: &Scene<'_>, world: &World, tolerance: f64) -> String {
    // Islands go with the rest: what is a speck on a coarse coast is left out.
    let speck = 8.0 * tolerance * tolerance;
    let view = scene.viewpoint as usize;
    let (width, height) = extent.size();
    let height_of_map = extent.size[1];
    let number = scene.number;
    let mut svg = String::with_capacity(12_000);
    hatching(&mut svg, scene);
    write!(svg, "<path class=\"map-sea\" d=\"M0 0h{width}v{height}H0z\"/>").expect(FITS);
    let mut labels = Labels { size: extent.size, taken: Vec::new(), svg: String::new() };
    let area: Vec<Vec<Point>> = scene
        .outline
        .iter()
        .flat_map(|outline| extent.rings(outline, tolerance, speck / 3.0))
        .collect();
    let point = marked_point(extent, scene, &area);
    if let Some(at) = point {
        labels.take(at, [12.0, 12.0]);
    }
    if let Some(bar) = extent.bar() {
        let width = f64::from(bar.width) / FINE + 90.0;
        labels.take([width / 2.0, height_of_map - 15.0], [width, 30.0]);
    }
    labels.put_own(scene, extent, &area, point);
    let mut land = String::new();
    let mut is_country = false;
    let mut named: Vec<(&str, Vec<Vec<Point>>, f64)> = Vec::new();
    for country in &world.countries {
        let outline = &country.outline[view];
        if scene.outline.as_ref().is_some_and(|own| Arc::ptr_eq(own, outline)) {
            is_country = true;
            continue;
        }
        let rings: Vec<Vec<Point>> = extent.rings(outline, tolerance, speck).collect();
        path(&mut land, &rings);
        let largest = rings.iter().map(|ring| plane::area(ring).abs()).fold(0.0, f64::max);
        if largest > 1200.0 {
            named.push((country.name(scene.language), rings, largest));
        }
    }
    element(&mut svg, "map-land", &land);
    let inner = inner_borders(extent, world, tolerance);
    // Where units are as small as a municipality, they make a web and no map.
    if !is_country && inner.len() < 6000 {
        element(&mut svg, "map-inner", &inner);
    }
    let mut own = String::new();
    path(&mut own, &area);
    if scene.is_disputed {
        filled(&mut svg, "map-area", &own, &format!("map-hatch-{number}"));
    } else {
        element(&mut svg, "map-area map-plain", &own);
    }
    let mut disputed = String::new();
    // Whose a hatched area is, the name of no country may seem to say.
    let mut unnamed = area.clone();
    for (name, outline) in scene.disputed {
        let rings: Vec<Vec<Point>> = extent.rings(outline, tolerance, 2.0).collect();
        path(&mut disputed, &rings);
        labels.put_other(name, &rings, &area);
        unnamed.extend(rings);
    }
    filled(&mut svg, "map-disputed", &disputed, &format!("map-hatch-{number}-b"));
    if let Some([x, y]) = point {
        write!(
            svg,
            "<circle class=\"map-point\" cx=\"{}\" cy=\"{}\" r=\"20\"/>",
            units(x),
            units(y)
        )
        .expect(FITS);
    }
    named.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
    for (name, rings, _) in named.iter().take(12) {
        labels.put_other(name, rings, &unnamed);
    }
    svg.push_str(&labels.svg);
    write!(svg, "<path class=\"map-frame\" d=\"M0 0h{width}v{height}H0z\"/>").expect(FITS);
    svg
}

/// Borders between units of one country, for a map of one of these.
fn inner_borders(extent: &Extent, world: &World, tolerance: f64) -> String {
    let mut d = String::new();
    if extent.reach < 0.12 {
        for line in world.inner.iter().filter(|line| extent.reaches(line)) {
            for part in plane::line_within(&extent.flat(line), extent.size) {
                steps(&mut d, &plane::simplified(&part, tolerance));
            }
        }
    }
    d
}

const FITS: &str = "a string takes all that is written to it";

/// Where a mark goes: a place without an outline, and one that is too small to
/// be seen otherwise.
fn marked_point(extent: &Extent, scene: &Scene<'_>, area: &[Vec<Point>]) -> Option<Point> {
    const SMALL: f64 = 8.0;
    let all: Vec<Point> = area.iter().flatten().copied().collect();
    let Some((low, high)) = plane::bounds(&all) else {
        let ring = scene.outline.as_ref().and_then(|outline| outline.rings.first());
        return scene.label.or(ring.map(|ring| ring.centre)).map(|p| extent.place(p));
    };
    let is_small = high[0] - low[0] < SMALL && high[1] - low[1] < SMALL;
    is_small.then(|| [0, 1].map(|axis| f64::midpoint(low[axis], high[axis])))
}

/// The patterns that are needed: for the territory, and for other disputed areas.
fn hatching(svg: &mut String, scene: &Scene<'_>) {
    let number = scene.number;
    let patterns = [
        (scene.is_disputed, "", "map-stripe", 45),
        (!scene.disputed.is_empty(), "-b", "map-stripe-other", -45),
    ];
    let needed = patterns.into_iter().filter(|(is_needed, ..)| *is_needed);
    svg.push_str("<defs>");
    for (_, end, class, turn) in needed {
        write!(
            svg,
            "<pattern id=\"map-hatch-{number}{end}\" width=\"28\" height=\"28\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({turn})\">\
             <path class=\"{class}-ground\" d=\"M0 0h28v28H0z\"/>\
             <path class=\"{class}\" d=\"M14 0v28\"/></pattern>"
        )
        .expect(FITS);
    }
    svg.push_str("</defs>");
}

fn element(svg: &mut String, class: &str, d: &str) {
    if !d.is_empty() {
        write!(svg, "<path class=\"{class}\" fill-rule=\"evenodd\" d=\"{d}\"/>").expect(FITS);
    }
}

fn filled(svg: &mut String, class: &str, d: &str, pattern: &str) {
    if !d.is_empty() {
        write!(
            svg,
            "<path class=\"{class}\" fill=\"url(#{pattern})\" fill-rule=\"evenodd\" d=\"{d}\"/>"
        )
        .expect(FITS);
    }
}

fn path(d: &mut String, rings: &[Vec<Point>]) {
    for ring in rings {
        steps(d, ring);
        d.push('z');
    }
}

/// A line as steps from point to point.
fn steps(d: &mut String, line: &[Point]) {
    let mut points = line.iter().map(|point| point.map(units));
    let Some(mut last) = points.next() else { return };
    write!(d, "M{} {}", last[0], last[1]).expect(FITS);
    let mut is_first = true;
    for at in points {
        if at == last {
            continue;
        }
        let [x, y] = [0, 1].map(|axis| at[axis] - last[axis]);
        // A minus parts two numbers as well as a space.
        let (before, between) = match (is_first, x < 0, y < 0) {
            (true, _, below) => ("l", if below { "" } else { " " }),
            (false, left, below) => (if left { "" } else { " " }, if below { "" } else { " " }),
        };
        write!(d, "{before}{x}{between}{y}").expect(FITS);
        (last, is_first) = (at, false);
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a map is a few thousand units large")]
fn units(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

/// Names on the map, none over another.
struct Labels {
    size: Point,
    /// Middle and size of what stands there already.
    taken: Vec<(Point, Point)>,
    svg: String,
}

/// How high the style sheet makes the letters of the territory's own name and of
/// others: on a telephone, where they must be larger to be read, and elsewhere.
const OWN: [f64; 2] = [24.0, 19.0];
const OTHER: [f64; 2] = [21.0, 16.0];

/// About how much room words take: most letters are somewhat more than half as
/// wide as high, those of East Asia as wide.
fn room(words: &str, height: f64) -> Point {
    let letters: f64 = words.chars().map(|c| if c >= '\u{2E80}' { 1.0 } else { 0.58 }).sum();
    [letters * height, height * 1.15]
}

impl Labels {
    fn take(&mut self, at: Point, size: Point) {
        self.taken.push((at, size));
    }

    fn is_free(&self, at: Point, size: Point) -> bool {
        let is_on_map = (0..2).all(|axis| {
            at[axis] - size[axis] / 2.0 >= 4.0
                && at[axis] + size[axis] / 2.0 <= self.size[axis] - 4.0
        });
        let is_apart = self.taken.iter().all(|(other, theirs)| {
            (0..2).any(|axis| {
                (at[axis] - other[axis]).abs() >= f64::midpoint(size[axis], theirs[axis]) + 2.0
            })
        });
        is_on_map && is_apart
    }

    fn write(&mut self, class: &str, words: &str, at: Point, size: Point, height: f64) {
        self.take(at, size);
        let (x, y) = (units(at[0]), units(at[1] + height * 0.35));
        write!(self.svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">").expect(FITS);
        for c in words.chars() {
            match c {
                '&' => self.svg.push_str("&amp;"),
                '<' => self.svg.push_str("&lt;"),
                _ => self.svg.push(c),
            }
        }
        self.svg.push_str("</text>");
    }

    /// The name of the territory: in its area where it has room, or else beside.
    fn put_own(
        &mut self,
        scene: &Scene<'_>,
        extent: &Extent,
        area: &[Vec<Point>],
        point: Option<Point>,
    ) {
        for height in OWN {
            let size = room(scene.name, height);
            let places = self.places(scene, extent, area, point, size);
            if let Some(at) = places.into_iter().find(|at| self.is_free(*at, size)) {
                return self.write("map-label", scene.name, at, size, height);
            }
        }
    }

    /// Where the name of the territory may stand, the best place first.
    fn places(
        &self,
        scene: &Scene<'_>,
        extent: &Extent,
        area: &[Vec<Point>],
        point: Option<Point>,
        size: Point,
    ) -> Vec<Point> {
        let all: Vec<Point> = area.iter().flatten().copied().collect();
        let (low, high) =
            plane::bounds(&all).or(point.map(|at| (at, at))).unwrap_or(([0.0, 0.0], self.size));
        let mut places = Vec::new();
        if point.is_none() {
            places.extend(scene.label.map(|label| extent.place(label)));
            let inside = middle_for_words(area).filter(|at| fits(*at, size, area));
            places.extend(inside);
        }
        let (x, y) = (f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1]));
        let gap = if point.is_some() { 10.0 } else { 4.0 };
        places.extend([
            [x, low[1] - size[1] / 2.0 - gap],
            [x, high[1] + size[1] / 2.0 + gap],
            [high[0] + size[0] / 2.0 + gap, y],
            [low[0] - size[0] / 2.0 - gap, y],
            [x, y],
        ]);
        places
    }

    /// The name of another area, in what is seen of it; not where it would not
    /// fit, or would touch what is not meant. One that has room in small letters
    /// alone is not shown where they are large.
    fn put_other(&mut self, name: &str, rings: &[Vec<Point>], not: &[Vec<Point>]) {
        let Some(at) = middle_for_words(rings) else { return };
        for (class, height) in ["map-name", "map-name map-small"].into_iter().zip(OTHER) {
            let size = room(name, height);
            if self.is_free(at, size) && fits(at, size, rings) && !touches(at, size, not) {
                return self.write(class, name, at, size, height);
            }
        }
    }
}

/// The point of an area around which a line of words has most room.
fn middle_for_words(rings: &[Vec<Point>]) -> Option<Point> {
    /// A line of words is this many times as long as it is high.
    const LONG: f64 = 3.0;
    let squeezed: Vec<Vec<Point>> = rings
        .iter()
        .filter(|ring| plane::area(ring).abs() > 400.0)
        .map(|ring| {
            let mut closed: Vec<Point> = ring.iter().map(|[x, y]| [x / LONG, *y]).collect();
            closed.extend(closed.first().copied());
            let mut ring = plane::simplified(&closed, 1.5);
            ring.pop();
            ring
        })
        .collect();
    plane::pole(&squeezed).map(|([x, y], _)| [x * LONG, y])
}

/// Points around and in a line of words.
fn marks(at: Point, size: Point) -> impl Iterator<Item = Point> {
    let [x, y] = at;
    [-0.5, -0.25, 0.0, 0.25, 0.5].into_iter().flat_map(move |across| {
        [-0.5, 0.0, 0.5].map(|down| [x + across * size[0], y + down * size[1]])
    })
}

fn fits(at: Point, size: Point, rings: &[Vec<Point>]) -> bool {
    marks(at, size).all(|mark| plane::is_within(mark, rings))
}

fn touches(at: Point, size: Point, rings: &[Vec<Point>]) -> bool {
    marks(at, size).any(|mark| plane::is_within(mark, rings))
}

#[cfg(test)]
mod tests;
