//! lz4: frames of blocks, skippable frames and the legacy format, in any order
//! (`lz4_Frame_format.md` 1.6.4).
//!
//! The frames are read here because the reader of `lz4_flex` takes an empty one for the end, knows
//! no skippable ones, and gives nothing of a stored block that is cut.

mod block;

use std::hash::Hasher;
use std::io::Result;

use twox_hash::XxHash32;

use super::input::{Decode, Input, cut, damaged};

/// First octets of a frame, as a number.
const FRAME: u32 = 0x184d_2204;
/// Magic number of the format before version 1.4, which `lz4 -l` and kernels write.
const LEGACY: u32 = 0x184c_2102;
/// Magic number of a frame to be skipped, without its last four bits.
pub(super) const SKIPPABLE: u32 = 0x184d_2a50;

/// Octets that a legacy block gives at most.
const LEGACY_BLOCK: usize = 8 << 20;
/// Octets by which a block of octets that cannot be compressed grows at most: one in 255, and 16.
const LEGACY_PACKED: usize = LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16;

/// Octets before a block that it may refer to.
const WINDOW: usize = 64 << 10;

/// Octets of a stored block that one step gives at most.
const STEP: usize = 256 << 10;

/// Decoder of lz4.
pub(super) struct Lz4 {
    input: Input,
    phase: Phase,
    /// Octets that the next block may refer to.
    window: Vec<u8>,
    /// The compressed octets of a block.
    packed: Vec<u8>,
}

/// Where in the input a decoder is.
enum Phase {
    /// Before a frame, whose first octets may have been read.
    Between(Option<u32>),
    /// Before a block.
    Frame(Frame),
    /// In a stored block, of which so many octets are left.
    Stored(Frame, usize),
    /// Before a legacy block.
    Legacy,
}

/// What a frame's header says.
#[derive(Clone)]
struct Frame {
    /// Whether blocks refer to those before.
    is_linked: bool,
    has_block_checksums: bool,
    /// The checksum of the present block, where blocks have one.
    block: XxHash32,
    /// The checksum of all, where the frame has one.
    content: Option<XxHash32>,
    /// Octets in all, where the frame states it.
    len: Option<u64>,
    /// Octets so far.
    done: u64,
    /// Octets that a block gives at most.
    most: usize,
    dictionary: Option<u32>,
}

impl Lz4 {
    pub(super) fn new(input: Input) -> Self {
        Self { input, phase: Phase::Between(None), window: Vec::new(), packed: Vec::new() }
    }

    /// Reads up to the next frame that has blocks; nothing when there is none.
    fn begin(&mut self, known: Option<u32>) -> Result<Option<Phase>> {
        let mut known = known;
        loop {
            let magic = match known.take() {
                Some(magic) => magic,
                None if self.input.is_at_end()? => return Ok(None),
                None => u32::from_le_bytes(self.input.array()?),
            };
            match magic {
                FRAME => return self.header().map(|frame| Some(Phase::Frame(frame))),
                LEGACY => return Ok(Some(Phase::Legacy)),
                _ if magic & !0xf == SKIPPABLE => {
                    let len = u32::from_le_bytes(self.input.array()?);
                    self.input.skip(len.into())?;
                }
                _ => return Err(damaged("what follows the last lz4 frame is no other")),
            }
        }
    }

    fn header(&mut self) -> Result<Frame> {
        self.window.clear();
        let mut descriptor = Vec::new();
        let mut part = |len: usize| -> Result<u64> {
            let mut octets = Vec::new();
            if self.input.append(len, &mut octets)? < len {
                return Err(cut());
            }
            descriptor.extend_from_slice(&octets);
            Ok(octets.iter().rev().fold(0, |number, octet| number << 8 | u64::from(*octet)))
        };
        let flags = part(1)?;
        let block = part(1)?;
        let len = if flags & 8 != 0 { Some(part(8)?) } else { None };
        let dictionary = if flags & 1 != 0 { u32::try_from(part(4)?).ok() } else { None };
        let [sum] = self.input.array()?;
        let [_, second, ..] = XxHash32::oneshot(0, &descriptor).to_le_bytes();
        if flags >> 6 != 1 || flags & 2 != 0 {
            return Err(damaged(format!("lz4 frame of unknown kind 0x{flags:02x}")));
        }
        if sum != second {
            return Err(damaged("wrong checksum of an lz4 frame header"));
        }
        let most = match block {
            0x40 => 64 << 10,
            0x50 => 256 << 10,
            0x60 => 1 << 20,
            0x70 => 4 << 20,
            _ => {
                return Err(damaged(format!(
                    "lz4 frame with blocks of unknown size 0x{block:02x}"
                )));
            }
        };
        Ok(Frame {
            is_linked: flags & 0x20 == 0,
            has_block_checksums: flags & 0x10 != 0,
            block: XxHash32::with_seed(0),
            content: (flags & 4 != 0).then(|| XxHash32::with_seed(0)),
            len,
            done: 0,
            most,
            dictionary,
        })
    }

