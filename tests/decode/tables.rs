//! The tables against each other: parts of a header lie beside its fixed rows and each other.

use ipeek::wire::catalogue::HEADERS;
use ipeek::wire::field::{Cover, Field, FieldKind};
use ipeek::wire::header::{Header, Reach};
use ipeek::wire::{Layer, gre};
use proptest::prelude::*;

/// First bit and the bit behind the last of a row that tiles, from the start of its part; a row
/// that is open reaches to the end of its `octets`.
fn bits(row: &Field, octets: usize) -> Option<(u64, u64)> {
    let all = octets as u64 * 8;
    if row.cover != Cover::Tile || row.kind == FieldKind::Group || u64::from(row.at) >= all {
        return None;
    }
    // Of rows that repeat in turn the first entry says where all lie.
    let open = row.width == 0 || row.repeats && !row.is_of_entry();
    let end = if open { all } else { u64::from(row.at) + u64::from(row.width) };
    Some((u64::from(row.at), end.min(all)))
}

/// A field's dotted name is its path in JSON: a plain value has no room for children.
#[test]
fn no_field_with_a_value_has_another_below_its_name() {
    for header in HEADERS {
        // Two parts may be two versions, which no packet has both of.
        let parts = header.parts.iter().map(|part| part.fields).chain([&[][..]]);
        for part in parts {
            let all: Vec<_> = header.fields.iter().chain(part).collect();
            // A group has no value of its own.
            for above in all.iter().filter(|field| field.kind != FieldKind::Group) {
                let below = |field: &&&Field| {
                    field.name.strip_prefix(above.name).is_some_and(|rest| rest.starts_with('.'))
                };
                let below = all.iter().find(below).map(|field| field.name);
                assert_eq!(below, None, "below '{}', which has a value", above.name);
            }
        }
    }
}

/// Asserts that the fixed rows, the parts and the options of a header do not overlap.
fn assert_apart(header: &Header, octets: &[u8]) {
    let mut taken: Vec<(u64, u64, &str)> = Vec::new();
    let mut take = |rows: &'static [Field], start: usize, octets: usize| {
        for row in rows {
            if let Some((at, end)) = bits(row, octets) {
                taken.push((start as u64 * 8 + at, start as u64 * 8 + end, row.name));
            }
        }
    };
    take(header.fields, 0, octets.len());
    for part in header.parts {
        if let Some((start, part_octets)) = part.of(octets) {
            assert!(start + part_octets.len() <= octets.len(), "{}: {}", header.name, part.label);
            take(part.fields, start, part_octets.len());
        }
    }
    if let Some(set) = header.options {
        for option in set.of(octets) {
            take(set.fields, option.at, option.bytes.len().min(set.layout.head));
            let head = option.bytes.len() - option.data.len();
            let row = set.row_of(&option);
            take(row.fields, option.at + head, option.data.len());
            for part in row.parts {
                // Some read an octet of the head again, in the words of the option.
                if let Some((start, octets)) = part.of(&option).filter(|(start, _)| *start >= head)
                {
                    take(part.fields, option.at + start, octets.len());
                }
            }
        }
    }
    taken.sort_unstable();
    for pair in taken.windows(2) {
        assert!(
            pair[0].1 <= pair[1].0,
            "{}: {} and {} overlap in {octets:02x?}",
            header.name,
            pair[0].2,
            pair[1].2
        );
    }
    assert!(taken.last().is_none_or(|last| last.1 <= octets.len() as u64 * 8));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_of_any_header_never_overlap(octets in prop::collection::vec(any::<u8>(), 1..90)) {
        for header in HEADERS {
            assert_apart(header, &octets);
            // As the walk cuts it, where it takes it.
            let step = header.layer.step(Reach { bytes: &octets, wire: octets.len() });
            if let Some(own) = step.ok().and_then(|step| octets.get(..step.len)) {
                assert_apart(header, own);
            }
        }
    }

    /// Where parts are told apart by the first octets, all of these are tried.
    #[test]
    fn rows_of_any_message_never_overlap(
        octets in prop::collection::vec(any::<u8>(), 8..60),
        third in any::<u8>(),
    ) {
        for first in 0..=u8::MAX {
            let mut octets = octets.clone();
            (octets[0], octets[2]) = (first, third);
            for layer in [Layer::Icmp, Layer::Icmpv6, Layer::Ppp, Layer::Llc, Layer::Null, Layer::Gre] {
                assert_apart(layer.header(), &octets);
            }
            octets[2] = first;
            for layer in [Layer::Routing, Layer::Shim6, Layer::Llc] {
                assert_apart(layer.header(), &octets);
            }
        }
    }
}

/// RFC 2784, 2890 and 2637 in a table of their own: words follow in the order checksum, key,
/// sequence, acknowledgement, each four octets, the first also where routing is present.
#[test]
fn gre_words_stand_where_the_rfcs_put_them_for_all_flags() {
    for flags in 0..=u16::MAX {
        let [high, low] = flags.to_be_bytes();
        let version = low & 7;
        if version > 1 {
            continue;
        }
        let mut header = vec![high, low, 0x08, 0x00];
        header.extend((4..40).map(|octet: u8| octet));
        let mut at = 4;
        let mut expected = Vec::new();
        if high & 0x80 != 0 || high & 0x40 != 0 {
            expected.push(("checksum", at));
            at += 4;
        }
        if high & 0x20 != 0 {
            expected.push((if version == 1 { "call" } else { "key" }, at));
            at += 4;
        }
        if high & 0x10 != 0 {
            expected.push(("sequence", at));
            at += 4;
        }
        if low & 0x80 != 0 && version == 1 {
            expected.push(("acknowledgement", at));
            at += 4;
        }
        let parts: Vec<_> = gre::HEADER
            .parts
            .iter()
            .filter_map(|part| part.of(&header).map(|(start, octets)| (part.label, start, octets)))
            .collect();
        let starts: Vec<_> = parts.iter().map(|(label, start, _)| (*label, *start)).collect();
        assert_eq!(starts, expected, "{flags:04x}");
        assert!(parts.iter().all(|(_, _, octets)| octets.len() == 4), "{flags:04x}");
        if high & 0x40 == 0 {
            let reach = Reach { bytes: &header, wire: header.len() };
            assert_eq!(Layer::Gre.step(reach).map(|step| step.len), Ok(at), "{flags:04x}");
        }
    }
}
