//! The blocks of the headers: one row each.

use super::passed;
use crate::analyze::count::LENGTH_ENDS;
use crate::base::units;
use crate::dashboard::board::Bar;
use crate::dashboard::shown::Shown;
use crate::dashboard::state::State;
use crate::dashboard::text::{barred, line};
use crate::dashboard::theme::Role;
use crate::wire::{ipv4, ipv4_option};

/// One block.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// What stands at the right of the title.
    pub(super) remark: fn(&Shown) -> Option<String>,
    /// Its lines, in so many columns; none where it has nothing to say.
    pub(super) lines: fn(&State, &Shown, u16) -> Vec<Bar>,
    /// Which column it stands in, of three and of two.
    pub(super) of_three: usize,
    pub(super) of_two: usize,
}

/// Every block, in the order of a narrow screen.
pub(super) const BLOCKS: [Block; 10] = [
    Block {
        title: "IPv4 TTL",
        remark: |shown| Some(distinct(shown, false)),
        lines: |state, shown, width| hops(state, shown, width, false),
        of_three: 0,
        of_two: 0,
    },
    Block {
        title: "IPv6 hop limit",
        remark: |shown| Some(distinct(shown, true)),
        lines: |state, shown, width| hops(state, shown, width, true),
        of_three: 0,
        of_two: 0,
    },
    Block {
        title: "TCP connections",
        remark: |shown| counted(shown.snapshot.connections.flows, "flows"),
        lines: connections,
        of_three: 1,
        of_two: 1,
    },
    Block {
        title: "TCP flags",
        remark: |_| Some("flows with it".to_owned()),
        lines: flags,
        of_three: 1,
        of_two: 1,
    },
    Block {
        title: "DSCP and ECN",
        remark: |_| Some("packets".to_owned()),
        lines: marks,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: "Fragments",
        remark: |_| Some("packets".to_owned()),
        lines: fragments,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: "IPv4 options",
        remark: |shown| counted(shown.snapshot.options.packets, "packets with any"),
        lines: options,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: "IPv6 extension headers",
        remark: |_| Some("packets".to_owned()),
        lines: extensions,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: "IPv6 flow label",
        remark: |_| Some("packets".to_owned()),
        lines: labels,
        of_three: 0,
        of_two: 1,
    },
    Block {
        title: "Length on the wire",
        remark: |shown| {
            let total = shown.snapshot.total;
            let mean = total.octets.checked_div(total.packets)?;
            Some(format!("mean {}", units::octets(mean)))
        },
        lines: lengths,
        of_three: 1,
        of_two: 0,
    },
];

/// Of more values than so many, neighbours stand together.
const MOST: usize = 24;

/// Values that stand together then: hosts that began with the same are not parted.
const TOGETHER: u8 = 8;

fn counted(count: u64, noun: &str) -> Option<String> {
    (count > 0).then(|| format!("{} {noun}", units::grouped(count)))
}

fn distinct(shown: &Shown, is_v6: bool) -> String {
    let count = shown.snapshot.hops.iter().filter(|hops| hops.0 == is_v6).count();
    format!("{count} value{}, ~hops passed", if count == 1 { "" } else { "s" })
}

/// The values in their order, with the hops that packets seem to have passed.
fn hops(state: &State, shown: &Shown, width: u16, is_v6: bool) -> Vec<Bar> {
    let mut all: Vec<_> = shown.snapshot.hops.iter().filter(|hops| hops.0 == is_v6).collect();
    all.sort_by_key(|hops| hops.1);
    let whole = all.iter().map(|hops| hops.2.packets).sum();
    let dash = state.theme.glyph("–", "-");
    let is_many = all.len() > MOST;
    // Initial values end a range of eight: 57–64, 121–128, 249–255.
    let range = |value: u8| if is_many { value.saturating_sub(1) / TOGETHER } else { value };
    let ranges = all.chunk_by(|a, b| range(a.1) == range(b.1));
    ranges
        .filter_map(|some| Some((some.first()?.1, some.last()?.1, some)))
        .map(|(first, last, some)| {
            let packets = some.iter().map(|hops| hops.2.packets).sum();
            let (value, guess) = if first == last {
                let guess = passed(first).map(|hops| format!("~{hops}"));
                (format!("{first:>3}"), guess.unwrap_or_default())
            } else {
                let guess = passed(last).zip(passed(first));
                let guess = guess.map(|(least, most)| format!("~{least}{dash}{most}"));
                (format!("{first:>3}{dash}{last}"), guess.unwrap_or_default())
            };
            let pad = if is_many { 8 } else { 4 };
            let (value, guess) = (format!("{value:<pad$}"), format!(" {guess:<pad$}"));
            // A packet with one hop left goes no further; TTL 0 must never be seen on a wire.
            let role = if first <= 1 { Role::Warn } else { Role::Text };
            let parts = [(role, value.as_str()), (Role::Faint, &guess)];
            let line = barred(state.theme, &parts, packets, whole, width);
            Bar::new(line, hops_term(shown, is_v6, first, last))
        })
        .collect()
}

