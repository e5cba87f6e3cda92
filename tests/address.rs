//! Addresses: laws of the arithmetic, what is read and what is refused, and what things are.

mod program;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipeek::address::describe::{Answer, label};
use ipeek::address::parse::{self, Subject};
use ipeek::address::prefix::{self, Count, Family, Prefix, Range};
use ipeek::address::text;
use proptest::prelude::*;

fn any_prefix() -> impl Strategy<Value = Prefix> {
    let v4 =
        (any::<u32>(), 0..=32u8).prop_map(|(bits, len)| Prefix::new(Family::V4, bits.into(), len));
    let v6 = (any::<u128>(), 0..=128u8).prop_map(|(bits, len)| Prefix::new(Family::V6, bits, len));
    prop_oneof![v4, v6]
}

fn any_range() -> impl Strategy<Value = Range> {
    let v4 = (any::<u32>(), any::<u32>()).prop_map(|(a, b)| (Family::V4, a.into(), b.into()));
    let v6 = (any::<u128>(), any::<u128>()).prop_map(|(a, b)| (Family::V6, a, b));
    prop_oneof![v4, v6].prop_map(|(family, a, b): (Family, u128, u128)| Range {
        family,
        first: a.min(b),
        last: a.max(b),
    })
}

fn shown(prefix: Prefix) -> String {
    let mut out = Vec::new();
    text::prefix(&mut out, prefix);
    String::from_utf8(out).expect("text")
}

proptest! {
    #[test]
    fn aggregate_of_a_split_is_the_whole(whole in any_prefix(), bits in 0..8u8) {
        let len = whole.len.saturating_add(bits).min(whole.family.width());
        let parts: Vec<Prefix> = whole.split(len).collect();
        prop_assert_eq!(Count::Number(parts.len() as u128), Count::power(len - whole.len));
        let ranges = parts.into_iter().rev().map(Prefix::range).collect();
        prop_assert_eq!(prefix::aggregate(ranges), vec![whole]);
    }

    #[test]
    fn what_is_left_and_what_was_taken_is_the_whole(range in any_range(), hole in any_range()) {
        let mut ranges: Vec<Range> =
            prefix::exclude(range, hole).into_iter().map(Prefix::range).collect();
        prop_assert!(ranges.iter().all(|part| !part.overlaps(hole)));
        if range.overlaps(hole) {
            ranges.push(Range {
                family: range.family,
                first: range.first.max(hole.first),
                last: range.last.min(hole.last),
            });
        }
        prop_assert_eq!(prefix::merge(ranges), vec![range]);
    }

    #[test]
    fn prefixes_of_a_range_are_the_range_and_no_two_can_be_joined(range in any_range()) {
        let parts: Vec<Prefix> = range.prefixes().collect();
        prop_assert!(parts.len() <= 2 * usize::from(range.family.width()));
        prop_assert!(parts.windows(2).all(|pair| pair[0].last() + 1 == pair[1].first));
        prop_assert_eq!(prefix::merge(parts.iter().map(|p| p.range()).collect()), vec![range]);
        let joined = parts.windows(2).any(|pair| {
            let wider = Prefix::new(range.family, pair[0].first, pair[0].len.saturating_sub(1));
            wider.first == pair[0].first && wider.last() == pair[1].last()
        });
        prop_assert!(!joined);
    }

    #[test]
    fn print_and_parse_agree(prefix in any_prefix()) {
        let text = shown(prefix);
        let item = parse::item(&text).expect("a prefix");
        prop_assert_eq!(item.subject, Subject::Prefix(prefix, prefix.first, ""));
        prop_assert_eq!(item.remarks, [None; 2]);
        prop_assert_eq!(Answer::new(&text, item).text("canonical"), text);
    }

    /// The standard library prints RFC 5952 too, but for addresses that carry IPv4.
    #[test]
    fn addresses_print_as_the_standard_library_does(bits in any::<u128>(), mask in any::<u128>()) {
        let bits = bits & mask;
        let mut out = Vec::new();
        text::v6(&mut out, bits);
        let printed = String::from_utf8(out).expect("text");
        prop_assert_eq!(printed.parse::<Ipv6Addr>().expect("an address").to_bits(), bits);
        let library = Ipv6Addr::from_bits(bits);
        if library.to_ipv4_mapped().is_none() {
            prop_assert_eq!(printed, library.to_string());
        }
    }

    #[test]
    fn no_text_panics_and_what_is_read_the_library_reads(text in "[0-9a-fx:./%\\- \\[\\]g*]{0,24}") {
        match parse::item(&text) {
            Ok(item) => if let Subject::Address(family, bits, "") = item.subject {
                let library: IpAddr = text.trim().parse().expect("the library reads it");
                let same = match library {
                    IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
                    IpAddr::V6(address) => (Family::V6, address.to_bits()),
                };
                prop_assert_eq!((family, bits), same);
            },
            Err(refusal) => prop_assert!(!refusal.reason.is_empty()),
        }
    }

    #[test]
    fn no_text_at_all_panics(text in any::<String>()) {
        if let Err(refusal) = parse::item(&text) {
            let shown = refusal.to_string();
            prop_assert!(!shown.chars().any(ipeek::base::text::is_unsafe), "{:?}", shown);
        }
    }

    #[test]
    fn every_label_is_the_answer(bits in any::<u32>()) {
        let address = Ipv4Addr::from_bits(bits);
        let text = address.to_string();
        let answer = Answer::new(&text, parse::item(&text).expect("an address"));
        let label = label(IpAddr::V4(address));
        prop_assert_eq!(label.class, answer.text("class"));
        prop_assert_eq!(label.special, answer.text("special"));
        prop_assert_eq!(label.kind, answer.text("type"));
        prop_assert_eq!(label.scope, answer.text("scope"));
    }
}

