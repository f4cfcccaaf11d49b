//! A claim with everything that is known of it: the note beside the text, and
//! the body of the claim's own page.

use serde::Serialize;

use super::card::{ClaimCard, DateView, Ref};

/// A claim as its briefing annotates it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimNote {
    /// Its id in the briefing.
    pub id: String,
    /// Its number in the briefing, from 1.
    pub number: usize,
    /// The anchor of its note in the briefing: `claim-portrait`.
    pub anchor: String,
    /// Its page.
    pub url: String,
    /// The claim in the desk's words.
    pub text: String,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    pub kind: String,
    /// When it was said.
    pub date: Option<DateView>,
    /// The chain, outermost link first; empty where nobody is named.
    pub chain: Vec<ChainLink>,
    /// The chain in one phrase: `Steven Witkoff, to Tucker Carlson, relaying
    /// Vladimir Putin`; absent where nobody is named.
    pub chain_words: Option<String>,
    /// How many mouths it passed through: 1 at first hand, 2 at second; 0 where
    /// nobody is named.
    pub hand: usize,
    /// Words quoted for it, with their place in the text.
    pub quotes: Vec<Passage>,
    /// Unquoted words that state it.
    pub span: Option<Passage>,
    /// Words that hedge it.
    pub hedges: Vec<Passage>,
    /// How sure the sources are.
    pub factuality: Vec<Factuality>,
    /// Whom it is about.
    pub about: Vec<Ref>,
    /// Which places it concerns.
    pub territories: Vec<Ref>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref>,
    /// The proposition that it states.
    pub proposition: Option<Ref>,
    /// What is cited for it.
    pub evidence: Vec<EvidenceView>,
    /// What it does to other claims, then what they do to it.
    pub relations: Vec<RelationView>,
    /// Where it stands, computed.
    pub standing: Vec<StandingView>,
    /// The desk's grade.
    pub assessment: Option<AssessmentView>,
    /// Published fact-checks.
    pub reviews: Vec<ReviewView>,
    /// `preferred`, `normal` or `deprecated`.
    pub rank: String,
    /// Why it has that rank.
    pub reason: Option<String>,
    /// A remark of the desk.
    pub note: Option<String>,
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainLink {
    /// Who said it. Empty where nobody is named.
    pub by: Vec<Ref>,
    /// In which role.
    pub role: Option<String>,
    /// To whom.
    pub to: Vec<Ref>,
    /// When.
    pub when: Option<DateView>,
    /// On what occasion.
    pub venue: Option<String>,
    /// The text's reporting words.
    pub cue: Option<String>,
    /// `direct`, `indirect`, `mixed`.
    pub mode: Option<String>,
    /// `witness`, `hearsay`, `unstated`.
    pub access: Option<String>,
    /// In which source.
    pub source: Option<Ref>,
}

/// Words of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The words before them, cut at a word; empty in a note.
    pub before: String,
    /// The words.
    pub exact: String,
    /// The words after them; empty in a note.
    pub after: String,
    /// Where they stand: the page and anchor from the site's root.
    pub url: String,
    /// The anchor alone, for a link within the briefing's page.
    pub anchor: String,
    /// Whose words they are, where that is said.
    pub of: Option<Ref>,
}

/// How sure one source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factuality {
    /// The source; `the author` for the text itself.
    pub source: Ref,
    /// One value, or several where readers differ.
    pub values: Vec<FactualityValue>,
}

/// A FactBank value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactualityValue {
    /// `CT+`.
    pub code: String,
    /// `certain that it is so`.
    pub words: String,
}

/// Something cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceView {
    /// How, in words: `cited as evidence`.
    pub words: String,
    /// The source.
    pub source: Ref,
    /// Who cites it.
    pub by: Vec<Ref>,
    /// A remark.
    pub note: Option<String>,
}

/// A relation, seen from one end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelationView {
    /// As one says it from this end: `disputes`, `disputed by`.
    pub words: String,
    /// Whether it is another claim's doing.
    pub incoming: bool,
    /// The claim at the other end.
    pub claim: ClaimCard,
    /// Who says so.
    pub by: Vec<Ref>,
    /// Since when.
    pub date: Option<DateView>,
    /// Where they say so.
    pub source: Option<Ref>,
    /// A remark.
    pub note: Option<String>,
}

/// Where a claim stands, and from what that was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingView {
    /// `contested`, `single-source`, `corroborated`, `retracted`,
    /// `superseded`, `unanswered`.
    pub id: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The claims that it was computed from.
    pub claims: Vec<ClaimCard>,
}

/// The desk's grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessmentView {
    /// 1 to 6.
    pub credibility: Option<u8>,
    /// That in words: `probably true`.
    pub credibility_words: Option<String>,
    /// A term of likelihood.
    pub likelihood: Option<String>,
    /// Who graded it.
    pub by: Option<String>,
    /// When.
    pub date: Option<DateView>,
    /// On what basis.
    pub basis: Option<String>,
}

/// A published fact-check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewView {
    /// Who published it.
    pub by: Ref,
    /// Where it can be read, outside.
    pub address: Option<String>,
    /// When.
    pub date: Option<DateView>,
    /// The rating in words.
    pub label: Option<String>,
    /// The rating on its scale, as `3 on a scale from 0 to 5`.
    pub scale: Option<String>,
}
