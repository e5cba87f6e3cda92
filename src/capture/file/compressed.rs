//! Compressed captures, recognised by their first octets whatever the file's name.
//!
//! A decoder works in steps, and what a step gave before it met damage is handed out before the
//! damage is reported: a cut or altered file gives all that can be decoded of it.

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
use crate::base::compression::Compression;
use crate::base::errors::again;
use crate::capture::error::CaptureError;

/// Octets that are kept for the next step, where one gave more.
const KEPT: usize = 1 << 20;

/// A decoder of the input, where there is one for its compression.
fn decoder(compression: Compression, input: Input) -> Option<Box<dyn Decode>> {
    Some(match compression {
        Compression::Gzip => Box::new(gzip::Gzip::new(input)),
        Compression::Zstd => Box::new(zstd::Zstd::new(input)),
        Compression::Lz4 => Box::new(lz4::Lz4::new(input)),
        Compression::Xz => Box::new(xz::Xz::new(input)),
        Compression::Bzip2 | Compression::Lzip => return None,
    })
}

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

/// Whether what begins so is compressed, and by what: zstd and lz4 may both begin with frames to be
/// passed over, and are recognised behind them.
pub(super) fn name(start: &[u8]) -> Option<&'static str> {
    let is_skippable = start.first_chunk().is_some_and(|octets| is_skippable(*octets));
    Compression::of_start(start).map(Compression::name).or(is_skippable.then_some("zstd or lz4"))
}

/// Whether a frame that begins so is to be passed over.
fn is_skippable(magic: [u8; 4]) -> bool {
    u32::from_le_bytes(magic) & !0xf == lz4::SKIPPABLE
}

/// The decompressed octets of an input whose first octets, already read, are `start`, and its
/// compression.
pub(super) fn open(
    path: &Path,
    octets: Octets,
    start: Vec<u8>,
) -> std::result::Result<(Octets, Compression), CaptureError> {
    let compression = Compression::of_start(&start);
    let origin = octets.origin();
    let (compressed, is_live) = octets.chained(start);
    let mut input = Input::new(compressed).from(origin);
    let compression = match compression {
        Some(compression) => compression,
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
    let Some(decoder) = decoder(compression, input) else {
        let name = compression.name();
        let reason =
            format!("{name} data, which ipeek does not read: `{name} -dc FILE | ipeek read -`");
        return Err(CaptureError::not_a_capture(path, &reason));
    };
    let decompressor = Decompressor { decoder, out: Vec::new(), given: 0, end: None };
    Ok((Octets::Stream { reader: Box::new(decompressor), rest: Vec::new(), is_live }, compression))
}

/// Passes over skippable frames, and finds the compression of the frame behind them.
fn behind_skippable(input: &mut Input) -> Result<Option<Compression>> {
    loop {
        let magic: [u8; 4] = input.array()?;
        if !is_skippable(magic) {
            input.put_back(&magic);
            let found = Compression::of_start(&magic);
            return Ok(found.filter(|found| matches!(found, Compression::Zstd | Compression::Lz4)));
        }
        let len = u32::from_le_bytes(input.array()?);
        input.skip(len.into())?;
    }
}
