//! Capture files: every format, octet order and cut, from literal bytes and from real captures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub(crate) mod block;
mod compressed;
mod copy;
mod dropped;
mod hostile;
mod oracle;
mod pcap;
mod pcapng;
mod save;
mod store;
mod stream;
mod unread;

use std::io::Write;
use std::path::{Path, PathBuf};

use ipeek::capture::file::{open, open_all};
use ipeek::capture::{Batch, CaptureError, Damage, Facts, Fill, Frame, Interface};

/// One record as a reader gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    time: Option<i64>,
    interface: u32,
    link: u16,
    original: u32,
    bytes: Vec<u8>,
    comments: Vec<String>,
}

/// Everything a capture gave.
struct Datagram {
    seen: Vec<Seen>,
    damage: Option<Damage>,
    facts: Facts,
    interfaces: Vec<Interface>,
}

/// The records of a batch.
fn all(batch: &Batch) -> Vec<Seen> {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let seen = |(index, frame): (usize, Frame<'_>)| Seen {
        time: frame.time.map(ipeek::base::timestamp::Timestamp::nanos),
        interface: frame.interface,
        link: frame.link.0,
        original: frame.original,
        bytes: frame.bytes.to_vec(),
        comments: batch.comments_on(index).map(text).collect(),
    };
    batch.frames().enumerate().map(seen).collect()
}

fn read(paths: &[PathBuf]) -> Result<Datagram, CaptureError> {
    let mut source = open_all(paths)?;
    let mut batch = Batch::new();
    let mut seen = Vec::new();
    loop {
        match source.fill(&mut batch)? {
            Fill::Records => {
                assert!(!batch.records.is_empty());
                assert_eq!(batch.first, seen.len() as u64 + 1);
                seen.extend(all(&batch));
            }
            Fill::Quiet => {}
            Fill::End(damage) => {
                assert!(batch.records.is_empty());
                return Ok(Datagram {
                    seen,
                    damage: damage.into_iter().next(),
                    facts: (*batch.facts).clone(),
                    interfaces: batch.interfaces.to_vec(),
                });
            }
        }
    }
}

/// What reading a file with these octets gives.
fn parse(bytes: &[u8]) -> Result<Datagram, CaptureError> {
    let file = written(bytes);
    read(&[file.path().to_owned()])
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Octets written as hexadecimal digits with any spaces between.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn times(whole: &Datagram) -> Vec<Option<i64>> {
    whole.seen.iter().map(|seen| seen.time).collect()
}

/// A pcap with `count` records of growing length.
fn pcap(count: u32) -> Vec<u8> {
    let mut bytes = hex("d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000");
    for number in 0..count {
        let len = number % 1500;
        for field in [number, number, len, len + 1] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend((0..len).map(|at| (at ^ number).to_le_bytes()[0]));
    }
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
