//! Lines and areas in the plane of a map, in pixels: cut to its frame, with no
//! more points than can be seen, and where a name fits in.

use std::ops::Range;

/// A point: to the right and down.
pub type Point = [f64; 2];

/// Twice the area is counted by corners; negative where the ring runs the other
/// way round.
#[must_use]
pub fn area(ring: &[Point]) -> f64 {
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

/// The part of a ring that lies in a box from (0, 0) to `size`. Where the ring
/// leaves the box, the part runs along its edge.
///
/// Method: Sutherland & Hodgman 1974, "Reentrant polygon clipping".
#[must_use]
pub fn ring_within(ring: &[Point], size: Point) -> Vec<Point> {
    let mut ring = ring.to_vec();
    for axis in [0, 1] {
        for (limit, sign) in [(0.0, 1.0), (size[axis], -1.0)] {
            let depth = |p: &Point| (p[axis] - limit) * sign;
            if ring.iter().all(|p| depth(p) >= 0.0) {
                continue;
            }
            let mut kept = Vec::with_capacity(ring.len());
            for (i, to) in ring.iter().enumerate() {
                let from = &ring[if i == 0 { ring.len() - 1 } else { i - 1 }];
                let (a, b) = (depth(from), depth(to));
                if (a < 0.0) != (b < 0.0) {
                    let mut cut = between(*from, *to, a / (a - b));
                    cut[axis] = limit;
                    kept.push(cut);
                }
                if b >= 0.0 {
                    kept.push(*to);
                }
            }
            ring = kept;
        }
    }
    ring
}

/// The parts of a line that lie in a box from (0, 0) to `size`.
///
/// Method: Liang & Barsky 1984, "A new concept and method for line clipping".
#[must_use]
pub fn line_within(line: &[Point], size: Point) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        let mut is_outside = false;
        for axis in [0, 1] {
            let way = to[axis] - from[axis];
            for (limit, sign) in [(0.0, 1.0), (size[axis], -1.0)] {
                let (depth, change) = ((from[axis] - limit) * sign, way * sign);
                if change == 0.0 {
                    is_outside |= depth < 0.0;
                } else if change > 0.0 {
                    enter = enter.max(-depth / change);
                } else {
                    leave = leave.min(-depth / change);
                }
            }
        }
        if is_outside || enter > leave {
            continue;
        }
        let (a, b) = (between(from, to, enter), between(from, to, leave));
        match parts.last_mut() {
            Some(part) if enter == 0.0 && part.last() == Some(&a) => part.push(b),
            _ => parts.push(vec![a, b]),
        }
    }
    parts
}

fn between(a: Point, b: Point, part: f64) -> Point {
    if part >= 1.0 {
        return b;
    }
    [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
}

/// A line with only the points without which it would be off by more than
/// `tolerance`. Its ends stay.
///
/// Method: Douglas & Peucker 1973, "Algorithms for the reduction of the number
/// of points required to represent a digitized line".
#[must_use]
pub fn simplified(line: &[Point], tolerance: f64) -> Vec<Point> {
    let mut keep = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    if last > 2 && square(line[0], line[last]) == 0.0 {
        // A closed line has no ends; the point farthest off is the second one.
        let (far, _) = farthest(line, 1..last, |p| square(p, line[0]));
        keep[far] = true;
        open = vec![(0, far), (far, last)];
    }
    while let Some((from, to)) = open.pop() {
        let (far, off) = farthest(line, from + 1..to, |p| square_to(p, line[from], line[to]));
        if off > tolerance * tolerance {
            keep[far] = true;
            open.extend([(from, far), (far, to)]);
        }
    }
    line.iter().zip(keep).filter_map(|(p, keep)| keep.then_some(*p)).collect()
}

/// The first of these points of a line with the greatest distance, and that; 0
/// where there is none. Distances are squared, as roots take most of the time.
fn farthest(line: &[Point], of: Range<usize>, off: impl Fn(Point) -> f64) -> (usize, f64) {
    of.fold((0, 0.0), |(far, most), i| {
        let off = off(line[i]);
        if off > most { (i, off) } else { (far, most) }
    })
}

/// Whether a point lies in an area, whose rings inside others are holes.
#[must_use]
pub fn is_within(point: Point, rings: &[Vec<Point>]) -> bool {
    let mut is_within = false;
    for ring in rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            if (a[1] > point[1]) != (b[1] > point[1]) {
                let x = a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                is_within ^= point[0] < x;
            }
        }
    }
    is_within
}

