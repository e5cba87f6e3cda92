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
    Fragment::outermost(&packet).and_then(|piece| assembly.add(&packet, &piece))
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
        // RFC 8200, section 4.5: only the first fragment says what is behind the header.
        (&[FIRST6, &SECOND6.replace("fd00 0008", "3a00 0008")], DATAGRAM6, 2),
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
    assert_eq!(ipeek(&["read", fragments, "--reassemble"]).0, Some(2));
}

/// Of a recording of tunnels whose datagrams are in fragments, and some of those that they carry:
/// the packet that completes each, and the octets behind its header, as tshark 4.0.17 has them.
const TUNNELS: [(u64, usize); 42] = [
    (4, 1418),
    (6, 1418),
    (9, 3008),
    (12, 3008),
    (14, 1400),
    (16, 1400),
    (18, 1408),
    (20, 1408),
    (21, 3008),
    (23, 1408),
    (25, 1408),
    (26, 3008),
    (28, 1388),
    (30, 1388),
    (32, 1396),
    (34, 1396),
    (35, 3008),
    (37, 1396),
    (39, 1396),
    (40, 3008),
    (42, 1404),
    (44, 1404),
    (46, 1412),
    (48, 1412),
    (49, 3008),
    (51, 1412),
    (53, 1412),
    (54, 3008),
    (58, 1430),
    (59, 2008),
    (61, 1430),
    (62, 2008),
    (64, 1412),
    (65, 2008),
    (67, 1412),
    (68, 2008),
    (70, 1416),
    (71, 2008),
    (73, 1416),
    (74, 2008),
    (77, 3008),
    (80, 3008),
];

#[test]
fn datagrams_of_tunnels_and_in_tunnels_are_whole_where_tshark_has_them() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/tunnel-fragments.pcap");
    let mut assembly = Assembly::default();
    let mut found = Vec::new();
    for owned in frames(&path) {
        let Some(whole) = add(&mut assembly, &owned) else { continue };
        for whole in whole.chain() {
            let header = if whole.octets[0] >> 4 == 4 { 20 } else { 40 };
            found.push((whole.packet, whole.octets.len() - header));
        }
    }
    assert_eq!(found, TUNNELS);
    assert_eq!(assembly.counts().whole, 42);
}

/// The flows of what the tunnels carry have all packets: a later fragment counts for that of the
/// first.
#[test]
fn fragments_of_a_tunnel_count_for_the_flow_within_it() {
    let (_, text) = ipeek(&["read", "captures/tunnel-fragments.pcap", "--events", "flow"]);
    let mut packets = 0;
    for flow in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        if flow["event_type"] == "flow" && flow["proto"] != "UDP" {
            let inside = flow["src_ip"].as_str().unwrap();
            assert!(flow["proto"].as_str().unwrap().contains("ICMP"), "{flow}");
            assert_eq!(inside != "192.0.2.1", flow["tunnel"][0]["dest_ip"].is_string(), "{flow}");
            let [there, back] = ["pkts_toserver", "pkts_toclient"].map(|key| &flow["flow"][key]);
            packets += there.as_u64().unwrap() + back.as_u64().unwrap();
        }
    }
    // All but two ARP packets in VXLAN.
    assert_eq!(packets, 78);
}

/// Inner fragments with the same addresses and number, each of another tunnel.
#[test]
fn fragments_of_two_tunnels_are_of_two_datagrams() {
    let around = |outer: &str, inner: &str| {
        let inner = hex(inner);
        let mut bytes = hex(outer);
        bytes[3] = u8::try_from(20 + inner.len()).unwrap();
        bytes.extend(inner);
        bytes
    };
    let (one, other) = (
        "45000000 00000000 40040000 0a000001 0a000002",
        "45000000 00000000 40040000 0a000001 0a000003",
    );
    for (outers, count) in [([one, one], 1), ([one, other], 0)] {
        let mut assembly = Assembly::default();
        let packets = outers.iter().zip([FIRST, SECOND]).map(|(outer, inner)| around(outer, inner));
        let whole: Vec<_> =
            packets.filter_map(|bytes| add(&mut assembly, &Owned::new(101, bytes))).collect();
        assert_eq!(whole.len(), count);
        assert!(whole.iter().all(|whole| whole.octets == hex(DATAGRAM)));
    }
}

/// What `-w` saves of a capture, read again.
fn saved(capture: &str, name: &str) -> Vec<Owned> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let to = path.to_str().unwrap();
    let (code, _) = ipeek(&["read", capture, "-T", "summary", "--reassemble", "-w", to]);
    assert_eq!(code, Some(0));
    if let Some(words) =
        std::fs::read(&path).unwrap().get(16..20).filter(|_| name.ends_with("pcap"))
    {
        // pcap, section 4: the longest record, which no capture of fragments says of wholes.
        assert!(u32::from_ne_bytes(words.try_into().unwrap()) > 65_535);
    }
    frames(&path)
}

