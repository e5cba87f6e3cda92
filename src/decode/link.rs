//! What a frame of each link type begins with.

use crate::wire::Layer;
use crate::wire::header::Next;

/// One link type that ipeek reads.
#[derive(Debug)]
pub struct LinkRow {
    /// LINKTYPE_ number.
    pub number: u16,
    /// Name without the LINKTYPE_ prefix.
    pub name: &'static str,
    /// What comes first.
    pub first: Next,
}

const fn row(number: u16, name: &'static str, first: Next) -> LinkRow {
    LinkRow { number, name, first }
}

/// The link types, sorted by number.
pub const LINKS: &[LinkRow] = &[
    row(0, "NULL", Next::Layer(Layer::Null)),
    row(1, "ETHERNET", Next::Layer(Layer::Ethernet)),
    row(9, "PPP", Next::Layer(Layer::Ppp)),
    // DLT_RAW, as live captures and old files have it.
    row(12, "RAW", Next::Version),
    row(14, "RAW", Next::Version),
    row(50, "PPP_HDLC", Next::Layer(Layer::Ppp)),
    row(51, "PPP_ETHER", Next::Layer(Layer::Pppoe)),
    row(101, "RAW", Next::Version),
    row(104, "C_HDLC", Next::Layer(Layer::Hdlc)),
    row(108, "LOOP", Next::Layer(Layer::Null)),
    row(113, "LINUX_SLL", Next::Layer(Layer::Sll)),
    row(228, "IPV4", Next::Layer(Layer::Ipv4)),
    row(229, "IPV6", Next::Layer(Layer::Ipv6)),
    row(276, "LINUX_SLL2", Next::Layer(Layer::Sll2)),
];

/// The row of LINKTYPE_ `number`.
pub fn find(number: u16) -> Option<&'static LinkRow> {
    let at = LINKS.binary_search_by_key(&number, |row| row.number).ok()?;
    LINKS.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_sorted_by_number() {
        assert!(LINKS.is_sorted_by(|a, b| a.number < b.number));
    }
}
