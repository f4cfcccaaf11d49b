//! Joins the documents: every reference an index, every back reference a list.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entities::{
    Described, Gathered, add_inline, duplicate, facts_of, from_files, inline_id,
};
use super::links::{self, Target};
use super::names::{Found, Names, Register};
use super::publication::{Terms, divide};
use super::site::{
    BriefingNode, ClaimNode, Entity, Filing, LinkNode, PageNode, PropositionNode, Site, SourceNode,
    SpeakerNode, TerritoryNode, TopicNode, said_on,
};
use super::standing::{root, takes_back};
use crate::date::{self, Date, Day};
use crate::diagnostic::{Checked, Diagnostic};
use crate::id::{Id, fold};
use crate::model::briefing::Listed;
use crate::model::claim::RelationKind;
use crate::model::config::Config;
use crate::model::proposition::Proposition;
use crate::model::source::Source;
use crate::model::speaker::Speaker;
use crate::model::territory::Territory;
use crate::model::topic::Topic;
use crate::parse::document::{Document, Entry, Target as Mark};
use crate::pointer::{Aim, Pointer};
use crate::suggest::nearest;

/// Joins documents into a site.
///
/// The order of `documents` does not matter; they are told apart by path. What
/// must not be published at `terms.now` is left out first.
pub fn resolve(config: &Arc<Config>, documents: &[Arc<Document>], terms: Terms) -> Checked<Site> {
    let mut documents = documents.to_vec();
    documents.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    let divided = divide(&documents, terms);
    let mut joiner = Joiner {
        // The latest day that it can be anywhere on Earth.
        today: date::day_of(terms.now + 14 * 3600),
        hidden: names_of(&divided.hidden),
        site: Site { config: Arc::clone(config), withheld: divided.withheld, ..Site::default() },
        problems: Vec::new(),
        mentions: Vec::new(),
    };
    joiner.enter_entities(&divided.shown);
    joiner.enter_briefings(&divided.shown);
    joiner.enter_claims();
    joiner.join_entities();
    joiner.join_claims();
    joiner.join_relations();
    joiner.join_texts();
    joiner.check_former_ids();
    joiner.look_for_slips();
    Checked { value: joiner.site, diagnostics: joiner.problems }
}

/// Ids and names of what is not published, so that a reference to one can say
/// so; by kind and folded name.
type Hidden = BTreeSet<(&'static str, String)>;

struct Joiner {
    /// The day of the one "now".
    today: Day,
    site: Site,
    hidden: Hidden,
    problems: Vec<Diagnostic>,
    /// Who is mentioned by whom, other than in a list that has a place of its
    /// own on the page of the one mentioned.
    mentions: Vec<(Entity, Entity)>,
}

/// A list's length or an index into it, as the graph keeps it.
fn number(n: usize) -> u32 {
    u32::try_from(n).expect("a site has fewer than four billion entities")
}

fn indexed<T>(list: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0u32..).zip(list)
}

/// Newest first; what has no date comes last. The less of a date is known, the
/// earlier it counts.
fn newest_first(filing: Option<Filing>) -> Reverse<Option<Filing>> {
    Reverse(filing)
}

