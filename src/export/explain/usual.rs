//! What is usual of header fields: what a reader may expect to see in one.

/// The field, and what is usual of it.
const USUAL: &[(&str, &str)] = &[
    ("eth.type", "0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP, 0x8100 a VLAN tag."),
    ("eth.src", "One station's address: its first octet is even."),
    ("ip.version", "4."),
    ("ip.hdr_len", "20: packets with options are rare, and many networks drop them."),
    ("ip.dsfield.dscp", "0, best effort; 46 (EF) for voice, 48 (CS6) for routing protocols."),
    ("ip.dsfield.ecn", "0 or ECT(0), 2; CE, 3, where a queue was full."),
    ("ip.len", "40 to 1500 on Ethernet; more on the sender itself, whose card cuts packets up."),
    ("ip.id", "Any number; 0 or a constant is allowed where DF is set and nothing is fragmented."),
    ("ip.flags.rb", "0."),
    ("ip.flags.df", "1 for TCP, which looks for the path's MTU; often 0 for UDP and ICMP."),
    ("ip.flags.mf", "0: fragments are rare, and come from large UDP datagrams and pings."),
    ("ip.frag_offset", "0."),
    ("ip.ttl", "64 (Linux, macOS), 128 (Windows) or 255 (routers), less one for every hop so far."),
    ("ip.proto", "6 TCP, 17 UDP, 1 ICMP; 47 GRE, 50 ESP and 41 IPv6 for tunnels."),
    ("ip.checksum", "Right; wrong on the sender itself where its card fills it in."),
    ("ip.src", "The address of one host: no group, no broadcast, no loopback."),
    ("ip.dst", "A host or a group; 255.255.255.255 for all hosts of the link."),
    ("ipv6.version", "6."),
    ("ipv6.tclass.dscp", "0, best effort; 46 (EF) for voice, 48 (CS6) for routing protocols."),
    ("ipv6.tclass.ecn", "0 or ECT(0), 2; CE, 3, where a queue was full."),
    ("ipv6.flow", "Any number, the same for all packets of a flow; 0 where the sender sets none."),
    ("ipv6.plen", "20 to 1460 on Ethernet; more on the sender itself, whose card cuts packets up."),
    ("ipv6.nxt", "6 TCP, 17 UDP, 58 ICMPv6; 0 hop-by-hop options for listener discovery."),
    (
        "ipv6.hlim",
        "64 or 128, less one for every hop so far; 255 for neighbour discovery, 1 for listener discovery.",
    ),
    ("ipv6.src", "The address of one host: global, fe80::/10 on the link, :: before it has one."),
    ("ipv6.dst", "A host, or a group of ff00::/8: IPv6 has no broadcast."),
    ("ipv6.fraghdr.ident", "Any number; nobody should be able to guess the next."),
    ("tcp.srcport", "49152 to 65535 (32768 to 60999 on Linux) of clients; below 1024 of servers."),
    ("tcp.dstport", "443, 80, 22 and the like towards servers; a high number back."),
    ("tcp.hdr_len", "20, or 32 with timestamps; 40 in a SYN."),
    (
        "tcp.flags",
        "SYN, SYN and ACK, then ACK on every segment; PSH with data; FIN or RST at the end.",
    ),
    ("tcp.flags.urg", "0: urgent data is hardly used any more."),
    ("tcp.window_size_value", "Any number; 0 where a receiver cannot take more."),
    ("tcp.urgent_pointer", "0."),
    ("tcp.opt.mss_val", "1460 over IPv4 and 1440 over IPv6 on Ethernet; less in tunnels."),
    ("tcp.opt.wscale_shift", "6 to 9."),
    ("udp.srcport", "A high number of clients; 53, 123 and the like of servers."),
    ("udp.dstport", "53 DNS, 123 NTP, 443 QUIC, 5353 mDNS; a high number back."),
    ("udp.length", "8 and what is carried: the IP payload, to the octet."),
    ("udp.checksum", "Not 0 over IPv6; 0 over IPv4 where the sender leaves it out."),
    ("icmp.type", "8 and 0 echo, 3 unreachable, 11 time exceeded."),
    ("icmpv6.type", "133 to 136 neighbour discovery, 128 and 129 echo, 1 to 4 errors."),
    ("vlan.id", "1 to 4094; 0 where only the priority counts."),
    ("vlan.priority", "0; 5 for voice, 6 and 7 for the network itself."),
    ("gre.proto", "0x0800 IPv4, 0x86dd IPv6, 0x6558 Ethernet."),
    ("vxlan.vni", "Any number: the segment that the frame belongs to."),
];

/// What is usual of the field with that name, where something is.
pub(super) fn usual(name: &str) -> Option<&'static str> {
    USUAL.iter().find(|(field, _)| *field == name).map(|(_, usual)| *usual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::catalogue;

    #[test]
    fn what_is_usual_is_told_of_fields_that_there_are() {
        let entries = catalogue::entries();
        for (name, usual) in USUAL {
            assert!(entries.iter().any(|entry| entry.name == *name), "{name}");
            assert!(usual.ends_with('.'), "{name}");
        }
    }
}
