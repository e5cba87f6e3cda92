//! What the screen asks of the statistics: only that is computed.

use super::panel_id::PanelId;
use crate::analyze::traffic::HeaderScope;

/// Which rows are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowsQuery {
    /// Which panel is open.
    pub panel: PanelId,
    /// Whether conversations stand in the place of endpoints.
    pub is_by_pair: bool,
    /// By which headers of their packets addresses are told.
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

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SnapshotQuery {
    /// Which rows.
    pub rows: RowsQuery,
    /// How they are sorted, where they are those of a table.
    pub sort: TableSort,
    /// Whether the view is frozen: all that is asked for until then is of one moment.
    pub is_frozen: bool,
}
