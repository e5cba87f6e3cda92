//! What the segments of a connection add up to, each way: what it cost, and how it went.

use super::segment::{ACK, FIN, RST, SYN, Segment};
use crate::analyze::count::Tally;
use crate::base::timestamp::Timestamp;
use crate::decode::tcp::{Scale, TcpAnalysis, TcpEvent};

/// Round trip times, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTrips {
    /// The least.
    pub least: i64,
    /// The greatest.
    pub greatest: i64,
    /// How many were measured.
    pub count: u32,
    sum: i64,
}

impl RoundTrips {
    const NONE: Self = Self { least: i64::MAX, greatest: i64::MIN, count: 0, sum: 0 };

    fn add(&mut self, nanos: i64) {
        self.least = self.least.min(nanos);
        self.greatest = self.greatest.max(nanos);
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(nanos);
    }

    /// Their mean; none where none was measured.
    pub fn mean(&self) -> Option<i64> {
        self.sum.checked_div(i64::from(self.count))
    }
}

/// What one side sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SideFacts {
    /// Segments with data, and their octets of data, sent again or not.
    pub data: Tally,
    /// Those of them that were sent again, as far as that was seen.
    pub retransmitted: Tally,
    /// Segments that came late.
    pub out_of_order: u32,
    /// Gaps in front of segments.
    pub lost: u32,
    /// Duplicate acknowledgements that it sent.
    pub duplicate_acks: u32,
    /// Segments that said it takes no more.
    pub zero_windows: u32,
    /// Nanoseconds in which it took no more.
    pub zero_window_time: i64,
    zero_since: Option<Timestamp>,
    /// From its segments to their acknowledgements.
    pub round_trips: RoundTrips,
    /// Most octets sent and not acknowledged.
    pub most_in_flight: u32,
    /// Maximum segment size that it takes; 0 where it did not say.
    pub mss: u16,
    /// By how much it shifts windows.
    pub scale: Scale,
    /// Kinds of options that it sent: a bit each, the last for all from 15 on.
    pub options: u16,
    /// Flags of its segments and what else is told once of it: a bit a letter of [`LETTERS`].
    told: u16,
    /// How it stands.
    state: SideState,
}

/// How one side of a connection stands, in Zeek's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SideState {
    Inactive,
    SynSent,
    SynAckSent,
    Partial,
    Established,
    Closed,
    Reset,
}

/// How a flow stands, as EVE has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowState {
    /// Not established yet.
    New,
    /// Both sides talk.
    Established,
    /// Both sides have ended it, or one has reset it.
    Closed,
}

impl FlowState {
    /// The word for it in EVE's flow records.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Established => "established",
            Self::Closed => "closed",
        }
    }
}

/// What is told once of each side, in Zeek's letters: SYN, its answer, a bare acknowledgement,
/// data, FIN, RST, a gap, a retransmission, a window of none.
const LETTERS: [char; 9] = ['s', 'h', 'a', 'd', 'f', 'r', 'g', 't', 'w'];

/// What is told of a connection, at most: each letter of each side.
const MOST_TOLD: usize = LETTERS.len() * 2;

impl SideFacts {
    const NONE: Self = Self {
        data: Tally { packets: 0, octets: 0 },
        retransmitted: Tally { packets: 0, octets: 0 },
        out_of_order: 0,
        lost: 0,
        duplicate_acks: 0,
        zero_windows: 0,
        zero_window_time: 0,
        zero_since: None,
        round_trips: RoundTrips::NONE,
        most_in_flight: 0,
        mss: 0,
        scale: Scale::Unknown,
        options: 0,
        told: 0,
        state: SideState::Inactive,
    };

    /// Octets of data without those that were sent again.
    pub fn delivered(&self) -> u64 {
        self.data.octets.saturating_sub(self.retransmitted.octets)
    }

    /// Kinds of options that it sent; 15 stands for all from there on.
    pub fn option_kinds(&self) -> impl Iterator<Item = u8> {
        let options = self.options;
        (0..16).filter(move |kind| options >> kind & 1 == 1)
    }

