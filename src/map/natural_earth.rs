//! The outlines that the program carries: Natural Earth's first-order units,
//! and to which country each belongs in the eyes of whom.
//!
//! `tools/natural_earth.py` makes the file and says of what. It is read when
//! the first map is drawn.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use super::sphere::{Line, Outline};

/// The world as the program knows it.
#[derive(Debug)]
pub struct World {
    /// By Natural Earth's letters.
    pub countries: Vec<Country>,
    units: Vec<Unit>,
    arcs: Vec<Side>,
    /// The arcs around each unit.
    around: Vec<Vec<usize>>,
    coded: HashMap<String, Coded>,
    contested: Outline,
    /// The borders between units of one country, as seen first.
    pub inner: Vec<Line>,
}

/// A country, or what Natural Earth draws like one.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2; empty where it has none.
    pub iso: String,
    /// Natural Earth's three letters.
    pub code: String,
    names: [String; 3],
    /// What it covers, for each of [`Viewpoint::ALL`].
    pub outline: [Arc<Outline>; 2],
}

/// According to whom units belong to countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Viewpoint {
    /// Natural Earth 4.1.0 by itself, which draws borders where control ends.
    #[default]
    Control,
    /// Natural Earth 5.1.1 as seen from Germany.
    Germany,
}

impl Viewpoint {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 2] = [Self::Control, Self::Germany];

    /// Its name in views.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Germany => "germany",
        }
    }
}

#[derive(Debug)]
struct Unit {
    fips: String,
    iso: String,
    country: [usize; 2],
}

/// What a code stands for, by index.
#[derive(Debug, Clone, Copy)]
enum Coded {
    Country(usize),
    Unit(usize),
}

/// A stretch of border: its points, and the units on its left and right.
#[derive(Debug)]
struct Side {
    units: [Option<usize>; 2],
    points: Vec<[i32; 2]>,
}

static BYTES: &[u8] = include_bytes!("natural_earth.bin");

/// The world; read from the program the first time that somebody asks.
#[must_use]
pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::read(BYTES));
    &WORLD
}

impl Country {
    /// Its name in a language (a BCP 47 tag), or else in English.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        match language.split('-').next() {
            Some("de") => &self.names[1],
            Some("uk") => &self.names[2],
            _ => &self.names[0],
        }
    }
}

