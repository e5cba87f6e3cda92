//! Frames as such, and the headers before IP.

use super::example::{Example, Page, ethernet, frames, raw};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "frame.truncated",
        title: "Frame cut by the capture",
        advice: "Capture again with a larger snapshot length (`--snaplen`, tcpdump's `-s 0`) where \
            the missing octets matter; counts and headers before the cut are sound.",
        example: Example {
            original: 54,
            ..ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 000000"])
        },
    },
    Page {
        id: "frame.captured.gt_length",
        title: "Record longer than its frame",
        advice: "The file was damaged or written by a faulty program: do not trust its lengths, \
            and write the capture again with another tool if you can.",
        example: Example {
            original: 53,
            ..ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"])
        },
    },
    Page {
        id: "frame.malformed",
        title: "Header that contradicts itself",
        advice: "Look at the octets where decoding stopped: a broken sender, a tunnel that is \
            decoded by the wrong port, or an attempt to crash a decoder.",
        example: raw(&["44000024 12340000 40110000 c0a80067 08080808
                c0000035 0010aaaa 0102030405060708"]),
    },
    Page {
        id: "frame.too_deep",
        title: "Too many headers within one another",
        advice: "No network nests so deep by intent: look for a tunnel that is routed into itself, \
            or for a packet made to exhaust decoders.",
        example: raw(&["450000b4 00010000 40040000 c0a80067 08080808
                450000a0 00010000 40040000 c0a80067 08080808
                4500008c 00010000 40040000 c0a80067 08080808
                45000078 00010000 40040000 c0a80067 08080808
                45000064 00010000 40040000 c0a80067 08080808
                45000050 00010000 40040000 c0a80067 08080808
                4500003c 00010000 40040000 c0a80067 08080808
                45000028 00010000 40040000 c0a80067 08080808
                45000014 00010000 40fd0000 c0a80067 08080808"]),
    },
    Page {
        id: "frame.link_type.unknown",
        title: "Link type that is not read",
        advice: "Capture on another interface or with another link type (tcpdump's `-y`); the \
            frames are counted, but nothing in them is.",
        example: frames(
            147,
            &["4500001c 00010000 40010000 c0a80067 08080808
                0800f7fd 00010001"],
        ),
    },
    Page {
        id: "eth.src.group",
        title: "Sender with a group's hardware address",
        advice: "Bridges learn no such address: look for a faulty driver or a forged frame at the \
            port where it enters.",
        example: ethernet(&["001b2ff07eb4 41f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "eth.type.ip_version",
        title: "EtherType and IP version disagree",
        advice: "Receivers drop the packet: look at what builds the frame, most often a tunnel end \
            or a packet generator.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 86dd
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "eth.length.gt_frame",
        title: "802.3 length beyond the frame",
        advice: "Receivers drop the frame: look for a broken driver or a tunnel that cuts frames, \
            or for a type that was meant where the length stands.",
        example: ethernet(&["0180c2000000 001b2ff07eb4 0027 424203
                0000 00 00 00 8000001b2ff07eb4 00000000 8000001b2ff07eb4
                8001 0000 1400 0200 0f00"]),
    },
    Page {
        id: "vlan.id.reserved",
        title: "VLAN 4095",
        advice: "Find the port that tags so and correct its configuration; bridges discard the \
            frame.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 8100 0fff 0800
                45000014 00010000 40fd0000 c0a80067 08080808"]),
    },
    Page {
        id: "vlan.length.gt_frame",
        title: "802.3 length in a VLAN beyond the frame",
        advice: "Receivers drop the frame: look at what tags it, and whether the frame was cut on \
            the way.",
        example: ethernet(&["0180c2000000 001b2ff07eb4 8100 0001 0027 424203
                0000 00 00 00 8000001b2ff07eb4 00000000 8000001b2ff07eb4
                8001 0000 1400 0200 0f00"]),
    },
    Page {
        id: "wlan_aggregate.more",
        title: "Aggregate with a unit that cannot be read",
        advice: "Nothing is wrong. To have every unit as a packet, capture behind the access \
            point, or let the card take aggregates apart.",
        example: frames(
            105,
            &["8801 0000 020000000001 020000000002 020000000003 1000 8600
                020000000001 020000000002 001c aaaa03000000 0800
                45000014 00010000 40fd0000 c0a80067 08080808 0000
                020000000001 020000000002 0100 aaaa03000000 0800
                45000014 00020000 40fd0000 c0a80068 08080808"],
        ),
    },
];
