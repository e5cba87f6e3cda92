//! Checksums of messages: of routing protocols, and of what ICMP's carry behind a quote.

use super::row::{At, Mark, table};
use super::sum::bad;
use super::transport::is_fragment;
use crate::decode::check::{add, ones_complement_sum};
use crate::decode::checksum::are_left_out;
use crate::wire::{Layer, icmp_extension};

/// The mark of the checksum of a message's extension structure, where all of that was captured and
/// it has a wrong one.
fn extension(a: &At<'_>) -> Option<Mark> {
    if are_left_out() || is_fragment(a)? {
        return None;
    }
    let behind = a.layers().spans().get(usize::from(a.index)..)?;
    let span = *behind.iter().find(|span| span.layer == Layer::IcmpExtension)?;
    let structure = a.packet.header(span);
    let is_whole = span.end() >= usize::from(a.span.at).saturating_add(a.room());
    let &[version, _, high, low] = structure.first_chunk()?;
    let stored = u16::from_be_bytes([high, low]);
    // RFC 4884, section 7: version 2, and 0 says that no checksum was made.
    if version >> 4 != 2 || stored == 0 || icmp_extension::is_sum_good(structure) || !is_whole {
        return None;
    }
    let right = !add(ones_complement_sum(structure), !stored);
    let at = usize::from(span.at).checked_sub(a.span.at.into())?.checked_add(2)?;
    Some(a.mark(at, 2, stored).should(right))
}

table! {
    /// About the extension structure of ICMP and ICMPv6 messages.
    EXTENDED;
    "icmp.extension.checksum.bad" Error, "The checksum of what extends a message is wrong; the receiver would ignore that.",
        "RFC 4884, section 7", "", "icmp.ext.checksum_bad", extension;
}

table! {
    /// About OSPF.
    OSPF;
    "ospf.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 2328, section A.3.1" or "RFC 5340, section A.3.1", "", "", bad;
}

table! {
    /// About VRRP.
    VRRP;
    "vrrp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 9568, section 5.2.8", "", "vrrp.checksum_bad.expert", bad;
}

table! {
    /// About PIM.
    PIM;
    "pim.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 7761, section 4.9", "", "pim.bad_checksum", bad;
}
