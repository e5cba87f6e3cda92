//! Packets made to cost as much as they can: the walk's depth and its time are bounded.

use std::time::{Duration, Instant};

use ipeek::decode::layers::MAX_SPANS;
use ipeek::decode::{Layers, Reason};

use crate::packets::{Decoded, Owned, hex};

/// Octets of a bomb.
const SIZE: usize = 65_535;

/// `head`, then `again` up to the size of a bomb.
fn bomb(name: &'static str, link: u16, head: &str, again: &str) -> (&'static str, Owned) {
    let (mut octets, again) = (hex(head), hex(again));
    while octets.len() + again.len() <= SIZE {
        octets.extend(&again);
    }
    (name, Owned::new(link, octets))
}

const MACS: &str = "020000000001 020000000002";

fn bombs() -> Vec<(&'static str, Owned)> {
    let v4 = |proto: u8| format!("4500ffff 00000000 40{proto:02x}0000 0a000001 0a000002");
    let v6 = |next: u8| format!("60000000 ffff{next:02x}40 {}", "20".repeat(32));
    let udp = |port: u16| format!("{} c350{port:04x}ffff0000", v4(17));
    let vxlan = format!("{} 0800000000000100 {MACS} 0800", udp(4789));
    let gtp = format!("{} 30ffffff00000001", udp(2152));
    vec![
        bomb("tags", 1, MACS, "81000001"),
        bomb("labels", 1, &format!("{MACS} 8847"), "00064000"),
        bomb("IPv4 in IPv4", 101, "", &v4(4)),
        bomb("IPv6 in IPv6", 101, "", &v6(41)),
        bomb("destination options", 101, &v6(60), "3c00000000000000"),
        bomb("fragment headers", 101, &v6(44), "2c00000000000000"),
        bomb("authentication headers", 101, &v6(51), "330100000000000000000000"),
        bomb("GRE in GRE", 101, "", &format!("{} 00000800", v4(47))),
        bomb("GRE routes", 101, &format!("{} 40000800 00000000", v4(47)), "0800000100"),
        bomb("EtherIP", 101, "", &format!("{} 3000 {MACS} 0800", v4(97))),
        bomb("VXLAN", 101, "", &vxlan),
        bomb("GTP", 101, "", &gtp),
        bomb(
            "GTP extension headers",
            101,
            &format!("{} 34ffffff00000001 00000085", udp(2152)),
            "01000085",
        ),
        bomb("sniffer's tags", 101, &format!("{} 01000001", udp(37008)), "00"),
        bomb("minimal encapsulation", 101, &v4(55), "3700000000000000"),
        bomb("PPP in GRE", 101, "", &format!("{} 0000880b ff030021", v4(47))),
        bomb("padding before a jumbo payload", 101, &v6(0).replace("ffff00", "000000"), "00ff"),
        bomb("Geneve", 101, "", &format!("{} 3f000800000001{}", udp(6081), "00".repeat(253))),
        bomb("nothing", 1, MACS, "00"),
    ]
}

#[test]
fn no_bomb_is_walked_deeper_than_there_is_room() {
    let mut deep = 0;
    for (name, owned) in bombs() {
        let packet = Decoded::of(owned);
        assert!(packet.layers.spans().len() <= MAX_SPANS, "{name}");
        let of = |layer: &str| {
            packet.layers.spans().iter().filter(|span| span.layer.header().name == layer).count()
        };
        assert!(of("ip") + of("ipv6") <= 8, "{name}: {}", packet.chain());
        assert!(of("eth") + of("ppp") <= 4, "{name}: {}", packet.chain());
        assert!(of("ipv6.dstopts") + of("ipv6.fraghdr") + of("ah") <= 16, "{name}");
        deep += usize::from(packet.stop().is_some_and(|(reason, ..)| reason == Reason::TooDeep));
    }
    assert!(deep >= 12, "{deep} bombs end as too deep");
}

/// Ten microseconds a packet; builds without optimisation get twenty times that.
#[test]
fn no_bomb_takes_longer_than_ten_microseconds() {
    let limit = Duration::from_micros(if cfg!(debug_assertions) { 200 } else { 10 });
    let mut layers = Layers::new();
    for (name, owned) in bombs() {
        let frame = owned.frame();
        let runs = (0..5).map(|_| {
            let begin = Instant::now();
            ipeek::decode::walk::walk(&frame, &mut layers);
            begin.elapsed()
        });
        let least = runs.min().unwrap_or_default();
        assert!(least <= limit, "{name}: {least:?}");
    }
}
