//! Makes every reference an index, and the list at its other end.

use super::join::{Joiner, indexed, newest_first, number};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::entities::inline_id;
use super::links::{self, Target};
use super::names::{Names, Register};
use super::site::{Entity, Filing, LinkNode, SpeakerNode};
use super::standing::{root, takes_back};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::id::fold;
use crate::model::briefing::Listed;
use crate::model::claim::RelationKind;
use crate::parse::document::{Document, Target as Mark};
use crate::pointer::{Aim, Pointer};

/// Whom a claim names; see [`ClaimNode`](super::site::ClaimNode).
struct Named {
    chain: Box<[LinkNode]>,
    about: Box<[u32]>,
    territories: Box<[u32]>,
    topics: Box<[u32]>,
    proposition: Option<u32>,
    evidence: Box<[Option<u32>]>,
    /// Whether it does something to other claims.
    has_relations: bool,
}

impl Joiner {
    /// What entities say of each other in their files.
    pub(super) fn join_entities(&mut self) {
        for s in 0..self.site.speakers.len() {
            let affiliation = self.site.speakers[s].facts.affiliation.as_deref();
            // Plain words may stand here, so that nobody of that name is fine.
            let found = affiliation.and_then(|name| self.site.names.speakers.one(name));
            if let Some(org) = found.filter(|org| *org as usize != s) {
                self.site.speakers[s].affiliation = Some(org);
                self.site.speakers[org as usize].members.push(number(s));
            }
        }
        for t in 0..self.site.territories.len() {
            for p in 0..self.site.territories[t].facts.part_of.len() {
                let id = self.site.territories[t].facts.part_of[p].id.clone();
                let document = self.site.territories[t].document.clone();
                let found = match &document {
                    Some(document) => {
                        let at = || Pointer::root().key("part_of").index(p).key("id");
                        self.find(document, "territory", |n| &n.territories, &id, at)
                    }
                    None => self.find_inline(t, p, &id),
                };
                if let Some(whole) = found {
                    self.site.territories[t].part_of[p] = Some(whole);
                    self.site.territories[whole as usize].parts.push((number(t), number(p)));
                }
            }
        }
        self.mention_in_facts();
        for t in 0..self.site.territories.len() {
            if self.is_part_of_itself(t) {
                let node = &self.site.territories[t];
                if let Some(document) = &node.document {
                    let place = document.place(&Pointer::root().key("part_of"), Aim::Value);
                    self.problems.push(
                        Diagnostic::error(
                            "part-of-itself",
                            place,
                            format!("`{}` would be part of itself", node.id),
                        )
                        .hint("take one of the territories out of the circle"),
                    );
                }
            }
        }
    }

    /// Speakers and sources that the facts of other entities name, where plain
    /// words may stand too.
    pub(super) fn mention_in_facts(&mut self) {
        let mut named: Vec<(Entity, String)> = Vec::new();
        let mut sources: Vec<(Entity, String)> = Vec::new();
        for (s, node) in indexed(&self.site.speakers) {
            let orgs = node.facts.posts.iter().filter_map(|p| p.org.clone());
            named.extend(orgs.map(|org| (Entity::Speaker(s), org.into())));
        }
        for (t, node) in indexed(&self.site.territories) {
            let from = Entity::Territory(t);
            for hold in node.facts.claimed_by.iter().chain(&node.facts.controlled_by) {
                named.push((from, hold.by.clone()));
                sources.extend(hold.source.clone().map(|source| (from, source.into())));
            }
            let accepted = node.facts.part_of.iter().flat_map(|p| &p.accepted_by);
            named.extend(accepted.map(|by| (from, by.clone())));
        }
        for (s, node) in indexed(&self.site.sources) {
            let authors = node.facts.author.iter().map(String::as_str);
            let makers = authors.chain(node.facts.publisher.as_deref());
            named.extend(makers.map(|by| (Entity::Source(s), by.to_owned())));
        }
        for (from, name) in named {
            self.mention_if_known(from, &name);
        }
        for (from, name) in sources {
            let source = self.site.names.sources.one(&name);
            self.mentions.extend(source.map(|source| (Entity::Source(source), from)));
        }
    }

