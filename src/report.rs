//! Neutral view models: what is shown, before it is known where.

pub mod bound;

pub mod column;
pub mod community;
pub mod event;
pub mod explain;
pub mod hex;
pub mod lookup;
pub mod number_bits;
pub mod row;
pub mod stop;
pub mod summary;
pub mod table;
pub mod time;
pub mod tree;
pub mod words;
