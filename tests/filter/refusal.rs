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
#[rustfmt::skip]
fn every_refusal_says_where_and_what_would_do() {
    for (text, column, message, hint) in [
        ("ip.ttl == 256",          11, "'256' is not valid for ip.ttl",        "a number of at most 255"),
        ("ip.hdr_len == 61",       15, "'61' is not valid for ip.hdr_len",     "a number of at most 60"),
        ("ip.ttl == abc",          11, "'abc' is not valid for ip.ttl",        "a number"),
        ("ip.proto == TCPP",       13, "'TCPP' is not valid for ip.proto",      "such as TCP"),
        ("ip.src == fe80::1",      11, "'fe80::1' is not valid for ip.src",    "an IPv4 address or prefix"),
        ("ip.src == 10.0.0.0/33",  11, "'10.0.0.0/33' is not valid for ip.src",         "an IPv4 address or prefix"),
        ("ip.src < 10.0.0.0/8",    10, "a prefix is neither more nor less",   "=="),
        ("ip.flags.df < 1",        13, "'ip.flags.df' is a flag",             "=="),
        ("ip == 5",                 7, "'5' is not valid for ip",              "is a header"),
        ("ip.ttl = 5",              8, "a single '='",                        "'=='"),
        ("ip.ttl ==",              10, "a value is missing",                  ""),
        ("ip.ttl < 5 ip",          12, "unexpected text after a complete expression", "&&"),
        ("(ip",                     4, "a bracket is not closed",             "')'"),
        ("ip.ttl in {9..5}",       15, "a range that ends before it begins",  "first"),
        ("ip.ttl in {1 2}",        14, "a set is not closed",                 "','"),
        ("ip.ttl in {",            12, "a value is missing",                  ""),
        ("ip.ttl in {}",           12, "an empty set",                        ""),
        ("ip.ttl#0 == 1",           1, "an occurrence that is no number",     "#1"),
        ("eth.src contains 0:1",   18, "'0:1' is not valid for eth.src",       "0a:ff:00"),
        ("ip.opt.data ~ \"(\"",    15, "this regular expression",             "unclosed group"),
        ("\"abc",                  1, "a string without its closing quote",  ""),
        ("ip.src ~ \"^10\"",        8, "'ip.src' is an address and has no text", "a prefix does"),
        ("ip.ttl contains 5",       8, "'ip.ttl' is a number and has no text", "'&' asks for bits"),
        ("eth.src[0:3] == 0:1:2",  17, "'0:1:2' is not valid",                "0a:ff:00"),
        ("ip.ttl[0:2] == 5",        1, "this has no slices",                  "'&' asks for bits"),
        ("eth.src[x]",              9, "a slice should stand here",           "[first:length]"),
        ("eth.src[0:3",            12, "a slice is not closed",               "']'"),
        ("ip.src == udp.port",      1, "an IPv4 address is not compared with a number", ""),
        ("ip.src + 1 == 5",         1, "this is an IPv4 address: only numbers", ""),
        ("1 == 1",                  1, "no field stands here",                "ip.ttl"),
        ("foo(ip.ttl) == 1",        1, "unknown function 'foo'",              "lower"),
        ("len(ip.ttl == 1",        12, "a bracket is not closed",             "')'"),
        ("dns",                     1, "dns is not decoded here",             "udp.port == 53"),
        ("dhcp.type == 1",          1, "dhcp is not decoded here",            "udp.port in {67, 68} has its packets"),
        ("ip.tlt < 5",              1, "unknown field 'ip.tlt'",              "'ip.ttl'"),
        ("xyzzy",                   1, "unknown field 'xyzzy'",               "'ipeek fields' lists all"),
        ("ip.ttl ! in {5}",         8, "unexpected text after a complete expression", "&&"),
        ("anomaly == \"ipv4.ttl.zer\"", 12, "'ipv4.ttl.zer' is not valid for anomaly", "such as ipv4.ttl.zero"),
        ("anomaly in {packet.duplicate}", 13, "'packet.duplicate' is not valid for anomaly", "--events anomaly"),
        ("frame.time > noon",      14, "'noon' is not valid for frame.time",   "a time"),
    ] {
        let said = refusal(text);
        let lines: Vec<&str> = said.lines().collect();
        let first = lines[0].strip_prefix("filter: ").unwrap_or_default();
        assert!(first.starts_with(message), "{said}");
        assert!(first.ends_with(&format!(" at column {column}")), "{said}");
        assert_eq!(lines[2].find('^'), Some(column + 1), "{said}");
        assert!(lines.get(3).copied().unwrap_or_default().contains(hint), "{said}");
    }
}

#[test]
fn what_is_not_for_a_terminal_is_escaped() {
    assert!(refusal("ip.\u{1b}ttl").starts_with("filter: unknown field 'ip.\\x1bttl' at column 1"));
}

#[test]
fn length_and_depth_do_no_harm() {
    let chain = vec!["ip"; 100_000].join(" && ");
    assert!(matches(&chain, SYN));
    assert!(refusal(&"(".repeat(100_000)).contains("levels of brackets"));
    assert!(refusal(&"!".repeat(100_000)).contains("levels of brackets"));
    assert!(refusal(&"a".repeat(1_000_000)).starts_with("filter: unknown field 'aaa"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = refusal(&text);
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same(text in expression()) {
        reads_back(&text)?;
    }
}

/// An address that is cut to its prefix, octets in a string and in a field.
#[test]
fn an_expression_that_once_did_not_read_back_does() {
    let text = "(((ip) && (ip.addr == 0.0.0.0/9)) or (ip.checksum_status contains \"!$$e\")) && \
                ((eth.src contains 92:d0 || ip.opt.data == cd:) or (tcp.port))";
    reads_back(text).unwrap();
}

/// Asserts that a filter and what it is printed as let the same packets pass.
fn reads_back(text: &str) -> Result<(), TestCaseError> {
    let filter = Filter::compile(text).map_err(|error| TestCaseError::fail(error.to_string()))?;
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
    Ok(())
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
        any::<i64>().prop_map(|nanos| format!("frame.time < {}", Timestamp::clamped(nanos.into()))),
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
