//! Floor 0: what every floor above may use, and what uses none of them.

pub mod columns;
pub mod compression;
pub mod errors;
pub mod fault;
pub mod place;
pub mod text;
pub mod threads;
pub mod timestamp;
pub mod units;
