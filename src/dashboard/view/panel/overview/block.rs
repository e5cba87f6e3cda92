//! The blocks of the overview: one row each.

use std::cmp::Reverse;

use ratatui::text::Line;

use crate::analyze::statistic::{
    checksum, dscp, fragment, hierarchy, hop_limit, ledger as places, length, option, stop, ttl,
};
use crate::base::timestamp::TimeDelta;
use crate::base::{columns, units};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::{Role, Theme};
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::block_grid::FilterLine;
use crate::dashboard::view::panel::headers::block::{field_term, hops_term, length_term};
use crate::dashboard::view::table::width as width_of;
use crate::dashboard::view::text::{barred, line, wrapped};
use crate::dashboard::view::time_text;
use crate::decode::anomaly::Severity;
use crate::decode::checksum::{STATUSES, Status};
use crate::report::summary::talker::AddressKind;
use crate::wire::number::ECN;

/// One block.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// What stands at the right of the title.
    pub(super) remark: fn(&ViewData) -> Option<String>,
    /// Its lines, in so many columns and at most so many.
    pub(super) lines: fn(&State, &ViewData, u16, usize) -> Vec<FilterLine>,
    /// Which column it stands in, of three and of two.
    pub(super) of_three: u16,
    pub(super) of_two: u16,
    /// Lines it has at most, unless it grows.
    pub(super) most: u16,
    /// Whether it takes what is left of its column.
    pub(super) grows: bool,
}

/// Every block, in the order of a narrow screen.
pub(super) const BLOCKS: [Block; 7] = [
    Block {
        title: "Ledger",
        remark: began,
        lines: ledger,
        of_three: 2,
        of_two: 1,
        most: 12,
        grows: false,
    },
    Block {
        title: "Top talkers",
        remark: |data| {
            let count = addresses(&data.snapshot.addresses.types);
            let mark = if data.snapshot.are_estimated.1 { "~" } else { "" };
            Some(format!("{mark}{} addresses", units::grouped(count)))
        },
        lines: talkers,
        of_three: 1,
        of_two: 1,
        most: 8,
        grows: true,
    },
    Block {
        title: hierarchy::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: protocols,
        of_three: 0,
        of_two: 0,
        most: 14,
        grows: true,
    },
    Block {
        title: "Address types",
        remark: |_| Some("addresses".to_owned()),
        lines: kinds,
        of_three: 2,
        of_two: 0,
        most: 7,
        grows: false,
    },
    Block {
        title: "TTL and hop limit",
        remark: |_| Some("packets".to_owned()),
        lines: hops,
        of_three: 2,
        of_two: 1,
        most: 5,
        grows: false,
    },
    Block {
        title: dscp::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: classes,
        of_three: 2,
        of_two: 1,
        most: 4,
        grows: false,
    },
    Block {
        title: length::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: lengths,
        of_three: 0,
        of_two: 0,
        most: 10,
        grows: false,
    },
];

/// When the capture began, in words.
fn began(data: &ViewData) -> Option<String> {
    data.snapshot.times.map(|(first, _)| format!("from {} UTC", time_text::date(first)))
}

/// How many addresses there are of some kinds.
fn addresses(kinds: &[AddressKind]) -> u64 {
    kinds.iter().map(|kind| kind.addresses).sum()
}

