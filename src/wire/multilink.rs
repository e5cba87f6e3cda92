//! Multilink PPP (RFC 1990), long sequence numbers: a packet in fragments; one that is whole is
//! decoded.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// Long sequence numbers.
    FIELDS, Multilink, "RFC 1990, section 3";
    FIRST "mp.first" 0, 1, Flag, "First", "The packet begins here.";
    LAST "mp.last" 1, 1, Flag, "Last", "The packet ends here.";
    RESERVED "mp.reserved" 2, 6, Hex, "Reserved", "Zero, or a class (RFC 2686).";
    SEQUENCE "mp.seq" 8, 24, Number, "Sequence", "Order of the fragments.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "mp",
    short: "MP",
    title: "Multilink PPP",
    source: "RFC 1990",
    ..Header::of(Layer::Multilink, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let flags = reach.u8(0)?;
    reach.needs(4)?;
    let is_whole = flags & 0xc0 == 0xc0;
    Step::then(4, if is_whole { Next::Layer(Layer::Ppp) } else { Next::Payload })
}
