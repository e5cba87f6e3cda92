//! The other events: meta, flow, stats and summary.

use super::SCHEMA;
use super::connection;
use super::packet::{write_ends, write_proto};
use super::statistics::{statistics, write_tally};
use super::text::Text;
use crate::analyze::departed::End;
use crate::analyze::expiry::FlowCounts;
use crate::analyze::flow::FlowView;
use crate::analyze::path::Element;
use crate::analyze::settings::MAX_INTERFACES;
use crate::analyze::traffic::ConversationCounts;
use crate::analyze::traffic::HeaderScope;
use crate::capture::{Damage, Facts, Interface, Ledger, Recorded};
use crate::decode::tuple::Pair;
use crate::report::community::{CommunityId, is_icmp};
use crate::report::summary::Summary;
use crate::report::summary::talker::{AddressKind, Addresses};
use crate::session::{Outcome, Stats};

/// What a run says of itself before the first packet.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// Files or interfaces.
    pub source: Vec<String>,
    /// The display filter, as given.
    pub filter: Option<String>,
    /// The capture filter, as given.
    pub capture_filter: Option<String>,
    /// How the process is confined.
    pub sandbox: String,
    /// Whether the source is interfaces rather than files.
    pub is_live: bool,
}

impl Meta {
    /// The inputs, where they are files.
    pub fn files(&self) -> &[String] {
        if self.is_live { &[] } else { &self.source }
    }
}

fn begin(text: &mut Text, event: &str) {
    text.open(b'{');
    text.field_str("schema", SCHEMA);
    text.field_str("event_type", event);
}

fn end(text: &mut Text) {
    text.raw(b"}\n");
}

/// The first line.
pub fn meta(text: &mut Text, meta: &Meta, interfaces: &[Interface], facts: &Facts) {
    begin(text, "meta");
    text.field_str("version", env!("CARGO_PKG_VERSION"));
    text.key("source");
    text.open(b'[');
    for source in &meta.source {
        text.comma();
        text.string(source);
    }
    text.close(b']');
    let mut links: Vec<u16> = interfaces.iter().map(|interface| interface.link.0).collect();
    links.sort_unstable();
    links.dedup();
    text.key("link_types");
    text.open(b'[');
    for link in links {
        text.comma();
        text.number(u64::from(link));
    }
    text.close(b']');
    for (key, filter) in [("filter", &meta.filter), ("capture_filter", &meta.capture_filter)] {
        if let Some(filter) = filter {
            text.field_str(key, filter);
        }
    }
    let snaplen = interfaces.iter().map(|interface| interface.snaplen).max().unwrap_or(0);
    if snaplen > 0 {
        text.field_number("snaplen", u64::from(snaplen));
    }
    text.field_str("sandbox", &meta.sandbox);
    capture(text, facts);
    names(text, interfaces);
    end(text);
}

/// What a capture says of itself; nothing where it says nothing.
fn capture(text: &mut Text, facts: &Facts) {
    let mut told = facts.told().peekable();
    if told.peek().is_none() && facts.comments.is_empty() {
        return;
    }
    text.key("capture");
    text.open(b'{');
    for (key, told) in told {
        text.field_str(key, told);
    }
    if !facts.comments.is_empty() {
        text.key("comment");
        text.open(b'[');
        for comment in &facts.comments {
            text.comma();
            text.string(comment);
        }
        text.close(b']');
    }
    text.close(b'}');
}

/// What interfaces are called, by number: those that are called anything, and counted one by one.
fn names(text: &mut Text, interfaces: &[Interface]) {
    let is_called = |one: &Interface| {
        let names = [one.name(), one.description(), one.file()];
        names.iter().any(Option::is_some)
    };
    let counted = (0..).zip(interfaces).take(MAX_INTERFACES);
    let mut called = counted.filter(|(_, one)| is_called(one)).peekable();
    if called.peek().is_none() {
        return;
    }
    text.key("interfaces");
    text.open(b'[');
    for (id, one) in called {
        text.open(b'{');
        text.field_number("id", id);
        for (key, name) in
            [("name", one.name()), ("description", one.description()), ("file", one.file())]
        {
            if let Some(name) = name {
                text.field_str(key, name);
            }
        }
        text.field_number("link_type", u64::from(one.link.0));
        text.close(b'}');
    }
    text.close(b']');
}

