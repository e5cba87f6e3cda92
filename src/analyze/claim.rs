//! Which hardware address claims which IP address on a link, and whether two claim one: by address
//! resolution (RFC 826, RFC 5227) and neighbour discovery (RFC 4861).
//!
//! A claim names the sender's own address.  Who only asks whether an address is free claims none,
//! and neither does a neighbour that answers for others.  Routers that stand in for one another
//! have hardware addresses that move with their IP addresses, and are left out.  An address may go
//! over to another host: that announces it unasked, and the one before is silent from then on.

use foldhash::quality::RandomState;

use super::recent::Recent;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::decode::Packet;
use crate::decode::layers::Span;
use crate::decode::tuple::{Pair, pair};
use crate::wire::Layer;

/// How long a claim stands against that of another host: neighbours keep what they were told for
/// minutes (RFC 1122, section 2.3.2.1).
const MEMORY: TimeDelta = TimeDelta::from_seconds(300);

/// How soon a host defends its address by an announcement (RFC 5227, section 1.1:
/// `DEFEND_INTERVAL`).
const DEFENCE: TimeDelta = TimeDelta::from_seconds(10);

/// How long a conflict that was told is not told again.
const PAUSE: TimeDelta = TimeDelta::from_seconds(60);

/// One claim.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    /// Number of the packet.
    pub(super) packet: u64,
    time: Option<Timestamp>,
    address: Claimed,
    mac: [u8; 6],
    /// Whether nobody asked: all are told that the address is the sender's from now on.
    is_announcement: bool,
}

/// An address on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Claimed {
    interface: u32,
    /// The VLANs and networks that the link lies in, mixed to one number.
    link: u64,
    /// That of IPv4 in the low 32 bits.
    address: u128,
    is_v6: bool,
}

/// Who has an address.
#[derive(Debug, Clone, Copy)]
struct Owner {
    mac: [u8; 6],
    /// When it claimed the address last.
    last: Option<Timestamp>,
    /// Who had it before, and when it went over.
    before: Option<([u8; 6], Option<Timestamp>)>,
    /// When a conflict was told.
    told: Option<Told>,
}

/// A conflict was told, at that time.
#[derive(Debug, Clone, Copy)]
struct Told(Option<Timestamp>);

/// Who claims which addresses.
#[derive(Debug)]
pub(super) struct Claims {
    owners: Recent<Claimed, Owner>,
}

impl Claims {
    /// Before any claim.
    pub(super) fn new(seed: RandomState) -> Self {
        Self { owners: Recent::new(seed) }
    }

    /// Takes in the next claim; whether it is to be told as one that another host makes too.
    pub(super) fn see(&mut self, claim: &Claim) -> bool {
        let &Claim { time, mac, address, .. } = claim;
        let new = Owner { mac, last: time, before: None, told: None };
        let Some(owner) = self.owners.touch(address, new) else { return false };
        if owner.mac == mac {
            owner.last = time;
            return false;
        }
        let is_conflict = owner.is_against(claim);
        let is_new = owner.told.is_none_or(|Told(told)| !is_within(told, time, PAUSE));
        owner.before = Some((owner.mac, time));
        (owner.mac, owner.last) = (mac, time);
        if is_conflict && is_new {
            owner.told = Some(Told(time));
        }
        is_conflict && is_new
    }
}

impl Owner {
    /// Whether a claim of another host is at odds with that of this one.
    fn is_against(&self, claim: &Claim) -> bool {
        if is_shared(self.mac) || is_shared(claim.mac) {
            return false;
        }
        if !claim.is_announcement {
            return is_within(self.last, claim.time, MEMORY);
        }
        // The one that had it does not let go.
        self.before
            .is_some_and(|(mac, since)| mac == claim.mac && is_within(since, claim.time, DEFENCE))
    }
}

/// Whether two times are no further apart; where one is not known, they may be.
fn is_within(before: Option<Timestamp>, now: Option<Timestamp>, most: TimeDelta) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => (now - before).unsigned_nanos() <= most.unsigned_nanos(),
        _ => true,
    }
}

/// Whether a hardware address is one that several hosts share or hand on: VRRP's (RFC 9568, section
/// 7.3) and CARP's, HSRP's of both versions and of IPv6, GLBP's, and that of Windows' clusters.
const fn is_shared(mac: [u8; 6]) -> bool {
    matches!(
        mac,
        [0, 0, 0x5e, 0, 1 | 2, _]
            | [0, 0, 0x0c, 7, 0xac, _]
            | [0, 0, 0x0c, 0x9f, 0xf0..=0xff, _]
            | [0, 5, 0x73, 0xa0, 0..=0xf, _]
            | [0, 7, 0xb4, ..]
            | [2, 0xbf, ..]
    )
}

