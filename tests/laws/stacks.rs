//! A packet whose header stack is recalled is what walking it finds: its headers, its anomalies,
//! and all numbers that the analysis needs of it.

use ipeek::analyze::anomalies::Occurrence;
use ipeek::analyze::{PacketRecord, PacketRecords};
use ipeek::decode::decode_as::{Choice, Number, Rules};
use ipeek::decode::stack::Stacks;
use ipeek::decode::walk::walk;
use ipeek::decode::{Layers, Packet, anomaly};
use ipeek::wire::Layer;
use proptest::prelude::*;

use super::altered::{Numbers, alter, reference};
use super::spans::{changed, changes};
use super::synthetic::{PLAIN_KINDS, plain};
use crate::packets::{Owned, bundled, hex};
use crate::skip::skip;

/// What an analyst remembers, and how often that served.
struct Memory {
    rules: &'static Rules,
    stacks: Stacks,
    recalled: u64,
    /// Packets whose anomalies a few comparisons told.
    looked: u64,
    /// Packets of which one look told all.
    read: u64,
}

/// Sets the numbers of a packet of a known stack.
type Set<'a> = dyn Fn(&mut PacketRecords, (usize, u32), &mut Vec<Occurrence>) + 'a;

/// All numbers of the only packet.
fn numbers(records: &mut PacketRecords) -> String {
    let sums: Vec<_> = records.sums().collect();
    let parts = records.parts();
    let record = PacketRecord { stack: 0, ..parts.records[0] };
    let stack = &parts.stacks[record.stack as usize];
    format!("{record:?} {:?} {:?} {:?} {sums:?}", parts.v6.first(), stack.facts, stack.sums)
}

impl Default for Memory {
    fn default() -> Self {
        Self::by(Rules::usual())
    }
}

impl Memory {
    /// Nothing yet, of frames that are decoded by these rules.
    fn by(rules: &'static Rules) -> Self {
        Self { rules, stacks: Stacks::by(rules), recalled: 0, looked: 0, read: 0 }
    }

    /// Walks a frame; what is recalled of its stack must be the same.
    fn meet(&mut self, owned: &Owned) {
        let frame = owned.frame();
        let (mut walked, mut recalled) = (Layers::by(self.rules), Layers::by(self.rules));
        walk(&frame, &mut walked);
        let packet = Packet { frame, layers: &walked };
        let Some(known) = self.stacks.recall(frame.link, frame.bytes) else {
            self.stacks.learn(&frame, &walked);
            return;
        };
        self.recalled += 1;
        known.layers(&mut recalled);
        let what =
            |layers: &Layers| (layers.spans().to_vec(), layers.index, layers.stop, layers.end);
        assert_eq!(what(&recalled), what(&walked), "{owned:02x?}");

        let (mut seen, mut all) = (Vec::new(), Vec::new());
        if known.stack.checks.look(&frame, known.last, |row| seen.push(row)) {
            self.looked += 1;
            anomaly::each_unguarded(&packet, false, &mut |found| all.push(found.number));
            // In the order of headers; a source's row and those of options are told alone.
            all.sort_unstable();
            seen.sort_unstable();
            assert_eq!(seen, all, "{owned:02x?}");
        }
        assert!(seen.len() == all.len(), "{owned:02x?}");
        known.stack.checks.remember(&packet);

        let outline = &known.stack.outline;
        let mut other = PacketRecords::default();
        let mut of_walked = Vec::new();
        other.push(&packet, &mut of_walked);
        let expected = numbers(&mut other);
        let of_known = |set: &Set<'_>| {
            let (mut one, mut found) = (PacketRecords::default(), Vec::new());
            let to = (one.open(1), one.known_stack(outline, known.stack.number));
            set(&mut one, to, &mut found);
            assert_eq!(numbers(&mut one), expected, "{owned:02x?}");
            assert_eq!(found, of_walked, "{owned:02x?}");
        };
        of_known(&|records, to, found| records.set_known(to, &frame, outline, false, found));
        let mut seen = Vec::new();
        let (checks, see) = (&known.stack.checks, |row| seen.push(row));
        let reading = match checks.kind() {
            Some((false, true)) => checks.read::<false, true>(&frame, see),
            Some((false, false)) => checks.read::<false, false>(&frame, see),
            Some((true, true)) => checks.read::<true, true>(&frame, see),
            Some((true, false)) => checks.read::<true, false>(&frame, see),
            None => None,
        };
        if let Some(reading) = reading {
            self.read += 1;
            let mut all = Vec::new();
            anomaly::each_unguarded(&packet, false, &mut |found| all.push(found.number));
            all.sort_unstable();
            seen.sort_unstable();
            assert_eq!(seen, all, "{owned:02x?}");
            of_known(&|records, to, found| records.set_read(to, &frame, outline, reading, found));
        }
    }
}

#[test]
fn of_bundled_captures_most_packets_are_recalled_as_they_are_walked() {
    let mut memory = Memory::default();
    for owned in bundled() {
        memory.meet(owned);
    }
    let count = bundled().len() as u64;
    assert!(memory.recalled > count / 10 * 6, "{} of {count}", memory.recalled);
    assert!(memory.read > count / 10 * 3, "{} of {count}", memory.read);
}

/// RFC 8200, section 4.1: destination options may stand twice, and not behind one another; here
/// they do, three times or more, with two octets of padding each, before UDP.
#[test]
fn options_are_looked_at_however_many_there_are() {
    for count in 1..5_usize {
        let payload = count * 8 + 12;
        let mut packet = format!("60000000 {payload:04x} 3c 40");
        packet += "20010000000000000000000000000001 20010000000000000000000000000002";
        for left in (0..count).rev() {
            packet += if left > 0 { "3c00 0104 00000000" } else { "1100 0104 00000000" };
        }
        packet += "1000 2000 000c 1234 61626364";
        let (mut memory, owned) = (Memory::default(), Owned::new(101, hex(&packet)));
        for _ in 0..5 {
            memory.meet(&owned);
        }
        assert!(memory.recalled > 0, "{count}");
    }
}

