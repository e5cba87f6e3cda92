//! What packets are sorted by: the cell of a column, read packet by packet.

use crate::dashboard::model::packet_column::PacketColumn;
use crate::dashboard::model::packet_line::PacketLine;
use crate::dashboard::model::rows::{NO_RANK, Rank, text_rank};
use crate::dashboard::view::panel::packets::columns::COLUMNS;
use crate::decode::Packet;
use crate::report::column::Column;

/// Reads what packets are sorted by.
#[derive(Debug)]
pub struct Keys {
    what: PacketColumn,
    column: Vec<Column>,
}

impl Keys {
    /// Keys of a column.
    pub fn of(what: PacketColumn) -> Self {
        let column = match what {
            PacketColumn::Field(name) => Column::find(name).ok().into_iter().collect(),
            PacketColumn::Usual(_) => Vec::new(),
        };
        Self { what, column }
    }

    /// The key of a packet; none where its cell is empty.
    pub fn read(&self, packet: &Packet<'_>) -> Option<Rank> {
        let line = PacketLine::of(packet, 0, &self.column);
        match self.what {
            PacketColumn::Usual(index) => {
                let rank = (COLUMNS.get(index)?.rank)(&line);
                (rank.0 < NO_RANK).then_some(rank)
            }
            PacketColumn::Field(_) => line.fields.first().and_then(|text| text_rank(text)),
        }
    }
}
