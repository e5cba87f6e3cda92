//! What may be wrong with a header: a few comparisons that rule nearly all rows out.
//!
//! They need no more than the octets and where the header lies, so that packets of a known stack
//! are looked through by the same code as those that were walked.

use super::extension::most_left;
use super::ip::is_group4;
use super::transport::{MOST_SHIFT, are_flags_wrong};
use crate::decode::fixed::{Ipv4, Ipv6, Tcp, Udp};
use crate::wire::Layer;
use crate::wire::ethernet::MAX_LENGTH;

/// What may be wrong with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Nothing.
    Nothing,
    /// Its source, and nothing else.
    Source,
    /// Anything.
    All,
}

/// IPv4 sources, by their upper 16 bits, of which some are anomalies.
const SOURCES: [u64; 1024] = {
    let mut all = [0; 1024];
    let mut top = 0_u32;
    while top < 0x1_0000 {
        let may_be = matches!(top >> 8, 0 | 127 | 224..)
            || matches!(top, 0xc000 | 0xc058 | 0xc612 | 0xc613 | 0xc633 | 0xcb00);
        set(&mut all, top, may_be);
        top = top.wrapping_add(1);
    }
    all
};

/// IPv4 destinations, by their upper eight bits, of which some are anomalies.
const DESTINATIONS: [u64; 4] = {
    let mut all = [0; 4];
    let mut top = 0_u32;
    while top < 0x100 {
        set(&mut all, top, matches!(top, 0 | 127 | 224..));
        top = top.wrapping_add(1);
    }
    all
};

/// Protocols that are anomalies behind an IPv4 header: not given out, or IPv6's own.
const PROTOCOLS4: [u64; 4] = protocols(&[0, 43, 44, 58, 60]);

/// Protocols that are anomalies behind an IPv6 header: not given out, IPv4's own, or none.
const PROTOCOLS6: [u64; 4] = protocols(&[1, 2, 59]);

/// Protocols that are not given out, and some others.
#[expect(clippy::indexing_slicing, reason = "runs in const evaluation, where it stops the build")]
const fn protocols(others: &[u8]) -> [u64; 4] {
    let (mut all, mut number) = ([0; 4], 143);
    while number <= u8::MAX as u32 {
        set(&mut all, number, true);
        number = number.wrapping_add(1);
    }
    let mut at = 0;
    while at < others.len() {
        set(&mut all, others[at] as u32, true);
        at = at.wrapping_add(1);
    }
    all
}

/// TCP flags that contradict one another.
const FLAGS: [u64; 4] = {
    let mut all = [0; 4];
    let mut flags = 0_u8;
    loop {
        set(&mut all, flags as u32, are_flags_wrong(flags));
        if flags == u8::MAX {
            break all;
        }
        flags = flags.wrapping_add(1);
    }
};

#[expect(clippy::indexing_slicing, reason = "runs in const evaluation, where it stops the build")]
const fn set<const N: usize>(all: &mut [u64; N], number: u32, is_in: bool) {
    all[(number >> 6) as usize] |= (is_in as u64) << (number & 63);
}

#[inline]
fn has<const N: usize>(all: &[u64; N], number: u32) -> bool {
    all.get((number >> 6) as usize).is_none_or(|word| word >> (number & 63) & 1 == 1)
}

/// Whether nothing but its checksum can be wrong with such a header.
pub(super) const fn is_summed_only(layer: Layer) -> bool {
    matches!(
        layer,
        Layer::UdpLite | Layer::Sctp | Layer::Gre | Layer::Ospf | Layer::Vrrp | Layer::Pim
    )
}

/// Whether two octets are an EtherType, and no length that could be wrong.
const fn is_type(octets: [u8; 2]) -> bool {
    u16::from_be_bytes(octets) > MAX_LENGTH
}

/// What is known of the headers so far.
#[derive(Debug)]
pub(super) struct Gate {
    /// First octet behind what was on the wire and the IP headers so far allow.
    wire: usize,
    /// First octet behind the last IP header's packet, when all is as it says, and whether a
    /// segment of it would go to a group.
    end: Option<(usize, bool)>,
    is_v6: bool,
}

impl Gate {
    /// Before the first header of a frame that had so many octets.
    pub(super) fn new(original: u32) -> Self {
        let wire = usize::try_from(original).unwrap_or(usize::MAX);
        Self { wire, end: None, is_v6: false }
    }

