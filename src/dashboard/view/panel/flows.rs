//! Flows: both ends, and the packets of both directions, sortable by any column.

mod protocol;

use std::net::IpAddr;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::listing::TableSpec;
use crate::analyze::Analysis;
use crate::analyze::flow::FlowView;
use crate::analyze::traffic::Address;
use crate::base::units;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::rows::{Rank, RowId, address_rank, top_rows};
use crate::dashboard::model::snapshot::Snapshot;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::table::Column;
use crate::dashboard::view::{address_card, layout, time_text};
use crate::decode::tuple::Pair;

/// Its name.
pub const ID: PanelId = PanelId("flows");
/// Where its keys go.
pub const CONTEXT: Context =
    Context::panel("flows", &[Ability::Table, Ability::Addresses, Ability::RowPackets]);

/// A column with what most have in common.
const fn column(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&FlowView, &crate::dashboard::view::table::CellFormat) -> String,
    rank: fn(&FlowView) -> Rank,
    descends: bool,
) -> Column<FlowView> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns.
const COLUMNS: &[Column<FlowView>] = &[
    Column {
        is_right: true,
        ..column(
            "Flow",
            3,
            Role::Faint,
            |flow, _| flow.number.to_string(),
            |flow| (0, flow.number.into()),
            false,
        )
    },
    column(
        "Proto",
        8,
        Role::Protocol,
        |flow, _| protocol::name(flow.proto),
        |flow| (0, flow.proto.into()),
        false,
    ),
    column(
        "From",
        10,
        Role::Source,
        |flow, _| end(flow, true),
        |flow| address_rank(addresses(flow).0),
        false,
    ),
    column(
        "To",
        9,
        Role::Destination,
        |flow, _| end(flow, false),
        |flow| address_rank(addresses(flow).1),
        false,
    ),
    column(
        "Pkts →",
        5,
        Role::Number,
        |flow, _| units::grouped(flow.tallies[0].packets),
        |flow| (0, flow.tallies[0].packets.into()),
        true,
    ),
    column(
        "Pkts ←",
        5,
        Role::Number,
        |flow, _| units::grouped(flow.tallies[1].packets),
        |flow| (0, flow.tallies[1].packets.into()),
        true,
    ),
    column(
        "Bytes",
        7,
        Role::Number,
        |flow, _| units::octets(flow.total().octets),
        |flow| (0, flow.total().octets.into()),
        true,
    ),
    column(
        "Bytes →",
        2,
        Role::Number,
        |flow, _| units::octets(flow.tallies[0].octets),
        |flow| (0, flow.tallies[0].octets.into()),
        true,
    ),
    column(
        "Bytes ←",
        2,
        Role::Number,
        |flow, _| units::octets(flow.tallies[1].octets),
        |flow| (0, flow.tallies[1].octets.into()),
        true,
    ),
    column(
        "Start",
        4,
        Role::Faint,
        |flow, format| {
            flow.times.map_or_else(String::new, |(first, _)| {
                time_text::short(first, format.time, format.start)
            })
        },
        |flow| (0, flow.times.map_or(0, |(first, _)| first.rank().into())),
        false,
    ),
    column(
        "Duration",
        6,
        Role::Number,
        |flow, _| flow.times.map_or_else(String::new, |(first, last)| units::span(last - first)),
        |flow| (0, flow.times.map_or(0, |(first, last)| (last - first).unsigned_nanos())),
        true,
    ),
    column(
        "TTL →",
        4,
        Role::Text,
        |flow, _| ttl(flow.ttl[0]),
        |flow| (0, flow.ttl[0][0].into()),
        true,
    ),
    column(
        "TTL ←",
        4,
        Role::Text,
        |flow, _| ttl(flow.ttl[1]),
        |flow| (0, flow.ttl[1][0].into()),
        true,
    ),
    column(
        "Flags →",
        3,
        Role::Text,
        |flow, _| flags(flow, 0),
        |flow| (0, flow.tcp[0].into()),
        true,
    ),
    column(
        "Flags ←",
        3,
        Role::Text,
        |flow, _| flags(flow, 1),
        |flow| (0, flow.tcp[1].into()),
        true,
    ),
];

