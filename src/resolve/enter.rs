//! Enters every entity once and numbers it: index order is reading order.

use super::join::{Joiner, indexed, newest_first, number};

use super::order::Collator;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entities::{
    Described, Gathered, add_inline, duplicate, facts_of, from_files, inline_id,
};
use super::names::{Names, Register};
use super::site::{
    BriefingNode, ClaimNode, Filing, PageNode, PropositionNode, SourceNode, SpeakerNode,
    TerritoryNode, TopicNode, said_on,
};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::id::{Id, fold};
use crate::model::briefing::Listed;
use crate::model::proposition::Proposition;
use crate::model::speaker::Speaker;
use crate::model::topic::Topic;
use crate::parse::document::{Document, Entry};
use crate::pointer::{Aim, Pointer};

impl Joiner {
    pub(super) fn enter_entities(&mut self, shown: &[Arc<Document>]) {
        let problems = &mut self.problems;
        let mut speakers = from_files(
            facts_of(shown, |e| match e {
                Entry::Speaker(x) => Some(&**x),
                _ => None,
            }),
            "speaker",
            problems,
        );
        let mut territories = from_files(
            facts_of(shown, |e| match e {
                Entry::Territory(x) => Some(&**x),
                _ => None,
            }),
            "territory",
            problems,
        );
        let mut sources = from_files(
            facts_of(shown, |e| match e {
                Entry::Source(x) => Some(&**x),
                _ => None,
            }),
            "source",
            problems,
        );
        let mut propositions = from_files(
            facts_of(shown, |e| match e {
                Entry::Proposition(x) => Some(&**x),
                _ => None,
            }),
            "proposition",
            problems,
        );
        let mut topics = from_files(
            facts_of(shown, |e| match e {
                Entry::Topic(x) => Some(&**x),
                _ => None,
            }),
            "topic",
            problems,
        );
        for document in shown {
            let Some(briefing) = document.briefing() else { continue };
            add_inline(&mut speakers, document, &briefing.speakers, problems);
            add_inline(&mut territories, document, &briefing.territories, problems);
            add_inline(&mut sources, document, &briefing.sources, problems);
        }
        imply(shown, &mut propositions, &mut topics);
        self.enter_pages(shown);
        let collator = Collator::of(&self.site.config.language);
        let site = &mut self.site;
        for (id, gathered) in sorted(speakers, &collator, |id, x: &Speaker| {
            x.sort_name.as_deref().map_or_else(|| display_name(id, x), str::to_owned)
        }) {
            let Gathered { facts, document, .. } = gathered;
            let (index, name) = (number(site.speakers.len()), display_name(&id, &facts));
            enter(&mut site.names.speakers, &id, index, [&name], &facts.aliases);
            site.speakers.push(SpeakerNode {
                id,
                name,
                facts,
                document,
                affiliation: None,
                members: Vec::new(),
                said: Vec::new(),
                relayed: Vec::new(),
                about: Vec::new(),
                told: Vec::new(),
                briefings: Vec::new(),
                linked_from: Vec::new(),
            });
        }
        for (id, gathered) in sorted(territories, &collator, display_name) {
            let Gathered { facts, document, .. } = gathered;
            let (index, name) = (number(site.territories.len()), display_name(&id, &facts));
            let names = std::iter::once(&name).chain(facts.names.values());
            enter(&mut site.names.territories, &id, index, names, &facts.aliases);
            site.territories.push(TerritoryNode {
                id,
                name,
                part_of: vec![None; facts.part_of.len()],
                facts,
                document,
                parts: Vec::new(),
                claims: Vec::new(),
                claims_within: Vec::new(),
                briefings: Vec::new(),
                terms: Vec::new(),
                linked_from: Vec::new(),
            });
        }
        for (id, gathered) in sorted(sources, &collator, display_name) {
            let Gathered { facts, document, .. } = gathered;
            let (index, name) = (number(site.sources.len()), display_name(&id, &facts));
            enter(&mut site.names.sources, &id, index, [&name], &facts.aliases);
            site.sources.push(SourceNode {
                id,
                name,
                facts,
                document,
                claims: Vec::new(),
                cited_for: Vec::new(),
                briefings: Vec::new(),
                linked_from: Vec::new(),
            });
        }
        for (id, gathered) in sorted(propositions, &collator, |_, x: &Proposition| x.text.clone()) {
            let Gathered { facts, document, .. } = gathered;
            let index = number(site.propositions.len());
            enter(&mut site.names.propositions, &id, index, [&facts.text], &facts.aliases);
            site.propositions.push(PropositionNode {
                id,
                name: facts.text,
                document,
                claims: Vec::new(),
                roots: Vec::new(),
                linked_from: Vec::new(),
            });
        }
        for (id, gathered) in sorted(topics, &collator, topic_name) {
            let Gathered { facts, document, .. } = gathered;
            let (index, name) = (number(site.topics.len()), topic_name(&id, &facts));
            enter(&mut site.names.topics, &id, index, [&name], &facts.aliases);
            site.topics.push(TopicNode {
                id,
                name,
                document,
                briefings: Vec::new(),
                claims: Vec::new(),
                linked_from: Vec::new(),
            });
        }
    }

