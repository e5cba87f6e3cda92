//! Packets: the list, the fields of the selected one, and its octets.
//!
//! Side by side where there is room, below each other where there is less, one at a time where
//! there is little.  A selected field shows its octets, a selected octet its field.

pub mod columns;
pub mod diagram;
pub mod hex;
pub mod list;
pub mod panes;
pub mod tree;

use self::panes::{inside, panes};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::dashboard::model::action::{Action, CursorMove, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::packet_column::PacketSort;
use crate::dashboard::model::packet_detail::Detail;
use crate::dashboard::model::packet_page::PageRequest;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::{Pane, State, moved, moved_row, scrolled, scrolled_row};
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::{filter_expr, selection};
use crate::dashboard::view::{address_card, layout, page, text};
use crate::decode::anomaly;
use crate::report::tree::NodeKind;

/// Its name.
pub const ID: PanelId = PanelId::PACKETS;
/// Where the keys of the list go.
pub const LIST: Context = Context::panel("list", PANE);
/// Where the keys of the fields go.
pub const TREE: Context = Context::panel("tree", PANE);
/// Where the keys of the octets go.
pub const HEX: Context = Context::panel("hex", PANE);

const PANE: &[Ability] = &[Ability::Packet, Ability::Sideways];

/// What the panes want to see of the packets.
pub fn request(state: &State) -> PageRequest {
    let panes = panes(state);
    let rows = u64::from(panes.list.height.saturating_sub(1));
    PageRequest {
        rows: state.packets.top..state.packets.top + rows,
        selected: Some(state.packets.cursor),
        order: state.packets.order,
        is_whole: state.workspace.is_whole,
        follows: state.is_following && state.frozen.is_none(),
        fields: state
            .workspace
            .columns
            .as_ref()
            .map_or_else(Vec::new, |chosen| columns::fields(chosen)),
    }
}

pub(super) fn context(state: &State) -> Context {
    match state.packets.pane {
        Pane::List => LIST,
        Pane::Tree => TREE,
        Pane::Hex => HEX,
    }
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if data.page.count == 0 {
        text::empty(state, data, "packets", buffer, area);
        return;
    }
    let panes = panes(state);
    list::draw(state, data, buffer, panes.list);
    if state.workspace.is_diagram && !panes.tree.is_empty() {
        diagram::draw(state, data, buffer, panes.tree);
    } else {
        tree::draw(state, data, buffer, panes.tree);
    }
    hex::draw(state, data, buffer, panes.hex);
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let order = [Pane::List, Pane::Tree, Pane::Hex];
    let here = order.iter().position(|pane| *pane == state.packets.pane).unwrap_or(0);
    match action {
        Action::NextPane => state.packets.pane = order[(here + 1) % 3],
        Action::PreviousPane => state.packets.pane = order[(here + 2) % 3],
        Action::Back => state.packets.pane = order[here.saturating_sub(1)],
        Action::Follow => {
            state.is_following = !state.is_following;
        }
        Action::Click(x, y) => click(state, data, x, y),
        Action::WheelUp(x, y) => wheel(state, data, CursorMove::Up, x, y),
        Action::WheelDown(x, y) => wheel(state, data, CursorMove::Down, x, y),
        Action::Move(step) => go(state, data, state.packets.pane, step),
        Action::Sort => {
            let next = list::next_column(state, data, panes(state).list);
            sort(state, next.map(|what| (what, false)));
        }
        Action::Reverse => {
            let (what, is_reversed) = state.packets.sort.unwrap_or((columns::NUMBER, false));
            sort(state, Some((what, !is_reversed)));
        }
        Action::Drill => match state.packets.pane {
            Pane::List | Pane::Hex => state.packets.pane = Pane::Tree,
            Pane::Tree => {
                let folds = row_at(state, data).is_some_and(|(_, row)| row.1);
                if folds {
                    fold(state, data, None);
                } else if let Some(address) = address(state, data) {
                    address_card::open(state, vec![address]);
                } else if let Some(id) = anomaly(state, data) {
                    page::open(state, id, &data.snapshot.findings);
                } else {
                    state.packets.pane = Pane::Hex;
                }
            }
        },
        _ => {}
    }
    None
}

/// The anomaly that the selected row of the tree tells.
fn anomaly(state: &State, data: &ViewData) -> Option<&'static str> {
    let detail = data.page.detail.as_ref()?;
    let (index, _) = row_at(state, data)?;
    let row = detail.rows.get(index).filter(|row| row.kind == NodeKind::Anomaly)?;
    let (id, _) = row.value.split_once(':')?;
    anomaly::rows().map(|row| row.id).find(|known| *known == id)
}

