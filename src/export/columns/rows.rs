//! Rows being gathered, column by column.

use super::array::Array;
use super::chosen::Chosen;
use crate::analyze::Analysis;
use crate::analyze::anomalies::{Late, of_event};
use crate::analyze::conversation::endpoints;
use crate::analyze::departed::End;
use crate::analyze::expiry::EndedFlow;
use crate::capture::Event;
use crate::decode::Packet;
use crate::decode::anomaly::{self, Anomaly, Expected, Mark};
use crate::decode::tuple::Pair;
use crate::export::json::anomaly::{address_at, has_place};
use crate::report::summary::talker::Endpoint;
use crate::report::table::anomaly_row::AnomalyRow;
use crate::report::table::endpoint_row::EndpointRow;
use crate::report::table::flow_row::FlowRow;
use crate::report::table::packet_row::PacketRow;
use crate::report::table::{Cell, Kind, Reads, Table};
use crate::session::Context;

/// Rows of which there are so many go out.
pub(super) const MOST_ROWS: usize = 1 << 16;

/// Rows being gathered.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) columns: Vec<Array>,
    pub(super) count: usize,
}

impl Rows {
    /// No rows of those columns.
    pub(super) fn new(kinds: impl Iterator<Item = Kind>) -> Self {
        Self { columns: kinds.map(Array::new).collect(), count: 0 }
    }

    /// No rows of a table.
    pub(super) fn of(table: &Table) -> Self {
        Self::new(table.columns.iter().map(|column| column.kind))
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Array::clear);
        self.count = 0;
    }

    /// Appends a packet.
    pub(super) fn packet(&mut self, chosen: &[Chosen], row: &PacketRow<'_>) {
        for (column, array) in chosen.iter().zip(&mut self.columns) {
            column.read(row, array);
        }
        self.count += 1;
    }

    /// Appends a row of what each column of the table reads.
    fn row<'r>(&mut self, table: &Table, read: impl Fn(Reads) -> Cell<'r>) {
        for (column, array) in table.columns.iter().zip(&mut self.columns) {
            array.push(read(column.reads));
        }
        self.count += 1;
    }

    /// Appends a flow.
    pub(super) fn flow(&mut self, table: &Table, row: &FlowRow<'_>) {
        self.row(table, |reads| match reads {
            Reads::Flow(value) => value(row),
            _ => Cell::Null,
        });
    }

    /// Appends flows that have ended.
    pub(super) fn ended(&mut self, table: &Table, ended: &[EndedFlow], file: Option<&str>) {
        for one in ended {
            self.flow(table, &FlowRow::new(&one.flow, &one.chain, one.end, file));
        }
    }

    /// Appends an anomaly.
    pub(super) fn anomaly(&mut self, table: &Table, row: &AnomalyRow<'_>) {
        self.row(table, |reads| match reads {
            Reads::Anomaly(value) => value(row),
            _ => Cell::Null,
        });
    }

    /// Appends what is wrong with a packet.
    pub(super) fn anomalies(&mut self, table: &Table, of: &PacketRow<'_>) {
        let Packet { frame, .. } = of.packet;
        of.each_anomaly(&mut |found: Anomaly| {
            let mark = has_place(&found).then_some(found.mark);
            let row = AnomalyRow {
                row: found.row(),
                spec: found.source(&of.packet),
                file: of.file(),
                offset: frame.offset(),
                number: Some(frame.number),
                time: frame.time,
                ip_layer: found.ip_layer,
                mark,
                address: mark.and_then(|mark| address_at(&of.packet, mark)),
                pair: of.pair(),
                flow: of.pair().and(of.flow),
            };
            self.anomaly(table, &row);
        });
    }

    /// Appends anomalies of packets that went by before.
    pub(super) fn late(&mut self, table: &Table, late: &[Late], file: Option<&str>) {
        for Late { fragment, row } in late {
            let value = u64::from(fragment.offset);
            let mark = Mark { offset: fragment.at, len: 2, value, expected: Expected::Nothing };
            let row = AnomalyRow {
                row: anomaly::row(*row),
                spec: anomaly::row(*row).source_of(matches!(fragment.pair(), Pair::V6(..))),
                file,
                offset: None,
                number: Some(fragment.packet),
                time: fragment.time,
                ip_layer: fragment.depth,
                mark: Some(mark),
                address: None,
                pair: Some(fragment.pair()),
                flow: None,
            };
            self.anomaly(table, &row);
        }
    }

    /// Appends what happened to interfaces.
    pub(super) fn events(&mut self, table: &Table, events: &[Event]) {
        for event in events {
            let row = AnomalyRow {
                row: anomaly::row(of_event(event).number()),
                spec: anomaly::row(of_event(event).number()).source,
                file: None,
                offset: None,
                number: None,
                time: Some(event.time),
                ip_layer: 0,
                mark: None,
                address: None,
                pair: None,
                flow: None,
            };
            self.anomaly(table, &row);
        }
    }

    /// Appends the endpoints of an analysis; calls `put` when there are many rows.
    pub(super) fn endpoints<E>(
        &mut self,
        table: &Table,
        (analysis, file): (&Analysis, Option<&str>),
        mut put: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        for traffic in endpoints(analysis, analysis.settings().scope) {
            let endpoint = Endpoint::new(&traffic);
            let row = EndpointRow { endpoint: &endpoint, file };
            self.row(table, |reads| match reads {
                Reads::Endpoint(value) => value(&row),
                _ => Cell::Null,
            });
            if self.count >= MOST_ROWS {
                put(self)?;
            }
        }
        Ok(())
    }

    /// Appends the flows that last until the end; calls `put` when there are many rows.
    pub(super) fn flows<E>(
        &mut self,
        table: &Table,
        (analysis, file): (&Analysis, Option<&str>),
        mut put: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut flows: Vec<_> = analysis.flows().collect();
        flows.sort_unstable_by_key(|flow| (flow.number, flow.path));
        for flow in &flows {
            let chain = analysis.paths.chain(flow.path);
            self.flow(table, &FlowRow::new(flow, chain, End::Capture, file));
            if self.count >= MOST_ROWS {
                put(self)?;
            }
        }
        Ok(())
    }
}

/// The row of a packet.
pub(super) fn row<'a>(
    packet: &Packet<'a>,
    context: Context<'a>,
    files: &'a [String],
) -> PacketRow<'a> {
    PacketRow::new(*packet, context.flow, context.history, files)
}