/// One flow; `why` is why it is told now.
pub fn flow(text: &mut Text, flow: &FlowView, chain: &[Element], why: End) {
    begin(text, "flow");
    if let Some((_, last)) = flow.times {
        text.key("timestamp");
        text.time(last);
    }
    text.field_number("flow_id", flow.number);
    write_flow_ends(text, flow);
    let (source, destination) = flow.ports;
    if is_icmp(flow.proto) {
        text.field_number("icmp_type", u64::from(source));
        let paired = crate::analyze::key::icmp_ports(flow.proto == 58, source, destination);
        if paired.2 {
            text.field_number("icmp_code", u64::from(destination));
        }
        if let Some(id) = flow.icmp_id {
            text.field_number("icmp_id", u64::from(id));
        }
    }
    text.field_number("ip_v", if matches!(flow.pair, Pair::V4(..)) { 4 } else { 6 });
    text.key("community_id");
    let ports = (has_ports(flow) || is_icmp(flow.proto)).then_some(flow.ports);
    text.string(CommunityId::of(flow.pair, flow.proto, ports).text());
    let pairs = || chain.iter().filter_map(Element::pair);
    text.field_number("depth", pairs().count() as u64 + 1);
    text.field_numbers("vlan", chain.iter().filter_map(Element::vlan));
    text.key("flow");
    text.open(b'{');
    for (key, number) in [
        ("pkts_toserver", flow.tallies[0].packets),
        ("pkts_toclient", flow.tallies[1].packets),
        ("bytes_toserver", flow.tallies[0].octets),
        ("bytes_toclient", flow.tallies[1].octets),
    ] {
        text.field_number(key, number);
    }
    if let Some((first, last)) = flow.times {
        text.key("start");
        text.time(first);
        text.key("end");
        text.time(last);
        text.field_number("age", (last - first).whole_seconds());
    }
    if let Some(state) = flow.state() {
        text.field_str("state", state.word());
    }
    text.field_str("reason", why.word());
    text.close(b'}');
    if flow.proto == 6 {
        text.key("tcp");
        text.open(b'{');
        text.field_str("tcp_flags_ts", &format!("{:02x}", flow.tcp[0]));
        text.field_str("tcp_flags_tc", &format!("{:02x}", flow.tcp[1]));
        connection::write(text, flow);
        text.close(b'}');
    }
    connection::states(text, flow);
    let [[low, high], [back_low, back_high]] = flow.ttl;
    text.field_number("min_ttl", u64::from(low.min(back_low)));
    text.field_number("max_ttl", u64::from(high.max(back_high)));
    tunnels(text, flow, chain);
    end(text);
}

/// Appends the headers that encapsulate a flow, outermost first, each with the number of the
/// network within it.
fn tunnels(text: &mut Text, flow: &FlowView, chain: &[Element]) {
    if chain.iter().all(|element| element.vlan().is_some()) {
        return;
    }
    text.key("tunnel");
    text.open(b'[');
    let mut depth = 0;
    let mut elements = chain.iter().peekable();
    while let Some(element) = elements.next() {
        let (pair, network) = match *element {
            Element::Vlan(_) => continue,
            Element::Pair(pair) => (Some(pair), None),
            Element::Network(layer, number) => (None, Some((layer, number))),
        };
        text.open(b'{');
        if let Some(pair) = pair {
            write_ends(text, if flow.swapped { pair.turned() } else { pair }, None);
        }
        // The number stands right behind the addresses of its tunnel.
        let behind = || match elements.peek() {
            Some(&&Element::Network(layer, number)) => Some((layer, number)),
            _ => None,
        };
        if let Some((layer, number)) = network.or_else(behind) {
            text.field_str("network", layer.header().name);
            text.field_number("network_id", number.into());
        }
        if pair.is_some() {
            if matches!(elements.peek(), Some(Element::Network(..))) {
                elements.next();
            }
            text.field_number("depth", depth);
            depth += 1;
        }
        text.close(b'}');
    }
    text.close(b']');
}

