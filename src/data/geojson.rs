//! Where the territories are, as GeoJSON (RFC 7946): a feature for each outline,
//! with whose view of the borders it is. What has no outline has its point, and
//! what has neither has none.

use serde::Serialize;
use serde_json::{Value, json};

use super::line;
use super::record::{Hold, PartOf, indexes, territory};
use crate::map::degrees::polygons;
use crate::map::natural_earth::Viewpoint;
use crate::map::sphere::Outline;
use crate::resolve::site::Site;

#[derive(Serialize)]
struct FeatureCollection<'a> {
    r#type: &'static str,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: String,
    properties: Properties<'a>,
    geometry: Option<Value>,
}

#[derive(Serialize)]
struct Properties<'a> {
    territory: &'a str,
    name: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    disputed: bool,
    part_of: Vec<PartOf<'a>>,
    claimed_by: Vec<Hold<'a>>,
    controlled_by: Vec<Hold<'a>>,
    /// Whose view of the borders the outline shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    perspective: Option<&'a str>,
    /// Who drew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

/// What Natural Earth's outlines are, for those that the program carries.
const NATURAL_EARTH: &str = "Natural Earth";

/// Whose view each of [`Viewpoint::ALL`] is.
fn perspective(viewpoint: Viewpoint) -> &'static str {
    match viewpoint {
        Viewpoint::Control => "Natural Earth 4.1.0: borders where control ends",
        Viewpoint::Germany => "Natural Earth 5.1.1, as seen from Germany",
    }
}

/// Appends the features to `out`, by name of the territory.
pub fn write(site: &Site, out: &mut Vec<u8>) {
    let mut features = Vec::new();
    for index in indexes(&site.territories) {
        let facts = &site.territories[index as usize].facts;
        let mut shown: Vec<(Option<Value>, Option<&str>, Option<&str>)> = Vec::new();
        for shape in &site.grounds[index as usize].shapes {
            let written = shape.entry.and_then(|n| facts.geometry.get(n));
            let stated = written.and_then(|geometry| geometry.perspective.as_deref());
            let source = written.and_then(|geometry| geometry.source.as_deref());
            let [one, other] = &shape.outlines;
            if written.is_some_and(|geometry| geometry.file.is_some()) {
                shown.push((geometry(one), stated, source));
            } else if one == other {
                shown.push((geometry(one), stated, source.or(Some(NATURAL_EARTH))));
            } else {
                for viewpoint in Viewpoint::ALL {
                    let outline = geometry(&shape.outlines[viewpoint as usize]);
                    let source = source.or(Some(NATURAL_EARTH));
                    shown.push((outline, Some(perspective(viewpoint)), source));
                }
            }
        }
        if shown.is_empty() {
            let point = facts.label.as_ref();
            let point = point.map(|at| json!({"type": "Point", "coordinates": [at.lon, at.lat]}));
            shown.push((point, None, None));
        }
        let several = shown.len() > 1;
        for (n, (geometry, perspective, source)) in shown.into_iter().enumerate() {
            let one = territory(site, index);
            let number = if several { format!("/{}", n + 1) } else { String::new() };
            features.push(Feature {
                r#type: "Feature",
                id: [one.id, &number].concat(),
                properties: Properties {
                    territory: one.id,
                    name: one.name,
                    url: one.url,
                    r#type: one.kind,
                    disputed: one.disputed,
                    part_of: one.part_of,
                    claimed_by: one.claimed_by,
                    controlled_by: one.controlled_by,
                    perspective,
                    source,
                },
                geometry,
            });
        }
    }
    line(&FeatureCollection { r#type: "FeatureCollection", features }, out);
}

/// An outline as a geometry; `None` where nothing is left of it.
fn geometry(outline: &Outline) -> Option<Value> {
    let mut polygons = polygons(outline);
    match polygons.len() {
        0 => None,
        1 => Some(json!({"type": "Polygon", "coordinates": polygons.remove(0)})),
        _ => Some(json!({"type": "MultiPolygon", "coordinates": polygons})),
    }
}
