//! The parts of a summary, in the order in which someone on call wants them.

use crate::analyze::Tally;
use crate::analyze::talk::TalkCounts;
use crate::base::units::{grouped, octets, span};
use crate::decode::layers::Reason;
use crate::report::summary::{Conversation, Endpoint, Flow, Hops, Named, Share, Summary};
use crate::report::words;

use super::super::clock::Clock;
use super::super::page::{Page, Row, Shares, Table};
use super::super::text::{Ink, width};

/// What, when and how much.
pub(super) fn headline(page: &mut Page, summary: &Summary, clock: &Clock) {
    if !summary.sources.is_empty() {
        page.fact(Ink::Strong, "Capture", &summary.sources.join(", "));
    }
    if let Some(filter) = &summary.filter {
        let (shown, seen) = (grouped(summary.total.packets), grouped(summary.seen));
        page.fact(Ink::Plain, "Filter", &format!("{filter} ({shown} of {seen} packets)"));
    }
    if let Some((first, last)) = summary.times {
        let (mut text, mut end) = (String::new(), String::new());
        clock.write(&mut text, Some(first), 6);
        clock.write(&mut end, Some(last), 6);
        // The same day need not be said twice.
        let day = text.split_once(' ').filter(|(day, _)| end.starts_with(day));
        let end = day.map_or(end.as_str(), |(day, _)| end.get(day.len() + 1..).unwrap_or(&end));
        let zone = if matches!(clock, Clock::Utc) { " UTC" } else { "" };
        let lasted = joined(&span(last.saturating_sub(first)));
        let text = format!("{text} to {end}{zone}, {lasted}");
        page.fact(Ink::Plain, "Time", &text);
    }
    let Tally { packets, octets: wire } = summary.total;
    let captured = if summary.captured_bytes == wire {
        "all captured".to_owned()
    } else {
        format!("{} captured", joined(&octets(summary.captured_bytes)))
    };
    let text = match packets {
        0 => "none".to_owned(),
        _ => format!("{}, {} on the wire, {captured}", grouped(packets), joined(&octets(wire))),
    };
    page.fact(Ink::Strong, "Packets", &text);
    rate(page, summary, clock);
    talkers(page, summary);
}

fn rate(page: &mut Page, summary: &Summary, clock: &Clock) {
    let Some(rate) = summary.rate else { return };
    let bits = joined(&decimal_unit(rate.bits));
    let mut text = format!("{} packets/s, {bits}bit/s", joined(&decimal(rate.packets)));
    if let Some(peak) = rate.peak {
        words::append(
            &mut text,
            format_args!(
                "; busiest {}: {} packet{}, {}, at ",
                joined(&span(peak.width)),
                grouped(peak.tally.packets),
                plural(peak.tally.packets, "s"),
                joined(&octets(peak.tally.octets)),
            ),
        );
        let mut at = String::new();
        clock.write(&mut at, Some(peak.time), 3);
        // The day is that of the capture, or at least within it.
        text.push_str(at.split_once(' ').map_or(at.as_str(), |(_, time)| time));
    }
    page.fact(Ink::Plain, "Rate", &text);
}

fn talkers(page: &mut Page, summary: &Summary) {
    if summary.flows.seen == 0 {
        return;
    }
    let about = if summary.estimated { "~" } else { "" };
    let live = summary.flows.live;
    let mut text = format!("{about}{}", grouped(summary.flows.seen));
    if summary.flows.evicted > 0 {
        words::append(&mut text, format_args!(" ({} still kept)", grouped(live)));
    }
    page.fact(Ink::Plain, "Flows", &text);
    page.fact(Ink::Plain, "Talkers", &talks(summary.all, about));
    if summary.outer != summary.all {
        page.fact(Ink::Plain, "  outermost", &talks(summary.outer, about));
    }
}

