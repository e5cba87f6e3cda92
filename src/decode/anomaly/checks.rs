//! What may be wrong with the packets of a header stack that is known.
//!
//! Where their headers lie is known before a packet is looked at, and what depends on the order of
//! headers alone was judged when the stack was learned.

use arrayvec::ArrayVec;

use super::gate::{Gate, Want, is_summed_only};
use super::row::at;
use super::rules::{GROUPS, OF, run, source_number};
use super::source;
use super::tail::{Reading, Tail};
use crate::capture::Frame;
use crate::decode::packet::Packet;
use crate::wire::Layer;

/// Headers of a stack that may have anomalies.
const MOST_HEADERS: usize = 16;

/// Headers of options of a stack whose contents are remembered.
const MOST_CONTENTS: usize = 2;

/// Octets of a header of options that are remembered.
const MOST_OCTETS: usize = 24;

/// Anomalies of a header of options that are remembered.
const MOST_ROWS: usize = 6;

/// The headers of a stack that may have anomalies.
#[derive(Debug, Clone)]
pub struct StackChecks {
    headers: ArrayVec<HeaderCheck, MOST_HEADERS>,
    contents: ArrayVec<Contents, MOST_CONTENTS>,
    /// Whether each packet is to be gone through: there are more than these lists hold, or one that
    /// others are held against.
    is_over: bool,
    /// How the stack ends, where that is as nearly all do, how many of the headers stand before,
    /// and which options between its two.
    tail: Option<(Tail, u8)>,
    between: ArrayVec<HeaderCheck, MOST_CONTENTS>,
    /// Whether there is but an Ethernet header before, and nothing wrong with its type.
    is_ethernet: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
struct HeaderCheck {
    layer: Layer,
    index: u8,
    at: u16,
    len: u16,
    /// Whether its place among other headers is as it should be.
    is_calm: bool,
    /// Whether no header of the stack follows.
    is_last: bool,
    /// Whether it is an Ethernet header of which only the source may be wrong.
    is_ethernet: bool,
    /// Which of the contents is its own.
    contents: Option<u8>,
}

/// What a header of options held last, and what was wrong with it: the packets of a flow, and as a
/// rule those of a network, have the same.
#[derive(Debug, Clone, Default)]
struct Contents {
    octets: ArrayVec<u8, MOST_OCTETS>,
    rows: ArrayVec<u8, MOST_ROWS>,
}

impl StackChecks {
    /// That of the stack of a packet.
    pub(in crate::decode) fn of(packet: &Packet<'_>) -> Self {
        let mut checks = Self {
            headers: ArrayVec::new(),
            contents: ArrayVec::new(),
            is_over: false,
            tail: None,
            between: ArrayVec::new(),
            is_ethernet: false,
        };
        for (index, &span) in (0_u8..packet.layers.index.own).zip(packet.layers.spans()) {
            // What claims an address is looked at by who knows of other claims.
            checks.is_over |= span.layer == Layer::Arp;
            if OF.get(span.layer as usize).is_none_or(|groups| *groups == 0) {
                continue;
            }
            // Nothing but their checksum, which is looked at elsewhere.
            if is_summed_only(span.layer) {
                continue;
            }
            let is_calm = is_calm(packet, index);
            let is_options = matches!(span.layer, Layer::HopByHop | Layer::Destination);
            let mut contents = None;
            if is_options && is_calm && usize::from(span.len) <= MOST_OCTETS {
                contents = u8::try_from(checks.contents.len()).ok();
                checks.is_over |= checks.contents.try_push(Contents::default()).is_err();
            }
            let (layer, at, len) = (span.layer, span.at, span.len);
            let is_last = index.wrapping_add(1) == packet.layers.index.own;
            // What its type says of what follows is the same for all packets of the stack.
            let is_ethernet = layer == Layer::Ethernet && {
                let place = (usize::from(at), usize::from(len));
                let mut gate = Gate::new(packet.frame.original);
                gate.header(layer, packet.frame.bytes, place, is_calm) == Want::Nothing
            };
            let header =
                HeaderCheck { layer, index, at, len, is_calm, is_last, is_ethernet, contents };
            checks.is_over |= checks.headers.try_push(header).is_err();
        }
        if let Some((tail, ip)) = Tail::of(packet.layers).filter(|_| !checks.is_over) {
            let before = checks.headers.iter().filter(|header| header.index < ip).count();
            let between =
                checks.headers.iter().filter(|header| header.index > ip && !header.is_last);
            // With all of them remembered there are no more than there is room for.
            let are_remembered = between.clone().all(|header| header.contents.is_some());
            checks.between = between.copied().take(MOST_CONTENTS).collect();
            // What is not remembered of options is looked at each time.
            if are_remembered {
                checks.tail = Some((tail, u8::try_from(before).unwrap_or(0)));
            }
        }
        checks.is_ethernet = checks.tail.is_some_and(|(_, before)| before == 1)
            && checks.headers.first().is_some_and(|header| header.is_ethernet && header.at == 0);
        checks
    }

