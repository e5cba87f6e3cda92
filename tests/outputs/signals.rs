//! Signals: with which status they end a run, and what is out by then.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;

use super::*;

#[test]
fn a_fifo_that_nobody_reads_is_waited_for_until_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("fifo");
    fifo(&to);
    for option in ["-w", "--json"] {
        let mut command = ipeek();
        command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", option]).arg(&to);
        let mut child = Running::start(&mut command);
        child.rests();
        assert!(child.0.try_wait().unwrap().is_none(), "it waits for a reader");
        child.signal("INT");
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(130), ""));
    }
    // A reader that comes late gets everything.
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "-w"]).arg(&to);
    let mut child = Running::start(&mut command);
    child.rests();
    let saved = std::fs::read(&to).unwrap();
    assert_eq!(child.end(), Some(0));
    let copy = folder.path().join("copy.pcapng");
    std::fs::write(&copy, saved).unwrap();
    assert_eq!(packets(&copy), 394);
}

/// The signals that end a run, and their numbers.
const ENDS: [(&str, i32); 4] = [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)];

#[test]
fn an_input_that_stalls_holds_up_no_signal_and_what_was_parsed_is_out() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    fifo(&from);
    for ((name, number), format) in ENDS.into_iter().zip(["packets", "json", "summary", "tree"]) {
        let to = folder.path().join(format!("{name}.pcap"));
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", format, "-w"]).arg(&to).stdout(Stdio::piped());
        let mut child = Running::start(&mut command);
        let mut writer = File::options().write(true).open(&from).unwrap();
        let whole = many(8);
        // Half a record stays behind.
        writer.write_all(&whole[..whole.len() - 500]).unwrap();
        child.rests();
        child.signal(name);
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(128 + number), ""), "{name}");
        let out = std::io::read_to_string(child.0.stdout.as_mut().unwrap()).unwrap();
        let is_right = match format {
            "summary" => out.contains("packets 7 = ip 7"),
            "json" => {
                out.lines().filter(|line| line.contains(r#""event_type":"packet""#)).count() == 7
            }
            _ => out.lines().filter(|line| line.contains("10.0.0.2")).count() >= 7,
        };
        assert!(is_right && out.ends_with('\n'), "{name}: {out}");
        assert_eq!(packets(&to), 7, "{name}");
    }
}

#[test]
fn a_reader_that_takes_nothing_holds_up_no_signal_and_costs_no_other_output_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let (from, stalled) = (folder.path().join("many.pcap"), folder.path().join("stalled"));
    std::fs::write(&from, many(20_000)).unwrap();
    fifo(&stalled);
    // Opened both ways, a FIFO has a reader, who never takes anything.
    let mut options = File::options();
    options.read(true).write(true).custom_flags(nix::libc::O_NONBLOCK);
    let mut reader = options.open(&stalled).unwrap();
    let (old, copies) = (folder.path().join("old.pcap"), tempfile::tempdir().unwrap());
    for ((name, number), option) in ENDS.into_iter().zip(["-T", "-w", "--json", "-T"]) {
        std::fs::write(&old, "old").unwrap();
        let mut command = ipeek();
        command.arg("read").arg(&from);
        match option {
            "-T" => command.args(["-T", "packets", "--force", "-w"]).arg(&old),
            _ => command.args(["-T", "summary", option]).arg(&stalled),
        };
        if option == "-T" {
            command.stdout(File::options().write(true).open(&stalled).unwrap());
        }
        let mut child = Running::start(&mut command);
        child.rests();
        assert!(child.0.try_wait().unwrap().is_none(), "{name}: it waits for the reader");
        child.signal(name);
        let code = child.end();
        let said = child.said();
        assert_eq!(code, Some(128 + number), "{name}: {said}");
        if option == "-w" {
            // How much of a capture its reader got is told.
            let [seen, kept, _, lost] = super::full::counts(&said);
            assert!(kept > 30 && lost > 0 && seen == kept + lost, "{said}");
        } else {
            assert_eq!(said, "", "{name}");
        }
        if option == "-T" {
            // What got as far as the capture is there, whole.
            assert!(packets(&old) > 0, "{name}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{name}: leftovers");
        // What a FIFO had room for ends with a whole line or record.
        let mut taken = Vec::new();
        let _ = reader.read_to_end(&mut taken);
        assert!(taken.len() > 40_000, "{name}: {}", taken.len());
        if option == "-w" {
            let to = copies.path().join("taken.pcapng");
            std::fs::write(&to, taken).unwrap();
            assert!(packets(&to) > 30, "{name}");
        } else if option == "--json" {
            assert_eq!(taken.last(), Some(&b'\n'), "{name}");
        }
    }
}

