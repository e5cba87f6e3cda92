//! Compressed captures, told by their first octets whatever the file's name.

use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

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
    open: Option<fn(Stream) -> std::io::Result<Stream>>,
}

/// Every compression by which captures are met.
const COMPRESSIONS: [Compression; 6] = [
    Compression {
        name: "gzip",
        magic: b"\x1f\x8b",
        command: "gzip -dc",
        open: Some(|octets| Ok(Box::new(MultiGzDecoder::new(buffered(octets))))),
    },
    Compression {
        name: "zstd",
        magic: b"\x28\xb5\x2f\xfd",
        command: "zstd -dc",
        open: Some(|octets| Ok(Box::new(Frames(zstd::stream::read::Decoder::new(octets)?)))),
    },
    Compression {
        name: "lz4",
        magic: b"\x04\x22\x4d\x18",
        command: "lz4 -dc",
        open: Some(|octets| Ok(Box::new(Frames(lz4_flex::frame::FrameDecoder::new(octets))))),
    },
    Compression {
        name: "xz",
        magic: b"\xfd7zXZ\0",
        command: "xz -dc",
        open: Some(|octets| Ok(Box::new(Frames(XzReader::new(buffered(octets), true))))),
    },
    Compression { name: "bzip2", magic: b"BZh", command: "bzip2 -dc", open: None },
    Compression { name: "lzip", magic: b"LZIP", command: "lzip -dc", open: None },
];

fn buffered(octets: Stream) -> BufReader<Stream> {
    BufReader::with_capacity(STEP, octets)
}

/// A decompressor of frames that may follow one another, whose errors mean damaged data.
///
/// `lz4_flex` says that the input ended after each frame: only a second time it is so.
struct Frames<R>(R);

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = match self.0.read(buffer) {
            Ok(0) if !buffer.is_empty() => self.0.read(buffer),
            read => read,
        };
        read.map_err(|error| match error.kind() {
            ErrorKind::Other => std::io::Error::new(ErrorKind::InvalidData, error),
            _ => error,
        })
    }
}

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
        let reader = open(compressed)
            .map_err(|error| CaptureError::File { path: path.to_owned(), error })?;
        Ok(Octets::Stream { reader, rest: Vec::new(), is_live })
    }
}