/// What `inet_aton`, RFC 4291, RFC 5952 and RFC 4007 make of these; ipeek reads none.
#[test]
fn every_odd_form_is_refused_by_its_name() {
    for (item, reason) in [
        ("", "empty"),
        ("0X7F.1", "hexadecimal, short form"),
        ("192.168.257", "short inet_aton form"),
        ("2130706433", "bare integer"),
        ("017700000001", "octal"),
        ("4294967296", "integer out of range"),
        ("1.2.3.256", "part above 255"),
        ("1.2.3.4.5", "five parts"),
        ("1..2.3", "empty part"),
        ("1.2.3.4.", "trailing dot"),
        ("1.2.3.-4", "sign"),
        ("1.2.3.4 5", "inner space"),
        ("1.2.3.4a", "letters"),
        ("localhost", "host name"),
        ("１.２.３.４", "full-width digits"),
        ("1.2.3.٤", "non-ASCII digit"),
        ("10.0.0.\u{200b}1", "invisible"),
        ("1.2.3.4%eth0", "zone on an IPv4 address"),
        ("192.0.2.1:80", "port"),
        ("[192.0.2.1]", "brackets around IPv4"),
        ("[2001:db8::1]:443", "URL brackets and port"),
        ("http://10.0.0.1", "URL"),
        ("2001:db8::1::2", "two ::"),
        (":1:2:3:4:5:6:7", "leading single colon"),
        ("1:2:3:4:5:6:7:", "trailing single colon"),
        ("1:2:3:4:5:6:7", "seven groups"),
        ("1:2:3:4:5:6:7:8:9", "nine groups"),
        ("1:2:3:4:5:6:7::8", ":: with nothing to stand for"),
        ("12345::", "group of five digits"),
        ("2001:db8::g", "no hexadecimal digit"),
        ("::ffff:1.2.3", "embedded IPv4 too short"),
        ("::ffff:1.2.3.256", "embedded IPv4 part above 255"),
        ("::ffff:1.2.3.04", "embedded IPv4 leading zeros"),
        ("::1.2.3.4:5", "embedded IPv4 not last"),
        ("1:2:3:4:5:6:7:1.2.3.4", "too long with embedded IPv4"),
        ("::ffff:0x7f000001", "hex integer"),
        ("fe80::1%", "empty zone"),
        ("10.0.0.0/8/8", "two slashes"),
        ("10.0.0.0/33", "prefix length above 32"),
        ("2001:db8::/129", "prefix length above 128"),
        ("10.0.0.0/+8", "sign in prefix length"),
        ("10.0.0.0/08", "leading zero in prefix length"),
        ("10.0.0.0/", "empty prefix length"),
        ("10.1/16", "short prefix form"),
        ("2001:db8::/ffff:ffff::", "IPv6 netmask form"),
        ("10.0.0.0/255.0.255.0", "non-contiguous netmask"),
        ("10.0.0.0/0.255.0.255", "non-contiguous wildcard"),
        ("10.0.0.0/0.0.0.0", "ambiguous"),
        ("10.0.0.9-10.0.0.1", "range end before start"),
        ("10.0.0.1-2001:db8::1", "range of mixed families"),
        ("10.0.0.*", "glob"),
        ("10.0.1-5.1", "octet range"),
        ("10.0.0.1,10.0.0.2", "list"),
        ("001b.213c.9ad2", "MAC"),
    ] {
        let refusal = parse::item(item).expect_err(item);
        assert!(refusal.reason.contains(reason), "{item}: {}", refusal.reason);
    }
}

