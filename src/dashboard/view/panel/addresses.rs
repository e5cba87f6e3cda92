//! Addresses: where in the space they lie, and whose blocks those are.
//!
//! IPv4 is drawn along a Hilbert curve, on which neighbouring addresses are neighbouring dots and
//! every prefix of even length is a square; the registries' blocks of both versions are a table.

pub mod hilbert;
mod map;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use self::map::{LEVELS, MapLayout};
use self::table::{TABLE, address, range};
use crate::address::class::Class;
use crate::address::prefix::{Family, Prefix};
use crate::analyze::Analysis;
use crate::base::units;
use crate::dashboard::model::action::{Action, CursorMove, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::query::SnapshotQuery;
use crate::dashboard::model::rows::top_rows;
use crate::dashboard::model::snapshot::space::{AddressMap, Block, SortedEndpoints, registered};
use crate::dashboard::model::snapshot::{Snapshot, space};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::text::{self, line, wrapped};
use crate::dashboard::view::{address_card, layout};

/// Its name.
pub const ID: PanelId = PanelId("addresses");
/// Where the keys of its map go.
pub const MAP: Context =
    Context::panel("map", &[Ability::Addresses, Ability::RowPackets, Ability::Sideways]);
/// Where the keys of its table go.
pub const BLOCKS: Context =
    Context::panel("blocks", &[Ability::Table, Ability::Addresses, Ability::RowPackets]);

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    let SnapshotQuery { rows, sort, .. } = snapshot.query;
    let Some((rank, descends)) = TABLE.ranking(sort) else { return };
    let endpoints = SortedEndpoints::of(analysis, rows.scope);
    snapshot.letters = space::letters(&endpoints);
    snapshot.map = AddressMap::of(&endpoints.v4, rows.map.0, rows.map.1);
    let tie = |block: &Block| (block.range.family.number(), block.range.first);
    snapshot.blocks = top_rows(space::blocks(&endpoints).into_iter(), rank, tie, descends);
}

/// Where things stand.
struct Parts {
    title: Rect,
    map: Rect,
    /// The map's size, when it is on the screen.
    map_layout: Option<MapLayout>,
    facts: Rect,
    table: Rect,
}

/// From this width on the map and the table stand side by side.
const BOTH: u16 = 72;
/// Columns that words beside the map need.
const BESIDE: u16 = 20;
/// Lines of words about the cursor's block.
const FACTS: u16 = 7;

fn parts(state: &State) -> Parts {
    let area = layout::body(state);
    let title = Rect { height: u16::from(area.height >= 10), ..area };
    let body = Rect { y: title.bottom(), height: area.height - title.height, ..area };
    let none = Rect { width: 0, height: 0, ..body };
    let has_both = body.width >= BOTH;
    if state.map.is_table && !has_both {
        return Parts { title, map: none, map_layout: None, facts: none, table: body };
    }
    let beside = if has_both { 40 } else { BESIDE };
    let map_layout = MapLayout::fitting(body.width.saturating_sub(beside), body.height);
    let (width, height) = map_layout.map_or((0, 0), MapLayout::size);
    let map = Rect { width, height, ..body };
    let right = Rect { x: map.right() + 2, width: body.width.saturating_sub(width + 2), ..body };
    let facts = Rect { height: right.height.min(FACTS), ..right };
    let table = if has_both && right.height > FACTS + 3 {
        Rect { y: facts.bottom(), height: right.height - facts.height, ..right }
    } else {
        none
    };
    Parts { title, map, map_layout, facts, table }
}

