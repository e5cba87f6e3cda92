//! xz: streams of blocks, padding, filters and checks (`xz-file-format.txt` 1.2.1).

use std::io::Result;
use std::sync::LazyLock;

use flate2::Crc;
use lzma_rust2::filter::StreamFilter;
use lzma_rust2::{FilterConfig, FilterType};
use sha2::{Digest, Sha256};

use super::input::{Decode, Input, cut, damaged};
use super::lzma2::Lzma2;

const MAGIC: [u8; 6] = *b"\xfd7zXZ\0";
const END: [u8; 2] = *b"YZ";

/// Octets that a dictionary may have, as zstd's own limit is: `xz -9` takes half of it.
const MOST_DICTIONARY: u64 = 128 << 20;

/// The filter that every chain ends with.
const LZMA2: u64 = 0x21;

/// Decoder of xz.
pub(super) struct Xz {
    input: Input,
    /// Octets of the input before the present stream.
    begun: u64,
    /// The two flags of the present stream.
    flags: Option<[u8; 2]>,
    blocks: Records,
    block: Option<Block>,
    has_ended: bool,
}

/// Blocks, or what an index says of them, summed up.
#[derive(Default, PartialEq, Eq)]
struct Records {
    count: u64,
    /// Octets without the padding.
    packed: u64,
    /// Octets that they stand for.
    len: u64,
}

impl Records {
    fn add(&mut self, packed: u64, len: u64) {
        self.count = self.count.wrapping_add(1);
        self.packed = self.packed.wrapping_add(packed);
        self.len = self.len.wrapping_add(len);
    }
}

/// The block at hand.
struct Block {
    lzma2: Lzma2,
    /// From the one behind LZMA2 to the outermost.
    filters: Vec<Filter>,
    check: Check,
    /// Octets of the input before its header, and before its data.
    begun: u64,
    data: u64,
    /// Octets that it says it has, packed and in all.
    packed: Option<u64>,
    len: Option<u64>,
    done: u64,
}

/// A filter, and the octets that it cannot decode before it has seen more.
struct Filter {
    filter: StreamFilter,
    held: Vec<u8>,
}

/// The check at the end of a block.
enum Check {
    Crc32(Crc),
    Crc64(u64),
    Sha256(Box<Sha256>),
    /// No check, or an unknown one, of so many octets.
    Other(u64),
}

