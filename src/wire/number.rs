//! Numbers that say what follows: EtherTypes, PPP protocols, IP protocols; and the registries'
//! names.

use super::field::Names;
use super::header::Next;
use super::layer::Layer;

include!(concat!(env!("OUT_DIR"), "/wire_names.rs"));

/// A number that may follow a header.
#[derive(Debug)]
pub struct Carried {
    /// The number.
    pub number: u16,
    /// What comes next.
    pub next: Next,
}

const fn carried(number: u16, layer: Layer) -> Carried {
    Carried { number, next: Next::Layer(layer) }
}

/// EtherTypes that ipeek follows, sorted.
pub const BY_ETHERTYPE: &[Carried] = &[
    carried(0x0800, Layer::Ipv4),
    carried(0x0806, Layer::Arp),
    carried(0x2001, Layer::Nhrp),
    carried(0x22f3, Layer::Trill),
    carried(0x6558, Layer::Ethernet),
    carried(0x8100, Layer::Vlan),
    carried(0x86dd, Layer::Ipv6),
    carried(0x880b, Layer::Ppp),
    carried(0x883e, Layer::Wccp),
    carried(0x8847, Layer::Mpls),
    carried(0x8848, Layer::Mpls),
    carried(0x8864, Layer::Pppoe),
    // Jumbo frames that hold LLC, whose length would not fit.
    carried(0x8870, Layer::Llc),
    carried(0x88a8, Layer::Vlan),
    carried(0x88e5, Layer::Macsec),
    carried(0x88e7, Layer::ITag),
    carried(0x8903, Layer::FabricPath),
    carried(0x8909, Layer::Cmd),
    carried(0x8926, Layer::VnTag),
    carried(0x893f, Layer::ETag),
    carried(0x894f, Layer::Nsh),
    carried(0x9100, Layer::Vlan),
    carried(0x9200, Layer::Vlan),
    carried(0x9300, Layer::Vlan),
    carried(0xd28b, Layer::Avsp),
];

/// PPP protocols that ipeek follows, sorted.
pub const BY_PPP: &[Carried] = &[
    carried(0x0021, Layer::Ipv4),
    carried(0x003d, Layer::Multilink),
    carried(0x0057, Layer::Ipv6),
    carried(0x0281, Layer::Mpls),
    carried(0x0283, Layer::Mpls),
];

/// IP protocols and next headers that ipeek follows, sorted.
pub const BY_PROTOCOL: &[Carried] = &[
    carried(0, Layer::HopByHop),
    carried(1, Layer::Icmp),
    carried(2, Layer::Igmp),
    carried(4, Layer::Ipv4),
    carried(6, Layer::Tcp),
    carried(17, Layer::Udp),
    carried(33, Layer::Dccp),
    carried(41, Layer::Ipv6),
    carried(43, Layer::Routing),
    carried(44, Layer::Fragment),
    carried(47, Layer::Gre),
    carried(50, Layer::Esp),
    carried(51, Layer::Ah),
    carried(54, Layer::Nhrp),
    carried(55, Layer::MinIp),
    carried(58, Layer::Icmpv6),
    carried(60, Layer::Destination),
    carried(88, Layer::Eigrp),
    carried(89, Layer::Ospf),
    carried(97, Layer::EtherIp),
    carried(103, Layer::Pim),
    carried(108, Layer::IpComp),
    carried(112, Layer::Vrrp),
    carried(115, Layer::L2tpv3),
    carried(132, Layer::Sctp),
    carried(135, Layer::Mobility),
    carried(136, Layer::UdpLite),
    carried(137, Layer::Mpls),
    carried(139, Layer::Hip),
    carried(140, Layer::Shim6),
    carried(143, Layer::Ethernet),
];

/// What `number` announces by `table`.
pub fn next_by(table: &[Carried], number: u16) -> Next {
    let found = table.binary_search_by_key(&number, |row| row.number);
    found.ok().and_then(|at| table.get(at)).map_or(Next::Payload, |row| row.next)
}

/// [`BY_PROTOCOL`] spread out, so that the walk does not search.
pub const PROTOCOL_NEXT: [Next; 256] = spread();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in const evaluation only, where a wrong index or an overflow stops the build"
)]
const fn spread() -> [Next; 256] {
    let mut all = [Next::Payload; 256];
    let mut i = 0;
    while i < BY_PROTOCOL.len() {
        all[BY_PROTOCOL[i].number as usize] = BY_PROTOCOL[i].next;
        i += 1;
    }
    all
}

/// The keyword of IP protocol `number`, such as `TCP`; none for an unassigned one.
pub fn protocol_name(number: u8) -> Option<&'static str> {
    let row = *PROTOCOL_ROWS.get(usize::from(number))?;
    PROTOCOLS.get(usize::from(row)).map(|row| row.1)
}

/// Where each protocol's row is: every packet's is looked up when it is written.
#[expect(clippy::indexing_slicing, reason = "runs in const evaluation only")]
const PROTOCOL_ROWS: [u8; 256] = {
    let mut rows = [u8::MAX; 256];
    let mut i: u8 = 0;
    while (i as usize) < PROTOCOLS.len() {
        rows[PROTOCOLS[i as usize].0 as usize] = i;
        i += 1;
    }
    rows
};