fn addresses(flow: &FlowView) -> (Address, Address) {
    match flow.pair {
        Pair::V4(a, b) => (Address::V4(a), Address::V4(b)),
        Pair::V6(a, b) => (Address::V6(a), Address::V6(b)),
    }
}

fn end(flow: &FlowView, is_source: bool) -> String {
    let ((source, destination), (sport, dport)) = (addresses(flow), flow.ports);
    let (address, port) = if is_source { (source, sport) } else { (destination, dport) };
    match (IpAddr::from(address), protocol::has_ports(flow.proto)) {
        (IpAddr::V4(address), true) => format!("{address}:{port}"),
        (IpAddr::V6(address), true) => format!("[{address}]:{port}"),
        (address, false) => address.to_string(),
    }
}

fn ttl([least, greatest]: [u8; 2]) -> String {
    match least.cmp(&greatest) {
        std::cmp::Ordering::Equal => least.to_string(),
        std::cmp::Ordering::Less => format!("{least}–{greatest}"),
        std::cmp::Ordering::Greater => String::new(),
    }
}

fn flags(flow: &FlowView, way: usize) -> String {
    const LETTERS: [u8; 8] = *b"CEUAPRSF";
    if flow.proto != 6 {
        return String::new();
    }
    let bits = flow.tcp[way];
    let set = LETTERS.iter().enumerate().filter(|(bit, _)| bits & (0x80 >> bit) != 0);
    set.map(|(_, &letter)| char::from(letter)).collect()
}

/// The filter that only packets of `flow` pass.
///
/// A flow of one direction has another beside it where both ends send from the port of their choice
/// to a known one, as VXLAN's do: then the direction is part of the filter.
fn filter(flow: &FlowView) -> String {
    let (source, destination) = addresses(flow);
    let (sport, dport) = flow.ports;
    let is_one_way = flow.tallies[1].packets == 0;
    let ends = if is_one_way {
        filter_expr::from_to(source, destination)
    } else {
        filter_expr::between(source, destination)
    };
    match (protocol::port_name(flow.proto), protocol::layer_name(flow.proto)) {
        (Some(name), _) if is_one_way => {
            format!("{ends} && {name}.srcport == {sport} && {name}.dstport == {dport}")
        }
        (Some(name), _) => format!("{ends} && {name}.port == {sport} && {name}.port == {dport}"),
        (None, Some(name)) => format!("{ends} && {name}"),
        (None, None) => ends,
    }
}

/// The flows.
const TABLE: TableSpec<FlowView> = TableSpec {
    columns: COLUMNS,
    first_sort: 6, // octets
    row_id: |flow| RowId::Flow(flow.number),
    noun: "flows",
};

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    let Some((rank, descends)) = TABLE.ranking(snapshot.query.sort) else { return };
    let tie = |flow: &FlowView| (0, flow.number.into());
    snapshot.flows = top_rows(analysis.flows(), rank, tie, descends);
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    TABLE.with(&data.snapshot.flows).draw(state, data, &state.flows, buffer, area);
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    if action == Action::Drill {
        let (a, b) = addresses(data.snapshot.flows.rows.get(state.flows.cursor)?);
        address_card::open(state, [a, b].map(|end| IpAddr::from(end).to_string()).to_vec());
        return None;
    }
    if action == Action::Packets {
        let flow = data.snapshot.flows.rows.get(state.flows.cursor)?;
        state.panel = PanelId::PACKETS;
        return Some(Effect::Filter(Some(filter(flow))));
    }
    let mut table = state.flows.clone();
    TABLE.with(&data.snapshot.flows).handle(state, data, &mut table, action, layout::body(state));
    state.flows = table;
    None
}

pub(super) fn term(state: &State, data: &ViewData) -> Option<String> {
    data.snapshot.flows.rows.get(state.flows.cursor).map(filter)
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    let body = layout::body(state);
    TABLE.with(&data.snapshot.flows).clamp_cursor(&mut state.flows, body);
}
