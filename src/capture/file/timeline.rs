//! Several inputs as one: their heads merged by time.
//!
//! Stable: records of one input keep their order, and of two records of one time the one whose
//! input was named first comes first.  A record without a time stays behind its predecessor.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::noted::{Head, Noted, STRIDE};
use crate::base::threads::lock;
use crate::base::timestamp::Timestamp;
use crate::capture::batch::{BATCH_OCTETS, Batch, Record};
use crate::capture::block::{Between, What};
use crate::capture::error::{CaptureError, Damage};
use crate::capture::facts::{Facts, SharedFacts};
use crate::capture::interface::{Interface, InterfaceNames};
use crate::capture::source::{Fill, ReadAt, ReadNumbers, Source};

/// Records that one input reads ahead where a timeline is read again.
const AHEAD: usize = 64;

/// Several sources merged by time.
pub struct Timeline {
    inputs: Vec<Input>,
    /// Inputs with a head by its time, then by number: the next one is found among thousands
    /// without looking at all.
    heads: BinaryHeap<Reverse<(Option<Timestamp>, usize)>>,
    /// Inputs that have no head and have not ended, in their order.
    headless: Vec<usize>,
    interfaces: Arc<Vec<Interface>>,
    facts: SharedFacts,
    /// Whether an input has new facts since they were put together.
    have_facts_changed: bool,
    records: u64,
    batches: u64,
    /// What inputs ended with, in the order in which they ended.
    damage: Vec<Damage>,
    /// Inputs that could not be read to their end, and why the first of them could not.
    unread: (usize, Option<CaptureError>),
    /// Why nothing more can be read, of whatever input.
    failed: Option<CaptureError>,
    /// For readers of single packets later; none if an input cannot be read twice.
    noted: Option<Arc<Mutex<Noted>>>,
}

/// One input and its head.
struct Input {
    source: Box<dyn Source>,
    batch: Batch,
    /// The head: an index into the batch's records.
    next: usize,
    /// First comment of the batch that was not taken.
    next_comment: usize,
    /// First of what stands between records that was not taken.
    next_between: usize,
    /// Time by which the last record taken was placed.
    placed: Option<Timestamp>,
    /// From the input's interfaces to those of the timeline.
    interfaces: Vec<u32>,
    /// What its interfaces say of where they come from.
    file: Option<Arc<str>>,
}

impl Timeline {
    /// The sources in the order of the command line.
    pub fn new(sources: Vec<Box<dyn Source>>) -> Self {
        let can_be_noted = sources.iter().all(|source| source.again().is_some());
        let input = |source| Input::from(source, None, Vec::new());
        let mut timeline = Self::over(sources.into_iter().map(input).collect());
        let noted = || Arc::new(Mutex::new(Noted::new(timeline.inputs.len())));
        timeline.noted = can_be_noted.then(noted);
        timeline
    }

    /// This timeline, the files of whose sources are called that, in their order.
    #[must_use]
    pub fn called(mut self, files: impl IntoIterator<Item = Arc<str>>) -> Self {
        self.inputs.iter_mut().zip(files).for_each(|(input, file)| input.file = Some(file));
        self
    }

    /// A timeline over inputs wherever they stand.
    fn over(inputs: Vec<Input>) -> Self {
        Self {
            heads: BinaryHeap::with_capacity(inputs.len()),
            headless: (0..inputs.len()).collect(),
            inputs,
            interfaces: Arc::default(),
            facts: Arc::default(),
            have_facts_changed: false,
            records: 0,
            batches: 0,
            damage: Vec::new(),
            unread: (0, None),
            failed: None,
            noted: None,
        }
    }

