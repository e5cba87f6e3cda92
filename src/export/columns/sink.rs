//! One table as an Arrow stream on an output of the run.

use std::sync::Arc;

use super::chosen::Chosen;
use super::notes;
use super::rows::{self, MOST_ROWS, Rows};
use super::stream;
use crate::analyze::anomalies::Late;
use crate::analyze::expiry::EndedFlow;
use crate::base::fault;
use crate::capture::{CaptureError, Event, Facts, Interface};
use crate::decode::Packet;
use crate::decode::history::Asks;
use crate::export::json::event::Meta;
use crate::export::output::Output;
use crate::export::request::{Losses, Request};
use crate::export::rows::Rows as Selected;
use crate::report::table::{Table, anomalies, endpoints, flows, packets};
use crate::session::{Context, Interests, Outcome, Render, Sink};

/// Writes a table.
struct ArrowSink {
    output: Output,
    what: What,
    meta: Meta,
    files: Arc<[String]>,
    losses: Losses,
    message: Vec<u8>,
}

/// What has a row.
enum What {
    /// Packets, with these columns.
    Packets(Arc<[Chosen]>),
    /// What a table says; rows that are not made packet by packet.
    Table(&'static Table, Rows),
}

/// Opens the export.
#[expect(clippy::unnecessary_wraps, reason = "other exports may fail to open")]
pub(super) fn open(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    let what = match request.rows {
        Selected::Chosen(chosen) => What::Packets(chosen.into()),
        Selected::Table(table) if std::ptr::eq(table, &raw const packets::TABLE) => {
            What::Packets(Chosen::all().into())
        }
        Selected::Table(table) => What::Table(table, Rows::of(table)),
        Selected::Flows => What::Table(&flows::TABLE, Rows::of(&flows::TABLE)),
        Selected::Endpoints => What::Table(&endpoints::TABLE, Rows::of(&endpoints::TABLE)),
        Selected::Packets(_) => What::Packets(Chosen::all().into()),
    };
    Ok(Box::new(ArrowSink {
        output: request.output,
        what,
        meta: request.meta.clone(),
        files: request.meta.files().into(),
        losses: request.losses,
        message: Vec::new(),
    }))
}

/// Renders the packets of a batch as one message.
struct PacketRender {
    chosen: Arc<[Chosen]>,
    has_community_id: bool,
    files: Arc<[String]>,
    rows: Rows,
}

impl Render for PacketRender {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, _: &mut Vec<u8>) {
        let row = rows::row(packet, context, &self.files);
        let row = if self.has_community_id { row.identified() } else { row };
        self.rows.packet(&self.chosen, &row);
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        finish(&mut self.rows, out);
    }
}

/// Renders the anomalies of the packets of a batch as one message.
struct AnomalyRender {
    files: Arc<[String]>,
    rows: Rows,
}

impl Render for AnomalyRender {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, _: &mut Vec<u8>) {
        self.rows.anomalies(&anomalies::TABLE, &rows::row(packet, context, &self.files));
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        finish(&mut self.rows, out);
    }
}

/// Appends the message of some rows, if there are any, and forgets them.
fn finish(rows: &mut Rows, out: &mut Vec<u8>) {
    if rows.count > 0 {
        stream::batch(out, &rows.columns, rows.count, &Vec::new());
        rows.clear();
    }
}

impl ArrowSink {
    /// The names of all inputs that are files.
    fn all_files(&self) -> Option<String> {
        (!self.files.is_empty()).then(|| self.files.join(","))
    }

    /// Writes what `add` appends to the rows of that table, if it is the one that is written.
    fn put(
        &mut self,
        only: &Table,
        add: impl FnOnce(&mut Rows, Option<&str>),
    ) -> Result<(), CaptureError> {
        let file = self.all_files();
        let Self { what, message, output, .. } = self;
        let What::Table(table, rows) = what else { return Ok(()) };
        if table.name != only.name {
            return Ok(());
        }
        add(rows, file.as_deref());
        put(rows, message, output)
    }
}

