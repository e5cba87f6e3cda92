//! The connections of the flows of one table: kept aside, so that flows stay small.
//!
//! Of a flow's first segment only what a second would need is kept, beside the flow itself; its
//! connection is made with the second.  So a flood of single SYNs costs no connections.

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
#[derive(Debug, Clone, Default)]
pub struct Connections {
    all: Vec<Connection>,
    free: Vec<u32>,
    pool: Pool,
}

impl Connections {
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
            return connection.take(segment, arrival, &mut self.pool);
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
        connection.take(&at.segment, before, &mut self.pool);
        let found = connection.take(segment, arrival, &mut self.pool);
        at.place = self.put(connection);
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

    fn put(&mut self, connection: Connection) -> u32 {
        if let Some(free) = self.free.pop() {
            self.all[free as usize] = connection;
            return free;
        }
        self.all.push(connection);
        u32::try_from(self.all.len() - 1).unwrap_or(NONE)
    }
}
