//! What is wrong with packets, as one table: a row an anomaly, with its meaning, its source and the
//! names that other programs give it.
//!
//! Rows about single packets have a check, pure like the walk: octets and spans in, a [`Mark`] out,
//! nothing allocated.  Rows about more than one packet stand here too, with where they lie in the
//! packet that the floor above tells of.  Few packets have any, so the checks of a header run only
//! when a few comparisons cannot rule them out; a law holds those against the table.

mod checks;
mod cross_packet;
mod extension;
mod gate;
mod ip;
mod link;
mod source;
mod sum;
mod tail;
mod transport;

use std::sync::LazyLock;

use super::checksum::Status;
use super::layers::{Layers, Reason, Span, is_ip};
use super::packet::Packet;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::header::Header;
use crate::wire::option::{Opt, OptionSet};

pub use self::checks::StackChecks;
pub use self::cross_packet::{CrossPacket, CrossPackets};
pub use self::tail::{Reading, Transport};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the packet.
    Info,
    /// Unusual, and allowed.
    Note,
    /// Against a rule that receivers forgive, or a sign of an attack.
    Warning,
    /// Against a rule that receivers enforce.
    Error,
}

impl Severity {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What an anomaly is told from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One packet.
    Packet,
    /// One packet, every octet of which is read: its checksums.
    Deep,
    /// All packets of a flow.
    Flow,
    /// A packet and the few before it.
    Window,
    /// The fragments of one datagram.
    Fragment,
    /// What the system tells of an interface; no packet.
    Interface,
}

/// One anomaly.
#[derive(Debug)]
pub struct Row {
    /// Protocol, field and problem: `ipv4.total_length.lt_header`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is told from.
    pub scope: Scope,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// The rule and its section.
    pub source: &'static str,
    /// Suricata's name of the event, behind `decoder.` or `stream.`; empty where it has none.
    pub suricata: &'static str,
    /// Wireshark's name of the expert item; empty where it has none.
    pub wireshark: &'static str,
    check: Check,
}

/// Finds an anomaly in a header.
type Check = for<'a> fn(&At<'a>) -> Option<Mark>;

/// Where in a packet an anomaly lies, and what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// First octet, from the start of the frame.
    pub offset: u32,
    /// Octets.
    pub len: u32,
    /// What they say, as a number.
    pub value: u64,
    /// What they should say.
    pub expected: Expected,
}

/// What would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing in particular.
    Nothing,
    /// A rule in a few characters: `>=20`.
    Rule(&'static str),
    /// That number.
    Number(u64),
}

impl Mark {
    fn rule(mut self, rule: &'static str) -> Self {
        self.expected = Expected::Rule(rule);
        self
    }

    fn should(mut self, number: impl Into<u64>) -> Self {
        self.expected = Expected::Number(number.into());
        self
    }
}

/// An anomaly of one packet.
#[derive(Debug, Clone, Copy)]
pub struct Anomaly {
    /// Which: its place among [`rows`].
    pub number: u8,
    /// Where.
    pub mark: Mark,
    /// IP headers down to where it lies, from 1; 0 before any.
    pub ip_layer: u8,
}

impl Anomaly {
    /// The anomaly's row.
    pub fn row(&self) -> &'static Row {
        row(self.number)
    }
}

/// A header as the checks see it.
#[derive(Debug, Clone, Copy)]
struct At<'a> {
    packet: Packet<'a>,
    span: Span,
    /// Its index among the spans.
    index: u8,
    /// Its octets; of the whole frame for rows about frames.
    header: &'a [u8],
}

impl<'a> At<'a> {
    fn u8(&self, at: usize) -> Option<u8> {
        self.header.get(at).copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        self.header.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.header.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
    }

    fn u128(&self, at: usize) -> Option<u128> {
        self.header.get(at..)?.first_chunk().copied().map(u128::from_be_bytes)
    }

