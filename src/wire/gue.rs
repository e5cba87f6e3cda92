//! Generic UDP encapsulation (draft-ietf-intarea-gue-09), as Linux has it.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::{PROTOCOL_NEXT, PROTOCOLS};

fields! {
    /// What every such header begins with.
    FIELDS, Gue, "draft-ietf-intarea-gue-09, section 3.1";
    VERSION "gue.version" 0, 2, Number, "Variant", "0; 1 has no header: an IP packet begins at once.";
    CONTROL "gue.c" 2, 1, Flag, "Control message", "What follows is about the tunnel.";
    HLEN "gue.hlen" 3, 5, Times(4), "Header length", "Octets of extension fields.";
}

fields! {
    /// The second octet of a data message.
    CARRIES, Gue, "draft-ietf-intarea-gue-09, section 3.1";
    PROTO "gue.proto" 0, 8, Number, "Protocol", "What is carried.", names PROTOCOLS;
}

fields! {
    /// The second octet of a control message.
    CONTROLS, Gue, "draft-ietf-intarea-gue-09, section 3.1";
    CTYPE "gue.ctype" 0, 8, Number, "Control type", "What kind of message.";
}

fields! {
    /// What every such header goes on with.
    FLAGGED, Gue, "draft-ietf-intarea-gue-09, section 3.1";
    FLAGS "gue.flags" 0, 16, Hex, "Flags", "Which extension fields there are.";
}

fields! {
    /// Extension fields.
    EXTENSIONS, Gue, "draft-ietf-intarea-gue-09, section 3.2";
    EXTENSION "gue.ext_data" 0, 0, Bytes, "Extension fields", "As the flags say.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "gue",
    short: "gue",
    title: "Generic UDP encapsulation",
    parts: &[
        Part {
            label: "protocol",
            start: |b| (!is_control(b)).then_some(1),
            len: |_| Some(1),
            fields: CARRIES,
        },
        Part {
            label: "control",
            start: |b| is_control(b).then_some(1),
            len: |_| Some(1),
            fields: CONTROLS,
        },
        Part { label: "flags", start: |_| Some(2), len: |_| Some(2), fields: FLAGGED },
        Part {
            label: "extensions",
            start: |b| (b.len() > 4).then_some(4),
            len: to_end,
            fields: EXTENSIONS,
        },
    ],
    // What tells it from other uses of the port is how long the datagram is.
    source: "draft-ietf-intarea-gue-09",
    ..Header::of(Layer::Gue, Class::Tunnel, FIELDS)
};

fn is_control(header: &[u8]) -> bool {
    header.first().is_some_and(|octet| octet & 0x20 != 0)
}

/// Whether an IP packet begins there that is as long as the datagram.
fn is_ip(reach: Reach<'_>) -> bool {
    let length = |at| reach.u16(at).map_or(0, usize::from);
    match reach.bytes {
        [0x45..=0x4f, ..] => length(2) == reach.wire,
        [0x60..=0x6f, ..] => length(4).saturating_add(40) == reach.wire,
        _ => false,
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    // Others use the port too: what cannot be a header is none.
    let other = Step::then(0, Next::Payload);
    if reach.wire < 4 {
        return other;
    }
    let first = reach.u8(0)?;
    match first >> 6 {
        0 => {
            let len = usize::from(first & 0x1f).saturating_mul(4).saturating_add(4);
            let carried = PROTOCOL_NEXT.get(usize::from(reach.u8(1)?)).copied();
            let next = if is_control(reach.bytes) { Some(Next::Payload) } else { carried };
            match next {
                _ if len > reach.wire => other,
                Some(next) if next != Next::Payload || is_control(reach.bytes) => {
                    reach.needs(len)?;
                    Step::then(len, next)
                }
                _ => other,
            }
        }
        1 if is_ip(reach) => Step::then(0, Next::Version),
        _ => other,
    }
}
