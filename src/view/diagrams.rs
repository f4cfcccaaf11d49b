//! What the diagrams of a page are made from.
//!
//! How they are drawn is for [`draw`](crate::draw) to say. Here is what each of
//! them shows of the site.

use std::collections::BTreeMap;

use serde::Serialize;

use super::card;
use super::frame::Frame;
use crate::draw::chain::{self, Link};
use crate::draw::network::{self, Network};
use crate::draw::positions::{self, Act, Mark, Row};
use crate::draw::timeline::{self, Point};
use crate::draw::{Setting, beginning};
use crate::model::claim::{Rank, RelationKind};
use crate::plan::route;
use crate::resolve::site::{Entity, Site};
use crate::resolve::standing;

/// A finished diagram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagram {
    /// An `svg` element with a title and a description. Safe HTML.
    pub html: String,
}

impl From<String> for Diagram {
    fn from(html: String) -> Self {
        Self { html }
    }
}

/// The keys of the texts for months in short, in the order of the year.
const MONTHS: [&str; 12] = [
    "month_short_1",
    "month_short_2",
    "month_short_3",
    "month_short_4",
    "month_short_5",
    "month_short_6",
    "month_short_7",
    "month_short_8",
    "month_short_9",
    "month_short_10",
    "month_short_11",
    "month_short_12",
];

/// The keys of the texts for the shapes of a timeline, in its order.
const SHAPES: [&str; 7] = [
    "diagram_day",
    "diagram_days",
    "diagram_open",
    "diagram_approximate",
    "diagram_uncertain",
    "diagram_approximate_and_uncertain",
    "diagram_approximate_or_uncertain",
];

/// The keys of the texts for what a claim does, in the order of [`Act::ALL`].
const ACTS: [&str; 5] = [
    "diagram_states",
    "diagram_hedges",
    "diagram_opposes",
    "diagram_retracted",
    "diagram_deprecated",
];

/// The most characters of a claim that a mark is named by.
const NAME: usize = 80;

fn setting<'a>(frame: &Frame<'_>, prefix: &'a str, title: &'a str) -> Setting<'a> {
    Setting { prefix, rtl: frame.dir == "rtl", title }
}

fn address(site: &Site, frame: &Frame<'_>, entity: Entity) -> String {
    [frame.root.as_str(), &route::entity(site, entity)].concat()
}

/// A claim in a few words: when it was said, and the beginning of it.
fn in_short(site: &Site, claim: u32) -> String {
    let text = beginning(&site.facts(claim).text, NAME);
    match site.said_on(claim) {
        Some(date) => [&site.words.date(date), ": ", &text].concat(),
        None => text,
    }
}

/// The chain of a claim; `in_words` is what [`chain_words`] says of it.
///
/// [`chain_words`]: super::note::chain_words
#[must_use]
pub fn chain(
    site: &Site,
    frame: &Frame<'_>,
    claim: u32,
    in_words: Option<&str>,
) -> Option<Diagram> {
    let name = |s: &u32| &*site.speakers[*s as usize].name;
    let names = |speakers: &[u32]| speakers.iter().map(name).collect();
    let chain = site.claims[claim as usize].chain.iter();
    let links: Vec<Link<'_>> =
        chain.map(|link| Link { by: names(&link.by), to: names(&link.to) }).collect();
    let say = |key| site.words.say(key);
    let words = chain::Words {
        unnamed: say("somebody_unnamed"),
        relaying: say("diagram_relaying"),
        to: say("diagram_to"),
    };
    let description = in_words.unwrap_or(words.unnamed);
    let setting = setting(frame, "_way", say("the_chain"));
    chain::chain(&setting, &words, &links, &site.facts(claim).text, description).map(Diagram::from)
}

/// Who relays whom in these claims, and about whom. Somebody who passes on
/// their own words relays nobody.
#[must_use]
pub fn network<'c>(
    site: &Site,
    frame: &Frame<'_>,
    claims: impl IntoIterator<Item = &'c u32>,
) -> Option<Diagram> {
    let mut all = Network::default();
    for claim in claims {
        let node = &site.claims[*claim as usize];
        let (by, via) = card::by_and_via(node);
        for relayer in via {
            all.relays.extend(by.iter().filter(|s| *s != relayer).map(|s| (*relayer, *s)));
        }
        for speaker in by {
            all.about.extend(node.about.iter().map(|about| (*speaker, *about)));
        }
    }
    let who = |speaker| {
        let entity = Entity::Speaker(speaker);
        (site.name(entity).to_owned(), address(site, frame, entity))
    };
    let say = |key| site.words.say(key);
    let words = network::Words {
        columns: ["diagram_relayed_by", "diagram_said_by", "diagram_about"].map(say),
        relays: say("diagram_a_relays_b"),
        about: say("diagram_a_about_b"),
        more: say("diagram_names_not_shown"),
    };
    let setting = setting(frame, "_network", say("diagram_network"));
    network::network(&setting, &words, &all, &who).map(Diagram::from)
}

