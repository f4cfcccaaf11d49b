use super::*;
use crate::map::natural_earth::world;
use crate::map::sphere::vector;

fn extent(codes: &[&str]) -> (Extent, Arc<Outline>) {
    let [outline, _] = world().find(codes).unwrap();
    (Extent::of(&[Arc::clone(&outline)], None).unwrap(), outline)
}

fn drawn(codes: &[&str]) -> String {
    let (extent, outline) = extent(codes);
    let scene = Scene { name: "Here", outline: Some(outline), language: "en", ..Scene::default() };
    draw(&extent, &scene, world())
}

/// The points of every part of every path, in pixels.
fn lines(svg: &str) -> Vec<(String, Vec<Point>)> {
    let mut all = Vec::new();
    for path in svg.split("<path class=\"").skip(1) {
        let class = path.split(['"', ' ']).next().unwrap();
        let d = path.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        if d.contains('h') || class == "map-stripe" || class == "map-stripe-other" {
            continue;
        }
        for part in d.split('M').skip(1) {
            let mut numbers: Vec<f64> = Vec::new();
            let mut number = String::new();
            for c in part.chars().chain([' ']) {
                if "-l z".contains(c) {
                    numbers.extend(number.parse::<f64>().ok());
                    number.clear();
                }
                if "-.0123456789".contains(c) {
                    number.push(c);
                }
            }
            let mut at = [0.0, 0.0];
            let points = numbers.chunks(2).map(|step| {
                at = [at[0] + step[0] / FINE, at[1] + step[1] / FINE];
                at
            });
            all.push((class.to_owned(), points.collect()));
        }
    }
    all
}

fn is_sound(name: &str, svg: &str, extent: &Extent) {
    let [width, height] = extent.size;
    let lines = lines(svg);
    assert!(!lines.is_empty(), "{name}: nothing is drawn");
    for (class, line) in &lines {
        for [x, y] in line {
            let is_on_map = (0.0..=width).contains(x) && (0.0..=height).contains(y);
            assert!(is_on_map, "{name}: {class} goes to {x}, {y}");
        }
        for (a, b) in line.iter().zip(line.iter().cycle().skip(1)) {
            let on = |axis: usize, limit: f64| {
                (a[axis] - limit).abs() < 1.5 && (b[axis] - limit).abs() < 1.5
            };
            let along_edge = on(0, 0.0) || on(1, 0.0) || on(0, width) || on(1, height);
            let length = (a[0] - b[0]).hypot(a[1] - b[1]);
            assert!(along_edge || length < width * 0.7, "{name}: {class} from {a:?} to {b:?}");
        }
    }
    assert!(svg.len() < MOST, "{name}: {} bytes", svg.len());
}

/// Bytes of the longest drawing, that of Norway.
const MOST: usize = 16_000;

const PLACES: &[&[&str]] = &[
    &["FJ"],
    &["RU"],
    &["RU-CHU"],
    &["AQ"],
    &["SV00"],
    &["MC"],
    &["CL"],
    &["US"],
    &["NZ"],
    &["KI"],
    &["FR"],
    &["NO"],
    &["CA"],
    &["GL"],
    &["UA"],
    &["UA-43", "UA-40"],
    &["UA-14"],
    &["VA"],
    &["ID"],
    &["TV"],
];

#[test]
fn maps_of_all_sorts_of_places_are_sound() {
    for codes in PLACES {
        let (extent, _) = extent(codes);
        is_sound(&codes.join(" "), &drawn(codes), &extent);
    }
}

#[test]
fn every_country_can_be_drawn() {
    for country in &world().countries {
        let (extent, _) = extent(&[&country.code]);
        is_sound(&country.code, &drawn(&[&country.code]), &extent);
    }
}

#[test]
fn the_territory_has_the_area_that_it_should() {
    // In square kilometres, as reference works have it; the outlines are coarse.
    for (codes, known) in [
        (&["UA-43", "UA-40"][..], 27_000.0),
        (&["FJ"], 18_300.0),
        (&["SV00"], 62_000.0),
        (&["RU-CHU"], 737_000.0),
        (&["AQ"], 12_300_000.0),
        (&["RU"], 17_100_000.0),
    ] {
        let (extent, _) = extent(codes);
        let area: f64 = lines(&drawn(codes))
            .iter()
            .filter(|(class, _)| class == "map-area")
            .map(|(_, ring)| plane::area(ring).abs())
            .sum();
        let found = area / extent.scale.powi(2) * 6371f64.powi(2);
        assert!((found / known - 1.0).abs() < 0.12, "{codes:?}: {found} and not {known}");
    }
}

