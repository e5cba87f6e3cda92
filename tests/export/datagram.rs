//! Datagrams that came in fragments, shown whole: octets written down, and recordings.

use std::process::{Command, Stdio};

use ipeek::analyze::datagram::{Assembly, Datagram};
use ipeek::analyze::fragment::Fragment;
use ipeek::decode::anomaly;
use serde_json::Value;

use crate::packets::{Decoded, Owned, frames, hex};
use crate::skip::skip;

/// IPv4, UDP: "abcd" from port 4660 to 53; tcpdump -v calls both sums correct.
const DATAGRAM: &str = "
    45000020 00010000 4011a9ad c0a80067 08080808
    12340035 000c5787 61626364";
/// [`DATAGRAM`] in two fragments (RFC 791, section 3.2): eight octets with more to come, four at
/// the eighth.
const FIRST: &str = "
    4500001c 00012000 40110000 c0a80067 08080808
    12340035 000c5787";
const SECOND: &str = "
    45000018 00010001 40110000 c0a80067 08080808
    61626364";
/// Eight octets at the same place that say something else.
const OTHER_FIRST: &str = "
    4500001c 00012000 40110000 c0a80067 08080808
    ffffffff ffffffff";

/// IPv6, hop-by-hop options of padding, no next header; sixteen octets behind.
const DATAGRAM6: &str = "
    60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    fd00 0104 00000000
    0001020304050607 08090a0b0c0d0e0f";
/// [`DATAGRAM6`] in two fragments (RFC 8200, section 4.5): the options are before the fragment
/// header.
const FIRST6: &str = "
    60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    2c00 0104 00000000
    fd00 0001 00000007
    0001020304050607";
const SECOND6: &str = "
    60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    2c00 0104 00000000
    fd00 0008 00000007
    08090a0b0c0d0e0f";
/// The second, but over the last octets of the first.
const OVER6: &str = "
    60000000 00200040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    2c00 0104 00000000
    fd00 0001 00000007
    0001020304050607 08090a0b0c0d0e0f";

fn add(assembly: &mut Assembly, owned: &Owned) -> Option<Datagram> {
    let decoded = Decoded::of(owned.clone());
    let packet = decoded.packet();
    Fragment::of(&packet).and_then(|piece| assembly.add(&packet, &piece))
}

/// What those packets, a second apart, make whole.
fn datagrams(packets: &[&str]) -> Vec<Datagram> {
    let mut assembly = Assembly::default();
    let packets = (1_u8..).zip(packets).map(|(number, octets)| {
        let mut owned = Owned::new(101, hex(octets));
        owned.number = number.into();
        owned.time = Some(i64::from(number) * 1_000_000_000);
        owned
    });
    packets.filter_map(|owned| add(&mut assembly, &owned)).collect()
}

#[test]
fn fragments_in_any_order_are_the_datagram_that_was_sent() {
    for (packets, datagram, last) in [
        (&[FIRST, SECOND][..], DATAGRAM, 2),
        (&[SECOND, FIRST], DATAGRAM, 2),
        // Again, which is no harm.
        (&[FIRST, FIRST, SECOND], DATAGRAM, 3),
        // What came first stays.
        (&[FIRST, OTHER_FIRST, SECOND], DATAGRAM, 3),
        (&[FIRST6, SECOND6], DATAGRAM6, 2),
        (&[SECOND6, FIRST6], DATAGRAM6, 2),
    ] {
        let whole = datagrams(packets);
        assert_eq!(whole.len(), 1, "{packets:?}");
        assert_eq!(whole[0].octets, hex(datagram), "{packets:?}");
        assert_eq!(whole[0].packet, last);
    }
}

#[test]
fn nothing_is_made_up() {
    for packets in [
        &[FIRST][..],
        &[SECOND, SECOND],
        // RFC 5722, section 4: fragments that overlap spoil the datagram.
        &[FIRST6, OVER6, SECOND6],
        // Whole, and dressed as nothing else.
        &[DATAGRAM, DATAGRAM6],
    ] {
        assert_eq!(datagrams(packets), [], "{packets:?}");
    }
    // RFC 8200, section 4.5: sixty seconds.
    for (nanos, count) in [(60_000_000_000, 1), (60_000_000_001, 0)] {
        let (mut assembly, mut first) = (Assembly::default(), Owned::new(101, hex(FIRST)));
        first.time = Some(0);
        let mut second = Owned::new(101, hex(SECOND));
        (second.number, second.time) = (2, Some(nanos));
        let whole = [first, second].iter().filter_map(|owned| add(&mut assembly, owned)).count();
        assert_eq!(whole, count, "{nanos}");
    }
}

