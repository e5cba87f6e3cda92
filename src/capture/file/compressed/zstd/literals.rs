//! Literals of zstd blocks that were packed by Huffman codes (RFC 8878, sections 3.1.1.3.1 and
//! 4.2), unpacked as the C library does it: without asking whether a stream ends where it should.
//!
//! A flipped bit spoils some octets of one of four streams.  `zrip` then refuses the block, and
//! with it all that follows; here the other octets are kept, and the frame's checksum tells of the
//! rest.

/// Bits of the longest code, and of the largest table of weights.
const MOST_BITS: u32 = 11;
const MOST_WEIGHT_BITS: u32 = 6;

/// Octets that a block gives at most.
const BLOCK: usize = 128 << 10;

/// Unpacks literals; keeps the codes for blocks that use those of one before.
#[derive(Default)]
pub(super) struct Literals {
    codes: Option<Codes>,
}

/// A table of what the next bits stand for.
struct Codes {
    bits: u32,
    /// An octet, and the bits of its code.
    table: Vec<(u8, u8)>,
}

impl Literals {
    /// A block with its literals as they are; nothing where they are so already, or where
    /// the block makes no sense.
    pub(super) fn unpacked(&mut self, block: &[u8]) -> Option<Vec<u8>> {
        let first = u32::from(*block.first()?);
        let (is_treeless, is_packed) = (first & 3 == 3, first & 2 != 0);
        if !is_packed {
            return None;
        }
        let format = first >> 2 & 3;
        // Octets of the header, and bits of each of its two sizes.
        let (len, bits): (usize, u32) = match format {
            0 | 1 => (3, 10),
            2 => (4, 14),
            _ => (5, 18),
        };
        let (header, rest) = block.split_at_checked(len)?;
        let number = header.iter().rev().fold(0_u64, |all, octet| all << 8 | u64::from(*octet));
        let size = |shift: u32| usize::try_from(number >> shift & !(u64::MAX << bits)).ok();
        let (count, packed) = (size(4)?, size(bits.saturating_add(4))?);
        let (mut octets, rest) = rest.split_at_checked(packed).filter(|_| count <= BLOCK)?;
        if !is_treeless {
            self.codes = Some(Codes::read(&mut octets)?);
        }
        let codes = self.codes.as_ref()?;
        let mut out = Vec::with_capacity(count.saturating_add(rest.len()).saturating_add(3));
        // Stored literals: type 0, a size of 20 bits.
        let [a, b, c, _] = (u32::try_from(count).ok()? << 4 | 3 << 2).to_le_bytes();
        out.extend_from_slice(&[a, b, c]);
        if format == 0 {
            codes.unpack(octets, count, &mut out)?;
        } else {
            let (jumps, mut octets) = octets.split_first_chunk::<6>()?;
            let [a, b, c, d, e, f] = *jumps;
            let quarter = count.saturating_add(3) / 4;
            for jump in [[a, b], [c, d], [e, f]] {
                let len = usize::from(u16::from_le_bytes(jump));
                let (stream, behind) = octets.split_at_checked(len)?;
                octets = behind;
                codes.unpack(stream, quarter, &mut out)?;
            }
            codes.unpack(octets, count.checked_sub(quarter.checked_mul(3)?)?, &mut out)?;
        }
        out.extend_from_slice(rest);
        Some(out)
    }
}

