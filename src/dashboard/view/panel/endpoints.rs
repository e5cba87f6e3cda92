//! Endpoints: every address with what it sent and received; or conversations, pair by pair.

use std::net::IpAddr;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::listing::TableSpec;
use crate::address::describe::label;
use crate::address::prefix::Family;
use crate::analyze::Analysis;
use crate::analyze::talk::{Address, Scope, Talk};
use crate::base::units;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::query::SnapshotQuery;
use crate::dashboard::model::rows::{Rank, RowId, address_rank, top_rows};
use crate::dashboard::model::snapshot::space::{Network, ROLLS, SortedEndpoints, registered};
use crate::dashboard::model::snapshot::{Snapshot, space, top_talkers};
use crate::dashboard::model::state::{State, TableState};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::table::{CellFormat, Column};
use crate::dashboard::view::{cards, layout, text};

/// Its name.
pub const ID: PanelId = PanelId("endpoints");
/// Where its keys go.
pub const CONTEXT: Context =
    Context::panel("endpoints", &[Ability::Table, Ability::Addresses, Ability::RowPackets]);

type Endpoint = Talk<Address>;
type Conversation = Talk<(Address, Address)>;

const fn column<T>(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&T, &CellFormat) -> String,
    rank: fn(&T) -> Rank,
    descends: bool,
) -> Column<T> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns of endpoints.
const COLUMNS: &[Column<Endpoint>] = &[
    column(
        "Address",
        10,
        Role::Source,
        |talk, _| IpAddr::from(talk.who).to_string(),
        |talk| address_rank(talk.who),
        false,
    ),
    column(
        "Packets",
        8,
        Role::Number,
        |talk, _| units::grouped(talk.total().packets),
        |talk| (0, talk.total().packets.into()),
        true,
    ),
    column(
        "Bytes",
        9,
        Role::Number,
        |talk, _| units::octets(talk.total().octets),
        |talk| (0, talk.total().octets.into()),
        true,
    ),
    column(
        "Sent",
        5,
        Role::Number,
        |talk, _| units::grouped(talk.forth.packets),
        |talk| (0, talk.forth.packets.into()),
        true,
    ),
    column(
        "Received",
        5,
        Role::Number,
        |talk, _| units::grouped(talk.back.packets),
        |talk| (0, talk.back.packets.into()),
        true,
    ),
    column(
        "Bytes sent",
        3,
        Role::Number,
        |talk, _| units::octets(talk.forth.octets),
        |talk| (0, talk.forth.octets.into()),
        true,
    ),
    column(
        "Bytes received",
        3,
        Role::Number,
        |talk, _| units::octets(talk.back.octets),
        |talk| (0, talk.back.octets.into()),
        true,
    ),
    column(
        "Type",
        7,
        Role::Protocol,
        |talk, _| label(talk.who.into()).kind.to_owned(),
        |talk| kind_rank(talk.who),
        false,
    ),
    column(
        "Class",
        4,
        Role::Text,
        |talk, _| label(talk.who.into()).class.to_owned(),
        |talk| address_rank(talk.who),
        false,
    ),
    column(
        "Special-purpose block",
        2,
        Role::Faint,
        |talk, _| label(talk.who.into()).special.to_owned(),
        |talk| address_rank(talk.who),
        false,
    ),
];

/// The columns of conversations.
const PAIR_COLUMNS: &[Column<Conversation>] = &[
    column(
        "Address A",
        10,
        Role::Source,
        |talk, _| IpAddr::from(talk.who.0).to_string(),
        |talk| address_rank(talk.who.0),
        false,
    ),
    column(
        "Address B",
        9,
        Role::Destination,
        |talk, _| IpAddr::from(talk.who.1).to_string(),
        |talk| address_rank(talk.who.1),
        false,
    ),
    column(
        "Packets",
        7,
        Role::Number,
        |talk, _| units::grouped(talk.total().packets),
        |talk| (0, talk.total().packets.into()),
        true,
    ),
    column(
        "Bytes",
        8,
        Role::Number,
        |talk, _| units::octets(talk.total().octets),
        |talk| (0, talk.total().octets.into()),
        true,
    ),
    column(
        "Pkts A→B",
        5,
        Role::Number,
        |talk, _| units::grouped(talk.forth.packets),
        |talk| (0, talk.forth.packets.into()),
        true,
    ),
    column(
        "Pkts B→A",
        5,
        Role::Number,
        |talk, _| units::grouped(talk.back.packets),
        |talk| (0, talk.back.packets.into()),
        true,
    ),
    column(
        "Bytes A→B",
        4,
        Role::Number,
        |talk, _| units::octets(talk.forth.octets),
        |talk| (0, talk.forth.octets.into()),
        true,
    ),
    column(
        "Bytes B→A",
        4,
        Role::Number,
        |talk, _| units::octets(talk.back.octets),
        |talk| (0, talk.back.octets.into()),
        true,
    ),
];

