//! Hop-by-hop options header (RFC 8200, section 4.3), wherever it stands.

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Inputs, MOST_ENTRIES, Next, Reach, Step};
use super::ipv6_option;
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// Before the options.
    FIELDS, HopByHop, "RFC 8200, section 4.3";
    NXT "ipv6.hopopts.nxt" 0, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    LEN "ipv6.hopopts.len" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipv6.hopopts",
    short: "hop-by-hop",
    title: "IPv6 hop-by-hop options",
    options: Some(&ipv6_option::hop_by_hop::SET),
    inputs: Some(&Inputs::of(&[NXT.place(0), LEN.place(0)])),
    extension: Some(Extension::at(0)),
    source: "RFC 8200",
    ..Header::of(Layer::HopByHop, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}

/// Any extension header that begins with the next header and its own length in units of eight
/// octets, the first not counted (RFC 8200, section 4; RFC 6564).
pub(crate) fn extension(reach: Reach<'_>) -> Result<Step, Fault> {
    let next = reach.u8(0)?;
    let len = usize::from(reach.u8(1)?).saturating_mul(8).saturating_add(8);
    reach.needs(len)?;
    Step::then(len, Next::Protocol(next))
}

/// The payload length of a packet whose fixed header says 0 and that begins with the hop-by-hop
/// header at the start of `bytes`: what the jumbo payload option says (RFC 2675, section 2).
/// Without one there is nothing but that header, which is an error (section 3).  None when the
/// option may stand in what was not captured, or behind more padding than is looked through.
pub(crate) fn jumbo(bytes: &[u8]) -> Option<usize> {
    let len = usize::from(*bytes.get(1)?).saturating_mul(8).saturating_add(8);
    let header = bytes.get(..len);
    let set = &ipv6_option::hop_by_hop::SET;
    let mut options = set.of(header.unwrap_or(bytes)).take(MOST_ENTRIES);
    match options.find(|option| option.code == 0xc2) {
        Some(option) => {
            let octets = ipv6_option::hop_by_hop::JUMBO_LEN.bits(option.data)?;
            octets.try_into().ok()
        }
        None => header.map(<[u8]>::len),
    }
}
