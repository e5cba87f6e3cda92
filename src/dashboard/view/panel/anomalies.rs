//! Anomalies: which, how often, where first, and by which specification.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::listing::TableSpec;
use crate::analyze::Analysis;
use crate::base::units;
use crate::dashboard::model::action::{Action, Effect, SeekTarget};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::rows::{Rank, RowId, top_rows};
use crate::dashboard::model::snapshot::Snapshot;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::{filter_expr, selection};
use crate::dashboard::view::table::{CellFormat, Column};
use crate::dashboard::view::{layout, page, text};
use crate::decode::anomaly::{Scope, Severity};
use crate::report::summary::{self, AnomalyLine};

/// Its name.
pub const ID: PanelId = PanelId("anomalies");
/// Where its keys go.
pub const CONTEXT: Context = Context::panel("anomalies", &[Ability::Table, Ability::RowPackets]);

const fn column(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&AnomalyLine, &CellFormat) -> String,
    rank: fn(&AnomalyLine) -> Rank,
    descends: bool,
) -> Column<AnomalyLine> {
    Column { title, weight, is_right: false, is_elastic: false, role, text, rank, descends }
}

/// The columns.
const COLUMNS: &[Column<AnomalyLine>] = &[
    column("Severity", 8, Role::Warn, severity, |anomaly| (0, anomaly.row.severity as u128), true),
    column(
        "Anomaly",
        10,
        Role::Number,
        |anomaly, _| anomaly.row.id.to_owned(),
        |anomaly| {
            let letters = anomaly.row.id.bytes().chain(std::iter::repeat(0)).take(16);
            (0, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter)))
        },
        false,
    ),
    Column {
        is_right: true,
        ..column(
            "Count",
            9,
            Role::Number,
            |anomaly, _| units::grouped(anomaly.count),
            |anomaly| (0, anomaly.count.into()),
            true,
        )
    },
    Column {
        is_right: true,
        ..column(
            "Spread",
            5,
            Role::Number,
            |anomaly, _| {
                let about = if anomaly.is_estimated { "~" } else { "" };
                format!("{about}{}", units::grouped(anomaly.spread))
            },
            |anomaly| (0, anomaly.spread.into()),
            true,
        )
    },
    Column {
        is_right: true,
        ..column(
            "First packet",
            7,
            Role::Number,
            |anomaly, _| units::grouped(anomaly.first),
            |anomaly| (0, anomaly.first.into()),
            false,
        )
    },
    Column {
        is_elastic: true,
        ..column(
            "Meaning",
            6,
            Role::Text,
            |anomaly, _| anomaly.row.meaning.to_owned(),
            |anomaly| (0, anomaly.row.severity as u128),
            true,
        )
    },
];

fn severity(anomaly: &AnomalyLine, format: &CellFormat) -> String {
    let glyph = match anomaly.row.severity {
        Severity::Error => format.theme.glyph("✗", "!"),
        Severity::Warning => format.theme.glyph("▲", "*"),
        Severity::Note => format.theme.glyph("•", "-"),
        Severity::Info => format.theme.glyph("·", "."),
    };
    format!("{glyph} {}", anomaly.row.severity.word())
}

/// The anomalies.
const TABLE: TableSpec<AnomalyLine> = TableSpec {
    columns: COLUMNS,
    first_sort: 0, // how bad they are
    row_id: |anomaly| RowId::Anomaly(anomaly.row.id),
    noun: "anomalies",
};

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    let Some((rank, descends)) = TABLE.ranking(snapshot.query.sort) else { return };
    // Of as bad ones the most spread first, then the most frequent, then in the order of the report.
    let tie = |(anomaly, place): &(AnomalyLine, u64)| {
        let spread = u32::MAX - u32::try_from(anomaly.spread).unwrap_or(u32::MAX);
        let count = u64::MAX - anomaly.count;
        (0, u128::from(spread) << 80 | u128::from(count) << 16 | u128::from(*place))
    };
    let found = analysis.all_anomalies();
    let lines = summary::anomalies(&found);
    snapshot.findings = summary::finding::findings(&found, &lines, &snapshot.statistics);
    let all = lines.into_iter().zip(0_u64..);
    let first = top_rows(all, |(anomaly, _)| rank(anomaly), tie, descends);
    snapshot.anomalies = first.map(|(anomaly, _)| anomaly);
}

/// From this width on the page of the selected row stands beside the table.
const BESIDE: u16 = 140;

/// Columns of a page beside the table.
const PAGE: u16 = 64;

