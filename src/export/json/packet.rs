//! The `packet` event: every header of a packet under the catalogue's names.

use std::net::IpAddr;
use std::sync::OnceLock;

use super::SCHEMA;
use super::plan::{Leaf, Place, Step, plan};
use super::text::{Key, Text};
use crate::analyze::datagram::Datagram;
use crate::capture::Interface;
use crate::decode::derived::{
    DERIVED, Derived, EMBEDDED, Subject, TIME_DELTA, TIME_RELATIVE, With, embedded, followed,
    followed_values, is_of_flow,
};
use crate::decode::history::History;
use crate::decode::layers::is_ip;
use crate::decode::tuple::{Pair, Tuple, pair, tuple};
use crate::decode::{Packet, Span};
use crate::report::community::{CommunityId, is_icmp};
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::field::{Field, FieldKind};
use crate::wire::header::Header;
use crate::wire::number::protocol_name;
use crate::wire::option::{Opt, OptionRow, OptionSet};

/// Writes packet events.
#[derive(Debug)]
pub struct PacketWriter {
    /// By header; made when the first packet has it.
    plans: Vec<OnceLock<Plan>>,
    start: Vec<u8>,
}

/// How one header is written.
#[derive(Debug)]
struct Plan {
    /// `"ip":{`
    open: Key,
    /// Its fields, those of its parts, and what is computed that has their names for a parent.
    fields: Vec<Step>,
    options: Option<OptionPlan>,
    /// What else is computed.
    derived: Vec<Step>,
    /// What addresses carry inside: rarely anything.
    embedded: Vec<Step>,
    /// What the packets before say of it, where that is known; and of that, what is more than
    /// events.
    followed: Vec<Step>,
    values: Vec<Step>,
}

/// How a header's options are written.
#[derive(Debug)]
struct OptionPlan {
    set: &'static OptionSet,
    /// What is written of a broken option.
    common: Vec<Step>,
    /// By the set's rows; the last is for options without a row.
    rows: Vec<Vec<Step>>,
    /// The plan of the list that a row's data may hold.
    lists: Vec<Option<Self>>,
}

impl Default for PacketWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl PacketWriter {
    /// A writer without plans yet.
    pub fn new() -> Self {
        Self {
            plans: HEADERS.iter().map(|_| OnceLock::new()).collect(),
            start: format!("{{\"schema\":\"{SCHEMA}\",\"event_type\":\"packet\"").into_bytes(),
        }
    }

    /// Appends the event of `packet`, which belongs to the flow of that number, and a line end.
    pub fn write(&self, text: &mut Text, packet: &Packet<'_>, flow: Option<u64>) {
        self.write_among(text, packet, flow, History::default());
    }

    /// Appends the event of a packet with that `history`.
    pub fn write_among(
        &self,
        text: &mut Text,
        packet: &Packet<'_>,
        flow: Option<u64>,
        history: History<'_>,
    ) {
        self.write_event(text, packet, flow, history);
        text.raw(b"}\n");
    }