fn ledger(state: &State, data: &ViewData, width: u16, _most: usize) -> Vec<FilterLine> {
    let (theme, snapshot, run_status) = (&state.theme, &data.snapshot, &data.run_status);
    let number = Role::Number;
    let warn = |count: u64, role: Role| if count > 0 { role } else { number };
    let known = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), units::grouped);
    let span = snapshot.times.map_or(TimeDelta::ZERO, |(first, last)| last - first);
    let packets = units::grouped(snapshot.total.packets);
    let place = |key: &str| data.statistic(&places::ROW).tally(key).packets;
    let counts = ["ip_outer", "non_ip", "undecoded"].map(place);
    let [ip, other, undecoded] = counts.map(units::grouped);
    let octets = units::octets(snapshot.total.octets);
    let captured = units::octets(snapshot.statistics.captured());
    let [kernel, interface] = [run_status.kernel, run_status.interface].map(known);
    let application = units::grouped(run_status.application);
    let mut lines = wrapped(
        theme,
        width,
        "packets   ",
        &[
            &[(number, &packets), (Role::Faint, " =")],
            &[(Role::Faint, "IP "), (number, &ip)],
            &[(Role::Faint, "+ not IP "), (number, &other)],
            &[(Role::Faint, "+ undecoded "), (warn(counts[2], Role::Warn), &undecoded)],
        ],
    );
    lines.extend(wrapped(
        theme,
        width,
        "octets    ",
        &[
            &[(number, &octets), (Role::Faint, " on the wire,")],
            &[(number, &captured), (Role::Faint, " captured")],
        ],
    ));
    lines.extend(wrapped(theme, width, "lasted    ", &[&[(number, &units::span(span))]]));
    lines.extend(wrapped(
        theme,
        width,
        "dropped   ",
        &[
            &[(Role::Faint, "kernel "), (warn(run_status.kernel.unwrap_or(0), Role::Bad), &kernel)],
            &[
                (Role::Faint, "interface "),
                (warn(run_status.interface.unwrap_or(0), Role::Bad), &interface),
            ],
            &[
                (Role::Faint, "application "),
                (warn(run_status.application, Role::Bad), &application),
            ],
        ],
    ));
    if let Some(between) = run_status.between {
        let count = units::grouped(between);
        let parts: &[(Role, &str)] =
            &[(warn(between, Role::Bad), &count), (Role::Faint, " between packets")];
        lines.extend(wrapped(theme, width, "dropped   ", &[parts]));
    }
    lines.extend(troubles(*theme, data, width));
    lines.into_iter().map(FilterLine::from).collect()
}

/// How checksums stand, and which are not right.
fn checksums(theme: Theme, data: &ViewData, width: u16) -> Vec<Line<'static>> {
    let by_row = checksum::by_row(&data.statistic(&checksum::ROW).entries);
    let sum = |status: Status| by_row.iter().map(|(_, counts)| counts[status as usize]).sum();
    let sums: [u64; STATUSES] = Status::ALL.map(sum);
    let mut lines = Vec::new();
    if sums.iter().any(|&count| count > 0) {
        let texts = sums.map(units::grouped);
        let parts = Status::ALL.into_iter().zip(sums.iter().zip(&texts));
        // What there is none of is told only of what should not be.
        let parts = parts.filter(|(status, (count, _))| **count > 0 || *status == Status::Bad);
        let parts: Vec<[(Role, &str); 4]> = parts
            .map(|(status, (&count, text))| {
                let (role, sign) = match status {
                    Status::Good => (Role::Number, (Role::Good, theme.glyph("✔ ", ""))),
                    Status::Bad if count > 0 => (Role::Bad, (Role::Bad, theme.glyph("✗ ", "! "))),
                    _ => (Role::Number, (Role::Faint, "")),
                };
                [sign, (role, text.as_str()), (Role::Faint, " "), (Role::Faint, status.word())]
            })
            .collect();
        let parts: Vec<&[(Role, &str)]> = parts.iter().map(<[_; 4]>::as_slice).collect();
        lines.extend(wrapped(&theme, width, "checksum  ", &parts));
    }
    let names: Vec<_> = by_row.iter().map(|(row, _)| format!("{} ", row.title)).collect();
    let bad = names.iter().zip(&by_row);
    let bad: Vec<_> =
        bad.map(|(name, (_, counts))| (&**name, counts[Status::Bad as usize])).collect();
    lines.extend(listed(theme, width, "bad sums  ", &bad, Role::Bad));
    lines
}

/// The lines about what is not as it should be, or seldom is.
fn troubles(theme: Theme, data: &ViewData, width: u16) -> Vec<Line<'static>> {
    let (snapshot, run_status) = (&data.snapshot, &data.run_status);
    let number = Role::Number;
    let mut lines = anomalies(theme, data, width);
    lines.extend(checksums(theme, data, width));
    let of_both = |keys: [&str; 2]| -> u64 {
        keys.iter().map(|key| data.statistic(&fragment::ROW).tally(key).packets).sum()
    };
    let few = [
        ("first ", of_both(["ipv4_first", "ipv6_first"])),
        ("later ", of_both(["ipv4_later", "ipv6_later"])),
        ("IPv4 options ", data.statistic(&option::ROW).sum().packets),
    ];
    lines.extend(listed(theme, width, "fragment  ", &few, number));
    let stops = &data.statistic(&stop::ROW).entries;
    let names: Vec<_> = stops.iter().map(|entry| format!("{} ", entry.name)).collect();
    let stops = names.iter().zip(stops).map(|(name, entry)| (&**name, entry.tally.packets));
    lines.extend(listed(theme, width, "stopped   ", &stops.collect::<Vec<_>>(), Role::Warn));
    if snapshot.evicted > 0 {
        let evicted = units::grouped(snapshot.evicted);
        lines.extend(wrapped(
            &theme,
            width,
            "evicted   ",
            &[
                &[(Role::Warn, &evicted), (Role::Faint, " flows:")],
                &[(Role::Faint, "counts with ~ are lower bounds")],
            ],
        ));
    }
    if let Some(damage) = &run_status.damage {
        let words: Vec<[(Role, &str); 1]> =
            damage.split(' ').map(|word| [(Role::Bad, word)]).collect();
        let words: Vec<&[(Role, &str)]> = words.iter().map(<[_; 1]>::as_slice).collect();
        lines.extend(wrapped(&theme, width, "damaged   ", &words));
    }
    lines
}

