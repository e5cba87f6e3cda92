//! IEEE 802.11: the header of data frames in full, of others as far as they share it.  Protected
//! bodies stay closed.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::mesh_control;

fields! {
    /// What every frame begins with.
    FIELDS, Wlan, "IEEE 802.11, clause 9.2.4";
    SUBTYPE "wlan.fc.subtype" 0, 4, Number, "Subtype", "By type; of data: bit 3 quality of service, bit 2 nothing carried.";
    TYPE "wlan.fc.type" 4, 2, Number, "Type", "0 management, 1 control, 2 data.", names TYPES;
    VERSION "wlan.fc.version" 6, 2, Number, "Version", "Zero.";
    ORDER "wlan.fc.order" 8, 1, Flag, "Order", "HT control follows.";
    PROTECTED "wlan.fc.protected" 9, 1, Flag, "Protected", "The body is encrypted.";
    MORE_DATA "wlan.fc.moredata" 10, 1, Flag, "More data", "More is waiting for the receiver.";
    POWER "wlan.fc.pwrmgt" 11, 1, Flag, "Power management", "The sender goes to sleep.";
    RETRY "wlan.fc.retry" 12, 1, Flag, "Retry", "Sent again.";
    MORE_FRAGMENTS "wlan.fc.frag" 13, 1, Flag, "More fragments", "Not the last fragment.";
    FROM_DS "wlan.fc.fromds" 14, 1, Flag, "From the distribution system", "An access point sent it.";
    TO_DS "wlan.fc.tods" 15, 1, Flag, "To the distribution system", "An access point is to receive it.";
    DURATION "wlan.duration" 16, 16, Little, "Duration", "Microseconds the medium stays busy.";
    RA "wlan.ra" 32, 48, Mac, "Receiver", "Who receives it over the air.";
}

/// Declares what stands behind the fixed rows of `$layer`, whose types stand in octet `$control`
/// and whose flags in the other of the first two.
macro_rules! parts {
    ($layer:ident, $control:literal) => {
        /// Octet of the types.
        const CONTROL: usize = $control;

        fields! {
            /// Second address; a few control frames have none.
            SENDER, $layer, "IEEE 802.11, clause 9.3";
            TA "wlan.ta" 0, 48, Mac, "Transmitter", "Who sent it over the air.";
        }

        fields! {
            /// Third address and order; data and management.
            THIRD, $layer, "IEEE 802.11, clause 9.3.2";
            ADDRESS_3 "wlan.address_3" 0, 48, Mac, "Third address", "Final receiver, first sender or network, by the direction.";
            SEQUENCE_CONTROL "wlan.sequence_control" 48, 16, Little, "Sequence control", "Twelve bits of sequence above four of fragment.";
            FRAGMENT "wlan.frag" 52, 4, Number, "Fragment", "Number of the fragment." @view;
        }

        fields! {
            /// Fourth address: between access points.
            FOURTH, $layer, "IEEE 802.11, clause 9.3.2";
            ADDRESS_4 "wlan.address_4" 0, 48, Mac, "Fourth address", "First sender.";
        }

        fields! {
            /// Quality of service.
            QOS, $layer, "IEEE 802.11, clause 9.2.4.5";
            A_MSDU "wlan.qos.amsdupresent" 0, 1, Flag, "Aggregate", "The body is several units.";
            ACK "wlan.qos.ack" 1, 2, Number, "Acknowledgement policy", "Whether one is expected.";
            EOSP "wlan.qos.eosp" 3, 1, Flag, "End of service period", "Bit 4; the last frame of the period.";
            TID "wlan.qos.tid" 4, 4, Number, "Traffic", "Priority, 0 to 7, or stream.";
            QOS_REST "wlan.qos.high" 8, 8, Hex, "Quality, high octet", "Transmission opportunity, queue or buffer.";
        }

        fields! {
            /// High throughput control.
            HT, $layer, "IEEE 802.11, clause 9.2.4.6";
            HTC "wlan.htc" 0, 32, Little, "HT control", "Link adaptation and the like.";
        }

        /// What some frames have.
        const PARTS: &[Part] = &[
            Part {
                label: "sender",
                start: |b| (octets::<CONTROL>(b) >= 16).then_some(10),
                len: |_| Some(6),
                fields: SENDER,
            },
            Part {
                label: "third",
                start: |b| (octets::<CONTROL>(b) >= 24).then_some(16),
                len: |_| Some(8),
                fields: THIRD,
            },
            Part {
                label: "fourth",
                start: |b| has_fourth::<CONTROL>(b).then_some(24),
                len: |_| Some(6),
                fields: FOURTH,
            },
            Part {
                label: "quality",
                start: |b| {
                    is_qos::<CONTROL>(b).then(|| if has_fourth::<CONTROL>(b) { 30 } else { 24 })
                },
                len: |_| Some(2),
                fields: QOS,
            },
            Part {
                label: "HT control",
                start: |b| has_ht::<CONTROL>(b).then(|| octets::<CONTROL>(b).saturating_sub(4)),
                len: |_| Some(4),
                fields: HT,
            },
        ];
    };
}
pub(crate) use parts;

