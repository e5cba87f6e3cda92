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
    row(4754, Layer::Gre),
    row(4789, Layer::Vxlan),
    row(4790, Layer::VxlanGpe),
    row(5072, Layer::Ayiya),
    row(5247, Layer::Capwap),
    row(6080, Layer::Gue),
    row(6081, Layer::Geneve),
    row(6635, Layer::Mpls),
    row(8472, Layer::VxlanLinux),
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
pub(super) const PORT_BITS: [u64; 1024] = bitmap();

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

/// What a datagram carries of which one port at least is in [`PORTS`].
pub(super) fn known(low: u16, high: u16) -> Next {
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
        let is_tunnel = |port: &u16| PORTS.iter().any(|row| row.port == *port);
        assert!(!OTHERS.iter().any(is_tunnel));
    }
}
