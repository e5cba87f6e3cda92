//! The numbers of one packet.

use crate::analyze::count::small;
use crate::analyze::key::{Key, V4Key};
use crate::analyze::window::Fingerprint;
use crate::base::timestamp::Timestamp;
use crate::capture::Frame;

/// One packet's numbers.
#[derive(Debug, Clone, Copy)]
pub struct PacketRecord {
    /// Number in the capture, from 1.
    pub number: u64,
    /// Time, if it has one.
    pub time: Option<Timestamp>,
    /// Octets on the wire.
    pub octets: u32,
    /// Octets captured.
    pub captured: u32,
    /// Which interface.
    pub interface: u32,
    /// Where the facts of its header stack stand in
    /// [`PacketRecords`](super::records::PacketRecords).
    pub stack: u32,
    /// The fingerprint by which a copy of it is recognised, if it has one.
    pub fingerprint: Option<Fingerprint>,
    /// Key of its flow over IPv4; its path is set when it is folded.
    pub v4: V4Key,
    /// Where its key over IPv6 stands in [`PacketRecords`](super::records::PacketRecords), when its
    /// flow is over IPv6.
    pub v6: u32,
    /// Which of the two keys is its flow's.
    pub flow: Version,
    /// Whether the packet goes from the key's second end to its first.
    pub swapped: bool,
    /// TTL or hop limit of the outermost IP header; 0 too where it was not captured.
    pub hops: u8,
    /// TTL or hop limit of the IP header that its flow is known by.
    pub ttl: u8,
    /// DSCP and ECN of the outermost IP header.
    pub class: u8,
    /// IP protocol of the innermost IP header of its own, behind extension headers; without a flow
    /// it means nothing.
    pub proto: u8,
    /// TCP flags, CWR to FIN.
    pub tcp_flags: u8,
    /// Whether a checksum is left to the sender's network card.
    pub is_offloaded: bool,
    /// Whether its outermost header is IPv6 with a flow label.
    pub is_labelled: bool,
}

impl PacketRecord {
    /// The record of no packet.
    pub(super) const NONE: Self = Self {
        number: 0,
        time: None,
        octets: 0,
        captured: 0,
        interface: 0,
        stack: 0,
        fingerprint: None,
        v4: V4Key::EMPTY,
        v6: 0,
        flow: Version::None,
        swapped: false,
        hops: 0,
        ttl: 0,
        class: 0,
        proto: 0,
        tcp_flags: 0,
        is_offloaded: false,
        is_labelled: false,
    };

    /// What the record of a packet says.
    #[inline]
    pub(super) fn of(frame: &Frame<'_>, stack: u32) -> Self {
        Self {
            number: frame.number,
            time: frame.time,
            octets: frame.original,
            captured: small(frame.bytes.len()),
            interface: frame.interface,
            stack,
            ..Self::NONE
        }
    }
}

/// Over which IP version a packet's flow goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// It has no flow: no IP header whose addresses were captured.
    None,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}
