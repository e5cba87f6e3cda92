//! Columns of the list of packets, as they are chosen and sorted by.

/// A column that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnChoice {
    /// What it shows.
    pub column: PacketColumn,
    /// Its width on screen; as wide as what it shows, without one.
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
