//! What an address is called: its type, its scope, and whether the world can reach it.
//!
//! All answers are constants, so that traffic can be labelled without an allocation.

use super::prefix::{Family, Prefix, Range};
use super::registry::{Entry, Flag, SPECIAL_V4, SPECIAL_V6, UNICAST_V6};

/// `ff02::1:ff00:0/104`, the solicited-node groups (RFC 4291, section 2.7.1), without host bits.
const SOLICITED_NODE: u128 = 0xff02_0000_0000_0000_0000_0001_ff00_0000 >> 24;

/// IPv6 multicast scopes by their four bits (RFC 4291, RFC 7346).
const SCOPES: [&str; 16] = [
    "reserved(0)",
    "interface-local",
    "link-local",
    "realm-local",
    "admin-local",
    "site-local",
    "unassigned(6)",
    "unassigned(7)",
    "organization-local",
    "unassigned(9)",
    "unassigned(a)",
    "unassigned(b)",
    "unassigned(c)",
    "unassigned(d)",
    "global",
    "reserved(f)",
];

/// IPv6 multicast types by their four flags; those that say more are distinguished in
/// [`multicast`].
const FLAGS: [&str; 16] = [
    "multicast:well-known",
    "multicast:transient",
    "multicast:flags-2",
    "multicast:unicast-prefix-based",
    "multicast:flags-4",
    "multicast:flags-5",
    "multicast:flags-6",
    "multicast:embedded-rp",
    "multicast:flags-8",
    "multicast:flags-9",
    "multicast:flags-a",
    "multicast:flags-b",
    "multicast:flags-c",
    "multicast:flags-d",
    "multicast:flags-e",
    "multicast:flags-f",
];

/// The narrowest special-purpose row that holds all of `range`.
pub fn special(range: Range) -> Option<&'static Entry> {
    match range.family {
        Family::V4 => SPECIAL_V4.covering(low(range.first), low(range.last)),
        Family::V6 => SPECIAL_V6.covering(range.first, range.last),
    }
}

/// Whether an address is a multicast group.
pub fn is_multicast(family: Family, bits: u128) -> bool {
    match family {
        Family::V4 => bits >> 28 == 0xe,
        Family::V6 => bits >> 120 == 0xff,
    }
}

/// The type of one address; `row` is its special-purpose row.
pub fn kind(family: Family, bits: u128, row: Option<&'static Entry>) -> &'static str {
    match (row, family) {
        (Some(_), Family::V6) if bits >> 120 == 0xfc => "unique-local(L=0, undefined)",
        (Some(row), _) => row.kind,
        (None, _) if is_multicast(family, bits) => multicast(family, bits),
        (None, Family::V4) => "global-unicast",
        (None, Family::V6) => unregistered(bits),
    }
}

/// IPv6 addresses of no special-purpose row.
fn unregistered(bits: u128) -> &'static str {
    if bits >> 32 == 0 {
        return "ipv4-compatible(deprecated)";
    }
    if bits >> 32 == 0xffff_0000 {
        return "ipv4-translated(SIIT RFC2765, historic)";
    }
    if bits >> 118 == 0xfec0 >> 6 {
        return "site-local(deprecated)";
    }
    if bits >> 125 != 1 {
        return "reserved-by-ietf";
    }
    match UNICAST_V6.find(bits) {
        Some(row) if row.group == "ALLOCATED" => "global-unicast",
        Some(_) => "global-unicast(unallocated, reserved by IANA)",
        None => "global-unicast(unallocated)",
    }
}

fn multicast(family: Family, bits: u128) -> &'static str {
    match family {
        Family::V4 => match low(bits) >> 16 {
            0xe800..=0xe8ff => "multicast:ssm",
            0xe900..=0xe9fb => "multicast:glop",
            0xea00..=0xeaff => "multicast:unicast-prefix-based",
            0xef00..=0xefff => "multicast:admin-scoped",
            _ => "multicast",
        },
        Family::V6 if bits >> 24 == SOLICITED_NODE => "multicast:well-known:solicited-node",
        // ff3x::/32 (RFC 4607): prefix-based, with no prefix.
        Family::V6 if bits >> 116 == 0xff3 && (bits >> 96).trailing_zeros() >= 16 => {
            "multicast:ssm"
        }
        Family::V6 => FLAGS[((bits >> 116) & 15) as usize],
    }
}

