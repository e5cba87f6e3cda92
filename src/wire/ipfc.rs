//! IP over Fibre Channel as captured (`LINKTYPE_IP_OVER_FC`): network header, then LLC.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Ipfc, "RFC 2625, section 3";
    DST "ipfc.nh.da" 0, 64, Bytes, "Destination", "Network address authority and name of the receiver.";
    SRC "ipfc.nh.sa" 64, 64, Bytes, "Source", "Network address authority and name of the sender.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipfc",
    short: "IPFC",
    title: "IP over Fibre Channel",
    source: "RFC 2625",
    ..Header::of(Layer::Ipfc, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(16)?;
    Step::then(16, Next::Layer(Layer::Llc))
}
