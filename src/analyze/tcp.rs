//! TCP connections: what each segment is beside those before it, by Wireshark's rules.
//!
//! The rules are those of its user's guide (section 7.5, TCP analysis), in its order: so filters
//! and columns mean here what they mean there.  A connection is followed from the segments of both
//! directions in the order of the capture.

pub mod connections;
pub mod facts;
pub mod segment;
mod unacked;

use self::segment::{ACK, FIN, RST, SYN, Segment, is_before};
use self::unacked::{Pool, Queue, Sent};
use crate::base::timestamp::Timestamp;
use crate::decode::tcp::{Scale, TcpAnalysis, TcpEvent, TcpEvents};

/// Nanoseconds after a duplicate acknowledgement in which a retransmission is a fast one.
const SOON: i64 = 20_000_000;

/// Nanoseconds in which octets may be out of order while the round trip time is not known.
const SHORT: i64 = 3_000_000;

/// Duplicate acknowledgements that ask for a fast retransmission, at least: RFC 5681 has three, of
/// which one may not have been captured.
const ENOUGH: u32 = 2;

/// Stands for no window seen.
const NO_WINDOW: u32 = u32::MAX;

/// What one side of a connection has sent.
#[derive(Debug, Clone, Copy)]
struct Side {
    /// First sequence number.
    base: u32,
    /// Next that is expected, behind all seen; 0 before any.
    next: u32,
    /// Behind the last octet without a gap before it: what may be acknowledged; 0 before any, and
    /// once more was acknowledged than was seen, until more is.
    ackable: u32,
    /// What it acknowledged last.
    ack: u32,
    /// Its last window, before scaling.
    window: u32,
    /// Duplicate acknowledgements in a row.
    duplicates: u32,
    /// Octets in the blocks of its last selective acknowledgement.
    sacked: u32,
    /// When the octets before `next` came.
    next_at: Option<Timestamp>,
    /// When its last segment came.
    last_at: Option<Timestamp>,
    unacked: Queue,
    scale: Scale,
    /// What its last segment was.
    last: TcpEvents,
    /// Whether `base` is known.
    has_base: bool,
    /// Whether its octets in flight are known: not from a gap until the next acknowledgement.
    is_in_flight_known: bool,
    /// Whether its last window was that of a SYN, which is never scaled.
    is_window_plain: bool,
}

impl Side {
    const NEW: Self = Self {
        base: 0,
        next: 0,
        ackable: 0,
        ack: 0,
        window: NO_WINDOW,
        duplicates: 0,
        sacked: 0,
        next_at: None,
        last_at: None,
        unacked: Queue::EMPTY,
        scale: Scale::Unknown,
        last: TcpEvents::NONE,
        has_base: false,
        is_in_flight_known: true,
        is_window_plain: false,
    };

    /// First octet behind the window that it offers.
    fn window_end(&self) -> u32 {
        let shift = if self.is_window_plain { 0 } else { self.scale.shift() };
        self.ack.wrapping_add(self.window.wrapping_shl(shift))
    }
}

/// Both sides of a connection.
#[derive(Debug, Clone, Copy)]
struct Connection {
    sides: [Side; 2],
    /// When the last SYN of who opened it came.
    syn_at: Option<Timestamp>,
    /// From that to the first acknowledgement of the same side.
    initial_rtt: Option<i64>,
    /// Number of the packet that it began with.
    first: u64,
}

/// Nanoseconds from one time to another, where both are known.
fn since(then: Option<Timestamp>, now: Option<Timestamp>) -> Option<i64> {
    let (then, now) = then.zip(now)?;
    now.nanos().checked_sub(then.nanos())
}

/// A segment with what is known of where it stands.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    /// Number of its packet.
    number: u64,
    /// When it came.
    time: Option<Timestamp>,
    /// Which side sent it.
    from: usize,
}

impl Connection {
    /// A connection that begins with the packet of that number.
    const fn new(first: u64) -> Self {
        Self { sides: [Side::NEW; 2], syn_at: None, initial_rtt: None, first }
    }

    /// Number of the packet that it began with.
    fn first(&self) -> u64 {
        self.first
    }

    /// Reads of every cache line that it fills.
    #[inline]
    fn touch(&self) -> u64 {
        let [one, other] = &self.sides;
        u64::from(one.base) ^ u64::from(other.base) ^ self.first
    }

    /// Forgets what is kept in `pool`.
    fn clear(&mut self, pool: &mut Pool) {
        self.sides.iter_mut().for_each(|side| pool.clear(&mut side.unacked));
    }

