//! What a frame of each link type begins with.

use crate::capture::{Frame, Interface};
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
    /// What stands behind that, where its header leaves it to the link type.
    pub then: Next,
    /// Octets of checksum at the end of every frame.
    pub checksum: usize,
}

const fn row(number: u16, name: &'static str, first: Next) -> LinkRow {
    LinkRow { number, name, first, then: Next::Payload, checksum: 0 }
}

/// A row whose first header leaves it to the link type what follows.
const fn over(number: u16, name: &'static str, first: Layer, then: Next) -> LinkRow {
    LinkRow { number, name, first: Next::Layer(first), then, checksum: 0 }
}

/// A row whose frames end in a checksum of so many octets.
const fn summed(number: u16, name: &'static str, first: Layer, checksum: usize) -> LinkRow {
    LinkRow { number, name, first: Next::Layer(first), then: Next::Payload, checksum }
}

/// The link types, sorted by number.
pub const LINKS: &[LinkRow] = &[
    row(0, "NULL", Next::Layer(Layer::Null)),
    row(1, "ETHERNET", Next::Layer(Layer::Ethernet)),
    row(6, "IEEE802_5", Next::Layer(Layer::TokenRing)),
    row(7, "ARCNET_BSD", Next::Layer(Layer::Arcnet)),
    row(9, "PPP", Next::Layer(Layer::Ppp)),
    row(10, "FDDI", Next::Layer(Layer::Fddi)),
    // DLT_ATM_RFC1483, DLT_RAW and DLT_ATM_CLIP, as live captures, old files and PPI have them.
    row(11, "ATM_RFC1483", Next::Layer(Layer::Llc)),
    row(12, "RAW", Next::Version),
    row(14, "RAW", Next::Version),
    row(19, "ATM_CLIP", Next::Guess),
    row(50, "PPP_HDLC", Next::Layer(Layer::Ppp)),
    row(51, "PPP_ETHER", Next::Layer(Layer::Pppoe)),
    row(100, "ATM_RFC1483", Next::Layer(Layer::Llc)),
    row(101, "RAW", Next::Version),
    row(104, "C_HDLC", Next::Layer(Layer::Hdlc)),
    row(105, "IEEE802_11", Next::Layer(Layer::Wlan)),
    row(106, "ATM_CLIP", Next::Guess),
    row(107, "FRELAY", Next::Layer(Layer::FrameRelay)),
    row(108, "LOOP", Next::Layer(Layer::Null)),
    row(109, "ENC", Next::Layer(Layer::Enc)),
    row(113, "LINUX_SLL", Next::Layer(Layer::Sll)),
    row(117, "PFLOG", Next::Layer(Layer::Pflog)),
    row(119, "IEEE802_11_PRISM", Next::Layer(Layer::Prism)),
    row(122, "IP_OVER_FC", Next::Layer(Layer::Ipfc)),
    row(123, "SUNATM", Next::Layer(Layer::SunAtm)),
    row(127, "IEEE802_11_RADIOTAP", Next::Layer(Layer::Radiotap)),
    row(129, "ARCNET_LINUX", Next::Layer(Layer::ArcnetLinux)),
    over(130, "JUNIPER_MLPPP", Layer::Juniper, Next::Layer(Layer::Ppp)),
    over(135, "JUNIPER_ATM2", Layer::Juniper, Next::Layer(Layer::JuniperAtm2)),
    over(137, "JUNIPER_ATM1", Layer::Juniper, Next::Layer(Layer::JuniperCookie)),
    row(138, "APPLE_IP_OVER_IEEE1394", Next::Layer(Layer::Ap1394)),
    row(143, "DOCSIS", Next::Layer(Layer::Docsis)),
    // Apple wrote it before 258 was given out.
    row(149, "USER2", Next::Layer(Layer::Pktap)),
    row(163, "IEEE802_11_AVS", Next::Layer(Layer::Wlancap)),
    over(167, "JUNIPER_PPPOE", Layer::Juniper, Next::Layer(Layer::Ethernet)),
    over(178, "JUNIPER_ETHER", Layer::Juniper, Next::Layer(Layer::Ethernet)),
    over(179, "JUNIPER_PPP", Layer::Juniper, Next::Layer(Layer::Ppp)),
    over(180, "JUNIPER_FRELAY", Layer::Juniper, Next::Layer(Layer::FrameRelay)),
    over(181, "JUNIPER_CHDLC", Layer::Juniper, Next::Layer(Layer::Hdlc)),
    row(192, "PPI", Next::Layer(Layer::Ppi)),
    summed(195, "IEEE802_15_4_WITHFCS", Layer::Wpan, 2),
    row(197, "ERF", Next::Layer(Layer::Erf)),
    over(204, "PPP_WITH_DIR", Layer::Direction, Next::Layer(Layer::Ppp)),
    over(205, "C_HDLC_WITH_DIR", Layer::Direction, Next::Layer(Layer::Hdlc)),
    over(206, "FRELAY_WITH_DIR", Layer::Direction, Next::Layer(Layer::FrameRelay)),
    row(219, "MPLS", Next::Layer(Layer::Mpls)),
    row(226, "IPNET", Next::Layer(Layer::Ipnet)),
    row(228, "IPV4", Next::Layer(Layer::Ipv4)),
    row(229, "IPV6", Next::Layer(Layer::Ipv6)),
    row(230, "IEEE802_15_4_NOFCS", Next::Layer(Layer::Wpan)),
    row(239, "NFLOG", Next::Layer(Layer::Nflog)),
    row(242, "IPOIB", Next::Layer(Layer::Ipoib)),
    row(258, "PKTAP", Next::Layer(Layer::Pktap)),
    row(276, "LINUX_SLL2", Next::Layer(Layer::Sll2)),
    row(281, "DSA_TAG_BRCM", Next::Layer(Layer::EthernetBrcm)),
    row(282, "DSA_TAG_BRCM_PREPEND", Next::Layer(Layer::BrcmTag)),
    row(283, "IEEE802_15_4_TAP", Next::Layer(Layer::WpanTap)),
];

