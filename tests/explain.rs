//! What `ipeek explain` says of every anomaly, and where the summary says that they are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use foldhash::quality::RandomState;
use ipeek::analyze::order::{CaptureOrder, Notes};
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::decode::anomaly::page::{Example, page, pages};
use ipeek::decode::anomaly::{self, Scope};
use ipeek::export::explain::names;
use ipeek::report::explain::AnomalyPage;
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::packets::{Decoded, Owned, captures, hex};

#[test]
fn every_anomaly_has_a_page_and_every_page_an_anomaly() {
    let rows: Vec<_> = anomaly::rows().map(|row| row.id).collect();
    let without: Vec<_> = rows.iter().filter(|id| page(id).is_none()).collect();
    assert!(without.is_empty(), "rows without a page: {without:?}");
    let mut ids = BTreeSet::new();
    for page in pages() {
        assert!(rows.contains(&page.id), "a page without a row: {}", page.id);
        assert!(ids.insert(page.id), "two pages: {}", page.id);
        assert!(!page.title.is_empty() && !page.title.ends_with('.'), "{}", page.id);
        assert!(page.advice.ends_with('.') && page.advice.len() > 20, "{}", page.id);
    }
    let titles: BTreeSet<_> = pages().map(|page| page.title).collect();
    assert_eq!(titles.len(), ids.len(), "two pages have one title");
}

/// The anomalies that a capture of these packets has.
fn found(example: &Example) -> Vec<&'static str> {
    let seed = RandomState::default();
    let mut whole = Analysis::new(Settings::default(), &seed);
    let mut order = CaptureOrder::new(seed);
    let (mut notes, mut records) = (Notes::default(), PacketRecords::default());
    let (mut ids, mut all) = (Vec::new(), Vec::new());
    for (at, octets) in example.octets().enumerate() {
        let mut owned = Owned::new(example.link, octets);
        owned.number = at as u64 + 1;
        owned.time = example.nanos(at);
        if example.original > 0 {
            owned.original = example.original;
        }
        all.push(owned.clone());
        let decoded = Decoded::of(owned);
        let packet = decoded.packet();
        notes.see_time(&packet.frame);
        notes.see(&packet);
        records.push(&packet, &mut notes.found);
        // With every check of every header.
        anomaly::each(&packet, true, &mut |found| ids.push(found.row().id));
    }
    order.go_through(&mut notes, &mut records, |number| {
        all.iter().find(|owned| owned.number == number).map(Owned::frame)
    });
    notes.count(&mut whole.anomalies, &records);
    whole.fold(&mut records, &mut []);
    whole.end(&mut order);
    ids.extend(whole.anomalies().iter().map(|counted| counted.row.id));
    ids
}

#[test]
fn every_example_has_its_anomaly_where_its_page_says() {
    for page in pages() {
        let row = anomaly::rows().find(|row| row.id == page.id).unwrap();
        if page.example.frames.is_empty() {
            // No few packets show it.
            let is_told = row.scope == Scope::Interface || row.id == "fragment.crowded";
            assert!(is_told && !page.example.words.is_empty(), "{}: no packets", page.id);
            continue;
        }
        let found = found(&page.example);
        assert!(found.contains(&page.id), "{} is not in its example: {found:?}", page.id);
        let seen = AnomalyPage::of(page.id).unwrap().seen;
        let seen = seen.unwrap_or_else(|| panic!("{}: seen nowhere", page.id));
        assert_eq!(seen.found.row().id, page.id);
        // Whole octets, all of which are digits.
        for (digits, octets) in page.example.frames.iter().zip(page.example.octets()) {
            assert_eq!(hex(digits), octets, "{}", page.id);
        }
    }
}

fn explain(args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    program.arg("explain").args(args).stdin(Stdio::null()).output().unwrap()
}

