//! What the segments of a connection say of one of them, in Wireshark's words.
//!
//! The floors above follow connections and find it; here stands what there is to find.

use super::header_at::IpAt;
use super::layers::Span;
use super::packet::Packet;

/// Gives `$with` the events: what each is called, means, and where that is written.
macro_rules! tcp_events {
    ($with:ident) => {
        $with! {
            Retransmission "tcp.analysis.retransmission" "Retransmission"
                "Octets that were sent before, of whatever kind of the following."
                "RFC 9293, section 3.8.1";
            FastRetransmission "tcp.analysis.fast_retransmission" "Fast retransmission"
                "A retransmission soon after two or more duplicate acknowledgements asked for it."
                "RFC 5681, section 3.2";
            SpuriousRetransmission "tcp.analysis.spurious_retransmission" "Spurious retransmission"
                "A retransmission of octets that were acknowledged already."
                "RFC 9293, section 3.8.1";
            OutOfOrder "tcp.analysis.out_of_order" "Out of order"
                "Octets below those seen, too soon after them to be a retransmission."
                "RFC 9293, section 3.10.7.4";
            LostSegment "tcp.analysis.lost_segment" "Lost segment"
                "The octets before it were not captured, or come later."
                "RFC 9293, section 3.4";
            AckLostSegment "tcp.analysis.ack_lost_segment" "Acknowledged lost segment"
                "It acknowledges octets that were not captured."
                "RFC 9293, section 3.4";
            DuplicateAck "tcp.analysis.duplicate_ack" "Duplicate acknowledgement"
                "It says what the segment before it said, and carries nothing."
                "RFC 5681, section 2";
            KeepAlive "tcp.analysis.keep_alive" "Keep-alive"
                "An octet or none, one before the next: a question whether the other side is there."
                "RFC 9293, section 3.8.4";
            KeepAliveAck "tcp.analysis.keep_alive_ack" "Keep-alive acknowledgement"
                "The answer to a keep-alive."
                "RFC 9293, section 3.8.4";
            WindowUpdate "tcp.analysis.window_update" "Window update"
                "It says nothing new but a window."
                "RFC 9293, section 3.8.6";
            WindowFull "tcp.analysis.window_full" "Window full"
                "Its octets reach to the end of the window of the other side."
                "RFC 9293, section 3.8.6";
            ZeroWindow "tcp.analysis.zero_window" "Zero window"
                "Its sender takes no more octets for now."
                "RFC 9293, section 3.8.6";
            ZeroWindowProbe "tcp.analysis.zero_window_probe" "Zero window probe"
                "One octet into a window of none, to learn whether it is open again."
                "RFC 9293, section 3.8.6.1";
            ZeroWindowProbeAck "tcp.analysis.zero_window_probe_ack" "Zero window probe acknowledgement"
                "The answer to a probe: there is still no window."
                "RFC 9293, section 3.8.6.1";
            ReusedPorts "tcp.analysis.reused_ports" "Reused ports"
                "A connection begins between ends that had one before."
                "RFC 9293, section 3.4.1";
        }
    };
}
pub(super) use tcp_events;

macro_rules! list {
    ($($name:ident $id:literal $label:literal $meaning:literal $source:literal;)*) => {
        /// What a segment is, beside those before it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum TcpEvent {
            $(#[doc = $meaning] $name,)*
        }
    };
}
tcp_events!(list);

/// Events of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpEvents(u16);

impl TcpEvents {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether it has that one.
    #[inline]
    pub fn has(self, event: TcpEvent) -> bool {
        self.0 & Self::bit(event) != 0
    }

    /// Adds one.
    #[inline]
    pub fn add(&mut self, event: TcpEvent) {
        self.0 |= Self::bit(event);
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn bit(event: TcpEvent) -> u16 {
        1_u16.checked_shl(event as u32).unwrap_or(0)
    }
}

/// How the windows of one side are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Its SYN was not captured.
    #[default]
    Unknown,
    /// The two did not agree on scaling.
    Unused,
    /// Shifted left by so much (RFC 7323, section 2.2: at most 14).
    By(u8),
}

impl Scale {
    /// By how much windows are shifted, as far as is known.
    #[inline]
    pub fn shift(self) -> u32 {
        match self {
            Self::By(shift) => u32::from(shift),
            Self::Unknown | Self::Unused => 0,
        }
    }
}

/// What the segments of a connection say of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpAnalysis {
    /// Whether it was followed: what is no whole segment is not.
    pub is_followed: bool,
    /// What it is.
    pub events: TcpEvents,
    /// How its window is scaled.
    pub scale: Scale,
    /// Its sequence number, from the first of its sender's: the SYN's is 0.
    pub seq: u32,
    /// What it acknowledges, counted the same way.
    pub ack: u32,
    /// Octets that its sender takes, scaled.
    pub window: u32,
    /// Which duplicate acknowledgement of the same it is, from 1; 0 where it is none.
    pub duplicate: u32,
    /// Octets sent and not acknowledged with it; none where that is not known.
    pub in_flight: Option<u32>,
    /// Nanoseconds since the segment that it acknowledges was first sent.
    pub ack_rtt: Option<i64>,
    /// Nanoseconds from the SYN to the first acknowledgement of its sender, once that has come.
    pub initial_rtt: Option<i64>,
    /// Number of the packet that its stream began with.
    pub first: u64,
}

/// Octets of data in the segment whose header, of so many octets, begins there: what IP and the
/// frame say of its end.  None where it does not reach so far.
#[inline]
pub fn data_octets(
    bytes: &[u8],
    ip: IpAt,
    (at, header): (usize, usize),
    wire: usize,
) -> Option<u32> {
    let octets = ip.read(bytes)?.octets();
    let end = octets.map_or(wire, |octets| usize::from(ip.at).saturating_add(octets).min(wire));
    u32::try_from(end.checked_sub(at.checked_add(header)?)?).ok()
}

/// Octets of data in the segment that a header of a packet begins; none in a fragment.
pub(super) fn len(packet: &Packet<'_>, span: Span) -> Option<crate::wire::Value<'static>> {
    let spans = packet.layers.spans();
    let here = spans.iter().position(|other| *other == span)?;
    // Of what is quoted the end is not known.
    if here >= usize::from(packet.layers.index.own) {
        return None;
    }
    let before = spans.get(..here)?;
    let ip = before.iter().rfind(|span| super::layers::is_ip(span.layer))?;
    let behind = before.iter().rev().take_while(|other| **other != *ip);
    let mut behind = behind.filter(|span| span.layer == crate::wire::Layer::Fragment);
    let bytes = packet.frame.bytes;
    if behind.any(|span| is_part(packet.header(*span))) || is_fragment(bytes, IpAt::of(*ip)) {
        return None;
    }
    let header = usize::from(*packet.header(span).get(12)? >> 4).saturating_mul(4);
    let wire = usize::try_from(packet.frame.original).unwrap_or(usize::MAX);
    let octets = data_octets(bytes, IpAt::of(*ip), (usize::from(span.at), header), wire)?;
    (header >= 20).then_some(crate::wire::Value::Number(octets.into()))
}

/// Whether a fragment header is that of one of several (RFC 8200, section 4.5; RFC 6946).
fn is_part(header: &[u8]) -> bool {
    matches!(header, [_, _, a, b, ..] if *a != 0 || *b & 0xf9 != 0)
}

/// Whether an IPv4 header is that of a fragment.
#[inline]
pub fn is_fragment(bytes: &[u8], ip: IpAt) -> bool {
    use super::fixed::Ip;
    matches!(ip.read(bytes), Some(Ip::V4(ip)) if ip.fragment() != 0)
}
