//! Tables as files of Parquet beside whatever else is shown: one file, or a folder with one for each
//! table.
//!
//! A file has its name once it is whole.  In a folder it is a numbered part, which may stand in folders
//! by date and hour (Hive's way), and another part may be begun by size and by time.

use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::array::Array;
use super::parquet::{File, io_error};
use super::rows::Rows;
use super::stream::Notes;
use crate::base::threads::lock;
use crate::base::timestamp::Timestamp;
use crate::capture::save::{Folder, Rotation, Rules, Target};
use crate::capture::{CaptureError, Part, Shortfall};
use crate::report::table::Table;

/// By what rows are spread over folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partition {
    /// A folder a day: `date=2026-01-31`.
    Day,
    /// A folder an hour: `date=2026-01-31/hour=12`.
    Hour,
}

/// What Hive calls the folder of rows without a time.
const TIMELESS: &str = "__HIVE_DEFAULT_PARTITION__";

/// Folders by time that have an open file at once: packets near midnight may come in any order.
const MOST_OPEN: usize = 3;

/// How tables are spread over files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    /// By what they stand in folders of their own.
    pub partition: Option<Partition>,
    /// When another file is begun.
    pub rotation: Option<Rotation>,
}

/// A file that is written to from two sides: by what encodes it, and by what gives it its name.
struct Shared(Arc<Mutex<Target>>);

impl Write for Shared {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let written = lock(&self.0).write(octets, <[u8]>::len);
        written.map(|()| octets.len()).map_err(|unwritten| unwritten.error)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An open file of a table.
struct Open {
    file: File<Shared>,
    target: Arc<Mutex<Target>>,
    /// The folder by time that it is in; none where there are none.
    folder: Option<String>,
}

/// The files of a table.
pub(super) struct TableFiles {
    pub(super) table: &'static Table,
    /// The file, or the folder of the parts.
    path: PathBuf,
    is_folder: bool,
    spread: Spread,
    inputs: crate::capture::save::Inputs,
    force: bool,
    by: Folder,
    /// Number of the part that was opened last.
    number: u64,
    /// The first file, until there is something to say of it.
    first: Option<Target>,
    open: Vec<Open>,
    /// Where the time began by which files are closed.
    since: Option<Timestamp>,
    /// Which stretch of that time the rows are in.
    stretch: i64,
}

impl TableFiles {
    /// The files of a table at `path`, of which the first is opened unless its name depends on rows.
    ///
    /// # Errors
    /// It cannot be opened, or something is there that may not be replaced.
    pub(super) fn create(
        table: &'static Table,
        path: PathBuf,
        is_folder: bool,
        spread: Spread,
        rules: &Rules,
    ) -> Result<Self, CaptureError> {
        let goes_on = rules.force || spread.rotation.is_some();
        let has_files = || path.read_dir().is_ok_and(|mut files| files.next().is_some());
        if is_folder && !goes_on && has_files() {
            let reason =
                "has files in it; hint: --force replaces those of the same name".to_owned();
            return Err(CaptureError::Refused { path, reason });
        }
        let mut files = Self {
            table,
            path,
            is_folder,
            spread,
            inputs: rules.inputs.clone(),
            force: rules.force,
            by: rules.folder.clone(),
            number: 0,
            first: None,
            open: Vec::new(),
            since: None,
            stretch: 0,
        };
        if spread.partition.is_none() {
            files.first = Some(files.next(None)?);
        }
        Ok(files)
    }

    /// Opens the next file, in a folder by time or not.
    fn next(&mut self, folder: Option<&str>) -> Result<Target, CaptureError> {
        let path = loop {
            self.number += 1;
            let path = self.part(folder);
            // A series goes on after what is there.
            let is_passed = self.spread.rotation.is_some() && !self.force;
            if !(is_passed && self.is_folder && !self.by.is_free(&path)) {
                break path;
            }
        };
        if self.is_folder {
            let failed = |error| CaptureError::Output { path: path.clone(), error };
            self.by.prepare(&path).map_err(failed)?;
        }
        let rules = Rules {
            inputs: self.inputs.clone(),
            force: self.force,
            folder: self.by.clone(),
            named_when_whole: true,
            ..Rules::default()
        };
        Target::open(&path, &rules)
    }

    fn part(&self, folder: Option<&str>) -> PathBuf {
        if !self.is_folder {
            return self.path.clone();
        }
        let mut path = self.path.clone();
        path.extend(folder);
        path.join(format!("part-{:06}.parquet", self.number))
    }

    /// Writes rows; `notes` is what new files say of themselves.
    pub(super) fn put(&mut self, rows: &Rows, notes: &Notes) -> Result<(), CaptureError> {
        let is_spread = self.spread.partition.is_some() || self.spread.rotation.is_some();
        if !is_spread {
            return self.write(&rows.columns, 0..rows.count, None, notes);
        }
        let (mut start, mut last) = (0, None);
        for row in 0..rows.count {
            let time = self.time(rows, row);
            let folder = self.folder_of(time);
            let is_due = self.is_due(time);
            if row > start && (is_due || last != Some(folder)) {
                self.write(&rows.columns, start..row, last.flatten(), notes)?;
                start = row;
            }
            if is_due {
                self.end(&Notes::new(), None)?;
            }
            last = Some(folder);
        }
        self.write(&rows.columns, start..rows.count, last.flatten(), notes)
    }

