//! BSD loopback: four octets of address family, in the byte order of the machine that captured.

use super::bits::Bits;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// Captured on a big-endian machine, or `LINKTYPE_LOOP`.
    BIG, Null, "LINKTYPE_NULL, LINKTYPE_LOOP";
    FAMILY "null.family" 0, 32, Number, "Family", "Address family, by the numbers of the machine that captured.", names FAMILIES;
}

fields! {
    /// Captured on a little-endian machine.
    LITTLE, Null, "LINKTYPE_NULL";
    FAMILY_LITTLE "null.family_le" 0, 32, Little, "Family", "Address family, least significant octet first.", names FAMILIES;
}

/// IPv4 is 2 everywhere; IPv6 is whatever the system chose.
const FAMILIES: &[(u16, &str, &str)] = &[
    (2, "IPv4", "AF_INET"),
    (10, "IPv6", "AF_INET6 on Linux"),
    (24, "IPv6", "AF_INET6 on NetBSD, OpenBSD and BSD/OS"),
    (28, "IPv6", "AF_INET6 on FreeBSD and DragonFly"),
    (30, "IPv6", "AF_INET6 on macOS"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "null",
    short: "NULL",
    title: "BSD loopback",
    parts: &[
        Part { label: "family", start: |b| (!is_little(b)).then_some(0), len: to_end, fields: BIG },
        Part { label: "family", start: |b| is_little(b).then_some(0), len: to_end, fields: LITTLE },
    ],
    inputs: Some(&Inputs::of(&[Bits::WHOLE])),
    source: "LINKTYPE_NULL",
    ..Header::of(Layer::Null, Class::Link, &[])
};

/// Families are small numbers: the zero half shows the byte order.
fn is_little(header: &[u8]) -> bool {
    !matches!(header, [0, 0, ..])
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    let family = match reach.bytes {
        // Some captures under this link type hold PPP in HDLC framing.
        [0xff, 0x03, ..] => return Step::then(0, Next::Layer(Layer::Ppp)),
        // Others hold an EtherType, in the last two octets or the first.
        &[0, 0, c, d, ..] | &[_, _, c @ (0x08 | 0x86), d @ (0x00 | 0xdd), ..] => {
            u16::from_be_bytes([c, d])
        }
        &[a, b, 0, 0, ..] => u16::from_le_bytes([a, b]),
        _ => return Step::then(4, Next::Payload),
    };
    let next = match family {
        2 | 10 | 24 | 28 | 30 => Next::Version,
        0x0600.. => Next::EtherType(family),
        _ => Next::Payload,
    };
    Step::then(4, next)
}
