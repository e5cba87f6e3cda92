//! Groups of packets as statistics fold them: the facts of each packet, and what each header stack
//! adds up to.
//!
//! The one place that knows both how packets are noted, in [`Briefs`], and what statistics need of
//! them.  Packets of a usual make are summed up by make; every other is a stack of its own.

use super::brief::{Brief, Briefs, Fragment, Parts, Rare, Version};
use super::count::Tally;
use super::shard::GROUP;
use super::statistic::facts::{Folded, Outermost, PacketFacts, StackFacts};
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

/// Room for one group after the other.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    packets: Vec<PacketFacts>,
    stacks: Vec<(StackFacts, Tally)>,
    options: Vec<(u8, u32)>,
}

impl Default for Groups {
    fn default() -> Self {
        Self {
            packets: Vec::with_capacity(GROUP),
            stacks: Vec::with_capacity(MAKES_COUNT + GROUP),
            options: Vec::new(),
        }
    }
}

impl Groups {
    /// Calls `fold` with one group of the packets after the other, and with how many of it are not
    /// read to the last octet, see [`is_deep`].
    pub(super) fn each(&mut self, briefs: &mut Briefs, mut fold: impl FnMut(&Folded<'_>, u64)) {
        self.options.clear();
        self.options.extend(briefs.options());
        let Parts { briefs, rares, .. } = briefs.parts();
        for group in briefs.chunks(GROUP) {
            // Numbers ascend.
            let deep = group.partition_point(|brief| is_deep(brief.number));
            fold(&self.fill(group, rares), (group.len() - deep) as u64);
            // They are of all groups, and few: which of them they are counted with does not matter.
            self.options.clear();
        }
    }

    fn fill(&mut self, group: &[Brief], rares: &[Rare]) -> Folded<'_> {
        self.packets.clear();
        self.stacks.clear();
        let mut makes = [Tally::default(); MAKES_COUNT];
        let (mut total, mut period) = (Tally::default(), Period::EMPTY);
        let interface = group.first().map_or(0, |brief| brief.interface);
        let (mut is_one_interface, mut are_timed, mut is_any_v6) = (true, true, false);
        for brief in group {
            let octets = u64::from(brief.octets);
            total.add(octets);
            match brief.time {
                Some(time) => period.add(time),
                None => are_timed = false,
            }
            is_one_interface &= brief.interface == interface;
            let facts = PacketFacts {
                time: brief.time,
                octets: brief.octets,
                captured: brief.captured,
                interface: brief.interface,
                outer: Outermost::None,
                hops: brief.ttl,
                class: brief.class,
                is_labelled: brief.is_labelled,
                checksums: [0; 3],
            };
            let make = usize::from(brief.make);
            let facts = if let (Some(usual), Some(tally)) = (USUAL.get(make), makes.get_mut(make)) {
                tally.add(octets);
                let (own, bad) = (u8::from(usual.outer == Outermost::Ipv4), u8::from(brief.is_bad));
                // Only an IPv4 header has one that may be bad.
                PacketFacts { outer: usual.outer, checksums: [own - bad, bad, 0], ..facts }
            } else {
                let rare = &rares[brief.rare as usize];
                let stack = stack(brief, rare);
                self.stacks.push((stack, Tally { packets: 1, octets }));
                let (outer, hops) = (stack.outer, rare.outer.ttl);
                PacketFacts { outer, hops, checksums: rare.checksums, ..facts }
            };
            is_any_v6 |= facts.outer == Outermost::Ipv6;
            self.packets.push(facts);
        }
        let usual = USUAL.into_iter().zip(makes).filter(|(_, tally)| tally.packets > 0);
        self.stacks.extend(usual);
        Folded {
            packets: &self.packets,
            stacks: &self.stacks,
            options: &self.options,
            total,
            period,
            are_timed,
            interface: is_one_interface.then_some(interface),
            is_any_v6,
        }
    }
}

/// A packet that is not of a usual make, as a header stack of its own.
fn stack(brief: &Brief, rare: &Rare) -> StackFacts {
    let outer = match rare.depth {
        0 => Outermost::None,
        _ if rare.outer.v6 => Outermost::Ipv6,
        _ => Outermost::Ipv4,
    };
    let has_flow = rare.depth > 0 && brief.flow != Version::None;
    StackFacts {
        place: rare.place,
        stop: rare.stop,
        depth: rare.depth,
        outer,
        fragment: rare.outer.fragment,
        has_options: rare.outer.options,
        proto: has_flow.then_some(brief.proto),
        chain: rare.make,
    }
}
