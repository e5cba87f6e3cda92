//! Jobs that go through all packets: find one, save or sort some, list the values of a field.  Each
//! runs on a thread of its own, so that no key waits for it; there is one at a time, and it can be
//! cancelled.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use super::field_values::{self, FieldValues};
use super::packet_index::PacketIndex;
use super::sort_keys::Keys;
use crate::base::{threads, units};
use crate::capture::save::{Folder, Rules, Saver, Shutdown};
use crate::capture::{Batch, CaptureError};
use crate::dashboard::model::packet_column::PacketSort;
use crate::dashboard::model::packet_line::PacketLine;
use crate::dashboard::model::packet_order::PacketOrder;
use crate::dashboard::model::search::Needle;
use crate::dashboard::view::panel::packets::columns;
use crate::decode::anomaly::{self, Severity};
use crate::decode::{Layers, Packet, walk};
use crate::filter::Filter;
use crate::report::row::RowKind;

/// What to do.
#[derive(Debug, Clone)]
pub enum Job {
    /// Find the next packet like this, from packet `from` on or back, and then from the other end.
    Find {
        /// What it is like.
        wanted: PacketTest,
        /// Position among the packets shown.
        from: u64,
        /// Whether packets before are looked for.
        is_back: bool,
    },
    /// Save packets.
    Save {
        /// Where to.
        path: PathBuf,
        /// Which of those shown; all, without any.
        which: PacketTest,
        /// Makes the file.
        folder: Folder,
    },
    /// Sort the first so many packets.
    Sort(PacketSort, u64),
    /// List the values that the fields of a filter have.
    ListValues(Vec<String>),
}

/// Which packets a job is about.
#[derive(Debug, Clone)]
pub enum PacketTest {
    /// All.
    Any,
    /// Those with the needle in their line or their octets.
    Needle(Needle),
    /// Those that pass.
    Filter(Filter),
    /// Those that are damaged, error messages, or that there is a warning about.
    Anomalous,
    /// Those with these numbers, which ascend.
    Numbers(Vec<u64>),
}

/// How a job ended.
#[derive(Debug)]
pub enum JobResult {
    /// Position of the packet that was found, if one was, and whether that was past the end.
    Found(Option<(u64, bool)>),
    /// So many packets were saved there.
    Saved(u64, PathBuf),
    /// The requested order.
    Sorted(PacketOrder),
    /// The values of the fields, in words.
    Seen(String),
    /// It could not be done: why, in words.
    Failed(String),
}

/// A job under way.
#[derive(Debug)]
pub struct RunningJob {
    stop: Arc<AtomicBool>,
    result: Receiver<JobResult>,
}

/// How long a job that is cancelled is waited for; one that is stuck is left running.
const CANCEL_PATIENCE: Duration = Duration::from_millis(100);

/// Packets that are read at once.
const CHUNK: u64 = 512;

impl RunningJob {
    /// Starts a thread for `job` among the packets of `packets`; those of `all` where it lists
    /// values.
    pub fn start(job: Job, packets: PacketIndex, all: PacketIndex) -> Result<Self, String> {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, result) = channel();
        let flag = Arc::clone(&stop);
        let work = move || {
            let run = JobRunner { stop: flag, layers: Layers::new(), batch: Batch::new() };
            // The receiver of a job that was cancelled is gone.
            let _ = sender.send(run.go(job, &packets, &all));
        };
        threads::spawn("job", work).map_err(|error| error.to_string())?;
        Ok(Self { stop, result })
    }

    /// How it ended, once it has.
    pub fn result(&self) -> Option<JobResult> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(JobResult::Failed("it broke off".to_owned())),
        }
    }
}

impl Drop for RunningJob {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // The thread is waited for until it has removed a file that is half saved: the program may
        // end next.
        let _ = self.result.recv_timeout(CANCEL_PATIENCE);
    }
}

struct JobRunner {
    stop: Arc<AtomicBool>,
    layers: Layers,
    batch: Batch,
}