pub(super) fn context(state: &State) -> Context {
    if state.map.is_table { BLOCKS } else { MAP }
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if data.snapshot.blocks.rows.is_empty() {
        text::empty(state, data, "addresses", buffer, area);
        return;
    }
    let parts = parts(state);
    let has_map = !parts.map.is_empty();
    if !parts.title.is_empty() {
        let block = address(Family::V4, state.map.base.into());
        let density = data.snapshot.map.total;
        let title = match (has_map, state.map.len) {
            (false, _) => "Blocks of the registries".to_owned(),
            (true, len) => {
                let plural = if density.addresses == 1 { "" } else { "es" };
                format!("{block}/{len}: {} address{plural}", units::grouped(density.addresses))
            }
        };
        let remark = classes(data);
        let is_focused = !state.map.is_table || !has_map;
        text::rule(state, &title, Some(&remark), is_focused, buffer, parts.title);
    }
    if let Some(map_layout) = parts.map_layout {
        map::draw(state, &data.snapshot.map, map_layout, buffer, parts.map);
        for (y, line) in
            (parts.facts.y..parts.facts.bottom()).zip(facts(state, data, map_layout, &parts))
        {
            line.render(Rect { y, height: 1, ..parts.facts }, buffer);
        }
    }
    if !parts.table.is_empty() {
        let (rule, body) = titled(parts.table, has_map);
        let remark = "Tab: map or blocks";
        if has_map {
            let title = "Blocks of the registries";
            text::rule(state, title, Some(remark), state.map.is_table, buffer, rule);
        }
        TABLE.with(&data.snapshot.blocks).draw_as(
            state.map.is_table,
            state,
            data,
            &state.blocks,
            buffer,
            body,
        );
    }
}

/// A table below a title of its own.
fn titled(area: Rect, has_title: bool) -> (Rect, Rect) {
    let height = u16::from(has_title);
    let rule = Rect { height, ..area };
    (rule, Rect { y: rule.bottom(), height: area.height.saturating_sub(height), ..area })
}

/// Addresses by class.
fn classes(data: &ViewData) -> String {
    let names = ["A", "B", "C", "D", "E", "IPv6"];
    let seen = names.iter().zip(data.snapshot.letters).filter(|(_, count)| *count > 0);
    let texts: Vec<_> =
        seen.map(|(name, count)| format!("{name} {}", units::grouped(count))).collect();
    format!("class {}", texts.join("  "))
}

