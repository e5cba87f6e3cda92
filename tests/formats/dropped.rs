//! What a file says of packets that are not in it, in text and JSON.

use std::process::Stdio;

use super::*;

/// The line of the text before the last, and the `drops` of the last event.
fn faces(bytes: &[u8]) -> (String, serde_json::Value) {
    let file = written(bytes);
    let out = |format: &str| {
        let mut command = crate::outputs::ipeek();
        command.args(["read", "-T", format]).arg(file.path()).stdout(Stdio::piped());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = out("summary").lines().rev().nth(1).unwrap().to_owned();
    let json = out("json");
    let last: serde_json::Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    (text, last["drops"].clone())
}

/// An Interface Statistics Block with these options of 64 bits.
fn statistics(interface: u32, options: &[(u16, u64)]) -> Vec<u8> {
    let options = options.iter().map(|(code, value)| block::option(*code, &value.to_le_bytes()));
    let options = options.collect::<Vec<_>>().concat();
    block::any(5, &[&interface.to_le_bytes()[..], &[0; 8], &options].concat())
}

/// draft-ietf-opsawg-pcapng, section 4.6: 5 is what the interface dropped, 6 what the filter
/// accepted, 7 what the system dropped; section 4.3: 4 of a packet, what was dropped before it.
#[test]
fn interface_statistics_are_summed_and_the_last_of_each_interface_counts() {
    let ip = hex("45000014 00000000 40110000 0a000001 0a000002");
    let bytes = [
        block::section(&[]),
        block::interface(101, 0, &[]),
        block::interface(101, 0, &[]),
        block::packet(0, 1, &ip, &block::option(4, &3_u64.to_le_bytes())),
        block::packet(1, 2, &ip, &block::option(4, &4_u64.to_le_bytes())),
        statistics(0, &[(5, 1), (6, 1), (7, 1)]),
        statistics(0, &[(5, 10), (6, 200), (7, 30)]),
        statistics(1, &[(5, 1), (6, 20), (7, 3)]),
    ]
    .concat();
    let (text, drops) = faces(&bytes);
    let expected =
        "dropped: kernel 33, interface 11, between packets 7; 220 passed the capture filter";
    assert_eq!(text, expected);
    let expected = serde_json::json!({
        "kernel": 33, "interface": 11, "application": 0, "unread": null, "between": 7, "accepted": 220
    });
    assert_eq!(drops, expected);
}

#[test]
fn a_file_without_statistics_does_not_know_and_says_so() {
    let ip = hex("45000014 00000000 40110000 0a000001 0a000002");
    let pcapng =
        [block::section(&[]), block::interface(101, 0, &[]), block::packet(0, 1, &ip, &[])]
            .concat();
    let head = hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000");
    let record = hex("01000000 00000000 14000000 14000000");
    for bytes in [pcapng, [head, record, ip].concat()] {
        let (text, drops) = faces(&bytes);
        assert_eq!(text, "dropped: kernel ?, interface ?");
        let expected = serde_json::json!({
            "kernel": null, "interface": null, "application": 0, "unread": null
        });
        assert_eq!(drops, expected);
    }
}