    /// Takes in the next segment; what it is.
    fn take(&mut self, segment: &Segment, at: Arrival, pool: &mut Pool) -> TcpAnalysis {
        let mut found = TcpAnalysis { is_followed: true, ..TcpAnalysis::default() };
        self.begin(segment, at, pool, &mut found.events);
        let initial_rtt = self.initial_rtt;
        let (mine, theirs) = both(&mut self.sides, at.from);
        find_bases(mine, theirs, segment);
        look(mine, theirs, segment, &mut found);
        if segment.ack != mine.ack {
            mine.duplicates = 0;
        }
        look_beyond(theirs, segment, &mut found.events);
        look_back((&*mine, &*theirs), segment, (at.time, initial_rtt), &mut found.events);
        remember(mine, segment, at.time, (pool, found.events));
        let acked = pool.acknowledge(&mut theirs.unacked, segment.ack);
        found.ack_rtt = acked.and_then(|sent| since(sent.time, at.time)).filter(|rtt| *rtt != 0);
        let is_measured = segment.len > 0 && mine.is_in_flight_known;
        let span = pool.span(&mine.unacked, mine.base).filter(|_| is_measured);
        let in_flight = span.map(|span| span.wrapping_sub(theirs.sacked));
        let in_flight = in_flight.filter(|octets| (1..MOST_IN_FLIGHT).contains(octets));
        found.in_flight = in_flight.map(|octets| octets - segment.control_octets());
        let is_any = !found.events.is_empty() || acked.is_some() || span.is_some();
        found.seq = segment.seq.wrapping_sub(mine.base);
        found.ack =
            if segment.has(ACK) { segment.ack.wrapping_sub(theirs.base) } else { segment.ack };
        found.scale = mine.scale;
        let shift = if segment.has(SYN) { 0 } else { mine.scale.shift() };
        found.window = segment.window() << shift;
        if segment.has(SYN) {
            agree_on_scale(mine, theirs, segment);
        }
        self.measure(segment, at.time);
        found.initial_rtt = self.initial_rtt.filter(|rtt| is_any && *rtt != 0);
        found.first = self.first;
        found
    }

    /// Begins anew where a SYN does, between the same ends.
    fn begin(&mut self, segment: &Segment, at: Arrival, pool: &mut Pool, to: &mut TcpEvents) {
        let mine = &mut self.sides[at.from];
        if !segment.has(SYN) || !mine.has_base {
            return;
        }
        match (segment.has(ACK), segment.seq == mine.base) {
            (false, false) => {
                self.clear(pool);
                *self = Self::new(at.number);
                to.add(TcpEvent::ReusedPorts);
            }
            (true, false) => {
                mine.base = segment.seq;
                to.add(TcpEvent::ReusedPorts);
            }
            (_, true) => {}
        }
    }

    /// Measures the time of the handshake.
    fn measure(&mut self, segment: &Segment, time: Option<Timestamp>) {
        match (segment.has(SYN), segment.has(ACK)) {
            (true, false) => self.syn_at = time,
            // None at all is taken for not measured.
            (false, true) if self.initial_rtt.unwrap_or(0) == 0 => {
                self.initial_rtt = since(self.syn_at, time);
            }
            _ => {}
        }
    }
}

/// Octets in flight that none can have.
const MOST_IN_FLIGHT: u32 = 2_000_000_000;

/// The side of that number, and the other.
fn both(sides: &mut [Side; 2], from: usize) -> (&mut Side, &mut Side) {
    let [first, second] = sides;
    if from == 0 { (first, second) } else { (second, first) }
}

/// Learns the first numbers of both sides where they are not known: without a SYN, data begins at
/// 1.
fn find_bases(mine: &mut Side, theirs: &mut Side, segment: &Segment) {
    if !mine.has_base {
        mine.base = segment.seq.wrapping_sub(u32::from(!segment.has(SYN)));
        mine.has_base = true;
    }
    if segment.has(ACK) {
        if !theirs.has_base {
            theirs.base = segment.ack.wrapping_sub(1);
            theirs.has_base = true;
        }
        theirs.is_in_flight_known = true;
    }
}

