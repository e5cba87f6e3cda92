//! Which columns the list of packets has: the usual ones, and any field of the catalogue.

use crate::base::timestamp::Timestamp;
use crate::dashboard::model::packet_column::{ColumnChoice, PacketColumn};
use crate::dashboard::model::packet_line::PacketLine;
use crate::dashboard::model::rows::{Rank, cell_rank, number_rank};
use crate::dashboard::model::theme::Role;
use crate::dashboard::view::table::{CellFormat, Column};
use crate::dashboard::view::time_text;
use crate::filter::names;
use crate::report::column;

/// Fields that may be columns at once.
pub const MOST: usize = 12;

const fn column(
    title: &'static str,
    weight: u8,
    is_right: bool,
    role: Role,
    text: fn(&PacketLine, &CellFormat) -> String,
    rank: fn(&PacketLine) -> Rank,
) -> Column<PacketLine> {
    Column { title, weight, is_right, is_elastic: false, role, text, rank, descends: false }
}

/// The columns.
pub const COLUMNS: &[Column<PacketLine>] = &[
    column(
        "No.",
        4,
        true,
        Role::Faint,
        |line, _| line.row.number.to_string(),
        |line| (0, line.row.number.into()),
    ),
    column(
        "Time",
        5,
        true,
        Role::Faint,
        |line, format| {
            line.row
                .time
                .map_or_else(String::new, |time| time_text::full(time, format.time, format.start))
        },
        |line| number_rank(line.row.time.map(Timestamp::rank)),
    ),
    column(
        "Source",
        9,
        false,
        Role::Source,
        |line, _| line.row.source.clone(),
        |line| cell_rank(&line.row.source),
    ),
    column(
        "Destination",
        8,
        false,
        Role::Destination,
        |line, _| line.row.destination.clone(),
        |line| cell_rank(&line.row.destination),
    ),
    column(
        "Proto",
        7,
        false,
        Role::Protocol,
        |line, _| line.row.proto.clone(),
        |line| cell_rank(&line.row.proto),
    ),
    column(
        "TTL",
        2,
        true,
        Role::Text,
        |line, _| line.hops.map_or_else(String::new, |hops| hops.to_string()),
        |line| number_rank(line.hops),
    ),
    Column {
        descends: true,
        ..column(
            "Len",
            3,
            true,
            Role::Number,
            |line, _| line.row.length.to_string(),
            |line| (0, line.row.length.into()),
        )
    },
    Column {
        is_elastic: true,
        ..column(
            "Info",
            6,
            false,
            Role::Text,
            |line, _| line.row.info.clone(),
            |line| cell_rank(&line.row.info),
        )
    },
];

/// The column by which packets are in the order of the capture.
pub(super) const NUMBER: PacketColumn = PacketColumn::Usual(0);

/// Whether the greatest come first when packets are sorted by that column.
pub fn descends(what: PacketColumn) -> bool {
    matches!(what, PacketColumn::Usual(index) if COLUMNS.get(index).is_some_and(|it| it.descends))
}

/// Reads a list: titles of the usual columns and names of fields, each with `:WIDTH` if wished.
///
/// # Errors
/// Which word is wrong, in words, with a hint.
pub fn parse(list: &str) -> Result<Vec<ColumnChoice>, String> {
    let words = list.split([',', ' ']).filter(|word| !word.is_empty());
    let chosen: Vec<_> = words.map(one).collect::<Result<_, _>>()?;
    let fields =
        chosen.iter().filter(|chosen| matches!(chosen.column, PacketColumn::Field(_))).count();
    if fields > MOST {
        return Err(format!("{fields} fields as columns; hint: at most {MOST} at once"));
    }
    Ok(chosen)
}

/// Every name that a column may have.
pub fn all() -> Vec<String> {
    let usual = COLUMNS.iter().map(|column| column.title.to_ascii_lowercase());
    usual.chain(names::all().map(str::to_owned)).collect()
}

