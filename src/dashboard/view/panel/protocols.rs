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
use crate::dashboard::model::snapshot::branches::branches;
use crate::dashboard::model::snapshot::{Branch, Snapshot};
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
    text: fn(&Branch, &CellFormat) -> String,
    rank: fn(&Branch) -> Rank,
    descends: bool,
) -> Column<Branch> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns.
const COLUMNS: &[Column<Branch>] = &[
    column("Protocol", 10, Role::Protocol, name, alphabetic, false),
    column(
        "Packets",
        9,
        Role::Number,
        |branch, _| units::grouped(branch.tally.packets),
        |branch| (0, branch.tally.packets.into()),
        true,
    ),
    column(
        "Share",
        7,
        Role::Number,
        |branch, _| text::percent(branch.tally.packets, branch.whole.packets),
        |branch| (0, branch.tally.packets.into()),
        true,
    ),
    Column {
        is_right: false,
        ..column(
            "",
            5,
            Role::Bar,
            |branch, format| {
                let share = branch.tally.packets as f64 / branch.whole.packets.max(1) as f64;
                format.theme.bar(share, BAR)
            },
            |branch| (0, branch.tally.packets.into()),
            true,
        )
    },
    column(
        "Bytes",
        8,
        Role::Number,
        |branch, _| units::octets(branch.tally.octets),
        |branch| (0, branch.tally.octets.into()),
        true,
    ),
    column(
        "of bytes",
        4,
        Role::Number,
        |branch, _| text::percent(branch.tally.octets, branch.whole.octets),
        |branch| (0, branch.tally.octets.into()),
        true,
    ),
    column(
        "Mean",
        3,
        Role::Number,
        |branch, _| units::octets(mean(branch)),
        |branch| (0, mean(branch).into()),
        true,
    ),
    column(
        "Ends here",
        6,
        Role::Number,
        |branch, _| match branch.ends.packets {
            0 => String::new(),
            packets => units::grouped(packets),
        },
        |branch| (0, branch.ends.packets.into()),
        true,
    ),
    Column {
        is_elastic: true,
        ..column("Name", 2, Role::Faint, |branch, _| title(branch).to_owned(), alphabetic, false)
    },
];

/// Octets of a packet on average.
fn mean(branch: &Branch) -> u64 {
    branch.tally.octets.checked_div(branch.tally.packets).unwrap_or(0)
}

fn name(branch: &Branch, _look: &CellFormat) -> String {
    format!("{}{}", "  ".repeat(branch.depth), branch.name)
}

fn title(branch: &Branch) -> &'static str {
    HEADERS.iter().find(|row| row.name == branch.name).map_or("", |row| row.title)
}

fn alphabetic(branch: &Branch) -> Rank {
    let letters = branch.name.bytes().chain(std::iter::repeat(0)).take(16);
    (0, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter)))
}

/// The tree.
const TABLE: TableSpec<Branch> = TableSpec {
    columns: COLUMNS,
    first_sort: 1, // packets
    row_id: |branch| RowId::Branch(branch.path),
    noun: "protocols",
};

pub(super) fn query(snapshot: &mut Snapshot, _analysis: &Analysis) {
    let Some((rank, descends)) = TABLE.ranking(snapshot.query.sort) else { return };
    let tree = snapshot.statistics.get(&hierarchy::ROW);
    let rows = branches(tree, snapshot.total, rank, descends);
    snapshot.hierarchy = RankedRows { total: rows.len() as u64, rows };
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
    TABLE.with(&data.snapshot.hierarchy).draw(state, data, &state.protocols, buffer, area);
}

pub(super) fn act(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let (_, body) = parts(layout::body(state));
    if matches!(action, Action::Drill | Action::Packets) {
        let filter = term(state, data)?;
        state.panel = PanelId::PACKETS;
        return Some(Effect::Filter(Some(filter)));
    }
    let mut table = state.protocols.clone();
    TABLE.with(&data.snapshot.hierarchy).act(state, data, &mut table, action, body);
    state.protocols = table;
    None
}

/// The filter that packets with the selected header pass.
pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    let branch = data.snapshot.hierarchy.rows.get(state.protocols.cursor)?;
    // Packets of no stack in particular have nothing that a filter would find them by.
    (branch.path > 0).then(|| data.snapshot.header_stacks.filter(branch.path))
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let (_, body) = parts(layout::body(state));
    TABLE.with(&data.snapshot.hierarchy).clamp_cursor(&mut state.protocols, body);
}
