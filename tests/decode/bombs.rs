//! Packets made to cost as much as they can: the walk's depth and its steps are bounded.
//!
//! How long they take is for `cargo bench --bench walk`.

use foldhash::quality::RandomState;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::decode::Reason;
use ipeek::decode::layers::MAX_SPANS;
use ipeek::decode::walk::MOST_STEPS;
use ipeek::wire::header::Class;
use proptest::prelude::*;

use crate::bombs::{SIZE, bombs, links};
use crate::packets::{Decoded, Owned};

/// Headers of some classes that a packet may have.
const LIMITS: [(Class, usize); 3] = [(Class::Link, 4), (Class::Ip, 8), (Class::Extension, 16)];

/// Asserts the limits of one packet; whether it ended as too deep.
fn assert_bounded(name: &str, packet: &Decoded) -> bool {
    let spans = packet.layers.spans();
    assert!(spans.len() <= MAX_SPANS, "{name}");
    for (class, limit) in LIMITS {
        let of = spans.iter().filter(|span| span.layer.header().class == class).count();
        assert!(of <= limit, "{name}: {of} of {class:?} in {}", packet.chain());
    }
    assert!(packet.layers.steps as usize <= MOST_STEPS, "{name}: {} steps", packet.layers.steps);
    packet.stop().is_some_and(|(reason, ..)| reason == Reason::TooDeep)
}

#[test]
fn no_bomb_is_walked_deeper_than_there_is_room_or_in_more_steps_than_the_bound() {
    let (mut deep, mut records) = (0, PacketRecords::default());
    let mut analysis = Analysis::new(Settings::default(), &RandomState::default());
    for bomb in bombs() {
        assert!(bomb.octets.len() > SIZE - 600, "{}", bomb.name);
        let packet = Decoded::of(Owned::new(bomb.link, bomb.octets));
        deep += u64::from(assert_bounded(bomb.name, &packet));
        records.push(&packet.packet(), &mut Vec::new());
    }
    assert!(deep >= 12, "{deep} bombs end as too deep");
    analysis.fold(&mut records, &mut []);
    let stops = analysis.values.tallies("stops").unwrap();
    assert_eq!(stops.get(Reason::TooDeep as usize).packets, deep);
}

/// A list at its limit, and one that is an entry longer.
#[test]
fn a_list_of_more_than_sixty_four_entries_is_not_gone_through() {
    let log = |attributes: usize| {
        let octets = format!("02000000 {} 05000900 45", "04000100".repeat(attributes));
        crate::packets::decode(239, &octets)
    };
    assert_eq!(log(63).chain(), "nflog ip");
    assert_eq!(log(63).layers.steps, 1 + 64 + 1 + 1 + 64 + 1);
    assert_eq!(log(64).stop(), Some((Reason::Malformed, 4 + 64 * 4, 0, 64)));
    let radio = |words: usize| {
        let len = u16::try_from(8 + words * 4).unwrap_or(0).swap_bytes();
        let words = format!("02000080 {} 00000000", "00000080".repeat(words - 2));
        let frame = "d400 0000 020000000001 eeeeeeee";
        crate::packets::decode(127, &format!("0000 {len:04x} {words} 10000000 {frame}"))
    };
    // Flag 0x10, behind the words, says that a checksum follows the frame.
    assert_eq!(radio(64).get("radiotap.flags.fcs"), "true");
    assert_eq!(radio(65).get("radiotap.flags.fcs"), "-");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_chain_of_headers_takes_more_steps_than_the_bound(
        chain in prop::collection::vec(any::<prop::sample::Index>(), 1..80),
        link in prop::sample::select(vec![12_u16, 14, 101]),
    ) {
        let links = links();
        let mut octets = Vec::new();
        for place in &chain {
            octets.extend(place.get(&links));
        }
        octets.truncate(SIZE);
        let packet = Decoded::of(Owned::new(link, octets));
        assert_bounded("made", &packet);
        // All of them lead to IP, so that a long chain does end at the limit.
        let is_deep = packet.stop().is_some_and(|(reason, ..)| reason == Reason::TooDeep);
        prop_assert!(is_deep || chain.len() <= 8, "{} {:?}", packet.chain(), packet.stop());
    }
}
