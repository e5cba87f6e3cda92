//! The statistics that the screen needs: only those are computed.

use super::panel_id::PanelId;
use crate::analyze::traffic::HeaderScope;

/// The rows to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowsQuery {
    /// Which panel is open.
    pub panel: PanelId,
    /// Whether conversations stand in the place of endpoints.
    pub is_by_pair: bool,
    /// The IP headers by which addresses are counted.
    pub scope: HeaderScope,
    /// To which prefixes endpoints are rolled up, see [`ROLLS`](super::snapshot::space::ROLLS).
    pub roll: usize,
    /// The block of IPv4 that the map shows: its first address and length.
    pub map: (u32, u8),
}

/// How the rows of a table are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableSort {
    /// Index of the column; none for the one by which the table is sorted at first.
    pub column: Option<usize>,
    /// Whether the other way round than the column suggests.
    pub is_reversed: bool,
}

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SnapshotQuery {
    /// Which rows.
    pub rows: RowsQuery,
    /// How they are sorted, where they are those of a table.
    pub sort: TableSort,
    /// Whether the view is frozen: until it is released, everything shown is of one moment.
    pub is_frozen: bool,
}
