//! Which header stacks packets have: each with its tally.

use super::count::Tally;
use super::key::SPREADS;
use crate::decode::layers::LayerIndex;
use crate::wire::Layer;

/// Slots of the table; a network has some dozens of stacks, an attacker gets no more.
const SLOTS: usize = 512;

/// Tallies by header stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    slots: Vec<(u128, Tally)>,
    kept: usize,
    /// Packets of stacks that found no slot.
    pub others: Tally,
}

impl Default for Hierarchy {
    fn default() -> Self {
        Self { slots: vec![(0, Tally::default()); SLOTS], kept: 0, others: Tally::default() }
    }
}

impl Hierarchy {
    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        for &(headers, tally) in other.slots.iter().filter(|(_, tally)| tally.packets > 0) {
            self.tally(headers).merge(tally);
        }
        self.others.merge(other.others);
    }

    /// The stacks seen, as headers outermost first, with their tallies, sorted by headers.
    pub fn stacks(&self) -> Vec<(Vec<Layer>, Tally)> {
        let seen = self.slots.iter().filter(|(_, tally)| tally.packets > 0);
        let mut stacks: Vec<_> =
            seen.map(|&(headers, tally)| (LayerIndex::layers(headers), tally)).collect();
        stacks.sort();
        stacks
    }

    /// The tally of packets of `headers`, see [`LayerIndex::headers`].
    #[expect(clippy::cast_possible_truncation, reason = "a hash")]
    pub fn tally(&mut self, headers: u128) -> &mut Tally {
        // The low bits are the innermost headers, which differ most.
        let hash = (headers as u64 ^ (headers >> 64) as u64).wrapping_mul(SPREADS);
        let mut slot = (hash >> 55) as usize % SLOTS;
        loop {
            let (there, tally) = self.slots[slot];
            if there == headers && tally.packets > 0 {
                return &mut self.slots[slot].1;
            }
            if tally.packets == 0 {
                // A fourth of the slots stays free, so that a probe for an unknown stack ends soon.
                if self.kept >= SLOTS / 4 * 3 {
                    return &mut self.others;
                }
                self.kept += 1;
                self.slots[slot].0 = headers;
                return &mut self.slots[slot].1;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}
