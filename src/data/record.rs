//! The record as plain entities: what all forms of data are made from.
//!
//! Entities are known by id, claims by `briefing/claim`. Dates are EDTF, as they
//! were written. What is absent is not stated. An author's `extra` stays out: it
//! is meant for templates, and may be meant for nobody else.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::date::Date;
use crate::model::briefing::TermKind;
use crate::model::claim::{Access, ClaimKind, Mode, Rank, RelationKind};
use crate::model::selector::{Selector, Words};
use crate::model::speaker::SpeakerType;
use crate::model::territory::{Basis, Hold as StatedHold};
use crate::parse::text::VisibleText;
use crate::plan::route::{self, Kind};
use crate::resolve::site::{Entity, Site};
use crate::resolve::standing;
use crate::view::note;

/// The whole record of a site.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Record<'a> {
    /// The site's name.
    pub title: &'a str,
    /// Where it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<&'a str>,
    /// Its language (BCP 47).
    pub language: &'a str,
    /// Who publishes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    /// Newest first.
    pub briefings: Vec<Briefing<'a>>,
    /// Newest first.
    pub claims: Vec<Claim<'a>>,
    /// By name.
    pub speakers: Vec<Speaker<'a>>,
    /// By name.
    pub territories: Vec<Territory<'a>>,
    /// By title.
    pub sources: Vec<Source<'a>>,
    /// By text.
    pub propositions: Vec<Proposition<'a>>,
    /// By name.
    pub topics: Vec<Topic<'a>>,
}

/// One entity of any kind, which `entity` names.
#[derive(Debug, Serialize)]
#[serde(tag = "entity", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "one is made, written and dropped at a time")]
pub enum Any<'a> {
    /// A briefing.
    Briefing(Briefing<'a>),
    /// A claim.
    Claim(Claim<'a>),
    /// A speaker.
    Speaker(Speaker<'a>),
    /// A territory.
    Territory(Territory<'a>),
    /// A source.
    Source(Source<'a>),
    /// A proposition.
    Proposition(Proposition<'a>),
    /// A topic.
    Topic(Topic<'a>),
}

/// A text in which claims are recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Briefing<'a> {
    /// Unique among briefings.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// Its title.
    pub title: &'a str,
    /// When it was written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// When it was last changed (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<&'a str>,
    /// Its language (BCP 47).
    pub language: &'a str,
    /// What it says, in a sentence or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    /// Who wrote it.
    pub authors: Vec<&'a str>,
    /// Topics, by id.
    pub topics: Vec<&'a str>,
    /// Who speaks in it, by id.
    pub speakers: Vec<&'a str>,
    /// Which places it concerns, by id.
    pub territories: Vec<&'a str>,
    /// What it rests on, by id.
    pub sources: Vec<&'a str>,
    /// Its claims, by id, in its order.
    pub claims: Vec<String>,
    /// Loaded words in it.
    pub terms: Vec<Term<'a>>,
    /// What was wrong in it.
    pub corrections: Vec<Correction<'a>>,
    /// The text as a reader sees it, without mark-up.
    pub text: String,
}

/// A loaded word.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Term<'a> {
    /// Where it stands.
    #[serde(flatten)]
    pub words: TextQuote<'a>,
    /// `so_called`: kept at a distance; `loaded`: used as one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// In whose voice it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<Agent<'a>>,
    /// What the desk says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}

/// Words of the text: a `TextQuoteSelector` of the W3C's Web Annotations.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TextQuote<'a> {
    /// The words, exactly as they stand there.
    pub exact: &'a str,
    /// What stands immediately before, where the words occur more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<&'a str>,
    /// What stands immediately after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<&'a str>,
}

/// Words of the text, and whose they are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Quotation<'a> {
    /// Where they stand.
    #[serde(flatten)]
    pub words: TextQuote<'a>,
    /// Whose words they are, where that is not whom the chain ends at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Agent<'a>>,
}

/// What was wrong in a briefing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Correction<'a> {
    /// When it was corrected (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// How it read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<&'a str>,
    /// How it reads.
    pub now: &'a str,
    /// Claims of the briefing that it touches, by their ids there.
    pub claims: Vec<&'a str>,
}

/// Somebody, by the name that is written and, where that is one of the record's
/// speakers, by id.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agent<'a> {
    /// The name.
    pub name: &'a str,
    /// The speaker's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<&'a str>,
}

/// What somebody is on record as having said (schema.org Claim).
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claim<'a> {
    /// `briefing/claim`.
    pub id: String,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// The briefing that records it, by id.
    pub briefing: &'a str,
    /// The claim in the desk's words.
    pub text: &'a str,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    #[schemars(with = "String")]
    pub kind: ClaimKind,
    /// When it was said (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// The chain through which it came, outermost link first.
    pub attribution: Vec<Link<'a>>,
    /// The chain in one phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution_words: Option<String>,
    /// Words quoted for it.
    pub quotes: Vec<Quotation<'a>>,
    /// Unquoted words that state it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Quotation<'a>>,
    /// Words that hedge it.
    pub hedges: Vec<Quotation<'a>>,
    /// How sure each source in the chain is (`FactBank`); `author` is the text's.
    pub factuality: &'a BTreeMap<String, Vec<String>>,
    /// Whom it is about, by id.
    pub about: Vec<&'a str>,
    /// Which places it concerns, by id.
    pub territories: Vec<&'a str>,
    /// Topics, by id.
    pub topics: Vec<&'a str>,
    /// The proposition that it states, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposition: Option<&'a str>,
    /// What is cited for it.
    pub evidence: Vec<Evidence<'a>>,
    /// What it does to other claims (CiTO).
    pub relations: Vec<Relation<'a>>,
    /// Where it stands: computed, with what from.
    pub standing: Vec<Finding<'a>>,
    /// The desk's own grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment<'a>>,
    /// Published fact-checks of it (schema.org `ClaimReview`).
    pub reviews: Vec<Review<'a>>,
    /// `preferred`, `normal`, `deprecated` (Wikidata's ranks).
    #[schemars(with = "String")]
    pub rank: Rank,
    /// Why it has that rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// A remark of the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}

/// One link of an attribution chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Link<'a> {
    /// Who said it, by id. Empty where nobody is named.
    pub by: Vec<&'a str>,
    /// The role in which they spoke.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    /// To whom, by id.
    pub to: Vec<&'a str>,
    /// When (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<&'a str>,
    /// On what occasion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<&'a str>,
    /// The text's reporting words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cue: Option<&'a str>,
    /// `direct`, `indirect`, `mixed` (PARC 3.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub mode: Option<Mode>,
    /// `witness`, `hearsay`, `unstated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub access: Option<Access>,
    /// The document in which they say it, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
}