    /// Writes the fragment that completes a datagram: `_range`s count in the datagram, from its IP
    /// header on.
    pub fn write_datagram(
        &self,
        text: &mut Text,
        packet: &Packet<'_>,
        (flow, history): (Option<u64>, History<'_>),
        datagram: &Datagram,
    ) {
        self.write_event(text, packet, flow, history);
        self.write_whole(text, datagram);
        text.raw(b"}\n");
    }

    /// Writes a datagram, and in it the one that a fragment in it completes.
    fn write_whole(&self, text: &mut Text, datagram: &Datagram) {
        text.key("reassembled");
        text.open(b'{');
        text.key("packets");
        text.open(b'[');
        for &number in &datagram.packets {
            text.comma();
            text.number(number);
        }
        text.close(b']');
        text.field_number("len", datagram.octets.len() as u64);
        datagram.show(|packet| self.write_layers(text, packet, History::default()));
        if let Some(inner) = &datagram.inner {
            self.write_whole(text, inner);
        }
        text.close(b'}');
    }

    /// Appends the event without its end.
    fn write_event(
        &self,
        text: &mut Text,
        packet: &Packet<'_>,
        flow: Option<u64>,
        history: History<'_>,
    ) {
        text.raw(&self.start);
        if let Some(time) = packet.frame.time {
            text.key("timestamp");
            text.time(time);
        }
        text.field_number("pcap_cnt", packet.frame.number);
        if let Some(tuple) = tuple(packet.frame.bytes, packet.layers) {
            write_tuple(text, packet, &tuple, flow);
        }
        write_frame(text, packet, history);
        self.write_layers(text, packet, history);
    }

    /// Appends the headers, and why there are no more.
    fn write_layers(&self, text: &mut Text, packet: &Packet<'_>, history: History<'_>) {
        text.key("layers");
        text.open(b'[');
        for &span in packet.layers.spans() {
            self.write_header(text, packet, span, history);
        }
        text.close(b']');
        if let Some(stop) = packet.layers.stop {
            text.key("_stop");
            text.open(b'{');
            text.field_str("reason", stop.reason.word());
            text.field_number("offset", u64::from(stop.offset));
            text.field_number("needs", u64::from(stop.needs));
            text.field_number("has", u64::from(stop.has));
            text.close(b'}');
        }
    }

    fn write_header(&self, text: &mut Text, packet: &Packet<'_>, span: Span, history: History<'_>) {
        let Some(plan) = self.plans.get(span.layer as usize) else {
            return;
        };
        let plan = plan.get_or_init(|| Plan::of(span.layer.header()));
        text.open(b'{');
        text.key("_range");
        text.open(b'[');
        text.number(u64::from(span.at));
        text.comma();
        text.number(u64::from(span.len));
        text.close(b']');
        if is_ip(span.layer) {
            text.field_str("_role", span.role.word());
        }
        text.made_key(&plan.open);
        let (header, of) = (packet.header(span), Of::Packet(packet, span, history));
        write_steps(text, &plan.fields, header, of);
        if let Some(options) = &plan.options {
            options.write(text, packet.listed(span, options.set));
        }
        write_steps(text, &plan.derived, header, of);
        if !plan.embedded.is_empty() && embedded::carries(header) {
            write_steps(text, &plan.embedded, header, of);
        }
        let is_known = history.tcp.is_some() || history.stream.is_some();
        if is_known && is_of_flow(packet, span, span.layer) {
            // Nearly all segments are nothing out of the ordinary.
            let is_event = history.tcp.is_some_and(|tcp| !tcp.events.is_empty());
            write_steps(text, if is_event { &plan.followed } else { &plan.values }, header, of);
        }
        text.raw(b"}}");
    }
}

impl Plan {
    fn of(header: &'static Header) -> Self {
        let key = |name: &'static str| name.strip_prefix(header.name).unwrap_or(name);
        let leaves = |rows: &'static [Field], leaf: fn(usize, &'static Field) -> Leaf, part| {
            let rows = rows.iter().filter(|row| row.kind != FieldKind::Group);
            rows.map(move |row| (key(row.name), leaf(part, row)))
        };
        let parts = header.parts.iter().enumerate();
        let parts = parts.flat_map(|(at, part)| {
            leaves(part.fields, |at, row| Leaf::In(Place::Part(at), row), at)
        });
        let own = leaves(header.fields, |_, row| Leaf::Field(row), 0);
        let mut fields: Vec<_> = own.chain(parts).collect();
        let of_header = |row: &&Derived| row.subject.layer() == Some(header.layer);
        let derived = DERIVED.iter().filter(of_header).filter(|row| !row.is_role());
        let (beside, behind): (Vec<_>, Vec<_>) = derived
            .map(|row| (key(row.name), Leaf::Derived(row)))
            .partition(|(name, _)| fields.iter().any(|(other, _)| is_beside(name, other)));
        fields.extend(beside);
        let embedded = EMBEDDED.iter().filter(of_header);
        let followed = followed().filter(of_header);
        let values = followed_values().filter(of_header);
        Self {
            open: Key::new(header.name, "{"),
            fields: plan(fields.into_iter()),
            options: header.options.map(OptionPlan::new),
            derived: plan(behind.into_iter()),
            embedded: plan(embedded.map(|row| (key(row.name), Leaf::Derived(row)))),
            followed: plan(followed.map(|row| (key(row.name), Leaf::Derived(row)))),
            values: plan(values.map(|row| (key(row.name), Leaf::Derived(row)))),
        }
    }
}

