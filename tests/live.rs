//! Live capture between two network namespaces of the test's own.
#![cfg(feature = "live")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod counts;
mod load;
mod told;

use std::process::{Command, Stdio};
use std::time::Instant;

use ipeek::capture::event::What;
use ipeek::capture::live::{self, Live, Options};
use ipeek::capture::{Batch, CaptureError, Fill, Source};

use crate::outputs::PATIENCE;
use crate::skip::skip;

/// A veth pair: one end here, the other in a namespace; gone when dropped.
struct Pair {
    space: String,
    here: String,
    /// First three octets of both ends' addresses: .1 here, .2 there.
    net: String,
}

/// Runs a command of words; whether it went well.
pub(crate) fn run(words: &str) -> bool {
    let mut words = words.split(' ');
    Command::new(words.next().unwrap())
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

impl Pair {
    /// Nothing where namespaces cannot be made.
    fn new(letter: char) -> Option<Self> {
        let net = format!("198.18.{}", u32::from(letter)); // a net of its own: tests run at once
        let id = std::process::id();
        let pair =
            Self { space: format!("ipeek{letter}{id}"), here: format!("ipk{letter}{id}"), net };
        let Self { space, here, net } = &pair;
        let made = run(&format!("ip netns add {space}"))
            && run(&format!("ip link add {here} type veth peer name there netns {space}"))
            && run(&format!("sysctl -qw net.ipv6.conf.{here}.disable_ipv6=1"))
            && run(&format!("ip netns exec {space} sysctl -qw net.ipv6.conf.all.disable_ipv6=1"))
            && run(&format!("ip addr add {net}.1/30 dev {here}"))
            && run(&format!("ip -n {space} addr add {net}.2/30 dev there"))
            && run(&format!("ip link set {here} up"))
            && run(&format!("ip -n {space} link set there up"));
        made.then_some(pair)
    }

    /// Pings this end from the other.
    fn ping(&self, how: &str) -> bool {
        run(&format!("ip netns exec {} ping -q -w 5 {how} {}.1", self.space, self.net))
    }

    /// Takes this end down and up, and changes its MTU and its addresses.
    fn change(&self) {
        let Self { here, net, .. } = self;
        for words in [
            format!("ip link set {here} down"),
            format!("ip link set {here} up"),
            format!("ip link set {here} mtu 1400"),
            format!("ip addr add {net}.9/32 dev {here}"),
            format!("ip addr del {net}.9/32 dev {here}"),
        ] {
            assert!(run(&words), "{words}");
        }
    }

    fn counter(&self, name: &str) -> u64 {
        let path = format!("/sys/class/net/{}/statistics/{name}", self.here);
        std::fs::read_to_string(path).unwrap().trim().parse().unwrap()
    }

    fn open(&self, filter: Option<&str>) -> Live {
        let options = Options {
            interfaces: vec![self.here.clone()],
            filter: filter.map(str::to_owned),
            buffer_mib: 4,
            ..Options::default()
        };
        live::open(&options).unwrap().start().unwrap()
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        run(&format!("ip link del {}", self.here));
        run(&format!("ip netns del {}", self.space));
    }
}

/// Takes records until `enough` or an end, for as long as one has patience; gives their lengths.
fn take(live: &mut Live, enough: usize) -> (Vec<u32>, Option<Result<Fill, CaptureError>>) {
    let (mut batch, mut lengths) = (Batch::new(), Vec::new());
    let deadline = Instant::now() + PATIENCE;
    while lengths.len() < enough && Instant::now() < deadline {
        match live.fill(&mut batch) {
            Ok(Fill::Records) => lengths.extend(batch.records.iter().map(|record| record.original)),
            Ok(Fill::Quiet) => {}
            end => return (lengths, Some(end)),
        }
    }
    (lengths, None)
}

#[test]
fn what_is_sent_is_delivered_and_the_books_close() {
    let Some(pair) = Pair::new('a') else { skip!(Network) };
    let before = pair.counter("rx_packets") + pair.counter("tx_packets");
    let mut live = pair.open(None);
    let stopper = live.stopper();
    assert!(pair.ping("-f -c 500"));
    stopper.stop();
    let (lengths, end) = take(&mut live, usize::MAX);
    assert!(matches!(end, Some(Ok(Fill::End(damage))) if damage.is_empty()));
    let sent = pair.counter("rx_packets") + pair.counter("tx_packets") - before;
    let ledger = live.drops().ledger();
    assert!(sent >= 1000, "{sent}");
    assert_eq!(ledger.received, Some(sent), "{ledger:?}");
    assert_eq!(ledger.delivered, lengths.len() as u64);
    let [kernel, unread] = [ledger.kernel, ledger.unread].map(Option::unwrap);
    assert_eq!(sent, ledger.delivered + kernel + ledger.application + unread);
}

#[test]
fn several_interfaces_are_one_source_and_snaplen_cuts() {
    let (Some(first), Some(second)) = (Pair::new('d'), Pair::new('e')) else { skip!(Network) };
    let options = Options {
        interfaces: vec![first.here.clone(), second.here.clone()],
        filter: Some("icmp".to_owned()),
        buffer_mib: 2,
        snaplen: 60,
        ..Options::default()
    };
    let mut live = live::open(&options).unwrap().start().unwrap();
    assert!(first.ping("-c 1 -s 100") && second.ping("-c 1 -s 200"));
    live.stopper().stop();
    let (mut batch, mut seen) = (Batch::new(), Vec::new());
    loop {
        match live.fill(&mut batch).unwrap() {
            Fill::Records => seen.extend(batch.frames().map(|frame| {
                assert_eq!(frame.bytes.len(), 60);
                assert!(frame.time.is_some());
                (frame.interface, frame.original)
            })),
            Fill::Quiet => {}
            Fill::End(damage) => {
                assert_eq!(damage, []);
                break;
            }
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [(0, 142), (0, 142), (1, 242), (1, 242)]);
    assert_eq!(batch.facts.counted[&0].delivered, Some(2));
    assert_eq!(batch.interfaces[1].name(), Some(second.here.as_str()));
}

#[test]
fn a_packet_is_shown_before_a_batch_is_full_and_a_silent_interface_stops() {
    let Some(pair) = Pair::new('b') else { skip!(Network) };
    let mut live = pair.open(Some("icmp"));
    assert_eq!(live.fill(&mut Batch::new()).unwrap(), Fill::Quiet);
    assert!(pair.ping("-c 1 -s 100"));
    let (lengths, _) = take(&mut live, 2);
    assert_eq!(lengths, [142, 142]);
    live.stopper().stop();
    let (lengths, end) = take(&mut live, usize::MAX);
    assert!(lengths.is_empty());
    assert!(matches!(end, Some(Ok(Fill::End(damage))) if damage.is_empty()));
}

/// What libpcap says nothing of: packets go on afterwards, and no counter has those of between.
#[test]
fn down_and_up_address_and_mtu_are_told_and_the_capture_goes_on() {
    let Some(pair) = Pair::new('h') else { skip!(Network) };
    let Pair { here, net, .. } = &pair;
    let mut live = pair.open(Some("icmp"));
    assert!(pair.ping("-c 1"));
    assert_eq!(take(&mut live, 2).0.len(), 2);
    pair.change();
    assert!(pair.ping("-c 1"));
    let (mut batch, mut events, mut packets) = (Batch::new(), Vec::new(), 0);
    let deadline = Instant::now() + PATIENCE;
    while (events.len() < 5 || packets < 2) && Instant::now() < deadline {
        if let Fill::Records = live.fill(&mut batch).unwrap() {
            events.extend(batch.events.iter().map(|event| (event.interface, event.what)));
            packets += batch.records.len();
            assert_eq!(batch.interfaces[0].name(), Some(here.as_str()));
        }
    }
    assert_eq!(packets, 2);
    let address = format!("{net}.9").parse().unwrap();
    let [(0, What::Down), (0, What::Up { since }), rest @ ..] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(since.nanos() > 0);
    let expected = [
        (0, What::Mtu { before: 1500, now: 1400 }),
        (0, What::AddressAdded { address, len: 32 }),
        (0, What::AddressRemoved { address, len: 32 }),
    ];
    assert_eq!(rest, expected);
}

#[test]
fn an_interface_that_goes_away_is_an_error() {
    let Some(pair) = Pair::new('c') else { skip!(Network) };
    let mut live = pair.open(None);
    assert!(run(&format!("ip link del {}", pair.here)));
    let (_, end) = take(&mut live, usize::MAX);
    assert!(matches!(end, Some(Err(CaptureError::Interface { .. }))), "{end:?}");
    assert!(matches!(live.fill(&mut Batch::new()), Ok(Fill::End(all)) if all.is_empty()));
}

#[test]
fn the_last_packets_of_an_interface_that_goes_away_are_delivered() {
    let Some(pair) = Pair::new('f') else { skip!(Network) };
    let mut live = pair.open(Some("icmp"));
    assert!(pair.ping("-f -c 500"));
    assert!(run(&format!("ip link del {}", pair.here)));
    let (lengths, end) = take(&mut live, usize::MAX);
    assert!(matches!(end, Some(Err(CaptureError::Interface { .. }))), "{end:?}");
    let ledger = live.drops().ledger();
    let books = (lengths.len(), ledger.received, ledger.unread);
    assert_eq!(books, (1000, Some(1000), Some(0)), "{ledger:?}");
}

#[test]
fn what_cannot_be_opened_says_why() {
    let open = |name: &str, filter: Option<&str>, buffer_mib| {
        let filter = filter.map(str::to_owned);
        let interfaces = vec![name.to_owned()];
        live::open(&Options { interfaces, filter, buffer_mib, ..Options::default() }).err()
    };
    let error = open("nosuch0", None, 1).unwrap();
    assert!(error.to_string().contains("nosuch0"), "{error}");
    let error = open("lo", None, 2048).unwrap().to_string();
    assert!(error.contains("2048"), "{error}");
    match open("lo", Some("hosst 1"), 1) {
        Some(CaptureError::Bpf { .. } | CaptureError::Permission { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn loopback_and_any_are_counted_once() {
    for name in ["lo", "any"] {
        let filter = Some("udp port 40123".to_owned());
        let interfaces = vec![name.to_owned()];
        let Ok(opened) = live::open(&Options { interfaces, filter, ..Options::default() }) else {
            skip!(Capture);
        };
        let mut live = opened.start().unwrap();
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..300 {
            socket.send_to(b"x", "127.0.0.1:40123").unwrap();
        }
        live.stopper().stop();
        let (lengths, _) = take(&mut live, usize::MAX);
        let ledger = live.drops().ledger();
        let books = (lengths.len(), ledger.kernel, ledger.unread);
        assert_eq!(books, (300, Some(0), Some(0)), "{name} {ledger:?}");
    }
}
