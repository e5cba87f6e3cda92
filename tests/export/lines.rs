//! Packets as lines: whole recordings.

use ipeek::base::timestamp::Timestamp;
use ipeek::decode::history::History;
use ipeek::export::lines::{Lines, time};
use ipeek::export::text::Style;
use ipeek::report::time::TimeFormat;
use ipeek::session::{Context, Render};

use super::{each_packet, snapshot};

fn lines(capture: &str, bytes: bool) -> String {
    let mut renderer = Lines::new(TimeFormat::Relative, Style::Plain, bytes);
    let (mut zero, mut out) = (None, Vec::new());
    each_packet(capture, |packet| {
        zero = zero.or(packet.frame.time);
        renderer.packet(
            packet,
            Context { flow: None, zero, history: History::default(), datagram: None },
            &mut out,
        );
    });
    String::from_utf8(out).expect("text")
}

#[test]
fn a_traceroute() {
    snapshot("lines_traceroute", &lines("traceroute.pcap", false));
}

#[test]
fn datagrams_in_fragments() {
    snapshot("lines_fragments", &lines("fragments.pcap", false));
}

#[test]
fn a_tunnel() {
    snapshot("lines_gre", &lines("gre.pcap", false));
}

#[test]
fn octets_stand_below_their_line() {
    let text = lines("link-ipv4.pcap", true);
    assert_eq!(
        text.lines().nth(1).map(|line| line.trim_start().get(..11)),
        Some(Some("0000  45 00"))
    );
}

#[test]
fn a_time_before_1970_is_a_negative_number_of_seconds() {
    // tshark 4 has the floor and the fraction above it: -1.500000000 for half a second before.
    for (nanos, text) in [(-500_000_000, "-0.500000000"), (-1_500_000_001, "-1.500000001")] {
        let mut written = String::new();
        time(&mut written, TimeFormat::Epoch, Timestamp::from_nanos(nanos), None);
        assert_eq!(written, text);
    }
}