impl OptionPlan {
    fn new(set: &'static OptionSet) -> Self {
        let leaves = |place: Place, rows: &'static [Field]| {
            let rows = rows.iter().filter(|row| row.kind != FieldKind::Group);
            rows.map(move |row| (below(row.name, set.prefix), Leaf::In(place, row)))
        };
        let steps = |row: &'static OptionRow| {
            let parts = row.parts.iter().enumerate();
            let parts = parts.flat_map(|(at, part)| leaves(Place::Part(at), part.fields));
            let own = leaves(Place::All, set.fields).chain(leaves(Place::Data, row.fields));
            plan(own.chain(parts))
        };
        Self {
            set,
            common: plan(leaves(Place::All, set.fields)),
            rows: set.rows.iter().chain([set.unknown]).map(steps).collect(),
            lists: set.rows.iter().map(|row| row.list.map(Self::new)).collect(),
        }
    }

    fn write(&self, text: &mut Text, header: &[u8]) {
        let mut any = false;
        for option in self.set.of(header) {
            if !any {
                text.key(self.set.key);
                text.open(b'[');
                any = true;
            }
            text.open(b'{');
            let found = self.set.rows.binary_search_by_key(&option.code, |row| row.code);
            let steps = self.rows.get(found.unwrap_or(self.set.rows.len()));
            let steps = steps.filter(|_| !option.broken).unwrap_or(&self.common);
            write_steps(text, steps, option.bytes, Of::Option(&option, self.set));
            let list = found.ok().and_then(|row| self.lists.get(row)?.as_ref());
            if let Some(list) = list.filter(|_| !option.broken) {
                list.write(text, option.data);
            }
            text.close(b'}');
        }
        if any {
            text.close(b']');
        }
    }
}

