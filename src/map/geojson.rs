//! Outlines in GeoJSON (RFC 7946) that a site provides.

use serde_json::Value;

use super::sphere::{Line, Outline};
use crate::diagnostic::{Checked, Diagnostic, Lines, Place};
use crate::parse::locate::Locator;
use crate::pointer::{Aim, Pointer};
use crate::read::snapshot::Source;
use crate::suggest::nearest;

/// The polygons of a GeoJSON file as one outline. Points and lines in it are
/// passed over.
pub fn outline(source: &Source) -> Checked<Outline> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let line = Lines::new(text).range(error.line());
            let at = skipped + (line.start + error.column().saturating_sub(1)).min(line.end);
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            let problem = Diagnostic::error(
                "bad-geojson",
                Place::new(&source.path, at..at),
                format!("this is not JSON: {said}"),
            );
            let problem = problem.hint("export the outline as GeoJSON once more");
            return Checked { value: Outline::default(), diagnostics: vec![problem] };
        }
    };
    let mut reader = Reader { outline: Outline::default(), faults: Vec::new(), has_polygon: false };
    reader.object(&value, &Pointer::root());
    if !reader.has_polygon && reader.faults.is_empty() {
        reader.fault(
            &Pointer::root().key("type"),
            "there is no polygon in this file".to_owned(),
            "an outline is a `Polygon` or a `MultiPolygon`; a place without one needs only `label:`",
        );
    }
    if reader.faults.is_empty() {
        return Checked::fine(reader.outline);
    }
    // JSON is YAML, and has its places found as such.
    let locator = Locator::new(&source.text);
    let diagnostics = reader.faults.into_iter().map(|(at, message, hint)| {
        let place = match locator.find(&at, Aim::Value) {
            Some(range) => Place::new(&source.path, range),
            None => Place::file(&source.path),
        };
        Diagnostic::error("bad-geojson", place, message).hint(hint)
    });
    Checked { value: Outline::default(), diagnostics: diagnostics.collect() }
}

/// The most problems of one file that are told; what is wrong with one of ten
/// thousand positions is mostly wrong with all.
const MOST: usize = 20;

const TYPES: [&str; 9] = [
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    "Polygon",
    "MultiPolygon",
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
];

struct Reader {
    outline: Outline,
    faults: Vec<(Pointer, String, String)>,
    has_polygon: bool,
}

impl Reader {
    fn fault(&mut self, at: &Pointer, message: String, hint: impl Into<String>) {
        if self.faults.len() < MOST {
            self.faults.push((at.clone(), message, hint.into()));
        }
    }

    fn object(&mut self, value: &Value, at: &Pointer) {
        let kind = value.get("type").and_then(Value::as_str);
        let below = match kind {
            Some("FeatureCollection") => "features",
            Some("GeometryCollection") => "geometries",
            Some("Feature") => {
                match value.get("geometry") {
                    Some(Value::Null) => {}
                    Some(geometry) => self.object(geometry, &at.key("geometry")),
                    None => self.fault(
                        at,
                        "this feature has no `geometry`".to_owned(),
                        "add it, or take the feature out",
                    ),
                }
                return;
            }
            Some(kind) if TYPES.contains(&kind) => {
                let at = at.key("coordinates");
                match (kind, value.get("coordinates")) {
                    ("Polygon", Some(rings)) => self.polygon(rings, &at),
                    ("MultiPolygon", Some(polygons)) => {
                        for (i, polygon) in self.list(polygons, &at).iter().enumerate() {
                            self.polygon(polygon, &at.index(i));
                        }
                    }
                    ("Polygon" | "MultiPolygon", None) => self.fault(
                        &at,
                        format!("this {kind} has no `coordinates`"),
                        "export the outline as GeoJSON once more",
                    ),
                    _ => {}
                }
                return;
            }
            Some(kind) => {
                let near = nearest(kind, TYPES);
                let hint = near.map_or("see RFC 7946 for the types there are".to_owned(), |near| {
                    format!("did you mean `{near}`?")
                });
                return self.fault(
                    &at.key("type"),
                    format!("GeoJSON knows no type `{kind}`"),
                    hint,
                );
            }
            None => {
                return self.fault(
                    at,
                    "this is no GeoJSON object: it has no `type`".to_owned(),
                    "export the outline as GeoJSON; TopoJSON and others have to be converted",
                );
            }
        };
        let at = at.key(below);
        let items = value.get(below).unwrap_or(&Value::Null);
        for (i, item) in self.list(items, &at).iter().enumerate() {
            self.object(item, &at.index(i));
        }
    }