    /// Whether it ended what it had to say, or reset the connection.
    fn is_over(&self) -> bool {
        matches!(self.state, SideState::Closed | SideState::Reset)
    }
}

/// What the segments of a connection add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionFacts {
    /// Each side: at first the one that sends from the first end of the flow's key.
    pub sides: [SideFacts; 2],
    /// Nanoseconds from the SYN to the acknowledgement that completed the handshake.
    pub handshake: Option<i64>,
    /// Which side opened it: who sent the SYN, or is answered by one, or sent the first segment.
    pub opener: usize,
    /// Whether the other side sent the first segment.
    is_turned: bool,
    /// What was told in its order: two bits for the side would be one too many, so letters of the
    /// second side have 16 more.
    told: [u8; MOST_TOLD],
    count: u8,
}

impl ConnectionFacts {
    /// Of no segments.
    pub const NONE: Self = Self {
        sides: [SideFacts::NONE; 2],
        handshake: None,
        opener: 0,
        is_turned: false,
        told: [0; MOST_TOLD],
        count: 0,
    };

    /// Adds a segment that `from` sent, and what it was found to be.
    pub(super) fn add(
        &mut self,
        segment: &Segment,
        (from, time): (usize, Option<Timestamp>),
        found: &TcpAnalysis,
    ) {
        let (is_syn, is_ack) = (segment.has(SYN), segment.has(ACK));
        if self.count == 0 {
            self.is_turned = is_syn && is_ack;
            self.opener = if self.is_turned { 1 - from } else { from };
        }
        self.handshake = self.handshake.or(found.initial_rtt);
        let events = found.events;
        let has_data = segment.len > 0 && !events.has(TcpEvent::KeepAlive);
        let told = [
            is_syn && !is_ack,
            is_syn && is_ack,
            is_ack && segment.len == 0 && !segment.has(SYN | FIN | RST),
            has_data,
            segment.has(FIN),
            segment.has(RST),
            events.has(TcpEvent::LostSegment),
            events.has(TcpEvent::Retransmission),
            events.has(TcpEvent::ZeroWindow),
        ];
        let told = (0..).zip(told).fold(0, |bits, (letter, told)| bits | u16::from(told) << letter);
        self.tell(told, from);
        if events.has(TcpEvent::ReusedPorts) && !is_ack {
            self.sides.iter_mut().for_each(|side| side.state = SideState::Inactive);
        }
        self.go_on(segment, from);
        let (mine, _) = self.pair(from);
        if has_data {
            mine.data.add(segment.len.into());
            if events.has(TcpEvent::Retransmission) {
                mine.retransmitted.add(segment.len.into());
            }
        } else if events.has(TcpEvent::Retransmission) {
            mine.retransmitted.add(0);
        }
        if events.is_empty() && mine.zero_since.is_none() {
            // Nearly all are nothing out of the ordinary.
            return self.measure(segment, from, found);
        }
        for (count, event) in [
            (&mut mine.out_of_order, TcpEvent::OutOfOrder),
            (&mut mine.lost, TcpEvent::LostSegment),
            (&mut mine.duplicate_acks, TcpEvent::DuplicateAck),
            (&mut mine.zero_windows, TcpEvent::ZeroWindow),
        ] {
            *count = count.saturating_add(u32::from(events.has(event)));
        }
        mine.stop(events.has(TcpEvent::ZeroWindow), time);
        self.measure(segment, from, found);
    }

    /// Adds what every segment says.
    #[inline]
    fn measure(&mut self, segment: &Segment, from: usize, found: &TcpAnalysis) {
        let (mine, theirs) = self.pair(from);
        // What it acknowledges is the other side's.
        if let Some(nanos) = found.ack_rtt {
            theirs.round_trips.add(nanos);
        }
        mine.most_in_flight = mine.most_in_flight.max(found.in_flight.unwrap_or(0));
        mine.options |= segment.options;
        if segment.has(SYN) {
            mine.mss = segment.mss;
            mine.scale = segment.scale().map_or(Scale::Unused, Scale::By);
        }
    }

