//! Any number of threads gives one thread's answer, octet by octet.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read, Seek};
use std::sync::Arc;

use ipeek::analyze::{Analysis, Settings};
use ipeek::base::timestamp::Timestamp;
use ipeek::capture::save::Stream;
use ipeek::capture::{Batch, CaptureError, Fill, Interface, LinkType, Record, Source};
use ipeek::export::json::event::Meta;
use ipeek::export::json::events::Events;
use ipeek::export::json::sink::JsonSink;
use ipeek::export::output::Output;
use ipeek::session::{Outcome, Plan, Session, Sink};

use super::books::{assert_same, books};
use crate::packets::{Owned, captures, frames, hex};

/// Hands out frames a few at a time, so that a small capture is many batches.
pub(super) struct Few {
    frames: Vec<Owned>,
    at: usize,
    size: usize,
    ordinal: u64,
}

impl Source for Few {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        batch.clear();
        batch.bytes.clear();
        let rest = &self.frames[self.at..];
        let some = &rest[..rest.len().min(self.size)];
        if some.is_empty() {
            return Ok(Fill::End(Vec::new()));
        }
        let interface = Interface {
            link: LinkType(1),
            snaplen: 0,
            input: 0,
            section: 1,
            id: 0,
            names: None,
            block: None,
            header: None,
        };
        batch.interfaces = Arc::new(vec![interface]);
        (batch.first, batch.ordinal) = (self.at as u64 + 1, self.ordinal);
        for owned in some {
            batch.records.push(Record {
                time: owned.time.and_then(Timestamp::from_nanos),
                at: u32::try_from(batch.bytes.len()).unwrap(),
                len: u32::try_from(owned.bytes.len()).unwrap(),
                original: owned.original,
                interface: owned.interface,
                link: LinkType(owned.link),
                head: 0,
            });
            batch.bytes.extend(&owned.bytes);
        }
        self.at += some.len();
        self.ordinal += 1;
        Ok(Fill::Records)
    }
}

impl Few {
    pub(super) fn new(frames: &[Owned], size: usize) -> Self {
        Self { frames: frames.to_vec(), at: 0, size, ordinal: 0 }
    }
}

/// A run over frames in batches of that size.
pub(super) fn plan(
    frames: &[Owned],
    size: usize,
    threads: usize,
    sinks: Vec<Box<dyn Sink>>,
) -> Plan {
    Plan {
        source: Box::new(Few::new(frames, size)),
        threads,
        settings: Settings::default(),
        pass: None,
        count: None,
        sinks,
        snapshots: false,
    }
}

fn run(frames: &[Owned], size: usize, threads: usize, sinks: Vec<Box<dyn Sink>>) -> Outcome {
    let session = Session::start(plan(frames, size, threads, sinks));
    while !session.wait(std::time::Duration::from_secs(1)) {}
    session.finish()
}

/// The JSON of a run, and its books.
fn json(frames: &[Owned], size: usize, threads: usize) -> (Vec<u8>, String) {
    let mut file = tempfile::tempfile().unwrap();
    let output = Output::Standard(Stream::regular(file.try_clone().unwrap()));
    let losses = Box::new(|| None);
    let sink = JsonSink::new(output, Events::default(), Meta::default(), losses);
    let outcome = run(frames, size, threads, vec![Box::new(sink)]);
    let mut text = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut text).unwrap();
    (text, books(&outcome.analysis))
}

#[test]
fn three_threads_write_the_json_of_one() {
    for path in captures() {
        let mut frames = frames(&path);
        frames.truncate(600);
        let (one, one_books) = json(&frames, usize::MAX, 1);
        let (three, three_books) = json(&frames, 5, 3);
        assert_same(
            &String::from_utf8(one.clone()).unwrap(),
            &String::from_utf8(three).unwrap(),
            &path,
        );
        assert_same(&one_books, &three_books, &path);
        let lines = one.split(|octet| *octet == b'\n').count() - 1;
        assert!(lines >= frames.len() + 2, "{}: {lines} lines", path.display());
    }
}

#[test]
fn analysts_apart_count_what_analysts_in_order_count() {
    for path in captures() {
        let frames = frames(&path);
        let one = books(&run(&frames, 64, 1, Vec::new()).analysis);
        let three = books(&run(&frames, 9, 3, Vec::new()).analysis);
        assert!(one == three, "{}", path.display());
        let some = &frames[..frames.len().min(50)];
        let apart = books(&run(some, 7, 2, Vec::new()).analysis);
        assert_same(&json(some, 3, 2).1, &apart, &path);
    }
}

/// Fragments at octets 0 and 24 of a datagram (RFC 791, section 3.1), and never what is between.
#[test]
fn what_is_told_when_nothing_comes_any_more_is_told_though_all_analysts_end_at_once() {
    let fragment = |place: &str| {
        hex(&format!("4500 001c 0001 {place} 4011 0000 0a000001 0a000002 0001 0002 0010 0000"))
    };
    let datagram = ["2000", "0003"].map(|place| Owned::new(101, fragment(place)));
    for round in 0..2_000 {
        let plan = Plan { snapshots: true, ..plan(&datagram, 1, 8, Vec::new()) };
        let session = Session::start(plan);
        while !session.wait(std::time::Duration::from_secs(1)) {}
        let has_gap = |analysis: &Analysis| {
            analysis.anomalies().iter().any(|counted| counted.row.id == "fragment.gap")
        };
        assert!(session.peek(has_gap), "round {round}");
    }
}
