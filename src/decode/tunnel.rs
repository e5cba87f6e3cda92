//! UDP ports that carry packets, as the field's programs take them by default.

use crate::wire::header::Next;

/// One port that carries packets.
#[derive(Debug)]
pub struct PortRow {
    /// The port.
    pub port: u16,
    /// What its datagrams hold.
    pub carries: Next,
}

/// The ports, sorted.
pub const PORTS: &[PortRow] = &[];

/// What a datagram between two ports carries: the destination's meaning goes first.
pub fn by_ports(source: u16, destination: u16) -> Next {
    [destination, source]
        .into_iter()
        .find_map(|port| {
            let at = PORTS.binary_search_by_key(&port, |row| row.port).ok()?;
            PORTS.get(at).map(|row| row.carries)
        })
        .unwrap_or(Next::Payload)
}
