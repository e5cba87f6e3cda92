//! What the checksums of routing protocols' messages are over, which goes by the version of the
//! protocol and of IP, and how they stand.

use arrayvec::ArrayVec;

use crate::decode::check::{add, ones_complement_sum};
use crate::wire::Layer;

/// How the checksum of a message stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Judged {
    /// It is right.
    Good,
    /// There is none, as the protocol allows.
    Absent,
    /// It should be this.
    Wrong(u16),
}

/// One way to sum up a message.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Octets of the message, from its first.
    octets: usize,
    /// Whether its authentication is left out of them (RFC 2328, section A.3.1).
    is_open: bool,
    /// The length in the pseudo-header, where there is one.
    head: Option<usize>,
}

/// How the checksum of a message stands, whose octets those are and which has it at octet `at`; `head`
/// gives the sum of its pseudo-header for a length.  None where the message does not say
/// what the checksum is over, or not all of that is there.
pub(super) fn judge(
    (layer, message, at): (Layer, &[u8], usize),
    is_v6: bool,
    head: impl Fn(usize) -> Option<u16>,
) -> Option<Judged> {
    let stored = u16::from_be_bytes(*message.get(at..)?.first_chunk()?);
    let mut first = None;
    for way in ways(layer, message, (stored, is_v6))? {
        let mut sum = ones_complement_sum(message.get(..way.octets)?);
        if way.is_open {
            // What is taken out is added inverted.
            sum = add(sum, !ones_complement_sum(message.get(16..24)?));
        }
        let sum = add(sum, way.head.map_or(Some(0), &head)?);
        if sum == 0xffff {
            return Some(Judged::Good);
        }
        first = first.or(Some(!add(sum, !stored)));
    }
    // RFC 7166: before an authentication trailer receivers do not look at it.
    if layer == Layer::Ospf && message.first() == Some(&3) && has_trailer(message) {
        return None;
    }
    Some(first.map_or(Judged::Absent, Judged::Wrong))
}

/// Whether something stands behind an OSPF message, as long as that says it is.
fn has_trailer(message: &[u8]) -> bool {
    let octets = message.get(2..).and_then(<[u8]>::first_chunk).copied();
    octets.is_some_and(|octets| usize::from(u16::from_be_bytes(octets)) < message.len())
}

/// The ways in which the checksum may be made, the right one first; none of them where the protocol
/// allows that there is no checksum.
fn ways(layer: Layer, message: &[u8], (stored, is_v6): (u16, bool)) -> Option<ArrayVec<Way, 2>> {
    let all = message.len();
    let plain = |octets: usize, head: Option<usize>| Way { octets, is_open: false, head };
    let mut ways = ArrayVec::new();
    match (layer, *message.first()?) {
        (Layer::Ospf, version @ (2 | 3)) => {
            let octets = usize::from(u16::from_be_bytes(*message.get(2..)?.first_chunk()?));
            if octets < if version == 2 { 24 } else { 16 } {
                return None;
            }
            if version == 3 && stored != 0 {
                // RFC 5340, section A.3.1; RFC 7166: 0 before an authentication trailer.
                ways.push(plain(octets, Some(octets)));
            } else if version == 2 && matches!(message.get(14..16)?, [0, 0 | 1]) {
                // RFC 2328, section D.4.3: none beside a digest.
                ways.push(Way { is_open: true, ..plain(octets, None) });
            }
        }
        // RFC 3768, section 5.3.8.
        (Layer::Vrrp, 0x20..=0x2f) => ways.push(plain(all, None)),
        // RFC 9568, section 5.2.8; over IPv4 many have the pseudo-header too, as RFC 5798 could be
        // read.
        (Layer::Vrrp, 0x30..=0x3f) if is_v6 => ways.push(plain(all, Some(all))),
        (Layer::Vrrp, 0x30..=0x3f) => {
            ways.extend([plain(all, None), plain(all, Some(all))]);
        }
        // RFC 7761, section 4.9: of a register its own eight octets; one that is over what it
        // carries is to be accepted.
        (Layer::Pim, first @ 0x20..=0x2f) => {
            let way = |octets| plain(octets, is_v6.then_some(octets));
            if first == 0x21 {
                ways.push(way(8));
            }
            ways.push(way(all));
        }
        _ => return None,
    }
    Some(ways)
}