    /// A whole that a territory described inline is part of.
    pub(super) fn find_inline(&mut self, territory: usize, part: usize, name: &str) -> Option<u32> {
        if let Some(found) = self.site.names.territories.one(name) {
            return Some(found);
        }
        let id = self.site.territories[territory].id.clone();
        let places: Vec<(Arc<Document>, usize)> = self.site.territories[territory]
            .briefings
            .iter()
            .filter_map(|b| {
                let document = &self.site.briefings[*b as usize].document;
                let listed = &document.briefing()?.territories;
                let at = listed.iter().position(|l| match l {
                    Listed::Described(d) => {
                        inline_id(&**d).as_deref() == Some(id.as_str()) && !d.part_of.is_empty()
                    }
                    Listed::Named { .. } => false,
                })?;
                Some((Arc::clone(document), at))
            })
            .collect();
        let (document, at) = places.into_iter().next()?;
        let at =
            || Pointer::root().key("territories").index(at).key("part_of").index(part).key("id");
        self.find(&document, "territory", |n| &n.territories, name, at)
    }

    /// Whom each claim names, and the lists of claims there. The claims that do
    /// something to others.
    pub(super) fn join_claims(&mut self) -> Vec<u32> {
        let named = self.find_for_each(self.site.claims.len(), Self::whom_it_names);
        let mut related = Vec::new();
        let site = &mut self.site;
        for ((index, node), named) in (0u32..).zip(&mut site.claims).zip(named) {
            node.chain = named.chain;
            node.about = named.about;
            node.territories = named.territories;
            node.topics = named.topics;
            node.proposition = named.proposition;
            node.evidence = named.evidence;
            list_in_speakers(&mut site.speakers, index, &node.chain, &node.about);
            for t in &node.territories {
                site.territories[*t as usize].claims.push(index);
            }
            for t in &node.topics {
                site.topics[*t as usize].claims.push(index);
            }
            if let Some(p) = node.proposition {
                site.propositions[p as usize].claims.push(index);
            }
            for s in unique(node.chain.iter().filter_map(|link| link.source)) {
                site.sources[s as usize].claims.push(index);
            }
            for s in unique(node.evidence.iter().flatten().copied()) {
                site.sources[s as usize].cited_for.push(index);
            }
            if named.has_relations {
                related.push(index);
            }
        }
        self.list_claims_within();
        self.list_roots();
        related
    }

