//! Reads a registry file: `#` lines are remarks, the first other line names the columns.

use std::error::Error;
use std::path::{Path, PathBuf};

/// What goes wrong while a table is compiled; the file and row are in the text.
pub(crate) type Failure = Box<dyn Error>;

/// The rows of one registry file, every cell with its column's name.
pub(crate) struct Table {
    path: PathBuf,
    remark: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row, which knows where it stands.
pub(crate) struct Row<'a> {
    table: &'a Table,
    cells: &'a [String],
}

impl Table {
    /// Reads `path` below `src/`.
    pub(crate) fn read(path: &str) -> Result<Self, Failure> {
        let path = Path::new("src").join(path);
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path)?;
        let columns = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|row| Ok(row?.iter().map(str::to_owned).collect()))
            .collect::<Result<_, csv::Error>>()?;
        let text = std::fs::read_to_string(&path)?;
        let remark = text.lines().next().unwrap_or_default();
        Ok(Self { remark: remark.trim_start_matches(['#', ' ']).to_owned(), path, columns, rows })
    }

    /// The registry's name and the day it was read, from the file's first line.
    pub(crate) fn title(&self) -> Result<(&str, &str), Failure> {
        let parts = self.remark.split_once(", read ");
        parts.ok_or_else(|| format!("{}: no '…, read DATE' on top", self.path.display()).into())
    }

    /// Every row in the file's order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }
}

impl<'a> Row<'a> {
    /// The cell under `column`.
    pub(crate) fn cell(&self, column: &str) -> Result<&'a str, Failure> {
        let at = self.table.columns.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at))
            .map(String::as_str)
            .ok_or_else(|| self.failure(&format!("no column '{column}'")))
    }

    /// The cell under `column`, or nothing where the file has no such column.
    pub(crate) fn optional(&self, column: &str) -> &'a str {
        self.cell(column).unwrap_or_default()
    }

    /// What is wrong with this row.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        format!("{}: {what}, in {:?}", self.table.path.display(), self.cells).into()
    }
}
