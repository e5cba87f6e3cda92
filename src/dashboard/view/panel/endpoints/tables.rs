//! The three tables: endpoints, conversations, and endpoints by prefix.

use std::net::IpAddr;

use crate::address::describe::label;
use crate::address::prefix::Family;
use crate::analyze::traffic::{Address, Traffic};
use crate::base::units;
use crate::dashboard::model::rows::{Rank, RowId, address_rank};
use crate::dashboard::model::snapshot::space::{Network, registered};
use crate::dashboard::model::theme::Role;
use crate::dashboard::view::panel::listing::TableSpec;
use crate::dashboard::view::table::{CellFormat, Column};

type Endpoint = Traffic<Address>;

type Conversation = Traffic<(Address, Address)>;

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

/// A column of a count: its title and weight, how [`units`] writes it, and the count of a row.
macro_rules! number {
    ($title:literal $weight:literal, $write:ident, |$row:ident| $count:expr) => {
        column(
            $title,
            $weight,
            Role::Number,
            |$row, _| units::$write($count),
            |$row| (0, $count.into()),
            true,
        )
    };
}

/// The columns of endpoints.
const COLUMNS: &[Column<Endpoint>] = &[
    column(
        "Address",
        10,
        Role::Source,
        |traffic, _| IpAddr::from(traffic.who).to_string(),
        |traffic| address_rank(traffic.who),
        false,
    ),
    number!("Packets" 8, grouped, |traffic| traffic.total().packets),
    number!("Bytes" 9, octets, |traffic| traffic.total().octets),
    number!("Sent" 5, grouped, |traffic| traffic.forth.packets),
    number!("Received" 5, grouped, |traffic| traffic.back.packets),
    number!("Bytes sent" 3, octets, |traffic| traffic.forth.octets),
    number!("Bytes received" 3, octets, |traffic| traffic.back.octets),
    column(
        "Type",
        7,
        Role::Protocol,
        |traffic, _| label(traffic.who.into()).kind.to_owned(),
        |traffic| kind_rank(traffic.who),
        false,
    ),
    column(
        "Class",
        4,
        Role::Text,
        |traffic, _| label(traffic.who.into()).class.to_owned(),
        |traffic| address_rank(traffic.who),
        false,
    ),
    column(
        "Special-purpose block",
        2,
        Role::Faint,
        |traffic, _| label(traffic.who.into()).special.to_owned(),
        |traffic| address_rank(traffic.who),
        false,
    ),
];

/// The columns of conversations.
const PAIR_COLUMNS: &[Column<Conversation>] = &[
    column(
        "Address A",
        10,
        Role::Source,
        |traffic, _| IpAddr::from(traffic.who.0).to_string(),
        |traffic| address_rank(traffic.who.0),
        false,
    ),
    column(
        "Address B",
        9,
        Role::Destination,
        |traffic, _| IpAddr::from(traffic.who.1).to_string(),
        |traffic| address_rank(traffic.who.1),
        false,
    ),
    number!("Packets" 7, grouped, |traffic| traffic.total().packets),
    number!("Bytes" 8, octets, |traffic| traffic.total().octets),
    number!("Pkts A→B" 5, grouped, |traffic| traffic.forth.packets),
    number!("Pkts B→A" 5, grouped, |traffic| traffic.back.packets),
    number!("Bytes A→B" 4, octets, |traffic| traffic.forth.octets),
    number!("Bytes B→A" 4, octets, |traffic| traffic.back.octets),
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
    number!("Addresses" 7, grouped, |network| network.addresses),
    number!("Packets" 8, grouped, |network| network.traffic.total().packets),
    number!("Bytes" 9, octets, |network| network.traffic.total().octets),
    number!("Sent" 5, grouped, |network| network.traffic.forth.packets),
    number!("Received" 5, grouped, |network| network.traffic.back.packets),
    number!("Bytes sent" 3, octets, |network| network.traffic.forth.octets),
    number!("Bytes received" 3, octets, |network| network.traffic.back.octets),
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
pub(super) const ENDPOINTS: TableSpec<Endpoint> = TableSpec {
    columns: COLUMNS,
    first_sort: 2, // octets
    row_id: |traffic| RowId::Endpoint(traffic.who),
    noun: "endpoints",
};

/// The conversations.
pub(super) const CONVERSATIONS: TableSpec<Conversation> = TableSpec {
    columns: PAIR_COLUMNS,
    first_sort: 3, // octets
    row_id: |traffic| RowId::Conversation(traffic.who.0, traffic.who.1),
    noun: "conversations",
};

/// The endpoints by prefix.
pub(super) const NETWORKS: TableSpec<Network> = TableSpec {
    columns: NETWORK_COLUMNS,
    first_sort: 3, // octets
    row_id: |network| RowId::Range(network.prefix.range()),
    noun: "prefixes",
};

pub(super) fn prefix(network: &Network) -> String {
    let prefix = network.prefix;
    let address = match prefix.family {
        Family::V4 => Address::V4(u32::try_from(prefix.first).unwrap_or(0)),
        Family::V6 => Address::V6(prefix.first),
    };
    format!("{}/{}", IpAddr::from(address), prefix.len)
}

fn registry(network: &Network) -> &'static str {
    registered(network.prefix.range()).0.map_or("not allocated", |row| row.name)
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