    /// Whom a claim names.
    fn whom_it_names(&mut self, c: usize) -> Named {
        let (b, n) = (self.site.claims[c].briefing as usize, self.site.claims[c].number as usize);
        let document = Arc::clone(&self.site.briefings[b].document);
        let claim = &document.briefing().expect("a briefing's document").claims[n];
        let from = Entity::Claim(number(c));
        let at = || Pointer::root().key("claims").index(n);
        let speakers: fn(&Names) -> &Register = |names| &names.speakers;
        let sources: fn(&Names) -> &Register = |names| &names.sources;
        let mut chain = Vec::with_capacity(claim.attribution.len());
        for (l, link) in claim.attribution.iter().enumerate() {
            let at = || at().key("attribution").index(l);
            let by = self.find_all(&document, "speaker", speakers, &link.by, || at().key("by"));
            let to = self.find_all(&document, "speaker", speakers, &link.to, || at().key("to"));
            let source = link.source.as_ref().and_then(|name| {
                self.find(&document, "source", sources, name, || at().key("source"))
            });
            chain.push(LinkNode { by: by.into(), to: to.into(), source });
        }
        let about =
            self.find_all(&document, "speaker", speakers, &claim.about, || at().key("about"));
        let territories = self.find_all(
            &document,
            "territory",
            |n| &n.territories,
            &claim.territories,
            || at().key("territories"),
        );
        let topics =
            self.find_all(&document, "topic", |n| &n.topics, &claim.topics, || at().key("topics"));
        let proposition = claim.proposition.as_ref().and_then(|name| {
            self.find(
                &document,
                "proposition",
                |n| &n.propositions,
                name,
                || at().key("proposition"),
            )
        });
        let mut evidence = Vec::with_capacity(claim.evidence.len());
        for (e, one) in claim.evidence.iter().enumerate() {
            let at = || at().key("evidence").index(e);
            evidence
                .push(self.find(&document, "source", sources, &one.source, || at().key("source")));
            self.mention_all(from, &document, &one.by, || at().key("by"));
        }
        for (q, words) in claim.quotes.iter().enumerate() {
            if let Some(of) = &words.of {
                self.mention(from, &document, of, || at().key("quotes").index(q).key("of"));
            }
        }
        for (h, words) in claim.hedges.iter().enumerate() {
            if let Some(of) = words.of.as_deref().filter(|of| *of != "author") {
                self.mention(from, &document, of, || at().key("hedges").index(h).key("of"));
            }
        }
        for source in claim.factuality.keys().filter(|s| *s != "author") {
            self.mention(from, &document, source, || at().key("factuality").key(source.clone()));
        }
        for review in &claim.reviews {
            self.mention_if_known(from, &review.by);
        }
        self.look_for_missing_speaker(&document, n);
        let has_relations = !claim.relations.is_empty();
        Named {
            chain: chain.into(),
            about: about.into(),
            territories: territories.into(),
            topics: topics.into(),
            proposition,
            evidence: evidence.into(),
            has_relations,
        }
    }

    /// Claims about what is part of a territory, at any depth.
    pub(super) fn list_claims_within(&mut self) {
        let site = &mut self.site;
        for t in 0..site.territories.len() {
            if site.territories[t].parts.is_empty() {
                continue;
            }
            let mut seen = BTreeSet::from([number(t)]);
            let mut open = vec![number(t)];
            let mut claims = Vec::new();
            while let Some(part) = open.pop() {
                for (below, _) in &site.territories[part as usize].parts {
                    if seen.insert(*below) {
                        open.push(*below);
                        claims.extend(site.territories[*below as usize].claims.iter().copied());
                    }
                }
            }
            claims.sort_unstable();
            claims.dedup();
            let own = &site.territories[t].claims;
            claims.retain(|claim| own.binary_search(claim).is_err());
            site.territories[t].claims_within = claims;
        }
    }

    pub(super) fn list_roots(&mut self) {
        let site = &mut self.site;
        for node in &mut site.propositions {
            let mut roots = BTreeMap::new();
            for claim in &node.claims {
                if let Some(root) = root(&site.claims[*claim as usize]) {
                    roots.entry(root).or_insert(*claim);
                }
            }
            node.roots = roots.into_iter().collect();
        }
    }