/// Something cited for a claim.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Evidence<'a> {
    /// How (CiTO): `citesAsEvidence`.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The source, by id, or else as it is written.
    pub source: &'a str,
    /// Who cites it.
    pub by: Vec<Agent<'a>>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}

/// What a claim does to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Relation<'a> {
    /// Which (CiTO): `disputes`.
    #[serde(rename = "type")]
    #[schemars(with = "String")]
    pub kind: RelationKind,
    /// The other claim, by id.
    pub target: String,
    /// Since when (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// Who says that the claims stand so; empty: the desk.
    pub by: Vec<Agent<'a>>,
    /// Where they say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}

/// Where a claim stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// `contested`, `single-source`, `corroborated`, `retracted`, `superseded`,
    /// `unanswered`.
    pub standing: &'static str,
    /// The claims from which that was computed, by id.
    pub claims: Vec<String>,
    /// The speakers from whom nothing is heard, by id.
    pub speakers: Vec<&'a str>,
}

/// The desk's own grade of a claim.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Assessment<'a> {
    /// 1 (confirmed) to 6 (cannot be judged), on the Admiralty scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credibility: Option<u8>,
    /// A term of likelihood (ICD 203).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<&'a str>,
    /// Who graded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'a str>,
    /// When (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// On what basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'a str>,
}

/// A published fact-check.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Review<'a> {
    /// Who published it.
    pub by: &'a str,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// How it rates the claim, in the reviewer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'a str>,
    /// That as a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The lower end of the scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
    /// The upper end of the scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
}

