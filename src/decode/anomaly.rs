//! Anomalies as one table: each row has the meaning, the source and the names that other programs
//! use.
//!
//! Rows about single packets have a check, pure like the walk: octets and spans in, a [`Mark`] out,
//! nothing allocated.  Rows about more than one packet stand here too, with where they lie in the
//! packet that the floor above reports.  Few packets have any, so the checks of a header run only
//! when a few comparisons cannot rule them out; a law holds those against the table.

mod checks;
mod cross_packet;
mod extension;
mod gate;
mod ip;
mod link;
mod message;
pub mod page;
mod row;
mod rules;
mod several;
mod source;
mod sum;
mod tail;
mod transport;

pub use self::checks::StackChecks;
pub use self::cross_packet::CrossPackets;
pub use self::row::{Expected, Mark, Row, Scope, Severity};
pub use self::rules::{Anomaly, COUNT, each, each_unguarded, layers, of_checksum, row, rows};
pub use self::several::CrossPacket;
pub use self::tail::{Reading, Transport};
