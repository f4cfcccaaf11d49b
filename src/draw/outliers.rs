//! Dates so far from all the others that an axis over all of them would show
//! nothing of the others: a slip of the pen, mostly, or a quotation from an age
//! long gone.

use crate::date::Span;

/// Claims with their dates, divided into those that an axis is made for and
/// those that stand at its ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parted {
    /// Long before the rest, in no order.
    pub before: Vec<(usize, Span)>,
    /// The rest, in no order; never empty where there was anything.
    pub rest: Vec<(usize, Span)>,
    /// Long after the rest, in no order.
    pub after: Vec<(usize, Span)>,
}

/// How many times as long as the rest a gap is that sets claims apart, and how
/// many days it has at least.
const TIMES: i32 = 2;
const LEAST: i32 = 3653;

/// Sets apart what is far from the rest: at most a tenth of the claims, behind a
/// gap of more than ten years that is more than twice as long as all the rest.
/// What has an open end is never far from anything.
#[must_use]
pub fn part(placed: Vec<(usize, Span)>) -> Parted {
    let most = placed.len() / 10;
    let mut parted = Parted { rest: placed, ..Parted::default() };
    // Twice, since what is long before makes a gap at the other end look small.
    for _ in 0..2 {
        parted.after.extend(take_late(&mut parted.rest, most, |span| (span.first, span.last)));
        let mirrored = |span: &Span| (span.last.map(|day| -day), span.first.map(|day| -day));
        parted.before.extend(take_late(&mut parted.rest, most, mirrored));
    }
    parted
}

/// Takes away what is late, as `ends` says when a claim begins and ends.
fn take_late(
    rest: &mut Vec<(usize, Span)>,
    most: usize,
    ends: impl Fn(&Span) -> (Option<i32>, Option<i32>),
) -> Vec<(usize, Span)> {
    rest.sort_by_key(|(number, span)| (ends(span).0, *number));
    let is_open = |(_, span): &(usize, Span)| span.first.is_none() || span.last.is_none();
    let closed = rest.iter().rposition(is_open).map_or(0, |place| place + 1);
    let (mut from, mut to) = (None, None);
    let mut cut = rest.len();
    for (place, (_, span)) in rest.iter().enumerate() {
        let (start, end) = ends(span);
        if let (Some(from), Some(to), Some(start)) = (from, to, start)
            && place >= closed.max(rest.len().saturating_sub(most))
            && start - to > LEAST.max(TIMES * (to - from))
        {
            cut = place;
            break;
        }
        from = from.or(start);
        to = to.max(end);
    }
    rest.split_off(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Date;

    /// Ten claims in each of ten years, and some more; the years of what is
    /// set apart.
    fn check(more: &[&str], before: &[&str], after: &[&str]) {
        let dates = (0..100).map(|n| format!("{}-{:02}-01", 2007 + n / 10, 1 + n % 10));
        let spans = dates.chain(more.iter().map(|date| (*date).to_owned()));
        let spans = spans.map(|date| Date::parse(&date).unwrap().span().unwrap());
        let parted = part(spans.enumerate().collect());
        let seen = |part: &[(usize, Span)]| {
            let mut seen: Vec<&str> = part.iter().map(|(n, _)| more[n - 100]).collect();
            seen.sort_unstable();
            seen
        };
        assert_eq!((seen(&parted.before), seen(&parted.after)), (before.to_vec(), after.to_vec()));
    }

    #[test]
    fn what_is_near_belongs_to_the_rest() {
        check(&["2017-05-01", "2030-01-01", "1990"], &[], &[]);
    }

    #[test]
    fn what_is_far_is_set_apart_at_either_end() {
        check(&["2056-10-17"], &[], &["2056-10-17"]);
        check(&["2056-10-17", "2058"], &[], &["2056-10-17", "2058"]);
        check(&["1789-07-14", "2056-10-17", "2999"], &["1789-07-14"], &["2056-10-17", "2999"]);
    }

    #[test]
    fn what_is_open_or_not_rare_is_not_far() {
        check(&["2056-10-17/..", "../1789"], &[], &[]);
        check(&["2056"; 12], &[], &[]);
    }
}
