//! Disks that are full: a message with all counts, exit status 4, and a file of whole records.

use std::io::Write;

use super::*;
use crate::skip::skip;

/// A file system of its own, as large as a test wants; gone when dropped.
pub(super) struct Disk(tempfile::TempDir);

impl Disk {
    /// Nothing without the right to mount.
    pub(super) fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size},mode=777"), "tmpfs"]);
        let made = mount.arg(folder.path()).stderr(Stdio::null()).status();
        made.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// `PATH: WHY; 9 packets seen = 5 kept + 1 rotated away + 3 lost`: the four numbers.
pub(super) fn counts(said: &str) -> [u64; 4] {
    let (_, counts) = said.trim_end().rsplit_once("; ").unwrap();
    let number = |word: &str| {
        let mut before = "0";
        for part in counts.split([' ', '=', '+']).filter(|part| !part.is_empty()) {
            if part == word {
                return before.parse().unwrap();
            }
            before = part;
        }
        0
    };
    [number("packets"), number("kept"), number("rotated"), number("lost")]
}

#[test]
fn kept_and_lost_are_what_was_seen_and_the_file_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2_000)).unwrap();
    for (name, options) in [
        ("a.pcap", &[][..]),
        ("b.pcapng", &[]),
        ("c.pcapng", &["--threads", "2"]),
        ("d.pcap", &["-C", "40k", "-W", "3"]),
        ("e.pcapng", &["-C", "60k"]),
    ] {
        let Some(disk) = Disk::new("200k") else { skip!(Mount) };
        let to = disk.0.path().join(name);
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", "json", "--events", "summary", "-w"]).arg(&to);
        let output = command.args(options).stdout(Stdio::piped()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let summary = text.lines().last().unwrap();
        let summary: serde_json::Value = serde_json::from_str(summary).unwrap();
        let mut in_files = 0;
        for entry in std::fs::read_dir(disk.0.path()).unwrap() {
            in_files += packets(&entry.unwrap().path()) as u64;
        }
        if options.contains(&"-W") {
            // A ring that fits the disk never fills it.
            assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{name}");
            assert!((50..120).contains(&in_files), "{in_files}");
            continue;
        }
        assert_eq!(output.status.code(), Some(4), "{name}: {said}");
        assert!(said.starts_with("ipeek: /") && said.contains("No space left"), "{said}");
        let [seen, kept, rotated, lost] = counts(&said);
        assert_eq!(seen, kept + rotated + lost, "{said}");
        assert_eq!((kept, rotated), (in_files, 0), "{said}");
        assert_eq!(summary["packets"], seen, "{said}");
        assert!(kept > 100 && lost > 0, "{said}");
    }
}

#[test]
fn a_disk_that_fills_while_packets_come_is_told_at_once() {
    let Some(disk) = Disk::new("100k") else { skip!(Mount) };
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("fifo");
    fifo(&pipe);
    let mut command = ipeek();
    command.arg("read").arg(&pipe).args(["-T", "summary", "-w"]).arg(disk.0.path().join("a.pcap"));
    let mut child = Running::start(&mut command);
    let mut writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    let bytes = many(400);
    writer.write_all(&bytes[..60_000]).unwrap();
    child.rests();
    assert!(child.0.try_wait().unwrap().is_none());
    // The writer stays open: nothing but the full disk ends the run.
    writer.write_all(&bytes[60_000..120_000]).unwrap();
    let code = child.end();
    let said = child.said();
    assert_eq!(code, Some(4), "{said}");
    let [seen, kept, _, lost] = counts(&said);
    assert_eq!(seen, kept + lost, "{said}");
    assert_eq!(packets(&disk.0.path().join("a.pcap")) as u64, kept, "{said}");
}

/// A limit on file sizes sends a signal that would end the program where it stands.
#[test]
fn a_limit_on_file_sizes_is_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("many.pcap"), folder.path().join("a.pcap"));
    std::fs::write(&from, many(500)).unwrap();
    let mut shell = Command::new("sh");
    let line = r#"ulimit -f 100; exec "$0" read "$1" -T summary -w "$2""#;
    shell.args(["-c", line, env!("CARGO_BIN_EXE_ipeek")]).arg(&from).arg(&to);
    let output = shell.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    let [seen, kept, _, lost] = counts(&said);
    assert_eq!((seen, kept), (kept + lost, packets(&to) as u64), "{said}");
}

#[test]
fn events_on_a_full_disk_end_on_a_whole_line() {
    let Some(disk) = Disk::new("64k") else { skip!(Mount) };
    let to = disk.0.path().join("a.json");
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "--json"]).arg(&to);
    let mut child = Running::start(&mut command);
    let said = child.said();
    assert_eq!(child.end(), Some(4), "{said}");
    let text = std::fs::read_to_string(&to).unwrap();
    assert!(text.len() > 32 << 10 && text.ends_with("}\n"), "{} octets", text.len());
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}