    pub(super) fn enter_pages(&mut self, shown: &[Arc<Document>]) {
        let pages = facts_of(shown, |e| match e {
            Entry::Page(page) => Some(&**page),
            _ => None,
        });
        for (id, gathered) in from_files(pages, "page", &mut self.problems) {
            let index = number(self.site.pages.len());
            let document = gathered.document.expect("pages come from files alone");
            self.site.names.pages.enter_id(id.as_str(), index);
            self.site.names.pages.enter(&gathered.facts.title, index);
            self.site.pages.push(PageNode { document, linked_from: Vec::new() });
        }
    }

    pub(super) fn enter_briefings(&mut self, shown: &[Arc<Document>]) {
        let mut by_id: BTreeMap<&Id, &Arc<Document>> = BTreeMap::new();
        for document in shown.iter().filter(|d| d.briefing().is_some()) {
            if let Some(first) = by_id.get(&document.id) {
                self.problems.push(duplicate("briefing", document, first));
            } else {
                by_id.insert(&document.id, document);
            }
        }
        let mut briefings: Vec<BriefingNode> = by_id
            .into_values()
            .map(|document| BriefingNode {
                filing: document.briefing().and_then(|b| b.date.as_ref()?.filed_under()),
                document: Arc::clone(document),
                claims: Vec::new(),
                speakers: Vec::new(),
                territories: Vec::new(),
                sources: Vec::new(),
                topics: Vec::new(),
                linked_from: Vec::new(),
            })
            .collect();
        // They come by id, and the sort is stable.
        briefings.sort_by_key(|b| newest_first(b.filing));
        for (index, node) in indexed(&briefings) {
            self.site.names.briefings.enter_id(node.document.id.as_str(), index);
            self.site.names.briefings.enter(&node.facts().title, index);
        }
        self.site.briefings = briefings.into();
    }

    /// The entities that each briefing lists, and the lists of briefings there.
    pub(super) fn list_entities(&mut self) {
        let lists = self.find_for_each(self.site.briefings.len(), |finder, briefing| {
            let document = Arc::clone(&finder.site.briefings[briefing].document);
            let facts = document.briefing().expect("a briefing's node holds a briefing's document");
            let speakers = finder.listed(&document, &facts.speakers, |n| &n.speakers);
            let territories = finder.listed(&document, &facts.territories, |n| &n.territories);
            let sources = finder.listed(&document, &facts.sources, |n| &n.sources);
            let topics = finder.find_all(
                &document,
                "topic",
                |n| &n.topics,
                &facts.topics,
                || Pointer::root().key("topics"),
            );
            (speakers, territories, sources, topics)
        });
        let site = &mut self.site;
        for ((index, node), lists) in (0u32..).zip(&mut site.briefings).zip(lists) {
            (node.speakers, node.territories, node.sources, node.topics) = lists;
            for s in &node.speakers {
                site.speakers[*s as usize].briefings.push(index);
            }
            for t in &node.territories {
                site.territories[*t as usize].briefings.push(index);
            }
            for s in &node.sources {
                site.sources[*s as usize].briefings.push(index);
            }
            for t in &node.topics {
                site.topics[*t as usize].briefings.push(index);
            }
        }
    }

    fn listed<T: Described>(
        &mut self,
        document: &Arc<Document>,
        list: &[Listed<T>],
        register: fn(&Names) -> &Register,
    ) -> Vec<u32> {
        let mut found = Vec::with_capacity(list.len());
        for (i, one) in list.iter().enumerate() {
            let at = || Pointer::root().key(T::KEY).index(i);
            let id;
            let name = match one {
                Listed::Named { listed_as } => listed_as,
                Listed::Described(described) => match inline_id(&**described) {
                    Some(inline) => {
                        id = inline;
                        &*id
                    }
                    None => continue,
                },
            };
            if let Some(index) = self.find(document, T::KIND, register, name, at)
                && !found.contains(&index)
            {
                found.push(index);
            }
        }
        found
    }

