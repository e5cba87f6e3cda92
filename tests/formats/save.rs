//! Captures that ipeek writes, read again, and outputs that it must not touch.

use std::os::unix::fs::PermissionsExt;

use ipeek::capture::save::{Inputs, Rules, Saver};

use super::*;

/// Copies a capture and gives the number of records.
fn copy(from: &Path, to: &Path, force: bool) -> Result<u64, CaptureError> {
    let mut source = open(from, 0)?;
    let inputs = Inputs::of(&[from.to_owned()]);
    let mut saver = Saver::create(to, &Rules { inputs, force, ..Rules::default() })?;
    let mut batch = Batch::new();
    while source.fill(&mut batch)? == Fill::Records {
        for index in 0..batch.records.len() {
            saver.record(&batch, index)?;
        }
    }
    saver.finish(&batch.interfaces, &batch.facts)
}

fn many_kinds() -> Vec<u8> {
    [
        block::section(&block::option(1, b"all")),
        block::interface(1, 0, &block::option(2, b"eth0")),
        block::interface(101, 96, &block::option(9, &[9])),
        block::interface(1, 0, &block::option(14, &(-5_i64).to_le_bytes())),
        block::packet(1, 7, b"b", &block::option(1, b"note")),
        block::any(3, &hex("03000000 aabbcc00")),
        block::packet(2, 1, b"before 1970", &[]),
        block::packet(0, 1_700_000_000_000_001, b"now", &[]),
        block::any(4, &[&hex("0100 0600 0a000001")[..], b"x\0\0\0", &[0; 4]].concat()),
        block::any(5, &[&[0; 12][..], &block::option(5, &9_u64.to_le_bytes())].concat()),
    ]
    .concat()
}

#[test]
fn pcapng_keeps_everything_that_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let from = written(&many_kinds());
    let to = folder.path().join("copy.pcapng");
    assert_eq!(copy(from.path(), &to, false).unwrap(), 4);
    let (before, after) =
        (read(&[from.path().into()]).unwrap(), read(std::slice::from_ref(&to)).unwrap());
    assert_eq!(after.damage, None);
    let same = |seen: &Seen| {
        (seen.time, seen.link, seen.original, seen.bytes.clone(), seen.comments.clone())
    };
    assert_eq!(
        before.seen.iter().map(same).collect::<Vec<_>>(),
        after.seen.iter().map(same).collect::<Vec<_>>()
    );
    assert_eq!(before.facts.comments, after.facts.comments);
    assert_eq!(before.facts.names, after.facts.names);
    assert_eq!(before.facts.counted, after.facts.counted);
    assert_eq!(after.interfaces[0].name(), Some("eth0"));
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn pcap_keeps_nanoseconds() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = hex("a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000065
         60000000 00000002 00000003 00000004 aabbcc");
    let (from, to) = (written(&bytes), folder.path().join("copy.pcap"));
    assert_eq!(copy(from.path(), &to, false).unwrap(), 1);
    assert_eq!(read(&[to]).unwrap().seen, read(&[from.path().into()]).unwrap().seen);
}

#[test]
fn a_pcap_of_two_link_types_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.pcap");
    let error = copy(written(&many_kinds()).path(), &to, false).unwrap_err().to_string();
    assert!(error.contains("needs 1 and 101"), "{error}");
    assert!(!to.exists());
}

/// One packet of 1970, then one of a time before, which no pcap can hold.
fn two_times() -> Vec<u8> {
    let before = block::option(14, &(-5_i64).to_le_bytes());
    [
        block::section(&[]),
        block::interface(1, 0, &before),
        block::packet(0, 10_000_000, b"first", &[]),
        block::packet(0, 1, b"second", &[]),
    ]
    .concat()
}

#[test]
fn a_pcap_that_is_refused_midway_leaves_the_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.pcap");
    std::fs::write(&to, "precious").unwrap();
    let error = copy(written(&two_times()).path(), &to, true).unwrap_err().to_string();
    assert!(error.contains("cannot hold the time"), "{error}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "precious");
    let (_, rest) = error.split_once("is as it was, and ").expect("where the part lies");
    let (part, rest) = rest.split_once(" has ").expect("what it has");
    assert!(rest.starts_with("1 packet"), "{error}");
    assert_eq!(read(&[part.into()]).unwrap().seen.len(), 1);
}

