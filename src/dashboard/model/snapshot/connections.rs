//! How TCP connections went, as far as the flags of their flows say.

use crate::analyze::flow::FlowView;

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