    /// The time of a row by which it is spread.
    fn time(&self, rows: &Rows, row: usize) -> Option<Timestamp> {
        let (_, name) = TIMES.iter().find(|(table, _)| *table == self.table.name)?;
        let column = self.table.columns.iter().position(|column| column.name == *name)?;
        let array = rows.columns.get(column).filter(|array| array.valid().get(row))?;
        Timestamp::from_nanos(i64::from_le_bytes(array.number_at(row)))
    }

    /// The folder of a row of that time, as a count of days or hours since 1970.
    fn folder_of(&self, time: Option<Timestamp>) -> Option<i64> {
        let seconds = match self.spread.partition? {
            Partition::Day => 86_400,
            Partition::Hour => 3_600,
        };
        Some(time.map_or(i64::MIN, |time| time.seconds().div_euclid(seconds)))
    }

    /// Whether another file is to begin with a row of that time.
    fn is_due(&mut self, time: Option<Timestamp>) -> bool {
        let seconds = self.spread.rotation.and_then(|rotation| rotation.seconds);
        let (Some(seconds), Some(time)) = (seconds, time) else { return false };
        let since = *self.since.get_or_insert(time);
        let length = i64::try_from(seconds.get()).unwrap_or(i64::MAX);
        let passed = (time - since).whole_seconds();
        let stretch = i64::try_from(passed).unwrap_or(i64::MAX) / length;
        let is_due = stretch > self.stretch;
        self.stretch = self.stretch.max(stretch);
        is_due
    }

    fn write(
        &mut self,
        arrays: &[Array],
        rows: Range<usize>,
        folder: Option<i64>,
        notes: &Notes,
    ) -> Result<(), CaptureError> {
        if rows.is_empty() {
            return Ok(());
        }
        let folder = folder.map(|number| self.folder_name(number));
        let at = self.opened(folder, notes)?;
        let Some(open) = self.open.get_mut(at) else { return Ok(()) };
        open.file.append(arrays, rows).map_err(|error| failed(&open.target, error))?;
        let most = self.spread.rotation.and_then(|rotation| rotation.octets);
        if most.is_some_and(|most| open.file.size() >= most.get()) {
            let open = self.open.remove(at);
            close(open, &Notes::new(), None)?;
        }
        Ok(())
    }

    /// The place of the open file in that folder, which is opened if it is not.
    fn opened(&mut self, folder: Option<String>, notes: &Notes) -> Result<usize, CaptureError> {
        if let Some(at) = self.open.iter().position(|open| open.folder == folder) {
            return Ok(at);
        }
        if self.open.len() >= MOST_OPEN {
            close(self.open.remove(0), &Notes::new(), None)?;
        }
        let target = match self.first.take() {
            Some(first) => first,
            None => self.next(folder.as_deref())?,
        };
        let target = Arc::new(Mutex::new(target));
        let file = File::new(Shared(Arc::clone(&target)), self.table, notes);
        let file = file.map_err(|error| failed(&target, error))?;
        self.open.push(Open { file, target, folder });
        Ok(self.open.len() - 1)
    }

    fn folder_name(&self, number: i64) -> String {
        let (seconds, is_hour) = match self.spread.partition {
            Some(Partition::Hour) => (3_600, true),
            _ => (86_400, false),
        };
        let begin =
            number.checked_mul(seconds).and_then(|seconds| Timestamp::from_parts(seconds, 0));
        let Some(begin) = begin else {
            let hour = if is_hour { format!("/hour={TIMELESS}") } else { String::new() };
            return format!("date={TIMELESS}{hour}");
        };
        let time = begin.civil();
        let date = format!("date={:04}-{:02}-{:02}", time.year(), time.month(), time.day());
        if is_hour { format!("{date}/hour={:02}", time.hour()) } else { date }
    }

    /// Closes all files; `notes` is what they say of the end of the run.
    ///
    /// # Errors
    /// One cannot be written, or put in its place.
    pub(super) fn end(
        &mut self,
        notes: &Notes,
        short: Option<Shortfall>,
    ) -> Result<(), CaptureError> {
        let mut ended = Ok(());
        for open in self.open.drain(..) {
            ended = ended.and(close(open, notes, short));
        }
        ended
    }

    /// Opens the first file even where it has no rows: its schema is there.
    pub(super) fn open_first(&mut self, notes: &Notes) -> Result<(), CaptureError> {
        if self.first.is_some() { self.opened(None, notes).map(|_| ()) } else { Ok(()) }
    }

    /// Nothing more comes; older files stay.
    pub(super) fn break_off(&mut self) {
        self.open.iter().for_each(|open| lock(&open.target).give_up());
        self.open.clear();
    }

    /// Its name in errors.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The column of the time by which the rows of a table are spread.
const TIMES: [(&str, &str); 3] =
    [("packets", "ts_ns"), ("flows", "end_ns"), ("anomalies", "ts_ns")];

/// Writes what is left of a file, and gives it its name.
fn close(open: Open, notes: &Notes, short: Option<Shortfall>) -> Result<(), CaptureError> {
    let Open { file, target, .. } = open;
    let count = file.count();
    file.end(notes).map_err(|error| failed(&target, error))?;
    let mut target = lock(&target);
    let short = short.filter(|_| target.replaces_older());
    if short.is_some() {
        target.give_up();
    }
    target.settle()?;
    let Some(why) = short else { return Ok(()) };
    let part = target.part().map(|path| Part { path: path.to_owned(), count, unit: "row" });
    Err(CaptureError::Short { path: target.path().to_owned(), why, part })
}

fn failed(target: &Mutex<Target>, error: parquet::errors::ParquetError) -> CaptureError {
    lock(target).error(io_error(error))
}
