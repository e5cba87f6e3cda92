//! LZMA's model: how likely each bit of the next symbol is, and what a symbol does.

use std::io::{Error, Result};

use super::super::input::damaged;
use super::range::{EVEN, Range};

/// Kinds of what came last, and places of a symbol that are distinguished.
const STATES: usize = 12;
const PLACES: usize = 16;

/// Probabilities of one literal coder: after a literal, and beside a 0 and a 1 that a match
/// suggests.
type Literal = [[u16; 0x100]; 3];

/// Distances below this have a slot of their own; from the other on only their top bits have.
const SLOTS_ALONE: u32 = 4;
const SLOTS_MODELLED: u32 = 14;

/// Octets of the shortest match.
const SHORTEST: usize = 2;

/// Kinds of lengths.
struct Lengths {
    choice: [u16; 2],
    short: [[u16; 8]; PLACES],
    middle: [[u16; 8]; PLACES],
    long: [u16; 256],
}

/// All that LZMA learns.
pub(super) struct Model {
    /// Bits of the octet before, and of the position, that a literal depends on.
    literal_context: u32,
    literal_places: u32,
    /// Bits of the position that other symbols depend on.
    places: u32,
    state: usize,
    /// The last four distances, less 1.
    recent: [u32; 4],
    is_match: [[u16; PLACES]; STATES],
    is_repeat: [u16; STATES],
    /// Whether a repeated distance is another than the last, the second, the third.
    is_older: [[u16; STATES]; 3],
    is_long: [[u16; PLACES]; STATES],
    slots: [[u16; 64]; 4],
    special: [u16; 128],
    low: [u16; 16],
    match_len: Lengths,
    repeat_len: Lengths,
    literals: Vec<Literal>,
}

impl Default for Lengths {
    fn default() -> Self {
        Self {
            choice: [EVEN; 2],
            short: [[EVEN; 8]; PLACES],
            middle: [[EVEN; 8]; PLACES],
            long: [EVEN; 256],
        }
    }
}

impl Lengths {
    fn read(&mut self, range: &mut Range<'_>, place: usize) -> Option<usize> {
        let [first, second] = &mut self.choice;
        let len = if !range.bit(first) {
            range.tree(self.short.get_mut(place)?)
        } else if !range.bit(second) {
            range.tree(self.middle.get_mut(place)?).wrapping_add(8)
        } else {
            range.tree(&mut self.long).wrapping_add(16)
        };
        Some(SHORTEST.saturating_add(len as usize))
    }
}

impl Default for Model {
    fn default() -> Self {
        Self {
            literal_context: 0,
            literal_places: 0,
            places: 0,
            state: 0,
            recent: [0; 4],
            is_match: [[EVEN; PLACES]; STATES],
            is_repeat: [EVEN; STATES],
            is_older: [[EVEN; STATES]; 3],
            is_long: [[EVEN; PLACES]; STATES],
            slots: [[EVEN; 64]; 4],
            special: [EVEN; 128],
            low: [EVEN; 16],
            match_len: Lengths::default(),
            repeat_len: Lengths::default(),
            literals: Vec::new(),
        }
    }
}

impl Model {
    /// Sets what symbols depend on, from the octet that tells it.
    pub(super) fn set_properties(&mut self, octet: u8) -> Result<()> {
        let (rest, context) = (octet / 9, u32::from(octet % 9));
        let (places, literal_places) = (u32::from(rest / 5), u32::from(rest % 5));
        if places > 4 || context.saturating_add(literal_places) > 4 {
            return Err(damaged(format!("LZMA2 properties 0x{octet:02x}")));
        }
        (self.literal_context, self.literal_places, self.places) =
            (context, literal_places, places);
        Ok(())
    }

    /// Forgets what was learnt, not what symbols depend on.
    pub(super) fn reset(&mut self) {
        let (context, literal_places) = (self.literal_context, self.literal_places);
        let mut literals = std::mem::take(&mut self.literals);
        literals.clear();
        literals.resize(1 << context.saturating_add(literal_places), [[EVEN; 0x100]; 3]);
        *self = Self {
            literal_context: context,
            literal_places,
            places: self.places,
            literals,
            ..Self::default()
        };
    }

    /// Appends `len` octets to `history`, of which the first is number `position`, or those that
    /// come before damage or the end of the range.
    pub(super) fn decode(
        &mut self,
        range: &mut Range<'_>,
        history: &mut Vec<u8>,
        position: usize,
        len: usize,
    ) -> Result<()> {
        let start = history.len();
        let end = start.saturating_add(len);
        history.reserve(len);
        while history.len() < end {
            let at = position.wrapping_add(history.len().wrapping_sub(start));
            let room = end.saturating_sub(history.len());
            self.symbol(range, history, at, room).ok_or_else(nonsense)??;
        }
        Ok(())
    }