/// Where the title, the table and the page of the selected row stand.
fn parts(area: Rect) -> [Rect; 3] {
    let title = Rect { height: u16::from(area.height >= 6), ..area };
    if area.width >= BESIDE && area.height >= 8 {
        let height = area.height - title.height;
        let body = Rect { y: title.bottom(), height, width: area.width - PAGE - 1, ..area };
        return [title, body, Rect { x: body.right() + 1, width: PAGE, ..body }];
    }
    let note = match area.height {
        0..8 => 0,
        8..14 => 3,
        14..20 => 6,
        height => height / 2,
    };
    let height = area.height - title.height - note;
    let body = Rect { y: title.bottom(), height, ..area };
    [title, body, Rect { y: body.bottom(), height: note, ..area }]
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let [title, body, note] = parts(area);
    let found = &data.snapshot.anomalies;
    let count: u64 = found.rows.iter().map(|anomaly| anomaly.count).sum();
    let kinds = found.rows.len();
    let plural = if kinds == 1 { "" } else { "s" };
    let remark = format!("{} found, of {kinds} kind{plural}", units::grouped(count));
    let remark = (count > 0).then_some(remark.as_str());
    text::rule(state, "Anomalies", remark, true, buffer, title);
    if found.rows.is_empty() && data.snapshot.total.packets > 0 {
        none(state, data, buffer, body);
        return;
    }
    TABLE.with(&data.snapshot.anomalies).draw(state, data, &state.anomalies, buffer, body);
    if let Some(anomaly) = found.rows.get(state.anomalies.cursor).filter(|_| !note.is_empty()) {
        let rule = Rect { height: 1, ..note };
        let title = page::title(anomaly.row.id);
        text::rule(state, &title, Some(&anomaly.row.sources()), false, buffer, rule);
        let below = Rect { y: rule.bottom(), height: note.height - 1, ..note };
        page::draw(state, anomaly.row.id, &data.snapshot.findings, buffer, below);
    }
}

/// Says that nothing was found, and among how much.
fn none(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let packets = units::grouped(data.snapshot.total.packets);
    let so_far = if data.run_status.has_ended { "" } else { " so far" };
    let theme = &state.theme;
    let lines = [
        (Role::Good, format!("{} None found{so_far}", theme.glyph("✔", "ok"))),
        (Role::Faint, format!("{packets} packets looked at")),
    ];
    let top = area.y + area.height.saturating_sub(2) / 2;
    for (y, (role, text)) in (top..area.bottom()).zip(lines) {
        let line = Line::from(Span::styled(text, theme.style(role))).centered();
        line.render(Rect { y, height: 1, ..area }, buffer);
    }
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let [_, body, _] = parts(layout::body(state));
    let selected = || data.snapshot.anomalies.rows.get(state.anomalies.cursor);
    match action {
        Action::Drill => {
            let anomaly = *selected()?;
            selection::leave(state, data);
            return Some(Effect::Seek(SeekTarget::Anomaly(anomaly.first, anomaly.row.id)));
        }
        Action::Packets => return packets(state, data),
        Action::Explain => {
            let id = selected()?.row.id;
            page::open(state, id, &data.snapshot.findings);
        }
        _ => {
            let mut table = state.anomalies.clone();
            TABLE.with(&data.snapshot.anomalies).handle(state, data, &mut table, action, body);
            state.anomalies = table;
        }
    }
    None
}

/// Shows the packets of the selected row, where a filter finds them.
fn packets(state: &mut State, data: &ViewData) -> Option<Effect> {
    let anomaly = data.snapshot.anomalies.rows.get(state.anomalies.cursor)?;
    let Some(filter) = filter_expr::of_anomaly(anomaly) else {
        let what = match anomaly.row.scope {
            Scope::Fragment => "the fragments of a datagram tell this",
            Scope::Flow => "a whole flow tells this",
            Scope::Interface => "no packet tells this: the system did",
            _ => "several packets tell this",
        };
        state.workspace.refuse(format!("{what}, no filter finds it; Enter goes to the first"));
        return None;
    };
    state.panel = PanelId::PACKETS;
    Some(Effect::Filter(Some(filter)))
}

/// The filter that packets with the selected anomaly pass.
pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    filter_expr::of_anomaly(data.snapshot.anomalies.rows.get(state.anomalies.cursor)?)
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let [_, body, _] = parts(layout::body(state));
    TABLE.with(&data.snapshot.anomalies).clamp_cursor(&mut state.anomalies, body);
}
