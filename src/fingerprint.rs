//! A number that stands for some bytes.
//!
//! 128 bits, so that two different texts never share one in practice
//! (2^-64 at four billion texts). In memory only; not for others to verify.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::{xxh3_128, xxh3_128_with_seed};

/// What stands for some bytes; equal for equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The fingerprint of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The fingerprint of something within what this one stands for.
    #[must_use]
    pub fn within(self, bytes: &[u8]) -> Self {
        let Low(seed) = self.low();
        Self(xxh3_128_with_seed(bytes, seed) ^ (self.0 >> 64))
    }

    /// The lower half; cut on purpose.
    fn low(self) -> Low {
        Low(u64::from_le_bytes(self.0.to_le_bytes()[..8].try_into().unwrap_or_default()))
    }

    /// The first eight hexadecimal digits, for file names.
    #[must_use]
    pub fn short(self) -> String {
        self.to_string()[..8].to_owned()
    }
}

/// Hashes maps whose keys are fingerprints, which are hashes already.
pub type ByFingerprint = BuildHasherDefault<Low>;

/// Hashes maps whose keys are names. They come from the desk's own files, so
/// that nobody gains by choosing some that collide.
pub type ByName = FxBuildHasher;

/// The lower half of a fingerprint.
#[derive(Debug, Clone, Copy, Default)]
pub struct Low(u64);

impl Hasher for Low {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        *self = Fingerprint::of(bytes).low();
    }

    fn write_u128(&mut self, fingerprint: u128) {
        *self = Fingerprint(fingerprint).low();
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