/// What a segment is by what its sender sent before, and by the window of the other side.
fn look(mine: &mut Side, theirs: &Side, segment: &Segment, found: &mut TcpAnalysis) {
    let &Segment { seq, ack, len, .. } = segment;
    let (window, events) = (segment.window(), &mut found.events);
    let is_plain = !segment.has(SYN | FIN | RST);
    if len == 1 && seq == mine.next && theirs.window == 0 {
        return events.add(TcpEvent::ZeroWindowProbe);
    }
    if window == 0 && is_plain {
        events.add(TcpEvent::ZeroWindow);
    }
    if mine.next != 0 && is_before(mine.next, seq) && !segment.has(RST) {
        events.add(TcpEvent::LostSegment);
        mine.is_in_flight_known = false;
        mine.ackable = mine.next;
    }
    if len <= 1 && seq == mine.next.wrapping_sub(1) && is_plain {
        events.add(TcpEvent::KeepAlive);
    }
    let is_full = len > 0 && seq.wrapping_add(len) == theirs.window_end();
    if is_full && theirs.scale != Scale::Unknown && is_plain {
        events.add(TcpEvent::WindowFull);
    }
    if len > 0 || !is_plain || seq != mine.next || ack != mine.ack {
        return;
    }
    // It repeats the one before, but perhaps for the window.
    match (window == mine.window, window) {
        (false, 0) => {}
        (false, _) => events.add(TcpEvent::WindowUpdate),
        (true, 0) if theirs.last.has(TcpEvent::ZeroWindowProbe) => {
            events.add(TcpEvent::ZeroWindowProbeAck);
        }
        (true, 0) => {}
        (true, _) if theirs.last.has(TcpEvent::KeepAlive) => events.add(TcpEvent::KeepAliveAck),
        (true, _) => {
            mine.duplicates = mine.duplicates.saturating_add(1);
            events.add(TcpEvent::DuplicateAck);
            found.duplicate = mine.duplicates;
        }
    }
}

/// Whether a segment acknowledges what was not captured: told once.
fn look_beyond(theirs: &mut Side, segment: &Segment, events: &mut TcpEvents) {
    let is_beyond = theirs.ackable != 0 && is_before(theirs.ackable, segment.ack);
    if !is_beyond || !segment.has(ACK) {
        return;
    }
    events.add(TcpEvent::AckLostSegment);
    theirs.ackable = if is_before(theirs.next, segment.ack) { 0 } else { theirs.next };
}

/// Whether a segment sends again what was sent before, or comes late.
fn look_back(
    (mine, theirs): (&Side, &Side),
    segment: &Segment,
    (time, initial_rtt): (Option<Timestamp>, Option<i64>),
    events: &mut TcpEvents,
) {
    let &Segment { seq, len, .. } = segment;
    if (len == 0 && !segment.has(SYN | FIN)) || events.has(TcpEvent::KeepAlive) {
        return;
    }
    let end = seq.wrapping_add(len);
    if len > 0 && theirs.ack != 0 && !is_before(theirs.ack, end) {
        events.add(TcpEvent::SpuriousRetransmission);
        return events.add(TcpEvent::Retransmission);
    }
    let is_old = mine.next != 0 && is_before(seq, mine.next);
    // What begins with the octet of a probe brings new ones.
    if !is_old || (len > 1 && mine.next.wrapping_sub(1) == seq) {
        return;
    }
    let is_within = |then, most| (0..most).contains(&since(then, time).unwrap_or(0));
    if theirs.duplicates >= ENOUGH && theirs.ack == seq && is_within(theirs.last_at, SOON) {
        events.add(TcpEvent::FastRetransmission);
        return events.add(TcpEvent::Retransmission);
    }
    let most = initial_rtt.filter(|rtt| *rtt != 0).unwrap_or(SHORT);
    let is_last = mine.next == end.wrapping_add(segment.control_octets());
    events.add(if !is_last && is_within(mine.next_at, most) {
        TcpEvent::OutOfOrder
    } else {
        TcpEvent::Retransmission
    });
}

/// Remembers a segment for those behind it.
fn remember(
    mine: &mut Side,
    segment: &Segment,
    time: Option<Timestamp>,
    (pool, events): (&mut Pool, TcpEvents),
) {
    let &Segment { seq, ack, len, .. } = segment;
    let next = seq.wrapping_add(len).wrapping_add(segment.control_octets());
    if next != seq {
        pool.push(&mut mine.unacked, Sent { seq, next, time });
    }
    // A probe is not taken, as a rule.
    if !events.has(TcpEvent::ZeroWindowProbe) {
        let is_new = mine.next == 0 || is_before(mine.next, next);
        if is_new {
            mine.next = next;
            mine.next_at = time;
        }
        if seq == mine.ackable || (is_new && mine.ackable == 0) {
            mine.ackable = mine.next;
        }
    }
    mine.window = segment.window();
    mine.ack = ack;
    mine.last_at = time;
    mine.last = events;
    mine.sacked = segment.sacked;
    mine.is_window_plain = segment.has(SYN);
}

/// Windows are scaled where both SYNs say so (RFC 7323, section 2.2).
fn agree_on_scale(mine: &mut Side, theirs: &mut Side, segment: &Segment) {
    if let Some(shift) = segment.scale() {
        mine.scale = Scale::By(shift);
    }
    if mine.scale == Scale::Unknown {
        (mine.scale, theirs.scale) = (Scale::Unused, Scale::Unused);
    } else if segment.has(ACK) && theirs.scale == Scale::Unused {
        mine.scale = Scale::Unused;
    }
}
