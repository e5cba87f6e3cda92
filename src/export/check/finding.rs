//! A finding, and what findings add up to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::decode::anomaly::{self, Row, Severity};

/// One finding.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The capture, as it was named.
    pub file: &'a str,
    /// Its row.
    pub row: &'static Row,
    /// The `anomaly` event.
    pub event: &'a Value,
}

impl Finding<'_> {
    /// Number of its packet, from 1; none of what an interface did.
    pub fn packet(&self) -> Option<u64> {
        self.event.get("pcap_cnt").and_then(Value::as_u64)
    }

    /// A part of the event's `anomaly` object as text.
    pub fn part(&self, key: &str) -> Option<String> {
        text(self.event.get("anomaly")?.get(key)?)
    }

    /// A part of the event as text.
    pub fn around(&self, key: &str) -> Option<String> {
        text(self.event.get(key)?)
    }

    /// Where it lies and what stands there, in words.
    pub fn place(&self) -> String {
        let mut words = Vec::new();
        if let (Some(offset), Some(len)) = (self.part("offset"), self.part("len"))
            && len != "0"
        {
            words.push(format!("octets {offset}+{len}"));
        }
        if let Some(value) = self.part("value") {
            words.push(format!("value {value}"));
        }
        if let Some(expected) = self.part("expected") {
            words.push(format!("expected {expected}"));
        }
        words.join(", ")
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What was found of one row.
#[derive(Debug)]
pub struct Total {
    /// The row.
    pub row: &'static Row,
    /// How often.
    pub count: u64,
    /// The first of them: capture, packet, and where it lies.
    pub examples: Vec<(String, Option<u64>, String)>,
}

/// Examples that are kept of a row.
const EXAMPLES: usize = 10;

/// What was found in all captures.
#[derive(Debug, Default)]
pub struct Totals {
    /// By row, in the order of the table.
    pub rows: BTreeMap<u16, Total>,
    /// Packets that were looked at.
    pub packets: u64,
    /// Findings that were known.
    pub known: u64,
}

impl Totals {
    /// Findings of that severity.
    pub fn of(&self, severity: Severity) -> u64 {
        let rows = self.rows.values().filter(|total| total.row.severity == severity);
        rows.map(|total| total.count).sum()
    }

    /// The highest severity of what was found.
    pub fn worst(&self) -> Option<Severity> {
        self.rows.values().map(|total| total.row.severity).max()
    }

    /// Counts a finding.
    pub fn add(&mut self, finding: &Finding<'_>) {
        let number = (0..).zip(anomaly::rows()).find(|(_, row)| row.id == finding.row.id);
        let Some((number, row)) = number else { return };
        let total = self.rows.entry(number);
        let total = total.or_insert_with(|| Total { row, count: 0, examples: Vec::new() });
        total.count += 1;
        if total.examples.len() < EXAMPLES {
            let example = (finding.file.to_owned(), finding.packet(), finding.place());
            total.examples.push(example);
        }
    }
}
