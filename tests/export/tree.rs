//! The tree of a packet, and the octets below it.

use ipeek::decode::Packet;
use ipeek::decode::history::History;
use ipeek::export::text::Style;
use ipeek::export::tree::{Look, TreeWriter};
use ipeek::report::tree::{Node, NodeKind, Tree};

use super::{CAPTURES, each_packet, snapshot};

const LOOK: Look = Look { style: Style::Plain, meanings: false, bytes: false, columns: 100 };

/// The tree of packet `number` as text.
fn text(capture: &str, number: u64, look: Look) -> String {
    let (mut writer, mut out) = (TreeWriter::new(look), String::new());
    each_packet(capture, |packet| {
        if packet.frame.number == number {
            writer.write(&mut out, packet, History::default());
        }
    });
    out
}

/// Looks at the tree of packet `number`.
fn with_tree(capture: &str, number: u64, look: impl Fn(&Tree)) {
    each_packet(capture, |packet| {
        if packet.frame.number == number {
            let mut tree = Tree::default();
            tree.read(packet);
            look(&tree);
        }
    });
}

fn value_of<'a>(tree: &'a Tree, name: &str) -> Vec<&'a str> {
    tree.nodes().filter(|node| node.name == name).map(|node| node.value).collect()
}

#[test]
fn every_extension_header_in_one_packet() {
    snapshot("tree_extensions", &text("ipv6-extensions.pcapng", 23, Look { bytes: true, ..LOOK }));
}

#[test]
fn a_tunnel_within_a_tunnel_in_an_error() {
    snapshot("tree_quoted_tunnel", &text("nesting.pcapng", 14, LOOK));
}

#[test]
fn meanings_and_sources_stand_below_their_fields() {
    let look = Look { meanings: true, columns: 80, ..LOOK };
    let text = text("ping.pcap", 3, look);
    let at = text.find("Time to live").expect("a TTL");
    let mut lines = text[at..].lines();
    assert_eq!(lines.next(), Some("Time to live              64"));
    assert_eq!(
        lines.next().map(str::trim),
        Some("ip.ttl: Hops left before the packet is dropped. [RFC 791, section 3.1]")
    );
}

#[test]
fn colours_add_nothing_but_colour() {
    let plain = text("vlan.pcap", 1, Look { bytes: true, ..LOOK });
    let mut ansi = text("vlan.pcap", 1, Look { bytes: true, style: Style::Ansi, ..LOOK });
    while let Some(from) = ansi.find('\x1b') {
        let to = from + ansi[from..].find('m').expect("an end");
        ansi.replace_range(from..=to, "");
    }
    assert_eq!(ansi, plain);
}

#[test]
fn icmp_codes_are_named_by_their_type() {
    with_tree("office.pcapng", 366, |tree| {
        assert_eq!(value_of(tree, "icmp.type"), ["3 (Destination Unreachable)"]);
        assert_eq!(value_of(tree, "icmp.code"), ["3 (Port Unreachable)"]);
    });
}

#[test]
fn a_record_route_lists_its_addresses_one_by_one() {
    with_tree("ipv4-options.pcapng", 1, |tree| {
        let addresses: Vec<_> = tree
            .nodes()
            .filter(|node| node.name == "ip.opt.addr")
            .map(|node| (node.value, node.octets()))
            .collect();
        let expected =
            [("10.0.0.254", 0x25..0x29), ("0.0.0.0", 0x29..0x2d), ("0.0.0.0", 0x2d..0x31)];
        assert_eq!(addresses, expected);
    });
}

#[test]
fn octets_behind_the_end_of_options_are_listed() {
    with_tree("ipv4-options.pcapng", 20, |tree| {
        let rest: Vec<_> = tree.nodes().filter(|node| node.kind == NodeKind::Rest).collect();
        assert_eq!(rest.len(), 1);
        assert_eq!((rest[0].value, rest[0].octets()), ("deadbe", 0x23..0x26));
    });
}

fn holds(node: &Node<'_>, bit: u32) -> bool {
    (node.first_bit..node.end_bit).contains(&bit)
}

/// Every bit of every header has a node of its own below the header's.
fn assert_covered(capture: &str, packet: &Packet<'_>, tree: &Tree) {
    for (index, span) in packet.layers.spans().iter().enumerate() {
        let number = u8::try_from(index).ok();
        let leaves = || {
            tree.nodes().filter(move |node| {
                node.header == number && matches!(node.kind, NodeKind::Field | NodeKind::Rest)
            })
        };
        for bit in u32::from(span.at) * 8..u32::try_from(span.end()).expect("small") * 8 {
            let is_covered = leaves().any(|node| holds(&node, bit));
            assert!(is_covered, "{capture} {}: bit {bit} of {span:?}", packet.frame.number);
        }
        // What stands in a list behind the header is in what it carries.
        let listed = span.layer.header().options.map_or(0, |set| packet.listed(*span, set).len());
        let end = span.end().max(usize::from(span.at) + listed);
        for node in leaves() {
            let octets = node.octets();
            let is_inside = octets.start >= usize::from(span.at) && octets.end <= end;
            assert!(is_inside, "{capture} {}: {node:?}", packet.frame.number);
        }
    }
}

#[test]
fn every_bit_of_every_header_has_a_node() {
    let mut tree = Tree::default();
    for capture in CAPTURES {
        each_packet(capture, |packet| {
            // Recordings repeat themselves: their first packets have what the others have.
            if packet.frame.number <= 60 {
                tree.read(packet);
                assert_covered(capture, packet, &tree);
            }
        });
    }
}

#[test]
fn an_octet_leads_to_the_deepest_node_that_holds_it() {
    with_tree("ipv4-options.pcapng", 1, |tree| {
        for (octet, name) in [
            (0, "eth.dst"),
            (14, "ip.version"),
            (15, "ip.dsfield.dscp"),
            (22, "ip.ttl"),
            (0x26, "ip.opt.addr"),
            (0x32, "icmp.type"),
        ] {
            let index = tree.at_octet(octet).expect("a node");
            assert_eq!(tree.node(index).expect("a node").name, name, "octet {octet}");
        }
        let payload = tree.at_octet(0x3a).and_then(|index| tree.node(index)).expect("a node");
        assert_eq!(payload.kind, NodeKind::Payload);
        assert_eq!(tree.at_octet(9999), None);
    });
}

#[test]
fn every_octet_of_every_frame_leads_to_a_node_around_it() {
    let mut tree = Tree::default();
    for capture in CAPTURES {
        each_packet(capture, |packet| {
            tree.read(packet);
            let len = if packet.frame.number > 20 { 0 } else { packet.frame.bytes.len() };
            for octet in 0..len {
                let node = tree.at_octet(octet).and_then(|index| tree.node(index));
                let octets = node.expect("a node").octets();
                assert!(octets.contains(&octet), "{capture} {}: {octet}", packet.frame.number);
            }
        });
    }
}
