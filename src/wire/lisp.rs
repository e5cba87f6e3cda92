//! Locator/ID separation, data plane (RFC 9300).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step, ip_or};
use super::layer::Layer;

fields! {
    /// All eight octets.
    FIELDS, Lisp, "RFC 9300, section 5.1";
    FLAGS "lisp-data.flags" 0, 8, Group, "Flags", "What the rest holds.";
    N "lisp-data.flags.nonce" 0, 1, Flag, "Nonce present", "The nonce counts.";
    L "lisp-data.flags.lsb" 1, 1, Flag, "Locator status", "The locator status bits count.";
    E "lisp-data.flags.enr" 2, 1, Flag, "Echo nonce", "The peer is to send the nonce back.";
    V "lisp-data.flags.mv" 3, 1, Flag, "Map version", "Map versions stand in the nonce's place.";
    I "lisp-data.flags.iid" 4, 1, Flag, "Instance", "An instance ID stands in the upper status bits' place.";
    RESERVED "lisp-data.flags.res" 5, 1, Hex, "Reserved", "Zero.";
    KEY "lisp-data.flags.key" 6, 2, Number, "Key", "0: the payload is not encrypted.", source "RFC 8061, section 5";
    NONCE "lisp-data.nonce" 8, 24, Hex, "Nonce", "Nonce, or source and destination map version of twelve bits.";
    STATUS "lisp-data.lsb" 32, 32, Hex, "Locator status", "Status bits, or instance ID of 24 bits and eight status bits.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "lisp-data",
    short: "lisp-data",
    title: "Locator/ID separation data",
    source: "RFC 9300",
    ..Header::of(Layer::Lisp, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let is_encrypted = reach.u8(0)? & 3 != 0;
    Step::then(8, if is_encrypted { Next::Payload } else { ip_or(reach, 8, Next::Payload) })
}
