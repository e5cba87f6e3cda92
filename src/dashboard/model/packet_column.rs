//! Columns of the list of packets, as they are chosen and sorted by.

/// A column that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnChoice {
    /// What it shows.
    pub column: PacketColumn,
    /// Columns of the screen, where it shall not be as wide as what it shows.
    pub width: Option<u16>,
}

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacketColumn {
    /// One of the usual columns, by index.
    Usual(usize),
    /// A field, by its name.
    Field(&'static str),
}

/// By which column packets are sorted, and whether the other way round than it suggests.
pub type PacketSort = (PacketColumn, bool);
