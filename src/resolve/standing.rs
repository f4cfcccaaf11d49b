//! Where a claim stands: computed, never typed, and always with the claims it
//! was computed from.

use super::site::{ClaimNode, Site};
use crate::model::claim::RelationKind;

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// A claim retracts it.
    Retracted,
    /// A claim updates or corrects it.
    Superseded,
    /// A claim disputes or refutes it.
    Contested,
    /// Two or more independent roots say it.
    Corroborated,
    /// One root alone says it.
    SingleSource,
    /// It is about somebody who has not replied to it.
    Unanswered,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Retracted => "retracted",
            Self::Superseded => "superseded",
            Self::Contested => "contested",
            Self::Corroborated => "corroborated",
            Self::SingleSource => "single-source",
            Self::Unanswered => "unanswered",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub standing: Standing,
    /// The claims from which, by index.
    pub claims: Vec<u32>,
    /// The speakers from whom nothing is heard, for `unanswered`.
    pub speakers: Vec<u32>,
}

/// Where a claim's chain ends: the speaker whose words it carries, or else the
/// source in which it stands. Two claims with one root do not corroborate each
/// other, through however many mouths they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// A speaker.
    Speaker(u32),
    /// A source.
    Source(u32),
}

/// The root of a claim's chain; `None` where nobody is named.
#[must_use]
pub fn root(claim: &ClaimNode) -> Option<Root> {
    let last = claim.chain.iter().rev().find_map(|link| link.by.iter().min());
    last.map(|s| Root::Speaker(*s))
        .or_else(|| claim.chain.iter().rev().find_map(|link| link.source).map(Root::Source))
}

/// Where a claim stands, the gravest first.
///
/// `single-source` and `corroborated` are said of claims that somebody is
/// named for and that can be true or false or come true: an evaluation or a
/// question is its speaker's own.
#[must_use]
pub fn standing(site: &Site, claim: u32) -> Vec<Finding> {
    use RelationKind as R;
    let node = &site.claims[claim as usize];
    let mut found = Vec::new();
    let mut from = |standing, kinds: &[R]| {
        let mut claims: Vec<u32> = node
            .incoming
            .iter()
            .filter(|(kind, from, _)| {
                kinds.contains(kind) && (*kind != R::Retracts || takes_back(site, *from, claim))
            })
            .map(|(_, from, _)| *from)
            .collect();
        claims.sort_unstable();
        claims.dedup();
        if !claims.is_empty() {
            found.push(Finding { standing, claims, speakers: Vec::new() });
        }
    };
    from(Standing::Retracted, &[R::Retracts]);
    from(Standing::Superseded, &[R::Updates, R::Corrects]);
    from(Standing::Contested, &[R::Disputes, R::Refutes]);
    if let Some(finding) = sources(site, claim) {
        found.push(finding);
    }
    let silent = silent(site, node);
    if !silent.is_empty() {
        found.push(Finding {
            standing: Standing::Unanswered,
            claims: Vec::new(),
            speakers: silent,
        });
    }
    found
}

fn sources(site: &Site, claim: u32) -> Option<Finding> {
    use crate::model::claim::ClaimKind as K;
    use RelationKind as R;
    let node = &site.claims[claim as usize];
    let own = root(node)?;
    if !matches!(site.facts(claim).kind, K::Factual | K::Prediction | K::Commitment) {
        return None;
    }
    let alike = node
        .proposition
        .into_iter()
        .flat_map(|p| site.propositions[p as usize].roots.iter().copied());
    let support = node
        .incoming
        .iter()
        .filter(|(kind, ..)| matches!(kind, R::Supports | R::Confirms | R::AgreesWith))
        .filter_map(|(_, from, _)| Some((root(&site.claims[*from as usize])?, *from)));
    let mut others: Vec<u32> = alike
        .chain(support)
        .filter(|(other, from)| *other != own && *from != claim)
        .map(|(_, from)| from)
        .collect();
    others.retain(|other| counts(site, *other));
    others.sort_unstable();
    others.dedup();
    let standing = if others.is_empty() { Standing::SingleSource } else { Standing::Corroborated };
    Some(Finding { standing, claims: others, speakers: Vec::new() })
}

/// Whether a claim can bear another out: it states something, nobody who is
/// its root has taken it back, and it is not known to be wrong.
fn counts(site: &Site, claim: u32) -> bool {
    use crate::model::claim::{ClaimKind as K, Rank};
    let facts = site.facts(claim);
    !matches!(facts.kind, K::Question | K::Evaluation)
        && facts.rank != Rank::Deprecated
        && !retracted(site, claim)
}

/// Whether somebody who can has taken a claim back.
#[must_use]
pub fn retracted(site: &Site, claim: u32) -> bool {
    let node = &site.claims[claim as usize];
    node.incoming
        .iter()
        .any(|(kind, from, _)| *kind == RelationKind::Retracts && takes_back(site, *from, claim))
}

/// Whether one claim can take another back: somebody must be named for both,
/// since nobody can retract what another said.
#[must_use]
pub fn takes_back(site: &Site, from: u32, claim: u32) -> bool {
    let by = |c: u32| site.claims[c as usize].chain.iter().flat_map(|link| link.by.iter().copied());
    by(from).any(|speaker| by(claim).any(|other| other == speaker))
}

/// Those whom a claim is about, who did not make or pass it on themselves, and
/// of whom no claim is on record that answers it. From somebody who is not
/// named no answer can be expected.
fn silent(site: &Site, node: &ClaimNode) -> Vec<u32> {
    let named = |s: &u32| node.chain.iter().any(|link| link.by.contains(s));
    let answered = |s: &u32| {
        node.incoming.iter().any(|(kind, from, _)| {
            !matches!(kind, RelationKind::ObtainsSupportFrom)
                && site.claims[*from as usize].chain.iter().any(|link| link.by.contains(s))
        })
    };
    let can_answer = |s: &u32| {
        site.speakers[*s as usize].facts.kind
            != Some(crate::model::speaker::SpeakerType::Unidentified)
    };
    node.about.iter().filter(|s| can_answer(s) && !named(s) && !answered(s)).copied().collect()
}
