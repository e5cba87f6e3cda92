//! Header stacks that were walked before: a packet of one is recognised, not walked again.
//!
//! Most packets of a network have one of some dozens of stacks, tunnels included.  What the walk of
//! a stack depended on is a few octets, which the rows of its headers name
//! ([`Inputs`](crate::wire::header::Inputs)), the lengths in it and the ports of UDP.  So a stack
//! is kept as masked words and as the places of the others: a packet whose words and ports agree,
//! and whose lengths and captured octets reach as far as the headers do, has its headers at the
//! same places.  Laws hold what is recalled against what is walked.
//!
//! Bounded: so many stacks of so many link types; a new one takes the place of one that was not met
//! for long.

mod block;
mod header_stack;
mod known;
mod tree;

pub use self::block::{BLOCK, KnownFrame, StackVisitor};
pub use self::header_stack::{Recalled, Stack};
pub use self::known::{MOST_STACKS, Stacks};
