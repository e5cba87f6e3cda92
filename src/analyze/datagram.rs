//! Datagrams put together again from their fragments' octets, for outputs that show them whole.
//!
//! What is missing is waited for by the packets' own clock, and no more octets are kept than
//! [`OCTETS`]: the oldest datagram makes room.  The header is the first fragment's, with length,
//! flags, offset and checksum set as RFC 791, section 3.2, and RFC 8200, section 4.5, say.

use std::collections::{HashMap, VecDeque};

use super::fragment::{Fragment, FragmentKey, PATIENCE, reassemble};
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

/// A datagram that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// The fragment that made it so.
    pub packet: u64,
    /// All fragments, in the order they came.
    pub packets: Vec<u64>,
    /// An IPv4 or IPv6 header, and all that it carries.
    pub octets: Vec<u8>,
}

impl Datagram {
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
}

impl Assembly {
    /// The latest time; before there is one, the beginning of time.
    fn clock(&self) -> Timestamp {
        self.clock.unwrap_or(Timestamp::MIN)
    }

    /// Takes in the next fragment in capture order; the datagram that it makes whole.
    pub fn add(&mut self, packet: &Packet<'_>, fragment: &Fragment) -> Option<Datagram> {
        self.clock = self.clock.max(fragment.time);
        self.forget();
        let (key, number) = (fragment.key(), fragment.packet);
        let (header, octets) = split(packet, fragment)?;
        let len = octets.len() + NOTED + if fragment.offset == 0 { header.len() } else { 0 };
        let (clock, ages) = (self.clock(), &mut self.ages);
        let parts = self.open.entry(key).or_insert_with(|| {
            ages.push_back((key, number));
            let since = clock;
            let (header, fragments, packets) = (None, Vec::new(), Vec::new());
            Parts {
                first: number,
                since,
                octets: 0,
                header,
                fragments,
                packets,
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
        if fragment.offset == 0 && parts.header.is_none() {
            parts.header = Some(header);
        }
        parts.fragments.push((fragment.offset, octets.to_vec(), fragment.more));
        parts.packets.push(number);
        parts.octets += len;
        parts.carried = parts.carried.saturating_add(fragment.len);
        parts.end = parts.end.or((!fragment.more).then_some(end));
        self.octets += len;
        self.finish(&key, number)
    }

    /// The datagram of that key, if it is whole now.
    fn finish(&mut self, key: &FragmentKey, packet: u64) -> Option<Datagram> {
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
        let parts = self.open.remove(key)?;
        self.octets -= parts.octets;
        self.counts.whole += 1;
        Some(Datagram { packet, packets: parts.packets, octets })
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
    let inner = usize::from(packet.layers.index.inner);
    let ip = *spans.get(inner)?;
    let (header, from) = if ip.layer == Layer::Ipv4 {
        (packet.header(ip).to_vec(), ip.end())
    } else {
        let behind = spans.get(inner..)?;
        let place = behind.iter().position(|span| span.layer == Layer::Fragment)?;
        let (fragment, before) = (behind.get(place)?, behind.get(place.checked_sub(1)?)?);
        let mut header = bytes.get(usize::from(ip.at)..usize::from(fragment.at))?.to_vec();
        // What is before the fragment header names now what is behind it.
        let names = if place == 1 { 6 } else { usize::from(before.at.checked_sub(ip.at)?) };
        *header.get_mut(names)? = *packet.header(*fragment).first()?;
        (header, fragment.end())
    };
    let len = usize::try_from(fragment.len).ok()?;
    Some((header, bytes.get(from..from.checked_add(len)?)?))
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
