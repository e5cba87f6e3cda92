//! Anomalies that take more than one packet, or the frame itself: octets written down in a capture,
//! through the real program, which has to tell them, and where, and not to tell them of what is
//! nearly the same.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ipeek::decode::anomaly::{self, Scope};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::packets::hex;

/// IPv4 (RFC 791, section 3.1) with identification 0x1234 and TTL 64; UDP of eight octets of data,
/// which as a fragment are sixteen of anything.
const V4: &str = "
    45000024 12340000 40110000 c0a80067 08080808
    c0000035 0010aaaa 0102030405060708";
/// IPv6 (RFC 8200, section 3) with hop limit 64; the same UDP.
const V6: &str = "
    60000000 00101140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    c0000035 0010aaaa 0102030405060708";
/// IPv6, fragment header (RFC 8200, section 4.5) with identification 1, and eight octets.
const PIECE6: &str = "
    60000000 00102c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    11000001 00000001
    c0000035 0010aaaa";
/// Ethernet, IPv4, TCP without options.
const TCP: &str = "
    001b2ff07eb4 40f308c38ee1 0800
    45000028 4f2a4000 40061196 c0a80067 adfc6b04
    dc3e01bb 1e84a9d2 00000000 50022000 00000000";

/// A record: octets, those put in place of others, and what differs from a frame that is whole and
/// comes a millisecond after the one before.
#[derive(Debug, Clone, Copy)]
struct Record {
    octets: &'static str,
    patch: &'static [(usize, &'static str)],
    /// Octets that were captured; all without a number.
    captured: Option<usize>,
    /// Octets that the frame is said to have had; as many as there are without a number.
    original: Option<u32>,
    seconds: u32,
}

const fn record(octets: &'static str, patch: &'static [(usize, &'static str)]) -> Record {
    Record { octets, patch, captured: None, original: None, seconds: 0 }
}

/// A packet like [`V4`] but for what is patched.
const fn v4(patch: &'static [(usize, &'static str)]) -> Record {
    record(V4, patch)
}

/// A fragment like [`V4`]: sixteen octets at that multiple of eight, flags and offset in one word.
const P0_MORE: Record = v4(&[(6, "2000")]);
const P1_MORE: Record = v4(&[(6, "2001")]);
const P2_MORE: Record = v4(&[(6, "2002")]);
/// With other octets.
const P2_OTHER: Record = v4(&[(6, "2002"), (35, "ff")]);
const P2_LAST: Record = v4(&[(6, "0002")]);
const P3_LAST: Record = v4(&[(6, "0003")]);
const P4_MORE: Record = v4(&[(6, "2004")]);
const P4_LAST: Record = v4(&[(6, "0004")]);

/// Without a checksum, and that with another payload.
const NO_SUM: Record = v4(&[(26, "0000")]);
const NO_SUM_OTHER: Record = v4(&[(26, "0000"), (30, "ff")]);
/// Ethernet, VLAN 1, [`V4`].
const TAGGED: &str = "
    001b2ff07eb4 40f308c38ee1 8100 0001 0800
    45000024 12340000 40110000 c0a80067 08080808
    c0000035 0010aaaa 0102030405060708";

/// Fragments over IPv6, eight octets each.
const S0_MORE: Record = record(PIECE6, &[]);
const S1_MORE: Record = record(PIECE6, &[(42, "0009")]);
/// With other octets.
const S1_OTHER: Record = record(PIECE6, &[(42, "0009"), (55, "ff")]);
const S1_LAST: Record = record(PIECE6, &[(42, "0008")]);
const S2_MORE: Record = record(PIECE6, &[(42, "0011")]);
const S2_LAST: Record = record(PIECE6, &[(42, "0010")]);
/// Sixteen octets from the eighth on.
const S1_LONG: Record = record(PIECE6_LONG, &[(42, "0008")]);
const PIECE6_LONG: &str = "
    60000000 00182c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    11000001 00000001
    c0000035 0010aaaa 0102030405060708";

/// ARP (RFC 826): a host with a hardware address that ends in 0a replies to 192.168.0.1 that it has
/// 192.168.0.103.
const REPLY: &str = "
    02000000000c 02000000000a 0806
    0001 0800 06 04 0002 02000000000a c0a80067 02000000000c c0a80001";
