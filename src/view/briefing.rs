//! A briefing's page: the text with its annotations beside it.

use serde::Serialize;

use super::card::{CorrectionCard, DateView, Ref, SourceCard, SpeakerCard, TerritoryCard};
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage};

/// A briefing's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingView {
    /// What every page has.
    pub page: Frame,
    /// The briefing.
    pub briefing: BriefingBody,
}

/// What the page says of its briefing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BriefingBody {
    /// Its title.
    pub title: String,
    /// When it was written; absent means unknown.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What it says.
    pub summary: Option<String>,
    /// The text, with its marks. Safe HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What is claimed in it, in the order of the front matter.
    pub claims: Vec<ClaimNote>,
    /// Loaded words in it.
    pub terms: Vec<TermView>,
    /// Who speaks in it.
    pub speakers: Vec<SpeakerCard>,
    /// Which places it concerns.
    pub territories: Vec<TerritoryCard>,
    /// What it rests on.
    pub sources: Vec<SourceCard>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref>,
    /// What was wrong in it; their anchors are `correction-1`, `correction-2`.
    pub corrections: Vec<CorrectionCard>,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 to 6, as on the page.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A loaded word in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// The words and their place.
    pub passage: Passage,
    /// `so_called` or `loaded`.
    pub kind: Option<String>,
    /// In whose voice it stands.
    pub voice: Option<Ref>,
    /// What is to be said about it.
    pub note: Option<String>,
    /// The briefing that uses it.
    pub briefing: Ref,
}
