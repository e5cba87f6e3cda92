//! Packets made up: many flows between few hosts, in tunnels or not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ipeek::decode::check::ones_complement_sum;
use proptest::prelude::*;

use crate::packets::Owned;

/// Frames as most networks carry them: VLAN tags, whether IPv6, protocol.
const PLAIN: [(u8, bool, u8); PLAIN_KINDS] = {
    let mut all = [(0, false, 0); PLAIN_KINDS];
    let (mut kind, mut tags) = (0, 0);
    while kind < PLAIN_KINDS {
        let is_v6 = kind / 3 % 2 == 1;
        let proto = [[6, 17, 1], [6, 17, 58]][kind / 3 % 2][kind % 3];
        all[kind] = (tags, is_v6, proto);
        kind += 1;
        if kind % UNTAGGED == 0 {
            tags += 1;
        }
    }
    all
};

/// How many kinds [`plain`] makes.
pub(super) const PLAIN_KINDS: usize = 3 * UNTAGGED;

/// How many of them have no VLAN tag; they come first.
pub(super) const UNTAGGED: usize = 6;

/// An Ethernet frame as most networks carry them.
pub(super) fn plain(kind: usize, payload: usize) -> Owned {
    let (tags, is_v6, proto) = PLAIN[kind];
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    for tag in 1..=tags {
        bytes.extend([0x81, 0x00, 0, tag]);
    }
    let transport = match proto {
        6 => tcp(payload),
        17 => udp(1000, 2000, payload),
        proto => echo(if proto == 1 { 8 } else { 128 }, payload),
    };
    bytes.extend(if is_v6 { [0x86, 0xdd] } else { [0x08, 0x00] });
    let packet = if is_v6 { ipv6 } else { ipv4 };
    bytes.extend(packet(1, 2, proto, &transport));
    // A trailer, which is none of the packet's.
    bytes.extend([0xee; 4]);
    Owned::new(1, bytes)
}

fn echo(kind: u8, payload: usize) -> Vec<u8> {
    let mut bytes = vec![kind, 0, 0, 0, 0, 1, 0, 1];
    bytes.resize(8 + payload, 0);
    bytes
}

fn tcp(payload: usize) -> Vec<u8> {
    let mut bytes = vec![0; 20 + payload];
    bytes[..4].copy_from_slice(&[0x12, 0x34, 0, 80]);
    (bytes[12], bytes[13]) = (0x50, 0x12);
    bytes
}

fn udp(source: u16, destination: u16, payload: usize) -> Vec<u8> {
    let mut bytes = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    bytes.extend(u16::try_from(8 + payload).unwrap().to_be_bytes());
    // Some checksum: IPv6 allows none to be missing.
    bytes.extend([0xbe, 0xef]);
    bytes.resize(8 + payload, 0);
    bytes
}

