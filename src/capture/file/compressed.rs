//! Compressed captures, told by their first octets whatever the file's name.
//!
//! A decoder works in steps, and what a step gave before it met damage is handed out before the
//! damage is told: a cut or altered file gives all that can be decoded of it.

mod gzip;
mod input;
mod lz4;
mod lzma2;
mod xz;
mod zstd;

use std::io::{Read, Result};
use std::path::Path;

use self::input::{Decode, Input};
use super::octets::Octets;
use crate::base::errors::again;
use crate::capture::error::CaptureError;

/// Octets that are kept for the next step, where one gave more.
const KEPT: usize = 1 << 20;

/// A compression that is known, if not always read.
pub(super) struct Compression {
    pub(super) name: &'static str,
    /// First octets of an input.
    magic: &'static [u8],
    /// Command that decompresses to standard output.
    command: &'static str,
    /// Makes a decoder of the input, where there is one.
    open: Option<fn(Input) -> Box<dyn Decode>>,
}

/// Every compression by which captures are met.
const COMPRESSIONS: [Compression; 7] = {
    const fn row(
        name: &'static str,
        magic: &'static [u8],
        command: &'static str,
        open: fn(Input) -> Box<dyn Decode>,
    ) -> Compression {
        Compression { name, magic, command, open: Some(open) }
    }
    const fn unread(
        name: &'static str,
        magic: &'static [u8],
        command: &'static str,
    ) -> Compression {
        Compression { name, magic, command, open: None }
    }
    [
        row("gzip", b"\x1f\x8b", "gzip -dc", |input| Box::new(gzip::Gzip::new(input))),
        row("zstd", b"\x28\xb5\x2f\xfd", "zstd -dc", |input| Box::new(zstd::Zstd::new(input))),
        row("lz4", b"\x04\x22\x4d\x18", "lz4 -dc", |input| Box::new(lz4::Lz4::new(input))),
        // The format before version 1.4.
        row("lz4", b"\x02\x21\x4c\x18", "lz4 -dc", |input| Box::new(lz4::Lz4::new(input))),
        row("xz", b"\xfd7zXZ\0", "xz -dc", |input| Box::new(xz::Xz::new(input))),
        unread("bzip2", b"BZh", "bzip2 -dc"),
        unread("lzip", b"LZIP", "lzip -dc"),
    ]
};

/// The octets that a decoder gives, and then its error for good.
struct Decompressor {
    decoder: Box<dyn Decode>,
    /// What the last step gave, of which so many octets were handed out.
    out: Vec<u8>,
    given: usize,
    /// How it ended, once it has.
    end: Option<Result<()>>,
}

impl Read for Decompressor {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            let mut rest = self.out.get(self.given..).unwrap_or_default();
            if !rest.is_empty() || buffer.is_empty() {
                let count = rest.read(buffer)?;
                self.given = self.given.saturating_add(count);
                return Ok(count);
            }
            match &self.end {
                Some(Ok(())) => return Ok(0),
                Some(Err(error)) => return Err(again(error)),
                None => {}
            }
            self.out.clear();
            self.out.shrink_to(KEPT);
            self.given = 0;
            self.end = match self.decoder.step(&mut self.out) {
                Ok(true) => None,
                Ok(false) => Some(Ok(())),
                Err(error) => Some(Err(error)),
            };
        }
    }
}

/// The compression that begins with these octets.
fn find(start: &[u8]) -> Option<&'static Compression> {
    const ROWS: &[Compression] = &COMPRESSIONS;
    ROWS.iter().find(|row| start.starts_with(row.magic))
}

/// Whether what begins so is compressed, and by what: zstd and lz4 may both begin with frames to be
/// passed over, and are told apart behind them.
pub(super) fn name(start: &[u8]) -> Option<&'static str> {
    let is_skippable = start.first_chunk().is_some_and(|octets| is_skippable(*octets));
    find(start).map(|row| row.name).or(is_skippable.then_some("zstd or lz4"))
}

/// Whether a frame that begins so is to be passed over.
fn is_skippable(magic: [u8; 4]) -> bool {
    u32::from_le_bytes(magic) & !0xf == lz4::SKIPPABLE
}

/// The decompressed octets of an input whose first octets, already read, are `start`, and the name
/// of its compression.
pub(super) fn open(
    path: &Path,
    octets: Octets,
    start: Vec<u8>,
) -> std::result::Result<(Octets, &'static str), CaptureError> {
    let row = find(&start);
    let origin = octets.origin();
    let (compressed, is_live) = octets.chained(start);
    let mut input = Input::new(compressed).from(origin);
    let row = match row {
        Some(row) => row,
        None => behind_skippable(&mut input)
            .map_err(|error| match error.raw_os_error() {
                Some(_) => CaptureError::File { path: path.to_owned(), error },
                None => CaptureError::not_a_capture(
                    path,
                    &format!("zstd or lz4 data without a frame: {error}"),
                ),
            })?
            .ok_or_else(|| CaptureError::not_a_capture(path, "zstd or lz4 data without a frame"))?,
    };
    let Compression { name, command, open, .. } = row;
    let Some(open) = open else {
        return Err(CaptureError::not_a_capture(
            path,
            &format!("{name} data, which ipeek does not read: `{command} FILE | ipeek read -`"),
        ));
    };
    let decompressor = Decompressor { decoder: open(input), out: Vec::new(), given: 0, end: None };
    Ok((Octets::Stream { reader: Box::new(decompressor), rest: Vec::new(), is_live }, *name))
}

/// Passes over skippable frames, and finds the compression of the frame behind them.
fn behind_skippable(input: &mut Input) -> Result<Option<&'static Compression>> {
    loop {
        let magic: [u8; 4] = input.array()?;
        if !is_skippable(magic) {
            input.put_back(&magic);
            return Ok(find(&magic).filter(|row| matches!(row.name, "zstd" | "lz4")));
        }
        let len = u32::from_le_bytes(input.array()?);
        input.skip(len.into())?;
    }
}