const A_SAYS: Record = record(REPLY, &[]);
const B_SAYS: Record = record(REPLY, &[(6, B), (22, B)]);
const B: &str = "02000000000b";
/// RFC 5227, section 3: who announces an address asks for it.
const A_ANNOUNCES: Record = record(REPLY, &[(21, "01"), (38, "c0a80067")]);
const B_ANNOUNCES: Record = record(REPLY, &[(21, "01"), (6, B), (22, B), (38, "c0a80067")]);
/// RFC 5227, section 2.1.1: who asks whether an address is free has none.
const B_PROBES: Record =
    record(REPLY, &[(21, "01"), (6, B), (22, B), (28, "00000000"), (38, "c0a80067")]);
const B_HAS_ANOTHER: Record = record(REPLY, &[(6, B), (22, B), (28, "c0a80068")]);
const A_HAS_ANOTHER: Record = record(REPLY, &[(28, "c0a80069")]);
/// RFC 9568, section 7.3: the hardware address of a virtual router.
const ROUTER_SAYS: Record = record(REPLY, &[(22, "00005e000107")]);
const TAGGED_REPLY: &str = "
    02000000000c 02000000000a 8100 0001 0806
    0001 0800 06 04 0002 02000000000a c0a80067 02000000000c c0a80001";
const A_IN_VLAN_1: Record = record(TAGGED_REPLY, &[]);
const B_IN_VLAN_1: Record = record(TAGGED_REPLY, &[(6, B), (26, B)]);
const B_IN_VLAN_2: Record = record(TAGGED_REPLY, &[(6, B), (15, "02"), (26, B)]);
/// A neighbour advertisement (RFC 4861, section 4.4): solicited, and overriding what was known.
const ADVERTISEMENT: &str = "
    02000000000c 02000000000a 86dd
    60000000 00203aff fe8000000000000000000000000000aa fe8000000000000000000000000000cc
    88000000 60000000 fe8000000000000000000000000000aa 0201 02000000000a";
const A_ADVERTISES: Record = record(ADVERTISEMENT, &[]);
const B_ADVERTISES: Record = record(ADVERTISEMENT, &[(6, B), (80, B)]);
/// RFC 4861, section 7.2.7: one of several that have the address overrides nothing.
const B_IS_ANYCAST: Record = record(ADVERTISEMENT, &[(6, B), (58, "40"), (80, B)]);
/// A solicitation (RFC 4861, section 4.3) by the same address, with the sender's hardware address.
const B_SOLICITS: Record = record(
    ADVERTISEMENT,
    &[
        (6, B),
        (54, "87"),
        (58, "00"),
        (62, "fe8000000000000000000000000000dd"),
        (78, "01"),
        (80, B),
    ],
);

/// A router tells 192.168.0.103 that its packet of 100 octets to 8.8.8.8 is too big (RFC 1191,
/// section 4): 80 would have passed.
const TOO_BIG: &str = "
    45000038 00010000 40010000 0a000001 c0a80067
    0304 aaaa 0000 0050
    45000064 12344000 40110000 c0a80067 08080808 c0000035 00500000";
const TELLS: Record = record(TOO_BIG, &[]);
/// A packet that may not be cut, and its first 36 octets.
const BIG: &str = "45000064 12344000 40115736 c0a80067 08080808 c0000035 00500000 0102030405060708";
const fn big(seconds: u32, patch: &'static [(usize, &'static str)]) -> Record {
    Record { seconds, original: Some(100), ..record(BIG, patch) }
}
/// A router tells of IPv6 (RFC 4443, section 3.2): of 1,320 octets 1,280 would have passed.
const TOO_BIG6: &str = "
    60000000 00383a40 2a0100000000000000000000000000ff 26001f180000000000000000000000aa
    0200 aaaa 00000500
    60000000 05001140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    c0000035 05000000";
const TELLS6: Record = record(TOO_BIG6, &[]);
const BIG6: &str = "
    60000000 05001140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    c0000035 0500aaaa 0102030405060708";
const fn big6(seconds: u32, patch: &'static [(usize, &'static str)]) -> Record {
    Record { seconds, original: Some(1320), ..record(BIG6, patch) }
}