impl World {
    /// What these codes mean together, as seen by each of [`Viewpoint::ALL`].
    ///
    /// A code is one of ISO 3166-1 (two letters) or Natural Earth's three
    /// letters for a country, or one of ISO 3166-2 or FIPS 10-4 for a unit.
    ///
    /// # Errors
    ///
    /// The first code that nothing has.
    pub fn find<'a>(&self, codes: &[&'a str]) -> Result<[Arc<Outline>; 2], &'a str> {
        if let [code] = codes
            && let Some(Coded::Country(country)) = self.coded.get(*code)
        {
            return Ok(self.countries[*country].outline.clone());
        }
        let mut of = [BTreeSet::new(), BTreeSet::new()];
        for code in codes {
            match *self.coded.get(*code).ok_or(*code)? {
                Coded::Unit(unit) => of.iter_mut().for_each(|of| _ = of.insert(unit)),
                Coded::Country(country) => {
                    for (view, of) in of.iter_mut().enumerate() {
                        let units = self.units.iter().enumerate();
                        of.extend(
                            units.filter(|(_, u)| u.country[view] == country).map(|(n, _)| n),
                        );
                    }
                }
            }
        }
        let [first, second] = &of;
        let outline = Arc::new(self.outline(first));
        let other =
            if first == second { Arc::clone(&outline) } else { Arc::new(self.outline(second)) };
        Ok([outline, other])
    }

    /// Every code that [`find`](Self::find) knows, in no particular order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.coded.keys().map(|code| &**code)
    }

    /// The units between which the viewpoints differ.
    #[must_use]
    pub fn contested(&self) -> &Outline {
        &self.contested
    }

    /// The outline of these units together.
    fn outline(&self, units: &BTreeSet<usize>) -> Outline {
        let arcs: BTreeSet<usize> =
            units.iter().flat_map(|unit| self.around[*unit].iter().copied()).collect();
        joined(arcs.into_iter().filter_map(|arc| {
            let arc = &self.arcs[arc];
            let [left, right] = arc.units.map(|unit| unit.is_some_and(|u| units.contains(&u)));
            (left != right).then_some((arc, left))
        }))
    }

    fn read(bytes: &[u8]) -> Self {
        const HEAD: &[u8] = b"onrecord map 1\n";
        let mut reader =
            Reader(bytes.strip_prefix(HEAD).expect("the program carries a map of this form"));
        let named: Vec<[String; 5]> =
            (0..reader.number()).map(|_| [(); 5].map(|()| reader.text())).collect();
        let units: Vec<Unit> = (0..reader.number())
            .map(|_| Unit {
                fips: reader.text(),
                iso: reader.text(),
                country: [reader.number(), reader.number()],
            })
            .collect();
        let arcs: Vec<Side> = (0..reader.number())
            .map(|_| {
                let units = [reader.number().checked_sub(1), reader.number().checked_sub(1)];
                let mut at = [0, 0];
                let points = (0..reader.number())
                    .map(|_| {
                        at = [at[0] + reader.signed(), at[1] + reader.signed()];
                        at
                    })
                    .collect();
                Side { units, points }
            })
            .collect();
        let mut sides: [Vec<Vec<(&Side, bool)>>; 2] = [0, 1].map(|_| vec![Vec::new(); named.len()]);
        let mut inner = Vec::new();
        for arc in &arcs {
            for (view, sides) in sides.iter_mut().enumerate() {
                let [left, right] = arc.units.map(|u| u.map(|u| units[u].country[view]));
                if left == right {
                    if view == 0 {
                        inner.push(Line::open(&degrees(&arc.points)));
                    }
                    continue;
                }
                for (country, is_left) in [(left, true), (right, false)] {
                    if let Some(country) = country {
                        sides[country].push((arc, is_left));
                    }
                }
            }
        }
        let differs: Vec<bool> = (0..named.len())
            .map(|c| units.iter().any(|u| (u.country[0] == c) != (u.country[1] == c)))
            .collect();
        let [first, second] = sides;
        let outlines: Vec<[Arc<Outline>; 2]> = first
            .into_iter()
            .zip(second)
            .zip(differs)
            .map(|((first, second), differs)| {
                let outline = Arc::new(joined(first.into_iter()));
                let other = if differs {
                    Arc::new(joined(second.into_iter()))
                } else {
                    Arc::clone(&outline)
                };
                [outline, other]
            })
            .collect();
        let countries: Vec<Country> = named
            .into_iter()
            .zip(outlines)
            .map(|([iso, code, en, de, uk], outline)| Country {
                iso,
                code,
                names: [en, de, uk],
                outline,
            })
            .collect();
        let mut around = vec![Vec::new(); units.len()];
        for (n, arc) in arcs.iter().enumerate() {
            for unit in arc.units.into_iter().flatten() {
                around[unit].push(n);
            }
        }
        let mut coded = HashMap::new();
        for (n, country) in countries.iter().enumerate() {
            coded.insert(country.iso.clone(), Coded::Country(n));
            coded.insert(country.code.clone(), Coded::Country(n));
        }
        for (n, unit) in units.iter().enumerate() {
            coded.insert(unit.iso.clone(), Coded::Unit(n));
            coded.insert(unit.fips.clone(), Coded::Unit(n));
        }
        coded.remove("");
        let contested = (0..units.len()).filter(|n| units[*n].country[0] != units[*n].country[1]);
        let contested = contested.collect();
        let mut world =
            Self { countries, units, arcs, around, coded, inner, contested: Outline::default() };
        world.contested = world.outline(&contested);
        world
    }
}

