//! Finds the packets of a run again: a sink at the end of the run, read by the screen and the jobs.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::base::threads::lock;
use crate::base::timestamp::Timestamp;
use crate::capture::{Batch, CaptureError, Facts};
use crate::dashboard::model::packet_column::PacketSort;
use crate::dashboard::model::packet_order::PacketOrder;
use crate::session::{Outcome, Render, Sink};
use crate::store::Store;

/// Packets of a run, found by their position among those that passed.
#[derive(Debug, Clone)]
pub struct PacketIndex(Arc<Mutex<FilteredPackets>>);

/// Which packets passed the filter of a run, and where they are stored.
#[derive(Debug)]
pub struct FilteredPackets {
    store: Arc<Mutex<Store>>,
    /// Whether this run is the one that fills the store.
    fills: bool,
    passed: PassedPackets,
    /// Another order of those that passed than the capture's.
    order: Option<PacketOrder>,
    facts: Arc<Facts>,
}

impl PacketIndex {
    /// Puts packets in `store`; `is_filtered` when not all of them pass.
    pub fn new(store: Store, is_filtered: bool) -> Self {
        let passed = if is_filtered {
            PassedPackets::Some(Bitmap::default())
        } else {
            PassedPackets::All(0)
        };
        let store = Arc::new(Mutex::new(store));
        Self::of(store, true, passed)
    }

    /// An index of the packets that pass another filter, in the same store.
    #[must_use]
    pub fn filtered(&self) -> Self {
        let store = self.store();
        let passed = PassedPackets::Some(Bitmap::default());
        Self::of(store, false, passed)
    }

    fn of(store: Arc<Mutex<Store>>, fills: bool, passed: PassedPackets) -> Self {
        let facts = Arc::default();
        Self(Arc::new(Mutex::new(FilteredPackets { store, fills, passed, order: None, facts })))
    }

    /// Where packets are found by number.
    pub fn store(&self) -> Arc<Mutex<Store>> {
        Arc::clone(&self.lock().store)
    }

    /// Whether another run fills the store, of whose packets some pass here.
    pub fn is_filtered(&self) -> bool {
        !self.lock().fills
    }

    /// The packets, held while the guard lives.
    pub fn lock(&self) -> MutexGuard<'_, FilteredPackets> {
        lock(&self.0)
    }
}

