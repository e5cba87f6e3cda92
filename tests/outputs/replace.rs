//! `--force` that fails: what was there stays, and the message says where the part lies.

use super::full::{Disk, counts};
use super::*;
use crate::skip::skip;

/// The part that a message tells of, `PATH is as it was, and PART has 9 packets`, and what it has.
pub(super) fn part(said: &str, unit: &str) -> (PathBuf, u64) {
    let (_, rest) = said.split_once("is as it was, and ").unwrap_or_else(|| panic!("{said}"));
    let (path, rest) = rest.split_once(" has ").unwrap_or_else(|| panic!("{said}"));
    let (count, rest) = rest.split_once(' ').unwrap_or_else(|| panic!("{said}"));
    assert!(rest.starts_with(unit), "{said}");
    (path.into(), count.parse().unwrap())
}

/// The part as a capture; its name tells no format.
pub(super) fn packets_of_part(path: &Path, like: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(like);
    std::fs::copy(path, &copy).unwrap();
    packets(&copy) as u64
}

#[test]
fn a_full_disk_leaves_the_older_capture_and_says_where_the_part_lies() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2_000)).unwrap();
    let old = many(20);
    for name in ["a.pcap", "b.pcapng"] {
        let Some(disk) = Disk::new("200k") else { skip!(Mount) };
        let to = disk.path().join(name);
        std::fs::write(&to, &old).unwrap();
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", "summary", "--force", "-w"]).arg(&to);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(std::fs::read(&to).unwrap() == old, "{said}");
        let [seen, kept, _, lost] = counts(&said);
        assert_eq!(seen, kept + lost, "{said}");
        let (part, count) = part(&said, "packets");
        assert!(part.parent() == Some(disk.path()) && part != to, "{said}");
        assert_eq!((count, packets_of_part(&part, name)), (kept, kept), "{said}");
        assert!(kept > 100, "{said}");
    }
}

#[test]
fn a_limit_on_file_sizes_leaves_the_older_capture_too() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("many.pcap"), folder.path().join("a.pcap"));
    std::fs::write(&from, many(500)).unwrap();
    std::fs::write(&to, "precious").unwrap();
    let mut shell = Command::new("sh");
    let line = r#"ulimit -f 100; exec "$0" read "$1" -T summary --force -w "$2""#;
    shell.args(["-c", line, env!("CARGO_BIN_EXE_ipeek")]).arg(&from).arg(&to);
    let output = shell.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "precious", "{said}");
    let (part, count) = part(&said, "packets");
    assert_eq!(packets_of_part(&part, "a.pcap"), count, "{said}");
}

#[test]
fn events_that_do_not_fit_leave_the_older_ones() {
    let Some(disk) = Disk::new("64k") else { skip!(Mount) };
    let to = disk.path().join("a.json");
    std::fs::write(&to, "precious").unwrap();
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "--force"]);
    let output = command.arg("--json").arg(&to).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "precious", "{said}");
    let (part, count) = part(&said, "lines");
    let text = std::fs::read_to_string(part).unwrap();
    assert!(text.ends_with("}\n") && text.len() > 32 << 10, "{} octets", text.len());
    assert_eq!(text.lines().count() as u64, count, "{said}");
}

/// Every file of a series is either the older one or whole.
#[test]
fn a_series_on_a_full_disk_leaves_every_file_that_it_cannot_replace() {
    let Some(disk) = Disk::new("300k") else { skip!(Mount) };
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2_000)).unwrap();
    let old = many(5);
    for number in 1..=8 {
        std::fs::write(disk.path().join(format!("a_{number:06}.pcap")), &old).unwrap();
    }
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "summary", "--force", "-C", "60k", "-w"]);
    let output = command.arg(disk.path().join("a.pcap")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    let (part, count) = part(&said, "packets");
    let (mut kept, mut left) = (count, 0);
    for number in 1..=8 {
        let path = disk.path().join(format!("a_{number:06}.pcap"));
        if std::fs::read(&path).unwrap() == old {
            left += 1;
        } else {
            assert_eq!(left, 0, "{number}: {said}");
            kept += packets(&path) as u64;
        }
    }
    assert!((1..8).contains(&left), "{left}: {said}");
    assert_eq!(counts(&said)[1], kept, "{said}");
    assert_eq!(packets_of_part(&part, "a.pcap"), count);
}

/// An output that is not the one that failed has not all either: the older file stays, and the part
/// is whole.
#[test]
fn one_output_that_fails_leaves_what_another_was_to_replace() {
    let Some(disk) = Disk::new("64k") else { skip!(Mount) };
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2_000)).unwrap();
    let (to, events) = (folder.path().join("a.pcap"), disk.path().join("a.json"));
    std::fs::write(&to, "old").unwrap();
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "summary", "--force", "-w"]).arg(&to);
    let output = command.arg("--json").arg(&events).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "old", "{said}");
    let line = said.lines().find(|line| line.contains("a.pcap: ")).unwrap();
    let (part, count) = part(line, "packets");
    assert!(count > 0 && packets_of_part(&part, "a.pcap") == count, "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{said}");
}

/// What has no place on the disk yet takes nobody's: strace(1) sees the octets go there first, and
/// the change of names after it.
#[test]
fn an_older_file_goes_when_the_new_one_is_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.pcapng", "a.json"] {
        let (to, log) = (folder.path().join(name), folder.path().join("calls"));
        std::fs::write(&to, "old").unwrap();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o"]);
        strace.arg(&log).arg(env!("CARGO_BIN_EXE_ipeek")).arg("read").arg(capture("office.pcapng"));
        let option = if name == "a.json" { "--json" } else { "-w" };
        strace.args(["-T", "summary", "--force", option]).arg(&to);
        assert!(strace.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap().success());
        let text = std::fs::read_to_string(&log).unwrap();
        let calls: Vec<&str> = text.lines().filter(|line| line.contains("= 0")).collect();
        let [file, names, place] = calls[..] else { panic!("{name}: {text}") };
        let of = |call: &str, part: &str| call.contains(part);
        let own = format!("<{}/", folder.path().display());
        assert!(of(file, "fsync(") && of(file, &own), "{name}: {text}");
        assert!(of(names, "rename") && of(names, &format!("\"{name}\"")), "{name}: {text}");
        let own = format!("<{}>", folder.path().display());
        assert!(of(place, "fsync(") && of(place, &own), "{name}: {text}");
    }
}