    fn pair(&mut self, from: usize) -> (&mut SideFacts, &mut SideFacts) {
        let [first, second] = &mut self.sides;
        if from == 0 { (first, second) } else { (second, first) }
    }

    /// Tells of a side what was not told of it: a bit a letter.
    #[inline]
    fn tell(&mut self, letters: u16, from: usize) {
        let side = &mut self.sides[from];
        let mut new = letters & !side.told;
        side.told |= letters;
        while new != 0 {
            let letter = usize::try_from(new.trailing_zeros()).unwrap_or(0);
            if let Some(room) = self.told.get_mut(usize::from(self.count)) {
                *room = u8::try_from(letter + 16 * from).unwrap_or(0);
                self.count += 1;
            }
            new &= new - 1;
        }
    }

    /// How the sides stand after a segment.
    fn go_on(&mut self, segment: &Segment, from: usize) {
        let (mine, theirs) = self.pair(from);
        if segment.has(SYN) {
            mine.state = match (segment.has(ACK), mine.state, theirs.state) {
                (false, SideState::Inactive, _) => SideState::SynSent,
                (true, _, SideState::SynSent) => {
                    theirs.state = SideState::Established;
                    SideState::Established
                }
                (true, SideState::Inactive, _) => SideState::SynAckSent,
                // It is sent again.
                (_, state, _) => state,
            };
        } else if mine.state == SideState::Inactive {
            mine.state = SideState::Partial;
        } else if mine.state == SideState::SynAckSent && theirs.state == SideState::Partial {
            mine.state = SideState::Established;
        }
        if segment.has(RST) {
            mine.state = SideState::Reset;
        } else if segment.has(FIN) && mine.state != SideState::Reset {
            mine.state = SideState::Closed;
        }
    }

    /// How the flow stands, as EVE has it.
    pub fn state(&self) -> FlowState {
        let [one, other] = &self.sides;
        let is_reset = one.state == SideState::Reset || other.state == SideState::Reset;
        if is_reset || (one.is_over() && other.is_over()) {
            return FlowState::Closed;
        }
        let is_new = |side: &SideFacts| {
            matches!(side.state, SideState::Inactive | SideState::SynSent | SideState::SynAckSent)
        };
        // It is established once who opened it goes on behind the SYN: acknowledges, sends or ends.
        let answered = self.sides[self.opener].told & 0b1_1100 != 0;
        if is_new(one) || is_new(other) || !answered {
            return FlowState::New;
        }
        FlowState::Established
    }

    /// How it began and ended, in Zeek's word for it.
    pub fn conn_state(&self) -> &'static str {
        use SideState::{Closed, Established, Inactive, Partial, Reset, SynAckSent, SynSent};
        let (opener, other) = (&self.sides[self.opener], &self.sides[1 - self.opener]);
        let is_absent = |state: SideState| matches!(state, Inactive | Partial);
        let is_empty = opener.data.octets == 0 && other.data.octets == 0;
        match (opener.state, other.state) {
            (SynSent | SynAckSent, Reset) => "REJ",
            (Reset, Reset) if is_empty => "REJ",
            (state, Reset) if is_absent(state) => "RSTRH",
            (_, Reset) => "RSTR",
            (Reset, state) if is_absent(state) => "RSTOS0",
            (Reset, _) => "RSTO",
            (Closed, Closed) => "SF",
            (Closed, state) if is_absent(state) => "SH",
            (Closed, _) => "S2",
            (state, Closed) if is_absent(state) => "SHR",
            (_, Closed) => "S3",
            (SynSent, Inactive) => "S0",
            (Established, Established) => "S1",
            _ => "OTH",
        }
    }

    /// What was seen in its order, in Zeek's letters: those of who opened it are capitals.
    pub fn history(&self) -> String {
        let told = self.told.iter().take(usize::from(self.count));
        let letters = told.filter_map(|&told| {
            let letter = LETTERS.get(usize::from(told % 16)).copied()?;
            let is_opener = usize::from(told / 16) == self.opener;
            Some(if is_opener { letter.to_ascii_uppercase() } else { letter })
        });
        self.is_turned.then_some('^').into_iter().chain(letters).collect()
    }

    /// The same with the sides turned round.
    #[must_use]
    pub fn turned(mut self) -> Self {
        self.sides.swap(0, 1);
        self.opener = 1 - self.opener;
        self.told.iter_mut().for_each(|told| *told ^= 16);
        self
    }
}

