//! One header stack: the octets that decide it, the lengths in it, and where its headers lie.

use arrayvec::ArrayVec;

use crate::capture::Frame;
use crate::decode::anomaly::StackChecks;
use crate::decode::decode_as::Rules;
use crate::decode::fixed::Ipv4;
use crate::decode::layers::{Layers, Span, is_ip};
use crate::decode::link;
use crate::decode::outline::Outline;
use crate::decode::packet::Packet;
use crate::wire::Layer;
use crate::wire::bits::{Bits, Total};
use crate::wire::header::{Inputs, Next, Reach, Step};

/// Whether a frame has these words.
#[inline]
pub(super) fn agree(words: &[Word], bytes: &[u8]) -> bool {
    let mut differs = 0;
    for word in words {
        let octets = bytes.get(usize::from(word.at)..).and_then(<[u8]>::first_chunk::<WORD>);
        let Some(octets) = octets else { return false };
        differs |= (u64::from_ne_bytes(*octets) ^ word.value) & word.mask;
    }
    differs == 0
}

/// Headers of a stack that is kept.
const MOST_HEADERS: usize = 20;

/// Words, lengths and pairs of ports of a stack that is kept.
const MOST_WORDS: usize = 16;
const MOST_TOTALS: usize = 12;
const MOST_PORTS: usize = 4;

/// Octets of all headers of a stack that decide what it is.
const MOST_OCTETS: usize = 96;

/// Octets of a word.
pub(super) const WORD: usize = 8;

/// Eight octets that must agree where the mask is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) at: u16,
    pub(super) mask: u64,
    pub(super) value: u64,
}

/// A length in a packet: where it stands, and where in the frame it says that something ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct End {
    /// First of the two octets that it lies in.
    at: u16,
    shift: u8,
    mask: u16,
    unit: u16,
    /// Octet of the frame that it counts from.
    from: u16,
}

impl End {
    /// Of a header that begins at octet `at` of the frame.
    fn of(total: Total, at: u16) -> Option<Self> {
        let first = u32::try_from(total.bits.at).ok()?;
        let (octet, within) = (u16::try_from(first / 8).ok()?, first % 8);
        let behind = 16_u32.checked_sub(within)?.checked_sub(total.bits.width)?;
        Some(Self {
            at: at.checked_add(octet)?,
            shift: u8::try_from(behind).ok()?,
            mask: u16::MAX.checked_shr(16_u32.checked_sub(total.bits.width)?)?,
            unit: total.unit,
            from: at.checked_add(total.beside)?,
        })
    }

    /// The octet of the frame that it says; none where it says 0, which stands for something else.
    #[inline]
    fn read(self, bytes: &[u8]) -> Option<usize> {
        let pair = bytes.get(usize::from(self.at)..)?.first_chunk::<2>()?;
        let number = u16::from_be_bytes(*pair) >> (self.shift & 15) & self.mask;
        let octets = usize::from(number).wrapping_mul(self.unit.into());
        (number > 0).then_some(octets.wrapping_add(usize::from(self.from)))
    }
}

/// A header stack.
#[derive(Debug, Clone)]
pub struct Stack {
    pub(super) words: ArrayVec<Word, MOST_WORDS>,
    totals: ArrayVec<End, MOST_TOTALS>,
    /// Where UDP's ports stand, and what they say.
    pub(super) ports: ArrayVec<(u16, Next), MOST_PORTS>,
    /// Where the last header says how long it is, if its length may differ, and what it is at
    /// least.
    own: Option<(End, u16)>,
    /// First octet behind what all packets of the stack have.
    pub(super) least: u16,
    /// First octet of the last header.
    last: u16,
    /// Its number among the stacks of an analyst, in the order they were learned.
    pub number: u32,
    /// Where things stand in its packets.
    pub outline: Outline,
    /// What may be wrong with its packets.
    pub checks: StackChecks,
    /// Whether all its lengths stand in the last two headers, which its checks read, and hold
    /// against what was captured.
    pub(super) is_short: bool,
    /// When it was met last, by the clock of the stacks.
    pub(super) met: u64,
    /// How many frames had it.
    pub(super) frames: u64,
    layers: Layers,
}

/// A packet's stack, and what differs among the packets of one.
#[derive(Debug)]
pub struct Recalled<'a> {
    /// The stack.
    pub stack: &'a mut Stack,
    /// First octet behind what the innermost header carries, as far as it was captured.
    pub end: usize,
    /// Octets of the last header.
    pub last: u16,
}

