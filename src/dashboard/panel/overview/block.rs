//! The blocks of the overview: one row each.

use std::net::IpAddr;

use ratatui::text::{Line, Span};

use super::began;
use crate::address::describe::label;
use crate::analyze::Tally;
use crate::analyze::count::LENGTH_ENDS;
use crate::base::units;
use crate::dashboard::shown::Shown;
use crate::dashboard::state::State;
use crate::dashboard::table::width as width_of;
use crate::dashboard::text::{line, percent};
use crate::dashboard::theme::{Role, Theme};
use crate::wire::ipv4;

/// One block.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// What stands at the right of the title.
    pub(super) remark: fn(&Shown) -> Option<String>,
    /// Its lines, in so many columns and at most so many.
    pub(super) lines: fn(&State, &Shown, u16, usize) -> Vec<Line<'static>>,
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
        remark: |shown| {
            let count: u64 = shown.snapshot.letters.iter().sum();
            let mark = if shown.snapshot.is_estimated { "~" } else { "" };
            Some(format!("{mark}{} addresses", units::grouped(count)))
        },
        lines: talkers,
        of_three: 1,
        of_two: 1,
        most: 8,
        grows: true,
    },
    Block {
        title: "Protocols",
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
        title: "DSCP and ECN",
        remark: |_| Some("packets".to_owned()),
        lines: classes,
        of_three: 2,
        of_two: 1,
        most: 4,
        grows: false,
    },
    Block {
        title: "Length on the wire",
        remark: |_| Some("packets".to_owned()),
        lines: lengths,
        of_three: 0,
        of_two: 0,
        most: 10,
        grows: false,
    },
];

/// A line with a bar: a name at the left, a share and a number at the right.
fn barred(theme: &Theme, name: &[(Role, &str)], part: u64, whole: u64, width: u16) -> Line<'static> {
    let number = units::grouped(part);
    let tail = format!(" {} {number:>9}", percent(part, whole));
    let used: u16 = name.iter().map(|(_, text)| width_of(text)).sum();
    let wide = if width >= 60 { 16 } else { 8 };
    let room = width.saturating_sub(used + width_of(&tail) + 1);
    let bar_width = room.min(wide);
    let fraction = part as f64 / whole.max(1) as f64;
    let bar = if bar_width < 3 { String::new() } else { theme.bar(fraction, usize::from(bar_width)) };
    let gap = width.saturating_sub(used + width_of(&tail) + width_of(&bar));
    let mut spans: Vec<Span<'static>> = name
        .iter()
        .map(|(role, text)| Span::styled((*text).to_owned(), theme.style(*role)))
        .collect();
    spans.push(Span::raw(" ".repeat(usize::from(gap))));
    spans.push(Span::styled(bar, theme.style(Role::Bar)));
    spans.push(Span::styled(tail, theme.style(Role::Number)));
    Line::from(spans)
}

