//! Multicast groups by name: IANA's assignments, and what 239/8 numbers from its top.

use super::prefix::Family;
use super::registry::{Entry, MULTICAST_V4, MULTICAST_V4_RELATIVE, MULTICAST_V6, MULTICAST_V6_ANY};

/// The assignment that holds a group.  An IPv6 group of its own scope goes before a template of
/// all scopes; groups that are not permanently assigned (flags not zero) have none.
pub fn group(family: Family, bits: u128) -> Option<&'static Entry> {
    match family {
        Family::V4 => MULTICAST_V4.find((bits & 0xffff_ffff) as u32),
        Family::V6 if bits >> 116 != 0xff0 => None,
        Family::V6 => {
            MULTICAST_V6.find(bits).or_else(|| MULTICAST_V6_ANY.find(bits & !(15 << 112)))
        }
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
    let found = MULTICAST_V4_RELATIVE.iter().find(|(known, _)| u32::from(*known) == offset);
    found.map(|(_, name)| *name)
}

/// Flags of an IPv6 group by their bit: letter and meaning (RFC 4291, RFC 3306, RFC 3956).
const FLAGS: [(u128, char, &str); 4] = [
    (8, 'X', "reserved, must be zero"),
    (4, 'R', "carries a rendezvous point"),
    (2, 'P', "carries a unicast prefix"),
    (1, 'T', "transient, assigned by nobody"),
];

/// The flags that are set in an IPv6 group, in words; none means permanently assigned.
pub fn flags(bits: u128) -> impl Iterator<Item = (char, &'static str)> {
    let set = FLAGS.iter().filter(move |(flag, ..)| (bits >> 116) & flag != 0);
    set.map(|(_, letter, meaning)| (*letter, *meaning))
}

/// Group identifiers of groups that are not permanently assigned: first, last, use
/// (IANA ipv6-multicast-addresses, read 2026-04-07).
const DYNAMIC: [(u32, u32, &str); 6] = [
    (0x4000_0000, 0x7fff_ffff, "reserved for IANA"),
    (0x8000_0000, 0x8fff_ffff, "MADCAP (RFC 2730)"),
    (0x9000_0000, 0xefff_ffff, "unassigned"),
    (0xf000_0000, 0xfcff_ffff, "chosen by a host for SSM"),
    (0xfd00_0000, 0xfdff_ffff, "private use"),
    (0xfe00_0000, 0xfeff_ffff, "experimental use"),
];

/// What the group identifier of an IPv6 group stands for, where flags say it was not assigned.
pub fn dynamic(bits: u128) -> Option<&'static str> {
    let id = (bits & 0xffff_ffff) as u32;
    let found = DYNAMIC.iter().find(|(first, last, _)| (*first..=*last).contains(&id));
    found.filter(|_| bits >> 116 != 0xff0).map(|(_, _, usage)| *usage)
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
    // GLOP is a block and the one name in it.
    if family == Family::V4 && (entry.group != entry.name || relative(bits).is_some()) {
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