    /// What these claims do to others.
    pub(super) fn join_relations(&mut self, related: &[u32]) {
        let mut incoming = Vec::new();
        for c in related.iter().map(|c| *c as usize) {
            let (b, n) =
                (self.site.claims[c].briefing as usize, self.site.claims[c].number as usize);
            let document = Arc::clone(&self.site.briefings[b].document);
            let claim = &document.briefing().expect("a briefing's document").claims[n];
            for (r, relation) in claim.relations.iter().enumerate() {
                let at = || Pointer::root().key("claims").index(n).key("relations").index(r);
                let from = Entity::Claim(number(c));
                self.mention_all(from, &document, &relation.by, || at().key("by"));
                if let Some(source) = &relation.source
                    && let Some(source) = self.find(
                        &document,
                        "source",
                        |n| &n.sources,
                        source,
                        || at().key("source"),
                    )
                {
                    self.mentions.push((Entity::Source(source), from));
                }
                if relation.target.is_empty() {
                    continue;
                }
                match links::claim(&self.site, &document, &relation.target) {
                    Ok(Entity::Claim(target)) if target as usize == c => {
                        let place = document.place(&at().key("target"), Aim::Value);
                        self.problems.push(
                            Diagnostic::error(
                                "relation-to-itself",
                                place,
                                format!(
                                    "the claim `{}` cannot stand in a relation to itself",
                                    claim.id
                                ),
                            )
                            .hint("name the other claim"),
                        );
                    }
                    Ok(Entity::Claim(target)) => {
                        if relation.kind == RelationKind::Retracts
                            && !takes_back(&self.site, number(c), target)
                        {
                            let place = document.place(&at().key("type"), Aim::Value);
                            self.problems.push(
                                Diagnostic::warning(
                                    "retraction-by-another",
                                    place,
                                    format!("nobody who said `{}` says this", relation.target),
                                )
                                .hint("only who said something can take it back; is it `refutes`?"),
                            );
                        }
                        self.site.claims[c].relations.push((relation.kind, target, number(r)));
                        incoming.push((target, relation.kind, number(c), number(r)));
                    }
                    Ok(_) => {}
                    Err(dead) => {
                        let place = document.place(&at().key("target"), Aim::Value);
                        self.problems.push(self.dead(dead, place, &document, &relation.target));
                    }
                }
            }
        }
        for (target, kind, from, which) in incoming {
            self.site.claims[target as usize].incoming.push((kind, from, which));
        }
    }

    /// Links in the texts, corrections, and loaded words.
    pub(super) fn join_texts(&mut self) {
        self.join_corrections();
        self.join_terms();
        let all: Vec<Entity> = self.site.entities().collect();
        self.find_for_each(all.len(), |finder, index| {
            let from = all[index];
            let Some(document) = finder.site.document(from).cloned() else { return };
            for link in &document.links {
                match links::follow(&finder.site, &document, &link.destination, link.is_wikilink) {
                    Ok(Target::Entity(to, _)) if to != from => finder.mentions.push((to, from)),
                    Ok(_) => {}
                    Err(dead) => {
                        let place = document.body_place(&link.range);
                        let dead = finder.dead(dead, place, &document, &link.destination);
                        finder.problems.push(dead);
                    }
                }
            }
        })
        .for_each(drop);
        let mut linked = std::mem::take(&mut self.mentions);
        linked.par_sort_unstable();
        linked.dedup();
        for (to, from) in linked {
            let i = |i: u32| i as usize;
            let site = &mut self.site;
            let list = match to {
                Entity::Briefing(x) => &mut site.briefings[i(x)].linked_from,
                Entity::Claim(x) => &mut site.claims[i(x)].linked_from,
                Entity::Speaker(x) => &mut site.speakers[i(x)].linked_from,
                Entity::Territory(x) => &mut site.territories[i(x)].linked_from,
                Entity::Source(x) => &mut site.sources[i(x)].linked_from,
                Entity::Proposition(x) => &mut site.propositions[i(x)].linked_from,
                Entity::Topic(x) => &mut site.topics[i(x)].linked_from,
                Entity::Page(x) => &mut site.pages[i(x)].linked_from,
            };
            list.push(from);
        }
    }

    pub(super) fn join_corrections(&mut self) {
        let found = self.find_for_each(self.site.briefings.len(), |finder, b| {
            let document = Arc::clone(&finder.site.briefings[b].document);
            finder.corrections_of(number(b), &document)
        });
        let mut corrections: Vec<_> = found.flatten().collect();
        corrections.sort();
        let corrections: Vec<(u32, u32)> =
            corrections.into_iter().map(|(_, b, n)| (b, n)).collect();
        self.site.corrections = corrections.into();
    }