#[test]
fn what_spans_the_antimeridian_is_in_one_piece_in_the_middle() {
    for codes in [&["FJ"][..], &["RU-CHU"]] {
        let (extent, _) = extent(codes);
        assert!(extent.reach.to_degrees() < 45.0, "{codes:?}: {}", extent.reach.to_degrees());
    }
}

#[test]
fn a_tiny_place_gets_a_mark_and_a_large_one_none() {
    assert!(drawn(&["VA"]).contains("map-point"));
    assert!(!drawn(&["CL"]).contains("map-point"));
}

#[test]
fn a_place_without_an_outline_is_a_point_in_its_country() {
    let point = Some(vector(37.62, 55.75));
    let extent = Extent::of(&[], point).unwrap();
    let scene = Scene { name: "Moscow", label: point, language: "de", ..Scene::default() };
    let svg = draw(&extent, &scene, world());
    assert!(svg.contains("map-point") && svg.contains(">Moscow<"), "{svg}");
    assert!(svg.contains(">Russland<") || svg.contains(">Belarus<"), "{svg}");
    is_sound("Moscow", &svg, &extent);
    assert!(Extent::of(&[], None).is_none());
}

#[test]
fn only_what_is_disputed_is_hatched() {
    let (extent, outline) = extent(&["UA-43", "UA-40"]);
    let scene = |is_disputed| Scene {
        name: "Crimea",
        outline: Some(Arc::clone(&outline)),
        is_disputed,
        language: "en",
        ..Scene::default()
    };
    assert!(draw(&extent, &scene(true), world()).contains("url(#map-hatch-0)"));
    let plain = draw(&extent, &scene(false), world());
    assert!(!plain.contains("url("), "{plain}");
    let [donetsk, _] = world().find(&["UA-14"]).unwrap();
    let beside = Scene { disputed: &[("Donetsk", donetsk)], ..scene(false) };
    assert!(
        draw(&extent, &beside, world())
            .contains("class=\"map-disputed\" fill=\"url(#map-hatch-0-b)\"")
    );
}

#[test]
fn the_viewpoints_differ_in_the_border_and_not_in_the_frame() {
    let outlines = world().find(&["UA"]).unwrap();
    let extent = Extent::of(&outlines, None).unwrap();
    let [control, germany] = Viewpoint::ALL.map(|viewpoint| {
        let scene = Scene {
            name: "Ukraine",
            outline: Some(Arc::clone(&outlines[viewpoint as usize])),
            viewpoint,
            language: "en",
            ..Scene::default()
        };
        draw(&extent, &scene, world())
    });
    let area = |svg: &str| -> f64 {
        let own = |class: &str| class == "map-area";
        lines(svg).iter().filter(|(c, _)| own(c)).map(|(_, r)| plane::area(r).abs()).sum()
    };
    let more = (area(&germany) - area(&control)) / extent.scale.powi(2) * 6371f64.powi(2);
    assert!((20_000.0..34_000.0).contains(&more), "{more} square kilometres");
}

#[test]
fn names_do_not_cover_each_other_and_are_escaped() {
    let (extent, outline) = extent(&["UA"]);
    let scene =
        Scene { name: "A & <b>", outline: Some(outline), language: "uk", ..Scene::default() };
    let svg = draw(&extent, &scene, world());
    assert!(svg.contains(">A &amp; &lt;b></text>") && svg.contains(">Румунія<"), "{svg}");
    assert_eq!(svg, draw(&extent, &scene, world()));
}

#[test]
fn a_hatched_area_has_its_own_name_and_no_country_s() {
    let (extent, outline) = extent(&["UA-65"]);
    let [crimea, _] = world().find(&["UA-43", "UA-40"]).unwrap();
    let scene = |disputed| Scene {
        name: "Kherson",
        outline: Some(Arc::clone(&outline)),
        disputed,
        language: "en",
        ..Scene::default()
    };
    assert!(draw(&extent, &scene(&[]), world()).contains(">Russia<"));
    let svg = draw(&extent, &scene(&[("Crimea", crimea)]), world());
    assert!(svg.contains(">Crimea<") && !svg.contains(">Russia<"), "{svg}");
}
