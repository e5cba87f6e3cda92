//! Filters pass as many packets as tshark's of the same words, all in a few of its runs.

use std::process::Command;

use super::oracle::{merged, ours};
use crate::skip::skip;

/// What is counted, but for the packets with headers that ipeek does not follow.  Not among them are
/// filters that tshark 4.0 answers otherwise: by the last hop of a source route instead of the
/// header's destination, not at all for slices of IPv6 addresses and of payloads behind a header.
const COUNTED: &[&str] = &[
    "ipv6",
    "arp",
    "tcp",
    "udp",
    "icmp",
    "icmpv6",
    "sctp",
    "vlan",
    "eth",
    "frame",
    "ip && ipv6",
    "ip.ttl === 64",
    "ip.ttl !== 64",
    "all ip.ttl > 32",
    "any ip.ttl > 32",
    "ip.proto == UDP",
    "ip.src == ip.dst",
    "ip.src != ip.dst",
    "ip.src < ip.dst",
    "ip.len - ip.hdr_len == 24",
    "ip.len + 14 == frame.len",
    "ip.len + 14 <= frame.len",
    "ip.id == 0",
    "ip.id & 1",
    "ip.flags.df == 1",
    "ip.flags.mf == 1 or ip.frag_offset > 0",
    "ip.frag_offset != 0",
    "ip.dsfield.ecn == 1",
    "ip.checksum == 0",
    "ip.ttl * 2 == 128",
    "ip.ttl % 2 == 0",
    "ip.ttl / 64 == 1",
    "ip.src & 255.255.0.0 == 192.168.0.0",
    "ip.src[0] == 0a",
    "ip[8] == 40",
    "ip[9] == 06",
    "ip[0] & 0x0f == 6",
    "ip[12:4] == ip[16:4]",
    "ip.version == 4",
    "tcp.port == 80",
    "tcp.srcport == tcp.dstport",
    "tcp.srcport > tcp.dstport",
    "tcp.srcport + 1 == tcp.dstport",
    "udp.srcport == udp.dstport",
    "udp.length - 8 == 0",
    "udp.length + ip.hdr_len == ip.len",
    "udp.length + ip.hdr_len < ip.len",
    "tcp.flags & 0x12 == 0x12",
    "tcp.flags == 0x10",
    "tcp.flags.syn && tcp.flags.ack",
    "tcp.flags.reset == 1",
    "tcp.flags.fin == 1",
    "tcp.hdr_len > 20",
    "tcp.hdr_len + ip.hdr_len == ip.len",
    "tcp.window_size_value == 0",
    "tcp.urgent_pointer > 0",
    "tcp.options.mss_val == 1460",
    "tcp.options.wscale.shift > 6",
    "tcp.options.timestamp.tsval",
    "tcp.option_kind == 4",
    "count(tcp.option_kind) > 3",
    "tcp[13] & 0x02",
    "tcp[13] & 2 == 2",
    "tcp[0:2] == 00:50",
    "tcp contains \"GET\"",
    "tcp contains \"HTTP\"",
    "udp contains 00:01",
    "udp[0:2] == 00:35",
    "frame contains \"http\"",
    "frame contains 00:00:00:00:00",
    "frame matches \"host\"",
    "frame matches \"^\\x00\"",
    "frame[12:2] == 08:00",
    "frame[0:6] == ff:ff:ff:ff:ff:ff",
    "frame[-1] == 00",
    "frame[0] & 1",
    "ip contains \"GET\"",
    "ip matches \"GET|POST\"",
    "eth.dst[0] & 1",
    "eth.src[0:3] == eth.dst[0:3]",
    "eth.src[0:3] == 00:00:00",
    "eth.src == eth.dst",
    "eth.type == 0x0800",
    "eth.type == 0x86dd",
    "eth.dst == eth.src || ip.src == ip.dst",
    "vlan.id == 10",
    "count(ip.src) > 1",
    "count(ip.addr) > 2",
    "count(ip.ttl) == 1",
    "max(ip.ttl) > 64",
    "min(ip.ttl) < 10",
    "max(tcp.srcport, tcp.dstport) > 40000",
    "min(udp.srcport, udp.dstport) < 1024",
    "len(eth.src) == 6",
    "abs(tcp.srcport - tcp.dstport) == 1",
    "abs(ip.len - 100) < 20",
    "frame.len != frame.cap_len",
    "frame.len == frame.cap_len",
    "frame.number <= 100",
    "frame.number % 1000 == 0",
    "frame.len & 1",
    "frame.len % 2 == 1",
    "frame.time >= \"2023-11-14 22:13:20.1\"",
    "frame.time < \"Nov 14, 2023 22:13:20.2\"",
    "frame.time_epoch > 1700000000.1",
    "frame.protocols contains \"vlan\"",
    "frame.protocols matches \"ip:tcp\"",
    "upper(frame.protocols) contains \"VLAN\"",
    "lower(frame.protocols) contains \"ip:udp\"",
    "string(frame.number) matches \"00$\"",
    "ipv6.src == fe80::/10",
    "ipv6.dst == ff00::/8",
    "ipv6.plen > 100",
    "ipv6.flow != 0",
    "ipv6.tclass != 0",
    "ipv6.src == ipv6.dst",
    "ipv6.src[0:2] == fe:80",
    "ipv6.routing",
    "ipv6.hopopts || ipv6.dstopts",
    "icmp.type == 8 || icmp.type == 0",
    "icmp.type == 3 && icmp.code == 4",
    "icmp.code != 0",
    "icmpv6.type == 135 or icmpv6.type == 136",
    "icmpv6.type >= 128",
    "arp.opcode == 1",
    "arp.opcode == 2",
    "arp.src.proto_ipv4 == arp.dst.proto_ipv4",
    "arp.src.hw_mac == eth.src",
    "gre",
    "gre.proto == 0x0800",
    "mpls",
    "mpls.ttl < 64",
    "pppoes",
    "not (tcp or udp) and ip",
    "(ip.len > 100 or ipv6.plen > 100) and !tcp",
    "tcp and not tcp.flags.ack",
    "ip.addr == 127.0.0.1",
    "ip.dst == 255.255.255.255",
    "ip.dst == 224.0.0.0/4",
];

