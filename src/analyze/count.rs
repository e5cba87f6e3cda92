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

/// A count of what one batch holds, which has fewer than 2^32 of anything.
pub(super) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A tally for each of some kinds, indexed by a small number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies(Box<[Tally]>);

impl From<&[Tally]> for Tallies {
    fn from(tallies: &[Tally]) -> Self {
        Self(tallies.into())
    }
}

impl Tallies {
    /// Of so many kinds, one at least.
    pub fn new(kinds: usize) -> Self {
        Self(vec![Tally::default(); kinds.max(1)].into_boxed_slice())
    }

    /// How many kinds there are.
    pub fn kinds(&self) -> usize {
        self.0.len()
    }

    /// Counts one packet of kind `kind`; kinds beyond the last count as the last.
    #[inline]
    pub fn add(&mut self, kind: usize, octets: u64) {
        let last = self.0.len() - 1;
        self.0[kind.min(last)].add(octets);
    }

    /// Counts what `tally` counted as kind `kind`.
    #[inline]
    pub fn merge_one(&mut self, kind: usize, tally: Tally) {
        let last = self.0.len() - 1;
        self.0[kind.min(last)].merge(tally);
    }

    /// Counts as another kind what was counted as one.
    pub fn move_one(&mut self, from: usize, to: usize, tally: Tally) {
        self.merge_one(to, tally);
        let last = self.0.len() - 1;
        let from = &mut self.0[from.min(last)];
        from.packets = from.packets.wrapping_sub(tally.packets);
        from.octets = from.octets.wrapping_sub(tally.octets);
    }

    /// Counts what another counted.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
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