impl Sink for PacketIndex {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        None
    }

    fn write(&mut self, _rendered: &[u8]) -> Result<(), CaptureError> {
        Ok(())
    }

    fn frames(&mut self, batch: &Batch, passed: &[u32]) -> Result<(), CaptureError> {
        let mut packets = self.lock();
        if packets.fills {
            lock(&packets.store).append(batch);
        }
        packets.facts.clone_from(&batch.facts);
        match &mut packets.passed {
            PassedPackets::All(count) => *count += passed.len() as u64,
            PassedPackets::Some(bitmap) => {
                for &index in passed {
                    bitmap.push(batch.first + u64::from(index));
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, _outcome: &Outcome) -> Result<(), CaptureError> {
        Ok(())
    }
}

impl FilteredPackets {
    /// Packets that passed.
    pub fn count(&self) -> u64 {
        match &self.passed {
            PassedPackets::All(count) => *count,
            PassedPackets::Some(bitmap) => bitmap.len,
        }
    }

    /// By what packets are sorted, and how many.
    pub fn order(&self) -> Option<(PacketSort, u64)> {
        self.order.as_ref().map(|order| (order.by, order.len()))
    }

    /// Brings packets in another order, or back in that of the capture.
    pub fn sort(&mut self, order: Option<PacketOrder>) {
        self.order = order;
    }

    /// First positions where packets can no longer be found; sorted, they may be anywhere.
    pub fn gone(&self) -> u64 {
        if self.order.is_some() { 0 } else { self.passed_and_gone() }
    }

    /// Packets that passed and can no longer be found.
    pub fn passed_and_gone(&self) -> u64 {
        let oldest = lock(&self.store).oldest().unwrap_or(1);
        match &self.passed {
            PassedPackets::All(_) => oldest - 1,
            PassedPackets::Some(bitmap) => bitmap.before(oldest),
        }
    }

    /// What the capture file says about its packets.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Number of the packet at `position` among those that passed.
    pub fn number(&self, position: u64) -> Option<u64> {
        self.passed(self.order.as_ref().map_or(position, |order| order.at(position)))
    }

    /// Number of one of the packets that passed, in the order of the capture.
    fn passed(&self, position: u64) -> Option<u64> {
        match &self.passed {
            PassedPackets::All(count) => (position < *count).then_some(position + 1),
            PassedPackets::Some(bitmap) => bitmap.select(position),
        }
    }

    /// Position of the first packet that passed with that number or a later one.
    pub fn position(&self, number: u64) -> u64 {
        let at = match &self.passed {
            PassedPackets::All(count) => number.saturating_sub(1).min(*count),
            PassedPackets::Some(bitmap) => bitmap.before(number),
        };
        self.order.as_ref().map_or(at, |order| order.place(at))
    }

    /// Position of the first packet that passed and is not earlier than `time`, where times ascend.
    pub fn at_time(&self, time: Timestamp, batch: &mut Batch) -> u64 {
        let (mut low, mut high) = (self.passed_and_gone(), self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            let mut is_before = false;
            let read = self.read_passed(middle..middle + 1, batch, |_, batch, index| {
                let here = batch.frame(index).and_then(|frame| frame.time);
                is_before = here.is_some_and(|here| here < time);
            });
            if read.is_ok() && is_before {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.order.as_ref().map_or(low, |order| order.place(low))
    }

    /// Reads the packets at `positions`, calling `with` for the batch they are in and their index.
    pub fn read(
        &self,
        positions: Range<u64>,
        batch: &mut Batch,
        with: impl FnMut(u64, &Batch, usize),
    ) -> Result<(), CaptureError> {
        self.read_by(|position| self.number(position), positions, batch, with)
    }

    /// Reads the packets that passed at `positions` in the order of the capture, calling `with` for
    /// the batch they are in and their index.
    pub fn read_passed(
        &self,
        positions: Range<u64>,
        batch: &mut Batch,
        with: impl FnMut(u64, &Batch, usize),
    ) -> Result<(), CaptureError> {
        self.read_by(|position| self.passed(position), positions, batch, with)
    }

    /// Fills `batch` with the packets of these numbers, whether they passed or not.
    pub fn read_numbers(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError> {
        lock(&self.store).frames(numbers, batch)
    }

    fn read_by(
        &self,
        number: impl Fn(u64) -> Option<u64>,
        positions: Range<u64>,
        batch: &mut Batch,
        mut with: impl FnMut(u64, &Batch, usize),
    ) -> Result<(), CaptureError> {
        let mut position = positions.start;
        while position < positions.end {
            let Some(first) = number(position) else { return Ok(()) };
            // Neighbours are read together.
            let mut numbers = first..first + 1;
            while position + (numbers.end - first) < positions.end
                && number(position + (numbers.end - first)) == Some(numbers.end)
            {
                numbers.end += 1;
            }
            let count = numbers.end - first;
            lock(&self.store).frames(numbers, batch)?;
            for index in 0..batch.records.len() {
                let number = batch.first + index as u64;
                if let Some(behind) = number.checked_sub(first) {
                    with(position + behind, batch, index);
                }
            }
            position += count;
        }
        Ok(())
    }
}

/// Which packets passed.
#[derive(Debug)]
enum PassedPackets {
    /// The first so many.
    All(u64),
    /// Those whose bit is set.
    Some(Bitmap),
}

/// Words between two sums.
const SUM_WORDS: usize = 64;

/// A bit for every packet up to the last that passed, with sums to count quickly: 50 million
/// packets take 7 MB.
#[derive(Debug, Default)]
struct Bitmap {
    words: Vec<u64>,
    /// Bits that are set before every 64th word.
    sums: Vec<u64>,
    len: u64,
}

impl Bitmap {
    /// Sets the bit of packet `number`; numbers come in order.
    fn push(&mut self, number: u64) {
        let Ok(word) = usize::try_from(number / 64) else { return };
        while self.words.len() <= word {
            if self.words.len().is_multiple_of(SUM_WORDS) {
                self.sums.push(self.len);
            }
            self.words.push(0);
        }
        if let Some(last) = self.words.last_mut() {
            *last |= 1 << (number % 64);
            self.len += 1;
        }
    }

    /// The number of the packet at `position` among those whose bit is set.
    fn select(&self, position: u64) -> Option<u64> {
        if position >= self.len {
            return None;
        }
        let block = self.sums.partition_point(|&sum| sum <= position).checked_sub(1)?;
        let mut left = position - self.sums.get(block)?;
        for (at, &word) in self.words.iter().enumerate().skip(block * SUM_WORDS) {
            let here = u64::from(word.count_ones());
            if left >= here {
                left -= here;
                continue;
            }
            let mut word = word;
            for _ in 0..left {
                word &= word - 1;
            }
            return Some(at as u64 * 64 + u64::from(word.trailing_zeros()));
        }
        None
    }

    /// Bits that are set below `number`.
    fn before(&self, number: u64) -> u64 {
        let word = usize::try_from(number / 64).unwrap_or(usize::MAX);
        if word >= self.words.len() {
            return self.len;
        }
        let block = word / SUM_WORDS;
        let sum = self.sums.get(block).copied().unwrap_or(0);
        let whole: u64 = self.words[block * SUM_WORDS..word]
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum();
        let below = (1u64 << (number % 64)) - 1;
        sum + whole + u64::from((self.words[word] & below).count_ones())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_finds_every_packet_again() {
        let numbers: Vec<u64> = (1..60_000).filter(|n| n % 7 == 3 || n % 4099 < 5).collect();
        let mut bitmap = Bitmap::default();
        for &number in &numbers {
            bitmap.push(number);
        }
        assert_eq!(bitmap.len, numbers.len() as u64);
        for (position, &number) in (0..).zip(&numbers) {
            assert_eq!(bitmap.select(position), Some(number));
            assert_eq!(bitmap.before(number), position);
        }
        assert_eq!(bitmap.select(bitmap.len), None);
        assert_eq!(bitmap.before(1 << 40), bitmap.len);
    }
}
