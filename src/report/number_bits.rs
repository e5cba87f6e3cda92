//! Numbers in headers, read by what was worked out once: for every packet of an export.

use crate::wire::field::{Field, FieldKind};

/// Where the bits of a number lie, worked out beforehand.
#[derive(Debug, Clone, Copy)]
pub struct NumberBits {
    first: usize,
    count: usize,
    shift: u32,
    mask: u64,
    unit: u64,
}

impl NumberBits {
    /// Those of a field; none where it is no number, or lies in more than eight octets.
    pub fn of(field: &Field) -> Option<Self> {
        let unit = match field.kind {
            FieldKind::Number | FieldKind::Hex | FieldKind::Group => 1,
            FieldKind::Times(unit) => u64::from(unit),
            _ => return None,
        };
        let end = field.at + field.width;
        let (first, behind) = (field.at / 8, end.div_ceil(8));
        let fits = (1..=64).contains(&field.width) && behind - first <= 8;
        fits.then_some(Self {
            first: first as usize,
            count: (behind - first) as usize,
            shift: behind * 8 - end,
            mask: u64::MAX >> (64 - field.width),
            unit,
        })
    }

    /// The number; none where the octets do not reach that far.
    #[inline]
    pub fn read(&self, octets: &[u8]) -> Option<u64> {
        let span = octets.get(self.first..)?.get(..self.count)?;
        let all = match *span {
            [a] => u64::from(a),
            [a, b] => u64::from(u16::from_be_bytes([a, b])),
            [a, b, c, d] => u64::from(u32::from_be_bytes([a, b, c, d])),
            _ => span.iter().fold(0, |sum, &octet| sum << 8 | u64::from(octet)),
        };
        (all >> self.shift & self.mask).checked_mul(self.unit)
    }
}
