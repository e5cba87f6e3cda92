//! Flows that end: told once, with all their packets, and their conversations stay counted.

use ipeek::analyze::conversation::count;
use ipeek::analyze::departed::End;
use ipeek::analyze::traffic::HeaderScope;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::base::timestamp::{TimeDelta, Timestamp};
use ipeek::capture::{Frame, LinkType};
use ipeek::decode::{Layers, Packet, walk};

/// RFC 791 and RFC 9293: TCP from 10.0.0.1 to 10.0.0.2, or back, with these ports and flags.
fn segment(back: bool, sport: u16, dport: u16, flags: u8) -> Vec<u8> {
    let (from, to) = if back { (2, 1) } else { (1, 2) };
    let mut octets = vec![0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0];
    octets.extend([10, 0, 0, from, 10, 0, 0, to]);
    octets.extend(sport.to_be_bytes());
    octets.extend(dport.to_be_bytes());
    octets.extend([0, 0, 0, 0, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
    octets
}

/// Folds one segment at that second, as a batch of its own.
fn fold(analysis: &mut Analysis, number: u64, second: i64, octets: &[u8]) {
    let time = Timestamp::from_parts(second, 0);
    let frame = Frame {
        number,
        time,
        link: LinkType::RAW,
        interface: 0,
        original: 40,
        bytes: octets,
        told: ipeek::capture::Told::default(),
    };
    let mut layers = Layers::new();
    walk::walk(&frame, &mut layers);
    let mut records = PacketRecords::default();
    records.push(&Packet { frame, layers: &layers }, &mut Vec::new());
    analysis.end_idle(time);
    analysis.fold(&mut records, &mut []);
}

fn analysis(settings: Settings) -> Analysis {
    let mut analysis = Analysis::new(settings, &foldhash::quality::RandomState::default());
    analysis.keep_ended();
    analysis
}

const SYN: u8 = 2;
const ACK: u8 = 16;
const FIN: u8 = 17;
const RST: u8 = 4;

#[test]
fn an_idle_flow_ends_and_the_same_tuple_begins_another() {
    let mut all =
        analysis(Settings { idle: Some(TimeDelta::from_seconds(300)), ..Settings::default() });
    fold(&mut all, 1, 0, &segment(false, 1000, 80, SYN));
    fold(&mut all, 2, 299, &segment(true, 80, 1000, ACK));
    assert_eq!(all.take_ended(), [], "300 s since the first packet, not since the last");
    fold(&mut all, 3, 599, &segment(false, 1000, 80, ACK));
    let ended = all.take_ended();
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].flow.number, ended[0].end), (1, End::Idle));
    assert_eq!(ended[0].flow.tallies.map(|tally| tally.packets), [1, 1]);
    assert_eq!(all.flows().map(|flow| flow.number).collect::<Vec<_>>(), [3]);
    let counts = all.flow_counts();
    assert_eq!((counts.seen, counts.live, counts.ended, counts.evicted), (2, 1, 1, 0));
    assert!(!counts.estimated, "the conversation is still known");
    assert_eq!(count(&all, HeaderScope::Outer).ipv4_conversations, 1);
    assert_eq!(all.take_ended(), [], "told once");
}

#[test]
fn a_closed_connection_ends_ten_seconds_later() {
    for (name, last) in [("both FIN", &[(false, FIN), (true, FIN)][..]), ("RST", &[(true, RST)])] {
        let mut all =
            analysis(Settings { idle: Some(TimeDelta::from_seconds(300)), ..Settings::default() });
        fold(&mut all, 1, 0, &segment(false, 1000, 80, SYN));
        for &(back, flags) in last {
            let (sport, dport) = if back { (80, 1000) } else { (1000, 80) };
            fold(&mut all, 2, 1, &segment(back, sport, dport, flags));
        }
        fold(&mut all, 3, 10, &segment(false, 2000, 80, SYN));
        assert_eq!(all.take_ended().len(), 0, "{name}: 9 s");
        fold(&mut all, 4, 11, &segment(false, 2000, 80, ACK));
        let ended: Vec<u64> = all.take_ended().iter().map(|past| past.flow.number).collect();
        assert_eq!(ended, [1], "{name}: 10 s");
    }
}

#[test]
fn one_fin_does_not_end_a_connection() {
    let mut all =
        analysis(Settings { idle: Some(TimeDelta::from_seconds(300)), ..Settings::default() });
    fold(&mut all, 1, 0, &segment(false, 1000, 80, FIN));
    fold(&mut all, 2, 60, &segment(false, 2000, 80, SYN));
    assert_eq!((all.take_ended().len(), all.live_flows()), (0, 2));
}

#[test]
fn every_flow_that_makes_room_is_told_with_its_packets() {
    let mut all = analysis(Settings { flows: 3, ..Settings::default() });
    for number in 1..=20 {
        fold(
            &mut all,
            number,
            0,
            &segment(false, 1000 + u16::try_from(number).unwrap_or(0), 80, SYN),
        );
    }
    let ended = all.take_ended();
    assert!(ended.iter().all(|past| past.end == End::Evicted));
    let mut numbers: Vec<u64> = ended.iter().map(|past| past.flow.number).collect();
    numbers.extend(all.flows().map(|flow| flow.number));
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>(), "each is told or kept");
    assert!(all.flow_counts().estimated);
}

#[test]
fn flows_that_end_one_after_the_other_leave_the_table_whole() {
    let mut all =
        analysis(Settings { idle: Some(TimeDelta::from_seconds(5)), ..Settings::default() });
    let mut told = 0;
    for number in 1..=9000u64 {
        let port = u16::try_from(number % 5000).unwrap_or(0) + 1;
        fold(
            &mut all,
            number,
            i64::try_from(number / 500).unwrap_or(0),
            &segment(false, port, 80, ACK),
        );
        told += all.take_ended().iter().map(|past| past.flow.total().packets).sum::<u64>();
    }
    let kept: u64 = all.flows().map(|flow| flow.total().packets).sum();
    assert_eq!(told + kept, 9000);
    assert_eq!(all.flow_counts().seen, 9000, "10 s between packets of a port");
}
