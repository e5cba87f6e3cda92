//! What a name in a filter reads: header fields, computed fields, or the presence of a header.

use super::error::nearest;
use crate::decode::derived::{self, Derived};
use crate::decode::history::Asks;
use crate::wire::Layer;
use crate::wire::catalogue::{HEADERS, fields};
use crate::wire::field::{Field, FieldKind, Names};

/// What a filter may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Values that one packet has by itself.
    Packet,
    /// Values that depend on the packets before it too.
    Order,
}

/// What a name reads.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The name, as the catalogue or the table of aliases spells it.
    pub name: String,
    /// Header fields of that name.
    pub fields: Vec<&'static Field>,
    /// Computed fields of that name.
    pub derived: Vec<&'static Derived>,
    /// Headers of that name.
    pub headers: Vec<Layer>,
}

/// Names that stand for several fields, or that other programs use.
const ALIASES: &[(&str, &[&str])] = &[
    ("anomaly", &["anomaly.event"]),
    ("_x.anomaly", &["anomaly.event"]),
    ("eth.addr", &["eth.src", "eth.dst"]),
    ("ip.addr", &["ip.src", "ip.dst"]),
    ("ip.addr.class", &["ip._x.src_class", "ip._x.dst_class"]),
    ("ip.addr.special", &["ip._x.src_special", "ip._x.dst_special"]),
    ("ip.addr.type", &["ip._x.src_type", "ip._x.dst_type"]),
    ("ip.addr.scope", &["ip._x.src_scope", "ip._x.dst_scope"]),
    ("ipv6.addr", &["ipv6.src", "ipv6.dst"]),
    ("ipv6.addr.special", &["ipv6._x.src_special", "ipv6._x.dst_special"]),
    ("ipv6.addr.type", &["ipv6._x.src_type", "ipv6._x.dst_type"]),
    ("ipv6.addr.scope", &["ipv6._x.src_scope", "ipv6._x.dst_scope"]),
    ("ipv6.slaac_mac", &["ipv6.src_slaac_mac", "ipv6.dst_slaac_mac"]),
    ("ipv6.isatap_ipv4", &["ipv6.src_isatap_ipv4", "ipv6.dst_isatap_ipv4"]),
    ("ipv6.6to4_gw_ipv4", &["ipv6.src_6to4_gw_ipv4", "ipv6.dst_6to4_gw_ipv4"]),
    ("ipv6.6to4_sla_id", &["ipv6.src_6to4_sla_id", "ipv6.dst_6to4_sla_id"]),
    ("ipv6.ts_ipv4", &["ipv6.src_ts_ipv4", "ipv6.dst_ts_ipv4"]),
    ("ipv6.tc_port", &["ipv6.src_tc_port", "ipv6.dst_tc_port"]),
    ("ipv6.tc_ipv4", &["ipv6.src_tc_ipv4", "ipv6.dst_tc_ipv4"]),
    ("ipv6.embed_ipv4", &["ipv6.src_embed_ipv4", "ipv6.dst_embed_ipv4"]),
    ("tcp.port", &["tcp.srcport", "tcp.dstport"]),
    ("udp.port", &["udp.srcport", "udp.dstport"]),
    ("udplite.port", &["udplite.srcport", "udplite.dstport"]),
    ("sctp.port", &["sctp.srcport", "sctp.dstport"]),
    ("dccp.port", &["dccp.srcport", "dccp.dstport"]),
    ("frame.time", &["frame.time_epoch"]),
    ("ip.rec_rt", &["ip.opt.addr"]),
    ("icmp.ext.checksum.status", &["icmp.ext.checksum_status"]),
    ("ipv6.opt.len", &["ipv6.opt.length"]),
    ("ipv6.opt.pmtu.min", &["ipv6.opt.pmtu.min_pmtu"]),
    ("ipv6.opt.pmtu.rtn", &["ipv6.opt.pmtu.rtn_pmtu"]),
    ("ipv6.opt.pmtu.r_flag", &["ipv6.opt.pmtu.r"]),
    ("ipv6.routing.srh.last_entry", &["ipv6.routing.srh.last_segment"]),
    ("tcp.option_kind", &["tcp.opt.kind"]),
    ("tcp.option_len", &["tcp.opt.len"]),
    ("tcp.options.mss_val", &["tcp.opt.mss_val"]),
    ("tcp.options.wscale.shift", &["tcp.opt.wscale_shift"]),
    ("tcp.options.timestamp.tsval", &["tcp.opt.timestamp_tsval"]),
    ("tcp.options.timestamp.tsecr", &["tcp.opt.timestamp_tsecr"]),
];

/// Beginnings that other programs spell in another way.
const PREFIXES: &[(&str, &str)] =
    &[("mip6.", "mipv6."), ("pppoes.", "pppoe."), ("pppoes", "pppoe")];

impl Subject {
    /// What `name` reads, or the name that is most like it.
    ///
    /// # Errors
    /// The name that is most like it, if any is.
    pub fn find(name: &str) -> Result<Self, Option<String>> {
        Self::exact(name).ok_or_else(|| nearest(name, all()).map(str::to_owned))
    }

