//! The fixed headers of IP and of the transports, read once: counters, flow keys and checks take
//! the values from here.

use crate::wire::words::{Words, add, fold};
use crate::wire::{ipv4, ipv6, tcp, udp};

/// The first twenty octets of an IPv4 header (RFC 791, section 3.1).
#[derive(Debug, Clone, Copy)]
pub struct Ipv4(Words<3>);

/// An IPv6 header (RFC 8200, section 3).
#[derive(Debug, Clone, Copy)]
pub struct Ipv6(Words<5>);

/// An IP header.
#[derive(Debug, Clone, Copy)]
pub enum Ip {
    /// Version 4.
    V4(Ipv4),
    /// Version 6.
    V6(Ipv6),
}

/// The first twenty octets of a TCP header (RFC 9293, section 3.1).
#[derive(Debug, Clone, Copy)]
pub struct Tcp(Words<3>);

/// A UDP header (RFC 768).
#[derive(Debug, Clone, Copy)]
pub struct Udp(Words<1>);

/// What a header says: one field each, or all bits from one field to another.
macro_rules! fields {
    ($($(#[$about:meta])* $name:ident: $type:ty = $first:path $(, $last:path)?;)*) => {
        $($(#[$about])*
        #[inline]
        #[expect(clippy::cast_possible_truncation, reason = "the field has no more bits")]
        pub fn $name(self) -> $type {
            fields!(self.0, $first $(, $last)?) as $type
        })*
    };
    ($words:expr, $field:path) => { $words.get(&$field) };
    ($words:expr, $first:path, $last:path) => { $words.get_all(&$first, &$last) };
}

impl Ipv4 {
    /// That at octet `at`; none where it was not captured so far.
    #[inline]
    pub fn read(bytes: &[u8], at: usize) -> Option<Self> {
        Words::read::<20>(bytes, at).map(Self)
    }

    fields! {
        /// Version, and octets of header by fours.
        version_len: u8 = ipv4::VERSION, ipv4::HDR_LEN;
        /// DSCP and ECN.
        class: u8 = ipv4::DSFIELD;
        /// Octets of header and payload.
        octets: u16 = ipv4::LEN;
        /// Identification.
        id: u16 = ipv4::ID;
        /// Reserved and DF flag, MF and the fragment offset: all that identifies a fragment.
        flags: u16 = ipv4::FLAGS, ipv4::FRAG_OFFSET;
        /// MF and the fragment offset: 0 in what is no fragment.
        fragment: u16 = ipv4::MF, ipv4::FRAG_OFFSET;
        /// Time to live.
        ttl: u8 = ipv4::TTL;
        /// Protocol.
        proto: u8 = ipv4::PROTO;
        /// Source.
        source: u32 = ipv4::SRC;
        /// Destination.
        destination: u32 = ipv4::DST;
    }

    /// Whether the checksum of a header without options is right (RFC 1071).
    #[inline]
    pub fn is_sum_good(self) -> bool {
        fold(self.0.sum()) == 0xffff
    }
}

impl Ipv6 {
    /// That at octet `at`; none where it was not captured so far.
    #[inline]
    pub fn read(bytes: &[u8], at: usize) -> Option<Self> {
        Words::read::<40>(bytes, at).map(Self)
    }

    fields! {
        /// Version; 6 but in a packet that lies.
        version: u8 = ipv6::VERSION;
        /// DSCP and ECN.
        class: u8 = ipv6::TCLASS;
        /// Flow label.
        label: u32 = ipv6::FLOW;
        /// Octets of payload.
        octets: u16 = ipv6::PLEN;
        /// Next header.
        next: u8 = ipv6::NXT;
        /// Hop limit.
        hops: u8 = ipv6::HLIM;
    }

    /// Source.
    #[inline]
    pub fn source(self) -> u128 {
        self.0.get_long(&ipv6::SRC)
    }

    /// Destination.
    #[inline]
    pub fn destination(self) -> u128 {
        self.0.get_long(&ipv6::DST)
    }
}

impl Ip {
    /// TTL or hop limit.
    #[inline]
    pub fn ttl(self) -> u8 {
        match self {
            Self::V4(ip) => ip.ttl(),
            Self::V6(ip) => ip.hops(),
        }
    }

    /// DSCP and ECN.
    #[inline]
    pub fn class(self) -> u8 {
        match self {
            Self::V4(ip) => ip.class(),
            Self::V6(ip) => ip.class(),
        }
    }

    /// Whether it is IPv6 with a flow label (RFC 6437, section 2: zero is none).
    #[inline]
    pub fn has_flow_label(self) -> bool {
        matches!(self, Self::V6(ip) if ip.label() != 0)
    }

    /// Octets of the whole packet, by what it says; none where it says nothing, as before a
    /// sender's card cuts it up, or before a jumbo payload.
    #[inline]
    pub fn octets(self) -> Option<usize> {
        let (octets, beside) = match self {
            Self::V4(ip) => (ip.octets(), 0),
            Self::V6(ip) => (ip.octets(), 40),
        };
        (octets > 0).then_some(usize::from(octets).wrapping_add(beside))
    }

    /// The sum of the pseudo-header of `len` octets of a protocol between its addresses, not
    /// folded.
    #[inline]
    pub fn pseudo_header(self, proto: u8, len: usize) -> u64 {
        let addresses = match self {
            Self::V4(ip) => u64::from(ip.source()).wrapping_add(ip.destination().into()),
            Self::V6(ip) => add(sum_of(ip.source()), sum_of(ip.destination())),
        };
        add(addresses, (len as u64).wrapping_add(proto.into()))
    }
}

/// The sum of an address, not folded.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of an address")]
fn sum_of(address: u128) -> u64 {
    add((address >> 64) as u64, address as u64)
}

impl Tcp {
    /// That at octet `at`; none where it was not captured so far.
    #[inline]
    pub fn read(bytes: &[u8], at: usize) -> Option<Self> {
        Words::read::<20>(bytes, at).map(Self)
    }

    fields! {
        /// Both ports in one.
        ports: u32 = tcp::SRCPORT, tcp::DSTPORT;
        /// Sequence number.
        seq: u32 = tcp::SEQ;
        /// Acknowledgement number.
        ack: u32 = tcp::ACK_RAW;
        /// Octets of header, by fours, and the bits behind, reserved and AE.
        offset: u8 = tcp::HDR_LEN, tcp::AE;
        /// Flags, CWR to FIN.
        flags: u8 = tcp::CWR, tcp::FIN;
        /// Checksum.
        checksum: u16 = tcp::CHECKSUM;
        /// Urgent pointer.
        urgent: u16 = tcp::URGENT_POINTER;
    }
}

impl Udp {
    /// That at octet `at`; none where it was not captured so far.
    #[inline]
    pub fn read(bytes: &[u8], at: usize) -> Option<Self> {
        Words::read::<8>(bytes, at).map(Self)
    }

    fields! {
        /// Both ports in one.
        ports: u32 = udp::SRCPORT, udp::DSTPORT;
        /// Octets of header and data.
        octets: u16 = udp::LENGTH;
        /// Checksum.
        checksum: u16 = udp::CHECKSUM;
    }
}
