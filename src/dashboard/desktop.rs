//! What stands behind the screen: the run, the run of the filter, and what is shown of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Books;
use super::action::Action;
use super::desk::Desk;
use super::filter;
use super::keeper::Keeper;
use super::page::{Page, Request};
use super::panel::{self, packets};
use super::replay::Replay;
use super::shown::{Health, Progress, Shown};
use super::state::State;
use super::update::{self, Effect};
use crate::analyze::Limits;
use crate::capture::Batch;
use crate::session::{Outcome, Plan, Session};
use crate::store::Store;

/// Octets kept of what cannot be read twice.
const RING_OCTETS: usize = 256 << 20;

/// How long the analysts are waited for at the end.
const PATIENCE: Duration = Duration::from_millis(80);

/// How long keys that ask for a row wait for rows.
const TYPED_AHEAD: Duration = Duration::from_millis(150);

/// A run with what is kept and made of it.
#[derive(Debug)]
struct Run {
    session: Arc<Session>,
    keeper: Keeper,
    desk: Desk,
}

/// Everything behind the screen.
pub struct Desktop {
    /// What the user looks at.
    pub state: State,
    /// What there is to see.
    pub shown: Shown,
    /// The run of all packets.
    all: Run,
    /// The run of the packets that pass the filter.
    some: Option<Run>,
    limits: Limits,
    threads: usize,
    books: Option<Books>,
    has_progress: bool,
    started: Instant,
    batch: Batch,
    /// What was last drawn.
    drawn: (u64, Health, Option<Arc<Page>>),
}

impl Desktop {
    /// Starts the run of `plan`.
    pub fn open(mut plan: Plan, state: State, books: Option<Books>) -> Self {
        let (limits, threads) = (plan.limits, plan.threads);
        // Only what knows its progress at once may be asked again: others would wait.
        let has_progress = plan.source.progress().is_some();
        let store = Store::of(&*plan.source, RING_OCTETS);
        let keeper = Keeper::new(store, plan.pass.is_some());
        plan.sinks.push(Box::new(keeper.clone()));
        plan.snapshots = true;
        let all = Run::start(plan, keeper, &state);
        Self {
            state,
            shown: Shown::default(),
            all,
            some: None,
            limits,
            threads,
            books,
            has_progress,
            started: Instant::now(),
            batch: Batch::new(),
            drawn: (0, Health::default(), None),
        }
    }