/// Appends source and destination.
pub(super) fn write_flow_ends(text: &mut Text, flow: &FlowView) {
    write_ends(text, flow.pair, has_ports(flow).then_some(flow.ports));
    write_proto(text, flow.proto);
}

fn has_ports(flow: &FlowView) -> bool {
    matches!(flow.proto, 6 | 17 | 33 | 132 | 136) && flow.ports != (0, 0)
}

/// Running totals; `drops` is of a live capture, `records` are those that were left out because
/// their reader was too slow.
pub fn stats(text: &mut Text, stats: &Stats, drops: Option<Ledger>, records: u64) {
    begin(text, "stats");
    if let Some(time) = stats.time {
        text.key("timestamp");
        text.time(time);
    }
    text.field_number("packets", stats.total.packets);
    text.field_number("bytes", stats.total.octets);
    text.key("rates");
    text.open(b'{');
    if let Some(rates) = stats.rates {
        text.field_decimal("packets", rates.packets);
        text.field_decimal("bits", rates.bits);
    }
    text.close(b'}');
    write_drops(text, drops, stats.recorded, records);
    write_flows(text, stats.flows);
    end(text);
}

/// The last line; `records` as in [`stats`].
pub fn summary(text: &mut Text, summary: &Summary, outcome: &Outcome, records: u64) {
    begin(text, "summary");
    statistics(text, &summary.statistics);
    if summary.are_checksums_left_out {
        text.field_bool("checksums_left_out", true);
    }
    if summary.scope != HeaderScope::Outer {
        text.field_str("depth", summary.scope.word());
    }
    for (key, counts) in [("outer", summary.outer), ("all", summary.all)] {
        text.key(key);
        talks(text, counts);
    }
    write_flows(text, summary.flows);
    anomalies(text, summary);
    findings(text, summary);
    bounds(text, summary);
    let Addresses { classes, special, types } = &summary.addresses;
    for (key, kinds) in [("classes", classes), ("special", special), ("types", types)] {
        addresses(text, key, kinds);
    }
    write_drops(text, summary.losses, summary.recorded.unwrap_or_default(), records);
    capture(text, &outcome.facts);
    if let Some(datagrams) = &outcome.datagrams {
        text.key("reassembled");
        text.open(b'{');
        text.field_number("whole", datagrams.whole);
        text.field_number("missing", datagrams.missing);
        text.field_number("crowded", datagrams.evicted);
        text.close(b'}');
    }
    if let Some(first) = outcome.damage.first() {
        text.key("damaged");
        damaged(text, first);
    }
    if outcome.damage.len() > 1 {
        text.key("damaged_inputs");
        text.open(b'[');
        for damage in &outcome.damage {
            damaged(text, damage);
        }
        text.close(b']');
    }
    end(text);
}

/// Where an input could not be read on, and why.
fn damaged(text: &mut Text, damage: &Damage) {
    text.open(b'{');
    text.field_str("file", &damage.path.to_string_lossy());
    text.field_number("offset", damage.offset);
    text.field_number("record", damage.record);
    text.field_str("reason", &damage.reason);
    text.close(b'}');
}

/// What was left out so that memory and time are bounded; nothing where no bound was hit.
fn bounds(text: &mut Text, summary: &Summary) {
    if summary.bounds.is_empty() {
        return;
    }
    text.key("bounds");
    text.open(b'{');
    for bound in &summary.bounds {
        text.key(bound.name);
        text.open(b'{');
        text.field_number("most", bound.most);
        text.field_number("left_out", bound.left_out);
        text.close(b'}');
    }
    text.close(b'}');
}

fn anomalies(text: &mut Text, summary: &Summary) {
    text.key("anomalies");
    text.open(b'{');
    for line in &summary.anomalies {
        text.key(line.id);
        text.open(b'{');
        text.field_str("severity", line.severity);
        text.field_number("count", line.count);
        text.field_number("first", line.first);
        text.field_number("spread", line.spread);
        if line.is_estimated {
            text.field_bool("estimated", true);
        }
        text.close(b'}');
    }
    text.close(b'}');
}

