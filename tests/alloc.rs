//! Nothing is allocated for a packet: not to find its headers, not to sum it up, not to count it.
//!
//! A test binary of its own, since the counting allocator is the whole binary's.

use std::path::Path;

use foldhash::quality::RandomState;
use ipeek::analyze::anomaly::Sighting;
use ipeek::analyze::{Analysis, Briefs, Settings};
use ipeek::capture::{Batch, Fill};
use ipeek::decode::{Layers, Packet, walk};

/// Walks, sums up and counts every packet of a batch.
fn work(batch: &Batch, hands: &mut Hands, analysis: &mut Analysis) {
    let Hands { layers, briefs, found } = hands;
    for frame in batch.frames() {
        walk::walk(&frame, layers);
        briefs.push(&Packet { frame, layers }, found);
    }
    analysis.fold(briefs, &mut []);
    briefs.clear();
    found.clear();
}

/// What is used again for every batch.
#[derive(Default)]
struct Hands {
    layers: Layers,
    briefs: Briefs,
    found: Vec<Sighting>,
}

#[test]
fn a_batch_whose_flows_are_known_allocates_nothing() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut hands = Hands::default();
    let mut analysis = Analysis::new(Settings::default(), &RandomState::default());
    let mut packets = 0;
    for entry in std::fs::read_dir(captures).expect("the captures are part of the source") {
        let path = entry.expect("a file").path();
        if !path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng") {
            continue;
        }
        let mut source = ipeek::capture::file::open(&path, 0).expect("a capture");
        let mut batch = Batch::new();
        while source.fill(&mut batch).expect("a readable capture") == Fill::Records {
            // The first time flows, chains and steps of time are made, and buffers grow.
            work(&batch, &mut hands, &mut analysis);
            let count = allocation_counter::measure(|| {
                work(&batch, &mut hands, &mut analysis);
            });
            assert_eq!(count.count_total, 0, "{}", path.display());
            packets += batch.records.len();
        }
    }
    assert!(packets > 1_000, "{packets}");
    assert_eq!(analysis.total().packets, 2 * packets as u64);
}

#[test]
fn the_counter_counts() {
    let count = allocation_counter::measure(|| drop(std::hint::black_box(vec![1u8; 100])));
    assert_eq!(count.count_total, 1);
}
