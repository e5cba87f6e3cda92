//! What IPv6 addresses carry inside, by the addresses that the RFCs write down.

use std::fmt::Write;
use std::net::Ipv6Addr;
use std::path::Path;
use std::process::Command;

use ipeek::decode::derived::{EMBEDDED, embedded};
use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use ipeek::report::column::Column;

use crate::packets::{Decoded, raw};
use crate::skip::skip;

/// What of an address is there: the end of the field's name, and its value.
type Inside = &'static [(&'static str, &'static str)];

/// An address, and all that it carries.
const INSIDE: &[(&str, Inside)] = &[
    // RFC 3056, section 2: 2002:V4ADDR, then the SLA ID.
    ("2002:c000:204:7::1", &[("6to4_gw_ipv4", "192.0.2.4"), ("6to4_sla_id", "7")]),
    // RFC 4380, section 4; the ports and clients are those of its examples in Wireshark's tests and
    // of Microsoft's: 0x63bf turned is 40000, 0x3ffffdd2 turned is 192.0.2.45.
    (
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        &[("ts_ipv4", "65.54.227.120"), ("tc_port", "40000"), ("tc_ipv4", "192.0.2.45")],
    ),
    // Its last 64 bits are no interface identifier, whatever they look like.
    (
        "2001:0:53aa:64c:21b:21ff:fe3c:9ad2",
        &[("ts_ipv4", "83.170.6.76"), ("tc_port", "56832"), ("tc_ipv4", "1.195.101.45")],
    ),
    // RFC 6052, section 2.4: the well-known prefix.
    ("64:ff9b::192.0.2.33", &[("embed_ipv4", "192.0.2.33")]),
    // RFC 8215, with the lengths of RFC 6052, section 2.2.
    ("64:ff9b:1:c000:2:2100::", &[("embed_ipv4", "192.0.2.33")]),
    ("64:ff9b:1:1c0:0:221::", &[("embed_ipv4", "192.0.2.33")]),
    ("64:ff9b:1:122:c0:2:2100::", &[("embed_ipv4", "192.0.2.33")]),
    ("64:ff9b:1:122:0:344:192.0.2.33", &[("embed_ipv4", "192.0.2.33")]),
    // RFC 6052, section 2.4: a prefix that only its network knows.
    ("2001:db8:122:344::192.0.2.33", &[]),
    // RFC 5214, section 6.1: with and without the universal bit.
    ("fe80::5efe:192.0.2.1", &[("isatap_ipv4", "192.0.2.1")]),
    ("2001:db8::200:5efe:192.0.2.1", &[("isatap_ipv4", "192.0.2.1")]),
    // RFC 4291, appendix A: 34-56-78-9A-BC-DE has the identifier 36-56-78-FF-FE-9A-BC-DE.
    ("fe80::3656:78ff:fe9a:bcde", &[("slaac_mac", "34:56:78:9a:bc:de")]),
    // A locally administered address loses the bit.
    ("fe80::5054:ff:fe12:3456", &[("slaac_mac", "52:54:00:12:34:56")]),
    // 6to4 and EUI-64 at once.
    (
        "2002:c000:204:1:3656:78ff:fe9a:bcde",
        &[("slaac_mac", "34:56:78:9a:bc:de"), ("6to4_gw_ipv4", "192.0.2.4"), ("6to4_sla_id", "1")],
    ),
    // RFC 4291: a group, the loopback address, one that is mapped, one without anything.
    ("ff02::1:ff9a:bcde", &[]),
    ("ff02::3656:78ff:fe9a:bcde", &[]),
    ("::1", &[]),
    ("::ffff:192.0.2.1", &[]),
    ("2001:db8::1", &[]),
];

/// A header without payload (RFC 8200, section 3): next header 59.
fn header(source: &str, destination: &str) -> Decoded {
    let mut octets = "60000000 0000 3b 40".to_owned();
    for address in [source, destination] {
        let address: Ipv6Addr = address.parse().unwrap();
        for octet in address.octets() {
            write!(octets, "{octet:02x}").unwrap();
        }
    }
    raw(&octets)
}

