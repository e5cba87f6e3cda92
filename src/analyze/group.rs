//! Groups of packets as statistics fold them: the facts of each packet, and what each header stack
//! adds up to.
//!
//! The one place that knows both how packets are noted, in [`PacketRecords`], and what statistics
//! need of them.

use super::count::Tally;
use super::record::PacketRecord;
use super::records::{PacketRecords, Parts, StackRecord};
use super::statistic::facts::{Checksums, Folded, Packets, StackFacts, facts};
use super::statistic::{ByKind, Values};
use crate::base::timestamp::Period;
use crate::decode::checksum::{ROWS, STATUSES};

/// Packets that are counted at once: what is done once a group, and not once a packet, is then a
/// twentieth of it all; with 64 it is a fourth.
const GROUP: usize = 256;

/// Room for one group after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct PacketGroups {
    stacks: Vec<(StackFacts, Tally)>,
    options: Vec<(u8, u32)>,
}

impl PacketGroups {
    /// Counts one group of the packets after the other.
    pub(super) fn count(&mut self, records: &mut PacketRecords, values: &mut Values) {
        let mut checksums = [[0; STATUSES]; ROWS.len()];
        self.options.clear();
        self.options.extend(records.options());
        // Of each stack all are counted as good, and what is not good is taken from that.
        for (row, status) in records.sums() {
            let sums: &mut [u64; STATUSES] = &mut checksums[usize::from(row)];
            sums[0] = sums[0].wrapping_sub(1);
            sums[status as usize] += 1;
        }
        let Parts { records, stacks, .. } = records.parts();
        self.stacks.clear();
        let groups = records.len().div_ceil(GROUP);
        for (number, group) in records.chunks(GROUP).enumerate() {
            values.fold(|kinds| {
                let sums = fill(group, stacks, kinds);
                if number + 1 == groups {
                    self.add_stacks(stacks, &mut checksums);
                }
                let packets = Packets { records: group, stacks };
                Folded {
                    stacks: &self.stacks,
                    // They are of all groups, and few: which of them they are counted with does not
                    // matter.
                    options: if number == 0 { &self.options } else { &[] },
                    checksums: if number + 1 == groups { checksums } else { Checksums::default() },
                    packets,
                    ..sums.folded(packets)
                }
            });
        }
    }

    /// Takes in what was counted of each header stack.
    fn add_stacks(&mut self, stacks: &mut [StackRecord], checksums: &mut Checksums) {
        for of in stacks.iter_mut().filter(|of| of.tally.packets > 0) {
            let tally = std::mem::take(&mut of.tally);
            self.stacks.push((of.facts, tally));
            for &row in &of.sums {
                let good = &mut checksums[usize::from(row)][0];
                *good = good.wrapping_add(tally.packets);
            }
        }
    }
}

/// What the packets of a group add up to.
struct Sums {
    total: Tally,
    captured: u64,
    labelled: Tally,
    period: Period,
    are_timed: bool,
    interface: Option<u32>,
}

impl Sums {
    fn folded(self, packets: Packets<'_>) -> Folded<'_> {
        let Self { total, captured, labelled, period, are_timed, interface } = self;
        Folded {
            stacks: &[],
            options: &[],
            total,
            captured,
            labelled,
            checksums: Checksums::default(),
            period,
            are_timed,
            interface,
            packets,
        }
    }
}

/// Counts packets by their kinds and by their stacks, and gives what they add up to.
#[inline]
fn fill(group: &[PacketRecord], stacks: &mut [StackRecord], kinds: &mut ByKind) -> Sums {
    let (mut total, mut labelled) = (Tally::default(), Tally::default());
    let mut captured = 0;
    let mut period = Period::EMPTY;
    let interface = group.first().map_or(0, |record| record.interface);
    let (mut is_one_interface, mut are_timed) = (true, true);
    for record in group {
        let octets = u64::from(record.octets);
        let of = &mut stacks[record.stack as usize];
        of.tally.add(octets);
        total.add(octets);
        let packet = facts(record, &of.facts);
        match packet.time {
            Some(time) => period.add(time),
            None => are_timed = false,
        }
        let is_labelled = u64::from(packet.is_labelled);
        labelled.merge(Tally { packets: is_labelled, octets: octets * is_labelled });
        captured += u64::from(packet.captured);
        is_one_interface &= packet.interface == interface;
        kinds.add(&packet);
    }
    let interface = is_one_interface.then_some(interface);
    Sums { total, captured, labelled, period, are_timed, interface }
}
