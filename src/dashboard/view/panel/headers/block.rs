//! The blocks of the headers: one row each.

use crate::analyze::statistic::{
    Entry, Row, dscp, extension, flow_label, fragment, hop_limit, length, option, option_type, ttl,
};
use crate::base::{columns, units};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::block_grid::FilterLine;
use crate::dashboard::view::text::{barred, line};
use crate::report::summary::Statistic;

/// One block.
pub(super) struct Block {
    pub(super) title: &'static str,
    /// What stands at the right of the title.
    pub(super) remark: fn(&ViewData) -> Option<String>,
    /// Its lines, in so many columns; none where it has nothing to say.
    pub(super) lines: fn(&State, &ViewData, u16) -> Vec<FilterLine>,
    /// Which column it stands in, of three and of two.
    pub(super) of_three: usize,
    pub(super) of_two: usize,
}

/// Every block, in the order of a narrow screen.
pub(super) const BLOCKS: [Block; 10] = [
    Block {
        title: ttl::ROW.title,
        remark: |data| Some(distinct(data, &ttl::ROW)),
        lines: |state, data, width| hops(state, data, width, &ttl::ROW),
        of_three: 0,
        of_two: 0,
    },
    Block {
        title: hop_limit::ROW.title,
        remark: |data| Some(distinct(data, &hop_limit::ROW)),
        lines: |state, data, width| hops(state, data, width, &hop_limit::ROW),
        of_three: 0,
        of_two: 0,
    },
    Block {
        title: "TCP connections",
        remark: |data| counted(data.snapshot.connections.flows, "flows"),
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
        title: dscp::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: marks,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: fragment::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: fragments,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: option::ROW.title,
        remark: |data| counted(data.statistic(&option::ROW).sum().packets, "packets with any"),
        lines: options,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: extension::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: extensions,
        of_three: 2,
        of_two: 1,
    },
    Block {
        title: flow_label::ROW.title,
        remark: |_| Some("packets".to_owned()),
        lines: labels,
        of_three: 0,
        of_two: 1,
    },
    Block {
        title: length::ROW.title,
        remark: |data| {
            let total = data.snapshot.total;
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

/// Values that stand together then, so that packets of one initial value do.
const TOGETHER: u64 = 8;

fn counted(count: u64, noun: &str) -> Option<String> {
    (count > 0).then(|| format!("{} {noun}", units::grouped(count)))
}

fn distinct(data: &ViewData, row: &Row) -> String {
    let count = data.statistic(row).entries.len();
    format!("{count} value{}, ~hops passed", if count == 1 { "" } else { "s" })
}

/// The values in their order, with the hops that packets seem to have passed.
fn hops(state: &State, data: &ViewData, width: u16, row: &Row) -> Vec<FilterLine> {
    let statistic = data.statistic(row);
    let mut all: Vec<&Entry> = statistic.entries.iter().collect();
    all.sort_by_key(|entry| entry.value);
    let whole = statistic.sum().packets;
    let dash = state.theme.glyph("–", "-");
    let is_many = all.len() > MOST;
    // Initial values end a range of eight: 57–64, 121–128, 249–255.
    let range = |value: u64| if is_many { value.saturating_sub(1) / TOGETHER } else { value };
    let ranges = all.chunk_by(|a, b| range(a.value) == range(b.value));
    ranges
        .filter_map(|some| Some((some.first()?, some.last()?, some)))
        .map(|(first, last, some)| {
            let packets = some.iter().map(|entry| entry.tally.packets).sum();
            let (least, greatest) = (first.value, last.value);
            let (value, guess) = if least == greatest {
                let guess = first.passed().map(|hops| format!("~{hops}"));
                (format!("{least:>3}"), guess.unwrap_or_default())
            } else {
                let guess = last.passed().zip(first.passed());
                let guess = guess.map(|(least, most)| format!("~{least}{dash}{most}"));
                (format!("{least:>3}{dash}{greatest}"), guess.unwrap_or_default())
            };
            let pad = if is_many { 8 } else { 4 };
            let (value, guess) = (format!("{value:<pad$}"), format!(" {guess:<pad$}"));
            // A packet with one hop left goes no further; TTL 0 must never be seen on a wire.
            let role = if least <= 1 { Role::Warn } else { Role::Text };
            let parts = [(role, value.as_str()), (Role::Faint, &guess)];
            let line = barred(state.theme, &parts, packets, whole, width);
            let is_v6 = row.key == hop_limit::ROW.key;
            FilterLine::new(line, hops_term(data, is_v6, least, greatest))
        })
        .collect()
}

/// The filter of a TTL or hop limit in the outermost header, or of some next to each other.
pub(in crate::dashboard::view::panel) fn hops_term(
    data: &ViewData,
    is_v6: bool,
    first: u64,
    last: u64,
) -> String {
    let name = if is_v6 { "ipv6.hlim#1" } else { "ip.ttl#1" };
    let term = if first == last {
        format!("{name} == {first}")
    } else {
        format!("{name} in {{{first}..{last}}}")
    };
    data.snapshot.header_stacks.outermost(is_v6, &term)
}

/// The filter of a part of the octet for DSCP and ECN in the outermost header, whichever it is.
pub(in crate::dashboard::view::panel) fn field_term(
    data: &ViewData,
    part: &str,
    code: u64,
) -> String {
    let names = [(false, "ip.dsfield"), (true, "ipv6.tclass")];
    let terms = names.map(|(is_v6, name)| {
        data.snapshot.header_stacks.outermost(is_v6, &format!("{name}.{part}#1 == {code}"))
    });
    format!("({})", terms.join(" || "))
}

/// The filter of lengths on the wire in octets.
pub(in crate::dashboard::view::panel) fn length_term(from: u32, end: u32) -> String {
    match end {
        u32::MAX => format!("frame.len >= {from}"),
        _ => format!("frame.len in {{{from}..{end}}}"),
    }
}

/// A table of DSCP by ECN: congestion experienced stands out.
fn marks(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    const ECN: [&str; 4] = ["Not-ECT", "ECT(1)", "ECT(0)", "CE"];
    let mut codes: Vec<&Entry> = data.statistic(&dscp::ROW).entries.iter().collect();
    if codes.is_empty() {
        return Vec::new();
    }
    codes.sort_by_key(|entry| entry.value);
    let cell = usize::from(width.saturating_sub(11) / 4).clamp(7, 12);
    let [not, one, zero, congested] = ECN;
    let heading = format!("{:11}{not:>cell$}{one:>cell$}{zero:>cell$}{congested:>cell$}", "");
    let mut lines = vec![FilterLine::from(line(&state.theme, &[(Role::Title, &heading)]))];
    for code in codes {
        let text = |count: u64| match count {
            0 => format!("{:>cell$}", "·"),
            _ if units::grouped(count).len() < cell => format!("{:>cell$}", units::grouped(count)),
            _ => format!("{:>cell$}", units::count(count)),
        };
        let cells = code.ecn();
        let texts = cells.map(text);
        let name = format!("{:>2} {:<8}", code.value, code.name);
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
        lines.push(FilterLine::new(
            line(&state.theme, &parts),
            field_term(data, "dscp", code.value),
        ));
    }
    lines
}

fn lengths(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let whole = data.snapshot.total.packets;
    let seen = data.statistic(&length::ROW).entries.iter().filter(|entry| entry.tally.packets > 0);
    seen.filter_map(|entry| Some((entry, entry.range()?)))
        .map(|(entry, (from, end))| {
            let dash = state.theme.glyph("–", "-");
            let name = match end {
                u32::MAX => format!("{from:>4} or more"),
                _ => format!("{from:>4}{dash}{end:<4}"),
            };
            let parts = [(Role::Text, name.as_str())];
            let line = barred(state.theme, &parts, entry.tally.packets, whole, width);
            FilterLine::new(line, length_term(from, end))
        })
        .collect()
}

/// How connections went: what an engineer looks for first when "it does not connect".
fn connections(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let all = data.snapshot.connections;
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

fn flags(state: &State, data: &ViewData, _width: u16) -> Vec<FilterLine> {
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
    let all = data.snapshot.connections;
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
        FilterLine::new(line(&state.theme, &parts), *term)
    });
    std::iter::once(heading).chain(lines).filter(|_| all.flows > 0).collect()
}

/// A bar an entry, as a share of all of them, with the filter that finds it where there is one.
fn bars(
    state: &State,
    (statistic, whole): (&Statistic, u64),
    width: u16,
    role: impl Fn(&Entry) -> Role,
    term: impl Fn(&Entry) -> Option<String>,
) -> Vec<FilterLine> {
    let widest = statistic.entries.iter().map(|entry| columns::width(&entry.name)).max();
    let widest = widest.unwrap_or(0);
    let bars = statistic.entries.iter().map(|entry| {
        let name = columns::padded(&entry.name, widest);
        let parts = [(role(entry), name.as_str())];
        let line = barred(state.theme, &parts, entry.tally.packets, whole, width);
        FilterLine { line, term: term(entry) }
    });
    bars.collect()
}

fn fragments(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let fragments = data.statistic(&fragment::ROW);
    let term = |entry: &Entry| {
        let term = match &*entry.key {
            "ipv4_whole" => "ip.flags.mf#1 == 0 && ip.frag_offset#1 == 0",
            "ipv4_first" => "ip.flags.mf#1 == 1 && ip.frag_offset#1 == 0",
            "ipv4_later" => "ip.frag_offset#1 > 0",
            "ipv6_whole" => "ipv6 && !(ipv6.fraghdr.more#1 == 1 || ipv6.fraghdr.offset#1 > 0)",
            "ipv6_first" => "ipv6.fraghdr.more#1 == 1 && ipv6.fraghdr.offset#1 == 0",
            "ipv6_later" => "ipv6.fraghdr.offset#1 > 0",
            _ => return None,
        };
        Some(data.snapshot.header_stacks.outermost(entry.key.starts_with("ipv6"), term))
    };
    bars(state, (fragments, fragments.sum().packets), width, |_| Role::Text, term)
}

fn options(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let whole = data.statistic(&option::ROW).sum().packets;
    // Source routes are an attack nowadays (RFC 7126, section 4.3).
    let role =
        |entry: &Entry| if matches!(entry.value, 131 | 137) { Role::Warn } else { Role::Text };
    let term = |entry: &Entry| {
        let term = format!("ip.opt.type#1 == {}", entry.value);
        Some(data.snapshot.header_stacks.outermost(false, &term))
    };
    bars(state, (data.statistic(&option_type::ROW), whole), width, role, term)
}

fn labels(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let labels = data.statistic(&flow_label::ROW);
    let term = |entry: &Entry| {
        let term = if entry.key == "set" { "ipv6.flow#1 > 0" } else { "ipv6.flow#1 == 0" };
        Some(data.snapshot.header_stacks.outermost(true, term))
    };
    bars(state, (labels, labels.sum().packets), width, |_| Role::Text, term)
}

fn extensions(state: &State, data: &ViewData, width: u16) -> Vec<FilterLine> {
    let whole = data.snapshot.total.packets;
    let term = |entry: &Entry| Some(entry.key.to_string());
    bars(state, (data.statistic(&extension::ROW), whole), width, |_| Role::Protocol, term)
}
