//! The app: the run of all packets, the run of the filter, and what is shown of them.

mod jobs;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::RunningJob;
use super::packet_index::PacketIndex;
use super::page;
use super::pass::pass;
use super::replay::Replay;
use super::snapshot_worker::SnapshotWorker;
use crate::analyze::Settings;
use crate::base::text::Safe;
use crate::base::threads;
use crate::base::timestamp::Timestamp;
use crate::capture::ledger::Ledger;
use crate::capture::save::{Folder, Shutdown};
use crate::capture::{Batch, Recorded};
use crate::dashboard::model::action::{Action, Effect, SeekTarget};
use crate::dashboard::model::event::Event;
use crate::dashboard::model::packet_page::{PacketPage, PageRequest};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::State;
use crate::dashboard::model::view_data::{Progress, RunStatus, ViewData};
use crate::dashboard::model::{filter_expr, selection};
use crate::dashboard::update::dispatch::StateMachine;
use crate::dashboard::view::panel::{self, packets};
use crate::session::{Outcome, Plan, Session};
use crate::store::Store;

/// Octets kept of a source that cannot be read again.
const RING_OCTETS: usize = 256 << 20;

/// How long the end waits for the analysis.
const PATIENCE: Duration = Duration::from_millis(60);

/// How long a live capture may take to hand over what its rings hold.
const DRAIN: Duration = Duration::from_millis(160);

/// For how long a key that needs rows waits for them to be computed.
const TYPED_AHEAD: Duration = Duration::from_secs(1);

/// The counters of a live capture, and how it is stopped.
pub struct LiveCapture {
    /// Names of the interfaces, by their numbers.
    pub interfaces: Vec<String>,
    /// The counts of packets that were captured and dropped so far.
    pub ledger: Box<dyn Fn() -> Ledger + Send>,
    /// Events that were left out of the outputs beside the screen.
    pub left_out: Box<dyn Fn() -> u64 + Send>,
    /// Stops the source, which then delivers what it has buffered.
    pub stop: Box<dyn Fn()>,
}

/// A run, the index of its packets, and its snapshots.
#[derive(Debug)]
struct Run {
    session: Arc<Session>,
    packets: PacketIndex,
    snapshots: SnapshotWorker,
}

/// The state, the data, and the runs that they come from.
pub struct App {
    /// The state.
    pub state: StateMachine,
    /// The data that is shown.
    pub data: ViewData,
    /// Makes the files that packets are saved to.
    pub saves: Folder,
    /// The run of all packets.
    all: Run,
    /// The run of the packets that pass the filter.
    some: Option<Run>,
    settings: Settings,
    threads: usize,
    live: Option<LiveCapture>,
    has_progress: bool,
    started: Instant,
    /// When the data on screen was requested.
    asked: Instant,
    batch: Batch,
    /// The job under way.
    job: Option<RunningJob>,
    /// Whether its result was not drawn yet.
    has_news: bool,
    /// When packets were last sorted.
    sorted: Instant,
    /// What was last drawn.
    drawn: (u64, RunStatus, Option<Arc<PacketPage>>),
}

impl App {
    /// Starts the run of `plan`.
    pub fn open(mut plan: Plan, state: State, live: Option<LiveCapture>) -> Self {
        let (settings, threads) = (plan.settings, plan.threads);
        // Only a source that knows its progress at once is asked again: others would block.
        let has_progress = plan.source.progress().is_some();
        let store = Store::of(&*plan.source, RING_OCTETS);
        let packets = PacketIndex::new(store, plan.pass.is_some());
        plan.sinks.push(Box::new(packets.clone()));
        plan.snapshots = true;
        let all = Run::start(plan, packets, &state);
        Self {
            state: StateMachine::new(state),
            data: ViewData::default(),
            saves: Folder::default(),
            all,
            some: None,
            settings,
            threads,
            live,
            has_progress,
            started: Instant::now(),
            asked: Instant::now(),
            batch: Batch::new(),
            job: None,
            has_news: false,
            sorted: Instant::now(),
            drawn: (0, RunStatus::default(), None),
        }
    }

