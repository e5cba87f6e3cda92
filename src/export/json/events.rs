//! Which events the JSON output has.

/// Which events are written; `meta` always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of independent switches")]
pub struct Events {
    /// One a packet.
    pub packet: bool,
    /// One a flow.
    pub flow: bool,
    /// One a finding.
    pub anomaly: bool,
    /// Running totals.
    pub stats: bool,
    /// The last line.
    pub summary: bool,
}

impl Default for Events {
    fn default() -> Self {
        Self { packet: true, flow: true, anomaly: true, stats: false, summary: true }
    }
}