    /// Notes where all inputs stand, if that is due before the next record.
    fn note(&self, before: u64) {
        let Some(noted) = self.noted.as_ref().filter(|_| before.is_multiple_of(STRIDE)) else {
            return;
        };
        let mut noted = lock(noted);
        if noted.is_due(before) {
            noted.note(self.inputs.iter().map(|input| Head {
                offset: input.head().map(|head| {
                    let front = u64::from(head.at).saturating_sub(u64::from(head.head));
                    input.batch.offset.saturating_add(front)
                }),
                placed: input.placed,
            }));
        }
    }

    /// Sees to it that every input that has not ended has a head; false when one has none yet, or
    /// nothing more can be read.
    fn bring_heads(&mut self, out: &mut Batch) -> bool {
        let mut have_interfaces_changed = false;
        let mut is_quiet = false;
        let mut headless = std::mem::take(&mut self.headless);
        let mut brought = 0_usize;
        'inputs: for &index in &headless {
            let Some(input) = self.inputs.get_mut(index) else { continue };
            loop {
                // What stands behind the last record goes before that of a batch to come.
                input.give_between(usize::MAX, out);
                if out.has_much_between() {
                    is_quiet = true;
                    break 'inputs;
                }
                let facts = Arc::clone(&input.batch.facts);
                let fill = match input.source.fill(&mut input.batch) {
                    Ok(fill) => fill,
                    Err(error) => {
                        let Some(damage) = damage(&error) else {
                            self.failed = Some(error);
                            is_quiet = true;
                            break 'inputs;
                        };
                        // The others go on.
                        self.damage.push(damage);
                        self.unread.0 = self.unread.0.saturating_add(1);
                        self.unread.1.get_or_insert(error);
                        break;
                    }
                };
                (input.next, input.next_comment, input.next_between) = (0, 0, 0);
                self.have_facts_changed |= !Arc::ptr_eq(&facts, &input.batch.facts);
                for interface in input.batch.interfaces.iter().skip(input.interfaces.len()) {
                    let index = u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX);
                    // All inputs together are one section.
                    let names = interface.names.as_deref().cloned().unwrap_or_default();
                    let names = InterfaceNames { file: input.file.clone(), ..names }.kept();
                    let interface = Interface { header: None, names, ..interface.clone() };
                    Arc::make_mut(&mut self.interfaces).push(interface);
                    input.interfaces.push(index);
                    have_interfaces_changed = true;
                }
                match fill {
                    // Nothing but what stands between records: there is more to come.
                    Fill::Records if input.head().is_none() => {}
                    Fill::Records => {
                        let key = input.head().map(|head| input.key(head));
                        self.heads.extend(key.map(|key| Reverse((key, index))));
                        break;
                    }
                    Fill::Quiet => {
                        is_quiet = true;
                        break 'inputs;
                    }
                    Fill::End(damage) => {
                        self.damage.extend(damage);
                        break;
                    }
                }
            }
            if self.records == 0 && out.records.is_empty() {
                // What all inputs begin with comes before any record.
                input.give_between(0, out);
            }
            brought = brought.saturating_add(1);
        }
        headless.drain(..brought.min(headless.len()));
        self.headless = headless;
        if let Some(noted) = &self.noted
            && have_interfaces_changed
        {
            let mut noted = lock(noted);
            noted.interfaces = self.inputs.iter().map(|input| input.interfaces.clone()).collect();
        }
        !is_quiet
    }

    /// The facts of all inputs so far.
    fn facts(&mut self) -> &SharedFacts {
        if std::mem::take(&mut self.have_facts_changed) {
            let mut facts = Facts::default();
            for input in &self.inputs {
                facts.absorb(&input.batch.facts, |index| input.interface(index));
            }
            self.facts = Arc::new(facts);
        }
        &self.facts
    }

    /// Moves records of the earliest head to `batch` until another input's head is earlier or the
    /// batch is full; false when it is full or nothing is left.
    fn take_run(&mut self, batch: &mut Batch) -> bool {
        let Some(Reverse((_, index))) = self.heads.pop() else {
            return false;
        };
        let second = self.heads.peek().map(|Reverse(second)| *second);
        let key = loop {
            // Whole again each time: a note looks at all inputs.
            self.note(self.records.saturating_add(batch.records.len() as u64));
            let Some(input) = self.inputs.get_mut(index) else {
                return false;
            };
            let Some(head) = input.head().copied() else {
                self.headless.push(index);
                return true;
            };
            let key = input.key(&head);
            if second.is_some_and(|second| (key, index) > second) {
                break key;
            }
            let needs = batch.end().saturating_add(head.len as usize);
            if needs > BATCH_OCTETS && !batch.records.is_empty() {
                self.heads.push(Reverse((key, index)));
                return false;
            }
            input.placed = key;
            input.give(&head, batch);
        };
        self.heads.push(Reverse((key, index)));
        true
    }
}

