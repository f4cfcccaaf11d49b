//! Checksums that others verify: of files that are published, and of those that
//! a browser is to run.
//!
//! For what is only compared in memory there is a [`Fingerprint`], which is
//! many times as fast.
//!
//! [`Fingerprint`]: crate::fingerprint::Fingerprint

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

/// The SHA-256 of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha(pub [u8; 32]);

impl Sha {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// From 64 lower-case hexadecimal digits; `None` where it is not that.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let mut all = [0; 32];
        if text.len() != 64 {
            return None;
        }
        for (byte, two) in all.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = digit(two[0])? * 16 + digit(two[1])?;
        }
        Some(Self(all))
    }

    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|b| [b >> 4, b & 15]);
        digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
    }
}

/// What an `integrity` attribute says of these bytes: `sha384-` and base64.
///
/// Source: W3C, "Subresource Integrity", 3.1.
#[must_use]
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers: FIPS 180-2, and that of `openssl dgst -sha384`.
    #[test]
    fn checksums_are_those_that_others_reckon() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha::of(b"").hex(), empty);
        assert_eq!(Sha::from_hex(empty), Some(Sha::of(b"")));
        assert_eq!(Sha::from_hex(&empty.replace('e', "E")), None);
        assert_eq!(
            integrity(b"abc"),
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
        );
    }
}