    /// What may be wrong with the next header of the packet, which begins at octet `at` and has
    /// `len`.  Of an extension header that `is_calm`, what stands before and behind it is in order.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is asked of every header of every packet")]
    pub(super) fn header(
        &mut self,
        layer: Layer,
        bytes: &[u8],
        (at, len): (usize, usize),
        is_calm: bool,
    ) -> Want {
        let header = bytes.get(at..at.saturating_add(len)).unwrap_or_default();
        match layer {
            Layer::Ethernet => {
                let version = bytes.get(at.saturating_add(14)).map_or(0, |octet| octet >> 4);
                match header.first_chunk::<14>() {
                    Some(&[_, _, _, _, _, _, source, .., a, b])
                        if source & 1 == 0
                            && is_type([a, b])
                            && !matches!(([a, b], version), ([8, 0], 6) | ([0x86, 0xdd], 4)) =>
                    {
                        Want::Nothing
                    }
                    _ => Want::All,
                }
            }
            Layer::Vlan => match header.first_chunk::<4>() {
                Some(&[a, b, c, d]) if (a & 0xf, b) != (0xf, 0xff) && is_type([c, d]) => {
                    Want::Nothing
                }
                _ => Want::All,
            },
            Layer::Ipv4 => self.v4(header, at),
            Layer::Ipv6 => self.v6(header, at),
            Layer::Tcp => match self.end {
                Some((_, false)) if Tcp::read(header, 0).is_some_and(|head| !tcp(head, header)) => {
                    Want::Nothing
                }
                _ => Want::All,
            },
            Layer::Udp => {
                let len = self.end.and_then(|(end, _)| end.checked_sub(at));
                match (Udp::read(header, 0), len) {
                    (Some(udp), Some(len)) if !self.udp(udp, len) => Want::Nothing,
                    _ => Want::All,
                }
            }
            // An echo that is no fragment and not to a group has nothing that could be wrong.
            Layer::Icmp => match (self.end, header.first()) {
                (Some((_, false)), Some(0 | 8)) => Want::Nothing,
                _ => Want::All,
            },
            Layer::Icmpv6 => match (self.end, header.first()) {
                (Some(_), Some(128 | 129)) => Want::Nothing,
                _ => Want::All,
            },
            // Nothing but their checksum, which is looked at elsewhere.
            layer if is_summed_only(layer) => Want::Nothing,
            Layer::Routing if is_calm => match (header.first_chunk(), most_left(header)) {
                (Some(&[_, _, 2..=4, left]), Some(most)) if usize::from(left) <= most => {
                    Want::Nothing
                }
                _ => Want::All,
            },
            Layer::Ah if is_calm => match header.first_chunk::<8>() {
                Some(&[_, _, 0, 0, a, b, c, _]) if a | b | c != 0 => Want::Nothing,
                _ => Want::All,
            },
            Layer::Esp if is_calm => match header.first_chunk::<4>() {
                Some(&[a, b, c, _]) if a | b | c != 0 => Want::Nothing,
                _ => Want::All,
            },
            _ => Want::All,
        }
    }

    /// First octet behind what was on the wire and the IP headers so far allow.
    pub(super) fn wire(&self) -> usize {
        self.wire
    }

    /// Octets on the wire from the header at `at` to the end of what it lies in.
    fn room(&self, at: usize) -> u32 {
        u32::try_from(self.wire.saturating_sub(at)).unwrap_or(u32::MAX)
    }

    #[inline]
    fn v4(&mut self, header: &[u8], at: usize) -> Want {
        self.is_v6 = false;
        self.end = None;
        let Some(ip) = Ipv4::read(header, 0).filter(|ip| ip.version_len() == 0x45) else {
            if let Some(&[_, _, a, b]) = header.first_chunk() {
                self.narrow(at, u16::from_be_bytes([a, b]), 0);
            }
            return Want::All;
        };
        if ip.fragment() == 0 {
            let end = at.wrapping_add(ip.octets().into());
            self.end = Some((end, is_group4(ip.destination())));
        }
        let want = v4(ip, self.room(at));
        self.narrow(at, ip.octets(), 0);
        want
    }