/// An IPv4 packet from 10.0.0.`source` to 10.0.0.`destination`.
fn ipv4(source: u8, destination: u8, proto: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0xb8];
    bytes.extend(u16::try_from(20 + payload.len()).unwrap().to_be_bytes());
    bytes.extend([0, 1, 0, 0, 64 - source, proto, 0, 0, 10, 0, 0, source, 10, 0, 0, destination]);
    let sum = !ones_complement_sum(&bytes);
    bytes[10..12].copy_from_slice(&sum.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// An IPv6 packet from host `source` of `2001:db8::/64` to host `destination`.
fn ipv6(source: u8, destination: u8, proto: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
    bytes.extend([proto, 64 - source]);
    for host in [source, destination] {
        bytes.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
    }
    bytes.extend(payload);
    bytes
}

/// How many ways [`Made::owned`] knows to carry a flow, broken ones among them.
const TUNNELS: u8 = 10;

/// What the outermost IPv4 header has behind its fixed part: nothing, padding alone, a router
/// alert, a route.
const OPTIONS: [&[u8]; 4] = [&[], &[1, 1, 1, 0], &[148, 4, 0, 0], &[7, 7, 4, 0, 0, 0, 0, 0]];

/// The packet with options in its outermost header: of IPv6, one that every hop looks at.
fn with_options(mut bytes: Vec<u8>, options: &[u8]) -> Vec<u8> {
    match bytes[0] >> 4 {
        4 => {
            bytes.splice(20..20, options.iter().copied());
            bytes[0] += u8::try_from(options.len() / 4).unwrap();
            let len = u16::from_be_bytes([bytes[2], bytes[3]]);
            let len = len + u16::try_from(options.len()).unwrap();
            bytes[2..4].copy_from_slice(&len.to_be_bytes());
            bytes[10..12].fill(0);
            let sum = !ones_complement_sum(&bytes[..20 + options.len()]);
            bytes[10..12].copy_from_slice(&sum.to_be_bytes());
        }
        6 if !options.is_empty() && bytes.len() > 40 => {
            let next = std::mem::replace(&mut bytes[6], 0);
            bytes.splice(40..40, [next, 0, 5, 2, 0, 0, 1, 0]);
            let len = u16::from_be_bytes([bytes[4], bytes[5]]) + 8;
            bytes[4..6].copy_from_slice(&len.to_be_bytes());
        }
        _ => {}
    }
    bytes
}

/// A packet of some flow.
#[derive(Debug, Clone)]
pub(super) struct Made {
    tunnel: u8,
    /// Which of [`OPTIONS`].
    options: usize,
    is_labelled: bool,
    interface: u32,
    hosts: (u8, u8),
    outer: (u8, u8),
    ports: (u16, u16),
    payload: usize,
    time: Option<i64>,
}

impl Made {
    /// A packet in that tunnel whose flow is told from others by its source port.
    pub(super) fn flow(tunnel: u8, port: u16) -> Self {
        Self {
            tunnel,
            options: 0,
            is_labelled: false,
            interface: 0,
            hosts: (1, 1),
            outer: (1, 1),
            ports: (port, 1),
            payload: 0,
            time: None,
        }
    }

    /// Packets in every tunnel, with all options, with a flow label and without, one after the
    /// other.
    pub(super) fn of_every_kind() -> Vec<Self> {
        let mut all = Vec::new();
        for options in 0..OPTIONS.len() {
            for tunnel in 0..TUNNELS {
                for is_labelled in [false, true] {
                    let time = Some(i64::try_from(all.len()).unwrap() * 1_000_000);
                    let interface = u32::from(is_labelled);
                    let port = u16::from(tunnel);
                    let made =
                        Self { options, is_labelled, interface, time, ..Self::flow(tunnel, port) };
                    all.push(made);
                }
            }
        }
        all
    }

    /// The packet, without a link header.
    pub(super) fn owned(&self, number: u64) -> Owned {
        let ((a, b), (x, y)) = (self.hosts, self.outer);
        let inner = udp(self.ports.0, self.ports.1, self.payload);
        let (v4, v6) = (|| ipv4(a, b, 17, &inner), || ipv6(a, b, 17, &inner));
        let bytes = match self.tunnel {
            0 => v4(),
            1 => v6(),
            2 => ipv4(x, y, 4, &v4()),
            3 => ipv4(x, y, 41, &v6()),
            4 => ipv6(x, y, 4, &v4()),
            5 => ipv6(x, y, 41, &ipv4(y, x, 4, &v6())),
            6 => ipv4(x, y, 47, &[vec![0, 0, 0x08, 0], v4()].concat()),
            // A later fragment, and a header that is cut.
            7 => {
                let mut packet = v4();
                packet[7] = 9;
                packet
            }
            8 => v6()[..31].to_vec(),
            _ => vec![0x90; 5],
        };
        let mut bytes = with_options(bytes, OPTIONS[self.options]);
        if bytes[0] >> 4 == 6 && self.is_labelled {
            bytes[3] = 7;
        }
        let mut owned = Owned::new(101, bytes);
        (owned.number, owned.time, owned.interface) = (number, self.time, self.interface);
        owned
    }
}

/// Packets of few flows, in any order of time.
pub(super) fn packets(most: usize) -> impl Strategy<Value = Vec<Made>> {
    let flow = (0..TUNNELS, (1..6u8, 1..6u8), (1..4u8, 1..4u8), (1..4u16, 1..4u16));
    let head = (0..OPTIONS.len(), any::<bool>(), 0..3u32, 0..99usize);
    let time = prop::option::weighted(0.95, 0..1_000_000_000_000i64);
    let made =
        (flow, head, time).prop_map(
            |((tunnel, hosts, outer, ports), (options, is_labelled, interface, payload), time)| {
                Made { tunnel, options, is_labelled, interface, hosts, outer, ports, payload, time }
            },
        );
    prop::collection::vec(made, 1..most)
}
