//! What a live capture tells by itself: which interface it took, what happened to it, and what
//! becomes of records that nobody takes; between namespaces of the test's own.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::load::{Load, capture, out};
use super::{Pair, run};
use crate::outputs::{PATIENCE, ipeek};
use crate::skip::skip;

#[test]
fn unnamed_it_is_the_first_interface_that_is_up_and_not_loopback() {
    let Some(pair) = Pair::new('s') else { skip!(Network) };
    let space = &pair.space;
    // Loopback is up, and so is another that came later; one before them is down.
    assert!(run(&format!("ip -n {space} link set lo up")));
    assert!(run(&format!("ip -n {space} link add aaa type veth peer name aab")));
    assert!(run(&format!("ip -n {space} link set aab up")));
    let mut command = Command::new("ip");
    command.args(["netns", "exec", space]).arg(ipeek().get_program());
    command.args(["live", "-T", "json", "--duration", "0.2"]).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let meta: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(meta["source"], serde_json::json!(["there"]), "{meta}");
}

/// Text tells it on standard error as it comes, JSON in events, a summary under Trouble.
#[test]
fn what_happens_to_an_interface_is_told_in_every_face() {
    let Some(pair) = Pair::new('t') else { skip!(Network) };
    let Pair { here, net, .. } = &pair;
    for format in ["packets", "json", "summary"] {
        let mut child = capture(&pair, &["-T", format]);
        pair.change();
        std::thread::sleep(Duration::from_millis(500));
        child.signal("INT");
        assert_eq!(child.end(), Some(0), "{format}");
        let (text, said) = (out(&mut child), child.said());
        assert!(run(&format!("ip link set {here} mtu 1500")));
        if format == "json" {
            let all: Vec<Value> =
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let of = |event: &str| {
                let told = all.iter().map(|line| &line["anomaly"]);
                told.filter(|told| told["event"] == event).collect::<Vec<_>>()
            };
            let [gap] = of("interface.gap")[..] else { panic!("{text}") };
            let [from, to] = ["from", "to"].map(|key| {
                let time = gap[key].as_str().unwrap_or_else(|| panic!("{gap}"));
                time.parse::<jiff::Timestamp>().unwrap()
            });
            assert!(from < to, "{gap}");
            let [mtu] = of("interface.mtu")[..] else { panic!("{text}") };
            assert_eq!((&mtu["before"], &mtu["value"]), (&1500.into(), &1400.into()));
            let address = format!("{net}.9/32");
            let of = of("interface.address");
            assert!(of.iter().any(|told| told["added"] == *address), "{of:?}");
            assert!(of.iter().any(|told| told["removed"] == *address), "{of:?}");
            continue;
        }
        let told = if format == "packets" { said } else { text };
        // A summary breaks lines.
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = match format {
            "packets" => told.as_str(),
            _ => told.split_once(" Trouble ").unwrap().1.split_once(" Anomalies ").unwrap().0,
        };
        for words in [
            format!("{here} was down for "),
            format!("{here} has an MTU of 1400, not 1500, since "),
            format!("{here} has the address {net}.9/32 since "),
            format!("{here} lost the address {net}.9/32 at "),
        ] {
            assert!(told.contains(&words), "{format}: {words:?} in {told}");
        }
    }
}

/// Nothing is left out then: the ring fills, and the kernel counts what finds no room.
#[test]
fn with_on_slow_block_the_kernel_drops_and_no_record_is_left_out() {
    let Some(pair) = Pair::new('u') else { skip!(Network) };
    let load = Load::on(&pair);
    let slow = ["--on-slow", "block", "--buffer", "1"];
    let args = [&["-T", "json", "--events", "packet,summary"][..], &slow].concat();
    let mut child = capture(&pair, &args);
    std::thread::sleep(Duration::from_secs(2));
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let (mut packets, mut last, began) = (0, String::new(), Instant::now());
    for line in lines.map(Result::unwrap) {
        assert!(!line.contains("output.records.left_out"), "{line}");
        assert!(began.elapsed() < PATIENCE, "it does not end");
        packets += u64::from(line.contains(r#""event_type":"packet""#));
        if packets == 20_000 {
            child.signal("TERM");
        }
        last = line;
    }
    assert_eq!(child.end(), Some(0));
    drop(load);
    let summary: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(summary["event_type"], "summary", "{last}");
    let drops = &summary["drops"];
    assert_eq!(summary["packets"], packets);
    assert!(drops["kernel"].as_u64().is_some_and(|kernel| kernel > 1000), "{drops}");
    // Of the packets that were taken when it was told to end, some have no place to go.
    assert!(drops["application"].as_u64().is_some_and(|few| few <= 64), "{drops}");
    assert_eq!(drops.get("records"), None, "{drops}");
}
