//! Extension headers of IPv6.

use super::example::{Page, raw};

pub(super) const PAGES: &[Page] = &[
    Page {
        id: "ipv6.hop_by_hop.not_first",
        title: "Hop-by-hop options not first",
        advice: "Nodes must answer with a parameter problem and drop it: look for a broken or \
            hostile sender.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000 0104 00000000
                fd00 0009 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.extension.order",
        title: "Extension headers in an unusual order",
        advice: "Receivers must accept it, and many filters do not: change the sender where you \
            can.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd00 0009 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.hop_by_hop.repeated",
        title: "Repeated hop-by-hop options",
        advice: "Drop it at the border: it costs every router time, and no ordinary sender does \
            so.",
        example: raw(&[
            "60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                0000 0104 00000000
                3b00 0104 00000000
                3b00 0104 00000000",
        ]),
    },
    Page {
        id: "ipv6.routing.repeated",
        title: "Repeated routing header",
        advice: "Drop it at the border unless segment routing of your own does so.",
        example: raw(&[
            "60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2b00 0104 00000000
                3b00 0104 00000000
                3b00 0104 00000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.repeated",
        title: "Repeated fragment header",
        advice: "Drop it at the border: no sender cuts a fragment up again, and reassembly of the \
            outer one hides the inner.",
        example: raw(&[
            "60000000 00182c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0001 00000000
                3b00 0001 00000000
                3b00 0104 00000000",
        ]),
    },
    Page {
        id: "ipv6.destination.repeated",
        title: "More than two destination options headers",
        advice: "No ordinary sender does so: look for a packet made to hide its transport from \
            filters.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3c00 0104 00000000
                3c00 0104 00000000
                3b00 0104 00000000",
        ]),
    },
    Page {
        id: "ipv6.ah.repeated",
        title: "Repeated authentication header",
        advice: "Look at the security associations of both ends: one is applied twice.",
        example: raw(&[
            "60000000 00203340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3302 0000 00001000 00000001 00000000
                3b02 0000 00001000 00000002 00000000",
        ]),
    },
    Page {
        id: "ipv6.extension.next_unassigned",
        title: "Extension header that leads nowhere",
        advice: "Receivers drop it with a parameter problem: find out what the two hosts run, or \
            who scans.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                fc00 0502 0000 0100",
        ]),
    },
    Page {
        id: "ipv6.extension.no_next_data",
        title: "Data behind a last extension header",
        advice: "Receivers must ignore those octets: rule out that they carry hidden data.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 0104 00000000
                3b00 0104 00000000
                3b00 0104 00000000",
        ]),
    },
    Page {
        id: "ipv6.routing.type_0",
        title: "Source route of IPv6 (type 0)",
        advice: "Drop it at the border, and see that no host of yours obeys it.",
        example: raw(&[
            "60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 0001 00000000 2a0100000000000000000000000000bb",
        ]),
    },
    Page {
        id: "ipv6.routing.type_unknown",
        title: "Routing header of an unknown type",
        advice: "Hosts on its list answer with a parameter problem: find out what sends it.",
        example: raw(&[
            "60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 0701 00000000 2a0100000000000000000000000000bb",
        ]),
    },
    Page {
        id: "ipv6.routing.segments_left",
        title: "More segments left than listed",
        advice: "Nodes drop it with a parameter problem: look at the segment routing policy that \
            builds the list, or for a hostile sender.",
        example: raw(&[
            "60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 0402 00000000 2a0100000000000000000000000000bb",
        ]),
    },
    Page {
        id: "ipv6.routing.type_0_length",
        title: "Source route without whole addresses",
        advice: "Nodes drop it: look for a broken or hostile sender.",
        example: raw(&[
            "60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b01 0001 00000000 2a0100000000000000000000000000bb",
        ]),
    },
    Page {
        id: "ipv6.fragment.atomic",
        title: "Atomic fragment",
        advice: "Harmless, and a sign of an old stack or of a translator: a host that can be made \
            to send it can be made to lose packets.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd00 0000 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.reserved",
        title: "Reserved bits of a fragment header set",
        advice: "Receivers ignore them: rule out hidden data, or correct the sender.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd01 0009 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.length",
        title: "IPv6 fragment length not a multiple of 8",
        advice: "The packet cannot be put together, and the receiver answers with a parameter \
            problem: look for a broken or hostile sender.",
        example: raw(&[
            "60000000 00173c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd00 0009 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.empty",
        title: "Empty IPv6 fragment",
        advice: "Ordinary senders make none: treat it as an attempt to confuse reassembly or a \
            filter.",
        example: raw(&[
            "60000000 00103c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd00 0009 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.tiny_first",
        title: "IPv6 first fragment without all headers",
        advice: "Drop such fragments at the border, as RFC 7112 allows: they pass filters that \
            look for ports.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                0600 0001 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.fragment.gt_65535",
        title: "IPv6 fragment beyond 65,535 octets",
        advice: "Receivers drop it with a parameter problem. Block the sender.",
        example: raw(&[
            "60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                2c00 0104 00000000
                fd00 fff8 00000001
                0000000000000000",
        ]),
    },
    Page {
        id: "ipv6.option.length",
        title: "IPv6 option of a wrong length",
        advice: "Receivers drop the packet: look for a broken or hostile sender.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 0502 0000 0101",
        ]),
    },
    Page {
        id: "ipv6.option.unknown",
        title: "Unknown IPv6 option",
        advice: "Its two upper bits say what a receiver does: skip it, drop the packet, or answer. \
            Find out what sends it.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 1d02 0000 0100",
        ]),
    },
    Page {
        id: "ipv6.option.misplaced",
        title: "IPv6 option in the wrong header",
        advice: "Receivers take it as unknown there: correct the sender.",
        example: raw(&[
            "60000000 00083c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 0502 0000 0100",
        ]),
    },
    Page {
        id: "ipv6.option.only_padding",
        title: "Options header without options",
        advice: "Harmless but needless: some filters drop every packet with such a header. Rule \
            out a probe.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 0102 0000 0100",
        ]),
    },
    Page {
        id: "ipv6.option.padding",
        title: "Padding that is not zero",
        advice: "Receivers ignore it: rule out hidden data, or correct a sender that pads with old \
            memory.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 0102 0001 0100",
        ]),
    },
    Page {
        id: "ipv6.option.long_padding",
        title: "More padding than needed",
        advice: "Rule out hidden data; filters may drop it.",
        example: raw(&[
            "60000000 00100040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b01 0106 0000000000 0105 0000000000",
        ]),
    },
    Page {
        id: "ipv6.option.padding_run",
        title: "Long run of paddings",
        advice: "Linux and others drop the packet: let the sender pad with one option. Else rule \
            out hidden data.",
        example: raw(&[
            "60000000 00100040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b01 0105 0000000000 0105 0000000000",
        ]),
    },
    Page {
        id: "ipv6.option.too_many",
        title: "More than eight IPv6 options in a header",
        advice: "Hosts drop the packet by default (Linux: `net.ipv6.max_dst_opts_number`, \
            `max_hbh_opts_number`): spread the options, raise the limit where they are meant, or \
            look for who tries to tie up hosts.",
        example: raw(&[
            "60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 01020000",
        ]),
    },
    Page {
        id: "ipv6.jumbo.with_length",
        title: "Jumbo payload beside a payload length",
        advice: "Nodes drop it with a parameter problem: look for a broken or hostile sender.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 c204 0001 0000",
        ]),
    },
    Page {
        id: "ipv6.jumbo.gt_frame",
        title: "Jumbo payload beyond the frame",
        advice: "Part of the packet was lost before it was captured, or the length lies: no \
            ordinary link carries jumbograms.",
        example: raw(&[
            "60000000 00000040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 c204 0001 0000",
        ]),
    },
    Page {
        id: "ipv6.jumbo.small",
        title: "Jumbo payload of an ordinary length",
        advice: "Nodes drop it with a parameter problem: look for a broken or hostile sender.",
        example: raw(&[
            "60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b00 c204 0000 ffff",
        ]),
    },
    Page {
        id: "ah.reserved",
        title: "Reserved octets of AH set",
        advice: "Receivers ignore them but for the checksum over them: correct the sender.",
        example: raw(&[
            "60000000 00103340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 0001 00001000 00000001 00000000",
        ]),
    },
    Page {
        id: "ah.spi.reserved",
        title: "Reserved SPI in AH",
        advice: "No association may have that number on the wire: look at the key exchange, or for \
            a probe.",
        example: raw(&[
            "60000000 00103340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                3b02 0000 000000ff 00000001 00000000",
        ]),
    },
    Page {
        id: "esp.spi.reserved",
        title: "Reserved SPI in ESP",
        advice: "No association may have that number on the wire: look at the key exchange, or for \
            a probe.",
        example: raw(&[
            "60000000 00083240 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
                000000ff 00000001",
        ]),
    },
];