fn said(args: &[&str]) -> String {
    let output = explain(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_page_says_what_it_means_what_to_do_where_it_lies_and_shows_it() {
    let text = said(&["ipv4.ttl.zero"]);
    for words in [
        "ipv4.ttl.zero: IPv4 packet with TTL 0",
        "A packet without hops left is to be dropped, not sent.",
        "do          No host may send it",
        "error: against a rule that receivers enforce",
        "Internet Protocol version 4, octet 8 (ip.ttl)",
        "RFC 1122, section 3.2.1.7",
        "tshark      ip.ttl.too_small",
        "4500001c 00010000 00010000 c0a80067 08080808",
        "0 at octet 8; should be >0",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // What other programs call it, and however it is written.
    for name in ["IPV4.TTL.ZERO", "ipv4.ttl.z", "ipv4.ttl.z*"] {
        assert_eq!(said(&[name]), text, "{name}");
    }
    assert!(said(&["decoder.ipv4.trunc_pkt"]).starts_with("ipv4.total_length.gt_frame"));
}

#[test]
fn a_field_has_a_page_with_its_bits_its_values_and_what_is_usual() {
    let text = said(&["ip.ttl"]);
    for words in ["ip.ttl: Time to live", "8 at 64", "64 (Linux, macOS)", "RFC 791"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(said(&["ip.dsfield.dscp"]).contains("46 EF"));
    assert!(said(&["ip"]).contains("ip.frag_offset"));
    let both = said(&["tcp.port"]);
    assert!(both.contains("tcp.srcport") && both.contains("tcp.dstport"), "{both}");
}

#[test]
fn without_a_name_every_anomaly_is_a_line_and_with_a_star_those_that_are_like_it() {
    let text = said(&[]);
    for row in anomaly::rows() {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(row.id));
        let line = line.unwrap_or_else(|| panic!("{} is missing", row.id));
        let has = |part: &str| line.contains(part);
        assert!(has(row.severity.word()) && has(row.meaning) && has(row.source), "{line}");
    }
    let some = said(&["*.checksum.bad"]);
    assert!(some.contains("gre.checksum.bad") && !some.contains("ipv4.ttl"), "{some}");
    let markdown = said(&["-T", "markdown"]);
    assert_eq!(markdown.matches("\n| `").count(), anomaly::COUNT);
    assert!(markdown.contains("### IPv4\n"));
}

#[test]
fn as_json_every_page_is_an_object_with_its_example() {
    let text = said(&["-T", "json"]);
    assert_eq!(text.lines().count(), anomaly::COUNT);
    for line in text.lines() {
        let page: Value = serde_json::from_str(line).unwrap();
        for key in ["name", "title", "severity", "meaning", "advice", "measured_on", "spec"] {
            assert!(page[key].is_string(), "{key}: {line}");
        }
        let example = &page["example"];
        assert!(example["words"].is_string() || example["seen"]["offset"].is_u64(), "{line}");
    }
    let page: Value = serde_json::from_str(&said(&["-T", "json", "ip.proto"])).unwrap();
    assert_eq!((&page["kind"], &page["bits"]), (&"field".into(), &"8 at 72".into()));
    assert!(page["values"].as_array().unwrap().iter().any(|value| value["name"] == "TCP"));
}

#[test]
fn an_unknown_name_is_a_wrong_command_line_with_the_nearest_as_a_hint() {
    for (name, hint) in [
        ("ipv4.tll.zero", "did you mean 'ipv4.ttl.zero'?"),
        ("ip.tttl", "did you mean 'ip.ttl'?"),
        ("no.such.thing.at.all", "ipeek explain lists the anomalies"),
    ] {
        let output = explain(&[name]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(hint) && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn shells_complete_the_names_of_anomalies_and_fields() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let output = program.args(["completions", "zsh"]).stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for name in names() {
        assert!(text.contains(name), "{name}");
    }
}

fn read(file: &Path, args: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let output = program.arg("read").arg(file).args(args).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn where_anomalies_are_is_the_same_for_any_number_of_threads() {
    let flood = flood(3000);
    let names = ["faults.pcapng", "office.pcapng", "marks.pcap"];
    let bundled =
        captures().into_iter().filter(|path| names.iter().any(|name| path.ends_with(name)));
    for path in bundled.chain([flood.path().to_owned()]) {
        for args in [&["-T", "summary"][..], &["--events", "summary"]] {
            let of = |threads| read(&path, &[args, &["--threads", threads]].concat());
            let one = of("1");
            assert!(one.contains("Where") || one.contains("findings"), "{one}");
            for threads in ["2", "3", "8"] {
                assert_eq!(of(threads), one, "{} {args:?}", path.display());
            }
        }
    }
}

/// A capture of so many packets with TTL 0, a millisecond after one another, of as many sources;
/// each third of them comes from the first source.
fn flood(count: u32) -> NamedTempFile {
    let mut file = hex("a1b2c3d4 00020004 00000000 00000000 00040000 00000065");
    for number in 0..count {
        let mut bytes = hex("4500001c 00010000 00fd0000 0a000001 08080808 0000000000000000");
        bytes[4..6].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
        if number % 3 > 0 {
            bytes[13..16].copy_from_slice(&(0x10000 + number).to_be_bytes()[1..]);
        }
        for word in [1 + number / 1000, number % 1000 * 1000, 28, 28] {
            file.extend(word.to_be_bytes());
        }
        file.extend(bytes);
    }
    let temporary = tempfile::Builder::new().suffix(".pcap").tempfile().unwrap();
    std::fs::write(temporary.path(), file).unwrap();
    temporary
}

#[test]
fn lines_go_by_addresses_and_past_their_bound_say_that_they_are_estimated() {
    let summary = |count| -> Value {
        let text = read(flood(count).path(), &["--events", "summary"]);
        serde_json::from_str(text.lines().last().unwrap()).unwrap()
    };
    let few = summary(30);
    let (row, findings) = (&few["anomalies"]["ipv4.ttl.zero"], few["findings"].as_array().unwrap());
    assert_eq!(
        (&row["count"], &row["spread"], row.get("estimated")),
        (&30.into(), &21.into(), None)
    );
    let first = findings.iter().find(|finding| finding["event"] == "ipv4.ttl.zero").unwrap();
    assert_eq!((&first["src_ip"], &first["dest_ip"]), (&"10.0.0.1".into(), &"8.8.8.8".into()));
    assert_eq!(
        (&first["count"], &first["first"], &first["last"]),
        (&10.into(), &1.into(), &28.into())
    );
    assert_eq!(first["examples"], serde_json::json!([1, 4, 7]));
    // Nine times between the first and the last, 27 milliseconds later.
    assert!((first["rate"].as_f64().unwrap() - 333.3).abs() < 1.0, "{first}");
    let many = summary(3000);
    let row = &many["anomalies"]["ipv4.ttl.zero"];
    assert_eq!((&row["count"], &row["estimated"]), (&3000.into(), &true.into()));
    let spread = row["spread"].as_u64().unwrap();
    assert!((1700..2300).contains(&spread), "{spread}");
    assert!(read(flood(3000).path(), &["-T", "summary"]).contains(" ~"));
}

#[test]
fn the_worst_stand_first_then_what_is_most_spread() {
    let path = captures().into_iter().find(|path| path.ends_with("faults.pcapng")).unwrap();
    let text = read(&path, &["--events", "summary"]);
    let summary: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let rank = |finding: &Value| {
        let words = ["error", "warning", "note", "info"];
        let severity = words.iter().position(|word| finding["severity"] == *word).unwrap();
        let row = &summary["anomalies"][finding["event"].as_str().unwrap()];
        (
            severity,
            std::cmp::Reverse(row["spread"].as_u64()),
            std::cmp::Reverse(row["count"].as_u64()),
        )
    };
    let findings = summary["findings"].as_array().unwrap();
    assert!(findings.len() > 10 && findings.iter().map(rank).is_sorted(), "{findings:#?}");
    // Every packet of few is in a line.
    for (id, row) in summary["anomalies"].as_object().unwrap() {
        let of_it = findings.iter().filter(|finding| finding["event"] == **id);
        let sum: u64 = of_it.map(|finding| finding["count"].as_u64().unwrap()).sum();
        assert!(sum <= row["count"].as_u64().unwrap(), "{id}");
    }
}