/// RFC 6890 blocks and their edges, RFC 4291 formats, and what IANA has not given away.
#[test]
fn types_scopes_and_reach_of_known_addresses() {
    for (item, kind, special, global) in [
        ("0.0.0.0", "unspecified", "This host on this network", "false"),
        ("9.255.255.255", "global-unicast", "", "true"),
        ("10.0.0.0", "private", "Private-Use", "false"),
        ("100.127.255.255", "shared(CGN)", "Shared Address Space", "false"),
        ("100.128.0.0", "global-unicast", "", "true"),
        (
            "192.0.0.9",
            "special:Port Control Protocol Anycast",
            "Port Control Protocol Anycast",
            "true",
        ),
        (
            "192.88.99.2",
            "special:6a44-relay anycast address",
            "6a44-relay anycast address",
            "false",
        ),
        ("232.1.2.3", "multicast:ssm", "", "n.a.(multicast)"),
        ("239.255.255.250", "multicast:admin-scoped", "", "n.a.(multicast)"),
        ("250.1.2.3", "reserved", "Reserved", "false"),
        ("255.255.255.255", "limited-broadcast", "Limited Broadcast", "false"),
        ("::192.0.2.1", "ipv4-compatible(deprecated)", "", "false(reserved)"),
        ("64:ff9b::808:808", "nat64-well-known", "IPv4-IPv6 Translat.", "true"),
        ("2001::1", "teredo", "TEREDO", "n.a."),
        ("2001:db8::1", "documentation", "Documentation", "false"),
        ("2420::1", "global-unicast(unallocated)", "", "false(unallocated)"),
        ("3ffe::1", "global-unicast(unallocated, reserved by IANA)", "", "false(unallocated)"),
        ("4000::1", "reserved-by-ietf", "", "false(reserved)"),
        ("fec0::1", "site-local(deprecated)", "", "false(reserved)"),
        ("ff02::1:ff00:1", "multicast:well-known:solicited-node", "", "n.a.(multicast)"),
        ("ff3e::8000:1", "multicast:ssm", "", "n.a.(multicast)"),
        ("172.0.0.0/8", "global-unicast", "", "mixed"),
        (
            "192.0.0.0/24",
            "special:IPv4 Service Continuity Prefix .. special:IETF Protocol Assignments",
            "IETF Protocol Assignments",
            "false",
        ),
        ("2400::/11", "global-unicast", "", "true"),
        ("::/0", "everything", "", "mixed"),
    ] {
        let answer = Answer::new(item, parse::item(item).expect("an item"));
        assert_eq!(answer.text("type"), kind, "{item}");
        assert_eq!(answer.text("special"), special, "{item}");
        assert_eq!(answer.text("global"), global, "{item}");
    }
}

#[test]
fn remarks_are_made_where_a_spelling_is_odd_but_clear() {
    for (item, verdict) in [
        ("10.1.2.3/8", "ok(host bits set)"),
        ("10.0.0.0/255.0.0.0", "ok(netmask form = /8)"),
        ("10.0.0.0/0.0.0.255", "ok(wildcard form = /24)"),
        ("10.0.0.1 - 10.0.0.9", "ok(range with spaces)"),
        ("2001:db8::1%eth0", "ok(a zone means nothing here)"),
        ("fe80::1%eth0/64", "ok(host bits set)"),
        ("fe80::1%br-lan", "ok"),
    ] {
        let found = parse::item(item).expect("an item");
        assert_eq!(Answer::new(item, found).text("verdict"), verdict, "{item}");
    }
}
