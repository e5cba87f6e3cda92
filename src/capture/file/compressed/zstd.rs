//! zstd: frames of blocks, and frames to be passed over (RFC 8878).
//!
//! `zrip` decodes the blocks.  What it reads goes through [`Frames`], which ends the input where
//! the last frame does, says what is wrong around frames, and cuts stored blocks into those that
//! are there, so that of a cut one no octet is lost.  A regular file that `zrip` refuses is read
//! once more with its literals unpacked here, as leniently as the C library does it.

mod literals;

use std::io::{ErrorKind, Read, Result};

use zrip::FrameDecoder;

use self::literals::Literals;
use super::input::{Decode, Input, Origin, cut, damaged};
use super::lz4::SKIPPABLE;

/// First octets of a frame, as a number.
const FRAME: u32 = 0xfd2f_b528;

/// Octets that a block gives at most.
const BLOCK: usize = 128 << 10;

/// Decoder of zstd.
pub(super) struct Zstd {
    decoder: FrameDecoder<Frames>,
    /// Octets given so far.
    given: u64,
    /// What reads the input once more, until it has.
    origin: Option<Origin>,
}

impl Zstd {
    pub(super) fn new(mut input: Input) -> Self {
        let origin = input.take_origin();
        Self { decoder: decoder(input, None), given: 0, origin }
    }

    /// Begins once more, leniently, and passes over what was given.
    fn restart(&mut self, origin: &Origin, out: &mut [u8]) -> Result<()> {
        self.decoder = decoder(Input::new(origin()), Some(Literals::default()));
        let mut left = self.given;
        while left > 0 {
            let room = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
            let count = self.decoder.read(out.get_mut(..room).unwrap_or_default())?;
            if count == 0 {
                return Err(cut());
            }
            left = left.saturating_sub(count as u64);
        }
        Ok(())
    }
}

fn decoder(input: Input, literals: Option<Literals>) -> FrameDecoder<Frames> {
    let (phase, front) = (Phase::Between, Vec::new());
    let frames = Frames { input, phase, front, given: 0, through: 0, literals };
    FrameDecoder::with_limit(frames, usize::MAX)
}

impl Decode for Zstd {
    fn step(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        out.resize(BLOCK, 0);
        let mut got = self.decoder.read(out);
        if got.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidData)
            && let Some(origin) = self.origin.take()
        {
            // What it meets then is told; where it gets no further the first error is as good.
            got = match self.restart(&origin, out) {
                Ok(()) => self.decoder.read(out),
                Err(_) => got,
            };
        }
        let count = *got.as_ref().unwrap_or(&0);
        out.truncate(count);
        self.given = self.given.saturating_add(count as u64);
        got.map(|count| count > 0)
    }
}

/// The octets of frames.
struct Frames {
    input: Input,
    phase: Phase,
    /// Octets to give next, of which so many were given.
    front: Vec<u8>,
    given: usize,
    /// Octets to give then, as they are.
    through: usize,
    /// What unpacks literals, where they are unpacked here.
    literals: Option<Literals>,
}

/// Where in the input it is.
#[derive(Clone, Copy)]
enum Phase {
    /// Before a frame.
    Between,
    /// Before a block of a frame that may end with a checksum.
    Block { has_checksum: bool },
    /// In a stored block, with so many octets left, which may be the last.
    Stored { left: usize, is_last: bool, has_checksum: bool },
    /// Behind the last block.
    Checksum,
}

impl Frames {
    /// Reads up to the next frame that has blocks; false when there is none.
    fn begin(&mut self) -> Result<bool> {
        loop {
            if self.input.is_at_end()? {
                return Ok(false);
            }
            let magic = u32::from_le_bytes(self.input.array()?);
            if magic & !0xf == SKIPPABLE {
                let len = u32::from_le_bytes(self.input.array()?);
                self.input.skip(len.into())?;
                continue;
            }
            if magic != FRAME {
                return Err(damaged("what follows the last zstd frame is no other"));
            }
            return self.header().map(|()| true);
        }
    }

