//! TCP, UDP, ICMP and what else is checked behind IP.

use super::example::{Page, ethernet, raw};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "tcp.header_length.lt_20",
        title: "TCP header length below 20",
        advice: "Every receiver drops the segment: look for a broken or hostile sender.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 40022000 00000000"]),
    },
    Page {
        id: "tcp.header_length.gt_packet",
        title: "TCP header longer than its packet",
        advice: "Every receiver drops the segment: look for a broken or hostile sender.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 60022000 00000000"]),
    },
    Page {
        id: "tcp.flags.null",
        title: "TCP without flags",
        advice: "No stack sends it: a scan. See from the flows whether its source found anything, \
            and block it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50002000 00000000"]),
    },
    Page {
        id: "tcp.flags.xmas",
        title: "TCP with FIN, PSH and URG",
        advice: "No stack sends it: a scan. See from the flows whether its source found anything, \
            and block it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50292000 00000000"]),
    },
    Page {
        id: "tcp.flags.syn_fin",
        title: "TCP with SYN and FIN",
        advice: "No stack sends it: a scan, or an attempt to pass a filter that lets FIN through. \
            Block it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50032000 00000000"]),
    },
    Page {
        id: "tcp.flags.syn_rst",
        title: "TCP with SYN and RST",
        advice: "No stack sends it: a scan or a broken middlebox. Block it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50062000 00000000"]),
    },
    Page {
        id: "tcp.flags.fin_rst",
        title: "TCP with FIN and RST",
        advice: "Some stacks and middleboxes break connections off so: look at which end sends it, \
            and at why it gives up.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50152000 00000000"]),
    },
    Page {
        id: "tcp.flags.fin_without_ack",
        title: "TCP with FIN but without ACK",
        advice: "No stack sends it: a scan. See from the flows whether its source found anything, \
            and block it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50012000 00000000"]),
    },
    Page {
        id: "tcp.flags.no_ack",
        title: "TCP segment of no connection",
        advice: "Receivers drop it: a scan, or a sender that is not a TCP stack.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50082000 00000000"]),
    },
    Page {
        id: "tcp.flags.syn_data_flags",
        title: "SYN with PSH or URG",
        advice: "TCP Fast Open sends data with a SYN and may push it. From anything else it is a \
            scan that tells systems apart.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 500a2000 00000000"]),
    },
    Page {
        id: "tcp.reserved",
        title: "TCP reserved bits set",
        advice: "Receivers ignore them: an experiment, or a scan that tells systems apart.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 52022000 00000000"]),
    },
    Page {
        id: "tcp.ack.without_flag",
        title: "Acknowledgement number without ACK",
        advice: "Receivers ignore it: a stack that does not clear the field, or a packet \
            generator.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000001 50022000 00000000"]),
    },
    Page {
        id: "tcp.urgent.without_flag",
        title: "Urgent pointer without URG",
        advice: "Receivers ignore it: a stack that does not clear the field, or a packet \
            generator.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e01bb 1e84a9d2 00000000 50022000 00000001"]),
    },
    Page {
        id: "tcp.port.zero",
        title: "TCP port 0",
        advice: "No service listens there: a scan or a broken program. Drop it at the border.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 adfc6b04
                dc3e0000 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "tcp.dst.group",
        title: "TCP to a group",
        advice: "Receivers must drop it silently: look for a forged or misconfigured destination.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000028 4f2a4000 40061196 c0a80067 ef010203
                dc3e01bb 1e84a9d2 00000000 50022000 00000000"]),
    },
    Page {
        id: "tcp.option.length",
        title: "TCP option of a wrong length",
        advice: "Receivers ignore its options or drop the segment: look for a middlebox that \
            rewrites options, or a broken sender.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020305b4 01010101"]),
    },
    Page {
        id: "tcp.option.repeated",
        title: "Repeated TCP option",
        advice: "No stack sends it twice: look for a middlebox that adds an option without \
            removing the old one.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 020405b4"]),
    },
    Page {
        id: "tcp.option.misplaced",
        title: "TCP set-up option without SYN",
        advice: "Receivers ignore it there: look for a middlebox or a packet generator.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70102000 eeb00000 020405b4 01010101"]),
    },
    Page {
        id: "tcp.option.window_scale",
        title: "Window scale above 14",
        advice: "Receivers take 14 instead, so that both ends disagree on the window: correct the \
            sender, or rule out a scan.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 03030f01"]),
    },
    Page {
        id: "tcp.option.after_end",
        title: "Octets behind the end of TCP options",
        advice: "Receivers ignore them: rule out hidden data, or correct a sender that pads with \
            old memory.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 01000001"]),
    },
    Page {
        id: "tcp.option.nops",
        title: "Long run of no-operations in TCP options",
        advice: "Look for a router or firewall that takes options out by writing no-operations \
            over them: window scaling, SACK or timestamps may be gone, and throughput with them.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 01010101"]),
    },
    Page {
        id: "tcp.checksum.bad",
        title: "Bad TCP checksum",
        advice: "If the sender is the capturing host, its card fills the sum in later. Else the \
            segment was changed on the way: look for a middlebox, tunnel or memory that damages \
            packets; the connection sends again and slows down.",
        example: raw(&["45000030 00010000 4006a9a8 c0a80067 08080808
                dc3e01bb 1e84a9d2 00000000 70022000 11110000 020405b4 01010101"]),
    },
    Page {
        id: "udp.length.lt_8",
        title: "UDP length below 8",
        advice: "Every receiver drops the datagram: look for a broken or hostile sender.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000020 00010000 40110000 c0a80067 08080808
                c0000035 00070000 01020304"]),
    },
    Page {
        id: "udp.length.zero",
        title: "UDP length 0",
        advice: "Only a jumbogram has none: some offloads leave it out on the sending host; on the \
            wire receivers drop it.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000020 00010000 40110000 c0a80067 08080808
                c0000035 00000000 01020304"]),
    },
    Page {
        id: "udp.length.gt_packet",
        title: "UDP length beyond the packet",
        advice: "Receivers drop it: the datagram was cut without its length, or the length lies.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000020 00010000 40110000 c0a80067 08080808
                c0000035 000d0000 01020304"]),
    },
    Page {
        id: "udp.length.lt_packet",
        title: "Octets behind a UDP datagram",
        advice: "UDP options (RFC 9868) lie there. Without those, rule out hidden data.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000020 00010000 40110000 c0a80067 08080808
                c0000035 000b0000 01020304"]),
    },
    Page {
        id: "udp.port.zero",
        title: "UDP to port 0",
        advice: "No service listens there: a scan or a broken program.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 0800
                45000020 00010000 40110000 c0a80067 08080808
                c0000000 000c0000 01020304"]),
    },
    Page {
        id: "udp.checksum.missing",
        title: "UDP over IPv6 without a checksum",
        advice: "Receivers drop it unless they are tunnel ends set up for it: correct the sender.",
        example: ethernet(&["001b2ff07eb4 40f308c38ee1 86dd
                60000000 000c1140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                c0000035 000c0000 01020304"]),
    },
    Page {
        id: "udp.checksum.bad",
        title: "Bad UDP checksum",
        advice: "If the sender is the capturing host, its card fills the sum in later. Else the \
            datagram was changed on the way: look for a middlebox, tunnel or memory that damages \
            packets.",
        example: raw(&["45000020 00010000 4011a9ad c0a80067 08080808
                12340035 000c1234 61626364"]),
    },
    Page {
        id: "icmp.type.unknown",
        title: "Unknown ICMP type",
        advice: "Receivers ignore it: find out what sends it; it may be a scan or a hidden \
            channel.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 08080808
                0700f7fd 00010001"]),
    },
    Page {
        id: "icmp.redirect",
        title: "ICMP redirect",
        advice: "Two routers on one link, of which hosts use the longer way: correct their routes. \
            Switch accepting redirects off on hosts, since anybody on the link can forge them.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 08080808
                0500f7fd 00010001"]),
    },
    Page {
        id: "icmp.too_big",
        title: "Fragmentation needed",
        advice: "Path MTU discovery at work. If it comes again and again for one destination, the \
            sender does not obey it: look for a filter that eats these messages, or lower the \
            MTU.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 08080808
                0304f7fd 00000578"]),
    },
    Page {
        id: "icmp.too_big.no_mtu",
        title: "Fragmentation needed, MTU untold",
        advice: "Hosts have to guess and connections stall: replace or update the router that \
            sends it.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 08080808
                0304f7fd 00000000"]),
    },
    Page {
        id: "icmp.fragment",
        title: "ICMP in fragments",
        advice: "Large pings do it. Unasked for, look for a flood or a tunnel through ICMP.",
        example: raw(&["4500001c 00012000 40010000 c0a80067 08080808
                0800f7fd 00010001"]),
    },
    Page {
        id: "icmp.error_to_group",
        title: "ICMP error to a group",
        advice: "Hosts must not send it: it multiplies. Look for the sender, or for who forged \
            what it answers.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 e0000001
                0300f7fd 00010001"]),
    },
    Page {
        id: "icmp.echo.broadcast",
        title: "Ping to all hosts",
        advice: "Routers should not forward it and hosts not answer: switch directed broadcasts \
            off, and find who asks.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 ffffffff
                0800f7fd 00010001"]),
    },
    Page {
        id: "icmp.checksum.bad",
        title: "Bad ICMP checksum",
        advice: "The receiver drops it: the message was changed on the way, or the sender is \
            broken.",
        example: raw(&["4500001c 00010000 40010000 c0a80067 08080808
                0800f7fc 00010001"]),
    },
    Page {
        id: "icmpv6.type.unknown",
        title: "Unknown ICMPv6 type",
        advice: "Receivers pass an unknown error on and ignore an unknown inquiry: find out what \
            sends it.",
        example: raw(&[
            "60000000 00183aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
                05000000 00000000 fe8000000000000000000000000000bb",
        ]),
    },
    Page {
        id: "icmpv6.too_big",
        title: "Packet too big",
        advice: "Path MTU discovery at work. If it comes again and again for one destination, the \
            sender does not obey it: look for a filter that eats these messages, or lower the \
            MTU.",
        example: raw(&[
            "60000000 00083a40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                02000f3d 00000500",
        ]),
    },
    Page {
        id: "icmpv6.too_big.lt_1280",
        title: "Packet too big, below 1280",
        advice: "Hosts ignore it: replace or correct the router or translator that sends it, or \
            look for a forger.",
        example: raw(&[
            "60000000 00083a40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                02000f3d 000004ff",
        ]),
    },
    Page {
        id: "icmpv6.neighbour.hop_limit",
        title: "Neighbour discovery from afar",
        advice: "Hosts must ignore it: somebody beyond the link forges it. Filter neighbour \
            discovery at the border.",
        example: raw(&[
            "60000000 00183afe fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
                87000000 00000000 fe8000000000000000000000000000bb",
        ]),
    },
    Page {
        id: "icmpv6.listener.hop_limit",
        title: "Listener discovery with a wrong hop limit",
        advice: "Routers ignore it, so that the group is not joined: correct the sender.",
        example: raw(&[
            "60000000 00183aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
                8f000000 00000000 fe8000000000000000000000000000bb",
        ]),
    },
    Page {
        id: "icmpv6.neighbour.fragment",
        title: "Neighbour discovery in fragments",
        advice: "Hosts must ignore it, since guards cannot read it: look for an attacker on the \
            link, or for a certificate too long for SEND.",
        example: raw(&[
            "60000000 00102cff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
                3a00 0001 00000001
                87000000 00000000",
        ]),
    },
    Page {
        id: "icmpv6.option.length",
        title: "Neighbour discovery option of a wrong length",
        advice: "Hosts drop the message: look for a broken or hostile neighbour at the port where \
            it enters.",
        example: raw(&[
            "60000000 00203aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
                87000000 00000000 fe8000000000000000000000000000bb
                0100 020000000001",
        ]),
    },
    Page {
        id: "icmpv6.checksum.bad",
        title: "Bad ICMPv6 checksum",
        advice: "The receiver drops it: the message was changed on the way, or the sender is \
            broken.",
        example: raw(&[
            "60000000 00083a40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                80001111 00010001",
        ]),
    },
    Page {
        id: "udplite.checksum.bad",
        title: "Bad UDP-Lite checksum",
        advice: "The part that the sum covers was changed on the way: look at the link, and at \
            whether the coverage is what the application wants.",
        example: raw(&["45000020 00010000 4088a936 c0a80067 08080808
                12340035 00081234 61626364"]),
    },
    Page {
        id: "sctp.checksum.bad",
        title: "Bad SCTP checksum",
        advice: "If the sender is the capturing host, its card fills the sum in later. Else it was \
            changed on the way, or an old sender still uses Adler-32.",
        example: raw(&["45000034 00010000 40845a31 0a090601 0a090602
                94719472 00000000 12345678 01000014 11110001 0000ffff 00040004 0000000a"]),
    },
    Page {
        id: "igmp.checksum.bad",
        title: "Bad IGMP checksum",
        advice: "The receiver drops it, so that groups are not joined or left: look at the sender \
            and what is between.",
        example: raw(&["45c0001c f7700000 0102d6b5 0a3c00bd e0000001
                11641234 00000000"]),
    },
    Page {
        id: "icmp.extension.checksum.bad",
        title: "Wrong checksum of an ICMP extension",
        advice: "What the labels or interfaces in it say is not to be relied on: look for a router \
            that builds it wrongly, or a translator that rewrites the quote.",
        example: raw(&["450000a8 00010000 4001af44 c0a80067 0a000001
                0b001da4 00200000
                45000020 00010000 01119fbc 0a000001 08080808
                12340035 000c0000 61626364
                000000000000000000000000000000000000000000000000
                000000000000000000000000000000000000000000000000
                000000000000000000000000000000000000000000000000
                000000000000000000000000000000000000000000000000
                20009db1 00080101 00064140"]),
    },
    Page {
        id: "ospf.checksum.bad",
        title: "Wrong OSPF checksum",
        advice: "The neighbour ignores the message and adjacencies fall: look for a cable, card or \
            memory that damages octets, or for who rewrites the message.",
        example: raw(&["45c00044 81480000 01599635 c0ac0072 e0000005
                02010030 c0ac0072 00000000 f7d20000 0000000000000000
                ffffff00 001e0201 00000078 c0ac0072 c0ac0066 c0ac0066"]),
    },
    Page {
        id: "vrrp.checksum.bad",
        title: "Wrong VRRP checksum",
        advice: "Backup routers ignore the message and become active beside the sender: compare \
            how both ends sum up, where they are of different makes.",
        example: raw(&["45000020 00010000 ff701a4b c0a80067 e0000012
                31016401 0064bef8 0a000001"]),
    },
    Page {
        id: "pim.checksum.bad",
        title: "Wrong PIM checksum",
        advice: "The neighbour ignores the message: look for who rewrites it, or at how a register \
            is summed up.",
        example: raw(&["45000038 00010000 4067af4e c0a80067 0a000001
                2100defe 00000000
                4500001c 00010000 4011c8bc c0a80067 ef010203
                12340035 00080000"]),
    },
    Page {
        id: "gre.checksum.bad",
        title: "Bad GRE checksum",
        advice: "The packet was changed within the tunnel's path: look at the links between the \
            two ends.",
        example: raw(&["45000038 00010000 402fa977 c0a80067 08080808
                80000800 12340000 4500001c 00010000 4011a9b1 c0a80067 08080808
                12340035 00080000"]),
    },
];
