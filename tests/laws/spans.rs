//! Any octets at all: no panic, and spans in order, inside the frame, bounded in number.

use foldhash::quality::RandomState;
use ipeek::analyze::statistic::{ROWS, Shape};
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::decode::layers::MAX_SPANS;
use ipeek::decode::link::LINKS;
use ipeek::decode::tuple::tuple;
use ipeek::decode::walk::MOST_STEPS;
use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use proptest::prelude::*;

use super::synthetic::{self, UNTAGGED};
use crate::packets::{Decoded, Owned, bundled, frames};

/// Decodes a frame and reads everything that can be read of it.
fn assert_sound(owned: Owned) {
    let decoded = Decoded::of(owned);
    let (bytes, layers) = (&decoded.owned.bytes, &decoded.layers);
    assert!(layers.spans().len() <= MAX_SPANS);
    let mut end = 0;
    for span in layers.spans() {
        assert!(usize::from(span.at) >= end, "{:?}", layers.spans());
        assert!(span.len > 0 && span.end() <= bytes.len(), "{:?}", layers.spans());
        end = span.end();
    }
    assert!(layers.end as usize <= bytes.len());
    assert!(layers.steps as usize <= MOST_STEPS);
    if let Some(stop) = layers.stop {
        assert!(stop.offset as usize <= bytes.len() + 60, "{stop:?}");
    }
    let mut text = Text::default();
    PacketWriter::new().write(&mut text, &decoded.packet(), None);
    assert!(serde_json::from_slice::<serde_json::Value>(&text.buffer).is_ok());
    let mut records = PacketRecords::default();
    records.push(&decoded.packet(), &mut Vec::new());
}

/// Changes to a frame: octets that are overwritten, and where it is cut.
pub(super) fn changes() -> impl Strategy<Value = (Vec<(usize, u8)>, Option<usize>)> {
    let flips = prop::collection::vec((0..200usize, any::<u8>()), 0..6);
    (flips, prop::option::of(0..200usize))
}

pub(super) fn changed(mut owned: Owned, (flips, cut): &(Vec<(usize, u8)>, Option<usize>)) -> Owned {
    for &(at, octet) in flips {
        if let Some(there) = owned.bytes.get_mut(at) {
            *there = octet;
        }
    }
    owned.bytes.truncate(cut.unwrap_or(usize::MAX));
    owned
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_or_change_of_a_bundled_packet_is_decoded_soundly(
        place in any::<prop::sample::Index>(),
        changes in changes(),
    ) {
        assert_sound(changed(place.get(bundled()).clone(), &changes));
    }

    #[test]
    fn any_octets_under_any_link_type_are_decoded_soundly(
        row in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        assert_sound(Owned::new(row.get(LINKS).number, bytes));
    }

    /// Random octets seldom make a header; each of these begins like one.
    #[test]
    fn any_octets_behind_any_protocol_number_are_decoded_soundly(
        proto in any::<u8>(),
        v6 in any::<bool>(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut packet = vec![0; if v6 { 40 } else { 20 }];
        (packet[0], packet[if v6 { 6 } else { 9 }]) = (if v6 { 0x60 } else { 0x45 }, proto);
        packet.extend(bytes);
        let at = if v6 { 4 } else { 2 };
        let len = u16::try_from(packet.len() - if v6 { 40 } else { 0 }).unwrap_or(0);
        packet[at..at + 2].copy_from_slice(&len.to_be_bytes());
        assert_sound(Owned::new(101, packet));
    }

    #[test]
    fn numbers_of_a_framed_packet_are_those_of_the_packet_alone(
        kind in 0..UNTAGGED,
        payload in 0..40usize,
        changes in changes(),
    ) {
        let framed = changed(synthetic::plain(kind, payload), &changes);
        let is_ip = match framed.bytes.get(12..15) {
            Some([0x08, 0x00, first]) => first >> 4 == 4,
            Some([0x86, 0xdd, first]) => first >> 4 == 6,
            _ => false,
        };
        prop_assume!(is_ip);
        let mut alone = Owned::new(101, framed.bytes[14..].to_vec());
        // Of one length, so that the counts are alike; more than any length in the headers, so that
        // a header that is cut is cut by the capture in both.
        let mut framed = framed;
        (framed.original, alone.original) = (70_000, 70_000);
        let (framed, alone) = (Decoded::of(framed), Decoded::of(alone));
        let numbers = |decoded: &Decoded| {
            let mut records = PacketRecords::default();
            records.push(&decoded.packet(), &mut Vec::new());
            let mut analysis = Analysis::new(Settings::default(), &RandomState::default());
            analysis.fold(&mut records, &mut []);
            let flows: Vec<_> = analysis.flows().collect();
            let rows = ROWS.iter().filter(|row| !matches!(row.shape, Shape::Tree(_)));
            let own = rows.filter(|row| row.key != "captured");
            let values: Vec<_> = own.map(|row| analysis.values.get(row.key)).collect();
            format!("{:?}", (flows, values))
        };
        prop_assert_eq!(numbers(&framed), numbers(&alone));
        let pair = |decoded: &Decoded| tuple(&decoded.owned.bytes, &decoded.layers).map(|t| t.pair);
        prop_assert_eq!(pair(&framed), pair(&alone));
    }
}

#[test]
fn every_cut_of_every_bundled_packet_is_decoded_soundly() {
    // The first packets of each capture: the later ones are much the same.
    for path in crate::packets::captures() {
        for owned in frames(&path).into_iter().take(12) {
            for captured in (0..owned.bytes.len().min(160)).step_by(3) {
                let mut cut = owned.clone();
                cut.bytes.truncate(captured);
                assert_sound(cut);
            }
        }
    }
}