    fn header(&mut self) -> Result<()> {
        let descriptor = self.input.octet()?;
        let is_single = descriptor & 0x20 != 0;
        let window = usize::from(!is_single);
        let dictionary = match descriptor & 3 {
            3 => 4,
            len => usize::from(len),
        };
        let content = match descriptor >> 6 {
            0 => usize::from(is_single),
            size => 1 << size,
        };
        if let Some(literals) = &mut self.literals {
            *literals = Literals::default();
        }
        self.front.extend_from_slice(&FRAME.to_le_bytes());
        self.front.push(descriptor);
        let mut rest = Vec::new();
        let len = window.saturating_add(dictionary).saturating_add(content);
        if self.input.append(len, &mut rest)? < len {
            return Err(cut());
        }
        let id = rest.iter().skip(window).take(dictionary).rev();
        let id = id.fold(0_u32, |number, octet| number << 8 | u32::from(*octet));
        if id != 0 {
            return Err(damaged(format!("zstd frame that needs dictionary {id}")));
        }
        self.front.extend_from_slice(&rest);
        self.phase = Phase::Block { has_checksum: descriptor & 4 != 0 };
        Ok(())
    }

    /// Reads the header of a block.
    fn block(&mut self, has_checksum: bool) -> Result<()> {
        let header @ [low, middle, high] = self.input.array()?;
        let number = u32::from_le_bytes([low, middle, high, 0]);
        let (is_last, size) = (number & 1 != 0, (number >> 3) as usize);
        let kind = number >> 1 & 3;
        if kind == 0 && (1..=BLOCK).contains(&size) {
            self.phase = Phase::Stored { left: size, is_last, has_checksum };
            return Ok(());
        }
        self.phase = behind(is_last, has_checksum);
        if let (Some(literals), 2) = (&mut self.literals, kind) {
            let mut block = Vec::new();
            if self.input.append(size, &mut block)? < size {
                return Err(cut());
            }
            let unpacked = literals.unpacked(&block);
            let block = unpacked.as_ref().unwrap_or(&block);
            let number = u32::try_from(block.len()).unwrap_or(0) << 3 | number & 7;
            let [low, middle, high, _] = number.to_le_bytes();
            self.front.extend_from_slice(&[low, middle, high]);
            self.front.extend_from_slice(block);
            return Ok(());
        }
        self.front.extend_from_slice(&header);
        // One octet stands for all of a block of kind 1.
        self.through = if kind == 1 { 1 } else { size };
        Ok(())
    }

    /// Makes a block of what has come of a stored one; false when there is nothing.
    fn piece(&mut self, left: usize, is_last: bool, has_checksum: bool) -> Result<bool> {
        let count = self.input.peek()?.len().min(left);
        let rest = left.saturating_sub(count);
        let is_end = rest == 0 && is_last;
        let number = u32::try_from(count).unwrap_or(0) << 3 | u32::from(is_end);
        let [low, middle, high, _] = number.to_le_bytes();
        self.front.extend_from_slice(&[low, middle, high]);
        self.through = count;
        self.phase = if rest == 0 {
            behind(is_last, has_checksum)
        } else {
            Phase::Stored { left: rest, is_last, has_checksum }
        };
        Ok(count > 0)
    }
}

fn behind(is_last: bool, has_checksum: bool) -> Phase {
    match (is_last, has_checksum) {
        (false, _) => Phase::Block { has_checksum },
        (true, true) => Phase::Checksum,
        (true, false) => Phase::Between,
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            let front = self.front.get(self.given..).unwrap_or_default();
            if !front.is_empty() {
                let count = { front }.read(buffer)?;
                self.given = self.given.saturating_add(count);
                return Ok(count);
            }
            self.front.clear();
            self.given = 0;
            if self.through > 0 {
                let there = self.input.peek()?;
                if there.is_empty() {
                    return Err(cut());
                }
                let count = there.get(..self.through).unwrap_or(there).read(buffer)?;
                self.input.take(count);
                self.through = self.through.saturating_sub(count);
                return Ok(count);
            }
            match self.phase {
                Phase::Between => {
                    if !self.begin()? {
                        return Ok(0);
                    }
                }
                Phase::Block { has_checksum } => self.block(has_checksum)?,
                Phase::Stored { left, is_last, has_checksum } => {
                    if !self.piece(left, is_last, has_checksum)? {
                        return Err(cut());
                    }
                }
                Phase::Checksum => {
                    self.through = 4;
                    self.phase = Phase::Between;
                }
            }
        }
    }
}
