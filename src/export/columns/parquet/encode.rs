//! Values of arrays as the columns of Parquet take them: those that are there, and levels that say
//! how far down each row has something.

use std::ops::Range;

use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};

use crate::export::columns::array::Array;
use crate::report::table::Kind;

/// Levels of the values of one column.
#[derive(Debug, Default)]
struct Levels {
    /// How many of the things that may be missing, from the outermost in, are there.
    there: Vec<i16>,
    /// Whether the value begins a row, 0, or another element of a list, 1; none where there are no
    /// lists.
    repeated: Option<Vec<i16>>,
}

/// Writes some rows of an array, and of its parts, to the next of the columns.
pub(super) fn write<'c>(
    array: &Array,
    rows: Range<usize>,
    columns: &mut impl Iterator<Item = &'c mut ColumnWriter<'static>>,
) -> Result<()> {
    let Kind::List(_) = array.kind() else {
        let there = rows.clone().map(|row| i16::from(array.valid().get(row))).collect();
        return leaf(array, rows, &Levels { there, repeated: None }, columns);
    };
    let Some(values) = array.parts().first() else { return Ok(()) };
    let elements = array.end_of(rows.start)..array.end_of(rows.end);
    if values.parts().is_empty() {
        let levels = of_list(array, rows, |element| 2 + i16::from(values.valid().get(element)));
        return leaf(values, elements, &levels, columns);
    }
    for part in values.parts() {
        let there = |element| match (values.valid().get(element), part.valid().get(element)) {
            (false, _) => 2,
            (true, false) => 3,
            (true, true) => 4,
        };
        leaf(part, elements.clone(), &of_list(array, rows.clone(), there), columns)?;
    }
    Ok(())
}

/// The levels of lists, whose elements have such levels.
fn of_list(array: &Array, rows: Range<usize>, there: impl Fn(usize) -> i16) -> Levels {
    let (mut levels, mut repeated) = (Vec::new(), Vec::new());
    for row in rows {
        let elements = array.end_of(row)..array.end_of(row + 1);
        if elements.is_empty() {
            levels.push(i16::from(array.valid().get(row)));
            repeated.push(0);
        }
        let first = elements.start;
        for element in elements {
            levels.push(there(element));
            repeated.push(i16::from(element > first));
        }
    }
    Levels { there: levels, repeated: Some(repeated) }
}

/// Writes the values of an array that are there.
fn leaf<'c>(
    array: &Array,
    rows: Range<usize>,
    levels: &Levels,
    columns: &mut impl Iterator<Item = &'c mut ColumnWriter<'static>>,
) -> Result<()> {
    let column = columns.next().ok_or_else(|| ParquetError::General("too few columns".into()))?;
    let (there, repeated) = (Some(levels.there.as_slice()), levels.repeated.as_deref());
    let rows = rows.filter(|row| array.valid().get(*row));
    match column {
        ColumnWriter::BoolColumnWriter(column) => {
            let values: Vec<bool> = rows.map(|row| array.flags().get(row)).collect();
            column.write_batch(&values, there, repeated)
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            let values: Vec<i32> = match array.kind() {
                Kind::Int16 => {
                    rows.map(|row| i16::from_le_bytes(array.number_at(row)).into()).collect()
                }
                _ => rows.map(|row| i32::from_le_bytes(array.number_at(row))).collect(),
            };
            column.write_batch(&values, there, repeated)
        }
        ColumnWriter::Int64ColumnWriter(column) => {
            let values: Vec<i64> =
                rows.map(|row| i64::from_le_bytes(array.number_at(row))).collect();
            column.write_batch(&values, there, repeated)
        }
        ColumnWriter::ByteArrayColumnWriter(column) => {
            // One copy that all values share.
            let all = ByteArray::from(array.text().as_bytes().to_vec());
            let value = |row| {
                let start = array.end_of(row);
                all.slice(start, array.end_of(row + 1) - start)
            };
            let values: Vec<ByteArray> = rows.map(value).collect();
            column.write_batch(&values, there, repeated)
        }
        _ => return Err(ParquetError::General("a column of another type".into())),
    }
    .map(|_| ())
}