    /// The corrections of a briefing, with what they are sorted by. Also looks at
    /// its dates, and at whose voice its loaded words stand in.
    fn corrections_of(
        &mut self,
        briefing: u32,
        document: &Document,
    ) -> Vec<(Reverse<Option<Filing>>, u32, u32)> {
        let facts = document.briefing().expect("a briefing's document");
        let at = Pointer::root().key("date");
        // What is written there and no date has been reported as that.
        if facts.date.is_none() && !document.says(&at) {
            self.problems.push(
                Diagnostic::warning(
                    "undated-briefing",
                    document.place(&at, Aim::Key),
                    "this briefing has no date",
                )
                .hint("add `date:`; as little as a year will do"),
            );
        }
        self.look_for_future_dates(document);
        let mut corrections = Vec::with_capacity(facts.corrections.len());
        for (n, correction) in facts.corrections.iter().enumerate() {
            let filing = correction.date.as_ref().and_then(Date::filed_under);
            corrections.push((newest_first(filing), briefing, number(n)));
            for (i, claim) in correction.claims.iter().enumerate() {
                match links::claim(&self.site, document, claim) {
                    Ok(claim) => self.mentions.push((claim, Entity::Briefing(briefing))),
                    Err(dead) => {
                        let at = Pointer::root().key("corrections").index(n).key("claims").index(i);
                        let place = document.place(&at, Aim::Value);
                        self.problems.push(self.dead(dead, place, document, claim));
                    }
                }
            }
        }
        for (t, term) in facts.terms.iter().enumerate() {
            if let Some(voice) = term.voice.as_deref().filter(|v| *v != "author") {
                let at = || Pointer::root().key("terms").index(t).key("voice");
                self.mention(Entity::Briefing(briefing), document, voice, at);
            }
        }
        corrections
    }

    /// A loaded word is used of a territory when it contains its name, or
    /// stands within the words of a claim that concerns it.
    pub(super) fn join_terms(&mut self) {
        let site = &mut self.site;
        for b in 0..site.briefings.len() {
            let node = &site.briefings[b];
            if node.facts().terms.is_empty() {
                continue;
            }
            let document = Arc::clone(&node.document);
            for found in &document.anchors {
                let Mark::Term { term } = found.target else { continue };
                let words = fold(&node.facts().terms[term as usize].selector.exact);
                let mut used_of = BTreeSet::new();
                for number in document.claims_around(*found) {
                    let claim =
                        node.claims.iter().find(|c| site.claims[**c as usize].number == number);
                    used_of.extend(
                        claim.into_iter().flat_map(|c| &site.claims[*c as usize].territories),
                    );
                }
                for t in &node.territories {
                    let territory = &site.territories[*t as usize];
                    let mut names =
                        std::iter::once(&territory.name).chain(&territory.facts.aliases);
                    if names.any(|name| format!(" {words} ").contains(&format!(" {} ", fold(name))))
                    {
                        used_of.insert(*t);
                    }
                }
                for t in used_of {
                    site.territories[t as usize].terms.push((number(b), term));
                }
            }
        }
    }
}

/// A claim is *said* by those whom its chain ends at, *relayed* by those
/// before, *told* to those whom they addressed, and *about* whom it names.
fn list_in_speakers(speakers: &mut [SpeakerNode], claim: u32, chain: &[LinkNode], about: &[u32]) {
    let last = chain.iter().rposition(|link| !link.by.is_empty());
    let said: &[u32] = last.map_or(&[], |last| &chain[last].by);
    let relayed =
        unique(chain[..last.unwrap_or(0)].iter().flat_map(|link| link.by.iter().copied()));
    for s in said {
        speakers[*s as usize].said.push(claim);
    }
    for s in relayed.iter().filter(|s| !said.contains(s)) {
        speakers[*s as usize].relayed.push(claim);
    }
    for s in about {
        speakers[*s as usize].about.push(claim);
    }
    for s in unique(chain.iter().flat_map(|link| link.to.iter().copied())) {
        speakers[s as usize].told.push(claim);
    }
}

/// These, each once, in order.
fn unique(items: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut items: Vec<u32> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}