impl Recalled<'_> {
    /// Writes the headers down as the walk would.
    pub fn layers(&self, layers: &mut Layers) {
        self.stack.layers(self.end, self.last, layers);
    }
}

impl Stack {
    /// Whether a few comparisons leave it open that a packet which was walked has a stack to keep.
    pub(super) fn may_be_of(frame: &Frame<'_>, layers: &Layers) -> bool {
        let spans = layers.spans();
        // What differs among fragments, and among options, is looked at one by one.
        let is_plain = |span: &Span| {
            if span.layer != Layer::Ipv4 {
                return span.layer.header().inputs.is_some();
            }
            let ip = Ipv4::read(frame.bytes, span.at.into());
            span.len == 20 && ip.is_some_and(|ip| ip.fragment() == 0)
        };
        layers.stop.is_none()
            && usize::from(layers.index.own) == spans.len()
            && spans.len() <= MOST_HEADERS
            && spans.iter().all(is_plain)
    }

    /// The stack of a packet that was walked and [`Self::may_be_of`] one; none where it depends on
    /// more than its rows tell.
    pub(super) fn of(frame: &Frame<'_>, layers: &Layers) -> Option<Self> {
        let (link, bytes, spans) = (frame.link, frame.bytes, layers.spans());
        let last = spans.last()?;
        let outline = Outline::of(bytes, layers);
        // Of more checksums than are kept nobody knows which is the last.
        if outline.sums.is_full() {
            return None;
        }
        let mut stack = Self {
            words: ArrayVec::new(),
            totals: ArrayVec::new(),
            ports: ArrayVec::new(),
            own: None,
            least: u16::try_from(last.end()).ok()?,
            last: last.at,
            number: 0,
            checks: StackChecks::of(&Packet { frame: *frame, layers }),
            is_short: false,
            met: 0,
            frames: 0,
            outline,
            layers: *layers,
        };
        let (mut masks, mut end) = (Masks::default(), bytes.len());
        let mut next = {
            let row = link::find(link.0)?;
            (row.then == Next::Payload).then_some(row.first)?
        };
        for (index, span) in spans.iter().enumerate() {
            let following = spans.get(index.checked_add(1)?);
            if !leads_to(next, Some(span.layer), layers.rules) {
                return None;
            }
            let inputs = span.layer.header().inputs?;
            let reach = Reach { bytes: bytes.get(usize::from(span.at)..end)?, wire: usize::MAX };
            let step = layers.rules.step(span.layer, reach).ok()?;
            stack.take(*span, inputs, step, following.is_none(), &mut masks)?;
            // A label that is not the last of its stack looks at nothing behind it.
            let is_inside = following.is_some_and(|next| next.layer == span.layer);
            let is_before_ip = following.is_some_and(|span| is_ip(span.layer));
            if inputs.looks_behind && !is_inside && !is_before_ip {
                return None;
            }
            if let Some(total) = step.total {
                end = end.min(usize::from(span.at).checked_add(total)?);
            }
            next = step.next;
        }
        if !leads_to(next, None, layers.rules) {
            return None;
        }
        masks.write(bytes, &mut stack)?;
        let tail = stack.checks.tail_at();
        stack.is_short = tail.is_some_and(|tail| stack.totals.iter().all(|total| total.at >= tail));
        Some(stack)
    }