impl Xz {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            begun: 0,
            flags: None,
            blocks: Records::default(),
            block: None,
            has_ended: false,
        }
    }

    /// Reads the header of the next stream; nothing when there is none.
    fn stream(&mut self) -> Result<Option<[u8; 2]>> {
        let mut padding = 0_u64;
        while self.has_ended && self.input.peek()?.first() == Some(&0) {
            self.input.take(1);
            padding = padding.wrapping_add(1);
        }
        if !padding.is_multiple_of(4) {
            return Err(damaged(format!("xz stream padding of {padding} octets")));
        }
        if self.has_ended && self.input.is_at_end()? {
            return Ok(None);
        }
        self.begun = self.input.taken();
        if self.input.array()? != MAGIC {
            return Err(damaged("what follows the last xz stream is no other"));
        }
        let flags = self.input.array()?;
        if self.input.array()? != crc(&flags) {
            return Err(damaged("wrong checksum of an xz stream header"));
        }
        let [0, 0..16] = flags else { return Err(damaged(format!("xz stream of kind {flags:?}"))) };
        self.blocks = Records::default();
        Ok(Some(flags))
    }

    /// Reads the header of the next block, or the index and the end of the stream.
    fn begin(&mut self, flags: [u8; 2]) -> Result<Option<Block>> {
        let begun = self.input.taken();
        let size = self.input.octet()?;
        if size == 0 {
            self.index(begun)?;
            self.footer(begun, flags)?;
            return Ok(None);
        }
        let mut header = vec![size];
        let len = usize::from(size).saturating_mul(4).saturating_sub(1);
        if self.input.append(len, &mut header)? < len {
            return Err(cut());
        }
        if self.input.array()? != crc(&header) {
            return Err(damaged("wrong checksum of an xz block header"));
        }
        let [_, check] = flags;
        let mut fields = header.get(1..).unwrap_or_default();
        let block = Block::new(&mut fields, Check::new(check), (begun, self.input.taken()));
        block.unwrap_or_else(|| Err(damaged("xz block header that makes no sense"))).map(Some)
    }

    /// Reads the index, behind its first octet, and compares it with what was met.
    fn index(&mut self, begun: u64) -> Result<()> {
        let mut sum = Crc::new();
        sum.update(&[0]);
        let mut number = || {
            let mut octets = Vec::new();
            loop {
                let octet = self.input.octet()?;
                sum.update(&[octet]);
                octets.push(octet);
                if octet & 0x80 == 0 || octets.len() > 9 {
                    break;
                }
            }
            number(&mut octets.as_slice()).ok_or_else(|| damaged("xz index that makes no sense"))
        };
        let count = number()?;
        let mut records = Records::default();
        while records.count < count {
            records.add(number()?, number()?);
        }
        while !self.input.taken().wrapping_sub(begun).is_multiple_of(4) {
            sum.update(&[self.input.octet()?]);
        }
        if self.input.array()? != sum.sum().to_le_bytes() {
            return Err(damaged("wrong checksum of an xz index"));
        }
        if records != self.blocks {
            return Err(damaged("xz index that is not of these blocks"));
        }
        Ok(())
    }

    /// Reads what ends a stream, behind the index that began there.
    fn footer(&mut self, index: u64, flags: [u8; 2]) -> Result<()> {
        let len = self.input.taken().wrapping_sub(index);
        let sum: [u8; 4] = self.input.array()?;
        let fields: [u8; 6] = self.input.array()?;
        let [a, b, c, d, ref stated @ ..] = fields;
        let words = u64::from(u32::from_le_bytes([a, b, c, d])).wrapping_add(1);
        if self.input.array()? != END || sum != crc(&fields) {
            return Err(damaged("wrong checksum of an xz stream footer"));
        }
        if *stated != flags || words.wrapping_mul(4) != len {
            return Err(damaged("xz stream footer that is not of this stream"));
        }
        self.has_ended = true;
        Ok(())
    }

    /// Reads what comes behind the data of a block.
    fn end(&mut self, block: Block) -> Result<()> {
        let packed = self.input.taken().wrapping_sub(block.data);
        while !self.input.taken().wrapping_sub(block.data).is_multiple_of(4) {
            if self.input.octet()? != 0 {
                return Err(damaged("xz block padding that is not zero"));
            }
        }
        let padding = self.input.taken().wrapping_sub(block.data).wrapping_sub(packed);
        if block.packed.is_some_and(|stated| stated != packed)
            || block.len.is_some_and(|stated| stated != block.done)
        {
            return Err(damaged("xz block of another length than it says"));
        }
        block.check.compare(&mut self.input)?;
        let all = self.input.taken().wrapping_sub(block.begun).wrapping_sub(padding);
        self.blocks.add(all, block.done);
        Ok(())
    }
}

impl Decode for Xz {
    fn step(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        let Some(flags) = self.flags else {
            self.flags = self.stream()?;
            return Ok(self.flags.is_some());
        };
        let Some(block) = &mut self.block else {
            self.block = self.begin(flags)?;
            self.flags = self.flags.filter(|_| self.block.is_some());
            return Ok(true);
        };
        let more = block.lzma2.chunk(&mut self.input, out);
        block.give(out, !matches!(more, Ok(true)));
        if !more? && let Some(block) = self.block.take() {
            self.end(block)?;
        }
        Ok(true)
    }
}

impl Block {
    /// A block with these fields of its header; nothing when they end too early.
    fn new(fields: &mut &[u8], check: Check, (begun, data): (u64, u64)) -> Option<Result<Self>> {
        let (flags, rest) = fields.split_first()?;
        *fields = rest;
        let packed = if flags & 0x40 != 0 { Some(number(fields)?) } else { None };
        let len = if flags & 0x80 != 0 { Some(number(fields)?) } else { None };
        let (mut filters, mut dictionary) = (Vec::new(), None);
        for _ in 0..=flags & 3 {
            let (kind, size) = (number(fields)?, number(fields)?);
            let (properties, rest) = fields.split_at_checked(usize::try_from(size).ok()?)?;
            *fields = rest;
            if dictionary.is_some() {
                return None;
            }
            match (kind, properties) {
                (LZMA2, [bits @ 0..=40]) => dictionary = Some(dictionary_len(*bits)),
                (LZMA2, _) => return None,
                _ => match Filter::new(kind, properties) {
                    Some(filter) => filters.insert(0, filter),
                    None => {
                        return Some(Err(damaged(format!("xz filter 0x{kind:x} is not known"))));
                    }
                },
            }
        }
        let dictionary = dictionary?;
        if flags & 0x3c != 0 || fields.iter().any(|octet| *octet != 0) {
            return None;
        }
        if dictionary > MOST_DICTIONARY {
            return Some(Err(damaged(format!(
                "xz block that needs too much memory: a dictionary of {dictionary} octets, \
                 of at most {MOST_DICTIONARY}"
            ))));
        }
        let lzma2 = Lzma2::new(usize::try_from(dictionary).ok()?);
        Some(Ok(Self { lzma2, filters, check, begun, data, packed, len, done: 0 }))
    }

