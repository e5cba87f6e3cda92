//! Octet order of numbers in a capture, which its first octets show.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

/// Which octet of a number comes first in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// Most significant first.
    Big,
    /// Least significant first.
    Little,
}

impl ByteOrder {
    /// This machine's.
    pub(super) const NATIVE: Self =
        if cfg!(target_endian = "big") { Self::Big } else { Self::Little };

    /// The octets of a number, in this order when `octets` are in the machine's.
    pub(super) fn of<const N: usize>(self, mut octets: [u8; N]) -> [u8; N] {
        if self != Self::NATIVE {
            octets.reverse();
        }
        octets
    }

    /// The number in two octets.
    pub(super) fn two(self, octets: [u8; 2]) -> u16 {
        match self {
            Self::Big => u16::from_be_bytes(octets),
            Self::Little => u16::from_le_bytes(octets),
        }
    }

    /// The number in four octets.
    pub(super) fn four(self, octets: [u8; 4]) -> u32 {
        match self {
            Self::Big => u32::from_be_bytes(octets),
            Self::Little => u32::from_le_bytes(octets),
        }
    }

    /// The 16-bit number at `at`.
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let (_, rest) = bytes.split_at_checked(at)?;
        Some(self.two(*rest.first_chunk()?))
    }

    /// The 32-bit number at `at`.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let (_, rest) = bytes.split_at_checked(at)?;
        Some(self.four(*rest.first_chunk()?))
    }

    /// The 64-bit number at `at`.
    pub(super) fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let (_, rest) = bytes.split_at_checked(at)?;
        let octets = *rest.first_chunk()?;
        Some(match self {
            Self::Big => u64::from_be_bytes(octets),
            Self::Little => u64::from_le_bytes(octets),
        })
    }
}
