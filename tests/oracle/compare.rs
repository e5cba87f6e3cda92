//! What the library makes of each packet, in the terms of the reference set.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;

use ipeek::analyze::conversation::count;
use ipeek::analyze::traffic::HeaderScope;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::decode::{Role, Span};
use ipeek::wire::{
    Field, Layer, Value, fragment, icmp, icmpv6, ipv4, ipv6, routing, tcp, udp, udplite,
};
use ipeek::wire::{dccp, sctp};

use super::Reasons;
use super::expected::{File, Row, rows};
use super::known::{KNOWN, Known};
use crate::packets::{Decoded, frames};

/// How many were judged and how many of them are right.
#[derive(Default)]
pub(super) struct Score {
    /// Right and judged, by what is compared.
    pub(super) parts: BTreeMap<&'static str, (u64, u64)>,
    pub(super) reasons: Reasons,
    pub(super) wrong_counts: u64,
    /// What of [`KNOWN`] did differ: place and part.
    pub(super) known: BTreeSet<(usize, &'static str)>,
    /// What differs and is not in [`KNOWN`].
    pub(super) unknown: Vec<String>,
}

impl Score {
    fn note(
        &mut self,
        part: &'static str,
        verdict: Result<(), String>,
        (file, number): (&str, u64),
        protocols: &str,
    ) {
        let (right, judged) = self.parts.entry(part).or_default();
        *judged += 1;
        let Err(mut reason) = verdict else {
            *right += 1;
            return;
        };
        let same = |known: &Known| {
            known.file == file && known.number == number && known.parts().any(|known| known == part)
        };
        let example = format!("{file} #{number} {protocols}");
        match KNOWN.iter().position(same) {
            Some(at) => {
                self.known.insert((at, part));
                reason = format!("for good: {}", KNOWN[at].why);
            }
            None => self.unknown.push(format!("{part}: {reason} in {example}")),
        }
        let reason = format!("{part}: {reason}");
        self.reasons.entry(reason).or_insert((0, example)).0 += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (part, (right, judged)) in other.parts {
            let sum = self.parts.entry(part).or_default();
            *sum = (sum.0 + right, sum.1 + judged);
        }
        for (reason, (count, example)) in other.reasons {
            self.reasons.entry(reason).or_insert((0, example)).0 += count;
        }
        self.wrong_counts += other.wrong_counts;
        self.known.extend(other.known);
        self.unknown.extend(other.unknown);
    }

