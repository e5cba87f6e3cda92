//! Records of later fragments, whose flow is that of the first of their datagram.

use super::{PacketRecords, Tunnelled};
use crate::analyze::count::small;
use crate::analyze::credit::{Credit, Early};
use crate::analyze::key::{FlowKey, Key, MAX_PATH, V6Key};
use crate::analyze::path::Paths;
use crate::analyze::record::Version;

impl PacketRecords {
    /// The flow of the packet with that number, a first fragment, if it has one; whether that is
    /// known by the header that is in fragments.
    pub fn credit(&self, number: u64, is_inner: bool) -> Option<Credit> {
        let at = self.index_of(number)?;
        let record = self.packets.get(at)?;
        let key = match record.flow {
            Version::None => return None,
            Version::V4 => FlowKey::V4(record.v4),
            Version::V6 => FlowKey::V6(*self.v6.get(record.v6 as usize)?),
        };
        let (swapped, ttl) = (record.swapped, (!is_inner).then_some(record.ttl));
        Some(Credit { key, swapped, ttl, chain: self.chain(at).into() })
    }

    /// Puts the packet with that number, a later fragment, into the flow of the first.
    pub fn give(&mut self, number: u64, credit: &Credit) {
        let Some(at) = self.index_of(number) else { return };
        let Some(record) = self.packets.get_mut(at) else { return };
        match (credit.key, record.flow) {
            (_, Version::None) => return,
            (FlowKey::V4(key), _) => (record.flow, record.v4) = (Version::V4, key),
            (FlowKey::V6(key), Version::V6) => {
                if let Some(kept) = self.v6.get_mut(record.v6 as usize) {
                    *kept = key;
                }
            }
            (FlowKey::V6(key), Version::V4) => {
                (record.flow, record.v6) = (Version::V6, small(self.v6.len()));
                self.v6.push(key);
            }
        }
        credit.set_way(record);
        if self.chain(at) == &*credit.chain {
            return;
        }
        let record = small(at);
        let here = self.tunnelled.partition_point(|of| of.record < record);
        if self.tunnelled.get(here).is_some_and(|of| of.record == record) {
            self.tunnelled.remove(here);
        }
        if let Some(chain) = self.paths.put(&credit.chain) {
            self.tunnelled.insert(here, Tunnelled { record, chain });
        }
    }

    /// Takes the packet with that number, a later fragment, out of its flow.
    pub fn take(&mut self, number: u64) -> Option<Early> {
        let at = self.index_of(number)?;
        let record = *self.packets.get(at)?;
        let v6 = match record.flow {
            Version::None => return None,
            Version::V4 => V6Key::EMPTY,
            Version::V6 => *self.v6.get(record.v6 as usize)?,
        };
        self.waiting.push(small(at));
        Some(Early { record, v6, chain: self.chain(at).into() })
    }

    /// Adds packets that were taken out of their flows, of this batch or of earlier ones.
    pub fn add_early(&mut self, early: &mut Vec<Early>) {
        self.early.append(early);
    }

    /// Takes out of their flows the packets that wait, and puts those at the end that do so no
    /// more: for flows only, for all else was counted when they came.
    pub(in crate::analyze) fn sort_out(&mut self, paths: &mut Paths) {
        for at in self.waiting.drain(..) {
            if let Some(record) = self.packets.get_mut(at as usize) {
                record.flow = Version::None;
            }
        }
        for Early { mut record, v6, chain, .. } in std::mem::take(&mut self.early) {
            let path = paths.number(&chain);
            paths.overflowed += u64::from(path == MAX_PATH);
            match record.flow {
                Version::V6 => {
                    record.v6 = small(self.v6.len());
                    self.v6.push(v6.with_path(path));
                }
                _ => record.v4 = record.v4.with_path(path),
            }
            let place = self.open(1);
            if let Some(slot) = self.packets.get_mut(place) {
                *slot = record;
            }
        }
    }

    fn index_of(&self, number: u64) -> Option<usize> {
        self.all().binary_search_by_key(&number, |record| record.number).ok()
    }

    /// The words of what encapsulates the flow of a packet.
    fn chain(&self, at: usize) -> &[u64] {
        let of = self.tunnelled.binary_search_by_key(&at, |of| of.record as usize);
        let of = of.ok().and_then(|of| self.tunnelled.get(of));
        of.map_or(&[], |of| self.paths.words(of.chain))
    }
}
