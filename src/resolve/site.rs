//! All documents joined: every entity once, every reference an index, every
//! back reference a list.
//!
//! **Index order is reading order.** Claims and briefings are numbered newest
//! first, the others by name in the site's language, so that a list of indexes
//! that is built by counting up needs no sorting of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::{Names, Register};
use super::same_words::same_words;
use super::standing::Root;
use crate::date::{Date, Day};
use crate::id::Id;
use crate::map::ground::Ground;
use crate::model::briefing::Briefing;
use crate::model::claim::{Claim, RelationKind};
use crate::model::config::Config;
use crate::model::source::Source;
use crate::model::speaker::Speaker;
use crate::model::territory::Territory;
use crate::parse::document::{Document, Entry};
use crate::shared::{List, Shared};
use crate::words::Words;

/// Year, month, day, as far as they are known: what an item is filed under.
pub type Filing = (i32, Option<u8>, Option<u8>);

/// One entity of any kind, as an index into the list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Into [`Site::briefings`].
    Briefing(u32),
    /// Into [`Site::claims`].
    Claim(u32),
    /// Into [`Site::speakers`].
    Speaker(u32),
    /// Into [`Site::territories`].
    Territory(u32),
    /// Into [`Site::sources`].
    Source(u32),
    /// Into [`Site::propositions`].
    Proposition(u32),
    /// Into [`Site::topics`].
    Topic(u32),
    /// Into [`Site::pages`].
    Page(u32),
}

impl Entity {
    /// The word for its kind: `briefing`, `claim`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Briefing(_) => "briefing",
            Self::Claim(_) => "claim",
            Self::Speaker(_) => "speaker",
            Self::Territory(_) => "territory",
            Self::Source(_) => "source",
            Self::Proposition(_) => "proposition",
            Self::Topic(_) => "topic",
            Self::Page(_) => "page",
        }
    }
}

/// Everything that is published, joined. A clone shares all of its lists.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The settings.
    pub config: Arc<Config>,
    /// What pages say of themselves, in its language.
    pub words: Arc<Words>,
    /// Newest first, the undated last, then by id.
    pub briefings: List<BriefingNode>,
    /// Newest first, the undated last, then in the order of their briefings.
    pub claims: List<ClaimNode>,
    /// By name in the site's language.
    pub speakers: List<SpeakerNode>,
    /// By name in the site's language.
    pub territories: List<TerritoryNode>,
    /// By title in the site's language.
    pub sources: List<SourceNode>,
    /// By text in the site's language.
    pub propositions: List<PropositionNode>,
    /// By name in the site's language.
    pub topics: List<TopicNode>,
    /// By id.
    pub pages: List<PageNode>,
    /// By date, newest first: briefing and number of its correction.
    pub corrections: List<(u32, u32)>,
    /// Where each territory is.
    pub grounds: List<Ground>,
    /// Claims with the same text as others, and which these are.
    pub same_words: Shared<BTreeMap<u32, Vec<u32>>>,
    /// Which name means whom.
    pub names: Shared<Names>,
    /// What was left out, and why; for the report, never for a page.
    pub withheld: Withheld,
}

/// How many documents were left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Withheld {
    /// Drafts.
    pub drafts: usize,
    /// Under embargo at the build's "now".
    pub embargoed: usize,
    /// Withheld or canceled.
    pub withheld: usize,
    /// Entities that only these mention.
    pub entities: usize,
}

/// A briefing and what it is joined to.
#[derive(Debug, Clone)]
pub struct BriefingNode {
    /// The file.
    pub document: Arc<Document>,
    /// Its claims, in the order of the front matter. Fewer than there where
    /// one has no usable id.
    pub claims: Vec<u32>,
    /// Who it lists, in its order.
    pub speakers: Vec<u32>,
    /// Which places it lists, in its order.
    pub territories: Vec<u32>,
    /// Which sources it lists, in its order.
    pub sources: Vec<u32>,
    /// Which topics it lists, in its order.
    pub topics: Vec<u32>,
    /// What it is filed under.
    pub filing: Option<Filing>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

impl BriefingNode {
    /// What its file says.
    #[must_use]
    pub fn facts(&self) -> &Briefing {
        self.document.briefing().expect("a briefing's node holds a briefing's document")
    }

