//! The tables of a summary, in the order they are shown.

use super::number::{number, percent, rate};
use super::page::{Cell, Look, Table};
use crate::analyze::Tally;
use crate::analyze::statistic::{
    Detail, Entry, ROWS, Row, captured, checksum, depth, dscp, ecn, extension, flow_label,
    fragment, hierarchy, hop_limit, interface, ledger, length, option, option_type, period,
    protocol, series, stop, total, ttl,
};
use crate::analyze::traffic::HeaderScope;
use crate::base::{columns, units};
use crate::decode::checksum::Status;
use crate::export::text::Ink;
use crate::report::summary::talker::{AddressKind, FlowLine};
use crate::report::summary::{Summary, share};

/// Lines of the protocol tree.
const MOST_NODES: usize = 40;
/// Lines of a distribution.
const MOST_VALUES: usize = 10;
/// Lines of one anomaly.
const MOST_OF_ONE: usize = 3;

/// Statistics that have a place among the tables, in the order of these, or above or below them.
/// Every other has a table behind them.
const PLACED: &[Row] = &[
    total::ROW,
    captured::ROW,
    period::ROW,
    series::ROW,
    stop::ROW,
    hierarchy::ROW,
    protocol::ROW,
    depth::ROW,
    ttl::ROW,
    hop_limit::ROW,
    flow_label::ROW,
    dscp::ROW,
    ecn::ROW,
    length::ROW,
    fragment::ROW,
    option::ROW,
    option_type::ROW,
    extension::ROW,
    checksum::ROW,
    interface::ROW,
    ledger::ROW,
];

/// All tables; empty ones have no rows.
pub(super) fn all(summary: &Summary, look: Look) -> Vec<Table> {
    let total = summary.statistics.total().packets;
    let mut tables = vec![
        anomalies(summary),
        findings(summary, look),
        protocols(summary),
        other_protocols(summary),
    ];
    tables.push(distribution(summary, &depth::ROW, total));
    tables.push(endpoints(summary));
    tables.push(conversations(summary, look));
    tables.push(flows(summary, look));
    tables.extend([&ttl::ROW, &hop_limit::ROW].map(|row| hops(summary, row)));
    let v6 = summary.statistics.get(&flow_label::ROW).sum().packets;
    tables.push(distribution(summary, &flow_label::ROW, v6));
    tables.push(classes(summary));
    tables.push(distribution(summary, &length::ROW, total));
    tables.push(headers(summary));
    tables.push(checksums(summary));
    tables.push(kinds("IPv4 classes", &summary.addresses.classes));
    tables.push(kinds("Address types", &summary.addresses.types));
    tables.push(kinds("Special-purpose blocks", &summary.addresses.special));
    tables.push(distribution(summary, &interface::ROW, total));
    let others = ROWS.iter().filter(|row| PLACED.iter().all(|placed| placed.key != row.key));
    tables.extend(others.map(|row| distribution(summary, row, total)));
    tables.push(bounds(summary));
    tables
}

/// Packets, their share of `whole` and a bar of it, octets.
fn tallied(name: Cell, tally: Tally, whole: u64) -> Vec<Cell> {
    vec![
        name,
        Cell::number(number(tally.packets)),
        Cell::number(percent(tally.packets, whole)),
        Cell::number(units::octets(tally.octets)),
        Cell::Bar(share(tally.packets, whole) / 100.0),
    ]
}

/// Heads of [`tallied`].
const TALLIED: &[&str] = &["packets", "share", "bytes"];

/// What is wrong, worst first.
fn anomalies(summary: &Summary) -> Table {
    let mut table = Table::new("Anomalies", &["count", "spread", "first", ""]);
    for line in &summary.anomalies {
        let ink = if matches!(line.severity, "error" | "warning") { Ink::Bad } else { Ink::Plain };
        let about = if line.is_estimated { "~" } else { "" };
        table.row(vec![
            Cell::Text(ink, line.id.to_owned()),
            Cell::number(number(line.count)),
            Cell::number(format!("{about}{}", number(line.spread))),
            Cell::number(line.first.to_string()),
            Cell::muted(line.severity),
        ]);
    }
    table
}

