//! One address as text, as every standard reader takes it.

use std::net::Ipv6Addr;

use super::prefix::Family;

/// Four decimal numbers up to 255 without leading zeros, three dots between.
pub(super) fn v4(text: &[u8]) -> Option<u32> {
    // Seven characters are the shortest address, fifteen the longest.
    if !(7..=15).contains(&text.len()) {
        return None;
    }
    let (mut bits, mut part, mut digits, mut dots) = (0u32, 0u32, 0u32, 0u32);
    for &c in text {
        if c == b'.' {
            if digits == 0 || dots == 3 {
                return None;
            }
            bits = bits << 8 | part;
            (part, digits, dots) = (0, 0, dots + 1);
        } else {
            let digit = u32::from(c.wrapping_sub(b'0'));
            // A digit behind a leading zero would be octal to some readers.
            if digit > 9 || digits > 0 && part == 0 {
                return None;
            }
            part = part * 10 + digit;
            digits += 1;
            if part > 255 {
                return None;
            }
        }
    }
    (dots == 3 && digits > 0).then_some(bits << 8 | part)
}

/// An IPv6 address; the standard library's reader is strict.
pub(super) fn v6(text: &str) -> Option<u128> {
    // An IPv4-mapped address in full has 45 characters.
    if !text.contains(':') || text.len() > 45 {
        return None;
    }
    text.parse::<Ipv6Addr>().ok().map(Ipv6Addr::to_bits)
}

/// An address of either family with its zone.
pub(super) fn address(text: &str) -> Option<(Family, u128, &str)> {
    if let Some(bits) = v4(text.as_bytes()) {
        return Some((Family::V4, bits.into(), ""));
    }
    let (head, zone) = text.split_once('%').unwrap_or((text, ""));
    let has_zone = head.len() < text.len();
    if has_zone && !is_zone(zone) {
        return None;
    }
    v6(head).map(|bits| (Family::V6, bits, zone))
}

/// An interface name or number: visible characters without `%` or `/`.
fn is_zone(zone: &str) -> bool {
    !zone.is_empty()
        && zone.len() <= 64
        && zone.bytes().all(|c| c.is_ascii_graphic() && !matches!(c, b'%' | b'/' | b'[' | b']'))
}
