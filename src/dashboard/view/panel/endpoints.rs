//! Endpoints: every address with what it sent and received; or conversations, pair by pair.

mod tables;

use std::net::IpAddr;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::tables::{CONVERSATIONS, ENDPOINTS, NETWORKS, prefix};
use crate::analyze::Analysis;
use crate::analyze::traffic::{Address, HeaderScope};
use crate::base::units;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::query::SnapshotQuery;
use crate::dashboard::model::rows::top_rows;
use crate::dashboard::model::snapshot::space::{Network, ROLLS, SortedEndpoints};
use crate::dashboard::model::snapshot::{Snapshot, space, top_talkers};
use crate::dashboard::model::state::{State, TableState};
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::{address_card, layout, text};

/// Its name.
pub const ID: PanelId = PanelId("endpoints");
/// Where its keys go.
pub const CONTEXT: Context =
    Context::panel("endpoints", &[Ability::Table, Ability::Addresses, Ability::RowPackets]);

/// Which of the three tables is open.
pub(super) fn table(state: &State) -> &TableState {
    if state.is_by_pair {
        &state.conversations
    } else if state.roll > 0 {
        &state.networks
    } else {
        &state.endpoints
    }
}

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    let SnapshotQuery { rows, sort, .. } = snapshot.query;
    if rows.is_by_pair {
        let Some((rank, descends)) = CONVERSATIONS.ranking(sort) else { return };
        snapshot.conversations = top_talkers::conversations(analysis, rows.scope, rank, descends);
    } else if rows.roll > 0 {
        let Some((rank, descends)) = NETWORKS.ranking(sort) else { return };
        let networks = space::networks(&SortedEndpoints::of(analysis, rows.scope), rows.roll);
        let tie = |network: &Network| (network.prefix.family.number(), network.prefix.first);
        snapshot.networks = top_rows(networks.into_iter(), rank, tie, descends);
    } else {
        let Some((rank, descends)) = ENDPOINTS.ranking(sort) else { return };
        snapshot.endpoints = top_talkers::endpoints(analysis, rows.scope, rank, descends);
    }
}

/// Where the title and the table stand.
fn parts(area: Rect) -> (Rect, Rect) {
    let title = Rect { height: area.height.min(1), ..area };
    (title, Rect { y: title.bottom(), height: area.height - title.height, ..area })
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let (title, area) = parts(area);
    let total = |count: u64| {
        if data.is_making(state) {
            return state.theme.glyph("…", "...").to_owned();
        }
        let (pairs, ends) = data.snapshot.are_estimated;
        let is_estimated = if state.is_by_pair { pairs } else { ends };
        let mark = if is_estimated { "~" } else { "" };
        format!("{mark}{}", units::grouped(count))
    };
    let rolled;
    let (here, count) = if state.is_by_pair {
        ("Conversations", data.snapshot.conversations.total)
    } else if state.roll > 0 {
        let (v4, v6) = ROLLS.get(state.roll).copied().unwrap_or_default();
        rolled = format!("Endpoints by /{v4} and /{v6}");
        (rolled.as_str(), data.snapshot.networks.total)
    } else {
        ("Endpoints", data.snapshot.endpoints.total)
    };
    let other = if state.is_by_pair { "endpoints" } else { "conversations" };
    text::rule(
        state,
        &match state.scope {
            HeaderScope::Outer => format!("{here} ({})", total(count)),
            scope => format!("{here} of {} ({})", scope.headers(), total(count)),
        },
        Some(&format!("Tab: {other}")),
        true,
        buffer,
        title,
    );
    if state.is_by_pair {
        CONVERSATIONS.with(&data.snapshot.conversations).draw(
            state,
            data,
            &state.conversations,
            buffer,
            area,
        );
    } else if state.roll > 0 {
        NETWORKS.with(&data.snapshot.networks).draw(state, data, &state.networks, buffer, area);
    } else {
        ENDPOINTS.with(&data.snapshot.endpoints).draw(state, data, &state.endpoints, buffer, area);
    }
}

pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    if state.is_by_pair {
        let traffic = data.snapshot.conversations.rows.get(state.conversations.cursor)?;
        return Some(filter_expr::between(traffic.who.0, traffic.who.1));
    }
    if state.roll > 0 {
        return filter_expr::of_block(selected(state, data).first()?);
    }
    let traffic = data.snapshot.endpoints.rows.get(state.endpoints.cursor)?;
    Some(filter_expr::of_address(traffic.who))
}

/// What the selected row is about, in words that a look-up takes.
fn selected(state: &State, data: &ViewData) -> Vec<String> {
    let text = |address: Address| IpAddr::from(address).to_string();
    let snapshot = &data.snapshot;
    if state.is_by_pair {
        let row = snapshot.conversations.rows.get(state.conversations.cursor);
        row.map_or_else(Vec::new, |row| vec![text(row.who.0), text(row.who.1)])
    } else if state.roll > 0 {
        snapshot.networks.rows.get(state.networks.cursor).map(prefix).into_iter().collect()
    } else {
        let row = snapshot.endpoints.rows.get(state.endpoints.cursor);
        row.map(|row| text(row.who)).into_iter().collect()
    }
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    let (title, body) = parts(layout::body(state));
    match action {
        Action::Toggle => state.is_by_pair = !state.is_by_pair,
        Action::Click(x, y) if title.contains((x, y).into()) => {
            state.is_by_pair = !state.is_by_pair;
        }
        Action::Scope => state.scope = state.scope.next(),
        Action::RollUp | Action::RollDown => {
            let turn = if action == Action::RollUp { 1 } else { ROLLS.len() - 1 };
            state.roll = (state.roll + turn) % ROLLS.len();
            state.is_by_pair = false;
        }
        Action::Drill => address_card::open(state, selected(state, data)),
        Action::Packets => {
            let filter = term(state, data)?;
            state.panel = PanelId::PACKETS;
            return Some(Effect::Filter(Some(filter)));
        }
        _ if state.roll > 0 && !state.is_by_pair => {
            let mut table = state.networks.clone();
            NETWORKS.with(&data.snapshot.networks).handle(state, data, &mut table, action, body);
            state.networks = table;
        }
        _ if state.is_by_pair => {
            let mut table = state.conversations.clone();
            CONVERSATIONS
                .with(&data.snapshot.conversations)
                .handle(state, data, &mut table, action, body);
            state.conversations = table;
        }
        _ => {
            let mut table = state.endpoints.clone();
            ENDPOINTS.with(&data.snapshot.endpoints).handle(state, data, &mut table, action, body);
            state.endpoints = table;
        }
    }
    None
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let (_, body) = parts(layout::body(state));
    if state.is_by_pair {
        CONVERSATIONS
            .with(&data.snapshot.conversations)
            .clamp_cursor(&mut state.conversations, body);
    } else if state.roll > 0 {
        NETWORKS.with(&data.snapshot.networks).clamp_cursor(&mut state.networks, body);
    } else {
        ENDPOINTS.with(&data.snapshot.endpoints).clamp_cursor(&mut state.endpoints, body);
    }
}
