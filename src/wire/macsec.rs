//! The security tag of IEEE 802.1AE, `MACsec`; what it only authenticates is decoded, what it
//! encrypts is not.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What every tag has.
    FIELDS, Macsec, "IEEE 802.1AE, clause 9.3";
    TCI "macsec.TCI" 0, 6, Group, "Control", "Tag control information.";
    VERSION "macsec.TCI.V" 0, 1, Hex, "Version", "Zero.";
    END_STATION "macsec.TCI.ES" 1, 1, Flag, "End station", "The source address names the channel.";
    HAS_SCI "macsec.TCI.SC" 2, 1, Flag, "Channel identifier present", "It follows.";
    BROADCAST "macsec.TCI.SCB" 3, 1, Flag, "Single copy broadcast", "For a passive optical network.";
    ENCRYPTED "macsec.TCI.E" 4, 1, Flag, "Encrypted", "The data cannot be read.";
    CHANGED "macsec.TCI.C" 5, 1, Flag, "Changed", "The data is not what was sent.";
    AN "macsec.AN" 6, 2, Number, "Association", "Which key.";
    SL "macsec.SL" 8, 8, Number, "Short length", "Octets of data when fewer than 48; else 0.";
    PN "macsec.PN" 16, 32, Number, "Packet number", "Counts up; a repeated one is a replay.";
}

fields! {
    /// Secure channel identifier.
    CHANNEL, Macsec, "IEEE 802.1AE, clause 9.9";
    SYSTEM "macsec.SCI.system_identifier" 0, 48, Mac, "System", "Address of the sender.";
    PORT "macsec.SCI.port_identifier" 48, 16, Number, "Port", "Port of the sender.";
}

fields! {
    /// The data's type, where it is not encrypted.
    TYPED, Macsec, "IEEE 802.1AE, clause 9";
    ETYPE "macsec.etype" 0, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "macsec",
    short: "MACsec",
    title: "MACsec",
    parts: &[
        Part {
            label: "channel",
            start: |b| has_channel(b).then_some(6),
            len: |_| Some(8),
            fields: CHANNEL,
        },
        Part {
            label: "type",
            start: |b| is_clear(b).then(|| tag_octets(b)),
            len: |_| Some(2),
            fields: TYPED,
        },
    ],
    source: "IEEE 802.1AE",
    ..Header::of(Layer::Macsec, Class::Tag, FIELDS)
};

/// Octets of the integrity check value behind the data: both standard cipher suites have 16.
const ICV: usize = 16;

fn has_channel(header: &[u8]) -> bool {
    header.first().is_some_and(|tci| tci & 0x20 != 0)
}

/// Whether the data is neither encrypted nor changed.
fn is_clear(header: &[u8]) -> bool {
    header.first().is_some_and(|tci| tci & 0x0c == 0)
}

fn tag_octets(header: &[u8]) -> usize {
    if has_channel(header) { 14 } else { 6 }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let short = usize::from(reach.u8(1)? & 0x3f);
    let tag = tag_octets(reach.bytes);
    if !is_clear(reach.bytes) {
        reach.needs(tag)?;
        return Step::then(tag, Next::Payload);
    }
    let next = Next::EtherType(reach.u16(tag)?);
    let data = if short > 0 { tag.saturating_add(short) } else { reach.wire.saturating_sub(ICV) };
    Step::until(tag.saturating_add(2), Some(data), next)
}
