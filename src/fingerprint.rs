//! A number that stands for some bytes.
//!
//! 128 bits, so that two different texts never share one in practice
//! (2^-64 at four billion texts). In memory only; not for others to verify.

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

/// What stands for some bytes; equal for equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The fingerprint of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The first eight hexadecimal digits, for file names.
    #[must_use]
    pub fn short(self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
