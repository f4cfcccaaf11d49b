//! A speaker's page: what they said, what they passed on, what is said of them.

use serde::Serialize;

use super::card::{ClaimCard, DateView, Ref, Tally};
use super::frame::Frame;
use super::listing::Listing;

/// A speaker's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerView {
    /// What every page has.
    pub page: Frame,
    /// The speaker.
    pub speaker: SpeakerBody,
}

/// What the page says of its speaker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerBody {
    /// The name to print.
    pub name: String,
    /// `person`, `organization`, `unidentified`.
    pub kind: String,
    /// How the source describes somebody whom it does not name.
    pub described_as: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// What they are.
    pub role: Option<String>,
    /// Where they belong.
    pub affiliation: Option<Ref>,
    /// Speakers who belong to them.
    pub members: Tally,
    /// Posts held.
    pub posts: Vec<PostView>,
    /// Addresses elsewhere, Wikidata's first.
    pub elsewhere: Vec<Ref>,
    /// The profile. Safe HTML; empty where there is none.
    pub html: String,
    /// Claims made.
    pub said: Listing,
    /// Claims of others that they passed on.
    pub relayed: Listing,
    /// Claims about them.
    pub about: Listing,
    /// What they said of each proposition.
    pub positions: Vec<Position>,
    /// Who relays them.
    pub relayed_by: Tally,
    /// Whom they relay.
    pub relays: Tally,
    /// Which places their claims concern.
    pub territories: Tally,
    /// Briefings that list them.
    pub briefings: Listing,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}

/// A post held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostView {
    /// Its name.
    pub post: String,
    /// Where.
    pub org: Option<Ref>,
    /// Since when.
    pub start: Option<DateView>,
    /// Until when.
    pub end: Option<DateView>,
}

/// Claims that state one proposition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The proposition.
    pub proposition: Ref,
    /// The claims, oldest first; at most ten.
    pub claims: Vec<ClaimCard>,
    /// How many more there are.
    pub more: usize,
}
