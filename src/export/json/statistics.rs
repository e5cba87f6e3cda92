//! The statistics of packets in the last event, by the table: how each is written follows from its
//! shape and its unit.

use super::text::Text;
use crate::analyze::Tally;
use crate::analyze::statistic::{Detail, Entry, Shape, Unit, total};
use crate::report::summary::{Statistic, Statistics};

/// Appends every statistic.
pub(super) fn statistics(text: &mut Text, statistics: &Statistics) {
    statistics.iter().for_each(|statistic| write(text, statistic));
}

/// Appends the fields of a tally.
pub(super) fn write_tally(text: &mut Text, tally: Tally) {
    text.field_number("packets", tally.packets);
    text.field_number("bytes", tally.octets);
}

fn write(text: &mut Text, Statistic { row, entries }: &Statistic) {
    match (&row.shape, row.unit) {
        (Shape::Period(_), _) => {
            for entry in entries {
                if let Some(Detail::Moment(time)) = entry.detail {
                    text.key(&entry.key);
                    text.time(time);
                }
            }
        }
        (Shape::Series(_), _) => series(text, row.key, entries),
        (Shape::Counter(_), Unit::Octets) => {
            for entry in entries {
                text.field_number(&entry.key, entry.tally.octets);
            }
        }
        // What all packets are counted by is no object of its own.
        (Shape::Counter(_), _) if row.key == total::ROW.key => {
            for entry in entries {
                write_tally(text, entry.tally);
            }
        }
        (Shape::Counter(_), _) => {
            for entry in entries {
                text.key(&entry.key);
                text.open(b'{');
                write_tally(text, entry.tally);
                text.close(b'}');
            }
        }
        (Shape::Distribution(..) | Shape::Tree(_), unit) => {
            text.key(row.key);
            text.open(b'{');
            for entry in entries {
                match unit {
                    Unit::PacketsOnly | Unit::Headers => {
                        text.field_number(&entry.key, entry.tally.packets);
                    }
                    _ => kind(text, entry, matches!(row.shape, Shape::Distribution(..))),
                }
            }
            text.close(b'}');
        }
    }
}

/// One kind, with its name where it `is_named` and that is not its key: a header's is in its key.
fn kind(text: &mut Text, entry: &Entry, is_named: bool) {
    text.key(&entry.key);
    text.open(b'{');
    write_tally(text, entry.tally);
    if is_named && entry.name != entry.key && !entry.name.is_empty() {
        text.field_str("name", &entry.name);
    }
    if let Some(Detail::Hops { passed, .. }) = entry.detail {
        text.field_number("hops", passed.into());
    }
    text.close(b'}');
}

/// Steps of time as two lists of numbers: there are up to a thousand.
fn series(text: &mut Text, key: &str, entries: &[Entry]) {
    let Some(Detail::Step { begin, width }) = entries.first().and_then(|entry| entry.detail) else {
        return;
    };
    text.key(key);
    text.open(b'{');
    text.key("first");
    text.time(begin);
    text.field_number("width_ms", u64::try_from(width.nanos() / 1_000_000).unwrap_or(0));
    for (key, of) in
        [("packets", (|tally| tally.packets) as fn(Tally) -> u64), ("bytes", |tally| tally.octets)]
    {
        text.key(key);
        text.open(b'[');
        for entry in entries {
            text.comma();
            text.number(of(entry.tally));
        }
        text.close(b']');
    }
    text.close(b'}');
}