    /// Compares a capture.
    pub(super) fn judge(&mut self, folder: &Path, file: &File) {
        let expected = rows(folder, &file.name);
        let owned = frames(&folder.join("captures").join(&file.name));
        if owned.len() != expected.len() {
            self.wrong_counts += 1;
            return;
        }
        let mut analysis =
            Analysis::new(Settings::default(), &foldhash::quality::RandomState::default());
        let mut records = PacketRecords::default();
        let mut is_right = true;
        for (owned, row) in owned.into_iter().zip(&expected) {
            let place = (file.name.as_str(), owned.number);
            let decoded = Decoded::of(owned);
            records.push(&decoded.packet(), &mut Vec::new());
            if !row.is_judged() {
                continue;
            }
            let verdict = layers(&decoded, row);
            is_right &= verdict.is_ok();
            self.note("headers", verdict, place, &row.protocols);
            if !row.transports.is_empty() {
                self.note("transports", transports(&decoded, row), place, &row.protocols);
            }
            if row.has_frame() {
                self.note("frames", frame(&decoded, row), place, &row.protocols);
            }
        }
        if is_right {
            analysis.fold(&mut records, &mut []);
            self.note("statistics", statistics(&analysis, file), (&file.name, 0), "");
        }
    }
}

/// What is compared of an IP header: field and value as text, `-` where it was not captured.
struct Seen {
    version: &'static str,
    role: &'static str,
    fields: Vec<(&'static str, String)>,
}

/// Fields of an IPv4 header in the order of the reference set.
const V4: [(&str, &Field); 13] = [
    ("src", &ipv4::SRC),
    ("dst", &ipv4::DST),
    ("hdr_len", &ipv4::HDR_LEN),
    ("dscp", &ipv4::DSCP),
    ("ecn", &ipv4::ECN),
    ("total_len", &ipv4::LEN),
    ("id", &ipv4::ID),
    ("flags", &ipv4::FLAGS),
    ("frag_offset", &ipv4::FRAG_OFFSET),
    ("ttl", &ipv4::TTL),
    ("proto", &ipv4::PROTO),
    ("checksum", &ipv4::CHECKSUM),
    ("status", &ipv4::CHECKSUM),
];

/// Fields of an IPv6 header in that order, before its extension headers.
const V6: [(&str, &Field); 8] = [
    ("src", &ipv6::SRC),
    ("dst", &ipv6::DST),
    ("dscp", &ipv6::DSCP),
    ("ecn", &ipv6::ECN),
    ("flow", &ipv6::FLOW),
    ("plen", &ipv6::PLEN),
    ("nxt", &ipv6::NXT),
    ("hlim", &ipv6::HLIM),
];

/// What stands behind them.
const V6_REST: [&str; 4] = ["ext", "frag_offset", "frag_more", "frag_id"];

/// What the reference set calls each extension header.
const EXTENSIONS: [(Layer, &str); 9] = [
    (Layer::HopByHop, "hop"),
    (Layer::Routing, "rt"),
    (Layer::Fragment, "frag"),
    (Layer::Destination, "dst"),
    (Layer::Ah, "ah"),
    (Layer::Esp, "esp"),
    (Layer::Mobility, "mip"),
    (Layer::Hip, "hip"),
    (Layer::Shim6, "shim6"),
];

fn seen(decoded: &Decoded) -> Vec<Seen> {
    let packet = decoded.packet();
    let mut all: Vec<Seen> = Vec::new();
    let mut owner = None;
    for &span in decoded.layers.spans() {
        let header = packet.header(span);
        let extension = EXTENSIONS.iter().find(|(layer, _)| *layer == span.layer);
        if matches!(span.layer, Layer::Ipv4 | Layer::Ipv6) {
            owner = Some(all.len());
            all.push(ip(decoded, span, header));
        } else if let (Some((_, name)), Some(at)) = (extension, owner) {
            if all[at].version == "6" {
                extend(&mut all[at], name, header);
            }
        } else if span.layer.header().class != ipeek::wire::header::Class::Transport {
            // What follows a tunnel's header is not the extension of what came before it.
            owner = None;
        }
    }
    all
}

fn ip(decoded: &Decoded, span: Span, header: &[u8]) -> Seen {
    let value = |field: &Field| match field.value(header) {
        Some(Value::Ipv4(octets)) => IpAddr::from(octets).to_string(),
        Some(Value::Ipv6(octets)) => IpAddr::from(octets).to_string(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "-".to_owned(),
    };
    let role = match span.role {
        Role::Outer | Role::Beside => "o",
        Role::Tunnel => "t",
        Role::Quoted => "q",
        Role::Copy => "a",
    };
    if span.layer == Layer::Ipv6 {
        let mut fields: Vec<_> = V6.iter().map(|(name, field)| (*name, value(field))).collect();
        fields.extend(V6_REST.iter().map(|name| (*name, "-".to_owned())));
        return Seen { version: "6", role, fields };
    }
    let mut fields: Vec<_> = V4.iter().map(|(name, field)| (*name, value(field))).collect();
    if let Some(Value::Number(sum)) = ipv4::CHECKSUM.value(header) {
        fields[11].1 = format!("0x{sum:04x}");
        fields[12].1 = ipeek::decode::check::ipv4_checksum(header).word().into();
    }
    debug_assert!(span.end() <= decoded.owned.bytes.len());
    Seen { version: "4", role, fields }
}

/// Notes an extension header under the IPv6 header before it.
fn extend(owner: &mut Seen, name: &str, header: &[u8]) {
    let name = match (name, routing::TYPE.bits(header)) {
        ("rt", Some(kind)) => format!("rt{kind}"),
        ("rt", None) => "rt-".to_owned(),
        _ => name.to_owned(),
    };
    let is_first = !owner.fields[8].1.split('+').any(|other| other == "frag");
    if name == "frag" && is_first {
        for (at, field) in [(9, &fragment::OFFSET), (10, &fragment::MORE), (11, &fragment::IDENT)] {
            owner.fields[at].1 = match field.value(header) {
                Some(Value::Number(number)) => number.to_string(),
                Some(Value::Flag(flag)) => u8::from(flag).to_string(),
                _ => "-".to_owned(),
            };
        }
    }
    let extensions = &mut owner.fields[8].1;
    *extensions = if extensions == "-" { name } else { format!("{extensions}+{name}") };
}

fn layers(decoded: &Decoded, row: &Row) -> Result<(), String> {
    let seen = seen(decoded);
    if seen.len() != row.layers.len() {
        return Err(format!("{} IP layers, expected {}", seen.len(), row.layers.len()));
    }
    for (ours, theirs) in seen.iter().zip(&row.layers) {
        if ours.version != theirs[0] {
            return Err("version".into());
        }
        if ours.role != theirs[1] {
            return Err(format!("role {}, expected {}", ours.role, theirs[1]));
        }
        for ((name, ours), theirs) in ours.fields.iter().zip(&theirs[2..]) {
            if !is_same(name, ours, theirs) {
                return Err(format!("{name} {ours}, expected {theirs}"));
            }
        }
    }
    let inside = |span: &Span| span.end() <= decoded.owned.bytes.len();
    if !decoded.layers.spans().iter().all(inside) {
        return Err("a span outside the frame".into());
    }
    Ok(())
}

/// Whether a value is tshark's; one that tshark did not reach is anything, but for a chain.
fn is_same(name: &str, ours: &str, theirs: &str) -> bool {
    match name {
        "ext" => ours == theirs,
        _ if theirs == "-" => true,
        "src" | "dst" => ours.parse::<IpAddr>().ok() == theirs.parse().ok() && ours != "-",
        "flow" => {
            let digits = theirs.trim_start_matches("0x");
            let radix = if digits.len() < theirs.len() { 16 } else { 10 };
            ours.parse().ok() == u32::from_str_radix(digits, radix).ok()
        }
        _ => ours == theirs,
    }
}

/// Transport headers, and the fields that the reference set tells of each.
const TRANSPORTS: [(Layer, &str, &Field, &Field); 7] = [
    (Layer::Tcp, "tcp", &tcp::SRCPORT, &tcp::DSTPORT),
    (Layer::Udp, "udp", &udp::SRCPORT, &udp::DSTPORT),
    (Layer::UdpLite, "udplite", &udplite::SRCPORT, &udplite::DSTPORT),
    (Layer::Sctp, "sctp", &sctp::SRCPORT, &sctp::DSTPORT),
    (Layer::Dccp, "dccp", &dccp::SRCPORT, &dccp::DSTPORT),
    (Layer::Icmp, "icmp", &icmp::TYPE, &icmp::CODE),
    (Layer::Icmpv6, "icmpv6", &icmpv6::TYPE, &icmpv6::CODE),
];

/// The outermost and the innermost transport are compared.
fn transports(decoded: &Decoded, row: &Row) -> Result<(), String> {
    let packet = decoded.packet();
    let seen: Vec<[String; 3]> = decoded
        .layers
        .spans()
        .iter()
        .filter_map(|span| {
            let (_, name, first, second) =
                TRANSPORTS.iter().find(|(layer, ..)| *layer == span.layer)?;
            let number = |field: &Field| field.bits(packet.header(*span));
            let second = number(second).map_or("-".to_owned(), |number| number.to_string());
            Some([(*name).to_owned(), number(first)?.to_string(), second])
        })
        .collect();
    let ends = |all: &[[String; 3]]| Some((all.first()?.clone(), all.last()?.clone()));
    if ends(&seen) == ends(&row.transports) {
        return Ok(());
    }
    let names = |all: &[[String; 3]]| {
        all.iter().map(|transport| transport[0].as_str()).collect::<Vec<_>>().join(" ")
    };
    Err(format!("{}, expected {}", names(&seen), names(&row.transports)))
}

fn frame(decoded: &Decoded, row: &Row) -> Result<(), String> {
    let owned = &decoded.owned;
    let time = owned.time;
    if time != Some(nanoseconds(&row.time)) {
        return Err("time".into());
    }
    if owned.original.to_string() != row.original || owned.bytes.len().to_string() != row.captured {
        return Err("length".into());
    }
    Ok(())
}

/// Seconds with nine decimals as nanoseconds; the sign is the seconds' own.
fn nanoseconds(text: &str) -> i64 {
    let (seconds, decimals) = text.split_once('.').unwrap();
    let (seconds, decimals): (i64, i64) = (seconds.parse().unwrap(), decimals.parse().unwrap());
    let sign = if text.starts_with('-') { -1 } else { 1 };
    seconds.saturating_mul(1_000_000_000).saturating_add(sign * decimals)
}

fn statistics(analysis: &Analysis, file: &File) -> Result<(), String> {
    let [outer, all] = [HeaderScope::Outer, HeaderScope::All].map(|scope| count(analysis, scope));
    let ours: Vec<u64> = [outer, all]
        .iter()
        .flat_map(|counts| {
            [
                counts.ipv4_conversations,
                counts.ipv4_endpoints,
                counts.ipv6_conversations,
                counts.ipv6_endpoints,
            ]
        })
        .collect();
    if ours == file.talks { Ok(()) } else { Err(format!("{ours:?}, expected {:?}", file.talks)) }
}