/// The scope of one address; empty where it has none.
pub fn scope(family: Family, bits: u128, row: Option<&'static Entry>) -> &'static str {
    if let Some(row) = row {
        return row.scope;
    }
    match family {
        Family::V4 if !is_multicast(family, bits) => "global(RFC6724)",
        // RFC 5771 (224.0.0/24 stays on the link) and RFC 2365.
        Family::V4 => match low(bits) >> 16 {
            0xe000 if bits & 0xff00 == 0 => "link-local",
            0xefff => "ipv4-local(RFC2365)",
            0xefc0..=0xefc3 => "organization-local(RFC2365)",
            0xef00.. => "admin-scoped",
            _ => "global",
        },
        Family::V6 if is_multicast(family, bits) => SCOPES[((bits >> 112) & 15) as usize],
        Family::V6 if bits >> 125 == 1 => "global",
        Family::V6 if bits >> 118 == 0xfec0 >> 6 => "site-local(deprecated)",
        Family::V6 => "",
    }
}

/// Whether all of `range` is globally reachable; `row` is its special-purpose row.
pub fn global(range: Range, row: Option<&'static Entry>) -> &'static str {
    if let Some(row) = row {
        return match row.reachable() {
            Flag::True => "true",
            Flag::False => "false",
            Flag::NotApplicable | Flag::Blank => "n.a.",
        };
    }
    let even = match range.family {
        Family::V4 => SPECIAL_V4.is_even(low(range.first), low(range.last)),
        Family::V6 => SPECIAL_V6.is_even(range.first, range.last),
    };
    let (first, last) = (region(range.family, range.first), region(range.family, range.last));
    match first {
        _ if !even || first != last => "mixed",
        Region::Multicast => "n.a.(multicast)",
        Region::Reserved(_) => "false(reserved)",
        Region::Unicast if range.family == Family::V4 => "true",
        Region::Unicast => {
            let mut allocated = UNICAST_V6
                .owners(range.first, range.last)
                .map(|row| row.is_some_and(|row| row.group == "ALLOCATED"));
            let first = allocated.next();
            match first {
                _ if allocated.any(|other| Some(other) != first) => "mixed",
                Some(true) => "true",
                _ => "false(unallocated)",
            }
        }
    }
}

/// How much of a range is globally reachable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of it.
    All,
    /// Nothing.
    None,
    /// Some of it.
    Part,
    /// The registries do not say of any of it.
    Unsaid,
}

/// How much of `range` is globally reachable, by the narrowest row of every piece: a wide block may
/// have exceptions inside.
pub fn reach(range: Range) -> Reach {
    let mut found = [false; 3];
    let mut starts = boundaries(range).peekable();
    while let Some(first) = starts.next() {
        let last = starts.peek().map_or(range.last, |next| next - 1);
        let piece = Range { first, last, ..range };
        match global(piece, special(Range { last: first, ..piece })) {
            "true" => found[0] = true,
            word if word.starts_with("false") => found[1] = true,
            _ => found[2] = true,
        }
    }
    match found {
        [true, false, false] => Reach::All,
        [false, true, false] => Reach::None,
        [true, ..] => Reach::Part,
        [false, ..] => Reach::Unsaid,
    }
}

/// The types of the addresses of `range`, each once, in the order they come.
pub fn kinds(range: Range) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for bits in boundaries(range) {
        let row = special(Range { first: bits, last: bits, ..range });
        let kind = kind(range.family, bits, row);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Where the registries do not speak, types change at these IPv4 addresses.
const EDGES_V4: [u128; 8] = [
    0xe000_0000,
    0xe800_0000,
    0xe900_0000,
    0xe9fc_0000,
    0xea00_0000,
    0xeb00_0000,
    0xef00_0000,
    0xf000_0000,
];

/// First 16 bits of IPv6 addresses at which another type begins.
const EDGES_V6: [u128; 5] = [0x2000, 0x4000, 0xfec0, 0xff00, 0xff10];

/// Whether a prefix can be a network of hosts: not groups, not class E, not networks 0 and 127
/// (RFC 1122, section 3.2.1.3).
pub fn has_hosts(prefix: Prefix) -> bool {
    let (first, last) = (prefix.first, prefix.last());
    let is_group = is_multicast(prefix.family, first) && is_multicast(prefix.family, last);
    let is_barred = prefix.family == Family::V4
        && (first >> 28 == 0xf || prefix.len >= 8 && matches!(first >> 24, 0 | 127));
    !is_group && !is_barred
}

/// The first address of every piece of `range` within which nothing changes, in order.
fn boundaries(range: Range) -> impl Iterator<Item = u128> {
    let mut starts = vec![range.first];
    match range.family {
        Family::V4 => {
            let rows = SPECIAL_V4.starts(low(range.first), low(range.last));
            starts.extend(rows.map(u128::from));
            starts.extend(EDGES_V4);
        }
        Family::V6 => {
            starts.extend(SPECIAL_V6.starts(range.first, range.last));
            starts.extend(UNICAST_V6.starts(range.first, range.last));
            starts.extend(EDGES_V6.map(|edge| edge << 112));
            // Behind ::/96 and ::ffff:0:0:0/96 there is nothing of their kind.
            starts.extend([1, 0xffff_0000, 0xffff_0001].map(|edge| edge << 32));
        }
    }
    starts.retain(|start| (range.first..=range.last).contains(start));
    starts.sort_unstable();
    starts.dedup();
    starts.into_iter()
}

/// The part of the space an address lies in, where no special-purpose row speaks.
#[derive(PartialEq, Eq)]
enum Region {
    Unicast,
    Multicast,
    /// Which of the two reserved parts: below or above IPv6 global unicast.
    Reserved(bool),
}

fn region(family: Family, bits: u128) -> Region {
    match family {
        _ if is_multicast(family, bits) => Region::Multicast,
        Family::V6 if bits >> 125 != 1 => Region::Reserved(bits >> 125 == 0),
        _ => Region::Unicast,
    }
}

fn low(bits: u128) -> u32 {
    (bits & 0xffff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    fn range(text: &str) -> Range {
        parse::item(text).expect("an item").subject.range()
    }

    /// IANA special-purpose registries, 2025-10-09: a row says nothing of the rows inside it.
    #[test]
    fn what_is_reachable_is_told_by_the_narrowest_rows() {
        for (text, expected) in [
            ("192.0.0.0/24", Reach::Part),
            ("192.0.0.0/29", Reach::None),
            ("192.0.0.8/29", Reach::Part),
            ("192.0.0.9-192.0.0.10", Reach::All),
            ("10.0.0.0/8", Reach::None),
            ("172.0.0.0/8", Reach::Part),
            ("8.0.0.0/8", Reach::All),
            ("240.0.0.0/4", Reach::None),
            ("224.0.0.0/4", Reach::Unsaid),
            ("223.0.0.0-224.0.0.255", Reach::Part),
            ("2001::/23", Reach::Part),
            ("2001:1::2/127", Reach::All),
            ("2001:20::/27", Reach::All),
            ("2001::/32", Reach::Unsaid),
            ("::/96", Reach::None),
            ("::1-::ff", Reach::None),
            ("fe00::/8", Reach::None),
            ("2000::/3", Reach::Part),
            ("2400::/12", Reach::All),
            ("::/0", Reach::Part),
        ] {
            assert_eq!(reach(range(text)), expected, "{text}");
        }
    }

    #[test]
    fn types_inside_a_range_are_told_once_and_in_order() {
        for (text, expected) in [
            ("10.0.0.0/8", &["private"][..]),
            ("172.0.0.0/8", &["global-unicast", "private"]),
            ("9.255.255.0-10.0.0.5", &["global-unicast", "private"]),
            ("231.0.0.0-233.0.0.0", &["multicast", "multicast:ssm", "multicast:glop"]),
            ("::/96", &["unspecified", "loopback", "ipv4-compatible(deprecated)"]),
            ("fe00::/8", &["reserved-by-ietf", "link-local", "site-local(deprecated)"]),
        ] {
            assert_eq!(kinds(range(text)), expected, "{text}");
        }
    }

    #[test]
    fn both_ends_of_every_row_begin_or_end_a_piece() {
        let all = boundaries(range("::/0")).collect::<Vec<_>>();
        for row in SPECIAL_V6.entries.iter().chain(UNICAST_V6.entries) {
            assert!(all.binary_search(&row.first).is_ok(), "{row:?}");
            assert!(all.binary_search(&row.last.wrapping_add(1)).is_ok(), "{row:?}");
        }
    }
}
