//! Anomalies of more than one packet, and of none: the rows stand here, floors above tell them.

use super::{MANY, Row, Scope, Severity, table};

/// Which of the rows about more than one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Odd {
    /// The same packet again.
    Duplicate,
    /// The same packet again with fewer hops left.
    RoutingLoop,
    /// Fragments that cover the same octets.
    Overlap,
    /// The same fragment again.
    DuplicateFragment,
    /// Two last fragments that end at different octets.
    TwoEnds,
    /// A fragment behind the last.
    PastEnd,
    /// Fragments of which some never came.
    Gap,
    /// Fragments that had to go before the others came.
    Crowded,
    /// TTL changes within a flow.
    Ttl,
    /// DSCP changes within a flow.
    Dscp,
    /// ECN changes within a flow, as one sender does not change it.
    Ecn,
    /// An interface carries no packets any more.
    Down,
    /// An interface carries packets again.
    Outage,
    /// The largest packet of an interface has another length.
    Mtu,
    /// An interface has an address more or less.
    Address,
}

impl Odd {
    /// Its place in the table of all rows.
    pub fn number(self) -> u8 {
        u8::try_from(MANY).unwrap_or(u8::MAX).saturating_add(self as u8)
    }

    /// The bit of a row about more than one packet; none of any other.
    pub fn bit(number: u8) -> u32 {
        let place = usize::from(number).checked_sub(MANY);
        place.and_then(|place| 1_u32.checked_shl(u32::try_from(place).ok()?)).unwrap_or(0)
    }

    /// Numbers of the rows whose bits are set.
    pub fn numbers(bits: u32) -> impl Iterator<Item = u8> {
        (0..ROWS.len())
            .filter(move |place| bits >> place & 1 == 1)
            .map(|place| u8::try_from(MANY.saturating_add(place)).unwrap_or(u8::MAX))
    }
}

/// What an unknown number stands for.
pub(super) const NO_ROW: Row = Row {
    id: "unknown",
    severity: Severity::Info,
    scope: Scope::Packet,
    meaning: "No such row.",
    source: "",
    suricata: "",
    wireshark: "",
    check: |_| None,
};

table! {
    /// In the order of [`Odd`].
    ROWS;
    "packet.duplicate" Note Window, "The same packet again, within 64: captured twice, or sent twice.",
        "RFC 791, section 2.3", "", "", |_| None;
    "packet.routing_loop" Warning Window, "The same packet again, within 64, with fewer hops left: it comes round.",
        "RFC 1812, section 5.3.1", "", "", |_| None;
    "fragment.overlap" Warning Fragment, "Fragments of one datagram cover the same octets.",
        "RFC 5722, section 4", "ipv4.frag_overlap", "ip.fragment.overlap", |_| None;
    "fragment.duplicate" Note Fragment, "The same fragment of a datagram again.",
        "RFC 8200, section 4.5", "", "ip.fragment.overlap", |_| None;
    "fragment.two_ends" Error Fragment, "Two last fragments of one datagram end at different octets.",
        "RFC 815, section 3", "", "ip.fragment.multipletails", |_| None;
    "fragment.past_end" Error Fragment, "A fragment reaches behind the last of its datagram.",
        "RFC 815, section 3", "", "ip.fragment.toolongfragment", |_| None;
    "fragment.gap" Warning Fragment, "Fragments of a datagram never came, or were not captured.",
        "RFC 8200, section 4.5", "", "", |_| None;
    "fragment.crowded" Info Fragment, "More datagrams in fragments at once than are followed: the oldest was given up.",
        "RFC 4963, section 2", "", "", |_| None;
    "flow.ttl.changed" Note Flow, "Packets of one direction of a flow arrive with different hops left.",
        "RFC 791, section 3.1", "", "", |_| None;
    "flow.dscp.changed" Note Flow, "Packets of one direction of a flow differ in DSCP: marked anew on the way, or by their application.",
        "RFC 2474, section 3", "", "", |_| None;
    "flow.ecn.changed" Info Flow, "One direction of a flow met congestion (CE), or has both ECT(0) and ECT(1), or, unless it is TCP, packets with and without ECT.",
        "RFC 3168, section 5", "", "", |_| None;
    "interface.down" Note Interface, "The interface was shut down or lost its carrier.",
        "RFC 2863, section 3.1.13", "", "", |_| None;
    "interface.gap" Warning Interface, "The interface was down for a while: nothing was captured in that time.",
        "RFC 2863, section 3.1.13", "", "", |_| None;
    "interface.mtu" Info Interface, "The interface's largest packet has another length than before.",
        "RFC 2863, section 6", "", "", |_| None;
    "interface.address" Info Interface, "An address of the interface was added or removed.",
        "RFC 4293, section 3.2.4", "", "", |_| None;
}
