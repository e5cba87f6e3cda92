//! One line about a packet: source, destination, protocol, length and what the packet says.
//!
//! The columns are those of the innermost packet that is not quoted, as in the other formats; what
//! encapsulates it comes first in the text, outermost first, each header behind a `|`.  The buffers
//! of a row are used again, so that a line costs no allocation.

mod kind;
mod message;
mod part;
mod stage;

pub use self::kind::RowKind;
use super::stop;
use super::words::{address, append, octets, protocol};
use crate::base::timestamp::Timestamp;
use crate::decode::Packet;
use crate::decode::anomaly::{self, Anomaly, CrossPackets, Severity};
use crate::decode::layers::{Reason, Span};
use crate::decode::tuple::{Pair, Tuple, tuple};
use crate::wire::header::Payload;
use crate::wire::{Layer, Value, ethernet, sll, sll2};

/// Anomalies that the line says in other words.
const SAID: [&str; 5] =
    ["ipv4.checksum", "ipv4.reserved_bit", "ipv4.ttl", "ipv6.hop_limit", "icmpv6.neighbour.hop"];

/// One packet in one line.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Row {
    /// Number in the capture, from 1.
    pub number: u64,
    /// When it was captured.
    pub time: Option<Timestamp>,
    /// Octets on the wire.
    pub length: u32,
    /// What kind of line it is.
    pub kind: RowKind,
    /// Source address: IP's, or the link's where there is no IP; empty where there is none.
    pub source: String,
    /// Destination address.
    pub destination: String,
    /// Protocol's name.
    pub proto: String,
    /// What is said, in one line.
    pub info: String,
}

impl Row {
    /// Makes this the row of `packet`.
    pub fn read(&mut self, packet: &Packet<'_>) {
        self.read_among(packet, CrossPackets::default());
    }

    /// Reads a packet with the cross-packet anomalies `cross_packet`.
    pub fn read_among(&mut self, packet: &Packet<'_>, cross_packet: CrossPackets) {
        self.number = packet.frame.number;
        self.time = packet.frame.time;
        self.length = packet.frame.original;
        for text in [&mut self.source, &mut self.destination, &mut self.proto, &mut self.info] {
            text.clear();
        }
        match tuple(packet.frame.bytes, packet.layers) {
            Some(tuple) => self.read_ip(packet, &tuple),
            None => self.read_other(packet),
        }
        // Marks alone have nothing to stand behind.
        if self.info.starts_with(", ") {
            self.info.drain(..2);
        }
        if let Some(stop) = packet.layers.stop {
            self.info.push_str(if self.info.is_empty() { "! " } else { " ! " });
            stop::words(&mut self.info, packet, stop);
            // A quote is cut by who sends the error: that is no damage.
            let is_quote = packet.layers.has_quote();
            if stop.reason != Reason::Truncated || !is_quote {
                self.kind = RowKind::Damaged;
            }
            // Most of what else is wrong is the same again.
            return;
        }
        let mut with = |found: Anomaly| {
            let id = found.row().id;
            if found.row().severity >= Severity::Warning
                && !SAID.iter().any(|said| id.starts_with(said))
            {
                self.info.push_str(if self.info.is_empty() { "! " } else { " ! " });
                self.info.push_str(id);
            }
        };
        anomaly::each(packet, true, &mut with);
        cross_packet.each(packet, &mut with);
    }

    fn read_ip(&mut self, packet: &Packet<'_>, tuple: &Tuple) {
        ends(&mut self.source, &mut self.destination, tuple.pair);
        protocol(&mut self.proto, tuple.proto);
        self.kind = stage::write(&mut self.info, packet, tuple);
    }

    fn read_other(&mut self, packet: &Packet<'_>) {
        self.kind = RowKind::Other;
        let Some(&last) = packet.layers.spans().last() else {
            self.proto.push('?');
            return;
        };
        link_ends(&mut self.source, &mut self.destination, packet);
        if packet.layers.stop.is_some() {
            self.proto.push_str(last.layer.header().short);
            return;
        }
        if last.layer == Layer::Arp {
            self.proto.push_str("ARP");
            message::arp(&mut self.info, packet.header(last));
        } else {
            carried(&mut self.proto, &mut self.info, packet, last);
        }
    }
}

/// The addresses of the outermost link header that has any.
fn link_ends(source: &mut String, destination: &mut String, packet: &Packet<'_>) {
    for &span in packet.layers.spans() {
        let header = packet.header(span);
        match span.layer {
            Layer::Ethernet => {
                for (out, field) in [(source, &ethernet::SRC), (destination, &ethernet::DST)] {
                    if let Some(Value::Mac(address)) = field.value(header) {
                        octets(out, &address, ":");
                    }
                }
                return;
            }
            Layer::Sll | Layer::Sll2 => {
                let (address, len) = if span.layer == Layer::Sll {
                    (&sll::SRC, &sll::HALEN)
                } else {
                    (&sll2::SRC, &sll2::HALEN)
                };
                if let Some(Value::Bytes(padded)) = address.value(header) {
                    let len = len.bits(header).and_then(|len| usize::try_from(len).ok());
                    octets(source, padded.get(..len.unwrap_or(0)).unwrap_or(padded), ":");
                }
                return;
            }
            _ => {}
        }
    }
}

/// What a frame without IP carries: its name, and what that stands for.
fn carried(proto: &mut String, info: &mut String, packet: &Packet<'_>, last: Span) {
    stage::tags(info, packet, last);
    let found = last.layer.header().payload.iter().filter_map(|Payload { number, field }| {
        let mut value = None;
        packet.each_of(last, field, &mut |found| {
            value = value.or(Some(found));
        });
        Some((number, field, value?))
    });
    let mut found = found.take(1);
    let octets = packet.frame.bytes.len().saturating_sub(last.end());
    let Some((number, field, Value::Number(code))) = found.next() else {
        proto.push_str(last.layer.header().short);
        part::begin(info);
        append(info, format_args!("{octets} octets"));
        return;
    };
    part::begin(info);
    match field.named(code) {
        Some((short, long)) => {
            proto.push_str(short);
            append(info, format_args!("{long}, "));
        }
        None => super::words::hex(proto, code, field.width.div_ceil(4)),
    }
    append(info, format_args!("{number} {code:#06x}, {octets} octets"));
}

/// Appends the addresses of a pair.
fn ends(source: &mut String, destination: &mut String, pair: Pair) {
    match pair {
        Pair::V4(from, to) => {
            address(source, std::net::Ipv4Addr::from(from).into());
            address(destination, std::net::Ipv4Addr::from(to).into());
        }
        Pair::V6(from, to) => {
            address(source, std::net::Ipv6Addr::from(from).into());
            address(destination, std::net::Ipv6Addr::from(to).into());
        }
    }
}
