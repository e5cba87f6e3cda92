//! One captured frame, borrowed from the batch that holds its octets.

use std::sync::Arc;

use super::block::{Description, Header};
use crate::base::timestamp::Timestamp;

/// A LINKTYPE_ number as in the pcap file format: what the first octet of a frame begins.
///
/// Live captures give DLT numbers; `capture::live` turns the few that differ into LINKTYPE ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// Ethernet II and IEEE 802.3.
    pub const ETHERNET: Self = Self(1);
    /// A bare IPv4 or IPv6 packet, told by its version nibble.
    pub const RAW: Self = Self(101);
}

/// One interface of a capture: what its records have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// What each frame begins with.
    pub link: LinkType,
    /// Longest capture in octets; 0 when the file gives no limit.
    pub snaplen: u32,
    /// Name such as `eth0`, as the capture gives it: untrusted text.
    pub name: Option<Box<str>>,
    /// Which input the interface belongs to, from 0, in the order of the command line.
    pub input: u32,
    /// pcapng section within that input, from 1; 1 for other formats.
    pub section: u32,
    /// Number within that section, from 0.
    pub id: u32,
    /// The block that describes it, where the capture is a pcapng.
    pub description: Option<Arc<Description>>,
    /// The header of its section, where the capture is one pcapng: several are merged to one
    /// section.
    pub header: Option<Arc<Header>>,
}

/// One frame: what was recorded of it, and the octets that were captured.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Number in the capture, from 1.
    pub number: u64,
    /// When it was captured; none for records that carry no time or one beyond 1677–2262.
    pub time: Option<Timestamp>,
    /// What the first octet begins.
    pub link: LinkType,
    /// Index into the batch's interfaces.
    pub interface: u32,
    /// Octets on the wire.
    pub original: u32,
    /// The captured octets; as a rule no more than `original`, but files lie.
    pub bytes: &'a [u8],
}
