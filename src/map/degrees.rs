//! Outlines in degrees east and north, as GeoJSON has them (RFC 7946): polygons
//! that do not cross the antimeridian, outer rings counterclockwise, holes the
//! other way round.

use super::plane::{Point, area, bounds, is_within, pole, ring_within};
use super::sphere::{Line, Outline, Vector};

/// A polygon: its outer ring, then its holes, each with the first position once
/// more at its end.
pub type Polygon = Vec<Vec<Point>>;

/// Positions are rounded to a millionth of a degree, a tenth of a metre.
const PRECISION: f64 = 1e6;

/// The polygons of an outline.
#[must_use]
pub fn polygons(outline: &Outline) -> Vec<Polygon> {
    let mut rings: Vec<Ring> = outline.rings.iter().flat_map(rings).collect();
    rings.sort_by(|a, b| b.area.total_cmp(&a.area));
    let mut polygons: Vec<Polygon> = Vec::new();
    // For each ring that is no hole, its polygon.
    let mut outer: Vec<(usize, usize)> = Vec::new();
    for n in 0..rings.len() {
        let around: Vec<usize> = (0..n).filter(|m| rings[n].lies_in(&rings[*m])).collect();
        let ring = &rings[n];
        if around.len().is_multiple_of(2) {
            outer.push((n, polygons.len()));
            polygons.push(vec![ring.closed(true)]);
        } else if let Some((_, polygon)) = outer.iter().rev().find(|(m, _)| around.contains(m)) {
            polygons[*polygon].push(ring.closed(false));
        }
    }
    polygons
}

/// A ring within one turn of the earth.
struct Ring {
    points: Vec<Point>,
    area: f64,
    low: Point,
    high: Point,
}

impl Ring {
    fn of(points: Vec<Point>) -> Option<Self> {
        let mut points: Vec<Point> = points.into_iter().map(rounded).collect();
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        without_spikes(&mut points);
        let (low, high) = bounds(&points)?;
        let area = area(&points).abs();
        (points.len() > 2 && area > 0.0).then_some(Self { points, area, low, high })
    }

    fn lies_in(&self, other: &Self) -> bool {
        let fits =
            |axis: usize| self.low[axis] >= other.low[axis] && self.high[axis] <= other.high[axis];
        // Rings may touch, so that their corners do not tell.
        let inside = || pole(std::slice::from_ref(&self.points)).map(|(point, _)| point);
        fits(0)
            && fits(1)
            && inside().is_some_and(|p| is_within(p, std::slice::from_ref(&other.points)))
    }

    fn closed(&self, is_outer: bool) -> Vec<Point> {
        let mut points = self.points.clone();
        if (area(&points) > 0.0) != is_outer {
            points.reverse();
        }
        points.push(points[0]);
        points
    }
}

/// Takes out the points at which a ring turns back on itself, as it may where it
/// was cut.
fn without_spikes(points: &mut Vec<Point>) {
    let mut at = 0;
    let mut left = points.len();
    while left > 0 && points.len() > 2 {
        let count = points.len();
        let here = points[at % count];
        let (before, after) = (points[(at + count - 1) % count], points[(at + 1) % count]);
        let (a, b) = ([0, 1].map(|n| here[n] - before[n]), [0, 1].map(|n| after[n] - here[n]));
        // Both are whole multiples of the precision, but for what floats lose.
        const NOTHING: f64 = 0.1 / PRECISION / PRECISION;
        let is_straight = (a[0] * b[1] - a[1] * b[0]).abs() < NOTHING;
        let is_same = a[0] * a[0] + a[1] * a[1] < NOTHING;
        if is_same || is_straight && a[0] * b[0] + a[1] * b[1] < 0.0 {
            points.remove(at % count);
            // The point before may be the end of a spike now.
            (at, left) = ((at % count + count - 2) % (count - 1), points.len());
        } else {
            (at, left) = (at + 1, left - 1);
        }
    }
}

fn rounded(point: Point) -> Point {
    // Adding zero turns -0 into 0.
    point.map(|degrees| (degrees * PRECISION).round() / PRECISION + 0.0)
}

