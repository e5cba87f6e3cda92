//! Host identity protocol (RFC 7401, section 5.1): its fixed header; the parameters are data.

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Reach, Step};
use super::hopopts::extension;
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// The fixed header.
    FIELDS, Hip, "RFC 7401, section 5.1";
    PROTO "hip.proto" 0, 8, Number, "Payload protocol", "59: nothing follows.", names PROTOCOLS;
    HDR_LEN "hip.hdr_len" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
    FIXED_P "hip.shim6_fixed_bit_p" 16, 1, Flag, "Fixed bit P", "Zero; tells HIP from shim6.";
    PACKET_TYPE "hip.packet_type" 17, 7, Number, "Packet type", "Which packet.", names PACKETS;
    VERSION "hip.version" 24, 4, Number, "Version", "1 or 2.";
    RESERVED "hip.reserved" 28, 3, Number, "Reserved", "Zero.";
    FIXED_S "hip.shim6_fixed_bit_s" 31, 1, Flag, "Fixed bit S", "One; tells HIP from shim6.";
    CHECKSUM "hip.checksum" 32, 16, Hex, "Checksum", "Over the packet and a pseudo-header.";
    CONTROLS "hip.controls" 48, 16, Hex, "Controls", "What the sender is and can.";
    HIT_SNDR "hip.hit_sndr" 64, 128, Ipv6, "Sender HIT", "Host identity tag of the sender.";
    HIT_RCVR "hip.hit_rcvr" 192, 128, Ipv6, "Receiver HIT", "Host identity tag of the receiver.";
    PARAMETERS "hip.parameters" 320, 0, Bytes, "Parameters", "Type, length and value of each.";
}

/// Packets (IANA hip-parameters).
const PACKETS: &[(u16, &str, &str)] = &[
    (1, "I1", "initiator"),
    (2, "R1", "responder's puzzle"),
    (3, "I2", "second initiator packet"),
    (4, "R2", "second responder packet"),
    (16, "UPDATE", "update"),
    (17, "NOTIFY", "notification"),
    (18, "CLOSE", "close"),
    (19, "CLOSE_ACK", "close acknowledged"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "hip",
    short: "HIP",
    title: "Host identity protocol",
    extension: Some(Extension::UPPER_LAYER),
    source: "RFC 7401",
    ..Header::of(Layer::Hip, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
