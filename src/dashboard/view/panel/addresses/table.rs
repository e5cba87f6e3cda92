//! The table of blocks, and how addresses and blocks are written.

use std::net::IpAddr;

use crate::address::prefix::{Family, Range};
use crate::analyze::traffic::Address;
use crate::base::units;
use crate::dashboard::model::rows::{Rank, RowId};
use crate::dashboard::model::snapshot::space::Block;
use crate::dashboard::model::theme::Role;
use crate::dashboard::view::panel::listing::TableSpec;
use crate::dashboard::view::table::{CellFormat, Column};

const fn column(
    title: &'static str,
    weight: u8,
    role: Role,
    text: fn(&Block, &CellFormat) -> String,
    rank: fn(&Block) -> Rank,
    descends: bool,
) -> Column<Block> {
    Column { title, weight, is_right: descends, is_elastic: false, role, text, rank, descends }
}

/// The columns of the blocks.
const COLUMNS: &[Column<Block>] = &[
    column(
        "Block",
        10,
        Role::Source,
        |block, _| range(block.range),
        |block| (block.range.family.number(), block.range.first),
        false,
    ),
    Column {
        is_elastic: true,
        ..column(
            "Registered as",
            8,
            Role::Protocol,
            |block, _| block.name.to_owned(),
            |block| {
                let letters = block.name.bytes().chain(std::iter::repeat(0)).take(16);
                (0, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter)))
            },
            false,
        )
    },
    column(
        "Addresses",
        6,
        Role::Number,
        |block, _| units::grouped(block.addresses),
        |block| (0, block.addresses.into()),
        true,
    ),
    column(
        "Packets",
        9,
        Role::Number,
        |block, _| units::grouped(block.tally.packets),
        |block| (0, block.tally.packets.into()),
        true,
    ),
    column(
        "Bytes",
        5,
        Role::Number,
        |block, _| units::octets(block.tally.octets),
        |block| (0, block.tally.octets.into()),
        true,
    ),
    column(
        "Special",
        3,
        Role::Warn,
        |block, format| {
            let text = if block.is_special { format.theme.glyph("● yes", "yes") } else { "" };
            text.to_owned()
        },
        |block| (0, block.is_special.into()),
        true,
    ),
];

/// The blocks.
pub(super) const TABLE: TableSpec<Block> = TableSpec {
    columns: COLUMNS,
    first_sort: 3, // packets
    row_id: |block| RowId::Range(block.range),
    noun: "addresses",
};

pub(super) fn address(family: Family, bits: u128) -> IpAddr {
    IpAddr::from(match family {
        Family::V4 => Address::V4(u32::try_from(bits).unwrap_or(0)),
        Family::V6 => Address::V6(bits),
    })
}

/// A range as a prefix, where it is one.
pub(super) fn range(range: Range) -> String {
    let first = address(range.family, range.first);
    match range.as_prefix() {
        Some(prefix) => format!("{first}/{}", prefix.len),
        None => format!("{first} - {}", address(range.family, range.last)),
    }
}
