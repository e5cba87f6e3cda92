//! gzip: members of DEFLATE, one behind the other (RFC 1952).

use std::io::Result;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::input::{Decode, Input, cut, damaged};

/// Octets that one step gives at most.
const STEP: usize = 128 << 10;

/// As many octets as a stream can refer back to.
static ZEROS: [u8; 32 << 10] = [0; 32 << 10];

const MAGIC: [u8; 2] = *b"\x1f\x8b";
/// The only method there is.
const DEFLATE: u8 = 8;

/// Flags of a member's header: what else it has.
const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// Decoder of gzip.
pub(super) struct Gzip {
    input: Input,
    inflate: Decompress,
    crc: Crc,
    is_in_member: bool,
    /// Whether the header has a checksum that is wrong.
    is_doubtful: bool,
    /// Whether a member was read to its end.
    has_ended: bool,
}

impl Gzip {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            is_in_member: false,
            is_doubtful: false,
            has_ended: false,
        }
    }

    /// Reads the header of the next member; false when there is none.
    fn begin(&mut self) -> Result<bool> {
        let input = &mut self.input;
        if self.has_ended {
            // What tapes and block devices fill up with is no member and no damage.
            while input.peek()?.first() == Some(&0) {
                input.take(1);
            }
            if input.is_at_end()? {
                return Ok(false);
            }
        }
        let magic: [u8; 2] = input.array()?;
        if magic != MAGIC {
            return Err(damaged("what follows the last gzip member is no other"));
        }
        let mut header = Crc::new();
        header.update(&magic);
        let mut octet = || {
            let octet = input.octet()?;
            header.update(&[octet]);
            Result::Ok(octet)
        };
        let (method, flags) = (octet()?, octet()?);
        if method != DEFLATE {
            return Err(damaged(format!("gzip member of unknown method {method}")));
        }
        // A time, how hard it was tried, and on what system.
        for _ in 0..6 {
            octet()?;
        }
        if flags & EXTRA != 0 {
            for _ in 0..u16::from_le_bytes([octet()?, octet()?]) {
                octet()?;
            }
        }
        for text in [NAME, COMMENT] {
            if flags & text != 0 {
                while octet()? != 0 {}
            }
        }
        let [low, high, ..] = header.sum().to_le_bytes();
        self.is_doubtful = flags & HEADER_CRC != 0 && input.array()? != [low, high];
        self.inflate.reset(false);
        // Where damage leads to what lies before the first octet, `gzip` finds zeros and goes on:
        // what is sound behind it comes too, and the checksum tells.  A raw stream refuses no
        // dictionary.
        let _ = self.inflate.set_dictionary(&ZEROS);
        self.crc = Crc::new();
        self.is_in_member = true;
        Ok(true)
    }

    /// Compares what a member gave with what its end says of it.
    fn end(&mut self) -> Result<()> {
        self.is_in_member = false;
        self.has_ended = true;
        let sum = u32::from_le_bytes(self.input.array()?);
        let len = u32::from_le_bytes(self.input.array()?);
        if sum != self.crc.sum() {
            return Err(damaged("wrong checksum of a gzip member"));
        }
        if len != self.crc.amount() {
            return Err(damaged("wrong length of a gzip member"));
        }
        if self.is_doubtful {
            return Err(damaged("wrong checksum of a gzip member's header"));
        }
        Ok(())
    }
}

impl Decode for Gzip {
    fn step(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        if !self.is_in_member && !self.begin()? {
            return Ok(false);
        }
        out.reserve_exact(STEP);
        let there = self.input.peek()?;
        let is_at_end = there.is_empty();
        let before = self.inflate.total_in();
        // What was inflated before an error is in `out` all the same.
        let status = self.inflate.decompress_vec(there, out, FlushDecompress::None);
        let taken = self.inflate.total_in().saturating_sub(before);
        self.input.take(usize::try_from(taken).unwrap_or(usize::MAX));
        self.crc.update(out);
        match status.map_err(|error| damaged(error.to_string()))? {
            Status::StreamEnd => self.end()?,
            _ if is_at_end && out.is_empty() => return Err(cut()),
            _ => {}
        }
        Ok(true)
    }
}
