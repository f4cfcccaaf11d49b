//! A territory: a place, and who says what about whose it is.
//!
//! Who accepts, claims or controls it, and since when, is data with a name on
//! it; nothing here decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::shape::{DRAFT, EXTRA, FORMER_IDS, Kind, Shape, TEXTS, may, must};
use crate::date::Date;
use crate::id::fold;

/// A territory as described in a file or inline.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Territory {
    /// The id, where it is written.
    #[serde(default)]
    pub id: Option<Box<str>>,
    /// The name to print.
    #[serde(default)]
    pub name: Option<Box<str>>,
    /// Its name in other languages, by BCP 47 tag.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What sort of place, in plain words.
    #[serde(default, rename = "type")]
    pub kind: Option<Box<str>>,
    /// What it is part of, and who accepts that.
    #[serde(default)]
    pub part_of: Box<[PartOf]>,
    /// Who claims it.
    #[serde(default)]
    pub claimed_by: Box<[Hold]>,
    /// Who controls it.
    #[serde(default)]
    pub controlled_by: Box<[Hold]>,
    /// Its identifiers elsewhere.
    #[serde(default)]
    pub identifiers: Identifiers,
    /// Its outline; several where there are several views of it.
    #[serde(default)]
    pub geometry: Box<[Geometry]>,
    /// Where its label goes on a map.
    #[serde(default)]
    pub label: Option<Label>,
    /// Ids it used to have.
    #[serde(default)]
    pub former_ids: Box<[String]>,
    /// Not ready.
    #[serde(default)]
    pub draft: bool,
    /// The author's own data.
    #[serde(default)]
    pub extra: Option<Box<Value>>,
}

impl Territory {
    /// Whether it is claimed by more than one at present, or controlled by
    /// somebody else than who claims it.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        let now = |holds: &[Hold]| -> BTreeSet<String> {
            holds.iter().filter(|hold| hold.until.is_none()).map(|hold| fold(&hold.by)).collect()
        };
        let (claim, control) = (now(&self.claimed_by), now(&self.controlled_by));
        claim.len() > 1 || control.len() > 1 || !claim.is_empty() && !control.is_subset(&claim)
    }
}

/// A whole that a territory is part of, and according to whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PartOf {
    /// The whole.
    #[serde(default)]
    pub id: String,
    /// Who accepts that it is, in plain words or as speakers. Empty: not stated.
    #[serde(default)]
    pub accepted_by: Box<[String]>,
}

/// A claim to a territory, or control over it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hold {
    /// Who claims or controls, in plain words or as a speaker.
    #[serde(default)]
    pub by: String,
    /// Since when.
    #[serde(default)]
    pub since: Option<Date>,
    /// Until when.
    #[serde(default)]
    pub until: Option<Date>,
    /// How much of it.
    #[serde(default)]
    pub extent: Option<Box<str>>,
    /// Whether that is somebody's assessment or the holder's claim.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// Where that is said.
    #[serde(default)]
    pub source: Option<Box<str>>,
}

/// On what basis somebody is said to hold a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Others judge so.
    Assessed,
    /// The holder says so.
    Claimed,
}

/// Identifiers in other registers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Identifiers {
    /// The ISO 3166-1 alpha-2 code of a country.
    #[serde(default)]
    pub iso_3166_1: Option<Box<str>>,
    /// ISO 3166-2 codes; several where registers differ over whose it is.
    #[serde(default)]
    pub iso_3166_2: Box<[String]>,
    /// Wikidata's id.
    #[serde(default)]
    pub wikidata: Option<Box<str>>,
    /// The number in GeoNames.
    #[serde(default)]
    pub geonames: Option<Box<str>>,
}

/// Where an outline comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Geometry {
    /// A GeoJSON file of the site, from its folder `geo/`.
    #[serde(default)]
    pub file: Option<Box<str>>,
    /// Instead of a file, codes of what Natural Earth has.
    #[serde(default)]
    pub natural_earth: Box<[String]>,
    /// Who drew it.
    #[serde(default)]
    pub source: Option<Box<str>>,
    /// Whose view of the borders it shows.
    #[serde(default)]
    pub perspective: Option<Box<str>>,
    /// As of when.
    #[serde(default)]
    pub date: Option<Date>,
}

/// Where a label goes: degrees north and east (WGS 84).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Label {
    /// Degrees north.
    #[serde(default)]
    pub lat: f64,
    /// Degrees east.
    #[serde(default)]
    pub lon: f64,
}

