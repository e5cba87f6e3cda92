//! In-situ OAM in IPv6 options (RFC 9486): traces of nodes, proof of transit, edge to edge and direct
//! export (RFC 9197, RFC 9326).

use super::option::Opt;

/// Declares the tables of the option for one header, and its row `in_situ`.
macro_rules! ioam {
    ($layer:ident) => {
        use $crate::wire::ipv6_ioam::{
            EXPORTED, KINDS, POT_KINDS, edge, exported, free, node, node_len, nodes, of_kind, undefined,
        };
        use $crate::wire::option::Extent;

        fields! {
            /// In-situ OAM.
            IOAM, $layer, "RFC 9486, section 3";
            IOAM_RESERVED "ipv6.opt.ioam.rsv" 0, 8, Hex, "Reserved", "Zero.";
            IOAM_TYPE "ipv6.opt.ioam.opt_type" 8, 8, Number, "IOAM type", "What is traced or proved.", names KINDS;
        }

        fields! {
            /// What a trace begins with.
            TRACE, $layer, "RFC 9197, section 4.4.1";
            NAMESPACE "ipv6.opt.ioam.trace.ns" 0, 16, Number, "Namespace", "Which namespace the nodes are in.";
            NODE_LENGTH "ipv6.opt.ioam.trace.nodelen" 16, 5, Times(4), "Node length", "Octets that each node adds, opaque state left out.";
            OVERFLOW "ipv6.opt.ioam.trace.flag_o" 21, 1, Flag, "Overflow", "A node found no room.";
            LOOPBACK "ipv6.opt.ioam.trace.flag_l" 22, 1, Flag, "Loopback", "A copy is sent back to the source.", source "RFC 9322, section 3";
            ACTIVE "ipv6.opt.ioam.trace.flag_a" 23, 1, Flag, "Active", "A packet of a measurement.", source "RFC 9322, section 4";
            FLAG_RESERVED "ipv6.opt.ioam.trace.flag_rsv" 24, 1, Flag, "Reserved", "Zero.";
            REMAINING "ipv6.opt.ioam.trace.remlen" 25, 7, Times(4), "Room left", "Octets for nodes to come.";
            TRACE_TYPE "ipv6.opt.ioam.trace.type" 32, 24, Group, "Trace type", "What each node adds.";
            BIT0 "ipv6.opt.ioam.trace.type.bit0" 32, 1, Flag, "Hop limit and node", "Nodes add it.";
            BIT1 "ipv6.opt.ioam.trace.type.bit1" 33, 1, Flag, "Interfaces", "Nodes add it.";
            BIT2 "ipv6.opt.ioam.trace.type.bit2" 34, 1, Flag, "Seconds", "Nodes add it.";
            BIT3 "ipv6.opt.ioam.trace.type.bit3" 35, 1, Flag, "Fraction", "Nodes add it.";
            BIT4 "ipv6.opt.ioam.trace.type.bit4" 36, 1, Flag, "Transit delay", "Nodes add it.";
            BIT5 "ipv6.opt.ioam.trace.type.bit5" 37, 1, Flag, "Namespace data", "Nodes add it.";
            BIT6 "ipv6.opt.ioam.trace.type.bit6" 38, 1, Flag, "Queue depth", "Nodes add it.";
            BIT7 "ipv6.opt.ioam.trace.type.bit7" 39, 1, Flag, "Checksum complement", "Nodes add it.";
            BIT8 "ipv6.opt.ioam.trace.type.bit8" 40, 1, Flag, "Hop limit and node, wide", "Nodes add it.";
            BIT9 "ipv6.opt.ioam.trace.type.bit9" 41, 1, Flag, "Interfaces, wide", "Nodes add it.";
            BIT10 "ipv6.opt.ioam.trace.type.bit10" 42, 1, Flag, "Namespace data, wide", "Nodes add it.";
            BIT11 "ipv6.opt.ioam.trace.type.bit11" 43, 1, Flag, "Buffer occupancy", "Nodes add it.";
            UNDEFINED "ipv6.opt.ioam.trace.type.undef" 44, 10, Hex, "Undefined", "Four octets for each bit.";
            BIT22 "ipv6.opt.ioam.trace.type.bit22" 54, 1, Flag, "Opaque state", "Nodes add it.";
            TYPE_RESERVED "ipv6.opt.ioam.trace.type.rsv" 55, 1, Flag, "Reserved", "Zero.";
            TRACE_RESERVED "ipv6.opt.ioam.trace.rsv" 56, 8, Hex, "Reserved", "Zero.";
        }

        fields! {
            /// Room for nodes to come.
            FREE, $layer, "RFC 9197, section 4.4.1";
            FREE_SPACE "ipv6.opt.ioam.trace.free_space" 0, 0, Bytes, "Free space", "For nodes to come.";
        }

        fields! {
            /// Bits 0 and 1 of what a node adds.
            SHORT_ID, $layer, "RFC 9197, section 4.4.2.1";
            HOP_LIMIT "ipv6.opt.ioam.trace.node.hlim" 0, 8, Number, "Hop limit", "As the packet came.";
            NODE_ID "ipv6.opt.ioam.trace.node.id" 8, 24, Number, "Node", "Which node.";
        }

        fields! {
            /// Interfaces.
            INTERFACES, $layer, "RFC 9197, section 4.4.2.2";
            INGRESS "ipv6.opt.ioam.trace.node.iif" 0, 16, Number, "Ingress interface", "By which it came.";
            EGRESS "ipv6.opt.ioam.trace.node.eif" 16, 16, Number, "Egress interface", "By which it left.";
        }

        fields! {
            /// Seconds.
            SECONDS, $layer, "RFC 9197, section 4.4.2.3";
            TSS "ipv6.opt.ioam.trace.node.tss" 0, 32, Number, "Seconds", "When it came, whole seconds.";
        }

        fields! {
            /// Fraction of a second.
            FRACTION, $layer, "RFC 9197, section 4.4.2.4";
            TSF "ipv6.opt.ioam.trace.node.tsf" 0, 32, Number, "Fraction", "When it came, part of a second.";
        }

        fields! {
            /// Transit delay.
            TRANSIT, $layer, "RFC 9197, section 4.4.2.5";
            TRANSIT_DELAY "ipv6.opt.ioam.trace.node.trdelay" 0, 32, Number, "Transit delay", "Nanoseconds in the node.";
        }

        fields! {
            /// Namespace-specific data.
            SPECIFIC, $layer, "RFC 9197, section 4.4.2.6";
            NS_DATA "ipv6.opt.ioam.trace.node.nsdata" 0, 32, Hex, "Namespace data", "What the namespace says.";
        }

        fields! {
            /// Queue depth.
            QUEUE, $layer, "RFC 9197, section 4.4.2.7";
            QUEUE_DEPTH "ipv6.opt.ioam.trace.node.qdepth" 0, 32, Number, "Queue depth", "Of the egress interface.";
        }

        fields! {
            /// Checksum complement.
            COMPLEMENT, $layer, "RFC 9197, section 4.4.2.8";
            CHECKSUM_COMPLEMENT "ipv6.opt.ioam.trace.node.csum" 0, 32, Hex, "Checksum complement", "Keeps the transport's checksum right.";
        }

        fields! {
            /// Wide hop limit and node.
            WIDE_ID, $layer, "RFC 9197, section 4.4.2.9";
            WIDE_HOP_LIMIT "ipv6.opt.ioam.trace.node.hlim" 0, 8, Number, "Hop limit", "As the packet came.";
            WIDE_NODE_ID "ipv6.opt.ioam.trace.node.id_wide" 8, 56, Number, "Node, wide", "Which node.";
        }

        fields! {
            /// Wide interfaces.
            WIDE_INTERFACES, $layer, "RFC 9197, section 4.4.2.10";
            WIDE_INGRESS "ipv6.opt.ioam.trace.node.iif_wide" 0, 32, Number, "Ingress interface, wide", "By which it came.";
            WIDE_EGRESS "ipv6.opt.ioam.trace.node.eif_wide" 32, 32, Number, "Egress interface, wide", "By which it left.";
        }

        fields! {
            /// Wide namespace-specific data.
            WIDE_SPECIFIC, $layer, "RFC 9197, section 4.4.2.11";
            WIDE_NS_DATA "ipv6.opt.ioam.trace.node.nsdata_wide" 0, 64, Hex, "Namespace data, wide", "What the namespace says.";
        }

        fields! {
            /// Buffer occupancy.
            BUFFER, $layer, "RFC 9197, section 4.4.2.12";
            OCCUPANCY "ipv6.opt.ioam.trace.node.bufoccup" 0, 32, Number, "Buffer occupancy", "Of the node.";
        }

        fields! {
            /// What bits without a meaning add.
            NODE_UNDEFINED, $layer, "RFC 9197, section 4.4.1";
            NODE_OTHER "ipv6.opt.ioam.trace.node.undefined" 0, 32, Hex, "Undefined", "What a bit without a meaning added." @repeats;
        }

        fields! {
            /// Opaque state.
            OPAQUE, $layer, "RFC 9197, section 4.4.2.13";
            OPAQUE_LEN "ipv6.opt.ioam.trace.node.oss.len" 0, 8, Times(4), "Opaque length", "Octets of opaque state.";
            SCHEMA "ipv6.opt.ioam.trace.node.oss.scid" 8, 24, Hex, "Schema", "How it is to be read.";
            OPAQUE_DATA "ipv6.opt.ioam.trace.node.oss.data" 32, 0, Bytes, "Opaque state", "What the schema says.";
        }

        fields! {
            /// Proof of transit.
            PROOF, $layer, "RFC 9197, section 4.5";
            POT_NS "ipv6.opt.ioam.pot.ns" 0, 16, Number, "Namespace", "Which namespace the nodes are in.";
            POT_TYPE "ipv6.opt.ioam.pot.type" 16, 8, Number, "Proof type", "How it is proved.", names POT_KINDS;
            POT_FLAGS "ipv6.opt.ioam.pot.flags" 24, 8, Hex, "Proof flags", "Zero.";
            PACKET_ID "ipv6.opt.ioam.pot.pktid" 32, 64, Hex, "Packet ID", "A random number, or what the type says.";
            CUMULATIVE "ipv6.opt.ioam.pot.cumulative" 96, 64, Hex, "Cumulative", "Worked on by every node.";
        }

        fields! {
            /// Edge to edge.
            EDGE, $layer, "RFC 9197, section 4.6";
            EDGE_NS "ipv6.opt.ioam.e2e.ns" 0, 16, Number, "Namespace", "Which namespace the nodes are in.";
            EDGE_SEQ64 "ipv6.opt.ioam.e2e.type_bit0" 16, 1, Flag, "Sequence of 64 bits", "Follows.";
            EDGE_SEQ32 "ipv6.opt.ioam.e2e.type_bit1" 17, 1, Flag, "Sequence of 32 bits", "Follows.";
            EDGE_SECONDS "ipv6.opt.ioam.e2e.type_bit2" 18, 1, Flag, "Seconds", "Follow.";
            EDGE_FRACTION "ipv6.opt.ioam.e2e.type_bit3" 19, 1, Flag, "Fraction", "Follows.";
            EDGE_RESERVED "ipv6.opt.ioam.e2e.type_undef" 20, 12, Hex, "Undefined", "Zero.";
        }

        fields! {
            /// Sequence of 64 bits.
            EDGE_LONG, $layer, "RFC 9197, section 4.6";
            SEQUENCE64 "ipv6.opt.ioam.e2e.seq64" 0, 64, Number, "Sequence, long", "Order of the packets of a group.";
        }

        fields! {
            /// Sequence of 32 bits.
            EDGE_SHORT, $layer, "RFC 9197, section 4.6";
            SEQUENCE32 "ipv6.opt.ioam.e2e.seq32" 0, 32, Number, "Sequence", "Order of the packets of a group.";
        }

        fields! {
            /// Seconds.
            EDGE_TSS, $layer, "RFC 9197, section 4.6";
            EDGE_SECONDS_VALUE "ipv6.opt.ioam.e2e.tss" 0, 32, Number, "Sent, seconds", "When it entered, whole seconds.";
        }

        fields! {
            /// Fraction of a second.
            EDGE_TSF, $layer, "RFC 9197, section 4.6";
            EDGE_FRACTION_VALUE "ipv6.opt.ioam.e2e.tsf" 0, 32, Number, "Sent, fraction", "When it entered, part of a second.";
        }

        fields! {
            /// Direct export.
            EXPORT, $layer, "RFC 9326, section 3.2";
            EXPORT_NS "ipv6.opt.ioam.dex.ns" 0, 16, Number, "Namespace", "Which namespace the nodes are in.";
            EXPORT_FLAGS "ipv6.opt.ioam.dex.flags" 16, 8, Hex, "Flags", "Zero.";
            EXPORT_EXTENSIONS "ipv6.opt.ioam.dex.ext_flags" 24, 8, Hex, "Extension flags", "What follows: 0x80 a flow, 0x40 a sequence.";
            EXPORT_TYPE "ipv6.opt.ioam.dex.type" 32, 24, Hex, "Trace type", "What each node exports.";
            EXPORT_RESERVED "ipv6.opt.ioam.dex.rsv" 56, 8, Hex, "Reserved", "Zero.";
        }

        fields! {
            /// Direct export's flow.
            EXPORT_FLOW, $layer, "RFC 9326, section 3.2";
            FLOW_ID "ipv6.opt.ioam.dex.flow_id" 0, 32, Hex, "Flow", "Ties together what nodes export.";
        }

        fields! {
            /// Direct export's sequence.
            EXPORT_SEQUENCE, $layer, "RFC 9326, section 3.2";
            EXPORT_SEQ "ipv6.opt.ioam.dex.seq" 0, 32, Number, "Sequence", "Order of the packets of a flow.";
        }

        fields! {
            /// Other types.
            IOAM_OTHER, $layer, "RFC 9486, section 3";
            IOAM_DATA "ipv6.opt.ioam.data" 0, 0, Bytes, "IOAM data", "What the type says.";
        }

        /// What each node of a trace adds, by the bits of the trace's type.
        const NODE_PARTS: &[OptionPart] = &[
            OptionPart { start: |o| node(o, 0), len: |_| Some(4), fields: SHORT_ID },
            OptionPart { start: |o| node(o, 1), len: |_| Some(4), fields: INTERFACES },
            OptionPart { start: |o| node(o, 2), len: |_| Some(4), fields: SECONDS },
            OptionPart { start: |o| node(o, 3), len: |_| Some(4), fields: FRACTION },
            OptionPart { start: |o| node(o, 4), len: |_| Some(4), fields: TRANSIT },
            OptionPart { start: |o| node(o, 5), len: |_| Some(4), fields: SPECIFIC },
            OptionPart { start: |o| node(o, 6), len: |_| Some(4), fields: QUEUE },
            OptionPart { start: |o| node(o, 7), len: |_| Some(4), fields: COMPLEMENT },
            OptionPart { start: |o| node(o, 8), len: |_| Some(8), fields: WIDE_ID },
            OptionPart { start: |o| node(o, 9), len: |_| Some(8), fields: WIDE_INTERFACES },
            OptionPart { start: |o| node(o, 10), len: |_| Some(8), fields: WIDE_SPECIFIC },
            OptionPart { start: |o| node(o, 11), len: |_| Some(4), fields: BUFFER },
            OptionPart {
                start: |o| undefined(o).map(|(at, _)| at),
                len: |o| undefined(o).map(|(_, len)| len),
                fields: NODE_UNDEFINED,
            },
            OptionPart::to_end(|o| node(o, 22), OPAQUE),
        ];

        /// The nodes of a trace, the last that was passed first.
        static NODES: OptionSet = OptionSet {
            key: "nodes",
            fields: &[],
            prefix: "ipv6.opt.",
            layout: Layout {
                extent: Extent::Told(node_len),
                head: 0,
                ..Layout::ENTRIES
            },
            start: nodes,
            rows: &[],
            unknown: &OptionRow { parts: NODE_PARTS, ..row(0, "Node", &[], "RFC 9197") },
        };

        /// What the types of the option go on with.
        const KIND_PARTS: &[OptionPart] = &[
            OptionPart { start: |o| of_kind(o, &[0, 1]), len: |_| Some(8), fields: TRACE },
            OptionPart {
                start: |o| of_kind(o, &[0])?.checked_add(8),
                len: |o| free(o.data),
                fields: FREE,
            },
            OptionPart { start: |o| of_kind(o, &[2]), len: |_| Some(20), fields: PROOF },
            OptionPart { start: |o| of_kind(o, &[3]), len: |_| Some(4), fields: EDGE },
            OptionPart { start: |o| edge(o, 0), len: |_| Some(8), fields: EDGE_LONG },
            OptionPart { start: |o| edge(o, 1), len: |_| Some(4), fields: EDGE_SHORT },
            OptionPart { start: |o| edge(o, 2), len: |_| Some(4), fields: EDGE_TSS },
            OptionPart { start: |o| edge(o, 3), len: |_| Some(4), fields: EDGE_TSF },
            OptionPart { start: |o| of_kind(o, &[4]), len: |_| Some(8), fields: EXPORT },
            OptionPart { start: |o| exported(o, 0), len: |_| Some(4), fields: EXPORT_FLOW },
            OptionPart { start: |o| exported(o, 1), len: |_| Some(4), fields: EXPORT_SEQUENCE },
            OptionPart::to_end(
                |o| (o.data.get(1)? > &EXPORTED).then_some(4),
                IOAM_OTHER,
            ),
        ];

        const fn in_situ(code: u8, label: &'static str) -> OptionRow {
            OptionRow { parts: KIND_PARTS, list: Some(&NODES), ..row(code, label, IOAM, "RFC 9486") }
        }
    };
}
pub(super) use ioam;