/// A point of the area that is far from its edge, and how far: the best of a
/// grid, and then of finer ones around it. `None` where the area is too narrow
/// for the grid.
///
/// Method: after Garcia-Castellanos & Lombardo 2007, "Poles of inaccessibility".
#[must_use]
pub fn pole(rings: &[Vec<Point>]) -> Option<(Point, f64)> {
    const CELLS: u32 = 12;
    let outer = rings.iter().max_by(|a, b| area(a).abs().total_cmp(&area(b).abs()))?;
    let (low, high) = bounds(outer)?;
    let depth = |p: Point| is_within(p, rings).then(|| depth(p, rings));
    let mut best: Option<(Point, f64)> = None;
    let (mut low, mut high) = (low, high);
    for _ in 0..3 {
        let step = [0, 1].map(|axis| (high[axis] - low[axis]) / f64::from(CELLS));
        for row in 0..CELLS {
            for column in 0..CELLS {
                let at = |axis: usize, n: u32| low[axis] + step[axis] * (f64::from(n) + 0.5);
                let point = [at(0, column), at(1, row)];
                if let Some(depth) = depth(point)
                    && best.is_none_or(|(_, most)| depth > most)
                {
                    best = Some((point, depth));
                }
            }
        }
        let (point, _) = best?;
        (low, high) = ([0, 1].map(|a| point[a] - step[a]), [0, 1].map(|a| point[a] + step[a]));
    }
    best
}

fn depth(point: Point, rings: &[Vec<Point>]) -> f64 {
    let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    edges.map(|(a, b)| square_to(point, *a, *b)).fold(f64::INFINITY, f64::min).sqrt()
}

/// The least and the greatest of both coordinates.
#[must_use]
pub fn bounds(points: &[Point]) -> Option<(Point, Point)> {
    let first = *points.first()?;
    Some(points.iter().fold((first, first), |(low, high), p| {
        ([0, 1].map(|a| low[a].min(p[a])), [0, 1].map(|a| high[a].max(p[a])))
    }))
}

/// The distance between two points, squared.
fn square(a: Point, b: Point) -> f64 {
    let [x, y] = [a[0] - b[0], a[1] - b[1]];
    x * x + y * y
}

/// The distance from a point to the nearest of an edge, squared.
fn square_to(point: Point, a: Point, b: Point) -> f64 {
    let way = [b[0] - a[0], b[1] - a[1]];
    let length = way[0] * way[0] + way[1] * way[1];
    if length == 0.0 {
        return square(point, a);
    }
    let along = ((point[0] - a[0]) * way[0] + (point[1] - a[1]) * way[1]) / length;
    square(point, between(a, b, along.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Point = [10.0, 10.0];

    #[test]
    fn a_ring_is_cut_to_its_frame() {
        let ring = [[-5.0, 2.0], [5.0, 2.0], [5.0, 8.0], [-5.0, 8.0]];
        assert!((area(&ring_within(&ring, SIZE)).abs() - 30.0).abs() < 1e-9);
        let around = [[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]];
        assert!((area(&ring_within(&around, SIZE)).abs() - 100.0).abs() < 1e-9);
        let beside = [[-5.0, -5.0], [-1.0, -5.0], [-1.0, 15.0]];
        assert!(area(&ring_within(&beside, SIZE)).abs() < 1e-9);
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_has_two_parts() {
        let line = [[-5.0, 5.0], [5.0, 5.0], [5.0, 15.0], [8.0, 15.0], [8.0, 5.0]];
        assert_eq!(
            line_within(&line, SIZE),
            [vec![[0.0, 5.0], [5.0, 5.0], [5.0, 10.0]], vec![[8.0, 10.0], [8.0, 5.0]]]
        );
    }

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        let line = [[0.0, 0.0], [2.0, 1.4], [4.0, 3.0], [6.0, 0.0]];
        assert_eq!(simplified(&line, 0.9), [[0.0, 0.0], [4.0, 3.0], [6.0, 0.0]]);
        let ring = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]];
        assert_eq!(simplified(&ring, 0.5), ring);
    }

    #[test]
    fn the_pole_of_a_horseshoe_is_in_its_bow() {
        let shoe = vec![
            [0.0, 0.0],
            [9.0, 0.0],
            [9.0, 9.0],
            [8.0, 9.0],
            [8.0, 4.0],
            [1.0, 4.0],
            [1.0, 9.0],
            [0.0, 9.0],
        ];
        let (point, depth) = pole(&[shoe]).unwrap();
        assert!(point[1] < 3.0 && depth > 1.8, "{point:?} {depth}");
    }
}
