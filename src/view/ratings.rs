//! How published fact-checks rate some claims, counted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::card::Ref;
use crate::model::claim::{Claim, Rating, Review};
use crate::resolve::site::Site;

/// What one reviewer says of some claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ratings<'a> {
    /// Who rates them.
    pub by: Ref<'a>,
    /// How many ratings there are.
    pub total: usize,
    /// How many there are of the most frequent.
    pub most: usize,
    /// Each rating, from the best to the worst on the reviewer's own scale; those that
    /// are not on a scale after them, the most frequent first.
    pub items: Vec<RatingCount<'a>>,
}

/// How often claims are rated so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatingCount<'a> {
    /// The rating in the reviewer's words.
    pub label: &'a str,
    /// How many claims.
    pub count: usize,
}

/// The ratings of these claims, by reviewer: who rates the most of them first,
/// then by name. One rating alone is no count, and is left to the claim.
#[must_use]
pub fn ratings<'a>(site: &'a Site, claims: &[u32]) -> Vec<Ratings<'a>> {
    let reviews = claims.iter().flat_map(|claim| &site.facts(*claim).reviews);
    let counted = count(reviews).into_iter().map(|(by, items)| Ratings {
        by: Ref::speaker_or_words(site, by),
        total: items.iter().map(|item| item.count).sum(),
        most: items.iter().map(|item| item.count).max().unwrap_or(0),
        items,
    });
    let mut all: Vec<Ratings<'_>> = counted.filter(|ratings| ratings.total > 1).collect();
    all.sort_by_key(|ratings| std::cmp::Reverse(ratings.total));
    all
}

/// By who rates: how often with which label.
fn count<'a>(
    reviews: impl IntoIterator<Item = &'a Review>,
) -> BTreeMap<&'a str, Vec<RatingCount<'a>>> {
    let mut by_reviewer = BTreeMap::<&str, BTreeMap<&str, (usize, Option<f64>)>>::new();
    for review in reviews {
        let Some(rating) = rating(review) else { continue };
        let labels = by_reviewer.entry(&review.by).or_default();
        let (count, _) = labels.entry(&rating.label).or_insert((0, height(rating)));
        *count += 1;
    }
    let in_order = |labels: BTreeMap<&'a str, (usize, Option<f64>)>| {
        let mut labels: Vec<_> = labels.into_iter().collect();
        labels.sort_by(|(_, (a_count, a)), (_, (b_count, b))| match (a, b) {
            (Some(a), Some(b)) => b.total_cmp(a),
            (None, None) => b_count.cmp(a_count),
            _ => a.is_none().cmp(&b.is_none()),
        });
        labels.into_iter().map(|(label, (count, _))| RatingCount { label, count }).collect()
    };
    by_reviewer.into_iter().map(|(by, labels)| (by, in_order(labels))).collect()
}

fn rating(review: &Review) -> Option<&Rating> {
    review.rating.as_ref().filter(|rating| !rating.label.is_empty())
}

/// How a claim is rated, each as `false (The Checker)`.
pub fn labels(claim: &Claim) -> impl Iterator<Item = String> {
    claim
        .reviews
        .iter()
        .filter_map(|review| Some(format!("{} ({})", rating(review)?.label, review.by)))
}

/// Where a rating is on its scale: 0 at the worst end, 1 at the best.
fn height(rating: &Rating) -> Option<f64> {
    let (value, worst, best) = (rating.value?, rating.worst?, rating.best?);
    let height = (value - worst) / (best - worst);
    height.is_finite().then_some(height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reviews: &[(&str, &str, Option<[f64; 3]>)], expected: &[(&str, &[(&str, usize)])]) {
        let reviews: Vec<Review> = reviews
            .iter()
            .map(|(by, label, scale)| Review {
                by: (*by).to_owned(),
                rating: Some(Rating {
                    label: (*label).to_owned(),
                    value: scale.map(|[value, ..]| value),
                    worst: scale.map(|[_, worst, _]| worst),
                    best: scale.map(|[.., best]| best),
                }),
                ..Review::default()
            })
            .collect();
        let counted = count(&reviews);
        let seen: Vec<(&str, Vec<(&str, usize)>)> = counted
            .iter()
            .map(|(by, items)| (*by, items.iter().map(|i| (i.label, i.count)).collect()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(by, items)| (*by, items.to_vec())).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_scale_runs_from_its_best_end_whichever_number_that_is() {
        check(
            &[
                ("Up", "false", Some([1.0, 0.0, 5.0])),
                ("Up", "true", Some([5.0, 0.0, 5.0])),
                ("Up", "false", Some([1.0, 0.0, 5.0])),
                ("Down", "four noses", Some([4.0, 4.0, 0.0])),
                ("Down", "no nose", Some([0.0, 4.0, 0.0])),
            ],
            &[("Down", &[("no nose", 1), ("four noses", 1)]), ("Up", &[("true", 1), ("false", 2)])],
        );
    }

    #[test]
    fn without_a_scale_the_most_frequent_comes_first() {
        let plain = |label| ("Desk", label, None);
        check(
            &[plain("so"), plain("unproven"), plain("so"), ("Desk", "best", Some([1.0, 0.0, 1.0]))],
            &[("Desk", &[("best", 1), ("so", 2), ("unproven", 1)])],
        );
        check(&[("Desk", "odd", Some([1.0, 1.0, 1.0]))], &[("Desk", &[("odd", 1)])]);
    }
}
