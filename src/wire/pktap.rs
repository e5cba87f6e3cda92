//! Apple's packet tap (`LINKTYPE_PKTAP`): interface and process before a frame of any link type.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it; longer headers are possible.
    FIELDS, Pktap, "LINKTYPE_PKTAP";
    LENGTH "pktap.hdrlen" 0, 32, Little, "Length", "Octets of this header.";
    RECORD "pktap.rectype" 32, 32, Little, "Record type", "1 is a packet, 0 nothing.";
    DLT "pktap.dlt" 64, 32, Little, "Link type", "What follows.";
    INTERFACE "pktap.ifname" 96, 192, Text, "Interface", "Its name, filled up with zeros.";
    FLAGS "pktap.flags" 288, 32, Little, "Flags", "Direction and reason.";
    FAMILY "pktap.pfamily" 320, 32, Little, "Family", "Address family of the packet.";
    LINK_HEADER "pktap.llhdrlen" 352, 32, Little, "Link header", "Octets of link-layer header.";
    LINK_TRAILER "pktap.lltrlrlen" 384, 32, Little, "Link trailer", "Octets of link-layer trailer.";
    PID "pktap.pid" 416, 32, Little, "Process", "Process the packet belongs to.";
    COMMAND "pktap.cmdname" 448, 160, Text, "Command", "Its name.";
    SERVICE "pktap.svc_class" 608, 32, Little, "Service class", "Class of service.";
    KIND "pktap.iftype" 640, 16, Little, "Interface type", "Kind of interface.";
    UNIT "pktap.ifunit" 656, 16, Little, "Interface unit", "Number of the interface.";
    EFFECTIVE "pktap.epid" 672, 32, Little, "Effective process", "Process on whose behalf.";
    EFFECTIVE_COMMAND "pktap.ecmdname" 704, 160, Text, "Effective command", "Its name.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "pktap",
    short: "PKTAP",
    title: "Packet tap",
    source: "LINKTYPE_PKTAP",
    ..Header::of(Layer::Pktap, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = usize::from(reach.u16(0)?.swap_bytes());
    let link = reach.u16(8)?.swap_bytes();
    if len < 108 {
        return Err(Fault::Malformed { at: 0, needs: 108, has: len });
    }
    reach.needs(len)?;
    let next = if reach.u8(4)? == 1 { Next::Link(link) } else { Next::Payload };
    Step::then(len, next)
}
