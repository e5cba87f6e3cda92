//! Enhanced interior gateway routing protocol (RFC 7868, section 6.2): the header of its packets.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// The header; TLVs follow.
    FIELDS, Eigrp, "RFC 7868, section 6.2";
    VERSION "eigrp.version" 0, 8, Number, "Version", "2.";
    OPCODE "eigrp.opcode" 8, 8, Number, "Opcode", "Which message.", names OPCODES;
    CHECKSUM "eigrp.checksum" 16, 16, Hex, "Checksum", "Over the message.";
    FLAGS "eigrp.flags" 32, 32, Group, "Flags", "What the message is to the receiver.";
    FLAGS_RESERVED "eigrp.flags.reserved" 32, 28, Hex, "Reserved", "Zero.";
    EOT "eigrp.flags.eot" 60, 1, Flag, "End of table", "All of the table was sent.";
    RESTART "eigrp.flags.restart" 61, 1, Flag, "Restart", "The sender starts again without losing its routes.";
    CONDITIONAL "eigrp.flags.condrecv" 62, 1, Flag, "Conditional receive", "Only for those in sequence.";
    INIT "eigrp.flags.init" 63, 1, Flag, "Init", "First to a new neighbour.";
    SEQUENCE "eigrp.seq" 64, 32, Number, "Sequence", "Order of messages; 0 is not acknowledged.";
    ACK "eigrp.ack" 96, 32, Number, "Acknowledge", "The sequence that is acknowledged; 0 none.";
    VRID "eigrp.vrid" 128, 16, Number, "Virtual router", "Which topology or virtual router.";
    AS "eigrp.as" 144, 16, Number, "Autonomous system", "Which EIGRP domain.";
}

/// RFC 7868, section 6.2.
const OPCODES: &[(u16, &str, &str)] = &[
    (1, "update", "routes"),
    (2, "request", "RFC 7868"),
    (3, "query", "asks for a route that was lost"),
    (4, "reply", "answers a query"),
    (5, "hello", "tells neighbours, or acknowledges"),
    (6, "IPX SAP", "services of IPX"),
    (7, "probe", "tests"),
    (8, "acknowledge", "acknowledges"),
    (9, "stub info", "a neighbour that passes nothing on"),
    (10, "SIA query", "asks whether a query is still worked on"),
    (11, "SIA reply", "answers that"),
];

/// Octets.
const OCTETS: usize = 20;

/// The row.
pub const HEADER: Header = Header {
    name: "eigrp",
    short: "EIGRP",
    title: "Enhanced interior gateway routing protocol",
    inputs: Some(&Inputs::of(&[])),
    source: "RFC 7868",
    ..Header::of(Layer::Eigrp, Class::Other, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(OCTETS)?;
    Step::then(OCTETS, Next::Payload)
}
