//! Protocols: which headers stand in which, packet by packet, as a tree.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::listing::TableSpec;
use crate::analyze::Analysis;
use crate::analyze::statistic::{depth, hierarchy};
use crate::base::units;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::rows::{Rank, RankedRows, RowId};
use crate::dashboard::model::snapshot::protocol_tree::protocol_tree;
use crate::dashboard::model::snapshot::{ProtocolNode, Snapshot};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::table::{CellFormat, Column};
use crate::dashboard::view::{layout, text};
use crate::wire::catalogue::HEADERS;

/// Its name.
pub const ID: PanelId = PanelId("protocols");
/// Where its keys go.
pub const CONTEXT: Context = Context::panel("protocols", &[Ability::Table]);

/// Columns of a bar.
const BAR: usize = 20;

const fn column(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&ProtocolNode, &CellFormat) -> String,
    rank: fn(&ProtocolNode) -> Rank,
    descends: bool,
) -> Column<ProtocolNode> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns.
const COLUMNS: &[Column<ProtocolNode>] = &[
    column("Protocol", 10, Role::Protocol, name, alphabetic, false),
    column(
        "Packets",
        9,
        Role::Number,
        |node, _| units::grouped(node.tally.packets),
        |node| (0, node.tally.packets.into()),
        true,
    ),
    column(
        "Share",
        7,
        Role::Number,
        |node, _| text::percent(node.tally.packets, node.whole.packets),
        |node| (0, node.tally.packets.into()),
        true,
    ),
    Column {
        is_right: false,
        ..column(
            "",
            5,
            Role::Bar,
            |node, format| {
                let share = node.tally.packets as f64 / node.whole.packets.max(1) as f64;
                format.theme.bar(share, BAR)
            },
            |node| (0, node.tally.packets.into()),
            true,
        )
    },
    column(
        "Bytes",
        8,
        Role::Number,
        |node, _| units::octets(node.tally.octets),
        |node| (0, node.tally.octets.into()),
        true,
    ),
    column(
        "of bytes",
        4,
        Role::Number,
        |node, _| text::percent(node.tally.octets, node.whole.octets),
        |node| (0, node.tally.octets.into()),
        true,
    ),
    column(
        "Mean",
        3,
        Role::Number,
        |node, _| units::octets(mean(node)),
        |node| (0, mean(node).into()),
        true,
    ),
    column(
        "Ends here",
        6,
        Role::Number,
        |node, _| match node.ends.packets {
            0 => String::new(),
            packets => units::grouped(packets),
        },
        |node| (0, node.ends.packets.into()),
        true,
    ),
    Column {
        is_elastic: true,
        ..column("Name", 2, Role::Faint, |node, _| title(node).to_owned(), alphabetic, false)
    },
];

/// Octets of a packet on average.
fn mean(node: &ProtocolNode) -> u64 {
    node.tally.octets.checked_div(node.tally.packets).unwrap_or(0)
}

fn name(node: &ProtocolNode, _look: &CellFormat) -> String {
    format!("{}{}", "  ".repeat(node.depth), node.name)
}

fn title(node: &ProtocolNode) -> &'static str {
    HEADERS.iter().find(|row| row.name == node.name).map_or("", |row| row.title)
}

fn alphabetic(node: &ProtocolNode) -> Rank {
    let letters = node.name.bytes().chain(std::iter::repeat(0)).take(16);
    (0, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter)))
}

/// The tree.
const TABLE: TableSpec<ProtocolNode> = TableSpec {
    columns: COLUMNS,
    first_sort: 1, // packets
    row_id: |node| RowId::Protocol(node.path),
    noun: "protocols",
};

pub(super) fn query(snapshot: &mut Snapshot, _analysis: &Analysis) {
    let Some((rank, descends)) = TABLE.ranking(snapshot.query.sort) else { return };
    let tree = snapshot.statistics.get(&hierarchy::ROW);
    let rows = protocol_tree(tree, snapshot.total, rank, descends);
    snapshot.protocol_tree = RankedRows { total: rows.len() as u64, rows };
}

/// Where the title and the table stand.
fn parts(area: Rect) -> (Rect, Rect) {
    let title = Rect { height: u16::from(area.height >= 6), ..area };
    (title, Rect { y: title.bottom(), height: area.height - title.height, ..area })
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let (title, area) = parts(area);
    let depths = data.statistic(&depth::ROW);
    let counts: Vec<_> = (depths.entries.iter())
        .map(|entry| format!("{}: {}", entry.name, units::grouped(entry.tally.packets)))
        .collect();
    let remark = format!("{}  {}", depths.row.title, counts.join("  "));
    let remark = (!counts.is_empty()).then_some(remark.as_str());
    text::rule(state, hierarchy::ROW.title, remark, true, buffer, title);
    TABLE.with(&data.snapshot.protocol_tree).draw(state, data, &state.protocols, buffer, area);
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let (_, body) = parts(layout::body(state));
    if matches!(action, Action::Drill | Action::Packets) {
        let filter = term(state, data)?;
        state.panel = PanelId::PACKETS;
        return Some(Effect::Filter(Some(filter)));
    }
    let mut table = state.protocols.clone();
    TABLE.with(&data.snapshot.protocol_tree).handle(state, data, &mut table, action, body);
    state.protocols = table;
    None
}

/// The filter that packets with the selected header pass.
pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    let node = data.snapshot.protocol_tree.rows.get(state.protocols.cursor)?;
    // Packets of no stack in particular have nothing that a filter would find them by.
    (node.path > 0).then(|| data.snapshot.header_stacks.filter(node.path))
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let (_, body) = parts(layout::body(state));
    TABLE.with(&data.snapshot.protocol_tree).clamp_cursor(&mut state.protocols, body);
}
