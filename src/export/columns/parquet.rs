//! Files of Apache Parquet: row groups of about a million rows, pages compressed with zstd.
//!
//! The crate's own zstd is a library in C that takes longer to build than all else; pages pass
//! through a writer of their own here, which compresses them with the zstd in Rust that captures are
//! compressed with, and the codec is noted in what the crate says of a column.

mod encode;
mod schema;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use parquet::basic::CompressionCodec;
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{SchemaDescPtr, TypePtr};
use zrip::CompressContext;

use super::array::Array;
use super::stream::Notes;
use crate::base::threads::lock;
use crate::report::table::Table;

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 20;

/// The level of zstd: what the greatest of this one brings beyond it is not worth the time.
const ZSTD_LEVEL: i32 = 3;

/// Octets of the pages of a column.
type Pages = Arc<Mutex<TrackedWrite<Vec<u8>>>>;

/// A file being written.
pub(super) struct File<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    props: WriterPropertiesPtr,
    columns: Vec<(ColumnWriter<'static>, Pages)>,
    /// Rows of the group at hand.
    rows: usize,
    /// All rows.
    count: u64,
}

impl<W: Write + Send> File<W> {
    /// A file of a table that goes to `to`, and says of itself what the notes do.
    pub(super) fn new(to: W, table: &Table, notes: &Notes) -> Result<Self> {
        let schema: TypePtr = Arc::new(schema::of(table)?);
        let props = Arc::new(schema::properties(table));
        let mut writer = SerializedFileWriter::new(to, schema, Arc::clone(&props))?;
        note(&mut writer, notes);
        Ok(Self { writer, props, columns: Vec::new(), rows: 0, count: 0 })
    }

    /// Rows written so far.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Octets that it has about, with those of the row group at hand.
    pub(super) fn size(&self) -> u64 {
        let pages = self.columns.iter().map(|(column, _)| match column {
            ColumnWriter::BoolColumnWriter(column) => column.get_total_bytes_written(),
            ColumnWriter::Int32ColumnWriter(column) => column.get_total_bytes_written(),
            ColumnWriter::Int64ColumnWriter(column) => column.get_total_bytes_written(),
            ColumnWriter::ByteArrayColumnWriter(column) => column.get_total_bytes_written(),
            _ => 0,
        });
        self.writer.bytes_written() as u64 + pages.sum::<u64>()
    }

    /// Appends some of the rows that the arrays hold.
    pub(super) fn append(
        &mut self,
        arrays: &[Array],
        mut rows: std::ops::Range<usize>,
    ) -> Result<()> {
        while !rows.is_empty() {
            let end = rows.end.min(rows.start + GROUP_ROWS - self.rows);
            self.append_to_group(arrays, rows.start..end)?;
            rows.start = end;
            if self.rows >= GROUP_ROWS {
                self.end_group()?;
            }
        }
        Ok(())
    }

    fn append_to_group(&mut self, arrays: &[Array], rows: std::ops::Range<usize>) -> Result<()> {
        if self.columns.is_empty() {
            self.begin_group()?;
        }
        let mut columns = self.columns.iter_mut().map(|(column, _)| column);
        for array in arrays {
            encode::write(array, rows.clone(), &mut columns)?;
        }
        self.rows += rows.len();
        self.count += rows.len() as u64;
        Ok(())
    }

    fn begin_group(&mut self) -> Result<()> {
        let descr: SchemaDescPtr = Arc::new(self.writer.schema_descr().clone());
        for column in descr.columns() {
            let pages: Pages = Arc::new(Mutex::new(TrackedWrite::new(Vec::new())));
            let writer = PagesWriter {
                to: Arc::clone(&pages),
                zstd: CompressContext::new(ZSTD_LEVEL).map_err(external)?,
            };
            let props = Arc::clone(&self.props);
            let column = get_column_writer(Arc::clone(column), props, Box::new(writer));
            self.columns.push((column, pages));
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (column, pages) in self.columns.drain(..) {
            let closed = compressed(column.close()?)?;
            let octets = std::mem::replace(&mut *lock(&pages), TrackedWrite::new(Vec::new()));
            group.append_column(&Bytes::from(octets.into_inner()?), closed)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Writes the rest and what else is to be said of it.
    pub(super) fn end(mut self, notes: &Notes) -> Result<()> {
        self.end_group()?;
        note(&mut self.writer, notes);
        self.writer.close().map(|_| ())
    }
}

fn note<W: Write + Send>(writer: &mut SerializedFileWriter<W>, notes: &Notes) {
    for (key, value) in notes {
        writer.append_key_value_metadata(KeyValue::new((*key).to_owned(), value.clone()));
    }
}

/// Notes that the pages of a column are compressed.
fn compressed(mut closed: ColumnCloseResult) -> Result<ColumnCloseResult> {
    let builder = closed.metadata.into_builder();
    closed.metadata = builder.set_compression_codec(CompressionCodec::ZSTD).build()?;
    Ok(closed)
}

/// Compresses pages on their way to the octets of a column.
struct PagesWriter {
    to: Pages,
    zstd: CompressContext,
}

impl PageWriter for PagesWriter {
    fn write_page(&mut self, page: CompressedPage) -> Result<PageWriteSpec> {
        let len = page.uncompressed_size();
        let packed = Bytes::from(self.zstd.compress(page.data()).map_err(external)?.into_owned());
        let mut page = page.compressed_page().clone();
        match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = packed,
            // Of the first version of the format there are none of these.
            Page::DataPageV2 { .. } => {
                return Err(ParquetError::NYI("pages of version 2".into()));
            }
        }
        let mut to = lock(&self.to);
        SerializedPageWriter::new(&mut to).write_page(CompressedPage::new(page, len))
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// The error of the system in one of the crate, or that one.
pub(super) fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