/// The key in JSON of a field by its name: what stands behind the words that it shares with
/// `prefix`.
fn below(name: &'static str, prefix: &str) -> &'static str {
    let mut rest = name;
    for word in prefix.split_inclusive('.') {
        match rest.strip_prefix(word) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    rest
}

/// Whether two names have the same first word, and more words.
fn is_beside(name: &str, other: &str) -> bool {
    let first = |name: &'_ str| name.trim_start_matches('.').find('.');
    let words =
        name.trim_start_matches('.').split('.').zip(other.trim_start_matches('.').split('.'));
    first(name).is_some() && first(other).is_some() && words.take(1).all(|(a, b)| a == b)
}

/// What the octets of some steps are.
#[derive(Clone, Copy)]
enum Of<'a> {
    /// Those of one part.
    Part,
    /// A header of a packet, from which more can be computed.
    Packet(&'a Packet<'a>, Span, History<'a>),
    /// An option of a set.
    Option(&'a Opt<'a>, &'static OptionSet),
}

/// Writes the values that `octets` hold.
fn write_steps(text: &mut Text, steps: &[Step], octets: &[u8], of: Of<'_>) {
    let mut open: [usize; 4] = [0; 4];
    let mut depth = 0;
    for step in steps {
        match step {
            Step::Flags(octet, shift, all) => {
                if let Some(octet) = octets.get(*octet)
                    && let Some(written) = all.get(usize::from(octet >> shift) & (all.len() - 1))
                {
                    text.made_key(written);
                }
            }
            Step::Number(key, bits) => {
                if let Some(number) = bits.read(octets) {
                    text.made_number(key, number);
                }
            }
            Step::Field(key, field) if field.repeats => {
                write_list(text, key, &mut |with| field.values(octets, with));
            }
            Step::Field(key, field) => {
                if let Some(value) = field.value(octets) {
                    text.made_key(key);
                    text.value(value);
                }
            }
            Step::Derived(key, row) => {
                let Of::Packet(packet, span, history) = of else { continue };
                if let Subject::Flow(_, _, value) = row.subject {
                    // It is asked only of the header of the flow.
                    if let Some(value) = value(history) {
                        text.made_key(key);
                        text.value(value);
                    }
                } else if let Subject::Each(_, values) = row.subject {
                    write_list(text, key, &mut |with| values(packet, span, with));
                } else {
                    row.subject.each_in((packet, span), history, &mut |value| {
                        text.made_key(key);
                        text.value(value);
                    });
                }
            }
            Step::In(place, steps) => {
                let octets = match (of, *place) {
                    (Of::Option(option, _), Place::Data) => Some(option.data),
                    (Of::Option(option, set), Place::Part(number)) => {
                        let part = set.row_of(option).parts.get(number);
                        part.and_then(|part| part.of(option)).map(|(_, octets)| octets)
                    }
                    (Of::Packet(_, span, _), Place::Part(number)) => {
                        let part = span.layer.header().parts.get(number);
                        part.and_then(|part| part.of(octets)).map(|(_, octets)| octets)
                    }
                    _ => Some(octets),
                };
                if let Some(octets) = octets {
                    write_steps(text, steps, octets, Of::Part);
                }
            }
            Step::Open(key) => {
                if let Some(start) = open.get_mut(depth) {
                    *start = text.buffer.len();
                }
                depth += 1;
                text.made_key(key);
            }
            Step::Close => {
                depth -= 1;
                if text.buffer.last() == Some(&b'{') {
                    // Nothing of the group was captured: an absent value is an absent key.
                    text.buffer.truncate(open.get(depth).copied().unwrap_or(0));
                } else {
                    text.close(b'}');
                }
            }
        }
    }
}

/// Writes values as an array under `key`, if there are any.
fn write_list(text: &mut Text, key: &Key, each: &mut dyn FnMut(With<'_>)) {
    let start = text.buffer.len();
    text.made_key(key);
    text.open(b'[');
    let before = text.buffer.len();
    each(&mut |value| {
        text.comma();
        text.value(value);
    });
    if text.buffer.len() == before {
        text.buffer.truncate(start);
    } else {
        text.close(b']');
    }
}

fn write_frame(text: &mut Text, packet: &Packet<'_>, history: History<'_>) {
    text.key("frame");
    text.open(b'{');
    if history.first.is_some() {
        for (row, key) in [(&TIME_RELATIVE, "time_relative"), (&TIME_DELTA, "time_delta")] {
            packet.each_derived_among(row, history, &mut |value| {
                text.key(key);
                text.value(value);
            });
        }
    }
    text.field_number("len", u64::from(packet.frame.original));
    text.field_number("cap_len", packet.frame.bytes.len() as u64);
    text.field_number("interface_id", u64::from(packet.frame.interface));
    if let Some(origin) = packet.frame.origin() {
        write_names(text, origin);
    }
    text.key("protocols");
    text.raw(b"\"");
    for (i, span) in packet.layers.spans().iter().enumerate() {
        if i > 0 {
            text.raw(b":");
        }
        text.raw(span.layer.header().name.as_bytes());
    }
    text.raw(b"\"");
    let mut comments = packet.frame.comments().peekable();
    if comments.peek().is_some() {
        text.key("comment");
        text.open(b'[');
        for comment in comments {
            text.comma();
            text.string(&String::from_utf8_lossy(comment));
        }
        text.close(b']');
    }
    text.close(b'}');
}

/// Appends what an interface is called, as far as its capture says.
fn write_names(text: &mut Text, origin: &Interface) {
    if let Some(name) = origin.name() {
        text.field_str("interface_name", name);
    }
    if let Some(description) = origin.description() {
        text.field_str("interface_description", description);
    }
}

pub(super) fn write_tuple(text: &mut Text, packet: &Packet<'_>, tuple: &Tuple, flow: Option<u64>) {
    let ports = tuple.ports.filter(|_| !is_icmp(tuple.proto));
    write_ends(text, tuple.pair, ports);
    write_proto(text, tuple.proto);
    if let Some((kind, code)) = tuple.ports.filter(|_| is_icmp(tuple.proto)) {
        text.field_number("icmp_type", u64::from(kind));
        text.field_number("icmp_code", u64::from(code));
    }
    text.field_number("ip_v", if matches!(tuple.pair, Pair::V4(..)) { 4 } else { 6 });
    if let Some(flow) = flow {
        text.field_number("flow_id", flow);
    }
    text.key("community_id");
    text.string(CommunityId::of(tuple.pair, tuple.proto, tuple.ports).text());
    if tuple.depth > 1 {
        text.key("tunnel");
        text.open(b'[');
        let spans = packet.layers.spans();
        let outer = spans.iter().take(tuple.ip).filter(|span| is_ip(span.layer));
        for (depth, span) in outer.enumerate() {
            let Some(pair) = pair(packet.frame.bytes, *span) else {
                continue;
            };
            text.open(b'{');
            write_ends(text, pair, None);
            let at = if span.layer == Layer::Ipv4 { 9 } else { 6 };
            write_proto(text, packet.header(*span).get(at).copied().unwrap_or(0));
            text.field_number("depth", depth as u64);
            text.close(b'}');
        }
        text.close(b']');
    }
}

pub(crate) fn write_ends(text: &mut Text, pair: Pair, ports: Option<(u16, u16)>) {
    let (source, destination): (IpAddr, IpAddr) = match pair {
        Pair::V4(source, destination) => {
            (IpAddr::V4(source.into()), IpAddr::V4(destination.into()))
        }
        Pair::V6(source, destination) => {
            (IpAddr::V6(source.into()), IpAddr::V6(destination.into()))
        }
    };
    text.key("src_ip");
    text.address(source);
    if let Some((port, _)) = ports {
        text.field_number("src_port", u64::from(port));
    }
    text.key("dest_ip");
    text.address(destination);
    if let Some((_, port)) = ports {
        text.field_number("dest_port", u64::from(port));
    }
}

pub(crate) fn write_proto(text: &mut Text, proto: u8) {
    text.key("proto");
    if let Some(name) = protocol_name(proto) {
        text.string(name);
    } else {
        text.raw(b"\"");
        text.number(u64::from(proto));
        text.raw(b"\"");
    }
}