/// Types of the option (IANA ioam, IOAM option-types).
pub(super) const KINDS: &[(u16, &str, &str)] = &[
    (0, "pre-allocated trace", "nodes write into room that is there"),
    (1, "incremental trace", "nodes make room"),
    (2, "proof of transit", "proves which nodes were passed"),
    (3, "edge to edge", "from the first node to the last"),
    (4, "direct export", "nodes export what they would add"),
];

/// The highest of these.
pub(super) const EXPORTED: u8 = 4;

/// Types of proof (IANA ioam, IOAM POT-types).
pub(super) const POT_KINDS: &[(u16, &str, &str)] = &[(0, "64-bit shares", "RFC 9197")];

/// Octets of an option's data before what its type says, and of a trace's header.
const HEAD: usize = 2;
const TRACE: usize = 8;

/// Octets that bit `bit` of a trace's type adds to a node.
const fn octets(bit: u32) -> usize {
    match bit {
        8..=10 => 8,
        _ => 4,
    }
}

/// First of the bits whose octets are within a node's length; the last is behind.
const BITS: u32 = 22;

/// Octet of the option at which what its type says begins, if it is of one of these types.
pub(super) fn of_kind(option: &Opt<'_>, kinds: &[u8]) -> Option<usize> {
    kinds.contains(option.data.get(1)?).then_some(4)
}

