//! IPv6 options of hop-by-hop and destination headers (RFC 8200, section 4.2; IANA
//! ipv6-parameters).

use super::field::{Field, fields};
use super::ipv6_ioam::ioam;
use super::number::{IPV6_OPTIONS, IPV6_ROUTER_ALERT};
use super::option::{Layout, Opt, OptionPart, OptionRow, OptionSet};

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

        ioam!($layer);

        fields! {
            /// Duplicate detection by an identifier: whose it is.
            SMF, $layer, "RFC 6621, section 6.1.1";
            SMF_HASH "ipv6.opt.smf_dpd.hash_bit" 0, 1, Flag, "Hash", "A hash assist value rather than an identifier.";
            TID_TYPE "ipv6.opt.smf_dpd.tid_type" 1, 3, Number, "Tagger ID type", "What the tagger is named by.", names TAGGERS;
            TID_LEN "ipv6.opt.smf_dpd.tid_len" 4, 4, Number, "Tagger ID length", "Octets of it less one.";
        }

        fields! {
            /// Who set the identifier.
            SMF_TAGGER, $layer, "RFC 6621, section 6.1.1";
            TAGGER_ID "ipv6.opt.smf_dpd.tagger_id" 0, 0, Bytes, "Tagger ID", "Who set the identifier.";
        }

        fields! {
            /// The identifier.
            SMF_IDENT, $layer, "RFC 6621, section 6.1.1";
            IDENT "ipv6.opt.smf_dpd.ident" 0, 0, Bytes, "Identifier", "By which the packet is known again.";
        }

        fields! {
            /// Duplicate detection by a hash.
            SMF_HAV, $layer, "RFC 6621, section 6.1.2";
            HAV_HASH "ipv6.opt.smf_dpd.hash_bit" 0, 1, Flag, "Hash", "A hash assist value rather than an identifier.";
            HAV "ipv6.opt.smf_dpd.hav" 0, 0, Bytes, "Hash assist value", "Makes packets of one hash differ; its first bit is set." @view;
        }

        fields! {
            /// Performance and diagnostic metrics.
            PDM, $layer, "RFC 8250, section 3.2";
            SCALE_DTLR "ipv6.opt.pdm.scale_dtlr" 0, 8, Number, "Scale of last received", "Attoseconds are shifted left by so much.";
            SCALE_DTLS "ipv6.opt.pdm.scale_dtls" 8, 8, Number, "Scale of last sent", "Attoseconds are shifted left by so much.";
            PSN_THIS "ipv6.opt.pdm.psn_this_pkt" 16, 16, Number, "Sequence", "Of this packet.";
            PSN_LAST "ipv6.opt.pdm.psn_last_recv" 32, 16, Number, "Last sequence", "Of the packet that was received last.";
            DELTA_RECV "ipv6.opt.pdm.delta_last_recv" 48, 16, Number, "Since last received", "From receiving that to sending this.";
            DELTA_SENT "ipv6.opt.pdm.delta_last_sent" 64, 16, Number, "Since last sent", "From sending one to receiving its answer, at the sender.";
        }

        fields! {
            /// Multicast for low-power networks.
            MPL, $layer, "RFC 7731, section 6.1";
            MPL_S "ipv6.opt.mpl.flag_s" 0, 2, Number, "Seed ID length", "How long the seed's ID is.", names SEEDS;
            MPL_M "ipv6.opt.mpl.flag_m" 2, 1, Flag, "Largest", "The largest sequence that the seed sent.";
            MPL_V "ipv6.opt.mpl.flag_v" 3, 1, Flag, "Version", "Zero.";
            MPL_RESERVED "ipv6.opt.mpl.flag_rsv" 4, 4, Hex, "Reserved", "Zero.";
            MPL_SEQUENCE "ipv6.opt.mpl.sequence" 8, 8, Number, "Sequence", "Order of the seed's packets.";
            SEED_ID "ipv6.opt.mpl.seed_id" 16, 0, Bytes, "Seed ID", "Who sent it first; the packet's source where there is none.";
        }

        fields! {
            /// Alternate marking.
            ALTERNATE_MARKING, $layer, "RFC 9343, section 3.1";
            FLOW_MON_ID "ipv6.opt.altmark.flowmonid" 0, 20, Hex, "Flow monitoring ID", "Which flow is measured.";
            LOSS "ipv6.opt.altmark.l" 20, 1, Flag, "Loss", "Mark for the measurement of loss.";
            DELAY "ipv6.opt.altmark.d" 21, 1, Flag, "Delay", "Mark for the measurement of delay.";
            MARK_RESERVED "ipv6.opt.altmark.rsv" 22, 10, Hex, "Reserved", "Zero.";
        }

        fields! {
            /// Nonce of the identifier-locator network protocol.
            ILNP, $layer, "RFC 6744, section 2";
            ILNP_NONCE "ipv6.opt.ilnp_nonce" 0, 0, Bytes, "Nonce", "Guards a session against forgery.";
        }

        fields! {
            /// Line identification.
            LINE, $layer, "RFC 6788, section 4";
            LINE_LENGTH "ipv6.opt.lio.length" 0, 8, Number, "Line ID length", "Octets of the line's ID.";
            LINE_ID "ipv6.opt.lio.line_id" 8, 0, Text, "Line ID", "Which subscriber line.";
        }

        fields! {
            /// Depth-first forwarding.
            DFF, $layer, "RFC 6971, section 10";
            DFF_VERSION "ipv6.opt.dff.flag_ver" 0, 2, Number, "Version", "Zero.";
            DFF_DUP "ipv6.opt.dff.flag_dup" 2, 1, Flag, "Duplicate", "Sent again after an acknowledgement was missed.";
            DFF_RET "ipv6.opt.dff.flag_ret" 3, 1, Flag, "Returned", "Came back from a dead end.";
            DFF_RESERVED "ipv6.opt.dff.flag_rsv" 4, 4, Hex, "Reserved", "Zero.";
            DFF_SEQUENCE "ipv6.opt.dff.sequence_number" 8, 16, Number, "Sequence", "By which the packet is known again.";
        }

        /// Duplicate detection, by an identifier or a hash.
        const DUPLICATES: OptionRow = OptionRow {
            parts: &[
                OptionPart { start: |o| tagged(o, 2), len: |_| Some(1), fields: SMF },
                OptionPart { start: |o| tagged(o, 3), len: tagger, fields: SMF_TAGGER },
                OptionPart::to_end(|o| tagged(o, tagger(o)?.checked_add(3)?), SMF_IDENT),
                OptionPart::to_end(|o| (tagged(o, 2).is_none()).then_some(2), SMF_HAV),
            ],
            ..row(0x08, "SMF duplicate detection", &[], "RFC 6621")
        };

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
            DUPLICATES,
            row(0x0f, "Performance and diagnostic metrics", PDM, "RFC 8250"),
            in_situ(0x11, "In-situ OAM"),
            row(0x12, "Alternate marking", ALTERNATE_MARKING, "RFC 9343"),
            row(0x1e, "Experiment", OTHER, "RFC 4727"),
            row(0x23, "RPL", RPL, "RFC 9008"),
            row(0x26, "Quick-start", QUICK_START, "RFC 4782"),
            row(0x30, "Minimum path MTU", PMTU, "RFC 9268"),
            in_situ(0x31, "In-situ OAM, changeable"),
            row(0x32, "Alternate marking, changeable", ALTERNATE_MARKING, "RFC 9343"),
            row(0x3e, "Experiment", OTHER, "RFC 4727"),
            row(0x4d, "Deprecated", OTHER, "RFC 7731"),
            row(0x5e, "Experiment", OTHER, "RFC 4727"),
            row(0x63, "RPL", RPL, "RFC 6553"),
            row(0x6d, "MPL", MPL, "RFC 7731"),
            row(0x7e, "Experiment", OTHER, "RFC 4727"),
            row(0x8a, "Endpoint identification", OTHER, "IANA ipv6-parameters"),
            row(0x8b, "ILNP nonce", ILNP, "RFC 6744"),
            row(0x8c, "Line identification", LINE, "RFC 6788"),
            row(0x9e, "Experiment", OTHER, "RFC 4727"),
            row(0xbe, "Experiment", OTHER, "RFC 4727"),
            row(0xc2, "Jumbo payload", JUMBO, "RFC 2675"),
            row(0xc9, "Home address", HOME, "RFC 6275"),
            row(0xde, "Experiment", OTHER, "RFC 4727"),
            row(0xee, "IPv6 DFF", DFF, "RFC 6971"),
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
            unknown: &row(0, "Unknown option", OTHER, ""),
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

