//! A packet, as the columns of its table look at it.

use std::net::IpAddr;

use super::cell::{Cell, Kind, Part, PutItem, end, v4, version};
use crate::decode::anomaly::{self, Anomaly};
use crate::decode::history::History;
use crate::decode::layers::is_ip;
use crate::decode::tuple::{Pair, Tuple, pair, tuple};
use crate::decode::{Packet, Span};
use crate::report::community::{CommunityId, is_icmp};
use crate::wire::field::Field;
use crate::wire::{Layer, ipv4, ipv6};

/// A packet, as the columns look at it.
#[derive(Debug)]
pub struct PacketRow<'a> {
    /// The packet.
    pub packet: Packet<'a>,
    /// Number of its flow.
    pub flow: Option<u64>,
    /// What the packets before it say of it.
    pub history: History<'a>,
    /// The inputs of the run, where they are files.
    files: &'a [String],
    pub(super) tuple: Option<Tuple>,
    pub(super) community: Option<CommunityId>,
    /// The headers that fields are read of, one of a kind.
    spans: [Option<Span>; 5],
}

impl<'a> PacketRow<'a> {
    /// The row of a packet from one of `files`.
    pub fn new(
        packet: Packet<'a>,
        flow: Option<u64>,
        history: History<'a>,
        files: &'a [String],
    ) -> Self {
        let tuple = tuple(packet.frame.bytes, packet.layers);
        let all = packet.layers.spans();
        let first = |layer| all.iter().find(|span| span.layer == layer).copied();
        let ip = tuple.and_then(|tuple| Some((tuple, *all.get(tuple.ip)?)));
        let transport = tuple.and_then(|tuple| all.get(tuple.transport?)).copied();
        let fragment = ip.filter(|(_, span)| span.layer == Layer::Ipv6).and_then(|(tuple, _)| {
            let own = all.get(tuple.ip..usize::from(packet.layers.index.own))?;
            own.iter().find(|span| span.layer == Layer::Fragment).copied()
        });
        let ip = ip.map(|(_, span)| span);
        let spans = [first(Layer::Ethernet), first(Layer::Vlan), ip, fragment, transport];
        Self { packet, flow, history, files, tuple, community: None, spans }
    }

    /// This row, with the Community ID of its flow worked out.
    #[must_use]
    pub fn identified(self) -> Self {
        let id = |tuple: Tuple| CommunityId::of(tuple.pair, tuple.proto, tuple.ports);
        Self { community: self.tuple.map(id), ..self }
    }

    /// The octets of the header that a field is read of.
    #[inline]
    pub fn header_of(&self, layer: Layer) -> Option<&'a [u8]> {
        let span = self.spans.iter().flatten().find(|span| span.layer == layer)?;
        Some(self.packet.header(*span))
    }

    /// From whom to whom it goes.
    pub fn pair(&self) -> Option<Pair> {
        self.tuple.map(|tuple| tuple.pair)
    }

    /// The file it was read from.
    pub fn file(&self) -> Option<&'a str> {
        let input = self.packet.frame.origin().map_or(0, |origin| origin.input);
        self.files.get(usize::try_from(input).ok()?).map(String::as_str)
    }

    /// Calls `with` for everything that is wrong with it.
    pub fn each_anomaly(&self, with: &mut dyn FnMut(Anomaly)) {
        anomaly::each(&self.packet, true, with);
        self.history.cross_packet.each(&self.packet, with);
    }

    pub(super) fn end(&self, is_source: bool) -> Option<IpAddr> {
        Some(end(self.pair()?, is_source))
    }

    pub(super) fn v4(&self, is_source: bool) -> Cell<'static> {
        self.end(is_source).map_or(Cell::Null, v4)
    }

    /// Ports; not those that stand for a type and code of ICMP.
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        self.tuple.filter(|tuple| !is_icmp(tuple.proto))?.ports
    }

    /// Type and code of ICMP.
    pub(super) fn icmp(&self) -> Option<(u16, u16)> {
        self.tuple.filter(|tuple| is_icmp(tuple.proto))?.ports
    }
}

fn number(field: &Field, header: &[u8]) -> Cell<'static> {
    Cell::of(field.bits(header).and_then(|bits| i64::try_from(bits).ok()))
}

/// The IP packet's octets, header and payload.
pub(super) fn ip_len<'r>(row: &'r PacketRow<'_>) -> Cell<'r> {
    if let Some(header) = row.header_of(Layer::Ipv4) {
        return number(&ipv4::LEN, header);
    }
    let Some(header) = row.header_of(Layer::Ipv6) else { return Cell::Null };
    // Zero says that the length stands elsewhere.
    let len = ipv6::PLEN.bits(header).filter(|&len| len > 0);
    Cell::of(len.and_then(|len| i64::try_from(len).ok()?.checked_add(40)))
}

/// What the interface is called that it came through.
pub(super) fn interface<'r>(row: &'r PacketRow<'_>) -> Cell<'r> {
    let name = row.packet.frame.origin().and_then(|origin| origin.name());
    name.map_or(Cell::Decimal(row.packet.frame.interface.into()), Cell::Text)
}

/// Names of all that is wrong.
pub(super) fn events(row: &PacketRow<'_>, put: PutItem<'_>) {
    row.each_anomaly(&mut |found| put(&[Cell::Text(found.row().id)]));
}

/// The IP headers of a packet that has several, outermost first.
pub(super) fn headers(row: &PacketRow<'_>, put: PutItem<'_>) {
    let Some(tuple) = row.tuple.filter(|tuple| tuple.depth > 1) else { return };
    let Packet { frame, layers } = row.packet;
    let all = layers.spans().iter().take(tuple.ip.saturating_add(1));
    for &span in all.filter(|span| is_ip(span.layer)) {
        let Some(pair) = pair(frame.bytes, span) else { continue };
        let header = row.packet.header(span);
        let [proto, ttl, dscp, ecn] = match pair {
            Pair::V4(..) => [&ipv4::PROTO, &ipv4::TTL, &ipv4::DSCP, &ipv4::ECN],
            Pair::V6(..) => [&ipv6::NXT, &ipv6::HLIM, &ipv6::DSCP, &ipv6::ECN],
        };
        let (source, destination) = (end(pair, true), end(pair, false));
        put(&[
            version(pair).into(),
            source.into(),
            destination.into(),
            v4(source),
            v4(destination),
            number(proto, header),
            number(ttl, header),
            number(dscp, header),
            number(ecn, header),
        ]);
    }
}

/// What is told of an IP header of several.
pub(super) const INNER: Kind = Kind::Struct(&[
    Part { name: "ip_version", kind: Kind::Int16 },
    Part { name: "src_ip", kind: Kind::Utf8 },
    Part { name: "dst_ip", kind: Kind::Utf8 },
    Part { name: "src_v4", kind: Kind::Int64 },
    Part { name: "dst_v4", kind: Kind::Int64 },
    Part { name: "proto", kind: Kind::Int16 },
    Part { name: "ttl", kind: Kind::Int16 },
    Part { name: "dscp", kind: Kind::Int16 },
    Part { name: "ecn", kind: Kind::Int16 },
]);
