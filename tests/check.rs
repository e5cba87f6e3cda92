//! `ipeek check`: findings in every format, what is looked for, and the exit status.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};

use serde_json::Value;

/// A capture with eight echo messages in fragments, and nothing else that is wrong.
const FRAGMENTS: &str = "captures/fragments.pcap";

fn check(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("check").args(words).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_finding_is_a_line_with_its_packet_octets_and_rule_and_the_end_adds_them_up() {
    let output = check(&[FRAGMENTS]);
    let text = text(&output);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "captures/fragments.pcap#3: note: icmp.fragment, 10.1.0.2 > 192.0.2.80, octets 34+1, \
         value 8 (RFC 1122, section 3.2.2.6)"
    );
    assert!(lines[lines.len() - 2].starts_with("       8  note     icmp.fragment  ICMP in"));
    assert_eq!(lines[lines.len() - 1], "8 findings in 48 packets: 8 notes");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_status_says_whether_anything_so_severe_was_found() {
    for (words, status) in [
        (&["--fail-on", "note", FRAGMENTS][..], 7),
        (&["--fail-on", "warning", FRAGMENTS], 0),
        (&["--fail-on", "note", "--ignore", "icmp.*", FRAGMENTS], 0),
        (&["--fail-on", "note", "--only", "ipv6.*", FRAGMENTS], 0),
        (&["--fail-on", "note", "-Y", "tcp", FRAGMENTS], 0),
        (&["--only", "icmp.fragmented", FRAGMENTS], 2),
        (&["--only", "ip.ttl", FRAGMENTS], 2),
        (&["no-such.pcap"], 1),
        (&["--fail-on", "error", "captures/damaged.pcap"], 3),
    ] {
        assert_eq!(check(words).status.code(), Some(status), "{words:?}");
    }
}

#[test]
fn what_is_in_a_baseline_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("known.json");
    let known = check(&["-T", "json", FRAGMENTS]);
    std::fs::write(&baseline, &known.stdout).unwrap();
    let path = baseline.to_str().unwrap();
    let again = check(&["--baseline", path, "--fail-on", "note", FRAGMENTS]);
    assert_eq!(text(&again), "0 findings in 48 packets; 8 known before\n");
    assert_eq!(again.status.code(), Some(0));
    // One direction alone is known: the other is new.
    let first = text(&known).lines().next().unwrap().to_owned();
    std::fs::write(&baseline, first).unwrap();
    let half = check(&["--baseline", path, "--fail-on", "note", FRAGMENTS]);
    assert!(text(&half).ends_with("4 findings in 48 packets: 4 notes; 4 known before\n"));
    assert_eq!(half.status.code(), Some(7));
    std::fs::write(&baseline, "no event").unwrap();
    let wrong = check(&["--baseline", path, FRAGMENTS]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("line 1 is no event"));
}

#[test]
fn sarif_has_a_rule_and_a_place_for_every_result() {
    let output = check(&["-T", "sarif", FRAGMENTS, "captures/office.pcapng"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 8);
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(place.as_str().unwrap().starts_with("captures/"));
    }
    // Nothing found is a log too.
    let none = check(&["-T", "sarif", "--only", "tcp.*", FRAGMENTS]);
    let log: Value = serde_json::from_slice(&none.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 0);
}

#[test]
fn junit_has_a_test_for_every_row_and_markdown_a_line_for_what_was_found() {
    let junit = text(&check(&["-T", "junit", "--only", "icmp.*", FRAGMENTS]));
    let tests = junit.matches("<testcase ").count();
    assert!(junit.contains(&format!("tests=\"{tests}\" failures=\"1\"")));
    assert_eq!(junit.matches("<failure type=\"note\"").count(), 1);
    assert!(junit.contains("captures/fragments.pcap#3 octets 34+1, value 8"));
    assert!(junit.trim_end().ends_with("</testsuites>"));
    let markdown = text(&check(&["-T", "markdown", FRAGMENTS]));
    assert!(markdown.starts_with("**8 findings in 48 packets: 8 notes**"));
    assert!(markdown.contains("| note | `icmp.fragment` | 8 | captures/fragments.pcap#3 |"));
}

/// What `ipeek read` tells as events is what is found, row by row.
#[test]
fn as_many_are_found_as_read_tells() {
    for capture in ["captures/office.pcapng", "captures/ipv4-options.pcapng", FRAGMENTS] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        let told = command.args(["read", capture, "--events", "anomaly"]).output().unwrap();
        let found = check(&["-T", "json", "--only", "*", capture]);
        let rows = |octets: &[u8]| -> Vec<String> {
            let events = octets.split(|octet| *octet == b'\n');
            let events = events.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
            let ids =
                events.filter_map(|event| Some(event["anomaly"]["event"].as_str()?.to_owned()));
            let mut ids: Vec<String> = ids.collect();
            ids.sort();
            ids
        };
        assert_eq!(rows(&found.stdout), rows(&told.stdout), "{capture}");
    }
}
