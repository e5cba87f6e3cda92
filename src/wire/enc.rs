//! BSD's tap on IP security (`LINKTYPE_ENC`): packets before encryption or after decryption.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Enc, "LINKTYPE_ENC";
    FAMILY "enc.af" 0, 32, Number, "Family", "Address family, by the byte order of the machine that captured.";
    SPI "enc.spi" 32, 32, Hex, "SPI", "Security association.";
    FLAGS "enc.flags" 64, 32, Hex, "Flags", "What was encrypted or authenticated.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "enc",
    short: "ENC",
    title: "IPsec tap",
    source: "LINKTYPE_ENC",
    ..Header::of(Layer::Enc, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(12)?;
    Step::then(12, Next::Version)
}