impl Claim {
    /// That of a packet, if it makes one.
    pub(super) fn of(packet: &Packet<'_>) -> Option<Self> {
        let own = packet.layers.spans().get(..usize::from(packet.layers.index.own))?;
        let last = own.last()?;
        let (address, is_v6, mac, is_announcement) = match last.layer {
            Layer::Arp => {
                let (address, mac, is_announcement) = by_arp(packet.header(*last))?;
                (address.into(), false, mac, is_announcement)
            }
            Layer::Icmpv6 => {
                let ip = own.iter().rfind(|span| span.layer == Layer::Ipv6)?;
                let (address, mac, is_announcement) = by_neighbour(packet, *ip, *last)?;
                (address, true, mac, is_announcement)
            }
            _ => return None,
        };
        // A group and nobody are no hosts.
        if mac[0] & 1 == 1 || mac == [0; 6] {
            return None;
        }
        let link = own.iter().fold(0_u64, |link, span| {
            let header = packet.header(*span);
            let number = match (span.layer, span.layer.header().network) {
                (Layer::Vlan, _) => header
                    .first_chunk()
                    .map(|tag| u32::from(u16::from_be_bytes(*tag) & 0xfff) | 1 << 31),
                (_, Some(network)) => network(header),
                _ => None,
            };
            let mixed = |number: u32| (link ^ u64::from(number) ^ 1 << 40).wrapping_mul(MIXES);
            number.map_or(link, mixed)
        });
        let (interface, number) = (packet.frame.interface, packet.frame.number);
        Some(Self {
            packet: number,
            time: packet.frame.time,
            address: Claimed { interface, link, address, is_v6 },
            mac,
            is_announcement,
        })
    }
}

/// An odd number with bits all over.
const MIXES: u64 = 0x9e37_79b9_7f4a_7c15;

/// Who sends a request or reply about IPv4 over a link with addresses of six octets, its hardware
/// address, and whether it tells instead of asking (RFC 5227, section 3).
fn by_arp(message: &[u8]) -> Option<(u32, [u8; 6], bool)> {
    let fixed = message.first_chunk::<28>()?;
    // Ethernet, or IEEE 802 networks.
    if !matches!(fixed, [0, 1 | 6, 8, 0, 6, 4, 0, 1 | 2, ..]) {
        return None;
    }
    let word = |at: usize| fixed.get(at..)?.first_chunk().copied().map(u32::from_be_bytes);
    let (sender, target, mac) = (word(14)?, word(24)?, *fixed.get(8..)?.first_chunk()?);
    // RFC 5227, section 2.1.1: who asks whether an address is free has none.
    let is_host = !matches!(sender >> 24, 0 | 127 | 224..);
    is_host.then_some((sender, mac, sender == target))
}

/// Whose hardware address a message of neighbour discovery tells, that, and whether nobody asked.
fn by_neighbour(packet: &Packet<'_>, ip: Span, span: Span) -> Option<(u128, [u8; 6], bool)> {
    let end = usize::try_from(packet.layers.end).ok()?.min(packet.frame.bytes.len());
    let message = packet.frame.bytes.get(usize::from(span.at)..end)?;
    // RFC 4861, section 6.1: from beyond the link it has no meaning.
    if packet.header(ip).get(7) != Some(&255) {
        return None;
    }
    let Pair::V6(source, _) = pair(packet.frame.bytes, ip)? else { return None };
    // RFC 4861, sections 4.1 to 4.4: where the options begin, and which of them it is.
    let (address, mut options, kind, is_announcement) = match *message.first()? {
        133 => (source, message.get(8..)?, 1, false),
        134 => (source, message.get(16..)?, 1, false),
        135 => (source, message.get(24..)?, 1, false),
        136 => {
            let flags = *message.get(4)?;
            let target = u128::from_be_bytes(*message.get(8..)?.first_chunk()?);
            // RFC 4861, sections 7.2.7 and 7.2.8: one of several, or one that answers for another,
            // overrides nothing.
            if flags & 0x20 == 0 {
                return None;
            }
            (target, message.get(24..)?, 2, flags & 0x40 == 0)
        }
        _ => return None,
    };
    while let Some(&[found, units]) = options.first_chunk() {
        if found == kind && units == 1 {
            let mac = *options.get(2..)?.first_chunk()?;
            return (address != 0).then_some((address, mac, is_announcement));
        }
        options = options.get(usize::from(units).saturating_mul(8).max(8)..)?;
    }
    None
}
