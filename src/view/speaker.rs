//! A speaker's page: what they said, what they passed on, what is said of them.

use serde::Serialize;

use super::card::{DateView, Items, Ref, Tally};
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::ratings::{self, Ratings};
use super::wanted::Ask;
use super::{body, card, diagrams, linked_data, listing};
use crate::model::speaker::Speaker;
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
use crate::plan::route;
use crate::resolve::site::{Entity, Site, SpeakerNode};

/// A speaker's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The speaker.
    pub speaker: SpeakerBody<'a>,
}

/// What the page says of its speaker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerBody<'a> {
    /// The name to print.
    pub name: &'a str,
    /// `person`, `organization`, `unidentified`; absent where nobody says.
    pub kind: Option<&'static str>,
    /// How the source describes somebody whom it does not name.
    pub described_as: Option<&'a str>,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// What they are.
    pub role: Option<&'a str>,
    /// Where they belong.
    pub affiliation: Option<Ref<'a>>,
    /// Speakers who belong to them.
    pub members: Tally<'a>,
    /// Posts held.
    pub posts: Vec<PostView<'a>>,
    /// Addresses elsewhere, Wikidata's first.
    pub elsewhere: Vec<Ref<'a>>,
    /// The profile. Safe HTML; empty where there is none.
    pub html: String,
    /// How fact-checks rate the claims made.
    pub ratings: Vec<Ratings<'a>>,
    /// The claims made over time; absent where they are few.
    pub timeline: Option<Diagram>,
    /// Whom they relay and who relays them, about whom; absent where nobody
    /// does.
    pub network: Option<Diagram>,
    /// Claims made.
    pub said: Listing<'a>,
    /// Claims of others that they passed on.
    pub relayed: Listing<'a>,
    /// Claims about them.
    pub about: Listing<'a>,
    /// Claims that were told to them.
    pub told: Listing<'a>,
    /// What they said of each proposition.
    pub positions: Vec<Position<'a>>,
    /// Who relays them.
    pub relayed_by: Tally<'a>,
    /// Whom they relay.
    pub relays: Tally<'a>,
    /// Which places their claims concern.
    pub territories: Tally<'a>,
    /// Briefings that list them.
    pub briefings: Listing<'a>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: Option<&'a serde_yaml::Value>,
}

/// A post held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostView<'a> {
    /// Its name.
    pub post: &'a str,
    /// Where.
    pub org: Option<Ref<'a>>,
    /// Since when.
    pub start: Option<DateView<'a>>,
    /// Until when.
    pub end: Option<DateView<'a>>,
}

/// Claims that state one proposition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Position<'a> {
    /// The proposition.
    pub proposition: Ref<'a>,
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
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> SpeakerView<'a> {
    let node = &site.speakers[index as usize];
    let facts = &node.facts;
    let list = |name, section| {
        ask.make(name, || listing::section(site, Entity::Speaker(index), section, ask))
    };
    let said = || node.said.iter().map(|c| &site.claims[*c as usize]);
    let relayed = node.relayed.iter().map(|c| &site.claims[*c as usize]);
    let mut frame =
        super::frame::frame(site, page, ask, &*node.name, description(site, node), Vec::new());
    frame.json_ld = ask.make("json_ld", || linked_data::speaker(site, &frame, index));
    let timeline = ask.make("timeline", || diagrams::timeline(site, &frame, &node.said));
    let network = ask
        .make("network", || diagrams::network(site, &frame, node.said.iter().chain(&node.relayed)));
    SpeakerView {
        page: frame,
        speaker: SpeakerBody {
            name: &node.name,
            kind: facts.kind.map(card::speaker_type),
            described_as: facts.described_as.as_deref(),
            aliases: facts.aliases.iter().map(|alias| &**alias).collect(),
            role: facts.role.as_deref(),
            affiliation: facts.affiliation.as_deref().map(|words| match node.affiliation {
                Some(org) => Ref::to(site, Entity::Speaker(org)),
                None => Ref::plain(words),
            }),
            members: Tally::speakers(site, &node.members),
            posts: facts
                .posts
                .iter()
                .map(|post| PostView {
                    post: &post.post,
                    org: post.org.as_deref().map(|org| Ref::speaker_or_words(site, org)),
                    start: card::date(site, post.start.as_ref()),
                    end: card::date(site, post.end.as_ref()),
                })
                .collect(),
            elsewhere: elsewhere(facts),
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            ratings: ask.make("ratings", || ratings::ratings(site, &node.said)),
            timeline,
            network,
            said: list("said", Section::Said),
            relayed: list("relayed", Section::Relayed),
            about: list("about", Section::About),
            told: list("told", Section::Told),
            positions: ask.make("positions", || positions(site, node, ask)),
            relayed_by: Tally::speakers(site, said().flat_map(|c| card::by_and_via(c).1)),
            relays: Tally::speakers(site, relayed.flat_map(|c| card::by_and_via(c).0)),
            territories: Tally::of(
                site,
                said().flat_map(|c| &c.territories).map(|t| Entity::Territory(*t)),
            ),
            briefings: list("briefings", Section::Briefings),
            links_here: list("links_here", Section::LinksHere),
            extra: facts.extra.as_deref(),
        },
    }
}

/// What search engines are told of an entity: its name and how many claims are
/// on record for it.
#[must_use]
pub fn on_record(site: &Site, name: &str, claims: usize) -> String {
    [name, ": ", &site.words.count("claims_on_record", claims)].concat()
}

fn description(site: &Site, node: &SpeakerNode) -> String {
    match &node.facts.role {
        Some(role) => on_record(site, &[&node.name, ", ", role].concat(), node.said.len()),
        None => on_record(site, &node.name, node.said.len()),
    }
}

fn elsewhere(facts: &Speaker) -> Vec<Ref<'_>> {
    let wikidata = facts.wikidata.iter().map(|id| Ref {
        name: format!("Wikidata {id}").into(),
        url: Some(format!("https://www.wikidata.org/wiki/{}", route::encoded(id))),
    });
    let same_as = facts.same_as.iter().map(|url| Ref::at(url, route::outside(url)));
    wikidata.chain(same_as).collect()
}

/// What the speaker said of each proposition, oldest first.
fn positions<'a>(site: &'a Site, node: &SpeakerNode, ask: &Ask<'_>) -> Vec<Position<'a>> {
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
            claims: Items::claims(claims.iter().rev().take(CLAIMS), ask),
        })
        .collect()
}