impl Joiner {
    fn enter_entities(&mut self, shown: &[Arc<Document>]) {
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
            x.sort_name.clone().unwrap_or_else(|| display_name(id, x))
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

    fn enter_pages(&mut self, shown: &[Arc<Document>]) {
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

    fn enter_briefings(&mut self, shown: &[Arc<Document>]) {
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
        briefings.sort_by_key(|b| newest_first(b.filing()));
        for (index, node) in indexed(&briefings) {
            self.site.names.briefings.enter_id(node.document.id.as_str(), index);
            self.site.names.briefings.enter(&node.facts().title, index);
        }
        self.site.briefings = briefings;
        for briefing in 0..self.site.briefings.len() {
            self.list_entities(briefing);
        }
    }

    /// The entities that a briefing lists, and the lists of briefings there.
    fn list_entities(&mut self, briefing: usize) {
        let document = Arc::clone(&self.site.briefings[briefing].document);
        let facts = document.briefing().expect("a briefing's node holds a briefing's document");
        let speakers = self.listed(&document, &facts.speakers, |n| &n.speakers);
        let territories = self.listed(&document, &facts.territories, |n| &n.territories);
        let sources = self.listed(&document, &facts.sources, |n| &n.sources);
        let topics = self.find_all(
            &document,
            "topic",
            |n| &n.topics,
            &facts.topics,
            || Pointer::root().key("topics"),
        );
        let index = number(briefing);
        for s in &speakers {
            self.site.speakers[*s as usize].briefings.push(index);
        }
        for t in &territories {
            self.site.territories[*t as usize].briefings.push(index);
        }
        for s in &sources {
            self.site.sources[*s as usize].briefings.push(index);
        }
        for t in &topics {
            self.site.topics[*t as usize].briefings.push(index);
        }
        let node = &mut self.site.briefings[briefing];
        (node.speakers, node.territories, node.sources, node.topics) =
            (speakers, territories, sources, topics);
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
            let name = match one {
                Listed::Named { listed_as } => listed_as.clone(),
                Listed::Described(described) => match inline_id(&**described) {
                    Some(id) => id.to_string(),
                    None => continue,
                },
            };
            if let Some(index) = self.find(document, T::KIND, register, &name, at)
                && !found.contains(&index)
            {
                found.push(index);
            }
        }
        found
    }

    /// Whom a name means; says so where it means nobody, or more than one.
    fn find(
        &mut self,
        document: &Document,
        kind: &'static str,
        register: fn(&Names) -> &Register,
        name: &str,
        at: impl FnOnce() -> Pointer,
    ) -> Option<u32> {
        if name.is_empty() {
            // It has been reported as empty, or as of the wrong type.
            return None;
        }
        let register = register(&self.site.names);
        let several = match register.find(name) {
            Found::One(index) => return Some(index),
            Found::Several(several) => several,
            Found::Nobody => Vec::new(),
        };
        let at = at();
        // A table's keys are names, such as those under `factuality:`.
        let aim = if at.is_named(name) { Aim::Key } else { Aim::Value };
        let place = document.place(&at, aim);
        let problem = if !several.is_empty() {
            let ids: Vec<String> =
                several.iter().map(|i| format!("`{}`", self.id_of(kind, *i))).collect();
            Diagnostic::error(
                "ambiguous-name",
                place,
                format!("`{name}` is the name of more than one {kind}"),
            )
            .hint(format!("write the id: {}", ids.join(" or ")))
        } else if self.hidden.contains(&(kind, fold(name))) {
            Diagnostic::error(
                "not-published",
                place,
                format!("the {kind} `{name}` is not published"),
            )
            .hint("publish it, or hold this back as well")
        } else {
            let said = match kind {
                "speaker" => format!("no speaker is called `{name}`"),
                _ => format!("no {kind} is called `{name}`"),
            };
            let folder = match kind {
                "territory" => "territories".to_owned(),
                _ => format!("{kind}s"),
            };
            let near = register.nearest(name);
            let or = if near.is_some() { "or " } else { "" };
            let file = Id::from_name(name).map(|id| format!("{or}add `content/{folder}/{id}.md`"));
            Diagnostic::error(links::unknown(kind), place, said)
                .maybe_hint(near.map(|near| format!("did you mean `{near}`?")))
                .maybe_hint(file)
        };
        self.problems.push(problem);
        None
    }

    fn find_all(
        &mut self,
        document: &Document,
        kind: &'static str,
        register: fn(&Names) -> &Register,
        names: &[String],
        at: impl Fn() -> Pointer,
    ) -> Vec<u32> {
        let mut found = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            if let Some(index) = self.find(document, kind, register, name, || at().index(i))
                && !found.contains(&index)
            {
                found.push(index);
            }
        }
        found
    }

    fn id_of(&self, kind: &str, index: u32) -> &Id {
        let i = index as usize;
        match kind {
            "speaker" => &self.site.speakers[i].id,
            "territory" => &self.site.territories[i].id,
            "source" => &self.site.sources[i].id,
            "proposition" => &self.site.propositions[i].id,
            "topic" => &self.site.topics[i].id,
            _ => &self.site.briefings[i].document.id,
        }
    }