    /// Makes of what LZMA2 gave what the block stands for.
    fn give(&mut self, out: &mut Vec<u8>, is_end: bool) {
        for filter in &mut self.filters {
            filter.apply(out, is_end);
        }
        self.done = self.done.wrapping_add(out.len() as u64);
        self.check.add(out);
    }
}

impl Filter {
    fn new(kind: u64, properties: &[u8]) -> Option<Self> {
        let filter_type = FilterType::try_from(kind).ok()?;
        let property = match (filter_type, properties) {
            (FilterType::Delta, [distance]) => u32::from(*distance).saturating_add(1),
            (FilterType::Delta, _) => return None,
            (_, []) => 0,
            (_, [a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]),
            _ => return None,
        };
        let filter = StreamFilter::new(&FilterConfig { filter_type, property }).ok()?;
        Some(Self { filter, held: Vec::new() })
    }

    fn apply(&mut self, octets: &mut Vec<u8>, is_end: bool) {
        self.held.append(octets);
        let settled = self.filter.decode(&mut self.held);
        let settled = if is_end { self.held.len() } else { settled.min(self.held.len()) };
        octets.extend(self.held.drain(..settled));
    }
}

impl Check {
    /// The check that a stream's flags name, with its length by the format's table.
    fn new(kind: u8) -> Self {
        match kind {
            1 => Self::Crc32(Crc::new()),
            4 => Self::Crc64(0),
            10 => Self::Sha256(Box::default()),
            0 => Self::Other(0),
            _ => Self::Other(4_u64 << (kind.saturating_sub(1) / 3)),
        }
    }

    fn add(&mut self, octets: &[u8]) {
        match self {
            Self::Crc32(crc) => crc.update(octets),
            Self::Crc64(sum) => *sum = crc64(*sum, octets),
            Self::Sha256(hash) => hash.update(octets),
            Self::Other(_) => {}
        }
    }

    /// Compares it with the one in the input.
    fn compare(self, input: &mut Input) -> Result<()> {
        let is_right = match self {
            Self::Crc32(crc) => input.array()? == crc.sum().to_le_bytes(),
            Self::Crc64(sum) => input.array()? == sum.to_le_bytes(),
            Self::Sha256(hash) => input.array::<32>()? == *hash.finalize(),
            Self::Other(len) => return input.skip(len),
        };
        if is_right { Ok(()) } else { Err(damaged("wrong checksum of an xz block")) }
    }
}

/// Octets of the dictionary that these bits stand for: 2 or 3 times a power of two, from 4 KiB on.
fn dictionary_len(bits: u8) -> u64 {
    match bits {
        40 => u64::from(u32::MAX),
        _ => (2 | u64::from(bits & 1)) << (bits >> 1).saturating_add(11),
    }
}

fn crc(octets: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(octets);
    crc.sum().to_le_bytes()
}

/// Reads a number of 7 bits an octet, the least significant first.
fn number(fields: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (octet, rest) = fields.split_first()?;
        *fields = rest;
        number |= u64::from(octet & 0x7f) << shift;
        if octet & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// What CRC-64 of ECMA-182, its bits reversed, makes of each octet.
static CRC64: LazyLock<[u64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|octet| {
        let step =
            |value: u64, _| value >> 1 ^ if value & 1 == 0 { 0 } else { 0xc96c_5795_d787_0f42 };
        (0..8).fold(octet as u64, step)
    })
});

fn crc64(sum: u64, octets: &[u8]) -> u64 {
    let table: &[u64; 256] = &CRC64;
    let step = |sum: u64, octet: &u8| {
        let [low, ..] = sum.to_le_bytes();
        let entry = table.get(usize::from(low ^ octet)).copied().unwrap_or(0);
        entry ^ sum >> 8
    };
    !octets.iter().fold(!sum, step)
}
