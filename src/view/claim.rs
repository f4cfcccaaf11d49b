//! A claim's page: the words in context, the chain, what answers it.

use serde::Serialize;

use super::card::{BriefingCard, ClaimCard};
use super::frame::Frame;
use super::listing::Listing;
use super::note::{ClaimNote, Passage};

/// A claim's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimView {
    /// What every page has.
    pub page: Frame,
    /// The claim.
    pub claim: ClaimNote,
    /// The briefing that records it.
    pub briefing: BriefingCard,
    /// Its quotes and span with the words around them.
    pub passages: Vec<Passage>,
    /// Other claims that state the same proposition; at most ten.
    pub repeats: Vec<ClaimCard>,
    /// How many more there are.
    pub more_repeats: usize,
    /// How to cite the claim, as plain text.
    pub citation: String,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}