/// Stretches of border, each with whether the area is on its left, put together
/// to rings.
fn joined<'a>(arcs: impl Iterator<Item = (&'a Side, bool)>) -> Outline {
    let arcs: Vec<(&Side, bool)> = arcs.collect();
    let ends = |(arc, is_left): (&Side, bool)| {
        let (first, last) = (arc.points[0], *arc.points.last().expect("an arc has points"));
        if is_left { (first, last) } else { (last, first) }
    };
    let mut from: BTreeMap<[i32; 2], Vec<usize>> = BTreeMap::new();
    for (n, arc) in arcs.iter().enumerate().rev() {
        from.entry(place(ends(*arc).0)).or_default().push(n);
    }
    let mut rings = Vec::new();
    let mut used = vec![false; arcs.len()];
    for start in 0..arcs.len() {
        let mut next = Some(start).filter(|n| !used[*n]);
        let mut ring: Vec<[i32; 2]> = Vec::new();
        while let Some(n) = next {
            used[n] = true;
            let (arc, is_left) = arcs[n];
            ring.pop();
            if is_left {
                ring.extend(&arc.points);
            } else {
                ring.extend(arc.points.iter().rev());
            }
            let end = place(ends(arcs[n]).1);
            let open = from.entry(end).or_default();
            open.retain(|n| !used[*n]);
            next = if place(ring[0]) == end { None } else { open.pop() };
        }
        if ring.len() > 3 {
            rings.push(Line::ring(&degrees(&ring)));
        }
    }
    Outline { rings }
}

/// Where a point is, however often the line to it went around the earth.
fn place([x, y]: [i32; 2]) -> [i32; 2] {
    [x.rem_euclid(3_600_000), y]
}

fn degrees(points: &[[i32; 2]]) -> Vec<[f64; 2]> {
    points.iter().map(|p| p.map(|c| f64::from(c) / 10_000.0)).collect()
}

/// Takes numbers and texts off the front.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn signed(&mut self) -> i32 {
        let number = i32::try_from(self.number()).expect("the map holds degrees");
        (number >> 1) ^ -(number & 1)
    }

    fn text(&mut self) -> String {
        let length = self.number();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8(text.to_vec()).expect("the map's names are UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::sphere::{angle, vector};

    #[test]
    fn every_ring_is_closed_and_small_enough_to_be_drawn() {
        for country in &world().countries {
            for ring in &country.outline[0].rings {
                let (first, last) = (ring.points[0], ring.points[ring.points.len() - 1]);
                assert!(angle(first, last).to_degrees() < 4.0, "{}", country.code);
                assert!(ring.radius.to_degrees() < 60.0, "{} {}", country.code, ring.radius);
            }
        }
    }

    #[test]
    fn nothing_is_cut_along_the_antimeridian() {
        for code in ["RU", "RU-CHU", "FJ", "AQ"] {
            let [outline, _] = &world().find(&[code]).unwrap();
            let on_seam = |p: &[f64; 3]| p[0] < 0.0 && p[1].abs() < 1e-9;
            let pairs = outline.rings.iter().flat_map(|ring| ring.points.windows(2));
            let along: f64 = pairs
                .filter(|pair| pair.iter().all(on_seam))
                .map(|pair| angle(pair[0], pair[1]).to_degrees())
                .sum();
            assert!(along < 0.1, "{code}: {along} degrees");
        }
    }

    #[test]
    fn crimea_is_seen_in_two_ways() {
        let world = world();
        let crimea = world.find(&["UA-43", "UA-40"]).unwrap();
        assert!(Arc::ptr_eq(&crimea[0], &crimea[1]), "its own outline is one");
        for (code, is_seen_alike) in [("UA", false), ("RUS", false), ("FR", true)] {
            let [first, second] = world.find(&[code]).unwrap();
            assert_eq!(Arc::ptr_eq(&first, &second), is_seen_alike, "{code}");
        }
        assert!(angle(world.contested().rings[0].centre, vector(0.0, 0.0)) > 0.1);
        assert_eq!(world.find(&["UA-43", "XX-1"]), Err("XX-1"));
    }
}
