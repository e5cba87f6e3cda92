//! Several tables as files of Parquet, beside whatever else is shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::array::{Array, number};
use super::chosen::Chosen;
use super::files::{Spread, TableFiles};
use super::notes;
use super::rows::{self, MOST_ROWS, Rows};
use super::stream::Notes;
use crate::analyze::anomalies::Late;
use crate::analyze::expiry::EndedFlow;
use crate::base::fault;
use crate::capture::save::Rules;
use crate::capture::{CaptureError, Event, Facts, Interface, Shortfall};
use crate::decode::Packet;
use crate::export::json::event::Meta;
use crate::export::request::Losses;
use crate::report::table::{Table, anomalies, endpoints, flows, packets};
use crate::session::{Context, Interests, Outcome, Render, Sink};

/// The files of some tables, open before a packet is read.
pub struct TablesOutput(Vec<TableFiles>);

impl std::fmt::Debug for TablesOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(TableFiles::path)).finish()
    }
}

impl TablesOutput {
    /// The files of tables at `path`, which is a folder where there are several.
    ///
    /// # Errors
    /// One cannot be opened, or something is there that may not be replaced.
    pub fn create(
        path: &Path,
        tables: &[&'static Table],
        is_folder: bool,
        spread: Spread,
        rules: &Rules,
    ) -> Result<Self, CaptureError> {
        let files = tables.iter().map(|table| {
            let own: PathBuf = if is_folder { path.join(table.name) } else { path.to_owned() };
            // What has no time stands in no folder of one.
            let has_time = table.name != endpoints::TABLE.name;
            let spread = if has_time { spread } else { Spread::default() };
            TableFiles::create(table, own, is_folder, spread, rules)
        });
        files.collect::<Result<_, _>>().map(Self)
    }

    /// What writes them.
    pub fn sink(self, meta: &Meta, losses: Losses) -> Box<dyn Sink> {
        let written = self.0.into_iter().map(|files| Written {
            notes: notes::begin(meta, files.table.name),
            rows: Rows::of(files.table),
            files,
        });
        Box::new(TablesSink { written: written.collect(), files: meta.files().into(), losses })
    }
}

/// A table that is written.
struct Written {
    files: TableFiles,
    rows: Rows,
    notes: Notes,
}

impl Written {
    fn is(&self, table: &Table) -> bool {
        self.files.table.name == table.name
    }

    /// Writes the rows that were gathered.
    fn put(&mut self) -> Result<(), CaptureError> {
        put(&mut self.files, &mut self.rows, &self.notes)
    }
}

fn put(files: &mut TableFiles, rows: &mut Rows, notes: &Notes) -> Result<(), CaptureError> {
    if rows.count > 0 {
        files.put(rows, notes)?;
        rows.clear();
    }
    Ok(())
}

struct TablesSink {
    written: Vec<Written>,
    files: Arc<[String]>,
    losses: Losses,
}

/// Renders packets, and what is wrong with them, as rows of tables.
struct TablesRender {
    chosen: Arc<[Chosen]>,
    files: Arc<[String]>,
    packets: Option<Rows>,
    anomalies: Option<Rows>,
}

/// What the rows of each of these tables begin with on their way to the sink.
const RENDERED: [&Table; 2] = [&packets::TABLE, &anomalies::TABLE];

impl Render for TablesRender {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, _: &mut Vec<u8>) {
        let row = rows::row(packet, context, &self.files);
        if let Some(anomalies) = &mut self.anomalies {
            anomalies.anomalies(&anomalies::TABLE, &row);
        }
        if let Some(packets) = &mut self.packets {
            packets.packet(&self.chosen, &row.identified());
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        for (number, rows) in [(0, &mut self.packets), (1, &mut self.anomalies)] {
            let Some(rows) = rows.as_mut().filter(|rows| rows.count > 0) else { continue };
            out.push(number);
            out.extend((rows.count as u64).to_le_bytes());
            rows.columns.iter().for_each(|column| column.save(out));
            rows.clear();
        }
    }
}

impl TablesSink {
    /// Writes what `add` appends to the rows of a table, if that is written.
    fn add(
        &mut self,
        table: &Table,
        add: impl FnOnce(&mut Rows, Option<&str>),
    ) -> Result<(), CaptureError> {
        let file = self.all_files();
        let Some(written) = self.written.iter_mut().find(|written| written.is(table)) else {
            return Ok(());
        };
        add(&mut written.rows, file.as_deref());
        written.put()
    }

