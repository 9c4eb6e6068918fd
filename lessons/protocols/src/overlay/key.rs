//! Identifiers of nodes and data: numbers of up to 160 bits.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use sha1::{Digest, Sha1};

/// An identifier, as 20 bytes with the most significant first. In a small identifier space only
/// the low bits are used.
///
/// The order is that of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Key([u8; Key::BYTES]);

impl Key {
    /// Bits of the largest identifier: those of SHA-1, which Chord and BEP 5 both use.
    pub const BITS: u8 = 160;

    /// The same in bytes.
    pub const BYTES: usize = 20;

    /// The identifier with these bytes, the most significant first.
    pub const fn new(bytes: [u8; Key::BYTES]) -> Key {
        Key(bytes)
    }

    /// The SHA-1 of something, as consistent hashing gives to node addresses and names of data.
    pub fn hash(data: &[u8]) -> Key {
        Key(Sha1::digest(data).into())
    }

    /// The identifier with this value.
    pub fn from_value(value: u64) -> Key {
        let mut bytes = [0; Key::BYTES];
        let (_, low) = bytes.split_at_mut(Key::BYTES - size_of::<u64>());
        low.copy_from_slice(&value.to_be_bytes());
        Key(bytes)
    }

    /// Its bytes, the most significant first.
    pub const fn as_bytes(&self) -> &[u8; Key::BYTES] {
        &self.0
    }

    /// Its value, if that fits in 64 bits.
    pub fn value(&self) -> Option<u64> {
        let (high, low) = self.parts();
        (high == 0).then_some(u64::try_from(low).ok()).flatten()
    }

    /// The identifier modulo 2^`bits`.
    pub fn modulo(self, bits: u8) -> Key {
        let (high, low) = self.parts();
        Key::whole(high & ones(bits.saturating_sub(128)) as u32, low & ones(bits))
    }

    /// The identifier 2^`exponent` further clockwise on a ring of `bits` bits.
    pub fn plus_power_of_two(self, exponent: u8, bits: u8) -> Key {
        let (high, low) = self.parts();
        let (add_high, add_low) = match exponent.checked_sub(128) {
            Some(above) => (1_u32.checked_shl(above.into()).unwrap_or(0), 0),
            None => (0, 1_u128 << exponent),
        };
        let (low, carry) = low.overflowing_add(add_low);
        let high = high.wrapping_add(add_high).wrapping_add(carry.into());
        Key::whole(high, low).modulo(bits)
    }

    /// How far it is from here clockwise to another identifier on a ring of `bits` bits.
    pub fn clockwise_to(self, other: Key, bits: u8) -> Key {
        let ((high, low), (to_high, to_low)) = (self.parts(), other.parts());
        let (low, borrow) = to_low.overflowing_sub(low);
        let high = to_high.wrapping_sub(high).wrapping_sub(borrow.into());
        Key::whole(high, low).modulo(bits)
    }

    /// Whether it lies on the way clockwise from `after` to `before`, both excluded: the interval
    /// (after, before). Where both are the same, that is the whole ring but for them.
    pub fn is_between(self, after: Key, before: Key) -> bool {
        match after < before {
            true => after < self && self < before,
            false => after < self || self < before && after != self,
        }
    }

    /// Whether it lies on the way clockwise from `after` to `last`, the latter included: the
    /// interval (after, last]. Where both are the same, that is the whole ring.
    pub fn is_after_up_to(self, after: Key, last: Key) -> bool {
        self == last || self.is_between(after, last)
    }

    /// The distance by Kademlia's metric: the exclusive or.
    pub fn xor(self, other: Key) -> Key {
        let ((high, low), (other_high, other_low)) = (self.parts(), other.parts());
        Key::whole(high ^ other_high, low ^ other_low)
    }

