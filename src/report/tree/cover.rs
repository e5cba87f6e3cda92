//! Which bits of a header have a node.

use std::ops::Range;

/// A mark for every bit of one header; its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Cover {
    octets: Vec<u8>,
}

impl Cover {
    /// Forgets all marks; the header has so many octets.
    pub(super) fn begin(&mut self, octets: usize) {
        self.octets.clear();
        self.octets.resize(octets, 0);
    }

    /// Marks bits, counted from the start of the header.
    pub(super) fn mark(&mut self, bits: Range<u32>) {
        for bit in bits {
            let place = usize::try_from(bit / 8).unwrap_or(usize::MAX);
            let Some(octet) = self.octets.get_mut(place) else { return };
            *octet |= 0x80 >> (bit % 8);
        }
    }

    /// The first run of bits without a mark from bit `from` on.
    pub(super) fn next_gap(&self, from: u32) -> Option<Range<u32>> {
        let end = u32::try_from(self.octets.len()).ok()?.checked_mul(8)?;
        let is_marked = |bit: &u32| {
            let place = usize::try_from(bit / 8).unwrap_or(usize::MAX);
            self.octets.get(place).is_none_or(|octet| octet & 0x80 >> (bit % 8) != 0)
        };
        let first = (from..end).find(|bit| !is_marked(bit))?;
        let last = (first..end).find(is_marked).unwrap_or(end);
        Some(first..last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_to_the_bit() {
        let mut cover = Cover::default();
        cover.begin(3);
        cover.mark(0..4);
        cover.mark(9..16);
        assert_eq!(cover.next_gap(0), Some(4..9));
        assert_eq!(cover.next_gap(9), Some(16..24));
        assert_eq!(cover.next_gap(24), None);
        cover.mark(0..99);
        assert_eq!(cover.next_gap(0), None);
    }
}
