//! What following a connection needs of one segment.

use crate::capture::Frame;
use crate::decode::header_at::TransportAt;
use crate::decode::outline::{FragmentPart, Outline};
use crate::decode::tcp::{data_octets, is_fragment};
use crate::wire::Layer;

/// TCP flags (RFC 9293, section 3.1).
pub const FIN: u8 = 0x01;
/// Opens.
pub const SYN: u8 = 0x02;
/// Resets.
pub const RST: u8 = 0x04;
/// Acknowledges.
pub const ACK: u8 = 0x10;

/// No window scale option.
const NO_SCALE: u8 = u8::MAX;

/// Most that a window is shifted (RFC 7323, section 2.3).
const MOST_SHIFT: u8 = 14;

/// Whether `a` comes before `b` (RFC 9293, section 3.4: numbers wrap around).
#[inline]
pub(super) fn is_before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

/// What following a connection needs of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgement number.
    pub ack: u32,
    /// Octets of data.
    pub len: u32,
    /// Octets in the blocks of a selective acknowledgement.
    pub sacked: u32,
    /// Window, before scaling.
    window: u16,
    /// Maximum segment size, where it says one; else 0.
    pub mss: u16,
    /// Options by kind: a bit each, the last for all kinds from 15 on.
    pub options: u16,
    /// Flags, CWR to FIN.
    flags: u8,
    scale: u8,
}

impl Segment {
    /// Stands for what is no segment, or not a whole one.
    pub const NONE: Self = Self {
        seq: 0,
        ack: 0,
        len: u32::MAX,
        sacked: 0,
        window: 0,
        mss: 0,
        options: 0,
        flags: 0,
        scale: NO_SCALE,
    };

    /// That of a packet; [`Self::NONE`] where its flow has none, or a fragment.
    #[inline]
    pub fn of(frame: &Frame<'_>, outline: &Outline) -> Self {
        match outline.transport {
            Some(transport) if transport.layer == Layer::Tcp => {
                Self::read(frame, outline, transport).unwrap_or(Self::NONE)
            }
            _ => Self::NONE,
        }
    }

    /// One with those flags and so many octets of data.
    #[cfg(test)]
    pub(super) fn plain(flags: u8, len: u32) -> Self {
        Self { flags, len, window: 1_000, ..Self::NONE }
    }

    /// Whether it is one.
    #[inline]
    pub fn is_some(&self) -> bool {
        self.len != u32::MAX
    }

    fn read(frame: &Frame<'_>, outline: &Outline, transport: TransportAt) -> Option<Self> {
        let (bytes, at, ip) = (frame.bytes, usize::from(transport.at), outline.flow?);
        if outline.facts.fragment != FragmentPart::Whole || is_fragment(bytes, ip) {
            return None;
        }
        let fixed: &[u8; 20] = bytes.get(at..)?.first_chunk()?;
        let header = usize::from(fixed[12] >> 4) * 4;
        let wire = usize::try_from(frame.original).unwrap_or(usize::MAX);
        let len = data_octets(bytes, ip, (at, header), wire)?;
        if header < 20 || len == u32::MAX {
            return None;
        }
        let word = |at: usize| {
            u32::from_be_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]])
        };
        let mut segment = Self {
            seq: word(4),
            ack: word(8),
            len,
            window: u16::from_be_bytes([fixed[14], fixed[15]]),
            flags: fixed[13],
            ..Self::NONE
        };
        if header > 20 {
            let end = (at + header).min(bytes.len());
            segment.read_options(bytes.get(at + 20..end).unwrap_or_default());
        }
        Some(segment)
    }

    /// Reads what counts of options (RFC 9293, section 3.1; RFC 7323; RFC 2018).
    #[inline]
    fn read_options(&mut self, mut rest: &[u8]) {
        // Nearly all segments have just a timestamp, behind two octets that fill up.
        if rest.len() == 12 && rest.starts_with(&[1, 1, 8, 10]) {
            self.options = 1 << 8;
            return;
        }
        while let Some((&kind, behind)) = rest.split_first() {
            match kind {
                0 => return,
                1 => rest = behind,
                _ => {
                    let Some(len) = behind.first().map(|len| usize::from(*len)) else { return };
                    let Some(option) = rest.get(..len).filter(|_| len >= 2) else { return };
                    self.options |= 1 << kind.min(15);
                    match (kind, option) {
                        (2, [_, _, a, b]) => self.mss = u16::from_be_bytes([*a, *b]),
                        (3, [_, _, shift]) => self.scale = (*shift).min(MOST_SHIFT),
                        (5, [_, _, blocks @ ..]) => self.sacked = octets_in(blocks),
                        _ => {}
                    }
                    rest = rest.get(len..).unwrap_or_default();
                }
            }
        }
    }

    /// Whether it has any of these flags.
    #[inline]
    pub fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    /// Octets its sender takes, before scaling.
    #[inline]
    pub fn window(&self) -> u32 {
        u32::from(self.window)
    }

    /// By how much its windows are shifted, where it says so.
    pub fn scale(&self) -> Option<u8> {
        (self.scale != NO_SCALE).then_some(self.scale)
    }

    /// What SYN or FIN take of sequence numbers.
    #[inline]
    pub fn control_octets(&self) -> u32 {
        u32::from(self.has(SYN | FIN))
    }
}

/// Octets in the blocks of a selective acknowledgement, each of two edges (RFC 2018, section 3).
fn octets_in(blocks: &[u8]) -> u32 {
    let (blocks, _) = blocks.as_chunks::<8>();
    blocks.iter().fold(0, |sum: u32, [a, b, c, d, e, f, g, h]| {
        let (left, right) =
            (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]));
        sum.wrapping_add(right.wrapping_sub(left))
    })
}
