//! A territory's page: who claims it, who controls it, since when, who says so.

use serde::Serialize;

use super::briefing::TermView;
use super::card::{DateView, Ref, Tally};
use super::frame::Frame;
use super::listing::Listing;

/// A territory's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerritoryView {
    /// What every page has.
    pub page: Frame,
    /// The territory.
    pub territory: TerritoryBody,
}

/// What the page says of its territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerritoryBody {
    /// The name to print.
    pub name: String,
    /// Its name in other languages.
    pub names: Vec<NameView>,
    /// Other names.
    pub aliases: Vec<String>,
    /// What sort of place.
    pub kind: Option<String>,
    /// What it is part of, and who accepts that.
    pub part_of: Vec<PartOfView>,
    /// What is part of it, and according to whom.
    pub parts: Vec<PartOfView>,
    /// Who claims it.
    pub claimed_by: Vec<HoldView>,
    /// Who controls it.
    pub controlled_by: Vec<HoldView>,
    /// Its identifiers elsewhere: the register, the value, its address.
    pub identifiers: Vec<IdentifierView>,
    /// The profile. Safe HTML; empty where there is none.
    pub html: String,
    /// Claims that concern it.
    pub claims: Listing,
    /// Claims that concern what is part of it.
    pub claims_within: Listing,
    /// Loaded words used of it, and by whom.
    pub terms: Vec<TermView>,
    /// Who makes claims about it.
    pub speakers: Tally,
    /// Briefings that list it.
    pub briefings: Listing,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A name in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameView {
    /// The language (BCP 47).
    pub lang: String,
    /// The name.
    pub name: String,
}

/// A whole or a part, and according to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartOfView {
    /// The other territory.
    pub territory: Ref,
    /// Who accepts that. Empty: not stated.
    pub accepted_by: Vec<Ref>,
}

/// A claim to the territory, or control over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldView {
    /// Who.
    pub by: Ref,
    /// Since when.
    pub since: Option<DateView>,
    /// Until when.
    pub until: Option<DateView>,
    /// How much of it.
    pub extent: Option<String>,
    /// `assessed` or `claimed`.
    pub basis: Option<String>,
    /// Where that is said.
    pub source: Option<Ref>,
}

/// An identifier in another register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentifierView {
    /// The register.
    pub register: String,
    /// The identifier.
    pub value: String,
    /// Its address there.
    pub address: Option<String>,
}
