//! What may be wrong with a header: a few comparisons that rule nearly all rows out.
//!
//! Frames of the usual makes are looked through at once, all others header by header.

use super::ip::is_group4;
use super::transport::are_flags_odd;
use super::{At, Want};
use crate::capture::Frame;
use crate::decode::check::is_ipv4_sum_good;
use crate::decode::usual::Usual;
use crate::wire::Layer;

/// IPv4 sources, by their upper 16 bits, of which some may be odd.
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

/// IPv4 destinations, by their upper eight bits, of which some may be odd.
const DESTINATIONS: [u64; 4] = {
    let mut all = [0; 4];
    let mut top = 0_u32;
    while top < 0x100 {
        set(&mut all, top, matches!(top, 0 | 127 | 224..));
        top = top.wrapping_add(1);
    }
    all
};

/// TCP flags that are odd.
const FLAGS: [u64; 4] = {
    let mut all = [0; 4];
    let mut flags = 0_u8;
    loop {
        set(&mut all, flags as u32, are_flags_odd(flags));
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

/// What may be wrong with a frame of a usual make.
#[inline]
pub(super) fn usual(frame: &Frame<'_>, usual: &Usual<'_>) -> Want {
    let (bytes, wire) = (frame.bytes, frame.original);
    let at = usual.at();
    let is_odd_tag = |at: usize| {
        bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .is_none_or(|&tag| u16::from_be_bytes(tag) & 0xfff == 0xfff)
    };
    // A source that is a group, a tag that is not to be sent.
    let is_odd = bytes.len() as u64 > u64::from(wire)
        || bytes.get(6).is_none_or(|octet| octet & 1 == 1)
        || (at > 14 && is_odd_tag(14))
        || (at > 18 && is_odd_tag(18));
    let room = wire.wrapping_sub(at.into());
    let is_tcp = match usual.row().proto {
        6 => Some(true),
        17 => Some(false),
        // An echo that is whole has nothing else that its IP header does not tell.
        _ => None,
    };
    let want = match usual.ip.first_chunk() {
        Some(ip) if !usual.row().is_v6 => v4(ip, room, is_tcp, usual.behind),
        _ => v6(usual.ip, room, is_tcp, usual.behind),
    };
    if is_odd { Want::All } else { want }
}

/// What is known of the headers so far.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// First octet behind the last IP header's packet, when all is as it says, and whether a
    /// segment of it would go to a group.
    end: Option<(usize, bool)>,
    is_v6: bool,
}

impl Gate {
    /// What may be wrong with the next header of the packet.
    pub(super) fn header(&mut self, a: &At<'_>) -> Want {
        match a.span.layer {
            Layer::Ipv4 => {
                self.is_v6 = false;
                self.end = None;
                let Some(ip) = a.header.first_chunk::<20>().filter(|ip| ip[0] == 0x45) else {
                    return Want::All;
                };
                let total = usize::from(u16::from_be_bytes([ip[2], ip[3]]));
                let is_whole = (u16::from_be_bytes([ip[6], ip[7]]) & 0x3fff) == NO_PIECE;
                let to = u32::from_be_bytes([ip[16], ip[17], ip[18], ip[19]]);
                if is_whole {
                    let end = usize::from(a.span.at).saturating_add(total);
                    self.end = Some((end, is_group4(to)));
                }
                v4(ip, u32::try_from(a.room()).unwrap_or(u32::MAX), None, &[])
            }
            Layer::Ipv6 => {
                self.is_v6 = true;
                self.end = None;
                let Some(ip) = a.header.first_chunk::<40>().filter(|ip| ip[0] >> 4 == 6) else {
                    return Want::All;
                };
                let len = usize::from(u16::from_be_bytes([ip[4], ip[5]]));
                if matches!(ip[6], 6 | 17) && len > 0 {
                    let end = usize::from(a.span.at).saturating_add(len).saturating_add(40);
                    self.end = Some((end, ip[24] == 0xff));
                }
                v6(ip, u32::try_from(a.room()).unwrap_or(u32::MAX), None, &[])
            }
            Layer::Tcp => match self.end {
                Some((_, false)) if !tcp(a.header) => Want::Nothing,
                _ => Want::All,
            },
            Layer::Udp => {
                let len = self.end.and_then(|(end, _)| end.checked_sub(usize::from(a.span.at)));
                match (a.header.first_chunk::<8>(), len.map(u32::try_from)) {
                    (Some(&udp), Some(Ok(len))) if !self.udp(udp, len) => Want::Nothing,
                    _ => Want::All,
                }
            }
            _ => Want::All,
        }
    }

    fn udp(&self, header: [u8; 8], len: u32) -> bool {
        let [a, b, c, d, e, f, g, h] = header;
        (self.is_v6 && g | h == 0)
            || udp(u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]), len)
    }
}

/// Flags and offset of an IPv4 header that is no fragment's.
const NO_PIECE: u16 = 0;

