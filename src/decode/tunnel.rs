//! UDP ports that carry packets, as the field's programs take them by default.

use crate::wire::Layer;
use crate::wire::header::Next;

/// One port that carries packets.
#[derive(Debug)]
pub struct PortRow {
    /// The port.
    pub port: u16,
    /// What its datagrams hold.
    pub carries: Next,
}

const fn row(port: u16, layer: Layer) -> PortRow {
    PortRow { port, carries: Next::Layer(layer) }
}

/// The ports, sorted.
pub const PORTS: &[PortRow] = &[
    row(1701, Layer::L2tp),
    row(2123, Layer::Gtp),
    row(2152, Layer::Gtp),
    row(3386, Layer::Gtp),
    row(3544, Layer::Teredo),
    row(4341, Layer::Lisp),
    row(4342, Layer::LispEcm),
    row(4500, Layer::UdpEncap),
    row(4789, Layer::Vxlan),
    row(4790, Layer::VxlanGpe),
    row(5072, Layer::Ayiya),
    row(5247, Layer::Capwap),
    row(6081, Layer::Geneve),
    row(6635, Layer::Mpls),
    row(37008, Layer::Tzsp),
];

/// Ports below those of [`PORTS`] whose datagrams are known for something else, sorted: the lower
/// port of a datagram decides, so an answer of a name server to client port 4789 is no tunnel.
const OTHERS: &[u16] = &[
    7, 9, 13, 19, 37, 42, 49, 53, 67, 68, 69, 80, 88, 111, 123, 137, 138, 161, 162, 319, 320, 389,
    427, 443, 464, 500, 514, 520, 521, 546, 547, 623, 646, 1194, 1812, 1813, 1900, 2049, 2055,
    3478, 5004, 5005, 5060, 5246, 5353, 5355, 6343,
];

/// One bit a port of [`PORTS`]: most datagrams belong to none of them, which two loads tell.
static IS_TUNNEL: [u64; 1024] = bitmap();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in const evaluation only, where a wrong index or an overflow stops the build"
)]
const fn bitmap() -> [u64; 1024] {
    let mut all = [0; 1024];
    let mut i = 0;
    while i < PORTS.len() {
        let port = PORTS[i].port as usize;
        all[port / 64] |= 1 << (port % 64);
        i += 1;
    }
    all
}

/// Whether a port is one of [`PORTS`].
fn is_tunnel(port: u16) -> bool {
    let word = IS_TUNNEL.get(usize::from(port >> 6)).copied().unwrap_or(0);
    word >> (port & 63) & 1 == 1
}

/// What a datagram between two ports carries: the lower one that is known decides.
#[inline]
pub fn by_ports(source: u16, destination: u16) -> Next {
    if is_tunnel(source) || is_tunnel(destination) {
        known(source.min(destination), source.max(destination))
    } else {
        Next::Payload
    }
}

/// What a datagram carries whose UDP header begins at octet `at`; none where its ports were not
/// captured.
#[inline]
pub fn by_ports_at(bytes: &[u8], at: usize) -> Option<Next> {
    let &[a, b, c, d] = bytes.get(at..)?.first_chunk()?;
    Some(by_ports(u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

/// What a datagram carries of which one port at least is in [`PORTS`].
#[cold]
fn known(low: u16, high: u16) -> Next {
    let carried = |port: u16| {
        let at = PORTS.binary_search_by_key(&port, |row| row.port).ok()?;
        PORTS.get(at).map(|row| row.carries)
    };
    match carried(low) {
        Some(next) => next,
        None if OTHERS.binary_search(&low).is_ok() => Next::Payload,
        None => carried(high).unwrap_or(Next::Payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_sorted_and_each_means_one_thing() {
        assert!(PORTS.is_sorted_by(|a, b| a.port < b.port));
        assert!(OTHERS.is_sorted_by(|a, b| a < b));
        assert!(OTHERS.iter().all(|port| !is_tunnel(*port)));
    }

    #[test]
    fn every_pair_without_a_row_carries_nothing() {
        for port in 0..=u16::MAX {
            let has_row = PORTS.iter().any(|row| row.port == port);
            assert_eq!(by_ports(port, 40_000) != Next::Payload, has_row, "{port}");
            assert_eq!(by_ports(40_000, port) != Next::Payload, has_row, "{port}");
        }
    }

    #[test]
    fn the_lower_known_port_decides() {
        assert_eq!(by_ports(53, 4789), Next::Payload);
        assert_eq!(by_ports(6081, 4789), Next::Layer(Layer::Vxlan));
        assert_eq!(by_ports(50_000, 4789), Next::Layer(Layer::Vxlan));
        assert_eq!(by_ports(2152, 50_000), Next::Layer(Layer::Gtp));
    }
}
