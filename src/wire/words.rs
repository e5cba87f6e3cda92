//! Fixed headers read as words: all fields of one in a few loads.
//!
//! Where a field lies is its row's, which is known while the program is built: reading one is a
//! shift and a mask.

use super::field::Field;

/// The first octets of a header as words in network order; behind them zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<const W: usize>([u64; W]);

impl<const W: usize> Words<W> {
    /// Those of the header of `N` octets that begins at octet `at`; none where fewer are there.
    #[inline]
    pub fn read<const N: usize>(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self::of::<N>(bytes.get(at..)?.first_chunk()?))
    }

    /// Those of a header.
    #[inline]
    pub fn of<const N: usize>(header: &[u8; N]) -> Self {
        let (whole, rest) = header.as_chunks::<8>();
        let mut words = [0; W];
        for (word, octets) in words.iter_mut().zip(whole) {
            *word = u64::from_be_bytes(*octets);
        }
        if let (Some(last), Some(half)) = (words.get_mut(whole.len()), rest.first_chunk()) {
            *last = u64::from(u32::from_be_bytes(*half)) << 32;
        }
        Self(words)
    }

    /// The value of a field that lies within one word.
    #[inline]
    pub fn get(self, field: &Field) -> u64 {
        self.get_all(field, field)
    }

    /// All bits from the first of one field to the last of another, which lie within one word.
    #[inline]
    pub fn get_all(self, first: &Field, last: &Field) -> u64 {
        let width = last.at.wrapping_add(last.width).wrapping_sub(first.at);
        let below = 64_u32.wrapping_sub(first.at % 64).wrapping_sub(width);
        let mask = u64::MAX >> (64_u32.wrapping_sub(width) & 63);
        self.word(first.at / 64) >> (below & 63) & mask
    }

    /// The value of a field of 128 bits that begins with a word.
    #[inline]
    pub fn get_long(self, field: &Field) -> u128 {
        let first = field.at / 64;
        u128::from(self.word(first)) << 64 | u128::from(self.word(first.wrapping_add(1)))
    }

    /// The ones' complement sum of all its 16-bit words, not folded (RFC 1071).
    #[inline]
    pub fn sum(self) -> u64 {
        self.0.iter().fold(0, |sum, word| add(sum, *word))
    }

    #[inline]
    fn word(self, at: u32) -> u64 {
        usize::try_from(at).ok().and_then(|at| self.0.get(at)).copied().unwrap_or(0)
    }
}

/// Adds two sums of 16-bit words, carries to the lowest bit (RFC 1071, section 2 (C)).
#[inline]
pub fn add(a: u64, b: u64) -> u64 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(u64::from(carry))
}

/// A sum of 16-bit words in 16 bits.
#[inline]
pub fn fold(sum: u64) -> u16 {
    let half = add32((sum & 0xffff_ffff) as u32, (sum >> 32) as u32);
    let (sum, carry) = ((half & 0xffff) as u16).overflowing_add((half >> 16) as u16);
    sum.wrapping_add(u16::from(carry))
}

#[inline]
fn add32(a: u32, b: u32) -> u32 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(u32::from(carry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{ipv4, ipv6, tcp};

    /// RFC 1071, section 3: the sum of these octets is ddf2.
    #[test]
    fn a_sum_is_that_of_the_rfc() {
        let words = Words::<1>::of(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
        assert_eq!(fold(words.sum()), 0xddf2);
        assert_eq!((fold(u64::MAX), fold(0), fold(0x1_0000)), (0xffff, 0, 1));
    }

    #[test]
    fn every_field_of_a_fixed_header_is_what_its_row_reads() {
        let octets: [u8; 40] = std::array::from_fn(|at| (at * 37 % 256).try_into().unwrap_or(0));
        let head = octets.first_chunk::<20>().expect("twenty of forty");
        let (long, short) = (Words::<5>::of(&octets), Words::<3>::of(head));
        for field in ipv4::FIELDS.iter().chain(tcp::FIELDS) {
            assert_eq!(Some(short.get(field)), field.bits(&octets), "{}", field.name);
        }
        for field in ipv6::FIELDS {
            match field.width {
                128 => {
                    let from = field.at as usize / 8;
                    let address = octets.get(from..).and_then(<[u8]>::first_chunk);
                    let address = address.map(|octets| u128::from_be_bytes(*octets));
                    assert_eq!(Some(long.get_long(field)), address, "{}", field.name);
                }
                _ => assert_eq!(Some(long.get(field)), field.bits(&octets), "{}", field.name),
            }
        }
    }
}