/// EtherTypes by name (IEEE registration authority, public listing).
pub const ETHERTYPES: Names = &[
    (0x0800, "IPv4", "Internet Protocol version 4"),
    (0x0806, "ARP", "address resolution"),
    (0x0842, "WoL", "Wake-on-LAN"),
    (0x2001, "NHRP", "next hop resolution"),
    (0x22eb, "ERSPAN III", "mirrored frames, type III"),
    (0x22f0, "AVTP", "audio video transport"),
    (0x22f3, "TRILL", "transparent interconnection of lots of links"),
    (0x6003, "DECnet", "DECnet phase IV"),
    (0x6558, "TEB", "transparent Ethernet bridging"),
    (0x8035, "RARP", "reverse address resolution"),
    (0x809b, "AppleTalk", "EtherTalk"),
    (0x80f3, "AARP", "AppleTalk address resolution"),
    (0x8100, "VLAN", "IEEE 802.1Q customer tag"),
    (0x8137, "IPX", "Novell NetWare"),
    (0x86dd, "IPv6", "Internet Protocol version 6"),
    (0x8808, "flow control", "IEEE 802.3 MAC control"),
    (0x8809, "slow protocols", "LACP, OAM and the like"),
    (0x880b, "PPP", "point-to-point protocol"),
    (0x883e, "WCCP", "web cache redirection"),
    (0x8847, "MPLS", "label switching, unicast"),
    (0x8848, "MPLS upstream", "label switching, upstream-assigned"),
    (0x8863, "PPPoE discovery", "PPP over Ethernet, discovery"),
    (0x8864, "PPPoE session", "PPP over Ethernet, session"),
    (0x8870, "jumbo LLC", "LLC in a frame too long for a length"),
    (0x888e, "EAPOL", "IEEE 802.1X"),
    (0x88a2, "AoE", "ATA over Ethernet"),
    (0x88a8, "S-VLAN", "IEEE 802.1ad service tag"),
    (0x88b8, "GOOSE", "IEC 61850 events"),
    (0x88be, "ERSPAN", "mirrored frames, types I and II"),
    (0x88cc, "LLDP", "link layer discovery"),
    (0x88e5, "MACsec", "IEEE 802.1AE"),
    (0x88e7, "802.1ah", "provider backbone bridge"),
    (0x88f7, "PTP", "precision time"),
    (0x8902, "CFM", "connectivity fault management"),
    (0x8903, "FabricPath", "Cisco FabricPath"),
    (0x8906, "FCoE", "Fibre Channel over Ethernet"),
    (0x8909, "CMD", "Cisco MetaData"),
    (0x8915, "RoCE", "RDMA over converged Ethernet"),
    (0x8926, "VN-Tag", "Cisco VN-Tag"),
    (0x893f, "E-Tag", "IEEE 802.1BR"),
    (0x894f, "NSH", "network service header"),
    (0x9000, "loopback", "Ethernet configuration testing"),
    (0x9100, "VLAN", "stacked tag, before 802.1ad"),
    (0x9200, "VLAN", "stacked tag, before 802.1ad"),
    (0x9300, "VLAN", "stacked tag, before 802.1ad"),
    (0xd28b, "AVSP", "Arista time stamp"),
];

/// PPP protocols by name.
pub const PPP_PROTOCOLS: Names = &[
    (0x0021, "IPv4", "Internet Protocol version 4"),
    (0x002d, "VJ compressed", "Van Jacobson compressed TCP/IP"),
    (0x002f, "VJ uncompressed", "Van Jacobson uncompressed TCP/IP"),
    (0x003d, "MP", "multilink fragment"),
    (0x0057, "IPv6", "Internet Protocol version 6"),
    (0x00fd, "compressed", "compressed datagram"),
    (0x0281, "MPLS", "label switching, unicast"),
    (0x0283, "MPLS multicast", "label switching, multicast"),
    (0x8021, "IPCP", "IPv4 control"),
    (0x8057, "IPV6CP", "IPv6 control"),
    (0x80fd, "CCP", "compression control"),
    (0xc021, "LCP", "link control"),
    (0xc023, "PAP", "password authentication"),
    (0xc025, "LQR", "link quality report"),
    (0xc223, "CHAP", "challenge handshake authentication"),
];

/// Explicit congestion notification (RFC 3168, section 5; RFC 9331).
pub const ECN: Names = &[
    (0, "Not-ECT", "not ECN-capable"),
    (1, "ECT(1)", "ECN-capable; L4S when so agreed"),
    (2, "ECT(0)", "ECN-capable"),
    (3, "CE", "congestion experienced"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [BY_ETHERTYPE, BY_PPP, BY_PROTOCOL] {
            assert!(table.is_sorted_by(|a, b| a.number < b.number));
        }
        for names in [ETHERTYPES, PPP_PROTOCOLS, PROTOCOLS, DSCP] {
            assert!(names.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