    fn layers(&self) -> &'a Layers {
        self.packet.layers
    }

    /// A mark on `len` octets of the header.
    fn mark(&self, at: usize, len: u32, value: impl Into<u64>) -> Mark {
        let offset = usize::from(self.span.at).saturating_add(at);
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        Mark { offset, len, value: value.into(), expected: Expected::Nothing }
    }

    /// The mark, when the octet at `at` is there and `is_wrong`.
    fn octet(&self, at: usize, is_wrong: impl Fn(u8) -> bool) -> Option<Mark> {
        let value = self.u8(at)?;
        is_wrong(value).then(|| self.mark(at, 1, value))
    }

    /// The mark, when the two octets at `at` are there and `is_wrong`.
    fn short(&self, at: usize, is_wrong: impl Fn(u16) -> bool) -> Option<Mark> {
        let value = self.u16(at)?;
        is_wrong(value).then(|| self.mark(at, 2, value))
    }

    /// The innermost IP header before this one, itself left out.
    fn ip(&self) -> Option<Self> {
        let spans = self.layers().spans().iter().enumerate().take(usize::from(self.index));
        let (index, span) = spans.rev().find(|(_, span)| is_ip(span.layer))?;
        Some(at(&self.packet, u8::try_from(index).ok()?, *span))
    }

    /// The header right before this one.
    fn before(&self) -> Option<Self> {
        let index = self.index.checked_sub(1)?;
        Some(at(&self.packet, index, self.layers().span(index)?))
    }

    /// The header right behind this one.
    fn after(&self) -> Option<Self> {
        let index = self.index.checked_add(1)?;
        Some(at(&self.packet, index, self.layers().span(index)?))
    }

    /// Whether the capture ends within this header.
    fn is_cut(&self) -> bool {
        let frame = &self.packet.frame;
        let is_last =
            self.span.end() == frame.bytes.len() && frame.bytes.len() < frame.original as usize;
        self.layers().stop.is_some_and(|stop| {
            let is_here = stop.offset == u32::from(self.span.at);
            is_here && (is_last || stop.reason == Reason::Truncated)
        })
    }

    /// The header's options, without one that the capture's end cuts.
    fn options(&self, set: &'static OptionSet) -> impl Iterator<Item = Opt<'a>> + use<'a> {
        let is_cut = self.is_cut();
        set.of(self.header).filter(move |option| !(is_cut && option.broken))
    }

    /// Octets from this header's first to the end of what was on the wire and outer headers allow.
    fn room(&self) -> usize {
        let start = usize::from(self.span.at);
        let wire = usize::try_from(self.packet.frame.original).unwrap_or(usize::MAX);
        let spans = self.layers().spans().iter().take(usize::from(self.index));
        let end = spans.fold(wire, |end, span| {
            let total = ip_octets(self.packet.header(*span), *span);
            total.map_or(end, |total| end.min(usize::from(span.at).saturating_add(total)))
        });
        end.saturating_sub(start)
    }

    /// The captured octets from this header's first to the end of what it lies in.
    fn rest(&self) -> &'a [u8] {
        let end = usize::try_from(self.layers().end).unwrap_or(usize::MAX);
        let bytes = self.packet.frame.bytes;
        bytes.get(usize::from(self.span.at)..end.min(bytes.len())).unwrap_or_default()
    }
}

/// Octets that the IP header at `span` claims, itself and what it carries; none where it leaves it
/// open or is no IP header.
fn ip_octets(header: &[u8], span: Span) -> Option<usize> {
    let field = |at: usize| {
        let pair = header.get(at..)?.first_chunk().copied()?;
        Some(usize::from(u16::from_be_bytes(pair))).filter(|&octets| octets > 0)
    };
    match span.layer {
        Layer::Ipv4 => field(2),
        Layer::Ipv6 => Some(field(4)?.saturating_add(40)),
        _ => None,
    }
}

fn at<'a>(packet: &Packet<'a>, index: u8, span: Span) -> At<'a> {
    At { packet: *packet, span, index, header: packet.header(span) }
}

/// Rows about one kind of header.
struct Group {
    /// The headers they are about; none for the frame and for more than one packet.
    of: &'static [Layer],
    rows: &'static [Row],
}

