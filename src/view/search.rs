//! The page to search: which filters it offers. What is found is put there by
//! its script, from the [records](crate::view::record).

use std::collections::BTreeSet;

use serde::Serialize;

use super::card;
use super::frame::{Frame, frame};
use crate::model::claim::ClaimKind;
use crate::plan::pages::{INDEX, Page};
use crate::resolve::site::Site;
use crate::resolve::standing::{self, Standing};

/// The page to search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The folder of the index, from the site's root.
    pub index: &'static str,
    /// The kinds of claims that there are: `factual`, `evaluation` and so on.
    pub kinds: Vec<&'static str>,
    /// Where claims stand: `contested`, `single-source` and so on.
    pub standings: Vec<&'static str>,
    /// The years that briefings and claims are filed under, newest first.
    pub years: Vec<i32>,
}

/// The page to search.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page) -> SearchView<'a> {
    let claims = || (0..).zip(site.claims.iter());
    let used: BTreeSet<&str> =
        claims().map(|(c, _)| card::claim_kind(site.facts(c).kind)).collect();
    let findings = claims().flat_map(|(c, _)| standing::standing(site, c));
    let found: BTreeSet<Standing> = findings.map(|finding| finding.standing).collect();
    let filings = site.briefings.iter().filter_map(|b| b.filing);
    let filings = filings.chain(site.claims.iter().filter_map(|c| c.filing));
    let years: BTreeSet<i32> = filings.map(|(year, ..)| year).collect();
    const KINDS: [ClaimKind; 5] = [
        ClaimKind::Factual,
        ClaimKind::Evaluation,
        ClaimKind::Prediction,
        ClaimKind::Question,
        ClaimKind::Commitment,
    ];
    SearchView {
        page: frame(site, page, site.words.say("search"), "", Vec::new()),
        index: INDEX,
        kinds: KINDS.map(card::claim_kind).into_iter().filter(|kind| used.contains(kind)).collect(),
        standings: found.into_iter().map(Standing::id).collect(),
        years: years.into_iter().rev().collect(),
    }
}
