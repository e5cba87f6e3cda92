//! What takes more than one packet, or none.

use super::example::{Example, Page, ethernet, raw, told};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "packet.duplicate",
        title: "The same packet twice",
        advice: "Most often the capture sees two ports, or one in both directions: capture at one \
            point, or take duplicates out (`editcap -d`). Else look for a loop among switches.",
        example: raw(&[
            "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "packet.routing_loop",
        title: "Routing loop",
        advice: "Two routers send the packet to one another: compare their routes to the \
            destination. A capture point before and behind one router tells one hop, and is not \
            counted.",
        example: raw(&[
            "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12340000 3e110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.overlap",
        title: "Overlapping fragments",
        advice: "IPv6 forbids it and hosts drop the datagram; under IPv4 hosts differ in what they \
            keep. Drop it at the border: it is an evasion or a broken sender.",
        example: raw(&[
            "45000024 12342000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342001 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.duplicate",
        title: "The same fragment twice",
        advice: "Harmless by itself: a capture that sees two ports, or a network that doubles \
            packets.",
        example: raw(&[
            "45000024 12342000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342002 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342002 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.conflict",
        title: "The same fragment with other octets",
        advice: "Hosts and what inspects their traffic may keep different copies: an evasion, or \
            identifications that come again too soon. Drop the datagram at the border.",
        example: raw(&[
            "45000024 12342000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342002 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342002 40110000 c0a80067 08080808
                c0000035 0010aaaa 01020304050607ff",
        ]),
    },
    Page {
        id: "fragment.two_ends",
        title: "Two last fragments",
        advice: "The datagram cannot be put together unambiguously: an evasion, or identifications \
            that come again too soon.",
        example: raw(&[
            "45000024 12340002 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12340004 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.past_end",
        title: "Fragment behind the last",
        advice: "The datagram cannot be put together unambiguously: an evasion, or identifications \
            that come again too soon.",
        example: raw(&[
            "45000024 12340002 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12342004 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.gap",
        title: "Datagram with missing fragments",
        advice: "One lost fragment costs the whole datagram: look for losses and for filters that \
            drop later fragments, and have the sender stay below the path MTU.",
        example: raw(&[
            "45000024 12342000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12340004 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "fragment.crowded",
        title: "Too many datagrams in fragments",
        advice: "A flood of first fragments, or very many losses: what is said of reassembly is \
            incomplete from here on.",
        example: told("3,585 first fragments of as many datagrams, none of which gets another."),
    },
    Page {
        id: "flow.ttl.changed",
        title: "TTL changes within a flow",
        advice: "The route changed or there are several; or somebody else injects packets: compare \
            the other fields of those that differ.",
        example: raw(&[
            "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45000024 12350000 3f110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "flow.dscp.changed",
        title: "DSCP changes within a flow",
        advice: "Some applications mark by content, and some routers mark anew. Look at the \
            borders where the marking should be kept.",
        example: raw(&[
            "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45b80024 12350000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "flow.ecn.changed",
        title: "ECN changes within a flow",
        advice: "Congestion was met, or a device rewrites the bits: look at the queues on the way, \
            or for what clears or sets ECN.",
        example: raw(&[
            "45020024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            "45030024 12350000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
        ]),
    },
    Page {
        id: "flow.checksum.offloaded",
        title: "Checksums left to the card",
        advice: "Nothing is wrong on the wire: the capture was taken on the sender itself. Switch \
            offloading off (`ethtool -K IFACE tx off`) to see the sums that leave.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "address.conflict",
        title: "Two hosts with one address",
        advice: "Neighbours send to whichever they heard last. Find both hardware addresses at the \
            switch and give one host another address; if one of them is the router's, suspect \
            somebody who draws its traffic to himself.",
        example: ethernet(&[
            "02000000000c 02000000000a 0806
                00010800 06040002 02000000000a c0a80067 02000000000c c0a80001",
            "02000000000c 02000000000b 0806
                00010800 06040002 02000000000b c0a80067 02000000000c c0a80001",
        ]),
    },
    Page {
        id: "path.black_hole",
        title: "Path MTU black hole",
        advice: "The router's messages do not reach the sender, or are not heeded: let ICMP's \
            \"fragmentation needed\" and ICMPv6's \"packet too big\" through to it, or clamp the \
            segment size at the narrow link.",
        example: Example {
            seconds: &[0, 2, 3, 4],
            ..raw(&[
                "45000038 00010000 40010000 0a000001 c0a80067
                0304aaaa 00000050
                45000064 12344000 40110000 c0a80067 08080808 c0000035 00500000",
                "45000064 12354000 40115735 c0a80067 08080808
                c0000035 00500000
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708",
                "45000064 12364000 40115734 c0a80067 08080808
                c0000035 00500000
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708",
                "45000064 12374000 40115733 c0a80067 08080808
                c0000035 00500000
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708
                0102030405060708 0102030405060708 0102030405060708",
            ])
        },
    },
    Page {
        id: "frame.time.backwards",
        title: "Time that runs backwards",
        advice: "Rates and durations around it are off: let the clock of the capturing host be \
            slewed, or sort the capture (`reordercap`).",
        example: Example {
            seconds: &[9, 0],
            ..raw(&[
                "45000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
                "45000024 12350000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708",
            ])
        },
    },
    Page {
        id: "interface.down",
        title: "Interface went down",
        advice: "Look at the cable, the switch port and the system's log around that time.",
        example: told("eth0 loses its carrier while it is captured from."),
    },
    Page {
        id: "interface.gap",
        title: "Nothing captured for a while",
        advice: "Packets of that time are missing from everything that is counted here: keep it in \
            mind for rates and for flows across it.",
        example: told("eth0 comes back after 12 seconds without a carrier."),
    },
    Page {
        id: "interface.mtu",
        title: "MTU changed",
        advice: "Somebody or something changed the interface: look for tunnels that stop working, \
            and for fragments from then on.",
        example: told("eth0's MTU is set from 1500 to 1400 while it is captured from."),
    },
    Page {
        id: "interface.address",
        title: "Address added or removed",
        advice: "Expected with DHCP and privacy addresses. Else find out who changed it; flows of \
            the old address end.",
        example: told("DHCP gives eth0 another address while it is captured from."),
    },
];