/// RFC 2003: more checksums than are kept of a packet, the last of which is wrong.
#[test]
fn no_checksum_is_taken_for_that_of_another_header() {
    for depth in 1..9_usize {
        let mut packet = hex("1000 2000 000c 1234 61626364");
        for level in 0..depth {
            let proto = if level == 0 { 17 } else { 4 };
            let mut header = hex("45000000 00010000 40000000 0a000001 0a000002");
            header[2..4].copy_from_slice(&u16::try_from(packet.len() + 20).unwrap().to_be_bytes());
            header[9] = proto;
            packet.splice(0..0, header);
        }
        let (mut memory, owned) = (Memory::default(), Owned::new(101, packet));
        for _ in 0..5 {
            memory.meet(&owned);
        }
    }
}

/// Of frames as networks carry them a look tells everything, or nothing would be gained by it.
#[test]
fn packets_in_order_are_told_at_a_look() {
    let mut memory = Memory::default();
    for (kind, before) in (0..PLAIN_KINDS).zip(0..) {
        memory.meet(&plain(kind, 20));
        memory.meet(&plain(kind, 30));
        assert_eq!((memory.recalled, memory.looked), (before + 1, before + 1), "{kind}");
    }
}

#[test]
fn a_plain_packet_is_recalled_as_it_is_walked_whatever_one_octet_is() {
    for kind in 0..PLAIN_KINDS {
        let whole = plain(kind, 20);
        let mut memory = Memory::default();
        for at in 0..whole.bytes.len() {
            for value in 0..=u8::MAX {
                let mut owned = whole.clone();
                owned.bytes[at] = value;
                memory.meet(&owned);
            }
        }
        assert!(memory.recalled > 1_000, "{}", memory.recalled);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_plain_packet_is_recalled_as_it_is_walked(
        kind in 0..PLAIN_KINDS,
        payload in 0..40usize,
        changes in changes(),
    ) {
        let mut memory = Memory::default();
        memory.meet(&plain(kind, 20));
        memory.meet(&changed(plain(kind, payload), &changes));
    }
}

#[test]
fn of_a_hundred_thousand_altered_packets_all_are_recalled_as_they_are_walked() {
    let Some(all) = reference() else { skip!(Oracle) };
    let mut memory = Memory::default();
    for owned in &all {
        memory.meet(owned);
    }
    let whole = memory.recalled;
    assert!(whole > all.len() as u64 / 10 * 6, "{whole} of {}", all.len());
    for number in 0..100_000_u64 {
        let mut numbers = Numbers::of(number);
        let mut owned = all[numbers.below(all.len())].clone();
        // Altered packets meet what was learned of whole ones, and the other way round.
        memory.meet(&owned);
        alter(&mut owned.bytes, &mut numbers);
        memory.meet(&owned);
    }
    let altered = memory.recalled - whole;
    assert!(altered > 100_000, "{altered}");
}

/// Rules that change what ordinary packets are: names in DNS are networks, UDP is TCP, GRE carries
/// frames, what was IPv4 is labels.
fn strange() -> [&'static Rules; 3] {
    let choice = |number, first, last, layer| Choice { number, first, last, layer };
    let all = [
        vec![
            choice(Number::UdpPort, 0, u16::MAX, Some(Layer::VxlanLinux)),
            choice(Number::UdpPort, 53, 53, Some(Layer::Vxlan)),
            choice(Number::UdpPort, 4789, 4789, None),
        ],
        vec![
            choice(Number::IpProtocol, 6, 6, Some(Layer::Udp)),
            choice(Number::GreProtocol, 0, u16::MAX, Some(Layer::Ethernet)),
            choice(Number::UdpPort, 443, 8080, Some(Layer::Gre)),
        ],
        vec![
            choice(Number::EtherType, 0x0800, 0x0800, Some(Layer::Mpls)),
            choice(Number::EtherType, 0x86dd, 0x86dd, Some(Layer::Ipv4)),
            choice(Number::IpProtocol, 17, 17, None),
            choice(Number::PppProtocol, 0x21, 0x21, Some(Layer::Ipv6)),
        ],
    ];
    all.map(|choices| &*Box::leak(Box::new(Rules::with(&choices))))
}

#[test]
fn whatever_is_decoded_as_what_packets_are_recalled_as_they_are_walked() {
    for rules in strange() {
        let mut memory = Memory::by(rules);
        for owned in bundled() {
            memory.meet(owned);
        }
        for number in 0..20_000_u64 {
            let mut numbers = Numbers::of(number);
            let mut owned = bundled()[numbers.below(bundled().len())].clone();
            memory.meet(&owned);
            alter(&mut owned.bytes, &mut numbers);
            memory.meet(&owned);
        }
        assert!(memory.recalled > 1_000, "{}", memory.recalled);
    }
}

/// What was remembered of frames that are decoded otherwise is not asked.
#[test]
fn stacks_of_other_rules_are_not_learned() {
    let [rules, ..] = strange();
    let (mut stacks, mut layers) = (Stacks::by(rules), Layers::by(Rules::usual()));
    let owned = plain(0, 20);
    walk(&owned.frame(), &mut layers);
    stacks.learn(&owned.frame(), &layers);
    assert_eq!(stacks.learned(), 0);
}
