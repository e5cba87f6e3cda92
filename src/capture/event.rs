//! What happens to an interface while it is captured from.

use std::net::IpAddr;

use crate::base::timestamp::Timestamp;

/// Something that happened to an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Index into the batch's interfaces.
    pub interface: u32,
    /// When it was reported.
    pub time: Timestamp,
    /// What it was.
    pub what: What,
}

/// What can happen to an interface that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It carries no packets any more: it was shut down, or has no carrier.
    Down,
    /// It carries packets again.
    Up {
        /// When it went down.
        since: Timestamp,
    },
    /// Its largest packet has another length, in octets.
    Mtu {
        /// That until now.
        before: u32,
        /// That from now on.
        now: u32,
    },
    /// It has one more address.
    AddressAdded {
        /// The address.
        address: IpAddr,
        /// The length of its prefix.
        len: u8,
    },
    /// It has lost an address.
    AddressRemoved {
        /// The address.
        address: IpAddr,
        /// The length of its prefix.
        len: u8,
    },
}
