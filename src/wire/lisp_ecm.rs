//! Locator/ID separation, control plane: the encapsulated control message (RFC 9301, section 5.8).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step, ip_or};
use super::layer::Layer;

fields! {
    /// All four octets.
    FIELDS, LispEcm, "RFC 9301, section 5.8";
    TYPE "lisp.type" 0, 4, Number, "Message", "8, an encapsulated control message.";
    S "lisp.ecm.flags.sec" 4, 1, Flag, "Security", "Authentication follows.";
    D "lisp.ecm.flags.ddt" 5, 1, Flag, "Delegated", "Sent by a delegated database's node.";
    E "lisp.ecm.flags.to_etr" 6, 1, Flag, "To tunnel router", "To be answered by the tunnel router.";
    M "lisp.ecm.flags.to_ms" 7, 1, Flag, "To map server", "To be answered by the map server.";
    RESERVED "lisp.ecm.res" 8, 24, Hex, "Reserved", "Zero.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "lisp",
    short: "lisp",
    title: "Locator/ID separation control",
    source: "RFC 9301",
    ..Header::of(Layer::LispEcm, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let first = reach.u8(0)?;
    let has_security = first & 8 != 0;
    if first >> 4 != 8 || has_security {
        return Step::then(0, Next::Payload);
    }
    reach.needs(4)?;
    Step::then(4, ip_or(reach, 4, Next::Payload))
}