const GROUPS: &[Group] = &[
    Group { of: &[], rows: link::FRAME },
    Group { of: &[Layer::Ethernet], rows: link::ETHERNET },
    Group { of: &[Layer::Vlan], rows: link::VLAN },
    Group { of: &[Layer::WlanAggregate], rows: link::AGGREGATE },
    Group { of: &[Layer::Ipv4], rows: ip::V4 },
    Group { of: &[Layer::Ipv4], rows: source::V4 },
    Group { of: &[Layer::Ipv6], rows: ip::V6 },
    Group { of: &[Layer::Ipv6], rows: source::V6 },
    Group { of: extension::ALL, rows: extension::ANY },
    Group { of: &[Layer::Routing], rows: extension::ROUTING },
    Group { of: &[Layer::Fragment], rows: extension::FRAGMENT },
    Group { of: &[Layer::HopByHop, Layer::Destination], rows: extension::OPTIONS },
    Group { of: &[Layer::Ah], rows: extension::AH },
    Group { of: &[Layer::Esp], rows: extension::ESP },
    Group { of: &[Layer::Tcp], rows: transport::TCP },
    Group { of: &[Layer::Udp], rows: transport::UDP },
    Group { of: &[Layer::Icmp], rows: transport::ICMP },
    Group { of: &[Layer::Icmpv6], rows: transport::ICMPV6 },
    Group { of: &[Layer::UdpLite], rows: transport::UDP_LITE },
    Group { of: &[Layer::Sctp], rows: transport::SCTP },
    Group { of: &[Layer::Gre], rows: transport::GRE },
    Group { of: &[Layer::Igmp], rows: transport::IGMP },
    Group { of: &[], rows: cross_packet::ROWS },
];

/// Groups about the sources of IPv4 and IPv6, as places in [`GROUPS`].
const SOURCES: [usize; 2] = [5, 7];

/// Number of each group's first row.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "runs in const evaluation, where it stops the build"
)]
const FIRSTS: [u8; GROUPS.len()] = {
    let (mut firsts, mut at, mut sum) = ([0; GROUPS.len()], 0_usize, 0_usize);
    while at < GROUPS.len() {
        firsts[at] = sum as u8;
        sum = sum.saturating_add(GROUPS[at].rows.len());
        at = at.saturating_add(1);
    }
    assert!(sum < 256, "numbers of rows are octets");
    firsts
};

/// Groups about each header, as bits.
#[expect(clippy::indexing_slicing, reason = "runs in const evaluation, where it stops the build")]
const OF: [u32; HEADERS.len()] = {
    let (mut all, mut group) = ([0; HEADERS.len()], 0_usize);
    while group < GROUPS.len() {
        let mut layers = GROUPS[group].of;
        while let [first, rest @ ..] = layers {
            all[*first as usize] |= 1 << group;
            layers = rest;
        }
        group = group.saturating_add(1);
    }
    all
};

/// How many rows there are.
pub const COUNT: usize = {
    let (mut sum, mut rest) = (0_usize, GROUPS);
    while let [first, more @ ..] = rest {
        sum = sum.saturating_add(first.rows.len());
        rest = more;
    }
    sum
};

/// Place of the first row about more than one packet.
const CROSS_PACKET: usize = COUNT.saturating_sub(cross_packet::ROWS.len());

/// The rows, by the header they are about, outermost first.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

/// The row with that number.
pub fn row(number: u8) -> &'static Row {
    rows().nth(usize::from(number)).unwrap_or(&cross_packet::NO_ROW)
}

/// Number of the row about a checksum of such a header that stands like that.
pub fn of_checksum(layer: Layer, status: Status) -> Option<u8> {
    const SUFFIX: &str = ".checksum.bad";
    static OF: LazyLock<Vec<Option<u8>>> = LazyLock::new(|| {
        let of = |header: &&Header| {
            let groups = GROUPS.iter().zip(FIRSTS);
            let mut groups = groups.filter(|(group, _)| group.of.contains(&header.layer));
            groups.find_map(|(group, first)| {
                let is_it = |row: &Row| row.scope == Scope::Deep && row.id.ends_with(SUFFIX);
                let at = group.rows.iter().position(is_it)?;
                Some(first.saturating_add(u8::try_from(at).ok()?))
            })
        };
        HEADERS.iter().map(of).collect()
    });
    if status != Status::Bad {
        return None;
    }
    OF.get(layer as usize).copied().flatten()
}

/// Calls `with` for every anomaly of `packet` that its octets tell; `deep` for those too that take
/// reading all of them.
pub fn each(packet: &Packet<'_>, deep: bool, with: &mut dyn FnMut(Anomaly)) {
    each_header(packet, deep, true, with);
}

/// Calls `with` for every anomaly of a packet, with the check of every row: none is ruled out
/// first.
pub fn each_unguarded(packet: &Packet<'_>, deep: bool, with: &mut dyn FnMut(Anomaly)) {
    each_header(packet, deep, false, with);
}

/// What may be wrong with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// Nothing.
    Nothing,
    /// Its source, and nothing else.
    Source,
    /// Anything.
    All,
}