/// Whether a frame never left its host, by its link type, its first octets or the name of its
/// interface: it came over the loopback interface.
pub fn is_within_host(frame: &Frame<'_>) -> bool {
    let octets = |at: usize| frame.bytes.get(at..);
    let is_marked = match frame.link.0 {
        // BSD's and OpenBSD's loopback, and what stands in for it elsewhere.
        0 | 108 => true,
        // Linux has no addresses there.
        1 => frame.bytes.starts_with(&[0; 12]),
        113 => octets(2).is_some_and(|octets| octets.starts_with(&ARPHRD_LOOPBACK)),
        276 => octets(8).is_some_and(|octets| octets.starts_with(&ARPHRD_LOOPBACK)),
        _ => false,
    };
    is_marked || frame.origin().and_then(Interface::name).is_some_and(is_loopback_name)
}

/// Whether an interface is named as a host's loopback is: `lo`, or `lo` and a number.
fn is_loopback_name(name: &str) -> bool {
    name.strip_prefix("lo").is_some_and(|rest| rest.bytes().all(|octet| octet.is_ascii_digit()))
}

/// The hardware type of Linux's loopback interface: 772.
const ARPHRD_LOOPBACK: [u8; 2] = [0x03, 0x04];

/// The row of LINKTYPE_ `number`.
pub fn find(number: u16) -> Option<&'static LinkRow> {
    let at = LINKS.binary_search_by_key(&number, |row| row.number).ok()?;
    LINKS.get(at)
}

/// What octets are that no header names: IP by its first nibble, or LLC by its usual begin.
pub fn guess(octets: &[u8]) -> Next {
    match octets {
        [0xaa, 0xaa, 0x03, ..] | [0xfe, 0xfe, 0x03, ..] => Next::Layer(Layer::Llc),
        [0x45..=0x4f | 0x60..=0x6f, ..] => Next::Version,
        _ => Next::Payload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_sorted_by_number() {
        assert!(LINKS.is_sorted_by(|a, b| a.number < b.number));
    }
}