fn ledger(state: &State, shown: &Shown, _width: u16, _most: usize) -> Vec<Line<'static>> {
    let (theme, snapshot, health) = (&state.theme, &shown.snapshot, &shown.health);
    let [ip, other, undecoded] = snapshot.ledger.map(|tally| units::grouped(tally.packets));
    let known = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), units::grouped);
    let span = snapshot.times.map_or(0, |(first, last)| last.saturating_sub(first));
    let packets = units::grouped(snapshot.total.packets);
    let octets = units::octets(snapshot.total.octets);
    let captured = units::octets(snapshot.captured);
    let drops = [health.kernel, health.interface].map(known);
    let has_drops = health.kernel.unwrap_or(0) + health.interface.unwrap_or(0) + health.application > 0;
    let drop_role = if has_drops { Role::Bad } else { Role::Number };
    let application = units::grouped(health.application);
    let mut lines = vec![
        line(theme, &[
            (Role::Faint, "packets  "),
            (Role::Number, &packets),
            (Role::Faint, " = IP "),
            (Role::Number, &ip),
            (Role::Faint, " + not IP "),
            (Role::Number, &other),
            (Role::Faint, " + undecoded "),
            (if snapshot.ledger[2].packets > 0 { Role::Warn } else { Role::Number }, &undecoded),
        ]),
        line(theme, &[
            (Role::Faint, "octets   "),
            (Role::Number, &octets),
            (Role::Faint, " on the wire, "),
            (Role::Number, &captured),
            (Role::Faint, " captured"),
        ]),
        line(theme, &[(Role::Faint, "lasted   "), (Role::Number, &units::span(span))]),
        line(theme, &[
            (Role::Faint, "drops    kernel "),
            (drop_role, &drops[0]),
            (Role::Faint, "  interface "),
            (drop_role, &drops[1]),
            (Role::Faint, "  application "),
            (drop_role, &application),
        ]),
    ];
    let [good, bad, unverified] = snapshot.checksums;
    if good + bad + unverified > 0 {
        let [good_text, bad_text, cut] = snapshot.checksums.map(units::grouped);
        lines.push(line(theme, &[
            (Role::Faint, "IPv4 sum "),
            (Role::Good, theme.glyph("✔ ", "")),
            (Role::Number, &good_text),
            (Role::Faint, " good  "),
            (if bad > 0 { Role::Bad } else { Role::Faint }, if bad > 0 { theme.glyph("✗ ", "! ") } else { "" }),
            (if bad > 0 { Role::Bad } else { Role::Number }, &bad_text),
            (Role::Faint, " bad  "),
            (Role::Number, &cut),
            (Role::Faint, " unverified"),
        ]));
    }
    let fragments: u64 = snapshot.fragments.iter().map(|tally| tally.packets).sum();
    if fragments > 0 || snapshot.options.packets > 0 {
        let [first, later] = snapshot.fragments.map(|tally| units::grouped(tally.packets));
        let options = units::grouped(snapshot.options.packets);
        lines.push(line(theme, &[
            (Role::Faint, "pieces   first "),
            (Role::Number, &first),
            (Role::Faint, "  later "),
            (Role::Number, &later),
            (Role::Faint, "  IPv4 options "),
            (Role::Number, &options),
        ]));
    }
    let stops: u64 = snapshot.stops.iter().map(|tally| tally.packets).sum();
    if stops > 0 {
        let [cut, malformed, unknown, deep] = snapshot.stops.map(|t| units::grouped(t.packets));
        lines.push(line(theme, &[
            (Role::Warn, theme.glyph("▲ ", "! ")),
            (Role::Faint, "ended  cut "),
            (Role::Warn, &cut),
            (Role::Faint, "  malformed "),
            (Role::Warn, &malformed),
            (Role::Faint, "  unknown "),
            (Role::Warn, &unknown),
            (Role::Faint, "  too deep "),
            (Role::Warn, &deep),
        ]));
    }
    if snapshot.evicted > 0 {
        let evicted = units::grouped(snapshot.evicted);
        lines.push(line(theme, &[
            (Role::Warn, theme.glyph("▲ ", "! ")),
            (Role::Faint, "flows evicted "),
            (Role::Warn, &evicted),
            (Role::Faint, ": counts with ~ are lower bounds"),
        ]));
    }
    if let Some(damage) = &health.damage {
        lines.push(line(theme, &[(Role::Bad, theme.glyph("✗ ", "! ")), (Role::Bad, damage)]));
    }
    lines
}

fn talkers(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let whole = shown.snapshot.total.packets;
    let names: Vec<String> =
        shown.snapshot.talkers.iter().take(most).map(|t| IpAddr::from(t.who).to_string()).collect();
    let widest = names.iter().map(|name| width_of(name)).max().unwrap_or(0);
    let talkers = shown.snapshot.talkers.iter().zip(&names);
    talkers
        .map(|(talk, name)| {
            let padded = format!("{name:<width$}", width = usize::from(widest));
            let kind = format!("  {}", label(talk.who.into()).kind);
            let shares: u16 = 22;
            let fits = widest + width_of(&kind) + shares <= width;
            let parts = [(Role::Source, padded.as_str()), (Role::Faint, if fits { &kind } else { "" })];
            barred(theme, &parts, talk.total().packets, whole, width)
        })
        .collect()
}

