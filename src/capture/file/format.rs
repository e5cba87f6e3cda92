//! Which format an input has, by its first octets and through one layer of compression.

use std::path::Path;
use std::sync::Arc;

use super::octets::{Octets, Trouble};
use super::reader::Reader;
use super::walk::Walk;
use super::{compressed, foreign, pcap, pcapng};
use crate::base::compression::Compression;
use crate::capture::error::CaptureError;
use crate::capture::facts::SharedFacts;
use crate::capture::interface::Interface;

/// Octets that suffice to recognise every format.
const MAGIC_OCTETS: usize = 8;

/// Octets of a file from which its walker may recognise variants of its format.
const SAMPLE_OCTETS: usize = 4096;

/// Interfaces and facts that a file header gives.
type Known = (Arc<Vec<Interface>>, SharedFacts);

/// Makes the walker of an input from its file header and number.
type Open = fn(&[u8], u32, &mut Known) -> Option<Box<dyn Walk>>;

/// A capture format that is read here.
struct Format {
    name: &'static str,
    /// Whether the first octets are this format's.
    is: fn(&[u8]) -> bool,
    /// Octets of the shortest file header.
    header: usize,
    /// Octets of the header that the walker does not see again.
    taken: u64,
    /// A walker for the file with this header; nothing when the header makes no sense.
    open: Open,
}

/// Every capture format that is read here.
const FORMATS: [Format; 2] = [
    Format {
        name: "pcap",
        is: pcap::is,
        header: pcap::HEADER,
        taken: pcap::HEADER as u64,
        open: |header, input, (interfaces, facts)| pcap::open(header, input, interfaces, facts),
    },
    Format {
        name: "pcapng",
        is: pcapng::is,
        header: pcapng::HEADER,
        taken: 0,
        open: |header, _, (_, facts)| pcapng::open(header, facts),
    },
];

/// Whether an input is what a decompressor gives, and whether it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unpacked {
    /// It is not, and may have to be unpacked.
    NotYet,
    /// It is, from that.
    From(Compression),
    /// It is not, and may not be: the end of a block is not known before the next.
    Never,
}

impl Unpacked {
    fn name(self) -> Option<&'static str> {
        if let Self::From(compression) = self { Some(compression.name()) } else { None }
    }
}

/// Finds the format of an input by its first octets, through one layer of compression.
pub(super) fn recognise(
    path: &Path,
    input: u32,
    mut octets: Octets,
    unpacked: Unpacked,
) -> Result<Reader, CaptureError> {
    let compression = unpacked.name();
    let mut start = Vec::new();
    let is_short = !bring(path, &mut octets, &mut start, MAGIC_OCTETS, compression)?;
    let Some(format) = FORMATS.iter().find(|format| (format.is)(&start)) else {
        if compression.is_none()
            && let Some(name) = compressed::name(&start)
        {
            if unpacked == Unpacked::Never {
                let reason = format!("{name} cannot be followed; hint: unpack it");
                return Err(CaptureError::not_a_capture(path, &reason));
            }
            let (inner, compression) = compressed::open(path, octets, start)?;
            return recognise(path, input, inner, Unpacked::From(compression));
        }
        bring(path, &mut octets, &mut start, foreign::OCTETS, compression)?;
        return Err(CaptureError::not_a_capture(path, &foreign::describe(path, &start, is_short)));
    };
    if !bring(path, &mut octets, &mut start, format.header, compression)? {
        return Err(CaptureError::not_a_capture(
            path,
            &format!(
                "{} octets, less than the {} of a {} file header",
                start.len(),
                format.header,
                format.name
            ),
        ));
    }
    if let Octets::File { .. } | Octets::Stream { is_live: false, .. } = &octets {
        // A live stream would be waited for; only what is there shows how its records are laid out.
        // What is wrong further on is found when it is read.
        let _ = bring(path, &mut octets, &mut start, SAMPLE_OCTETS, compression);
    }
    let mut known = Known::default();
    let Some(walk) = (format.open)(&start, input, &mut known) else {
        return Err(CaptureError::not_a_capture(
            path,
            &format!("{} with a header that makes no sense", format.name),
        ));
    };
    Arc::make_mut(&mut known.1).compression = compression;
    if let Octets::Stream { rest, .. } = &mut octets {
        let taken = usize::try_from(format.taken).unwrap_or(0);
        rest.extend_from_slice(start.get(taken..).unwrap_or_default());
    }
    Ok(Reader::new(path.to_owned(), input, octets, walk, format.taken, known))
}

/// Reads on until `start` has `wanted` octets; false when the input has fewer.
fn bring(
    path: &Path,
    octets: &mut Octets,
    start: &mut Vec<u8>,
    wanted: usize,
    compression: Option<&str>,
) -> Result<bool, CaptureError> {
    let mut filled = start.len();
    start.resize(wanted.max(filled), 0);
    let mut done = Ok(false);
    while filled < wanted && matches!(done, Ok(false)) {
        done = octets.read(0, start, &mut filled);
    }
    start.truncate(filled);
    match done {
        Ok(_) => Ok(filled >= wanted),
        // A decompressor that fails on its first octets has no capture to offer.
        Err(Trouble::Damaged(reason)) if filled < wanted => {
            let what = compression.unwrap_or("compressed");
            Err(CaptureError::not_a_capture(
                path,
                &format!("{what} data without a capture header: {reason}"),
            ))
        }
        Err(Trouble::Damaged(_)) => Ok(true),
        Err(Trouble::Io(error)) => Err(CaptureError::File { path: path.to_owned(), error }),
    }
}
