//! Datagrams put together again from their fragments' octets, for outputs that show them whole.
//!
//! What is missing is waited for by the packets' own clock, and no more octets are kept than
//! [`OCTETS`]: the oldest datagram makes room.  The header is the first fragment's, with length,
//! flags, offset and checksum set as RFC 791, section 3.2, and RFC 8200, section 4.5, say.  What is
//! whole may carry a fragment itself, as that of a tunnel's inner datagram.

mod frame;

use std::collections::{HashMap, VecDeque};

use super::fragment::groups::PATIENCE;
use super::fragment::{Fragment, FragmentKey, reassemble};
use crate::base::timestamp::Timestamp;
use crate::capture::{Frame, LinkType};
use crate::decode::check::ipv4_expected;
use crate::decode::walk::walk;
use crate::decode::{Layers, Packet};
use crate::wire::Layer;

/// Octets of datagrams that are waited for, at most.
pub const OCTETS: usize = 16 << 20;

/// Octets that a fragment is counted as beside its own: what is noted of it.
const NOTED: usize = 64;

/// Fragments of one datagram: as many as there are units of eight octets.
const FRAGMENTS: usize = 8192;

/// Datagrams in fragments within one another, at most: as many as a packet has IP headers.
const DEPTH: usize = 8;

/// A datagram that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// The fragment that made it so.
    pub packet: u64,
    /// All fragments, in the order they came.
    pub packets: Vec<u64>,
    /// An IPv4 or IPv6 header, and all that it carries.
    pub octets: Vec<u8>,
    /// What stands before that header in the frame of the first fragment.
    ahead: Vec<u8>,
    /// What that begins with.
    link: LinkType,
    /// The datagram that a fragment in this one completes, in its turn.
    pub inner: Option<Box<Self>>,
    /// Whether a fragment in this one waits for others.
    pub is_part: bool,
}

impl Datagram {
    /// It, and the datagrams that are whole with it, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |datagram| datagram.inner.as_deref())
    }

    /// The innermost datagram that is whole with it.
    pub fn innermost(&self) -> &Self {
        self.inner.as_deref().map_or(self, Self::innermost)
    }

    /// The same, by itself.
    #[must_use]
    pub fn into_innermost(self) -> Self {
        let mut innermost = self;
        while let Some(inner) = innermost.inner.take() {
            innermost = *inner;
        }
        innermost
    }

    /// Gives `with` the datagram as a packet of its own, which begins with its IP header.
    pub fn show<R>(&self, with: impl FnOnce(&Packet<'_>) -> R) -> R {
        let frame = Frame {
            number: self.packet,
            time: None,
            link: LinkType::RAW,
            interface: 0,
            original: u32::try_from(self.octets.len()).unwrap_or(u32::MAX),
            bytes: &self.octets,
            told: crate::capture::Told::default(),
        };
        let mut layers = Layers::new();
        walk(&frame, &mut layers);
        with(&Packet { frame, layers: &layers })
    }

    /// The numbers of its fragments' packets, with commas between.
    pub fn sources(&self) -> String {
        let numbers: Vec<String> = self.packets.iter().map(u64::to_string).collect();
        numbers.join(", ")
    }
}

/// What became of the datagrams that were begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DatagramCounts {
    /// Put together.
    pub whole: u64,
    /// Given up because fragments overlapped, were cut by the capture, or did not come in time.
    pub missing: u64,
    /// Given up to make room.
    pub evicted: u64,
}

/// One datagram that is waited for.
#[derive(Debug)]
struct Parts {
    first: u64,
    since: Timestamp,
    octets: usize,
    header: Option<Vec<u8>>,
    ahead: Vec<u8>,
    fragments: Vec<(u32, Vec<u8>, bool)>,
    packets: Vec<u64>,
    /// Octets in all fragments, and where the last one ends.
    carried: u32,
    end: Option<u32>,
}

/// Datagrams that are waited for.
#[derive(Debug, Default)]
pub struct Assembly {
    open: HashMap<FragmentKey, Parts>,
    ages: VecDeque<(FragmentKey, u64)>,
    octets: usize,
    /// Latest time of a fragment.
    clock: Option<Timestamp>,
    counts: DatagramCounts,
    news: FragmentNews,
}

/// What became of fragments that completed no datagram: numbers of their packets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FragmentNews {
    /// Those that wait for others, ascending.
    pub awaiting: Vec<u64>,
    /// Those that waited in vain.
    pub given_up: Vec<u64>,
}

impl FragmentNews {
    /// Forgets them and keeps the memory.
    pub fn clear(&mut self) {
        self.awaiting.clear();
        self.given_up.clear();
    }
}