impl SideFacts {
    /// Measures how long it takes no more.
    fn stop(&mut self, is_stopped: bool, time: Option<Timestamp>) {
        if let (Some(since), Some(now)) = (self.zero_since, time) {
            let nanos = now.nanos().saturating_sub(since.nanos()).max(0);
            self.zero_window_time = self.zero_window_time.saturating_add(nanos);
        }
        self.zero_since = time.filter(|_| is_stopped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who sends, which flags, and how many octets.
    fn facts(segments: &[(usize, u8, u32)]) -> ConnectionFacts {
        let mut facts = ConnectionFacts::NONE;
        for &(from, flags, len) in segments {
            let segment = Segment::plain(flags, len);
            facts.add(&segment, (from, None), &TcpAnalysis::default());
        }
        facts
    }

    /// Zeek's documentation of `conn.log`: `conn_state` and `history`.
    #[test]
    fn connections_end_in_the_states_that_zeek_has() {
        let whole = [(0, SYN, 0), (1, SYN | ACK, 0), (0, ACK, 0), (0, ACK, 9), (1, ACK, 0)];
        let with = |more: &[(usize, u8, u32)]| [&whole[..], more].concat();
        for (segments, state, history, eve) in [
            (vec![(0, SYN, 0)], "S0", "S", "new"),
            (vec![(0, SYN, 0), (1, RST | ACK, 0)], "REJ", "Sr", "closed"),
            (vec![(0, SYN, 0), (0, RST, 0)], "RSTOS0", "SR", "closed"),
            (vec![(0, SYN, 0), (0, FIN | ACK, 0)], "SH", "SF", "new"),
            (vec![(1, SYN | ACK, 0), (1, RST, 0)], "RSTRH", "^hr", "closed"),
            (vec![(0, ACK, 5), (1, ACK, 0)], "OTH", "Da", "established"),
            (vec![(0, SYN, 0), (1, SYN | ACK, 0)], "S1", "Sh", "new"),
            (with(&[]), "S1", "ShADa", "established"),
            (with(&[(0, FIN | ACK, 0)]), "S2", "ShADaF", "established"),
            (with(&[(1, FIN | ACK, 0)]), "S3", "ShADaf", "established"),
            (with(&[(0, FIN | ACK, 0), (1, FIN | ACK, 0)]), "SF", "ShADaFf", "closed"),
            (with(&[(0, RST, 0)]), "RSTO", "ShADaR", "closed"),
            (with(&[(1, RST, 0)]), "RSTR", "ShADar", "closed"),
        ] {
            let facts = facts(&segments);
            let found = (facts.conn_state(), facts.history(), facts.state().word());
            assert_eq!(found, (state, history.to_owned(), eve), "{segments:?}");
            let turned = facts.turned();
            assert_eq!((turned.conn_state(), turned.history()), (state, history.to_owned()));
        }
    }

    #[test]
    fn octets_that_were_sent_again_are_not_delivered_twice() {
        let mut facts = ConnectionFacts::NONE;
        let mut found = TcpAnalysis::default();
        facts.add(&Segment::plain(ACK, 100), (0, None), &found);
        found.events.add(TcpEvent::Retransmission);
        facts.add(&Segment::plain(ACK, 100), (0, None), &found);
        let [side, _] = &facts.sides;
        assert_eq!((side.data.octets, side.retransmitted.packets, side.delivered()), (200, 1, 100));
    }
}
