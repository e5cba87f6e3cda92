//! What the packets before it say of a packet: what no look at its own octets could tell.

use super::anomaly::CrossPackets;
use super::tcp::TcpAnalysis;
use crate::base::timestamp::Timestamp;
use crate::wire::Layer;

/// What is known of a packet from those before it, as the floors above find it.
///
/// Whoever has a packet alone has [`History::default`]: rows that need more have no value then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History<'a> {
    /// What is wrong with it beside those before it.
    pub cross_packet: CrossPackets,
    /// What the segments of its connection say of it, where it is one and was followed.
    pub tcp: Option<&'a TcpAnalysis>,
    /// Which stream it belongs to.
    pub stream: Option<Stream>,
    /// When the first packet of the capture came.
    pub first: Option<Timestamp>,
    /// When the packet before it came.
    pub previous: Option<Timestamp>,
}

/// Which conversation of its transport a packet belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// The transport: a packet may have headers of others, in whose tunnel it goes.
    pub layer: Layer,
    /// From 0, in the order they began.
    pub number: u64,
}

impl From<CrossPackets> for History<'_> {
    fn from(cross_packet: CrossPackets) -> Self {
        Self { cross_packet, ..Self::default() }
    }
}

/// What has to be found out of the packets before, because somebody asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asks {
    /// [`History::tcp`].
    pub tcp: bool,
    /// [`History::stream`].
    pub stream: bool,
    /// [`History::first`] and [`History::previous`].
    pub times: bool,
}

impl Asks {
    /// Everything.
    pub const ALL: Self = Self { tcp: true, stream: true, times: true };
    /// What the segments of a connection say.
    pub const TCP: Self = Self { tcp: true, stream: false, times: false };
    /// Numbers of streams.
    pub const STREAM: Self = Self { tcp: false, stream: true, times: false };
    /// When other packets came.
    pub const TIMES: Self = Self { tcp: false, stream: false, times: true };

    /// What either asks for.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            tcp: self.tcp || other.tcp,
            stream: self.stream || other.stream,
            times: self.times || other.times,
        }
    }

    /// Whether packets have to be added to their flows before it is known.
    pub fn needs_flows(self) -> bool {
        self.tcp || self.stream
    }

    /// Whether anything is asked for.
    pub fn is_any(self) -> bool {
        self.needs_flows() || self.times
    }
}
