//! Makes snapshots, on a thread of its own so that no key ever waits for one.
//!
//! At most one every 250 ms, and never more than a tenth of the time: what a snapshot of a million
//! flows costs is taken from the analysts.  When the run has ended and nothing new is requested,
//! the thread sleeps.  While the view is frozen and the run goes on, the analysis of that moment is
//! kept, so that every panel and requested order of rows is of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::analyze::Analysis;
use crate::base::{fault, threads};
use crate::capture::Interface;
use crate::dashboard::model::query::SnapshotQuery;
use crate::dashboard::model::snapshot::Snapshot;
use crate::dashboard::view::panel;
use crate::session::Session;

/// Least time from one snapshot to the next.
const INTERVAL: Duration = Duration::from_millis(250);

/// Asks for snapshots, and gives the last one.
#[derive(Debug)]
pub struct SnapshotWorker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    mailbox: Mutex<Mailbox>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Mailbox {
    query: SnapshotQuery,
    is_new: bool,
    is_closed: bool,
    made: Arc<Snapshot>,
    /// Why snapshots are missing, where they are.
    fault: Option<String>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SnapshotWorker {
    /// Starts the worker for the run of `session`, which goes through packets again or sees them
    /// first.
    pub fn open(session: Arc<Session>, query: SnapshotQuery, is_replay: bool) -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().query = query;
        let thread = {
            let shared = Arc::clone(&shared);
            threads::spawn("snapshots", move || work(&shared, &session, is_replay))
        };
        if let Err(error) = &thread {
            shared.lock().fault = Some(format!("there are no statistics: {error}"));
        }
        Self { shared, thread: thread.ok() }
    }

    /// Sets what to compute from now on.
    pub fn ask(&self, query: SnapshotQuery) {
        let mut mailbox = self.shared.lock();
        if mailbox.query != query {
            mailbox.query = query;
            mailbox.is_new = true;
            self.shared.changed.notify_all();
        }
    }

    /// The last snapshot made.
    pub fn last(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.lock().made)
    }

    /// Why snapshots are missing, where they are.
    pub fn fault(&self) -> Option<String> {
        self.shared.lock().fault.clone()
    }

    /// Ends the thread, which drops its session.
    pub fn close(mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic there was noted by its hook; the run's end does not depend on it.
            let _ = thread.join();
        }
    }
}

/// The statistics of `analysis`, of packets that came through `interfaces`, with the rows that are
/// asked for.
pub fn snapshot(analysis: &Analysis, interfaces: &[Interface], query: SnapshotQuery) -> Snapshot {
    let mut snapshot = Snapshot::of(analysis, interfaces, query);
    (panel::find(query.rows.panel).query)(&mut snapshot, analysis);
    snapshot
}

fn work(shared: &Shared, session: &Session, is_replay: bool) {
    let mut generation = 0;
    let mut frozen: Option<Analysis> = None;
    loop {
        let mut mailbox = shared.lock();
        if mailbox.is_closed {
            return;
        }
        let query = mailbox.query;
        mailbox.is_new = false;
        drop(mailbox);

        let started = Instant::now();
        let has_ended = session.wait(Duration::ZERO);
        if !query.is_frozen {
            frozen = None;
        } else if frozen.is_none() && !has_ended {
            frozen = session.peek(|analysis| {
                // A filter that has just begun has no moment yet.
                let is_unbegun = !is_replay && session.seen().packets == 0;
                let is_some = analysis.total().packets > 0 || is_unbegun;
                is_some.then(|| analysis.clone())
            });
        }
        // What panics here only reads, and is not looked at again.
        let made = catch_unwind(AssertUnwindSafe(|| {
            fault::point("snapshot");
            let interfaces = session.interfaces();
            let make = |analysis: &Analysis| snapshot(analysis, &interfaces, query);
            frozen.as_ref().map_or_else(|| session.peek(make), make)
        }));
        let failed = made.is_err();
        let mut snapshot = made.unwrap_or_else(|_| {
            // The rows of the one before stand in, so that a panel does not wait for ever.
            let total = session.peek(Analysis::total);
            Snapshot { query, total, ..Snapshot::clone(&shared.lock().made) }
        });
        generation += 1;
        snapshot.generation = generation;
        let pause = INTERVAL.max(started.elapsed() * 9);

        let mut mailbox = shared.lock();
        mailbox.fault =
            failed.then(|| "the statistics are not those of now: making them panicked".to_owned());
        // Until the first packets come they are looked for more often.
        let pause = if snapshot.total.packets == 0 { Duration::from_millis(20) } else { pause };
        let is_same = mailbox.made.generation > 0
            && mailbox.made.total == snapshot.total
            && mailbox.made.query == snapshot.query;
        if !is_same {
            mailbox.made = Arc::new(snapshot);
        }
        if has_ended {
            let wait =
                shared.changed.wait_while(mailbox, |mailbox| !mailbox.is_new && !mailbox.is_closed);
            drop(wait.unwrap_or_else(PoisonError::into_inner));
        } else {
            // A new query is answered at once, and so is the end of the run: someone waits for it.
            let until = Instant::now() + pause;
            while !(mailbox.is_new || mailbox.is_closed) && Instant::now() < until {
                let wait = shared.changed.wait_timeout(mailbox, pause.min(INTERVAL));
                mailbox = wait.unwrap_or_else(PoisonError::into_inner).0;
                if session.wait(Duration::ZERO) {
                    break;
                }
            }
        }
    }
}
