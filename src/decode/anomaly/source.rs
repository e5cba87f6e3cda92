//! Sources that no packet on a network may have: martians and bogons, by the IANA registries.
//!
//! Every source is of one row at most, which one look-up finds.

use super::ip::is_group4;
use super::row::{At, Mark, table};
use crate::address::kind::kind;
use crate::address::prefix::Family;
use crate::address::registry::{Entry, Flag, SPECIAL_V4, SPECIAL_V6};
use crate::capture::Frame;
use crate::decode::link::is_within_host;

/// The mark on the source of an IP header.
pub(super) fn mark(a: &At<'_>) -> Mark {
    match a.u8(0).map(|octet| octet >> 4) {
        Some(4) => a.mark(12, 4, a.u32(12).unwrap_or(0)),
        _ => a.mark(8, 16, 0_u8),
    }
}

/// Place among the rows of its version of what is wrong with the source, if anything is.
pub(super) fn place(a: &At<'_>) -> Option<u8> {
    let frame = &a.packet.frame;
    match a.u8(0)? >> 4 {
        4 => place4(a.u32(12)?, a.u32(16)?).filter(|place| is_wrong(*place, LOOPBACK4, frame)),
        6 => place6(a.u128(8)?, a.u128(24)?).filter(|place| is_wrong(*place, LOOPBACK6, frame)),
        _ => None,
    }
}

/// Places of the rows about sources that are loopback addresses.
pub(super) const LOOPBACK4: u8 = 2;
pub(super) const LOOPBACK6: u8 = 1;

/// Whether the row at `place` is an anomaly in this frame, where that about loopback addresses
/// stands at `loopback`: over the loopback interface hosts talk from those to their other ones.
#[inline]
pub(super) fn is_wrong(place: u8, loopback: u8, frame: &Frame<'_>) -> bool {
    place != loopback || !is_within_host(frame)
}

/// Place among the rows of its version of what is wrong with the source of an IP header, if
/// anything; the frame that the header lies in is asked where that matters.
#[inline]
pub(super) fn place_in(header: &[u8], is_v6: bool, frame: &Frame<'_>) -> Option<u8> {
    if is_v6 {
        let (halves, _) = header.first_chunk::<40>()?.as_chunks::<8>();
        let half =
            |at: usize| u128::from(halves.get(at).map_or(0, |half| u64::from_be_bytes(*half)));
        let place = place6(half(1) << 64 | half(2), half(3) << 64 | half(4));
        place.filter(|place| is_wrong(*place, LOOPBACK6, frame))
    } else {
        let (words, _) = header.first_chunk::<20>()?.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u32::from_be_bytes(*word));
        place4(word(3), word(4)).filter(|place| is_wrong(*place, LOOPBACK4, frame))
    }
}

/// The mark, when that place is the source's.
fn at(a: &At<'_>, number: u8) -> Option<Mark> {
    (place(a) == Some(number)).then(|| mark(a))
}

/// Whether the registry says of a row's addresses that they are no source.
fn is_no_source(row: &Entry) -> bool {
    matches!(row.flags, [Flag::False, ..])
}

/// RFC 2544: 198.18.0.0/15.
const BENCHMARKING: u32 = 0xc612_0000;

/// RFC 3849: `2001:db8::/32`.
const DOCUMENTATION: u128 = 0x2001_0db8 << 96;

#[inline]
pub(super) fn place4(from: u32, to: u32) -> Option<u8> {
    match from >> 24 {
        224..=239 => return Some(0),
        127 => return (to >> 24 != 127).then_some(LOOPBACK4),
        0 if from != 0 => return Some(4),
        0 => return (!is_group4(to)).then_some(3),
        // What captures of test beds are full of need not be looked up.
        198 if from >> 17 == BENCHMARKING >> 17 => return Some(6),
        _ => {}
    }
    let row = SPECIAL_V4.find(from)?;
    match row.kind {
        "limited-broadcast" => Some(1),
        "documentation" => Some(5),
        "benchmarking" => Some(6),
        "reserved" => Some(7),
        _ => is_no_source(row).then_some(8),
    }
}

pub(super) fn place6(from: u128, to: u128) -> Option<u8> {
    if from >> 120 == 0xff {
        return Some(0);
    }
    match from {
        0 => return (to >> 120 != 0xff).then_some(2),
        1 => return (to != 1).then_some(LOOPBACK6),
        _ if from >> 96 == DOCUMENTATION >> 96 => return Some(3),
        _ => {}
    }
    let row = SPECIAL_V6.find(from);
    let kind = kind(Family::V6, from, row);
    let begins = |word: &str| kind.starts_with(word);
    match kind {
        "documentation" => Some(3),
        "ipv4-mapped" => Some(4),
        "discard-only" => Some(7),
        "reserved-by-ietf" => Some(8),
        _ if begins("ipv4-compatible") => Some(5),
        _ if begins("site-local") => Some(6),
        _ if begins("global-unicast(unallocated") => Some(8),
        _ => row.is_some_and(is_no_source).then_some(9),
    }
}

