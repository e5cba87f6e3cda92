//! Floor 3: what many packets add up to.
//!
//! An [`Analysis`] folds batches of packets in the order of the capture, and merges with another:
//! folding parts and merging equals folding the whole.

mod aggregate;
pub mod analysis;
pub mod anomalies;
mod claim;
mod clock;
pub mod conversation;
pub mod count;
pub mod credit;
pub mod datagram;
pub mod departed;
pub mod expiry;
pub mod flow;
pub mod fragment;
mod group;
pub mod hierarchy;
pub mod key;
pub mod order;
pub mod path;
mod path_mtu;
mod recent;
pub mod record;
pub mod records;
pub mod repeat;
pub mod retained;
pub mod series;
pub mod settings;
pub mod shard;
pub mod sightings;
pub mod sorted;
pub mod statistic;
pub mod streams;
pub mod table;
pub mod tcp;
pub mod top;
pub mod traffic;
pub mod window;

pub use analysis::Analysis;
pub use count::Tally;
pub use record::PacketRecord;
pub use records::PacketRecords;
pub use settings::Settings;
