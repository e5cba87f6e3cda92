//! Display filters: what matches, what is refused and how, laws, and tshark as the oracle.

use ipeek::base::timestamp::Timestamp;
use ipeek::capture::{Frame, LinkType};
use ipeek::decode::{Layers, Packet, walk::walk};
use ipeek::filter::Filter;

#[cfg(feature = "live")]
mod bpf;
mod complete;
mod counted;
mod named;
mod oracle;
mod refusal;
mod relations;

/// Octets from hexadecimal digits; spaces are for the eye.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// RFC 791, RFC 9293: 10.1.2.3:49152 → 192.0.2.7:443, SYN with the segment size, DF, EF.
const SYN: &str = "00005e005301 00005e005302 0800
    45b8002c 12344000 3f060000 0a010203 c0000207
    c00001bb 00000001 00000000 6002ffff 00000000 020405b4";

/// RFC 2003: IPv4 in IPv4, TTL 64 around TTL 5, and UDP in it.
const NESTED: &str = "00005e005301 00005e005302 0800
    45000030 00000000 40040000 c6336401 cb007102
    4500001c 00000000 05110000 0a000001 0a000002
    14e90035 00080000";

/// RFC 8200: `fe80::1` → `ff02::1`, a fragment header, the first piece of UDP.
const PIECE: &str = "3333000000 01 00005e005302 86dd
    60000000 0010 2c ff fe800000000000000000000000000001 ff020000000000000000000000000001
    11000001 0000abcd 00350035 00100000";

