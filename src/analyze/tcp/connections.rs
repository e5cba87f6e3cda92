//! The connections of the flows of one table: kept aside, so that flows stay small.
//!
//! Of a flow's first segment only what a second would need is kept, beside the flow itself; its
//! connection is made with the second.  So a flood of single SYNs costs no connections.

use super::facts::ConnectionFacts;
use super::segment::Segment;
use super::unacked::Pool;
use super::{Arrival, Connection};
use crate::analyze::record::PacketRecord;
use crate::base::timestamp::Timestamp;
use crate::decode::tcp::TcpAnalysis;

/// Stands for no connection.
const NONE: u32 = u32::MAX;

/// What a flow's place keeps of its connection.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionAt {
    /// The first segment, as long as it is the only one.
    segment: Segment,
    time: Option<Timestamp>,
    /// Where the connection stands.
    place: u32,
    from: u8,
}

impl ConnectionAt {
    /// No segment yet.
    pub const NONE: Self = Self { segment: Segment::NONE, time: None, place: NONE, from: 0 };

    /// What of it is looked at first.
    #[inline]
    pub fn touch(&self) -> u64 {
        u64::from(self.place)
    }
}

/// The connections of one table.
#[derive(Debug, Clone)]
pub struct Connections {
    all: Vec<Connection>,
    /// What the segments of each add up to.
    facts: Vec<ConnectionFacts>,
    free: Vec<u32>,
    pool: Pool,
}

impl Connections {
    /// Those of a table for so many flows.
    pub fn new(flows: usize) -> Self {
        Self { all: Vec::new(), facts: Vec::new(), free: Vec::new(), pool: Pool::new(flows) }
    }

    /// Takes in a segment of the flow that began with the packet of number `first`; what it is.
    pub fn take(
        &mut self,
        at: &mut ConnectionAt,
        (record, segment): (&PacketRecord, &Segment),
        first: u64,
    ) -> TcpAnalysis {
        let arrival =
            Arrival { number: record.number, time: record.time, from: usize::from(record.swapped) };
        if let Some(connection) = self.all.get_mut(at.place as usize) {
            let found = connection.take(segment, arrival, &mut self.pool);
            if let Some(facts) = self.facts.get_mut(at.place as usize) {
                facts.add(segment, (arrival.from, arrival.time), &found);
            }
            return found;
        }
        let mut connection = Connection::new(first);
        if !at.segment.is_some() {
            let found = connection.take(segment, arrival, &mut self.pool);
            connection.clear(&mut self.pool);
            *at = ConnectionAt {
                segment: *segment,
                time: record.time,
                place: NONE,
                from: u8::from(record.swapped),
            };
            return found;
        }
        let before = Arrival { number: first, time: at.time, from: usize::from(at.from) };
        let mut facts = ConnectionFacts::NONE;
        let found = connection.take(&at.segment, before, &mut self.pool);
        facts.add(&at.segment, (before.from, before.time), &found);
        let found = connection.take(segment, arrival, &mut self.pool);
        facts.add(segment, (arrival.from, arrival.time), &found);
        at.place = self.put(connection, &facts);
        found
    }

    /// Number of the packet that a flow's connection began with, where it has one.
    pub fn first(&self, at: &ConnectionAt) -> Option<u64> {
        self.all.get(at.place as usize).map(Connection::first)
    }

    /// Forgets the connection of a flow that is there no more.
    pub fn remove(&mut self, at: &ConnectionAt) {
        if let Some(connection) = self.all.get_mut(at.place as usize) {
            connection.clear(&mut self.pool);
            self.free.push(at.place);
        }
    }

    /// Touches a connection, so that it is in the cache when it is needed; the result means
    /// nothing.
    #[inline]
    pub fn touch(&self, at: &ConnectionAt) -> u64 {
        self.all.get(at.place as usize).map_or(0, Connection::touch)
    }

    /// What the segments of a flow add up to; none where it had none.
    pub fn facts(&self, at: &ConnectionAt) -> Option<ConnectionFacts> {
        if let Some(facts) = self.facts.get(at.place as usize) {
            return Some(*facts);
        }
        at.segment.is_some().then(|| {
            let (mut connection, mut pool) = (Connection::new(0), Pool::new(1));
            let arrival = Arrival { number: 0, time: at.time, from: usize::from(at.from) };
            let found = connection.take(&at.segment, arrival, &mut pool);
            let mut facts = ConnectionFacts::NONE;
            facts.add(&at.segment, (arrival.from, arrival.time), &found);
            facts
        })
    }

    fn put(&mut self, connection: Connection, facts: &ConnectionFacts) -> u32 {
        if let Some(free) = self.free.pop() {
            self.all[free as usize] = connection;
            self.facts[free as usize] = *facts;
            return free;
        }
        self.facts.push(*facts);
        self.all.push(connection);
        u32::try_from(self.all.len() - 1).unwrap_or(NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::SYN;
    use super::*;

    /// RFC 4987, section 2: a flood of SYNs that nobody goes on with.
    #[test]
    fn single_syns_make_no_connections() {
        let mut connections = Connections::new(100);
        let mut at = [ConnectionAt::NONE; 50];
        for (at, number) in at.iter_mut().zip(1..) {
            let record = PacketRecord { number, ..PacketRecord::NONE };
            let found = connections.take(at, (&record, &Segment::plain(SYN, 0)), number);
            assert!(found.is_followed && found.first == number);
        }
        assert!(connections.all.is_empty());
        assert_eq!(connections.pool.len(), connections.pool.unused());
        assert!(connections.facts(&at[0]).is_some_and(|facts| facts.conn_state() == "S0"));
    }

    #[test]
    fn what_a_flow_gives_back_serves_another() {
        let mut connections = Connections::new(100);
        for _ in 0..20 {
            let mut at = ConnectionAt::NONE;
            for number in 1..4 {
                let record = PacketRecord { number, ..PacketRecord::NONE };
                connections.take(&mut at, (&record, &Segment::plain(SYN, 0)), 1);
            }
            connections.remove(&at);
        }
        assert_eq!(connections.all.len(), 1);
    }

    /// Beside a flow over IPv4, which fills one cache line, not one more.
    #[test]
    fn a_place_keeps_less_than_a_cache_line_beside_its_flow() {
        assert!(size_of::<ConnectionAt>() <= 48, "{}", size_of::<ConnectionAt>());
        assert!(size_of::<Connection>() <= 192, "{}", size_of::<Connection>());
        assert!(size_of::<ConnectionFacts>() <= 272, "{}", size_of::<ConnectionFacts>());
    }
}
