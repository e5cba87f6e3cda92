//! How long the walk takes at its worst, a bomb a line; and on average, over the bundled captures.
//!
//! `cargo bench --bench walk`; no harness: the least of five runs is what the bound of ten
//! microseconds is about.

#[path = "../bombs.rs"]
#[expect(dead_code, reason = "chains are for tests")]
mod bombs;

use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use ipeek::capture::{Batch, Fill, Frame, LinkType};
use ipeek::decode::Layers;
use ipeek::decode::walk::{MOST_STEPS, walk};

/// What no packet may take longer than.
const BOUND: Duration = Duration::from_micros(10);

/// Least time of five walks, and their steps.
fn least(frame: &Frame<'_>, layers: &mut Layers) -> (Duration, u32) {
    let run = |_| {
        let begin = Instant::now();
        walk(black_box(frame), layers);
        begin.elapsed()
    };
    ((0..5).map(run).min().unwrap_or_default(), layers.steps)
}

/// Nanoseconds a packet of the bundled captures.
fn average(layers: &mut Layers) -> Result<f64, Box<dyn std::error::Error>> {
    let (mut spent, mut packets, mut batch) = (Duration::ZERO, 0_u32, Batch::new());
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures"))? {
        let path = entry?.path();
        if !path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng") {
            continue;
        }
        let mut source = ipeek::capture::file::open(&path, 0)?;
        while source.fill(&mut batch)? == Fill::Records {
            // Once to warm up.
            for is_timed in [false, true] {
                let begin = Instant::now();
                for frame in batch.frames() {
                    walk(black_box(&frame), layers);
                }
                if is_timed {
                    spent += begin.elapsed();
                    packets += u32::try_from(batch.records.len())?;
                }
            }
        }
    }
    Ok(spent.as_secs_f64() * 1e9 / f64::from(packets.max(1)))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut out, mut layers, mut over) = (io::stdout().lock(), Layers::new(), 0);
    writeln!(out, "{:34} {:>9} {:>6} of {MOST_STEPS}", "bomb", "least", "steps")?;
    for bomb in bombs::bombs() {
        let original = u32::try_from(bomb.octets.len())?;
        let (number, time, interface) = (1, None, 0);
        let link = LinkType(bomb.link);
        let frame = Frame {
            number,
            time,
            link,
            interface,
            original,
            bytes: &bomb.octets,
            told: ipeek::capture::Told::default(),
        };
        let (least, steps) = least(&frame, &mut layers);
        over += u32::from(least > BOUND);
        let mark = if least > BOUND { "  over the bound" } else { "" };
        writeln!(out, "{:34} {:>6} ns {steps:>6}{mark}", bomb.name, least.as_nanos())?;
    }
    writeln!(out, "bundled captures {:.1} ns a packet", average(&mut layers)?)?;
    if over > 0 { Err(format!("{over} bombs over {BOUND:?}").into()) } else { Ok(()) }
}