#[test]
fn octets_that_are_waited_for_have_a_bound_and_what_goes_is_counted() {
    let mut assembly = Assembly::default();
    for number in 0..600_u16 {
        let mut bytes = hex(FIRST);
        bytes.resize(20 + 60_000, 0);
        bytes[2..4].copy_from_slice(&60_020_u16.to_be_bytes());
        bytes[4..6].copy_from_slice(&number.to_be_bytes());
        let mut owned = Owned::new(101, bytes);
        owned.number = u64::from(number) + 1;
        assert_eq!(add(&mut assembly, &owned), None);
    }
    let counts = assembly.counts();
    // 16 MiB hold 278 of them, and one more has room.
    assert_eq!((counts.missing, counts.evicted, counts.whole), (279, 321, 0));
}

/// Pings of 4,000 octets: the checksum of each message is right only over all of it.
#[test]
fn recorded_pings_are_whole_and_their_checksums_right() {
    let (mut assembly, mut count) = (Assembly::default(), 0);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/fragments.pcap");
    for owned in frames(&path) {
        let Some(whole) = add(&mut assembly, &owned) else { continue };
        count += 1;
        whole.show(|packet| {
            anomaly::each(packet, true, &mut |found| {
                assert!(!found.row().id.contains("checksum"), "{}", found.row().id);
            });
        });
    }
    assert_eq!(count, 14);
}

fn ipeek(args: &[&str]) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    program.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).stdin(Stdio::null());
    let output = program.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_fragment_that_completes_a_datagram_shows_it() {
    let fragments = "captures/fragments.pcap";
    let ask = ["read", fragments, "-Y", "frame.number == 5", "--reassemble", "-T"];
    let (_, json) = ipeek(&[&ask[..], &["json"]].concat());
    let events: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whole =
        &events.iter().find(|event| event["event_type"] == "packet").unwrap()["reassembled"];
    assert_eq!(whole["packets"], serde_json::json!([3, 4, 5]));
    assert_eq!(whole["len"], 4028);
    assert_eq!(whole["layers"][0]["ip"]["len"], 4028);
    assert_eq!(whole["layers"][0]["ip"]["checksum_status"], "good");
    assert_eq!(whole["layers"][1]["icmp"]["type"], 8);
    let summary = events.last().unwrap();
    assert_eq!((&summary["packets"], &summary["reassembled"]["whole"]), (&1.into(), &14.into()));
    for (format, words) in [
        ("packets", "= packets 3, 4, 5 whole"),
        ("tree", "Reassembled packets 3, 4, 5: 4028 octets"),
    ] {
        let (code, text) = ipeek(&[&ask[..], &[format]].concat());
        assert_eq!(code, Some(0));
        assert!(text.contains(words), "{text}");
        assert!(text.ends_with("reassembled: 14 whole, 0 incomplete or contradictory\n"), "{text}");
    }
    // Without the option nothing of it; and not where nothing could be shown.
    let (_, plain) = ipeek(&["read", fragments, "-T", "json"]);
    assert!(!plain.contains("reassembled"));
    assert_eq!(ipeek(&["read", fragments, "--reassemble", "-T", "csv"]).0, Some(2));
}

/// Frames that tshark 4.0.17 reassembles, of captures without overlaps.
#[test]
fn real_captures_are_reassembled_where_tshark_does() {
    let Some(oracle) = crate::packets::oracle() else { skip!(Oracle) };
    for (name, count) in [
        ("ndpi__default-dns_fragmented.pcap", 7),
        ("suricata__defrag-bug-6887-defrag-eth-vlan-ipv6-tcp-frag-eth-vlan-ipv6-tcp.pcap", 1),
        ("suricata__exception-policy-defrag-01-ipv4frags.pcap", 1),
        ("ndpi__default-ip_fragmented_garbage.pcap", 4),
    ] {
        let mut assembly = Assembly::default();
        let frames = frames(&oracle.join("captures").join(name));
        let whole = frames.iter().filter(|owned| add(&mut assembly, owned).is_some()).count();
        assert_eq!(whole, count, "{name}");
    }
}
