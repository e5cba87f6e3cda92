//! What is told from several packets: duplicates, loops, fragments; in any number of batches.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::IpAddr;

use foldhash::quality::RandomState;
use ipeek::analyze::anomalies::{Anomalies, Counted};
use ipeek::analyze::fragment::reassemble;
use ipeek::analyze::order::{CaptureOrder, Notes};
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::base::timestamp::Timestamp;
use ipeek::capture::event::What;
use ipeek::capture::{Batch, Event};
use ipeek::decode::anomaly::{self, Scope};
use ipeek::decode::tuple::Pair;
use proptest::prelude::*;

use crate::packets::{Decoded, Owned, hex};

/// IPv4 with identification 0x1234, TTL 64 and UDP of eight octets of data.
const DATAGRAM: &str = "
    45000024 12340000 40110000 c0a80067 08080808
    c0000035 0010aaaa 0102030405060708";

/// What a packet differs in: octet, value.
type Change = &'static [(usize, u8)];

fn packet(number: u64, changes: Change) -> Owned {
    let mut bytes = hex(DATAGRAM);
    for &(at, value) in changes {
        bytes[at] = value;
    }
    let mut owned = Owned::new(101, bytes);
    owned.number = number;
    owned.time = Some(i64::try_from(number).unwrap() * 1_000_000);
    owned
}

/// The analysis of packets in batches of that size.
fn analysis(packets: &[Owned], size: usize) -> Analysis {
    let (settings, seed) = (Settings::default(), RandomState::default());
    let mut order = CaptureOrder::new(seed.clone());
    let mut whole = Analysis::new(settings, &seed);
    for batch in packets.chunks(size) {
        let (mut notes, mut records) = (Notes::default(), PacketRecords::default());
        for owned in batch {
            let decoded = Decoded::of(owned.clone());
            let packet = decoded.packet();
            notes.see(&packet);
            records.push(&packet, &mut notes.found);
        }
        order.go_through(&mut notes, &mut records, |number| {
            batch.iter().find(|owned| owned.number == number).map(Owned::frame)
        });
        notes.count(&mut whole.anomalies, &records);
        whole.fold(&mut records, &mut []);
    }
    whole.end(&mut order);
    whole
}

/// Rows about more than one packet that were counted.
fn many(packets: &[Owned]) -> Vec<(&'static str, u64, u64)> {
    // The packets here have no checksums.
    let told = |c: &Counted| {
        !matches!(c.row.scope, Scope::Packet | Scope::Deep) && c.row.id != "flow.checksum.offloaded"
    };
    let counted = analysis(packets, 1000).anomalies();
    counted.iter().filter(|c| told(c)).map(|c| (c.row.id, c.count, c.first)).collect()
}

fn packets(changes: &[Change]) -> Vec<Owned> {
    (1..).zip(changes).map(|(number, changes)| packet(number, changes)).collect()
}

const OTHER_ID: Change = &[(5, 0x35)];
const HOP_LESS: Change = &[(8, 63)];
const HOPS_LESS: Change = &[(8, 62)];
const OTHER_SUM: Change = &[(26, 0xbb)];

#[test]
fn the_same_packet_again_is_a_duplicate_and_one_that_differs_is_not() {
    assert_eq!(many(&packets(&[&[], OTHER_ID, &[]])), [("packet.duplicate", 1, 3)]);
    assert_eq!(many(&packets(&[&[], OTHER_ID, OTHER_SUM])), []);
    // The batch before is remembered as far as that.
    let again = analysis(&packets(&[&[], OTHER_ID, &[]]), 1).anomalies();
    assert!(again.iter().any(|c| (c.row.id, c.count, c.first) == ("packet.duplicate", 1, 3)));
    // Beyond the window nothing is known.
    for (between, count) in [(63, 1), (64, 0)] {
        let mut all = packets(&[&[]]);
        all.extend((0..between).map(|n| {
            let mut other = packet(2 + u64::from(n), &[]);
            (other.bytes[4], other.bytes[5]) = (0x80, n);
            other
        }));
        all.push(packet(2 + u64::from(between), &[]));
        let found: u64 = many(&all).iter().map(|row| row.1).sum();
        assert_eq!(found, count, "{between}");
    }
}