/// The filter of a TTL or hop limit in the outermost header, or of some next to each other.
pub(in crate::dashboard::panel) fn hops_term(
    shown: &Shown,
    is_v6: bool,
    first: u8,
    last: u8,
) -> String {
    let name = if is_v6 { "ipv6.hlim#1" } else { "ip.ttl#1" };
    let term = if first == last {
        format!("{name} == {first}")
    } else {
        format!("{name} in {{{first}..{last}}}")
    };
    shown.snapshot.makes.outermost(is_v6, &term)
}

/// The filter of a part of the octet for DSCP and ECN in the outermost header, whichever it is.
pub(in crate::dashboard::panel) fn field_term(shown: &Shown, part: &str, code: u8) -> String {
    let names = [(false, "ip.dsfield"), (true, "ipv6.tclass")];
    let terms = names.map(|(is_v6, name)| {
        shown.snapshot.makes.outermost(is_v6, &format!("{name}.{part}#1 == {code}"))
    });
    format!("({})", terms.join(" || "))
}

/// The filter of lengths on the wire in octets.
pub(in crate::dashboard::panel) fn length_term(from: u32, end: u32) -> String {
    match end {
        u32::MAX => format!("frame.len >= {from}"),
        _ => format!("frame.len in {{{from}..{end}}}"),
    }
}

/// A table of DSCP by ECN: congestion experienced stands out.
fn marks(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    const ECN: [&str; 4] = ["Not-ECT", "ECT(1)", "ECT(0)", "CE"];
    let classes = &shown.snapshot.classes;
    if classes.is_empty() {
        return Vec::new();
    }
    let cell = usize::from(width.saturating_sub(11) / 4).clamp(7, 12);
    let [not, one, zero, congested] = ECN;
    let heading = format!("{:11}{not:>cell$}{one:>cell$}{zero:>cell$}{congested:>cell$}", "");
    let mut lines = vec![Bar::from(line(&state.theme, &[(Role::Title, &heading)]))];
    let mut codes: Vec<u8> = classes.iter().map(|(class, _)| class >> 2).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let packets = |ecn: u8| {
            let found = classes.iter().find(|(class, _)| *class == code << 2 | ecn);
            found.map_or(0, |(_, tally)| tally.packets)
        };
        let name = ipv4::DSCP.named(code.into()).map_or("", |(name, _)| name);
        let text = |count: u64| match count {
            0 => format!("{:>cell$}", "·"),
            _ if units::grouped(count).len() < cell => format!("{:>cell$}", units::grouped(count)),
            _ => format!("{:>cell$}", units::count(count)),
        };
        let cells = [0, 1, 2, 3].map(packets);
        let texts = cells.map(text);
        let name = format!("{code:>2} {name:<8}");
        let role = |ecn: usize| match cells[ecn] {
            0 => Role::Faint,
            _ if ecn == 3 => Role::Warn,
            _ => Role::Number,
        };
        let parts = [
            (Role::Text, name.as_str()),
            (role(0), texts[0].as_str()),
            (role(1), texts[1].as_str()),
            (role(2), texts[2].as_str()),
            (role(3), texts[3].as_str()),
        ];
        lines.push(Bar::new(line(&state.theme, &parts), field_term(shown, "dscp", code)));
    }
    lines
}

fn lengths(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let whole = shown.snapshot.total.packets;
    let mut least = 0;
    let ranges = LENGTH_ENDS.iter().zip(&shown.snapshot.lengths).map(|(&end, tally)| {
        let from = std::mem::replace(&mut least, end.saturating_add(1));
        (from, end, *tally)
    });
    ranges
        .filter(|(_, _, tally)| tally.packets > 0)
        .map(|(from, end, tally)| {
            let dash = state.theme.glyph("–", "-");
            let name = match end {
                u32::MAX => format!("{from:>4} or more"),
                _ => format!("{from:>4}{dash}{end:<4}"),
            };
            let line = barred(state.theme, &[(Role::Text, &name)], tally.packets, whole, width);
            Bar::new(line, length_term(from, end))
        })
        .collect()
}

/// How connections went: what an engineer looks for first when "it does not connect".
fn connections(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let all = shown.snapshot.connections;
    let rows = [
        ("opened", all.opened, Role::Text),
        ("closed by both", all.closed, Role::Text),
        ("reset after opening", all.reset, Role::Warn),
        ("refused by reset", all.refused, Role::Warn),
        ("SYN not answered", all.unanswered, Role::Warn),
    ];
    if all.flows == 0 {
        return Vec::new();
    }
    rows.iter()
        .map(|&(name, count, role)| {
            let role = if count > 0 { role } else { Role::Faint };
            let name = format!("{name:<19}");
            // No filter of packets knows how a connection went.
            barred(state.theme, &[(role, &name)], count, all.flows, width).into()
        })
        .collect()
}