/// Calls `with` with a packet of those octets: number 7, at 2026-01-31T12:00:00.5Z.
fn packet<T>(octets: &str, with: impl FnOnce(&Packet<'_>) -> T) -> T {
    let bytes = hex(octets);
    let frame = Frame {
        number: 7,
        time: Timestamp::from_nanos(1_769_860_800_500_000_000),
        link: LinkType::ETHERNET,
        interface: 0,
        original: u32::try_from(bytes.len()).unwrap(),
        bytes: &bytes,
        told: ipeek::capture::Told::default(),
    };
    let mut layers = Layers::new();
    walk(&frame, &mut layers);
    with(&Packet { frame, layers: &layers })
}

fn matches(filter: &str, octets: &str) -> bool {
    let filter = Filter::compile(filter).unwrap_or_else(|error| panic!("{error}"));
    let again = Filter::compile(&filter.to_string()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(filter.to_string(), again.to_string());
    let answers = packet(octets, |packet| [filter.matches(packet), again.matches(packet)]);
    assert_eq!(answers[0], answers[1], "{filter}");
    answers[0]
}

#[test]
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "one table")]
fn what_matches() {
    for (filter, octets, expected) in [
        // presence
        ("ip",                                          SYN,    true),
        ("ipv6",                                        SYN,    false),
        ("tcp.flags.syn",                               SYN,    true),
        ("tcp.flags.ack",                               SYN,    true),
        ("udp.srcport",                                 SYN,    false),
        ("ipv6.fraghdr",                                PIECE,  true),
        ("tcp.opt.mss_val",                             SYN,    true),
        ("tcp.opt.wscale_shift",                        SYN,    false),
        // numbers
        ("ip.ttl == 63",                                SYN,    true),
        ("ip.ttl == 0x3f",                              SYN,    true),
        ("ip.ttl eq 64",                                SYN,    false),
        ("ip.ttl < 63",                                 SYN,    false),
        ("ip.ttl <= 63",                                SYN,    true),
        ("ip.ttl gt 62",                                SYN,    true),
        ("ip.ttl ge 64",                                SYN,    false),
        ("ip.hdr_len == 20",                            SYN,    true),
        ("tcp.hdr_len == 24",                           SYN,    true),
        ("frame.number == 7",                           SYN,    true),
        ("frame.len == 58",                             SYN,    true),
        ("frame.len in {1..57, 59..99}",                SYN,    false),
        ("tcp.opt.mss_val == 1460",                     SYN,    true),
        ("ipv6.fraghdr.ident == 0xabcd",                PIECE,  true),
        // names of values
        ("ip.proto == TCP",                             SYN,    true),
        ("ip.proto == tcp",                             SYN,    true),
        ("ip.proto == UDP",                             SYN,    false),
        ("ip.dsfield.dscp == EF",                       SYN,    true),
        ("ip.dsfield.dscp in {CS1, ef}",                SYN,    true),
        ("ip.checksum.status == bad",                   SYN,    true),
        ("ip.checksum_status == \"Bad\"",               SYN,    true),
        ("ip.checksum_status == \"good\"",              SYN,    false),
        ("ip.checksum_status contains \"ba\"",          SYN,    true),
        ("ip.checksum_status matches \"^B.D$\"",        SYN,    true),
        // flags and bits
        ("ip.flags.df == 1",                            SYN,    true),
        ("ip.flags.df == True",                         SYN,    true),
        ("ip.flags.mf == true",                         SYN,    false),
        ("tcp.flags & 0x02",                            SYN,    true),
        ("tcp.flags & 0x10",                            SYN,    false),
        ("tcp.flags & 0x12 == 2",                       SYN,    true),
        ("(tcp.flags & 0x12) == 2",                     SYN,    true),
        ("(tcp.flags & 0x12) != 2",                     SYN,    false),
        // addresses
        ("ip.src == 10.1.2.3",                          SYN,    true),
        ("ip.src == 10.0.0.0/8",                        SYN,    true),
        ("ip.src == 10.9.9.9/8",                        SYN,    true),
        ("ip.src == 0.0.0.0/0",                         SYN,    true),
        ("ip.src != 10.0.0.0/8",                        SYN,    false),
        ("ip.dst != 10.0.0.0/8",                        SYN,    true),
        ("ip.addr == 192.0.2.7",                        SYN,    true),
        ("ip.addr != 192.0.2.7",                        SYN,    false),
        ("ip.addr in {1.1.1.1, 192.0.2.0/24}",          SYN,    true),
        ("ip.src in {10.1.2.0..10.1.2.4}",              SYN,    true),
        ("ip.src < 10.1.2.3",                           SYN,    false),
        ("ip.src <= 10.1.2.3",                          SYN,    true),
        ("ipv6.src == fe80::/10",                       PIECE,  true),
        ("ipv6.dst == ff02::1",                         PIECE,  true),
        ("ipv6.addr in {::1, ff02::/16}",               PIECE,  true),
        ("ipv6.src in {fe80::..fe80::2}",               PIECE,  true),
        ("ipv6.src > fe80::1",                          PIECE,  false),
        ("ipv6.addr != fe80::1",                        PIECE,  false),
        ("eth.src == 00:00:5e:00:53:02",                SYN,    true),
        ("eth.addr == 00-00-5e-00-53-01",               SYN,    true),
        ("eth.dst contains 5e:00",                      SYN,    true),
        ("eth.dst contains 5e:01",                      SYN,    false),
        ("eth.type == 0x86dd",                          PIECE,  true),
        ("ip.src not in {10.0.0.0/8, 192.168.0.0/16}",  SYN,    false),
        ("ip.ttl not in {1..5, 64}",                    SYN,    true),
        ("(ip.ttl) not in {63}",                        SYN,    false),
        ("ip.ttl NOT IN {5} && tcp",                    SYN,    true),
        ("udp.srcport not in {53}",                     SYN,    true),
        // what an address is
        ("ip.src.class == A",                           SYN,    true),
        ("ip.src.class == \"A\" && ip.dst.class == \"C\"", SYN, true),
        ("ip.src.type == \"private\"",                  SYN,    true),
        ("ip.dst.special contains \"TEST-NET\"",        SYN,    true),
        ("ip.addr.class in {\"B\", \"C\"}",             SYN,    true),
        ("ipv6.dst.scope matches \"link\"",             PIECE,  true),
        // ports
        ("tcp.port == 443",                             SYN,    true),
        ("tcp.port != 443",                             SYN,    false),
        ("tcp.port in {80, 440..445}",                  SYN,    true),
        ("tcp.port > 50000",                            SYN,    false),
        ("udp.port == 53",                              NESTED, true),
        ("udp.port == 53",                              SYN,    false),
        ("udp.port != 53",                              SYN,    false),
        ("!(udp.port == 53)",                           SYN,    true),
        // several headers of one kind
        ("ip.ttl == 64",                                NESTED, true),
        ("ip.ttl == 5",                                 NESTED, true),
        ("ip.ttl != 5",                                 NESTED, false),
        ("ip.ttl != 6",                                 NESTED, true),
        ("ip.ttl#1 == 64",                              NESTED, true),
        ("ip.ttl#1 == 5",                               NESTED, false),
        ("ip.ttl#2 == 5",                               NESTED, true),
        ("ip.ttl#3 == 5",                               NESTED, false),
        ("ip.ttl#-1 == 5",                              NESTED, true),
        ("ip.ttl#1 != 5",                               NESTED, true),
        ("ip.addr#1 == 203.0.113.2",                    NESTED, true),
        ("ip.addr#1 == 10.0.0.2",                       NESTED, false),
        ("ip.addr#2 == 198.51.100.1",                   NESTED, false),
        ("ip.addr#2 == 10.0.0.1",                       NESTED, true),
        ("ip#2",                                        NESTED, true),
        ("ip#2",                                        SYN,    false),
        // times
        ("frame.time == 2026-01-31T12:00:00.5Z",        SYN,    true),
        ("frame.time > 2026-01-31T13:00:00.4+01:00",    SYN,    true),
        ("frame.time_epoch < 1769860800.5",             SYN,    false),
        ("frame.time_epoch <= 1769860800.5",            SYN,    true),
        // joined
        ("ip && tcp",                                   SYN,    true),
        ("ip and udp",                                  SYN,    false),
        ("udp || tcp",                                  SYN,    true),
        ("not udp",                                     SYN,    true),
        ("!!tcp",                                       SYN,    true),
        ("udp && ip || tcp",                            SYN,    true),
        ("tcp || ip && udp",                            SYN,    true),
        ("(tcp || ip) && udp",                          SYN,    false),
        ("!(tcp && udp) && !udp",                       SYN,    true),
        ("",                                            SYN,    true),
    ] {
        assert_eq!(matches(filter, octets), expected, "{filter}");
    }
}

#[test]
fn a_field_beyond_the_capture_is_not_there() {
    // The source address is cut behind its second octet.
    let cut = "00005e005301 00005e005302 0800 45000014 00000000 40060000 0a01";
    assert!(!matches("ip.src != 10.0.0.1", cut));
    assert!(!matches("ip.src", cut));
    assert!(matches("!(ip.src == 10.0.0.1)", cut));
}

#[test]
fn a_filter_goes_to_other_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Filter>();
}