/// Reads one column.
///
/// # Errors
/// What is wrong with it, in words, with a hint.
pub fn one(word: &str) -> Result<ColumnChoice, String> {
    let (name, width) = match word.rsplit_once(':') {
        Some((name, width)) => {
            let wrong = || format!("'{width}' is no width; hint: ip.ttl:5");
            (name, Some(width.parse().map_err(|_| wrong())?))
        }
        None => (word, None),
    };
    let title = |column: &Column<PacketLine>| column.title.eq_ignore_ascii_case(name);
    if let Some(index) = COLUMNS.iter().position(title) {
        return Ok(ColumnChoice { column: PacketColumn::Usual(index), width });
    }
    column::Column::find(name).map_err(|unknown| unknown.to_string())?;
    // Other programs' spellings are read too, but have no row to point at.
    let found = names::all().find(|known| *known == name);
    let other = || format!("'{name}' has another name here; hint: 'ipeek fields' lists all");
    let column = PacketColumn::Field(found.ok_or_else(other)?);
    Ok(ColumnChoice { column, width })
}

/// The names of the fields among the columns, in their order.
pub fn fields(chosen: &[ColumnChoice]) -> Vec<&'static str> {
    let field = |chosen: &ColumnChoice| match chosen.column {
        PacketColumn::Field(name) => Some(name),
        PacketColumn::Usual(_) => None,
    };
    chosen.iter().filter_map(field).collect()
}

/// The columns as the list of the user's words reads them again.
pub fn words(chosen: &[ColumnChoice]) -> String {
    let word = |chosen: &ColumnChoice| {
        let name = match chosen.column {
            PacketColumn::Usual(index) => COLUMNS.get(index).map_or("", |column| column.title),
            PacketColumn::Field(name) => name,
        };
        let width = chosen.width.map_or_else(String::new, |width| format!(":{width}"));
        format!("{}{width}", name.to_ascii_lowercase())
    };
    chosen.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The usual columns.
pub fn usual() -> Vec<ColumnChoice> {
    (0..COLUMNS.len())
        .map(|index| ColumnChoice { column: PacketColumn::Usual(index), width: None })
        .collect()
}

/// The text of the field at `N` among the fields.
fn text<const N: usize>(line: &PacketLine, _: &CellFormat) -> String {
    line.fields.get(N).cloned().unwrap_or_default()
}

type Text = fn(&PacketLine, &CellFormat) -> String;

/// A function for every field there may be: columns are data, and know their place alone.
const TEXTS: [Text; MOST] = [
    text::<0>, text::<1>, text::<2>, text::<3>, text::<4>, text::<5>, text::<6>, text::<7>,
    text::<8>, text::<9>, text::<10>, text::<11>,
];

/// The columns as a table draws them, with the chosen widths.
pub fn table(chosen: &[ColumnChoice]) -> (Vec<Column<PacketLine>>, Vec<Option<u16>>) {
    let mut texts = TEXTS.iter();
    let column = |chosen: &ColumnChoice| match chosen.column {
        PacketColumn::Usual(index) => {
            let usual = COLUMNS.get(index)?;
            Some(Column { ..*usual })
        }
        PacketColumn::Field(title) => Some(Column {
            title,
            // A column that was asked for goes before the usual ones, but not before the addresses.
            weight: 8,
            is_right: false,
            is_elastic: false,
            role: Role::Number,
            text: *texts.next()?,
            rank: |line| (0, line.position.into()),
            descends: false,
        }),
    };
    let columns = chosen.iter().map(column);
    let pairs = columns.zip(chosen).filter_map(|(column, chosen)| Some((column?, chosen.width)));
    pairs.unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_columns_read_back() {
        let list = "no. source ip.ttl:5 ip.dsfield.dscp info";
        let chosen = parse(list).unwrap();
        assert_eq!(words(&chosen), list);
        assert_eq!(fields(&chosen), ["ip.ttl", "ip.dsfield.dscp"]);
        let (columns, widths) = table(&chosen);
        let titles: Vec<_> = columns.iter().map(|column| column.title).collect();
        assert_eq!(titles, ["No.", "Source", "ip.ttl", "ip.dsfield.dscp", "Info"]);
        assert_eq!(widths, [None, None, Some(5), None, None]);
        assert_eq!(parse(&words(&usual())).unwrap(), usual());
    }

    #[test]
    fn wrong_columns_say_why() {
        assert!(parse("ip.tttl").unwrap_err().contains("ip.ttl"));
        assert!(parse("ip.ttl:wide").unwrap_err().contains("no width"));
        assert!(parse(&["ip.ttl"; 13].join(",")).unwrap_err().contains("at most"));
    }
}
