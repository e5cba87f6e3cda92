//! One integration binary: it links once and shares its helpers.

mod address;
mod cli;
mod dashboard;
mod decode;
mod export;
mod filter;
mod floors;
mod formats;
mod laws;
mod live;
mod oracle;
mod packets;
mod summary;
