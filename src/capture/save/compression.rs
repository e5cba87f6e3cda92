//! Outputs that are compressed, as their names say.
//!
//! Each piece that is handed to the system becomes a member, a frame or a stream of its own, which
//! all four formats allow one behind the other: a file ends on a whole record whenever the disk is
//! full or the program is killed, and what is in it can be read.  Only a FIFO that nobody takes
//! anything of when the end is asked for breaks off within a piece; those before it can be read.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::Path;

use flate2::write::GzEncoder;
use lz4_flex::frame::{FrameEncoder, FrameInfo};
use lzma_rust2::{XzOptions, XzWriter};

pub(super) use crate::base::compression::Compression;

/// Endings of further compressions, which are not written either.
const UNWRITTEN: [&str; 5] = ["lzma", "br", "Z", "zip", "7z"];

/// Levels: what each format's own program takes, but for xz, whose level 6 takes 1.7 times as long
/// to save 1 % of such pieces.
const GZIP_LEVEL: u32 = 6;
const ZSTD_LEVEL: i32 = 3;
const XZ_PRESET: u32 = 1;

impl Compression {
    /// The compression that the name requests; an error says why that is impossible.
    pub(super) fn of(path: &Path) -> std::result::Result<Option<Self>, String> {
        match ending(path) {
            Some((ending, None)) => Err(format!(
                "ends in .{ending}, a compression that ipeek does not write; \
                 hint: .gz, .zst, .lz4 or .xz"
            )),
            Some((_, compression)) => Ok(compression),
            None => Ok(None),
        }
    }

    /// What so many octets take at most, compressed: of random ones xz takes 68 more and lz4 four a
    /// block.
    pub(super) fn at_most(octets: usize) -> usize {
        octets.saturating_add(octets / 128).saturating_add(128)
    }

    /// These octets as a whole that is decompressed on its own.
    pub(super) fn pack(self, octets: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let level = flate2::Compression::new(GZIP_LEVEL);
                let mut encoder = GzEncoder::new(Vec::new(), level);
                encoder.write_all(octets)?;
                encoder.finish()
            }
            Self::Zstd => {
                let mut encoder =
                    zrip::FrameEncoder::new(Vec::new(), ZSTD_LEVEL).map_err(Error::other)?;
                encoder.write_all(octets)?;
                encoder.finish()
            }
            Self::Lz4 => {
                let info = FrameInfo::new().content_checksum(true);
                let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
                encoder.write_all(octets)?;
                encoder.finish().map_err(Error::other)
            }
            Self::Xz => {
                let mut encoder = XzWriter::new(Vec::new(), XzOptions::with_preset(XZ_PRESET))?;
                encoder.write_all(octets)?;
                encoder.finish()
            }
            Self::Bzip2 | Self::Lzip => Err(ErrorKind::Unsupported.into()),
        }
    }
}

/// The name without the ending that requests a compression.
pub(super) fn plain(path: &Path) -> &Path {
    match (ending(path), path.file_stem()) {
        (Some(_), Some(stem)) => Path::new(stem),
        _ => path,
    }
}

/// The ending of a compression, and that compression if it is written.
fn ending(path: &Path) -> Option<(&'static str, Option<Compression>)> {
    let extension = path.extension().and_then(OsStr::to_str)?;
    // An old .Z is told from a letter by its case.
    let is = |known: &str| {
        if known == "Z" { extension == known } else { extension.eq_ignore_ascii_case(known) }
    };
    let written = |compression: Compression| compression.is_handled().then_some(compression);
    let known = Compression::endings().map(|(known, compression)| (known, written(compression)));
    let unwritten = UNWRITTEN.iter().map(|&known| (known, None));
    known.chain(unwritten).find(|(known, _)| is(known))
}
