//! One line about a packet, for the list.

use crate::decode::Packet;
use crate::report::column::Column;
use crate::report::row::{Row, RowKind};
use crate::wire::{Value, ipv4, ipv6};

/// What the list shows of a packet; all of it is safe to show.
#[derive(Debug, Clone)]
pub struct PacketLine {
    /// Position among the packets shown, from 0.
    pub position: u64,
    /// What is said of the packet.
    pub row: Row,
    /// Whether its capture has comments on it.
    pub has_comments: bool,
    /// TTL or hop limit of the innermost IP header of its own.
    pub hops: Option<u64>,
    /// The values of the fields chosen as columns, safe to show.
    pub fields: Vec<String>,
}

impl PacketLine {
    /// The line of `packet`, with the values of `columns`.
    pub fn of(packet: &Packet<'_>, position: u64, columns: &[Column]) -> Self {
        let mut row = Row::default();
        row.read(packet);
        let inner = packet.layers.span(packet.layers.index.inner);
        let hops = inner.and_then(|span| {
            let header = packet.header(span);
            let field = if span.layer == ipv4::TTL.layer { &ipv4::TTL } else { &ipv6::HLIM };
            match field.value(header) {
                Some(Value::Number(hops)) => Some(hops),
                _ => None,
            }
        });
        let fields = columns.iter().map(|column| {
            let mut text = String::new();
            column.write(packet, &mut text);
            text
        });
        let has_comments = packet.frame.has_comments();
        Self { position, row, has_comments, hops, fields: fields.collect() }
    }

    /// Whether decoding ended early.
    pub fn is_damaged(&self) -> bool {
        self.row.kind == RowKind::Damaged
    }
}
