//! Points and outlines on the sphere.
//!
//! A point is a unit vector, so that the antimeridian and the poles are places
//! like any other.

/// A point on the sphere: towards (0° N, 0° E), (0° N, 90° E) and the north pole.
pub type Vector = [f64; 3];

/// A line on the sphere, and the cap that it lies in.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its points; of a ring the last is not the first once more.
    pub points: Vec<Vector>,
    /// The middle of the cap.
    pub centre: Vector,
    /// The angle from the middle to the edge of the cap, in radians.
    pub radius: f64,
}

/// The outline of an area: rings, of which those inside others are holes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// In the order of the data.
    pub rings: Vec<Line>,
}

/// Degrees between the points of a long edge, which is straight in longitude
/// and latitude, as GeoJSON has it (RFC 7946, section 3.1.1).
const STRIDE: f64 = 1.0;

impl Line {
    /// A line through these points, in degrees east and north. Edges take the
    /// short way around; long ones get points in between.
    #[must_use]
    pub fn open(degrees: &[[f64; 2]]) -> Self {
        let mut points = Vec::with_capacity(degrees.len());
        points.extend(degrees.first().map(|[lon, lat]| vector(*lon, *lat)));
        for pair in degrees.windows(2) {
            let [[lon, lat], to] = [pair[0], pair[1]];
            let east = (to[0] - lon + 540.0).rem_euclid(360.0) - 180.0;
            let north = to[1] - lat;
            let steps = (east.abs().max(north.abs()) / STRIDE).ceil().clamp(1.0, 360.0);
            let mut step = 1.0;
            while step < steps {
                points.push(vector(lon + east * step / steps, lat + north * step / steps));
                step += 1.0;
            }
            points.push(vector(to[0], to[1]));
        }
        Self::of(points)
    }

    /// A ring through these points, in degrees east and north, of which the
    /// last is the first once more.
    #[must_use]
    pub fn ring(degrees: &[[f64; 2]]) -> Self {
        let mut line = Self::open(degrees);
        line.points.pop();
        line
    }

    /// A line through these points as they are.
    #[must_use]
    pub fn of(points: Vec<Vector>) -> Self {
        let (centre, radius) = cap(&points);
        Self { points, centre, radius }
    }

    /// Its area in steradians, roughly: seen from above its middle.
    #[must_use]
    pub fn area(&self) -> f64 {
        let frame = Frame::at(self.centre);
        let flat: Vec<[f64; 2]> = self.points.iter().map(|p| frame.project(*p)).collect();
        super::plane::area(&flat).abs()
    }
}

/// The point at these degrees east and north.
#[must_use]
pub fn vector(lon: f64, lat: f64) -> Vector {
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// The angle between two points, in radians.
#[must_use]
pub fn angle(a: Vector, b: Vector) -> f64 {
    dot(a, b).clamp(-1.0, 1.0).acos()
}

/// A small cap that holds all of these points: its middle and its radius in
/// radians. The middle moves towards the farthest point in ever smaller steps.
///
/// Method: Bădoiu & Clarkson 2003, "Smaller core-sets for balls".
#[must_use]
pub fn cap(points: &[Vector]) -> (Vector, f64) {
    let sum = points.iter().fold([0.0; 3], |s, p| add(s, *p, 1.0));
    let mut centre = unit(sum).or(points.first().copied()).unwrap_or([1.0, 0.0, 0.0]);
    let farthest = |centre: Vector| {
        points.iter().copied().min_by(|a, b| dot(*a, centre).total_cmp(&dot(*b, centre)))
    };
    // Of a line with a thousand points the mean will do; what is placed by its
    // cap asks for more.
    for step in 1..=if points.len() < 64 { 32 } else { 8 } {
        let Some(far) = farthest(centre) else { break };
        let towards = add(far, centre, -1.0);
        centre = unit(add(centre, towards, 1.0 / f64::from(step + 1))).unwrap_or(centre);
    }
    let radius = farthest(centre).map_or(0.0, |far| angle(far, centre));
    (centre, radius)
}

/// The plane that touches the sphere at a point, by Lambert's azimuthal
/// equal-area projection: areas are right everywhere, and shapes near the middle.
/// It has no seam; only the point opposite has no place.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The middle.
    pub centre: Vector,
    east: Vector,
    north: Vector,
}

impl Frame {
    /// The frame with its middle at this point and north up; at a pole, with the
    /// prime meridian up.
    #[must_use]
    pub fn at(centre: Vector) -> Self {
        let [x, y, z] = centre;
        let east = unit([-y, x, 0.0]).filter(|_| z.abs() < 0.999_99).unwrap_or([0.0, 1.0, 0.0]);
        let north = [
            centre[1] * east[2] - centre[2] * east[1],
            centre[2] * east[0] - centre[0] * east[2],
            centre[0] * east[1] - centre[1] * east[0],
        ];
        Self { centre, east, north }
    }

    /// Where a point is, in radii of the sphere to the right and up.
    ///
    /// What is more than 150° away is put on the edge, in its own direction;
    /// nothing there is shown.
    #[must_use]
    pub fn project(&self, point: Vector) -> [f64; 2] {
        const EDGE: f64 = -0.866;
        let (x, y, z) = (dot(point, self.east), dot(point, self.north), dot(point, self.centre));
        let k = if z > EDGE {
            (2.0 / (1.0 + z)).sqrt()
        } else {
            (2.0 * (1.0 - EDGE)).sqrt() / x.hypot(y).max(1e-9)
        };
        [x * k, y * k]
    }
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn add(a: Vector, b: Vector, times: f64) -> Vector {
    [a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times]
}

/// The point in this direction; none where there is no direction.
fn unit(v: Vector) -> Option<Vector> {
    let length = dot(v, v).sqrt();
    (length > 1e-9).then(|| v.map(|c| c / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn a_line_across_the_antimeridian_is_short() {
        let line = Line::open(&[[179.0, -17.0], [-179.0, -17.0]]);
        assert!(line.radius.to_degrees() < 1.1, "{}", line.radius);
        assert!(angle(line.centre, vector(180.0, -17.0)) < 0.01);
    }

    #[test]
    fn a_long_edge_keeps_to_its_parallel() {
        let line = Line::open(&[[-123.0, 49.0], [-95.0, 49.0]]);
        assert_eq!(line.points.len(), 29);
        assert!(line.points.iter().all(|p| near(p[2], 49f64.to_radians().sin())));
    }

    #[test]
    fn areas_are_right_far_from_the_middle() {
        let square = |lon: f64, lat: f64| {
            [[lon, lat], [lon + 1.0, lat], [lon + 1.0, lat + 1.0], [lon, lat + 1.0]]
        };
        let frame = Frame::at(vector(0.0, 0.0));
        let seen = |corners: [[f64; 2]; 4]| {
            let flat = corners.map(|[lon, lat]| frame.project(vector(lon, lat)));
            super::super::plane::area(&flat).abs()
        };
        let (here, far) = (seen(square(0.0, -0.5)), seen(square(60.0, -0.5)));
        assert!((here / far - 1.0).abs() < 0.01, "{here} {far}");
    }

    #[test]
    fn a_pole_is_a_place_like_any_other() {
        let frame = Frame::at(vector(0.0, -90.0));
        let [x, y] = frame.project(vector(90.0, -80.0));
        let [u, v] = frame.project(vector(-90.0, -80.0));
        assert!(near(x, -u) && near(y, 0.0) && near(v, 0.0) && x.abs() > 0.17);
    }
}
