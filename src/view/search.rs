//! The page to search: which filters it offers. What is found is put there by
//! its script, from the [records](crate::view::record).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::card;
use super::frame::{Frame, frame};
use super::wanted::Ask;
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
    /// Words that tell nothing apart, as `the`, in small letters, which the index
    /// does not have. None where there are fewer than a thousand briefings.
    pub common: Vec<String>,
}

/// With fewer briefings no word is much to load.
const MANY: usize = 1000;

/// The page to search.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page, ask: &Ask<'_>) -> SearchView<'a> {
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
        page: frame(site, page, ask, site.words.say("search"), "", Vec::new()),
        index: INDEX,
        kinds: KINDS.map(card::claim_kind).into_iter().filter(|kind| used.contains(kind)).collect(),
        standings: found.into_iter().map(Standing::id).collect(),
        years: years.into_iter().rev().collect(),
        common: common(site),
    }
}

/// Words that tell nothing apart, as `the`, in small letters and in order: those
/// that are in claims half as often again as there are briefings. None where
/// there are fewer than a thousand of these.
#[must_use]
pub fn common(site: &Site) -> Vec<String> {
    if site.briefings.len() < MANY {
        return Vec::new();
    }
    let texts = (0..).zip(site.claims.iter()).map(|(claim, _)| &*site.facts(claim).text);
    frequent(texts, 3 * site.briefings.len() / 2)
}

/// The words that occur more often than this, in order.
fn frequent<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let mut times = HashMap::<Cow<'_, str>, usize>::new();
    for word in texts.flat_map(str::split_whitespace) {
        *times.entry(bare(word)).or_default() += 1;
    }
    times.remove("");
    let often = times.into_iter().filter(|(_, times)| *times > most);
    let found: BTreeSet<String> = often.map(|(word, _)| word.into_owned()).collect();
    found.into_iter().collect()
}

/// A word in small letters, without the signs around it.
#[must_use]
pub fn bare(word: &str) -> Cow<'_, str> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.contains(char::is_uppercase) { word.to_lowercase().into() } else { word.into() }
}

#[cfg(test)]
mod tests {
    use super::frequent;

    #[test]
    fn words_are_common_by_how_often_they_occur() {
        let texts = ["The tax of the city", "the, tax", "– the – tax?"];
        assert_eq!(frequent(texts.into_iter(), 2), ["tax", "the"]);
        assert_eq!(frequent(texts.into_iter(), 3), ["the"]);
        assert_eq!(frequent(texts.into_iter(), 4), [""; 0]);
    }
}
