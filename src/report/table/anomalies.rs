//! The table of anomalies: a row each that a packet shows or an interface has.

use super::anomaly_row::value;
use super::cell::{Cell, Kind, nanos};
use super::column::{Table, columns};

/// The table.
pub static TABLE: Table = Table {
    name: "anomalies",
    meaning: "A row an anomaly, packet by packet; of fragments that never came whole, where that was found.",
    columns: columns! {
        "file" Kind::Utf8, Anomaly "the run" => |row| Cell::of(row.file), "The file the packet was read from; none of an interface.";
        "offset" Kind::Int64, Anomaly "the file" => |row| row.offset.map_or(Cell::Null, Cell::count), "Octet of the uncompressed file at which its record begins, as far as that is known.";
        "number" Kind::Int64, Anomaly "frame.number" => |row| row.number.map_or(Cell::Null, Cell::count), "Number of the packet, from 1; none where an interface is meant.";
        "ts" Kind::Time, Anomaly "frame.time_epoch" => |row| Cell::of(row.time), "When it was captured, in whole microseconds.";
        "ts_ns" Kind::Int64, Anomaly "frame.time_epoch" => |row| nanos(row.time), "The same in nanoseconds since 1970.";
        "event" Kind::Utf8, Anomaly "anomaly.event" => |row| row.row.id.into(), "What is wrong: the name of a row of the anomaly table.";
        "severity" Kind::Utf8, Anomaly "anomaly.severity" => |row| row.row.severity.word().into(), "How bad that is: info, note, warning or error.";
        "layer" Kind::Int16, Anomaly "the anomaly table" => |row| if row.ip_layer > 0 { row.ip_layer.into() } else { Cell::Null }, "IP headers down to where it lies, from 1; none before any.";
        "field_offset" Kind::Int64, Anomaly "the anomaly table" => |row| Cell::of(row.mark.map(|mark| mark.offset)), "First octet of the frame that it lies in.";
        "field_len" Kind::Int64, Anomaly "the anomaly table" => |row| Cell::of(row.mark.map(|mark| mark.len)), "Octets that it lies in.";
        "value" Kind::Utf8, Anomaly "the anomaly table" => value, "What stands there: a number, or an address.";
        "src_ip" Kind::Utf8, Anomaly "ip.src, ipv6.src" => |row| Cell::of(row.end(true)), "Address of the packet's sender.";
        "dst_ip" Kind::Utf8, Anomaly "ip.dst, ipv6.dst" => |row| Cell::of(row.end(false)), "Address of its receiver.";
        "flow_id" Kind::Int64, Anomaly "the analysis" => |row| row.flow.map_or(Cell::Null, Cell::count), "The packet's flow: the number of the flow's first packet.";
        "spec" Kind::Utf8, Anomaly "the anomaly table" => |row| row.spec.into(), "The rule and its section.";
    },
};