/// Appends where anomalies are, ranked.
fn findings(text: &mut Text, summary: &Summary) {
    text.key("findings");
    text.open(b'[');
    for finding in &summary.findings {
        text.open(b'{');
        text.field_str("event", finding.id);
        text.field_str("severity", finding.severity);
        if let Some((from, to)) = finding.ends {
            text.field_str("src_ip", &from.to_string());
            text.field_str("dest_ip", &to.to_string());
        }
        if let Some(interface) = &finding.interface {
            text.field_str("interface", interface);
        }
        text.field_number("count", finding.count);
        text.field_number("first", finding.first);
        text.field_number("last", finding.last);
        if let Some((first, last)) = finding.times {
            text.key("start");
            text.time(first);
            text.key("end");
            text.time(last);
        }
        if let Some(rate) = finding.rate {
            text.field_decimal("rate", rate);
        }
        text.key("examples");
        text.open(b'[');
        for packet in &finding.examples {
            text.comma();
            text.number(*packet);
        }
        text.close(b']');
        text.close(b'}');
    }
    text.close(b']');
}

/// Appends the event that says how many records are missing where it stands, and how many so far.
pub fn left_out(text: &mut Text, here: u64, so_far: u64) {
    text.open(b'{');
    text.field_str("schema", SCHEMA);
    text.field_str("event_type", "anomaly");
    text.key("anomaly");
    text.open(b'{');
    text.field_str("type", "output");
    text.field_str("event", "output.records.left_out");
    text.field_str("severity", "warning");
    text.field_number("count", here);
    text.field_number("so_far", so_far);
    text.close(b'}');
    text.raw(b"}\n");
}

/// What was dropped: by a live capture, or, as a file says, when it was captured.
fn write_drops(text: &mut Text, drops: Option<Ledger>, recorded: Recorded, records: u64) {
    let recorded = if drops.is_some() { Recorded::default() } else { recorded };
    let drops = drops.unwrap_or(Ledger {
        kernel: recorded.kernel,
        interface: recorded.interface,
        ..Ledger::default()
    });
    text.key("drops");
    text.open(b'{');
    for (key, count) in [
        ("kernel", drops.kernel),
        ("interface", drops.interface),
        ("application", Some(drops.application)),
        ("unread", drops.unread),
    ] {
        text.field_count(key, count);
    }
    for (key, count) in [("between", recorded.between), ("accepted", recorded.accepted)] {
        if let Some(count) = count {
            text.field_number(key, count);
        }
    }
    // Packets that are not in this list of events, though they are in its sums.
    if records > 0 {
        text.field_number("records", records);
    }
    text.close(b'}');
}

/// Counts of flows; once some are missing they are lower bounds.
fn write_flows(text: &mut Text, counts: FlowCounts) {
    text.key("flows");
    text.open(b'{');
    text.field_number("seen", counts.seen);
    text.field_number("live", counts.live);
    if counts.ended > 0 {
        text.field_number("ended", counts.ended);
    }
    text.field_number("evicted", counts.evicted);
    text.close(b'}');
    if counts.estimated {
        text.field_bool("estimated", true);
    }
}

fn talks(text: &mut Text, counts: ConversationCounts) {
    text.open(b'{');
    text.field_number("ipv4_conversations", counts.ipv4_conversations);
    text.field_number("ipv4_endpoints", counts.ipv4_endpoints);
    text.field_number("ipv6_conversations", counts.ipv6_conversations);
    text.field_number("ipv6_endpoints", counts.ipv6_endpoints);
    if counts.are_conversations_estimated || counts.are_endpoints_estimated {
        text.field_bool("estimated", true);
    }
    text.close(b'}');
}

/// Kinds of addresses, by name.
fn addresses(text: &mut Text, key: &str, kinds: &[AddressKind]) {
    text.key(key);
    text.open(b'{');
    for kind in kinds {
        text.key(kind.name);
        text.open(b'{');
        write_tally(text, kind.tally);
        text.field_number("addresses", kind.addresses);
        text.field_number("sent", kind.source.packets);
        text.field_number("received", kind.destination.packets);
        text.close(b'}');
    }
    text.close(b'}');
}