/// Names with the packets of each, where there are any.
fn listed(
    theme: Theme,
    width: u16,
    what: &'static str,
    counts: &[(&str, u64)],
    role: Role,
) -> Vec<Line<'static>> {
    let texts: Vec<_> = counts.iter().map(|(_, count)| units::grouped(*count)).collect();
    let pieces: Vec<[(Role, &str); 2]> = counts
        .iter()
        .zip(&texts)
        .filter(|((_, count), _)| *count > 0)
        .map(|((name, _), text)| [(Role::Faint, *name), (role, text.as_str())])
        .collect();
    let pieces: Vec<&[(Role, &str)]> = pieces.iter().map(<[_; 2]>::as_slice).collect();
    if pieces.is_empty() { Vec::new() } else { wrapped(&theme, width, what, &pieces) }
}

/// How many anomalies there are of each severity.
fn anomalies(theme: Theme, data: &ViewData, width: u16) -> Vec<Line<'static>> {
    let count = |severity: Severity| {
        let rows = data.snapshot.anomalies.rows.iter();
        let counts = rows.filter(|row| row.row.severity == severity).map(|row| row.count);
        counts.fold(0, u64::saturating_add)
    };
    let counts = [
        (Role::Bad, theme.glyph("✗ ", "! "), count(Severity::Error), " error", " errors"),
        (Role::Warn, theme.glyph("▲ ", "* "), count(Severity::Warning), " warning", " warnings"),
        (Role::Number, theme.glyph("• ", "- "), count(Severity::Note), " note", " notes"),
    ];
    let seen = || counts.iter().filter(|(.., count, _, _)| *count > 0);
    let texts: Vec<String> = seen().map(|(.., count, _, _)| units::grouped(*count)).collect();
    let pieces: Vec<[(Role, &str); 3]> = seen()
        .zip(&texts)
        .map(|((role, glyph, count, one, many), text)| {
            [
                (*role, *glyph),
                (*role, text.as_str()),
                (Role::Faint, if *count == 1 { one } else { many }),
            ]
        })
        .collect();
    let mut pieces: Vec<&[(Role, &str)]> = pieces.iter().map(<[_; 3]>::as_slice).collect();
    if pieces.is_empty() {
        return Vec::new();
    }
    pieces.push(&[(Role::Faint, "(press 8)")]);
    wrapped(&theme, width, "anomalies ", &pieces)
}

fn talkers(state: &State, data: &ViewData, width: u16, most: usize) -> Vec<FilterLine> {
    let theme = &state.theme;
    let whole = data.snapshot.total.packets;
    let talkers = || data.snapshot.talkers.iter().take(most);
    let names: Vec<String> = talkers().map(|talker| talker.address.to_string()).collect();
    let widest = names.iter().map(|name| width_of(name)).max().unwrap_or(0);
    talkers()
        .zip(&names)
        .map(|(talker, name)| {
            let padded = columns::padded(name, usize::from(widest));
            let kind = format!("  {}", talker.kind);
            let shares: u16 = 24;
            let fits = widest + width_of(&kind) + shares <= width;
            let parts =
                [(Role::Source, padded.as_str()), (Role::Faint, if fits { &kind } else { "" })];
            let line = barred(*theme, &parts, talker.total().packets, whole, width);
            FilterLine::new(line, filter_expr::of_address(talker.address))
        })
        .collect()
}

fn protocols(state: &State, data: &ViewData, width: u16, most: usize) -> Vec<FilterLine> {
    let whole = data.snapshot.total.packets;
    let branches = data.statistic(&hierarchy::ROW).entries.iter().take(most);
    branches
        .filter_map(|entry| Some((entry, entry.node()?)))
        .map(|(entry, (depth, path))| {
            let indent = "  ".repeat(depth.into());
            let parts = [(Role::Faint, indent.as_str()), (Role::Protocol, &entry.name)];
            let line = barred(state.theme, &parts, entry.tally.packets, whole, width);
            // What every frame begins with leaves nothing out.
            let term = (depth > 0).then(|| data.snapshot.header_stacks.filter(path));
            FilterLine { line, term }
        })
        .collect()
}