/// The type of the trace that an option's data are, as bits from the first on.
fn trace_type(data: &[u8]) -> Option<u32> {
    let &[_, kind, _, _, _, _, a, b, c, _] = data.first_chunk()?;
    (kind <= 1).then_some(u32::from_be_bytes([a, b, c, 0]))
}

fn is_set(kinds: u32, bit: u32) -> bool {
    kinds.checked_shl(bit).unwrap_or(0) >> 31 != 0
}

/// Octets of room for nodes to come in the data of an option.
pub(super) fn free(data: &[u8]) -> Option<usize> {
    Some(usize::from(data.get(5)? & 0x7f).saturating_mul(4))
}

/// Where the nodes begin in the data of a trace.
pub(super) fn nodes(data: &[u8]) -> Option<usize> {
    trace_type(data)?;
    let room = if data.get(1) == Some(&0) { free(data)? } else { 0 };
    let at = room.saturating_add(HEAD).saturating_add(TRACE);
    (each_len(data)? > 0 && at < data.len()).then_some(at)
}

/// Octets of each node of the trace in `data`, opaque state left out.
fn each_len(data: &[u8]) -> Option<usize> {
    Some(usize::from(data.get(4)? >> 3).saturating_mul(4))
}

/// Octets of the node at the start of `rest` in the trace in `data`.
pub(super) fn node_len(rest: &[u8], data: &[u8]) -> Option<usize> {
    let len = each_len(data)?;
    if !is_set(trace_type(data)?, BITS) {
        return Some(len);
    }
    let opaque = usize::from(*rest.get(len)?).saturating_mul(4).saturating_add(4);
    Some(len.saturating_add(opaque))
}

