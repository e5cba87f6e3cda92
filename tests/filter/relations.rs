//! Fields against fields, slices, arithmetic, functions and quantifiers.

use super::*;

#[test]
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "one table")]
fn what_relations_match() {
    let mut wrong = Vec::new();
    for (filter, octets, expected) in [
        // field against field
        ("ip.src == ip.dst",                            SYN,    false),
        ("ip.src != ip.dst",                            SYN,    true),
        ("ip.src < ip.dst",                             SYN,    true),
        ("tcp.srcport > tcp.dstport",                   SYN,    true),
        ("udp.srcport == udp.dstport",                  PIECE,  true),
        ("eth.src == eth.dst",                          SYN,    false),
        ("ip.ttl == ip.ttl",                            NESTED, true),
        ("ip.ttl === ip.ttl",                           NESTED, false),
        ("ip.ttl#1 > ip.ttl#2",                         NESTED, true),
        ("frame.len > ip.len",                          SYN,    true),
        // arithmetic
        ("ip.len == 44",                                SYN,    true),
        ("ip.len - ip.hdr_len == 24",                   SYN,    true),
        ("ip.len-ip.hdr_len==24",                       SYN,    true),
        ("ip.hdr_len + tcp.hdr_len == ip.len",          SYN,    true),
        ("ip.len + 14 == frame.len",                    SYN,    true),
        ("ip.len == 2 * ip.hdr_len + 4",                SYN,    true),
        ("ip.len == 2 * (ip.hdr_len + 2)",              SYN,    true),
        ("(ip.len + 4) * 2 == 96",                      SYN,    true),
        ("ip.len / 10 == 4",                            SYN,    true),
        ("ip.len % 10 == 4",                            SYN,    true),
        ("ip.ttl % 0 == 0",                             SYN,    false),
        ("ip.hdr_len - ip.len == -24",                  SYN,    true),
        ("-ip.ttl == -63",                              SYN,    true),
        ("64 - ip.ttl <= 1",                            SYN,    true),
        ("44 == ip.len",                                SYN,    true),
        ("100 > ip.len",                                SYN,    true),
        ("tcp.flags & 0x12 == tcp.flags & 0x02",        SYN,    true),
        ("ip.src & 255.255.255.0 == 10.1.2.0",          SYN,    true),
        ("ip.src & 255.0.0.0 == ip.dst & 255.0.0.0",    SYN,    false),
        // slices
        ("eth.src[0:3] == 00:00:5e",                    SYN,    true),
        ("eth.src[0:3] == eth.dst[0:3]",                SYN,    true),
        ("eth.src[3:] == 00:53:02",                     SYN,    true),
        ("eth.src[:2] == 00:00",                        SYN,    true),
        ("eth.src[-1] == 02",                           SYN,    true),
        ("eth.src[4-5] == 53:02",                       SYN,    true),
        ("eth.src[-2--1] == 53:02",                     SYN,    true),
        ("eth.src[0,5] == 00:02",                       SYN,    true),
        ("eth.src[5:2] == 02",                          SYN,    false),
        ("eth.dst[0] & 1",                              PIECE,  true),
        ("eth.dst[0] & 1",                              SYN,    false),
        ("eth.dst[0] & 1 == 0",                         SYN,    true),
        ("frame[12:2] == 08:00",                        SYN,    true),
        ("frame[12:2] == 0x0800",                       SYN,    true),
        ("frame[12:2]",                                 SYN,    true),
        ("frame[200:2]",                                SYN,    false),
        ("ip[8] == 3f",                                 SYN,    true),
        ("ip[12:4] == 0a:01:02:03",                     SYN,    true),
        ("ip#2[8] == 05",                               NESTED, true),
        ("tcp[13] & 0x02",                              SYN,    true),
        ("tcp[13] & 0x10",                              SYN,    false),
        ("ip.src[0:2] == 0a:01",                        SYN,    true),
        ("ipv6.src[0:2] == fe:80",                      PIECE,  true),
        ("ip[200]",                                     SYN,    false),
        // contains and matches over headers and the whole frame
        ("frame contains 02:04:05:b4",                  SYN,    true),
        ("frame contains \"GET\"",                      SYN,    false),
        ("ip contains 0a:01:02:03",                     SYN,    true),
        ("tcp contains 0a:01:02:03",                    SYN,    false),
        ("frame matches \"\\x02\\x04\\x05\"",           SYN,    true),
        ("eth.src[0:3] contains 5e",                    SYN,    true),
        // functions
        ("len(eth.src) == 6",                           SYN,    true),
        ("len(frame) == 58",                            SYN,    true),
        ("count(ip.ttl) == 2",                          NESTED, true),
        ("count(ip.ttl) == 1",                          SYN,    true),
        ("count(ip.ttl) > 1",                           SYN,    false),
        ("count(udp.srcport) == 0",                     SYN,    true),
        ("max(ip.ttl) == 64",                           NESTED, true),
        ("min(ip.ttl) == 5",                            NESTED, true),
        ("max(tcp.srcport, tcp.dstport) == 49152",      SYN,    true),
        ("abs(ip.hdr_len - ip.len) == 24",              SYN,    true),
        ("upper(ip.checksum.status) == \"BAD\"",        SYN,    true),
        ("lower(ip.checksum.status) == \"BAD\"",        SYN,    false),
        ("string(ip.src) matches \"^10\\.\"",           SYN,    true),
        ("string(tcp.dstport) contains \"44\"",         SYN,    true),
        ("string(frame.number) == \"7\"",               SYN,    true),
        ("ip_rfc1918(ip.src)",                          SYN,    true),
        ("ip_rfc1918(ip.dst)",                          SYN,    false),
        ("ip_multicast(ipv6.dst) && ip_linklocal(ipv6.src)", PIECE, true),
        ("ip_ula(ipv6.src)",                            PIECE,  false),
        ("ip.src.private",                              SYN,    true),
        ("ip.dst.private",                              SYN,    false),
        ("!ip.dst.private && ip",                       SYN,    true),
        ("ipv6.dst.multicast and ipv6.src.linklocal",   PIECE,  true),
        // quantifiers
        ("any ip.ttl == 5",                             NESTED, true),
        ("all ip.ttl == 5",                             NESTED, false),
        ("all ip.ttl >= 5",                             NESTED, true),
        ("all udp.srcport == 5",                        SYN,    false),
        ("ip.ttl === 64",                               NESTED, false),
        ("ip.ttl all_eq 63",                            SYN,    true),
        ("ip.ttl !== 64",                               NESTED, true),
        ("ip.ttl any_ne 64",                            NESTED, true),
        ("any ip.ttl != 64",                            NESTED, true),
        ("ip.ttl all_ne 64",                            NESTED, false),
        ("ip.ttl any_eq 64",                            NESTED, true),
        ("all ip.ttl in {5, 64}",                       NESTED, true),
        ("all tcp.port > 500",                          SYN,    false),
        // sets of fields
        ("tcp.srcport in {tcp.dstport, 49152}",         SYN,    true),
        ("tcp.srcport in {tcp.dstport .. 50000}",       SYN,    true),
        ("tcp.dstport in {tcp.srcport + 1, 80}",        SYN,    false),
        ("eth.src[0:3] in {00:00:5e, 00:1b:2f}",        SYN,    true),
        ("eth.src[0:3] not in {00:00:5e, 00:1b:2f}",    SYN,    false),
        // exclusive or
        ("ip ^^ tcp",                                   SYN,    false),
        ("ip xor udp",                                  SYN,    true),
        // times in words
        ("frame.time >= \"2026-01-31 12:00:00Z\"",      SYN,    true),
        ("frame.time >= \"2026-01-31T12:00:01Z\"",      SYN,    false),
        ("frame.time < \"2026-02-02\"",                 SYN,    true),
        ("frame.time > \"Jan 29, 2026 10:00:00\"",      SYN,    true),
        ("frame.time > \"2026-01-29 10:00\"",           SYN,    true),
        // presence
        ("frame",                                       SYN,    true),
    ] {
        let found = Filter::compile(filter).and_then(|first| {
            let again = Filter::compile(&first.to_string())?;
            Ok(packet(octets, |packet| [first.matches(packet), again.matches(packet)]))
        });
        match found {
            Ok(found) if found == [expected; 2] => {}
            Ok(found) => wrong.push(format!("{filter}: {found:?}")),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