impl JobRunner {
    fn go(mut self, job: Job, packets: &PacketIndex, all: &PacketIndex) -> JobResult {
        let done = match job {
            Job::Find { wanted, from, is_back } => {
                self.find(&wanted, from, is_back, packets).map(JobResult::Found)
            }
            Job::Save { path, which, folder } => {
                self.save(&path, &which, folder, packets).map(|count| JobResult::Saved(count, path))
            }
            Job::Sort(by, count) => self.sort(by, count, packets).map(JobResult::Sorted),
            Job::ListValues(names) => self.list_values(&names, all).map(JobResult::Seen),
        };
        done.unwrap_or_else(|error| JobResult::Failed(refusal(&error)))
    }

    /// Calls `with` for every packet of `positions` until it returns false.
    fn each(
        &mut self,
        packets: &PacketIndex,
        positions: Range<u64>,
        with: impl FnMut(u64, &Batch, usize, &mut Layers) -> Result<bool, CaptureError>,
    ) -> Result<bool, CaptureError> {
        self.each_of(packets, positions, false, with)
    }

    /// Calls `with` for every packet of `positions`, which count as packets are shown or as they
    /// were captured, until it returns false.
    fn each_of(
        &mut self,
        packets: &PacketIndex,
        positions: Range<u64>,
        is_of_capture: bool,
        mut with: impl FnMut(u64, &Batch, usize, &mut Layers) -> Result<bool, CaptureError>,
    ) -> Result<bool, CaptureError> {
        let mut at = positions.start;
        while at < positions.end {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let end = positions.end.min(at + CHUNK);
            let (mut goes_on, mut wrong) = (true, None);
            let layers = &mut self.layers;
            // The lock is given back between chunks: packets that come must be kept too.
            let locked = packets.lock();
            let with = |position, batch: &Batch, index| {
                if goes_on && wrong.is_none() {
                    match with(position, batch, index, layers) {
                        Ok(more) => goes_on = more,
                        Err(error) => wrong = Some(error),
                    }
                }
            };
            if is_of_capture {
                locked.read_passed(at..end, &mut self.batch, with)?;
            } else {
                locked.read(at..end, &mut self.batch, with)?;
            }
            drop(locked);
            if let Some(error) = wrong {
                return Err(error);
            }
            if !goes_on {
                return Ok(false);
            }
            at = end;
        }
        Ok(true)
    }

    fn find(
        &mut self,
        wanted: &PacketTest,
        from: u64,
        is_back: bool,
        packets: &PacketIndex,
    ) -> Result<Option<(u64, bool)>, CaptureError> {
        let (gone, count) = {
            let locked = packets.lock();
            (locked.gone(), locked.count())
        };
        if !is_back {
            for (range, is_round) in [(from + 1..count, false), (gone..from.min(count), true)] {
                let mut found = None;
                self.each(packets, range, |position, batch, index, layers| {
                    if wanted.is(batch, index, layers) {
                        found = Some(position);
                    }
                    Ok(found.is_none())
                })?;
                if let Some(position) = found {
                    return Ok(Some((position, is_round)));
                }
            }
            return Ok(None);
        }
        for (range, is_round) in [(gone..from.min(count), false), (from + 1..count, true)] {
            let mut end = range.end;
            while end > range.start {
                let start = range.start.max(end.saturating_sub(CHUNK));
                let mut found = None;
                let goes_on =
                    self.each(packets, start..end, |position, batch, index, layers| {
                        if wanted.is(batch, index, layers) {
                            found = Some(position);
                        }
                        Ok(true)
                    })?;
                if let Some(position) = found {
                    return Ok(Some((position, is_round)));
                }
                if !goes_on {
                    return Ok(None);
                }
                end = start;
            }
        }
        Ok(None)
    }