/// `12 IPv4 conversations of 9 addresses, 3 IPv6 of 4`.
fn talks(counts: TalkCounts, about: &str) -> String {
    let version = |name: &str, conversations: u64, endpoints: u64| {
        (conversations > 0).then(|| {
            let (talks, ends) = (grouped(conversations), grouped(endpoints));
            let (s, es) = (plural(conversations, "s"), plural(endpoints, "es"));
            format!("{about}{talks} {name} conversation{s} of {about}{ends} address{es}")
        })
    };
    let v4 = version("IPv4", counts.ipv4_conversations, counts.ipv4_endpoints);
    let v6 = version("IPv6", counts.ipv6_conversations, counts.ipv6_endpoints);
    let both: Vec<String> = v4.into_iter().chain(v6).collect();
    both.join(", ")
}

/// Text that no line may end in.
fn joined(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

fn plural(count: u64, ending: &str) -> &str {
    if count == 1 { "" } else { ending }
}

/// What is wrong, if anything is.
pub(super) fn attention(page: &mut Page, summary: &Summary) {
    let mut lines = Vec::new();
    if let Some(damage) = &summary.damage {
        lines.push(format!("damaged: {damage}"));
    }
    let drops = summary.intake.map(|intake| intake.drops).unwrap_or_default();
    let evicted = summary.flows.evicted;
    let counts = [
        (drops.kernel, "packet", "dropped by the kernel; a larger --buffer may help"),
        (drops.interface, "packet", "dropped by the interface"),
        (drops.application, "packet", "dropped here, for want of speed"),
        (drops.unread, "packet", "left in the kernel's ring at the end"),
        (summary.ledger.undecoded.packets, "packet", "not decoded as far as IP or something else"),
        (stop(summary, Reason::Truncated), "packet", "cut inside a header"),
        (stop(summary, Reason::Malformed), "packet", "with headers that contradict themselves"),
        (stop(summary, Reason::Unknown), "packet", "of a link type that is not read here"),
        (stop(summary, Reason::TooDeep), "packet", "with more headers than are followed"),
        (
            summary.checksums.bad,
            "IPv4 header",
            "with a wrong checksum; if sent from here, the card may still fill it in",
        ),
        (evicted, "flow", "gone to make room; counts with ~ are lower bounds"),
        (
            summary.other_protocols.packets,
            "packet",
            "of rare makes left out of the protocols below",
        ),
    ];
    for (count, what, why) in counts {
        if count > 0 {
            lines.push(format!("{} {what}{} {why}", grouped(count), plural(count, "s")));
        }
    }
    if lines.is_empty() {
        return;
    }
    page.gap();
    page.line(Ink::Strong, "Attention");
    for line in lines {
        page.item(Ink::Bad, "!", &line);
    }
}

fn stop(summary: &Summary, reason: Reason) -> u64 {
    let found = summary.stops.iter().find(|row| row.name == reason.word());
    found.map_or(0, |row| row.share.tally.packets)
}

/// The tables, empty ones with them.
pub(super) fn tables(page: &Page, summary: &Summary) -> Vec<Table> {
    let arrow = page.either("↔", "<>");
    let to = page.either("→", "->");
    let about = if summary.estimated { "~" } else { "" };
    vec![
        protocols(summary),
        conversations(&summary.conversations, arrow, about),
        flows(&summary.top_flows, to),
        endpoints(&summary.endpoints, about),
        hops("TTL of IPv4", &summary.ttl),
        hops("Hop limit of IPv6", &summary.hop_limit),
        marks(summary),
        lengths(page, summary),
        fragments(summary),
        extensions(summary),
        checksums(summary),
        named("Depth of tunnels", &summary.depths),
        kinds(summary),
        letters(summary),
        named("Interfaces", &summary.interfaces),
    ]
}

/// Heads of tables with shares.
const SHARED: [&str; 2] = ["packets", "bytes"];

fn shared(title: &str, rows: impl Iterator<Item = (String, Share)>) -> Table {
    let rows = rows.map(|(label, share)| Row {
        label,
        cells: vec![grouped(share.tally.packets), octets(share.tally.octets)],
        percent: Some(share.percent),
    });
    Table {
        title: title.to_owned(),
        heads: SHARED.to_vec(),
        shares: Shares::Bar,
        rows: rows.collect(),
    }
}

fn named(title: &str, rows: &[Named]) -> Table {
    shared(title, rows.iter().map(|row| (row.name.clone(), row.share)))
}

fn protocols(summary: &Summary) -> Table {
    shared(
        "Protocols",
        summary
            .protocols
            .iter()
            .map(|row| (format!("{:indent$}{}", "", row.name, indent = row.depth * 2), row.share)),
    )
}

fn conversations(rows: &[Conversation], arrow: &str, about: &str) -> Table {
    let rows = rows.iter().map(|row| Row {
        label: format!("{} {arrow} {}", row.ends.0, row.ends.1),
        cells: vec![
            format!("{about}{}", grouped(row.share.tally.packets)),
            octets(row.forth.octets),
            octets(row.back.octets),
        ],
        percent: Some(row.share.percent),
    });
    Table {
        title: "Top conversations".to_owned(),
        heads: vec!["packets", "bytes >", "bytes <"],
        shares: Shares::Percent,
        rows: rows.collect(),
    }
}

fn flows(rows: &[Flow], to: &str) -> Table {
    let end = |address: std::net::IpAddr, port: Option<u16>| match port {
        None => address.to_string(),
        Some(port) => std::net::SocketAddr::new(address, port).to_string(),
    };
    let rows = rows.iter().map(|row| {
        let mut proto = row.proto_name.clone();
        if let Some(kind) = row.icmp_type {
            words::append(&mut proto, format_args!(" type {kind}"));
        }
        if row.is_nameless {
            proto.push_str(" (fragments)");
        }
        let from = end(row.ends.0, row.ports.map(|ports| ports.0));
        let target = end(row.ends.1, row.ports.map(|ports| ports.1));
        Row {
            label: format!("{proto} {from} {to} {target}"),
            cells: vec![
                grouped(row.share.tally.packets),
                octets(row.share.tally.octets),
                row.duration.map_or_else(String::new, span),
            ],
            percent: None,
        }
    });
    Table {
        title: "Top flows".to_owned(),
        heads: vec!["packets", "bytes", "lasted"],
        shares: Shares::None,
        rows: rows.collect(),
    }
}

/// Columns of the widest address behind which kinds line up.
const KIND_AT: usize = 16;

fn endpoints(rows: &[Endpoint], about: &str) -> Table {
    // Kinds line up below each other but for the widest addresses.
    let addresses = rows.iter().map(|row| width(&row.address.to_string()));
    let column = addresses.filter(|&width| width <= KIND_AT).max().unwrap_or(0);
    let rows = rows.iter().map(|row| Row {
        label: format!("{:<column$}  {}", row.address.to_string(), row.kind),
        cells: vec![
            format!("{about}{}", grouped(row.share.tally.packets)),
            octets(row.sent.octets),
            octets(row.received.octets),
        ],
        percent: Some(row.share.percent),
    });
    Table {
        title: "Top addresses".to_owned(),
        heads: vec!["packets", "sent", "received"],
        shares: Shares::Percent,
        rows: rows.collect(),
    }
}

fn hops(title: &str, hops: &Hops) -> Table {
    let label = |left: u8, inferred: Option<(u8, u8)>| match inferred {
        None => format!("{left:>3}"),
        Some((initial, 1)) => format!("{left:>3}  ~1 hop from {initial}"),
        Some((initial, passed)) => format!("{left:>3}  ~{passed} hops from {initial}"),
    };
    let rows = hops.top.iter().map(|hop| (label(hop.left, hop.inferred), hop.share));
    let more = hops.values.saturating_sub(hops.top.len());
    let others = (more > 0).then(|| (format!("{more} other values"), hops.others));
    shared(title, rows.chain(others))
}

fn marks(summary: &Summary) -> Table {
    let name =
        |name: Option<&str>, number: u8| name.map_or_else(|| number.to_string(), str::to_owned);
    // Where nothing is marked there is nothing to show.
    let is_marked = summary.marks.iter().any(|mark| mark.dscp != 0 || mark.ecn != 0);
    let rows = summary.marks.iter().filter(|_| is_marked).map(|mark| {
        (
            format!("{:<5} {}", name(mark.dscp_name, mark.dscp), name(mark.ecn_name, mark.ecn)),
            mark.share,
        )
    });
    shared("DSCP and ECN", rows)
}

fn lengths(page: &Page, summary: &Summary) -> Table {
    let dash = page.either("–", "-");
    let rows = summary.lengths.iter().map(|range| {
        let label = match range.to {
            Some(to) => format!("{:>4} {dash} {to}", range.from),
            None => format!("{:>4} and more", range.from),
        };
        (label, range.share)
    });
    shared("Lengths on the wire", rows)
}

fn fragments(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (version, pieces) in [("IPv4", summary.ipv4_fragments), ("IPv6", summary.ipv6_fragments)] {
        for (which, share) in [("first", pieces.first), ("later", pieces.later)] {
            if share.tally.packets > 0 {
                rows.push((format!("{version} {which} fragments"), share));
            }
        }
    }
    shared("Fragments", rows.into_iter())
}

fn extensions(summary: &Summary) -> Table {
    let ip = summary.ledger.ip.packets;
    let options = Some(summary.ipv4_options)
        .filter(|tally| tally.packets > 0)
        .map(|tally| ("IPv4 with options".to_owned(), Share::of(tally, ip)));
    let headers = summary.extensions.iter().map(|row| (row.title.to_owned(), row.share));
    shared("Options and extension headers", options.into_iter().chain(headers))
}

fn checksums(summary: &Summary) -> Table {
    let sums = summary.checksums;
    let rows = [("good", sums.good), ("bad", sums.bad), ("unverified", sums.unverified)];
    let all = sums.good.saturating_add(sums.bad).saturating_add(sums.unverified);
    let rows = rows.iter().filter(|row| row.1 > 0).map(|&(name, count)| Row {
        label: name.to_owned(),
        cells: vec![grouped(count)],
        percent: Some(Share::of(Tally { packets: count, octets: 0 }, all).percent),
    });
    Table {
        title: "IPv4 header checksums".to_owned(),
        heads: vec!["headers"],
        shares: Shares::Bar,
        // All good is no news.
        rows: if sums.good == all { Vec::new() } else { rows.collect() },
    }
}

fn kinds(summary: &Summary) -> Table {
    let rows = summary.kinds.iter().map(|kind| {
        let mut label = kind.name.to_owned();
        if !kind.block.is_empty() {
            label = format!("{label}: {}", kind.block);
        }
        (label, kind.addresses, kind.tally)
    });
    addresses("Kinds of addresses", rows)
}

fn letters(summary: &Summary) -> Table {
    let rows = summary.classes.iter();
    let rows = rows.map(|class| (format!("class {}", class.name), class.addresses, class.tally));
    addresses("IPv4 address classes", rows)
}

fn addresses(title: &str, rows: impl Iterator<Item = (String, u64, Tally)>) -> Table {
    let rows = rows.map(|(label, addresses, tally)| Row {
        label,
        cells: vec![grouped(addresses), grouped(tally.packets), octets(tally.octets)],
        percent: None,
    });
    Table {
        title: title.to_owned(),
        heads: vec!["addresses", "packets", "bytes"],
        shares: Shares::None,
        rows: rows.collect(),
    }
}

/// A rate with as many digits as are worth reading.
fn decimal(number: f64) -> String {
    if number >= 1e4 { decimal_unit(number).trim_end().to_owned() } else { format!("{number:.1}") }
}

/// A rate in decimal units, a space behind it for the unit's name: `120.6 k`, `1.2 G`.
fn decimal_unit(number: f64) -> String {
    let mut value = number;
    for unit in ["", "k", "M", "G"] {
        if value < 999.95 {
            return format!("{value:.1} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} T")
}