/// How a fragment came: in a frame, or in a datagram that others made whole.
struct Carrier<'a> {
    /// The packets that it took.
    packets: &'a [u64],
    /// What stands before its IP header, and what that begins with.
    ahead: &'a [u8],
    link: LinkType,
    /// Datagrams around it.
    depth: usize,
}

impl Assembly {
    /// The latest time; before there is one, the beginning of time.
    fn clock(&self) -> Timestamp {
        self.clock.unwrap_or(Timestamp::MIN)
    }

    /// Takes in the next fragment in capture order; the datagram that it makes whole.  One within
    /// another comes with the datagram that is whole around it.
    pub fn add(&mut self, packet: &Packet<'_>, fragment: &Fragment) -> Option<Datagram> {
        let ip = packet.layers.span(fragment.ip).filter(|_| !fragment.is_within)?;
        let carrier = Carrier {
            packets: &[fragment.packet],
            ahead: packet.frame.bytes.get(..usize::from(ip.at))?,
            link: packet.frame.link,
            depth: 0,
        };
        self.take(packet, fragment, &carrier)
    }

    /// Takes note of what became of fragments since the last time.
    pub fn tell_news(&mut self, news: &mut FragmentNews) {
        std::mem::swap(&mut self.news, news);
        self.news.clear();
    }

    fn take(
        &mut self,
        packet: &Packet<'_>,
        fragment: &Fragment,
        carrier: &Carrier<'_>,
    ) -> Option<Datagram> {
        self.clock = self.clock.max(fragment.time);
        self.forget();
        let (key, number) = (fragment.key(), fragment.packet);
        let (header, octets) = split(packet, fragment)?;
        let is_first = fragment.offset == 0;
        let beside = if is_first { header.len() + carrier.ahead.len() } else { 0 };
        let len = octets.len() + NOTED + beside;
        let (clock, ages) = (self.clock(), &mut self.ages);
        let parts = self.open.entry(key).or_insert_with(|| {
            ages.push_back((key, number));
            Parts {
                first: number,
                since: clock,
                octets: 0,
                header: None,
                ahead: Vec::new(),
                fragments: Vec::new(),
                packets: Vec::new(),
                carried: 0,
                end: None,
            }
        });
        let end = fragment.offset + fragment.len;
        let overlaps = |(from, octets, _): &(u32, Vec<u8>, bool)| {
            let to = *from + u32::try_from(octets.len()).unwrap_or(u32::MAX);
            fragment.offset < to && *from < end
        };
        // A fragment that comes again is no harm; one that contradicts another spoils an IPv6
        // datagram (RFC 5722, section 4), and over IPv4 what came first stays.
        let again = |(from, kept, more): &(u32, Vec<u8>, bool)| {
            (*from, kept.as_slice(), *more) == (fragment.offset, octets, fragment.more)
        };
        if parts.fragments.iter().any(again) {
            return None;
        }
        let is_v6 = header.first().is_some_and(|octet| octet >> 4 == 6);
        let is_spoilt = is_v6 && parts.fragments.iter().any(overlaps);
        if is_spoilt || parts.fragments.len() >= FRAGMENTS {
            self.drop_one(&key, |counts| &mut counts.missing);
            return None;
        }
        if is_first && parts.header.is_none() {
            parts.header = Some(header);
            parts.ahead = carrier.ahead.to_vec();
        }
        parts.fragments.push((fragment.offset, octets.to_vec(), fragment.more));
        parts.packets.extend(carrier.packets);
        parts.octets += len;
        parts.carried = parts.carried.saturating_add(fragment.len);
        parts.end = parts.end.or((!fragment.more).then_some(end));
        self.octets += len;
        let datagram = self.finish(&key, number, carrier);
        if datagram.is_none() {
            self.news.awaiting.push(number);
        }
        datagram
    }

    /// The datagram of that key, if it is whole now.
    fn finish(
        &mut self,
        key: &FragmentKey,
        packet: u64,
        carrier: &Carrier<'_>,
    ) -> Option<Datagram> {
        let parts = self.open.get(key)?;
        let header = parts.header.as_ref()?;
        // Thousands of fragments are not put in order again for each that comes.
        if parts.end.is_none_or(|end| parts.carried < end) {
            return None;
        }
        let fragments: Vec<_> = parts
            .fragments
            .iter()
            .map(|(at, octets, more)| (*at, octets.as_slice(), *more))
            .collect();
        let octets = joined(header, &reassemble(&fragments)?)?;
        let Parts { mut packets, ahead, octets: held, .. } = self.open.remove(key)?;
        self.octets -= held;
        self.counts.whole += 1;
        packets.sort_unstable();
        packets.dedup();
        let link = carrier.link;
        let (inner, is_part) = (None, false);
        let mut datagram = Datagram { packet, packets, octets, ahead, link, inner, is_part };
        if carrier.depth < DEPTH {
            (datagram.inner, datagram.is_part) = self.look_inside(&datagram, key, carrier.depth);
        }
        Some(datagram)
    }

