//! The blocks of the overview: one row each.

use std::net::IpAddr;

use ratatui::text::Line;

use super::began;
use crate::address::describe::label;
use crate::analyze::Tally;
use crate::analyze::count::LENGTH_ENDS;
use crate::base::timestamp::TimeDelta;
use crate::base::units;
use crate::dashboard::board::Bar;
use crate::dashboard::panel::headers::block::{field_term, hops_term, length_term};
use crate::dashboard::panel::headers::passed;
use crate::dashboard::shown::Shown;
use crate::dashboard::state::State;
use crate::dashboard::table::width as width_of;
use crate::dashboard::text::{address_filter, barred, line, wrapped};
use crate::dashboard::theme::{Role, Theme};
use crate::decode::odd::Severity;
use crate::wire::ipv4;

/// One block.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// What stands at the right of the title.
    pub(super) remark: fn(&Shown) -> Option<String>,
    /// Its lines, in so many columns and at most so many.
    pub(super) lines: fn(&State, &Shown, u16, usize) -> Vec<Bar>,
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

fn ledger(state: &State, shown: &Shown, width: u16, _most: usize) -> Vec<Bar> {
    let (theme, snapshot, health) = (&state.theme, &shown.snapshot, &shown.health);
    let number = Role::Number;
    let warn = |count: u64, role: Role| if count > 0 { role } else { number };
    let known = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), units::grouped);
    let span = snapshot.times.map_or(TimeDelta::ZERO, |(first, last)| last - first);
    let packets = units::grouped(snapshot.total.packets);
    let [ip, other, undecoded] = snapshot.ledger.map(|tally| units::grouped(tally.packets));
    let octets = units::octets(snapshot.total.octets);
    let captured = units::octets(snapshot.captured);
    let [kernel, interface] = [health.kernel, health.interface].map(known);
    let application = units::grouped(health.application);
    let mut lines = wrapped(
        theme,
        width,
        "packets  ",
        &[
            &[(number, &packets), (Role::Faint, " =")],
            &[(Role::Faint, "IP "), (number, &ip)],
            &[(Role::Faint, "+ not IP "), (number, &other)],
            &[
                (Role::Faint, "+ undecoded "),
                (warn(snapshot.ledger[2].packets, Role::Warn), &undecoded),
            ],
        ],
    );
    lines.extend(wrapped(
        theme,
        width,
        "octets   ",
        &[
            &[(number, &octets), (Role::Faint, " on the wire,")],
            &[(number, &captured), (Role::Faint, " captured")],
        ],
    ));
    lines.extend(wrapped(theme, width, "lasted   ", &[&[(number, &units::span(span))]]));
    lines.extend(wrapped(
        theme,
        width,
        "dropped  ",
        &[
            &[(Role::Faint, "kernel "), (warn(health.kernel.unwrap_or(0), Role::Bad), &kernel)],
            &[
                (Role::Faint, "interface "),
                (warn(health.interface.unwrap_or(0), Role::Bad), &interface),
            ],
            &[(Role::Faint, "application "), (warn(health.application, Role::Bad), &application)],
        ],
    ));
    if let Some(between) = health.between {
        let count = units::grouped(between);
        let parts: &[(Role, &str)] =
            &[(warn(between, Role::Bad), &count), (Role::Faint, " between packets")];
        lines.extend(wrapped(theme, width, "dropped  ", &[parts]));
    }
    lines.extend(troubles(*theme, shown, width));
    lines.into_iter().map(Bar::from).collect()
}

/// The lines about what is not as it should be, or seldom is.
fn troubles(theme: Theme, shown: &Shown, width: u16) -> Vec<Line<'static>> {
    let (snapshot, health) = (&shown.snapshot, &shown.health);
    let number = Role::Number;
    let warn = |count: u64, role: Role| if count > 0 { role } else { number };
    let mut lines = odd(theme, shown, width);
    let sums = snapshot.checksums;
    if sums.iter().any(|&count| count > 0) {
        let [good, bad, unverified] = sums.map(units::grouped);
        let cross = if sums[1] > 0 { theme.glyph("✗ ", "! ") } else { "" };
        lines.extend(wrapped(
            &theme,
            width,
            "IPv4 sum ",
            &[
                &[(Role::Good, theme.glyph("✔ ", "")), (number, &good), (Role::Faint, " good")],
                &[(Role::Bad, cross), (warn(sums[1], Role::Bad), &bad), (Role::Faint, " bad")],
                &[(number, &unverified), (Role::Faint, " unverified")],
            ],
        ));
    }
    let fragments: u64 = snapshot.fragments.iter().map(|tally| tally.packets).sum();
    if fragments > 0 || snapshot.options.packets > 0 {
        let [first, later] = snapshot.fragments.map(|tally| units::grouped(tally.packets));
        let options = units::grouped(snapshot.options.packets);
        lines.extend(wrapped(
            &theme,
            width,
            "pieces   ",
            &[
                &[(Role::Faint, "first "), (number, &first)],
                &[(Role::Faint, "later "), (number, &later)],
                &[(Role::Faint, "IPv4 options "), (number, &options)],
            ],
        ));
    }
    if snapshot.stops.iter().any(|tally| tally.packets > 0) {
        let names = ["cut ", "malformed ", "unknown ", "too deep "];
        let counts = snapshot.stops.map(|tally| units::grouped(tally.packets));
        let pieces: Vec<[(Role, &str); 2]> = names
            .iter()
            .zip(&counts)
            .zip(&snapshot.stops)
            .filter(|(_, tally)| tally.packets > 0)
            .map(|((name, count), _)| [(Role::Faint, *name), (Role::Warn, count.as_str())])
            .collect();
        let pieces: Vec<&[(Role, &str)]> = pieces.iter().map(<[_; 2]>::as_slice).collect();
        lines.extend(wrapped(&theme, width, "stopped  ", &pieces));
    }
    if snapshot.evicted > 0 {
        let evicted = units::grouped(snapshot.evicted);
        lines.extend(wrapped(
            &theme,
            width,
            "evicted  ",
            &[
                &[(Role::Warn, &evicted), (Role::Faint, " flows:")],
                &[(Role::Faint, "counts with ~ are lower bounds")],
            ],
        ));
    }
    if let Some(damage) = &health.damage {
        let words: Vec<[(Role, &str); 1]> =
            damage.split(' ').map(|word| [(Role::Bad, word)]).collect();
        let words: Vec<&[(Role, &str)]> = words.iter().map(<[_; 1]>::as_slice).collect();
        lines.extend(wrapped(&theme, width, "damaged  ", &words));
    }
    lines
}

