//! What Solaris puts before packets seen at its IP layer (`LINKTYPE_IPNET`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Ipnet, "LINKTYPE_IPNET";
    VERSION "ipnet.version" 0, 8, Number, "Version", "1.";
    FAMILY "ipnet.family" 8, 8, Number, "Family", "2 is IPv4, 26 is IPv6.";
    HOOK "ipnet.htype" 16, 16, Number, "Hook", "0 inbound, 1 outbound, 2 local.";
    LENGTH "ipnet.pktlen" 32, 32, Number, "Length", "Octets that follow.";
    IFINDEX "ipnet.ifindex" 64, 32, Number, "Interface index", "Interface of the packet.";
    GROUP "ipnet.grifindex" 96, 32, Number, "Group index", "Interface of the group of paths.";
    ZONE_SRC "ipnet.zsrc" 128, 32, Number, "Source zone", "Zone it comes from; all ones is none.";
    ZONE_DST "ipnet.zdst" 160, 32, Number, "Destination zone", "Zone it goes to.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipnet",
    short: "IPNET",
    title: "Solaris IPNET",
    source: "LINKTYPE_IPNET",
    ..Header::of(Layer::Ipnet, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(24)?;
    let next = match reach.u8(1)? {
        2 => Next::Layer(Layer::Ipv4),
        26 => Next::Layer(Layer::Ipv6),
        _ => Next::Payload,
    };
    Step::then(24, next)
}