/// A row: link type, packets that have it, and packets that nearly do; the packet it is told of,
/// and the octets of it that it points at.
struct Story {
    id: &'static str,
    link: u32,
    odd: &'static [Record],
    even: &'static [Record],
    told_of: u64,
    octets: (u64, u64),
    value: u64,
}

const RAW: u32 = 101;
const ETHERNET: u32 = 1;

#[rustfmt::skip]
const STORIES: &[Story] = &[
    Story { id: "packet.duplicate", link: RAW, odd: &[v4(&[]), v4(&[])],
        even: &[v4(&[]), v4(&[(4, "1235")])], told_of: 2, octets: (4, 2), value: 0x1234 },
    Story { id: "packet.duplicate", link: RAW, odd: &[record(V6, &[]), record(V6, &[])],
        even: &[record(V6, &[]), record(V6, &[(46, "aaab")])], told_of: 2, octets: (46, 2), value: 0xaaaa },
    // What is carried tells packets apart where no checksum does, and so do marks and time.
    Story { id: "packet.duplicate", link: RAW, odd: &[NO_SUM, NO_SUM],
        even: &[NO_SUM, NO_SUM_OTHER], told_of: 2, octets: (4, 2), value: 0x1234 },
    Story { id: "packet.duplicate", link: RAW, odd: &[NO_SUM, NO_SUM_OTHER, NO_SUM],
        even: &[v4(&[]), v4(&[(1, "b8")])], told_of: 3, octets: (4, 2), value: 0x1234 },
    Story { id: "packet.duplicate", link: RAW, odd: &[v4(&[]), v4(&[(10, "1234")])],
        even: &[v4(&[]), Record { seconds: 1, ..v4(&[]) }], told_of: 2, octets: (4, 2), value: 0x1234 },
    Story { id: "packet.duplicate", link: ETHERNET, odd: &[record(TAGGED, &[]), record(TAGGED, &[(14, "e001")])],
        even: &[record(TAGGED, &[]), record(TAGGED, &[(14, "0002")])], told_of: 2, octets: (22, 2), value: 0x1234 },
    Story { id: "packet.routing_loop", link: RAW, odd: &[NO_SUM, v4(&[(8, "3e"), (26, "0000")])],
        even: &[NO_SUM, v4(&[(8, "3e"), (26, "0000"), (30, "ff")])], told_of: 2, octets: (8, 1), value: 62 },
    // RFC 1812, section 5.3.1: each router takes one; one less is a router captured on both sides.
    Story { id: "packet.routing_loop", link: RAW, odd: &[v4(&[]), v4(&[(8, "3e")])],
        even: &[v4(&[]), v4(&[(8, "3f")])], told_of: 2, octets: (8, 1), value: 62 },
    Story { id: "packet.routing_loop", link: RAW, odd: &[record(V6, &[]), record(V6, &[(7, "3e")])],
        even: &[record(V6, &[]), record(V6, &[(7, "3f")])], told_of: 2, octets: (7, 1), value: 62 },
    Story { id: "fragment.overlap", link: RAW, odd: &[P0_MORE, P1_MORE, P3_LAST],
        even: &[P0_MORE, P2_MORE, P4_LAST], told_of: 2, octets: (6, 2), value: 8 },
    Story { id: "fragment.overlap", link: RAW, odd: &[S0_MORE, S2_LAST, S1_LONG],
        even: &[S0_MORE, S2_LAST, S1_MORE], told_of: 3, octets: (42, 2), value: 8 },
    Story { id: "fragment.duplicate", link: RAW, odd: &[P0_MORE, P2_MORE, P2_MORE, P4_LAST],
        even: &[P0_MORE, P2_MORE, P4_LAST], told_of: 3, octets: (6, 2), value: 16 },
    // A datagram that is whole was handed on.
    Story { id: "fragment.duplicate", link: RAW, odd: &[P0_MORE, P0_MORE, P2_LAST],
        even: &[P0_MORE, P2_LAST, P0_MORE], told_of: 2, octets: (6, 2), value: 0 },
    // Only octets tell: a checksum of the header differs with its TTL.
    Story { id: "fragment.conflict", link: RAW, odd: &[P0_MORE, P2_MORE, P2_OTHER, P4_LAST],
        even: &[P0_MORE, P2_MORE, v4(&[(6, "2002"), (8, "3f")]), P4_LAST], told_of: 3, octets: (6, 2), value: 16 },
    // RFC 5722, section 4.
    Story { id: "fragment.conflict", link: RAW, odd: &[S0_MORE, S1_MORE, S1_OTHER, S2_LAST],
        even: &[S0_MORE, S1_MORE, S1_MORE, S2_LAST], told_of: 3, octets: (42, 2), value: 8 },
    // What was whole was handed on: the same number is another datagram's now.
    Story { id: "fragment.conflict", link: RAW, odd: &[P0_MORE, v4(&[(6, "2000"), (35, "ff")]), P2_LAST],
        even: &[P0_MORE, P2_LAST, v4(&[(6, "2000"), (35, "ff")])], told_of: 2, octets: (6, 2), value: 0 },
    Story { id: "fragment.two_ends", link: RAW, odd: &[P2_LAST, P4_LAST, P0_MORE],
        even: &[P2_MORE, P4_LAST, P0_MORE], told_of: 2, octets: (6, 2), value: 32 },
    Story { id: "fragment.past_end", link: RAW, odd: &[P2_LAST, P4_MORE, P0_MORE],
        even: &[P4_LAST, P2_MORE, P0_MORE], told_of: 2, octets: (6, 2), value: 32 },
    Story { id: "fragment.past_end", link: RAW, odd: &[S1_LAST, S2_MORE, S0_MORE],
        even: &[S2_LAST, S1_MORE, S0_MORE], told_of: 2, octets: (42, 2), value: 16 },
    // At the end of the capture, and after the 60 seconds of RFC 8200, section 4.5.
    Story { id: "fragment.gap", link: RAW, odd: &[P0_MORE, P4_LAST],
        even: &[P0_MORE, P4_LAST, P2_MORE], told_of: 1, octets: (6, 2), value: 0 },
    Story { id: "fragment.gap", link: RAW,
        odd: &[P0_MORE, P4_LAST, Record { seconds: 61, ..P2_MORE }, P0_MORE, P4_LAST],
        even: &[P0_MORE, P4_LAST, Record { seconds: 59, ..P2_MORE }],
        told_of: 1, octets: (6, 2), value: 0 },
    Story { id: "fragment.gap", link: RAW, odd: &[S1_LAST],
        even: &[S1_LAST, S0_MORE], told_of: 1, octets: (42, 2), value: 8 },
    Story { id: "flow.ttl.changed", link: RAW, odd: &[v4(&[]), v4(&[(4, "1235"), (8, "3f")])],
        even: &[v4(&[]), v4(&[(4, "1235")])], told_of: 2, octets: (8, 1), value: 63 },
    // The other way round is another way: TTL 63, but from the other end.
    Story { id: "flow.ttl.changed", link: RAW, odd: &[record(V6, &[]), record(V6, &[(7, "3f")])],
        even: &[record(V6, &[]), record(V6, &[(7, "3f"), (8, "2a0100000000000000000000000000bb"),
            (24, "26001f180000000000000000000000aa"), (40, "0035c000")])],
        told_of: 2, octets: (7, 1), value: 63 },
    // RFC 2474, section 3: the upper six bits; the lower two are ECN.
    Story { id: "flow.dscp.changed", link: RAW, odd: &[v4(&[]), v4(&[(1, "b8"), (4, "1235")])],
        even: &[v4(&[]), v4(&[(1, "02"), (4, "1235")])], told_of: 2, octets: (1, 1), value: 46 },
    Story { id: "flow.dscp.changed", link: RAW, odd: &[record(V6, &[]), record(V6, &[(0, "6b80")])],
        even: &[record(V6, &[]), record(V6, &[(0, "6020")])], told_of: 2, octets: (0, 2), value: 46 },
    // RFC 3168, section 5: congestion was met.
    Story { id: "flow.ecn.changed", link: RAW, odd: &[v4(&[(1, "02")]), v4(&[(1, "03"), (4, "1235")])],
        even: &[v4(&[(1, "02")]), v4(&[(1, "ba"), (4, "1235")])], told_of: 2, octets: (1, 1), value: 3 },
    Story { id: "flow.ecn.changed", link: RAW, odd: &[record(V6, &[(0, "6020")]), record(V6, &[(0, "6030")])],
        even: &[record(V6, &[(0, "6020")]), record(V6, &[(0, "6020")])], told_of: 2, octets: (0, 2), value: 3 },
    // RFC 9293, section 3.1: the checksum that the card was to fill in is 0f82.
    Story { id: "flow.checksum.offloaded", link: ETHERNET, odd: &[record(TCP, &[])],
        even: &[record(TCP, &[(50, "0f82")])], told_of: 1, octets: (50, 2), value: 0 },
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_SAYS, B_SAYS],
        even: &[A_SAYS, B_HAS_ANOTHER, A_HAS_ANOTHER, B_PROBES, A_SAYS], told_of: 2, octets: (28, 4), value: 0xc0a8_0067 },
    // An address goes over to another host, and the one before is silent, or is not.
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_SAYS, B_ANNOUNCES, B_SAYS, A_SAYS],
        even: &[A_SAYS, B_ANNOUNCES, B_SAYS], told_of: 4, octets: (28, 4), value: 0xc0a8_0067 },
    // RFC 5227, section 2.4: a host defends its address, or takes it back later.
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_SAYS, B_ANNOUNCES, Record { seconds: 9, ..A_ANNOUNCES }],
        even: &[A_SAYS, B_ANNOUNCES, Record { seconds: 11, ..A_ANNOUNCES }], told_of: 3, octets: (28, 4), value: 0xc0a8_0067 },
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_SAYS, Record { seconds: 299, ..B_SAYS }],
        even: &[A_SAYS, Record { seconds: 301, ..B_SAYS }], told_of: 2, octets: (28, 4), value: 0xc0a8_0067 },
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_IN_VLAN_1, B_IN_VLAN_1],
        even: &[A_IN_VLAN_1, B_IN_VLAN_2], told_of: 2, octets: (32, 4), value: 0xc0a8_0067 },
    Story { id: "address.conflict", link: ETHERNET, odd: &[B_SAYS, A_SAYS],
        even: &[A_SAYS, ROUTER_SAYS, B_SAYS], told_of: 2, octets: (28, 4), value: 0xc0a8_0067 },
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_ADVERTISES, B_ADVERTISES],
        even: &[A_ADVERTISES, B_IS_ANYCAST, A_ADVERTISES], told_of: 2, octets: (62, 16), value: 0xaa },
    Story { id: "address.conflict", link: ETHERNET, odd: &[A_ADVERTISES, B_SOLICITS],
        even: &[A_ADVERTISES, A_ADVERTISES], told_of: 2, octets: (22, 16), value: 0xaa },
    // RFC 1191, section 3: a host heeds what it is told, as soon as that can have come.
    Story { id: "path.black_hole", link: RAW, odd: &[TELLS, big(2, &[]), big(3, &[(4, "1235")]), big(4, &[(4, "1236")])],
        even: &[TELLS, big(2, &[]), big(3, &[(4, "1235")]), big(4, &[(2, "0050"), (4, "1236")])],
        told_of: 4, octets: (2, 2), value: 100 },
    Story { id: "path.black_hole", link: RAW, odd: &[TELLS, big(2, &[]), big(3, &[(4, "1235")]), TELLS, big(599, &[(4, "1236")])],
        even: &[TELLS, big(0, &[]), big(1, &[(4, "1235")]), big(2, &[(4, "1236")]), big(3, &[(6, "00")]), big(4, &[(16, "08080809")])],
        told_of: 5, octets: (2, 2), value: 100 },
    Story { id: "path.black_hole", link: RAW, odd: &[TELLS6, big6(2, &[]), big6(3, &[(46, "aaab")]), big6(4, &[(46, "aaac")])],
        // RFC 8201, section 4: less than 1,280 is not heeded.
        even: &[record(TOO_BIG6, &[(46, "04ff")]), big6(2, &[]), big6(3, &[(46, "aaab")]), big6(4, &[(46, "aaac")])],
        told_of: 4, octets: (4, 2), value: 1280 },
    // Cut within the TCP header, and right behind it.
    Story { id: "frame.truncated", link: ETHERNET, odd: &[Record { captured: Some(53), ..record(TCP, &[]) }],
        even: &[Record { original: Some(60), ..record(TCP, &[]) }], told_of: 1, octets: (34, 1), value: 19 },
    Story { id: "frame.captured.gt_length", link: ETHERNET, odd: &[Record { original: Some(53), ..record(TCP, &[]) }],
        even: &[Record { original: Some(54), ..record(TCP, &[]) }], told_of: 1, octets: (0, 0), value: 54 },
    // RFC 791, section 3.1: a header has at least five words.
    Story { id: "frame.malformed", link: RAW, odd: &[v4(&[(0, "44")])],
        even: &[v4(&[(0, "45")])], told_of: 1, octets: (0, 1), value: 16 },
];

