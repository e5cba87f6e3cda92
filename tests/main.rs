//! One integration binary: it links once and shares its helpers.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]
#![expect(clippy::disallowed_methods, reason = "a thread that cannot be made fails its test")]

mod address;
mod anomaly;
mod bombs;
mod check;
mod cli;
mod dashboard;
mod decode;
mod explain;
mod export;
mod filter;
mod floors;
mod formats;
mod guard;
mod laws;
mod limits;
mod live;
mod many;
mod need;
mod oracle;
mod outputs;
mod packets;
mod skip;
mod summary;
mod tcp;
mod told;
mod untrusted;
