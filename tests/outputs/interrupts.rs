//! Interrupts that come twice, early or where they were ignored; and where output is cut by them.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;

use ipeek::capture::Batch;
use ipeek::capture::file::open_all;
use ipeek::capture::save::{Rules, Saver};
use ipeek::export::output::Output;
use ipeek::export::pcap::SaveSink;
use ipeek::run::open_outputs::OpenOutputs;
use ipeek::session::Sink;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::*;
use crate::skip::skip;

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

#[test]
fn two_interrupts_a_moment_apart_keep_every_record_and_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    fifo(&from);
    let (to, json) = (folder.path().join("a.pcap"), folder.path().join("a.json"));
    for round in 0..16 {
        std::fs::write(&to, "old").unwrap();
        std::fs::write(&json, "old").unwrap();
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", "summary", "--force", "-w"]).arg(&to);
        let mut child = Running::start(command.arg("--json").arg(&json));
        let mut writer = File::options().write(true).open(&from).unwrap();
        writer.write_all(&many(20)).unwrap();
        child.rests();
        // As `timeout` does, or as a finger that trembles.
        send(&child.0, Signal::SIGINT);
        std::thread::sleep(Duration::from_micros([0, 300, 1_000, 20_000][round % 4]));
        send(&child.0, Signal::SIGINT);
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(130), ""), "{round}");
        assert_eq!(packets(&to), 20, "{round}");
        let text = std::fs::read_to_string(&json).unwrap();
        let last = text.lines().last().unwrap();
        assert!(last.contains(r#""event_type":"summary""#), "{round}: {last}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{round}: leftovers");
    }
}

/// What a second interrupt does, with a run that is stuck: records that were handed over are in the
/// files, under their names, and what is busy is waited for no longer than that.
#[test]
fn whoever_forces_the_end_closes_the_files_first() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["a.pcap", "b.pcapng", "c.json", "stuck.pcap", "empty.pcap", "empty.json"] {
        std::fs::write(at(name), "old").unwrap();
    }
    let rules = || Rules { force: true, ..Rules::default() };
    let open = OpenOutputs::default();
    let mut batch = Batch::new();
    open_all(&[capture("office.pcapng")]).unwrap().fill(&mut batch).unwrap();
    let all: Vec<u32> = (0..batch.records.len().try_into().unwrap()).collect();
    let mut sinks = Vec::new();
    for name in ["stuck.pcap", "a.pcap", "b.pcapng"] {
        let saver = Saver::create(&at(name), &rules()).unwrap();
        let saver = std::sync::Arc::new(std::sync::Mutex::new(Some(saver)));
        open.add_capture(&at(name), &saver);
        let mut sink = SaveSink::sharing(saver.clone());
        sink.frames(&batch, &all).unwrap();
        sinks.push((sink, saver));
    }
    let mut json = Output::create(&at("c.json"), &rules()).unwrap();
    open.add_text(&at("c.json"), &json);
    json.write(b"{}\n").unwrap();
    let saver = Saver::create(&at("empty.pcap"), &rules()).unwrap();
    let empty = std::sync::Arc::new(std::sync::Mutex::new(Some(saver)));
    open.add_capture(&at("empty.pcap"), &empty);
    let nothing = Output::create(&at("empty.json"), &rules()).unwrap();
    open.add_text(&at("empty.json"), &nothing);
    let stuck = sinks[0].1.clone();
    let busy = stuck.lock().unwrap();
    open.close(Duration::from_millis(80), None);
    // What nothing came for replaces nothing.
    for name in ["stuck.pcap", "empty.pcap", "empty.json"] {
        assert_eq!(std::fs::read_to_string(at(name)).unwrap(), "old", "{name}");
    }
    assert_eq!(std::fs::read_to_string(at("c.json")).unwrap(), "{}\n");
    for name in ["a.pcap", "b.pcapng"] {
        assert_eq!(packets(&at(name)), all.len(), "{name}");
    }
    // The run goes on for a moment, and whatever it still has goes nowhere.
    drop(busy);
    sinks[1].0.frames(&batch, &all).unwrap();
    json.write(b"{}\n").unwrap();
    json.end().unwrap();
    assert_eq!(packets(&at("a.pcap")), all.len());
    assert_eq!(std::fs::read_to_string(at("c.json")).unwrap(), "{}\n");
}