/// The message about one input that cannot be read while the others can; nothing where it is no
/// fault of its own.
fn damage(error: &CaptureError) -> Option<Damage> {
    let first =
        |path: &Path, reason| Damage { path: path.to_owned(), offset: 0, record: 1, reason };
    match error {
        CaptureError::Unread(damage) => Some(damage.clone()),
        CaptureError::File { path, error } => Some(first(path, error.to_string())),
        CaptureError::NotACapture { path, reason } => Some(first(path, reason.clone())),
        _ => None,
    }
}

impl Input {
    /// An input that has given nothing yet, or all before where it stands.
    fn from(source: Box<dyn Source>, placed: Option<Timestamp>, interfaces: Vec<u32>) -> Self {
        let (next, next_comment, next_between) = (0, 0, 0);
        Self {
            source,
            batch: Batch::new(),
            next,
            next_comment,
            next_between,
            placed,
            interfaces,
            file: None,
        }
    }

    fn head(&self) -> Option<&Record> {
        self.batch.records.get(self.next)
    }

    /// The time by which a record is placed: its own, or its predecessor's.
    fn key(&self, record: &Record) -> Option<Timestamp> {
        record.time.or(self.placed)
    }

    fn interface(&self, index: u32) -> Option<u32> {
        self.interfaces.get(usize::try_from(index).ok()?).copied()
    }

    /// Copies what stands before record `next` to `out`.
    fn give_between(&mut self, next: usize, out: &mut Batch) {
        let before = out.records.len();
        while let Some(between) = self.batch.between.get(self.next_between)
            && between.before <= next
        {
            self.next_between = self.next_between.saturating_add(1);
            let place = |index: u32| self.interface(index);
            let what = match &between.what {
                What::Section(header) | What::Merged(header) => What::Merged(Arc::clone(header)),
                What::Interface(index) => What::Interface(place(*index).unwrap_or(*index)),
                What::Other(block, index) => What::Other(block.clone(), index.and_then(place)),
            };
            out.between.push(Between { before, what });
        }
    }

    /// Copies the head to `out` with its comments.
    fn give(&mut self, head: &Record, out: &mut Batch) {
        self.give_between(self.next, out);
        let interface = self.interface(head.interface).unwrap_or(head.interface);
        if let Some(block) = self.batch.block(self.next) {
            out.push_block(head, interface, block);
        } else {
            let from = head.at as usize;
            let to = from.saturating_add(head.len as usize);
            let octets = self.batch.bytes.get(from..to).unwrap_or_default();
            out.push(head.time, interface, head.link, head.original, octets);
        }
        while let Some((record, text)) = self.batch.comments.get(self.next_comment)
            && usize::try_from(*record) == Ok(self.next)
        {
            let text = self.batch.bytes.get(text.start as usize..text.end as usize);
            out.comment(text.unwrap_or_default());
            self.next_comment = self.next_comment.saturating_add(1);
        }
        self.next = self.next.saturating_add(1);
    }
}