/// Where it is: few lines of each, on a page as many as on one look.
fn findings(summary: &Summary, look: Look) -> Table {
    let mut table = Table::new("Where", &["count", "a second", "in", ""]);
    let arrow = if look.ascii { "->" } else { "→" };
    let (mut shown, mut of_one, mut last) = (0, 0, "");
    for finding in &summary.findings {
        of_one = if finding.id == last { of_one + 1 } else { 1 };
        let is_first = std::mem::replace(&mut last, finding.id) != finding.id;
        if of_one > MOST_OF_ONE || shown == MOST_VALUES {
            continue;
        }
        shown += 1;
        let packets: Vec<_> = finding.examples.iter().map(|packet| format!("#{packet}")).collect();
        let cells = vec![
            Cell::text(format!("  {}", finding.place(arrow))),
            Cell::number(number(finding.count)),
            Cell::number(finding.rate.map_or_else(String::new, rate)),
            Cell::number(
                finding.times.map_or_else(String::new, |(first, last)| units::span(last - first)),
            ),
            Cell::muted(packets.join(" ")),
        ];
        if is_first {
            table.long_row(finding.id.to_owned(), cells);
        } else {
            table.row(cells);
        }
    }
    table.more(summary.findings.len() - shown, "of them");
    table
}

/// What was left out so that memory and time are bounded.
fn bounds(summary: &Summary) -> Table {
    let mut table = Table::new("Left out", &["beyond", "count", ""]);
    for bound in &summary.bounds {
        table.row(vec![
            Cell::text(bound.name.replace('_', " ")),
            Cell::number(number(bound.most)),
            Cell::number(number(bound.left_out)),
            Cell::muted(bound.words),
        ]);
    }
    table
}

fn protocols(summary: &Summary) -> Table {
    let tree = summary.statistics.get(&hierarchy::ROW);
    let mut table = Table::new(tree.row.title, TALLIED);
    // The greatest lines: no line is greater than its parent, which stands before it.
    let mut order: Vec<_> = tree.entries.iter().enumerate().collect();
    order.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.tally.packets));
    order.truncate(MOST_NODES);
    order.sort_unstable_by_key(|(at, _)| *at);
    for (_, entry) in order {
        let depth = entry.node().map_or(0, |(depth, _)| depth.min(12));
        let name = format!("{}{}", "  ".repeat(depth.into()), entry.name);
        let whole = summary.statistics.total().packets;
        table.row(tallied(Cell::text(name), entry.tally, whole));
    }
    table.more(tree.entries.len().saturating_sub(MOST_NODES), "chains with fewer packets");
    table
}

/// Those whose header the tree of protocols does not show.
fn other_protocols(summary: &Summary) -> Table {
    let whole = summary.statistics.total().packets;
    let others = summary.statistics.get(&protocol::ROW).unusual();
    let name = |entry: &Entry| format!("{} {}", entry.value, entry.name);
    entries("Other IP protocols", others, whole, "protocols", name)
}

/// What a statistic has to say, each kind by its name, as shares of `whole`.
fn distribution(summary: &Summary, row: &Row, whole: u64) -> Table {
    let unusual = summary.statistics.get(row).unusual();
    entries(row.title, unusual, whole, "of them", |entry| entry.name.to_string())
}

/// The first of some entries, and how many `what` are left out.
fn entries<'a>(
    title: &str,
    entries: impl Iterator<Item = &'a Entry>,
    whole: u64,
    what: &str,
    name: impl Fn(&Entry) -> String,
) -> Table {
    let mut table = Table::new(title, TALLIED);
    let mut left_out = 0;
    for (at, entry) in entries.enumerate() {
        if at < MOST_VALUES {
            table.row(tallied(Cell::text(name(entry)), entry.tally, whole));
        } else {
            left_out += 1;
        }
    }
    table.more(left_out, what);
    table
}

/// `~` before counts that are lower bounds.
fn counted(is_estimated: bool, what: &str, v4: u64, v6: u64) -> String {
    let about = if is_estimated { "~" } else { "" };
    let counts = [(v4, "IPv4"), (v6, "IPv6")].into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> =
        counts.map(|(count, version)| format!("{about}{} {version}", number(count))).collect();
    format!("{what}: {}", counts.join(", "))
}

