//! Tallies: packets and octets counted together, singly and by kind.

/// Packets and the octets they had on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, serde::Serialize)]
pub struct Tally {
    /// How many packets.
    pub packets: u64,
    /// Their octets on the wire.
    #[serde(rename = "bytes")]
    pub octets: u64,
}

impl Tally {
    /// Counts one packet.
    pub fn add(&mut self, octets: u64) {
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(octets);
    }

    /// Counts what another tally counted.
    pub fn merge(&mut self, other: Self) {
        self.packets = self.packets.wrapping_add(other.packets);
        self.octets = self.octets.wrapping_add(other.octets);
    }
}

/// A tally for each of `N` kinds, told apart by a small number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies<const N: usize>(Box<[Tally; N]>);

impl<const N: usize> Default for Tallies<N> {
    fn default() -> Self {
        Self(Box::new([Tally::default(); N]))
    }
}

impl<const N: usize> Tallies<N> {
    /// Counts one packet of kind `kind`; kinds beyond the last count as the last.
    pub fn add(&mut self, kind: usize, octets: u64) {
        self.0[kind.min(N - 1)].add(octets);
    }

    /// Counts what `tally` counted as kind `kind`.
    pub fn merge_one(&mut self, kind: usize, tally: Tally) {
        self.0[kind.min(N - 1)].merge(tally);
    }

    /// Counts what another counted.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0.iter()) {
            mine.merge(*theirs);
        }
    }

    /// The tally of kind `kind`.
    pub fn get(&self, kind: usize) -> Tally {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// Kinds that were seen, with their tallies, by kind.
    pub fn seen(&self) -> impl Iterator<Item = (usize, Tally)> + '_ {
        self.0.iter().copied().enumerate().filter(|(_, tally)| tally.packets > 0)
    }

    /// All together.
    pub fn total(&self) -> Tally {
        self.0.iter().fold(Tally::default(), |mut sum, tally| {
            sum.merge(*tally);
            sum
        })
    }
}

/// Upper ends of the length ranges, in octets on the wire: those of the field's packet length tables.
pub const LENGTH_ENDS: [u32; 10] = [19, 39, 79, 159, 319, 639, 1279, 2559, 5119, u32::MAX];

/// Which of [`LENGTH_ENDS`] a length is in.
pub fn length_range(octets: u32) -> usize {
    // 20 × 2^k: the position of the leading bit of octets / 20, one more where there is any.
    let twenties = octets / 20;
    let range = (u32::BITS - twenties.leading_zeros()) as usize;
    range.min(LENGTH_ENDS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_in_the_range_whose_end_it_does_not_pass() {
        for octets in (0..6000).chain([65_535, u32::MAX]) {
            let range = length_range(octets);
            assert!(octets <= LENGTH_ENDS[range], "{octets}");
            assert!(range == 0 || octets > LENGTH_ENDS[range - 1], "{octets}");
        }
    }
}