#[test]
fn a_packet_with_ever_fewer_hops_goes_round_and_one_hop_is_a_router() {
    let ttl = ("flow.ttl.changed", 1, 1);
    assert_eq!(many(&packets(&[&[], HOP_LESS])), [ttl]);
    let all = many(&packets(&[&[], HOP_LESS, HOPS_LESS]));
    assert_eq!(all, [("packet.routing_loop", 1, 3), ttl]);
}

#[test]
fn a_flow_whose_packets_have_one_ttl_is_not_odd() {
    assert_eq!(many(&packets(&[&[], OTHER_ID])), []);
    assert_eq!(many(&packets(&[OTHER_ID, HOP_LESS])), [("flow.ttl.changed", 1, 1)]);
}

/// RFC 2474, section 3: the upper six bits are the code point; RFC 3168, section 5: the lower two
/// are ECN, 01 and 10 capable, 11 congestion.
#[test]
fn a_flow_whose_code_points_change_one_way_is_odd() {
    let (dscp, ecn) = (("flow.dscp.changed", 1, 1), ("flow.ecn.changed", 1, 1));
    // The other way: addresses and ports turned round.
    let turned = [(1, 0xb8), (12, 8), (13, 8), (14, 8), (15, 8), (16, 0xc0), (17, 0xa8), (18, 0)];
    let ports = [(19, 0x67), (20, 0), (21, 53), (22, 0xc0), (23, 0)];
    let classes = |classes: &[u8]| {
        let packets: Vec<Owned> = (1..)
            .zip(classes)
            .map(|(number, &class)| {
                let mut owned = packet(number, &[]);
                (owned.bytes[1], owned.bytes[5]) = (class, u8::try_from(number).unwrap());
                owned
            })
            .collect();
        many(&packets)
    };
    assert_eq!(classes(&[0xb8, 0xb8, 0xb8]), []);
    assert_eq!(classes(&[0xb8, 0x00]), [dscp]);
    assert_eq!(classes(&[0x00, 0xb8, 0x00]), [dscp]);
    assert_eq!(classes(&[0x02, 0x02]), []);
    assert_eq!(classes(&[0x02, 0x01]), [ecn]);
    assert_eq!(classes(&[0x02, 0x03]), [ecn]);
    assert_eq!(classes(&[0x02, 0x00]), [ecn]);
    assert_eq!(classes(&[0x8a, 0x03]), [dscp, ecn]);
    let both = |other: &[(usize, u8)]| {
        let mut all = packets(&[&[], OTHER_ID]);
        for &(at, value) in other {
            all[1].bytes[at] = value;
        }
        many(&all)
    };
    assert_eq!(both(&[&turned[..], &ports].concat()), []);
    assert_eq!(both(&[(1, 0xb8)]), [dscp]);
}

/// RFC 3168, sections 6.1.1, 6.1.4 and 6.1.5: TCP's SYN, pure acknowledgements and what is sent
/// again are without ECN.
#[test]
fn tcp_goes_with_and_without_ecn() {
    let tcp = "45000028 00010000 40060000 c0a80067 08080808
        c0000050 00000001 00000001 50100400 00000000";
    let with = |classes: [u8; 2]| {
        let packets: Vec<Owned> = (1..)
            .zip(classes)
            .map(|(number, class)| {
                let mut owned = Owned::new(101, hex(tcp));
                owned.number = number;
                (owned.bytes[1], owned.bytes[5]) = (class, u8::try_from(number).unwrap());
                owned
            })
            .collect();
        many(&packets)
    };
    assert_eq!(with([0, 2]), []);
    assert_eq!(with([1, 2]), [("flow.ecn.changed", 1, 1)]);
    assert_eq!(with([2, 3]), [("flow.ecn.changed", 1, 1)]);
}

/// A piece of 16 octets at that offset in units of eight, followed by more or not.
fn piece(number: u64, offset: u8, more: bool) -> Owned {
    let mut owned = packet(number, &[]);
    (owned.bytes[6], owned.bytes[7]) = (if more { 0x20 } else { 0 }, offset);
    owned
}

