//! A speaker's page: what they said, what they passed on, what is said of them.

use serde::Serialize;

use super::card::{DateView, Draw, Items, Ref, Tally};
use super::frame::Frame;
use super::listing::Listing;
use super::{body, card, listing};
use crate::model::speaker::Speaker;
use crate::plan::pages::{Page, Plan, Section};
use crate::plan::route;
use crate::resolve::site::{Entity, Site, SpeakerNode};

/// A speaker's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerView {
    /// What every page has.
    pub page: Frame,
    /// The speaker.
    pub speaker: SpeakerBody,
}

/// What the page says of its speaker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerBody {
    /// The name to print.
    pub name: String,
    /// `person`, `organization`, `unidentified`; absent where nobody says.
    pub kind: Option<String>,
    /// How the source describes somebody whom it does not name.
    pub described_as: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// What they are.
    pub role: Option<String>,
    /// Where they belong.
    pub affiliation: Option<Ref>,
    /// Speakers who belong to them.
    pub members: Tally,
    /// Posts held.
    pub posts: Vec<PostView>,
    /// Addresses elsewhere, Wikidata's first.
    pub elsewhere: Vec<Ref>,
    /// The profile. Safe HTML; empty where there is none.
    pub html: String,
    /// Claims made.
    pub said: Listing,
    /// Claims of others that they passed on.
    pub relayed: Listing,
    /// Claims about them.
    pub about: Listing,
    /// Claims that were told to them.
    pub told: Listing,
    /// What they said of each proposition.
    pub positions: Vec<Position>,
    /// Who relays them.
    pub relayed_by: Tally,
    /// Whom they relay.
    pub relays: Tally,
    /// Which places their claims concern.
    pub territories: Tally,
    /// Briefings that list them.
    pub briefings: Listing,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A post held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostView {
    /// Its name.
    pub post: String,
    /// Where.
    pub org: Option<Ref>,
    /// Since when.
    pub start: Option<DateView>,
    /// Until when.
    pub end: Option<DateView>,
}

/// Claims that state one proposition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The proposition.
    pub proposition: Ref,
    /// The claims, oldest first; at most ten.
    pub claims: Items,
    /// How many more there are.
    pub more: usize,
}

/// The most propositions, and claims of each, that a speaker's page shows.
const POSITIONS: usize = 30;
const CLAIMS: usize = 10;

/// The page of the speaker with this index.
#[must_use]
pub fn view(site: &Site, plan: &Plan, page: &Page, index: u32, draw: &Draw<'_>) -> SpeakerView {
    let node = &site.speakers[index as usize];
    let facts = &node.facts;
    let list = |section| listing::section(site, Entity::Speaker(index), section, draw);
    let of_claims = |claims: &[u32], pick: fn(&Site, u32) -> Vec<Entity>| {
        Tally::of(site, claims.iter().flat_map(|c| pick(site, *c)))
    };
    SpeakerView {
        page: super::frame::frame(site, page, &node.name, description(node), Vec::new()),
        speaker: SpeakerBody {
            name: node.name.clone(),
            kind: facts.kind.map(card::speaker_type),
            described_as: facts.described_as.clone(),
            aliases: facts.aliases.clone(),
            role: facts.role.clone(),
            affiliation: facts.affiliation.as_deref().map(|words| match node.affiliation {
                Some(org) => Ref::to(site, Entity::Speaker(org)),
                None => Ref::plain(words),
            }),
            members: Tally::of(site, node.members.iter().map(|m| Entity::Speaker(*m))),
            posts: facts
                .posts
                .iter()
                .map(|post| PostView {
                    post: post.post.clone(),
                    org: post.org.as_deref().map(|org| Ref::speaker_or_words(site, org)),
                    start: card::date(post.start.as_ref()),
                    end: card::date(post.end.as_ref()),
                })
                .collect(),
            elsewhere: elsewhere(facts),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            said: list(Section::Said),
            relayed: list(Section::Relayed),
            about: list(Section::About),
            told: list(Section::Told),
            positions: positions(site, node, draw),
            relayed_by: of_claims(&node.said, |site, c| {
                let (_, via) = card::by_and_via(&site.claims[c as usize]);
                via.into_iter().map(Entity::Speaker).collect()
            }),
            relays: of_claims(&node.relayed, |site, c| {
                let (by, _) = card::by_and_via(&site.claims[c as usize]);
                by.into_iter().map(Entity::Speaker).collect()
            }),
            territories: of_claims(&node.said, |site, c| {
                site.claims[c as usize].territories.iter().map(|t| Entity::Territory(*t)).collect()
            }),
            briefings: list(Section::Briefings),
            links_here: list(Section::LinksHere),
            extra: facts.extra.clone(),
        },
    }
}

/// `1 claim`, `2 claims`.
#[must_use]
pub fn claims(count: usize) -> String {
    if count == 1 { "1 claim".to_owned() } else { format!("{count} claims") }
}

fn description(node: &SpeakerNode) -> String {
    let role = node.facts.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
    format!("{}{role}: {} on record", node.name, claims(node.said.len()))
}

fn elsewhere(facts: &Speaker) -> Vec<Ref> {
    let wikidata = facts.wikidata.iter().map(|id| Ref {
        name: format!("Wikidata {id}"),
        url: Some(format!("https://www.wikidata.org/wiki/{}", route::encoded(id))),
    });
    let same_as =
        facts.same_as.iter().map(|url| Ref { name: url.clone(), url: Some(route::outside(url)) });
    wikidata.chain(same_as).collect()
}

/// What the speaker said of each proposition, oldest first.
fn positions(site: &Site, node: &SpeakerNode, draw: &Draw<'_>) -> Vec<Position> {
    let mut by_proposition = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for claim in &node.said {
        if let Some(p) = site.claims[*claim as usize].proposition {
            by_proposition.entry(p).or_default().push(*claim);
        }
    }
    by_proposition
        .into_iter()
        .take(POSITIONS)
        .map(|(p, claims)| Position {
            proposition: Ref::to(site, Entity::Proposition(p)),
            more: claims.len().saturating_sub(CLAIMS),
            claims: Items::claims(claims.iter().rev().take(CLAIMS), draw),
        })
        .collect()
}
