//! A panic ends what panicked, and nothing else: the other outputs hold whole records, the run says
//! what went wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::path::Path;

use ipeek::capture::save::{Rules, Saver, Stream};
use ipeek::capture::{Batch, CaptureError, Facts, Fill, Interface, Source};
use ipeek::decode::Packet;
use ipeek::export::json::event::Meta;
use ipeek::export::json::events::Events;
use ipeek::export::json::sink::JsonSink;
use ipeek::export::output::Output;
use ipeek::export::pcap::SaveSink;
use ipeek::session::{Context, Outcome, PacketFilters, Plan, Render, Session, Sink};

use super::session::{Few, plan};
use crate::packets::{Owned, bundled, frames};

/// When a sink panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Begin,
    Render(u64),
    Frames,
    End,
}

/// A sink that panics.
struct Panics(When);

struct Renders(u64);

impl Render for Renders {
    fn packet(&mut self, packet: &Packet<'_>, _: Context<'_>, out: &mut Vec<u8>) {
        out.extend(b"half");
        assert_ne!(packet.frame.number, self.0, "as a test");
        out.extend(b" a line\n");
    }
}

impl Sink for Panics {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let When::Render(number) = self.0 else { return None };
        Some(Box::new(Renders(number)))
    }

    fn begin(&mut self, _: &[Interface], _: &Facts) -> Result<(), CaptureError> {
        assert_ne!(self.0, When::Begin, "as a test");
        Ok(())
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        assert!(rendered.ends_with(b" a line\n"), "a record is cut");
        Ok(())
    }

    fn frames(&mut self, _: &Batch, _: &[u32]) -> Result<(), CaptureError> {
        assert_ne!(self.0, When::Frames, "as a test");
        Ok(())
    }

    fn end(&mut self, _: &Outcome) -> Result<(), CaptureError> {
        assert_ne!(self.0, When::End, "as a test");
        Ok(())
    }
}

/// Frames enough for many batches of seven.
fn some() -> Vec<Owned> {
    let mut frames: Vec<_> = bundled().iter().take(200).cloned().collect();
    for (frame, number) in frames.iter_mut().zip(1..) {
        (frame.number, frame.interface, frame.link) = (number, 0, 1);
    }
    frames
}

/// Ends a run, which must end by itself.
fn ended(plan: Plan) -> Outcome {
    let session = Session::start(plan);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !session.wait(std::time::Duration::from_millis(50)) {
        assert!(std::time::Instant::now() < until, "it does not end");
    }
    session.finish()
}

fn json(file: &File) -> Box<dyn Sink> {
    let output = Output::Standard(Stream::regular(file.try_clone().unwrap()));
    let losses = Box::new(|| None);
    Box::new(JsonSink::new(output, Events::default(), Meta::default(), losses))
}

fn save(path: &Path) -> Box<dyn Sink> {
    Box::new(SaveSink::new(Saver::create(path, &Rules::default()).unwrap()))
}

/// Packets told in a file of JSON, all lines of which are whole; what its last line is.
fn told(path: &Path) -> (usize, String) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is cut");
    let kinds: Vec<String> = text
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            event["event_type"].as_str().unwrap().to_owned()
        })
        .collect();
    let packets = kinds.iter().filter(|kind| *kind == "packet").count();
    (packets, kinds.last().cloned().unwrap_or_default())
}

#[test]
fn a_sink_that_panics_leaves_the_others_whole() {
    let frames_in = some();
    for when in [When::Begin, When::Render(60), When::Frames, When::End] {
        for (threads, place) in [(1, 0), (3, 0), (3, 2)] {
            let folder = tempfile::tempdir().unwrap();
            let (lines, saved) = (folder.path().join("a.json"), folder.path().join("a.pcapng"));
            let mut sinks = vec![json(&File::create(&lines).unwrap()), save(&saved)];
            sinks.insert(place, Box::new(Panics(when)));
            let outcome = ended(plan(&frames_in, 7, threads, sinks));
            assert!(!outcome.output_errors.is_empty(), "{when:?}");
            assert!(outcome.error.is_none(), "{when:?}");
            assert_eq!(told(&lines), (frames_in.len(), "summary".into()), "{when:?} {threads}");
            assert_eq!(frames(&saved).len(), frames_in.len(), "{when:?} {threads}");
        }
    }
}

#[test]
fn an_analyst_that_panics_leaves_all_outputs_whole() {
    let frames_in = some();
    for threads in [1, 2, 4] {
        for number in [1, 60, 200] {
            let folder = tempfile::tempdir().unwrap();
            let (lines, saved) = (folder.path().join("a.json"), folder.path().join("a.pcapng"));
            let sinks = vec![json(&File::create(&lines).unwrap()), save(&saved)];
            let pass = panics_at(number);
            let plan = Plan { pass: Some(pass), ..plan(&frames_in, 7, threads, sinks) };
            let outcome = ended(plan);
            assert!(outcome.error.is_some(), "{threads} {number}");
            // All batches before that of the packet, whose batch begins behind a multiple of seven.
            let whole = usize::try_from((number - 1) / 7 * 7).unwrap();
            assert_eq!(told(&lines), (whole, "summary".into()), "{threads} {number}");
            assert_eq!(frames(&saved).len(), whole, "{threads} {number}");
            assert_eq!(outcome.analysis.total().packets, whole as u64);
        }
    }
}

#[test]
fn an_analyst_apart_that_panics_leaves_what_was_counted() {
    let frames_in = some();
    let plan = Plan { pass: Some(panics_at(60)), ..plan(&frames_in, 7, 1, Vec::new()) };
    let outcome = ended(plan);
    assert!(outcome.error.is_some());
    assert_eq!(outcome.analysis.total().packets, 56);
    assert_eq!(
        (0..3)
            .map(|place| outcome.analysis.values.tallies("ledger").unwrap().get(place).packets)
            .sum::<u64>(),
        56
    );
}

#[test]
fn a_source_that_panics_ends_the_run() {
    for threads in [1, 3] {
        let frames_in = some();
        let folder = tempfile::tempdir().unwrap();
        let lines = folder.path().join("a.json");
        let sinks = vec![json(&File::create(&lines).unwrap())];
        let inner = Few::new(&frames_in, 7);
        let source = Box::new(Breaks { inner, left: 5 });
        let outcome = ended(Plan { source, ..plan(&frames_in, 7, threads, sinks) });
        assert!(outcome.error.is_some());
        assert_eq!(told(&lines), (35, "summary".into()));
    }
}

/// Panics when it is asked for one batch more.
struct Breaks {
    inner: Few,
    left: usize,
}

impl Source for Breaks {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        self.left = self.left.checked_sub(1).unwrap();
        self.inner.fill(batch)
    }
}

/// A filter that panics at the packet of that number.
fn panics_at(number: u64) -> PacketFilters {
    PacketFilters::new(move || {
        Box::new(move |packet, _| {
            assert_ne!(packet.frame.number, number, "as a test");
            true
        })
    })
}
