//! Heads of what IP carries.

use crate::packets::{Decoded, hex, raw};

fn over_ipv4(proto: u8, payload: &str) -> Decoded {
    let total = 20 + hex(payload).len();
    raw(&format!("4500{total:04x} 00000000 40{proto:02x}0000 c0000201 c0000202 {payload}"))
}

/// RFC 9293, section 3.1.
#[test]
fn tcp_fields_are_read_from_their_bits() {
    let packet = over_ipv4(6, "1234 0050 00000001 00000002 50 12 2000 abcd 0003");
    packet.has(&[
        ("tcp.srcport", "4660"),
        ("tcp.dstport", "80"),
        ("tcp.seq_raw", "1"),
        ("tcp.ack_raw", "2"),
        ("tcp.hdr_len", "20"),
        ("tcp.window_size_value", "8192"),
        ("tcp.checksum", "43981"),
        ("tcp.urgent_pointer", "3"),
        ("tcp.flags.syn", "true"),
        ("tcp.flags.ack", "true"),
        ("tcp.flags.fin", "false"),
    ]);
}

#[test]
fn each_tcp_flag_has_a_bit_of_its_own() {
    const FLAGS: [&str; 9] = ["fin", "syn", "reset", "push", "ack", "urg", "ece", "cwr", "ae"];
    for (bit, set) in FLAGS.iter().enumerate() {
        let word = 0x5000 | 1 << bit;
        let packet = over_ipv4(6, &format!("12340050 00000001 00000002 {word:04x} 2000 0000 0000"));
        for flag in FLAGS {
            assert_eq!(packet.get(&format!("tcp.flags.{flag}")), (flag == *set).to_string());
        }
    }
}

/// RFC 9293, section 3.2; RFC 7323; RFC 2018.
#[test]
fn tcp_options_are_read() {
    let packet = over_ipv4(
        6,
        "12340050 00000001 00000000 e002 2000 0000 0000
        020405b4 0402 080a 00000064 000000c8 01 030307 01
        050a 00000001 00000002 00",
    );
    assert_eq!(packet.chain(), "ip tcp");
    assert_eq!(packet.all("tcp.opt.kind"), ["2", "4", "8", "1", "3", "1", "5", "0"]);
    packet.has(&[
        ("tcp.opt.mss_val", "1460"),
        ("tcp.opt.timestamp_tsval", "100"),
        ("tcp.opt.timestamp_tsecr", "200"),
        ("tcp.opt.wscale_shift", "7"),
    ]);
    assert_eq!(packet.all("tcp.opt.sack_edge"), ["1", "2"]);
}

/// RFC 768.
#[test]
fn udp_fields_are_read() {
    over_ipv4(17, "1234 0035 0008 abcd").has(&[
        ("udp.srcport", "4660"),
        ("udp.dstport", "53"),
        ("udp.length", "8"),
        ("udp.checksum", "43981"),
    ]);
}

/// RFC 3828, section 3.1.
#[test]
fn udp_lite_has_a_coverage_in_place_of_a_length() {
    let packet = over_ipv4(136, "1234 0035 000c abcd 00000000");
    packet.has(&[("udplite.dstport", "53"), ("udplite.checksum_coverage", "12")]);
}

/// RFC 9260, section 3.1.
#[test]
fn sctp_has_a_verification_tag() {
    over_ipv4(132, "1234 0035 0000002a abcdef01").has(&[
        ("sctp.srcport", "4660"),
        ("sctp.dstport", "53"),
        ("sctp.verification_tag", "42"),
        ("sctp.checksum", "2882400001"),
    ]);
}

/// RFC 4340, section 5.1: X = 1, 48 bits of sequence number.
#[test]
fn dccp_sequence_number_has_48_bits_when_it_is_extended() {
    let packet = over_ipv4(33, "1234 0035 04 56 abcd 01 00 000000000007");
    packet.has(&[
        ("dccp.srcport", "4660"),
        ("dccp.data_offset", "16"),
        ("dccp.ccval", "5"),
        ("dccp.cscov", "6"),
        ("dccp.type", "0"),
        ("dccp.x", "true"),
        ("dccp.seq_raw", "7"),
    ]);
}

#[test]
fn dccp_sequence_number_has_24_bits_otherwise() {
    let packet = over_ipv4(33, "1234 0035 03 00 abcd 04 000007");
    packet.has(&[("dccp.type", "2"), ("dccp.x", "false"), ("dccp.seq_raw", "7")]);
}

#[test]
fn protocol_without_a_row_is_payload() {
    let packet = over_ipv4(253, "00000000");
    assert_eq!(packet.chain(), "ip");
    assert_eq!(packet.stop(), None);
}
