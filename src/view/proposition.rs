//! A proposition's page: who said it, when, on which occasions.

use serde::Serialize;

use super::card::Tally;
use super::frame::Frame;
use super::listing::Listing;

/// A proposition's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropositionView {
    /// What every page has.
    pub page: Frame,
    /// The proposition.
    pub proposition: PropositionBody,
}

/// What the page says of its proposition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropositionBody {
    /// What is being said.
    pub text: String,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// The claims that state it.
    pub claims: Listing,
    /// Who states it.
    pub speakers: Tally,
    /// What links here.
    pub links_here: Listing,
    /// The author's own data.
    pub extra: serde_yaml::Value,
}
