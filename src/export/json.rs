//! JSON events, one object a line (NDJSON), in the names of the catalogue and of Suricata's EVE.
//!
//! Packets are written straight into a reused buffer from plans made once of the catalogue: no
//! tree, no formatter, no allocation a packet.  An absent value is an absent key; no key occurs
//! twice.

pub mod anomaly;
mod connection;
pub mod event;
pub mod events;
pub mod packet;
mod plan;
pub mod sink;
mod statistics;
pub mod text;

/// What every line says of the format.
pub const SCHEMA: &str = "ipeek/1";
