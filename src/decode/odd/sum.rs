//! Checksums of transports: over a pseudo-header and every octet behind.

use super::ip::version_of;
use super::{At, Mark};
use crate::decode::check::ones_complement_sum;
use crate::wire::Layer;

/// How a transport's checksum stands.
enum Sum {
    /// It should be that.
    Bad(u16),
    /// It is the sum of the pseudo-header alone: the sender's card was to do the rest (RFC 9293 is
    /// silent on it; Linux calls it a partial checksum).
    Partial(u16),
}

fn add(a: u16, b: u16) -> u16 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(u16::from(carry))
}

/// Sum of the pseudo-header of `len` octets of `proto` behind the IP header `ip`; none where a
/// routing header may have another destination than the last.
fn pseudo(ip: &At<'_>, proto: u8, len: usize) -> Option<u16> {
    let addresses = match version_of(ip.span.layer)? {
        4 => ip.header.get(12..20)?,
        _ => ip.header.get(8..40)?,
    };
    let len = u32::try_from(len).ok()?;
    let [a, b, c, d] = len.to_be_bytes();
    let tail = [0, 0, 0, proto, a, b, c, d];
    Some(add(ones_complement_sum(addresses), ones_complement_sum(&tail)))
}

/// How the checksum at octet `at` of the header stands; none when it is right, when not all octets
/// are there, or when there is none.  `proto` makes the pseudo-header, 0 for none.
fn transport(a: &At<'_>, at: usize, proto: u8, only_partial: bool) -> Option<(Sum, u16)> {
    let ip = a.ip()?;
    // Source routes and home addresses replace an address of the pseudo-header; a fragment is not
    // all that the sum covers.
    let spans = a.layers().spans().get(usize::from(ip.index)..usize::from(a.index))?;
    let is_plain = spans.iter().all(|span| {
        !matches!(span.layer, Layer::Routing | Layer::Fragment | Layer::Destination | Layer::Esp)
    });
    let source_route = ip.span.layer == Layer::Ipv4 && ip.header.len() > 20;
    let is_fragment = ip.span.layer == Layer::Ipv4 && ip.u16(6)? & 0x3fff != 0;
    if !is_plain || source_route || is_fragment {
        return None;
    }
    let total = super::ip_octets(ip.header, ip.span)?;
    let end = usize::from(ip.span.at).checked_add(total)?;
    let mut len = end.checked_sub(usize::from(a.span.at))?;
    if a.span.layer == Layer::Udp {
        // The datagram may be shorter than its packet; what it claims beyond is not there to sum up.
        len = Some(usize::from(a.u16(4)?)).filter(|own| (8..=len).contains(own))?;
    }
    let start = usize::from(a.span.at);
    let octets = a.packet.frame.bytes.get(start..start.checked_add(len)?)?;
    let stored = a.u16(at)?;
    if proto == 17 && stored == 0 {
        return None;
    }
    let head = if proto == 0 { 0 } else { pseudo(&ip, proto, len)? };
    // Asked for partial sums alone, nothing need be read when it is none.
    if only_partial && stored != head {
        return None;
    }
    let sum = add(ones_complement_sum(octets), head);
    if sum == 0xffff || (sum == 0 && stored == 0) {
        return None;
    }
    let right = !add(sum, !stored);
    // A sum of zero is sent as all ones where zero means none.
    let right = if right == 0 && proto == 17 { 0xffff } else { right };
    Some(if proto != 0 && stored == head {
        (Sum::Partial(right), stored)
    } else {
        (Sum::Bad(right), stored)
    })
}

/// The mark of a checksum that is wrong.
pub(super) fn bad(a: &At<'_>, at: usize, proto: u8) -> Option<Mark> {
    match transport(a, at, proto, false)? {
        (Sum::Bad(right), stored) => Some(a.mark(at, 2, stored).should(right)),
        (Sum::Partial(_), _) => None,
    }
}

/// The mark of a checksum that is left to the sender's card.
pub(super) fn partial(a: &At<'_>, at: usize, proto: u8) -> Option<Mark> {
    match transport(a, at, proto, true)? {
        (Sum::Partial(right), stored) => Some(a.mark(at, 2, stored).should(right)),
        (Sum::Bad(_), _) => None,
    }
}
