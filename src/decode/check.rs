//! Checks over a header's octets: what the wire says against what it should.

use crate::wire::words::fold;

/// How a checksum stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumStatus {
    /// It is right.
    Good,
    /// It is not.
    Bad,
    /// Not all octets it covers were captured.
    Unverified,
}

impl ChecksumStatus {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unverified => "unverified",
        }
    }
}

/// Ones' complement sum of 16-bit words, folded (RFC 1071).  An odd last octet counts as a high
/// one.
#[inline]
pub fn ones_complement_sum(octets: &[u8]) -> u16 {
    u16::from_be(fold(native_sum(octets)))
}

/// Ones' complement sum of two folded sums (RFC 1071).
pub(super) fn add(a: u16, b: u16) -> u16 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(u16::from(carry))
}

/// Ones' complement sum of 16-bit words in the byte order of the machine, not folded.
///
/// Whatever the order of octets, the sum has the same octets in that order (RFC 1071, section 2
/// (B)).
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for twenty octets costs more than their sum")]
pub fn native_sum(octets: &[u8]) -> u64 {
    // Words of 32 bits, several side by side: frames are far below the 2^32 of them at which a sum
    // could wrap.  A sum of 64 bits with its carries has half the instructions, and takes longer:
    // each waits for the one before.
    let halves = |word: [u8; 8]| {
        let word = u64::from_ne_bytes(word);
        (word & 0xffff_ffff).wrapping_add(word >> 32)
    };
    let (blocks, rest) = octets.as_chunks::<32>();
    let mut sums = [0_u64; 4];
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (sum, word) in sums.iter_mut().zip(words) {
            *sum = sum.wrapping_add(halves(*word));
        }
    }
    let mut sum = sums.iter().fold(0_u64, |sum, more| sum.wrapping_add(*more));
    let (words, rest) = rest.as_chunks::<8>();
    for word in words {
        sum = sum.wrapping_add(halves(*word));
    }
    // The last octets as they stand at the end of the last eight, without a loop.
    let last = if let Some(last) = octets.last_chunk::<8>() {
        let before = 64_u32.wrapping_sub(u32::try_from(rest.len()).unwrap_or(0).wrapping_mul(8));
        u64::from_le_bytes(*last).checked_shr(before).unwrap_or(0).to_le().to_ne_bytes()
    } else {
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, octet)| *to = *octet);
        last
    };
    sum.wrapping_add(halves(last))
}

/// Whether the checksum of an IPv4 header without options is right.
#[inline]
pub fn is_ipv4_sum_good(header: &[u8; 20]) -> bool {
    let (fours, _) = header.as_chunks::<4>();
    let sum =
        fours.iter().fold(0u64, |sum, four| sum.wrapping_add(u64::from(u32::from_ne_bytes(*four))));
    // Byte order does not matter to whether the sum is all ones (RFC 1071, section 2 (B)).
    let sum = (sum & 0xffff_ffff).wrapping_add(sum >> 32);
    let sum = (sum & 0xffff).wrapping_add(sum >> 16);
    let sum = (sum & 0xffff).wrapping_add(sum >> 16);
    sum & 0xffff == 0xffff
}

/// How the checksum of the IPv4 header in `header` stands.
pub fn ipv4_checksum(header: &[u8]) -> ChecksumStatus {
    // Nearly every header has twenty octets: a sum without a loop.
    if let Ok(words) = <&[u8; 20]>::try_from(header)
        && words[0] & 0xf == 5
    {
        let good = is_ipv4_sum_good(words);
        return if good { ChecksumStatus::Good } else { ChecksumStatus::Bad };
    }
    let Some(&first) = header.first() else {
        return ChecksumStatus::Unverified;
    };
    let len = usize::from(first & 0xf).saturating_mul(4);
    match header.get(..len) {
        Some(whole) if len >= 20 => {
            if ones_complement_sum(whole) == 0xffff {
                ChecksumStatus::Good
            } else {
                ChecksumStatus::Bad
            }
        }
        _ => ChecksumStatus::Unverified,
    }
}

/// The checksum that the IPv4 header in `header` should have, when all of it is there.
pub fn ipv4_expected(header: &[u8]) -> Option<u16> {
    let len = usize::from(*header.first()? & 0xf).checked_mul(4)?;
    let (before, rest) = header.get(..len)?.split_at_checked(10)?;
    let sum = u32::from(ones_complement_sum(before))
        .checked_add(u32::from(ones_complement_sum(rest.get(2..)?)))?;
    let folded = (sum & 0xffff).checked_add(sum >> 16)?;
    u16::try_from(folded).ok().map(|sum| !sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of Wikipedia's page on the IPv4 header checksum, with its sum b861.
    const HEADER: [u8; 20] = [
        0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0x00,
        0x01, 0xc0, 0xa8, 0x00, 0xc7,
    ];

    #[test]
    fn rfc_1071_section_3_example_sums_to_ddf2() {
        let octets = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(ones_complement_sum(&octets), 0xddf2);
    }

    /// RFC 1071, section 1: word by word, with the carry added.
    #[test]
    fn sums_of_any_length_are_those_of_their_words() {
        let octets: Vec<u8> = (0..200_u8).map(|at| at.wrapping_mul(151) | 0x80).collect();
        for len in 0..octets.len() {
            let octets = octets.get(..len).unwrap_or_default();
            let mut sum = 0_u32;
            for pair in octets.chunks(2) {
                let octet = |at| u32::from(pair.get(at).copied().unwrap_or(0));
                sum += octet(0) << 8 | octet(1);
                sum = (sum & 0xffff) + (sum >> 16);
            }
            assert_eq!(u32::from(ones_complement_sum(octets)), sum, "{len}");
        }
        assert_eq!(ones_complement_sum(&vec![0xff; 65_536]), 0xffff);
    }

    #[test]
    fn a_right_header_is_good_a_changed_one_bad_a_cut_one_unverified() {
        assert_eq!(ipv4_checksum(&HEADER), ChecksumStatus::Good);
        let mut changed = HEADER;
        changed[8] = 63;
        assert_eq!(ipv4_checksum(&changed), ChecksumStatus::Bad);
        assert_eq!(ipv4_expected(&changed), Some(0xb961));
        assert_eq!(ipv4_checksum(&HEADER[..19]), ChecksumStatus::Unverified);
    }
}
