//! Control word of an Ethernet pseudowire (RFC 4448, section 4.6; RFC 4385).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;
use super::number::{BY_ETHERTYPE, ETHERTYPES, next_by};

fields! {
    /// All four octets.
    FIELDS, PwEth, "RFC 4448, section 4.6";
    NIBBLE "pwethcw.nibble" 0, 4, Number, "First nibble", "0, so that it is not taken for IP.";
    RESERVED "pwethcw.reserved" 4, 12, Hex, "Reserved", "Zero.";
    SEQUENCE "pwethcw.sequence_number" 16, 16, Number, "Sequence", "Order of frames; 0 is not used.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "pwethcw",
    short: "pwethcw",
    title: "Pseudowire control word",
    inputs: Some(&Inputs::of(&[NIBBLE.place(0)])),
    source: "RFC 4448",
    ..Header::of(Layer::PwEth, Class::Tag, FIELDS)
};

/// What stands at octet `at` below a label stack: nothing says, so first nibble and EtherTypes
/// must.
pub(crate) fn guess(reach: Reach<'_>, at: usize) -> Next {
    match reach.bytes.get(at).map(|octet| octet >> 4) {
        Some(4 | 6) => Next::Version,
        // RFC 8469: a control word is to be expected; a frame without one has its type sooner.
        Some(0) if looks_like_ethernet(reach, at.saturating_add(4)) => Next::Layer(Layer::PwEth),
        Some(0) if looks_like_ethernet(reach, at) => Next::Layer(Layer::Ethernet),
        // 1 is an associated channel (RFC 4385, section 5), which carries no packet.
        _ => Next::Payload,
    }
}

/// Whether a frame may begin at octet `at`: two addresses, then a type that is known.
fn looks_like_ethernet(reach: Reach<'_>, at: usize) -> bool {
    let Ok(number) = reach.u16(at.saturating_add(12)) else { return false };
    next_by(BY_ETHERTYPE, number) != Next::Payload
        || ETHERTYPES.binary_search_by_key(&number, |row| row.0).is_ok()
        || (3..=super::ethernet::MAX_LENGTH).contains(&number)
            && usize::from(number) <= reach.wire.saturating_sub(at.saturating_add(14))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Layer(Layer::Ethernet))
}
