//! Compressed captures, told by their first octets whatever the file's name.

use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::octets::Octets;
use super::{chained, not_a_capture};
use crate::capture::error::CaptureError;

/// Octets in order, compressed or not.
pub(super) type Stream = Box<dyn Read + Send>;

/// Compressed octets read at once.
const STEP: usize = 64 << 10;

/// A compression that is known, if not always read.
pub(super) struct Compression {
    pub(super) name: &'static str,
    magic: &'static [u8],
    /// Command that decompresses to standard output.
    command: &'static str,
    /// Puts a decompressor before the octets, where there is one.
    open: Option<fn(Stream) -> Stream>,
}

/// Every compression by which captures are met.
const COMPRESSIONS: [Compression; 5] = [
    Compression {
        name: "gzip",
        magic: b"\x1f\x8b",
        command: "gzip -dc",
        open: Some(|octets| Box::new(MultiGzDecoder::new(BufReader::with_capacity(STEP, octets)))),
    },
    Compression { name: "zstd", magic: b"\x28\xb5\x2f\xfd", command: "zstd -dc", open: None },
    Compression { name: "lz4", magic: b"\x04\x22\x4d\x18", command: "lz4 -dc", open: None },
    Compression { name: "xz", magic: b"\xfd7zXZ\0", command: "xz -dc", open: None },
    Compression { name: "bzip2", magic: b"BZh", command: "bzip2 -dc", open: None },
];

/// The compression that begins with these octets.
pub(super) fn find(start: &[u8]) -> Option<&'static Compression> {
    const ROWS: &[Compression] = &COMPRESSIONS;
    ROWS.iter().find(|row| start.starts_with(row.magic))
}

impl Compression {
    /// The decompressed octets of an input whose first octets, already read, are `start`.
    pub(super) fn open(
        &self,
        path: &Path,
        octets: Octets,
        start: Vec<u8>,
    ) -> Result<Octets, CaptureError> {
        let Some(open) = self.open else {
            let Self { name, command, .. } = self;
            return Err(not_a_capture(
                path,
                &format!("{name} data, which ipeek does not read: `{command} FILE | ipeek read -`"),
            ));
        };
        let (compressed, is_live) = chained(octets, start);
        Ok(Octets::Stream { reader: open(compressed), rest: Vec::new(), is_live })
    }
}
