//! A number that stands for some bytes.
//!
//! 128 bits, so that two different texts never share one in practice
//! (2^-64 at four billion texts). In memory only; not for others to verify.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

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

/// Hashes maps whose keys are fingerprints, which are hashes already.
pub type ByFingerprint = BuildHasherDefault<Low>;

/// Hashes maps whose keys are names. They come from the desk's own files, so
/// that nobody gains by choosing some that collide.
pub type ByName = BuildHasherDefault<Xxh3Default>;

/// The lower half of a fingerprint.
#[derive(Debug, Clone, Copy, Default)]
pub struct Low(u64);

impl Hasher for Low {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Other keys than fingerprints are not asked for and still right.
        self.0 = xxhash_rust::xxh3::xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u128(&mut self, fingerprint: u128) {
        // Cut on purpose.
        self.0 = u64::from_le_bytes(fingerprint.to_le_bytes()[..8].try_into().unwrap_or_default());
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
