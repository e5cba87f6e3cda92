//! Encapsulating security payload (RFC 4303): what follows its head is encrypted.

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// What can be read without the key.
    FIELDS, Esp, "RFC 4303, section 2";
    SPI "esp.spi" 0, 32, Hex, "SPI", "Which security association.";
    SEQUENCE "esp.sequence" 32, 32, Number, "Sequence", "Counts packets, against replay.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "esp",
    short: "ESP",
    title: "Encapsulating security payload",
    inputs: Some(&Inputs::of(&[])),
    extension: Some(Extension { next_at: None, place: 5 }),
    source: "RFC 4303",
    ..Header::of(Layer::Esp, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    Step::then(8, Next::Payload)
}