/// An IPv4 header without options that lies in so many octets on the wire; what it carries too,
/// where that is TCP or UDP right behind it.
#[inline]
fn v4(ip: &[u8; 20], room: u32, is_tcp: Option<bool>, carried: &[u8]) -> Want {
    let word = |at: usize| {
        let word = ip.get(at..).and_then(<[u8]>::first_chunk);
        u32::from_be_bytes(word.copied().unwrap_or_default())
    };
    let (from, to) = (word(12), word(16));
    let total = word(0) & 0xffff;
    // Flags and fragments, hops, lengths, checksum.
    let fixed =
        word(4) & 0xbfff != 0 || ip[8] < 2 || total > room || total < 20 || !is_ipv4_sum_good(ip);
    // Hosts talk to themselves over loopback.
    let is_local = from >> 24 == 127 && to >> 24 == 127;
    // A group beyond the link is a usual destination, but not of TCP.
    let is_group = to >> 28 == 0xe && to >> 8 != 0x00e0_0000 && is_tcp != Some(true);
    let ends = !is_local && (from == to || (has(&DESTINATIONS, to >> 24) && !is_group));
    let behind = match is_tcp {
        Some(true) => tcp(carried),
        Some(false) => carried.first_chunk::<8>().is_none_or(|&[a, b, c, d, e, f, g, h]| {
            let (ports, rest) = ([a, b, c, d], [e, f, g, h]);
            udp(u32::from_be_bytes(ports), u32::from_be_bytes(rest), total.wrapping_sub(20))
        }),
        None => ip[9] > 142 || matches!(ip[9], 0 | 43 | 44 | 58 | 60),
    };
    if fixed || ends || behind {
        Want::All
    } else if !is_local && has(&SOURCES, from >> 16) {
        Want::Source
    } else {
        Want::Nothing
    }
}

/// An IPv6 header that lies in so many octets on the wire; what it carries too, where that is TCP or
/// UDP right behind it.
#[inline]
fn v6(ip: &[u8; 40], room: u32, is_tcp: Option<bool>, carried: &[u8]) -> Want {
    let word = |at: usize| {
        let word = ip.get(at..).and_then(<[u8]>::first_chunk);
        u32::from_be_bytes(word.copied().unwrap_or_default())
    };
    let len = word(4) >> 16;
    let to = word(24);
    let fixed = ip[7] < 2 || len == 0 || len > room.saturating_sub(40);
    let is_group = to >> 24 == 0xff && (is_tcp == Some(true) || matches!(to >> 16 & 0xf, 0 | 15));
    let ends = is_group || to >> 16 == 0 || ip.get(8..24) == ip.get(24..40);
    let behind = match is_tcp {
        Some(true) => tcp(carried),
        Some(false) => carried.first_chunk::<8>().is_none_or(|&[a, b, c, d, e, f, g, h]| {
            let (ports, rest) = ([a, b, c, d], [e, f, g, h]);
            // Without a checksum, or with a length that is not the packet's.
            g | h == 0 || udp(u32::from_be_bytes(ports), u32::from_be_bytes(rest), len)
        }),
        None => ip[6] > 142 || matches!(ip[6], 1 | 2 | 59),
    };
    if fixed || ends || behind {
        Want::All
    } else if is_usual_source6(word(8)) {
        Want::Nothing
    } else {
        Want::Source
    }
}

/// Whether no IPv6 source that begins with these 32 bits is odd.
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
fn tcp(header: &[u8]) -> bool {
    let Some(head) = header.first_chunk::<20>() else { return true };
    let ports = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let options = match head[12] {
        0x50 => false,
        // Two no-operations and a timestamp, on nearly every segment.
        0x80 if header.get(20..24) == Some(&[1, 1, 8, 10]) => header.len() < 32,
        offset if offset.trailing_zeros() >= 4 => {
            let list = header.get(20..usize::from(offset >> 2));
            list.is_none_or(|list| options(list, head[13] & 2 != 0))
        }
        _ => true,
    };
    options
        || has(&FLAGS, head[13].into())
        || ports << 16 == 0
        || ports >> 16 == 0
        || (head[18] | head[19] != 0 && head[13] & 0x20 == 0)
        || (head[13] & 0x10 == 0 && head[8] | head[9] | head[10] | head[11] != 0)
}

/// TCP options: all of the kinds that every stack sends, once each, where they belong.
fn options(mut list: &[u8], is_syn: bool) -> bool {
    let mut seen = [false; 9];
    loop {
        let (kind, behind) = match *list {
            [] | [0, ..] => return false,
            [1, ref behind @ ..] => {
                list = behind;
                continue;
            }
            [kind @ 2, 4, _, _, ref behind @ ..]
            | [kind @ 3, 3, _, ref behind @ ..]
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

/// A UDP header: ports, then length and checksum; `len` octets are there by the IP header.
#[inline]
fn udp(ports: u32, length_sum: u32, len: u32) -> bool {
    ports << 16 == 0 || length_sum >> 16 != len
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