table! {
    /// About the source of IPv4.
    V4;
    "ipv4.src.multicast" Error, "Sent from the address of a group.",
        "RFC 1122, section 3.2.1.3", "", "", |a| at(a, 0);
    "ipv4.src.broadcast" Error, "Sent from the address of all hosts.",
        "RFC 1122, section 3.2.1.3", "", "", |a| at(a, 1);
    "ipv4.src.loopback" Error, "Sent from a loopback address to another.",
        "RFC 1122, section 3.2.1.3", "", "", |a| at(a, LOOPBACK4);
    "ipv4.src.unspecified" Warning, "Sent from 0.0.0.0 to a single host; only a host that has no address yet does, to all.",
        "RFC 1122, section 3.2.1.3", "", "", |a| at(a, 3);
    "ipv4.src.this_network" Error, "Sent from a host of network 0, which is no source.",
        "RFC 1122, section 3.2.1.3", "", "", |a| at(a, 4);
    "ipv4.src.documentation" Info, "Sent from an address that is for examples only.",
        "RFC 5737, section 4", "", "", |a| at(a, 5);
    "ipv4.src.benchmarking" Info, "Sent from an address that is for test beds.",
        "RFC 2544, section C.2.2", "", "", |a| at(a, 6);
    "ipv4.src.reserved" Warning, "Sent from the block that is reserved.",
        "RFC 1112, section 4", "", "", |a| at(a, 7);
    "ipv4.src.special" Warning, "Sent from a block of which the registry says that it is no source.",
        "RFC 6890, section 2.2.2", "", "", |a| at(a, 8);
}

table! {
    /// About the source of IPv6.
    V6;
    "ipv6.src.multicast" Error, "Sent from the address of a group.",
        "RFC 4291, section 2.7", "", "", |a| at(a, 0);
    "ipv6.src.loopback" Error, "Sent from ::1 to another address.",
        "RFC 4291, section 2.5.3", "", "", |a| at(a, LOOPBACK6);
    "ipv6.src.unspecified" Warning, "Sent from :: to a single host; only a host that has no address yet does, to groups.",
        "RFC 4291, section 2.5.2", "", "", |a| at(a, 2);
    "ipv6.src.documentation" Info, "Sent from an address that is for examples only.",
        "RFC 3849, section 3", "", "", |a| at(a, 3);
    "ipv6.src.ipv4_mapped" Warning, "An address that stands for IPv4 within a host, on a network.",
        "RFC 6890, section 2.2.3", "", "", |a| at(a, 4);
    "ipv6.src.ipv4_compatible" Warning, "An address of a kind that was given up in 2006.",
        "RFC 4291, section 2.5.5.1", "", "", |a| at(a, 5);
    "ipv6.src.site_local" Note, "A site-local address, a kind that was given up in 2004.",
        "RFC 3879, section 4", "", "", |a| at(a, 6);
    "ipv6.src.discard" Note, "Sent from the block whose packets are to be discarded.",
        "RFC 6666, section 2", "", "", |a| at(a, 7);
    "ipv6.src.unallocated" Warning, "Sent from a block that IANA has not given out.",
        "IANA ipv6-unicast-address-assignments", "", "", |a| at(a, 8);
    "ipv6.src.special" Warning, "Sent from a block of which the registry says that it is no source.",
        "RFC 6890, section 2.2.3", "", "", |a| at(a, 9);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_looked_up_is_what_the_registry_says() {
        let kind4 = |bits| SPECIAL_V4.find(bits).map(|row| row.kind);
        for bits in [BENCHMARKING, BENCHMARKING | 0x1_ffff] {
            assert_eq!((kind4(bits), place4(bits, 1)), (Some("benchmarking"), Some(6)));
        }
        assert_ne!(kind4(BENCHMARKING.wrapping_sub(1)), Some("benchmarking"));
        for bits in [DOCUMENTATION, DOCUMENTATION | u128::MAX >> 32] {
            assert_eq!(kind(Family::V6, bits, SPECIAL_V6.find(bits)), "documentation");
            assert_eq!(place6(bits, 2), Some(3));
        }
    }
}
