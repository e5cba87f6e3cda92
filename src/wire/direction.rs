//! One octet that says which way a frame went, before link types that have no place for it.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Direction, "LINKTYPE_PPP_WITH_DIR, LINKTYPE_C_HDLC_WITH_DIR, LINKTYPE_FRELAY_WITH_DIR";
    SENT "direction.sent" 0, 8, Number, "Sent", "0 received by the capturing machine, else sent by it.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "direction",
    short: "direction",
    title: "Direction",
    source: "LINKTYPE_PPP_WITH_DIR",
    ..Header::of(Layer::Direction, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(1)?;
    Step::then(1, Next::OfLink)
}
