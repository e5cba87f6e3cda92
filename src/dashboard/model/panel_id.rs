//! Which panel: the name by which the state, the actions and the queries know one.

/// The name of a panel, as its row in the table of panels has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelId(pub &'static str);

impl PanelId {
    /// The panel that is open at first.
    pub const OVERVIEW: Self = Self("overview");
    /// The panel whose rows are read page by page, and which all others lead to.
    pub const PACKETS: Self = Self("packets");
}

impl Default for PanelId {
    fn default() -> Self {
        Self::OVERVIEW
    }
}
