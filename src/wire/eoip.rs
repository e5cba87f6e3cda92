//! Ethernet over IP as `MikroTik`'s routers do it: what stands behind GRE's first word there, where
//! PPTP has its key.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All four octets.
    FIELDS, Eoip, "GRE protocol 0x6400";
    PAYLOAD_LENGTH "gre.key.payload_length" 0, 16, Number, "Payload length", "Octets behind this header; 0 keeps the tunnel alive.";
    TUNNEL "eoip.tunnel_id" 16, 16, Little, "Tunnel", "Which tunnel between the two routers.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "eoip",
    short: "EoIP",
    title: "Ethernet over IP (MikroTik)",
    inputs: Some(&Inputs::within(&[], PAYLOAD_LENGTH.total(4))),
    network: Some(|header| header.get(2..)?.first_chunk().map(|id| u16::from_le_bytes(*id).into())),
    source: "GRE protocol 0x6400",
    ..Header::of(Layer::Eoip, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(0)?);
    reach.needs(4)?;
    if length == 0 {
        return Step::then(4, Next::Payload);
    }
    Step::until(4, Some(length.saturating_add(4)), Next::Layer(Layer::Ethernet))
}
