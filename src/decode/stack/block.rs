//! Frames in blocks: those of one stack are taken in together.

use super::{Known, Stack, Stacks, WORD, Word};
use crate::capture::{Frame, LinkType};

/// Frames that are sorted by stack together.
pub const BLOCK: usize = 128;

/// Frames, by their places among those of a block.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    at: [u8; BLOCK],
    count: usize,
}

impl Rest {
    /// The first `count` of a block.
    pub fn first(count: usize) -> Self {
        let mut at = [0; BLOCK];
        for (place, at) in (0..).zip(&mut at) {
            *at = place;
        }
        Self { at, count: count.min(BLOCK) }
    }

    /// Their places.
    pub fn places(&self) -> &[u8] {
        self.at.get(..self.count).unwrap_or_default()
    }

    /// Takes those out that have a property, and gives them; all keep their order.
    #[inline]
    fn part(&mut self, has: impl Fn(u8) -> bool) -> Self {
        let mut mine = Self { at: [0; BLOCK], count: 0 };
        let mut more = 0_usize;
        // Each is written down on both sides, and stays on one: without a jump.
        for place in 0..self.count {
            let Some(&at) = self.at.get(place) else { break };
            let is_mine = has(at);
            if let (Some(one), Some(other)) = (mine.at.get_mut(mine.count), self.at.get_mut(more)) {
                (*one, *other) = (at, at);
            }
            mine.count = mine.count.wrapping_add(usize::from(is_mine));
            more = more.wrapping_add(usize::from(!is_mine));
        }
        self.count = more;
        mine
    }

    fn put_back(&mut self, at: u8) {
        if let Some(slot) = self.at.get_mut(self.count) {
            *slot = at;
            self.count = self.count.wrapping_add(1);
        }
    }

    fn sort(&mut self) {
        if let Some(places) = self.at.get_mut(..self.count) {
            places.sort_unstable();
        }
    }
}

/// One of the frames of a block that has a known stack.
#[derive(Debug, Clone, Copy)]
pub struct Pick {
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

/// Words of a frame that are looked at for nearly every stack of a link type.
pub(super) const PROBES: usize = 2;

/// Those words of the frames of a block, so that they are read once.
struct Probes {
    at: [u16; PROBES],
    of: [[u64; PROBES]; BLOCK],
}

impl Probes {
    /// Where the first words stand of the stack that most frames have.  A frame that does not reach so
    /// far has no word there that a stack could ask for.
    fn of(known: &Known, frames: &[Frame<'_>]) -> Self {
        let most = known.order.first().and_then(|&number| known.all.get(usize::from(number)));
        let places = most.map_or(&[][..], |stack| stack.words.as_slice());
        let place = |at: usize| places.get(at).map_or(u16::MAX, |word| word.at);
        let at = [place(0), place(1)];
        let mut of = [[0; PROBES]; BLOCK];
        for (words, frame) in of.iter_mut().zip(frames) {
            for (word, at) in words.iter_mut().zip(at) {
                let octets = frame.bytes.get(usize::from(at)..);
                let octets = octets.and_then(<[u8]>::first_chunk::<WORD>);
                *word = octets.map_or(0, |octets| u64::from_ne_bytes(*octets));
            }
        }
        Self { at, of }
    }
}

/// What takes frames of known stacks in, one stack after the other.
pub trait Taker {
    /// What it makes of a stack before its frames come.
    type Begun: Copy;

    /// Frames of a stack are going to come.
    fn begin(&mut self, stack: &Stack) -> Self::Begun;

    /// Takes in a frame whose octets are those of the stack that was begun last, and whose lengths are
    /// still to be held against what was captured; false where that takes more than a look.
    fn take_short(
        &mut self,
        begun: Self::Begun,
        stack: &Stack,
        frame: &Frame<'_>,
        at: usize,
    ) -> bool;

    /// Takes in a frame of the stack that was begun last.
    fn take(&mut self, begun: Self::Begun, stack: &mut Stack, frame: &Frame<'_>, pick: Pick);
}

impl Stacks {
    /// Takes those frames of a block out of `rest` that have a known stack, all of which have that link
    /// type, and gives them to `taker`.
    pub fn sort(
        &mut self,
        link: LinkType,
        frames: &[Frame<'_>],
        rest: &mut Rest,
        taker: &mut impl Taker,
    ) {
        let known = self.links.iter_mut().find(|(known, _)| *known == link);
        let Some((_, known)) = known else { return };
        let probes = Probes::of(known, frames);
        let (mut place, mut before) = (0, usize::MAX);
        while rest.count > 0
            && let Some(&number) = known.order.get(place)
            && let Some(stack) = known.all.get_mut(usize::from(number))
        {
            let (probed, behind) = stack.probed(probes.at);
            let mine = rest.part(|at| {
                let at = usize::from(at);
                let probe = probes.of.get(at).copied().unwrap_or_default();
                let mut differs = 0;
                for (word, octets) in probed.iter().zip(probe) {
                    differs |= (octets ^ word.value) & word.mask;
                }
                differs == 0
                    && (behind.is_empty()
                        || frames.get(at).is_some_and(|frame| agree(behind, frame.bytes)))
            });
            if mine.count > 0 {
                let begun = taker.begin(stack);
                let left = rest.count;
                for &at in mine.places() {
                    let Some(frame) = frames.get(usize::from(at)) else { continue };
                    if stack.is_short && taker.take_short(begun, stack, frame, at.into()) {
                        continue;
                    }
                    match stack.reaches(frame.bytes) {
                        Some((end, last)) => {
                            taker.take(begun, stack, frame, Pick { at: at.into(), last, end });
                        }
                        None => rest.put_back(at),
                    }
                }
                if rest.count > left {
                    rest.sort();
                }
            }
            // Those that most frames have come first the next time.
            if mine.count > before {
                known.order.swap(place.saturating_sub(1), place);
            }
            (place, before) = (place.saturating_add(1), mine.count);
        }
    }
}
