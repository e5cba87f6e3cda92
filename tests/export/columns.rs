//! Tables as columns: read by others, and held against what the other exports tell.

use std::process::{Command, Stdio};

use ipeek::report::table::TABLES;

use super::captures;
use super::table::read;
use crate::skip::skip;

/// The Python that has the readers, if it is another than the usual one.
fn python() -> Command {
    Command::new(std::env::var_os("IPEEK_PYTHON").unwrap_or("python3".into()))
}

fn has_readers() -> bool {
    let mut command = python();
    let command = command.args(["-c", "import pyarrow, duckdb, polars"]);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn every_table_of_every_capture_is_read_as_json_tells_it() {
    if !has_readers() {
        skip!(Readers);
    }
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/columns.py");
    let mut all: Vec<_> = captures().read_dir().expect("captures").flatten().collect();
    all.retain(|entry| entry.file_name().to_string_lossy().contains(".pcap"));
    all.sort_by_key(std::fs::DirEntry::file_name);
    let mut command = python();
    command.arg(script).arg(env!("CARGO_BIN_EXE_ipeek"));
    let output = command.args(all.iter().map(std::fs::DirEntry::path)).output().expect("a judge");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(all.len() > 30 && String::from_utf8_lossy(&output.stdout).contains(" rows of "));
}

/// The messages of a stream: the octets that describe each, and those that it describes.
fn messages(mut octets: &[u8]) -> Vec<(Vec<u8>, usize)> {
    let mut all = Vec::new();
    loop {
        let (head, rest) = octets.split_at(8);
        assert_eq!(head[..4], [0xff; 4], "what every message begins with");
        let len = u32::from_le_bytes(head[4..].try_into().expect("four octets")) as usize;
        if len == 0 {
            assert!(rest.is_empty(), "{} octets behind the end", rest.len());
            return all;
        }
        let (described, behind) = rest.split_at(len);
        // Flatbuffers: the first table, its list of fields, the fourth field of a message.
        let number =
            |at: usize| u32::from_le_bytes(described[at..at + 4].try_into().expect("four"));
        let table = number(0) as usize;
        let list = table - number(table) as usize;
        let place = u16::from_le_bytes([described[list + 10], described[list + 11]]);
        let at = table + usize::from(place);
        let body = u64::from_le_bytes(described[at..at + 8].try_into().expect("eight"));
        let body = usize::try_from(body).expect("a length");
        all.push((described.to_vec(), body));
        octets = &behind[body..];
    }
}

#[test]
fn a_stream_is_whole_messages_and_an_end() {
    for table in TABLES {
        let octets = read("office.pcapng", &["-T", "arrow", "-e", table.name]).stdout;
        let all = messages(&octets);
        assert!(all.len() >= 3, "{}: {}", table.name, all.len());
        assert!(all.iter().all(|(described, body)| described.len() % 8 == 0 && body % 8 == 0));
        let schema = String::from_utf8_lossy(&all[0].0);
        let mut at = 0;
        for column in table.columns {
            let found = schema[at..].find(&format!("{}\0", column.name));
            at += found.unwrap_or_else(|| panic!("{}: {}", table.name, column.name));
        }
        assert!(schema.contains("ipeek/1"), "{}", table.name);
    }
}

#[test]
fn the_last_batch_has_the_ledger_and_the_damage() {
    let octets = read("damaged.pcap", &["-T", "arrow"]).stdout;
    let all = messages(&octets);
    let (last, body) = all.last().expect("a last batch");
    let last = String::from_utf8_lossy(last);
    assert!(last.contains("ledger: packets ") && last.contains("damage"), "{last}");
    assert!(last.contains("at octet "), "{last}");
    // Ends of texts and lists have a first 0 even where there are none.
    assert!(*body < 200, "{body}");
}

#[test]
fn fields_are_lists_unless_a_header_is_named() {
    let schema = |columns: &str| {
        let octets = read("vxlan.pcap", &["-T", "arrow", "-e", columns]).stdout;
        messages(&octets).swap_remove(0).0
    };
    // What lists hold is called so.
    let has_list = |columns| schema(columns).windows(5).any(|name| name == b"item\0");
    for (columns, expected) in [
        ("ip.src", true),
        ("ip.src#1", false),
        ("frame.len", false),
        ("frame.comment", true),
        ("tcp.opt.kind#1", true),
        ("udp", false),
        ("number,src_ip", false),
        ("number,anomalies", true),
    ] {
        assert_eq!(has_list(columns), expected, "{columns}");
    }
    let times = schema("frame.time_epoch");
    assert!(times.windows(20).any(|name| name == b"frame.time_epoch_ns\0"));
}

#[test]
fn a_name_that_is_neither_column_nor_field_is_refused() {
    let output = read("dns.pcap", &["-T", "arrow", "-e", "src_ipp"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("unknown field 'src_ipp'"), "{said}");
}
