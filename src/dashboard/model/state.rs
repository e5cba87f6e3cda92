//! What the user looks at: all that a screen depends on beside the packets themselves.

use ratatui::layout::Rect;

use super::action::CursorMove;
use super::line_editor::LineEditor;
use super::packet_column::PacketSort;
use super::packet_detail;
use super::panel_id::PanelId;
use super::query::{RowsQuery, TableSort};
use super::rows::RowId;
use super::theme::Theme;
use super::workspace::Workspace;
use crate::analyze::traffic::HeaderScope;
use crate::filter::complete::Candidate;
use crate::report::time::TimeFormat;

/// A pane of the packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    List,
    /// The fields of the selected packet.
    Tree,
    /// Its octets.
    Hex,
}

/// Where the user is among the packets.
#[derive(Debug, Clone)]
pub struct Packets {
    /// The selected packet: its position among those shown, from 0.
    pub cursor: u64,
    /// Position of the first row on screen.
    pub top: u64,
    /// Which pane has the focus.
    pub pane: Pane,
    /// Row of the tree that is selected, among those not folded away.
    pub field: usize,
    /// The path of that row: the next packet's same field is selected.
    pub path: Option<String>,
    /// Number of the packet that `field` is about.
    pub of: u64,
    /// First row of the tree on screen.
    pub tree_top: usize,
    /// Octet of the frame that is selected.
    pub octet: usize,
    /// First line of octets on screen.
    pub hex_top: usize,
    /// What is folded in the tree, by the names of the rows.
    pub folded: Vec<String>,
    /// By what they are to be sorted; none for the order of the capture.
    pub sort: Option<PacketSort>,
    /// By what they are sorted now.
    pub sorted: Option<PacketSort>,
    /// Counts the orders that they were brought in.
    pub order: u64,
}

/// Where the user is in a table.
#[derive(Debug, Clone, Default)]
pub struct TableState {
    /// How it is sorted.
    pub sort: TableSort,
    /// Row that is selected.
    pub cursor: usize,
    /// What it is about: the selection stays on it when rows move.
    pub row_id: Option<RowId>,
    /// First row on screen.
    pub top: usize,
}

/// Where the user is among lines that stand for packets, as the overview and the headers have them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GridCursor {
    /// First line on screen, where they do not fit.
    pub top: usize,
    /// The line under the cursor, once there is one.
    pub chosen: Option<GridSelection>,
}

/// A line that stands for packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridSelection {
    /// Which block it is of.
    pub block: usize,
    /// The filter that its packets pass: the cursor stays on it when lines move.
    pub term: String,
    /// Which of those lines it is, from the first.
    pub index: usize,
}

/// The filter bar.
#[derive(Debug, Clone, Default)]
pub struct FilterBar {
    /// What is being written.
    pub draft: Option<LineEditor>,
    /// The filter by which packets are shown.
    pub applied: Option<String>,
    /// Why the draft cannot be applied.
    pub wrong: Option<FilterError>,
    /// What would complete the word at the cursor.
    pub completions: Vec<Candidate>,
    /// Octet of the draft at which that word begins.
    pub from: usize,
    /// Which completion was taken last.
    pub choice: Option<usize>,
    /// How far up the history the draft comes from; 0 is the draft itself.
    pub age: usize,
    /// Values of a field that were seen, to choose from: its name, and the values.
    pub known_values: Option<(String, Vec<String>)>,
    /// Which values the fields of the filter have, where nothing matches it.
    pub no_match: Option<String>,
}

/// What is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// First character that is wrong, from 0.
    pub at: usize,
    /// How many are.
    pub len: usize,
    /// What is wrong with them.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What was there when the view was frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen {
    /// Packets that passed the filter.
    pub packets: u64,
}

/// The map of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MapState {
    /// First address of the block that is shown.
    pub base: u32,
    /// Its length.
    pub len: u8,
    /// The address that the cursor is on.
    pub at: u32,
    /// Whether it was put there: it goes where most packets are until then.
    pub is_placed: bool,
    /// Whether the table of blocks has the focus.
    pub is_table: bool,
}

/// Cards of addresses, while they are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressCards {
    /// What they are about: addresses, prefixes, ranges.
    pub items: Vec<String>,
    /// Which of them is shown.
    pub at: usize,
    /// First line on screen.
    pub top: usize,
}

/// The help, while it is open.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// First line on screen.
    pub top: usize,
    /// Only lines with this in them are shown.
    pub search: LineEditor,
    /// Those lines: keys and what they do; a title has no keys.
    pub lines: Vec<(Option<String>, String)>,
    /// What is explained in place of the keys.
    pub page: Option<Explained>,
}

/// An anomaly that is explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Its name.
    pub id: &'static str,
    /// Where it is, in a line each.
    pub places: Vec<String>,
}

