//! What each number of the ledger counts, on interfaces and with filters on which libpcap drops
//! packets without counting them.

use std::net::UdpSocket;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use ipeek::capture::live::{self, Live, Options};
use ipeek::capture::{Batch, CaptureError, Fill, Ledger, Source};

use super::{Pair, run};
use crate::outputs::{Running, ipeek};
use crate::skip::skip;

/// Datagrams that are sent.
const SENT: u64 = 2000;

/// Nothing without the right to capture.
fn open(interface: &str, filter: &str) -> Option<Live> {
    let options = Options {
        interfaces: vec![interface.to_owned()],
        filter: Some(filter.to_owned()),
        buffer_mib: 1,
        ..Options::default()
    };
    match live::open(&options) {
        Ok(opened) => Some(opened.start().unwrap()),
        Err(CaptureError::Permission { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Sends [`SENT`] datagrams of `octets` to a port of the loopback interface.
fn send(port: u16, octets: usize) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..SENT {
        // What nobody receives is answered with ICMP errors, which the next call tells.
        let _ = socket.send_to(&vec![0; octets], ("127.0.0.1", port));
    }
}

/// Ends the capture; gives packets and counters.
fn end(mut live: Live) -> (u64, Ledger) {
    live.stopper().stop();
    let (mut batch, mut packets) = (Batch::new(), 0);
    while !matches!(live.fill(&mut batch).unwrap(), Fill::End(_)) {
        packets += batch.records.len() as u64;
        batch.clear();
    }
    (packets, live.drops().ledger())
}

#[test]
fn loopback_with_a_direction_loses_no_packet() {
    for (interface, filter) in
        [("lo", "inbound and udp port 40201"), ("any", "inbound and udp port 40202")]
    {
        let Some(live) = open(interface, filter) else { skip!(Capture) };
        send(if interface == "lo" { 40201 } else { 40202 }, 1);
        let (packets, ledger) = end(live);
        let books = (packets, ledger.kernel, ledger.unread);
        assert_eq!(books, (SENT, Some(0), Some(0)), "{interface} {ledger:?}");
    }
}

/// The first block of the ring is filtered by libpcap itself, which knows no directions.
#[test]
fn the_first_packets_of_a_direction_are_delivered() {
    let Some(pair) = Pair::new('p') else { skip!(Network) };
    for filter in ["inbound and icmp", "outbound and icmp"] {
        let live = open(&pair.here, filter).unwrap();
        assert!(pair.ping("-f -c 500"));
        let (packets, ledger) = end(live);
        assert_eq!((packets, ledger.received), (500, Some(500)), "{filter} {ledger:?}");
    }
}

/// `ip protochain` has a loop, which the kernel does not take.
#[test]
fn what_a_filter_rejects_here_is_not_unread() {
    for interface in ["lo", "any"] {
        let port = if interface == "lo" { 40203 } else { 40204 };
        let filter = format!("ip protochain 6 and port {port}");
        let Some(live) = open(interface, &filter) else { skip!(Capture) };
        send(port, 1);
        let (packets, ledger) = end(live);
        assert_eq!(packets, 0, "{interface} {ledger:?}");
        // Whatever comes at all waits in the ring, and other tests send something to `any`.
        assert!(interface == "any" || ledger.unread == Some(0), "{interface} {ledger:?}");
        let Some(live) = open(interface, &format!("ip protochain 17 and port {port}")) else {
            skip!(Capture);
        };
        send(port, 1);
        let (packets, ledger) = end(live);
        assert_eq!(packets, SENT, "{interface} {ledger:?}");
        assert!(interface == "any" || ledger.unread == Some(0), "{interface} {ledger:?}");
    }
}

#[test]
fn every_packet_that_found_no_room_is_counted_once() {
    for interface in ["lo", "any"] {
        let port = if interface == "lo" { 40205 } else { 40206 };
        let Some(live) = open(interface, &format!("udp dst port {port}")) else { skip!(Capture) };
        // A ring of 1 MiB holds sixteen of them.
        send(port, 60_000);
        let (packets, ledger) = end(live);
        let (kernel, unread) = (ledger.kernel.unwrap(), ledger.unread.unwrap());
        assert!(kernel > 0, "{ledger:?}");
        assert_eq!(packets + kernel + ledger.application + unread, SENT, "{interface} {ledger:?}");
    }
}

#[test]
fn what_came_before_the_filter_is_no_part_of_the_capture() {
    let Some(pair) = Pair::new('q') else { skip!(Network) };
    let mut ping = Command::new("ip")
        .args(["netns", "exec", &pair.space, "ping", "-q", "-f", "-w", "5", "-c", "100000"])
        .arg(format!("{}.1", pair.net))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..5 {
        // Libpcap takes a while for it.
        let ports: Vec<String> = (1..40).map(|port| format!("tcp port {}", port * 7)).collect();
        let live = open(&pair.here, &ports.join(" or ")).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        let (packets, ledger) = end(live);
        let books = (packets, ledger.received, ledger.unread);
        assert_eq!(books, (0, Some(0), Some(0)), "{ledger:?}");
    }
    ping.kill().unwrap();
    ping.wait().unwrap();
}

#[test]
fn nobody_knows_what_all_interfaces_together_dropped() {
    let Some(live) = open("any", "udp port 40207") else { skip!(Capture) };
    let (_, ledger) = end(live);
    assert_eq!((ledger.interface, ledger.received), (None, None), "{ledger:?}");
}

/// In a mount namespace of its own, where `/sys` has nothing.
#[test]
fn without_sys_loopback_counts_once_and_the_interface_is_not_known() {
    if !run("unshare -m true") {
        skip!(Mount, "unshare -m");
    }
    let program = ipeek().get_program().to_owned();
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", "mount -t tmpfs none /sys && exec \"$@\"", "sh"]);
    command.arg(program).args(["live", "-i", "lo", "-T", "json", "--events", "stats,summary"]);
    command.args(["udp", "port", "40208"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running::start(&mut command);
    std::thread::sleep(Duration::from_millis(600));
    send(40208, 1);
    std::thread::sleep(Duration::from_millis(200));
    child.signal("INT");
    assert_eq!(child.end(), Some(0), "{}", child.said());
    let mut text = String::new();
    std::io::Read::read_to_string(child.0.stdout.as_mut().unwrap(), &mut text).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["packets"], SENT, "{text}");
    let expected = serde_json::json!({
        "kernel": 0, "interface": null, "application": 0, "unread": 0
    });
    assert_eq!(last["drops"], expected, "{text}");
}

#[test]
fn an_interface_whose_name_is_no_text_is_listed_and_hides_no_other() {
    let Some(pair) = Pair::new('r') else { skip!(Network) };
    let made = Command::new("ip")
        .args(["-n", &pair.space, "link", "add"])
        .arg(std::ffi::OsStr::from_bytes(b"\xff\xfe"))
        .args(["type", "veth", "peer", "name", "other"])
        .status()
        .unwrap();
    assert!(made.success());
    let within = |args: &[&str]| {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &pair.space]).arg(ipeek().get_program()).args(args);
        command.stdin(Stdio::null()).output().unwrap()
    };
    let listed = within(&["interfaces"]);
    let text = String::from_utf8_lossy(&listed.stdout);
    assert_eq!(listed.status.code(), Some(0), "{}", String::from_utf8_lossy(&listed.stderr));
    for words in ["● there ", "● any ", "its name is not UTF-8", &format!("{}.2", pair.net)] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let bare = within(&["live", "-T", "summary", "--duration", "0.1"]);
    assert_eq!(bare.status.code(), Some(0), "{}", String::from_utf8_lossy(&bare.stderr));
}