/// Asks for another order; that of the capture is no order of its own.
fn sort(state: &mut State, by: Option<PacketSort>) {
    state.packets.sort = by.filter(|by| *by != (columns::NUMBER, false));
    state.is_following = false;
}

/// The selected row of the tree: its index, and its path and whether it folds.
fn row_at(state: &State, data: &ViewData) -> Option<(usize, (String, bool))> {
    let detail = data.page.detail.as_ref()?;
    let index = *detail.visible(&state.packets.folded).get(state.packets.field)?;
    let row = detail.rows.get(index)?;
    Some((index, (row.path.clone(), row.has_children)))
}

/// The address that the selected row holds, if it holds one.
fn address(state: &State, data: &ViewData) -> Option<String> {
    let (index, _) = row_at(state, data)?;
    let value = &data.page.detail.as_ref()?.rows.get(index)?.value;
    // What the tree says beside an address stands behind a space.
    let word = value.split_whitespace().next()?;
    word.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
}

/// Folds or unfolds the selected row, or does the opposite of what it is when not said which.
fn fold(state: &mut State, data: &ViewData, to: Option<bool>) {
    let Some((_, (path, true))) = row_at(state, data) else { return };
    let is_folded = state.packets.folded.contains(&path);
    let to = to.unwrap_or(!is_folded);
    if to && !is_folded {
        state.packets.folded.push(path);
    } else if !to {
        state.packets.folded.retain(|folded| *folded != path);
    }
}

fn go(state: &mut State, data: &ViewData, pane: Pane, step: CursorMove) {
    let panes = panes(state);
    match pane {
        Pane::List => {
            let height = panes.list.height.saturating_sub(1);
            state.is_following = step == CursorMove::Last && state.is_following;
            let packets = &mut state.packets;
            packets.cursor = moved(packets.cursor, step, data.page.count, height);
        }
        Pane::Tree => {
            let Some(detail) = &data.page.detail else { return };
            match step {
                CursorMove::Left => {
                    let is_open = row_at(state, data).is_some_and(|(_, (path, folds))| {
                        folds && !state.packets.folded.contains(&path)
                    });
                    if is_open {
                        fold(state, data, Some(true));
                    } else {
                        to_parent(state, detail);
                    }
                }
                CursorMove::Right => fold(state, data, Some(false)),
                _ => {
                    let count = detail.visible(&state.packets.folded).len();
                    let height = tree::parts(panes.tree).0.height;
                    state.packets.field = moved_row(state.packets.field, step, count, height);
                }
            }
            select_octet(state, detail);
        }
        Pane::Hex => {
            let Some(detail) = &data.page.detail else { return };
            let per_line = hex::per_line(panes.hex);
            let count = detail.bytes.len();
            let at = state.packets.octet;
            let height = inside(panes.hex).height;
            let lines = count.div_ceil(per_line);
            let to = match step {
                CursorMove::Left => at.saturating_sub(1),
                CursorMove::Right => at + 1,
                CursorMove::First => 0,
                CursorMove::Last => count,
                _ => {
                    let line = moved_row(at / per_line, step, lines, height);
                    line * per_line + at % per_line
                }
            };
            state.packets.octet = to.min(count.saturating_sub(1));
            select_field(state, detail);
        }
    }
}

/// Selects the row about an anomaly, and its octets; one that takes several packets to see has
/// no row.
pub fn to_anomaly(state: &mut State, data: &ViewData, id: &str) {
    let Some(detail) = &data.page.detail else { return };
    let visible = detail.visible(&state.packets.folded);
    let is_told = |&index: &usize| {
        detail.rows.get(index).is_some_and(|row| {
            row.kind == NodeKind::Anomaly
                && row.value.strip_prefix(id).is_some_and(|rest| rest.starts_with(':'))
        })
    };
    if let Some(field) = visible.iter().position(is_told) {
        state.packets.pane = Pane::Tree;
        state.packets.field = field;
        select_octet(state, detail);
        clamp_cursor(state, data);
    }
}

/// Selects the row around the selected one.
fn to_parent(state: &mut State, detail: &Detail) {
    let visible = detail.visible(&state.packets.folded);
    let depth =
        |at: usize| visible.get(at).and_then(|&index| detail.rows.get(index)).map(|row| row.depth);
    let Some(here) = depth(state.packets.field) else { return };
    let above = (0..state.packets.field).rev();
    if let Some(parent) = above.into_iter().find(|&at| depth(at).is_some_and(|depth| depth < here))
    {
        state.packets.field = parent;
    }
}

/// Selects the first octet of the selected field.
fn select_octet(state: &mut State, detail: &Detail) {
    let visible = detail.visible(&state.packets.folded);
    let row = visible.get(state.packets.field).and_then(|&index| detail.rows.get(index));
    if let Some(row) = row.filter(|row| !row.octets.is_empty()) {
        state.packets.octet = row.octets.start;
    }
}

