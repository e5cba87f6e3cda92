//! Nothing is allocated for a packet: not to find its headers, not to sum it up, not to count it,
//! not to filter it.
//!
//! A test binary of its own, since the counting allocator is the whole binary's.

mod filters;

use std::path::Path;

use foldhash::quality::RandomState;
use ipeek::analyze::anomalies::Occurrence;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::capture::{Batch, Fill};
use ipeek::decode::{Layers, Packet, walk};
use ipeek::filter::Filter;

use filters::FILTERS;

/// Walks, sums up and counts every packet of a batch.
fn work(batch: &Batch, hands: &mut Hands, analysis: &mut Analysis) {
    let Hands { layers, records, found } = hands;
    for frame in batch.frames() {
        walk::walk(&frame, layers);
        records.push(&Packet { frame, layers }, found);
    }
    analysis.fold(records, &mut []);
    records.clear();
    found.clear();
}

/// What is used again for every batch.
#[derive(Default)]
struct Hands {
    layers: Layers,
    records: PacketRecords,
    found: Vec<Occurrence>,
}

/// Calls `with` for every batch of the captures that come with the program.
fn each_batch(mut with: impl FnMut(&Batch, &Path)) {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    for entry in std::fs::read_dir(captures).expect("the captures are part of the source") {
        let path = entry.expect("a file").path();
        if !path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng") {
            continue;
        }
        let mut source = ipeek::capture::file::open(&path, 0).expect("a capture");
        let mut batch = Batch::new();
        while source.fill(&mut batch).expect("a readable capture") == Fill::Records {
            with(&batch, &path);
        }
    }
}

#[test]
fn a_batch_whose_flows_are_known_allocates_nothing() {
    let mut hands = Hands::default();
    let mut analysis = Analysis::new(Settings::default(), &RandomState::default());
    let mut packets = 0;
    each_batch(|batch, path| {
        // The first time flows, chains and steps of time are made, and buffers grow.
        work(batch, &mut hands, &mut analysis);
        let count = allocation_counter::measure(|| work(batch, &mut hands, &mut analysis));
        assert_eq!(count.count_total, 0, "{}", path.display());
        packets += batch.records.len();
    });
    assert!(packets > 1_000, "{packets}");
    assert_eq!(analysis.total().packets, 2 * packets as u64);
}

#[test]
fn a_filter_allocates_nothing() {
    for text in FILTERS {
        let filter = Filter::compile(text).expect("a filter");
        let (mut layers, mut passed, mut packets) = (Layers::new(), 0, 0);
        each_batch(|batch, path| {
            let count = allocation_counter::measure(|| {
                for frame in batch.frames() {
                    walk::walk(&frame, &mut layers);
                    passed += usize::from(filter.matches(&Packet { frame, layers: &layers }));
                    packets += 1;
                }
            });
            assert_eq!(count.count_total, 0, "{text}: {}", path.display());
        });
        assert!(passed < packets && packets > 1_000, "{text}: {passed} of {packets}");
    }
}

/// Threads get clones of a capture filter: none has it compiled again.
#[cfg(feature = "live")]
#[test]
fn clones_of_a_capture_filter_share_what_was_compiled() {
    let ports: Vec<String> = (1..60).map(|port| format!("port {}", port * 11)).collect();
    let expression = ports.join(" or ");
    let mut filter = None;
    let compiling = allocation_counter::measure(|| {
        filter = ipeek::capture::bpf::Bpf::new(&expression).ok();
    });
    let filter = filter.expect("a filter");
    let frame = ipeek::capture::Frame {
        number: 1,
        time: None,
        link: ipeek::capture::LinkType::ETHERNET,
        interface: 0,
        original: 60,
        bytes: &[0; 60],
        told: ipeek::capture::Told::default(),
    };
    let sharing = allocation_counter::measure(|| assert!(!filter.clone().matches(&frame)));
    // The list of programs that the clone has met; the program is one of some hundred instructions.
    let (less, more) = (sharing.bytes_total, compiling.bytes_total);
    assert!(less * 10 < more, "{less} octets for a clone, {more} to compile");
}

#[test]
fn the_counter_counts() {
    let count = allocation_counter::measure(|| drop(std::hint::black_box(vec![1u8; 100])));
    assert_eq!(count.count_total, 1);
}
