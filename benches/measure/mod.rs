//! What the benchmarks measure with: programs and what they take, edits and how
//! long they take to be seen, and the least that writing takes.

pub mod edits;
pub mod floor;
pub mod preview;
pub mod program;

/// The value that half of them are not above.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}