/// Writes rows as one message.
fn put(rows: &mut Rows, message: &mut Vec<u8>, output: &mut Output) -> Result<(), CaptureError> {
    message.clear();
    finish(rows, message);
    output.write_whole(message, stream::whole)
}

impl Sink for ArrowSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let files = Arc::clone(&self.files);
        match &self.what {
            What::Packets(chosen) => {
                let rows = Rows::new(chosen.iter().map(|column| column.kind));
                let has_community_id = chosen.iter().any(Chosen::is_community_id);
                let chosen = Arc::clone(chosen);
                Some(Box::new(PacketRender { chosen, has_community_id, files, rows }))
            }
            What::Table(table, _) if table.name == anomalies::TABLE.name => {
                Some(Box::new(AnomalyRender { files, rows: Rows::of(table) }))
            }
            What::Table(..) => None,
        }
    }

    fn begin(&mut self, _: &[Interface], _: &Facts) -> Result<(), CaptureError> {
        self.message.clear();
        let to = &mut self.message;
        match &self.what {
            What::Packets(chosen) => {
                let columns = chosen.iter().map(|column| (column.name.as_str(), column.kind));
                stream::schema(to, columns, &notes::begin(&self.meta, packets::TABLE.name));
            }
            What::Table(table, _) => {
                let columns = table.columns.iter().map(|column| (column.name, column.kind));
                stream::schema(to, columns, &notes::begin(&self.meta, table.name));
            }
        }
        self.output.write_whole(&self.message, stream::whole)
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.output.write_whole(rendered, stream::whole)
    }

    fn interests(&self) -> Interests {
        let flows = matches!(&self.what, What::Table(table, _) if table.name == flows::TABLE.name);
        let asks = match &self.what {
            What::Packets(chosen) => {
                chosen.iter().fold(Asks::default(), |all, one| all.or(one.asks()))
            }
            What::Table(..) => Asks::default(),
        };
        Interests { flows, asks, ..Interests::default() }
    }

    fn late(&mut self, anomalies: &[Late]) -> Result<(), CaptureError> {
        let table = &anomalies::TABLE;
        self.put(table, |rows, file| rows.late(table, anomalies, file))
    }

    fn flows(&mut self, ended: &[EndedFlow]) -> Result<(), CaptureError> {
        let table = &flows::TABLE;
        self.put(table, |rows, file| rows.ended(table, ended, file))
    }

    fn events(&mut self, events: &[Event], _: &[Interface]) -> Result<(), CaptureError> {
        let table = &anomalies::TABLE;
        self.put(table, |rows, _| rows.events(table, events))
    }

    fn break_off(&mut self) -> CaptureError {
        self.output.break_off()
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        fault::point("arrow");
        let analysis = &outcome.analysis;
        let file = self.all_files();
        let Self { what, message, output, .. } = self;
        if let What::Table(table, rows) = what {
            let of = (analysis, file.as_deref());
            let mut full = |rows: &mut Rows| put(rows, message, output);
            match table.name {
                "flows" => rows.flows(table, of, &mut full)?,
                "endpoints" => rows.endpoints(table, of, &mut full)?,
                _ => {
                    for late in analysis.anomalies.late().chunks(MOST_ROWS) {
                        rows.late(table, late, file.as_deref());
                        full(rows)?;
                    }
                }
            }
            full(rows)?;
        }
        message.clear();
        // No rows, and what is known only now.
        let notes = notes::end(outcome, (self.losses)());
        match &self.what {
            What::Packets(chosen) => {
                let none = Rows::new(chosen.iter().map(|column| column.kind));
                stream::batch(&mut self.message, &none.columns, 0, &notes);
            }
            What::Table(_, rows) => stream::batch(&mut self.message, &rows.columns, 0, &notes),
        }
        self.message.extend(stream::END);
        self.output.write_whole(&self.message, stream::whole)?;
        if let Some(why) = outcome.shortfall {
            self.output.fall_short(why);
        }
        self.output.end()
    }
}