impl Source for Timeline {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        batch.clear();
        batch.reserve(BATCH_OCTETS);
        (batch.offset, batch.input) = (0, 0);
        batch.first = self.records.saturating_add(1);
        batch.ordinal = self.batches;
        let mut is_quiet = false;
        loop {
            if !self.bring_heads(batch) {
                is_quiet = true;
                break;
            }
            if !self.take_run(batch) {
                break;
            }
        }
        if self.batches == 0 {
            // Comments of all sections have their place in the header of the one.
            let is_header = |between: &Between| matches!(between.what, What::Merged(_));
            batch.between.sort_by_key(|between| (between.before, !is_header(between)));
        }
        batch.interfaces.clone_from(&self.interfaces);
        batch.facts.clone_from(self.facts());
        if !batch.records.is_empty() || !batch.between.is_empty() {
            self.records = self.records.saturating_add(batch.records.len() as u64);
            self.batches = self.batches.saturating_add(1);
            return Ok(Fill::Records);
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if is_quiet {
            return Ok(Fill::Quiet);
        }
        // Where nothing came of any, that is no end.
        let is_nothing = self.records == 0 && self.unread.0 == self.inputs.len();
        match self.unread.1.take().filter(|_| is_nothing) {
            Some(error) => Err(error),
            None => Ok(Fill::End(self.damage.clone())),
        }
    }

    fn merged(&self) -> Option<Box<dyn ReadNumbers>> {
        let noted = Arc::clone(self.noted.as_ref()?);
        let again = self.inputs.iter().map(|input| input.source.again());
        let inputs = again.collect::<Option<Vec<_>>>()?;
        Some(Box::new(Merged { inputs, noted }))
    }

    fn progress(&self) -> Option<(u64, u64)> {
        self.inputs.iter().try_fold((0_u64, 0_u64), |(done, all), input| {
            let (more_done, more) = input.source.progress()?;
            Some((done.saturating_add(more_done), all.saturating_add(more)))
        })
    }
}

/// Reads packets of a timeline of regular files again, by number: the same merge from where all
/// inputs stood.
#[derive(Debug)]
struct Merged {
    inputs: Vec<Arc<dyn ReadAt>>,
    noted: Arc<Mutex<Noted>>,
}

impl ReadNumbers for Merged {
    fn frames(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError> {
        let before = numbers.start.saturating_sub(1);
        let (mut timeline, mut skip) = {
            let noted = lock(&self.noted);
            let Some((heads, skip)) = noted.row_before(before) else { return Ok(()) };
            let inputs = heads.iter().zip(&self.inputs).zip(&noted.interfaces);
            let inputs = inputs.map(|((head, again), interfaces)| {
                let source = Box::new(Reread { again: Arc::clone(again), at: head.offset });
                Input::from(source, head.placed, interfaces.clone())
            });
            (Timeline::over(inputs.collect()), skip)
        };
        let mut count = numbers.end.saturating_sub(numbers.start);
        let mut piece = Batch::new();
        while count > 0 && timeline.fill(&mut piece)? == Fill::Records {
            for (record, index) in piece.records.iter().zip(0..) {
                if count == 0 {
                    break;
                }
                if skip > 0 {
                    skip = skip.saturating_sub(1);
                    continue;
                }
                let Some(frame) = piece.frame(index) else {
                    continue;
                };
                batch.push(
                    record.time,
                    record.interface,
                    record.link,
                    record.original,
                    frame.bytes,
                );
                for text in piece.comments_on(index) {
                    batch.comment(text);
                }
                count = count.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// One input from some place on.
struct Reread {
    again: Arc<dyn ReadAt>,
    at: Option<u64>,
}

impl Source for Reread {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        batch.clear();
        let Some(at) = self.at else {
            return Ok(Fill::End(Vec::new()));
        };
        self.at = Some(self.again.read_at(at, AHEAD, batch)?);
        Ok(if batch.records.is_empty() { Fill::End(Vec::new()) } else { Fill::Records })
    }
}