    /// The first octet of the last two headers, which [`Self::read`] reads; none where the stack
    /// ends otherwise.
    pub(in crate::decode) fn tail_at(&self) -> Option<u16> {
        self.tail.map(|(tail, _)| tail.at())
    }

    /// Which the last two headers are, where [`Self::read`] may read them: whether IPv6, and
    /// whether TCP.
    #[inline]
    pub fn kind(&self) -> Option<(bool, bool)> {
        self.tail.map(|(tail, _)| tail.kind())
    }

    /// What the innermost IP header of a frame and the transport behind it say, which are of that
    /// kind.
    ///
    /// Calls `with` for the number of every anomaly of the source and of options.  None, and
    /// nothing called, where anything else may be wrong, or where the two do not fit what was
    /// captured.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what one look reads stays in registers")]
    pub fn read<const V6: bool, const TCP: bool>(
        &self,
        frame: &Frame<'_>,
        mut with: impl FnMut(u8),
    ) -> Option<Reading> {
        let (tail, before) = self.tail?;
        if frame.bytes.len() as u64 > u64::from(frame.original) {
            return None;
        }
        let wire = usize::try_from(frame.original).unwrap_or(usize::MAX);
        if self.is_ethernet && self.between.is_empty() {
            // Of its header only the source is still to be looked at.
            let source = frame.bytes.get(6).filter(|octet| **octet & 1 == 0);
            source?;
            let (reading, row) = tail.look::<V6, TCP>(frame, wire)?;
            row.into_iter().for_each(&mut with);
            return Some(reading);
        }
        let mut gate = Gate::new(frame.original);
        let mut found = ArrayVec::new();
        let before = self.headers.iter().take(usize::from(before));
        if !self.look_at(before.chain(&self.between), frame, 0, (&mut gate, &mut found)) {
            return None;
        }
        let (reading, row) = tail.look::<V6, TCP>(frame, gate.wire())?;
        found.into_iter().chain(row).for_each(&mut with);
        Some(reading)
    }

    /// Calls `with` for the number of every anomaly of a frame whose last header has `last` octets;
    /// false when its headers must be gone through one by one: then nothing was called.
    #[inline]
    pub fn look(&self, frame: &Frame<'_>, last: u16, mut with: impl FnMut(u8)) -> bool {
        if self.is_over || frame.bytes.len() as u64 > u64::from(frame.original) {
            return false;
        }
        let (mut gate, mut found) = (Gate::new(frame.original), ArrayVec::new());
        let is_clear = self.look_at(self.headers.iter(), frame, last, (&mut gate, &mut found));
        if is_clear {
            found.into_iter().for_each(&mut with);
        }
        is_clear
    }

