//! IEEE 802.11: the header of data frames in full, of others as far as they share it.  Protected bodies stay closed.

use super::catalogue::Layer;
use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};

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

fields! {
    /// Second address; a few control frames have none.
    SENDER, Wlan, "IEEE 802.11, clause 9.3";
    TA "wlan.ta" 0, 48, Mac, "Transmitter", "Who sent it over the air.";
}

fields! {
    /// Third address and order; data and management.
    THIRD, Wlan, "IEEE 802.11, clause 9.3.2";
    ADDRESS_3 "wlan.address_3" 0, 48, Mac, "Third address", "Final receiver, first sender or network, by the direction.";
    SEQUENCE_CONTROL "wlan.sequence_control" 48, 16, Little, "Sequence control", "Twelve bits of sequence above four of fragment.";
    FRAGMENT "wlan.frag" 52, 4, Number, "Fragment", "Number of the fragment." @view;
}

fields! {
    /// Fourth address: between access points.
    FOURTH, Wlan, "IEEE 802.11, clause 9.3.2";
    ADDRESS_4 "wlan.address_4" 0, 48, Mac, "Fourth address", "First sender.";
}

fields! {
    /// Quality of service.
    QOS, Wlan, "IEEE 802.11, clause 9.2.4.5";
    A_MSDU "wlan.qos.amsdupresent" 0, 1, Flag, "Aggregate", "The body is several units.";
    ACK "wlan.qos.ack" 1, 2, Number, "Acknowledgement policy", "Whether one is expected.";
    EOSP "wlan.qos.eosp" 3, 1, Flag, "End of service period", "Bit 4; the last frame of the period.";
    TID "wlan.qos.tid" 4, 4, Number, "Traffic", "Priority, 0 to 7, or stream.";
    QOS_REST "wlan.qos.high" 8, 8, Hex, "Quality, high octet", "Transmission opportunity, queue or buffer.";
}

fields! {
    /// High throughput control.
    HT, Wlan, "IEEE 802.11, clause 9.2.4.6";
    HTC "wlan.htc" 0, 32, Little, "HT control", "Link adaptation and the like.";
}

/// The row.
pub const HEADER: Header = Header {
    layer: Layer::Wlan,
    name: "wlan",
    title: "IEEE 802.11",
    class: Class::Link,
    fields: FIELDS,
    parts: &[
        Part {
            label: "sender",
            start: |b| (octets(b) >= 16).then_some(10),
            len: |_| Some(6),
            fields: SENDER,
        },
        Part {
            label: "third",
            start: |b| (octets(b) >= 24).then_some(16),
            len: |_| Some(8),
            fields: THIRD,
        },
        Part {
            label: "fourth",
            start: |b| has_fourth(b).then_some(24),
            len: |_| Some(6),
            fields: FOURTH,
        },
        Part {
            label: "quality",
            start: |b| is_qos(b).then(|| if has_fourth(b) { 30 } else { 24 }),
            len: |_| Some(2),
            fields: QOS,
        },
        Part {
            label: "HT control",
            start: |b| has_ht(b).then(|| octets(b).saturating_sub(4)),
            len: |_| Some(4),
            fields: HT,
        },
    ],
    options: None,
    source: "IEEE 802.11",
};

/// Types of frame.
const TYPES: &[(u16, &str, &str)] = &[
    (0, "management", "beacons, association and the like"),
    (1, "control", "acknowledgements and the like"),
    (2, "data", "carries something, or tells of sleep"),
    (3, "extension", "directional multi-gigabit"),
];

fn is_data(header: &[u8]) -> bool {
    header.first().is_some_and(|control| control & 0x0c == 0x08)
}

fn is_qos(header: &[u8]) -> bool {
    is_data(header) && header.first().is_some_and(|control| control & 0x80 != 0)
}

fn has_fourth(header: &[u8]) -> bool {
    is_data(header) && header.get(1).is_some_and(|flags| flags & 0x03 == 0x03)
}

/// Whether HT control follows: the order bit of management and of data with quality of service.
fn has_ht(header: &[u8]) -> bool {
    let is_management = header.first().is_some_and(|control| control & 0x0c == 0);
    header.get(1).is_some_and(|flags| flags & 0x80 != 0) && (is_management || is_qos(header))
}

/// Octets of the header, without padding.
fn octets(header: &[u8]) -> usize {
    let kind = header.first().map_or(0, |control| control & 0xfc);
    match kind & 0x0c {
        // Clear to send and acknowledgement have one address, other control frames two.
        0x04 if matches!(kind, 0xc4 | 0xd4) => 10,
        0x04 => 16,
        0x0c => 10,
        _ => {
            let more = [(has_fourth(header), 6), (is_qos(header), 2), (has_ht(header), 4)];
            more.iter().filter(|(has, _)| *has).fold(24, |sum, (_, len)| sum.saturating_add(*len))
        }
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(2)?;
    let mut len = octets(reach.bytes);
    reach.needs(len)?;
    let (control, flags) = (reach.u8(0)?, reach.u8(1)?);
    let carries = is_data(reach.bytes) && control & 0x40 == 0 && flags & 0x40 == 0;
    // Version 0 and the first fragment.
    if !carries || control & 3 != 0 || reach.u8(22)? & 0x0f != 0 {
        return Step::then(len, Next::Payload);
    }
    // Some drivers pad the header to four octets; no LLC begins with zeros before SNAP's.
    if matches!(reach.bytes.get(len..), Some([0, 0, 0xaa, 0xaa, 0x03, ..])) {
        len = len.saturating_add(2);
    }
    let quality = if has_fourth(reach.bytes) { 30 } else { 24 };
    let is_aggregate = is_qos(reach.bytes) && reach.u8(quality)? & 0x80 != 0;
    Step::then(len, Next::Layer(if is_aggregate { Layer::WlanAggregate } else { Layer::Llc }))
}