/// A ring in degrees, cut where it crosses the antimeridian.
fn rings(line: &Line) -> Vec<Ring> {
    let mut points: Vec<Point> = Vec::with_capacity(line.points.len() + 2);
    for vector in &line.points {
        let [lon, lat] = degrees(*vector);
        let last = points.last().map_or(lon, |last| last[0]);
        points.push([last + turn(lon - last), lat]);
    }
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        return Vec::new();
    };
    let around = last[0] + turn(first[0] - last[0]) - first[0];
    if around.abs() > 180.0 {
        // It runs around a pole, which is a line in degrees.
        let north: f64 = points.iter().map(|point| point[1]).sum();
        let end = 90f64.copysign(north);
        points.push([first[0] + around, first[1]]);
        points.push([first[0] + around, end]);
        points.push([first[0], end]);
    }
    let west = points.iter().map(|point| point[0]).fold(f64::INFINITY, f64::min);
    let east = points.iter().map(|point| point[0]).fold(f64::NEG_INFINITY, f64::max);
    let mut rings = Vec::new();
    let mut edge = ((west + 180.0) / 360.0).floor() * 360.0 - 180.0;
    while edge < east {
        let moved: Vec<Point> = points.iter().map(|[lon, lat]| [lon - edge, lat + 90.0]).collect();
        let cut = ring_within(&moved, [360.0, 180.0]);
        let back = cut.into_iter().map(|[x, y]| [x - 180.0, y - 90.0]).collect();
        rings.extend(Ring::of(back));
        edge += 360.0;
    }
    rings
}

/// The way from one longitude to another, the short way around.
fn turn(degrees: f64) -> f64 {
    (degrees + 540.0).rem_euclid(360.0) - 180.0
}

fn degrees([x, y, z]: Vector) -> Point {
    [y.atan2(x).to_degrees(), z.clamp(-1.0, 1.0).asin().to_degrees()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rings: &[&[[f64; 2]]]) -> Vec<Polygon> {
        polygons(&Outline { rings: rings.iter().map(|ring| Line::ring(ring)).collect() })
    }

    #[test]
    fn an_outer_ring_runs_counterclockwise_and_a_hole_the_other_way() {
        let square = [[0.0, 0.0], [0.0, 0.9], [0.9, 0.9], [0.9, 0.0], [0.0, 0.0]];
        let hole = [[0.3, 0.3], [0.6, 0.3], [0.6, 0.6], [0.3, 0.6], [0.3, 0.3]];
        let island = [[0.4, 0.4], [0.5, 0.4], [0.5, 0.5], [0.4, 0.5], [0.4, 0.4]];
        let found = of(&[&hole, &island, &square]);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert!(area(&found[0][0]) > 0.0 && area(&found[0][1]) < 0.0 && area(&found[1][0]) > 0.0);
        assert_eq!(found[0][0].first(), found[0][0].last());
        assert!(found[0][1].contains(&[0.3, 0.6]));
    }

    #[test]
    fn what_crosses_the_antimeridian_is_cut_there() {
        let found =
            of(&[&[[179.5, 1.0], [-179.5, 1.0], [-179.5, 2.0], [179.5, 2.0], [179.5, 1.0]]]);
        let ends: Vec<_> = found.iter().map(|p| bounds(&p[0]).unwrap()).collect();
        assert_eq!(found.len(), 2);
        assert!(ends.iter().any(|(low, high)| (low[0], high[0]) == (179.5, 180.0)), "{ends:?}");
        assert!(ends.iter().any(|(low, high)| (low[0], high[0]) == (-180.0, -179.5)), "{ends:?}");
    }

    #[test]
    fn a_ring_does_not_turn_back_on_itself() {
        let mut ring = vec![
            [0.0, 0.0],
            [1.0, 0.0],
            [1.0, 3.0],
            [1.0, 2.0],
            [1.0, 2.0],
            [1.0, 1.0],
            [0.0, 1.0],
        ];
        without_spikes(&mut ring);
        assert_eq!(ring, [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]);
        let mut line = vec![[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]];
        without_spikes(&mut line);
        assert!(line.len() < 3);
    }

    #[test]
    fn what_lies_around_a_pole_reaches_it() {
        let ring = [[0.0, -70.0], [120.0, -70.0], [-120.0, -70.0], [0.0, -70.0]];
        let found = of(&[&ring]);
        let all: Vec<Point> = found.iter().flat_map(|p| p[0].iter().copied()).collect();
        let (low, high) = bounds(&all).unwrap();
        assert_eq!((low, high[0]), ([-180.0, -90.0], 180.0));
        assert!((high[1] + 70.0).abs() < 0.01, "{high:?}");
    }
}