    /// Takes in the fragment that a datagram carries, if it does; what that makes whole, and whether
    /// it waits for others.
    fn look_inside(
        &mut self,
        datagram: &Datagram,
        key: &FragmentKey,
        depth: usize,
    ) -> (Option<Box<Datagram>>, bool) {
        let &Datagram { ref packets, ref octets, ref ahead, link, .. } = datagram;
        datagram.show(|packet| {
            let mut carried = None;
            Fragment::each_behind(packet, key.chain(), |fragment| carried = Some(fragment));
            let Some(fragment) = carried else { return (None, false) };
            let Some(ip) = packet.layers.span(fragment.ip) else { return (None, false) };
            let head = octets.get(..usize::from(ip.at)).unwrap_or_default();
            let ahead = [ahead.as_slice(), head].concat();
            let carrier = Carrier { packets, ahead: &ahead, link, depth: depth + 1 };
            let waiting = self.news.awaiting.len();
            let inner = self.take(packet, &fragment, &carrier).map(Box::new);
            (inner, self.news.awaiting.len() > waiting)
        })
    }

    /// Lets go of datagrams that are too old, or too large together.
    fn forget(&mut self) {
        while let Some(&(key, first)) = self.ages.front() {
            let Some(parts) = self.open.get(&key).filter(|parts| parts.first == first) else {
                self.ages.pop_front();
                continue;
            };
            let is_old = self.clock() - parts.since > PATIENCE;
            // One more fragment has room then.
            if !is_old && self.octets + usize::from(u16::MAX) <= OCTETS {
                return;
            }
            self.drop_one(
                &key,
                |counts| {
                    if is_old { &mut counts.missing } else { &mut counts.evicted }
                },
            );
            self.ages.pop_front();
        }
    }

    fn drop_one(&mut self, key: &FragmentKey, why: impl FnOnce(&mut DatagramCounts) -> &mut u64) {
        if let Some(parts) = self.open.remove(key) {
            self.octets -= parts.octets;
            self.news.given_up.extend(parts.packets);
            *why(&mut self.counts) += 1;
        }
    }

    /// What became of all datagrams; those that are still waited for are missing something.
    pub fn counts(&self) -> DatagramCounts {
        DatagramCounts { missing: self.counts.missing + self.open.len() as u64, ..self.counts }
    }
}

/// A fragment's header as that of a whole datagram, all but its lengths, and the octets it carries;
/// none where not all were captured.
fn split<'a>(packet: &Packet<'a>, fragment: &Fragment) -> Option<(Vec<u8>, &'a [u8])> {
    let bytes = packet.frame.bytes;
    let spans = packet.layers.spans();
    let ip = *spans.get(usize::from(fragment.ip))?;
    let header = if ip.layer == Layer::Ipv4 {
        packet.header(ip).to_vec()
    } else {
        let behind = spans.get(usize::from(fragment.ip)..)?;
        let place = behind.iter().position(|span| span.layer == Layer::Fragment)?;
        let (fragment, before) = (behind.get(place)?, behind.get(place.checked_sub(1)?)?);
        let mut header = bytes.get(usize::from(ip.at)..usize::from(fragment.at))?.to_vec();
        // What is before the fragment header names now what is behind it.
        let names = if place == 1 { 6 } else { usize::from(before.at.checked_sub(ip.at)?) };
        *header.get_mut(names)? = *packet.header(*fragment).first()?;
        header
    };
    let from = usize::try_from(fragment.carried).ok()?;
    let len = usize::try_from(fragment.len).ok()?;
    let octets = bytes.get(from..from.checked_add(len)?).filter(|_| fragment.fingerprint != 0);
    Some((header, octets?))
}

/// A header and what it carries as one datagram; none when that is longer than one can be.
fn joined(header: &[u8], carried: &[u8]) -> Option<Vec<u8>> {
    let mut datagram = [header, carried].concat();
    if header.first()? >> 4 == 4 {
        let total = u16::try_from(datagram.len()).ok()?;
        datagram.get_mut(2..4)?.copy_from_slice(&total.to_be_bytes());
        let flags = datagram.get_mut(6..8)?;
        flags.copy_from_slice(&[flags.first()? & 0xc0, 0]);
        let sum = ipv4_expected(datagram.get(..header.len())?)?;
        datagram.get_mut(10..12)?.copy_from_slice(&sum.to_be_bytes());
    } else {
        let payload = u16::try_from(datagram.len().checked_sub(40)?).ok()?;
        datagram.get_mut(4..6)?.copy_from_slice(&payload.to_be_bytes());
    }
    Some(datagram)
}