    #[inline]
    fn v6(&mut self, header: &[u8], at: usize) -> Want {
        self.is_v6 = true;
        self.end = None;
        let Some(ip) = Ipv6::read(header, 0).filter(|ip| ip.version() == 6) else {
            if let Some(&[_, _, _, _, a, b]) = header.first_chunk() {
                self.narrow(at, u16::from_be_bytes([a, b]), 40);
            }
            return Want::All;
        };
        if ip.octets() > 0 {
            let end = at.wrapping_add(ip.octets().into()).wrapping_add(40);
            self.end = Some((end, ip.destination() >> 120 == 0xff));
        }
        let want = v6(ip, self.room(at));
        self.narrow(at, ip.octets(), 40);
        want
    }

    /// Keeps later headers inside an IP header's packet; a length of 0 leaves it open.
    fn narrow(&mut self, at: usize, len: u16, beside: usize) {
        if len > 0 {
            let end = at.wrapping_add(len.into()).wrapping_add(beside);
            self.wire = self.wire.min(end);
        }
    }

    #[inline]
    fn udp(&self, udp: Udp, len: usize) -> bool {
        (self.is_v6 && udp.checksum() == 0)
            || udp.ports() << 16 == 0
            || usize::from(udp.octets()) != len
    }
}

/// An IPv4 header without options that lies in so many octets on the wire.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is asked of nearly every packet")]
pub(super) fn v4(ip: Ipv4, room: u32) -> Want {
    let (from, to) = (ip.source(), ip.destination());
    let total = u32::from(ip.octets());
    // Flags and fragments, hops, lengths, checksum.
    let fixed =
        ip.flags() & 0xbfff != 0 || ip.ttl() < 2 || total > room || total < 20 || !ip.is_sum_good();
    // Hosts talk to themselves over loopback.
    let is_local = from >> 24 == 127 && to >> 24 == 127;
    // A group beyond the link is a usual destination.
    let is_group = to >> 28 == 0xe && to >> 8 != 0x00e0_0000;
    let ends = !is_local && (from == to || (has(&DESTINATIONS, to >> 24) && !is_group));
    if (fixed || ends || has(&PROTOCOLS4, ip.proto().into())) && may_be_wrong4(ip, room) {
        Want::All
    } else if !is_local && has(&SOURCES, from >> 16) {
        Want::Source
    } else {
        Want::Nothing
    }
}

/// Whether any row but those of the source may apply to an IPv4 header without options, of which
/// something is unusual: fragments, groups of the link and broadcasts are as a rule in order.
#[inline(never)]
fn may_be_wrong4(ip: Ipv4, room: u32) -> bool {
    let (from, to) = (ip.source(), ip.destination());
    let Some(carried) = ip.octets().checked_sub(20) else { return true };
    let (flags, offset) = (ip.flags() >> 13, ip.flags() & 0x1fff);
    let (is_kept, has_more) = (flags & 2 != 0, flags & 1 != 0);
    let is_fragment = has_more || offset > 0;
    let fragment = is_fragment
        && (is_kept
            || carried == 0
            || offset == 1
            || (has_more && carried & 7 != 0)
            // No transport has a longer header that must be in the first.
            || (offset == 0 && carried < 20)
            || (u32::from(offset) << 3).wrapping_add(carried.into()) > 65_515);
    let is_local_group = to >> 8 == 0x00e0_0000;
    let hops = match ip.ttl() {
        0 => true,
        1 => !is_group4(to) && to >> 16 != 0xa9fe,
        255 => false,
        _ => is_local_group,
    };
    let is_from_local = from >> 24 == 127;
    let ends = to == 0
        || (to >> 24 == 127 && !is_from_local)
        || (to >> 28 == 0xf && to != u32::MAX)
        || (from == to && !is_from_local && from != 0);
    flags & 4 != 0
        || fragment
        || hops
        || ends
        || u32::from(ip.octets()) > room
        || !ip.is_sum_good()
        || has(&PROTOCOLS4, ip.proto().into())
}

/// An IPv6 header that lies in so many octets on the wire.
#[inline]
pub(super) fn v6(ip: Ipv6, room: u32) -> Want {
    let (len, to) = (u32::from(ip.octets()), ip.destination());
    let fixed = ip.hops() < 2 || len == 0 || len > room.saturating_sub(40);
    let is_group = to >> 120 == 0xff && matches!(to >> 112 & 0xf, 0 | 15);
    let ends = is_group || to >> 112 == 0 || ip.source() == to;
    if fixed || ends || has(&PROTOCOLS6, ip.next().into()) {
        Want::All
    } else if is_usual_source6((ip.source() >> 96) as u32) {
        Want::Nothing
    } else {
        Want::Source
    }
}