/// Somebody who speaks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Speaker<'a> {
    /// Unique among speakers.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// The name.
    pub name: &'a str,
    /// `person`, `organization`, `unidentified`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub kind: Option<SpeakerType>,
    /// How the source describes somebody whom it does not name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub described_as: Option<&'a str>,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// What they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    /// Where they belong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<Agent<'a>>,
    /// Posts held.
    pub posts: Vec<Post<'a>>,
    /// Wikidata's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<&'a str>,
    /// Addresses that mean the same speaker.
    pub same_as: Vec<String>,
}

/// A post that a speaker holds or held.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Post<'a> {
    /// Its name.
    pub post: &'a str,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Agent<'a>>,
    /// Since when (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<&'a str>,
    /// Until when (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'a str>,
}

/// A place, and who says what about whose it is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Territory<'a> {
    /// Unique among territories.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// The name.
    pub name: &'a str,
    /// Its name in other languages, by BCP 47 tag.
    pub names: &'a BTreeMap<String, String>,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// What sort of place.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    /// What it is part of, and who accepts that.
    pub part_of: Vec<PartOf<'a>>,
    /// Who claims it.
    pub claimed_by: Vec<Hold<'a>>,
    /// Who controls it.
    pub controlled_by: Vec<Hold<'a>>,
    /// Whether it is claimed by more than one at present, or controlled by
    /// somebody else than who claims it.
    pub disputed: bool,
    /// The ISO 3166-1 code of a country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso_3166_1: Option<&'a str>,
    /// ISO 3166-2 codes; several where registers differ over whose it is.
    pub iso_3166_2: Vec<&'a str>,
    /// Wikidata's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<&'a str>,
    /// The number in GeoNames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geonames: Option<&'a str>,
}

/// A whole, and according to whom a territory is part of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartOf<'a> {
    /// The whole, as it is written.
    pub name: &'a str,
    /// The same, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<&'a str>,
    /// Who accepts it; empty: not stated.
    pub accepted_by: Vec<Agent<'a>>,
}

/// A claim to a territory, or control over it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hold<'a> {
    /// Who.
    pub by: Agent<'a>,
    /// Since when (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<&'a str>,
    /// Until when (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<&'a str>,
    /// How much of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<&'a str>,
    /// `assessed`: others judge so; `claimed`: the holder says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub basis: Option<Basis>,
    /// Where that is said, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
}

/// A document in which something was said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source<'a> {
    /// Unique among sources.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// Its title.
    pub title: &'a str,
    /// A schema.org type such as `NewsArticle`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    /// Who made it.
    pub authors: Vec<&'a str>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    /// When it appeared (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'a str>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where a copy is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_url: Option<String>,
    /// When that copy was made (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<&'a str>,
    /// The copy's SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<&'a str>,
    /// A (completely reliable) to F (cannot be judged), on the Admiralty scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<&'a str>,
    /// Its language (BCP 47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
}

/// What several claims say alike.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proposition<'a> {
    /// Unique among propositions.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// What is being said, in the desk's words.
    pub text: &'a str,
    /// The claims that state it, by id.
    pub claims: Vec<String>,
}

/// A subject under which briefings and claims are filed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Topic<'a> {
    /// Unique among topics.
    pub id: &'a str,
    /// Its page: absolute where the site has an address, or else from its root.
    pub url: String,
    /// The name.
    pub name: &'a str,
}

/// The whole record.
#[must_use]
pub fn record(site: &Site) -> Record<'_> {
    let config = &site.config;
    Record {
        title: &config.title,
        address: config.base_url.as_deref(),
        language: &config.language,
        publisher: config.publisher.as_deref(),
        briefings: indexes(&site.briefings).map(|i| briefing(site, i)).collect(),
        claims: indexes(&site.claims).map(|i| claim(site, i)).collect(),
        speakers: indexes(&site.speakers).map(|i| speaker(site, i)).collect(),
        territories: indexes(&site.territories).map(|i| territory(site, i)).collect(),
        sources: indexes(&site.sources).map(|i| source(site, i)).collect(),
        propositions: indexes(&site.propositions).map(|i| proposition(site, i)).collect(),
        topics: indexes(&site.topics).map(|i| topic(site, i)).collect(),
    }
}