fn each_header(packet: &Packet<'_>, deep: bool, guarded: bool, with: &mut dyn FnMut(Anomaly)) {
    let layers = packet.layers;
    let frame = &packet.frame;
    if layers.stop.is_some() || frame.bytes.len() as u64 > u64::from(frame.original) {
        let span = Span { layer: Layer::Ethernet, role: super::Role::Outer, at: 0, len: 0 };
        let whole = At { packet: *packet, span, index: 0, header: frame.bytes };
        let depth = if layers.stop.is_some() { layers.index.depth } else { 0 };
        run(0, &whole, depth, |_| true, with);
    }
    let (mut depth, mut gate) = (0_u8, gate::Gate::new(frame.original));
    for (index, &span) in (0_u8..layers.index.own).zip(layers.spans()) {
        depth = depth.saturating_add(u8::from(is_ip(span.layer)));
        let here = at(packet, index, span);
        let place = (usize::from(span.at), usize::from(span.len));
        let want =
            if guarded { gate.header(span.layer, frame.bytes, place, false) } else { Want::All };
        let mut groups = OF.get(span.layer as usize).copied().unwrap_or(0);
        if want == Want::Source {
            source_of(&here, depth, with);
            continue;
        }
        if is_other_version(&here) {
            // Nothing else stands where it should.
            let group = usize::try_from(groups.trailing_zeros()).unwrap_or(usize::MAX);
            let version = GROUPS.get(group).and_then(|group| group.rows.first());
            let is_it = |row: &Row| version.is_some_and(|version| row.id == version.id);
            run(group, &here, depth, is_it, with);
            continue;
        }
        while groups != 0 {
            let group = usize::try_from(groups.trailing_zeros()).unwrap_or(usize::MAX);
            groups &= groups.wrapping_sub(1);
            if want == Want::All {
                run(group, &here, depth, |row| deep || row.scope != Scope::Deep, with);
            } else if deep {
                run(group, &here, depth, |row| row.scope == Scope::Deep, with);
            }
        }
    }
}

/// Whether an IP header is of another version than what is before it says.
fn is_other_version(at: &At<'_>) -> bool {
    let version = match at.span.layer {
        Layer::Ipv4 => 4,
        Layer::Ipv6 => 6,
        _ => return false,
    };
    at.u8(0).is_some_and(|octet| octet >> 4 != version)
}

/// Checks the rows of a group that are wanted.
fn run(
    group: usize,
    at: &At<'_>,
    ip_layer: u8,
    is_wanted: impl Fn(&Row) -> bool,
    with: &mut dyn FnMut(Anomaly),
) {
    let (Some(&first), Some(group)) = (FIRSTS.get(group), GROUPS.get(group)) else { return };
    for (number, row) in (first..).zip(group.rows) {
        if is_wanted(row)
            && let Some(mark) = (row.check)(at)
        {
            with(Anomaly { number, mark, ip_layer });
        }
    }
}

/// Tells what is wrong with the source of an IP header, by one look-up.
fn source_of(at: &At<'_>, ip_layer: u8, with: &mut dyn FnMut(Anomaly)) {
    let is_v6 = at.span.layer == Layer::Ipv6;
    if let Some(number) = source_number(source::place(at), is_v6) {
        with(Anomaly { number, mark: source::mark(at), ip_layer });
    }
}

/// Number of the row at that place of those about the source.
fn source_number(place: Option<u8>, is_v6: bool) -> Option<u8> {
    let first = SOURCES.get(usize::from(is_v6)).and_then(|&group| FIRSTS.get(group))?;
    place.map(|place| first.saturating_add(place))
}

/// Declares rows: identifier, severity, scope where it is not one packet, meaning; source, the
/// names of Suricata and Wireshark; and the check.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident; $(
        $id:literal $severity:ident $($scope:ident)?, $meaning:literal,
        $source:literal, $suricata:literal, $wireshark:literal, $check:expr;
    )*) => {
        $(#[$doc])*
        pub(super) const $name: &[super::Row] = &[$(super::Row {
            id: $id,
            severity: super::Severity::$severity,
            scope: super::scope_of!($($scope)?),
            meaning: $meaning,
            source: $source,
            suricata: $suricata,
            wireshark: $wireshark,
            check: $check,
        },)*];
    };
}

macro_rules! scope_of {
    () => {
        super::Scope::Packet
    };
    ($scope:ident) => {
        super::Scope::$scope
    };
}

use {scope_of, table};