/// Whether no IPv6 source that begins with these 32 bits is an anomaly.
#[inline]
fn is_usual_source6(top: u32) -> bool {
    match top >> 16 {
        // Given out, and nothing special in it.
        0x2003 => top & 0xffff < 0x4000,
        0x2400..=0x240f
        | 0x2600..=0x260f
        | 0x2800..=0x280f
        | 0x2a00..=0x2a0f
        | 0x2c00..=0x2c0f
        | 0xfc00..=0xfdff
        | 0xfe80..=0xfebf => true,
        0x2001 => matches!(top & 0xffff,
            0x0400..=0x0bff | 0x2000..=0x4dff | 0x5000..=0x5fff | 0x8000..=0xbfff),
        _ => false,
    }
}

/// A TCP header: data offset and flags, urgent pointer, options.
#[inline]
pub(super) fn tcp(tcp: Tcp, header: &[u8]) -> bool {
    let options = match tcp.offset() {
        0x50 => false,
        // Two no-operations and a timestamp, on nearly every segment.
        0x80 if header.get(20..24) == Some(&[1, 1, 8, 10]) => header.len() < 32,
        offset if offset.trailing_zeros() >= 4 => {
            let list = header.get(20..usize::from(offset >> 2));
            list.is_none_or(|list| options(list, tcp.flags() & 2 != 0))
        }
        _ => true,
    };
    options
        || has(&FLAGS, tcp.flags().into())
        || tcp.ports() << 16 == 0
        || tcp.ports() >> 16 == 0
        || (tcp.urgent() != 0 && tcp.flags() & 0x20 == 0)
        || (tcp.flags() & 0x10 == 0 && tcp.ack() != 0)
}

/// TCP options: all of the kinds that every stack sends, once each, where they belong.
fn options(mut list: &[u8], is_syn: bool) -> bool {
    let mut seen = [false; 9];
    loop {
        let (kind, behind) = match *list {
            [] => return false,
            [0, ref behind @ ..] => return behind.iter().any(|octet| *octet != 0),
            [1, 1, 1, 1, ..] => return true,
            [1, ref behind @ ..] => {
                list = behind;
                continue;
            }
            [kind @ 2, 4, _, _, ref behind @ ..]
            | [kind @ 3, 3, 0..=MOST_SHIFT, ref behind @ ..]
            | [kind @ 4, 2, ref behind @ ..]
            | [kind @ 8, 10, _, _, _, _, _, _, _, _, ref behind @ ..] => (kind, behind),
            [5, len @ (10 | 18 | 26 | 34), ..] => {
                let Some(behind) = list.get(usize::from(len)..) else { return true };
                list = behind;
                continue;
            }
            _ => return true,
        };
        let Some(again) = seen.get_mut(usize::from(kind)) else { return true };
        if *again || (kind < 5 && !is_syn) {
            return true;
        }
        *again = true;
        list = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::kind::kind;
    use crate::address::prefix::Family;
    use crate::address::registry::SPECIAL_V6;

    #[test]
    fn usual_sources_are_given_out_and_nothing_special() {
        for top in 0..=u16::MAX {
            for low in [0, 0x1ff, 0x400, 0xdb8, 0xdb9, 0x1000, 0x4dff, 0x4e00, 0x7fff, 0xffff] {
                let top = u32::from(top) << 16 | low;
                if !is_usual_source6(top) {
                    continue;
                }
                for bits in [u128::from(top) << 96, u128::from(top) << 96 | u128::MAX >> 32] {
                    let row = SPECIAL_V6.find(bits);
                    let kind = kind(Family::V6, bits, row);
                    let is_usual = kind == "global-unicast"
                        || kind == "link-local"
                        || kind.starts_with("unique-local");
                    assert!(is_usual, "{bits:032x} is {kind}");
                }
            }
        }
        for low in 0..=u16::MAX {
            let top = 0x2001_0000 | u32::from(low);
            if is_usual_source6(top) {
                let bits = u128::from(top) << 96;
                assert_eq!(kind(Family::V6, bits, SPECIAL_V6.find(bits)), "global-unicast");
            }
        }
    }
}