/// All that a screen depends on beside the packets.
#[derive(Debug, Clone)]
pub struct State {
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// What is looked at, safe to show.
    pub title: String,
    /// How the process is confined; empty if that is unknown.
    pub sandbox: String,
    /// The panel that is open.
    pub panel: PanelId,
    /// The help, when it is open.
    pub help: Option<Help>,
    /// The filter bar.
    pub filter: FilterBar,
    /// What was shown when the view was frozen.
    pub frozen: Option<Frozen>,
    /// Whether the newest packet stays selected.
    pub is_following: bool,
    /// How times are written.
    pub time: TimeFormat,
    /// Colours and glyphs.
    pub theme: Theme,
    /// The packets.
    pub packets: Packets,
    /// The flows.
    pub flows: TableState,
    /// The endpoints.
    pub endpoints: TableState,
    /// The conversations.
    pub conversations: TableState,
    /// Whether conversations stand in the place of endpoints.
    pub is_by_pair: bool,
    /// The IP headers by which addresses are counted.
    pub scope: HeaderScope,
    /// The lines of the overview.
    pub overview: GridCursor,
    /// What the user works with.
    pub workspace: Workspace,
    /// To which prefixes endpoints are rolled up, see [`ROLLS`](super::snapshot::space::ROLLS).
    pub roll: usize,
    /// The endpoints by prefix.
    pub networks: TableState,
    /// The lines of the headers.
    pub headers: GridCursor,
    /// The map of addresses.
    pub map: MapState,
    /// The blocks of addresses.
    pub blocks: TableState,
    /// The hierarchy.
    pub protocols: TableState,
    /// The anomalies.
    pub anomalies: TableState,
    /// Cards of addresses, when they are open.
    pub address_cards: Option<AddressCards>,
}

impl State {
    /// The state at the start.
    pub fn new(title: String, theme: Theme, time: TimeFormat, is_live: bool) -> Self {
        Self {
            size: (0, 0),
            title,
            sandbox: String::new(),
            panel: PanelId::OVERVIEW,
            help: None,
            filter: FilterBar::default(),
            frozen: None,
            is_following: is_live,
            time,
            theme,
            packets: Packets {
                cursor: 0,
                top: 0,
                pane: Pane::List,
                field: 0,
                path: None,
                of: 0,
                tree_top: 0,
                octet: 0,
                hex_top: 0,
                folded: vec![packet_detail::FRAME.to_owned()],
                sort: None,
                sorted: None,
                order: 0,
            },
            flows: TableState::default(),
            endpoints: TableState::default(),
            conversations: TableState::default(),
            is_by_pair: false,
            scope: HeaderScope::default(),
            overview: GridCursor::default(),
            workspace: Workspace::default(),
            roll: 0,
            networks: TableState::default(),
            headers: GridCursor::default(),
            map: MapState::default(),
            blocks: TableState::default(),
            protocols: TableState::default(),
            anomalies: TableState::default(),
            address_cards: None,
        }
    }

    /// Which rows the open panel shows.
    pub fn rows(&self) -> RowsQuery {
        RowsQuery {
            panel: self.panel,
            is_by_pair: self.is_by_pair,
            scope: self.scope,
            roll: self.roll,
            map: (self.map.base, self.map.len),
        }
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }
}

/// Where a cursor among `count` rows comes to by `step`, on a screen of `height` rows.
pub fn moved(cursor: u64, step: CursorMove, count: u64, height: u16) -> u64 {
    let page = u64::from(height.max(2)) - 1;
    let to = match step {
        CursorMove::Up => cursor.saturating_sub(1),
        CursorMove::Down => cursor.saturating_add(1),
        CursorMove::PageUp => cursor.saturating_sub(page),
        CursorMove::PageDown => cursor.saturating_add(page),
        CursorMove::HalfUp => cursor.saturating_sub(page.div_ceil(2)),
        CursorMove::HalfDown => cursor.saturating_add(page.div_ceil(2)),
        CursorMove::First => 0,
        CursorMove::Last => count,
        CursorMove::Left | CursorMove::Right => cursor,
    };
    to.min(count.saturating_sub(1))
}

/// The first row on screen such that row `cursor` is among the `height` rows there.
pub fn scrolled(top: u64, cursor: u64, count: u64, height: u16) -> u64 {
    let height = u64::from(height.max(1));
    let top = top.min(count.saturating_sub(height));
    if cursor < top {
        cursor
    } else if cursor >= top + height {
        cursor + 1 - height
    } else {
        top
    }
}

/// [`moved`] for rows in memory.
pub fn moved_row(cursor: usize, step: CursorMove, count: usize, height: u16) -> usize {
    index(moved(cursor as u64, step, count as u64, height))
}

/// [`scrolled`] for rows in memory.
pub fn scrolled_row(top: usize, cursor: usize, count: usize, height: u16) -> usize {
    index(scrolled(top as u64, cursor as u64, count as u64, height))
}

/// A number as an index; one that does not fit is none that exists.
pub fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_stay_among_the_rows() {
        for step in [
            CursorMove::Up,
            CursorMove::Down,
            CursorMove::Left,
            CursorMove::Right,
            CursorMove::PageUp,
            CursorMove::PageDown,
            CursorMove::HalfUp,
            CursorMove::HalfDown,
            CursorMove::First,
            CursorMove::Last,
        ] {
            for (count, height) in [(0, 0), (0, 10), (1, 0), (3, 1), (100, 10)] {
                for cursor in 0..count.max(1) {
                    let to = moved(cursor, step, count, height);
                    assert!(to < count.max(1), "{step:?} {cursor} of {count}");
                    let top = scrolled(0, to, count, height);
                    assert!(top <= to && to < top + u64::from(height.max(1)));
                }
            }
        }
    }

    #[test]
    fn the_screen_moves_no_more_than_it_must() {
        assert_eq!(scrolled(5, 7, 100, 10), 5);
        assert_eq!(scrolled(5, 4, 100, 10), 4);
        assert_eq!(scrolled(5, 15, 100, 10), 6);
        assert_eq!(scrolled(95, 97, 100, 10), 90);
    }
}