    fn save(
        &mut self,
        path: &std::path::Path,
        which: &PacketTest,
        folder: Folder,
        packets: &PacketIndex,
    ) -> Result<u64, CaptureError> {
        // Never over a file that is there: it may be the one that is looked at.
        let shutdown = Shutdown::from(Arc::clone(&self.stop));
        let rules = Rules { shutdown, sync: true, folder, ..Rules::default() };
        let mut saver = Saver::create(path, &rules)?;
        let (gone, count) = {
            let locked = packets.lock();
            (locked.passed_and_gone(), locked.count())
        };
        let done = self.each_of(packets, gone..count, true, |_, batch, index, layers| {
            if which.is(batch, index, layers) {
                saver.record(batch, index)?;
            }
            Ok(true)
        });
        if matches!(done, Ok(false)) {
            // It was cancelled: half of what was asked for would look like all of it.
            saver.discard();
            return Ok(0);
        }
        let facts = packets.lock().facts().clone();
        let finished = saver.finish(&self.batch.interfaces, &facts);
        match (done, finished) {
            // The error of a refused write has no counts yet; that of the end has.
            (Err(first), Err(last)) if last.completes(&first) => Err(last),
            (Err(first), _) => Err(first),
            (Ok(_), finished) => finished,
        }
    }

    fn sort(
        &mut self,
        by: PacketSort,
        count: u64,
        packets: &PacketIndex,
    ) -> Result<PacketOrder, CaptureError> {
        let keys = Keys::of(by.0);
        let mut all = vec![None; usize::try_from(count).unwrap_or(0)];
        let gone = packets.lock().passed_and_gone().min(count);
        self.each_of(packets, gone..count, true, |position, batch, index, layers| {
            let place = usize::try_from(position).ok().and_then(|at| all.get_mut(at));
            if let (Some(place), Some(frame)) = (place, batch.frame(index)) {
                walk::walk(&frame, layers);
                *place = keys.read(&Packet { frame, layers });
            }
            Ok(true)
        })?;
        Ok(PacketOrder::new(by, columns::descends(by.0) != by.1, &all))
    }

    fn list_values(
        &mut self,
        names: &[String],
        packets: &PacketIndex,
    ) -> Result<String, CaptureError> {
        let mut values = FieldValues::of(names);
        let (gone, count) = {
            let locked = packets.lock();
            (locked.passed_and_gone(), locked.count())
        };
        let range = gone..count.min(gone.saturating_add(field_values::MOST));
        self.each_of(packets, range, true, |_, batch, index, layers| {
            if let Some(frame) = batch.frame(index) {
                walk::walk(&frame, layers);
                values.add(&Packet { frame, layers });
            }
            Ok(true)
        })?;
        Ok(values.words())
    }
}

impl PacketTest {
    fn is(&self, batch: &Batch, index: usize, layers: &mut Layers) -> bool {
        let Some(frame) = batch.frame(index) else { return false };
        if let Self::Any = self {
            return true;
        }
        if let Self::Numbers(numbers) = self {
            return numbers.binary_search(&frame.number).is_ok();
        }
        walk::walk(&frame, layers);
        let packet = Packet { frame, layers };
        let line = || PacketLine::of(&packet, 0, &[]);
        match self {
            Self::Any | Self::Numbers(_) => true,
            Self::Filter(filter) => filter.matches(&packet),
            Self::Anomalous => {
                is_anomalous(&packet)
                    || matches!(line().row.kind, RowKind::Damaged | RowKind::Error)
            }
            Self::Needle(needle) => {
                let row = line().row;
                let texts = [&row.source, &row.destination, &row.proto, &row.info];
                texts.into_iter().any(|text| needle.is_in(text))
                    || needle.find(packet.frame.bytes, 0).is_some()
            }
        }
    }
}

/// Why it could not be done, and what to do about it.
fn refusal(error: &CaptureError) -> String {
    let hint = match error {
        CaptureError::Output { error, .. } if error.kind() == ErrorKind::PermissionDenied => {
            "; hint: a new .pcap or .pcapng in the folder ipeek was started in, or --sandbox off"
        }
        _ => "",
    };
    format!("{error}{hint}")
}

/// Whether more than a note can be made about a packet.
fn is_anomalous(packet: &Packet<'_>) -> bool {
    let mut is_anomalous = false;
    anomaly::each(packet, true, &mut |found| {
        is_anomalous |= found.row().severity >= Severity::Warning;
    });
    is_anomalous
}

/// The notice that so many packets were saved.
pub fn saved(count: u64, path: &std::path::Path) -> String {
    let packets = if count == 1 { "packet" } else { "packets" };
    format!("{} {packets} saved to {}", units::grouped(count), crate::base::text::safe_path(path))
}
