//! Columns: what a name reads from a packet, as often as it occurs, outermost header first.

use crate::decode::Packet;
use crate::decode::derived::Subject as Computed;
use crate::decode::packet::each_in;
use crate::filter::names::Subject;
use crate::wire::Value;
use crate::wire::field::Kind;

/// A name that reads nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown field '{}'{}", crate::base::text::Safe(name), hint_of(hint.as_deref()))]
pub struct UnknownColumn {
    /// The name.
    pub name: String,
    /// The name that is most like it.
    pub hint: Option<String>,
}

fn hint_of(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |hint| format!("; did you mean '{hint}'?"))
}

/// One value of a column, and how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// How its bits became a value.
    pub kind: Kind,
    /// Bits it has in the header; 0 where it is computed or has no fixed width.
    pub width: u32,
    /// The value.
    pub value: Value<'a>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    subject: Subject,
}

impl Column {
    /// The column of that name: a header field, a computed one, a header, or another program's
    /// name for one of them.  Columns and filters know the same names.
    pub fn find(name: &str) -> Result<Self, UnknownColumn> {
        match Subject::find(name) {
            Ok(subject) => Ok(Self { subject }),
            Err(hint) => Err(UnknownColumn { name: name.to_owned(), hint }),
        }
    }

    /// Its name, as the catalogue spells it.
    pub fn name(&self) -> &str {
        &self.subject.name
    }

    /// Calls `with` for every value in `packet`, outermost header first.
    pub fn each<'a>(&self, packet: &Packet<'a>, with: &mut dyn FnMut(Cell<'a>)) {
        for row in &self.subject.derived {
            if let Computed::Frame(compute) = row.subject
                && let Some(value) = compute(packet)
            {
                with(Cell { kind: row.kind, width: 0, value });
            }
        }
        for &span in packet.layers.spans() {
            let header = packet.header(span);
            for field in self.subject.fields.iter().filter(|field| field.layer == span.layer) {
                each_in(header, field, &mut |value| {
                    with(Cell { kind: field.kind, width: field.width, value });
                });
            }
            for row in &self.subject.derived {
                if let Computed::Header(layer, compute) = row.subject
                    && layer == span.layer
                    && let Some(value) = compute(packet, span)
                {
                    with(Cell { kind: row.kind, width: 0, value });
                }
            }
            if self.subject.headers.contains(&span.layer) {
                let value = Value::Text(span.layer.header().name);
                with(Cell { kind: Kind::Text, width: 0, value });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_gets_the_nearest_as_a_hint() {
        let error = Column::find("ip.tttl").expect_err("no field");
        assert_eq!(error.to_string(), "unknown field 'ip.tttl'; did you mean 'ip.ttl'?");
        let error = Column::find("\x1b[31m").expect_err("no field");
        assert_eq!(error.to_string(), "unknown field '\\x1b[31m'");
    }

    #[test]
    fn every_name_of_the_catalogue_is_a_column() {
        for name in crate::filter::names::all() {
            assert!(Column::find(name).is_ok(), "{name}");
        }
    }
}