    /// Notes the size of the screen.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.state.act(Action::Resize(columns, rows), &self.data);
    }

    /// Performs an action of the user; returns the effect that only the caller can have.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        if self.job.is_some() && action == Action::Back {
            self.job = None;
            self.tell(Event::Cancelled);
            return None;
        }
        let before = self.state.rows();
        let effect = self.state.act(action, &self.data);
        if self.state.rows() != before {
            self.asked = Instant::now();
        }
        self.list_candidates();
        self.active().snapshots.ask(panel::query(&self.state));
        // The next key may depend on what this one brought to the screen.
        self.read_page();
        effect
    }

    /// Does the effect of an action that is about the runs.
    pub fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Filter(filter) => self.replay(filter.clone(), self.state.workspace.span),
            Effect::Span(span) => self.replay(self.state.filter.applied.clone(), *span),
            Effect::Seek(seek) => self.seek(*seek),
            Effect::Find(find, is_back) => self.find(find, *is_back),
            Effect::Save(path, which) => self.save(path, which),
            Effect::Quit | Effect::Interrupt | Effect::Suspend | Effect::Copy(_) => {}
        }
    }

    /// Shows what passes the filter in that time; all, without either.
    fn replay(&mut self, filter: Option<String>, span: Option<(Timestamp, Timestamp)>) {
        let parsed = match filter.as_deref().map(filter_expr::compile).transpose() {
            Ok(parsed) => parsed,
            Err(wrong) => return self.tell(Event::FilterRejected { text: filter, wrong }),
        };
        if let Some(run) = self.some.take() {
            run.drop_aside();
        }
        self.job = None;
        self.asked = Instant::now();
        self.all.packets.lock().sort(None);
        let is_filtered = parsed.is_some() || span.is_some();
        // The packet that was looked at, among all of them.
        let was_at = selection::number(&self.state, &self.data).filter(|_| !is_filtered);
        let cursor = was_at.map_or(0, |number| self.all.packets.lock().position(number));
        self.tell(Event::Filtered { filter, span, cursor });
        if is_filtered {
            let store = self.all.packets.store();
            let packets = self.all.packets.filtered();
            let plan = Plan {
                source: Box::new(Replay::new(store, Arc::clone(&self.all.session))),
                threads: self.threads,
                settings: self.settings,
                pass: Some(pass(parsed, span)),
                count: None,
                sinks: vec![Box::new(packets.clone())],
                snapshots: true,
            };
            self.some = Some(Run::start(plan, packets, &self.state));
        }
        self.active().snapshots.ask(panel::query(&self.state));
        self.data.snapshot = Arc::default();
        self.data.page = Arc::default();
    }

    /// Passes an event on to the state.
    fn tell(&mut self, event: Event) {
        self.state.receive(event, &self.data);
    }

    fn seek(&mut self, seek: SeekTarget) {
        let locked = self.active().packets.lock();
        let position = match seek {
            SeekTarget::Number(number) | SeekTarget::Anomaly(number, _) => locked.position(number),
            SeekTarget::Time(time) => locked.at_time(time, &mut Batch::new()),
        };
        let last = locked.count().saturating_sub(1);
        drop(locked);
        self.tell(Event::Located(position.min(last)));
        self.look();
        if let SeekTarget::Anomaly(_, id) = seek {
            self.tell(Event::AnomalyLocated(id));
            self.read_page();
        }
    }

    /// Requests the statistics that are on screen now.
    fn look(&mut self) {
        self.active().snapshots.ask(panel::query(&self.state));
        self.read_page();
    }

    /// Whether an action needs rows that are still being computed: keys typed ahead wait for those.
    pub fn is_early(&self, action: Action) -> bool {
        let is_making = match action {
            Action::SearchNext
            | Action::SearchPrevious
            | Action::NextOfFlow
            | Action::PreviousOfFlow
            | Action::NextAnomaly
            | Action::PreviousAnomaly => self.job.is_some() || self.data.is_making(&self.state),
            Action::Drill
            | Action::Packets
            | Action::Keep
            | Action::Exclude
            | Action::Mark
            | Action::CopyMenu
            | Action::Move(_) => self.data.is_making(&self.state),
            _ => false,
        };
        is_making && self.asked.elapsed() < TYPED_AHEAD
    }

    fn active(&self) -> &Run {
        self.some.as_ref().unwrap_or(&self.all)
    }

    /// Updates the data; whether anything changed since it was last drawn.
    pub fn refresh(&mut self) -> bool {
        let run_status = self.run_status();
        let last = self.active().snapshots.last();
        if !self.is_held() || last.query != self.data.snapshot.query {
            self.data.snapshot = last;
        }
        let snapshot = &self.data.snapshot;
        if snapshot.query.is_frozen && snapshot.total.packets > 0 {
            // The statistics say which moment it is, to the packet.
            self.tell(Event::Frozen(snapshot.total.packets));
        }
        self.data.run_status = run_status;
        if self.some.is_none() && self.data.snapshot.times.is_some() {
            self.data.all_times = self.data.snapshot.times;
        }
        self.has_news |= self.take_result();
        self.explain_no_match();
        self.keep_sorted();
        self.state.clamp_cursor(&self.data);
        self.read_page();
        let (generation, run_status, page) = &self.drawn;
        self.has_news
            || *generation != self.data.snapshot.generation
            || *run_status != self.data.run_status
            || page.as_ref().is_none_or(|page| !Arc::ptr_eq(page, &self.data.page))
    }

    /// Notes that the data was drawn.
    pub fn was_drawn(&mut self) {
        self.has_news = false;
        self.drawn = (
            self.data.snapshot.generation,
            self.data.run_status.clone(),
            Some(Arc::clone(&self.data.page)),
        );
    }

    /// Whether no packet has been seen yet, though some may come any moment.
    pub fn is_waiting(&self) -> bool {
        self.data.run_status.captured == 0
            && self.started.elapsed() < Duration::from_secs(1)
            && !self.data.run_status.has_ended
    }

    /// Whether the statistics stay as they are.  A run whose first are not made yet has none to
    /// keep.
    fn is_held(&self) -> bool {
        let snapshot = &self.data.snapshot;
        self.state.frozen.is_some_and(|frozen| {
            snapshot.generation > 0 && (snapshot.total.packets > 0 || frozen.packets == 0)
        })
    }

    /// Whether nothing changes any more without an action.
    pub fn is_at_rest(&self) -> bool {
        let is_made =
            self.is_held() || self.data.snapshot.total.packets == self.data.run_status.shown;
        self.job.is_none()
            && self.data.run_status.has_ended
            && is_made
            && self.data.snapshot.query == panel::query(&self.state)
    }

    /// Reads the packets on screen, and again when that moves the cursor.
    fn read_page(&mut self) {
        if self.state.panel != PanelId::PACKETS {
            return;
        }
        let most = self.state.frozen.map_or(u64::MAX, |frozen| frozen.packets);
        for _ in 0..3 {
            let run = self.some.as_ref().unwrap_or(&self.all);
            let locked = run.packets.lock();
            let request: PageRequest = packets::request(&self.state);
            let (count, gone) = (locked.count().min(most), locked.gone());
            if self.data.page.is_for(&request, count) {
                drop(locked);
                // Rows that are all there need not be read again; the count must be right for
                // whatever goes to the last one.
                if (self.data.page.count, self.data.page.gone) != (count, gone) {
                    let page = Arc::make_mut(&mut self.data.page);
                    (page.count, page.gone) = (count, gone);
                }
                return;
            }
            let page = page::read(&locked, request, most, &mut self.batch);
            drop(locked);
            self.data.page = Arc::new(page);
            self.state.clamp_cursor(&self.data);
        }
    }

    fn run_status(&self) -> RunStatus {
        let (all, run) = (&self.all, self.active());
        let has_ended = run.session.wait(Duration::ZERO) && all.session.wait(Duration::ZERO);
        let ledger = self.live.as_ref().map(|live| (live.ledger)());
        let locked = run.packets.lock();
        let recorded = Recorded::of(locked.facts());
        let (shown, gone) = (locked.count(), locked.gone());
        drop(locked);
        let progress = if self.has_progress && !has_ended { self.progress() } else { None };
        RunStatus {
            captured: all.session.seen().packets,
            shown,
            kernel: ledger.map_or(recorded.kernel, |ledger| ledger.kernel),
            interface: ledger.map_or(recorded.interface, |ledger| ledger.interface),
            between: recorded.between,
            application: ledger.map_or(0, |ledger| ledger.application),
            left_out: self.live.as_ref().map_or(0, |live| (live.left_out)()),
            evicted: self.data.snapshot.evicted,
            gone,
            damage: all.session.damage().split_first().map(|(first, more)| match more.len() {
                0 => first.to_string(),
                more => format!("{first}; and {more} more"),
            }),
            down: self.live.as_ref().map_or_else(Vec::new, |live| down(live, &all.session)),
            error: all
                .session
                .error()
                .or_else(|| run.session.error())
                .or_else(|| run.snapshots.fault()),
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

    /// Ends the runs; gives the outcome of the run of all packets.
    pub fn close(self, shutdown: &Shutdown) -> Outcome {
        if let Some(run) = self.some {
            run.drop_aside();
        }
        let is_asked = !self.all.session.wait(Duration::ZERO);
        let drain = self.live.as_ref().map_or(Duration::ZERO, |live| {
            (live.stop)();
            DRAIN
        });
        self.all.session.wait(drain);
        if is_asked {
            self.all.session.stop();
        }
        if !self.all.session.wait(PATIENCE) {
            shutdown.end_with_line();
            self.all.session.wait(Shutdown::LAST_LINE);
        }
        self.all.snapshots.close();
        self.all.session.finish()
    }
}

/// Names of the interfaces that carry no packets now.
fn down(live: &LiveCapture, session: &Session) -> Vec<String> {
    let down = session.peek(|analysis| analysis.anomalies.down());
    let name = |at: u32| live.interfaces.get(usize::try_from(at).ok()?);
    down.into_iter().filter_map(name).map(|name| Safe(name).to_string()).collect()
}

impl Run {
    fn start(plan: Plan, packets: PacketIndex, state: &State) -> Self {
        let session = Arc::new(Session::start(plan));
        let snapshots =
            SnapshotWorker::open(Arc::clone(&session), panel::query(state), packets.is_filtered());
        Self { session, packets, snapshots }
    }

    /// Ends the run on a thread of its own: that may take long.
    fn drop_aside(self) {
        self.session.stop();
        // Where there can be no thread it ends here.
        let _ = threads::spawn("filter cleanup", move || self.snapshots.close());
    }
}
