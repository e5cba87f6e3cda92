//! Sources of IPv4 and IPv6.

use super::example::{Page, raw};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "ipv4.src.multicast",
        title: "IPv4 source is a group",
        advice: "The address is forged or a program broken: drop it at the border, and find the \
            sender by its hardware address.",
        example: raw(&["4500001c 00010000 40010000 e0000001 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.broadcast",
        title: "IPv4 source is all hosts",
        advice: "The address is forged: an answer would go to everybody. Drop it, and find the \
            sender by its hardware address.",
        example: raw(&["4500001c 00010000 40010000 ffffffff 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.loopback",
        title: "IPv4 source is loopback",
        advice: "The address is forged, or a host routes its own traffic out: drop it at the \
            border, and look at that host's routes and address translation.",
        example: raw(&["4500001c 00010000 40010000 7f000001 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.unspecified",
        title: "IPv4 source is 0.0.0.0",
        advice: "A host without an address should broadcast for one: look for a broken DHCP client \
            or a probe.",
        example: raw(&["4500001c 00010000 40010000 00000000 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.this_network",
        title: "IPv4 source in 0.0.0.0/8",
        advice: "No host has such an address: drop it at the border, and look for an address that \
            was configured or written wrongly.",
        example: raw(&["4500001c 00010000 40010000 00000001 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.documentation",
        title: "IPv4 source from a documentation block",
        advice: "Expected in a laboratory. Elsewhere somebody copied an example: give the host an \
            address of its own.",
        example: raw(&["4500001c 00010000 40010000 cb007101 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.benchmarking",
        title: "IPv4 source from the benchmarking block",
        advice: "Expected on a test bed. Elsewhere a test leaks: keep it apart, and drop the block \
            at the border.",
        example: raw(&["4500001c 00010000 40010000 c6130001 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.reserved",
        title: "IPv4 source in 240.0.0.0/4",
        advice: "Nobody was given that block: drop it at the border, unless your own network uses \
            it inside.",
        example: raw(&["4500001c 00010000 40010000 f0000001 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv4.src.special",
        title: "IPv4 source from a special block",
        advice: "The registry says that the block is no source: see `ipeek lookup ADDRESS` for \
            what it is for, and drop it at the border.",
        example: raw(&["4500001c 00010000 40010000 c00000ff 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "ipv6.src.multicast",
        title: "IPv6 source is a group",
        advice: "The address is forged or a program broken: drop it at the border, and find the \
            sender by its hardware address.",
        example: raw(&[
            "60000000 0008fd40 ff021f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.loopback",
        title: "IPv6 source is ::1",
        advice: "The address is forged, or a host routes its own traffic out: drop it at the \
            border, and look at that host's routes.",
        example: raw(&[
            "60000000 0008fd40 00000000000000000000000000000001 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.unspecified",
        title: "IPv6 source is ::",
        advice: "Only address detection and the like send from ::, and to groups: look for a \
            broken DHCP client or a probe.",
        example: raw(&[
            "60000000 0008fd40 00000000000000000000000000000000 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.documentation",
        title: "IPv6 source from a documentation block",
        advice: "Expected in a laboratory. Elsewhere somebody copied an example: give the host an \
            address of its own.",
        example: raw(&[
            "60000000 0008fd40 20010db80000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.ipv4_mapped",
        title: "IPv4-mapped address on a network",
        advice: "A program writes the form of its socket interface into packets, or somebody tries \
            to pass a filter by it: drop it at the border.",
        example: raw(&[
            "60000000 0008fd40 00000000000000000000ffff08080808 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.ipv4_compatible",
        title: "IPv4-compatible address on a network",
        advice: "Nothing current sends it: drop it at the border, and look for automatic tunnels \
            of old systems.",
        example: raw(&[
            "60000000 0008fd40 00000000000000000000000008080808 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.site_local",
        title: "Site-local source",
        advice: "Number the hosts anew, from a unique local prefix (RFC 4193).",
        example: raw(&[
            "60000000 0008fd40 fec01f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.discard",
        title: "Source from the discard-only block",
        advice: "Packets from it should die at the border: see why this one did not.",
        example: raw(&[
            "60000000 0008fd40 010000000000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.unallocated",
        title: "IPv6 source from space nobody has",
        advice: "The address is forged or written wrongly: drop it at the border, and look for the \
            sender.",
        example: raw(&[
            "60000000 0008fd40 2d001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.src.special",
        title: "IPv6 source from a special block",
        advice: "The registry says that the block is no source: see `ipeek lookup ADDRESS` for \
            what it is for, and drop it at the border.",
        example: raw(&[
            "60000000 0008fd40 200100400000000000000000000000aa 2a0100000000000000000000000000bb
                0000000000000000",
        ]),
    },
];
