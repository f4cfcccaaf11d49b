//! The home page: what is new, and the ways in.

use serde::Serialize;

use super::card::{BriefingCard, ClaimCard, CorrectionCard};
use super::frame::Frame;

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomeView {
    /// What every page has.
    pub page: Frame,
    /// The newest briefings.
    pub briefings: Vec<BriefingCard>,
    /// The newest claims.
    pub claims: Vec<ClaimCard>,
    /// The newest corrections.
    pub corrections: Vec<CorrectionCard>,
    /// Every kind of entity with its index and how many there are.
    pub kinds: Vec<KindCount>,
}

/// A kind of entity, its index, its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// `Speakers`.
    pub title: String,
    /// The index.
    pub url: String,
    /// How many.
    pub count: usize,
}