/// These claims over time.
#[must_use]
pub fn timeline(site: &Site, frame: &Frame<'_>, claims: &[u32]) -> Option<Diagram> {
    let spans: Vec<_> =
        claims.iter().map(|claim| site.said_on(*claim).and_then(crate::date::Date::span)).collect();
    let point = |n: usize| Point {
        href: address(site, frame, Entity::Claim(claims[n])),
        name: in_short(site, claims[n]),
    };
    let say = |key| site.words.say(key);
    let words = timeline::Words {
        months: &MONTHS.map(say),
        shapes: SHAPES.map(say),
        unplaced: say("diagram_unplaced"),
        far: say("diagram_far"),
    };
    let setting = setting(frame, "_timeline", say("diagram_timeline"));
    timeline::timeline(&setting, &words, &spans, &point).map(Diagram::from)
}

/// Who takes which position on a proposition: those whose claims state it, and
/// those whose claims dispute these, each in the order in which they began.
#[must_use]
pub fn positions(site: &Site, frame: &Frame<'_>, proposition: u32) -> Option<Diagram> {
    use RelationKind as R;
    let own = &site.propositions[proposition as usize].claims;
    // By claim; a smaller number is a newer claim.
    let mut acts = BTreeMap::<(u32, Option<u32>), Act>::new();
    let speakers = |claim: u32| {
        let (by, _) = card::by_and_via(&site.claims[claim as usize]);
        let nobody = by.is_empty().then_some(None);
        by.iter().copied().map(Some).chain(nobody)
    };
    for claim in own {
        for speaker in speakers(*claim) {
            acts.insert((*claim, speaker), act(site, *claim, speaker));
        }
    }
    for claim in own {
        // Who disputes a denial does not oppose the proposition.
        if speakers(*claim).all(|speaker| acts[&(*claim, speaker)] == Act::Opposes) {
            continue;
        }
        let against = site.claims[*claim as usize]
            .incoming
            .iter()
            .filter(|(kind, ..)| matches!(kind, R::Disputes | R::Refutes | R::DisagreesWith));
        for (_, other, _) in against {
            for speaker in speakers(*other) {
                acts.entry((*other, speaker)).or_insert(Act::Opposes);
            }
        }
    }
    let say = |key| site.words.say(key);
    let mut rows: Vec<Row> = Vec::new();
    let mut row_of = BTreeMap::new();
    for ((claim, speaker), act) in acts.into_iter().rev() {
        let row = *row_of.entry(speaker).or_insert_with(|| {
            let entity = speaker.map(Entity::Speaker);
            let name = entity.map_or(say("somebody_unnamed"), |entity| site.name(entity));
            let href = entity.map(|entity| address(site, frame, entity));
            rows.push(Row { name: name.to_owned(), href, marks: Vec::new() });
            rows.len() - 1
        });
        rows[row].marks.push(Mark {
            act,
            href: address(site, frame, Entity::Claim(claim)),
            name: in_short(site, claim),
            year: site.claims[claim as usize].said.map(|(year, ..)| year),
        });
    }
    let words = positions::Words { acts: ACTS.map(say), more: say("diagram_speakers_not_shown") };
    let setting = setting(frame, "_stances", say("diagram_positions"));
    positions::positions(&setting, &words, &rows).map(Diagram::from)
}

/// What a claim that is filed under a proposition does with it, as far as the
/// record tells: whether it was taken back, whether it is marked as wrong, and
/// how sure of it this speaker is (FactBank), or else whether a hedge is theirs.
fn act(site: &Site, claim: u32, speaker: Option<u32>) -> Act {
    let facts = site.facts(claim);
    let is_theirs = |name: &str| speaker.is_some() && site.names.speakers.one(name) == speaker;
    if standing::retracted(site, claim) {
        return Act::Retracted;
    }
    if facts.rank == Rank::Deprecated {
        return Act::Deprecated;
    }
    let values = facts.factuality.iter().find(|(name, _)| is_theirs(name)).map(|(_, v)| v);
    let values = values.filter(|values| !values.is_empty());
    match values {
        Some(values) if values.iter().all(|value| value.ends_with('-')) => Act::Opposes,
        Some(values) if values.iter().all(|value| value == "CT+") => Act::States,
        Some(_) => Act::Hedges,
        None if facts.hedges.iter().any(|hedge| hedge.of.as_deref().is_some_and(is_theirs)) => {
            Act::Hedges
        }
        None => Act::States,
    }
}
