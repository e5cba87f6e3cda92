//! How soon things come: the end after a signal, a packet of an interface, a summary of many flows,
//! a filter's answer.
//!
//! `cargo bench --bench soon`; no harness: the worst of some rounds is what the bounds are about,
//! which are those of the README.  As root the live ones are measured too.

#[path = "../filters.rs"]
mod filters;
#[path = "../many.rs"]
mod many;

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use filters::FILTERS;
use ipeek::analyze::Settings;
use ipeek::capture::file::{open, open_all};
use ipeek::capture::{Batch, Fill};
use ipeek::decode::walk::walk;
use ipeek::decode::{Layers, Packet};
use ipeek::filter::Filter;
use ipeek::report::summary::{Origin, Summary};
use ipeek::session::{Plan, Session};
use many::many_flows;

/// Rounds of what starts a process.
const ROUNDS: usize = 5;

/// What an end may take, and as long again for the flows that are told.
const BOUND: Duration = Duration::from_millis(100);

type Wrong = Box<dyn std::error::Error>;

/// Sends INT, and waits for the end; how long that took.
fn ending(child: &mut Child) -> io::Result<Duration> {
    let begin = Instant::now();
    Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status()?;
    child.wait()?;
    Ok(begin.elapsed())
}

/// The worst of some rounds of a reading of what comes through a FIFO, which is ended half a second
/// after it all was written.
fn end_of_reading(octets: &[u8], words: &[&str], out: fn() -> Stdio) -> Result<Duration, Wrong> {
    let folder = tempfile::tempdir()?;
    let from = folder.path().join("fifo");
    Command::new("mkfifo").arg(&from).status()?;
    let mut worst = Duration::ZERO;
    for _ in 0..ROUNDS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        command.arg("read").arg(&from).args(words).current_dir(folder.path());
        let mut child = command.stdin(Stdio::null()).stdout(out()).spawn()?;
        let mut writer = File::options().write(true).open(&from)?;
        // Where its output is not taken, it stops to read: then so does the writer.
        let octets = octets.to_owned();
        let writing = std::thread::Builder::new();
        #[expect(
            clippy::disallowed_methods,
            reason = "a thread that cannot be made ends the bench"
        )]
        let writing = writing.spawn(move || {
            let _ = writer.write_all(&octets);
            std::thread::sleep(Duration::from_secs(2));
        })?;
        std::thread::sleep(Duration::from_millis(800));
        worst = worst.max(ending(&mut child)?);
        writing.join().map_err(|_| "the writer panicked")?;
    }
    Ok(worst)
}

/// From a packet that is sent to one that is delivered, and from a stop to the end: the worst of
/// some rounds on the loopback interface.
#[cfg(feature = "live")]
fn live() -> Result<[Duration; 2], Wrong> {
    use ipeek::capture::Source;
    use ipeek::capture::live::{Options, open};
    let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
    let filter = format!("udp and src port {}", socket.local_addr()?.port());
    let interfaces = vec!["lo".to_owned()];
    let live = open(&Options { interfaces, filter: Some(filter), ..Options::default() })?;
    let mut live = live.start()?;
    let (mut batch, mut worst) = (Batch::new(), Duration::ZERO);
    for _ in 0..20 {
        let begin = Instant::now();
        socket.send_to(b"ipeek", "127.0.0.1:9")?;
        while live.fill(&mut batch)? != Fill::Records {}
        worst = worst.max(begin.elapsed());
        batch.clear();
    }
    let begin = Instant::now();
    live.stopper().stop();
    while !matches!(live.fill(&mut batch)?, Fill::End(_)) {}
    Ok([worst, begin.elapsed()])
}

/// The least of some summaries of so many flows.
fn summary(flows: u32) -> Result<Duration, Wrong> {
    let made = tempfile::NamedTempFile::new()?;
    std::fs::write(made.path(), many_flows(flows))?;
    let session = Session::start(Plan {
        source: open_all(&[made.path().to_owned()])?,
        threads: 2,
        settings: Settings::default(),
        pass: None,
        count: None,
        sinks: Vec::new(),
        snapshots: false,
    });
    while !session.wait(Duration::from_secs(1)) {}
    let analysis = session.finish().analysis;
    let origin = Origin::default();
    let times = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        black_box(Summary::of(&analysis, &origin, 2));
        begin.elapsed()
    });
    Ok(times.min().unwrap_or_default())
}

/// Nanoseconds of a filter's answer about the first packet of a capture.
fn answer(path: &Path, text: &str) -> Result<f64, Wrong> {
    const ROUNDS: u32 = 2_000_000;
    let filter = Filter::compile(text)?;
    let (mut batch, mut layers) = (Batch::new(), Layers::new());
    open(path, 0)?.fill(&mut batch)?;
    let frame = batch.frames().next().ok_or("no packet")?;
    walk(&frame, &mut layers);
    let packet = Packet { frame, layers: &layers };
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        black_box(filter.matches(black_box(&packet)));
    }
    Ok(begin.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS))
}

fn main() -> Result<(), Wrong> {
    let mut out = io::stdout().lock();
    let flows = many_flows(50_000);
    let few = many_flows(8);
    let json = ["-T", "summary", "--events", "flow,summary", "--json", "a.json", "--force"];
    let mut over = 0;
    for (what, octets, words, stdout, bound) in [
        ("an input that stalls", &few[..few.len() - 9], &["-T", "packets"][..], BOUND),
        ("50,000 flows to be told", &flows, &json, 2 * BOUND),
    ]
    .map(|(what, octets, words, bound)| (what, octets, words, Stdio::null as fn() -> Stdio, bound))
    .into_iter()
    // A pipe of which nobody takes anything.
    .chain([(
        "a reader that takes nothing",
        &flows[..],
        &["-T", "tree"][..],
        Stdio::piped as _,
        BOUND,
    )]) {
        let took = end_of_reading(octets, words, stdout)?;
        over += u32::from(took > bound);
        let mark = if took > bound { "  over the bound" } else { "" };
        writeln!(out, "end after a signal, {what:28} {took:>10.2?} of {bound:?}{mark}")?;
    }
    #[cfg(feature = "live")]
    match live() {
        Ok([packet, end]) => {
            writeln!(out, "packet of an interface {packet:.2?}, end of a silent one {end:.2?}")?;
        }
        Err(error) => writeln!(out, "no interface is captured from: {error}")?,
    }
    writeln!(out, "summary of 320,000 flows {:.2?}", summary(320_000)?)?;
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "captures", "http.pcap"].iter().collect();
    for text in FILTERS {
        writeln!(out, "{:7.1} ns  {text}", answer(&path, text)?)?;
    }
    if over > 0 { Err(format!("{over} ends over the bound").into()) } else { Ok(()) }
}
