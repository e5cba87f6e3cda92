//! Endpoints: every address with what it sent and received; or conversations, pair by pair.

use std::net::IpAddr;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::listing::Table;
use crate::address::describe::label;
use crate::address::prefix::Family;
use crate::analyze::talk::Scope;
use crate::analyze::talk::{Address, Talk};
use crate::base::units;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::shown::Shown;
use crate::dashboard::model::snapshot::rank_of;
use crate::dashboard::model::snapshot::space::{Network, ROLLS, registered};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::wish::{Item, Rank};
use crate::dashboard::update::dispatch::Effect;
use crate::dashboard::view::cards;
use crate::dashboard::view::layout;
use crate::dashboard::view::table::{Column, Look};
use crate::dashboard::view::text;

/// The column by which endpoints are sorted at first: octets.
pub const FIRST_SORT: usize = 2;
/// The column by which conversations are sorted at first: octets.
pub const FIRST_SORT_PAIRS: usize = 3;

type Endpoint = Talk<Address>;
type Conversation = Talk<(Address, Address)>;

const fn column<T>(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&T, &Look) -> String,
    rank: fn(&T) -> Rank,
    descends: bool,
) -> Column<T> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns of endpoints.
pub const COLUMNS: &[Column<Endpoint>] = &[
    column(
        "Address",
        10,
        Role::Source,
        |talk, _| IpAddr::from(talk.who).to_string(),
        |talk| rank_of(talk.who),
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
        |talk| rank_of(talk.who),
        false,
    ),
    column(
        "Special-purpose block",
        2,
        Role::Faint,
        |talk, _| label(talk.who.into()).special.to_owned(),
        |talk| rank_of(talk.who),
        false,
    ),
];

/// The columns of conversations.
pub const PAIR_COLUMNS: &[Column<Conversation>] = &[
    column(
        "Address A",
        10,
        Role::Source,
        |talk, _| IpAddr::from(talk.who.0).to_string(),
        |talk| rank_of(talk.who.0),
        false,
    ),
    column(
        "Address B",
        9,
        Role::Destination,
        |talk, _| IpAddr::from(talk.who.1).to_string(),
        |talk| rank_of(talk.who.1),
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

/// The column by which rolled up endpoints are sorted at first: octets.
pub const FIRST_SORT_NETWORKS: usize = 3;

/// The columns of endpoints by prefix.
pub const NETWORK_COLUMNS: &[Column<Network>] = &[
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

fn endpoints(shown: &Shown) -> Table<'_, Endpoint> {
    Table {
        columns: COLUMNS,
        listed: &shown.snapshot.endpoints,
        item: |talk| Item::Endpoint(talk.who),
        noun: "endpoints",
    }
}

fn networks(shown: &Shown) -> Table<'_, Network> {
    Table {
        columns: NETWORK_COLUMNS,
        listed: &shown.snapshot.networks,
        item: |network| Item::Range(network.prefix.range()),
        noun: "prefixes",
    }
}

fn conversations(shown: &Shown) -> Table<'_, Conversation> {
    Table {
        columns: PAIR_COLUMNS,
        listed: &shown.snapshot.conversations,
        item: |talk| Item::Conversation(talk.who.0, talk.who.1),
        noun: "conversations",
    }
}

/// Where the title and the table stand.
fn parts(area: Rect) -> (Rect, Rect) {
    let title = Rect { height: area.height.min(1), ..area };
    (title, Rect { y: title.bottom(), height: area.height - title.height, ..area })
}

pub(super) fn draw(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    let (title, area) = parts(area);
    let total = |count: u64| {
        if shown.is_making(state) {
            return state.theme.glyph("…", "...").to_owned();
        }
        let (pairs, ends) = shown.snapshot.are_estimated;
        let is_estimated = if state.is_by_pair { pairs } else { ends };
        let mark = if is_estimated { "~" } else { "" };
        format!("{mark}{}", units::grouped(count))
    };
    let rolled;
    let (here, count) = if state.is_by_pair {
        ("Conversations", shown.snapshot.conversations.total)
    } else if state.roll > 0 {
        let (v4, v6) = ROLLS.get(state.roll).copied().unwrap_or_default();
        rolled = format!("Endpoints by /{v4} and /{v6}");
        (rolled.as_str(), shown.snapshot.networks.total)
    } else {
        ("Endpoints", shown.snapshot.endpoints.total)
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
        conversations(shown).draw(state, shown, &state.conversations, buffer, area);
    } else if state.roll > 0 {
        networks(shown).draw(state, shown, &state.networks, buffer, area);
    } else {
        endpoints(shown).draw(state, shown, &state.endpoints, buffer, area);
    }
}

pub(super) fn term(state: &State, shown: &Shown) -> Option<String> {
    if state.is_by_pair {
        let talk = shown.snapshot.conversations.rows.get(state.conversations.cursor)?;
        return Some(text::pair_filter(talk.who.0, talk.who.1));
    }
    if state.roll > 0 {
        return cards::filter(selected(state, shown).first()?);
    }
    let talk = shown.snapshot.endpoints.rows.get(state.endpoints.cursor)?;
    Some(text::address_filter(talk.who))
}

/// What the selected row is about, in words that a look-up takes.
fn selected(state: &State, shown: &Shown) -> Vec<String> {
    let text = |address: Address| IpAddr::from(address).to_string();
    let snapshot = &shown.snapshot;
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

pub(super) fn act(state: &mut State, action: Action, shown: &Shown) -> Option<Effect> {
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
        Action::Drill => cards::open(state, selected(state, shown)),
        Action::Packets => {
            let filter = term(state, shown)?;
            state.panel = super::PACKETS;
            return Some(Effect::Filter(Some(filter)));
        }
        _ if state.roll > 0 && !state.is_by_pair => {
            let mut listing = state.networks.clone();
            networks(shown).act(state, shown, &mut listing, action, body);
            state.networks = listing;
        }
        _ if state.is_by_pair => {
            let mut listing = state.conversations.clone();
            conversations(shown).act(state, shown, &mut listing, action, body);
            state.conversations = listing;
        }
        _ => {
            let mut listing = state.endpoints.clone();
            endpoints(shown).act(state, shown, &mut listing, action, body);
            state.endpoints = listing;
        }
    }
    None
}

pub(super) fn settle(state: &mut State, shown: &Shown) {
    let (_, body) = parts(layout::body(state));
    if state.is_by_pair {
        conversations(shown).settle(&mut state.conversations, body);
    } else if state.roll > 0 {
        networks(shown).settle(&mut state.networks, body);
    } else {
        endpoints(shown).settle(&mut state.endpoints, body);
    }
}