/// The kinds of entities, in the order in which they are written.
pub const KINDS: [Kind; 7] = [
    Kind::Briefings,
    Kind::Claims,
    Kind::Speakers,
    Kind::Territories,
    Kind::Sources,
    Kind::Propositions,
    Kind::Topics,
];

/// Every entity by itself, kind by kind.
pub fn entities(site: &Site) -> impl Iterator<Item = Any<'_>> {
    KINDS.into_iter().flat_map(|kind| of_kind(site, kind))
}

/// Every entity of a kind, in the order of the record.
pub fn of_kind(site: &Site, kind: Kind) -> impl Iterator<Item = Any<'_>> {
    let indexes = 0..u32::try_from(kind.count(site)).unwrap_or(u32::MAX);
    indexes.map(move |index| match kind {
        Kind::Briefings => Any::Briefing(briefing(site, index)),
        Kind::Claims => Any::Claim(claim(site, index)),
        Kind::Speakers => Any::Speaker(speaker(site, index)),
        Kind::Territories => Any::Territory(territory(site, index)),
        Kind::Sources => Any::Source(source(site, index)),
        Kind::Propositions => Any::Proposition(proposition(site, index)),
        Kind::Topics => Any::Topic(topic(site, index)),
    })
}

/// The indexes of a list.
pub fn indexes<T>(list: &[T]) -> std::ops::Range<u32> {
    0..u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// The address of an entity's page: absolute, or else from the site's root.
#[must_use]
pub fn address(site: &Site, entity: Entity) -> String {
    route::absolute(site, &route::entity(site, entity))
}

/// The id of a claim: `briefing/claim`.
#[must_use]
pub fn claim_id(site: &Site, index: u32) -> String {
    let briefing = &site.briefings[site.claims[index as usize].briefing as usize];
    [briefing.document.id.as_str(), "/", &site.facts(index).id].concat()
}

/// The briefing with this index.
#[must_use]
pub fn briefing(site: &Site, index: u32) -> Briefing<'_> {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    let terms = facts.terms.iter().map(|term| Term {
        words: text_quote(&term.selector),
        kind: term.kind.map(|kind| match kind {
            TermKind::SoCalled => "so_called",
            TermKind::Loaded => "loaded",
        }),
        voice: term.voice.as_deref().map(|voice| agent(site, voice)),
        note: term.note.as_deref(),
    });
    let corrections = facts.corrections.iter().map(|correction| Correction {
        date: edtf(correction.date.as_ref()),
        was: correction.was.as_deref(),
        now: &correction.now,
        claims: texts(&correction.claims),
    });
    Briefing {
        id: node.document.id.as_str(),
        url: address(site, Entity::Briefing(index)),
        title: &facts.title,
        date: edtf(facts.date.as_ref()),
        updated: edtf(facts.updated.as_ref()),
        language: facts.lang.as_deref().unwrap_or(&site.config.language),
        summary: facts.summary.as_deref(),
        authors: texts(&facts.authors),
        topics: topics(site, &node.topics),
        speakers: speakers(site, &node.speakers),
        territories: territories(site, &node.territories),
        sources: node.sources.iter().map(|s| site.sources[*s as usize].id.as_str()).collect(),
        claims: node.claims.iter().map(|c| claim_id(site, *c)).collect(),
        terms: terms.collect(),
        corrections: corrections.collect(),
        text: VisibleText::of(node.document.markdown()).as_str().to_owned(),
    }
}

