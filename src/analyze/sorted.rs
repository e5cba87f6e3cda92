//! The packets of a batch in the order of the tables that hold their flows.

use foldhash::quality::RandomState;

use super::key::Key;
use super::record::{PacketRecord, Version};

/// How flows are spread over tables: by which bits of which hash.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Bits of a hash that are the number of its table.
    pub(super) bits: u32,
    pub(super) seed: RandomState,
}

impl Spread {
    pub(super) fn hash<K: Key>(&self, key: &K) -> u32 {
        (key.hash(&self.seed) >> 32) as u32
    }

    pub(super) fn shard(&self, hash: u32) -> usize {
        hash.checked_shr(u32::BITS - self.bits).unwrap_or(0) as usize
    }
}

/// One packet's place among those of its batch, and the hash of its flow.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pick {
    pub(super) hash: u32,
    pub(super) at: u32,
}

/// The packets of a batch that have a flow over one IP version, in the order of their tables, and
/// of the capture within each; recycled.
#[derive(Debug, Default)]
pub struct Sorted {
    picks: Vec<Pick>,
    ordered: Vec<Pick>,
    /// Where each table's packets end.
    ends: Vec<u32>,
}

impl Sorted {
    /// Puts the packets with flows over `version` in the order of their tables.
    pub fn sort<'k, K: Key + 'k>(
        &mut self,
        records: &[PacketRecord],
        version: Version,
        spread: &Spread,
        key: impl Fn(usize) -> &'k K,
    ) {
        // Without a jump, which would be guessed wrong too often.
        self.picks.clear();
        self.picks.resize(records.len(), Pick::default());
        let mut count = 0;
        for (at, record) in (0u32..).zip(records) {
            if let Some(pick) = self.picks.get_mut(count) {
                pick.at = at;
                count += usize::from(record.flow == version);
            }
        }
        self.picks.truncate(count);
        self.ends.clear();
        self.ends.resize(1 << spread.bits, 0);
        for pick in &mut self.picks {
            pick.hash = spread.hash(key(pick.at as usize));
            self.ends[spread.shard(pick.hash)] += 1;
        }
        if spread.bits == 0 {
            std::mem::swap(&mut self.picks, &mut self.ordered);
            return;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            let count = std::mem::replace(end, sum);
            sum += count;
        }
        // Each number is where its table's next packet goes, and so at last where they end.
        self.ordered.resize(self.picks.len(), Pick::default());
        for pick in &self.picks {
            let next = &mut self.ends[spread.shard(pick.hash)];
            self.ordered[*next as usize] = *pick;
            *next += 1;
        }
    }

    /// The packets of that table.
    pub fn of(&self, table: usize) -> &[Pick] {
        let from = table.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ordered[from as usize..self.ends[table] as usize]
    }
}
