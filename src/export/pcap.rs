//! Packets that pass, saved as a capture.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::analyze::datagram::Datagram;
use crate::base::threads::lock;
use crate::capture::save::Saver;
use crate::capture::{Batch, CaptureError};
use crate::session::{Assembled, Interests, Outcome, Render, Sink};

/// Saves the frames of a run.
#[derive(Debug)]
pub struct SaveSink {
    saver: SharedSaver,
    left_out: u64,
    reassembles: bool,
    /// Fragments that wait for the others of their datagram, each in a batch of its own: no more
    /// than [`crate::analyze::datagram`] keeps octets of.
    waiting: BTreeMap<u64, Batch>,
}

/// A capture that is being written until its owner closes it: its sink, or whatever ends the
/// process.
pub type SharedSaver = Arc<Mutex<Option<Saver>>>;

impl SaveSink {
    /// Frames go to `saver`.
    pub fn new(saver: Saver) -> Self {
        Self::sharing(Arc::new(Mutex::new(Some(saver))))
    }

    /// Frames go to a saver that somebody else may take.
    pub fn sharing(saver: SharedSaver) -> Self {
        Self { saver, left_out: 0, reassembles: false, waiting: BTreeMap::new() }
    }

    /// This sink, which saves datagrams that came in fragments as one frame each where it
    /// `reassembles`: in place of the last fragment to come, and without the others.  Fragments
    /// that wait in vain are saved as they came, as soon as that is known.
    #[must_use]
    pub fn reassembling(self, reassembles: bool) -> Self {
        Self { reassembles, ..self }
    }

    /// Saves what of these packets waits.
    fn save_waiting(
        &mut self,
        saver: &mut Saver,
        packets: impl IntoIterator<Item = u64>,
    ) -> Result<(), CaptureError> {
        let mut done = Ok(());
        for batch in packets.into_iter().filter_map(|packet| self.waiting.remove(&packet)) {
            done = done.and(saver.record(&batch, 0));
        }
        done
    }

    /// Saves a datagram in place of record `index`, which completes it.
    fn save_whole(
        &mut self,
        saver: &mut Saver,
        (batch, index): (&Batch, usize),
        datagram: &Datagram,
    ) -> Result<(), CaptureError> {
        let innermost = datagram.innermost();
        let link = batch.records.get(index).map(|record| record.link);
        let of_link = datagram.chain().filter(|whole| Some(whole.link()) == link);
        // Of an inner one a header around it may not be able to say how long it is.
        let framed = of_link.filter_map(|whole| Some((whole, whole.frame()?))).last();
        let Some((whole, frame)) = framed else {
            let done = self.save_waiting(saver, innermost.packets.iter().copied());
            return done.and(saver.record(batch, index));
        };
        for packet in &whole.packets {
            self.waiting.remove(packet);
        }
        let done = self.save_waiting(saver, innermost.packets.iter().copied());
        let Some(alone) = batch.alone(index, Some(&frame)) else { return done };
        if innermost.is_part && whole.inner.is_none() {
            self.waiting.insert(datagram.packet, alone);
            return done;
        }
        done.and(saver.record(&alone, 0))
    }
}

impl Sink for SaveSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        None
    }

    fn write(&mut self, _rendered: &[u8]) -> Result<(), CaptureError> {
        Ok(())
    }

    fn frames(&mut self, batch: &Batch, passed: &[u32]) -> Result<(), CaptureError> {
        let mut saver = lock(&self.saver);
        let Some(saver) = saver.as_mut() else { return Ok(()) };
        let mut done = Ok(());
        let mut between = batch.between.iter().peekable();
        for &index in passed {
            let index = index as usize;
            while let Some(between) = between.next_if(|between| between.before <= index) {
                done = done.and(saver.between(batch, between));
            }
            // After an error the rest is counted: what is kept and what is lost is all there was.
            done = done.and(saver.record(batch, index));
        }
        for between in between {
            done = done.and(saver.between(batch, between));
        }
        self.left_out = saver.left_out();
        done
    }

    fn assembled(
        &mut self,
        batch: &Batch,
        passed: &[u32],
        assembled: Assembled<'_>,
    ) -> Result<(), CaptureError> {
        if !self.reassembles {
            return self.frames(batch, passed);
        }
        let Assembled { datagrams, news } = assembled;
        let shared = Arc::clone(&self.saver);
        let mut saver = lock(&shared);
        let Some(saver) = saver.as_mut() else { return Ok(()) };
        let mut done = Ok(());
        let mut between = batch.between.iter().peekable();
        let mut whole = Vec::new();
        for &index in passed {
            let index = index as usize;
            while let Some(between) = between.next_if(|between| between.before <= index) {
                done = done.and(saver.between(batch, between));
            }
            let number = batch.first + index as u64;
            let at = datagrams.binary_search_by_key(&number, |datagram| datagram.packet);
            let next = if let Some(datagram) = at.ok().and_then(|at| datagrams.get(at)) {
                whole.push(number);
                self.save_whole(saver, (batch, index), datagram)
            } else if news.awaiting.binary_search(&number).is_ok()
                && let Some(alone) = batch.alone(index, None)
            {
                self.waiting.insert(number, alone);
                Ok(())
            } else {
                saver.record(batch, index)
            };
            done = done.and(next);
        }
        for between in between {
            done = done.and(saver.between(batch, between));
        }
        // What the last fragment to come completes where that does not pass is not shown whole.
        let unseen = datagrams.iter().filter(|datagram| !whole.contains(&datagram.packet));
        let unseen = unseen.flat_map(|datagram| datagram.innermost().packets.iter().copied());
        done = done.and(self.save_waiting(saver, unseen));
        done = done.and(self.save_waiting(saver, news.given_up.iter().copied()));
        self.left_out = saver.left_out();
        done
    }

    fn interests(&self) -> Interests {
        Interests { datagrams: self.reassembles, ..Interests::default() }
    }

    fn quiet(&mut self) -> Result<(), CaptureError> {
        lock(&self.saver).as_mut().map_or(Ok(()), Saver::flush)
    }

    fn break_off(&mut self) -> CaptureError {
        let saver = lock(&self.saver).take();
        saver.map_or_else(
            || CaptureError::broken("the capture"),
            |mut saver| {
                let waiting: Vec<u64> = self.waiting.keys().copied().collect();
                // What goes wrong is told with the counts.
                let _ = self.save_waiting(&mut saver, waiting);
                saver.break_off()
            },
        )
    }

    fn left_out(&self) -> u64 {
        self.left_out
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        // Kept locked: whoever ends the process meanwhile is to know that this is not done.
        let saver = Arc::clone(&self.saver);
        let mut shared = lock(&saver);
        let Some(saver) = shared.as_mut() else { return Ok(()) };
        let waiting: Vec<u64> = self.waiting.keys().copied().collect();
        let waited = self.save_waiting(saver, waiting);
        if let Some(why) = outcome.shortfall {
            saver.fall_short(why);
        }
        let ended = saver.end(&outcome.interfaces, &outcome.facts).map(|_| ());
        // Until here a panic finds it.
        *shared = None;
        waited.and(ended)
    }
}
