//! Multicast groups by name: IANA's assignments, and what 239/8 numbers from its top.

use super::prefix::Family;
use super::registry::{Entry, MULTICAST_V4, MULTICAST_V4_RELATIVE, MULTICAST_V6, MULTICAST_V6_ANY};

/// The assignment that holds a group.  An IPv6 group of its own scope goes before a template of
/// all scopes; groups that are not permanently assigned (flags not zero) have none.
pub fn group(family: Family, bits: u128) -> Option<&'static Entry> {
    match family {
        Family::V4 => MULTICAST_V4.find((bits & 0xffff_ffff) as u32),
        Family::V6 if bits >> 116 != 0xff0 => None,
        Family::V6 => MULTICAST_V6
            .find(bits)
            .or_else(|| MULTICAST_V6_ANY.find(bits & !(15 << 112))),
    }
}

/// The name of a scope-relative IPv4 group: an offset from the top of 239.255/16 or 239.192/14
/// (RFC 2365, section 9).
pub fn relative(bits: u128) -> Option<&'static str> {
    let bits = (bits & 0xffff_ffff) as u32;
    let offset = match bits >> 8 {
        0x00ef_ffff | 0x00ef_c3ff => !bits & 0xff,
        _ => return None,
    };
    let found = MULTICAST_V4_RELATIVE
        .iter()
        .find(|(known, _)| u32::from(*known) == offset);
    found.map(|(_, name)| *name)
}

/// Appends the registry's name of a multicast group, IPv4 with the block around it.
pub fn write(out: &mut Vec<u8>, family: Family, bits: u128) {
    let Some(entry) = group(family, bits) else {
        if bits >> 116 == 0xff0 || family == Family::V4 {
            out.extend_from_slice(b"not listed (reserved)");
        }
        return;
    };
    out.extend_from_slice(entry.name.as_bytes());
    if family == Family::V4 {
        for part in [" [", entry.group] {
            out.extend_from_slice(part.as_bytes());
        }
        if let Some(name) = relative(bits) {
            out.extend_from_slice(b"; scope-relative: ");
            out.extend_from_slice(name.as_bytes());
        }
        out.push(b']');
    }
}
