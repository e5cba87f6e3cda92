//! Frames in blocks: those of one stack are taken in together.

use super::header_stack::Stack;
use crate::capture::Frame;

/// Frames that are sorted by stack together.
pub const BLOCK: usize = 128;

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
