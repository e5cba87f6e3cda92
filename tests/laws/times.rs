//! Whatever times a capture claims, every front end shows it whole: no panic, no output cut short.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;

use crate::formats::block;

/// A UDP packet of one flow, as a bare IPv4 packet; a fragment that never becomes whole if
/// `lonely`.
fn udp(lonely: bool) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 32, 0, 7, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    if lonely {
        bytes[6] = 0x20;
    }
    bytes.extend([0x30, 0x39, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4]);
    bytes
}

/// How an interface counts time, and what a packet of it says: `if_tsresol`, `if_tsoffset`, ticks.
type Stamp = (u8, i64, u64);

/// A capture of one flow whose packets come at these times, each on an interface of its own.
pub(crate) fn capture(stamps: &[Stamp]) -> Vec<u8> {
    let mut bytes = block::section(&[]);
    for &(resolution, offset, _) in stamps {
        let options =
            [block::option(9, &[resolution]), block::option(14, &offset.to_le_bytes())].concat();
        bytes.extend(block::interface(101, 0, &options));
    }
    for ((number, &(_, _, ticks)), lonely) in (0..).zip(stamps).zip([false, true].iter().cycle()) {
        bytes.extend(block::packet(number, ticks, &udp(*lonely), &[]));
    }
    bytes
}

/// The ends of what nanoseconds in 64 bits reach, and of what the format can say.
pub(crate) const EXTREMES: &[&[Stamp]] = &[
    // 9,000,000,000 s before and after 1970: 570 years apart.
    &[(6, -9_000_000_000, 0), (6, 9_000_000_000, 0)],
    &[(6, 9_000_000_000, 0), (6, -9_000_000_000, 0)],
    // The first and the last nanosecond.
    &[(9, -9_223_372_037, 145_224_193), (9, 0, i64::MAX as u64), (9, 0, 0)],
    &[(9, 0, i64::MAX as u64), (9, -9_223_372_037, 145_224_193), (6, 0, 1)],
    // One before the first is no time; nor is one past the last.
    &[(9, -9_223_372_037, 145_224_192), (9, 0, 1 << 63), (9, 0, u64::MAX)],
    &[(9, 0, i64::MAX as u64)],
    &[(9, -9_223_372_037, 145_224_193)],
    // Coarsest and finest ticks, of ten and of two.
    &[(0, 0, u64::MAX), (0, 0, 9_223_372_036), (127, 0, u64::MAX), (20, 0, u64::MAX)],
    &[(0x80, 0, 9_223_372_036), (0x80, 0, u64::MAX), (0xff, 0, u64::MAX), (0xbf, 0, u64::MAX)],
    // Offsets that leave every time out of reach, or bring it just within.
    &[(6, i64::MIN, u64::MAX), (6, i64::MAX, 0), (0, -9_223_372_036, 0), (0, 9_223_372_036, 0)],
];

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.args(arguments).stdin(Stdio::null()).env("TZ", "Pacific/Kiritimati");
    command.output().unwrap()
}

