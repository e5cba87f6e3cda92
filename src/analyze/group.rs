//! Groups of packets as statistics fold them: the facts of each packet, and what each header stack
//! adds up to.
//!
//! The one place that knows both how packets are noted, in [`Briefs`], and what statistics need of
//! them.  Packets of a usual make are summed up by make; every other is a stack of its own.

use super::brief::{Brief, Briefs, Fragment, Parts, Rare, Version};
use super::count::Tally;
use super::statistic::facts::{Folded, Outermost, PacketFacts, StackFacts};
use super::statistic::{ByKind, Values};
use crate::base::timestamp::Period;
use crate::decode::layers::Place;
use crate::decode::odd::is_deep;
use crate::decode::usual::{MAKES, MAKES_COUNT};

/// The usual makes as header stacks.
const USUAL: [StackFacts; MAKES_COUNT] = {
    let none = StackFacts {
        place: Place::Ip,
        stop: None,
        depth: 1,
        outer: Outermost::None,
        fragment: Fragment::Whole,
        has_options: false,
        proto: None,
        chain: 0,
    };
    let mut stacks = [none; MAKES_COUNT];
    let mut at = 0;
    while at < MAKES_COUNT {
        let make = &MAKES[at];
        stacks[at].outer = if make.is_v6 { Outermost::Ipv6 } else { Outermost::Ipv4 };
        stacks[at].proto = Some(make.proto);
        stacks[at].chain = make.number;
        at += 1;
    }
    stacks
};

/// What the outermost header of each usual make is.
const OUTER: [Outermost; MAKES_COUNT] = {
    let mut outer = [Outermost::None; MAKES_COUNT];
    let mut at = 0;
    while at < MAKES_COUNT {
        outer[at] = USUAL[at].outer;
        at += 1;
    }
    outer
};

/// Packets that are counted at once: what is done once a group, and not once a packet, is then a
/// twentieth of it all; with 64 it is a fourth.
const GROUP: usize = 256;

/// Room for one group after the other.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    stacks: Vec<(StackFacts, Tally)>,
    options: Vec<(u8, u32)>,
}

impl Default for Groups {
    fn default() -> Self {
        Self { stacks: Vec::with_capacity(MAKES_COUNT + GROUP), options: Vec::new() }
    }
}

/// The packets of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packets<'a> {
    briefs: &'a [Brief],
    rares: &'a [Rare],
}

impl Packets<'_> {
    /// The facts of each, in capture order.
    pub(super) fn facts(&self) -> impl Iterator<Item = PacketFacts> + '_ {
        self.briefs.iter().map(|brief| match OUTER.get(usize::from(brief.make)) {
            Some(&outer) => facts(brief, outer, brief.ttl),
            None => rare_facts(brief, &self.rares[brief.rare as usize]),
        })
    }
}

impl Groups {
    /// Counts one group of the packets after the other; gives how many packets are not read to the
    /// last octet, see [`is_deep`].
    pub(super) fn count(&mut self, briefs: &mut Briefs, values: &mut Values) -> u64 {
        self.options.clear();
        self.options.extend(briefs.options());
        let Parts { briefs, rares, .. } = briefs.parts();
        // Numbers ascend.
        let deep = briefs.partition_point(|brief| is_deep(brief.number));
        for group in briefs.chunks(GROUP) {
            values.fold(|kinds| self.fill(Packets { briefs: group, rares }, kinds));
            // They are of all groups, and few: which of them they are counted with does not matter.
            self.options.clear();
        }
        (briefs.len() - deep) as u64
    }

    /// Counts packets by their kinds, and gives what they add up to.
    #[inline]
    fn fill<'a>(&'a mut self, packets: Packets<'a>, kinds: &mut ByKind) -> Folded<'a> {
        let Packets { briefs: group, rares } = packets;
        self.stacks.clear();
        let mut makes = [Tally::default(); MAKES_COUNT];
        let mut labelled = Tally::default();
        let (mut captured, mut bad, mut checksums) = (0, 0, [0; 3]);
        let mut period = Period::EMPTY;
        let interface = group.first().map_or(0, |brief| brief.interface);
        let (mut is_one_interface, mut are_timed) = (true, true);
        for brief in group {
            let octets = u64::from(brief.octets);
            let make = usize::from(brief.make);
            let packet = if let (Some(&outer), Some(tally)) = (OUTER.get(make), makes.get_mut(make))
            {
                tally.add(octets);
                bad += u64::from(brief.is_bad);
                facts(brief, outer, brief.ttl)
            } else {
                let rare = &rares[brief.rare as usize];
                self.stacks.push((stack(brief, rare), Tally { packets: 1, octets }));
                for (sum, count) in checksums.iter_mut().zip(rare.checksums) {
                    *sum += u64::from(count);
                }
                rare_facts(brief, rare)
            };
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
        let mut total = self.stacks.iter().fold(Tally::default(), |mut sum, (_, tally)| {
            sum.merge(*tally);
            sum
        });
        for (stack, tally) in USUAL.iter().zip(makes).filter(|(_, tally)| tally.packets > 0) {
            self.stacks.push((*stack, tally));
            total.merge(tally);
            checksums[0] += if stack.outer == Outermost::Ipv4 { tally.packets } else { 0 };
        }
        checksums[0] -= bad;
        checksums[1] += bad;
        Folded {
            stacks: &self.stacks,
            options: &self.options,
            total,
            captured,
            labelled,
            checksums,
            period,
            are_timed,
            interface: is_one_interface.then_some(interface),
            packets,
        }
    }
}

#[inline]
fn facts(brief: &Brief, outer: Outermost, hops: u8) -> PacketFacts {
    PacketFacts {
        time: brief.time,
        octets: brief.octets,
        captured: brief.captured,
        interface: brief.interface,
        outer,
        hops,
        class: brief.class,
        is_labelled: brief.is_labelled,
    }
}

/// The facts of a packet that is not of a usual make.
fn rare_facts(brief: &Brief, rare: &Rare) -> PacketFacts {
    facts(brief, outermost(rare), rare.outer.ttl)
}

fn outermost(rare: &Rare) -> Outermost {
    match rare.depth {
        0 => Outermost::None,
        _ if rare.outer.v6 => Outermost::Ipv6,
        _ => Outermost::Ipv4,
    }
}

/// A packet that is not of a usual make, as a header stack of its own.
fn stack(brief: &Brief, rare: &Rare) -> StackFacts {
    let has_flow = rare.depth > 0 && brief.flow != Version::None;
    StackFacts {
        place: rare.place,
        stop: rare.stop,
        depth: rare.depth,
        outer: outermost(rare),
        fragment: rare.outer.fragment,
        has_options: rare.outer.options,
        proto: has_flow.then_some(brief.proto),
        chain: rare.make,
    }
}