    fn all_files(&self) -> Option<String> {
        (!self.files.is_empty()).then(|| self.files.join(","))
    }

    fn has(&self, table: &Table) -> bool {
        self.written.iter().any(|written| written.is(table))
    }

    /// The last rows, and the files closed.
    fn end_all(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        let file = self.all_files();
        let of = (&outcome.analysis, file.as_deref());
        let last = notes::end(outcome, (self.losses)());
        let mut ended = Ok(());
        for Written { files, rows, notes } in &mut self.written {
            let table = files.table;
            let mut full = |rows: &mut Rows| put(files, rows, notes);
            let done = match table.name {
                "flows" => rows.flows(table, of, &mut full),
                "endpoints" => rows.endpoints(table, of, &mut full),
                "anomalies" => {
                    let mut late = outcome.analysis.anomalies.late().chunks(MOST_ROWS);
                    late.try_for_each(|late| {
                        rows.late(table, late, file.as_deref());
                        full(rows)
                    })
                }
                _ => Ok(()),
            };
            let done = done.and_then(|()| full(rows)).and_then(|()| files.open_first(notes));
            let closed = match done {
                Ok(()) => files.end(&last, outcome.shortfall),
                Err(error) => {
                    files.break_off();
                    Err(error)
                }
            };
            ended = ended.and(closed);
        }
        ended
    }
}

impl Sink for TablesSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let rows = |table: &'static Table| self.has(table).then(|| Rows::of(table));
        let [packets, anomalies] = RENDERED.map(rows);
        if packets.is_none() && anomalies.is_none() {
            return None;
        }
        let (chosen, files) = (Chosen::all().into(), Arc::clone(&self.files));
        Some(Box::new(TablesRender { chosen, files, packets, anomalies }))
    }

    fn write(&mut self, mut rendered: &[u8]) -> Result<(), CaptureError> {
        while let Some((&number_of_table, rest)) = rendered.split_first() {
            rendered = rest;
            let table = RENDERED.get(usize::from(number_of_table));
            let written =
                self.written.iter_mut().find(|it| table.is_some_and(|table| it.is(table)));
            let Some(written) = written else { break };
            let mut load = || {
                written.rows.count = number(&mut rendered)?;
                let mut columns = written.rows.columns.iter_mut();
                columns.try_for_each(|column: &mut Array| column.load(&mut rendered))
            };
            if load().is_none() {
                return Err(CaptureError::broken(written.files.path()));
            }
            written.put()?;
        }
        Ok(())
    }

    fn begin(&mut self, _: &[Interface], _: &Facts) -> Result<(), CaptureError> {
        Ok(())
    }

    fn interests(&self) -> Interests {
        Interests { flows: self.has(&flows::TABLE), ..Interests::default() }
    }

    fn late(&mut self, anomalies: &[Late]) -> Result<(), CaptureError> {
        let table = &anomalies::TABLE;
        self.add(table, |rows, file| rows.late(table, anomalies, file))
    }

    fn flows(&mut self, ended: &[EndedFlow]) -> Result<(), CaptureError> {
        let table = &flows::TABLE;
        self.add(table, |rows, file| rows.ended(table, ended, file))
    }

    fn events(&mut self, events: &[Event], _: &[Interface]) -> Result<(), CaptureError> {
        let table = &anomalies::TABLE;
        self.add(table, |rows, _| rows.events(table, events))
    }

    fn break_off(&mut self) -> CaptureError {
        self.written.iter_mut().for_each(|written| written.files.break_off());
        let path = self.written.first().map(|written| written.files.path().to_owned());
        CaptureError::broken(path.unwrap_or_default())
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        fault::point("parquet");
        if outcome.shortfall == Some(Shortfall::Failed) && outcome.seen.packets == 0 {
            self.written.iter_mut().for_each(|written| written.files.break_off());
            return Ok(());
        }
        self.end_all(outcome)
    }
}
