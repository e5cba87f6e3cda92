//! Every bound is told when it is hit, and not before.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::process::{Command, Stdio};

use foldhash::quality::RandomState;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::base::timestamp::Timestamp;
use ipeek::capture::event::What;
use ipeek::capture::facts::{Facts, MAX_NAMES};
use ipeek::capture::{Batch, Event};
use ipeek::report::bound::{Bound, Counted, hit};
use serde_json::Value;

use crate::packets::{Decoded, Owned, hex};

/// IPv4 in IPv4 in IPv4, UDP without data.
const NESTED: &str = "
    45000044 00010000 40040000 0a000001 0a000002
    45000030 00010000 40040000 0a000003 0a000004
    4500001c 00010000 40110000 0a000005 0a000006
    30390035 00080000";

/// An analysis of so many packets like [`NESTED`], each in a tunnel and a flow of its own.
fn analysis(packets: u64, settings: Settings) -> Analysis {
    let mut analysis = Analysis::new(settings, &RandomState::default());
    let mut records = PacketRecords::default();
    for number in 1..=packets {
        let mut owned = Owned::new(101, hex(NESTED));
        owned.number = number;
        let octet = u8::try_from(number % 250).unwrap();
        (owned.bytes[15], owned.bytes[55]) = (octet, octet);
        records.push(&Decoded::of(owned).packet(), &mut Vec::new());
    }
    analysis.fold(&mut records, &mut []);
    analysis
}

fn bounds(analysis: &Analysis, facts: Option<&Facts>, interfaces: usize) -> Vec<Bound> {
    hit(&Counted { analysis, facts, interfaces })
}

#[test]
fn each_is_told_with_what_it_left_out() {
    let wide = Settings::default();
    let few = |flows, paths| Settings { flows, paths, ..wide };
    let mut told = BTreeSet::new();
    let mut check = |analysis: &Analysis, facts: Option<&Facts>, interfaces, name, left_out| {
        let bounds = bounds(analysis, facts, interfaces);
        let found: Vec<_> = bounds.iter().map(|bound| (bound.name, bound.left_out)).collect();
        if left_out == 0 {
            assert_eq!(found, [], "{name}");
        } else {
            assert_eq!(found, [(name, left_out)]);
            told.insert(name);
        }
    };
    for (packets, left_out) in [(4, 0), (6, 2)] {
        check(&analysis(packets, few(4, 64)), None, 1, "flows", left_out);
    }
    for (packets, left_out) in [(3, 0), (5, 2)] {
        check(&analysis(packets, few(64, 3)), None, 1, "tunnels", left_out);
    }
    let none = analysis(0, wide);
    for (interfaces, left_out) in [(64, 0), (70, 6)] {
        check(&none, None, interfaces, "interfaces", left_out);
    }
    for more in [0, 2] {
        let mut facts = Facts::default();
        for _ in 0..MAX_NAMES + more {
            facts.name(IpAddr::from([192, 0, 2, 1]), b"x");
        }
        check(&none, Some(&facts), 1, "names_and_comments", more as u64);
    }
    for (events, left_out) in [(1024, 0), (1027, 3)] {
        let mut analysis = analysis(0, wide);
        let event = Event { interface: 0, time: Timestamp::EPOCH, what: What::Down };
        let batch = Batch { first: 1, events: vec![event; events], ..Batch::default() };
        analysis.anomalies.add_events(&batch);
        check(&analysis, None, 1, "interface_events", left_out);
    }
    assert_eq!(told.len(), ipeek::report::bound::COUNT, "{told:?}");
}

fn ipeek(args: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    program.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).stdin(Stdio::null());
    String::from_utf8(program.output().unwrap().stdout).unwrap()
}

#[test]
fn summaries_tell_in_json_and_in_text() {
    let read = ["read", "captures/office.pcapng", "--threads", "1"];
    let last = |args: &[&str]| -> Value {
        let text = ipeek(&[&read[..], &["--events", "summary"], args].concat());
        serde_json::from_str(text.lines().last().unwrap()).unwrap()
    };
    let few = last(&["--max-flows", "4"]);
    assert_eq!(few["bounds"]["flows"]["most"], 4);
    assert_eq!(few["bounds"]["flows"]["left_out"], few["flows"]["evicted"]);
    assert!(last(&[])["bounds"].is_null());
    let text = ipeek(&[&read[..], &["-T", "summary", "--max-flows", "4"]].concat());
    assert!(text.contains("\nLeft out"), "{text}");
    assert!(!ipeek(&[&read[..], &["-T", "summary"]].concat()).contains("\nLeft out"));
}

/// pcapng, section 4.2: option 2 of an Interface Description Block is its name.
#[test]
fn a_name_of_an_interface_that_is_too_long_is_told() {
    for (len, left_out) in [(256_u16, None), (260, Some(1))] {
        let mut file = Vec::new();
        let words = |file: &mut Vec<u8>, words: &[u32]| {
            file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        };
        words(&mut file, &[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28]);
        let block = 24 + u32::from(len) + 4;
        words(&mut file, &[1, block, 101, 0, 2 | u32::from(len) << 16]);
        file.extend(vec![b'x'; len.into()]);
        words(&mut file, &[0, block]);
        let temporary = tempfile::Builder::new().suffix(".pcapng").tempfile().unwrap();
        std::fs::write(temporary.path(), file).unwrap();
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"));
        let output =
            program.arg("read").arg(temporary.path()).args(["--events", "summary"]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        let found = &last["bounds"]["names_and_comments"]["left_out"];
        assert_eq!(found.as_u64(), left_out, "{last}");
    }
}
