//! Floor 3: what many packets add up to.
//!
//! An [`Analysis`] folds packets one by one and merges with another: folding parts and merging
//! equals folding the whole, so that any number of analysts gives one answer.  Their flows may be in
//! [`common`].

pub mod analysis;
pub mod anomaly;
pub mod brief;
mod clock;
pub mod common;
pub mod count;
pub mod ending;
pub mod flow;
pub mod fragment;
mod group;
pub mod hierarchy;
pub mod key;
mod meeting;
pub mod order;
pub mod path;
pub mod series;
pub mod shard;
pub mod statistic;
pub mod table;
pub mod talk;
pub mod top;
pub mod whole;
pub mod window;

pub use analysis::{Analysis, Limits};
pub use brief::{Brief, Briefs};
pub use count::Tally;
