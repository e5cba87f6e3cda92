//! Findings that were there before: a baseline, which is what `-T json` once wrote.

use std::collections::HashSet;

use serde_json::Value;

use super::finding::Finding;

/// Findings that are known, by what stays when a capture is made again: the row, and between which
/// addresses.
#[derive(Debug, Default)]
pub struct Known {
    findings: HashSet<String>,
}

impl Known {
    /// Reads a baseline.
    ///
    /// # Errors
    /// The number of the first line, from 1, that is no event.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut findings = HashSet::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let event: Value = serde_json::from_str(line).map_err(|_| number)?;
            let anomaly = event.get("anomaly").and_then(|anomaly| anomaly.get("event"));
            if let Some(id) = anomaly.and_then(Value::as_str) {
                findings.insert(key(id, &event));
            } else if event.get("event_type").is_none() {
                return Err(number);
            }
        }
        Ok(Self { findings })
    }

    /// Whether a finding is one of them.
    pub fn has(&self, finding: &Finding<'_>) -> bool {
        !self.findings.is_empty() && self.findings.contains(&key(finding.row.id, finding.event))
    }
}

/// What a finding is known by.
pub fn key(id: &str, event: &Value) -> String {
    let end = |key| event.get(key).and_then(Value::as_str).unwrap_or_default();
    format!("{id}|{}|{}", end("src_ip"), end("dest_ip"))
}
