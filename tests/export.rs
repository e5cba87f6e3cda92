//! What leaves the program as text, over the bundled captures.

mod bound;
#[cfg(feature = "columns")]
mod columns;
mod datagram;
mod lines;
mod row;
mod table;
#[cfg(feature = "columns")]
mod tables;
mod tree;

use std::path::{Path, PathBuf};

use ipeek::capture::{Batch, Fill, Source};
use ipeek::decode::{Layers, Packet, walk};

/// The bundled captures.
const CAPTURES: &[&str] = &[
    "6in4.pcap",
    "big-endian.pcap",
    "bulk.pcap",
    "damaged.pcap",
    "dns.pcap",
    "ethernet.pcapng",
    "faults.pcapng",
    "fragments.pcap",
    "gre.pcap",
    "http.pcap",
    "ip6tnl.pcap",
    "ipip.pcap",
    "ipsec.pcapng",
    "ipv4-options.pcapng",
    "ipv6-extensions.pcapng",
    "link-ipv4.pcap",
    "link-ipv6.pcap",
    "link-loop.pcap",
    "link-null.pcap",
    "link-ppp.pcap",
    "link-raw.pcap",
    "marks.pcap",
    "mobility.pcapng",
    "mpls-stack.pcapng",
    "mpls.pcap",
    "multicast.pcap",
    "nanoseconds.pcap",
    "neighbours.pcap",
    "nesting.pcapng",
    "office.pcapng",
    "ping.pcap",
    "pmtu.pcap",
    "qinq.pcap",
    "scan.pcap",
    "sections.pcapng",
    "sll.pcap",
    "sll2.pcap",
    "srv6.pcap",
    "traceroute.pcap",
    "transports.pcapng",
    "vlan.pcap",
    "vxlan.pcap",
];

/// Where the bundled captures are.
fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// Opens a bundled capture.
fn open(capture: &str) -> Box<dyn Source> {
    ipeek::capture::file::open(&captures().join(capture), 0).expect("a bundled capture")
}

/// Calls `with` for every packet of a bundled capture.
fn each_packet(capture: &str, mut with: impl FnMut(&Packet<'_>)) {
    let mut source = open(capture);
    let (mut batch, mut layers) = (Batch::new(), Layers::new());
    while matches!(source.fill(&mut batch).expect("a readable capture"), Fill::Records) {
        for frame in batch.frames() {
            walk::walk(&frame, &mut layers);
            with(&Packet { frame, layers: &layers });
        }
    }
}

/// Compares with the reviewed text of that name in `tests/snapshots`.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
