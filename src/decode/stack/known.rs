//! The stacks that were met, bounded, and the frames of a block sorted by them.

use arrayvec::ArrayVec;

use super::block::{BLOCK, KnownFrame, StackVisitor};
use super::header_stack::{Recalled, Stack};
use super::tree::Tree;
use crate::capture::{Frame, LinkType};
use crate::decode::decode_as::{self, Rules};
use crate::decode::layers::Layers;

/// Stacks that are kept of one link type.
pub const MOST_STACKS: usize = 192;

/// Link types that stacks are kept of.
const MOST_LINKS: usize = 16;

/// Packets of unknown stacks of which one is learned when that takes the place of another: what
/// tells stacks apart is found out anew then.
const PATIENCE: u32 = 512;

/// Stacks that are looked through one by one before what tells all apart is found out anew: that
/// takes as long as walking some hundred frames.
const MOST_STRAYS: usize = 16;

/// Frames of those stacks after which it is, too.
const MOST_STRAY_FRAMES: u32 = 1024;

/// Stands for no frame of a block.
const NONE: u8 = u8::MAX;

/// The frames of a block that have one stack, as a list through the block.
#[derive(Debug, Clone, Copy)]
struct Row {
    first: u8,
    last: u8,
    count: u8,
}

/// The stacks that one analyst has met.
#[derive(Debug)]
pub struct Stacks {
    /// What decides which header follows which in all of them.
    rules: &'static Rules,
    links: Vec<(LinkType, LinkStacks)>,
    /// Stacks learned so far, also those that were forgotten.
    learned: u32,
}

/// The stacks of one link type.
#[derive(Debug)]
struct LinkStacks {
    rules: &'static Rules,
    all: Vec<Stack>,
    /// What tells them apart.
    tree: Tree,
    /// Stacks that it knows: the first ones; those learned since are looked through one by one.
    planted: usize,
    /// Frames that had one of the others.
    strays: u32,
    /// Counts blocks, and frames that come alone.
    now: u64,
    /// Frames of unknown stacks.
    missed: u32,
}

impl Default for Stacks {
    fn default() -> Self {
        Self::new()
    }
}

impl Stacks {
    /// None yet, of frames that are walked by the rules of this process.
    pub fn new() -> Self {
        Self::by(decode_as::rules())
    }

    /// None yet, of frames that are walked by these rules.
    pub fn by(rules: &'static Rules) -> Self {
        Self { rules, links: Vec::new(), learned: 0 }
    }

    /// How many stacks were learned so far.
    pub fn learned(&self) -> u32 {
        self.learned
    }

