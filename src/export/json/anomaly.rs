//! The `anomaly` event: what is wrong, and where.

use super::SCHEMA;
use super::event::write_flow_ends;
use super::packet::write_tuple;
use super::text::Text;
use crate::analyze::anomaly::of_event;
use crate::analyze::flow::FlowView;
use crate::base::timestamp::Timestamp;
use crate::capture::event::What;
use crate::capture::{Event, Interface};
use crate::decode::Packet;
use crate::decode::odd::{self, Expected, Found, Mark, Row, Scope};
use crate::decode::tuple::tuple;
use crate::report::event::name;
use crate::session::Context;
use crate::wire::Value;
use crate::wire::field::Kind;

/// Appends the events of one packet: what its octets tell, then what the packets before it tell.
pub fn of_packet(text: &mut Text, packet: &Packet<'_>, context: Context) {
    let number = packet.frame.number;
    odd::each(packet, odd::is_deep(packet.frame.number), &mut |found| {
        begin(text, packet.frame.time, number);
        about(text, packet, context);
        open(text, found.row());
        mark(text, packet, &found);
        close(text, found.row());
    });
    for row in odd::Odd::numbers(context.many).map(odd::row) {
        begin(text, packet.frame.time, number);
        about(text, packet, context);
        open(text, row);
        close(text, row);
    }
}

/// Appends an event that is told after its packet has gone by.
pub fn late(text: &mut Text, packet: u64, row: &Row) {
    begin(text, None, packet);
    open(text, row);
    close(text, row);
}

/// Appends an event about a flow.
pub fn of_flow(text: &mut Text, flow: &FlowView, row: &Row) {
    begin(text, flow.times.map(|(first, _)| Timestamp(first)), flow.number);
    write_flow_ends(text, flow);
    text.field_number("flow_id", flow.number);
    open(text, row);
    if row.id == odd::row(odd::Odd::Ttl.number()).id {
        let [[least, greatest], [back_least, back_greatest]] = flow.ttl;
        let (low, high) =
            if least < greatest { (least, greatest) } else { (back_least, back_greatest) };
        text.field_number("value", u64::from(high));
        text.field_number("expected", u64::from(low));
    }
    close(text, row);
}

/// Appends an event about an interface, which no packet tells.
pub fn of_interface(text: &mut Text, event: &Event, interfaces: &[Interface]) {
    head(text, Some(Timestamp(event.time)));
    let row = odd::row(of_event(event).number());
    open(text, row);
    text.field_str("interface", name(event, interfaces));
    let mut time = |key, time| {
        text.key(key);
        text.time(Timestamp(time));
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
    close(text, row);
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

fn about(text: &mut Text, packet: &Packet<'_>, context: Context) {
    if let Some(tuple) = tuple(packet.frame.bytes, packet.layers) {
        write_tuple(text, packet, &tuple, context.flow);
    }
}

fn open(text: &mut Text, row: &Row) {
    text.key("anomaly");
    text.open(b'{');
    let kind = match row.scope {
        Scope::Flow | Scope::Window => "stream",
        Scope::Interface => "interface",
        Scope::Packet | Scope::Deep | Scope::Fragment => "decode",
    };
    text.field_str("type", kind);
    text.field_str("event", row.id);
    text.field_str("severity", row.severity.word());
}

fn mark(text: &mut Text, packet: &Packet<'_>, found: &Found) {
    if found.ip_layer > 0 {
        text.field_number("ip_layer", u64::from(found.ip_layer));
    }
    let mark = found.mark;
    text.field_number("offset", u64::from(mark.offset));
    text.field_number("len", u64::from(mark.len));
    match address_at(packet, mark) {
        Some(address) => {
            text.key("value");
            text.value(address);
        }
        None => text.field_number("value", mark.value),
    }
    match mark.expected {
        Expected::Nothing => {}
        Expected::Rule(rule) => text.field_str("expected", rule),
        Expected::Number(number) => text.field_number("expected", number),
    }
}

/// The address that a mark lies on, from its first octet to its last.
fn address_at<'a>(packet: &Packet<'a>, mark: Mark) -> Option<Value<'a>> {
    let at = usize::try_from(mark.offset).ok()?;
    let span = packet.layers.spans().iter().rfind(|span| usize::from(span.at) <= at)?;
    let bit = u32::try_from(at.checked_sub(usize::from(span.at))?).ok()?.checked_mul(8)?;
    let field = span.layer.header().fields.iter().find(|field| {
        let is_address = matches!(field.kind, Kind::Ipv4 | Kind::Ipv6 | Kind::Mac);
        is_address && field.at == bit && Some(field.width) == mark.len.checked_mul(8)
    })?;
    field.value(packet.header(*span))
}

fn close(text: &mut Text, row: &Row) {
    text.field_str("spec", row.source);
    if !row.suricata.is_empty() {
        text.field_str("suricata", row.suricata);
    }
    if !row.wireshark.is_empty() {
        text.field_str("wireshark", row.wireshark);
    }
    text.close(b'}');
    text.raw(b"}\n");
}
