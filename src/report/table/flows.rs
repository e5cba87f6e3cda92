//! The table of flows: a row a flow, from the sender of its first packet (`fwd`) to its receiver,
//! and back (`rev`).

use super::cell::{Cell, Kind, nanos, v4, version};
use super::column::{Table, columns};
use crate::analyze::departed::End;

const FWD: usize = 0;
const REV: usize = 1;

/// The table.
pub static TABLE: Table = Table {
    name: "flows",
    meaning: "A row a flow: as it ends, then those of the end of the capture in the order they began.",
    columns: columns! {
        "file" Kind::Utf8, Flow "the run" => |row| Cell::of(row.file), "The file its packets were read from, or all with commas between; none of an interface.";
        "flow_id" Kind::Int64, Flow "the analysis" => |row| Cell::count(row.flow.number), "Number of the flow: that of its first packet.";
        "first_number" Kind::Int64, Flow "frame.number" => |row| Cell::count(row.flow.number), "Number of the first packet of this row.";
        "window" Kind::Time, Flow "the run" => |_| Cell::Null, "Where the window of time began that the row is about; none where flows are whole.";
        "ip_version" Kind::Int16, Flow "ip.version, ipv6.version" => |row| version(row.flow.pair).into(), "4 or 6.";
        "src_ip" Kind::Utf8, Flow "ip.src, ipv6.src" => |row| row.end(true).into(), "Address of the sender of the first packet.";
        "dst_ip" Kind::Utf8, Flow "ip.dst, ipv6.dst" => |row| row.end(false).into(), "Address of its receiver.";
        "src_v4" Kind::Int64, Flow "ip.src" => |row| v4(row.end(true)), "The sender's IPv4 address as a number.";
        "dst_v4" Kind::Int64, Flow "ip.dst" => |row| v4(row.end(false)), "The receiver's IPv4 address as a number.";
        "proto" Kind::Int16, Flow "ip.proto, ipv6.nxt" => |row| row.flow.proto.into(), "IP protocol, behind any extension headers.";
        "src_port" Kind::Int32, Flow "tcp.srcport, udp.srcport, udplite.srcport, sctp.srcport, dccp.srcport" => |row| Cell::of(row.ports().map(|ports| ports.0)), "Port of the sender of the first packet.";
        "dst_port" Kind::Int32, Flow "tcp.dstport, udp.dstport, udplite.dstport, sctp.dstport, dccp.dstport" => |row| Cell::of(row.ports().map(|ports| ports.1)), "Port of its receiver.";
        "icmp_type" Kind::Int16, Flow "icmp.type, icmpv6.type" => |row| Cell::of(row.icmp().map(|icmp| icmp.0)), "Type of ICMP of the first packet.";
        "icmp_code" Kind::Int16, Flow "icmp.code, icmpv6.code" => |row| Cell::of(row.icmp_code()), "Code of a message of ICMP that has no answer.";
        "icmp_id" Kind::Int32, Flow "icmp.ident, icmpv6.echo.identifier" => |row| Cell::of(row.flow.icmp_id), "Identifier of ICMP's questions and answers.";
        "vlan_id" Kind::Int16, Flow "vlan.id" => |row| Cell::of(row.vlan), "Number of its outermost VLAN.";
        "depth" Kind::Int16, Flow "ip, ipv6" => |row| row.depth.into(), "IP headers down to its own, itself included.";
        "tunnel" Kind::Utf8, Flow "ip.src, ip.dst, ipv6.src, ipv6.dst, vlan.id, vxlan.vni, gre.key" => |row| Cell::word(&row.tunnel), "What encapsulates it, the same for both directions: addresses, networks and inner VLANs, outermost first.";
        "start" Kind::Time, Flow "frame.time_epoch" => |row| Cell::of(row.time(false)), "Earliest time of its packets, in whole microseconds.";
        "start_ns" Kind::Int64, Flow "frame.time_epoch" => |row| nanos(row.time(false)), "The same in nanoseconds since 1970.";
        "end" Kind::Time, Flow "frame.time_epoch" => |row| Cell::of(row.time(true)), "Latest time of its packets, in whole microseconds.";
        "end_ns" Kind::Int64, Flow "frame.time_epoch" => |row| nanos(row.time(true)), "The same in nanoseconds since 1970.";
        "packets_fwd" Kind::Int64, Flow "the analysis" => |row| row.packets(FWD), "Packets from the sender of the first.";
        "packets_rev" Kind::Int64, Flow "the analysis" => |row| row.packets(REV), "Packets to it.";
        "octets_fwd" Kind::Int64, Flow "frame.len" => |row| row.octets(FWD), "Octets on the wire from the sender of the first packet.";
        "octets_rev" Kind::Int64, Flow "frame.len" => |row| row.octets(REV), "Octets on the wire to it.";
        "ttl_min_fwd" Kind::Int16, Flow "ip.ttl, ipv6.hlim" => |row| Cell::of(row.ttl(FWD).map(|ttl| ttl[0])), "Fewest hops left, from the sender of the first packet.";
        "ttl_max_fwd" Kind::Int16, Flow "ip.ttl, ipv6.hlim" => |row| Cell::of(row.ttl(FWD).map(|ttl| ttl[1])), "Most hops left, from the sender of the first packet.";
        "ttl_min_rev" Kind::Int16, Flow "ip.ttl, ipv6.hlim" => |row| Cell::of(row.ttl(REV).map(|ttl| ttl[0])), "Fewest hops left, to it.";
        "ttl_max_rev" Kind::Int16, Flow "ip.ttl, ipv6.hlim" => |row| Cell::of(row.ttl(REV).map(|ttl| ttl[1])), "Most hops left, to it.";
        "dscp_fwd" Kind::Int16, Flow "ip.dsfield.dscp, ipv6.tclass.dscp" => |row| Cell::of(row.dscp(FWD)), "DSCP of the outermost header of all packets from the sender of the first; none where they differ.";
        "dscp_rev" Kind::Int16, Flow "ip.dsfield.dscp, ipv6.tclass.dscp" => |row| Cell::of(row.dscp(REV)), "That of all packets to it; none where they differ.";
        "ecn_bits_fwd" Kind::Int16, Flow "ip.dsfield.ecn, ipv6.tclass.ecn" => |row| Cell::of(row.ecn(FWD)), "ECN code points of the outermost header from the sender of the first packet, a bit each: 1 Not-ECT, 2 ECT(1), 4 ECT(0), 8 CE.";
        "ecn_bits_rev" Kind::Int16, Flow "ip.dsfield.ecn, ipv6.tclass.ecn" => |row| Cell::of(row.ecn(REV)), "Those of packets to it.";
        "tcp_flags_fwd" Kind::Int16, Flow "tcp.flags" => |row| Cell::of(row.tcp(FWD)), "TCP flags from CWR to FIN seen from the sender of the first packet.";
        "tcp_flags_rev" Kind::Int16, Flow "tcp.flags" => |row| Cell::of(row.tcp(REV)), "Those seen to it.";
        "community_id" Kind::Utf8, Flow "the Community ID specification" => |row| row.community.text().into(), "Name of the flow that other tools give it too (version 1, seed 0).";
        "complete" Kind::Bool, Flow "the analysis" => |row| (row.why != End::Evicted).into(), "Whether all of it is here: false of a flow that went to make room before it ended.";
    },
};