#[test]
fn each_kind_is_a_field_of_either_address() {
    for (address, inside) in INSIDE {
        for (end, decoded) in
            [("src", header(address, "2001:db8::9")), ("dst", header("2001:db8::9", address))]
        {
            for row in EMBEDDED {
                let expected =
                    inside.iter().find(|(name, _)| row.name == format!("ipv6.{end}_{name}"));
                let expected = expected.map_or("-", |(_, value)| value);
                assert_eq!(decoded.get(row.name), expected, "{} of {address}", row.name);
            }
            for (name, value) in *inside {
                let mut text = String::new();
                let either = Column::find(&format!("ipv6.{name}")).unwrap();
                either.write(&decoded.packet(), &mut text);
                assert_eq!(text, *value, "ipv6.{name} of {address}");
            }
            // Whoever asks first is not told "nothing" where there is something.
            let octets = &decoded.owned.bytes;
            assert!(inside.is_empty() || embedded::carries(octets), "{address}");
        }
    }
}

#[test]
fn an_event_has_only_what_is_there() {
    let (writer, mut text) = (PacketWriter::new(), Text::default());
    for (address, inside) in INSIDE {
        text.buffer.clear();
        writer.write(&mut text, &header(address, "2001:db8::9").packet(), None);
        let event: serde_json::Value = serde_json::from_slice(&text.buffer).unwrap();
        let fields = event["layers"][0]["ipv6"].as_object().unwrap();
        for row in EMBEDDED {
            let name = row.name.strip_prefix("ipv6.").unwrap();
            let expected = inside.iter().find(|(what, _)| name == format!("src_{what}"));
            let found = fields.get(name).map(|value| value.to_string().replace('"', ""));
            assert_eq!(found.as_deref(), expected.map(|(_, value)| *value), "{name} of {address}");
        }
    }
}

/// An address that is cut carries nothing.
#[test]
fn a_cut_address_carries_nothing() {
    let whole = header("2001:db8::9", "64:ff9b::192.0.2.33");
    assert_eq!(whole.get("ipv6.dst_embed_ipv4"), "192.0.2.33");
    assert_eq!(whole.cut(39).get("ipv6.dst_embed_ipv4"), "-");
}

/// Captures with addresses that carry something: bundled, of the reference set, of the wider one.
const CAPTURES: &[&str] = &[
    "captures/nesting.pcapng",
    "captures/6in4.pcap",
    "../shared/oracle/captures/ndpi__default-6in4tunnel.pcap",
    "../shared/oracle/captures/ndpi__default-hsrp2_ipv6.pcapng",
    "../shared/oracle-wide/captures/mercury__unit_tests-pcaps-ip_encapsulation.pcap",
    "../shared/oracle-wide/captures/tcpflow__tests-test4.pcap",
    "../shared/oracle-wide/captures/trex-core__scripts-exp-udp_1pkt_ipv6_in_ipv4.pcap",
];

#[test]
fn addresses_of_captures_carry_what_tshark_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names: Vec<&str> = EMBEDDED.iter().map(|row| row.name).collect();
    let names: Vec<&str> = names.iter().flat_map(|name| ["-e", name]).collect();
    let mut found = 0;
    for name in CAPTURES {
        let path = root.join(name);
        if !path.exists() {
            skip!(part Oracle);
            continue;
        }
        let rows = |command: &mut Command| {
            let output = command.args(["-T", "fields"]).args(&names).output().ok()?;
            String::from_utf8(output.stdout).ok()
        };
        let Some(theirs) = rows(Command::new("tshark").arg("-r").arg(&path)) else {
            skip!(Tshark);
        };
        let ours = rows(Command::new(env!("CARGO_BIN_EXE_ipeek")).arg("read").arg(&path)).unwrap();
        assert_eq!(ours.lines().count(), theirs.lines().count(), "{name}");
        for (number, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
            for (at, (ours, theirs)) in ours.split('\t').zip(theirs.split('\t')).enumerate() {
                let row = EMBEDDED[at].name;
                // A locally administered address is one for us, too.
                let is_universal = |mac: &&str| u8::from_str_radix(&mac[..2], 16).unwrap() & 2 == 0;
                let ours = match row {
                    "ipv6.src_slaac_mac" | "ipv6.dst_slaac_mac" if !ours.is_empty() => {
                        ours.split(',').filter(is_universal).collect::<Vec<_>>().join(",")
                    }
                    _ => ours.to_owned(),
                };
                assert_eq!(ours, theirs, "{row} of packet {} of {name}", number + 1);
                found += usize::from(!ours.is_empty());
            }
        }
    }
    assert!(found > 0);
}
