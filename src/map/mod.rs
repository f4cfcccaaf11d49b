//! Maps, drawn at build time as SVG that asks nobody for anything.

pub mod plane;
pub mod sphere;
pub mod natural_earth;
pub mod degrees;
pub mod geojson;
pub mod ground;
pub mod drawing;
