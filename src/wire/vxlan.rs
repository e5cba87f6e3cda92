//! Virtual extensible LAN (RFC 7348), with the group policy of draft-smith-vxlan-group-policy-05.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step, number_at};
use super::layer::Layer;

/// Declares the rows of `$layer`, which is VXLAN on one port or another.
macro_rules! rows {
    ($layer:ident) => {
        fields! {
            /// All eight octets.
            FIELDS, $layer, "RFC 7348, section 5";
            FLAGS "vxlan.flags" 0, 16, Group, "Flags", "What the rest holds.";
            GBP "vxlan.flags.gbp_extension" 0, 1, Flag, "Group policy", "The group policy is set.", source "draft-smith-vxlan-group-policy-05";
            RESERVED_A "vxlan.flags.reserved_a" 1, 3, Hex, "Reserved", "Zero.";
            VNI_VALID "vxlan.flags.vni" 4, 1, Flag, "Identifier valid", "The network identifier is set: always.";
            RESERVED_B "vxlan.flags.reserved_b" 5, 4, Hex, "Reserved", "Zero.";
            DONT_LEARN "vxlan.flags.dont_learn" 9, 1, Flag, "Don't learn", "The receiver must not learn the sender's address.", source "draft-smith-vxlan-group-policy-05";
            RESERVED_C "vxlan.flags.reserved_c" 10, 2, Hex, "Reserved", "Zero.";
            POLICY_APPLIED "vxlan.flags.policy_applied" 12, 1, Flag, "Policy applied", "The group's policy was applied already.", source "draft-smith-vxlan-group-policy-05";
            RESERVED_D "vxlan.flags.reserved_d" 13, 3, Hex, "Reserved", "Zero.";
            POLICY "vxlan.gbp" 16, 16, Number, "Group policy", "Group of the sender, when the flag says so.", source "draft-smith-vxlan-group-policy-05";
            VNI "vxlan.vni" 32, 24, Number, "Network identifier", "Which virtual network.";
            RESERVED "vxlan.reserved8" 56, 8, Hex, "Reserved", "Zero.";
        }
    };
}
pub(crate) use rows;

rows!(Vxlan);

/// The row.
pub const HEADER: Header = Header {
    name: "vxlan",
    short: "vxlan",
    title: "Virtual extensible LAN",
    inputs: Some(&Inputs::of(&[])),
    network: Some(|header| Some(number_at(header, 4)? >> 8)),
    source: "RFC 7348",
    ..Header::of(Layer::Vxlan, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    // Reserved bits are to be ignored on receipt; implementations send them set.
    Step::then(8, Next::Layer(Layer::Ethernet))
}