fn kinds(state: &State, data: &ViewData, width: u16, most: usize) -> Vec<FilterLine> {
    let seen = &data.snapshot.addresses;
    let whole = addresses(&seen.types);
    if whole == 0 {
        return Vec::new();
    }
    let v6 = whole - addresses(&seen.classes);
    let classes = seen.classes.iter().map(|kind| (kind.name, kind.addresses));
    let counted: Vec<String> = classes
        .chain([("IPv6", v6)])
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {}", units::grouped(count)))
        .collect();
    let classes = counted.join("  ");
    let first = line(&state.theme, &[(Role::Faint, "class "), (Role::Number, &classes)]);
    let kinds = seen.types.iter().take(most.saturating_sub(1)).map(|kind| {
        // It counts addresses, and no filter knows their types.
        FilterLine::from(barred(
            state.theme,
            &[(Role::Protocol, kind.name)],
            kind.addresses,
            whole,
            width,
        ))
    });
    std::iter::once(first.into()).chain(kinds).collect()
}

fn hops(state: &State, data: &ViewData, width: u16, most: usize) -> Vec<FilterLine> {
    let both = [(false, data.statistic(&ttl::ROW)), (true, data.statistic(&hop_limit::ROW))];
    let whole: u64 = both.iter().map(|(_, hops)| hops.sum().packets).sum();
    let mut all: Vec<_> = both
        .iter()
        .flat_map(|&(is_v6, hops)| hops.entries.iter().map(move |entry| (is_v6, entry)))
        .collect();
    all.sort_by_key(|(is_v6, entry)| (Reverse(entry.tally), *is_v6, entry.value));
    all.into_iter()
        .take(most)
        .map(|(is_v6, entry)| {
            let value = entry.value;
            let name = format!("{} {value:>3}", if is_v6 { "hop limit" } else { "TTL      " });
            let guess = match entry.passed() {
                None => String::new(),
                Some(1) => "  ~1 hop".to_owned(),
                Some(passed) => format!("  ~{passed} hops"),
            };
            // Of one width, so that the shares stand below each other.
            let guess = format!("{guess:<10}");
            let parts = [(Role::Text, name.as_str()), (Role::Faint, guess.as_str())];
            let line = barred(state.theme, &parts, entry.tally.packets, whole, width);
            FilterLine::new(line, hops_term(data, is_v6, value, value))
        })
        .collect()
}

/// The pairs of DSCP and ECN with most packets.
fn classes(state: &State, data: &ViewData, width: u16, most: usize) -> Vec<FilterLine> {
    let classes = data.statistic(&dscp::ROW);
    let whole = classes.sum().packets;
    let mut pairs: Vec<_> = classes
        .entries
        .iter()
        .flat_map(|entry| {
            ECN.iter().zip(entry.ecn()).map(move |(ecn, packets)| (entry, ecn, packets))
        })
        .filter(|(.., packets)| *packets > 0)
        .collect();
    pairs.sort_by_key(|&(entry, ecn, packets)| (Reverse(packets), entry.value, ecn.0));
    pairs
        .into_iter()
        .take(most)
        .map(|(entry, ecn, packets)| {
            let text = format!("{:<6} {}", entry.key, ecn.1);
            let line = barred(state.theme, &[(Role::Text, &text)], packets, whole, width);
            let parts = [("dscp", entry.value), ("ecn", ecn.0.into())];
            FilterLine::new(
                line,
                parts.map(|(part, code)| field_term(data, part, code)).join(" && "),
            )
        })
        .collect()
}

fn lengths(state: &State, data: &ViewData, width: u16, _most: usize) -> Vec<FilterLine> {
    let whole = data.snapshot.total.packets;
    let seen = data.statistic(&length::ROW).entries.iter().filter(|entry| entry.tally.packets > 0);
    seen.filter_map(|entry| Some((entry, entry.range()?)))
        .map(|(entry, (from, end))| {
            let name =
                if end == u32::MAX { format!("{from} or more") } else { format!("{from}–{end}") };
            let parts = [(Role::Text, name.as_str())];
            let line = barred(state.theme, &parts, entry.tally.packets, whole, width);
            FilterLine::new(line, length_term(from, end))
        })
        .collect()
}
