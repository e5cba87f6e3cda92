//! How often each anomaly occurred, and where first.

use super::flow::{FlowView, bits};
use super::fragment::Fragment;
use super::sightings::{Sight, Sightings};
use crate::capture::event::What;
use crate::capture::{Batch, Event};
use crate::decode::anomaly::{self, CrossPacket, CrossPackets, Row};

/// One anomaly of one packet: its number among the rows, and the packet's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// Number of the packet.
    pub packet: u64,
    /// Number of the row, see [`anomaly::row`].
    pub row: u8,
}

/// An anomaly of a fragment of an earlier batch: others did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The first fragment of its datagram.
    pub fragment: Fragment,
    /// Number of the row.
    pub row: u8,
}

impl Late {
    /// Which packet has what.
    pub fn occurrence(&self) -> Occurrence {
        Occurrence { packet: self.fragment.packet, row: self.row }
    }
}

/// Counts by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomalies {
    counts: Vec<Count>,
    /// Where they occurred.
    sightings: Sightings,
    /// What was told only when nothing came any more, first packet first: at most as many as there
    /// are datagrams waited for at once.
    late: Vec<Late>,
    /// What happened to interfaces, first come first.
    events: Vec<Event>,
    /// Events that are counted, but not kept.
    events_left_out: u64,
}

/// Events of interfaces that are kept one by one.
const EVENTS: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    count: u64,
    first: u64,
}

/// One row with what was counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// The anomaly.
    pub row: &'static Row,
    /// Its number among the rows.
    pub number: u8,
    /// Packets; flows for rows about flows.
    pub count: u64,
    /// Number of the first packet.
    pub first: u64,
}

impl Default for Anomalies {
    fn default() -> Self {
        Self {
            counts: vec![Count { count: 0, first: u64::MAX }; anomaly::COUNT],
            sightings: Sightings::default(),
            late: Vec::new(),
            events: Vec::new(),
            events_left_out: 0,
        }
    }
}

impl Anomalies {
    /// Counts one.
    pub fn add(&mut self, Occurrence { packet, row }: Occurrence) {
        if let Some(count) = self.counts.get_mut(usize::from(row)) {
            count.count += 1;
            count.first = count.first.min(packet);
        }
    }

    /// Counts what was found of packets, and where, as `sight` tells it of a packet.
    #[inline]
    pub fn add_all(&mut self, found: &[Occurrence], sight: impl Fn(u64) -> Option<Sight>) {
        for &occurrence in found {
            self.add(occurrence);
            if let Some(sight) = sight(occurrence.packet) {
                self.sightings.add(occurrence.row, sight);
            }
        }
    }

    /// Counts one that is found of an earlier packet.
    pub fn add_late(&mut self, late: &Late) {
        self.add(late.occurrence());
        let Late { fragment, row } = late;
        let (packet, time, pair) = (fragment.packet, fragment.time, Some(fragment.pair()));
        self.sightings.add(*row, Sight { packet, time, interface: None, pair });
    }

    /// Counts one that is found at the end of the capture, and keeps it.
    pub fn add_last(&mut self, late: Late) {
        self.add_late(&late);
        self.keep(late);
    }

    /// Counts what is wrong with a flow.
    pub fn add_flow(&mut self, flow: &FlowView) {
        for occurrence in of_flow(flow) {
            self.add(occurrence);
            self.sightings.add_flow(occurrence.row, flow);
        }
    }

    /// Where they occurred.
    pub fn sightings(&self) -> &Sightings {
        &self.sightings
    }

    /// Counts what happened to interfaces, at the last packet of the batch it came with.
    pub fn add_events(&mut self, batch: &Batch) {
        let packet = (batch.first + batch.records.len() as u64).saturating_sub(1);
        for &event in &batch.events {
            let row = of_event(&event).number();
            self.add(Occurrence { packet, row });
            let (time, interface) = (Some(event.time), Some(event.interface));
            self.sightings.add(row, Sight { packet, time, interface, pair: None });
            self.keep_event(event);
        }
    }

    fn keep_event(&mut self, event: Event) {
        if self.events.len() < EVENTS {
            self.events.push(event);
        } else {
            self.events_left_out += 1;
        }
    }

    fn keep(&mut self, late: Late) {
        let at = self.late.partition_point(|other| other.occurrence() < late.occurrence());
        self.late.insert(at, late);
    }

    /// Counts those of another part of the capture.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.count += theirs.count;
            mine.first = mine.first.min(theirs.first);
        }
        self.sightings.merge(&other.sightings);
        for &late in &other.late {
            self.keep(late);
        }
        for &event in &other.events {
            self.keep_event(event);
        }
        self.events_left_out += other.events_left_out;
        self.events.sort_by_key(|event| event.time);
    }

    /// How much more happened to them than is kept.
    pub fn events_left_out(&self) -> u64 {
        self.events_left_out
    }

    /// Interfaces that carry no packets now, as far as the system has reported that.
    pub fn down(&self) -> Vec<u32> {
        let mut down = Vec::new();
        for event in &self.events {
            match event.what {
                What::Down => down.push(event.interface),
                What::Up { .. } => down.retain(|&interface| interface != event.interface),
                _ => {}
            }
        }
        down
    }

    /// What happened to interfaces, first come first: the first few.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Anomalies that were certain only at the end of the capture, first packet first.
    pub fn late(&self) -> &[Late] {
        &self.late
    }

    /// The rows that occurred, in the order of the table.
    pub fn seen(&self) -> impl Iterator<Item = Counted> + '_ {
        let rows = (0_u8..).zip(anomaly::rows()).zip(&self.counts);
        rows.filter(|(_, count)| count.count > 0).map(|((number, row), count)| Counted {
            row,
            number,
            count: count.count,
            first: count.first,
        })
    }
}

/// The row of what happened to an interface.
pub fn of_event(event: &Event) -> CrossPacket {
    match event.what {
        What::Down => CrossPacket::Down,
        What::Up { .. } => CrossPacket::Outage,
        What::Mtu { .. } => CrossPacket::Mtu,
        What::AddressAdded { .. } | What::AddressRemoved { .. } => CrossPacket::Address,
    }
}

/// What is wrong with a flow: each kind once, whichever way it goes.
pub fn of_flow(flow: &FlowView) -> impl Iterator<Item = Occurrence> {
    let packet = flow.number;
    let bits = bits(flow.ttl, flow.marks, flow.proto, flow.is_offloaded);
    CrossPackets { bits, ..CrossPackets::default() }
        .numbers()
        .map(move |row| Occurrence { packet, row })
}