/// What a tagger of duplicate detection is named by (RFC 6621, section 6.1.1).
const TAGGERS: &[(u16, &str, &str)] = &[
    (0, "none", "by nothing"),
    (1, "default", "by the identifier's own"),
    (2, "IPv4", "by an IPv4 address"),
    (3, "IPv6", "by an IPv6 address"),
];

/// How long an MPL seed's ID is (RFC 7731, section 6.1).
const SEEDS: &[(u16, &str, &str)] = &[
    (0, "source", "the packet's source"),
    (1, "16 bits", "two octets"),
    (2, "64 bits", "eight octets"),
    (3, "128 bits", "sixteen octets"),
];

/// `at`, in duplicate detection by an identifier.
fn tagged(option: &Opt<'_>, at: usize) -> Option<usize> {
    (option.bytes.get(2)? & 0x80 == 0).then_some(at)
}

/// Octets of the tagger's ID.
fn tagger(option: &Opt<'_>) -> Option<usize> {
    let octet = option.bytes.get(2)?;
    let len = usize::from(octet & 0x0f).saturating_add(1);
    Some(if octet & 0x70 == 0 { 0 } else { len })
}

const fn row(
    code: u8,
    label: &'static str,
    fields: &'static [Field],
    source: &'static str,
) -> OptionRow {
    OptionRow::new(code, label, fields, source)
}

/// In a hop-by-hop header.
pub mod hop_by_hop {
    options!(HopByHop);
}

/// In a destination options header.
pub mod destination {
    options!(Destination);
}
