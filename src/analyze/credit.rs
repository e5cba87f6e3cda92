//! Later fragments count for the flow of the first of their datagram: they have no ports of their
//! own, and where the datagram carries a tunnel not even the addresses of the flow.

use super::key::{FlowKey, V6Key};
use super::record::{PacketRecord, Version};

/// The flow of a first fragment.
#[derive(Debug, Clone)]
pub struct Credit {
    pub(super) key: FlowKey,
    /// Whether that is turned round.
    pub(super) swapped: bool,
    /// TTL or hop limit of the IP header that it is known by, where that is within the one that is
    /// in fragments, each of which has its own.
    pub(super) ttl: Option<u8>,
    /// What encapsulates it, as words.
    pub(super) chain: Box<[u64]>,
}

/// A later fragment that came before the first, and is in no flow yet.
#[derive(Debug, Clone)]
pub struct Early {
    pub(super) record: PacketRecord,
    /// Its key over IPv6, where it has that.
    pub(super) v6: V6Key,
    /// What encapsulates it, as words.
    pub(super) chain: Box<[u64]>,
}

impl Early {
    /// The same fragment in the flow of the first.
    #[must_use]
    pub fn credited(mut self, credit: &Credit) -> Self {
        match credit.key {
            FlowKey::V4(key) => (self.record.flow, self.record.v4) = (Version::V4, key),
            FlowKey::V6(key) => (self.record.flow, self.v6) = (Version::V6, key),
        }
        credit.set_way(&mut self.record);
        self.chain.clone_from(&credit.chain);
        self
    }
}

impl Credit {
    /// Sets what a record says of its way within the flow.
    pub(super) fn set_way(&self, record: &mut PacketRecord) {
        record.swapped = self.swapped;
        record.ttl = self.ttl.unwrap_or(record.ttl);
    }
}
