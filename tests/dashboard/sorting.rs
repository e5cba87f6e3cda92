//! Packets in another order than the capture's.

use std::collections::HashMap;

use ipeek::dashboard::model::action::{Action, CursorMove};
use ipeek::dashboard::view::panel::packets;

use super::Bench;

/// Numbers and lengths of the packets on screen.
fn rows(bench: &Bench) -> Vec<(u64, u32)> {
    let lines = &bench.app.data.page.lines;
    lines.iter().map(|line| (line.row.number, line.row.length)).collect()
}

/// Sorts by the next column so many times.
fn sort(bench: &mut Bench, times: usize) {
    (0..times).for_each(|_| _ = bench.act(Action::Sort));
}

#[test]
fn packets_are_sorted_by_a_column_and_in_the_order_of_the_capture_again() {
    let mut bench = Bench::open("office.pcapng", (160, 1200));
    bench.act(Action::View(packets::ID));
    let all = rows(&bench);
    assert_eq!(all.len(), 394);
    // Time, source, destination, protocol, TTL, length.
    sort(&mut bench, 6);
    let mut expected = all.clone();
    expected.sort_by_key(|&(number, length)| (std::cmp::Reverse(length), number));
    assert_eq!(rows(&bench), expected);
    assert!(bench.screen().contains("Len▼"), "{}", bench.screen());
    bench.act(Action::Reverse);
    expected.sort_by_key(|&(number, length)| (length, number));
    assert_eq!(rows(&bench), expected);
    // What is said of them, and round to their numbers.
    sort(&mut bench, 2);
    assert_eq!(rows(&bench), all);
}

#[test]
fn a_packet_that_was_chosen_stays_under_the_cursor() {
    let mut bench = Bench::open("office.pcapng", (120, 40));
    bench.act(Action::View(packets::ID));
    (0..30).for_each(|_| _ = bench.act(Action::Move(CursorMove::Down)));
    let number = |bench: &Bench| bench.app.data.page.detail.as_ref().map(|it| it.number);
    let chosen = number(&bench);
    assert_eq!(chosen, Some(31));
    for _ in 0..9 {
        sort(&mut bench, 1);
        assert_eq!(number(&bench), chosen);
        bench.act(Action::Reverse);
        assert_eq!(number(&bench), chosen);
    }
}

#[test]
fn what_passes_a_filter_is_sorted_and_found_by_number() {
    let mut bench = Bench::open("office.pcapng", (160, 1200));
    bench.act(Action::View(packets::ID));
    let lengths: HashMap<u64, u32> = rows(&bench).into_iter().collect();
    sort(&mut bench, 6);
    bench.act(Action::Filter);
    bench.write("icmp && frame.len > 90");
    bench.act(Action::Apply);
    let some = rows(&bench);
    assert!(some.len() > 20 && some.is_sorted_by_key(|row| (std::cmp::Reverse(row.1), row.0)));
    assert!(some.iter().all(|(number, length)| lengths[number] == *length && *length > 90));
    let (number, _) = some[some.len() / 2];
    bench.act(Action::Command);
    bench.write(&format!("goto {number}"));
    bench.act(Action::Apply);
    assert_eq!(bench.app.data.page.detail.as_ref().map(|it| it.number), Some(number));
    assert_eq!(rows(&bench), some);
}
