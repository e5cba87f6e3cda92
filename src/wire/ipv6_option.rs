//! IPv6 options of hop-by-hop and destination headers (RFC 8200, section 4.2; IANA
//! ipv6-parameters).

use super::field::{Field, fields};
use super::number::{IPV6_OPTIONS, IPV6_ROUTER_ALERT};
use super::option::{Layout, OptionRow, OptionSet};

/// Declares the options under one header: the rows are the same, the layer they belong to is not.
macro_rules! options {
    ($layer:ident) => {
        use super::*;

        fields! {
            /// What each option begins with.
            FIELDS, $layer, "RFC 8200, section 4.2";
            TYPE "ipv6.opt.type" 0, 8, Number, "Option", "Which option.", names IPV6_OPTIONS;
            ACTION "ipv6.opt.type_action" 0, 2, Number, "If unknown", "What a node does that does not know the option.", names ACTIONS @view;
            CHANGE "ipv6.opt.type_change" 2, 1, Flag, "May change", "Routers may change the data on the way." @view;
            REST "ipv6.opt.type_rest" 3, 5, Number, "Rest", "The low five bits." @view;
            LENGTH "ipv6.opt.length" 8, 8, Number, "Option length", "Octets of data behind this one.";
        }

        fields! {
            /// PadN.
            PADDING, $layer, "RFC 8200, section 4.2";
            PADN "ipv6.opt.padn" 0, 0, Bytes, "Padding", "Zeros that align what follows.";
        }

        fields! {
            /// Router alert.
            ALERT, $layer, "RFC 2711, section 2.1";
            RA "ipv6.opt.router_alert" 0, 16, Number, "Router alert", "Why every router is to look at the packet.", names IPV6_ROUTER_ALERT;
        }

        fields! {
            /// Jumbo payload.
            JUMBO, $layer, "RFC 2675, section 2";
            JUMBO_LEN "ipv6.opt.jumbo" 0, 32, Number, "Jumbo payload", "Octets behind the IPv6 header: more than 65,535.";
        }

        fields! {
            /// Tunnel encapsulation limit.
            LIMIT, $layer, "RFC 2473, section 4.1.1";
            TEL "ipv6.opt.tel" 0, 8, Number, "Encapsulation limit", "How many more tunnels the packet may enter.";
        }

        fields! {
            /// Home address.
            HOME, $layer, "RFC 6275, section 6.3";
            HOME_ADDRESS "ipv6.opt.mipv6.home_address" 0, 128, Ipv6, "Home address", "Where the mobile node is at home.";
        }

        fields! {
            /// Quick-start.
            QUICK_START, $layer, "RFC 4782, section 3.2";
            QS_FUNC "ipv6.opt.qs_func" 0, 4, Number, "Function", "0 a request, 8 a report of the approved rate.";
            QS_RATE "ipv6.opt.qs_rate" 4, 4, Number, "Rate", "40 kbit/s doubled so many times less one; 0 is none.";
            QS_TTL "ipv6.opt.qs_ttl" 8, 8, Number, "QS TTL", "Counted down with the hop limit by routers that agree.";
            QS_NONCE "ipv6.opt.qs_nonce" 16, 30, Hex, "Nonce", "Guards against a rate that was raised.";
            QS_RESERVED "ipv6.opt.qs_reserved" 46, 2, Number, "Reserved", "Zero.";
        }

        fields! {
            /// CALIPSO.
            CALIPSO, $layer, "RFC 5570, section 5";
            DOI "ipv6.opt.calipso.doi" 0, 32, Number, "Domain", "Domain of interpretation.";
            COMPARTMENTS "ipv6.opt.calipso.cmpt_length" 32, 8, Times(4), "Compartment length", "Octets of the compartment bit map.";
            LEVEL "ipv6.opt.calipso.sens_level" 40, 8, Number, "Sensitivity level", "How sensitive, within the domain.";
            CHECKSUM "ipv6.opt.calipso.checksum" 48, 16, Hex, "Checksum", "CRC-16 over the option.";
            BITMAP "ipv6.opt.calipso.cmpt_bitmap" 64, 0, Bytes, "Compartments", "Bit map of compartments.";
        }

        fields! {
            /// RPL.
            RPL, $layer, "RFC 6553, section 3";
            DOWN "ipv6.opt.rpl.flag_o" 0, 1, Flag, "Down", "The packet is to travel down.";
            RANK_ERROR "ipv6.opt.rpl.flag_r" 1, 1, Flag, "Rank error", "A rank did not fit the direction.";
            FORWARDING_ERROR "ipv6.opt.rpl.flag_f" 2, 1, Flag, "Forwarding error", "A child could not forward it.";
            RPL_RESERVED "ipv6.opt.rpl.flag_rsv" 3, 5, Hex, "Reserved", "Zero.";
            INSTANCE "ipv6.opt.rpl.instance_id" 8, 8, Hex, "Instance", "Which RPL instance.";
            RANK "ipv6.opt.rpl.sender_rank" 16, 16, Hex, "Sender rank", "Rank of the router that sent it on.";
        }

        fields! {
            /// Minimum path MTU.
            PMTU, $layer, "RFC 9268, section 5";
            MIN_PMTU "ipv6.opt.pmtu.min_pmtu" 0, 16, Number, "Minimum path MTU", "Smallest MTU seen on the way.";
            RTN_PMTU "ipv6.opt.pmtu.rtn_pmtu" 16, 15, Times(2), "Returned path MTU", "What the other end told.";
            RTN_FLAG "ipv6.opt.pmtu.r" 31, 1, Flag, "Reply wanted", "The receiver is to tell what it saw.";
        }

        fields! {
            /// In-situ OAM.
            IOAM, $layer, "RFC 9486, section 3";
            IOAM_RESERVED "ipv6.opt.ioam.rsv" 0, 8, Hex, "Reserved", "Zero.";
            IOAM_TYPE "ipv6.opt.ioam.opt_type" 8, 8, Number, "IOAM type", "0 and 1 trace, 2 proof of transit, 3 edge to edge, 4 direct export.";
            IOAM_DATA "ipv6.opt.ioam.data" 16, 0, Bytes, "IOAM data", "What the type says.";
        }

        fields! {
            /// Options without a table.
            OTHER, $layer, "RFC 8200, section 4.2";
            DATA "ipv6.opt.unknown_data" 0, 0, Bytes, "Data", "Octets behind type and length.";
        }

        /// All that IANA lists, sorted.
        const ROWS: &[OptionRow] = &[
            row(0x00, "Pad1", &[], "RFC 8200"),
            row(0x01, "PadN", PADDING, "RFC 8200"),
            row(0x04, "Tunnel encapsulation limit", LIMIT, "RFC 2473"),
            row(0x05, "Router alert", ALERT, "RFC 2711"),
            row(0x07, "CALIPSO", CALIPSO, "RFC 5570"),
            row(0x08, "SMF duplicate detection", OTHER, "RFC 6621"),
            row(0x0f, "Performance and diagnostic metrics", OTHER, "RFC 8250"),
            row(0x11, "In-situ OAM", IOAM, "RFC 9486"),
            row(0x12, "Alternate marking", OTHER, "RFC 9343"),
            row(0x1e, "Experiment", OTHER, "RFC 4727"),
            row(0x23, "RPL", RPL, "RFC 9008"),
            row(0x26, "Quick-start", QUICK_START, "RFC 4782"),
            row(0x30, "Minimum path MTU", PMTU, "RFC 9268"),
            row(0x31, "In-situ OAM, changeable", IOAM, "RFC 9486"),
            row(0x32, "Alternate marking, changeable", OTHER, "RFC 9343"),
            row(0x3e, "Experiment", OTHER, "RFC 4727"),
            row(0x4d, "Deprecated", OTHER, "RFC 7731"),
            row(0x5e, "Experiment", OTHER, "RFC 4727"),
            row(0x63, "RPL", RPL, "RFC 6553"),
            row(0x6d, "MPL", OTHER, "RFC 7731"),
            row(0x7e, "Experiment", OTHER, "RFC 4727"),
            row(0x8a, "Endpoint identification", OTHER, "IANA ipv6-parameters"),
            row(0x8b, "ILNP nonce", OTHER, "RFC 6744"),
            row(0x8c, "Line identification", OTHER, "RFC 6788"),
            row(0x9e, "Experiment", OTHER, "RFC 4727"),
            row(0xbe, "Experiment", OTHER, "RFC 4727"),
            row(0xc2, "Jumbo payload", JUMBO, "RFC 2675"),
            row(0xc9, "Home address", HOME, "RFC 6275"),
            row(0xde, "Experiment", OTHER, "RFC 4727"),
            row(0xee, "IPv6 DFF", OTHER, "RFC 6971"),
            row(0xfe, "Experiment", OTHER, "RFC 4727"),
        ];

        /// The options.
        pub const SET: OptionSet = OptionSet {
            key: "opts",
            fields: FIELDS,
            prefix: "ipv6.opt.",
            layout: Layout::COUNTS_DATA,
            start: |_header| Some(2),
            rows: ROWS,
            unknown: OTHER,
        };
    };
}

/// What a node does with an option it does not know (RFC 8200, section 4.2).
const ACTIONS: &[(u16, &str, &str)] = &[
    (0, "skip", "goes on with the next"),
    (1, "discard", "drops the packet"),
    (2, "discard and tell", "drops it and sends an ICMP error"),
    (
        3,
        "discard and tell unless multicast",
        "drops it; an ICMP error only for a unicast destination",
    ),
];

const fn row(
    code: u8,
    label: &'static str,
    fields: &'static [Field],
    source: &'static str,
) -> OptionRow {
    OptionRow { code, label, fields, other: None, list: None, source }
}

/// In a hop-by-hop header.
pub mod hop_by_hop {
    options!(HopByHop);
}

/// In a destination options header.
pub mod destination {
    options!(Destination);
}