    /// How many leading bits of all 160 it shares with another: 160 for the same identifier.
    pub fn shared_prefix_bits(self, other: Key) -> u8 {
        let (high, low) = self.xor(other).parts();
        let leading = match high {
            0 => u32::BITS + low.leading_zeros(),
            _ => high.leading_zeros(),
        };
        leading as u8
    }

    /// The bit at a place, the most significant of all 160 first; false beyond the last.
    pub fn bit(self, place: u8) -> bool {
        let byte = self.0.get(usize::from(place / 8));
        byte.is_some_and(|byte| byte >> (7 - place % 8) & 1 == 1)
    }

    /// The place on a circle of `bits` bits as a fraction of a whole turn: at least 0, less than 1.
    pub fn turn(self, bits: u8) -> f64 {
        let spare = u32::from(Key::BITS.saturating_sub(bits.max(1)));
        let (high, low) = self.modulo(bits.max(1)).parts();
        // The topmost 64 of the 160 bits once the unused ones are shifted out.
        let top = match spare.checked_sub(32) {
            None => {
                (u128::from(high) << 96 | low >> 32) << spare | (low << 96 >> 96 << spare) >> 32
            }
            Some(beyond) => low << beyond,
        };
        // A double has 53 bits of precision: more would round up to a whole turn.
        (top >> 75) as f64 / (1_u64 << 53) as f64
    }

    /// The topmost 32 bits and the other 128.
    fn parts(self) -> (u32, u128) {
        let [a, b, c, d, low @ ..] = self.0;
        (u32::from_be_bytes([a, b, c, d]), u128::from_be_bytes(low))
    }

    fn whole(high: u32, low: u128) -> Key {
        let mut bytes = [0; Key::BYTES];
        let (top, rest) = bytes.split_at_mut(size_of::<u32>());
        top.copy_from_slice(&high.to_be_bytes());
        rest.copy_from_slice(&low.to_be_bytes());
        Key(bytes)
    }
}

/// As many ones as the number of bits says, 128 at the most.
fn ones(bits: u8) -> u128 {
    match 128_u32.checked_sub(bits.into()) {
        Some(spare) => u128::MAX.checked_shr(spare).unwrap_or(0),
        None => u128::MAX,
    }
}

impl fmt::Display for Key {
    /// In hexadecimal, all 40 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = self.parts();
        write!(f, "{high:08x}{low:032x}")
    }
}

/// As two numbers: they are compared in a few instructions, where a row of bytes is compared by a
/// function of the system's, and a node compares keys all the time.
impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

impl FromStr for Key {
    type Err = KeyError;

    /// Reads 40 hexadecimal digits.
    fn from_str(text: &str) -> Result<Key, KeyError> {
        if text.len() != 2 * Key::BYTES {
            return Err(KeyError::Length { digits: text.chars().count() });
        }
        let mut bytes = [0; Key::BYTES];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'));
            let value = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok());
            *byte = value.ok_or(KeyError::Digit)?;
        }
        Ok(Key(bytes))
    }
}

/// Why a text is not an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyError {
    /// It has another length than 40 digits.
    Length {
        /// How many characters it has.
        digits: usize,
    },
    /// Something in it is not a hexadecimal digit.
    Digit,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::Length { digits } => {
                write!(f, "an identifier has 40 hexadecimal digits, this has {digits} characters")
            }
            KeyError::Digit => f.write_str("an identifier has hexadecimal digits only"),
        }
    }
}