    /// Takes note of the size of the screen.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        update::update(&mut self.state, Action::Resize(columns, rows), &self.shown);
    }

    /// Does what the user asks for; gives what only the caller can do.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        if matches!(action, Action::Drill | Action::Packets) {
            self.catch_up();
        }
        let effect = update::update(&mut self.state, action, &self.shown);
        self.active().desk.wish(self.state.wish());
        // The next key may depend on what this one brought to the screen.
        self.read_page();
        effect
    }

    /// Does what an update asks of the runs.
    pub fn effect(&mut self, effect: &Effect) {
        let Effect::Filter(filter) = effect else { return };
        if let Some(run) = self.some.take() {
            run.drop_aside();
        }
        self.state.filter.applied = None;
        self.state.packets.cursor = 0;
        self.state.packets.top = 0;
        self.state.frozen = None;
        if let Some(text) = filter {
            match filter::compile(text) {
                Ok(pass) => {
                    self.state.filter.applied = Some(text.clone());
                    let store = self.all.keeper.store();
                    let keeper = self.all.keeper.filtered();
                    let plan = Plan {
                        source: Box::new(Replay::new(store, Arc::clone(&self.all.session))),
                        threads: self.threads,
                        limits: self.limits,
                        pass: Some(pass),
                        count: None,
                        sinks: vec![Box::new(keeper.clone())],
                        snapshots: true,
                    };
                    self.some = Some(Run::start(plan, keeper, &self.state));
                }
                Err(wrong) => {
                    self.state.filter.draft = Some(text.clone());
                    self.state.filter.wrong = Some(wrong);
                }
            }
        }
        self.active().desk.wish(self.state.wish());
        self.shown.snapshot = Arc::default();
        self.shown.page = Arc::default();
    }

    /// Waits a moment for the rows of a view that was opened just now: whoever types ahead means them.
    fn catch_up(&mut self) {
        let until = Instant::now() + TYPED_AHEAD;
        while self.state.wish() != self.shown.snapshot.wish && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
            self.refresh();
        }
    }

    fn active(&self) -> &Run {
        self.some.as_ref().unwrap_or(&self.all)
    }

    /// Brings what is shown up to date; whether anything changed since it was last drawn.
    pub fn refresh(&mut self) -> bool {
        let health = self.health();
        let last = self.active().desk.last();
        let is_held = self.state.frozen.is_some()
            && last.wish == self.shown.snapshot.wish
            && self.shown.snapshot.generation > 0;
        if !is_held {
            self.shown.snapshot = last;
        }
        self.shown.health = health;
        update::settle(&mut self.state, &self.shown);
        self.read_page();
        let (generation, health, page) = &self.drawn;
        *generation != self.shown.snapshot.generation
            || *health != self.shown.health
            || page.as_ref().is_none_or(|page| !Arc::ptr_eq(page, &self.shown.page))
    }

    /// Takes note that what is shown was drawn.
    pub fn was_drawn(&mut self) {
        self.drawn = (
            self.shown.snapshot.generation,
            self.shown.health.clone(),
            Some(Arc::clone(&self.shown.page)),
        );
    }

    /// Whether no packet has been seen yet, though some may come any moment.
    pub fn is_waiting(&self) -> bool {
        self.shown.health.captured == 0
            && self.started.elapsed() < Duration::from_secs(1)
            && !self.shown.health.has_ended
    }

    /// Whether nothing more can come by itself.
    pub fn is_at_rest(&self) -> bool {
        let is_made = self.shown.snapshot.total.packets == self.shown.health.shown;
        self.shown.health.has_ended && is_made && self.shown.snapshot.wish == self.state.wish()
    }

    /// Reads the packets on screen, and again when that moves the cursor.
    fn read_page(&mut self) {
        if self.state.panel != panel::PACKETS {
            return;
        }
        let most = self.state.frozen.map_or(u64::MAX, |frozen| frozen.packets);
        for _ in 0..3 {
            let run = self.some.as_ref().unwrap_or(&self.all);
            let kept = run.keeper.lock();
            let request: Request = packets::request(&self.state);
            if self.shown.page.is_for(&request, kept.count().min(most)) {
                return;
            }
            let page = Page::read(&kept, request, most, &mut self.batch);
            drop(kept);
            self.shown.page = Arc::new(page);
            update::settle(&mut self.state, &self.shown);
        }
    }

    fn health(&self) -> Health {
        let (all, run) = (&self.all, self.active());
        let has_ended = run.session.wait(Duration::ZERO) && all.session.wait(Duration::ZERO);
        let ledger = self.books.as_ref().map(|books| (books.ledger)());
        let kept = run.keeper.lock();
        let counted = all_counted(kept.facts());
        let (shown, gone) = (kept.count(), kept.gone());
        drop(kept);
        let progress = if self.has_progress && !has_ended { self.progress() } else { None };
        Health {
            captured: all.session.seen().packets,
            shown,
            kernel: ledger.map(|ledger| ledger.kernel).or(counted.0),
            interface: ledger.map(|ledger| ledger.interface).or(counted.1),
            application: ledger.map_or(0, |ledger| ledger.application),
            evicted: self.shown.snapshot.evicted,
            gone,
            damage: all.session.damage().map(|damage| damage.to_string()),
            error: all.session.error(),
            progress,
            has_ended,
        }
    }

    fn progress(&self) -> Option<Progress> {
        if let Some(run) = &self.some {
            let (done, all) = run.session.progress()?;
            return Some(Progress { done, all, rate: None });
        }
        let (done, all) = self.all.session.progress()?;
        let millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        Some(Progress { done, all, rate: Some(done.saturating_mul(1000) / millis) })
    }

    /// Ends the runs; what the run of all packets came to.
    pub fn close(self) -> Outcome {
        if let Some(run) = self.some {
            run.session.stop();
            run.desk.close();
            run.session.wait(PATIENCE);
        }
        if let Some(books) = &self.books {
            (books.stop)();
            self.all.session.wait(2 * PATIENCE);
        }
        if !self.all.session.wait(Duration::ZERO) {
            self.all.session.stop();
        }
        self.all.session.wait(PATIENCE);
        self.all.desk.close();
        self.all.session.finish()
    }
}

impl Run {
    fn start(plan: Plan, keeper: Keeper, state: &State) -> Self {
        let session = Arc::new(Session::start(plan));
        let desk = Desk::open(Arc::clone(&session), state.wish());
        Self { session, keeper, desk }
    }

    /// Ends the run without anyone waiting for it.
    fn drop_aside(self) {
        self.session.stop();
        let thread = std::thread::Builder::new().name("undertaker".to_owned());
        // Without a thread it goes here and now.
        let _ = thread.spawn(move || self.desk.close());
    }
}

/// What a file says that the kernel and the interface dropped, where it does.
fn all_counted(facts: &crate::capture::Facts) -> (Option<u64>, Option<u64>) {
    let sum = |of: fn(&crate::capture::facts::Counted) -> Option<u64>| {
        facts.counted.values().filter_map(of).reduce(u64::saturating_add)
    };
    (sum(|counted| counted.dropped_by_system), sum(|counted| counted.dropped))
}
