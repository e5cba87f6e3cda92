//! Tables in files of Parquet: where they stand, when another begins, and what is left of a run that
//! does not come to its end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use parquet::file::reader::{FileReader, SerializedFileReader};

use super::captures;

fn ipeek(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.args(args).stdin(Stdio::null()).output().expect("ipeek runs")
}

/// Reads a capture, and writes tables of it to `path`.
fn read(capture: &Path, path: &Path, more: &[&str]) -> Output {
    let (capture, path) = (capture.to_str().expect("UTF-8"), path.to_str().expect("UTF-8"));
    let args = ["read", capture, "-T", "summary", "--parquet", path];
    ipeek(&[&args[..], more].concat())
}

/// Every file below a folder, by its path there, and the rows that its footer tells; none where it
/// has no footer.
fn files(folder: &Path) -> BTreeMap<String, Option<i64>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let reader = SerializedFileReader::new(File::open(&path).expect("a file"));
            let rows = reader.ok().map(|reader| reader.metadata().file_metadata().num_rows());
            let name = path.strip_prefix(folder).expect("below it").to_str().expect("UTF-8");
            all.insert(name.to_owned(), rows);
        }
    }
    all
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_table_is_a_file_and_several_are_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = captures().join("office.pcapng");
    let one = folder.path().join("one.parquet");
    succeeded(&read(&office, &one, &["--tables", "packets"]));
    let read_one = SerializedFileReader::new(File::open(&one).expect("a file")).expect("Parquet");
    assert_eq!(read_one.metadata().file_metadata().num_rows(), 394);
    for sandbox in ["strict", "off"] {
        let all = folder.path().join(sandbox).join("tables");
        let sandboxed = read(&office, &all, &["--sandbox", sandbox]);
        if sandbox == "strict" && !sandboxed.status.success() {
            // Not every system that tests run on has all of it.
            continue;
        }
        succeeded(&sandboxed);
        let files = files(&all);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "anomalies/part-000001.parquet",
                "endpoints/part-000001.parquet",
                "flows/part-000001.parquet",
                "packets/part-000001.parquet",
            ]
        );
        assert_eq!(files["packets/part-000001.parquet"], Some(394));
        assert!(files.values().all(|rows| rows.is_some_and(|rows| rows > 0)), "{files:?}");
    }
}

#[test]
fn a_table_without_rows_is_there_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("none");
    succeeded(&read(&captures().join("dns.pcap"), &path, &["-Y", "frame.number == 0"]));
    let files = files(&path);
    assert_eq!(files.len(), 4);
    assert!(files.values().all(|rows| *rows == Some(0)), "{files:?}");
}

#[test]
fn what_is_there_is_refused_unless_it_may_be_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, dns) = (folder.path().join("tables"), captures().join("dns.pcap"));
    succeeded(&read(&dns, &path, &[]));
    let before = files(&path);
    let refused = read(&captures().join("office.pcapng"), &path, &[]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("has files in it; hint: --force"), "{said}");
    assert_eq!(files(&path), before);
    succeeded(&read(&captures().join("office.pcapng"), &path, &["--force"]));
    let after = files(&path);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(after["packets/part-000001.parquet"], Some(394));

    let one = folder.path().join("one.parquet");
    std::fs::write(&one, "mine").expect("a file");
    let refused = read(&dns, &one, &["--tables", "flows"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(std::fs::read(&one).expect("a file"), b"mine");
    let refused = read(&dns, &one, &[]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is a file"), "several tables");
}

/// A classic pcap (libpcap's `pcap-savefile(5)`) of Ethernet frames, one at each of these seconds.
fn capture(seconds: &[u32]) -> Vec<u8> {
    let mut octets = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        octets.extend(word.to_le_bytes());
    }
    for (number, second) in (0_u32..).zip(seconds) {
        octets.extend(record(*second, number));
    }
    octets
}

/// A record with UDP over IPv4 without data, from a port of its own.
fn record(second: u32, number: u32) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
    frame.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    let [_, _, high, low] = number.to_be_bytes();
    frame.extend([high, low, 0, 53, 0, 8, 0, 0]);
    let len = u32::try_from(frame.len()).expect("a length");
    let words = [second, 0, len, len].map(u32::to_le_bytes).concat();
    [words, frame].concat()
}

