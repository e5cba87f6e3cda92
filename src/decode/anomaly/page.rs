//! What there is to say of each anomaly beyond its row: a title, what to do about it, and packets
//! that have it.
//!
//! The texts are keyed by identifier and stand apart from the rows, which checks crowd already.
//! Tests hold the two against each other both ways, and decode every example.

pub mod example;
mod extension;
mod ip;
mod link;
mod several;
mod source;
mod transport;

pub use self::example::{Example, Page};

const TABLES: [&[Page]; 6] =
    [link::PAGES, ip::PAGES, source::PAGES, extension::PAGES, transport::PAGES, several::PAGES];

/// Every page.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    TABLES.into_iter().flatten()
}

/// The page of the anomaly with that identifier.
pub fn page(id: &str) -> Option<&'static Page> {
    pages().find(|page| page.id == id)
}