/// Selects the field that the selected octet belongs to, unfolding what hides it.
fn select_field(state: &mut State, detail: &Detail) {
    let Some(owner) = detail.owner(state.packets.octet) else { return };
    // All rows around it stand before it, each less deep than the one it is around.
    let mut depth = detail.rows.get(owner).map_or(0, |row| row.depth);
    for row in detail.rows.iter().take(owner).rev() {
        if row.depth < depth {
            depth = row.depth;
            state.packets.folded.retain(|path| *path != row.path);
        }
    }
    let visible = detail.visible(&state.packets.folded);
    if let Some(at) = visible.iter().position(|&index| index == owner) {
        state.packets.field = at;
    }
}

fn click(state: &mut State, data: &ViewData, x: u16, y: u16) {
    let panes = panes(state);
    let at = (x, y).into();
    if panes.list.contains(at) {
        state.packets.pane = Pane::List;
        if y == panes.list.y {
            if let Some(what) = list::column_at(state, data, panes.list, x - panes.list.x) {
                let is_again =
                    state.packets.sort.unwrap_or((columns::NUMBER, false)) == (what, false);
                sort(state, Some((what, is_again)));
            }
        } else {
            let row = state.packets.top + u64::from(y - panes.list.y - 1);
            if row < data.page.count {
                state.packets.cursor = row;
                state.is_following = false;
            }
        }
    } else if panes.tree.contains(at) {
        state.packets.pane = Pane::Tree;
        let Some(detail) = &data.page.detail else { return };
        let area = tree::parts(panes.tree).0;
        if y >= area.y {
            let row = state.packets.tree_top + usize::from(y - area.y);
            if row < detail.visible(&state.packets.folded).len() {
                if row == state.packets.field {
                    fold(state, data, None);
                }
                state.packets.field = row;
                select_octet(state, detail);
            }
        }
    } else if panes.hex.contains(at) {
        state.packets.pane = Pane::Hex;
        let Some(detail) = &data.page.detail else { return };
        let area = inside(panes.hex);
        if let Some(octet) = hex::octet_at(state, area, detail.bytes.len(), x, y) {
            state.packets.octet = octet;
            select_field(state, detail);
        }
    }
}

fn wheel(state: &mut State, data: &ViewData, step: CursorMove, x: u16, y: u16) {
    let panes = panes(state);
    let at = (x, y).into();
    let pane = if panes.tree.contains(at) {
        Pane::Tree
    } else if panes.hex.contains(at) {
        Pane::Hex
    } else {
        Pane::List
    };
    for _ in 0..layout::WHEEL_ROWS {
        go(state, data, pane, step);
    }
}

/// Of a field its value, of a packet its flow.
pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    match state.packets.pane {
        Pane::List => data.page.detail.as_ref().and_then(filter_expr::of_flow),
        Pane::Tree | Pane::Hex => {
            selection::field(state, data).and_then(|(_, row)| filter_expr::of_field(row))
        }
    }
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let panes = panes(state);
    let count = data.page.count;
    if state.is_following {
        state.packets.cursor = count;
    }
    let packets = &mut state.packets;
    packets.cursor = packets.cursor.max(data.page.gone).min(count.saturating_sub(1));
    let height = panes.list.height.saturating_sub(1);
    if height > 0 {
        packets.top = scrolled(packets.top.max(data.page.gone), packets.cursor, count, height);
    }
    let Some(detail) = &data.page.detail else { return };
    if packets.of != detail.number {
        // The same field of the next packet, where it has one: so values are compared.
        packets.of = detail.number;
        let visible = detail.visible(&packets.folded);
        let path = packets.path.as_deref().unwrap_or_default();
        let is_same = |&index: &usize| detail.rows.get(index).is_some_and(|row| row.path == path);
        if let Some(field) = visible.iter().position(is_same) {
            packets.field = field;
            let row = visible.get(field).and_then(|&index| detail.rows.get(index));
            packets.octet = row.map_or(packets.octet, |row| row.octets.start);
        }
    }
    packets.octet = packets.octet.min(detail.bytes.len().saturating_sub(1));
    let visible = detail.visible(&packets.folded);
    let rows = visible.len();
    packets.field = packets.field.min(rows.saturating_sub(1));
    let row = visible.get(packets.field).and_then(|&index| detail.rows.get(index));
    packets.path = row.map(|row| row.path.clone());
    packets.tree_top =
        scrolled_row(packets.tree_top, packets.field, rows, tree::parts(panes.tree).0.height);
    let per_line = hex::per_line(panes.hex);
    let lines = detail.bytes.len().div_ceil(per_line);
    packets.hex_top =
        scrolled_row(packets.hex_top, packets.octet / per_line, lines, inside(panes.hex).height);
}