/// How much is odd, by how bad it is.
fn odd(theme: Theme, shown: &Shown, width: u16) -> Vec<Line<'static>> {
    let count = |severity: Severity| {
        let rows = shown.snapshot.findings.rows.iter();
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
    pieces.push(&[(Role::Faint, "(8)")]);
    wrapped(&theme, width, "odd      ", &pieces)
}

fn talkers(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Bar> {
    let theme = &state.theme;
    let whole = shown.snapshot.total.packets;
    let names: Vec<String> = shown
        .snapshot
        .talkers
        .rows
        .iter()
        .take(most)
        .map(|t| IpAddr::from(t.who).to_string())
        .collect();
    let widest = names.iter().map(|name| width_of(name)).max().unwrap_or(0);
    let talkers = shown.snapshot.talkers.rows.iter().zip(&names);
    talkers
        .map(|(talk, name)| {
            let padded = format!("{name:<width$}", width = usize::from(widest));
            let kind = format!("  {}", label(talk.who.into()).kind);
            let shares: u16 = 24;
            let fits = widest + width_of(&kind) + shares <= width;
            let parts =
                [(Role::Source, padded.as_str()), (Role::Faint, if fits { &kind } else { "" })];
            let line = barred(*theme, &parts, talk.total().packets, whole, width);
            Bar::new(line, address_filter(talk.who))
        })
        .collect()
}

fn protocols(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Bar> {
    let whole = shown.snapshot.total.packets;
    let branches = shown.snapshot.protocols.iter().take(most);
    branches
        .map(|branch| {
            let indent = "  ".repeat(branch.depth);
            let parts = [(Role::Faint, indent.as_str()), (Role::Protocol, branch.name)];
            let line = barred(state.theme, &parts, branch.tally.packets, whole, width);
            // What every frame begins with leaves nothing out.
            let term = (branch.depth > 0).then(|| shown.snapshot.makes.filter(branch.path));
            Bar { line, term }
        })
        .collect()
}

fn kinds(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Bar> {
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
        // It counts addresses, and no filter knows their types.
        Bar::from(barred(state.theme, &[(Role::Protocol, kind.name)], kind.addresses, whole, width))
    });
    std::iter::once(first.into()).chain(kinds).collect()
}

fn hops(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Bar> {
    let whole: u64 = shown.snapshot.hops.iter().map(|(_, _, tally)| tally.packets).sum();
    let hops = shown.snapshot.hops.iter().take(most);
    hops.map(|&(is_v6, hops, tally)| {
        let name = format!("{} {hops:>3}", if is_v6 { "hop limit" } else { "TTL      " });
        let guess = match passed(hops) {
            None => String::new(),
            Some(1) => "  ~1 hop".to_owned(),
            Some(passed) => format!("  ~{passed} hops"),
        };
        // Of one width, so that the shares stand below each other.
        let guess = format!("{guess:<10}");
        let parts = [(Role::Text, name.as_str()), (Role::Faint, guess.as_str())];
        let line = barred(state.theme, &parts, tally.packets, whole, width);
        Bar::new(line, hops_term(shown, is_v6, hops, hops))
    })
    .collect()
}

fn classes(state: &State, shown: &Shown, width: u16, most: usize) -> Vec<Bar> {
    let whole: u64 = shown.snapshot.classes.iter().map(|(_, tally)| tally.packets).sum();
    let classes = shown.snapshot.classes.iter().take(most);
    classes
        .map(|&(class, tally)| {
            let name = |field: &crate::wire::Field, code: u8| {
                field
                    .named(code.into())
                    .map_or_else(|| code.to_string(), |(name, _)| name.to_owned())
            };
            let text =
                format!("{:<6} {}", name(&ipv4::DSCP, class >> 2), name(&ipv4::ECN, class & 3));
            let line = barred(state.theme, &[(Role::Text, &text)], tally.packets, whole, width);
            let parts = [("dscp", class >> 2), ("ecn", class & 3)];
            Bar::new(line, parts.map(|(part, code)| field_term(shown, part, code)).join(" && "))
        })
        .collect()
}

fn lengths(state: &State, shown: &Shown, width: u16, _most: usize) -> Vec<Bar> {
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
            let name =
                if end == u32::MAX { format!("{from} or more") } else { format!("{from}–{end}") };
            let line = barred(state.theme, &[(Role::Text, &name)], tally.packets, whole, width);
            Bar::new(line, length_term(from, end))
        })
        .collect()
}
