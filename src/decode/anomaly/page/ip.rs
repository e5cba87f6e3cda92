//! IPv4 and IPv6 headers.

use super::example::{Page, ethernet, raw};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "ipv4.version",
        title: "Another version in an IPv4 header",
        advice: "What leads to the header says IPv4 and its first octet says otherwise: look at \
            the tunnel or the sender that put them together.",
        example: raw(&["45000028 00010000 40040000 c0a80067 08080808
                55000014 00010000 40fd0000 c0a80067 08080808"]),
    },
    Page {
        id: "ipv4.header_length.lt_20",
        title: "IPv4 header length below 20",
        advice: "Every receiver drops the packet: look for a broken or hostile sender.",
        example: raw(&["4400001c 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.header_length.gt_frame",
        title: "IPv4 header longer than its frame",
        advice: "Every receiver drops the packet: look for a broken or hostile sender, or for a \
            frame that was cut on its way.",
        example: raw(&["4f00001c 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.total_length.lt_header",
        title: "IPv4 total length below the header's",
        advice: "Every receiver drops the packet: look for a broken sender, or for a filter that \
            is being tried out.",
        example: raw(&["45000013 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.total_length.gt_frame",
        title: "IPv4 total length beyond the frame",
        advice: "Part of the packet was lost before it was captured: look for a link with a \
            smaller MTU that cuts frames, or for a tool that cut the file without noting it.",
        example: raw(&["4500001d 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.total_length.zero",
        title: "IPv4 total length 0",
        advice: "Nothing is wrong on the wire: the capture was taken on the sender itself, with \
            TCP segmentation offload. Switch that off (`ethtool -K IFACE tso off`) to see packets \
            as they leave.",
        example: raw(&["45000000 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.reserved_bit",
        title: "IPv4 reserved flag set",
        advice: "Nothing ordinary sets it: look for scanners, for covert channels, or for a router \
            with faulty memory.",
        example: raw(&["4500001c 00018000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.fragment.df",
        title: "IPv4 fragment with DF",
        advice: "Some systems send so and it works. Where a router on the way made the fragments \
            it ignored DF, and path MTU discovery fails there.",
        example: raw(&["4500002c 00016000 40fd0000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.fragment.length",
        title: "IPv4 fragment length not a multiple of 8",
        advice: "The datagram cannot be put together: look for a broken or hostile sender.",
        example: raw(&["4500002b 00012000 40fd0000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.fragment.empty",
        title: "Empty IPv4 fragment",
        advice: "Ordinary senders make none: treat it as an attempt to confuse reassembly or a \
            filter.",
        example: raw(&["45000014 00012000 40fd0000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.fragment.tiny_first",
        title: "IPv4 first fragment without its transport header",
        advice: "Filters that read ports of first fragments are passed by: drop such fragments at \
            the border, as RFC 1858 says.",
        example: raw(&["45000024 00012000 40060000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.fragment.offset_1",
        title: "IPv4 fragment over a TCP header",
        advice: "Drop it at the border, as RFC 1858 says: it rewrites TCP flags that a filter has \
            let through.",
        example: raw(&["4500002c 00010001 40060000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.fragment.gt_65535",
        title: "IPv4 fragment beyond 65,535 octets",
        advice: "Current systems drop it. Block the sender, and see that nothing old is reachable.",
        example: raw(&["4500002c 00011fff 40fd0000 c0a80067 08080808
                000000000000000000000000000000000000000000000000"]),
    },
    Page {
        id: "ipv4.ttl.zero",
        title: "IPv4 packet with TTL 0",
        advice: "No host may send it and no router may forward it: look at the sender, whose TTL \
            may be configured as 0, or at a device on this link that counts down and sends on.",
        example: raw(&["4500001c 00010000 00010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.ttl.one",
        title: "IPv4 packet with TTL 1",
        advice: "Expected from traceroute and from protocols of one link. From anything else, look \
            for a routing loop or for a sender with a small TTL.",
        example: raw(&["4500001c 00010000 01010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.ttl.local_group",
        title: "Link-local group with TTL above 1",
        advice: "Routers should not forward these groups whatever the TTL: correct the sender if \
            it can be configured, and make sure that the border does not leak them.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 e0000005
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.protocol.ipv6_only",
        title: "IPv6 protocol inside IPv4",
        advice: "No receiver expects it: look for a broken translator or tunnel, or for a scan by \
            protocol numbers.",
        example: raw(&["4500001c 00010000 403a0000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.protocol.unassigned",
        title: "Unassigned protocol inside IPv4",
        advice: "Find out what the two hosts run: a private protocol, or a scan by protocol \
            numbers.",
        example: raw(&["4500001c 00010000 40fc0000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.checksum.bad",
        title: "Bad IPv4 header checksum",
        advice: "If the sender is the capturing host, its card fills the sum in later. Else the \
            header was changed or damaged between the last router and here: check cables, ports \
            and memory of what is in between.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061195 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "ipv4.option.length",
        title: "IPv4 option of a wrong length",
        advice: "Receivers drop the packet or ignore its options: look for a broken or hostile \
            sender.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                07010101 01010101 01010101"]),
    },
    Page {
        id: "ipv4.option.unknown",
        title: "Unknown IPv4 option",
        advice: "Find out what sends it: an old or private protocol, or a scan that tells systems \
            apart by their answers.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                7e040101 01010101 01010101"]),
    },
    Page {
        id: "ipv4.option.repeated",
        title: "Repeated IPv4 option",
        advice: "No stack sends an option twice: look for a hostile sender or a packet generator.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                94040000 94040000 01010101"]),
    },
    Page {
        id: "ipv4.option.source_route",
        title: "IPv4 source route",
        advice: "Drop such packets at the border, and switch source routing off on hosts \
            (`net.ipv4.conf.all.accept_source_route=0`): it leads around filters.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                83070401 01010101 01010101"]),
    },
    Page {
        id: "ipv4.option.pointer",
        title: "IPv4 option with a wrong pointer",
        advice: "Receivers answer with a parameter problem: look for a broken or hostile sender.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                07070301 01010101 01010101"]),
    },
    Page {
        id: "ipv4.option.after_end",
        title: "IPv4 options behind their end",
        advice: "Nothing reads those octets: rule out that they carry hidden data, or correct a \
            sender that pads with old memory.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                01010101 01010101 00000001"]),
    },
    Page {
        id: "ipv4.option.nops",
        title: "Long run of no-operations in IPv4 options",
        advice: "Look for a router or firewall that takes options out by writing no-operations \
            over them, and at whether the sender needs what is gone.",
        example: raw(&["48000020 00010000 40fd0000 c0a80067 08080808
                01010101 01010101 01010101"]),
    },
    Page {
        id: "ipv4.dst.unspecified",
        title: "IPv4 packet to 0.0.0.0",
        advice: "Look for a program on the sender that takes an empty address for a destination, \
            or for a very old broadcast.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 00000000
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.dst.loopback",
        title: "IPv4 packet to a loopback address",
        advice: "Drop it at every border: it reaches services that trust their own host. Look for \
            who sends it.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 7f000001
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.dst.reserved",
        title: "IPv4 packet to a reserved address",
        advice: "Nobody has such an address: look for a misconfigured or scanning sender.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 f0000001
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.eq_dst",
        title: "IPv4 source equal to destination",
        advice: "Drop it at the border: no host sends so over a network. Current systems survive \
            it.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 c0a80067
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv6.version",
        title: "Another version in an IPv6 header",
        advice: "What leads to the header says IPv6 and its first octet says otherwise: look at \
            the tunnel or the sender that put them together.",
        example: raw(&["4500003c 00010000 40290000 c0a80067 08080808
                70000000 0000fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb"]),
    },
    Page {
        id: "ipv6.payload_length.gt_frame",
        title: "IPv6 payload length beyond the frame",
        advice: "Part of the packet was lost before it was captured: look for a link that cuts \
            frames, or for a tool that cut the file without noting it.",
        example: raw(&["60000000 0009fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.payload_length.zero",
        title: "IPv6 payload length 0",
        advice: "Nothing is wrong on the wire: the capture was taken on the sender itself, with \
            segmentation offload. Switch that off (`ethtool -K IFACE tso off`) to see packets as \
            they leave.",
        example: raw(&["60000000 0000fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.hop_limit.zero",
        title: "IPv6 packet with hop limit 0",
        advice: "No host may send it and no router may forward it: look at the sender's hop limit, \
            or at a device on this link that counts down and sends on.",
        example: raw(&["60000000 0008fd00 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.hop_limit.one",
        title: "IPv6 packet with hop limit 1",
        advice: "Expected from traceroute and from protocols of one link. From anything else, look \
            for a routing loop or for a sender with a small hop limit.",
        example: raw(&["60000000 0008fd01 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.next_header.unassigned",
        title: "Unassigned next header",
        advice: "Routers and hosts drop it with a parameter problem: find out what the two hosts \
            run, or who scans.",
        example: raw(&["60000000 0008fc40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.next_header.ipv4_only",
        title: "IPv4's ICMP or IGMP inside IPv6",
        advice: "No receiver expects it: look for a broken translator or tunnel.",
        example: raw(&["60000000 00080140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.no_next.data",
        title: "Data behind No Next Header",
        advice: "Receivers must ignore those octets: rule out that they carry hidden data.",
        example: raw(&["60000000 00083b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.dst.unspecified",
        title: "IPv6 packet to ::",
        advice: "Look for a program on the sender that takes an empty address for a destination.",
        example: raw(&["60000000 0008fd40 26001f180000000000000000000000aa 00000000000000000000000000000000
                0000000000000000"]),
    },
    Page {
        id: "ipv6.dst.loopback",
        title: "IPv6 packet to ::1",
        advice: "Drop it at every border: it reaches services that trust their own host. Look for \
            who sends it.",
        example: raw(&["60000000 0008fd40 26001f180000000000000000000000aa 00000000000000000000000000000001
                0000000000000000"]),
    },
    Page {
        id: "ipv6.dst.scope",
        title: "IPv6 group of a reserved scope",
        advice: "No router forwards it: correct the group address in the sender's configuration.",
        example: raw(&["60000000 0008fd40 26001f180000000000000000000000aa ff0000000000000000000000000000bb
                0000000000000000"]),
    },
    Page {
        id: "ipv6.src.eq_dst",
        title: "IPv6 source equal to destination",
        advice: "Drop it at the border: no host sends so over a network. Current systems survive \
            it.",
        example: raw(&["60000000 0008fd40 26001f180000000000000000000000aa 26001f180000000000000000000000aa
                0000000000000000"]),
    },
];