/// The columns of endpoints by prefix.
const NETWORK_COLUMNS: &[Column<Network>] = &[
    column(
        "Prefix",
        10,
        Role::Source,
        |network, _| prefix(network),
        |network| (network.prefix.family.number(), network.prefix.first),
        false,
    ),
    column(
        "Addresses",
        7,
        Role::Number,
        |network, _| units::grouped(network.addresses),
        |network| (0, network.addresses.into()),
        true,
    ),
    column(
        "Packets",
        8,
        Role::Number,
        |network, _| units::grouped(network.talk.total().packets),
        |network| (0, network.talk.total().packets.into()),
        true,
    ),
    column(
        "Bytes",
        9,
        Role::Number,
        |network, _| units::octets(network.talk.total().octets),
        |network| (0, network.talk.total().octets.into()),
        true,
    ),
    column(
        "Sent",
        5,
        Role::Number,
        |network, _| units::grouped(network.talk.forth.packets),
        |network| (0, network.talk.forth.packets.into()),
        true,
    ),
    column(
        "Received",
        5,
        Role::Number,
        |network, _| units::grouped(network.talk.back.packets),
        |network| (0, network.talk.back.packets.into()),
        true,
    ),
    column(
        "Bytes sent",
        3,
        Role::Number,
        |network, _| units::octets(network.talk.forth.octets),
        |network| (0, network.talk.forth.octets.into()),
        true,
    ),
    column(
        "Bytes received",
        3,
        Role::Number,
        |network, _| units::octets(network.talk.back.octets),
        |network| (0, network.talk.back.octets.into()),
        true,
    ),
    Column {
        is_elastic: true,
        ..column(
            "Registered as",
            4,
            Role::Faint,
            |network, _| registry(network).to_owned(),
            |network| letters(registry(network)),
            false,
        )
    },
];

/// The endpoints, one by one.
const ENDPOINTS: TableSpec<Endpoint> = TableSpec {
    columns: COLUMNS,
    first_sort: 2, // octets
    row_id: |talk| RowId::Endpoint(talk.who),
    noun: "endpoints",
};

/// The conversations.
const CONVERSATIONS: TableSpec<Conversation> = TableSpec {
    columns: PAIR_COLUMNS,
    first_sort: 3, // octets
    row_id: |talk| RowId::Conversation(talk.who.0, talk.who.1),
    noun: "conversations",
};

/// The endpoints by prefix.
const NETWORKS: TableSpec<Network> = TableSpec {
    columns: NETWORK_COLUMNS,
    first_sort: 3, // octets
    row_id: |network| RowId::Range(network.prefix.range()),
    noun: "prefixes",
};

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

fn prefix(network: &Network) -> String {
    let prefix = network.prefix;
    let address = match prefix.family {
        Family::V4 => Address::V4(u32::try_from(prefix.first).unwrap_or(0)),
        Family::V6 => Address::V6(prefix.first),
    };
    format!("{}/{}", IpAddr::from(address), prefix.len)
}

fn registry(network: &Network) -> &'static str {
    let (row, _) = registered(network.prefix.family, network.prefix.first);
    row.map_or("not allocated", |row| row.name)
}

/// The first letters of a text, as a number.
fn letters(text: &str) -> Rank {
    let letters = text.bytes().chain(std::iter::repeat(0)).take(16);
    (0, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter)))
}

/// The first letters of a type, as a number.
fn kind_rank(address: Address) -> Rank {
    letters(label(address.into()).kind)
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
            Scope::Outer => format!("{here} ({})", total(count)),
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
        let talk = data.snapshot.conversations.rows.get(state.conversations.cursor)?;
        return Some(filter_expr::between(talk.who.0, talk.who.1));
    }
    if state.roll > 0 {
        return filter_expr::of_block(selected(state, data).first()?);
    }
    let talk = data.snapshot.endpoints.rows.get(state.endpoints.cursor)?;
    Some(filter_expr::of_address(talk.who))
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

pub(super) fn act(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
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
        Action::Drill => cards::open(state, selected(state, data)),
        Action::Packets => {
            let filter = term(state, data)?;
            state.panel = PanelId::PACKETS;
            return Some(Effect::Filter(Some(filter)));
        }
        _ if state.roll > 0 && !state.is_by_pair => {
            let mut table = state.networks.clone();
            NETWORKS.with(&data.snapshot.networks).act(state, data, &mut table, action, body);
            state.networks = table;
        }
        _ if state.is_by_pair => {
            let mut table = state.conversations.clone();
            CONVERSATIONS
                .with(&data.snapshot.conversations)
                .act(state, data, &mut table, action, body);
            state.conversations = table;
        }
        _ => {
            let mut table = state.endpoints.clone();
            ENDPOINTS.with(&data.snapshot.endpoints).act(state, data, &mut table, action, body);
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
