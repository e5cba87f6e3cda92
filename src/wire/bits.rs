//! Places of bits in a header, and counts of octets that it holds.

/// Bits of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits {
    /// The first, from the most significant bit of the header's first octet; below 0 from its end.
    pub at: i32,
    /// How many; 0 stands for all up to its end.
    pub width: u32,
}

/// A count of octets from a header's first to some end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The number, which lies within two octets; 0 stands for something else.
    pub bits: Bits,
    /// Octets of one unit of it.
    pub unit: u16,
    /// Octets that it leaves out.
    pub beside: u16,
}

impl Bits {
    /// All of the header.
    pub const WHOLE: Self = Self { at: 0, width: 0 };
    /// The last octet of the header.
    pub const LAST: Self = Self { at: -8, width: 8 };
}