#[test]
fn a_datagram_is_saved_as_one_frame_whose_lengths_and_checksums_are_right() {
    // Of the tunnels: sixteen pings over IPv4, six over IPv6, two beside them, and four others.  Of
    // the 48 others tshark 4.0.17 calls 40 fragments, of fourteen datagrams.
    for (capture, count) in
        [("captures/tunnel-fragments.pcap", 28), ("captures/fragments.pcap", 22)]
    {
        for name in ["whole.pcap", "whole.pcapng"] {
            let all = saved(capture, name);
            assert_eq!(all.len(), count, "{capture}");
            for owned in all {
                let decoded = Decoded::of(owned);
                let packet = decoded.packet();
                assert_eq!(Fragment::outermost(&packet), None);
                assert_eq!(packet.layers.stop, None);
                assert_eq!(packet.frame.bytes.len(), packet.layers.end as usize);
                anomaly::each(&packet, true, &mut |found| {
                    let id = found.row().id;
                    assert!(id.ends_with("documentation") || id.contains("link_local"), "{id}");
                });
            }
        }
    }
}

#[test]
fn fragments_that_complete_no_datagram_are_saved_as_they_came() {
    let mut file = hex("a1b2c3d4 00020004 00000000 00000000 00000044 00000065");
    // The second of a datagram is missing; of another all is there.
    let other = SECOND.replace("00010001", "00020001");
    for (second, octets) in
        (1_u32..).zip([FIRST, &other, DATAGRAM, &FIRST.replace("00012000", "00022000")])
    {
        let bytes = hex(octets);
        let len = u32::try_from(bytes.len()).unwrap();
        for word in [second, 0, len, len] {
            file.extend(word.to_be_bytes());
        }
        file.extend(bytes);
    }
    let capture = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
    std::fs::write(capture.path(), file).unwrap();
    let all = saved(capture.path().to_str().unwrap(), "whole.pcap");
    let octets: Vec<_> = all.iter().map(|owned| owned.bytes.clone()).collect();
    let mut whole = hex(DATAGRAM);
    // RFC 791, section 3.1: the checksum is one less where the identification is one more.
    (whole[5], whole[11]) = (2, whole[11] - 1);
    assert_eq!(octets, [hex(DATAGRAM), whole, hex(FIRST)]);
}

/// Frames that tshark 4.0.17 reassembles, of captures without overlaps.
#[test]
fn real_captures_are_reassembled_where_tshark_does() {
    let Some(oracle) = crate::packets::oracle() else { skip!(Oracle) };
    for (name, count) in [
        ("oracle/captures/ndpi__default-dns_fragmented.pcap", 7),
        (
            "oracle/captures/suricata__defrag-bug-6887-defrag-eth-vlan-ipv6-tcp-frag-eth-vlan-ipv6-tcp.pcap",
            1,
        ),
        ("oracle/captures/suricata__defrag-bug-6887-defrag-ipv4-tcp-syn-frag-ip-tcp-syn.pcap", 1),
        ("oracle/captures/suricata__defrag-bug-6887-defrag-ipv6-tcp-frag-ip-tcp.pcap", 1),
        ("oracle/captures/suricata__exception-policy-defrag-01-ipv4frags.pcap", 1),
        ("oracle/captures/ndpi__default-ip_fragmented_garbage.pcap", 4),
        (
            "oracle-wide/captures/PcapFlowLab__tests-data-parsing-geneve-24_geneve_outer_ipv6_fragmentation.pcap",
            1,
        ),
        (
            "oracle-wide/captures/PcapPlusPlus__Tests-Pcap++Test-PcapExamples-frag_with_padding.pcap",
            1,
        ),
        ("oracle-wide/captures/PcapPlusPlus__Tests-Pcap++Test-PcapExamples-ip6_fragments.pcap", 4),
        ("oracle-wide/captures/clj-net-pcap__test-ipreassembly.pcap", 5),
        ("oracle-wide/captures/libtrace__test-traces-vlan.pcap", 10),
        ("oracle-wide/captures/pcap-analyzer__assets-frag_tcp_80_ipv4.pcap", 1),
        (
            "oracle-wide/captures/pcap4j__pcap4j-packettest-src-test-resources-IpV6ExtFragmentPacketTest.pcap",
            1,
        ),
        (
            "oracle-wide/captures/pcaps__PracticalPacketAnalysis-ppa-capture-files-ipfragments.pcap",
            8,
        ),
        ("oracle-wide/captures/pkts__pkts-core-src-test-resources-io-pkts-ipv6_frag.pcap", 1),
        ("oracle-wide/captures/rod-ix-pc-04__PR_2.pcap", 1),
        ("oracle-wide/captures/sngrep__tests-ipv6frag.pcap", 2),
        ("oracle-wide/captures/zeek-spicy-ipsec__tests-traces-ipsec_client.pcap", 3),
    ] {
        // The wider set lies beside the other, where it is.
        let path = oracle.with_file_name(name);
        if !path.exists() {
            skip!(part Oracle);
            continue;
        }
        let mut assembly = Assembly::default();
        let whole = frames(&path).iter().filter_map(|owned| add(&mut assembly, owned)).count();
        assert_eq!(whole, count, "{name}");
    }
}
