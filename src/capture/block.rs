//! Blocks of a pcapng as they were read: what a copy of it is made of.
//!
//! Source: draft-ietf-opsawg-pcapng.  A reader understands little of what blocks may hold; whoever
//! writes the capture again is to lose none of it, so the octets themselves are kept.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::sync::Arc;

use super::byte_order::ByteOrder;
use super::clock::Clock;

/// Block types by their number.
pub(super) const SECTION_HEADER: u32 = 0x0a0d_0d0a;
pub(super) const INTERFACE_DESCRIPTION: u32 = 1;
pub(super) const PACKET: u32 = 2;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const NAME_RESOLUTION: u32 = 4;
pub(super) const INTERFACE_STATISTICS: u32 = 5;
pub(super) const ENHANCED_PACKET: u32 = 6;
/// A log entry, which is text.
pub(super) const JOURNAL: u32 = 9;
pub(super) const SECRETS: u32 = 10;
/// What others defined: to be copied, and not to be copied where anything is changed.
pub(super) const CUSTOM: u32 = 0x0000_0bad;
pub(super) const CUSTOM_UNCOPIED: u32 = 0x4000_0bad;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub(super) order: ByteOrder,
    /// Its type.
    pub(super) code: u32,
    /// What stands between its two lengths.
    pub(super) body: Box<[u8]>,
}

impl Block {
    pub(super) fn new(order: ByteOrder, code: u32, body: &[u8]) -> Self {
        Self { order, code, body: body.into() }
    }

    /// Octets of memory that it takes where it is shared, about.
    pub(super) fn size(&self) -> usize {
        // Two pieces of memory with what the allocator and the counts of owners add, and a clock.
        const BESIDE: usize = 64;
        self.body.len().saturating_add(size_of::<Self>()).saturating_add(BESIDE)
    }
}

/// The header of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header(pub(super) Block);

/// The description of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    pub(super) block: Block,
    /// The clock of the packets that are copied with it.
    pub(super) clock: Clock,
}

impl Description {
    pub(super) fn order(&self) -> ByteOrder {
        self.block.order
    }
}

/// What stands before a record, or behind the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// Index of that record in its batch, or their number.
    pub before: usize,
    /// What it is.
    pub(super) what: What,
}

/// What can stand between records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A section begins; the interfaces and records that follow are its own.
    Section(Arc<Header>),
    /// A section header in a merge, where all blocks are of one section.
    Merged(Arc<Header>),
    /// An interface is described: an index into the batch's.
    Interface(u32),
    /// Any other block, and the interface that it is about.
    Other(Block, Option<u32>),
}

impl Between {
    /// Octets of memory, about.
    pub(super) fn size(&self) -> usize {
        match &self.what {
            What::Other(block, _) => block.size(),
            _ => size_of::<Self>(),
        }
    }
}
