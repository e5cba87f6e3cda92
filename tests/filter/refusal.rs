//! What is refused, in exact words; and laws over any text.

use proptest::prelude::*;

use super::*;

fn refusal(text: &str) -> String {
    Filter::compile(text).map_or_else(|error| error.to_string(), |filter| format!("ok: {filter}"))
}

#[test]
fn an_unknown_field_gets_the_nearest_name() {
    let lines = "filter: unknown field 'ip.tttl' at column 1\n  ip.tttl < 5\n  ^^^^^^^\nhint: did you mean 'ip.ttl'?";
    assert_eq!(refusal("ip.tttl < 5"), lines);
}

#[test]
fn probe() {
    for text in [
        "ip.ttl == 256",
        "ip.ttl == abc",
        "ip.proto == TPC",
        "ip.src == fe80::1",
        "ip == 5",
        "ip.ttl contains 5",
        "ip.ttl = 5",
        "ip.ttl ==",
        "ip.ttl < 5 ip",
        "(ip",
        "ip)",
        "ip.ttl in {9..5}",
        "ip.ttl in {}",
        "ip.ttl in {1 2",
        "ip.ttl#0 == 1",
        "eth.src matches \"(\"",
        "ip.opt.data matches \"(\"",
        "\"abc",
        "ip.src < 10.0.0.0/8",
        "ip.\x1bttl",
        "ip.flags.df < 1",
        "64 == ip.ttl",
        "frame.time > yesterday",
    ] {
        eprintln!("{}\n", refusal(text));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = refusal(&text);
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same(text in expression()) {
        let filter = Filter::compile(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let again = Filter::compile(&filter.to_string())
            .map_err(|error| TestCaseError::fail(format!("{filter}: {error}")))?;
        prop_assert_eq!(filter.to_string(), again.to_string());
        for octets in [SYN, NESTED, PIECE] {
            let twice = Filter::compile(&format!("!!({text})")).unwrap();
            packet(octets, |packet| {
                prop_assert_eq!(filter.matches(packet), again.matches(packet));
                prop_assert_eq!(filter.matches(packet), twice.matches(packet));
                Ok(())
            })?;
        }
    }
}

/// Valid filters.
fn expression() -> impl Strategy<Value = String> {
    let test = prop_oneof![
        prop::sample::select(vec!["ip", "tcp.port", "ip.ttl#2", "tcp.flags & 2", "ipv6.fraghdr"])
            .prop_map(str::to_owned),
        (prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]), any::<u8>())
            .prop_map(|(sign, number)| format!("ip.ttl {sign} {number}")),
        (any::<u32>(), 0..=32u8).prop_map(|(address, bits)| {
            format!("ip.addr == {}/{bits}", std::net::Ipv4Addr::from(address))
        }),
        (any::<u128>(), 0..=128u8).prop_map(|(address, bits)| {
            format!("ipv6.addr != {}/{bits}", std::net::Ipv6Addr::from(address))
        }),
        any::<i64>().prop_map(|nanos| format!("frame.time < {}", Timestamp(nanos))),
        any::<[u8; 3]>().prop_map(|[a, b, c]| {
            format!("eth.src contains {a:02x}:{b:02x} || ip.opt.data == {c:02x}:")
        }),
        "[ -!#-\\[\\]-~]{0,9}".prop_map(|text| format!("ip.checksum_status contains \"{text}\"")),
        "[a-z0-9.]{0,9}".prop_map(|text| format!("ip.checksum_status matches \"{text}\"")),
        (any::<u16>(), any::<u16>())
            .prop_map(|(a, b)| { format!("tcp.port in {{{}..{}, {b}}}", a.min(b), a.max(b)) }),
    ];
    test.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) or ({b})")),
        ]
    })
}
