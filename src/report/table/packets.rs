//! The table of packets: a row a packet, with the headers of its innermost IP packet, whose flow it
//! belongs to.

use super::cell::{Cell, Kind, nanos, version};
use super::column::{Table, columns};
use super::packet_row::{INNER, events, headers, interface, ip_len};
use crate::report::community::CommunityId;
use crate::wire::{ethernet, fragment, ipv4, ipv6, tcp, vlan};

/// The column of a packet's Community ID, which takes a hash to find.
pub const COMMUNITY_ID: &str = "community_id";

/// The table.
pub static TABLE: Table = Table {
    name: "packets",
    meaning: "A row a packet, in the order of the capture; of tunnelled ones the innermost IP packet.",
    columns: columns! {
        "file" Kind::Utf8, Packet "the run" => |row| Cell::of(row.file()), "The file it was read from; none of an interface.";
        "offset" Kind::Int64, Packet "the file" => |row| row.packet.frame.offset().map_or(Cell::Null, Cell::count), "Octet of the uncompressed file at which its record begins; none where several files are read as one.";
        "number" Kind::Int64, Packet "frame.number" => |row| Cell::count(row.packet.frame.number), "Number in the capture, from 1.";
        "ts" Kind::Time, Packet "frame.time_epoch" => |row| Cell::of(row.packet.frame.time), "When it was captured, in whole microseconds.";
        "ts_ns" Kind::Int64, Packet "frame.time_epoch" => |row| nanos(row.packet.frame.time), "The same in nanoseconds since 1970.";
        "len" Kind::Int64, Packet "frame.len" => |row| row.packet.frame.original.into(), "Octets on the wire.";
        "cap_len" Kind::Int64, Packet "frame.cap_len" => |row| Cell::count(row.packet.frame.bytes.len() as u64), "Octets in the capture.";
        "interface" Kind::Utf8, Packet "frame.interface_name, frame.interface_id" => interface, "Name of the interface it came through, or its number from 0 where none is told.";
        "path" Kind::Utf8, Packet "frame.protocols" => |row| Cell::Headers(row.packet.layers), "Names of all its headers, outermost first, with colons between.";
        "vlan_id" Kind::Int16, Fields &[&vlan::ID], "Number of its outermost VLAN.";
        "eth_src" Kind::Utf8, Fields &[&ethernet::SRC], "Hardware address of the sender of the frame.";
        "eth_dst" Kind::Utf8, Fields &[&ethernet::DST], "Hardware address of the receiver of the frame.";
        "ip_version" Kind::Int16, Packet "ip.version, ipv6.version" => |row| Cell::of(row.pair().map(version)), "4 or 6.";
        "src_ip" Kind::Utf8, Packet "ip.src, ipv6.src" => |row| Cell::of(row.end(true)), "Address of the sender.";
        "dst_ip" Kind::Utf8, Packet "ip.dst, ipv6.dst" => |row| Cell::of(row.end(false)), "Address of the receiver.";
        "src_v4" Kind::Int64, Packet "ip.src" => |row| row.v4(true), "The sender's IPv4 address as a number.";
        "dst_v4" Kind::Int64, Packet "ip.dst" => |row| row.v4(false), "The receiver's IPv4 address as a number.";
        "proto" Kind::Int16, Packet "ip.proto, ipv6.nxt" => |row| Cell::of(row.tuple.map(|tuple| tuple.proto)), "IP protocol of what it carries, behind any extension headers.";
        "ttl" Kind::Int16, Fields &[&ipv4::TTL, &ipv6::HLIM], "Hops left.";
        "dscp" Kind::Int16, Fields &[&ipv4::DSCP, &ipv6::DSCP], "Code point that selects the forwarding behaviour.";
        "ecn" Kind::Int16, Fields &[&ipv4::ECN, &ipv6::ECN], "Whether routers may mark congestion, and whether one did.";
        "ip_len" Kind::Int32, Packet "ip.len, ipv6.plen" => ip_len, "Octets of the IP packet, its header included; none of a jumbogram.";
        "ip_id" Kind::Int64, Fields &[&ipv4::ID, &fragment::IDENT], "Tells which fragments belong together.";
        "frag_offset" Kind::Int32, Fields &[&ipv4::FRAG_OFFSET, &fragment::OFFSET], "Octet of the fragmented part at which this fragment begins.";
        "df" Kind::Bool, Fields &[&ipv4::DF], "Routers must drop the packet rather than cut it.";
        "mf" Kind::Bool, Fields &[&ipv4::MF, &fragment::MORE], "Another fragment follows this one.";
        "flow_label" Kind::Int32, Fields &[&ipv6::FLOW], "Keeps the packets of a flow on one path; 0 is unlabelled.";
        "src_port" Kind::Int32, Packet "tcp.srcport, udp.srcport, udplite.srcport, sctp.srcport, dccp.srcport" => |row| Cell::of(row.ports().map(|ports| ports.0)), "Port of the sender.";
        "dst_port" Kind::Int32, Packet "tcp.dstport, udp.dstport, udplite.dstport, sctp.dstport, dccp.dstport" => |row| Cell::of(row.ports().map(|ports| ports.1)), "Port of the receiver.";
        "tcp_flags" Kind::Int16, Fields &[&tcp::FLAGS], "All twelve bits of TCP's flags.";
        "tcp_seq" Kind::Int64, Fields &[&tcp::SEQ], "Number of the first octet of data, or of the SYN.";
        "tcp_ack" Kind::Int64, Fields &[&tcp::ACK_RAW], "Next octet expected, when ACK is set.";
        "icmp_type" Kind::Int16, Packet "icmp.type, icmpv6.type" => |row| Cell::of(row.icmp().map(|icmp| icmp.0)), "What ICMP reports or asks.";
        "icmp_code" Kind::Int16, Packet "icmp.code, icmpv6.code" => |row| Cell::of(row.icmp().map(|icmp| icmp.1)), "Which variant of the type.";
        "flow_id" Kind::Int64, Packet "the analysis" => |row| row.flow.map_or(Cell::Null, Cell::count), "Its flow: the number of the flow's first packet.";
        "community_id" Kind::Utf8, Packet "the Community ID specification" => |row| Cell::of(row.community.as_ref().map(CommunityId::text)), "Name of its flow that other tools give it too (version 1, seed 0).";
        "anomalies" Kind::List(&Kind::Utf8), Packets "anomaly.event" => events, "Names of what is wrong with it; none where nothing is.";
        "inner" Kind::List(&INNER), Packets "ip, ipv6" => headers, "Of a packet in a tunnel: its IP headers from the outermost in; the last is that of the row.";
    },
};
