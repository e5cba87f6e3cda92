//! Folding parts and merging equals folding the whole; what is evicted is not lost to the totals.

use foldhash::quality::RandomState;
use ipeek::analyze::statistic::{Entry, Names, ROWS, Value, Values};
use ipeek::analyze::{Analysis, Settings, Tally};
use proptest::prelude::*;

use super::books::{assert_same, books, counts, folded};
use super::synthetic::{Made, packets};
use crate::packets::{Owned, bundled, captures, frames};

/// Parts of `packets` by `part_of`, merged in the order of their numbers turned by `first`.
fn merged(
    packets: &[Owned],
    settings: Settings,
    parts: usize,
    first: usize,
    part_of: impl Fn(usize) -> usize,
) -> Analysis {
    let seed = RandomState::default();
    let mut whole = Analysis::new(settings, &seed);
    for part in (0..parts).map(|part| (part + first) % parts) {
        let own = packets.iter().enumerate().filter(|(at, _)| part_of(*at) % parts == part);
        whole.merge(folded(own.map(|(_, owned)| owned), settings, &seed, 64));
    }
    whole
}

fn whole(packets: &[Owned], settings: Settings) -> Analysis {
    folded(packets.iter(), settings, &RandomState::default(), 64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_of_made_packets_merge_into_the_whole(
        made in packets(300),
        parts in 1..5usize,
        first in 0..5usize,
        assignment in prop::collection::vec(0..5usize, 300),
    ) {
        let packets: Vec<_> = (1..).zip(&made).map(|(number, made)| made.owned(number)).collect();
        let parts = merged(&packets, Settings::default(), parts, first, |at| assignment[at]);
        assert_same(&books(&parts), &books(&whole(&packets, Settings::default())), &"");
    }

    #[test]
    fn groups_of_any_size_fold_alike(made in packets(200), group in 1..100usize) {
        let packets: Vec<_> = (1..).zip(&made).map(|(number, made)| made.owned(number)).collect();
        let seed = RandomState::default();
        let grouped = folded(packets.iter(), Settings::default(), &seed, group);
        assert_same(&books(&grouped), &books(&whole(&packets, Settings::default())), &"");
    }

    #[test]
    fn what_is_evicted_and_what_lives_is_what_was_seen(
        made in packets(300),
        flows in 1..12usize,
        parts in 1..4usize,
        assignment in prop::collection::vec(0..4usize, 300),
    ) {
        let packets: Vec<_> = (1..).zip(&made).map(|(number, made)| made.owned(number)).collect();
        let settings = Settings { flows, ..Settings::default() };
        let all = whole(&packets, Settings::default());
        let (few, merged) =
            (whole(&packets, settings), merged(&packets, settings, parts, 0, |at| assignment[at]));
        for analysis in [&few, &merged] {
            // One over is kept when the only flow of its version would have to go for itself.
            prop_assert!(analysis.live_flows() <= flows + 1);
            prop_assert_eq!(in_flows(analysis), in_flows(&all));
            assert_same(&counts(analysis), &counts(&all), &"");
        }
        prop_assert_eq!(all.evicted().flows, 0);
        let are_all_kept = few.evicted().flows == 0 && few.live_flows() == all.live_flows();
        prop_assert!(are_all_kept || all.live_flows() > flows);
        prop_assert!(!are_all_kept || all.live_flows() <= flows + 1);
    }
}

#[test]
fn one_flow_over_is_kept_where_it_is_the_only_one_of_its_version() {
    let packets = [Made::flow(0, 1), Made::flow(0, 2), Made::flow(1, 1), Made::flow(1, 2)];
    let packets: Vec<_> = (1..).zip(&packets).map(|(number, made)| made.owned(number)).collect();
    let settings = Settings { flows: 2, ..Settings::default() };
    let kept = |count: usize| {
        let few = whole(&packets[..count], settings);
        (few.live_flows(), few.evicted().flows)
    };
    assert_eq!([kept(2), kept(3), kept(4)], [(2, 0), (3, 0), (3, 1)]);
}

/// Packets and octets of all flows, those that had to go with them.
fn in_flows(analysis: &Analysis) -> Tally {
    let mut sum = analysis.evicted().tally;
    analysis.flows().for_each(|flow| sum.merge(flow.total()));
    sum
}

#[test]
fn parts_of_real_packets_merge_into_the_whole() {
    let office = captures().into_iter().find(|path| path.ends_with("office.pcapng")).unwrap();
    let office = frames(&office);
    let expected = books(&whole(&office, Settings::default()));
    for (parts, size) in [(2, 1), (2, 100), (3, 7), (5, 64)] {
        let parts = merged(&office, Settings::default(), parts, 1, |at| at / size);
        assert_same(&books(&parts), &expected, &size);
    }
}

#[test]
fn parts_of_all_bundled_packets_merge_into_the_whole() {
    let mut packets = bundled().to_vec();
    (1..).zip(&mut packets).for_each(|(number, owned)| owned.number = number);
    let expected = books(&whole(&packets, Settings::default()));
    let parts = merged(&packets, Settings::default(), 3, 2, |at| at / 10);
    assert_same(&books(&parts), &expected, &"");
}

#[test]
fn the_places_of_the_ledger_sum_to_all_packets() {
    for path in captures() {
        let packets = frames(&path);
        let analysis = whole(&packets, Settings::default());
        let octets = packets.iter().map(|owned| u64::from(owned.original)).sum();
        let all = Tally { packets: packets.len() as u64, octets };
        assert_eq!(analysis.total(), all, "{}", path.display());
        let tallies = |key: &str| analysis.values.tallies(key).unwrap();
        let hierarchy = analysis.values.get("hierarchy").unwrap();
        let Value::Tree(hierarchy) = &*hierarchy else { panic!("no tree") };
        let chains = hierarchy.stacks().iter().fold(hierarchy.others, |mut sum, make| {
            sum.merge(make.1);
            sum
        });
        let sums = ["ledger", "lengths", "interfaces"].map(|key| tallies(key).total());
        for sum in sums.into_iter().chain([chains]) {
            assert_eq!(sum, all, "{}", path.display());
        }
        let ip = tallies("ledger").get(0);
        for key in ["by_depth", "fragments", "dscp", "ttl"] {
            assert_eq!(tallies(key).total(), ip, "{key}: {}", path.display());
        }
        assert_eq!(tallies("protocols").total(), in_flows(&analysis), "{}", path.display());
    }
}

/// Asserts that every row of the table is the same of two parts that were merged as of all packets;
/// gives the keys of those to which both parts had something to add.
fn assert_merges(packets: &[Owned], about: &str) -> Vec<&'static str> {
    let (seed, settings) = (RandomState::default(), Settings::default());
    let whole = whole(packets, settings).values;
    // The later part first: no statistic may lean on the order of parts.
    let (early, late) = packets.split_at(packets.len() / 3);
    let [early, late] = [early, late].map(|part| folded(part.iter(), settings, &seed, 64).values);
    let mut merged = late.clone();
    merged.merge(&early);
    let mut both = Vec::new();
    for row in ROWS {
        let read = |values: &Values| row.read(values, &Names::default());
        assert_eq!(read(&merged), read(&whole), "{about}: {}", row.key);
        if read(&whole) != read(&early) && read(&whole) != read(&late) {
            both.push(row.key);
        }
    }
    both
}

#[test]
fn every_statistic_of_parts_merges_into_that_of_the_whole() {
    for path in captures() {
        assert_merges(&frames(&path), &path.display().to_string());
    }
}

/// Of a statistic that stands still the laws say nothing.
#[test]
fn made_packets_move_every_statistic_in_both_parts() {
    let keys: Vec<_> = ROWS.iter().map(|row| row.key).collect();
    let made = Made::of_every_kind();
    let made: Vec<_> = (1..).zip(&made).map(|(number, made)| made.owned(number)).collect();
    assert_eq!(assert_merges(&made, "made"), keys);
}

#[test]
fn every_statistic_counts_something_of_the_bundled_packets() {
    let analysis = whole(bundled(), Settings::default());
    for row in ROWS {
        let is_counted = |entry: &Entry| entry.tally != Tally::default() || entry.detail.is_some();
        let entries = row.read(&analysis.values, &Names::default());
        assert!(entries.iter().any(is_counted), "{}", row.key);
        let mut keys: Vec<_> = entries.iter().map(|entry| &entry.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), entries.len(), "two entries of '{}' have one key", row.key);
    }
}