/// The claim with this index.
#[must_use]
pub fn claim(site: &Site, index: u32) -> Claim<'_> {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let source = |s: u32| site.sources[s as usize].id.as_str();
    let quotation = |words| quotation(site, words);
    let links = node.chain.iter().zip(&facts.attribution).map(|(link, written)| Link {
        by: speakers(site, &link.by),
        role: written.role.as_deref(),
        to: speakers(site, &link.to),
        when: edtf(written.when.as_ref()),
        venue: written.venue.as_deref(),
        cue: written.cue.as_deref(),
        mode: written.mode,
        access: written.access,
        source: link.source.map(source),
    });
    let evidence = node.evidence.iter().zip(&facts.evidence).map(|(found, written)| Evidence {
        kind: &written.kind,
        source: found.map_or(&*written.source, source),
        by: agents(site, &written.by),
        note: written.note.as_deref(),
    });
    let relations = node.relations.iter().map(|(kind, target, number)| {
        let written = &facts.relations[*number as usize];
        Relation {
            kind: *kind,
            target: claim_id(site, *target),
            date: edtf(written.date.as_ref()),
            by: agents(site, &written.by),
            source: written.source.as_deref(),
            note: written.note.as_deref(),
        }
    });
    let standing = standing::standing(site, index).into_iter().map(|found| Finding {
        standing: found.standing.id(),
        claims: found.claims.iter().map(|c| claim_id(site, *c)).collect(),
        speakers: speakers(site, &found.speakers),
    });
    let reviews = facts.reviews.iter().map(|review| {
        let rating = review.rating.as_ref();
        Review {
            by: &review.by,
            url: review.url.as_deref().map(route::outside),
            date: edtf(review.date.as_ref()),
            label: rating.map(|r| &*r.label).filter(|label| !label.is_empty()),
            value: rating.and_then(|r| r.value),
            worst: rating.and_then(|r| r.worst),
            best: rating.and_then(|r| r.best),
        }
    });
    Claim {
        id: claim_id(site, index),
        url: address(site, Entity::Claim(index)),
        briefing: site.briefings[node.briefing as usize].document.id.as_str(),
        text: &facts.text,
        kind: facts.kind,
        date: edtf(site.said_on(index)),
        attribution: links.collect(),
        attribution_words: note::chain_words(site, index),
        quotes: facts.quotes.iter().map(quotation).collect(),
        span: facts.span.as_deref().map(quotation),
        hedges: facts.hedges.iter().map(quotation).collect(),
        factuality: &facts.factuality,
        about: speakers(site, &node.about),
        territories: territories(site, &node.territories),
        topics: topics(site, &node.topics),
        proposition: node.proposition.map(|p| site.propositions[p as usize].id.as_str()),
        evidence: evidence.collect(),
        relations: relations.collect(),
        standing: standing.collect(),
        assessment: facts.assessment.as_deref().map(|grade| Assessment {
            credibility: grade.credibility,
            likelihood: grade.likelihood.as_deref(),
            by: grade.by.as_deref(),
            date: edtf(grade.date.as_ref()),
            basis: grade.basis.as_deref(),
        }),
        reviews: reviews.collect(),
        rank: facts.rank,
        reason: facts.reason.as_deref(),
        note: facts.note.as_deref(),
    }
}

/// The speaker with this index.
#[must_use]
pub fn speaker(site: &Site, index: u32) -> Speaker<'_> {
    let node = &site.speakers[index as usize];
    let facts = &node.facts;
    let posts = facts.posts.iter().map(|post| Post {
        post: &post.post,
        org: post.org.as_deref().map(|org| agent(site, org)),
        start: edtf(post.start.as_ref()),
        end: edtf(post.end.as_ref()),
    });
    Speaker {
        id: node.id.as_str(),
        url: address(site, Entity::Speaker(index)),
        name: &node.name,
        kind: facts.kind,
        described_as: facts.described_as.as_deref(),
        aliases: texts(&facts.aliases),
        role: facts.role.as_deref(),
        affiliation: facts.affiliation.as_deref().map(|whom| agent(site, whom)),
        posts: posts.collect(),
        wikidata: facts.wikidata.as_deref(),
        same_as: facts.same_as.iter().map(|url| route::outside(url)).collect(),
    }
}

/// The territory with this index.
#[must_use]
pub fn territory(site: &Site, index: u32) -> Territory<'_> {
    let node = &site.territories[index as usize];
    let facts = &node.facts;
    let part_of = node.part_of.iter().zip(&facts.part_of).map(|(found, written)| PartOf {
        name: &written.id,
        territory: found.map(|t| site.territories[t as usize].id.as_str()),
        accepted_by: agents(site, &written.accepted_by),
    });
    let codes = &facts.identifiers;
    Territory {
        id: node.id.as_str(),
        url: address(site, Entity::Territory(index)),
        name: &node.name,
        names: &facts.names,
        aliases: texts(&facts.aliases),
        kind: facts.kind.as_deref(),
        part_of: part_of.collect(),
        claimed_by: holds(site, &facts.claimed_by),
        controlled_by: holds(site, &facts.controlled_by),
        disputed: facts.is_disputed(),
        iso_3166_1: codes.iso_3166_1.as_deref(),
        iso_3166_2: texts(&codes.iso_3166_2),
        wikidata: codes.wikidata.as_deref(),
        geonames: codes.geonames.as_deref(),
    }
}