fn protocols(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Line<'static>> {
    let whole = shown.snapshot.total.packets;
    let branches = shown.snapshot.protocols.iter().take(most);
    branches
        .map(|branch| {
            let indent = "  ".repeat(branch.depth);
            let parts = [(Role::Faint, indent.as_str()), (Role::Protocol, branch.name)];
            barred(&state.theme, &parts, branch.tally.packets, whole, width)
        })
        .collect()
}

fn kinds(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Line<'static>> {
    let letters = shown.snapshot.letters;
    let whole: u64 = letters.iter().sum();
    if whole == 0 {
        return Vec::new();
    }
    let names = ["A", "B", "C", "D", "E", "IPv6"];
    let counted: Vec<String> = names
        .iter()
        .zip(letters)
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {}", units::grouped(count)))
        .collect();
    let classes = counted.join("  ");
    let first = line(&state.theme, &[(Role::Faint, "class "), (Role::Number, &classes)]);
    let kinds = shown.snapshot.kinds.iter().take(most.saturating_sub(1)).map(|kind| {
        barred(&state.theme, &[(Role::Protocol, kind.name)], kind.addresses, whole, width)
    });
    std::iter::once(first).chain(kinds).collect()
}

/// What a TTL began as, and how many hops that makes: a guess.
fn initial(hops: u8) -> u16 {
    [32, 64, 128, 255].into_iter().find(|&first| u16::from(hops) <= first).unwrap_or(255)
}

fn hops(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Line<'static>> {
    let whole: u64 = shown.snapshot.hops.iter().map(|(_, _, tally)| tally.packets).sum();
    let hops = shown.snapshot.hops.iter().take(most);
    hops.map(|&(is_v6, hops, tally)| {
        let name = format!("{} {hops:>3}", if is_v6 { "hop limit" } else { "TTL      " });
        let away = initial(hops) - u16::from(hops);
        let plural = if away == 1 { "hop" } else { "hops" };
        let guess = format!("  ~{away} {plural}");
        let parts = [(Role::Text, name.as_str()), (Role::Faint, guess.as_str())];
        barred(&state.theme, &parts, tally.packets, whole, width)
    })
    .collect()
}

fn classes(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Line<'static>> {
    let whole: u64 = shown.snapshot.classes.iter().map(|(_, tally)| tally.packets).sum();
    let classes = shown.snapshot.classes.iter().take(most);
    classes
        .map(|&(class, tally)| {
            let name = |field: &crate::wire::Field, code: u8| {
                field.named(code.into()).map_or_else(|| code.to_string(), |(name, _)| name.to_owned())
            };
            let text = format!("{:<6} {}", name(&ipv4::DSCP, class >> 2), name(&ipv4::ECN, class & 3));
            barred(&state.theme, &[(Role::Text, &text)], tally.packets, whole, width)
        })
        .collect()
}

fn lengths(state: &State, shown: &Shown, width: u16, _most: usize) -> Vec<Line<'static>> {
    let whole = shown.snapshot.total.packets;
    let seen = |tally: &Tally| tally.packets > 0;
    let mut least = 0;
    let ranges = LENGTH_ENDS.iter().zip(&shown.snapshot.lengths).map(|(&end, tally)| {
        let from = std::mem::replace(&mut least, end.saturating_add(1));
        (from, end, *tally)
    });
    ranges
        .filter(|(_, _, tally)| seen(tally))
        .map(|(from, end, tally)| {
            let name = if end == u32::MAX { format!("{from} or more") } else { format!("{from}–{end}") };
            barred(&state.theme, &[(Role::Text, &name)], tally.packets, whole, width)
        })
        .collect()
}
