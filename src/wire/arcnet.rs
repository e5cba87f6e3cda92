//! ARCNET as BSD captures it (`LINKTYPE_ARCNET_BSD`): with its fragmentation header.

use super::arcnet_linux::{PROTOCOLS, carried, is_plain};
use super::field::fields;
use super::header::{Class, Fault, Header, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every packet has.
    FIELDS, Arcnet, "LINKTYPE_ARCNET_BSD";
    SRC "arcnet.src" 0, 8, Hex, "Source", "Address of the sender.";
    DST "arcnet.dst" 8, 8, Hex, "Destination", "Address of the receiver; 0 is all.";
    PROTOCOL "arcnet.protID" 16, 8, Hex, "Protocol", "What follows.", names PROTOCOLS;
}

fields! {
    /// An exception packet: its own head goes before.
    EXCEPTION, Arcnet, "RFC 1201, section 5";
    EXCEPTION_FLAG "arcnet.exception_flag" 0, 8, Hex, "Exception flag", "0xff.";
    PADDING "arcnet.padding" 8, 16, Hex, "Padding", "0xffff.";
    EXCEPTION_PROTOCOL "arcnet.exception_protocol" 24, 8, Hex, "Protocol, again", "The same as before.", names PROTOCOLS;
}

fields! {
    /// Fragmentation.
    SPLIT, Arcnet, "RFC 1201, section 3";
    SPLIT_FLAG "arcnet.split_flag" 0, 8, Number, "Split flag", "0 whole; odd: first of many; even: one of the others.";
    SEQUENCE "arcnet.sequence" 8, 16, Number, "Sequence", "The same in all fragments.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "arcnet",
    short: "ARCNET",
    title: "ARCNET",
    parts: &[
        Part {
            label: "exception",
            start: |b| is_exception(b).then_some(3),
            len: |_| Some(4),
            fields: EXCEPTION,
        },
        Part { label: "split", start: split_at, len: |_| Some(3), fields: SPLIT },
    ],
    source: "RFC 1201",
    ..Header::of(Layer::Arcnet, Class::Link, FIELDS)
};

fn is_exception(header: &[u8]) -> bool {
    matches!(header, [_, _, protocol, 0xff, ..] if !is_plain(*protocol))
}

fn split_at(header: &[u8]) -> Option<usize> {
    let at = if is_exception(header) { 7 } else { 3 };
    (!is_plain(*header.get(2)?)).then_some(at)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let protocol = reach.u8(2)?;
    let Some(at) = split_at(reach.bytes) else {
        return Step::then(3, carried(protocol, 0));
    };
    let split = reach.u8(at)?;
    reach.needs(at.saturating_add(3))?;
    Step::then(at.saturating_add(3), carried(protocol, split))
}
