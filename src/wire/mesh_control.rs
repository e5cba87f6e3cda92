//! Mesh control of 802.11s: what stands between the header of a mesh's data frame and LLC.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, MeshControl, "IEEE 802.11, clause 9.2.4.8.3";
    RESERVED "wlan.fixed.mesh_flags.reserved" 0, 6, Hex, "Reserved", "Zero.";
    EXTENSION "wlan.fixed.mesh_flags.address_extension" 6, 2, Number, "Address extension", "How many addresses follow.";
    TTL "wlan.fixed.mesh_ttl" 8, 8, Number, "Time to live", "Hops in the mesh that are left.";
    SEQUENCE "wlan.fixed.mesh_sequence" 16, 32, Little, "Sequence", "Number of the frame by who brought it into the mesh.";
}

fields! {
    /// One address: of a group's frame from outside the mesh.
    FOURTH, MeshControl, "IEEE 802.11, clause 9.2.4.8.3";
    ADDRESS_4 "wlan.fixed.mesh_addr4" 0, 48, Mac, "Fourth address", "First sender.";
}

fields! {
    /// Two addresses: both ends lie outside the mesh.
    OUTSIDE, MeshControl, "IEEE 802.11, clause 9.2.4.8.3";
    ADDRESS_5 "wlan.fixed.mesh_addr5" 0, 48, Mac, "Fifth address", "Final receiver.";
    ADDRESS_6 "wlan.fixed.mesh_addr6" 48, 48, Mac, "Sixth address", "First sender.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "wlan_mesh",
    short: "802.11s",
    title: "802.11s mesh control",
    parts: &[
        Part {
            label: "address",
            start: |b| (extension(b)? == 1).then_some(6),
            len: |_| Some(6),
            fields: FOURTH,
        },
        Part {
            label: "addresses",
            start: |b| (extension(b)? == 2).then_some(6),
            len: to_end,
            fields: OUTSIDE,
        },
    ],
    source: "IEEE 802.11",
    ..Header::of(Layer::MeshControl, Class::Tag, FIELDS)
};

/// How many addresses the flags announce.
fn extension(header: &[u8]) -> Option<u8> {
    header.first().map(|flags| flags & 3)
}

/// Whether the body of a frame may begin with it: access points have other things in the bit that
/// announces it, so its own reserved bits must be zero too.
pub(crate) fn may_begin(body: &[u8]) -> bool {
    matches!(body, [0..=2, ..])
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let addresses = usize::from(reach.u8(0)? & 3);
    let len = addresses.saturating_mul(6).saturating_add(6);
    reach.needs(len)?;
    Step::then(len, Next::Layer(Layer::Llc))
}