/// Octets that the bits before `bit` add to a node.
fn before(node: &Opt<'_>, bit: u32) -> Option<usize> {
    let kinds = trace_type(node.around)?;
    let before = (0..bit).filter(|&bit| is_set(kinds, bit)).map(octets);
    Some(before.fold(0, usize::saturating_add))
}

/// Octet of a node at which what bit `bit` of the trace's type adds begins, if it is set; none where
/// the node is shorter.
pub(super) fn node(node: &Opt<'_>, bit: u32) -> Option<usize> {
    if !is_set(trace_type(node.around)?, bit) {
        return None;
    }
    let len = each_len(node.around)?;
    if bit == BITS {
        return Some(len);
    }
    let at = before(node, bit)?;
    (at.saturating_add(octets(bit)) <= len).then_some(at)
}

/// Octet of an option at which what bit `bit` of an edge-to-edge type says begins.
pub(super) fn edge(option: &Opt<'_>, bit: u32) -> Option<usize> {
    let at = of_kind(option, &[3])?;
    let kinds = u32::from(*option.data.get(4)?) << 24;
    let before = (0..bit).filter(|&bit| is_set(kinds, bit));
    let before = before.map(|bit| if bit == 0 { 8 } else { 4 }).fold(4, usize::saturating_add);
    is_set(kinds, bit).then(|| at.saturating_add(before))
}

/// Octet of an option at which what bit `bit` of direct export's extension flags says begins.
pub(super) fn exported(option: &Opt<'_>, bit: u32) -> Option<usize> {
    let at = of_kind(option, &[4])?;
    let flags = u32::from(*option.data.get(5)?) << 24;
    let before = (0..bit).filter(|&bit| is_set(flags, bit)).map(|_| 4);
    is_set(flags, bit).then(|| at.saturating_add(before.fold(8, usize::saturating_add)))
}

/// Octet of a node at which what bits without a meaning added begins, and how many octets that are.
pub(super) fn undefined(node: &Opt<'_>) -> Option<(usize, usize)> {
    let at = before(node, FIRST_UNDEFINED)?;
    let len = each_len(node.around)?.checked_sub(at)?;
    (len > 0).then_some((at, len))
}

/// First of the bits without a meaning.
const FIRST_UNDEFINED: u32 = 12;
