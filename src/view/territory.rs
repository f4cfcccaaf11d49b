//! A territory's page: who claims it, who controls it, since when, who says so.

use serde::Serialize;

use super::briefing::TermView;
use super::card::{DateView, Draw, Ref, Tally};
use super::frame::Frame;
use super::listing::Listing;
use super::speaker::claims;
use super::{body, briefing, card, listing};
use crate::model::territory::{Basis, Hold, Identifiers};
use crate::plan::pages::{Page, Plan, Section};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

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

/// The most loaded words that a territory's page shows, the newest.
const TERMS: usize = 50;

/// The page of the territory with this index.
#[must_use]
pub fn view(site: &Site, plan: &Plan, page: &Page, index: u32, draw: &Draw<'_>) -> TerritoryView {
    let node = &site.territories[index as usize];
    let facts = &node.facts;
    let list = |section| listing::section(site, Entity::Territory(index), section, draw);
    let accepted =
        |words: &[String]| words.iter().map(|w| Ref::speaker_or_words(site, w)).collect();
    let description = format!("{}: {} on record", node.name, claims(node.claims.len()));
    TerritoryView {
        page: super::frame::frame(site, page, &node.name, description, Vec::new()),
        territory: TerritoryBody {
            name: node.name.clone(),
            names: facts
                .names
                .iter()
                .map(|(lang, name)| NameView { lang: lang.clone(), name: name.clone() })
                .collect(),
            aliases: facts.aliases.clone(),
            kind: facts.kind.clone(),
            part_of: node
                .part_of
                .iter()
                .zip(&facts.part_of)
                .filter_map(|(whole, written)| {
                    Some(PartOfView {
                        territory: Ref::to(site, Entity::Territory((*whole)?)),
                        accepted_by: accepted(&written.accepted_by),
                    })
                })
                .collect(),
            parts: node
                .parts
                .iter()
                .map(|(part, which)| PartOfView {
                    territory: Ref::to(site, Entity::Territory(*part)),
                    accepted_by: accepted(
                        &site.territories[*part as usize].facts.part_of[*which as usize]
                            .accepted_by,
                    ),
                })
                .collect(),
            claimed_by: facts.claimed_by.iter().map(|h| hold(site, h)).collect(),
            controlled_by: facts.controlled_by.iter().map(|h| hold(site, h)).collect(),
            identifiers: identifiers(&facts.identifiers),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            claims: list(Section::Claims),
            claims_within: list(Section::Within),
            terms: node
                .terms
                .iter()
                .take(TERMS)
                .map(|(b, t)| briefing::term(site, *b, *t))
                .collect(),
            speakers: Tally::of(
                site,
                node.claims
                    .iter()
                    .flat_map(|c| card::by_and_via(&site.claims[*c as usize]).0)
                    .map(Entity::Speaker),
            ),
            briefings: list(Section::Briefings),
            links_here: list(Section::LinksHere),
            extra: facts.extra.clone(),
        },
    }
}

fn hold(site: &Site, written: &Hold) -> HoldView {
    HoldView {
        by: Ref::speaker_or_words(site, &written.by),
        since: card::date(written.since.as_ref()),
        until: card::date(written.until.as_ref()),
        extent: written.extent.clone(),
        basis: written.basis.map(|basis| {
            match basis {
                Basis::Assessed => "assessed",
                Basis::Claimed => "claimed",
            }
            .to_owned()
        }),
        source: written.source.as_deref().map(|s| Ref::source_or_words(site, s)),
    }
}

fn identifiers(written: &Identifiers) -> Vec<IdentifierView> {
    let one = |register: &str, value: &str, address: Option<String>| IdentifierView {
        register: register.to_owned(),
        value: value.to_owned(),
        address,
    };
    let iso = written.iso_3166_2.iter().map(|code| one("ISO 3166-2", code, None));
    let wikidata = written.wikidata.iter().map(|id| {
        one("Wikidata", id, Some(format!("https://www.wikidata.org/wiki/{}", route::encoded(id))))
    });
    let geonames = written.geonames.iter().map(|id| {
        one("GeoNames", id, Some(format!("https://www.geonames.org/{}", route::encoded(id))))
    });
    iso.chain(wikidata).chain(geonames).collect()
}