fn holds<'a>(site: &'a Site, all: &'a [StatedHold]) -> Vec<Hold<'a>> {
    let hold = |hold: &'a StatedHold| Hold {
        by: agent(site, &hold.by),
        since: edtf(hold.since.as_ref()),
        until: edtf(hold.until.as_ref()),
        extent: hold.extent.as_deref(),
        basis: hold.basis,
        source: hold.source.as_deref(),
    };
    all.iter().map(hold).collect()
}

/// The source with this index.
#[must_use]
pub fn source(site: &Site, index: u32) -> Source<'_> {
    let node = &site.sources[index as usize];
    let facts = &node.facts;
    Source {
        id: node.id.as_str(),
        url: address(site, Entity::Source(index)),
        title: &node.name,
        kind: facts.kind.as_deref(),
        authors: texts(&facts.author),
        publisher: facts.publisher.as_deref(),
        date: edtf(facts.date.as_ref()),
        address: facts.url.as_deref().map(route::outside),
        archived_url: facts.archived_url.as_deref().map(route::outside),
        archived_at: edtf(facts.archived_at.as_ref()),
        sha256: facts.sha256.as_deref(),
        reliability: facts.reliability.as_deref(),
        language: facts.lang.as_deref(),
    }
}

/// The proposition with this index.
#[must_use]
pub fn proposition(site: &Site, index: u32) -> Proposition<'_> {
    let node = &site.propositions[index as usize];
    Proposition {
        id: node.id.as_str(),
        url: address(site, Entity::Proposition(index)),
        text: &node.name,
        claims: node.claims.iter().map(|c| claim_id(site, *c)).collect(),
    }
}

/// The topic with this index.
#[must_use]
pub fn topic(site: &Site, index: u32) -> Topic<'_> {
    let node = &site.topics[index as usize];
    Topic { id: node.id.as_str(), url: address(site, Entity::Topic(index)), name: &node.name }
}

fn edtf(date: Option<&Date>) -> Option<&str> {
    date.map(Date::as_str)
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

fn speakers<'a>(site: &'a Site, all: &[u32]) -> Vec<&'a str> {
    all.iter().map(|s| site.speakers[*s as usize].id.as_str()).collect()
}

fn territories<'a>(site: &'a Site, all: &[u32]) -> Vec<&'a str> {
    all.iter().map(|t| site.territories[*t as usize].id.as_str()).collect()
}

fn topics<'a>(site: &'a Site, all: &[u32]) -> Vec<&'a str> {
    all.iter().map(|t| site.topics[*t as usize].id.as_str()).collect()
}

/// Somebody, by name and where that is a speaker by id. `author` is the text's.
fn agent<'a>(site: &'a Site, name: &'a str) -> Agent<'a> {
    let speaker = site.names.speakers.one(name).map(|s| &site.speakers[s as usize]);
    Agent {
        name: speaker.map_or(name, |node| &node.name),
        speaker: speaker.map(|node| node.id.as_str()),
    }
}

fn agents<'a>(site: &'a Site, names: &'a [String]) -> Vec<Agent<'a>> {
    names.iter().map(|name| agent(site, name)).collect()
}

fn text_quote(selector: &Selector) -> TextQuote<'_> {
    TextQuote {
        exact: &selector.exact,
        prefix: selector.prefix.as_deref(),
        suffix: selector.suffix.as_deref(),
    }
}

fn quotation<'a>(site: &'a Site, words: &'a Words) -> Quotation<'a> {
    Quotation {
        words: text_quote(&words.selector),
        of: words.of.as_deref().map(|of| agent(site, of)),
    }
}
