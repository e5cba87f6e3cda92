//! Columns: the values that a name stands for in a packet, as text.
//!
//! Names are those of filters: stored and computed fields, headers, and the aliases other programs
//! use.  Several headers may share a name; their values come in the order of the packet.

use crate::base::text::Safe;
use crate::decode::Packet;
use crate::decode::derived::{Derived, Subject as Of};
use crate::decode::history::{Asks, History};
use crate::filter::names::{Subject, numbered};
use crate::report::words;
use crate::wire::Value;
use crate::wire::field::FieldKind;

/// The columns shown unless others are chosen.
pub const DEFAULT: [&str; 8] = [
    "frame.number",
    "frame.time_epoch",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "ip.proto",
    "frame.len",
];

/// What a column finds in a packet.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// A value of a field, of that kind and width in bits.
    Value(FieldKind, u32, Value<'a>),
    /// A header.
    Header,
}

/// A name that no column has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown field '{}'{}", Safe(name), hint(near.as_deref()))]
pub struct Unknown {
    /// The name as the user wrote it.
    pub name: String,
    /// The name most like it.
    pub near: Option<String>,
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(
        || "; hint: 'ipeek fields' lists all".to_owned(),
        |near| format!("; hint: did you mean '{near}'?"),
    )
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading: the name as the user wrote it.
    pub name: String,
    subject: Subject,
    /// Which header of its kind alone counts: from 1 outermost, from -1 innermost.
    occurrence: Option<i32>,
}

impl Column {
    /// The column of that name.
    ///
    /// # Errors
    /// There is no field of that name.
    pub fn find(name: &str) -> Result<Self, Unknown> {
        let unknown = |near| Unknown { name: name.to_owned(), near };
        let (bare, occurrence) = numbered(name).ok_or_else(|| unknown(None))?;
        let subject = Subject::find(bare).map_err(unknown)?;
        Ok(Self { name: name.to_owned(), subject, occurrence })
    }

    /// The columns of those names, or the default ones when there are none.
    ///
    /// # Errors
    /// There is no field of one of the names.
    pub fn all(names: &[String]) -> Result<Vec<Self>, Unknown> {
        if names.is_empty() {
            return DEFAULT.iter().map(|name| Self::find(name)).collect();
        }
        names.iter().map(|name| Self::find(name)).collect()
    }

    /// Appends every value in `packet`, outermost header first, with commas between; nothing when
    /// there is none.  The column of a header has a `1` for each.
    pub fn write(&self, packet: &Packet<'_>, out: &mut String) {
        self.write_among(packet, History::default(), out);
    }

    /// What it has to know of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        self.subject.asks()
    }

    /// Appends the text of the column for a packet with that `history`.
    pub fn write_among(&self, packet: &Packet<'_>, history: History<'_>, out: &mut String) {
        let start = out.len();
        self.each_among(packet, history, &mut |found| {
            if out.len() > start {
                out.push(',');
            }
            match found {
                Found::Value(kind, width, value) => words::plain(out, kind, width, value),
                Found::Header => out.push('1'),
            }
        });
    }

    /// Whether it is of headers alone, which are there or not.
    pub fn is_presence(&self) -> bool {
        self.subject.fields.is_empty() && self.subject.derived.is_empty()
    }

    /// Whether a packet may have several values of it.
    pub fn may_have_several(&self) -> bool {
        let repeats = self.subject.fields.iter().any(|field| {
            let row = field.layer.header();
            field.repeats || !row.fields.iter().any(|other| other.is_same_row(field))
        });
        let is_each =
            |row: &&Derived| matches!(row.subject, Of::Each(..) | Of::Told(_) | Of::Anomaly(_));
        let of_header = self.subject.derived.iter().any(|row| row.subject.layer().is_some());
        let of_frame = self.subject.fields.is_empty() && !of_header;
        let of_one = self.occurrence.is_some() && self.subject.fields.len() < 2;
        let has_one = of_frame || of_one && !repeats;
        !has_one || self.subject.derived.iter().any(is_each)
    }

    /// Which header of its kind alone counts: from 1 outermost, from -1 innermost.
    pub fn occurrence(&self) -> Option<i32> {
        self.occurrence
    }

    /// What it reads.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Calls `with` for every value in `packet`, outermost header first, of one with that
    /// `history`.
    pub fn each_among(
        &self,
        packet: &Packet<'_>,
        history: History<'_>,
        with: &mut dyn FnMut(Found<'_>),
    ) {
        for row in &self.subject.derived {
            if row.subject.layer().is_none() {
                packet.each_derived_among(row, history, &mut |value| {
                    with(Found::Value(row.kind, 0, value));
                });
            }
        }
        for &span in packet.layers.spans() {
            if self.occurrence.is_some_and(|number| packet.nth(span.layer, number) != Some(span)) {
                continue;
            }
            for field in self.subject.fields.iter().filter(|field| field.layer == span.layer) {
                packet.each_of(span, field, &mut |value| {
                    with(Found::Value(field.kind, field.width, value));
                });
            }
            for row in &self.subject.derived {
                if row.subject.layer() == Some(span.layer) {
                    row.subject.each_in((packet, span), history, &mut |value| {
                        with(Found::Value(row.kind, 0, value));
                    });
                }
            }
            if self.subject.headers.contains(&span.layer) {
                with(Found::Header);
            }
        }
    }
}
