//! Capture files: what is read lies in them, is the same by whatever way, and is found again.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ipeek::capture::file::open;
use ipeek::capture::{Batch, Fill, Source};

/// A file in memory that each input is written to.
struct Scratch {
    file: File,
    path: PathBuf,
}

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = Path::new("/dev/shm");
        let folder = if folder.is_dir() { folder.to_owned() } else { std::env::temp_dir() };
        let path = folder.join(format!("ipeek-fuzz-{}-{name}", std::process::id()));
        let file = File::create(&path).expect("a file to write inputs to");
        Self { file, path }
    }

    fn write(&self, octets: &[u8]) {
        self.file.set_len(0).expect("room");
        self.file.write_all_at(octets, 0).expect("room");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Another input has its own.
        let _ = std::fs::remove_file(&self.path);
    }
}

thread_local! {
    static PLAIN: RefCell<Scratch> = RefCell::new(Scratch::new("plain"));
    static PACKED: RefCell<Scratch> = RefCell::new(Scratch::new("packed"));
}

/// A record: time, length on the wire, interface, link type, octets.
type Record = (Option<i64>, u32, u32, u16, Vec<u8>);

/// Records, and what was said of the end; nothing when the file was refused.
type Datagram = Option<(Vec<Record>, Option<String>)>;

fn records(batch: &Batch) -> impl Iterator<Item = Record> {
    batch.frames().map(|frame| {
        let time = frame.time.map(|time| time.nanos());
        (time, frame.original, frame.interface, frame.link.0, frame.bytes.to_vec())
    })
}

/// Reads a file to its end; asks for the first record of each batch once more.
fn read(path: &Path) -> Datagram {
    let mut source = open(path, 0).ok()?;
    let (mut batch, mut again, mut all) = (Batch::new(), Batch::new(), Vec::new());
    loop {
        match source.fill(&mut batch).expect("a regular file can be read") {
            Fill::Records => {
                assert!(!batch.records.is_empty(), "no records");
                assert_eq!(batch.first, all.len() as u64 + 1);
                check_again(&*source, &batch, &mut again);
                all.extend(records(&batch));
            }
            Fill::Quiet => {}
            Fill::End(damage) => {
                assert_eq!(source.fill(&mut batch).ok(), Some(Fill::End(damage.clone())));
                return Some((all, damage.into_iter().next().map(|damage| damage.reason)));
            }
        }
    }
}

fn check_again(source: &dyn Source, batch: &Batch, again: &mut Batch) {
    let (Some(reader), Some(first)) = (source.again(), batch.records.first()) else { return };
    let offset = batch.offset + u64::from(first.at) - u64::from(first.head);
    again.interfaces = batch.interfaces.clone();
    reader.read_at(offset, 1, again).expect("a regular file can be read");
    assert_eq!(records(again).next(), records(batch).next(), "read again at {offset}");
}

/// Reads `octets` as a file.
fn read_file(octets: &[u8]) -> Datagram {
    PLAIN.with_borrow(|scratch| {
        scratch.write(octets);
        read(&scratch.path)
    })
}

/// Reads `octets` as a stream: out of gzip that does not pack them.
fn read_stream(octets: &[u8]) -> Datagram {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(octets).expect("memory");
    let packed = gzip.finish().expect("memory");
    PACKED.with_borrow(|scratch| {
        scratch.write(&packed);
        read(&scratch.path)
    })
}

fn check(octets: &[u8], whole: &Datagram) {
    let Some((records, _)) = whole else { return };
    let captured: usize = records.iter().map(|record| record.4.len()).sum();
    assert!(captured <= octets.len(), "{captured} octets captured of {}", octets.len());
}

/// A pcap of any octet order and variant.
pub fn pcap(octets: &[u8]) {
    if !matches!(octets, [0xa1 | 0xd4 | 0x4d | 0x34 | 0xcd, ..]) {
        return;
    }
    check(octets, &read_file(octets));
}

/// A pcapng, as a file and as a stream.
pub fn pcapng(octets: &[u8]) {
    if !octets.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
        return;
    }
    let whole = read_file(octets);
    check(octets, &whole);
    assert_eq!(whole, read_stream(octets));
}

/// Any octets, decompressed where they begin as a compressed file does.
pub fn compressed(octets: &[u8]) {
    read_file(octets);
}
