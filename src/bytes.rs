//! Sets of bytes, which are asked for each byte of a text.

/// For each byte whether it is in the set. To look it up takes less than to compare it
/// with all that are.
pub type Bytes = [bool; 256];

/// The ASCII letters that are small, and the digits.
pub const SMALL_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// The ASCII letters that are large.
pub const LARGE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The set of all bytes of these lists.
#[must_use]
pub const fn bytes(lists: &[&[u8]]) -> Bytes {
    let mut set = [false; 256];
    let mut list = 0;
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            set[lists[list][index] as usize] = true;
            index += 1;
        }
        list += 1;
    }
    set
}