    fn list<'a>(&mut self, value: &'a Value, at: &Pointer) -> &'a [Value] {
        if let Value::Array(items) = value {
            return items;
        }
        self.fault(
            at,
            "a list is expected here".to_owned(),
            "see RFC 7946 for the form of GeoJSON",
        );
        &[]
    }

    fn polygon(&mut self, rings: &Value, at: &Pointer) {
        self.has_polygon = true;
        for (i, ring) in self.list(rings, at).iter().enumerate() {
            let at = at.index(i);
            let before = self.faults.len();
            let mut points = Vec::new();
            for (n, position) in self.list(ring, &at).iter().enumerate() {
                points.extend(self.position(position, &at.index(n)));
            }
            if self.faults.len() > before {
                continue;
            }
            if points.first() != points.last() {
                self.fault(
                    &at.index(points.len() - 1),
                    "this ring does not end where it begins".to_owned(),
                    "repeat its first position at the end",
                );
            } else if points.len() < 4 {
                self.fault(
                    &at,
                    "this ring has fewer than three corners".to_owned(),
                    "add what is missing, or take the ring out",
                );
            } else {
                self.outline.rings.push(Line::ring(&points));
            }
        }
    }

    fn position(&mut self, value: &Value, at: &Pointer) -> Option<[f64; 2]> {
        let numbers: Option<Vec<f64>> =
            value.as_array().and_then(|n| n.iter().map(Value::as_f64).collect());
        let Some([lon, lat, ..]) = numbers.as_deref() else {
            self.fault(
                at,
                "a position is expected here: degrees east and degrees north".to_owned(),
                "write it as `[30.5, 50.4]`",
            );
            return None;
        };
        let (lon, lat) = (*lon, *lat);
        if lat.abs() <= 90.0 && lon.abs() <= 180.0 {
            return Some([lon, lat]);
        }
        let hint = if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
            "degrees east come first, degrees north second"
        } else {
            "convert the file to WGS 84 (EPSG:4326); its numbers may be metres"
        };
        self.fault(at, format!("there is no place at {lon}° east, {lat}° north"), hint);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let source = Source::new("geo/x.geojson", text);
        let lines = Lines::new(text);
        let told: Vec<String> = outline(&source)
            .diagnostics
            .iter()
            .map(|d| {
                let at = lines.position(d.place.start);
                format!("{}:{}: {} ({})", at.line, at.column, d.message, d.hints.join("; "))
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn polygons_are_taken_from_wherever_they_are() {
        let ring = "[[0,0],[4,0],[4,4],[0,0]]";
        let text = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\
             {{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}},\
             {{\"type\":\"Feature\",\"geometry\":null}},\
             {{\"type\":\"Feature\",\"geometry\":{{\"type\":\"GeometryCollection\",\"geometries\":[\
             {{\"type\":\"Point\",\"coordinates\":[1,1]}},\
             {{\"type\":\"MultiPolygon\",\"coordinates\":[[{ring}],[{ring},{ring}]]}}]}}}}]}}"
        );
        let found = outline(&Source::new("geo/x.geojson", &text));
        assert_eq!(found.diagnostics, []);
        assert_eq!(found.value.rings.len(), 4);
    }

    #[test]
    fn what_is_no_json_is_told_where_it_ends() {
        check(
            "{\n  \"type\": \"Polygon\",\n  \"coordinates\": [[[1, 2],]]\n}",
            &["3:27: this is not JSON: trailing comma (export the outline as GeoJSON once more)"],
        );
    }

    #[test]
    fn every_wrong_position_is_told() {
        check(
            "{\"type\": \"Polygon\", \"coordinates\": [[\n[45, 120],\n[9, 9, 9],\n[1, \"2\"],\n[300000, 5000000]\n], [\n[1, 1], [2, 2],\n[3, 1]]]}",
            &[
                "2:1: there is no place at 45° east, 120° north (degrees east come first, degrees north second)",
                "4:1: a position is expected here: degrees east and degrees north (write it as `[30.5, 50.4]`)",
                "5:1: there is no place at 300000° east, 5000000° north (convert the file to WGS 84 (EPSG:4326); its numbers may be metres)",
                "8:1: this ring does not end where it begins (repeat its first position at the end)",
            ],
        );
    }

    #[test]
    fn a_file_without_an_area_is_told() {
        check(
            "{\"type\": \"Point\", \"coordinates\": [1, 2]}",
            &[
                "1:10: there is no polygon in this file (an outline is a `Polygon` or a `MultiPolygon`; a place without one needs only `label:`)",
            ],
        );
        check(
            "{\"type\": \"Poligon\"}",
            &["1:10: GeoJSON knows no type `Poligon` (did you mean `Polygon`?)"],
        );
        check(
            "[1]",
            &[
                "1:1: this is no GeoJSON object: it has no `type` (export the outline as GeoJSON; TopoJSON and others have to be converted)",
            ],
        );
    }
}
