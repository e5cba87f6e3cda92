//! A hundred thousand packets of the reference set, cut or altered: none is decoded unsoundly, nor
//! in more steps than the bound.

use std::sync::atomic::{AtomicU64, Ordering};

use ipeek::decode::layers::MAX_SPANS;
use ipeek::decode::walk::{MOST_STEPS, walk_any};
use ipeek::decode::{Layers, Packet, anomaly};

use crate::packets::{Owned, frames, oracle};
use crate::skip::skip;

/// Packets that are cut or altered.
const COUNT: u64 = 100_000;

/// Steps that no packet of the set takes as it is: the bound is far beyond what networks send.
const USUAL_STEPS: u32 = 160;

/// Numbers without a pattern (xorshift, Marsaglia 2003), the same in every run.
pub(super) struct Numbers(u64);

impl Numbers {
    /// Numbers of their own for each packet, so that any of them can be made again alone.
    pub(super) fn of(packet: u64) -> Self {
        Self((packet + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % end.max(1)
    }
}

/// The octets that are worth most to a header: none, one, all, the greatest number with a sign.
const OCTETS: [u8; 6] = [0, 1, 4, 0x7f, 0x80, 0xff];

/// Cuts or alters a frame: a bit, an octet, two octets copied, a stretch left out.
pub(super) fn alter(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        // Mostly where headers are.
        let reach = if numbers.below(4) == 0 { bytes.len() } else { bytes.len().min(128) };
        let at = numbers.below(reach);
        match numbers.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..bytes.len().min(at + numbers.below(20)))),
            2 => {
                let from = numbers.below(reach.saturating_sub(2));
                if from + 2 <= bytes.len() && at + 2 <= bytes.len() {
                    bytes.copy_within(from..from + 2, at);
                }
            }
            kind => {
                let Some(octet) = bytes.get_mut(at) else { continue };
                match kind {
                    3 => *octet ^= 1 << numbers.below(8),
                    4 => *octet = OCTETS[numbers.below(OCTETS.len())],
                    _ => *octet = u8::try_from(numbers.below(256)).unwrap_or(0),
                }
            }
        }
    }
}

/// Walks a frame, in full, and looks for what is wrong with it; gives the steps it took.
fn assert_bounded(owned: &Owned, layers: &mut Layers) -> u32 {
    walk_any(owned.frame().link, &owned.bytes, owned.original as usize, layers);
    let mut end = 0;
    assert!(layers.spans().len() <= MAX_SPANS);
    for span in layers.spans() {
        assert!(usize::from(span.at) >= end && span.len > 0, "{owned:02x?}");
        end = span.end();
    }
    assert!(end <= owned.bytes.len() && layers.end as usize <= owned.bytes.len(), "{owned:02x?}");
    assert!(layers.steps as usize <= MOST_STEPS, "{} steps: {owned:02x?}", layers.steps);
    anomaly::each(&Packet { frame: owned.frame(), layers }, true, &mut |_| ());
    layers.steps
}

/// All packets of the reference set, where it is.
pub(super) fn reference() -> Option<Vec<Owned>> {
    let captures = std::fs::read_dir(oracle()?.join("captures")).unwrap();
    let mut paths: Vec<_> = captures.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let all: Vec<Owned> = paths.iter().flat_map(|path| frames(path)).collect();
    assert!(all.len() > 10_000, "{}", all.len());
    Some(all)
}

#[test]
fn a_hundred_thousand_altered_packets_of_the_reference_set_are_decoded_soundly() {
    let Some(all) = reference() else { skip!(Oracle) };
    let mut layers = Layers::new();
    let most = all.iter().map(|owned| assert_bounded(owned, &mut layers)).max().unwrap();
    assert!(most <= USUAL_STEPS, "{most} steps");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut layers = Layers::new();
                loop {
                    let number = done.fetch_add(1, Ordering::Relaxed);
                    if number >= COUNT {
                        break;
                    }
                    let mut numbers = Numbers::of(number);
                    let mut owned = all[numbers.below(all.len())].clone();
                    alter(&mut owned.bytes, &mut numbers);
                    assert_bounded(&owned, &mut layers);
                }
            });
        }
    });
}
