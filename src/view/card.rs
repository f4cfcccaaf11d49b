//! Other entities as a page may show them: a title, an address, a few facts.

use serde::Serialize;

/// A date for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// As it was written (EDTF).
    pub edtf: String,
    /// As one would say it.
    pub words: String,
    /// For the `datetime` attribute of `time`; absent where HTML has no form
    /// for it.
    pub html: Option<String>,
}

/// A name that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ref {
    /// The words to print.
    pub name: String,
    /// Where they lead, from the site's root; absent for plain words.
    pub url: Option<String>,
}

/// A name and how many claims stand behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The words to print.
    pub name: String,
    /// Where they lead.
    pub url: String,
    /// How many.
    pub count: usize,
}

/// The most frequent of some names, and how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// The most frequent first, then by name.
    pub items: Vec<Counted>,
    /// How many names are left out.
    pub more: usize,
}

/// One entity as a list or a note shows it. Templates tell them apart by
/// `card.is`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Card {
    /// A briefing.
    Briefing(BriefingCard),
    /// A claim.
    Claim(ClaimCard),
    /// A speaker.
    Speaker(SpeakerCard),
    /// A territory.
    Territory(TerritoryCard),
    /// A source.
    Source(SourceCard),
    /// A proposition.
    Proposition(PropositionCard),
    /// A topic.
    Topic(TopicCard),
    /// A plain page.
    Page(Ref),
    /// A correction.
    Correction(CorrectionCard),
}

/// A briefing, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingCard {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// When it was written.
    pub date: Option<DateView>,
    /// What it says, where the author says so.
    pub summary: Option<String>,
    /// Its language where that is not the site's.
    pub lang: Option<String>,
    /// How many claims it records.
    pub claims: usize,
}

/// A claim, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimCard {
    /// The claim in the desk's words.
    pub text: String,
    /// Its page.
    pub url: String,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    pub kind: String,
    /// When it was said.
    pub date: Option<DateView>,
    /// Who said it: whom the chain ends at. Empty where nobody is named.
    pub by: Vec<Ref>,
    /// Through whom it came, outermost first.
    pub via: Vec<Ref>,
    /// The briefing that records it.
    pub briefing: Ref,
    /// Words for its standing, such as `contested`; empty where there is
    /// nothing to say.
    pub standing: Vec<String>,
    /// `preferred`, `normal` or `deprecated`.
    pub rank: String,
    /// What published fact-checks say, as `half-true (PolitiFact)`.
    pub ratings: Vec<String>,
}

/// A speaker, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpeakerCard {
    /// The name to print.
    pub name: String,
    /// Its page.
    pub url: String,
    /// `person`, `organization`, `unidentified`.
    pub kind: String,
    /// What they are, in a few words.
    pub role: Option<String>,
    /// How many claims they made.
    pub claims: usize,
}

/// A territory, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryCard {
    /// The name to print.
    pub name: String,
    /// Its page.
    pub url: String,
    /// What sort of place.
    pub kind: Option<String>,
    /// How many claims concern it.
    pub claims: usize,
    /// Whether more than one claims it, or another controls it than claims it.
    pub disputed: bool,
}

/// A source, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceCard {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Its schema.org type in words, such as `news article`.
    pub kind: Option<String>,
    /// When it appeared.
    pub date: Option<DateView>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it is, outside.
    pub address: Option<String>,
    /// Where a copy is kept, outside.
    pub archived: Option<String>,
    /// A to F.
    pub reliability: Option<String>,
    /// How many claims rest on it.
    pub claims: usize,
}

/// A proposition, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PropositionCard {
    /// What is being said.
    pub text: String,
    /// Its page.
    pub url: String,
    /// How many claims state it.
    pub claims: usize,
}

/// A topic, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicCard {
    /// The name to print.
    pub name: String,
    /// Its page.
    pub url: String,
    /// How many briefings belong to it.
    pub briefings: usize,
    /// How many claims belong to it.
    pub claims: usize,
}

/// A correction, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionCard {
    /// When it was made.
    pub date: Option<DateView>,
    /// How it read.
    pub was: Option<String>,
    /// How it reads.
    pub now: String,
    /// The briefing that was corrected; the address leads to the correction.
    pub briefing: Ref,
    /// The claims that it touches.
    pub claims: Vec<Ref>,
}
