//! A capture as a series of files: by size, by time, by packets, as a ring, and as another user.

use std::os::unix::fs::MetadataExt;

use super::*;
use crate::skip::skip;

/// Saves the office to `to` with these options; its exit status and what it said.
fn save(to: &Path, options: &[&str]) -> (Option<i32>, String) {
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "-w"]).arg(to);
    let output = command.args(options).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Names of the files in a folder, in order, with their packets.
fn files(folder: &Path) -> Vec<(String, usize)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<_> = entries.map(|path| (name(&path), packets(&path))).collect();
    files.sort();
    files
}

fn done() -> (Option<i32>, String) {
    (Some(0), String::new())
}

#[test]
fn files_by_packets_are_numbered_and_the_next_series_goes_on_after_them() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcapng");
    assert_eq!(save(&to, &["--rotate-packets", "150"]), done());
    let first = [
        ("a_000001.pcapng".to_owned(), 150),
        ("a_000002.pcapng".to_owned(), 150),
        ("a_000003.pcapng".to_owned(), 94),
    ];
    assert_eq!(files(folder.path()), first);
    // A second run leaves all of the first, even as a ring.
    assert_eq!(save(&to, &["--rotate-packets", "150", "-W", "2"]), done());
    let all = files(folder.path());
    assert_eq!(all[..3], first);
    assert_eq!(all[3..], [("a_000005.pcapng".to_owned(), 150), ("a_000006.pcapng".to_owned(), 94)]);
    // A third replaces from the first on.
    assert_eq!(save(&to, &["--rotate-packets", "200", "--force"]), done());
    let counts: Vec<_> = files(folder.path()).into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [200, 194, 94, 150, 94]);
}

#[test]
fn no_file_is_larger_than_asked_and_nothing_is_missing() {
    for name in ["a.pcap", "a.pcapng", "a"] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(save(&folder.path().join(name), &["-C", "4k"]), done());
        let files = files(folder.path());
        assert_eq!(files.iter().map(|(_, count)| count).sum::<usize>(), 394);
        assert!(files.len() > 8, "{files:?}");
        let size = |name: &str| folder.path().join(name).metadata().unwrap().len();
        for (name, count) in &files {
            assert!(size(name) <= 4096 || *count == 1, "{name}: {}", size(name));
            assert_eq!(folder.path().join(name).metadata().unwrap().mode() & 0o777, 0o600);
        }
    }
}

/// tcpdump(1): a number alone is millions of octets, a letter behind it a power of 1024.
#[test]
fn sizes_are_those_of_tcpdump() {
    use clap::CommandFactory;

    const RECORD: u64 = 16 + 1042;
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2100)).unwrap();
    for (size, octets) in
        [("1", 1_000_000), ("2", 2_000_000), ("2k", 2 << 10), ("100k", 100 << 10), ("1m", 1 << 20)]
    {
        let place = tempfile::tempdir().unwrap();
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", "summary", "-C", size, "-w"]);
        command.arg(place.path().join("a.pcap"));
        // So that there are not a thousand of them.
        assert!(command.args(["-W", "3"]).status().unwrap().success());
        let sizes = std::fs::read_dir(place.path()).unwrap();
        let largest = sizes.map(|entry| entry.unwrap().metadata().unwrap().len()).max().unwrap();
        assert!(largest <= octets && largest + RECORD > octets, "{size}: {largest}");
    }
    let words = ["ipeek", "read", "a", "-w", "b", "-C", "3g"];
    let matches = ipeek::cli::Cli::command().try_get_matches_from(words).unwrap();
    let (_, read) = matches.subcommand().unwrap();
    let size = read.get_one::<std::num::NonZeroU64>("rotate_size").unwrap();
    assert_eq!(size.get(), 3 << 30);
}