    /// Numbers the claims, newest first.
    fn enter_claims(&mut self) {
        let mut order: Vec<(Reverse<Option<Filing>>, u32, u32)> = Vec::new();
        for (b, node) in indexed(&self.site.briefings) {
            let facts = node.facts();
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for (n, claim) in facts.claims.iter().enumerate() {
                if claim.id.is_empty() {
                    continue;
                }
                if let Some(first) = seen.insert(&claim.id, n) {
                    let at = |n| {
                        node.document
                            .place(&Pointer::root().key("claims").index(n).key("id"), Aim::Value)
                    };
                    self.problems.push(
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
                let filing = said_on(claim).and_then(Date::filed_under).or_else(|| node.filing());
                order.push((newest_first(filing), b, number(n)));
            }
        }
        order.sort_unstable();
        let site = &mut self.site;
        for (index, (_, briefing, claim)) in indexed(&order) {
            let id = &site.briefings[*briefing as usize].facts().claims[*claim as usize].id;
            let name = format!("{}/{id}", site.briefings[*briefing as usize].document.id);
            site.names.claims.insert(name.into(), index);
            site.briefings[*briefing as usize].claims.push(index);
            site.claims.push(ClaimNode {
                briefing: *briefing,
                number: *claim,
                ..ClaimNode::default()
            });
        }
        for b in &mut site.briefings {
            b.claims.sort_unstable_by_key(|c| site.claims[*c as usize].number);
        }
    }

    /// What entities say of each other in their files.
    fn join_entities(&mut self) {
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
    fn mention_in_facts(&mut self) {
        let mut named: Vec<(Entity, String)> = Vec::new();
        let mut sources: Vec<(Entity, String)> = Vec::new();
        for (s, node) in indexed(&self.site.speakers) {
            let orgs = node.facts.posts.iter().filter_map(|p| p.org.clone());
            named.extend(orgs.map(|org| (Entity::Speaker(s), org)));
        }
        for (t, node) in indexed(&self.site.territories) {
            let from = Entity::Territory(t);
            for hold in node.facts.claimed_by.iter().chain(&node.facts.controlled_by) {
                named.push((from, hold.by.clone()));
                sources.extend(hold.source.clone().map(|source| (from, source)));
            }
            let accepted = node.facts.part_of.iter().flat_map(|p| &p.accepted_by);
            named.extend(accepted.map(|by| (from, by.clone())));
        }
        for (s, node) in indexed(&self.site.sources) {
            let makers = node.facts.author.iter().chain(&node.facts.publisher);
            named.extend(makers.map(|by| (Entity::Source(s), by.clone())));
        }
        for (from, name) in named {
            self.mention_if_known(from, &name);
        }
        for (from, name) in sources {
            let source = self.site.names.sources.one(&name);
            self.mentions.extend(source.map(|source| (Entity::Source(source), from)));
        }
    }

    /// A speaker who is named in passing; an unknown one is reported.
    fn mention(
        &mut self,
        from: Entity,
        document: &Document,
        name: &str,
        at: impl FnOnce() -> Pointer,
    ) {
        let found = self.find(document, "speaker", |n| &n.speakers, name, at);
        self.mentions.extend(found.map(|speaker| (Entity::Speaker(speaker), from)));
    }

    fn mention_all(
        &mut self,
        from: Entity,
        document: &Document,
        names: &[String],
        at: impl Fn() -> Pointer,
    ) {
        for (i, name) in names.iter().enumerate() {
            self.mention(from, document, name, || at().index(i));
        }
    }

    /// A speaker who is named where plain words may stand too.
    fn mention_if_known(&mut self, from: Entity, name: &str) {
        if let Some(speaker) = self.site.names.speakers.one(name)
            && from != Entity::Speaker(speaker)
        {
            self.mentions.push((Entity::Speaker(speaker), from));
        }
    }

    /// A whole that a territory described inline is part of.
    fn find_inline(&mut self, territory: usize, part: usize, name: &str) -> Option<u32> {
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
                        inline_id(&**d).as_ref() == Some(&id) && !d.part_of.is_empty()
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

    fn is_part_of_itself(&self, territory: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![number(territory)];
        while let Some(t) = open.pop() {
            for whole in self.site.territories[t as usize].part_of.iter().flatten() {
                if *whole as usize == territory {
                    return true;
                }
                if seen.insert(*whole) {
                    open.push(*whole);
                }
            }
        }
        false
    }

    /// Whom each claim names, and the lists of claims there.
    fn join_claims(&mut self) {
        for c in 0..self.site.claims.len() {
            let (b, n) =
                (self.site.claims[c].briefing as usize, self.site.claims[c].number as usize);
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
                chain.push(LinkNode { by, to, source });
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
            let topics = self.find_all(
                &document,
                "topic",
                |n| &n.topics,
                &claim.topics,
                || at().key("topics"),
            );
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
                evidence.push(
                    self.find(&document, "source", sources, &one.source, || at().key("source")),
                );
                self.mention_all(from, &document, &one.by, || at().key("by"));
            }
            for (q, words) in claim.quotes.iter().enumerate() {
                if let Some(of) = &words.of {
                    self.mention(from, &document, of, || at().key("quotes").index(q).key("of"));
                }
            }
            for (h, words) in claim.hedges.iter().enumerate() {
                if let Some(of) = words.of.as_ref().filter(|of| *of != "author") {
                    self.mention(from, &document, of, || at().key("hedges").index(h).key("of"));
                }
            }
            for source in claim.factuality.keys().filter(|s| *s != "author") {
                self.mention(from, &document, source, || {
                    at().key("factuality").key(source.clone())
                });
            }
            for review in &claim.reviews {
                self.mention_if_known(from, &review.by);
            }
            self.look_for_missing_speaker(&document, n);
            let index = number(c);
            let site = &mut self.site;
            list_in_speakers(site, index, &chain, &about);
            for t in &territories {
                site.territories[*t as usize].claims.push(index);
            }
            for t in &topics {
                site.topics[*t as usize].claims.push(index);
            }
            if let Some(p) = proposition {
                site.propositions[p as usize].claims.push(index);
            }
            for s in unique(chain.iter().filter_map(|link| link.source)) {
                site.sources[s as usize].claims.push(index);
            }
            for s in unique(evidence.iter().flatten().copied()) {
                site.sources[s as usize].cited_for.push(index);
            }
            let node = &mut site.claims[c];
            node.chain = chain;
            node.about = about;
            node.territories = territories;
            node.topics = topics;
            node.proposition = proposition;
            node.evidence = evidence;
        }
        self.list_claims_within();
        self.list_roots();
    }

    /// A quotation that nobody is named for, and a statement about somebody in
    /// the text's own voice.
    fn look_for_missing_speaker(&mut self, document: &Document, n: usize) {
        let claim = &document.briefing().expect("a briefing's document").claims[n];
        if claim.attribution.iter().any(|link| !link.by.is_empty()) {
            return;
        }
        let at = Pointer::root().key("claims").index(n);
        let problem = if claim.quotes.is_empty() {
            if claim.about.is_empty() {
                return;
            }
            let place = document.place(&at.key("attribution"), Aim::Key);
            Diagnostic::warning(
                "dropped-attribution",
                place,
                format!("nobody is named for the claim `{}`, which is about somebody", claim.id),
            )
            .hint("say under `attribution:` who says so, if the text does")
        } else {
            let place = document.place(&at.key("quotes").index(0).key("exact"), Aim::Value);
            Diagnostic::warning(
                "quotation-without-speaker",
                place,
                format!("nobody is named for the words quoted for the claim `{}`", claim.id),
            )
            .hint("say under `attribution:` whose words they are, if the text does")
        };
        self.problems.push(problem);
    }

    /// What was said or written cannot have been so after the build's "now".
    fn look_for_future_dates(&mut self, document: &Document) {
        let facts = document.briefing().expect("a briefing's document");
        let today = self.today;
        let is_future = |date: &Date| date.first().is_some_and(|first| first > today);
        let mut found: Vec<Pointer> = Vec::new();
        let mut look = |date: &Option<Date>, at: &dyn Fn() -> Pointer| {
            if date.as_ref().is_some_and(is_future) {
                found.push(at());
            }
        };
        look(&facts.date, &|| Pointer::root().key("date"));
        for (c, claim) in facts.claims.iter().enumerate() {
            let at = || Pointer::root().key("claims").index(c);
            look(&claim.date, &|| at().key("date"));
            for (l, link) in claim.attribution.iter().enumerate() {
                look(&link.when, &|| at().key("attribution").index(l).key("when"));
            }
        }
        for at in found {
            let place = document.place(&at, Aim::Value);
            self.problems.push(
                Diagnostic::warning("future-date", place, "this date is still to come")
                    .hint("mend the date, or build with `--as-of` a later one"),
            );
        }
    }

    /// Claims about what is part of a territory, at any depth.
    fn list_claims_within(&mut self) {
        let site = &mut self.site;
        for t in 0..site.territories.len() {
            if site.territories[t].parts.is_empty() {
                continue;
            }
            let mut seen = BTreeSet::from([number(t)]);
            let mut open = vec![number(t)];
            let mut claims = BTreeSet::new();
            while let Some(part) = open.pop() {
                for (below, _) in &site.territories[part as usize].parts {
                    if seen.insert(*below) {
                        open.push(*below);
                        claims.extend(site.territories[*below as usize].claims.iter().copied());
                    }
                }
            }
            let own: BTreeSet<u32> = site.territories[t].claims.iter().copied().collect();
            site.territories[t].claims_within = claims.difference(&own).copied().collect();
        }
    }

    fn list_roots(&mut self) {
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

    fn join_relations(&mut self) {
        let mut incoming = Vec::new();
        for c in 0..self.site.claims.len() {
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
                match links::claim(&self.site.names, &document, &relation.target) {
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

    /// A link that leads nowhere, as a problem; one to a claim of a briefing
    /// that is not published says so.
    fn dead(
        &self,
        dead: links::DeadLink,
        place: crate::diagnostic::Place,
        from: &Document,
        written: &str,
    ) -> Diagnostic {
        let name = written.split('#').next().unwrap_or_default();
        let (kind, name) = match name.split_once(':') {
            Some((kind, name)) => (kind, name),
            None => ("claim", name),
        };
        let briefing = name.split_once('/').map_or("", |(briefing, _)| briefing);
        let is_hidden = match kind {
            _ if dead.code == "unknown-name" => self.hidden.iter().any(|(_, n)| *n == fold(name)),
            "claim" => {
                briefing != from.id.as_str() && self.hidden.contains(&("briefing", fold(briefing)))
            }
            kind => self.hidden.iter().any(|(k, n)| *k == kind && *n == fold(name)),
        };
        if is_hidden {
            return Diagnostic::error(
                "not-published",
                place,
                format!("`{written}` is not published"),
            )
            .hint("publish it, or take the reference out");
        }
        let mut problem = Diagnostic::error(dead.code, place, dead.message);
        problem.hints = dead.hints;
        problem
    }

    /// Links in the texts, corrections, and loaded words.
    fn join_texts(&mut self) {
        self.join_corrections();
        self.join_terms();
        let all: Vec<Entity> = self.site.entities().collect();
        let mut linked = std::mem::take(&mut self.mentions);
        for from in all {
            let Some(document) = self.site.document(from).cloned() else { continue };
            for link in &document.links {
                match links::follow(
                    &self.site.names,
                    &document,
                    &link.destination,
                    link.is_wikilink,
                ) {
                    Ok(Target::Entity(to, _)) if to != from => linked.push((to, from)),
                    Ok(_) => {}
                    Err(dead) => {
                        let place = document.body_place(&link.range);
                        self.problems.push(self.dead(dead, place, &document, &link.destination));
                    }
                }
            }
        }
        linked.sort_unstable();
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

    fn join_corrections(&mut self) {
        let mut corrections = Vec::new();
        for b in 0..self.site.briefings.len() {
            let document = Arc::clone(&self.site.briefings[b].document);
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
            self.look_for_future_dates(&document);
            for (n, correction) in facts.corrections.iter().enumerate() {
                corrections.push((
                    newest_first(correction.date.as_ref().and_then(Date::filed_under)),
                    number(b),
                    number(n),
                ));
                for (i, claim) in correction.claims.iter().enumerate() {
                    match links::claim(&self.site.names, &document, claim) {
                        Ok(claim) => self.mentions.push((claim, Entity::Briefing(number(b)))),
                        Err(dead) => {
                            let at =
                                Pointer::root().key("corrections").index(n).key("claims").index(i);
                            let place = document.place(&at, Aim::Value);
                            self.problems.push(self.dead(dead, place, &document, claim));
                        }
                    }
                }
            }
            for (t, term) in facts.terms.iter().enumerate() {
                if let Some(voice) = term.voice.as_ref().filter(|v| *v != "author") {
                    let at = || Pointer::root().key("terms").index(t).key("voice");
                    self.mention(Entity::Briefing(number(b)), &document, voice, at);
                }
            }
        }
        corrections.sort();
        self.site.corrections = corrections.into_iter().map(|(_, b, n)| (b, n)).collect();
    }

    /// A loaded word is used of a territory when it contains its name, or
    /// stands within the words of a claim that concerns it.
    fn join_terms(&mut self) {
        let site = &mut self.site;
        for b in 0..site.briefings.len() {
            let node = &site.briefings[b];
            let document = Arc::clone(&node.document);
            for found in &document.anchors {
                let Mark::Term { term } = found.target else { continue };
                let words = fold(&node.facts().terms[term as usize].selector.exact);
                let mut used_of = BTreeSet::new();
                for other in &document.anchors {
                    let (Mark::Quote { claim, .. } | Mark::Span { claim }) = other.target else {
                        continue;
                    };
                    if other.anchor.start < found.anchor.end
                        && found.anchor.start < other.anchor.end
                    {
                        let claim =
                            node.claims.iter().find(|c| site.claims[**c as usize].number == claim);
                        used_of.extend(
                            claim.into_iter().flat_map(|c| &site.claims[*c as usize].territories),
                        );
                    }
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

    /// A former id must not be somebody's id, nor somebody else's former id.
    fn check_former_ids(&mut self) {
        let mut taken: BTreeMap<(&'static str, String), Arc<Document>> = BTreeMap::new();
        let mut claims = Vec::new();
        for entity in self.site.entities() {
            let Some(document) = self.site.document(entity) else { continue };
            let (kind, former) = former_ids(document);
            taken.insert((kind, document.id.to_string()), Arc::clone(document));
            claims.extend(
                former
                    .iter()
                    .cloned()
                    .enumerate()
                    .map(|(i, id)| (kind, id, i, Arc::clone(document))),
            );
        }
        for (kind, node) in self
            .site
            .speakers
            .iter()
            .map(|n| ("speaker", &n.id))
            .chain(self.site.territories.iter().map(|n| ("territory", &n.id)))
            .chain(self.site.sources.iter().map(|n| ("source", &n.id)))
        {
            // Entities without a file have no former ids and still have an id.
            if let Some((_, _, i, document)) =
                claims.iter().find(|(k, id, _, _)| *k == kind && *id == *node.as_str())
                && !taken.contains_key(&(kind, node.to_string()))
            {
                let at = Pointer::root().key("former_ids").index(*i);
                self.problems.push(
                    Diagnostic::error(
                        "former-id-in-use",
                        document.place(&at, Aim::Value),
                        format!("there is a {kind} `{node}` now"),
                    )
                    .hint(
                        "an id is never reused; take it out of `former_ids`, or rename the other",
                    ),
                );
            }
        }
        for (kind, id, i, document) in claims {
            if id.is_empty() {
                continue;
            }
            let place =
                |d: &Document| d.place(&Pointer::root().key("former_ids").index(i), Aim::Value);
            if let Some(other) = taken.get(&(kind, id.clone())) {
                let message = if Arc::ptr_eq(other, &document) {
                    format!("`{id}` is listed as a former id and still in use")
                } else {
                    format!("`{id}` leads to another {kind} already")
                };
                let mut problem = Diagnostic::error("former-id-in-use", place(&document), message)
                    .hint("an id is never reused; keep it in one place");
                if !Arc::ptr_eq(other, &document) {
                    problem = problem.related(other.id_place(), "here");
                }
                self.problems.push(problem);
            }
            taken.insert((kind, id), document);
        }
    }

    /// A proposition that one claim alone states and no file describes may be
    /// a slip of another's id.
    fn look_for_slips(&mut self) {
        let ids: Vec<&str> = self.site.propositions.iter().map(|p| p.id.as_str()).collect();
        for node in &self.site.propositions {
            let ([claim], None) = (node.claims.as_slice(), &node.document) else { continue };
            let others = ids.iter().copied().filter(|id| *id != node.id.as_str());
            let Some(near) = nearest(node.id.as_str(), others) else { continue };
            let claim = &self.site.claims[*claim as usize];
            let document = &self.site.briefings[claim.briefing as usize].document;
            let at = Pointer::root().key("claims").index(claim.number as usize).key("proposition");
            self.problems.push(
                Diagnostic::warning(
                    "lone-proposition",
                    document.place(&at, Aim::Value),
                    format!("no other claim states the proposition `{}`", node.id),
                )
                .hint(format!("did you mean `{near}`?"))
                .hint(format!("or describe it in `content/propositions/{}.md`", node.id)),
            );
        }
    }
}

/// A claim is *said* by those whom its chain ends at, *relayed* by those
/// before, *told* to those whom they addressed, and *about* whom it names.
fn list_in_speakers(site: &mut Site, claim: u32, chain: &[LinkNode], about: &[u32]) {
    let last = chain.iter().rposition(|link| !link.by.is_empty());
    let said: Vec<u32> = last.map(|l| chain[l].by.clone()).unwrap_or_default();
    let relayed =
        unique(chain[..last.unwrap_or(0)].iter().flat_map(|link| link.by.iter().copied()));
    for s in &said {
        site.speakers[*s as usize].said.push(claim);
    }
    for s in relayed.iter().filter(|s| !said.contains(s)) {
        site.speakers[*s as usize].relayed.push(claim);
    }
    for s in about {
        site.speakers[*s as usize].about.push(claim);
    }
    for s in unique(chain.iter().flat_map(|link| link.to.iter().copied())) {
        site.speakers[s as usize].told.push(claim);
    }
}

fn unique(items: impl Iterator<Item = u32>) -> BTreeSet<u32> {
    items.collect()
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
    facts.name.clone().unwrap_or_else(|| spelled_out(id))
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
                t.facts.aliases.iter().chain(&t.facts.name).cloned().chain([id.to_string()])
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
                let facts = Topic { name: (!is_id).then(|| name.clone()), ..Topic::default() };
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
                    aliases: vec![name.clone()],
                    ..Proposition::default()
                };
                propositions.entry(id).or_insert_with(|| Gathered::implied(facts));
            }
        }
    }
}

fn former_ids(document: &Document) -> (&'static str, &[String]) {
    match &document.entry {
        Entry::Briefing(e) => ("briefing", &e.former_ids),
        Entry::Speaker(e) => ("speaker", &e.former_ids),
        Entry::Territory(e) => ("territory", &e.former_ids),
        Entry::Source(e) => ("source", &e.former_ids),
        Entry::Proposition(e) => ("proposition", &e.former_ids),
        Entry::Topic(e) => ("topic", &e.former_ids),
        Entry::Page(e) => ("page", &e.former_ids),
    }
}

fn names_of(documents: &[Arc<Document>]) -> Hidden {
    let mut hidden = Hidden::new();
    for document in documents {
        let (kind, _) = former_ids(document);
        hidden.insert((kind, fold(document.id.as_str())));
        let name = match &document.entry {
            Entry::Briefing(e) => Some(e.title.as_str()),
            Entry::Speaker(e) => e.name(),
            Entry::Territory(e) => e.name(),
            Entry::Source(e) => <Source as Described>::name(e),
            Entry::Proposition(e) => Some(e.text.as_str()),
            Entry::Topic(e) => e.name.as_deref(),
            Entry::Page(e) => Some(e.title.as_str()),
        };
        hidden.extend(name.map(|n| (kind, fold(n))));
        if let Entry::Briefing(e) = &document.entry {
            let inline =
                |kind, ids: Vec<Id>| ids.into_iter().map(move |id| (kind, fold(id.as_str())));
            hidden.extend(inline("speaker", described::<Speaker>(&e.speakers)));
            hidden.extend(inline("territory", described::<Territory>(&e.territories)));
            hidden.extend(inline("source", described::<Source>(&e.sources)));
        }
    }
    hidden
}

fn described<T: Described>(list: &[Listed<T>]) -> Vec<Id> {
    list.iter()
        .filter_map(|l| match l {
            Listed::Described(d) => inline_id(&**d),
            Listed::Named { .. } => None,
        })
        .collect()
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

/// The order of names in a language. ICU's, because every language has its
/// own: Ukrainian sorts Ґ after Г, Chinese by stroke or sound.
struct Collator(icu_collator::CollatorBorrowed<'static>);

impl Collator {
    /// For a BCP 47 tag; the root order where the tag is not one.
    fn of(language: &str) -> Self {
        let locale: icu_locale_core::Locale =
            language.parse().unwrap_or(icu_locale_core::Locale::UNKNOWN);
        let options = icu_collator::options::CollatorOptions::default();
        let collator = icu_collator::Collator::try_new(locale.into(), options)
            .or_else(|_| {
                icu_collator::Collator::try_new(icu_locale_core::Locale::UNKNOWN.into(), options)
            })
            .expect("the root order is compiled in");
        Self(collator)
    }

    fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        self.0.compare(a, b)
    }
}