#[test]
fn fragment_faults_are_told_and_a_whole_datagram_is_none() {
    let whole = || vec![piece(1, 0, true), piece(2, 2, true), piece(3, 4, false)];
    let cases: [(&str, Vec<Owned>); 7] = [
        ("", whole()),
        ("", [whole(), vec![piece(4, 4, false)]].concat()),
        ("fragment.overlap", vec![piece(1, 0, true), piece(2, 1, true), piece(3, 3, false)]),
        ("fragment.two_ends", [whole(), vec![piece(4, 6, false)]].concat()),
        ("fragment.past_end", vec![piece(1, 2, false), piece(2, 4, true)]),
        ("fragment.gap", vec![piece(1, 0, true), piece(3, 4, false)]),
        ("fragment.duplicate", vec![piece(1, 0, true), piece(2, 2, true), piece(3, 2, true)]),
    ];
    for (id, pieces) in cases {
        let found = many(&pieces).into_iter().map(|row| row.0);
        // A piece that came twice is a packet that did.
        let found: Vec<_> = found.filter(|id| *id != "packet.duplicate").collect();
        if id.is_empty() {
            assert!(found.is_empty(), "{found:?}");
        } else if id == "fragment.two_ends" {
            // A whole datagram is over: the next piece begins another, which stays open.
            assert_eq!(found, ["fragment.gap"]);
        } else {
            assert!(found.contains(&id), "{id}: {found:?}");
        }
    }
    let ends = vec![piece(1, 2, false), piece(2, 4, false), piece(3, 0, true)];
    assert!(many(&ends).iter().any(|row| row.0 == "fragment.two_ends"));
}

#[test]
fn datagrams_beyond_the_room_are_given_up_and_counted() {
    let pieces: Vec<_> = (1..=4200_u64)
        .map(|number| {
            let mut piece = piece(number, 0, true);
            piece.time = Some(1);
            piece.bytes[4..6].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
            piece
        })
        .collect();
    let all = many(&pieces);
    let count = |id: &str| all.iter().find(|row| row.0 == id).map_or(0, |row| row.1);
    assert_eq!(count("fragment.crowded") + count("fragment.gap"), 4200, "{all:?}");
    assert!(count("fragment.crowded") > 50, "{all:?}");
}

#[test]
fn later_fragments_belong_to_the_flow_of_the_first() {
    let analysis = analysis(&[piece(1, 0, true), piece(2, 2, false)], 1);
    let flows: Vec<_> = analysis.flows().collect();
    assert_eq!(flows.len(), 1, "{flows:?}");
    assert_eq!((flows[0].number, flows[0].total().packets), (1, 2));
    // Ports 0xc000 and 0x35 of the datagram above.
    assert_eq!(flows[0].ports, (0xc000, 0x35));
}

/// The first comes last; each in a batch of its own, or all in one.
#[test]
fn later_fragments_that_come_first_belong_to_the_flow_of_the_first() {
    let pieces = [piece(1, 4, false), piece(2, 2, true), piece(3, 0, true)];
    for size in [1, 2, 3] {
        let analysis = analysis(&pieces, size);
        let flows: Vec<_> = analysis.flows().collect();
        assert_eq!(flows.len(), 1, "{flows:?}");
        assert_eq!((flows[0].total().packets, flows[0].ports), (3, (0xc000, 0x35)));
        assert_eq!(analysis.total().packets, 3);
    }
    // Those whose first never comes have a flow of their own.
    for size in [1, 2] {
        let analysis = analysis(&pieces[..2], size);
        let flows: Vec<_> = analysis.flows().collect();
        assert_eq!(flows.len(), 1, "{flows:?}");
        assert_eq!((flows[0].total().packets, flows[0].ports), (2, (0, 0)));
    }
    // As many wait as 64 KiB have on an Ethernet: what is beyond that is not lost.
    let all: Vec<_> =
        (1_u8..=100).map(|number| piece(number.into(), 201 - 2 * number, true)).collect();
    let flows = analysis(&all, 7).flows().map(|flow| flow.total().packets).sum::<u64>();
    assert_eq!(flows, 100);
}

/// IPv4 in IPv4 in two fragments (RFC 2003; RFC 791, section 3.2): [`DATAGRAM`] with TTL 63 but for
/// its last four octets, and those.
const TUNNEL: [&str; 2] = [
    "45000034 07772000 40040000 0a000001 0a000002
     45000024 12340000 3f110000 c0a80067 08080808
     c0000035 0010aaaa 01020304",
    "45000018 07770004 40040000 0a000001 0a000002
     05060708",
];