/// A title with the headers that are counted, where those are not the outermost.
fn scoped(what: &str, scope: HeaderScope) -> String {
    match scope {
        HeaderScope::Outer => what.to_owned(),
        scope => format!("{what} of {}", scope.headers()),
    }
}

fn endpoints(summary: &Summary) -> Table {
    let counts = summary.talks;
    let (v4, v6) = (counts.ipv4_endpoints, counts.ipv6_endpoints);
    let title =
        counted(counts.are_endpoints_estimated, &scoped("Endpoints", summary.scope), v4, v6);
    let mut table = Table::new(title, &["sent", "received", "bytes", ""]);
    for endpoint in &summary.endpoints {
        let (sent, received) = (endpoint.sent, endpoint.received);
        let what = if endpoint.special.is_empty() { endpoint.kind } else { endpoint.special };
        let what = if endpoint.class.is_empty() {
            what.to_owned()
        } else {
            format!("{} {what}", endpoint.class)
        };
        table.row(vec![
            Cell::text(endpoint.address.to_string()),
            Cell::number(number(sent.packets)),
            Cell::number(number(received.packets)),
            Cell::number(units::octets(sent.octets + received.octets)),
            Cell::muted(what),
        ]);
    }
    table
}

/// A row about two ends, the second on a line of its own when both are too wide.
fn pair(
    table: &mut Table,
    (a, b): (String, String),
    (sign, room): (&str, usize),
    others: Vec<Cell>,
) {
    let both = format!("{a} {sign} {b}");
    let is_long = columns::width(&both) > room;
    let first = if is_long { format!("  {sign} {b}") } else { both };
    let cells = std::iter::once(Cell::text(first)).chain(others).collect();
    if is_long { table.long_row(a, cells) } else { table.row(cells) }
}

/// What a table with three or more columns of numbers leaves for its first column.
fn room(look: Look, numbers: usize) -> usize {
    look.width.saturating_sub(32 + 11 * (numbers - 3))
}

fn conversations(summary: &Summary, look: Look) -> Table {
    let counts = summary.talks;
    let (v4, v6) = (counts.ipv4_conversations, counts.ipv6_conversations);
    let name = scoped("Conversations", summary.scope);
    let title = counted(counts.are_conversations_estimated, &name, v4, v6);
    let (heads, sign) =
        if look.ascii { (["->", "<-", "bytes"], "<->") } else { (["→", "←", "bytes"], "↔") };
    let mut table = Table::new(title, &heads);
    for traffic in &summary.conversations {
        let (a, b) = traffic.addresses;
        let others = vec![
            Cell::number(number(traffic.forth.packets)),
            Cell::number(number(traffic.back.packets)),
            Cell::number(units::octets(traffic.forth.octets + traffic.back.octets)),
        ];
        pair(&mut table, (a.to_string(), b.to_string()), (sign, room(look, 3)), others);
    }
    table
}

fn flows(summary: &Summary, look: Look) -> Table {
    let about = if summary.flows.estimated { "~" } else { "" };
    let title = format!("Flows: {about}{}", number(summary.flows.seen));
    let (heads, sign) = if look.ascii {
        (["->", "<-", "bytes", "time"], "->")
    } else {
        (["→", "←", "bytes", "time"], "→")
    };
    let mut table = Table::new(title, &heads);
    for flow in &summary.top_flows {
        let others = vec![
            Cell::number(number(flow.forth.packets)),
            Cell::number(number(flow.back.packets)),
            Cell::number(units::octets(flow.forth.octets + flow.back.octets)),
            Cell::number(
                flow.times.map_or_else(String::new, |(first, last)| units::span(last - first)),
            ),
        ];
        let (first, second) = ends(flow);
        pair(&mut table, (first, second), (sign, room(look, 4)), others);
    }
    table
}

/// `TCP 10.0.0.1:443` and the other end.
fn ends(flow: &FlowLine) -> (String, String) {
    let name =
        if flow.name.is_empty() { format!("IP {}", flow.proto) } else { flow.name.to_owned() };
    let end = |address, port: Option<u16>| match port {
        Some(port) => std::net::SocketAddr::new(address, port).to_string(),
        None => address.to_string(),
    };
    let (a, b) = flow.addresses;
    let first = end(a, flow.ports.map(|ports| ports.0));
    (format!("{name} {first}"), end(b, flow.ports.map(|ports| ports.1)))
}