/// Runs `ipeek read` on a capture, which must end well; what it wrote.
fn read(path: &Path, arguments: &[&str]) -> String {
    let path = path.to_string_lossy();
    let output = run(&[&["read", &path], arguments].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Shows a capture of so many packets in every way there is.
fn every_front_end_shows(folder: &Path, bytes: &[u8], packets: usize) {
    let path = folder.join("times.pcapng");
    std::fs::write(&path, bytes).unwrap();
    assert!(read(&path, &["-T", "summary"]).contains("ledger: packets"));
    assert!(read(&path, &["-T", "summary", "--threads", "3"]).contains("ledger: packets"));
    for time in ["relative", "utc", "local", "epoch"] {
        let text = read(&path, &["-T", "packets", "--time", time]);
        assert_eq!(text.lines().count(), packets, "{time}");
    }
    assert!(read(&path, &["-T", "tree", "-x", "--reassemble"]).contains("10.0.0.1"));
    let json = read(&path, &["-T", "json", "--events", "packet,flow,anomaly,stats,summary"]);
    let events = |kind: &str| {
        let kind = format!("\"event_type\":\"{kind}\"");
        json.lines().filter(|line| line.contains(&kind)).count()
    };
    assert_eq!((events("packet"), events("flow"), events("summary")), (packets, 1, 1));
    let columns = "frame.number,frame.time_epoch,ip.src";
    for format in ["fields", "csv"] {
        let rows = read(&path, &["-T", format, "-e", columns]).lines().count();
        assert_eq!(rows, packets + usize::from(format == "csv"), "{format}");
    }
    let flows = read(&path, &["-T", "csv", "-e", "flows"]);
    assert_eq!(flows.lines().count(), 2, "{flows}");
    for filter in
        ["--after=+0s", "--before=2262-04-11T23:47:16Z", "--after=1677-09-22", "--before=00:01"]
    {
        read(&path, &["-T", "summary", filter]);
    }
    read(&path, &["-T", "summary", "-Y", "frame.time_epoch >= \"1677-09-22T00:00:00Z\""]);
    for (name, extra) in
        [("out.pcapng", &[][..]), ("out.pcap", &[]), ("turn.pcapng", &["-G", "60"])]
    {
        let out = folder.join(name).to_string_lossy().into_owned();
        let from = path.to_string_lossy();
        let arguments = [&["read", &from, "--force", "-w", &out], extra].concat();
        let output = run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        // A .pcap counts seconds from 1970 in 32 bits, and says so where they do not do.
        let is_refused = name == "out.pcap" && said.contains("a .pcap cannot hold the time");
        let expected = if is_refused { (Some(1), &*said) } else { (Some(0), "") };
        assert_eq!((output.status.code(), &*said), expected, "{arguments:?}");
        assert_eq!(said.lines().count(), usize::from(is_refused), "{said}");
    }
    let again = read(&folder.join("out.pcapng"), &["-T", "packets"]);
    assert_eq!(again.lines().count(), packets);
    for name in std::fs::read_dir(folder).unwrap() {
        let path = name.unwrap().path();
        if path.to_string_lossy().contains("turn") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_flow_longer_than_292_years_is_told_with_its_age_and_saved_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.pcapng");
    std::fs::write(&path, capture(EXTREMES[0])).unwrap();
    let office = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/office.pcapng");
    let office = office.to_string_lossy().into_owned();
    let saved: PathBuf = folder.path().join("saved.pcapng");
    let json = folder.path().join("all.json");
    let arguments = [&office, "--json", &json.to_string_lossy(), "-w", &saved.to_string_lossy()];
    read(&path, &arguments);
    let json = std::fs::read_to_string(json).unwrap();
    // From -9,000,000,000 s to 9,000,000,000 s.
    assert!(json.contains("\"age\":18000000000,"), "{json}");
    let count = |path: &Path| read(path, &["-T", "packets"]).lines().count();
    assert_eq!(count(&saved), 2 + count(Path::new(&office)));
}

#[test]
fn every_front_end_takes_the_ends_of_time() {
    let folder = tempfile::tempdir().unwrap();
    for stamps in EXTREMES {
        every_front_end_shows(folder.path(), &capture(stamps), stamps.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn every_front_end_takes_any_times(stamps in prop::collection::vec(stamp(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        every_front_end_shows(folder.path(), &capture(&stamps), stamps.len());
    }
}

/// Any way to count, near the ends of time more often than not.
fn stamp() -> impl Strategy<Value = Stamp> {
    let resolution = prop_oneof![Just(0), Just(6), Just(9), Just(0x80), any::<u8>()];
    let offset = prop_oneof![
        Just(0),
        -9_223_372_040..-9_223_372_030_i64,
        9_223_372_030..9_223_372_040_i64,
        any::<i64>(),
    ];
    let ticks = prop_oneof![Just(0), 0..2_000_000_000_u64, any::<u64>()];
    (resolution, offset, ticks)
}
