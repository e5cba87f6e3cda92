//! Reads an address, a prefix or a range: what every standard reader takes, and nothing else.
//!
//! A text that programs read differently is refused, with the reason and with what other programs
//! would have read: see [`super::refusal`].  Harmless spellings are read with a remark.

use super::literal::{address, v4};
use super::prefix::{Family, Prefix, Range};
use super::refusal::{self, Refusal};

/// An item: an address, a prefix or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// One address, with its zone: empty, or what stands behind `%` (RFC 4007, section 11).
    Address(Family, u128, &'a str),
    /// A prefix, the address it was written with, and its zone.
    Prefix(Prefix, u128, &'a str),
    /// A range, written with both ends.
    Range(Range),
}

/// A spelling that is accepted with a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// The address of a prefix had host bits.
    HostBits,
    /// The length was written as a netmask.
    Netmask(u8),
    /// The length was written as a wildcard.
    Wildcard(u8),
    /// Spaces stood around the dash of a range.
    SpacedRange,
    /// A zone means nothing on this address (RFC 4007, section 11.2).
    IdleZone,
}

/// An item that was read from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// The item.
    pub subject: Subject<'a>,
    /// Remarks on its spelling: at most two.
    pub remarks: [Option<Remark>; 2],
}

impl Item<'_> {
    /// Whether a zone selects the link; an idle one does not.
    pub fn is_zoned(&self) -> bool {
        let (Subject::Address(.., zone) | Subject::Prefix(.., zone)) = self.subject else {
            return false;
        };
        !zone.is_empty() && !self.remarks.contains(&Some(Remark::IdleZone))
    }
}

impl Subject<'_> {
    /// The family.
    pub fn family(&self) -> Family {
        self.range().family
    }

    /// All addresses it stands for.
    pub fn range(&self) -> Range {
        match *self {
            Self::Address(family, bits, _) => Range { family, first: bits, last: bits },
            Self::Prefix(prefix, ..) => prefix.range(),
            Self::Range(range) => range,
        }
    }
}

/// Reads an item; white space around it does not count.
///
/// # Errors
/// A [`Refusal`] of what programs read differently, or not at all.
pub fn item(text: &str) -> Result<Item<'_>, Refusal> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if let Some(bits) = v4(text.as_bytes()) {
        return Ok(plain(Subject::Address(Family::V4, bits.into(), "")));
    }
    if let Some(found) = prefix_or_address(text) {
        return found;
    }
    if let Some(found) = range(text) {
        return found;
    }
    Err(refusal::of(text))
}

fn plain(subject: Subject<'_>) -> Item<'_> {
    Item { subject, remarks: [None; 2] }
}

fn prefix_or_address(text: &str) -> Option<Result<Item<'_>, Refusal>> {
    let Some((head, tail)) = text.split_once('/') else {
        let (family, bits, zone) = address(text)?;
        let mut item = plain(Subject::Address(family, bits, zone));
        item.remarks[0] = idle_zone(bits, zone);
        return Some(Ok(item));
    };
    let (family, bits, zone) = address(head)?;
    let (len, form) = match length(family, tail)? {
        Ok(found) => found,
        Err(refused) => return Some(Err(refused)),
    };
    let prefix = Prefix::new(family, bits, len);
    let host_bits = (prefix.first != bits).then_some(Remark::HostBits);
    let remarks = match (form, host_bits) {
        (Some(form), host_bits) => [Some(form), host_bits],
        (None, host_bits) => [host_bits, idle_zone(bits, zone)],
    };
    let subject = Subject::Prefix(prefix, bits, zone);
    Some(Ok(Item { subject, remarks }))
}

/// A zone distinguishes addresses that are local to a link: on global addresses it is idle.
fn idle_zone(bits: u128, zone: &str) -> Option<Remark> {
    let local = bits >> 118 == 0xfe80 >> 6
        || bits >> 120 == 0xff && (bits >> 112) & 15 < 14
        || bits >> 118 == 0xfec0 >> 6;
    (!zone.is_empty() && !local).then_some(Remark::IdleZone)
}

/// A prefix length: digits without sign or leading zero, or for IPv4 a contiguous mask.
fn length(family: Family, text: &str) -> Option<Result<(u8, Option<Remark>), Refusal>> {
    if text.bytes().all(|c| c.is_ascii_digit()) {
        let spelled = !(text.is_empty() || text.len() > 1 && text.starts_with('0'));
        let len: u8 = text.parse().ok().filter(|_| spelled)?;
        return (len <= family.width()).then_some(Ok((len, None)));
    }
    let mask = v4(text.as_bytes()).filter(|_| family == Family::V4)?;
    let ones = u8::try_from(mask.count_ones()).ok()?;
    Some(if mask == 0 {
        Err(refusal::ambiguous_mask())
    } else if mask.leading_ones() == u32::from(ones) {
        Ok((ones, Some(Remark::Netmask(ones))))
    } else if mask.trailing_ones() == u32::from(ones) {
        Ok((32 - ones, Some(Remark::Wildcard(32 - ones))))
    } else {
        Err(refusal::mask_with_holes(mask))
    })
}

/// Two addresses of one family with a dash between, the first not above the second.
fn range(text: &str) -> Option<Result<Item<'_>, Refusal>> {
    // A zone may hold a dash: the first one behind a whole address is the range's.
    let mut dashes = text.match_indices('-');
    let (first, last) = dashes.find_map(|(at, _)| {
        let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
        let (_, bits, _) = address(head.trim())?;
        Some(((head, bits), tail))
    })?;
    let (family, ..) = address(first.0.trim())?;
    let Some((other, last_bits, _)) = address(last.trim()) else {
        return Some(Err(refusal::range_end(first.0.trim(), last.trim())));
    };
    if family != other {
        return Some(Err(refusal::mixed_range()));
    }
    if last_bits < first.1 {
        return Some(Err(refusal::inverted_range(first.0.trim(), last.trim())));
    }
    let spaced = first.0.ends_with(' ') || last.starts_with(' ');
    let subject = Subject::Range(Range { family, first: first.1, last: last_bits });
    Some(Ok(Item { subject, remarks: [spaced.then_some(Remark::SpacedRange), None] }))
}