    /// Reads the next block of a frame.
    fn block(&mut self, mut frame: Frame, out: &mut Vec<u8>) -> Result<Phase> {
        let size = u32::from_le_bytes(self.input.array()?);
        if size == 0 {
            self.end(&frame)?;
            return Ok(Phase::Between(None));
        }
        frame.block = XxHash32::with_seed(0);
        let len = (size & 0x7fff_ffff) as usize;
        if len > frame.most {
            return Err(damaged(format!("lz4 block of {len} octets, more than {}", frame.most)));
        }
        if size & 0x8000_0000 != 0 {
            return Ok(Phase::Stored(frame, len));
        }
        self.pack(len)?;
        if frame.has_block_checksums {
            frame.block.write(&self.packed);
            self.check_block(&frame)?;
        }
        self.unpack(frame.most, out).map_err(|error| match frame.dictionary {
            Some(id) => damaged(format!("lz4 frame that needs dictionary {id}: {error}")),
            None => error,
        })?;
        self.add(&mut frame, out);
        Ok(Phase::Frame(frame))
    }

    /// Reads more of a stored block.
    fn stored(&mut self, mut frame: Frame, left: usize, out: &mut Vec<u8>) -> Result<Phase> {
        let len = left.min(STEP);
        let got = self.input.append(len, out)?;
        frame.block.write(out);
        self.add(&mut frame, out);
        if got < len {
            return Err(cut());
        }
        if got < left {
            return Ok(Phase::Stored(frame, left.saturating_sub(got)));
        }
        if frame.has_block_checksums {
            self.check_block(&frame)?;
        }
        Ok(Phase::Frame(frame))
    }

    /// Notes what a block gave.
    fn add(&mut self, frame: &mut Frame, out: &[u8]) {
        frame.done = frame.done.saturating_add(out.len() as u64);
        if let Some(content) = &mut frame.content {
            content.write(out);
        }
        if frame.is_linked {
            // No more of a large block than is referred to: a file of few octets is to take few.
            let last = out.len().saturating_sub(WINDOW);
            self.window.extend_from_slice(out.get(last..).unwrap_or_default());
            let old = self.window.len().saturating_sub(WINDOW);
            self.window.drain(..old);
        }
    }

    fn check_block(&mut self, frame: &Frame) -> Result<()> {
        let sum = u32::from_le_bytes(self.input.array()?);
        if sum != frame.block.finish_32() {
            return Err(damaged("wrong checksum of an lz4 block"));
        }
        Ok(())
    }

    /// Compares what a frame gave with what its header and its end say of it.
    fn end(&mut self, frame: &Frame) -> Result<()> {
        if let Some(len) = frame.len.filter(|&len| len != frame.done) {
            return Err(damaged(format!("lz4 frame of {} octets, not {len}", frame.done)));
        }
        if let Some(content) = &frame.content {
            let sum = u32::from_le_bytes(self.input.array()?);
            if sum != content.finish_32() {
                return Err(damaged("wrong checksum of an lz4 frame"));
            }
        }
        Ok(())
    }

    /// Reads the next legacy block: the format has no end but that of the input or another frame.
    fn legacy(&mut self, out: &mut Vec<u8>) -> Result<Phase> {
        if self.input.is_at_end()? {
            return Ok(Phase::Between(None));
        }
        let size = u32::from_le_bytes(self.input.array()?);
        let len = size as usize;
        if len > LEGACY_PACKED {
            return Ok(Phase::Between(Some(size)));
        }
        self.pack(len)?;
        self.window.clear();
        self.unpack(LEGACY_BLOCK, out)?;
        Ok(Phase::Legacy)
    }

    /// Reads the compressed octets of a block.
    fn pack(&mut self, len: usize) -> Result<()> {
        self.packed.clear();
        if self.input.append(len, &mut self.packed)? < len { Err(cut()) } else { Ok(()) }
    }

    /// Appends what the compressed octets stand for, at most `most` octets.
    fn unpack(&mut self, most: usize, out: &mut Vec<u8>) -> Result<()> {
        // No octet stands for more than 255.
        out.resize(most.min(self.packed.len().saturating_mul(256)), 0);
        let got = lz4_flex::block::decompress_into_with_dict(&self.packed, out, &self.window);
        out.truncate(*got.as_ref().unwrap_or(&0));
        let Err(error) = got else { return Ok(()) };
        block::unpack(&self.packed, &self.window, most, out)
            .ok_or_else(|| damaged(error.to_string()))
    }
}

impl Decode for Lz4 {
    fn step(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Between(None)) {
            Phase::Between(known) => match self.begin(known)? {
                Some(phase) => phase,
                None => return Ok(false),
            },
            Phase::Frame(frame) => self.block(frame, out)?,
            Phase::Stored(frame, left) => self.stored(frame, left, out)?,
            Phase::Legacy => self.legacy(out)?,
        };
        Ok(true)
    }
}
