//! The nearest of some names, for "did you mean".

/// The candidate most like `wanted`, if one is like it enough to be a slip.
///
/// Likeness is the optimal string alignment distance over folded forms; at
/// most a third of the letters may differ. The first of equals in the order
/// given.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = crate::id::fold(wanted);
    let most = wanted.chars().count().div_ceil(3).min(4);
    candidates
        .into_iter()
        // A name that is much longer or shorter needs no closer look.
        .filter(|c| c.len().abs_diff(wanted.len()) <= most * 4)
        .map(|c| (strsim::osa_distance(&wanted, &crate::id::fold(c)), c))
        // A word of one or two letters that shares none is not a slip.
        .filter(|(distance, c)| {
            *distance <= most && *distance < wanted.chars().count().max(c.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let names = ["speaker", "source", "quote"];
        assert_eq!(nearest("speeker", names), Some("speaker"));
        assert_eq!(nearest("qoute", names), Some("quote"));
        assert_eq!(nearest("territories", names), None);
        assert_eq!(nearest("G", ["A", "B"]), None);
    }
}