fn flags(state: &State, shown: &Shown, _width: u16) -> Vec<Bar> {
    const NAMES: [(&str, &str); 8] = [
        ("CWR", "tcp.flags.cwr == 1"),
        ("ECE", "tcp.flags.ece == 1"),
        ("URG", "tcp.flags.urg == 1"),
        ("ACK", "tcp.flags.ack == 1"),
        ("PSH", "tcp.flags.push == 1"),
        ("RST", "tcp.flags.reset == 1"),
        ("SYN", "tcp.flags.syn == 1"),
        ("FIN", "tcp.flags.fin == 1"),
    ];
    let all = shown.snapshot.connections;
    let seen = NAMES.iter().zip(all.flags).filter(|(_, counts)| counts.iter().any(|&n| n > 0));
    let heading = format!("{:>18}{:>15}", "from opener", "to opener");
    let heading = line(&state.theme, &[(Role::Title, &heading)]).into();
    let lines = seen.map(|((name, term), [forth, back])| {
        let (to, from) = (state.theme.glyph("→", ">"), state.theme.glyph("←", "<"));
        let text = |count: u64| format!("{:>11}", units::grouped(count));
        let parts = [
            (Role::Text, *name),
            (Role::Source, &*format!("  {to}{}", text(forth))),
            (Role::Destination, &*format!("  {from}{}", text(back))),
        ];
        Bar::new(line(&state.theme, &parts), *term)
    });
    std::iter::once(heading).chain(lines).filter(|_| all.flows > 0).collect()
}

fn fragments(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let names = [
        [
            ("IPv4 whole", "ip.flags.mf#1 == 0 && ip.frag_offset#1 == 0"),
            ("IPv4 first piece", "ip.flags.mf#1 == 1 && ip.frag_offset#1 == 0"),
            ("IPv4 later piece", "ip.frag_offset#1 > 0"),
        ],
        [
            ("IPv6 whole", "ipv6 && !(ipv6.fraghdr.more#1 == 1 || ipv6.fraghdr.offset#1 > 0)"),
            ("IPv6 first piece", "ipv6.fraghdr.more#1 == 1 && ipv6.fraghdr.offset#1 == 0"),
            ("IPv6 later piece", "ipv6.fraghdr.offset#1 > 0"),
        ],
    ];
    let all = shown.snapshot.seen.fragments;
    let whole = all.iter().flatten().map(|tally| tally.packets).sum();
    let pairs = names.iter().flatten().zip(all.iter().flatten());
    pairs
        .filter(|(_, tally)| tally.packets > 0)
        .map(|((name, term), tally)| {
            let name = format!("{name:<17}");
            let line = barred(state.theme, &[(Role::Text, &name)], tally.packets, whole, width);
            Bar::new(line, shown.snapshot.makes.outermost(name.starts_with("IPv6"), term))
        })
        .collect()
}

fn options(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let whole = shown.snapshot.options.packets;
    let mut options = shown.snapshot.seen.options.clone();
    options.sort_by_key(|&(kind, tally)| (std::cmp::Reverse(tally), kind));
    let options = options.into_iter().map(|(kind, tally)| {
        let named = ipv4_option::TYPE.named(kind.into());
        let name = named.map_or_else(|| format!("type {kind}"), |(name, _)| name.to_owned());
        // Source routes are an attack nowadays (RFC 7126, section 4.3).
        let role = if matches!(kind, 131 | 137) { Role::Warn } else { Role::Text };
        let line = barred(state.theme, &[(role, &name)], tally.packets, whole, width);
        let term = format!("ip.opt.type#1 == {kind}");
        Bar::new(line, shown.snapshot.makes.outermost(false, &term))
    });
    options.collect()
}

/// Routers tell flows apart by the label, and have to look deeper where there is none (RFC 6438).
fn labels(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let counts = shown.snapshot.seen.labels;
    let whole = counts.iter().sum();
    let rows = [("set", "ipv6.flow#1 > 0"), ("zero, for none", "ipv6.flow#1 == 0")];
    let rows = rows.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    rows.map(|((name, term), count)| {
        let name = format!("{name:<17}");
        let line = barred(state.theme, &[(Role::Text, &name)], count, whole, width);
        Bar::new(line, shown.snapshot.makes.outermost(true, term))
    })
    .collect()
}

fn extensions(state: &State, shown: &Shown, width: u16) -> Vec<Bar> {
    let whole = shown.snapshot.total.packets;
    let seen = &shown.snapshot.seen.extensions;
    seen.iter()
        .map(|(name, tally)| {
            let parts = [(Role::Protocol, *name)];
            Bar::new(barred(state.theme, &parts, tally.packets, whole, width), *name)
        })
        .collect()
}