impl Codes {
    /// Reads the description of a table, and leaves what follows it in `octets`.
    fn read(octets: &mut &[u8]) -> Option<Self> {
        let (head, rest) = octets.split_first()?;
        let mut weights = if *head >= 128 {
            let count = usize::from(head.wrapping_sub(127));
            let (pairs, behind) = rest.split_at_checked(count.div_ceil(2))?;
            *octets = behind;
            let mut weights: Vec<u8> =
                pairs.iter().flat_map(|pair| [pair >> 4, pair & 15]).collect();
            weights.truncate(count);
            weights
        } else {
            let (packed, behind) = rest.split_at_checked(usize::from(*head))?;
            *octets = behind;
            weights(packed)?
        };
        if weights.iter().any(|weight| u32::from(*weight) > MOST_BITS) {
            return None;
        }
        let share = |weight: &u8| if *weight == 0 { 0_u32 } else { 1 << weight.saturating_sub(1) };
        let sum = weights.iter().map(share).fold(0_u32, u32::saturating_add);
        let bits = sum.checked_ilog2()?.saturating_add(1);
        // The last weight is what is missing.
        let left = (1_u32 << bits.min(31)).checked_sub(sum)?;
        if bits > MOST_BITS || !left.is_power_of_two() || weights.len() > 255 {
            return None;
        }
        weights.push(u8::try_from(left.ilog2().saturating_add(1)).ok()?);
        let mut table = Vec::with_capacity(1 << bits);
        for weight in 1..=bits {
            let len = u8::try_from(bits.saturating_add(1).saturating_sub(weight)).ok()?;
            for (octet, _) in
                (0..=u8::MAX).zip(&weights).filter(|(_, one)| u32::from(**one) == weight)
            {
                let end = table.len().saturating_add(1 << weight.saturating_sub(1));
                table.resize(end, (octet, len));
            }
        }
        (table.len() == 1 << bits).then_some(Self { bits, table })
    }

    /// Appends `count` octets of one stream.
    fn unpack(&self, stream: &[u8], count: usize, out: &mut Vec<u8>) -> Option<()> {
        let mut bits = Backward::new(stream)?;
        let mask = !(usize::MAX << self.bits);
        let mut state = bits.read(self.bits) as usize;
        for _ in 0..count {
            let (octet, len) = *self.table.get(state)?;
            out.push(octet);
            let next = bits.read(len.into()) as usize;
            state = (state << len | next) & mask;
        }
        Some(())
    }
}

/// Bits from the end of a stream to its beginning; zeros before that.
struct Backward<'a> {
    octets: &'a [u8],
    /// Bits that are left; less than none behind the beginning.
    left: i64,
}

impl<'a> Backward<'a> {
    /// None where the last octet does not mark where the bits end.
    fn new(octets: &'a [u8]) -> Option<Self> {
        let last = octets.last()?.checked_ilog2()?;
        let left = i64::try_from(octets.len()).ok()?.checked_mul(8)?;
        Some(Self { octets, left: left.saturating_sub(8).saturating_add(last.into()) })
    }

    /// The next so many bits, at most 32.
    fn read(&mut self, count: u32) -> u32 {
        let end = self.left;
        self.left = end.saturating_sub(count.into());
        let from = usize::try_from(self.left.max(0)).unwrap_or(0);
        let there = u32::try_from(end.max(0).saturating_sub(self.left.max(0))).unwrap_or(0);
        let at = from / 8;
        let window = self.octets.get(at..).unwrap_or_default();
        let number = match window.first_chunk::<8>() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => window.iter().rev().fold(0, |all, octet| all << 8 | u64::from(*octet)),
        };
        let bits = number >> (from % 8) & !(u64::MAX << there.min(63));
        // What lies before the beginning counts as zeros, which come last.
        let missing = count.saturating_sub(there).min(31);
        u32::try_from(bits << missing & 0xffff_ffff).unwrap_or(0)
    }
}

/// Weights that were packed by two states of one table (section 4.2.1.2).
fn weights(packed: &[u8]) -> Option<Vec<u8>> {
    let mut octets = packed;
    let states = States::read(&mut octets)?;
    let mut bits = Backward::new(octets)?;
    let mut all = Vec::new();
    let (mut now, mut other) = (bits.read(states.bits), bits.read(states.bits));
    while all.len() < 255 {
        let (weight, len, base) = *states.table.get(now as usize)?;
        all.push(weight);
        now = u32::from(base).saturating_add(bits.read(len.into()));
        if bits.left < 0 {
            let (weight, ..) = *states.table.get(other as usize)?;
            all.push(weight);
            return Some(all);
        }
        std::mem::swap(&mut now, &mut other);
    }
    None
}