    /// The stack of a frame, if it was met.
    #[inline]
    pub fn recall(&mut self, link: LinkType, bytes: &[u8]) -> Option<Recalled<'_>> {
        let (_, known) = self.links.iter_mut().find(|(known, _)| *known == link)?;
        known.recall(bytes)
    }

    /// Keeps the stack of a frame that was walked, by the same rules.
    #[inline(never)]
    pub fn learn(&mut self, frame: &Frame<'_>, layers: &Layers) {
        if !std::ptr::eq(self.rules, layers.rules()) {
            return;
        }
        let at = match self.links.iter().position(|(known, _)| *known == frame.link) {
            Some(at) => at,
            None if self.links.len() < MOST_LINKS => {
                self.links.push((frame.link, LinkStacks::by(self.rules)));
                self.links.len().saturating_sub(1)
            }
            None => return,
        };
        let Some((_, known)) = self.links.get_mut(at) else { return };
        if Stack::may_be_of(frame, layers)
            && known.find_stray(frame.bytes).is_none()
            && known.has_room()
            && let Some(mut stack) = Stack::of(frame, layers)
        {
            (stack.number, stack.met) = (self.learned, known.now);
            known.learn(stack);
            self.learned = self.learned.wrapping_add(1);
        }
    }

    /// Gives those frames of a block, all of that link type, to `visitor` that have a known stack;
    /// the places of the others, in their order.
    pub fn sort(
        &mut self,
        link: LinkType,
        frames: &[Frame<'_>],
        visitor: &mut impl StackVisitor,
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
            let begun = visitor.begin(stack);
            let mut at = row.first;
            while let Some(frame) = frames.get(usize::from(at)).filter(|_| at != NONE) {
                let place = usize::from(at);
                if !(stack.is_short && visitor.take_short(begun, stack, frame, place)) {
                    match stack.reaches(frame.bytes) {
                        Some((end, last)) => {
                            visitor.take(begun, stack, frame, KnownFrame { at: place, last, end });
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

impl LinkStacks {
    fn by(rules: &'static Rules) -> Self {
        let (all, tree) = (Vec::new(), Tree::default());
        Self { rules, all, tree, planted: 0, strays: 0, now: 0, missed: 0 }
    }

    fn recall(&mut self, bytes: &[u8]) -> Option<Recalled<'_>> {
        self.plant();
        let number = self.find(bytes)?;
        let stack = self.all.get_mut(usize::from(number))?;
        stack.met = self.now;
        stack.frames = stack.frames.wrapping_add(1);
        let (end, last) = stack.reaches(bytes)?;
        Some(Recalled { stack, end, last })
    }

    /// Finds out what tells the stacks apart, where enough were learned since it was.
    #[inline]
    fn plant(&mut self) {
        self.now = self.now.wrapping_add(1);
        let strays = self.all.len().wrapping_sub(self.planted);
        let are_many = strays > 0 && (strays >= MOST_STRAYS || self.strays >= MOST_STRAY_FRAMES);
        // And now and then which of them most frames have.
        if are_many || self.now.is_power_of_two() {
            self.grow();
        }
    }

    /// Makes the tree anew, of all stacks.
    fn grow(&mut self) {
        self.tree = Tree::of(&self.all);
        self.planted = self.all.len();
        self.strays = 0;
    }

    /// The number of the stack whose octets a frame has; of stacks that lengths and ports alone
    /// tell apart, of the one whose those are.
    #[inline]
    fn find(&mut self, bytes: &[u8]) -> Option<u8> {
        match self.tree.find(bytes, self.rules) {
            Some((number, false)) => Some(number),
            Some((number, true)) => self.find_alike(number, bytes),
            None if self.planted == self.all.len() => None,
            None => self.find_stray(bytes),
        }
    }

    #[inline(never)]
    fn find_alike(&self, first: u8, bytes: &[u8]) -> Option<u8> {
        let mut alike = std::iter::successors(Some(first), |&number| self.tree.alike(number));
        alike.find(|&number| {
            self.all.get(usize::from(number)).is_some_and(|stack| stack.matches(bytes))
        })
    }

    /// The number of the stack of a frame, among those that were learned last.
    #[inline(never)]
    fn find_stray(&mut self, bytes: &[u8]) -> Option<u8> {
        let mut strays = (0_u8..).zip(&self.all).skip(self.planted);
        let (number, _) = strays.find(|(_, stack)| stack.matches(bytes))?;
        self.strays = self.strays.saturating_add(1);
        Some(number)
    }

    /// Whether one more may be learned.  Where it would take the place of another it seldom may, so
    /// that an endless row of stacks does not cost more than walking them.
    fn has_room(&mut self) -> bool {
        self.missed = self.missed.wrapping_add(1);
        self.all.len() < MOST_STACKS || self.missed.is_multiple_of(PATIENCE)
    }

    /// Keeps a stack, at the cost of the one that was not met for longest where there is no room.
    fn learn(&mut self, stack: Stack) {
        if self.all.len() < MOST_STACKS {
            self.all.push(stack);
        } else if let Some(longest) = self.all.iter_mut().min_by_key(|stack| stack.met) {
            *longest = stack;
            self.grow();
        }
    }
}
