//! Virtual router redundancy protocol: advertisements of version 2 (RFC 3768, section 5.1) and 3
//! (RFC 9568, section 5.1).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What both versions begin with.
    FIELDS, Vrrp, "RFC 9568, section 5.1";
    VERSION "vrrp.version" 0, 4, Number, "Version", "2 or 3.";
    TYPE "vrrp.type" 4, 4, Number, "Type", "1, an advertisement.";
    VRID "vrrp.virt_rtr_id" 8, 8, Number, "Virtual router", "Which virtual router.";
    PRIORITY "vrrp.prio" 16, 8, Number, "Priority", "255 owns the addresses; 0 gives up being active.";
    COUNT "vrrp.addr_count" 24, 8, Number, "Addresses", "How many addresses follow.";
}

fields! {
    /// Version 2.
    V2, Vrrp, "RFC 3768, section 5.3";
    AUTH_TYPE "vrrp.auth_type" 0, 8, Number, "Authentication type", "0 none; others are no longer used.", names AUTH_TYPES;
    INTERVAL "vrrp.adver_int" 8, 8, Number, "Interval", "Seconds between advertisements.";
    CHECKSUM "vrrp.checksum" 16, 16, Hex, "Checksum", "Over the message, in version 3 with a pseudo-header.";
}

fields! {
    /// Version 3.
    V3, Vrrp, "RFC 9568, section 5.2";
    RESERVED "vrrp.reserved_mbz" 0, 4, Number, "Reserved", "Zero.";
    SHORT_INTERVAL "vrrp.short_adver_int" 4, 12, Number, "Interval in centiseconds", "Hundredths of a second between advertisements.";
    V3_CHECKSUM "vrrp.checksum" 16, 16, Hex, "Checksum", "Over the message, in version 3 with a pseudo-header.";
}

fields! {
    /// IPv4 addresses.
    ADDRESSES4, Vrrp, "RFC 9568, section 5.2.9";
    IP_ADDR "vrrp.ip_addr" 0, 32, Ipv4, "Address", "Addresses of the virtual router." @repeats;
}

fields! {
    /// IPv6 addresses.
    ADDRESSES6, Vrrp, "RFC 9568, section 5.2.9";
    IPV6_ADDR "vrrp.ipv6_addr" 0, 128, Ipv6, "Address", "Addresses of the virtual router, the first link-local." @repeats;
}

fields! {
    /// Version 2's authentication data.
    AUTHENTICATION, Vrrp, "RFC 2338, section 5.3.10";
    AUTH_STRING "vrrp.auth_string" 0, 64, Text, "Password", "In the clear, filled up with zeros; all zeros since RFC 3768.";
}

const AUTH_TYPES: &[(u16, &str, &str)] = &[
    (0, "none", "not authenticated"),
    (1, "simple password", "in the clear; RFC 2338"),
    (2, "IP authentication header", "RFC 2338"),
];

/// Octets before the addresses, and of version 2's authentication data behind them.
const HEAD: usize = 8;
const PASSWORD: usize = 8;

/// The row.
pub const HEADER: Header = Header {
    name: "vrrp",
    short: "VRRP",
    title: "Virtual router redundancy protocol",
    parts: &[
        Part { label: "version 2", start: |b| is(b, 2, 4), len: |_| Some(4), fields: V2 },
        Part { label: "version 3", start: |b| is(b, 3, 4), len: |_| Some(4), fields: V3 },
        Part {
            label: "IPv4 addresses",
            start: |b| (!is_v6(b)).then_some(HEAD),
            len: |b| count(b)?.checked_mul(4),
            fields: ADDRESSES4,
        },
        Part {
            label: "IPv6 addresses",
            start: |b| is_v6(b).then_some(HEAD),
            len: |b| count(b)?.checked_mul(16),
            fields: ADDRESSES6,
        },
        Part {
            label: "authentication",
            start: |b| is(b, 2, count(b)?.checked_mul(4)?.checked_add(HEAD)?),
            len: |_| Some(PASSWORD),
            fields: AUTHENTICATION,
        },
    ],
    source: "RFC 9568",
    ..Header::of(Layer::Vrrp, Class::Other, FIELDS)
};

fn is(header: &[u8], version: u8, at: usize) -> Option<usize> {
    (header.first()? >> 4 == version).then_some(at)
}

fn count(header: &[u8]) -> Option<usize> {
    header.get(3).map(|&count| usize::from(count))
}

/// Whether the message has room for as many IPv6 addresses as it says: it does not say of which
/// version they are.
fn is_v6(header: &[u8]) -> bool {
    let addresses = count(header).filter(|&count| count > 0);
    let octets = addresses.and_then(|count| count.checked_mul(16)?.checked_add(HEAD));
    is(header, 3, 0).is_some() && octets.is_some_and(|octets| header.len() >= octets)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let version = reach.u8(0)? >> 4;
    if !matches!(version, 2 | 3) {
        return Step::then(0, Next::Payload);
    }
    reach.needs(HEAD)?;
    let each = if version == 3
        && reach.wire >= usize::from(reach.u8(3)?).saturating_mul(16).saturating_add(HEAD)
    {
        16
    } else {
        4
    };
    let addresses = usize::from(reach.u8(3)?).saturating_mul(each).saturating_add(HEAD);
    reach.needs(addresses)?;
    let password = if version == 2 { PASSWORD } else { 0 };
    Step::then(addresses.saturating_add(password).min(reach.bytes.len()), Next::Payload)
}
