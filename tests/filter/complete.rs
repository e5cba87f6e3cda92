//! What a filter bar offers at the cursor.

use ipeek::filter::complete::complete;

use super::*;

/// Where the word begins, and the first three of what is offered.
fn offer(text: &str) -> (usize, Vec<String>) {
    let found = complete(text, text.len());
    assert!(found.candidates.iter().all(|candidate| !candidate.meaning.is_empty()), "{text}");
    (found.from, found.candidates.into_iter().take(3).map(|candidate| candidate.text).collect())
}

#[test]
fn what_is_offered_fits_the_place() {
    for (text, from, first) in [
        ("ip.tt", 0, &["ip.ttl"][..]),
        ("tcp && ip.dsfield.", 7, &["ip.dsfield.ecn", "ip.dsfield.dscp"]),
        ("!(ip.check", 2, &["ip.checksum", "ip.checksum_status"]),
        ("ip.ttl ", 7, &["==", "!=", "in"]),
        ("ip.flags.df ", 12, &["==", "!=", "in"]),
        ("eth.src con", 8, &["contains"]),
        ("tcp ", 4, &["&&", "||"]),
        ("ip.proto == TC", 12, &["TCP", "TCF"]),
        ("ip.proto == tcp ", 16, &["&&", "||"]),
        ("ip.dsfield.dscp in {e", 20, &["EF"]),
        ("ip.dsfield.dscp in {EF, cs", 24, &["CS0", "CS1", "CS2"]),
        ("tcp.flags.syn == ", 17, &["true", "false"]),
        ("ip.ttl#1 ", 9, &["==", "!=", "in"]),
        ("ip.ttl == 5 && tcp.po", 15, &["tcp.port"]),
        ("nosuch ", 7, &[]),
        ("ip.opt.data == \"ip", 16, &[]),
    ] {
        let first: Vec<String> = first.iter().map(|&word| word.to_owned()).collect();
        assert_eq!(offer(text), (from, first), "{text}");
    }
}

#[test]
fn a_cursor_anywhere_does_no_harm() {
    let text = "ip.ttl in {1..5, 0x9} && é \"x";
    for cursor in 0..text.len() + 3 {
        complete(text, cursor);
    }
}