    /// What `name` reads, in any of its spellings.
    pub fn exact(name: &str) -> Option<Self> {
        spellings(name).iter().find_map(|name| Self::spelled(name))
    }

    fn spelled(name: &str) -> Option<Self> {
        if let Some((alias, names)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
            let mut subject = Self::named(alias, names);
            subject.headers.clear();
            return Some(subject);
        }
        let subject = Self::named(name, &[name]);
        let is_known = !(subject.fields.is_empty()
            && subject.derived.is_empty()
            && subject.headers.is_empty());
        is_known.then_some(subject)
    }

    fn named(name: &str, names: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            fields: fields().filter(|field| names.contains(&field.name)).collect(),
            derived: derived::all().filter(|row| names.contains(&row.name)).collect(),
            headers: HEADERS
                .iter()
                .filter(|header| names.contains(&header.name))
                .map(|header| header.layer)
                .collect(),
        }
    }

    /// How its values are read; none for headers, which are there or not.
    pub fn kind(&self) -> Option<FieldKind> {
        let stored = self.fields.first().map(|field| field.kind);
        stored.or_else(|| self.derived.first().map(|row| row.kind))
    }

    /// Names of its values.
    pub fn names(&self) -> Names {
        self.fields.first().map_or(&[], |field| field.names)
    }

    /// The most that its numbers can be.
    pub fn most(&self) -> u64 {
        let most = |field: &&Field| match (field.kind, field.width) {
            (FieldKind::Times(unit), width @ 1..=64) => {
                (u64::MAX >> (64 - width)).saturating_mul(u64::from(unit))
            }
            (_, width @ 1..=64) => u64::MAX >> (64 - width),
            _ => u64::MAX,
        };
        // What is computed has no width.
        self.fields.iter().map(most).max().unwrap_or(u64::MAX)
    }

    /// Whether its values are numbers or flags.
    pub fn is_number(&self) -> bool {
        matches!(
            self.kind(),
            Some(
                FieldKind::Number
                    | FieldKind::Hex
                    | FieldKind::Times(_)
                    | FieldKind::Little
                    | FieldKind::Group
                    | FieldKind::Flag
            )
        )
    }

    /// Whether its values are points in time.
    pub fn is_time(&self) -> bool {
        self.derived.iter().any(|row| row.name == "frame.time_epoch")
    }

    /// What has to be known of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        self.derived.iter().fold(Asks::default(), |all, row| all.or(row.subject.asks()))
    }

    /// Whether its values are anomalies, some of which only several packets show.
    pub fn is_cross_packet(&self) -> bool {
        self.derived.iter().any(|row| matches!(row.subject, derived::Subject::Anomaly(_)))
    }

    /// Whether its values are what a capture tells of a frame, in the words of whoever made it.
    pub fn is_told(&self) -> bool {
        self.derived.iter().any(|row| matches!(row.subject, derived::Subject::Told(_)))
    }

    /// Whether its values are names of anomalies.
    pub fn is_anomaly(&self) -> bool {
        self.derived.iter().any(|row| row.name == "anomaly.event")
    }
}

/// A name without its `#n`, and which occurrence that selects: from 1 outermost, from -1 innermost.
/// Nothing when there is no such number.
pub fn numbered(word: &str) -> Option<(&str, Option<i32>)> {
    let Some((name, number)) = word.split_once('#') else { return Some((word, None)) };
    let number = number.parse().ok().filter(|&number| number != 0)?;
    Some((name, Some(number)))
}

/// A name, and what it may stand for: `ip.checksum.status` for `ip.checksum_status`, and
/// `ip.src.class` for `ip._x.src_class`.
fn spellings(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    for (other, ours) in PREFIXES {
        if let Some(rest) = name.strip_prefix(other) {
            all.push(format!("{ours}{rest}"));
        }
    }
    if let Some((before, last)) = name.rsplit_once('.') {
        all.push(format!("{before}_{last}"));
        if let Some((header, middle)) = before.split_once('.') {
            all.push(format!("{header}._x.{middle}_{last}"));
        }
    }
    all
}

/// Every name that a filter may use.
pub fn all() -> impl Iterator<Item = &'static str> {
    fields()
        .map(|field| field.name)
        .chain(derived::all().map(|row| row.name))
        .chain(HEADERS.iter().map(|header| header.name))
        .chain(ALIASES.iter().map(|(alias, _)| *alias))
}

/// Every such name with what it means, in a sentence or a few words.
pub fn described() -> impl Iterator<Item = (&'static str, &'static str)> {
    fields()
        .map(|field| (field.name, field.meaning))
        .chain(derived::all().map(|row| (row.name, row.meaning)))
        .chain(HEADERS.iter().map(|header| (header.name, header.title)))
        .chain(ALIASES.iter().map(|(alias, names)| match names {
            [name] => (*alias, *name),
            _ => (*alias, "Source or destination."),
        }))
}