/// Flows are told one by one at the end, after a signal too.
#[test]
fn an_end_with_many_flows_tells_all_of_them() {
    const FLOWS: u32 = 20_000;
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    fifo(&from);
    let mut bytes = many(0);
    for number in 0..FLOWS {
        let mut record = many(1).split_off(24);
        // No more than the headers; its source is one of its own.
        record.truncate(16 + 42);
        record[8..12].copy_from_slice(&42_u32.to_le_bytes());
        record[16 + 26..16 + 30].copy_from_slice(&(0x0a00_0000 + number).to_be_bytes());
        bytes.extend(record);
    }
    let json = folder.path().join("a.json");
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "summary", "--events", "flow,summary", "--json"]);
    let mut child = Running::start(command.arg(&json));
    let mut writer = File::options().write(true).open(&from).unwrap();
    std::io::Write::write_all(&mut writer, &bytes).unwrap();
    child.rests();
    child.signal("INT");
    let code = child.end();
    assert_eq!((code, child.said().as_str()), (Some(130), ""));
    let text = std::fs::read_to_string(&json).unwrap();
    let flows = text.matches(r#""event_type":"flow""#).count();
    assert_eq!(u32::try_from(flows).unwrap(), FLOWS);
    assert!(text.lines().last().unwrap().contains(r#""event_type":"summary""#));
}

#[test]
fn whoever_reads_slowly_gets_everything() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(5000)).unwrap();
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "packets"]).stdout(Stdio::piped());
    let mut child = Running::start(&mut command);
    let mut out = BufReader::new(child.0.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(150));
        out.read_line(&mut line).unwrap();
    }
    assert_eq!(out.lines().count(), 4997);
    assert_eq!(child.end(), Some(0));
}

#[test]
fn a_pipe_that_is_closed_is_success_and_silent() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(20_000)).unwrap();
    for format in ["packets", "tree", "json", "csv", "summary"] {
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", format]).stdout(Stdio::piped());
        if format == "csv" {
            command.args(["-e", "ip.src"]);
        }
        let mut child = Running::start(&mut command);
        drop(child.0.stdout.take());
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn two_interrupts_at_once_end_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    fifo(&from);
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "packets"]);
    let mut child = Running::start(&mut command);
    let _writer = File::options().write(true).open(&from).unwrap();
    child.rests();
    child.signal("INT");
    child.signal("INT");
    let code = child.end();
    assert_eq!((code, child.said().as_str()), (Some(130), ""));
}

#[test]
fn what_can_be_no_capture_is_refused_with_a_hint_of_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (path, words) in [
        (folder.path(), "is a directory, not a capture"),
        (Path::new("/dev/zero"), "zero"),
        // Some of what is random begins as a capture of another program does.
        (Path::new("/dev/urandom"), "capture"),
        (Path::new("/dev/null"), "not a capture"),
    ] {
        let mut child = Running::start(ipeek().arg("read").arg(path).args(["-T", "summary"]));
        let code = child.end();
        let said = child.said();
        assert_eq!(code, Some(1), "{}: {said}", path.display());
        assert!(said.contains(words), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
