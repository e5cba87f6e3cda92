//! Filters match the packets that tshark's of the same words match, over bundled captures.

use std::path::{Path, PathBuf};
use std::process::Command;

use ipeek::capture::{Batch, Fill, file};

use super::*;
use crate::skip::skip;

const CAPTURES: &[&str] = &[
    "office.pcapng",
    "ipv4-options.pcapng",
    "6in4.pcap",
    "ipv6-extensions.pcapng",
    "pmtu.pcap",
    "qinq.pcap",
];

const FILTERS: &[&str] = &[
    "ip",
    "ipv6.fraghdr",
    "icmp || icmpv6",
    "ip.ttl < 64",
    "ip.ttl != 64",
    "!(ip.ttl == 64)",
    "ip.len > 100 && ip.len <= 500",
    "ip.proto == 17",
    "ip.proto in {1, 6}",
    "ip.addr == 10.0.0.0/8",
    "ip.src != 10.0.0.0/8",
    "ip.addr in {10.0.0.0/16, 192.0.2.1..192.0.2.200}",
    "ip.src#1 == 10.0.0.0/8",
    "ip.addr#2 == 10.0.0.0/8",
    "ipv6.addr == fe80::/10",
    "ipv6.hlim == 255",
    "ip.flags.df == 1 and not tcp",
    "ip.dsfield.dscp != 0",
    "ip.hdr_len > 20",
    "tcp.port == 80 or udp.port == 53",
    "tcp.port != 80",
    "tcp.flags & 0x02",
    "tcp.flags.syn == 1 && tcp.flags.ack == 0",
    "tcp.srcport in {1024..65535}",
    "udp.length >= 60",
    "eth.dst contains ff:ff",
    "eth.addr == ff:ff:ff:ff:ff:ff",
    "vlan.id > 0",
    "frame.len > 200",
    "frame.number in {3..9, 20}",
    "frame.time_epoch > 0",
    "icmp.type == 3 || icmpv6.type == 2",
    "tcp.options.mss_val",
    "ipv6.nxt == 0 || ipv6.nxt == 60",
];

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// The frames that each filter passes here.
pub(super) fn ours(capture: &Path, filters: &[&str]) -> Vec<Vec<u64>> {
    let filters: Vec<Filter> = filters.iter().map(|text| Filter::compile(text).unwrap()).collect();
    let mut numbers = vec![Vec::new(); filters.len()];
    let mut source = file::open(capture, 0).unwrap();
    let (mut batch, mut layers) = (Batch::new(), Layers::new());
    while let Fill::Records = source.fill(&mut batch).unwrap() {
        for frame in batch.frames() {
            walk(&frame, &mut layers);
            let packet = Packet { frame, layers: &layers };
            for (filter, numbers) in filters.iter().zip(&mut numbers) {
                if filter.matches(&packet) {
                    numbers.push(frame.number);
                }
            }
        }
    }
    numbers
}

/// The frames that tshark passes.
pub(super) fn theirs(capture: &Path, filter: &str) -> Vec<u64> {
    let output = Command::new("tshark")
        .args(["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-r"])
        .arg(capture)
        .args(["-Y", filter, "-T", "fields", "-e", "frame.number"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{filter}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().unwrap()).collect()
}

/// All captures in one, so that tshark starts once a filter.
pub(super) fn merged(folder: &Path) -> PathBuf {
    let merged = folder.join("merged.pcapng");
    let mut command = crate::outputs::ipeek();
    command.arg("read").args(CAPTURES).args(["-T", "summary", "-w"]).arg(&merged);
    assert!(command.current_dir(captures()).status().unwrap().success());
    merged
}

#[test]
fn tshark_passes_the_same_frames() {
    if Command::new("tshark").arg("--version").output().is_err() {
        skip!(Tshark);
    }
    let folder = tempfile::tempdir().unwrap();
    let capture = merged(folder.path());
    // Headers that ipeek does not follow are not for it to match.
    let beyond = theirs(&capture, "vxlan");
    let mut differences = Vec::new();
    for (filter, mut ours) in FILTERS.iter().zip(ours(&capture, FILTERS)) {
        let mut theirs = theirs(&capture, filter);
        for all in [&mut ours, &mut theirs] {
            all.retain(|number| !beyond.contains(number));
        }
        let only = |a: &[u64], b: &[u64]| -> Vec<u64> {
            a.iter().filter(|number| !b.contains(number)).copied().take(9).collect()
        };
        if ours != theirs {
            let (more, less) = (only(&ours, &theirs), only(&theirs, &ours));
            differences.push(format!("{filter}: only ours {more:?}, only theirs {less:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