fn hops(summary: &Summary, row: &Row) -> Table {
    let hops = summary.statistics.get(row);
    entries(row.title, hops.entries.iter(), hops.sum().packets, "values", inferred)
}

/// ` 61  ~3 hops from 64`: the tilde marks a guess.
fn inferred(entry: &Entry) -> String {
    let value = entry.value;
    match entry.detail {
        Some(Detail::Hops { passed: 0, .. }) => format!("{value:>3}  ~0 hops, as sent"),
        Some(Detail::Hops { passed: 1, initial }) => format!("{value:>3}  ~1 hop from {initial}"),
        Some(Detail::Hops { passed, initial }) => {
            format!("{value:>3}  ~{passed} hops from {initial}")
        }
        _ => format!("{value:>3}"),
    }
}

fn classes(summary: &Summary) -> Table {
    let classes = summary.statistics.get(&dscp::ROW);
    let heads = ["packets", "share", "Not-ECT", "ECT(0)", "ECT(1)", "CE", ""];
    let mut table = Table::new(classes.row.title, &heads);
    let whole = classes.sum().packets;
    for entry in classes.entries.iter().take(MOST_VALUES) {
        let [not, one, zero, congested] = entry.ecn().map(|packets| match packets {
            0 => Cell::number("-"),
            packets => Cell::number(number(packets)),
        });
        table.row(vec![
            Cell::text(format!("{:>2} {}", entry.value, entry.name)),
            Cell::number(number(entry.tally.packets)),
            Cell::number(percent(entry.tally.packets, whole)),
            not,
            zero,
            one,
            congested,
            Cell::Bar(share(entry.tally.packets, whole) / 100.0),
        ]);
    }
    table.more(classes.entries.len().saturating_sub(MOST_VALUES), "code points");
    table
}

/// Statistics that few packets contribute to, each with the headers or options that are counted.
fn headers(summary: &Summary) -> Table {
    let mut table = Table::new("Fragments, options, extensions", TALLIED);
    let whole = summary.statistics.total().packets;
    let rows = [&fragment::ROW, &option::ROW, &option_type::ROW, &extension::ROW];
    for row in rows {
        // Types stand below the packets that have any.
        let indent = if row.key == option_type::ROW.key { "  " } else { "" };
        for entry in summary.statistics.get(row).unusual() {
            let name = Cell::text(format!("{indent}{}", entry.name));
            table.row(tallied(name, entry.tally, whole));
        }
    }
    table
}

/// How the checksums of each kind of header stand, those in tunnels too.
fn checksums(summary: &Summary) -> Table {
    let checksums = summary.statistics.get(&checksum::ROW);
    let mut table = Table::new(checksums.row.title, &Status::ALL.map(Status::word));
    for (row, counts) in checksum::by_row(&checksums.entries) {
        let mut cells = vec![Cell::text(row.title)];
        for (status, count) in Status::ALL.into_iter().zip(counts) {
            let ink = if status == Status::Bad { Ink::Bad } else { Ink::Plain };
            cells.push(match count {
                0 => Cell::number("-"),
                _ => Cell::Number(ink, number(count)),
            });
        }
        table.row(cells);
    }
    if summary.are_checksums_left_out {
        table.line(Ink::Bad, "others not looked at (--no-checksums)");
    }
    table
}

fn kinds(title: &str, kinds: &[AddressKind]) -> Table {
    let mut table = Table::new(title, &["addresses", "sent from", "sent to", ""]);
    let packets = |kind: &AddressKind| kind.source.packets + kind.destination.packets;
    let whole = kinds.iter().map(packets).sum();
    for kind in kinds.iter().take(MOST_VALUES * 2) {
        table.row(vec![
            Cell::text(kind.name),
            Cell::number(number(kind.addresses)),
            Cell::number(number(kind.source.packets)),
            Cell::number(number(kind.destination.packets)),
            Cell::Bar(share(packets(kind), whole) / 100.0),
        ]);
    }
    table.more(kinds.len().saturating_sub(MOST_VALUES * 2), "of them");
    table
}