    /// Adds what is wrong with some headers; false when they must be gone through one by one.
    #[inline]
    fn look_at<'a>(
        &self,
        headers: impl Iterator<Item = &'a HeaderCheck>,
        frame: &Frame<'_>,
        last: u16,
        (gate, found): (&mut Gate, &mut ArrayVec<u8, MOST_HEADERS>),
    ) -> bool {
        let bytes = frame.bytes;
        for header in headers {
            // Of the last one the length differs from packet to packet.
            let len = if header.is_last { last } else { header.len };
            let (at, len) = (usize::from(header.at), usize::from(len));
            if header.is_ethernet {
                if bytes.get(at.saturating_add(6)).is_none_or(|octet| octet & 1 == 1) {
                    return false;
                }
                continue;
            }
            if let Some(contents) = header.contents {
                if !self.recall(contents, bytes.get(at..at.saturating_add(len)), found) {
                    return false;
                }
                continue;
            }
            match gate.header(header.layer, bytes, (at, len), header.is_calm) {
                Want::Nothing => {}
                Want::Source => {
                    let octets = bytes.get(at..).unwrap_or_default();
                    let is_v6 = header.layer == Layer::Ipv6;
                    let place = source::place_in(octets, is_v6, frame);
                    if let Some(row) = source_number(place, is_v6)
                        && found.try_push(row).is_err()
                    {
                        return false;
                    }
                }
                Want::All => return false,
            }
        }
        true
    }

    /// Adds what is wrong with a header of options, where it holds what was remembered of it.
    fn recall(
        &self,
        contents: u8,
        octets: Option<&[u8]>,
        found: &mut ArrayVec<u8, MOST_HEADERS>,
    ) -> bool {
        match self.contents.get(usize::from(contents)) {
            Some(known) if octets == Some(&*known.octets) => {
                found.try_extend_from_slice(&known.rows).is_ok()
            }
            _ => false,
        }
    }

    /// Remembers what the headers of options of a packet hold, and what is wrong with them.
    #[inline]
    pub fn remember(&mut self, packet: &Packet<'_>) {
        if !self.contents.is_empty() {
            self.remember_contents(packet);
        }
    }

    #[cold]
    fn remember_contents(&mut self, packet: &Packet<'_>) {
        for header in &self.headers {
            let contents = header.contents.and_then(|at| self.contents.get_mut(usize::from(at)));
            let (Some(contents), Some(span)) = (contents, packet.layers.span(header.index)) else {
                continue;
            };
            let here = at(packet, header.index, span);
            contents.rows.clear();
            contents.octets.clear();
            let mut is_over = has_jumbo(here.header) || has_home(here.header);
            each_row(packet, header.index, &mut |row| {
                is_over |= contents.rows.try_push(row).is_err();
            });
            // What depends on more than its own octets, or is too long, is looked at each time.
            if !is_over {
                let _ = contents.octets.try_extend_from_slice(here.header);
            }
        }
    }
}

/// Whether a header may hold a jumbo payload, which is judged by other headers.
fn has_jumbo(header: &[u8]) -> bool {
    header.contains(&0xc2)
}

/// Whether a header may hold a home address, which checksums behind it are over.
fn has_home(header: &[u8]) -> bool {
    header.contains(&0xc9)
}

/// Calls `with` for every anomaly of one header.
fn each_row(packet: &Packet<'_>, index: u8, with: &mut dyn FnMut(u8)) {
    let Some(span) = packet.layers.span(index) else { return };
    let here = at(packet, index, span);
    let groups = OF.get(span.layer as usize).copied().unwrap_or(0);
    for group in (0..GROUPS.len()).filter(|group| groups >> group & 1 == 1) {
        run(group, &here, 0, |_| true, &mut |found| with(found.number));
    }
}

/// Whether nothing is wrong with where a header stands, whatever it holds: always of headers that
/// are no extension headers of IPv6.
fn is_calm(packet: &Packet<'_>, index: u8) -> bool {
    let Some(span) = packet.layers.span(index) else { return false };
    let Some(extension) = span.layer.header().extension else { return true };
    let (here, mut is_calm) = (at(packet, index, span), true);
    // Whether octets follow where none should differs from packet to packet.
    let is_last_word = extension.next_at.is_some_and(|at| here.u8(at.into()) == Some(59));
    for (group, rows) in GROUPS.iter().enumerate().filter(|(_, group)| group.of.len() > 2) {
        if rows.of.contains(&span.layer) {
            run(group, &here, 0, |_| true, &mut |_| is_calm = false);
        }
    }
    is_calm && !is_last_word
}
