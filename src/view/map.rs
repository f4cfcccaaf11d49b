//! The map of a territory: the finished drawings, and what is to be said beside
//! them.

use std::sync::Arc;

use serde::Serialize;

use super::card::{self, DateView, Ref};
use super::territory::{HoldView, hold};
use crate::map::drawing::{Extent, Scene, draw};
use crate::map::ground::Shape;
use crate::map::natural_earth::{Viewpoint, world};
use crate::map::sphere::Outline;
use crate::resolve::site::{Entity, Site};

/// A territory in its surroundings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapView<'a> {
    /// One for each view of the borders; all of the same part of the earth.
    pub pictures: Vec<PictureView<'a>>,
    /// How wide a drawing is, in its own units.
    pub width: u32,
    /// How high it is.
    pub height: u32,
    /// Kilometres for which a line in the corner stands; 0 for no line.
    pub kilometres: u32,
    /// How long the line is, in units of the drawing.
    pub bar: u32,
    /// Whether the territory has an outline; without, it is a point.
    pub is_outlined: bool,
    /// Whether parts of the territory lie beyond the edge.
    pub is_cut: bool,
    /// Whether the territory is hatched.
    pub is_disputed: bool,
    /// Other territories that are hatched, and why.
    pub disputed: Vec<DisputedView<'a>>,
}

/// One drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureView<'a> {
    /// What goes into an `svg` element whose `viewBox` is `0 0 width height`.
    pub html: String,
    /// Whose countries it shows: `control` or `germany`.
    pub surroundings: &'static str,
    /// Whether the outline of the territory is from a file of the site.
    pub is_own: bool,
    /// Whose view of the borders the outline shows, in the author's words.
    pub perspective: Option<&'a str>,
    /// Who drew the outline.
    pub source: Option<&'a str>,
    /// As of when.
    pub date: Option<DateView<'a>>,
}

/// Another territory on the map that is hatched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DisputedView<'a> {
    /// Which.
    pub territory: Ref<'a>,
    /// Who claims it.
    pub claimed_by: Vec<HoldView<'a>>,
    /// Who controls it.
    pub controlled_by: Vec<HoldView<'a>>,
}

/// The map of the territory with this index. `None` where nothing says where it
/// is.
#[must_use]
pub fn map(site: &Site, index: u32) -> Option<MapView<'_>> {
    let node = &site.territories[index as usize];
    let ground = site.grounds.get(index as usize)?;
    let outlines: Vec<Arc<Outline>> =
        ground.shapes.iter().flat_map(|shape| shape.outlines.iter().cloned()).collect();
    let extent = Extent::of(&outlines, ground.point)?;
    let world = world();
    let facts = |territory: u32| &site.territories[territory as usize].facts;
    let others: Vec<(u32, &Shape)> = (0u32..)
        .zip(&site.grounds)
        .filter(|(other, _)| *other != index && facts(*other).is_disputed())
        .filter_map(|(other, ground)| Some((other, ground.shapes.first()?)))
        .filter(|(_, shape)| extent.shows(&shape.outlines[0]))
        .collect();
    let views: Vec<(Option<&Shape>, Viewpoint)> = match ground.shapes.as_slice() {
        one @ ([] | [_]) => {
            let differ = extent.shows(world.contested());
            let views = &Viewpoint::ALL[..if differ { 2 } else { 1 }];
            views.iter().map(|view| (one.first(), *view)).collect()
        }
        several => several.iter().map(|shape| (Some(shape), Viewpoint::Control)).collect(),
    };
    let is_disputed = facts(index).is_disputed();
    let picture = |(number, (shape, viewpoint)): (usize, (Option<&Shape>, Viewpoint))| {
        let seen = |shape: &Shape| Arc::clone(&shape.outlines[viewpoint as usize]);
        let name = |other: u32| &*site.territories[other as usize].name;
        let disputed: Vec<(&str, Arc<Outline>)> =
            others.iter().map(|(other, shape)| (name(*other), seen(shape))).collect();
        let scene = Scene {
            name: &node.name,
            outline: shape.map(seen),
            label: ground.point,
            is_disputed,
            disputed: &disputed,
            viewpoint,
            language: &site.config.language,
            number: number + 1,
        };
        let written = shape.and_then(|shape| node.facts.geometry.get(shape.entry?));
        PictureView {
            html: draw(&extent, &scene, world),
            surroundings: viewpoint.name(),
            is_own: written.is_some_and(|geometry| geometry.file.is_some()),
            perspective: written.and_then(|geometry| geometry.perspective.as_deref()),
            source: written.and_then(|geometry| geometry.source.as_deref()),
            date: card::date(site, written.and_then(|geometry| geometry.date.as_ref())),
        }
    };
    let pictures = views.into_iter().enumerate().map(picture).collect();
    let disputed = others.iter().map(|(other, _)| DisputedView {
        territory: Ref::to(site, Entity::Territory(*other)),
        claimed_by: facts(*other).claimed_by.iter().map(|h| hold(site, h)).collect(),
        controlled_by: facts(*other).controlled_by.iter().map(|h| hold(site, h)).collect(),
    });
    let (width, height) = extent.size();
    let bar = extent.bar();
    Some(MapView {
        pictures,
        width,
        height,
        kilometres: bar.map_or(0, |bar| bar.kilometres),
        bar: bar.map_or(0, |bar| bar.width),
        is_outlined: !ground.shapes.is_empty(),
        is_cut: extent.is_cut(),
        is_disputed: is_disputed && !ground.shapes.is_empty(),
        disputed: disputed.collect(),
    })
}