/// Where INT and TERM are ignored, as they are for what a shell starts with `&`, they still end it;
/// a HUP that is ignored was not meant for it.
#[test]
fn signals_that_were_ignored_end_it_and_an_ignored_hang_up_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    fifo(&from);
    for (words, signal, number) in [
        (&["read", "FIFO", "-T", "summary"][..], Signal::SIGINT, 2),
        (&["read", "FIFO", "-T", "summary"], Signal::SIGTERM, 15),
        (&["lookup", "-"], Signal::SIGINT, 2),
        (&["lookup", "-"], Signal::SIGTERM, 15),
    ] {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"trap '' INT TERM HUP; exec "$0" "$@""#, env!("CARGO_BIN_EXE_ipeek")]);
        let words =
            words.iter().map(|word| if *word == "FIFO" { from.as_os_str() } else { word.as_ref() });
        shell.args(words).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = Running::start(&mut shell);
        child.handles_signals();
        child.rests();
        send(&child.0, Signal::SIGHUP);
        child.rests();
        assert!(child.0.try_wait().unwrap().is_none(), "{signal}: the hang-up ended it");
        send(&child.0, signal);
        let mut status = None;
        wait_until(&format!("{signal} is ignored"), || {
            status = child.0.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        let died = status.signal().or(status.code().map(|code| code - 128));
        assert_eq!(died, Some(number), "{status}");
    }
}

#[cfg(feature = "live")]
#[test]
fn a_signal_while_a_capture_filter_compiles_ends_it() {
    let file = capture("office.pcapng");
    let file = file.to_str().unwrap();
    for (words, signal, expected) in [
        (&["read", file, "-T", "summary", "-f"][..], Signal::SIGINT, 130),
        (&["read", file, "-T", "summary", "-f"], Signal::SIGTERM, 143),
        (&["read", file, "-T", "summary", "-f"], Signal::SIGHUP, 129),
        (&["read", file, "-T", "summary", "-f"], Signal::SIGQUIT, 131),
        (&["live", "-i", "lo", "-T", "summary"], Signal::SIGINT, 0),
        (&["live", "-i", "lo", "-T", "json", "-f"], Signal::SIGTERM, 0),
    ] {
        let mut command = ipeek();
        let mut child = Running::start(command.args(words).arg(endless()));
        child.handles_signals();
        std::thread::sleep(Duration::from_millis(200));
        if let Some(status) = child.0.try_wait().unwrap() {
            // The one thing that may end it by itself is that there is no right to capture.
            assert_eq!(status.code(), Some(6), "{words:?}");
            continue;
        }
        send(&child.0, signal);
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(expected), ""), "{words:?}");
    }
}

/// Whoever takes the rest of a line within a tenth of a second gets it.
#[test]
fn a_reader_that_is_slow_gets_whole_lines_until_the_signal() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(60_000)).unwrap();
    for (format, pause, octets) in [
        ("packets", 10, 1000),
        ("json", 10, 4096),
        ("tree", 20, 8192),
        ("packets", 30, 4096),
        ("json", 1, 1000),
    ] {
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", format]).stdout(Stdio::piped());
        let mut child = Running::start(&mut command);
        let mut out = child.0.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let (mut all, mut piece) = (Vec::new(), vec![0; octets]);
            let began = Instant::now();
            loop {
                // Slow while there is anything to be late for.
                if began.elapsed() < Duration::from_secs(2) {
                    std::thread::sleep(Duration::from_millis(pause));
                }
                match out.read(&mut piece).unwrap() {
                    0 => return all,
                    count => all.extend_from_slice(&piece[..count]),
                }
            }
        });
        child.handles_signals();
        std::thread::sleep(Duration::from_secs(1));
        assert!(child.0.try_wait().unwrap().is_none(), "{format}: it waits for its reader");
        send(&child.0, Signal::SIGINT);
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(130), ""), "{format} {pause}");
        let all = reader.join().unwrap();
        assert!(all.len() > 60_000, "{format} {pause}: {}", all.len());
        let end = String::from_utf8_lossy(&all[all.len() - 60..]).into_owned();
        assert!(all.ends_with(b"\n"), "{format} {pause}: {end:?}");
    }
}