#[test]
fn rows_stand_in_folders_by_day_and_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    // 2001-09-09T01:46:40Z, half an hour on, a day on, and back again.
    let times = [1_000_000_000, 1_000_001_800, 1_000_086_400, 1_000_000_001];
    let path = folder.path().join("a.pcap");
    std::fs::write(&path, capture(&times)).expect("a capture");
    for (by, parts) in [
        ("day", &[("date=2001-09-09", 3), ("date=2001-09-10", 1)][..]),
        (
            "hour",
            &[
                ("date=2001-09-09/hour=01", 2),
                ("date=2001-09-09/hour=02", 1),
                ("date=2001-09-10/hour=01", 1),
            ],
        ),
    ] {
        let to = folder.path().join(by);
        succeeded(&read(&path, &to, &["--partition", by, "--tables", "packets,endpoints"]));
        let files = files(&to);
        for (part, rows) in parts {
            let of_part = |name: &str| name.starts_with(&format!("packets/{part}/part-"));
            let sum = files
                .iter()
                .filter(|(name, _)| of_part(name))
                .map(|(_, rows)| rows.expect("whole"));
            assert_eq!(sum.sum::<i64>(), *rows, "{part}: {files:?}");
        }
        assert_eq!(files["endpoints/part-000001.parquet"], Some(2), "{files:?}");
        assert_eq!(files.len(), parts.len() + 1, "{files:?}");
    }
}

#[test]
fn parts_are_begun_by_size_and_by_time_and_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let times: Vec<u32> = (0..10).map(|second| 1_000_000_000 + second).collect();
    std::fs::write(&path, capture(&times)).expect("a capture");
    let to = folder.path().join("tables");
    for _ in 0..2 {
        succeeded(&read(&path, &to, &["-G", "4", "--tables", "packets"]));
    }
    // Four seconds, four and two; a second run goes on after those.
    let rows: Vec<i64> = files(&to).into_values().map(|rows| rows.expect("whole")).collect();
    assert_eq!(rows, [4, 4, 2, 4, 4, 2]);

    let small = folder.path().join("small");
    succeeded(&read(&captures().join("office.pcapng"), &small, &["-C", "1k"]));
    let files = files(&small);
    let packets = files.iter().filter(|(name, _)| name.starts_with("packets/"));
    assert_eq!(packets.map(|(_, rows)| rows.expect("whole")).sum::<i64>(), 394, "{files:?}");
}

#[test]
fn a_run_that_is_killed_leaves_whole_parts_and_one_that_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("tables");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.args(["read", "-", "-T", "summary", "-G", "10", "--tables", "packets", "--parquet"]);
    command.arg(&to).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = command.spawn().expect("ipeek runs");
    let mut input = run.stdin.take().expect("a pipe");
    input.write_all(&capture(&[1_000_000_000, 1_000_000_001])).expect("a reader");
    input.flush().expect("a reader");
    let until = Instant::now() + Duration::from_secs(20);
    let mut number = 2;
    // A packet of later ends the part before; until it has come, others follow.
    // It is whole some time before it has its name.
    let is_ended = |(name, rows): (&String, &Option<_>)| {
        rows.is_some() && Path::new(name).extension().is_some_and(|ending| ending == "parquet")
    };
    while !(to.exists() && files(&to).iter().any(is_ended)) {
        assert!(Instant::now() < until, "no part was ended");
        let second = 1_000_000_020 + number;
        input.write_all(&record(second, number)).expect("a reader");
        number += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    run.kill().expect("it runs");
    run.wait().expect("it ended");
    let files = files(&to);
    for (name, rows) in &files {
        let is_named = Path::new(name).extension().is_some_and(|ending| ending == "parquet");
        assert_eq!(rows.is_some(), is_named, "{files:?}");
    }
    assert_eq!(files.values().filter(|rows| rows.is_none()).count(), 1, "{files:?}");
    assert_eq!(files["packets/part-000001.parquet"], Some(2), "{files:?}");
}
