//! What Linux netfilter logs (`LINKTYPE_NFLOG`): attributes, the packet the last of them.

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What every message begins with.
    FIELDS, Nflog, "LINKTYPE_NFLOG";
    FAMILY "nflog.family" 0, 8, Number, "Family", "2 is IPv4, 10 is IPv6.";
    VERSION "nflog.version" 8, 8, Number, "Version", "Zero.";
    RESOURCE "nflog.res_id" 16, 16, Number, "Resource", "Number of the log group.";
}

fields! {
    /// Attributes before the packet, and the head of the packet's own.
    ATTRIBUTES, Nflog, "Linux nfnetlink_log.h";
    ATTRIBUTE "nflog.tlv" 0, 0, Bytes, "Attributes", "Length and type in the byte order of the machine, value, padding to four octets.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "nflog",
    short: "NFLOG",
    title: "Netfilter log",
    parts: &[Part {
        label: "attributes",
        start: |b| (b.len() > 4).then_some(4),
        len: to_end,
        fields: ATTRIBUTES,
    }],
    source: "LINKTYPE_NFLOG",
    ..Header::of(Layer::Nflog, Class::Link, FIELDS)
};

/// Attribute that holds the packet.
const PAYLOAD: u16 = 9;

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let family = reach.u8(0)?;
    let mut at = 4usize;
    // Machines of either byte order make such captures: no attribute has 256 octets and more
    // but the packet, whose type then tells.
    for entries in 1..=MOST_ENTRIES {
        reach.needs(at.saturating_add(4))?;
        let (a, b) = (reach.u16(at)?, reach.u16(at.saturating_add(2))?);
        let is_big = b & 0x7fff < 0x100 && b != 0;
        let [length, kind] = if is_big { [a, b] } else { [a.swap_bytes(), b.swap_bytes()] };
        let length = usize::from(length);
        if length < 4 {
            return Err(Fault::Malformed { at, needs: 4, has: length });
        }
        let next_at = at.saturating_add(length.next_multiple_of(4));
        if kind & 0x7fff == PAYLOAD {
            let next = match family {
                2 => Next::Layer(Layer::Ipv4),
                10 => Next::Layer(Layer::Ipv6),
                _ => Next::Payload,
            };
            let total = at.saturating_add(length);
            let step = Step::until(at.saturating_add(4), Some(total), next)?;
            return Ok(step.of_entries(entries));
        }
        if next_at >= reach.wire {
            let step = Step::then(reach.bytes.len().min(next_at), Next::Payload)?;
            return Ok(step.of_entries(entries));
        }
        at = next_at;
    }
    Err(Fault::Malformed { at, needs: 0, has: MOST_ENTRIES })
}
