//! What each step of a packet's way costs: walk, fold, filter, serialise; and a snapshot of them
//! all.
//!
//! `cargo bench --bench micro` prints nanoseconds a packet over the bundled captures beside the
//! stored baselines of `micro.toml`, and the ratio; `cargo bench --bench micro -- --save` stores
//! what was measured.  Machines differ: the baselines come with a yardstick, the time of hashing a
//! MiB, and the ratio is of times measured by it.  No harness: the least of many rounds is the
//! step's own time.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::capture::file::open;
use ipeek::capture::{Batch, Fill};
use ipeek::decode::walk::walk;
use ipeek::decode::{Layers, Packet};
use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use ipeek::filter::Filter;
use ipeek::report::summary::{Origin, Summary};
use sha1::{Digest, Sha1};
use toml_edit::Document;

/// Rounds of a step, of which the least counts.
const ROUNDS: u32 = 60;

/// A filter with numbers, a set and a name that several headers have.
const FILTER: &str = "ip.ttl < 10 || tcp.port in {22, 80..90} && !(ip.addr == 10.0.0.0/8)";

/// What the file of the baselines begins with.
const HEAD: &str = "\
# Baselines of `cargo bench --bench micro`: nanoseconds a packet of the bundled captures, release
# build; the yardstick is microseconds for a MiB of SHA-1.  `-- --save` writes them.
";

type Wrong = Box<dyn std::error::Error>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The packets of the bundled captures.
fn batches() -> Result<Vec<Batch>, Wrong> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("captures"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        if !path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng") {
            continue;
        }
        let mut source = open(&path, 0)?;
        loop {
            let mut batch = Batch::new();
            if source.fill(&mut batch)? != Fill::Records {
                break;
            }
            all.push(batch);
        }
    }
    Ok(all)
}

/// The least time of many rounds.
fn least(mut step: impl FnMut()) -> Duration {
    let round = |_| {
        let begin = Instant::now();
        step();
        begin.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

/// Calls `with` for every packet, walked.
fn each(batches: &[Batch], layers: &mut Layers, mut with: impl FnMut(&Packet<'_>)) {
    for batch in batches {
        for frame in batch.frames() {
            walk(&frame, layers);
            with(&Packet { frame, layers });
        }
    }
}

/// Each step and its time; those but the first without the walk that they need.
fn measure(batches: &[Batch]) -> Result<Vec<(&'static str, f64)>, Wrong> {
    let packets: usize = batches.iter().map(|batch| batch.records.len()).sum();
    let mut layers = Layers::new();
    let walked = least(|| each(batches, &mut layers, |packet| _ = black_box(packet.layers)));
    let more = |time: Duration| time.saturating_sub(walked);

    let (mut records, mut analysis) =
        (PacketRecords::default(), Analysis::new(Settings::default(), &RandomState::default()));
    let folded = least(|| {
        each(batches, &mut layers, |packet| records.push(packet, &mut Vec::new()));
        analysis.fold(&mut records, &mut []);
        records.clear();
    });
    let filter = Filter::compile(FILTER)?;
    let filtered = least(|| {
        each(batches, &mut layers, |packet| _ = black_box(filter.matches(packet)));
    });
    let (writer, mut text) = (PacketWriter::new(), Text::default());
    let written = least(|| {
        each(batches, &mut layers, |packet| {
            text.buffer.clear();
            writer.write(&mut text, packet, Some(1));
            black_box(&text.buffer);
        });
    });
    let origin = Origin { inputs: &[], interfaces: &[], facts: None, damage: &[], losses: None };
    let summed = least(|| _ = black_box(Summary::of(&analysis, &origin, 1)));
    let each = |time: Duration| time.as_secs_f64() * 1e9 / packets as f64;
    Ok(vec![
        ("walk", each(walked)),
        ("fold", each(more(folded))),
        ("filter", each(more(filtered))),
        ("serialise", each(more(written))),
        ("snapshot", each(summed)),
    ])
}

/// Microseconds that hashing a MiB takes here.
fn yardstick() -> f64 {
    let octets = vec![0xa5_u8; 1 << 20];
    least(|| _ = black_box(Sha1::digest(black_box(&octets)))).as_secs_f64() * 1e6
}

fn main() -> Result<(), Wrong> {
    let path: &Path = &root().join("tests/bench/micro.toml");
    let stored = Document::parse(std::fs::read_to_string(path)?)?;
    let number =
        |name: &str| stored.get(name).and_then(toml_edit::Item::as_float).unwrap_or(f64::NAN);
    let batches = batches()?;
    let (here, there) = (yardstick(), number("yardstick"));
    let all = measure(&batches)?;
    let mut out = io::stdout().lock();
    writeln!(out, "yardstick {here:.0} µs a MiB hashed, {there:.0} where the baselines come from")?;
    writeln!(out, "{:<10} {:>9} {:>9} {:>6}", "step", "ns/packet", "baseline", "ratio")?;
    for &(name, time) in &all {
        let baseline = number(name) * here / there;
        writeln!(out, "{name:<10} {time:>9.1} {baseline:>9.1} {:>6.2}", time / baseline)?;
    }
    if std::env::args().any(|word| word == "--save") {
        let mut text = format!("{HEAD}yardstick = {here:.1}\n");
        for (name, time) in all {
            writeln!(text, "{name} = {time:.1}")?;
        }
        std::fs::write(path, text)?;
        writeln!(out, "stored in {}", path.display())?;
    }
    Ok(())
}