    /// Reads one symbol; nothing when a table ends before it, which none does.
    #[inline]
    fn symbol(
        &mut self,
        range: &mut Range<'_>,
        history: &mut Vec<u8>,
        at: usize,
        room: usize,
    ) -> Option<Result<()>> {
        let place = at & !(usize::MAX << self.places);
        let state = self.state;
        if !range.bit(self.is_match.get_mut(state)?.get_mut(place)?) {
            let octet = self.literal(range, history, at)?;
            if range.is_starved() {
                return Some(Err(nonsense()));
            }
            history.push(octet);
            return Some(Ok(()));
        }
        let len = if range.bit(self.is_repeat.get_mut(state)?) {
            self.repeat(range, place)?
        } else {
            self.fresh(range, place)?
        };
        let [distance, ..] = self.recent;
        let from = history.len().checked_sub((distance as usize).saturating_add(1));
        let Some(from) = from.filter(|_| !range.is_starved()) else {
            return Some(Err(nonsense()));
        };
        copy(history, from, len.min(room));
        Some(if len > room { Err(nonsense()) } else { Ok(()) })
    }

    /// An octet that was not before.
    #[inline]
    fn literal(&mut self, range: &mut Range<'_>, history: &[u8], at: usize) -> Option<u8> {
        let before = u32::from(history.last().copied().unwrap_or(0));
        let place = (at & !(usize::MAX << self.literal_places)) << self.literal_context;
        let context = before.checked_shr(8_u32.saturating_sub(self.literal_context))? as usize;
        let coder = self.literals.get_mut(place.saturating_add(context))?;
        let [plain, beside @ ..] = coder;
        let mut symbol = 1_usize;
        if self.state >= 7 {
            // Behind a match, the octet that would have gone on with it is the least likely.
            let [distance, ..] = self.recent;
            let unlike = history.len().checked_sub((distance as usize).saturating_add(1));
            let mut unlike =
                usize::from(unlike.and_then(|at| history.get(at)).copied().unwrap_or(0));
            while symbol < 0x100 {
                unlike <<= 1;
                let bit = unlike >> 8 & 1;
                let is_one = range.bit(beside.get_mut(bit)?.get_mut(symbol & 0xff)?);
                symbol = symbol << 1 | usize::from(is_one);
                if usize::from(is_one) != bit {
                    break;
                }
            }
        }
        while symbol < 0x100 {
            symbol = symbol << 1 | usize::from(range.bit(plain.get_mut(symbol & 0xff)?));
        }
        self.state = match self.state {
            0..=3 => 0,
            state @ 4..=9 => state.saturating_sub(3),
            state => state.saturating_sub(6),
        };
        let [octet, ..] = symbol.to_le_bytes();
        Some(octet)
    }

    /// A match at one of the last distances; its length.
    fn repeat(&mut self, range: &mut Range<'_>, place: usize) -> Option<usize> {
        let state = self.state;
        let is_late = state >= 7;
        let [second, third, fourth] = &mut self.is_older;
        if range.bit(second.get_mut(state)?) {
            let [a, b, c, d] = self.recent;
            self.recent = if !range.bit(third.get_mut(state)?) {
                [b, a, c, d]
            } else if !range.bit(fourth.get_mut(state)?) {
                [c, a, b, d]
            } else {
                [d, a, b, c]
            };
        } else if !range.bit(self.is_long.get_mut(state)?.get_mut(place)?) {
            self.state = if is_late { 11 } else { 9 };
            return Some(1);
        }
        self.state = if is_late { 11 } else { 8 };
        self.repeat_len.read(range, place)
    }

    /// A match at another distance; its length.
    fn fresh(&mut self, range: &mut Range<'_>, place: usize) -> Option<usize> {
        let [a, b, c, _] = self.recent;
        self.state = if self.state >= 7 { 10 } else { 7 };
        let len = self.match_len.read(range, place)?;
        let kind = len.saturating_sub(SHORTEST).min(3);
        let slot = range.tree(self.slots.get_mut(kind)?);
        let distance = if slot < SLOTS_ALONE {
            slot
        } else {
            let bits = (slot >> 1).saturating_sub(1);
            let top = (2 | slot & 1) << bits;
            top.wrapping_add(if slot < SLOTS_MODELLED {
                let from = top.saturating_sub(slot) as usize;
                range.reverse_tree(self.special.get_mut(from..)?, bits)
            } else {
                let high = range.direct(bits.saturating_sub(4)) << 4;
                high.wrapping_add(range.reverse_tree(&mut self.low, 4))
            })
        };
        self.recent = [distance, a, b, c];
        Some(len)
    }
}

fn nonsense() -> Error {
    damaged("LZMA2 chunk that makes no sense")
}

/// Appends `len` octets that lie at `from`, which may be the octets that are appended.
#[inline]
fn copy(history: &mut Vec<u8>, from: usize, len: usize) {
    let mut left = len;
    while left > 0 {
        let there = history.len().saturating_sub(from);
        let count = left.min(there);
        history.extend_from_within(from..from.saturating_add(count));
        left = left.saturating_sub(count);
        if there == 0 {
            break;
        }
    }
}
