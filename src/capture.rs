//! Floor 1: where frames come from and where they are kept: interfaces, capture files, pipes.
//!
//! A [`Source`] fills recycled [`Batch`]es of whole records; it knows link types by number only and
//! nothing of what the octets mean.

pub mod batch;
pub mod block;
#[cfg(feature = "live")]
pub mod bpf;
mod byte_order;
mod clock;
pub mod error;
pub mod event;
pub mod facts;
pub mod file;
pub mod frame;
pub mod interface;
pub mod ledger;
#[cfg(feature = "live")]
pub mod live;
mod pipe;
pub mod queue;
pub mod save;
pub mod source;

pub use batch::{Batch, Record};
pub use error::{CaptureError, Damage, Part, Shortfall};
pub use event::Event;
pub use facts::Facts;
pub use frame::{Frame, Told};
pub use interface::{Interface, InterfaceNames, LinkType};
pub use ledger::{Ledger, Recorded};
pub use source::{Fill, ReadAt, ReadNumbers, Source, Stop};