/// A table of finite state entropy: what a state stands for, bits to read, and what to add to them.
struct States {
    bits: u32,
    table: Vec<(u8, u8, u16)>,
}

impl States {
    /// Reads the description of a table (section 4.1.1), and leaves what follows it in `octets`.
    fn read(octets: &mut &[u8]) -> Option<Self> {
        let mut bits = Forward { octets, at: 0 };
        let log = bits.read(4)?.saturating_add(5);
        if log > MOST_WEIGHT_BITS {
            return None;
        }
        let size = 1_u32 << log;
        // -1 stands for less than one.
        let mut shares: Vec<i32> = Vec::new();
        let mut left = size;
        while left > 0 {
            let more = left.saturating_add(1);
            let width = more.ilog2().saturating_add(1);
            let low = !(u32::MAX << width.saturating_sub(1));
            let short = (!(u32::MAX << width)).saturating_sub(more);
            let mut value = bits.peek(width);
            if value & low < short {
                bits.at = bits.at.saturating_add(width.saturating_sub(1) as usize);
                value &= low;
            } else {
                bits.at = bits.at.saturating_add(width as usize);
                value = if value > low { value.saturating_sub(short) } else { value };
            }
            let share = i32::try_from(value).ok()?.saturating_sub(1);
            left = left.checked_sub(share.unsigned_abs())?;
            shares.push(share);
            // Behind a zero it is told how many more there are, three at a time.
            let mut zeros = if share == 0 { 3 } else { 0 };
            while zeros == 3 {
                zeros = bits.read(2)?;
                shares.extend((0..zeros).map(|_| 0));
            }
            if shares.len() > 255 {
                return None;
            }
        }
        let end = bits.at.div_ceil(8);
        *octets = octets.get(end..)?;
        Self::spread(log, &shares)
    }

    fn spread(log: u32, shares: &[i32]) -> Option<Self> {
        let size = 1_usize << log;
        let mut symbols = vec![0_u8; size];
        let mut high = size;
        for (symbol, _) in (0..=u8::MAX).zip(shares).filter(|(_, share)| **share < 0) {
            high = high.checked_sub(1)?;
            *symbols.get_mut(high)? = symbol;
        }
        let step = (size >> 1).saturating_add(size >> 3).saturating_add(3);
        let mut at = 0_usize;
        for (symbol, share) in (0..=u8::MAX).zip(shares) {
            for _ in 0..(*share).max(0) {
                *symbols.get_mut(at)? = symbol;
                loop {
                    at = at.saturating_add(step) & size.saturating_sub(1);
                    if at < high {
                        break;
                    }
                }
            }
        }
        let mut next: Vec<u32> = shares.iter().map(|share| share.unsigned_abs()).collect();
        let mut table = Vec::with_capacity(size);
        for symbol in symbols {
            let state = next.get_mut(usize::from(symbol))?;
            let len = log.checked_sub(state.checked_ilog2()?)?;
            let base = (*state << len).checked_sub(1 << log)?;
            *state = state.saturating_add(1);
            table.push((symbol, u8::try_from(len).ok()?, u16::try_from(base).ok()?));
        }
        Some(Self { bits: log, table })
    }
}

/// Bits from the beginning of octets on, the least significant first.
struct Forward<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Forward<'_> {
    fn peek(&self, count: u32) -> u32 {
        let window = self.octets.get(self.at / 8..).unwrap_or_default();
        let number =
            window.iter().take(4).rev().fold(0_u32, |all, octet| all << 8 | u32::from(*octet));
        number >> (self.at % 8) & !(u32::MAX << count)
    }

    fn read(&mut self, count: u32) -> Option<u32> {
        let number = self.peek(count);
        self.at = self.at.saturating_add(count as usize);
        (self.at <= self.octets.len().saturating_mul(8)).then_some(number)
    }
}