    /// The day on which it was last changed, or else written: the first that its
    /// date can mean. `None` where no year is known.
    #[must_use]
    pub fn changed(&self) -> Option<Day> {
        let facts = self.facts();
        let days = facts.updated.as_ref().into_iter().chain(&facts.date);
        days.filter_map(Date::first).max()
    }
}

/// A claim and what it is joined to.
#[derive(Debug, Clone, Default)]
pub struct ClaimNode {
    /// The briefing that records it.
    pub briefing: u32,
    /// Which of that briefing's claims it is, from 0.
    pub number: u32,
    /// The day on which it was said, where that is known.
    pub said: Option<Filing>,
    /// What it is filed under: that day, or else its briefing's.
    pub filing: Option<Filing>,
    /// The chain, outermost link first; as long as the model's.
    pub chain: Box<[LinkNode]>,
    /// Whom it is about.
    pub about: Box<[u32]>,
    /// Which places it concerns.
    pub territories: Box<[u32]>,
    /// Which topics it belongs to.
    pub topics: Box<[u32]>,
    /// The proposition that it states.
    pub proposition: Option<u32>,
    /// The sources cited for it; as long as the model's list.
    pub evidence: Box<[Option<u32>]>,
    /// What it does to other claims: which, whom to, which of the model's list.
    pub relations: Vec<(RelationKind, u32, u32)>,
    /// What other claims do to it: which, who, which of their list.
    pub incoming: Vec<(RelationKind, u32, u32)>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A link of a chain.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct LinkNode {
    /// Who said it.
    pub by: Box<[u32]>,
    /// To whom.
    pub to: Box<[u32]>,
    /// In which source.
    pub source: Option<u32>,
}

/// A speaker and what it is joined to.
#[derive(Debug, Clone)]
pub struct SpeakerNode {
    /// What its address is made of.
    pub id: Id,
    /// The name to print.
    pub name: String,
    /// What is said of it, in its file or inline.
    pub facts: Speaker,
    /// Its file.
    pub document: Option<Arc<Document>>,
    /// The speaker it belongs to, where that is one.
    pub affiliation: Option<u32>,
    /// Speakers who belong to it.
    pub members: Vec<u32>,
    /// Claims made: their chain ends here.
    pub said: Vec<u32>,
    /// Claims of others that it passed on.
    pub relayed: Vec<u32>,
    /// Claims about it.
    pub about: Vec<u32>,
    /// Claims that were told to it.
    pub told: Vec<u32>,
    /// Briefings that list it.
    pub briefings: Vec<u32>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A territory and what it is joined to.
#[derive(Debug, Clone)]
pub struct TerritoryNode {
    /// What its address is made of.
    pub id: Id,
    /// The name to print.
    pub name: String,
    /// What is said of it, in its file or inline.
    pub facts: Territory,
    /// Its file.
    pub document: Option<Arc<Document>>,
    /// What it is part of; as long as the model's list.
    pub part_of: Vec<Option<u32>>,
    /// What is part of it: which, and which of their list says so.
    pub parts: Vec<(u32, u32)>,
    /// Claims that concern it.
    pub claims: Vec<u32>,
    /// Claims that concern what is part of it, at any depth, and not itself.
    pub claims_within: Vec<u32>,
    /// Briefings that list it.
    pub briefings: Vec<u32>,
    /// Loaded words used of it: briefing and number of the term.
    pub terms: Vec<(u32, u32)>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A source and what it is joined to.
#[derive(Debug, Clone)]
pub struct SourceNode {
    /// What its address is made of.
    pub id: Id,
    /// The title to print.
    pub name: String,
    /// What is said of it, in its file or inline.
    pub facts: Source,
    /// Its file.
    pub document: Option<Arc<Document>>,
    /// Claims said in it.
    pub claims: Vec<u32>,
    /// Claims for which it is cited.
    pub cited_for: Vec<u32>,
    /// Briefings that list it.
    pub briefings: Vec<u32>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A proposition and what it is joined to.
#[derive(Debug, Clone)]
pub struct PropositionNode {
    /// What its address is made of.
    pub id: Id,
    /// The text to print.
    pub name: String,
    /// Its file.
    pub document: Option<Arc<Document>>,
    /// Claims that state it.
    pub claims: Vec<u32>,
    /// The different roots of these claims, each with the newest claim that
    /// has it.
    pub roots: Vec<(Root, u32)>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A topic and what it is joined to.
#[derive(Debug, Clone)]
pub struct TopicNode {
    /// What its address is made of.
    pub id: Id,
    /// The name to print.
    pub name: String,
    /// Its file.
    pub document: Option<Arc<Document>>,
    /// Briefings that belong to it.
    pub briefings: Vec<u32>,
    /// Claims that belong to it.
    pub claims: Vec<u32>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

/// A plain page and what links to it.
#[derive(Debug, Clone)]
pub struct PageNode {
    /// The file.
    pub document: Arc<Document>,
    /// Who links to it, by index.
    pub linked_from: Vec<Entity>,
}

impl PageNode {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        match &self.document.entry {
            Entry::Page(page) => &page.title,
            _ => "",
        }
    }
}

impl Site {
    /// What the briefing's file says of this claim.
    #[must_use]
    pub fn facts(&self, claim: u32) -> &Claim {
        let node = &self.claims[claim as usize];
        &self.briefings[node.briefing as usize].facts().claims[node.number as usize]
    }

    /// The name of an entity, as headings and links have it.
    #[must_use]
    pub fn name(&self, entity: Entity) -> &str {
        match entity {
            Entity::Briefing(i) => &self.briefings[i as usize].facts().title,
            Entity::Claim(i) => &self.facts(i).text,
            Entity::Speaker(i) => &self.speakers[i as usize].name,
            Entity::Territory(i) => &self.territories[i as usize].name,
            Entity::Source(i) => &self.sources[i as usize].name,
            Entity::Proposition(i) => &self.propositions[i as usize].name,
            Entity::Topic(i) => &self.topics[i as usize].name,
            Entity::Page(i) => self.pages[i as usize].title(),
        }
    }