/// Filters that tshark is given at once: more make its table too wide for it.
const AT_ONCE: usize = 20;

/// How many packets tshark counts for each filter.  A comma would end a filter there.
fn counted(capture: &std::path::Path, filters: &[&str]) -> Vec<u64> {
    let among: Vec<String> = filters.iter().map(|text| format!("!vxlan && ({text})")).collect();
    let output = Command::new("tshark")
        .args(["-n", "-q", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-r"])
        .arg(capture)
        .args(["-z", &format!("io,stat,0,{}", among.join(","))])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let row = text.lines().rfind(|line| line.contains("<>"));
    let row = row.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    // The interval, then frames and octets of each filter.
    let cells = row.split('|').skip(2).map(str::trim).filter(|cell| !cell.is_empty());
    cells.step_by(2).map(|cell| cell.parse().unwrap()).collect()
}

/// How many packets tshark passes by a filter alone.
fn passed(capture: &std::path::Path, filter: &str) -> u64 {
    super::oracle::theirs(capture, &format!("!vxlan && ({filter})")).len() as u64
}

#[test]
fn tshark_counts_as_many_packets() {
    if Command::new("tshark").arg("--version").output().is_err() {
        skip!(Tshark);
    }
    let folder = tempfile::tempdir().unwrap();
    let capture = merged(folder.path());
    let beyond = super::oracle::theirs(&capture, "vxlan");
    let (apart, together): (Vec<&str>, Vec<&str>) =
        COUNTED.iter().partition(|text| text.contains(','));
    let mut theirs: Vec<u64> =
        together.chunks(AT_ONCE).flat_map(|some| counted(&capture, some)).collect();
    theirs.extend(apart.iter().map(|text| passed(&capture, text)));
    let filters = [together, apart].concat();
    let mut differences = Vec::new();
    for ((filter, mut ours), theirs) in filters.iter().zip(ours(&capture, &filters)).zip(theirs) {
        ours.retain(|number| !beyond.contains(number));
        if ours.len() as u64 != theirs {
            differences.push(format!("{filter}: {} here, {theirs} there", ours.len()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
