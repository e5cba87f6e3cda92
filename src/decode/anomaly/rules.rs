//! The rows of all headers, and which of them a packet shows.

use std::sync::LazyLock;

use super::gate::{self, Want};
use super::row::{At, Mark, Row, Scope, at};
use super::{extension, ip, link, message, several, source, transport};
use crate::decode::checksum::Status;
use crate::decode::layers::{Role, Span, is_ip};
use crate::decode::packet::Packet;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::header::Header;

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

    /// The rule that it is against, which is that of the IP header it lies in where the versions
    /// have each their own.
    pub fn source(&self, packet: &Packet<'_>) -> &'static str {
        let row = self.row();
        if row.source6.is_none() {
            return row.source;
        }
        let mut ips = packet.layers.spans().iter().filter(|span| is_ip(span.layer));
        let place = usize::from(self.ip_layer).checked_sub(1);
        let ip = place.and_then(|place| ips.nth(place));
        row.source_of(ip.is_some_and(|ip| ip.layer == Layer::Ipv6))
    }
}

/// Rows about one kind of header.
pub(super) struct Group {
    /// The headers they are about; none for the frame and for more than one packet.
    pub(super) of: &'static [Layer],
    pub(super) rows: &'static [Row],
}

pub(super) const GROUPS: &[Group] = &[
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
    Group { of: &[Layer::Icmp, Layer::Icmpv6], rows: message::EXTENDED },
    Group { of: &[Layer::Icmpv6], rows: transport::ICMPV6 },
    Group { of: &[Layer::UdpLite], rows: transport::UDP_LITE },
    Group { of: &[Layer::Sctp], rows: transport::SCTP },
    Group { of: &[Layer::Gre], rows: transport::GRE },
    Group { of: &[Layer::Igmp], rows: transport::IGMP },
    Group { of: &[Layer::Ospf], rows: message::OSPF },
    Group { of: &[Layer::Vrrp], rows: message::VRRP },
    Group { of: &[Layer::Pim], rows: message::PIM },
    Group { of: &[], rows: several::ROWS },
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
pub(super) const OF: [u32; HEADERS.len()] = {
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
pub(super) const CROSS_PACKET: usize = COUNT.saturating_sub(several::ROWS.len());

/// The rows, by the header they are about, outermost first.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

/// The row with that number.
pub fn row(number: u8) -> &'static Row {
    rows().nth(usize::from(number)).unwrap_or(&several::NO_ROW)
}

/// The headers that the row with that number is about; none where it is about whole frames or more
/// than one packet.
pub fn layers(number: u8) -> &'static [Layer] {
    let group = FIRSTS.partition_point(|first| *first <= number).checked_sub(1);
    group.and_then(|group| GROUPS.get(group)).map_or(&[], |group| group.of)
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

/// Calls `with` for every anomaly of `packet` that its octets show; `deep` for those too that take
/// reading all of them.
pub fn each(packet: &Packet<'_>, deep: bool, with: &mut dyn FnMut(Anomaly)) {
    each_header(packet, deep, true, with);
}

/// Calls `with` for every anomaly of a packet, with the check of every row: none is ruled out
/// first.
pub fn each_unguarded(packet: &Packet<'_>, deep: bool, with: &mut dyn FnMut(Anomaly)) {
    each_header(packet, deep, false, with);
}

fn each_header(packet: &Packet<'_>, deep: bool, guarded: bool, with: &mut dyn FnMut(Anomaly)) {
    let layers = packet.layers;
    let frame = &packet.frame;
    if layers.stop.is_some() || frame.bytes.len() as u64 > u64::from(frame.original) {
        let span = Span { layer: Layer::Ethernet, role: Role::Outer, at: 0, len: 0 };
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
pub(super) fn run(
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
pub(super) fn source_number(place: Option<u8>, is_v6: bool) -> Option<u8> {
    let first = SOURCES.get(usize::from(is_v6)).and_then(|&group| FIRSTS.get(group))?;
    place.map(|place| first.saturating_add(place))
}
