//! The `anomaly` event: what is wrong, and where.

use super::SCHEMA;
use super::packet::{write_ends, write_proto, write_tuple};
use super::text::Text;
use crate::analyze::anomalies::{Late, of_event};
use crate::base::timestamp::Timestamp;
use crate::capture::event::What;
use crate::capture::{Event, Interface};
use crate::decode::Packet;
use crate::decode::anomaly::{self, Anomaly, Expected, Mark, Row, Scope};
use crate::decode::tuple::{Pair, tuple};
use crate::report::event::name;
use crate::session::Context;
use crate::wire::field::FieldKind;
use crate::wire::{Field, Value};

/// Appends the anomaly events of one packet: those that its octets show, then those that only the
/// packets before it show.
pub fn of_packet(text: &mut Text, packet: &Packet<'_>, context: Context<'_>) {
    let mut with = |found: Anomaly| of_one(text, packet, context.flow, &found);
    anomaly::each(packet, true, &mut with);
    context.history.cross_packet.each(packet, &mut with);
}

/// Appends the event of one anomaly of a packet, of the flow with that number.
pub fn of_one(text: &mut Text, packet: &Packet<'_>, flow: Option<u64>, found: &Anomaly) {
    begin(text, packet.frame.time, packet.frame.number);
    if let Some(tuple) = tuple(packet.frame.bytes, packet.layers) {
        write_tuple(text, packet, &tuple, flow);
    }
    open(text, found.row());
    mark(text, found, address_at(packet, found.mark));
    close(text, found.row(), found.source(packet));
}

/// Appends an event about an earlier packet.
pub fn late(text: &mut Text, late: &Late) {
    let Late { fragment, row: number } = late;
    begin(text, fragment.time, fragment.packet);
    write_ends(text, fragment.pair(), None);
    write_proto(text, fragment.proto());
    let row = anomaly::row(*number);
    open(text, row);
    let (offset, value) = (fragment.at, u64::from(fragment.offset));
    let expected = Expected::Nothing;
    let place = Mark { offset, len: 2, value, expected };
    mark(text, &Anomaly { number: *number, mark: place, ip_layer: fragment.depth }, None);
    close(text, row, row.source_of(matches!(fragment.pair(), Pair::V6(..))));
}

/// Appends an event about an interface, which no packet shows.
pub fn of_interface(text: &mut Text, event: &Event, interfaces: &[Interface]) {
    head(text, Some(event.time));
    let row = anomaly::row(of_event(event).number());
    open(text, row);
    text.field_str("interface", name(event, interfaces));
    let mut time = |key, time| {
        text.key(key);
        text.time(time);
    };
    match event.what {
        What::Down => time("from", event.time),
        What::Up { since } => {
            time("from", since);
            time("to", event.time);
        }
        What::Mtu { before, now } => {
            text.field_number("value", u64::from(now));
            text.field_number("before", u64::from(before));
        }
        What::AddressAdded { address, len } => {
            text.field_str("added", &format!("{address}/{len}"));
        }
        What::AddressRemoved { address, len } => {
            text.field_str("removed", &format!("{address}/{len}"));
        }
    }
    close(text, row, row.source);
}

fn begin(text: &mut Text, time: Option<Timestamp>, number: u64) {
    head(text, time);
    text.field_number("pcap_cnt", number);
}

fn head(text: &mut Text, time: Option<Timestamp>) {
    text.open(b'{');
    text.field_str("schema", SCHEMA);
    text.field_str("event_type", "anomaly");
    if let Some(time) = time {
        text.key("timestamp");
        text.time(time);
    }
}

fn open(text: &mut Text, row: &Row) {
    text.key("anomaly");
    text.open(b'{');
    let kind = match row.scope {
        Scope::Flow | Scope::Window | Scope::History => "stream",
        Scope::Interface => "interface",
        Scope::Packet | Scope::Deep | Scope::Fragment => "decode",
    };
    text.field_str("type", kind);
    text.field_str("event", row.id);
    text.field_str("severity", row.severity.word());
}

/// Appends where it lies; the value is `address` where that is what stands there.
fn mark(text: &mut Text, found: &Anomaly, address: Option<Value<'_>>) {
    if found.ip_layer > 0 {
        text.field_number("ip_layer", u64::from(found.ip_layer));
    }
    let mark = found.mark;
    if has_place(found) {
        text.field_number("offset", u64::from(mark.offset));
        text.field_number("len", u64::from(mark.len));
        match address {
            Some(address) => {
                text.key("value");
                text.value(address);
            }
            None => text.field_number("value", mark.value),
        }
    }
    match mark.expected {
        Expected::Nothing => {}
        Expected::Rule(rule) => text.field_str("expected", rule),
        Expected::Number(number) => text.field_number("expected", number),
    }
}

/// Whether it lies somewhere: of a packet as a whole there is nothing to point at.
pub(in crate::export) fn has_place(found: &Anomaly) -> bool {
    found.mark.len > 0 || matches!(found.row().scope, Scope::Packet | Scope::Deep)
}

/// The address that a mark lies on, from its first octet to its last.
pub(in crate::export) fn address_at<'a>(packet: &Packet<'a>, mark: Mark) -> Option<Value<'a>> {
    let at = usize::try_from(mark.offset).ok()?;
    let span = packet.layers.spans().iter().rfind(|span| usize::from(span.at) <= at)?;
    let bit = u32::try_from(at.checked_sub(usize::from(span.at))?).ok()?.checked_mul(8)?;
    let (row, header) = (span.layer.header(), packet.header(*span));
    let among = |fields: &'static [Field], from: usize, octets: &'a [u8]| {
        let bit = bit.checked_sub(u32::try_from(from).ok()?.checked_mul(8)?)?;
        let field = fields.iter().find(|field| {
            let is_address =
                matches!(field.kind, FieldKind::Ipv4 | FieldKind::Ipv6 | FieldKind::Mac);
            is_address && field.at == bit && Some(field.width) == mark.len.checked_mul(8)
        })?;
        field.value(octets)
    };
    among(row.fields, 0, header).or_else(|| {
        let mut parts = row.parts.iter().filter_map(|part| Some((part, part.of(header)?)));
        parts.find_map(|(part, (start, octets))| among(part.fields, start, octets))
    })
}

fn close(text: &mut Text, row: &Row, source: &str) {
    text.field_str("spec", source);
    if !row.suricata.is_empty() {
        text.field_str("suricata", row.suricata);
    }
    if !row.wireshark.is_empty() {
        text.field_str("wireshark", row.wireshark);
    }
    text.close(b'}');
    text.raw(b"}\n");
}
