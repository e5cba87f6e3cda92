//! Classic pcap: a header of 24 octets, then records with a header of 16 each.
//!
//! Source: draft-ietf-opsawg-pcap; libpcap's `sf-pcap.c` for what older writers did: before version
//! 2.3 the two lengths stand the other way round, and the "modified" format has 8 more octets in
//! each record header.

use std::sync::Arc;

use super::walk::{BLOCK_LIMIT, Rewalk, Sink, Stop, Walk, Walked};
use crate::base::timestamp::Timestamp;
use crate::capture::batch::Record;
use crate::capture::byte_order::ByteOrder;
use crate::capture::facts::SharedFacts;
use crate::capture::interface::{Interface, LinkType};

/// Octets of the file header.
pub(super) const HEADER: usize = 24;

/// Octets a record may have: libpcap's and Wireshark's limit of 256 KiB, and slack.
const RECORD_LIMIT: u32 = (256 << 10) + 4096;

/// Link types whose records may be larger: USB (189, 220, 249), D-Bus (231), EBHSCR (279).
const LARGE: [u16; 5] = [189, 220, 231, 249, 279];

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// One magic number: octet order, unit of the fraction, octets of a record header.
struct Magic {
    octets: [u8; 4],
    order: ByteOrder,
    /// Nanoseconds in a unit of the fraction.
    unit: i64,
    head: u16,
}

/// Every magic number of the family.
const MAGICS: [Magic; 6] = {
    const fn row(octets: [u8; 4], order: ByteOrder, unit: i64, head: u16) -> Magic {
        Magic { octets, order, unit, head }
    }
    [
        row(*b"\xa1\xb2\xc3\xd4", ByteOrder::Big, 1000, 16),
        row(*b"\xd4\xc3\xb2\xa1", ByteOrder::Little, 1000, 16),
        row(*b"\xa1\xb2\x3c\x4d", ByteOrder::Big, 1, 16),
        row(*b"\x4d\x3c\xb2\xa1", ByteOrder::Little, 1, 16),
        row(*b"\xa1\xb2\xcd\x34", ByteOrder::Big, 1000, 24),
        row(*b"\x34\xcd\xb2\xa1", ByteOrder::Little, 1000, 24),
    ]
};

/// What writers did that kept a magic number and made its record header longer: Nokia's firewalls
/// by 4 octets, Red Hat's libpcap of 1999 by 8, SUSE's by 4 more than the modified format.
const VARIANTS: [(u16, &[u16]); 2] = [(16, &[20, 24]), (24, &[28, 16])];

/// What AIX writes for a link type into files of version 2.2, and what others do: a number of
/// IANA's ifType registry.  Its times are in nanoseconds, whatever the magic number says.  Other
/// writers of that version were gone before there was another 6, 9, 15 or 24 to be met on a network
/// of today, except PPP, of which Wireshark too says that token ring on AIX is likelier.
const AIX: [(u16, u16); 4] = [
    (6, 1),   // ethernetCsmacd
    (9, 6),   // iso88025TokenRing
    (15, 10), // fddi
    (24, 0),  // softwareLoopback
];

/// Which of the two lengths of a record header comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lengths {
    CapturedFirst,
    OriginalFirst,
    /// Version 2.3 was written both ways: the smaller one is the captured length.
    Either,
}

/// The walker of one pcap file.
#[derive(Debug, Clone)]
pub(super) struct Pcap {
    order: ByteOrder,
    unit: i64,
    head: u16,
    lengths: Lengths,
    link: LinkType,
    limit: u32,
}

/// Whether `start` begins a pcap file.
pub(super) fn is(start: &[u8]) -> bool {
    MAGICS.iter().any(|magic| start.starts_with(&magic.octets))
}