#[test]
fn fragments_of_a_tunnel_belong_to_the_flow_within() {
    for order in [[0, 1], [1, 0]] {
        let packets: Vec<_> = (1..)
            .zip(order)
            .map(|(number, which)| {
                let mut owned = Owned::new(101, hex(TUNNEL[which]));
                owned.number = number;
                owned
            })
            .collect();
        for size in [1, 2] {
            let analysis = analysis(&packets, size);
            let flows: Vec<_> = analysis.flows().collect();
            assert_eq!(flows.len(), 1, "{flows:?}");
            let pair = Pair::V4(0xc0a8_0067, 0x0808_0808);
            assert_eq!((flows[0].total().packets, flows[0].ports), (2, (0xc000, 0x35)));
            assert_eq!((flows[0].pair, flows[0].ttl[0]), (pair, [63, 63]));
            assert_eq!(analysis.paths.chain(flows[0].path).len(), 1);
        }
        assert_eq!(many(&packets), []);
    }
}

#[test]
fn a_datagram_is_put_together_when_nothing_is_missing() {
    let pieces: [(u32, &[u8], bool); 3] =
        [(8, b"peeks at", true), (0, b"ipeek   ", true), (16, b" IP", false)];
    assert_eq!(reassemble(&pieces).unwrap(), b"ipeek   peeks at IP");
    assert_eq!(reassemble(&pieces[1..]), None);
    assert_eq!(reassemble(&pieces[..2]), None);
    assert_eq!(reassemble(&[(65_528, b"12345678", false)]), None);
}

#[test]
fn what_happens_to_an_interface_is_counted_behind_the_packets_it_came_with() {
    let address = IpAddr::from([192, 0, 2, 1]);
    let mut anomalies = Anomalies::default();
    for (what, id) in [
        (What::Down, "interface.down"),
        (What::Up { since: Timestamp::EPOCH }, "interface.gap"),
        (What::Mtu { before: 1500, now: 1400 }, "interface.mtu"),
        (What::AddressAdded { address, len: 24 }, "interface.address"),
        (What::AddressRemoved { address, len: 24 }, "interface.address"),
    ] {
        let mut batch = Batch { first: 8, ..Batch::default() };
        let count = |anomalies: &Anomalies| {
            anomalies.seen().find(|seen| seen.row.id == id).map_or(0, |seen| seen.count)
        };
        let before = count(&anomalies);
        anomalies.add_events(&batch);
        assert_eq!(count(&anomalies), before, "{id}");
        batch.events.push(Event { interface: 0, time: Timestamp::clamped(2), what });
        anomalies.add_events(&batch);
        assert_eq!(count(&anomalies), before + 1, "{id}");
    }
    assert!(anomalies.seen().all(|seen| seen.first == 7));
    let rows = anomaly::rows().filter(|row| row.scope == Scope::Interface);
    assert!(rows.map(|row| row.id).eq(anomalies.seen().map(|seen| seen.row.id)));
    assert_eq!(anomalies.events().len(), 5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_of_any_size_tell_the_same(
        made in prop::collection::vec((0..3u8, 60..64u8, 0..5u8, any::<bool>()), 1..200),
        size in 1..50usize,
    ) {
        let packets: Vec<_> = (1..).zip(&made).map(|(number, &(id, ttl, offset, more))| {
            let mut owned = piece(number, offset, more);
            (owned.bytes[5], owned.bytes[8]) = (id, ttl);
            owned
        }).collect();
        let books = |analysis: &Analysis| {
            let mut flows: Vec<_> = analysis.flows().map(|flow| format!("{flow:?}")).collect();
            flows.sort();
            let counts: Vec<_> = analysis.anomalies().iter().map(|c| (c.row.id, c.count, c.first)).collect();
            // Of flows the order in which their tables hold them means nothing.
            let found = analysis.all_anomalies();
            format!("{counts:?} {:?} {flows:?}", found.sightings())
        };
        prop_assert_eq!(
            books(&analysis(&packets, size)),
            books(&analysis(&packets, 1000))
        );
    }
}
