//! One line about a packet, for the list.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text;
use crate::base::text::Safe;
use crate::decode::tuple::{Pair, tuple};
use crate::decode::{Packet, Place};

/// What the list shows of a packet; all of it is safe to show.
#[derive(Debug, Clone)]
pub struct PacketLine {
    /// Position among the packets shown, from 0.
    pub position: u64,
    /// Number in the capture, from 1.
    pub number: u64,
    /// Time in nanoseconds, when it has one.
    pub time: Option<i64>,
    /// Who sent it.
    pub source: String,
    /// Who it is for.
    pub destination: String,
    /// The innermost protocol.
    pub protocol: String,
    /// Octets on the wire.
    pub octets: u32,
    /// TTL or hop limit.
    pub hops: String,
    /// The rest, in words.
    pub info: String,
    /// Whether something is wrong with it.
    pub is_bad: bool,
}

impl PacketLine {
    /// The line of `packet`.
    pub fn of(packet: &Packet<'_>, position: u64) -> Self {
        let tuple = tuple(packet.frame.bytes, packet.layers);
        let (source, destination) = match tuple.map(|tuple| tuple.pair) {
            Some(Pair::V4(a, b)) => (Ipv4Addr::from(a).to_string(), Ipv4Addr::from(b).to_string()),
            Some(Pair::V6(a, b)) => (Ipv6Addr::from(a).to_string(), Ipv6Addr::from(b).to_string()),
            None => Default::default(),
        };
        let mut info = String::new();
        if let Some((sport, dport)) = tuple.and_then(|tuple| tuple.ports) {
            info = format!("{sport} → {dport}");
        }
        Self {
            position,
            number: packet.frame.number,
            time: packet.frame.time.map(|time| time.0),
            source,
            destination,
            protocol: tuple.map_or_else(|| "?".to_owned(), |tuple| text::protocol(tuple.proto)),
            octets: packet.frame.original,
            hops: String::new(),
            info: Safe(&info).to_string(),
            is_bad: packet.layers.place() == Place::Undecoded || packet.layers.stop.is_some(),
        }
    }
}
