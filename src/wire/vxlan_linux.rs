//! VXLAN on UDP port 8472, where Linux had it before it got a port of its own, and has it still
//! where it is told none; OTV and others are there too.

use super::bits::Bits;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step, number_at};
use super::layer::Layer;
use super::vxlan::rows;

rows!(VxlanLinux);

/// The row.
pub const HEADER: Header = Header {
    name: "vxlan",
    short: "vxlan",
    title: "Virtual extensible LAN, Linux's port",
    inputs: Some(&Inputs::of(&[FLAGS.place(0), POLICY.place(0), Bits::LAST])),
    network: Some(|header| Some(number_at(header, 4)? >> 8)),
    source: "RFC 7348",
    ..Header::of(Layer::VxlanLinux, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let next = match reach.bytes {
        // The identifier is valid and all else is zero; or there is a group policy.
        [0x08, 0, 0, 0, _, _, _, 0, ..] | [0x88, 0 | 0x08 | 0x40 | 0x48, _, _, _, _, _, 0, ..] => {
            Next::Layer(Layer::Ethernet)
        }
        _ => return Step::then(0, Next::Payload),
    };
    Step::then(8, next)
}
