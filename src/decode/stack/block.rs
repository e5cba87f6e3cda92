//! Frames in blocks: those of one stack are taken in together.

use arrayvec::ArrayVec;

use super::{MOST_STACKS, Stack, Stacks, WORD, Word};
use crate::capture::{Frame, LinkType};

/// Frames that are sorted by stack together.
pub const BLOCK: usize = 128;

/// Stands for no frame of a block.
const NONE: u8 = u8::MAX;

/// One of the frames of a block that has a known stack.
#[derive(Debug, Clone, Copy)]
pub struct KnownFrame {
    /// Its place in the block.
    pub at: usize,
    /// Octets of its last header.
    pub last: u16,
    /// First octet behind what the innermost header carries, as far as it was captured.
    pub end: usize,
}

/// Whether a frame has these words.
#[inline]
pub(super) fn agree(words: &[Word], bytes: &[u8]) -> bool {
    let mut differs = 0;
    for word in words {
        let octets = bytes.get(usize::from(word.at)..).and_then(<[u8]>::first_chunk::<WORD>);
        let Some(octets) = octets else { return false };
        differs |= (u64::from_ne_bytes(*octets) ^ word.value) & word.mask;
    }
    differs == 0
}

/// The frames of a block that have one stack, as a list through the block.
#[derive(Debug, Clone, Copy)]
struct Row {
    first: u8,
    last: u8,
    count: u8,
}

/// What takes frames of known stacks in, one stack after the other.
pub trait StackVisitor {
    /// What it makes of a stack before its frames come.
    type Begun: Copy;

    /// Frames of a stack are going to come.
    fn begin(&mut self, stack: &Stack) -> Self::Begun;

    /// Takes in a frame whose octets are those of the stack that was begun last, and whose lengths
    /// are still to be held against what was captured; false where that takes more than a look.
    fn take_short(
        &mut self,
        begun: Self::Begun,
        stack: &Stack,
        frame: &Frame<'_>,
        at: usize,
    ) -> bool;

    /// Takes in a frame of the stack that was begun last.
    fn take(&mut self, begun: Self::Begun, stack: &mut Stack, frame: &Frame<'_>, pick: KnownFrame);
}

impl Stacks {
    /// Gives those frames of a block, all of that link type, to `taker` that have a known stack;
    /// the places of the others, in their order.
    pub fn sort(
        &mut self,
        link: LinkType,
        frames: &[Frame<'_>],
        taker: &mut impl StackVisitor,
    ) -> ArrayVec<u8, BLOCK> {
        let mut rest = ArrayVec::new();
        let all = || (0_u8..).zip(frames.iter().take(BLOCK));
        let known = self.links.iter_mut().find(|(known, _)| *known == link);
        let Some((_, known)) = known else {
            rest.extend(all().map(|(at, _)| at));
            return rest;
        };
        known.plant();
        let mut rows = [Row { first: NONE, last: NONE, count: 0 }; MOST_STACKS];
        let mut met = ArrayVec::<u8, MOST_STACKS>::new();
        let mut next = [NONE; BLOCK];
        for (at, frame) in all() {
            let number = known.find(frame.bytes);
            let Some((number, row)) =
                number.and_then(|number| Some((number, rows.get_mut(usize::from(number))?)))
            else {
                rest.push(at);
                continue;
            };
            let before = if row.first == NONE { None } else { next.get_mut(usize::from(row.last)) };
            if let Some(before) = before {
                *before = at;
            } else {
                row.first = at;
                met.push(number);
            }
            row.last = at;
            row.count = row.count.wrapping_add(1);
        }
        let sorted = rest.len();
        for &number in &met {
            let number = usize::from(number);
            let (Some(stack), Some(row)) = (known.all.get_mut(number), rows.get(number)) else {
                continue;
            };
            stack.met = known.now;
            stack.frames = stack.frames.wrapping_add(row.count.into());
            let begun = taker.begin(stack);
            let mut at = row.first;
            while let Some(frame) = frames.get(usize::from(at)).filter(|_| at != NONE) {
                let place = usize::from(at);
                if !(stack.is_short && taker.take_short(begun, stack, frame, place)) {
                    match stack.reaches(frame.bytes) {
                        Some((end, last)) => {
                            taker.take(begun, stack, frame, KnownFrame { at: place, last, end });
                        }
                        None => rest.push(at),
                    }
                }
                at = next.get(place).copied().unwrap_or(NONE);
            }
        }
        if rest.len() > sorted {
            rest.sort_unstable();
        }
        rest
    }
}
