//! What headers were seen with: extension headers, options, TCP flags.

use std::collections::BTreeMap;

use crate::analyze::flow::FlowView;
use crate::analyze::{Analysis, Tally};
use crate::wire::Layer;
use crate::wire::header::Class;

/// What stands in headers now and then.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Extension headers, by name: packets that have any.
    pub extensions: Vec<(&'static str, Tally)>,
    /// IPv4 options by type: packets whose outermost header has any.
    pub options: Vec<(u8, Tally)>,
    /// Whole, first and later fragments: of IPv4, then of IPv6.
    pub fragments: [[Tally; 3]; 2],
    /// Packets whose outermost header is IPv6, with a flow label and without.
    pub labels: [u64; 2],
    /// Packets by IP headers of their own.
    pub depth: Vec<(usize, Tally)>,
}

impl Seen {
    pub(super) fn of(analysis: &Analysis, makes: &[(Vec<Layer>, Tally)]) -> Self {
        let mut extensions: BTreeMap<&'static str, Tally> = BTreeMap::new();
        for (layers, tally) in makes {
            let mut here: Vec<_> = layers
                .iter()
                .map(|layer| layer.header())
                .filter(|header| header.class == Class::Extension)
                .map(|header| header.name)
                .collect();
            here.sort_unstable();
            here.dedup();
            for name in here {
                extensions.entry(name).or_default().merge(*tally);
            }
        }
        let mut extensions: Vec<_> = extensions.into_iter().collect();
        extensions.sort_by_key(|&(name, tally)| (std::cmp::Reverse(tally), name));
        let options = analysis.option_kinds.seen();
        let v6: u64 = [0, 1, 2].map(|piece| analysis.fragment[1].get(piece).packets).iter().sum();
        Self {
            extensions,
            options: options.map(|(kind, tally)| (super::octet(kind), tally)).collect(),
            fragments: [0, 1]
                .map(|version| [0, 1, 2].map(|piece| analysis.fragment[version].get(piece))),
            labels: [analysis.labelled, v6.saturating_sub(analysis.labelled)],
            depth: analysis.depth.seen().collect(),
        }
    }
}

/// How TCP connections went, as far as their flags say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Connections {
    /// Flows of TCP.
    pub flows: u64,
    /// Flows in which a flag was set, CWR to FIN: by the sender of the first packet, by the other.
    pub flags: [[u64; 2]; 8],
    /// A SYN went out and nothing came back.
    pub unanswered: u64,
    /// A SYN went out and a reset came back, with no SYN of the other's.
    pub refused: u64,
    /// Both sent a SYN.
    pub opened: u64,
    /// Both sent a FIN.
    pub closed: u64,
    /// Opened, then reset by either.
    pub reset: u64,
}

const TCP: u8 = 6;
const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;

impl Connections {
    /// Counts a flow.
    pub fn add(&mut self, flow: &FlowView) {
        if flow.proto != TCP {
            return;
        }
        let [forth, back] = flow.tcp;
        self.flows += 1;
        for (bit, flag) in self.flags.iter_mut().enumerate() {
            for (count, bits) in flag.iter_mut().zip([forth, back]) {
                *count += u64::from(bits & (0x80 >> bit) != 0);
            }
        }
        let is = |bits: u8, flag: u8| bits & flag != 0;
        self.unanswered += u64::from(is(forth, SYN) && flow.tallies[1].packets == 0);
        self.refused += u64::from(is(forth, SYN) && is(back, RST) && !is(back, SYN));
        let is_open = is(forth, SYN) && is(back, SYN);
        self.opened += u64::from(is_open);
        self.closed += u64::from(is(forth, FIN) && is(back, FIN));
        self.reset += u64::from(is_open && is(forth | back, RST));
    }
}
