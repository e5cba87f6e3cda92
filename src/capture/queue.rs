//! A source fed by other threads through a small pool of recycled batches.
//!
//! Pipes and interfaces are read by threads of their own.  A pipe's thread waits for room; an
//! interface's does so only if it is told to: otherwise, without an empty batch, it keeps filling
//! the one it has, and what does not fit is a counted drop.  The consumer waits a little at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::batch::Batch;
use super::error::{CaptureError, Damage};
use super::event::Event;
use super::facts::SharedFacts;
use super::interface::Interface;
use super::source::{Fill, Source};
use crate::base::threads::{self, lock};

/// How long one call of `fill` waits.  A waiting analyst does not notice a signal, and analysts
/// have 60 ms to hand over what they have counted.
const WAIT: Duration = Duration::from_millis(25);

/// Events that are kept until they are taken.
#[cfg(feature = "live")]
const MOST_EVENTS: usize = 1024;

/// Batches between a pipe and its consumer: one being read, one being decoded, two to spare.
const PIPE_BATCHES: usize = 4;

/// The consumer's end.
#[derive(Debug)]
pub struct Queue {
    shared: Arc<Shared>,
    records: u64,
    batches: u64,
    unstarted: Unstarted,
}

/// What a pipe's thread does once its first record is wanted.
#[derive(Default)]
struct Unstarted(Option<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for Unstarted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Unstarted").field(&self.0.is_some()).finish()
    }
}

/// A feeding thread's end; when the last one is gone the queue ends.
#[derive(Debug)]
pub(super) struct Feeder {
    shared: Arc<Shared>,
}

/// Reports events beside the records; the queue ends without waiting for it.
#[cfg(feature = "live")]
pub(super) struct Teller {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// A batch was handed over, or the last feeder has gone.
    handed: Condvar,
    /// An empty batch came back, or the consumer has gone.
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    full: VecDeque<Batch>,
    empty: Vec<Batch>,
    /// Batches that may still be made.
    unmade: usize,
    feeders: usize,
    damage: Vec<Damage>,
    error: Option<CaptureError>,
    is_closed: bool,
    /// Interface events that are not reported yet.
    events: Vec<Event>,
    /// Interfaces and facts as the last source left them.
    known: (Arc<Vec<Interface>>, SharedFacts),
}

impl Shared {
    /// The state, whatever became of a thread that held it.
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Queue {
    /// A queue of at most `batches` batches and one feeder; clone the feeder for more.
    pub(super) fn new(batches: usize) -> (Self, Feeder) {
        let state = State { unmade: batches, feeders: 1, ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), ..Shared::default() });
        let feeder = Feeder { shared: Arc::clone(&shared) };
        (Self { shared, records: 0, batches: 0, unstarted: Unstarted::default() }, feeder)
    }

    /// A queue fed by a thread that opens a source and reads it to its end, waiting for room.
    ///
    /// The thread starts with the first [`Source::fill`], so that it has no more rights than its
    /// consumer.  It is never joined: it may be stuck in a read that nothing will ever answer.
    pub(super) fn reading(
        open: impl FnOnce() -> Result<Box<dyn Source>, CaptureError> + Send + 'static,
    ) -> Self {
        let (mut queue, feeder) = Self::new(PIPE_BATCHES);
        let work = move || match open() {
            Ok(source) => feeder.drain(source),
            Err(error) => feeder.fail(error),
        };
        queue.unstarted = Unstarted(Some(Box::new(work)));
        queue
    }

    fn start(&mut self) {
        let Some(work) = self.unstarted.0.take() else { return };
        if let Err(error) = threads::spawn("pipe", work) {
            self.shared.lock().error = Some(CaptureError::Thread { error });
        }
    }
}

impl Feeder {
    /// An empty batch, if there is one or one may be made; never waits.
    #[cfg(feature = "live")]
    pub(super) fn take(&self) -> Option<Batch> {
        self.shared.lock().take()
    }

