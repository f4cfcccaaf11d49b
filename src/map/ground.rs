//! Where a territory is: its outlines, or the point that stands for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::natural_earth::world;
use super::sphere::{Outline, Vector, vector};
use crate::diagnostic::Diagnostic;
use crate::model::briefing::Listed;
use crate::model::territory::{Geometry, Territory};
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};
use crate::read::snapshot::GEO;
use crate::suggest::nearest;

/// The outlines of a site's GeoJSON files, by path.
pub type Files = BTreeMap<Arc<str>, Arc<Outline>>;

/// A territory's place on the earth.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// One for each entry of its `geometry:`, or one that its codes stand for.
    pub shapes: Vec<Shape>,
    /// Where its name goes, or where it is.
    pub point: Option<Vector>,
}

/// One outline of a territory.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Which entry of `geometry:` it is; none of what its identifiers stand for.
    pub entry: Option<usize>,
    /// As seen by each of `Viewpoint::ALL`; twice the same where it is a file.
    pub outlines: [Arc<Outline>; 2],
}

/// Where a territory is. Its own geometry comes first, then what its ISO 3166
/// codes stand for, if all of them are known; nothing is guessed from a name.
#[must_use]
pub fn ground(territory: &Territory, files: &Files) -> Ground {
    let found = |codes: &[&str]| (!codes.is_empty()).then(|| world().find(codes).ok()).flatten();
    let point = territory.label.as_ref().map(|label| vector(label.lon, label.lat));
    if !territory.geometry.is_empty() {
        let shape = |(entry, geometry): (usize, &Geometry)| {
            let outlines = match &geometry.file {
                Some(file) => {
                    let outline = files.get(&*path(file))?;
                    [Arc::clone(outline), Arc::clone(outline)]
                }
                None => found(&texts(&geometry.natural_earth))?,
            };
            Some(Shape { entry: Some(entry), outlines })
        };
        let shapes = territory.geometry.iter().enumerate().filter_map(shape).collect();
        return Ground { shapes, point };
    }
    let codes = &territory.identifiers;
    let outlines = match &codes.iso_3166_1 {
        Some(code) => found(&[code]),
        None => found(&texts(&codes.iso_3166_2)),
    };
    Ground {
        shapes: outlines.map(|outlines| Shape { entry: None, outlines }).into_iter().collect(),
        point,
    }
}

/// What is wrong with the geometry that a document gives to territories: files
/// that are not there, codes that nothing has, and points off the earth.
#[must_use]
pub fn check(document: &Document, files: &Files) -> Vec<Diagnostic> {
    let mut checker = Checker { document, files, problems: Vec::new() };
    match &document.entry {
        Entry::Territory(territory) => checker.territory(territory, &Pointer::root()),
        Entry::Briefing(briefing) => {
            for (n, listed) in briefing.territories.iter().enumerate() {
                if let Listed::Described(territory) = listed {
                    checker.territory(territory, &Pointer::root().key("territories").index(n));
                }
            }
        }
        _ => {}
    }
    checker.problems
}

struct Checker<'a> {
    document: &'a Document,
    files: &'a Files,
    problems: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn report(&mut self, code: &'static str, at: &Pointer, message: String, hints: Vec<String>) {
        let mut problem = Diagnostic::error(code, self.document.place(at, Aim::Value), message);
        problem.hints = hints;
        self.problems.push(problem);
    }

    fn territory(&mut self, territory: &Territory, at: &Pointer) {
        for (n, geometry) in territory.geometry.iter().enumerate() {
            self.geometry(geometry, &at.key("geometry").index(n));
        }
        if let Some(label) = &territory.label {
            for (key, value, most) in [("lat", label.lat, 90.0), ("lon", label.lon, 180.0)] {
                if value.abs() > most {
                    self.report(
                        "bad-label",
                        &at.key("label").key(key),
                        format!("`{key}` is in degrees, from -{most} to {most}"),
                        vec!["write degrees with decimals, as in `lat: 50.45`".to_owned()],
                    );
                }
            }
        }
    }

    fn geometry(&mut self, geometry: &Geometry, at: &Pointer) {
        let codes = texts(&geometry.natural_earth);
        match &geometry.file {
            Some(file) if codes.is_empty() => {
                let path = path(file);
                if !file.is_empty() && !self.files.contains_key(&*path) {
                    let near = nearest(&path, self.files.keys().map(|p| &**p));
                    let near = near.and_then(|near| near.strip_prefix(GEO)?.strip_prefix('/'));
                    let mut hints: Vec<String> =
                        near.iter().map(|near| format!("did you mean `{near}`?")).collect();
                    hints.push(format!("files of outlines lie in `{GEO}/` and end in `.geojson`"));
                    let message = format!("there is no file `{path}`");
                    self.report("unknown-geometry", &at.key("file"), message, hints);
                }
            }
            None if !codes.is_empty() => {
                if let Err(code) = world().find(&codes) {
                    let n = codes.iter().position(|c| *c == code).unwrap_or_default();
                    self.report(
                        "unknown-geometry",
                        &at.key("natural_earth").index(n),
                        format!("Natural Earth, as onrecord has it, knows no code `{code}`"),
                        vec![
                            "countries have codes of ISO 3166-1 (`UA`), regions of FIPS 10-4 \
                             (`UP05`) and some of ISO 3166-2 (`UA-14`)"
                                .to_owned(),
                            "or provide the outline as a GeoJSON `file:`".to_owned(),
                        ],
                    );
                }
            }
            _ => self.report(
                "unknown-geometry",
                at,
                "an outline is either a `file:` or codes of `natural_earth:`".to_owned(),
                vec!["write one of the two".to_owned()],
            ),
        }
    }
}

fn path(file: &str) -> String {
    format!("{GEO}/{file}")
}

fn texts(codes: &[String]) -> Vec<&str> {
    codes.iter().map(|code| &**code).collect()
}