/// A capture of those packets (pcap, section 5): big endian, microseconds.
fn capture(link: u32, records: &[Record]) -> NamedTempFile {
    let mut file = hex("a1b2c3d4 00020004 00000000 00000000 00040000");
    file.extend(link.to_be_bytes());
    for (at, record) in (1..).zip(records) {
        let mut bytes = hex(record.octets);
        for (at, octets) in record.patch {
            let octets = hex(octets);
            bytes[*at..at + octets.len()].copy_from_slice(&octets);
        }
        let whole = u32::try_from(bytes.len()).unwrap();
        bytes.truncate(record.captured.unwrap_or(bytes.len()));
        let captured = u32::try_from(bytes.len()).unwrap();
        // RFC 791 was written in September 1981.
        let seconds = 368_000_000 + record.seconds;
        for word in [seconds, at * 1000, captured, record.original.unwrap_or(whole)] {
            file.extend(word.to_be_bytes());
        }
        file.extend(bytes);
    }
    let temporary = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
    std::fs::write(temporary.path(), file).unwrap();
    temporary
}

fn ipeek(file: &impl AsRef<Path>, args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    program.arg("read").arg(file.as_ref()).args(args).stdin(Stdio::null()).output().unwrap()
}

fn events(file: &impl AsRef<Path>, args: &[&str]) -> Vec<Value> {
    let output = ipeek(file, args);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Anomaly events of that name, and how many the summary counts.
fn told(file: &impl AsRef<Path>, id: &str) -> (Vec<Value>, u64) {
    let all = events(file, &["--events", "anomaly,summary"]);
    let count = all.last().unwrap()["anomalies"][id]["count"].as_u64().unwrap_or(0);
    (all.into_iter().filter(|event| event["anomaly"]["event"] == id).collect(), count)
}

/// A number, or the lower half of an address.
fn number(value: &Value) -> u64 {
    let address = || match value.as_str()?.parse().ok()? {
        IpAddr::V4(address) => Some(u32::from(address).into()),
        IpAddr::V6(address) => u64::try_from(u128::from(address) & u128::from(u64::MAX)).ok(),
    };
    value.as_u64().or_else(address).unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn each_is_told_where_it_is_and_not_where_it_nearly_is() {
    for Story { id, link, odd, even, told_of, octets, value } in STORIES {
        let file = capture(*link, odd);
        let (events, count) = told(&file, id);
        let first = events.first().unwrap_or_else(|| panic!("{id} is missed"));
        assert_eq!(events.len() as u64, count, "{id}: {events:?}");
        let anomaly = &first["anomaly"];
        assert_eq!(first["pcap_cnt"], *told_of, "{id}");
        assert_eq!(
            (&anomaly["offset"], &anomaly["len"]),
            (&octets.0.into(), &octets.1.into()),
            "{id}"
        );
        assert_eq!(number(&anomaly["value"]), *value, "{id}");
        assert!(first["timestamp"].is_string() && anomaly["severity"].is_string(), "{id}");
        assert!(*link == ETHERNET || anomaly["ip_layer"].is_u64(), "{id}: {first}");
        let (events, count) = told(&capture(*link, even), id);
        assert_eq!((events.len(), count), (0, 0), "{id} is told where it is not: {events:?}");
        // With two analysts, and without events, the same is counted.
        let summary = ipeek(&file, &["-T", "summary", "--threads", "2"]);
        assert!(String::from_utf8_lossy(&summary.stdout).contains(id), "{id}");
    }
}

/// Recorded between namespaces: of two hosts with one address both answer; and the segments of a
/// host to which no message of the router comes through are sent again and again.
#[test]
fn what_hosts_in_namespaces_do_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    for (name, id, packets) in [
        ("conflict.pcap", "address.conflict", [5, 14]),
        ("blackhole.pcap", "path.black_hole", [22, 55]),
    ] {
        let (events, count) = told(&folder.join(name), id);
        let numbers = events.iter().map(|event| event["pcap_cnt"].as_u64().unwrap());
        assert_eq!((numbers.collect::<Vec<_>>(), count), (packets.to_vec(), 2), "{name}");
    }
    // Here the sender heeds what it is told.
    assert_eq!(told(&folder.join("pmtu.pcap"), "path.black_hole").1, 0);
    assert_eq!(told(&folder.join("neighbours.pcap"), "address.conflict").1, 0);
}

#[test]
fn what_a_rule_says_of_each_version_of_ip_is_cited_for_that() {
    for (id, v4, v6) in [
        ("fragment.overlap", "RFC 1858, section 4", "RFC 5722, section 4"),
        ("fragment.gap", "RFC 791, section 3.2", "RFC 8200, section 4.5"),
        ("packet.routing_loop", "RFC 1812, section 5.3.1", "RFC 8200, section 3"),
        ("address.conflict", "RFC 5227, section 2.4", "RFC 4862, section 5.4.4"),
        ("path.black_hole", "RFC 2923, section 2.1", "RFC 8201, section 4"),
    ] {
        let stories = STORIES.iter().filter(|story| story.id == id);
        let cited: BTreeSet<String> = stories
            .flat_map(|story| told(&capture(story.link, story.odd), id).0)
            .map(|event| event["anomaly"]["spec"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(cited, [v4, v6].map(String::from).into(), "{id}");
    }
}

/// More datagrams at once than are followed: 3,584.
#[test]
fn a_datagram_is_given_up_when_there_is_no_room_for_another() {
    for (datagrams, told_of) in [(3584_u32, None), (3585, Some(1))] {
        let mut file = hex("a1b2c3d4 00020004 00000000 00000000 00040000 00000065");
        for number in 0..datagrams {
            let mut bytes = hex(V4);
            bytes[4..6].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
            bytes[6] = 0x20;
            for word in [1, number, 36, 36] {
                file.extend(word.to_be_bytes());
            }
            file.extend(bytes);
        }
        let temporary = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
        std::fs::write(temporary.path(), file).unwrap();
        let (events, count) = told(&temporary, "fragment.crowded");
        assert_eq!(events.len() as u64, count);
        let first = events.first();
        assert_eq!(first.and_then(|event| event["pcap_cnt"].as_u64()), told_of, "{datagrams}");
        assert!(first.is_none_or(|event| event["anomaly"]["offset"] == 6), "{first:?}");
    }
}

/// RFC 791, section 3.1: every IPv4 link carries 68 octets, so 64 KiB come in up to 1,365 pieces of
/// 48; units of eight are allowed.
#[test]
fn a_datagram_in_hundreds_of_fragments_is_whole() {
    let mut file = hex("a1b2c3d4 00020004 00000000 00000000 00040000 00000065");
    for number in 0..800_u32 {
        // The same datagram twice over, a second and a half apart.
        let (round, piece) = (number / 400, u16::try_from(number % 400).unwrap());
        let mut bytes = hex("4500001c 12340000 40fd0000 c0a80067 08080808 0000000000000000");
        let more = if piece < 399 { 0x2000 } else { 0 };
        bytes[6..8].copy_from_slice(&(more | piece).to_be_bytes());
        bytes[20..22].copy_from_slice(&piece.to_be_bytes());
        for word in [1 + round * 2, 500_000 * (1 - round) + number, 28, 28] {
            file.extend(word.to_be_bytes());
        }
        file.extend(bytes);
    }
    let temporary = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
    std::fs::write(temporary.path(), file).unwrap();
    for id in ["fragment.gap", "fragment.duplicate", "fragment.overlap"] {
        assert_eq!(told(&temporary, id).1, 0, "{id}");
    }
}

/// RFC 2473, section 4.1.1: nesting has a limit.
#[test]
fn headers_within_one_another_are_followed_so_deep_and_no_deeper() {
    let nested = |count: u8| {
        let mut bytes = hex("45000014 00010000 40040000 c0a80067 08080808").repeat(count.into());
        for (at, left) in (0..usize::from(count)).zip((1..=count).rev()) {
            bytes[at * 20 + 3] = left * 20;
        }
        bytes[usize::from(count) * 20 - 11] = 253;
        let mut file =
            hex("a1b2c3d4 00020004 00000000 00000000 00040000 00000065 00000001 00000000");
        for _ in 0..2 {
            file.extend((u32::from(count) * 20).to_be_bytes());
        }
        file.extend(bytes);
        let temporary = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
        std::fs::write(temporary.path(), file).unwrap();
        told(&temporary, "frame.too_deep").1
    };
    assert_eq!((nested(8), nested(9)), (0, 1));
}

/// The first octets are no header that is known by that link type (147: reserved for private use).
#[test]
fn a_frame_of_an_unknown_link_type_is_told() {
    for (link, count) in [(147, 1), (RAW, 0)] {
        let (events, counted) = told(&capture(link, &[v4(&[])]), "frame.link_type.unknown");
        assert_eq!((events.len(), counted), (count, count as u64));
    }
}

/// No octet of the packet says it; and nothing lasts less than no time.
#[test]
fn a_clock_that_was_set_back_is_told_and_no_time_is_negative() {
    let (first, second, third) = (v4(&[]), v4(&[(4, "1235")]), v4(&[(4, "1236")]));
    let late = |record| Record { seconds: 9, ..record };
    for (records, told_of) in
        [([late(first), second, late(third)], Some(2)), ([first, late(second), late(third)], None)]
    {
        let file = capture(RAW, &records);
        let (events, count) = told(&file, "frame.time.backwards");
        assert_eq!((events.len(), count), (told_of.iter().count(), told_of.iter().count() as u64));
        assert_eq!(events.first().and_then(|event| event["pcap_cnt"].as_u64()), told_of);
        assert!(events.iter().all(|event| event["anomaly"].get("offset").is_none()));
        let flow = crate::anomaly::events(&file, &["--events", "flow"]);
        let age = flow.last().and_then(|flow| flow["flow"]["age"].as_u64());
        assert_eq!(age, Some(9), "{flow:?}");
        let text = ipeek(&file, &["-T", "summary"]).stdout;
        assert!(String::from_utf8_lossy(&text).contains("in 9.0 s"), "{records:?}");
    }
}

#[test]
fn every_row_of_the_table_is_held_against_packets_that_have_it_and_that_do_not() {
    let apart =
        ["fragment.crowded", "frame.time.backwards", "frame.too_deep", "frame.link_type.unknown"];
    let tested: BTreeSet<&str> = crate::decode::anomaly::tested()
        .chain(STORIES.iter().map(|story| story.id))
        .chain(apart)
        .collect();
    // What no packet tells is held against events, in the laws of order.
    let rows = anomaly::rows().filter(|row| row.scope != Scope::Interface);
    assert_eq!(rows.map(|row| row.id).collect::<BTreeSet<_>>(), tested);
}

/// A filter that runs over packets in order knows of several; what is told only later is refused.
#[test]
fn a_filter_selects_the_packets_that_several_tell() {
    for Story { id, link, odd, told_of, .. } in STORIES {
        let (file, filter) = (capture(*link, odd), format!("anomaly == \"{id}\""));
        if *id == "fragment.gap" {
            let output = ipeek(&file, &["-Y", &filter]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("--events anomaly"), "{said}");
            continue;
        }
        for threads in ["1", "2"] {
            let args = ["-Y", &filter, "-T", "json", "--threads", threads];
            let all = events(&file, &args);
            let kinds = |kind: &str| all.iter().filter(|event| event["event_type"] == kind).count();
            let first = all.iter().find(|event| event["event_type"] == "packet");
            assert_eq!(
                first.map(|event| event["pcap_cnt"].clone()),
                Some((*told_of).into()),
                "{id}"
            );
            let summary = all.last().unwrap();
            assert_eq!(summary["packets"], kinds("packet"), "{id}");
            // What passes is counted with what it passed for.
            let of_it = all.iter().filter(|event| event["anomaly"]["event"] == *id).count();
            assert_eq!(of_it, kinds("packet"), "{id}");
            if !id.starts_with("flow.") {
                assert_eq!(summary["anomalies"][id]["count"], of_it, "{id}");
            }
        }
        let bare =
            ipeek(&file, &["-Y", &filter, "-T", "fields", "-e", "frame.number,anomaly.event"]);
        drop(bare);
    }
}