    /// An empty batch, waiting for it until the consumer has gone or `is_over`.
    #[cfg(feature = "live")]
    pub(super) fn take_until(&self, is_over: impl Fn() -> bool) -> Option<Batch> {
        let mut state = self.shared.lock();
        loop {
            let batch = state.take();
            if batch.is_some() || state.is_closed || is_over() {
                return batch;
            }
            let freed = self.shared.freed.wait_timeout(state, WAIT);
            (state, _) = freed.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An empty batch, waiting for it; nothing when the consumer has gone.
    fn take_waiting(&self) -> Option<Batch> {
        let mut state = self.shared.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(batch) = state.take() {
                return Some(batch);
            }
            state = self.shared.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands a batch over.
    pub(super) fn give(&self, batch: Batch) {
        self.shared.lock().full.push_back(batch);
        self.shared.handed.notify_one();
    }

    /// A feeder that reports interface events.
    #[cfg(feature = "live")]
    pub(super) fn teller(&self) -> Teller {
        Teller { shared: Arc::clone(&self.shared) }
    }

    /// Whether the consumer has taken all it was given.
    #[cfg(feature = "live")]
    pub(super) fn is_wanted(&self) -> bool {
        self.shared.lock().full.is_empty()
    }

    /// Lets the consumer know, after the last batch, why no more comes.
    pub(super) fn fail(&self, error: CaptureError) {
        self.shared.lock().error.get_or_insert(error);
    }

    /// Says before any batch what the interfaces are.
    #[cfg(feature = "live")]
    pub(super) fn know(&self, interfaces: &Arc<Vec<Interface>>, facts: &SharedFacts) {
        self.shared.lock().known = (Arc::clone(interfaces), Arc::clone(facts));
    }

    /// Adds what an interface counted to the facts that come with the end.
    #[cfg(feature = "live")]
    pub(super) fn counted(&self, interface: u32, counted: super::facts::Counted) {
        let mut state = self.shared.lock();
        Arc::make_mut(&mut state.known.1).counted.insert(interface, counted);
    }

    /// Feeds a source until it ends.
    fn drain(&self, mut source: Box<dyn Source>) {
        while let Some(mut batch) = self.take_waiting() {
            match source.fill(&mut batch) {
                Ok(Fill::Records) => self.give(batch),
                Ok(Fill::Quiet) => self.shared.lock().empty.push(batch),
                Ok(Fill::End(damage)) => {
                    let mut state = self.shared.lock();
                    state.known = (batch.interfaces, batch.facts);
                    state.damage = damage;
                    return;
                }
                Err(error) => return self.fail(error),
            }
        }
    }
}

#[cfg(feature = "live")]
impl Teller {
    /// Tells the consumer, before the records that come after.
    pub(super) fn tell(&self, event: Event) {
        let mut state = self.shared.lock();
        // Who takes nothing for that long has other troubles.
        if state.events.len() < MOST_EVENTS {
            state.events.push(event);
        }
        drop(state);
        self.shared.handed.notify_one();
    }

    /// Whether either end of the queue is gone: all feeders, or the reader.
    pub(super) fn is_over(&self) -> bool {
        let state = self.shared.lock();
        state.feeders == 0 || state.is_closed
    }
}

#[cfg(feature = "live")]
impl Clone for Feeder {
    fn clone(&self) -> Self {
        self.shared.lock().feeders += 1;
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl Drop for Feeder {
    /// The end of a thread that panicked must not look like the end of its input.
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.feeders -= 1;
        if std::thread::panicking() {
            state.error.get_or_insert(CaptureError::Panicked { what: "what reads the input" });
        }
        drop(state);
        self.shared.handed.notify_one();
    }
}

impl State {
    fn take(&mut self) -> Option<Batch> {
        self.empty.pop().or_else(|| {
            self.unmade = self.unmade.checked_sub(1)?;
            Some(Batch::new())
        })
    }
}

impl Source for Queue {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        self.start();
        batch.clear();
        let deadline = Instant::now() + WAIT;
        let mut state = self.shared.lock();
        loop {
            let next = state.full.pop_front();
            if next.is_some() || !state.events.is_empty() {
                if let Some(mut next) = next {
                    std::mem::swap(batch, &mut next);
                    state.empty.push(next);
                    self.shared.freed.notify_one();
                } else {
                    (batch.interfaces, batch.facts) = state.known.clone();
                }
                batch.events.append(&mut state.events);
                batch.first = self.records + 1;
                batch.ordinal = self.batches;
                self.records += batch.records.len() as u64;
                self.batches += 1;
                return Ok(Fill::Records);
            }
            if state.feeders == 0 {
                if let Some(error) = state.error.take() {
                    return Err(error);
                }
                let (interfaces, facts) = state.known.clone();
                if !interfaces.is_empty() {
                    (batch.interfaces, batch.facts) = (interfaces, facts);
                }
                return Ok(Fill::End(state.damage.clone()));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Fill::Quiet);
            }
            (state, _) = self
                .shared
                .handed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.freed.notify_all();
    }
}

#[cfg(all(test, feature = "live"))]
mod tests {
    use super::super::interface::LinkType;
    use super::*;

    /// A batch of one record of these octets.
    fn one(mut batch: Batch, octets: &[u8]) -> Batch {
        batch.clear();
        batch.push(None, 0, LinkType::RAW, 1, octets);
        batch
    }

    #[test]
    fn batches_are_few_come_in_order_and_go_round() {
        let (mut queue, feeder) = Queue::new(2);
        let (first, second) = (feeder.take().unwrap(), feeder.take().unwrap());
        assert!(feeder.take().is_none());
        feeder.give(one(first, b"a"));
        feeder.give(one(second, b"b"));
        assert!(!feeder.is_wanted());
        let mut batch = Batch::new();
        for (octet, number) in [(b"a", 1), (b"b", 2)] {
            assert_eq!(queue.fill(&mut batch).unwrap(), Fill::Records);
            assert_eq!((batch.frame(0).unwrap().bytes, batch.first), (&octet[..], number));
            assert_eq!(batch.ordinal + 1, number);
        }
        assert!(feeder.take().is_some() && feeder.take().is_some());
        assert!(feeder.take().is_none() && feeder.is_wanted());
    }

    #[test]
    fn what_was_handed_over_comes_before_the_error() {
        let (mut queue, feeder) = Queue::new(2);
        let mut batch = Batch::new();
        assert_eq!(queue.fill(&mut batch).unwrap(), Fill::Quiet);
        feeder.give(one(Batch::new(), b"a"));
        feeder.fail(CaptureError::Interface { interface: "x".into(), reason: "gone".into() });
        drop(feeder);
        assert_eq!(queue.fill(&mut batch).unwrap(), Fill::Records);
        assert!(queue.fill(&mut batch).is_err());
        assert_eq!(queue.fill(&mut batch).unwrap(), Fill::End(Vec::new()));
    }

    #[test]
    fn a_thread_that_dies_is_an_error() {
        let mut queue = Queue::reading(|| panic!("as a test"));
        let mut batch = Batch::new();
        let mut fill = queue.fill(&mut batch);
        while matches!(fill, Ok(Fill::Quiet)) {
            fill = queue.fill(&mut batch);
        }
        assert!(fill.is_err());
        assert_eq!(queue.fill(&mut batch).unwrap(), Fill::End(Vec::new()));
    }
}