impl core::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: u64) -> Key {
        Key::from_value(value)
    }

    #[test]
    fn the_fingers_of_node_8_start_where_the_paper_says() {
        // ToN 2003, figure 4: m = 6, N8 + 1, 2, 4, 8, 16, 32.
        let starts: Vec<_> = (0..6).map(|i| key(8).plus_power_of_two(i, 6).value()).collect();
        assert_eq!(starts, [9, 10, 12, 16, 24, 40].map(Some));
        assert_eq!(key(42).plus_power_of_two(5, 6), key(10), "42 + 32 is 10 modulo 64");
    }

    #[test]
    fn carries_and_borrows_cross_from_the_low_bits_to_the_high_ones() {
        let low = Key::whole(0, u128::MAX);
        assert_eq!(low.plus_power_of_two(0, 160), Key::whole(1, 0));
        assert_eq!(Key::whole(1, 0).plus_power_of_two(159, 160), Key::whole(1 | 1 << 31, 0));
        let all = Key::whole(u32::MAX, u128::MAX);
        assert_eq!(all.plus_power_of_two(0, 160), Key::default());
        assert_eq!(Key::whole(1, 0).clockwise_to(Key::default(), 160), Key::whole(u32::MAX, 0));
        assert_eq!(key(1).clockwise_to(Key::whole(1, 0), 160), low);
    }

    #[test]
    fn the_way_round_a_small_ring_passes_zero() {
        assert_eq!(key(56).clockwise_to(key(8), 6), key(16));
        assert_eq!(key(8).clockwise_to(key(8), 6), key(0));
    }

    #[test]
    fn intervals_wrap_and_an_empty_one_is_the_whole_ring() {
        let inside = |k: u64, a: u64, b: u64| key(k).is_between(key(a), key(b));
        assert!(inside(10, 8, 14) && !inside(8, 8, 14) && !inside(14, 8, 14));
        assert!(inside(60, 56, 8) && inside(3, 56, 8) && !inside(30, 56, 8) && !inside(56, 56, 8));
        assert!(inside(9, 8, 8) && inside(7, 8, 8) && !inside(8, 8, 8));
        assert!(key(14).is_after_up_to(key(8), key(14)) && !key(8).is_after_up_to(key(8), key(14)));
        assert!(key(8).is_after_up_to(key(8), key(8)), "a ring of one node owns every key");
    }

    #[test]
    fn prefixes_and_bits_count_from_the_most_significant() {
        let top = Key::whole(1 << 31, 0);
        assert!(top.bit(0) && !top.bit(1) && key(1).bit(159) && !key(1).bit(160));
        assert_eq!(top.shared_prefix_bits(Key::default()), 0);
        assert_eq!(key(1).shared_prefix_bits(Key::default()), 159);
        assert_eq!(key(7).shared_prefix_bits(key(7)), 160);
        assert_eq!(Key::whole(0, 1 << 127).shared_prefix_bits(Key::default()), 32);
    }

    #[test]
    fn a_turn_is_the_fraction_of_the_ring() {
        assert_eq!([0, 16, 32, 48].map(|k| key(k).turn(6)), [0.0, 0.25, 0.5, 0.75]);
        let all = Key::whole(u32::MAX, u128::MAX);
        assert!(all.turn(160) < 1.0 && all.turn(160) > 0.999_999);
        for bits in 1..=160 {
            let half = Key::default().plus_power_of_two(bits - 1, bits);
            assert_eq!(half.turn(bits), 0.5, "2^{} of 2^{bits}", bits - 1);
        }
    }

    #[test]
    fn hexadecimal_is_read_as_it_is_written() {
        let hash = Key::hash(b"abc");
        assert_eq!(hash.to_string(), "a9993e364706816aba3e25717850c26c9cd0d89d", "RFC 3174 7.3");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("12".parse::<Key>(), Err(KeyError::Length { digits: 2 }));
        assert_eq!("+f".repeat(20).parse::<Key>(), Err(KeyError::Digit));
        assert_eq!("g0".repeat(20).parse::<Key>(), Err(KeyError::Digit));
    }

    #[test]
    fn modulo_keeps_the_low_bits_at_every_size() {
        let all = Key::whole(u32::MAX, u128::MAX);
        for bits in 1..=160_u8 {
            let ones = (0..160).filter(|place| all.modulo(bits).bit(*place)).count();
            assert_eq!(ones, usize::from(bits));
        }
    }
}
