//! Which jobs the app starts, and what becomes of their results.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::App;
use crate::base::units;
use crate::dashboard::engine::field_values::{self, FieldValues};
use crate::dashboard::engine::job::{self, Job, JobResult, PacketTest, RunningJob};
use crate::dashboard::model::action::{FindTarget, SaveScope};
use crate::dashboard::model::event::Event;
use crate::dashboard::model::packet_order::{self, PacketOrder};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::{filter_expr, selection};
use crate::decode::{Layers, Packet, walk};
use crate::filter::complete::{self, complete};

/// Packets that are looked at for values to choose from: done within a key press.
const AHEAD: u64 = 2_000;

/// How long packets that come wait until they are sorted in.
const AGAIN: Duration = Duration::from_secs(1);

impl App {
    pub(super) fn find(&mut self, find: &FindTarget, is_back: bool) {
        let wanted = match find {
            FindTarget::Needle => self.state.workspace.needle.clone().map(PacketTest::Needle),
            FindTarget::Anomalous => Some(PacketTest::Anomalous),
            FindTarget::Matching(text) => filter_expr::compile(text).ok().map(PacketTest::Filter),
        };
        let Some(wanted) = wanted else { return };
        self.start(Job::Find { wanted, from: self.state.packets.cursor, is_back });
    }

    pub(super) fn save(&mut self, path: &str, which: &SaveScope) {
        let which = match which {
            SaveScope::Shown => PacketTest::Any,
            SaveScope::Marked => {
                PacketTest::Numbers(self.state.workspace.marks.iter().copied().collect())
            }
            SaveScope::Matching(text) => match filter_expr::compile(text) {
                Ok(filter) => PacketTest::Filter(filter),
                Err(wrong) => return self.tell(Event::Refused(wrong.message)),
            },
        };
        let mut path = PathBuf::from(path);
        if path.extension().is_none() {
            path.set_extension("pcapng");
        }
        self.start(Job::Save { path, which, folder: self.saves.clone() });
    }

    /// Starts a job; one that is under way is cancelled.
    fn start(&mut self, job: Job) {
        let (some, all) = (self.active().packets.clone(), self.all.packets.clone());
        match RunningJob::start(job, some, all) {
            Ok(running) => {
                self.job = Some(running);
                self.asked = Instant::now();
            }
            Err(error) => self.tell(Event::Refused(error)),
        }
    }

    /// Says what came of copying.
    pub fn copied(&mut self, copied: std::io::Result<Option<usize>>) {
        self.tell(match copied {
            Ok(Some(1)) => Event::Done("1 octet copied".to_owned()),
            Ok(Some(octets)) => Event::Done(format!("{octets} octets copied")),
            Ok(None) => Event::Refused("that is more than terminals copy".to_owned()),
            Err(error) => Event::Refused(error.to_string()),
        });
    }

    /// Takes the result of the job; whether there was one.
    pub(super) fn take_result(&mut self) -> bool {
        let Some(result) = self.job.as_ref().and_then(RunningJob::result) else { return false };
        self.job = None;
        match result {
            JobResult::Found(Some((position, is_wrapped))) => {
                self.tell(Event::Found { position, is_wrapped });
                self.look();
            }
            JobResult::Found(None) => {
                self.tell(Event::Refused("no other packet like this".to_owned()));
            }
            JobResult::Saved(count, path) => self.tell(Event::Done(job::saved(count, &path))),
            JobResult::Sorted(order) => self.reorder(Some(order)),
            JobResult::Seen(words) => self.tell(Event::NoMatch(words)),
            JobResult::Failed(why) => self.tell(Event::Refused(why)),
        }
        true
    }

    /// Brings packets in another order; a packet that was chosen stays under the cursor.
    fn reorder(&mut self, order: Option<PacketOrder>) {
        let here = selection::number(&self.state, &self.data);
        let mut locked = self.active().packets.lock();
        let by = order.as_ref().map(|order| order.by);
        locked.sort(order);
        let position = here.map(|number| locked.position(number));
        drop(locked);
        self.tell(Event::Sorted { by, position });
    }

    /// Starts to sort the packets if they are not in the requested order.
    pub(super) fn keep_sorted(&mut self) {
        if self.job.is_some() || self.state.panel != PanelId::PACKETS {
            return;
        }
        let most = self.state.frozen.map_or(u64::MAX, |frozen| frozen.packets);
        let locked = self.active().packets.lock();
        let (count, order) = (locked.count().min(most), locked.order());
        drop(locked);
        let Some(by) = self.state.packets.sort else {
            if order.is_some() {
                self.reorder(None);
            }
            return;
        };
        let is_same = order.is_some_and(|(other, _)| other == by);
        let is_whole = order.is_some_and(|(_, sorted)| sorted == count);
        if is_same && (is_whole || self.sorted.elapsed() < AGAIN) || count == 0 {
            return;
        }
        if count > packet_order::MOST {
            let most = units::grouped(packet_order::MOST);
            let why = format!("sorts at most {most} packets; hint: filter");
            return self.tell(Event::SortRefused { is_sorted: is_same, why });
        }
        self.sorted = Instant::now();
        let asked = self.asked;
        self.start(Job::Sort(by, count));
        // What is only brought up to date delays no key.
        if is_same {
            self.asked = asked;
        }
    }

    /// Lists what values there are, where a filter matches nothing.
    pub(super) fn explain_no_match(&mut self) {
        let has_ended = self.data.run_status.has_ended && self.some.is_some();
        let is_empty = has_ended && self.data.run_status.shown == 0;
        if !is_empty || self.job.is_some() || self.state.filter.no_match.is_some() {
            return;
        }
        let names = self.state.filter.applied.as_deref().map_or_else(Vec::new, field_values::names);
        if names.is_empty() {
            self.tell(Event::NoMatch(String::new()));
        } else {
            self.start(Job::ListValues(names));
        }
    }

    /// Values of the field whose value is being written, from the first packets.
    pub(super) fn list_candidates(&mut self) {
        let Some(draft) = &self.state.filter.draft else { return };
        let from = complete(draft.text(), draft.cursor()).from;
        let name = draft.text().get(..from).and_then(complete::subject);
        let Some(name) = name else { return };
        if self.state.filter.known_values.as_ref().is_some_and(|(known, _)| *known == name) {
            return;
        }
        let mut values = FieldValues::of(std::slice::from_ref(&name));
        let locked = self.all.packets.lock();
        let gone = locked.gone();
        let mut layers = Layers::new();
        // What cannot be read is not offered.
        let _ = locked.read(
            gone..locked.count().min(gone + AHEAD),
            &mut self.batch,
            |_, batch, index| {
                if let Some(frame) = batch.frame(index) {
                    walk::walk(&frame, &mut layers);
                    values.add(&Packet { frame, layers: &layers });
                }
            },
        );
        drop(locked);
        self.tell(Event::FieldValues { name, values: values.list() });
    }
}
