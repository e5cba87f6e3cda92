//! Capture filters over files: the programs run here against libpcap's own machine.

use ipeek::capture::bpf::Bpf;
use ipeek::capture::{Frame, LinkType};
use pcap::{Capture, Linktype};

use crate::packets::{bundled, frames, hex, oracle};
use crate::skip::skip;

/// Instructions of all kinds: arithmetic, scratch memory, indirect loads, sets of bits, loops.
const EXPRESSIONS: [&str; 14] = [
    "tcp port 443 or udp port 53",
    "ip6 and not host 2001:db8::1",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src net 10.0.0.0/8",
    "(((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)",
    "ip[8] % 7 == 1 or ip[8] / 3 * 2 = 42",
    "ip[6:2] & 0x1fff != 0 or ip[4:2] ^ 0xffff > 0x8000",
    "vlan and ip",
    "pppoes",
    "ip protochain 17",
    "ip6 protochain 58",
    "ether multicast and len >= 90",
    "portrange 1024-2047",
    "-ip[0] < 5",
    "ip[ip[0] & 0x1f] >> 3 = 2",
];

#[test]
fn programs_pass_what_libpcap_passes() {
    let from_set = oracle().map(|folder| {
        let entries = std::fs::read_dir(folder.join("captures")).unwrap();
        entries.take(60).flat_map(|entry| frames(&entry.unwrap().path())).collect::<Vec<_>>()
    });
    if from_set.is_none() {
        skip!(part Oracle, "only over the bundled captures");
    }
    let all: Vec<_> = bundled().iter().chain(from_set.iter().flatten()).collect();
    let mut passed = [0; EXPRESSIONS.len()];
    for (expression, passed) in EXPRESSIONS.iter().zip(&mut passed) {
        let mut bpf = Bpf::new(expression).unwrap();
        // 1 and 113 are the same for libpcap and for files.
        for link in [1, 113] {
            let dead = Capture::dead(Linktype(link)).unwrap();
            let Ok(theirs) = dead.compile(expression, true) else { continue };
            for owned in &all {
                let frame = owned.frame();
                if i32::from(frame.link.0) != link {
                    continue;
                }
                // Their machine knows one length.
                let original = u32::try_from(frame.bytes.len()).unwrap();
                let frame = Frame { original, ..frame };
                let ours = bpf.matches(&frame);
                assert_eq!(ours, theirs.filter(frame.bytes), "{expression}: {:02x?}", frame.bytes);
                *passed += usize::from(ours);
            }
        }
    }
    assert!(passed.iter().filter(|&&passed| passed > 0).count() >= 8, "{passed:?}");
}

#[test]
fn len_is_the_length_on_the_wire() {
    let bytes = hex("ffffffffffff 020202020202 0800");
    let frame = Frame {
        number: 1,
        time: None,
        link: LinkType::ETHERNET,
        interface: 0,
        original: 1500,
        bytes: &bytes,
        told: ipeek::capture::Told::default(),
    };
    assert!(Bpf::new("greater 1000").unwrap().matches(&frame));
    assert!(!Bpf::new("less 1000").unwrap().matches(&frame));
}