    /// Numbers the claims, newest first.
    pub(super) fn enter_claims(&mut self) {
        type Place = (Reverse<Option<Filing>>, u32, u32);
        let of_each = self.find_for_each(self.site.briefings.len(), |finder, briefing| {
            let node = &finder.site.briefings[briefing];
            let mut order: Vec<(Place, Option<Filing>)> = Vec::new();
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for (n, claim) in node.facts().claims.iter().enumerate() {
                if claim.id.is_empty() {
                    continue;
                }
                if let Some(first) = seen.insert(&claim.id, n) {
                    let at = |n| {
                        node.document
                            .place(&Pointer::root().key("claims").index(n).key("id"), Aim::Value)
                    };
                    finder.problems.push(
                        Diagnostic::error(
                            "duplicate-id",
                            at(n),
                            format!("there are two claims `{}` in this briefing", claim.id),
                        )
                        .related(at(first), "the other one")
                        .hint("give one of them another id"),
                    );
                    continue;
                }
                let said = said_on(claim).and_then(Date::filed_under);
                order.push((
                    (newest_first(said.or(node.filing)), number(briefing), number(n)),
                    said,
                ));
            }
            order
        });
        let mut order: Vec<_> = of_each.flatten().collect();
        order.par_sort_unstable();
        let site = &mut self.site;
        let claims: Vec<ClaimNode> = order
            .par_iter()
            .map(|((Reverse(filing), briefing, number), said)| ClaimNode {
                briefing: *briefing,
                number: *number,
                said: *said,
                filing: *filing,
                ..ClaimNode::default()
            })
            .collect();
        site.claims = claims.into();
        let mut places: Vec<(u32, u32, u32)> = site
            .claims
            .par_iter()
            .enumerate()
            .map(|(index, node)| (node.briefing, node.number, number(index)))
            .collect();
        places.par_sort_unstable();
        for of_briefing in places.chunk_by(|(one, ..), (next, ..)| one == next) {
            let claims = of_briefing.iter().map(|(.., index)| *index).collect();
            site.briefings[of_briefing[0].0 as usize].claims = claims;
        }
    }
}

fn enter<'a>(
    register: &mut Register,
    id: &Id,
    index: u32,
    names: impl IntoIterator<Item = &'a String>,
    aliases: &'a [String],
) {
    register.enter_id(id.as_str(), index);
    for name in names.into_iter().chain(aliases) {
        register.enter(name, index);
    }
}

fn display_name<T: Described>(id: &Id, facts: &T) -> String {
    facts.name().map_or_else(|| spelled_out(id), str::to_owned)
}

fn topic_name(id: &Id, facts: &Topic) -> String {
    facts.name.as_deref().map_or_else(|| spelled_out(id), str::to_owned)
}

/// An id as words, for what has no name: `grain-reserves` is `Grain reserves`.
fn spelled_out(id: &Id) -> String {
    let words = id.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Topics and propositions need no file: what is filed under one makes it.
fn imply(
    shown: &[Arc<Document>],
    propositions: &mut BTreeMap<Id, Gathered<Proposition>>,
    topics: &mut BTreeMap<Id, Gathered<Topic>>,
) {
    let known = |names: Vec<String>| names.into_iter().map(|n| fold(&n)).collect::<BTreeSet<_>>();
    let known_topics = known(
        topics
            .iter()
            .flat_map(|(id, t)| {
                let names =
                    t.facts.aliases.iter().map(String::as_str).chain(t.facts.name.as_deref());
                names.chain([id.as_str()]).map(str::to_owned)
            })
            .collect(),
    );
    let known_propositions = known(
        propositions
            .iter()
            .flat_map(|(id, p)| {
                p.facts.aliases.iter().cloned().chain([p.facts.text.clone(), id.to_string()])
            })
            .collect(),
    );
    for briefing in shown.iter().filter_map(|d| d.briefing()) {
        for name in briefing.topics.iter().chain(briefing.claims.iter().flat_map(|c| &c.topics)) {
            if known_topics.contains(&fold(name)) {
                continue;
            }
            if let Some(id) = Id::from_name(name).and_then(|id| Id::parse(id.as_str()).ok()) {
                let is_id = id.as_str() == name;
                let facts =
                    Topic { name: (!is_id).then(|| name.as_str().into()), ..Topic::default() };
                topics.entry(id).or_insert_with(|| Gathered::implied(facts));
            }
        }
        for claim in &briefing.claims {
            let Some(name) =
                claim.proposition.as_ref().filter(|p| !known_propositions.contains(&fold(p)))
            else {
                continue;
            };
            if let Some(id) = Id::from_name(name).and_then(|id| Id::parse(id.as_str()).ok()) {
                let facts = Proposition {
                    text: claim.text.clone(),
                    aliases: vec![name.to_string()],
                    ..Proposition::default()
                };
                propositions.entry(id).or_insert_with(|| Gathered::implied(facts));
            }
        }
    }
}

/// Entities in the order of their names in a language, then of their ids.
fn sorted<T>(
    all: BTreeMap<Id, Gathered<T>>,
    collator: &Collator,
    name: impl Fn(&Id, &T) -> String,
) -> Vec<(Id, Gathered<T>)> {
    let mut all: Vec<(String, Id, Gathered<T>)> =
        all.into_iter().map(|(id, g)| (name(&id, &g.facts), id, g)).collect();
    all.sort_by(|a, b| collator.compare(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
    all.into_iter().map(|(_, id, g)| (id, g)).collect()
}
