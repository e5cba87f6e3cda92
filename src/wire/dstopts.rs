//! Destination options header (RFC 8200, section 4.6).

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Inputs, Reach, Step};
use super::hopopts::extension;
use super::ipv6_option;
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// Before the options.
    FIELDS, Destination, "RFC 8200, section 4.6";
    NXT "ipv6.dstopts.nxt" 0, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    LEN "ipv6.dstopts.len" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipv6.dstopts",
    short: "dest-opts",
    title: "IPv6 destination options",
    options: Some(&ipv6_option::destination::SET),
    inputs: Some(&Inputs::of(&[NXT.place(0), LEN.place(0)])),
    extension: Some(Extension::at(6)),
    source: "RFC 8200",
    ..Header::of(Layer::Destination, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
