//! Numbers of streams: which conversation of its transport a packet is of, from 0, in the order
//! they began.

use std::collections::VecDeque;

/// Streams that are remembered, at least: a packet of one that began before them has no number.
const LEAST: usize = 65_536;

/// The streams of one transport.
#[derive(Debug, Clone)]
pub struct Streams {
    /// Numbers of the packets that they began with.
    first: VecDeque<u64>,
    /// How many there were before those.
    before: u64,
    most: usize,
}

impl Streams {
    /// No streams, of which so many are going to be remembered at least.
    pub fn new(flows: usize) -> Self {
        let most = flows.saturating_mul(2).max(LEAST);
        Self { first: VecDeque::new(), before: 0, most }
    }

    /// Which stream the packet `packet` is of, that began with `first`; packets come in their
    /// order.
    pub fn number(&mut self, packet: u64, first: u64) -> Option<u64> {
        if packet == first && self.first.back().is_none_or(|last| *last < packet) {
            if self.first.len() >= self.most {
                self.first.pop_front();
                self.before += 1;
            }
            self.first.push_back(packet);
        }
        let at = self.first.binary_search(&first).ok()?;
        Some(self.before + at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_numbered_in_the_order_they_begin() {
        let mut streams = Streams::new(10);
        let numbers = [(3, 3), (4, 4), (5, 3), (9, 9), (10, 4)];
        let found = numbers.map(|(packet, first)| streams.number(packet, first));
        assert_eq!(found, [0, 1, 0, 2, 1].map(Some));
    }

    #[test]
    fn those_that_began_long_ago_are_forgotten_and_numbers_go_on() {
        let mut streams = Streams::new(10);
        for packet in 0..=LEAST as u64 {
            assert_eq!(streams.number(packet, packet), Some(packet));
        }
        assert_eq!(streams.number(100_000, 0), None);
        assert_eq!(streams.number(100_001, 1), Some(1));
    }
}
