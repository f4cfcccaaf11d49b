//! The page to search: which filters it offers. What is found is put there by
//! its script, from the [records](crate::view::record).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

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
    /// Words that tell nothing apart, as `the`, in small letters: those that are in
    /// claims more than twice as often as there are briefings. None where there
    /// are fewer than a thousand of these.
    pub common: Vec<String>,
}

/// With fewer briefings no word is much to load.
const MANY: usize = 1000;

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
        common: if site.briefings.len() < MANY {
            Vec::new()
        } else {
            let texts = claims().map(|(claim, _)| &*site.facts(claim).text);
            common(texts, 2 * site.briefings.len())
        },
    }
}

/// The words that occur more often than this, in order.
fn common<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let mut times = HashMap::<Cow<'_, str>, usize>::new();
    for word in texts.flat_map(str::split_whitespace) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_small = !word.contains(char::is_uppercase);
        let word = if is_small { word.into() } else { word.to_lowercase().into() };
        *times.entry(word).or_default() += 1;
    }
    times.remove("");
    let often = times.into_iter().filter(|(_, times)| *times > most);
    let found: BTreeSet<String> = often.map(|(word, _)| word.into_owned()).collect();
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn words_are_common_by_how_often_they_occur() {
        let texts = ["The tax of the city", "the, tax", "– the – tax?"];
        assert_eq!(common(texts.into_iter(), 2), ["tax", "the"]);
        assert_eq!(common(texts.into_iter(), 3), ["the"]);
        assert_eq!(common(texts.into_iter(), 4), [""; 0]);
    }
}