#[test]
fn files_by_time_hold_what_their_seconds_had() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(save(&folder.path().join("a.pcap"), &["-G", "2"]), done());
    let files = files(folder.path());
    let mut counts = Vec::new();
    for [after, before] in [["+0s", "+2s"], ["+2s", "+4s"], ["+4s", "+6s"]] {
        let mut command = ipeek();
        command.arg("read").arg(capture("office.pcapng")).args(["-T", "packets"]);
        let output = command.args(["--after", after, "--before", before]).stdout(Stdio::piped());
        let output = output.output().unwrap().stdout;
        counts.push(String::from_utf8_lossy(&output).lines().count());
    }
    assert_eq!(files.iter().map(|(_, count)| *count).collect::<Vec<_>>(), counts);
}

#[test]
fn what_is_no_series_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcap");
    for (to, options, status, word) in [
        (Path::new("/dev/null"), &["-G", "1"][..], 1, "no name for a series"),
        (&to, &["-W", "3"], 2, "--rotate-size"),
        (&to, &["-C", "3t"], 2, "k, m or g"),
        (&to, &["-C", "0"], 2, "more than nothing"),
        (&to, &["-C", "99999999999g"], 2, "more than any disk"),
    ] {
        let (code, said) = save(to, options);
        assert_eq!(code, Some(status), "{said}");
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The second file is made when root is gone and most of the file system with it.
#[test]
fn a_series_goes_on_without_root() {
    let folder = tempfile::tempdir().unwrap();
    if folder.path().metadata().unwrap().uid() != 0 {
        skip!(Root);
    }
    std::os::unix::fs::chown(folder.path(), Some(4242), Some(4242)).unwrap();
    // The third file is the input, which the new user cannot even look at: another folder's link.
    let hidden = tempfile::tempdir().unwrap();
    let input = hidden.path().join("input.pcapng");
    std::fs::copy(capture("office.pcapng"), &input).unwrap();
    std::fs::hard_link(&input, folder.path().join("a_000003.pcapng")).unwrap();
    let mut command = ipeek();
    command.env("SUDO_UID", "4242").env("SUDO_GID", "4242");
    command.arg("read").arg(&input).args(["-T", "summary", "--force", "--rotate-packets", "150"]);
    let output = command.arg("-w").arg(folder.path().join("a.pcapng")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("a_000003.pcapng: is the input"), "{said}");
    assert_eq!(packets(&input), 394);
    for name in ["a_000001.pcapng", "a_000002.pcapng"] {
        let path = folder.path().join(name);
        let about = path.metadata().unwrap();
        assert_eq!((about.uid(), about.gid(), about.mode() & 0o777), (4242, 4242, 0o600));
        assert_eq!(packets(&path), 150);
    }
}

/// Root in folders of its own, of another user and of everybody: whoever goes on can go on.
#[test]
fn a_series_goes_on_whoever_the_folder_belongs_to() {
    let folder = tempfile::tempdir().unwrap();
    if folder.path().metadata().unwrap().uid() != 0 {
        skip!(Root);
    }
    for (owner, mode) in [(0, 0o700), (0, 0o755), (4242, 0o700), (0, 0o1777)] {
        for sudo in [None, Some("4243")] {
            for options in [["-C", "20k"], ["-G", "2"], ["--rotate-packets", "100"]] {
                let folder = tempfile::tempdir_in(&folder).unwrap();
                let open = std::os::unix::fs::PermissionsExt::from_mode(mode);
                std::fs::set_permissions(folder.path(), open).unwrap();
                std::os::unix::fs::chown(folder.path(), Some(owner), Some(owner)).unwrap();
                let mut command = ipeek();
                command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary"]);
                command.args(options).arg("-w").arg(folder.path().join("a.pcap"));
                if let Some(uid) = sudo {
                    command.env("SUDO_UID", uid).env("SUDO_GID", uid);
                }
                let output = command.output().unwrap();
                let said = String::from_utf8(output.stderr).unwrap();
                let what = format!("{owner} {mode:o} {sudo:?} {options:?}");
                assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{what}");
                let files = files(folder.path());
                assert!(files.len() > 2, "{what}: {files:?}");
                assert_eq!(files.iter().map(|(_, count)| count).sum::<usize>(), 394, "{what}");
            }
        }
    }
}