/// A walker for the file whose header is `header`; nothing when it is short.
pub(super) fn open(
    header: &[u8],
    input: u32,
    interfaces: &mut Arc<Vec<Interface>>,
    facts: &mut SharedFacts,
) -> Option<Box<dyn Walk>> {
    let magic = MAGICS.iter().find(|magic| header.starts_with(&magic.octets))?;
    let order = magic.order;
    let version = (order.u16(header, 4)?, order.u16(header, 6)?);
    let snaplen = order.u32(header, 16)?;
    let [low, high, ..] = order.u32(header, 20)?.to_le_bytes();
    let mut link = LinkType(u16::from_le_bytes([low, high]));
    let mut unit = magic.unit;
    if let Some((_, own)) = AIX.iter().find(|(number, _)| version == (2, 2) && *number == link.0) {
        (link, unit) = (LinkType(*own), 1);
    }
    Arc::make_mut(interfaces).push(Interface {
        link,
        snaplen,
        input,
        section: 1,
        id: 0,
        names: None,
        block: None,
        header: None,
    });
    Arc::make_mut(facts).format = "pcap";
    let mut pcap = Pcap {
        order,
        unit,
        head: magic.head,
        lengths: match version {
            (2, 0..=2) | (543, _) => Lengths::OriginalFirst,
            (2, 3) => Lengths::Either,
            _ => Lengths::CapturedFirst,
        },
        link,
        limit: if LARGE.contains(&link.0) {
            u32::try_from(BLOCK_LIMIT).unwrap_or(u32::MAX)
        } else {
            RECORD_LIMIT
        },
    };
    let second = SECOND.checked_div(unit).unwrap_or(SECOND);
    let sample = header.get(HEADER..).unwrap_or_default();
    let known = |row: &&(u16, &[u16])| row.0 == magic.head;
    if !pcap.makes_sense(sample, 0, i64::from(u32::MAX))
        && let Some((_, others)) = VARIANTS.iter().find(known)
    {
        let other = others
            .iter()
            .find(|&&head| Pcap { head, ..pcap.clone() }.makes_sense(sample, 2, second));
        pcap.head = other.copied().unwrap_or(magic.head);
    }
    Some(Box::new(pcap))
}

impl Pcap {
    /// Whether at least `least` records at the start of `sample`, and the header behind them, could
    /// be records, with fractions of at most a `second`: a cut file makes sense as far as it goes.
    fn makes_sense(&self, sample: &[u8], least: usize, second: i64) -> bool {
        let (mut rest, mut records) = (sample, 0_usize);
        while let Some(fields) = rest.first_chunk::<16>() {
            let (words, _) = fields.as_chunks::<4>();
            let &[_, fraction, len, original] = words else { return false };
            let (len, original) = (self.order.four(len), self.order.four(original));
            let is_sound = i64::from(self.order.four(fraction)) <= second
                && len.max(original) <= self.limit
                && original > 0;
            if !is_sound {
                return false;
            }
            let whole = usize::from(self.head).saturating_add(len as usize);
            match rest.get(whole..) {
                Some(behind) => rest = behind,
                None => return records >= least,
            }
            records = records.saturating_add(1);
            // Three in a row are no accident.
            if records > 2 {
                return true;
            }
        }
        records >= least
    }
}

impl Walk for Pcap {
    fn walk(&mut self, bytes: &[u8], from: usize, sink: &mut Sink<'_>) -> Walked {
        let mut at = from;
        let stop = loop {
            let head = usize::from(self.head);
            let rest = bytes.get(at..).unwrap_or_default();
            let (Some(fields), true) = (rest.first_chunk::<16>(), rest.len() >= head) else {
                break Stop::More { needs: head, what: "record header" };
            };
            if sink.records.len() >= sink.limit {
                break Stop::Full;
            }
            let (words, _) = fields.as_chunks::<4>();
            let &[seconds, fraction, first, second] = words else {
                break Stop::Full;
            };
            let order = self.order;
            let (mut len, mut original) = (order.four(first), order.four(second));
            let swapped = match self.lengths {
                Lengths::CapturedFirst => false,
                Lengths::OriginalFirst => true,
                Lengths::Either => len > original,
            };
            if swapped {
                std::mem::swap(&mut len, &mut original);
            }
            if len > self.limit {
                break Stop::Damaged(format!(
                    "record of {len} octets is larger than the limit of {}",
                    self.limit
                ));
            }
            let needs = head.saturating_add(len as usize);
            if rest.len() < needs {
                break Stop::More { needs, what: "record" };
            }
            let fraction = i64::from(order.four(fraction)).saturating_mul(self.unit);
            let time = Timestamp::from_parts(order.four(seconds).into(), fraction);
            let Ok(place) = u32::try_from(at.saturating_add(head)) else {
                break Stop::Full;
            };
            sink.records.push(Record {
                time,
                at: place,
                len,
                original,
                interface: 0,
                link: self.link,
                head: self.head,
            });
            at = at.saturating_add(needs);
        };
        Walked { at, stop }
    }

    fn again(&self) -> Box<dyn Rewalk> {
        Box::new(self.clone())
    }
}

impl Rewalk for Pcap {
    fn walker(&self, _: u64) -> Option<Box<dyn Walk>> {
        Some(Box::new(self.clone()))
    }
}