    /// When the claim was said: as stated for it, or else the date of the
    /// innermost link that has one.
    #[must_use]
    pub fn said_on(&self, claim: u32) -> Option<&Date> {
        said_on(self.facts(claim))
    }

    /// The corrections whose day is known, newest first: that day, the briefing,
    /// and the number of its correction.
    pub fn dated_corrections(&self) -> impl Iterator<Item = (Day, u32, u32)> + '_ {
        self.corrections.iter().filter_map(|(b, n)| {
            let correction = &self.briefings[*b as usize].facts().corrections[*n as usize];
            Some((correction.date.as_ref()?.first()?, *b, *n))
        })
    }

    /// The document whose body belongs to an entity.
    #[must_use]
    pub fn document(&self, entity: Entity) -> Option<&Arc<Document>> {
        match entity {
            Entity::Briefing(i) => Some(&self.briefings[i as usize].document),
            Entity::Claim(_) => None,
            Entity::Speaker(i) => self.speakers[i as usize].document.as_ref(),
            Entity::Territory(i) => self.territories[i as usize].document.as_ref(),
            Entity::Source(i) => self.sources[i as usize].document.as_ref(),
            Entity::Proposition(i) => self.propositions[i as usize].document.as_ref(),
            Entity::Topic(i) => self.topics[i as usize].document.as_ref(),
            Entity::Page(i) => Some(&self.pages[i as usize].document),
        }
    }

    /// The same site with newer versions of some of its documents, which bear on
    /// it as the old ones did. What is not published stays so.
    #[must_use]
    pub fn with(&self, newer: &[Arc<Document>]) -> Self {
        fn put<T: Clone>(
            list: &mut List<T>,
            register: &Register,
            newer: &Arc<Document>,
            of: impl Fn(&mut T) -> Option<&mut Arc<Document>>,
        ) {
            let index = register.one(newer.id.as_str());
            // One that is not published may have the id of one that is.
            if let Some(node) = index.and_then(|i| list.get_mut(i as usize))
                && let Some(older) = of(node)
                && older.source.path == newer.source.path
            {
                *older = Arc::clone(newer);
            }
        }
        let mut site = self.clone();
        let names = &self.names;
        for document in newer {
            match &document.entry {
                Entry::Briefing(_) => {
                    put(&mut site.briefings, &names.briefings, document, |n| Some(&mut n.document));
                }
                Entry::Speaker(_) => {
                    put(&mut site.speakers, &names.speakers, document, |n| n.document.as_mut());
                }
                Entry::Territory(_) => {
                    put(&mut site.territories, &names.territories, document, |n| {
                        n.document.as_mut()
                    });
                }
                Entry::Source(_) => {
                    put(&mut site.sources, &names.sources, document, |n| n.document.as_mut());
                }
                Entry::Proposition(_) => {
                    put(&mut site.propositions, &names.propositions, document, |n| {
                        n.document.as_mut()
                    });
                }
                Entry::Topic(_) => {
                    put(&mut site.topics, &names.topics, document, |n| n.document.as_mut());
                }
                Entry::Page(_) => {
                    put(&mut site.pages, &names.pages, document, |n| Some(&mut n.document));
                }
            }
        }
        // They depend on the words of claims, which bear on nothing else.
        let is_reworded = |document: &Arc<Document>| {
            let briefing = names.briefings.one(document.id.as_str());
            let claims = briefing.map(|b| &self.briefings[b as usize].claims);
            claims
                .into_iter()
                .flatten()
                .any(|claim| self.facts(*claim).text != site.facts(*claim).text)
        };
        if newer.iter().filter(|d| d.briefing().is_some()).any(is_reworded) {
            site.same_words = same_words(&site).into();
        }
        site
    }

    /// Every entity that can have a document, kind by kind in index order.
    pub fn entities(&self) -> impl Iterator<Item = Entity> + '_ {
        fn count<T>(list: &[T], make: fn(u32) -> Entity) -> impl Iterator<Item = Entity> {
            (0..u32::try_from(list.len()).expect("a site has fewer than four billion entities"))
                .map(make)
        }
        count(&self.briefings, Entity::Briefing)
            .chain(count(&self.speakers, Entity::Speaker))
            .chain(count(&self.territories, Entity::Territory))
            .chain(count(&self.sources, Entity::Source))
            .chain(count(&self.propositions, Entity::Proposition))
            .chain(count(&self.topics, Entity::Topic))
            .chain(count(&self.pages, Entity::Page))
    }
}

/// When a claim was said: as stated for it, or else the date of the innermost
/// link that has one.
#[must_use]
pub fn said_on(claim: &Claim) -> Option<&Date> {
    claim
        .date
        .as_ref()
        .or_else(|| claim.attribution.iter().rev().find_map(|link| link.when.as_ref()))
}
