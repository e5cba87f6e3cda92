//! What becomes of a capture when something breaks while packets come by the ten thousand: the
//! books close every time, between namespaces of the test's own.

use std::io::{BufRead, BufReader, Read};
use std::net::UdpSocket;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Pair, run};
use crate::outputs::{PATIENCE, Running, ipeek};
use crate::skip::skip;

/// Sends to the other end until it is dropped, some 50,000 datagrams a second.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Load {
    pub(super) fn on(pair: &Pair) -> Self {
        Self::of(pair, 50)
    }

    /// So many datagrams a millisecond.
    fn of(pair: &Pair, count: u32) -> Self {
        assert!(pair.ping("-c 1"));
        let stop = Arc::new(AtomicBool::new(false));
        let (until, net) = (Arc::clone(&stop), pair.net.clone());
        let thread = std::thread::spawn(move || {
            let socket = UdpSocket::bind(format!("{net}.1:0")).unwrap();
            let to = format!("{net}.2:9");
            while !until.load(Ordering::Relaxed) {
                for _ in 0..count {
                    // There is nowhere to send to while the interface is down or gone.
                    let _ = socket.send_to(&[0; 64], &to);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

pub(super) fn capture(pair: &Pair, args: &[&str]) -> Running {
    let mut command = ipeek();
    command.args(["live", "-i", &pair.here]).args(args).stdout(Stdio::piped());
    let child = Running::start(&mut command);
    child.handles_signals();
    // Until it captures: whatever comes after that is counted.
    std::thread::sleep(Duration::from_millis(400));
    child
}

pub(super) fn out(child: &mut Running) -> String {
    let mut text = String::new();
    child.0.stdout.as_mut().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Holds the last line of a summary to its own sum; gives what was delivered.
fn closes(text: &str) -> u64 {
    let line = text.lines().last().unwrap();
    let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[received, delivered, kernel, interface, application, unread] = &numbers[..] else {
        panic!("{line}")
    };
    assert_eq!(received, delivered + kernel + interface + application + unread, "{line}");
    assert!(delivered > 0, "{line}");
    delivered
}

#[test]
fn a_full_disk_ends_it_and_every_packet_is_accounted_for() {
    let Some(pair) = Pair::new('j') else { skip!(Network) };
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().display();
    assert!(run(&format!("mount -t tmpfs -o size=1m,mode=755 tmpfs {disk}")));
    let _disk = Mounted(folder.path());
    let to = folder.path().join("full.pcap");
    let load = Load::on(&pair);
    let mut child = capture(&pair, &["-T", "summary", "-w", to.to_str().unwrap()]);
    let code = child.end();
    drop(load);
    assert_eq!(code, Some(4));
    let delivered = closes(&out(&mut child));
    let said = child.said();
    let numbers = said.split(" packets seen = ").collect::<Vec<_>>();
    let words = format!("{} {}", numbers[0].rsplit(' ').next().unwrap(), numbers[1]);
    let numbers: Vec<u64> = words.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[seen, kept, lost] = &numbers[..] else { panic!("{said}") };
    assert_eq!((seen, seen), (kept + lost, delivered), "{said}");
    assert_eq!(crate::outputs::packets(&to) as u64, kept);
}

/// A file system that goes with its test.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        run(&format!("umount {}", self.0.display()));
    }
}

#[test]
fn an_interface_that_goes_away_closes_the_books() {
    let Some(pair) = Pair::new('k') else { skip!(Network) };
    let load = Load::on(&pair);
    let mut child = capture(&pair, &["-T", "summary"]);
    std::thread::sleep(Duration::from_millis(300));
    assert!(run(&format!("ip link del {}", pair.here)));
    let code = child.end();
    drop(load);
    assert_eq!(code, Some(5));
    closes(&out(&mut child));
}

#[test]
fn a_while_without_the_interface_is_told_and_the_books_close() {
    let Some(pair) = Pair::new('l') else { skip!(Network) };
    let load = Load::on(&pair);
    let mut child = capture(&pair, &["-T", "summary"]);
    assert!(run(&format!("ip link set {} down", pair.here)));
    std::thread::sleep(Duration::from_millis(200));
    assert!(run(&format!("ip link set {} up", pair.here)));
    std::thread::sleep(Duration::from_millis(500));
    child.signal("INT");
    assert_eq!(child.end(), Some(0));
    drop(load);
    let text = out(&mut child);
    closes(&text);
    assert!(text.contains(" was down for 2") && text.contains("interface.gap"), "{text}");
}

#[test]
fn a_reader_that_stops_for_a_while_costs_records_and_no_packet() {
    let Some(pair) = Pair::new('m') else { skip!(Network) };
    // No more than a build without optimisation takes in: what is lost is the reader's doing.
    let load = Load::of(&pair, 6);
    let mut child = capture(&pair, &["-T", "json", "--events", "packet,summary"]);
    // Sixteen megabytes wait; the rest is left out.
    child.stops_growing();
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let (mut packets, mut left_out, mut octets, mut last) = (0, 0, 0, String::new());
    let began = Instant::now();
    let mut is_over = false;
    for line in lines.map(Result::unwrap) {
        packets += u64::from(line.contains(r#""event_type":"packet""#));
        octets += if left_out == 0 { line.len() + 1 } else { 0 };
        if line.contains("output.records.left_out") {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            left_out += event["anomaly"]["count"].as_u64().unwrap();
            assert_eq!(event["anomaly"]["so_far"], left_out);
            // It is read on from here as it comes.
            child.signal("TERM");
            is_over = true;
        }
        assert!(is_over || began.elapsed() < PATIENCE, "nothing is said");
        last = line;
    }
    assert_eq!(child.end(), Some(0));
    drop(load);
    let summary: serde_json::Value = serde_json::from_str(&last).unwrap();
    let drops = &summary["drops"];
    assert!(left_out > 1000, "{left_out}");
    // What waited, and what the pipe and the hands of the writer held; a batch whose records find
    // no room is left out whole.
    assert!((15 << 20..18 << 20).contains(&octets), "{octets}");
    assert_eq!(drops["records"], left_out, "{drops}");
    // What was captured is counted, whether it was written or not; and nothing else was lost here.
    assert_eq!(summary["packets"], packets + left_out);
    assert_eq!(drops["application"], 0, "{drops}");
}

/// Whoever asks for the end does not wait for a reader, and that is nobody's failure.
#[test]
fn a_reader_that_takes_nothing_makes_no_failure_of_an_end_that_was_asked_for() {
    let Some(pair) = Pair::new('o') else { skip!(Network) };
    let folder = tempfile::tempdir().unwrap();
    let stalled = folder.path().join("stalled");
    let load = Load::on(&pair);
    for option in ["-w", "--json"] {
        let _ = std::fs::remove_file(&stalled);
        crate::outputs::fifo(&stalled);
        // Opened both ways, a FIFO has a reader, who never takes anything.
        let _reader = std::fs::File::options().read(true).write(true).open(&stalled).unwrap();
        let to = stalled.to_str().unwrap();
        let mut child = capture(&pair, &["-T", "summary", option, to]);
        std::thread::sleep(Duration::from_secs(1));
        child.signal("INT");
        let code = child.end();
        let said = child.said();
        assert_eq!(code, Some(0), "{option}: {said}");
        if option == "-w" {
            assert!(said.contains(" packets seen = ") && said.contains(" lost"), "{said}");
        } else {
            assert_eq!(said, format!("ipeek: {to}: nobody reads it\n"));
        }
        closes(&out(&mut child));
        // Nobody asked: then it is one, told with the name of the output.
        if option == "--json" {
            let mut child = capture(&pair, &["-T", "summary", option, to, "--duration", "1"]);
            assert_eq!(child.end(), Some(4));
            let words = format!("ipeek: {to}: nobody reads it\n");
            assert_eq!(child.said(), words);
        }
    }
    drop(load);
}

#[test]
fn a_signal_under_load_ends_it_and_the_books_close() {
    let Some(pair) = Pair::new('n') else { skip!(Network) };
    let load = Load::on(&pair);
    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let mut child = capture(&pair, &["-T", "summary"]);
        child.signal(signal);
        let code = child.end();
        assert_eq!(code, Some(0), "{signal}");
        closes(&out(&mut child));
    }
    drop(load);
}