    /// What decides which header follows which in its frames.
    pub(super) fn rules(&self) -> &'static Rules {
        self.layers.rules
    }

    /// Whether frames of it may be taken in before their lengths are held against what was
    /// captured.
    pub fn is_short(&self) -> bool {
        self.is_short
    }

    /// Writes the headers of a packet down as the walk would: what its innermost header carries
    /// ends at octet `end`, and its last header has `last`.
    pub fn layers(&self, end: usize, last: u16, layers: &mut Layers) {
        layers.copy_from(&self.layers);
        layers.end = u32::try_from(end).unwrap_or(u32::MAX);
        layers.set_last(last);
    }

    /// Takes in what the step of one header depended on.
    fn take(
        &mut self,
        span: Span,
        inputs: &Inputs,
        step: Step,
        is_last: bool,
        masks: &mut Masks,
    ) -> Option<()> {
        if step.len != usize::from(span.len) || step.entries > 0 {
            return None;
        }
        for bits in inputs.bits {
            masks.add(span, *bits)?;
        }
        if let Some(own) = inputs.own {
            if is_last {
                let least = span.layer.header().fixed_octets();
                let least = span.at.checked_add(u16::try_from(least).ok()?)?;
                self.own = Some((End::of(own, span.at)?, least));
                self.least = least;
            } else {
                masks.add(span, own.bits)?;
            }
        }
        if step.total.is_some() != inputs.total.is_some() {
            return None;
        }
        if let Some(total) = inputs.total {
            self.totals.try_push(End::of(total, span.at)?).ok()?;
        }
        if let Next::Ports { source, destination } = step.next {
            self.ports.try_push((span.at, self.layers.rules.ports(source, destination))).ok()?;
        }
        Some(())
    }

    /// Whether a frame's headers are those of the stack.
    pub(super) fn matches(&self, bytes: &[u8]) -> bool {
        self.agrees(bytes) && self.reaches(bytes).is_some()
    }

    /// Whether the octets of a frame are those that decide the stack.  It hardly jumps: which of
    /// some stacks a frame has is guessed wrong too often.
    #[inline]
    fn agrees(&self, bytes: &[u8]) -> bool {
        agree(&self.words, bytes)
    }

    /// Whether its lengths reach as far as the headers do.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is asked of every packet")]
    pub(super) fn reaches(&self, bytes: &[u8]) -> Option<(usize, u16)> {
        let mut end = bytes.len();
        for total in &self.totals {
            end = end.min(total.read(bytes)?);
        }
        let mut behind = usize::from(self.least);
        if let Some((own, least)) = self.own {
            let last = own.read(bytes)?;
            if last < usize::from(least) {
                return None;
            }
            behind = last;
        }
        if behind > end {
            return None;
        }
        for &(at, next) in &self.ports {
            if self.rules().ports_at(bytes, at.into())? != next {
                return None;
            }
        }
        let last = behind.wrapping_sub(usize::from(self.last));
        Some((end, u16::try_from(last).ok()?))
    }
}

/// Whether what follows a header can only be `layer`, or nothing, whatever the octets behind are
/// but those that the row of `layer` names.
fn leads_to(mut next: Next, layer: Option<Layer>, rules: &Rules) -> bool {
    loop {
        next = match next {
            Next::Layer(other) => return layer == Some(other),
            Next::Payload => return layer.is_none(),
            // The first octet tells, which the rows of both name.
            Next::EtherType(0x0800) if rules.is_ipv4_usual() => return layer.is_some_and(is_ip),
            Next::Version | Next::Guess => return layer.is_some_and(is_ip),
            Next::EtherType(number) => rules.ether_type(number),
            Next::Ppp(number) => rules.ppp(number),
            Next::Protocol(number) => rules.protocol(number),
            Next::Ports { source, destination } => rules.ports(source, destination),
            Next::Quote | Next::Link(_) | Next::OfLink => return false,
        };
    }
}

/// Which bits of a frame must agree.
#[derive(Debug, Default)]
struct Masks(ArrayVec<(u16, u8), MOST_OCTETS>);

impl Masks {
    /// Adds bits of a header.
    fn add(&mut self, span: Span, bits: Bits) -> Option<()> {
        let all = i32::from(span.len).checked_mul(8)?;
        let first = if bits.at < 0 { all.checked_add(bits.at)? } else { bits.at };
        let width = i32::try_from(bits.width).ok()?;
        let end = if width == 0 { all } else { first.checked_add(width)?.min(all) };
        for bit in first..end {
            let octet = span.at.checked_add(u16::try_from(bit / 8).ok()?)?;
            let mask = 0x80_u8 >> (bit % 8);
            match self.0.last_mut().filter(|last| last.0 == octet) {
                Some(last) => last.1 |= mask,
                None => self.0.try_push((octet, mask)).ok()?,
            }
        }
        Some(())
    }

    /// Writes them as words.
    fn write(mut self, bytes: &[u8], stack: &mut Stack) -> Option<()> {
        self.0.sort_unstable();
        // No word reaches behind what all packets of the stack have.
        let most = stack.least.checked_sub(8)?;
        let mut rest = self.0.as_slice();
        while let Some(&(first, _)) = rest.first() {
            let at = first.min(most);
            let mut mask = [0_u8; WORD];
            while let Some((&(octet, bits), more)) = rest.split_first() {
                let Some(slot) = mask.get_mut(usize::from(octet.checked_sub(at)?)) else { break };
                *slot |= bits;
                rest = more;
            }
            let mask = u64::from_ne_bytes(mask);
            let octets = bytes.get(usize::from(at)..)?.first_chunk::<WORD>()?;
            let value = u64::from_ne_bytes(*octets) & mask;
            stack.words.try_push(Word { at, mask, value }).ok()?;
        }
        Some(())
    }
}
