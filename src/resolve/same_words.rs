//! Claims whose text is the same to the letter: what was recorded twice, perhaps
//! with another answer.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::site::Site;
use crate::fingerprint::Fingerprint;

/// For each claim whose text another claim has too, these others, by index.
#[must_use]
pub fn same_words(site: &Site) -> BTreeMap<u32, Vec<u32>> {
    let text = |claim: &u32| (Fingerprint::of(site.facts(*claim).text.trim().as_bytes()), *claim);
    // Those of one briefing lie together in memory.
    let briefings = site.briefings.par_iter();
    let mut texts: Vec<(Fingerprint, u32)> =
        briefings.flat_map_iter(|briefing| briefing.claims.iter().map(text)).collect();
    texts.par_sort_unstable();
    let mut same: Vec<(u32, Vec<u32>)> = texts
        .par_chunk_by(|one, other| one.0 == other.0)
        .filter(|alike| alike.len() > 1)
        .flat_map_iter(|alike| {
            alike.iter().map(|(_, claim)| {
                let others = alike.iter().map(|(_, other)| *other).filter(|other| other != claim);
                (*claim, others.collect())
            })
        })
        .collect();
    same.par_sort_unstable();
    same.into_iter().collect()
}