/// An output that another one holds up is put in its place all the same.
#[test]
fn a_reader_that_stalls_keeps_no_file_from_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(20_000)).unwrap();
    let (to, json) = (folder.path().join("a.pcap"), folder.path().join("a.json"));
    for _ in 0..3 {
        std::fs::write(&to, "old").unwrap();
        std::fs::write(&json, "old").unwrap();
        let mut command = ipeek();
        command.arg("read").arg(&from).args(["-T", "tree", "--force", "--threads", "2"]);
        command.arg("-w").arg(&to).arg("--json").arg(&json).stdout(Stdio::piped());
        let mut child = Running::start(&mut command);
        child.rests();
        assert!(child.0.try_wait().unwrap().is_none(), "it waits for its reader");
        send(&child.0, Signal::SIGINT);
        send(&child.0, Signal::SIGINT);
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(130), ""));
        packets(&to);
        let text = std::fs::read_to_string(&json).unwrap();
        assert!(text != "old" && text.ends_with("}\n"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "leftovers");
    }
}

/// What a live capture was sent is what it wrote and what it counted as lost, however it is ended.
#[cfg(all(feature = "live", target_os = "linux"))]
#[test]
fn recordings_that_are_interrupted_twice_have_every_packet_and_their_name() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcap");
    let seen = |said: &str| -> Option<u64> {
        let ledger = said.lines().last()?.strip_prefix("ledger: received ")?;
        let number = |part: &str| part.trim().rsplit(' ').next()?.parse::<u64>().ok();
        let (_, parts) = ledger.split_once('=')?;
        let parts = parts.split(" + ").skip(1);
        parts.map(number).sum()
    };
    for round in 0..8 {
        std::fs::write(&to, "old").unwrap();
        let mut command = Command::new("timeout");
        let is_timeout = round % 2 == 0;
        if is_timeout {
            command.args(["-s", "INT", "3", env!("CARGO_BIN_EXE_ipeek")]);
        } else {
            command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        }
        command.args(["live", "-i", "lo", "-T", "summary", "--buffer", "4", "--force", "-w"]);
        command.arg(&to).arg(format!("udp dst port {port}"));
        command.env_remove("SUDO_UID").stdin(Stdio::null());
        // A group of its own: `timeout` sends to its whole group.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut child = Running(child);
        let began = Instant::now();
        while std::fs::read_dir(folder.path()).unwrap().count() < 2 {
            if child.0.try_wait().unwrap().is_some() {
                let said = child.said();
                assert!(said.contains("no permission"), "{said}");
                skip!(Capture);
            }
            assert!(began.elapsed() < PATIENCE, "no capture");
            std::thread::sleep(Duration::from_millis(2));
        }
        // The ring is open before the output is; a few packets more are sent while it ends.
        let (mut sent, began) = (0, Instant::now());
        while began.elapsed() < Duration::from_millis(400) {
            sent += u64::from(socket.send_to(&[7; 200], ("127.0.0.1", port)).is_ok());
            std::thread::sleep(Duration::from_micros(500));
        }
        if !is_timeout {
            send(&child.0, Signal::SIGINT);
            std::thread::sleep(Duration::from_millis(1));
            send(&child.0, Signal::SIGINT);
        }
        let code = child.end();
        let said = child.said();
        assert!(matches!(code, Some(0 | 124)), "{round}: {code:?} {said}");
        let text = std::io::read_to_string(child.0.stdout.as_mut().unwrap()).unwrap();
        let lost = seen(&text).unwrap_or_else(|| panic!("{round}: {text}"));
        assert_eq!(packets(&to) as u64 + lost, sent, "{round}: {text}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{round}: leftovers");
    }
}
