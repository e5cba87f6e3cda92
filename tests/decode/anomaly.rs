//! Every row of the anomaly table against octets that have it and octets that just do not.

mod cases;
mod octets;

use std::collections::HashSet;

use ipeek::decode::Packet;
use ipeek::decode::anomaly::{self, Expected};

use self::cases::*;
use self::octets::*;
use crate::packets::{Decoded, Owned, bundled, hex};

fn patched(link: u16, octets: &str, patch: Patch) -> Decoded {
    let mut bytes = hex(octets);
    for (at, octets) in patch {
        let octets = hex(octets);
        bytes[*at..at + octets.len()].copy_from_slice(&octets);
    }
    Decoded::of(Owned::new(link, bytes))
}

fn found(packet: &Packet<'_>) -> Vec<&'static str> {
    let mut all = Vec::new();
    anomaly::each(packet, true, &mut |found| all.push(found.row().id));
    all
}

/// The rows that are tested here.
pub(crate) fn tested() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.0)
}

#[test]
fn every_row_is_found_where_it_is_and_only_there() {
    let mut wrong = Vec::new();
    for Case(id, link, octets, with, without) in CASES {
        let odd = found(&patched(*link, octets, with).packet());
        if !odd.contains(id) {
            wrong.push(format!("{id} is missed, found {odd:?}"));
        }
        // What is odd as it stands is compared with another packet.
        let (link, plain) =
            if with.is_empty() && without.is_empty() { (RAW, ECHO) } else { (*link, *octets) };
        let even = found(&patched(link, plain, without).packet());
        if even.contains(id) {
            wrong.push(format!("{id} is seen where it is not, found {even:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn frames_that_lie_or_are_cut_are_found() {
    let whole = patched(ETH, TCP, &[]);
    assert!(!found(&whole.packet()).iter().any(|id| id.starts_with("frame.")));
    assert!(found(&whole.cut(40).packet()).contains(&"frame.truncated"));
    assert!(found(&patched(RAW, ECHO, &[(2, "0013")]).packet()).contains(&"frame.malformed"));
    let mut owned = whole.owned.clone();
    owned.original = 53;
    assert!(found(&Decoded::of(owned).packet()).contains(&"frame.captured.gt_length"));
    let deep = hex("45000014 00010000 40040000 c0a80067 08080808").repeat(10);
    // Each header claims no more than itself: let each hold the rest.
    let mut bytes = deep;
    for (at, left) in (0..10).zip((1..=10_u8).rev()) {
        bytes[at * 20 + 3] = left * 20;
    }
    assert!(found(&Decoded::of(Owned::new(RAW, bytes)).packet()).contains(&"frame.too_deep"));
}

/// What the end of the capture hides is no fault of the packet.
#[test]
fn a_cut_adds_nothing_but_that_it_is_cut() {
    let mut added = std::collections::BTreeMap::new();
    let mut check = |whole: &Decoded| {
        let odd = found(&whole.packet());
        for octets in 0..whole.owned.bytes.len() {
            for id in found(&whole.cut(octets).packet()) {
                if !odd.contains(&id) && id != "frame.truncated" {
                    added
                        .entry(id)
                        .or_insert_with(|| (octets, whole.owned.bytes[..octets].to_vec()));
                }
            }
        }
    };
    for owned in bundled() {
        check(&Decoded::of(owned.clone()));
    }
    for Case(_, link, octets, with, without) in CASES {
        check(&patched(*link, octets, with));
        check(&patched(*link, octets, without));
    }
    assert!(added.is_empty(), "{added:02x?}");
}

#[test]
fn a_bad_checksum_tells_the_right_one_and_where_it_stands() {
    for (packet, id, offset, value, right) in [
        // The expected sums are tcpdump's.
        (patched(ETH, TCP, &[(24, "1234")]), "ipv4.checksum.bad", 24, 0x1234, TCP_IP_SUM),
        (patched(RAW, ECHO, &[(22, "0000")]), "icmp.checksum.bad", 22, 0, 0xf7fd),
    ] {
        let mut all = Vec::new();
        anomaly::each(&packet.packet(), true, &mut |found| all.push(found));
        let found = all.iter().find(|found| found.row().id == id).expect(id);
        let mark = found.mark;
        assert_eq!((mark.offset, mark.len, mark.value), (offset, 2, value), "{id}");
        assert_eq!(mark.expected, Expected::Number(right), "{id}");
        assert_eq!(found.ip_layer, 1);
    }
}

/// Header checksum of [`TCP`].
const TCP_IP_SUM: u64 = 0x1196;

/// What an option would say is not read when its length lies, so that nothing can be wrong with it.
#[test]
fn an_option_whose_length_lies_is_odd_for_that_alone() {
    let only = |octets: &str, at: usize, option: &'static str| {
        let mut bytes = hex(octets);
        let option = hex(option);
        bytes[at..at + option.len()].copy_from_slice(&option);
        let mut all = found(&Decoded::of(Owned::new(RAW, bytes)).packet());
        all.retain(|id| id.contains("option") || id.contains("jumbo"));
        all
    };
    // Record route and timestamp, shorter than a head and longer than the header.
    for option in ["0701", "070d03", "4401", "440d02"] {
        assert_eq!(only(OPTIONS, 20, option), ["ipv4.option.length"], "{option}");
    }
    // Jumbo payload, padding that is not zero, padding that is long.
    for option in ["c2ff00000001", "010501000000", "01ff00000000"] {
        assert_eq!(only(HOP, 42, option), ["ipv6.option.length"], "{option}");
    }
    // The same with lengths that fit.
    assert_eq!(only(OPTIONS, 20, "070c03"), ["ipv4.option.pointer"]);
    assert_eq!(only(HOP, 42, "010401000000"), ["ipv6.option.only_padding", "ipv6.option.padding"]);
}

/// What the octets of a header mean hangs on its version: RFC 8200, section 3, and RFC 791, section
/// 3.1, begin with it.
#[test]
fn a_header_of_another_version_is_odd_for_that_alone() {
    let inner = |octets, patch: Patch| {
        let mut all = found(&patched(RAW, octets, patch).packet());
        all.retain(|id| *id != "ipv4.checksum.bad");
        all
    };
    // Hops, reserved flag, total length, and the source of the inner header.
    let v4: Patch = &[(20, "57"), (22, "0001"), (26, "ffff"), (28, "00"), (32, "f0000001")];
    assert_eq!(inner(V4_IN_V4, v4), ["frame.malformed", "ipv4.version"]);
    let v6: Patch = &[(20, "50"), (24, "ffff"), (27, "00"), (28, "ff02")];
    assert_eq!(inner(V6_IN_V4, v6), ["frame.malformed", "ipv6.version"]);
    // The same octets with the right version, for comparison.
    let v6: Patch = &[(24, "ffff"), (27, "00"), (28, "ff02")];
    assert!(inner(V6_IN_V4, v6).contains(&"ipv6.hop_limit.zero"));
}

/// The loopback interface of BSD, and of OpenBSD: an address family, then the packet.
#[test]
fn by_the_link_type_of_a_loopback_interface_a_host_may_talk_to_itself() {
    let to_itself = hex("45000014 00010000 40fd0000 c0a80067 c0a80067");
    let is_odd = |link, before: &str| {
        let bytes = [hex(before), to_itself.clone()].concat();
        found(&Decoded::of(Owned::new(link, bytes)).packet()).contains(&"ipv4.src.eq_dst")
    };
    assert_eq!(
        [is_odd(RAW, ""), is_odd(0, "02000000"), is_odd(108, "00000002")],
        [true, false, false]
    );
}

/// RFC 8200, section 4: extension headers are of IPv6; behind IPv4 that alone is odd.
#[test]
fn options_of_ipv6_behind_ipv4_are_odd_for_standing_there() {
    let options = "
        4500001c 00010000 40000000 c0a80067 08080808
        3b00 1d02 0000 0100";
    let mut all = found(&patched(RAW, options, &[]).packet());
    all.retain(|id| *id != "ipv4.checksum.bad");
    assert_eq!(all, ["ipv4.protocol.ipv6_only"]);
}

#[test]
fn rows_are_named_once_and_complete() {
    let mut seen = HashSet::new();
    assert_eq!(anomaly::rows().count(), anomaly::COUNT);
    assert!(anomaly::rows().count() > 100);
    for (number, row) in (0..).zip(anomaly::rows()) {
        assert!(seen.insert(row.id), "{}", row.id);
        assert!(row.meaning.ends_with('.') && row.meaning.len() >= 20, "{}", row.id);
        // A document, and where in it; registries have no sections, and two old RFCs no numbers.
        let has_section = row.source.contains(", section ") || row.source.contains(", table ");
        let is_list = row.source.starts_with("IANA ") || row.source == "tcpdump.org linktypes";
        let is_old = matches!(row.source, "RFC 768" | "RFC 792");
        assert!(has_section || is_list || is_old, "{}: {}", row.id, row.source);
        assert!(row.source6.is_none_or(|source| source.contains(", section ")), "{}", row.id);
        assert!(row.id.contains('.') && row.id.len() < 34, "{}", row.id);
        assert_eq!(anomaly::row(number).id, row.id);
    }
}

#[test]
fn what_the_gate_lets_pass_has_nothing() {
    let check = |decoded: &Decoded| {
        let packet = decoded.packet();
        let (mut gated, mut all) = (Vec::new(), Vec::new());
        anomaly::each(&packet, false, &mut |found| gated.push(found.row().id));
        anomaly::each_unguarded(&packet, false, &mut |found| all.push(found.row().id));
        assert_eq!(gated, all, "{:02x?}", packet.frame.bytes);
    };
    for owned in bundled() {
        check(&Decoded::of(owned.clone()));
    }
    for Case(_, link, octets, with, without) in CASES {
        check(&patched(*link, octets, with));
        check(&patched(*link, octets, without));
    }
    // Every octet of the usual makes, changed in every way that one octet can be.
    for octets in [TCP, UDP, UDP6, TCP6] {
        let usual = hex(octets);
        check(&patched(ETH, octets, &[]));
        for at in 0..usual.len() {
            for value in 0..=u8::MAX {
                let mut bytes = usual.clone();
                bytes[at] = value;
                // A wrong checksum alone lets everything be looked at.
                let right = summed(bytes.clone());
                check(&Decoded::of(Owned::new(ETH, bytes)));
                check(&Decoded::of(Owned::new(ETH, right)));
            }
        }
    }
}

/// With the checksum (RFC 1071) of an IPv4 header behind Ethernet made right.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[24..26].fill(0);
    let word = |at| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let folded = u16::try_from((14..34).step_by(2).map(word).sum::<u32>() % 0xffff).unwrap();
    bytes[24..26].copy_from_slice(&(!folded).to_be_bytes());
    bytes
}

/// Ethernet, IPv6, TCP with a timestamp.
const TCP6: &str = "
    001b2ff07eb4 40f308c38ee1 86dd
    60000000 00200640 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    dc3e01bb 1e84a9d2 00000001 80102000 00000000 0101080a 00000001 00000002";
