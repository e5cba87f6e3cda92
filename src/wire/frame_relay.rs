//! Frame relay: an address of two to four octets (ITU-T Q.922), then what RFC 2427 or Cisco puts
//! there.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The address octets that are always there.
    FIELDS, FrameRelay, "ITU-T Q.922, section 3.2";
    FIRST "fr.first_addr_octet" 0, 8, Hex, "First address octet", "High bits of the DLCI.";
    UPPER "fr.upper_dlci" 0, 6, Hex, "Upper DLCI", "High bits of the data link connection identifier." @view;
    COMMAND "fr.cr" 6, 1, Flag, "Command or response", "Passed through." @view;
    SECOND "fr.second_addr_octet" 8, 8, Hex, "Second address octet", "More bits of the DLCI, and congestion.";
    SECOND_DLCI "fr.second_dlci" 8, 4, Hex, "Second DLCI", "Next bits of the identifier." @view;
    FECN "fr.fecn" 12, 1, Flag, "Forward congestion", "Congestion was met on the way here." @view;
    BECN "fr.becn" 13, 1, Flag, "Backward congestion", "Congestion is met on the way back." @view;
    DE "fr.de" 14, 1, Flag, "Discard eligible", "May be dropped first under congestion." @view;
}

fields! {
    /// Third octet of an address of four.
    THIRD, FrameRelay, "ITU-T Q.922, section 3.2";
    THIRD_OCTET "fr.third_addr_octet" 0, 8, Hex, "Third address octet", "More bits of the DLCI.";
}

fields! {
    /// Last octet of an address of three or four.
    LAST, FrameRelay, "ITU-T Q.922, section 3.2";
    LOWER "fr.lower_dlci" 0, 6, Hex, "Lower DLCI", "Low bits of the identifier, or control.";
    DC "fr.dc" 6, 1, Flag, "Control", "The bits before are core control, no DLCI.";
    EA "fr.ea" 7, 1, Flag, "End of address", "The address ends here.";
}

fields! {
    /// Unnumbered information.
    UI, FrameRelay, "RFC 2427, section 3";
    CONTROL "fr.control" 0, 8, Hex, "Control", "0x03, unnumbered information.";
}

fields! {
    /// Network layer protocol, behind an octet of padding or none.
    NLPID, FrameRelay, "RFC 2427, section 3";
    PROTOCOL "fr.nlpid" 0, 8, Hex, "Network protocol", "What follows, by ISO's numbers.", names NLPIDS;
}

fields! {
    /// SNAP.
    SNAP, FrameRelay, "RFC 2427, section 4.1";
    OUI "fr.snap.oui" 0, 24, Hex, "Organisation", "Who defines the type; 0 means it is an EtherType.";
    PID "fr.snap.pid" 24, 16, Hex, "Type", "What follows.", names ETHERTYPES;
}

fields! {
    /// Cisco's own: an EtherType right behind the address.
    CISCO, FrameRelay, "Cisco frame relay encapsulation";
    TYPE "fr.chdlctype" 0, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "fr",
    short: "frame relay",
    title: "Frame relay",
    parts: &[
        Part {
            label: "address",
            start: |b| (address(b) == Some(4)).then_some(2),
            len: |_| Some(1),
            fields: THIRD,
        },
        Part {
            label: "address",
            start: |b| address(b).filter(|&len| len > 2)?.checked_sub(1),
            len: |_| Some(1),
            fields: LAST,
        },
        Part {
            label: "control",
            start: |b| address(b).filter(|&at| is_unnumbered(b, at)),
            len: |_| Some(1),
            fields: UI,
        },
        Part { label: "protocol", start: nlpid_at, len: |_| Some(1), fields: NLPID },
        Part { label: "SNAP", start: |b| snap_at(b), len: |_| Some(5), fields: SNAP },
        Part {
            label: "type",
            start: |b| address(b).filter(|&at| !is_unnumbered(b, at)),
            len: |_| Some(2),
            fields: CISCO,
        },
    ],
    source: "ITU-T Q.922",
    ..Header::of(Layer::FrameRelay, Class::Link, FIELDS)
};

/// Network layer protocols (ISO/IEC TR 9577; RFC 2427, appendix A).
const NLPIDS: &[(u16, &str, &str)] = &[
    (0x08, "Q.933", "signalling"),
    (0x80, "SNAP", "subnetwork access protocol"),
    (0x81, "CLNP", "ISO connectionless network protocol"),
    (0x82, "ES-IS", "ISO end system to intermediate system"),
    (0x83, "IS-IS", "ISO intermediate systems"),
    (0x8e, "IPv6", "Internet Protocol version 6"),
    (0xb1, "FRF.12", "fragmentation"),
    (0xcc, "IPv4", "Internet Protocol version 4"),
    (0xcf, "PPP", "point-to-point protocol"),
];

/// Octets of the address: the last one has its lowest bit set.
fn address(header: &[u8]) -> Option<usize> {
    let last = header.iter().take(4).position(|octet| octet & 1 == 1)?;
    Some(last.saturating_add(1)).filter(|&len| len >= 2)
}

fn is_unnumbered(header: &[u8], at: usize) -> bool {
    header.get(at) == Some(&0x03)
}

/// Where the network layer protocol stands; an octet of zero may pad it.
fn nlpid_at(header: &[u8]) -> Option<usize> {
    let control = address(header).filter(|&at| is_unnumbered(header, at))?;
    let at = control.saturating_add(1);
    Some(if header.get(at) == Some(&0) { at.saturating_add(1) } else { at })
}

fn snap_at(header: &[u8]) -> Option<usize> {
    let at = nlpid_at(header)?;
    (header.get(at) == Some(&0x80)).then(|| at.saturating_add(1))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(2)?;
    let Some(address) = address(reach.bytes) else {
        reach.needs(4)?;
        return Err(Fault::Malformed { at: 3, needs: 1, has: 0 });
    };
    let Some(at) = nlpid_at(reach.bytes) else {
        let word = reach.u16(address)?;
        // Signalling and LAPF have no type; no EtherType is below 0x600.
        let next = if word < 0x600 { Next::Payload } else { Next::EtherType(word) };
        return Step::then(address.saturating_add(2), next);
    };
    let len = at.saturating_add(1);
    match reach.u8(at)? {
        0xcc => Step::then(len, Next::Layer(Layer::Ipv4)),
        0x8e => Step::then(len, Next::Layer(Layer::Ipv6)),
        0xcf => Step::then(len, Next::Layer(Layer::Ppp)),
        0x80 => {
            let pid = reach.u16(at.saturating_add(4))?;
            let next = match reach.bytes.get(len..at.saturating_add(4)) {
                Some([0, 0, 0]) => Next::EtherType(pid),
                // RFC 2427, section 4.2: bridged Ethernet, with its checksum and without.
                Some([0, 0x80, 0xc2]) if matches!(pid, 0x0001 | 0x0007) => {
                    Next::Layer(Layer::Ethernet)
                }
                _ => Next::Payload,
            };
            Step::then(at.saturating_add(6), next)
        }
        _ => Step::then(len, Next::Payload),
    }
}