/// What the run says at its end has the counts of every packet, as with a full disk.
#[test]
fn a_pcap_that_is_refused_midway_says_what_became_of_every_packet() {
    let folder = tempfile::tempdir().unwrap();
    let (to, from) = (folder.path().join("copy.pcap"), written(&two_times()));
    for force in [false, true] {
        let mut command = crate::outputs::ipeek();
        command.arg("read").arg(from.path()).args(["-T", "summary", "-w"]).arg(&to);
        let output = command.args(force.then_some("--force")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        let end = "; 2 packets seen = 1 kept + 1 lost; hint: name the file .pcapng\n";
        assert!(said.ends_with(end) && said.contains("cannot hold the time"), "{said}");
        assert_eq!(said.contains("copy.pcap is as it was, and "), force, "{said}");
    }
}

#[test]
fn a_new_file_that_cannot_take_its_place_stays_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.pcap");
    std::fs::write(&to, "old").unwrap();
    let mut source = open(written(&pcap(3)).path(), 0).unwrap();
    let mut saver = Saver::create(&to, &Rules { force: true, ..Rules::default() }).unwrap();
    let mut batch = Batch::new();
    while source.fill(&mut batch).unwrap() == Fill::Records {
        for index in 0..batch.records.len() {
            saver.record(&batch, index).unwrap();
        }
    }
    // A folder cannot be replaced by a file.
    std::fs::remove_file(&to).unwrap();
    std::fs::create_dir(&to).unwrap();
    let error = saver.finish(&batch.interfaces, &batch.facts).unwrap_err().to_string();
    let (_, rest) = error.split_once("is as it was, and ").expect("where the part lies");
    let (part, rest) = rest.split_once(" has ").expect("what it has");
    assert!(rest.starts_with("3 packets"), "{error}");
    assert_eq!(read(&[part.into()]).unwrap().seen.len(), 3);
}

#[test]
fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let from = written(&pcap(3));
    let precious = folder.path().join("precious.pcap");
    let link = folder.path().join("link.pcap");
    std::fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, &link).unwrap();
    for (to, force, word) in [
        (precious.as_path(), false, "--force"),
        (&link, true, "symbolic link"),
        (from.path(), true, "is the input"),
        (folder.path(), true, "directory"),
    ] {
        let error = copy(from.path(), to, force).unwrap_err();
        assert!(matches!(error, CaptureError::Refused { .. }));
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
    assert_eq!(std::fs::read(from.path()).unwrap(), pcap(3));
    assert_eq!(copy(from.path(), &precious, true).unwrap(), 3);
    assert_eq!(read(&[precious]).unwrap().seen.len(), 3);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_file_that_took_the_place_of_an_output_is_let_be() {
    // The output, or its new file beside an old one, is moved away and replaced by somebody else's.
    for force in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.pcap");
        if force {
            std::fs::write(&to, "old").unwrap();
        }
        let mut saver = Saver::create(&to, &Rules { force, ..Rules::default() }).unwrap();
        let made = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let made = made.max_by_key(|path| (path.as_os_str().len(), path.clone())).unwrap();
        std::fs::rename(&made, folder.path().join("moved")).unwrap();
        std::fs::write(&made, "precious").unwrap();
        let mut source = open(written(&many_kinds()).path(), 0).unwrap();
        let mut batch = Batch::new();
        source.fill(&mut batch).unwrap();
        saver.record(&batch, 0).expect_err("two link types");
        drop(saver);
        assert_eq!(std::fs::read_to_string(&made).unwrap(), "precious");
        let saver = Saver::create(&to, &Rules { force: true, ..Rules::default() }).unwrap();
        let made = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let made = made.max_by_key(|path| (path.as_os_str().len(), path.clone())).unwrap();
        std::fs::remove_file(&made).unwrap();
        std::fs::write(&made, "precious").unwrap();
        if force {
            drop(saver);
        } else {
            saver.finish(&[], &Facts::default()).unwrap_err();
        }
        assert_eq!(std::fs::read_to_string(&made).unwrap(), "precious");
    }
}

#[test]
fn a_full_device_is_an_error() {
    let from = written(&pcap(2_000));
    let error = copy(from.path(), Path::new("/dev/full"), false).unwrap_err();
    assert!(matches!(error, CaptureError::Output { .. }), "{error}");
}

#[test]
fn a_capture_without_packets_is_still_a_capture() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("a.pcap", pcap(0)), ("b.pcapng", pcap(0)), ("c.pcap", block::section(&[]))]
    {
        let to = folder.path().join(name);
        assert_eq!(copy(written(&bytes).path(), &to, false).unwrap(), 0);
        assert_eq!(read(&[to]).unwrap().damage, None);
    }
}