/// What is known of the block that the cursor is on.
fn facts(
    state: &State,
    data: &ViewData,
    map_layout: MapLayout,
    parts: &Parts,
) -> Vec<ratatui::text::Line<'static>> {
    let theme = &state.theme;
    let map = &data.snapshot.map;
    let block = map_layout.block(&state.map);
    let density = map::density(map, &state.map, map_layout);
    let name = range(block.range());
    let (row, is_special) = registered(block.range());
    let owner = row.map_or("several registrations", |row| row.name);
    let first = u32::try_from(block.first).unwrap_or(0);
    let class = Class::of(first).name;
    let packets = units::grouped(density.packets);
    let share = text::percent(density.packets, map.total.packets);
    let addresses = units::grouped(density.addresses);
    let width = parts.facts.width;
    let faint = Role::Faint;
    let mark = if is_special && row.is_some() { theme.glyph("● ", "* ") } else { "" };
    let mut lines = vec![line(theme, &[(Role::Source, &name)])];
    lines.extend(wrapped(
        theme,
        width,
        "",
        &[
            &[(faint, "class "), (Role::Number, class)],
            &[(Role::Warn, mark), (Role::Protocol, owner)],
        ],
    ));
    lines.extend(wrapped(
        theme,
        width,
        "",
        &[
            &[
                (Role::Number, &addresses),
                (faint, if density.addresses == 1 { " address" } else { " addresses" }),
            ],
            &[(Role::Number, &packets), (faint, " packets")],
            &[(Role::Number, share.trim_start())],
        ],
    ));
    let next = LEVELS.iter().find(|&&len| len > state.map.len);
    if let Some(next) = next {
        let text = format!("+ looks at the /{next}");
        lines.push(line(theme, &[(faint, &text)]));
    }
    let legend: Vec<_> = [
        (Role::Heat4, theme.glyph("█", "#"), "10 %"),
        (Role::Heat3, theme.glyph("▓", "+"), "1 %"),
        (Role::Heat2, theme.glyph("▒", ":"), "0.1 %"),
        (Role::Heat1, theme.glyph("⡇", "."), "less"),
    ]
    .into_iter()
    .map(|(role, dot, text)| [(role, dot), (faint, " "), (faint, text)])
    .collect();
    let pieces: Vec<&[(Role, &str)]> = legend.iter().map(<[_; 3]>::as_slice).collect();
    lines.extend(wrapped(theme, width, "packets from ", &pieces));
    lines
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let parts = parts(state);
    let (_, body) = titled(parts.table, !parts.map.is_empty());
    let (x, y) = match action {
        Action::Click(x, y) | Action::WheelUp(x, y) | Action::WheelDown(x, y) => (x, y),
        _ => (0, 0),
    };
    let is_at_map = parts.map.contains((x, y).into());
    let is_at_table = body.contains((x, y).into());
    match action {
        Action::Toggle => {
            state.map.is_table = !state.map.is_table;
            return None;
        }
        Action::Click(..) if is_at_map => state.map.is_table = false,
        Action::Click(..) if is_at_table => state.map.is_table = true,
        Action::Drill => {
            address_card::open(state, selected(state, data, &parts).into_iter().collect());
            return None;
        }
        Action::Packets => {
            let filter = term(state, data)?;
            state.panel = PanelId::PACKETS;
            return Some(Effect::Filter(Some(filter)));
        }
        _ => {}
    }
    if state.map.is_table || is_at_table {
        let mut table = state.blocks.clone();
        TABLE.with(&data.snapshot.blocks).handle(state, data, &mut table, action, body);
        state.blocks = table;
        return None;
    }
    let map_layout = parts.map_layout?;
    match action {
        Action::Click(x, y) if is_at_map => {
            map_layout.go_to(&mut state.map, (x - parts.map.x) / 2, y - parts.map.y);
        }
        Action::Move(step) => map_layout.step(&mut state.map, step),
        Action::WheelUp(..) => map_layout.step(&mut state.map, CursorMove::Up),
        Action::WheelDown(..) => map_layout.step(&mut state.map, CursorMove::Down),
        Action::Closer | Action::Wider => {
            let to = if action == Action::Closer {
                LEVELS.iter().find(|&&len| len > state.map.len)
            } else {
                LEVELS.iter().rev().find(|&&len| len < state.map.len)
            };
            if let Some(&len) = to {
                let base = Prefix::new(Family::V4, state.map.at.into(), len).first;
                state.map.base = u32::try_from(base).unwrap_or(0);
                state.map.is_placed = action == Action::Wider;
                state.map.len = len;
            }
        }
        _ => {}
    }
    None
}

/// The block that is selected, in words that a look-up takes.
fn selected(state: &State, data: &ViewData, parts: &Parts) -> Option<String> {
    if state.map.is_table {
        return data.snapshot.blocks.rows.get(state.blocks.cursor).map(|row| range(row.range));
    }
    let block = parts.map_layout?.block(&state.map);
    Some(range(block.range()))
}

/// The filter that packets of the selected block pass.
pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    filter_expr::of_block(&selected(state, data, &parts(state))?)
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let parts = parts(state);
    let (_, body) = titled(parts.table, !parts.map.is_empty());
    TABLE.with(&data.snapshot.blocks).clamp_cursor(&mut state.blocks, body);
    let map = &data.snapshot.map;
    let is_current = (map.base, map.len) == (state.map.base, state.map.len);
    if !state.map.is_placed && is_current {
        // The cursor begins where most packets are.
        let most = map.dots.iter().max_by_key(|dot| (dot.1.packets, std::cmp::Reverse(dot.0)));
        if let Some((dot, _)) = most {
            state.map.at = map.base + (u32::from(*dot) << map::dot_shift(map.len));
            state.map.is_placed = true;
        }
    }
}
