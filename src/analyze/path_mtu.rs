//! Paths on which a router tells that packets are too big, and whether who sends them heeds it
//! (RFC 1191, RFC 8201): where it does not, they vanish (RFC 2923, section 2.1).
//!
//! Packets of the same length or less than the one that was dropped, and more than the next link
//! takes, which no router may cut, count once a second has gone by.  What the sender's network card
//! is to cut up does not count, as far as that can be seen: its length is none on the wire.

use foldhash::quality::RandomState;

use super::recent::Recent;
use super::records::PacketRecords;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::Frame;
use crate::decode::fixed::Ip;
use crate::decode::header_at::IpAt;
use crate::decode::layers::is_ip;
use crate::decode::tuple::{Pair, pair};
use crate::decode::{Layers, Packet, walk};
use crate::wire::Layer;

/// How long what was on its way, or not yet known to the sender, may still come by.
const GRACE: TimeDelta = TimeDelta::from_seconds(1);

/// After how long a host may try again (RFC 1191, section 6.3; RFC 8201, section 4).
const AGAIN: TimeDelta = TimeDelta::from_seconds(600);

/// As many packets that are too big show that the message is not heeded: who searches for the
/// largest size tries each as often at most (RFC 8899, section 5.1.2), the first of which was the
/// one dropped.
const SHOWN: u8 = 3;

/// Longest packet that is sure to be one on the wire: that of Ethernet.
const USUAL: u32 = 1500;

/// What a message says of a packet that was dropped.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooBig {
    /// Number of the message's packet.
    pub(super) packet: u64,
    time: Timestamp,
    /// From whom to whom the packet went.
    pair: Pair,
    /// Octets that would have passed.
    mtu: u32,
    /// Octets of the longest packet that can be told not to.
    most: u32,
}

/// Of a path that a message was about.
#[derive(Debug, Clone, Copy)]
struct Path {
    mtu: u32,
    most: u32,
    /// When that was first told.
    since: Timestamp,
    /// Packets that did not heed it.
    count: u8,
}

/// The paths.
#[derive(Debug)]
pub(super) struct PathMtus {
    paths: Recent<Pair, Path>,
    /// Least of the paths' MTUs.
    least: u32,
    /// When the last of them was told of.
    last: Timestamp,
    layers: Layers,
}

impl PathMtus {
    /// Before any message.
    pub(super) fn new(seed: RandomState) -> Self {
        Self {
            paths: Recent::new(seed),
            least: u32::MAX,
            last: Timestamp::clamped(0),
            layers: Layers::new(),
        }
    }

    /// Goes through the packets of the next batch in capture order, whose frames `frame_of` gives by
    /// number, and through what was told meanwhile; calls `with` for the packet that shows that
    /// nobody heeds it.
    pub(super) fn see<'a>(
        &mut self,
        records: &PacketRecords,
        mut told: &[TooBig],
        frame_of: impl Fn(u64) -> Option<Frame<'a>>,
        mut with: impl FnMut(u64),
    ) {
        if self.paths.is_empty() && told.is_empty() {
            return;
        }
        for record in records.all() {
            while let Some((first, rest)) = told.split_first()
                && first.packet <= record.number
            {
                self.tell(first);
                told = rest;
            }
            if self.paths.is_empty() || record.octets <= self.least || record.is_offloaded {
                continue;
            }
            let (Some(time), Some(pair)) = (record.time, records.pair(record)) else { continue };
            if time - self.last > AGAIN {
                self.paths.clear();
                self.least = u32::MAX;
                continue;
            }
            let Some(path) = self.paths.get(&pair).filter(|path| path.is_at(time)) else {
                continue;
            };
            let Some(frame) = frame_of(record.number) else { continue };
            let octets = uncut(&frame, &mut self.layers);
            if octets.is_some_and(|octets| (path.mtu + 1..=path.most).contains(&octets)) {
                path.count += 1;
                if path.count == SHOWN {
                    with(record.number);
                }
            }
        }
        for told in told {
            self.tell(told);
        }
    }

    /// Takes in a message.
    fn tell(&mut self, told: &TooBig) {
        let &TooBig { time, mtu, most, .. } = told;
        let new = Path { mtu, most, since: time, count: 0 };
        let Some(path) = self.paths.touch(told.pair, new) else { return };
        let is_old = time - path.since > AGAIN;
        // What was told is told again of each packet that is dropped; another way may take more.
        if is_old || mtu != path.mtu {
            let count = if is_old || path.count < SHOWN { 0 } else { path.count };
            *path = Path { count, ..new };
        }
        path.most = path.most.max(most);
        self.least = self.least.min(mtu);
        self.last = self.last.max(time);
    }
}

impl Path {
    /// Whether a packet of that time should heed what was told.
    fn is_at(&self, time: Timestamp) -> bool {
        let since = time - self.since;
        self.count < SHOWN && since > GRACE && since <= AGAIN
    }
}

/// Octets of the innermost packet of a frame, if no router may cut it.
fn uncut(frame: &Frame<'_>, layers: &mut Layers) -> Option<u32> {
    walk::walk(frame, layers);
    let ip = IpAt::of(layers.span(layers.index.inner)?).read(frame.bytes)?;
    // A fragment of IPv6 was cut by its sender, who heeds it.
    let may_cut = match ip {
        Ip::V4(ip) => ip.flags() & 0x4000 == 0,
        Ip::V6(ip) => ip.next() == 44,
    };
    ip.octets().filter(|_| !may_cut).and_then(|octets| u32::try_from(octets).ok())
}

impl TooBig {
    /// What the message in a packet says, if it says that of a packet and can be true.
    pub(super) fn of(packet: &Packet<'_>) -> Option<Self> {
        let (frame, layers) = (&packet.frame, packet.layers);
        let span = layers.span(layers.index.transport)?;
        let message = packet.header(span);
        let word = |at: usize| message.get(at..)?.first_chunk().copied().map(u32::from_be_bytes);
        let mtu = match (span.layer, *message.first_chunk::<2>()?) {
            (Layer::Icmp, [3, 4]) => word(4)? & 0xffff,
            (Layer::Icmpv6, [2, _]) => word(4)?,
            _ => return None,
        };
        let quoted = layers.spans().get(usize::from(layers.index.own)..)?;
        let quoted = *quoted.first().filter(|span| is_ip(span.layer))?;
        let own = pair(frame.bytes, layers.span(layers.index.inner)?)?;
        let sent = pair(frame.bytes, quoted)?;
        let octets = IpAt::of(quoted).read(frame.bytes)?.octets();
        let octets = octets.and_then(|octets| u32::try_from(octets).ok())?;
        let (is_sender, least) = match (own, sent) {
            (Pair::V4(_, to), Pair::V4(from, _)) => (to == from, 68),
            // RFC 8201, section 4: less is not heeded.
            (Pair::V6(_, to), Pair::V6(from, _)) => (to == from, 1280),
            _ => return None,
        };
        // RFC 1191, section 5: a router that does not say how much takes less than this.
        let mtu = if mtu == 0 && least == 68 { octets.checked_sub(1)? } else { mtu };
        let most = if mtu < USUAL { octets.min(USUAL) } else { octets };
        (is_sender && (least..octets).contains(&mtu)).then_some(Self {
            packet: frame.number,
            time: frame.time?,
            pair: sent,
            mtu,
            most,
        })
    }
}
