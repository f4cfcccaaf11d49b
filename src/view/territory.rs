//! A territory's page: who claims it, who controls it, since when, who says so.

use serde::Serialize;

use super::briefing::TermView;
use super::card::{DateView, Ref, Tally};
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::map::{self, MapView};
use super::ratings::{self, Ratings};
use super::speaker::on_record;
use super::wanted::Ask;
use super::{body, briefing, card, diagrams, linked_data, listing};
use crate::model::territory::{Basis, Hold, Identifiers, PartOf};
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};

/// A territory's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerritoryView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The territory.
    pub territory: TerritoryBody<'a>,
}

/// What the page says of its territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerritoryBody<'a> {
    /// The name to print.
    pub name: &'a str,
    /// Its name in other languages.
    pub names: Vec<NameView<'a>>,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// What sort of place.
    pub kind: Option<&'a str>,
    /// What it is part of, and who accepts that.
    pub part_of: Vec<PartOfView<'a>>,
    /// What is part of it, and according to whom.
    pub parts: Vec<PartOfView<'a>>,
    /// Who claims it.
    pub claimed_by: Vec<HoldView<'a>>,
    /// Who controls it.
    pub controlled_by: Vec<HoldView<'a>>,
    /// Where it is. `None` where nothing says so.
    pub map: Option<MapView<'a>>,
    /// Its identifiers elsewhere: the register, the value, its address.
    pub identifiers: Vec<IdentifierView<'a>>,
    /// The profile. Safe HTML; empty where there is none.
    pub html: String,
    /// How fact-checks rate the claims that concern it.
    pub ratings: Vec<Ratings<'a>>,
    /// The claims that concern it over time; absent where they are few.
    pub timeline: Option<Diagram>,
    /// Claims that concern it.
    pub claims: Listing<'a>,
    /// Claims that concern what is part of it.
    pub claims_within: Listing<'a>,
    /// Loaded words used of it, and by whom.
    pub terms: Vec<TermView<'a>>,
    /// Who makes claims about it.
    pub speakers: Tally<'a>,
    /// Briefings that list it.
    pub briefings: Listing<'a>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: Option<&'a serde_yaml::Value>,
}

/// A name in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameView<'a> {
    /// The language (BCP 47).
    pub lang: &'a str,
    /// The name.
    pub name: &'a str,
}

/// A whole or a part, and according to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartOfView<'a> {
    /// The other territory.
    pub territory: Ref<'a>,
    /// Who accepts that. Empty: not stated.
    pub accepted_by: Vec<Ref<'a>>,
}

/// A claim to the territory, or control over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldView<'a> {
    /// Who.
    pub by: Ref<'a>,
    /// Since when.
    pub since: Option<DateView<'a>>,
    /// Until when.
    pub until: Option<DateView<'a>>,
    /// How much of it.
    pub extent: Option<&'a str>,
    /// `assessed` or `claimed`.
    pub basis: Option<&'static str>,
    /// Where that is said.
    pub source: Option<Ref<'a>>,
}

/// An identifier in another register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentifierView<'a> {
    /// The register.
    pub register: &'static str,
    /// The identifier.
    pub value: &'a str,
    /// Its address there.
    pub address: Option<String>,
}

/// The most loaded words that a territory's page shows, the newest.
const TERMS: usize = 50;

/// The page of the territory with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> TerritoryView<'a> {
    let node = &site.territories[index as usize];
    let facts = &node.facts;
    let list = |name, section| {
        ask.make(name, || listing::section(site, Entity::Territory(index), section, ask))
    };
    let accepted = |part: &'a PartOf| {
        part.accepted_by.iter().map(|w| Ref::speaker_or_words(site, w)).collect()
    };
    let description = on_record(site, &node.name, node.claims.len());
    let mut frame = super::frame::frame(site, page, ask, &*node.name, description, Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::territory(site, &frame, index));
    let timeline = ask.make("timeline", || diagrams::timeline(site, &frame, &node.claims));
    TerritoryView {
        page: frame,
        territory: TerritoryBody {
            name: &node.name,
            names: facts.names.iter().map(|(lang, name)| NameView { lang, name }).collect(),
            aliases: facts.aliases.iter().map(|alias| &**alias).collect(),
            kind: facts.kind.as_deref(),
            part_of: node
                .part_of
                .iter()
                .zip(&facts.part_of)
                .filter_map(|(whole, written)| {
                    Some(PartOfView {
                        territory: Ref::to(site, Entity::Territory((*whole)?)),
                        accepted_by: accepted(written),
                    })
                })
                .collect(),
            parts: node
                .parts
                .iter()
                .map(|(part, which)| PartOfView {
                    territory: Ref::to(site, Entity::Territory(*part)),
                    accepted_by: accepted(
                        &site.territories[*part as usize].facts.part_of[*which as usize],
                    ),
                })
                .collect(),
            claimed_by: facts.claimed_by.iter().map(|h| hold(site, h)).collect(),
            controlled_by: facts.controlled_by.iter().map(|h| hold(site, h)).collect(),
            map: ask.make("map", || map::map(site, index)),
            identifiers: identifiers(&facts.identifiers),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            ratings: ask.make("ratings", || ratings::ratings(site, &node.claims)),
            timeline,
            claims: list("claims", Section::Claims),
            claims_within: list("claims_within", Section::Within),
            terms: node
                .terms
                .iter()
                .take(TERMS)
                .map(|(b, t)| briefing::term(site, *b, *t))
                .collect(),
            speakers: Tally::speakers(
                site,
                node.claims.iter().flat_map(|c| card::by_and_via(&site.claims[*c as usize]).0),
            ),
            briefings: list("briefings", Section::Briefings),
            links_here: list("links_here", Section::LinksHere),
            extra: facts.extra.as_deref(),
        },
    }
}

/// A claim or control, for a view.
#[must_use]
pub fn hold<'a>(site: &'a Site, written: &'a Hold) -> HoldView<'a> {
    HoldView {
        by: Ref::speaker_or_words(site, &written.by),
        since: card::date(site, written.since.as_ref()),
        until: card::date(site, written.until.as_ref()),
        extent: written.extent.as_deref(),
        basis: written.basis.map(|basis| match basis {
            Basis::Assessed => "assessed",
            Basis::Claimed => "claimed",
        }),
        source: written.source.as_deref().map(|s| Ref::source_or_words(site, s)),
    }
}

fn identifiers(written: &Identifiers) -> Vec<IdentifierView<'_>> {
    let country = written.iso_3166_1.iter().map(|code| IdentifierView {
        register: "ISO 3166-1",
        value: code,
        address: None,
    });
    let iso = written.iso_3166_2.iter().map(|code| IdentifierView {
        register: "ISO 3166-2",
        value: code,
        address: None,
    });
    let wikidata = written.wikidata.iter().map(|id| IdentifierView {
        register: "Wikidata",
        value: id,
        address: Some(format!("https://www.wikidata.org/wiki/{}", route::encoded(id))),
    });
    let geonames = written.geonames.iter().map(|id| IdentifierView {
        register: "GeoNames",
        value: id,
        address: Some(format!("https://www.geonames.org/{}", route::encoded(id))),
    });
    country.chain(iso).chain(wikidata).chain(geonames).collect()
}