parts!(Wlan, 0);

/// The row.
pub const HEADER: Header = Header {
    name: "wlan",
    short: "802.11",
    title: "IEEE 802.11",
    parts: PARTS,
    source: "IEEE 802.11",
    ..Header::of(Layer::Wlan, Class::Link, FIELDS)
};

/// Types of frame.
pub(crate) const TYPES: &[(u16, &str, &str)] = &[
    (0, "management", "beacons, association and the like"),
    (1, "control", "acknowledgements and the like"),
    (2, "data", "carries something, or tells of sleep"),
    (3, "extension", "directional multi-gigabit"),
];

/// The octet of the types when they stand in octet `CONTROL`.
fn types<const CONTROL: usize>(header: &[u8]) -> Option<u8> {
    header.get(CONTROL).copied()
}

/// The octet of the flags.
fn flags<const CONTROL: usize>(header: &[u8]) -> Option<u8> {
    header.get(CONTROL ^ 1).copied()
}

fn is_data<const CONTROL: usize>(header: &[u8]) -> bool {
    types::<CONTROL>(header).is_some_and(|types| types & 0x0c == 0x08)
}

pub(crate) fn is_qos<const CONTROL: usize>(header: &[u8]) -> bool {
    is_data::<CONTROL>(header) && types::<CONTROL>(header).is_some_and(|types| types & 0x80 != 0)
}

pub(crate) fn has_fourth<const CONTROL: usize>(header: &[u8]) -> bool {
    is_data::<CONTROL>(header) && flags::<CONTROL>(header).is_some_and(|flags| flags & 0x03 == 0x03)
}

/// Whether HT control follows: the order bit of management and of data with quality of service.
pub(crate) fn has_ht<const CONTROL: usize>(header: &[u8]) -> bool {
    let is_management = types::<CONTROL>(header).is_some_and(|types| types & 0x0c == 0);
    flags::<CONTROL>(header).is_some_and(|flags| flags & 0x80 != 0)
        && (is_management || is_qos::<CONTROL>(header))
}

/// Whether a body begins with SNAP and no organisation, as all that carry IP do.
fn is_snap(body: Option<&[u8]>) -> bool {
    matches!(body, Some([0xaa, 0xaa, 0x03, 0, 0, 0, ..]))
}

/// Octets of the header, without padding.
pub(crate) fn octets<const CONTROL: usize>(header: &[u8]) -> usize {
    let kind = types::<CONTROL>(header).map_or(0, |types| types & 0xfc);
    match kind & 0x0c {
        // Clear to send and acknowledgement have one address, other control frames two.
        0x04 if matches!(kind, 0xc4 | 0xd4) => 10,
        0x04 => 16,
        0x0c => 10,
        _ => {
            let more = [
                (has_fourth::<CONTROL>(header), 6),
                (is_qos::<CONTROL>(header), 2),
                (has_ht::<CONTROL>(header), 4),
            ];
            more.iter().filter(|(has, _)| *has).fold(24, |sum, (_, len)| sum.saturating_add(*len))
        }
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    step_by::<CONTROL>(reach)
}

/// The step of a header whose types stand in octet `CONTROL`.
pub(crate) fn step_by<const CONTROL: usize>(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(2)?;
    let mut len = octets::<CONTROL>(reach.bytes);
    reach.needs(len)?;
    let (types, flags) = (reach.u8(CONTROL)?, reach.u8(CONTROL ^ 1)?);
    let carries = is_data::<CONTROL>(reach.bytes) && types & 0x40 == 0 && flags & 0x40 == 0;
    if !carries || types & 3 != 0 {
        return Step::then(len, Next::Payload);
    }
    // Senders are seen that number every frame as a fragment; a later one does not begin with SNAP.
    if reach.u8(22)? & 0x0f != 0 && !is_snap(reach.bytes.get(len..)) {
        return Step::then(len, Next::Payload);
    }
    // Some drivers pad the header to four octets; no LLC begins with zeros before SNAP's.
    if matches!(reach.bytes.get(len..), Some([0, 0, 0xaa, 0xaa, 0x03, ..])) {
        len = len.saturating_add(2);
    }
    let quality = if has_fourth::<CONTROL>(reach.bytes) { 30 } else { 24 };
    let is_aggregate = is_qos::<CONTROL>(reach.bytes) && reach.u8(quality)? & 0x80 != 0;
    let has_mesh = is_qos::<CONTROL>(reach.bytes)
        && flags & 0x02 != 0
        && reach.u8(quality.saturating_add(1))? & 1 != 0
        && mesh_control::may_begin(reach.bytes.get(len..).unwrap_or_default());
    Step::then(
        len,
        Next::Layer(match (is_aggregate, has_mesh) {
            (true, _) => Layer::WlanAggregate,
            (false, true) => Layer::MeshControl,
            (false, false) => Layer::Llc,
        }),
    )
}
