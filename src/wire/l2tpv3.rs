//! L2TP version 3 straight over IP, protocol 115 (RFC 3931, section 4.1.1).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every message begins with.
    FIELDS, L2tpv3, "RFC 3931, section 4.1.1.1";
    SID "l2tpv3.sid" 0, 32, Hex, "Session", "The receiver's number of the session; 0 is a control message.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "l2tpv3",
    short: "l2tpv3",
    title: "Layer two tunnelling protocol version 3",
    source: "RFC 3931",
    ..Header::of(Layer::L2tpv3, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Payload)
}
