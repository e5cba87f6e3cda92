//! What is bounded so that a capture cannot take all memory or time: each bound, and what it left
//! out where it was hit.
//!
//! A bound that stops the reading altogether is damage, with its place; one on a single packet is
//! an anomaly of it (`frame.too_deep`, `fragment.crowded`).  These are the others.

use serde::Serialize;

use crate::analyze::Analysis;
use crate::analyze::settings::MAX_INTERFACES;
use crate::capture::Facts;

/// A bound that was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it says, in some words.
    pub words: &'static str,
    /// How many there may be.
    pub most: u64,
    /// What it left out.
    pub left_out: u64,
}

/// What the bounds are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The statistics.
    pub analysis: &'a Analysis,
    /// What the capture file says about itself, if anything.
    pub facts: Option<&'a Facts>,
    /// Interfaces of the capture.
    pub interfaces: usize,
}

/// One bound.
struct Row {
    name: &'static str,
    words: &'static str,
    most: fn(&Counted<'_>) -> u64,
    left_out: fn(&Counted<'_>) -> u64,
}

const ROWS: &[Row] = &[
    Row {
        name: "flows",
        words: "flows gone to make room (--max-flows)",
        most: |of| of.analysis.settings().flows as u64,
        left_out: |of| of.analysis.evicted().flows,
    },
    Row {
        name: "tunnels",
        words: "packets in tunnels that are not told apart",
        most: |of| of.analysis.settings().paths as u64,
        left_out: |of| of.analysis.paths.overflowed,
    },
    Row {
        name: "interfaces",
        words: "interfaces counted together as the last",
        most: |_| MAX_INTERFACES as u64,
        left_out: |of| of.interfaces.saturating_sub(MAX_INTERFACES) as u64,
    },
    Row {
        name: "interface_events",
        words: "events of interfaces not listed",
        most: |of| of.analysis.anomalies.events().len() as u64,
        left_out: |of| of.analysis.anomalies.events_left_out(),
    },
    Row {
        name: "names_and_comments",
        words: "names and comments not kept",
        most: |of| of.facts.map_or(0, |facts| (facts.names.len() + facts.comments.len()) as u64),
        left_out: |of| of.facts.map_or(0, |facts| facts.left_out),
    },
];

/// How many bounds there are.
pub const COUNT: usize = ROWS.len();

/// The bounds that were hit.
pub fn hit(of: &Counted<'_>) -> Vec<Bound> {
    let bounds = ROWS.iter().map(|row| Bound {
        name: row.name,
        words: row.words,
        most: (row.most)(of),
        left_out: (row.left_out)(of),
    });
    bounds.filter(|bound| bound.left_out > 0).collect()
}
