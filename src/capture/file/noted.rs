//! Where each input of a timeline stood at every 64th packet, so that single packets can be read
//! later.

use crate::base::timestamp::Timestamp;

/// Packets from one row of heads to the next, at first; later a multiple.
pub(super) const STRIDE: u64 = 64;
/// Heads to know at most, 16 octets each; then every second row is forgotten.
const HEADS: usize = 1 << 20;

/// Where an input stood: the next record's place in its file, and the time its last was placed by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// Nothing when the input had ended.
    pub(super) offset: Option<u64>,
    pub(super) placed: Option<Timestamp>,
}

/// What the first pass notes for later readers.
#[derive(Debug)]
pub(super) struct Noted {
    /// Rows of one head an input.
    heads: Vec<Head>,
    inputs: usize,
    stride: u64,
    limit: usize,
    /// From each input's interfaces to the timeline's.
    pub(super) interfaces: Vec<Vec<u32>>,
}

impl Noted {
    pub(super) fn new(inputs: usize) -> Self {
        let interfaces = vec![Vec::new(); inputs];
        Self { heads: Vec::new(), inputs, stride: STRIDE, limit: HEADS, interfaces }
    }

    /// Whether a row is due before the packet that has `before` packets before it.
    pub(super) fn is_due(&self, before: u64) -> bool {
        let rows = self.heads.len().checked_div(self.inputs).unwrap_or(0) as u64;
        before == rows.saturating_mul(self.stride)
    }

    /// The row by which a packet is found with so many before it, and how many of those come behind
    /// the row.
    pub(super) fn row_before(&self, before: u64) -> Option<(&[Head], u64)> {
        let row = before.checked_div(self.stride).unwrap_or(0);
        let skip = before.checked_rem(self.stride).unwrap_or(0);
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        Some((self.heads.chunks(self.inputs.max(1)).nth(row)?, skip))
    }

    /// Adds a row.
    pub(super) fn note(&mut self, row: impl Iterator<Item = Head>) {
        self.heads.extend(row);
        if self.heads.len() >= self.limit {
            let rows = self.heads.chunks(self.inputs.max(1));
            self.heads = rows.step_by(2).flatten().copied().collect();
            self.stride = self.stride.saturating_mul(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_limit_are_thinned() {
        let mut noted = Noted { limit: 8, ..Noted::new(2) };
        let row =
            |n: u64| [Head { offset: Some(n), placed: None }, Head { offset: None, placed: None }];
        for before in 0..1000 {
            if noted.is_due(before) {
                noted.note(row(before).into_iter());
            }
        }
        assert!(noted.heads.len() < 8);
        for (n, heads) in (0..).zip(noted.heads.chunks(2)) {
            assert_eq!(heads.first().unwrap().offset, Some(n * noted.stride));
        }
    }
}