/// A [`Territory`] as it is written, in a file or inline.
pub const TERRITORY: Shape = Shape {
    name: "territory",
    fields: &[
        may(
            "id",
            Kind::Id,
            "What its address is made of; by default the file's name, or the name.",
        ),
        may("name", Kind::Text, "The name to print."),
        may("names", Kind::Table(&Kind::Text), "Its name in other languages, by language tag."),
        may("aliases", TEXTS, "Other names by which it may be referred to."),
        may("type", Kind::Text, "What sort of place: country, region, city."),
        may(
            "part_of",
            Kind::Many(&Kind::Short("id", &PART_OF)),
            "What it is part of, and who accepts that.",
        ),
        may(
            "claimed_by",
            Kind::Many(&Kind::Short("by", &HOLD)),
            "Who claims it, since when, where that is said.",
        ),
        may(
            "controlled_by",
            Kind::Many(&Kind::Short("by", &HOLD)),
            "Who controls it, since when, on what basis.",
        ),
        may("identifiers", Kind::Map(&IDENTIFIERS), "Its identifiers in other registers."),
        may(
            "geometry",
            Kind::Many(&Kind::Short("file", &GEOMETRY)),
            "Its outline: a GeoJSON file, and whose view it shows; several for several views.",
        ),
        may("label", Kind::Map(&LABEL), "Where its label goes on a map."),
        FORMER_IDS,
        DRAFT,
        EXTRA,
    ],
};

const PART_OF: Shape = Shape {
    name: "part_of",
    fields: &[
        must("id", Kind::Text, "The territory that it is part of."),
        may("accepted_by", TEXTS, "Who accepts that: speakers or plain words."),
    ],
};

const HOLD: Shape = Shape {
    name: "claimed_by or controlled_by",
    fields: &[
        must("by", Kind::Text, "Who: a speaker or plain words."),
        may("since", Kind::Date, "Since when (EDTF)."),
        may("until", Kind::Date, "Until when (EDTF)."),
        may("extent", Kind::Text, "How much of it."),
        may(
            "basis",
            Kind::Word(&["assessed", "claimed"]),
            "Whether others judge so or the holder says so.",
        ),
        may("source", Kind::Text, "The source in which that is said."),
    ],
};

const IDENTIFIERS: Shape = Shape {
    name: "identifiers",
    fields: &[
        may("iso_3166_1", Kind::Text, "The ISO 3166-1 code of a country, two letters, as in UA."),
        may("iso_3166_2", TEXTS, "ISO 3166-2 codes."),
        may("wikidata", Kind::Text, "Wikidata's id, as in Q7835."),
        may("geonames", Kind::Text, "The number in GeoNames, in quotes."),
    ],
};

const GEOMETRY: Shape = Shape {
    name: "geometry",
    fields: &[
        may("file", Kind::Text, "A GeoJSON file of the site, from its folder `geo/`."),
        may(
            "natural_earth",
            TEXTS,
            "In place of a file: codes of Natural Earth's countries and regions (ISO 3166, FIPS 10-4).",
        ),
        may("source", Kind::Text, "Who drew it."),
        may("perspective", Kind::Text, "Whose view of the borders it shows."),
        may("date", Kind::Date, "As of when (EDTF)."),
    ],
};

const LABEL: Shape = Shape {
    name: "label",
    fields: &[
        must("lat", Kind::Number, "Degrees north (WGS 84)."),
        must("lon", Kind::Number, "Degrees east (WGS 84)."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yaml: &str, is_disputed: bool) {
        let territory: Territory = serde_yaml::from_str(yaml).unwrap();
        assert_eq!(territory.is_disputed(), is_disputed, "{yaml}");
    }

    #[test]
    fn what_two_claim_or_another_controls_is_disputed() {
        check("{claimed_by: [{by: A}, {by: B}]}", true);
        check("{claimed_by: [{by: A}], controlled_by: [{by: B}]}", true);
        check("{controlled_by: [{by: A}, {by: B}]}", true);
        check("{claimed_by: [{by: A}], controlled_by: [{by: a}]}", false);
        check("{claimed_by: [{by: A}, {by: B, until: '1991'}], controlled_by: [{by: A}]}", false);
        check("{controlled_by: [{by: A}]}", false);
        check("{}", false);
    }
}
