//! What the packets add up to, in the lists that every front end shows.
//!
//! Lists are in one order everywhere: most packets first, then by what the rows are about.  Shares
//! are percents of the packets that the list is about, and 0 where there are none.

mod spread;
mod talkers;
mod tree;

use serde::Serialize;

use crate::analyze::talk::{self, Scope, TalkCounts};
use crate::analyze::{Analysis, Tally};
use crate::base::text::Safe;
use crate::capture::{Damage, Interface, Record};
use crate::decode::layers::Reason;
use crate::decode::link;

pub use self::spread::{Fragments, Hop, Hops, Lengths, Mark, inferred};
pub use self::talkers::{Conversation, Endpoint, Flow, Kind, Letter};
pub use self::tree::{Branch, Extension};

/// Rows of the lists of talkers and hops.
pub const TOP: usize = 10;

/// Packets that did not arrive, by who lost them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Drops {
    /// The kernel had no room.
    pub kernel: u64,
    /// The interface had no room.
    pub interface: u64,
    /// This program was too slow.
    pub application: u64,
    /// Still in the kernel's ring at the end.
    pub unread: u64,
}

impl Drops {
    /// All together.
    pub fn total(self) -> u64 {
        [self.interface, self.application, self.unread]
            .iter()
            .fold(self.kernel, |sum, &drops| sum.saturating_add(drops))
    }
}

/// What a live capture took in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Intake {
    /// Packets that came to this program.
    pub delivered: u64,
    /// Packets that did not.
    pub drops: Drops,
}

impl Intake {
    /// Packets that there were: delivered and dropped.
    pub fn received(self) -> u64 {
        self.delivered.saturating_add(self.drops.total())
    }
}

/// What the analysis does not know of its packets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Files or interfaces, as they may be shown.
    pub sources: &'a [String],
    /// The display filter, as given.
    pub filter: Option<&'a str>,
    /// Packets seen before the filter.
    pub seen: u64,
    /// The interfaces of the capture.
    pub interfaces: &'a [Interface],
    /// What a live capture took in; nothing for files.
    pub intake: Option<Intake>,
    /// Where the input stopped making sense.
    pub damage: Option<&'a Damage>,
}

/// A tally with its share of the list's packets.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Share {
    /// Packets and octets.
    #[serde(flatten)]
    pub tally: Tally,
    /// Percent of the packets.
    pub percent: f64,
}

impl Share {
    /// The share of `tally` in so many packets.
    pub fn of(tally: Tally, packets: u64) -> Self {
        let percent =
            if packets == 0 { 0.0 } else { tally.packets as f64 * 100.0 / packets as f64 };
        Self { tally, percent }
    }
}

/// A row with a name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// What it is.
    pub name: String,
    /// How much of it there is.
    #[serde(flatten)]
    pub share: Share,
}

/// Packets per second and the like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Packets a second, over the whole time.
    pub packets: f64,
    /// Bits a second on the wire, over the whole time.
    pub bits: f64,
    /// The busiest window, where the capture is longer than that.
    pub peak: Option<Peak>,
}

/// The busiest window of the capture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Peak {
    /// When it begins, in nanoseconds since 1970.
    pub time: i64,
    /// Its width in nanoseconds.
    pub width: i64,
    /// What came in it.
    pub tally: Tally,
}

/// Which packets are in which place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// With an IP header.
    pub ip: Tally,
    /// Without.
    pub non_ip: Tally,
    /// Not understood far enough to tell.
    pub undecoded: Tally,
}

/// IPv4 header checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Checksums {
    /// Right.
    pub good: u64,
    /// Wrong.
    pub bad: u64,
    /// Of headers that were not wholly captured.
    pub unverified: u64,
}

/// How many flows there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FlowCounts {
    /// All.
    pub seen: u64,
    /// Still in the table.
    pub live: u64,
    /// Gone to make room.
    pub evicted: u64,
}

/// All that is known of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Files or interfaces.
    pub sources: Vec<String>,
    /// The display filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Packets before the filter.
    pub seen: u64,
    /// Packets and octets on the wire.
    #[serde(flatten)]
    pub total: Tally,
    /// Octets captured.
    pub captured_bytes: u64,
    /// Earliest and latest time in nanoseconds since 1970.
    pub times: Option<(i64, i64)>,
    /// How fast they came, where the capture lasts at all.
    pub rate: Option<Rate>,
    /// Where every packet is.
    pub ledger: Ledger,
    /// What a live capture took in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake: Option<Intake>,
    /// Where the input stopped making sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage: Option<String>,
    /// Why decoding ended early.
    pub stops: Vec<Named>,
    /// Checksums of IPv4 headers.
    pub checksums: Checksums,
    /// Headers in headers.
    pub protocols: Vec<Branch>,
    /// Packets whose chain of headers was one too many to be kept.
    pub other_protocols: Tally,
    /// Distinct talkers over the outermost header.
    pub outer: TalkCounts,
    /// Distinct talkers over every header but quotes and copies.
    pub all: TalkCounts,
    /// Flows.
    pub flows: FlowCounts,
    /// Whether counts of flows and talkers are lower bounds.
    pub estimated: bool,
    /// The flows with most packets.
    pub top_flows: Vec<Flow>,
    /// The pairs of addresses with most packets.
    pub conversations: Vec<Conversation>,
    /// The addresses with most packets.
    pub endpoints: Vec<Endpoint>,
    /// Addresses by type.
    pub kinds: Vec<Kind>,
    /// IPv4 addresses by class.
    pub classes: Vec<Letter>,
    /// By IP headers in the packet, where any has more than one.
    pub depths: Vec<Named>,
    /// TTL of the outermost headers.
    pub ttl: Hops,
    /// Hop limit of the outermost headers.
    pub hop_limit: Hops,
    /// DSCP and ECN of the outermost headers.
    pub marks: Vec<Mark>,
    /// By length on the wire.
    pub lengths: Vec<Lengths>,
    /// Outermost IPv4 headers by fragmentation.
    pub ipv4_fragments: Fragments,
    /// Outermost IPv6 headers by fragmentation.
    pub ipv6_fragments: Fragments,
    /// Outermost IPv4 headers with options.
    pub ipv4_options: Tally,
    /// Packets by extension header.
    pub extensions: Vec<Extension>,
    /// Packets by interface, where there is more than one.
    pub interfaces: Vec<Named>,
}

impl Summary {
    /// The summary of `analysis`.
    pub fn new(analysis: &Analysis, origin: &Origin<'_>) -> Self {
        let place = |place: usize| analysis.ledger.get(place);
        let [good, bad, unverified] = analysis.checksums;
        let (live, evicted) = (analysis.live_flows() as u64, analysis.evicted.flows);
        let makes = analysis.hierarchy.makes();
        let packets = analysis.total.packets;
        let endpoints = talk::endpoints(analysis, Scope::All);
        let times = (analysis.last != Record::NO_TIME).then_some((analysis.first, analysis.last));
        Self {
            sources: origin.sources.to_vec(),
            filter: origin.filter.map(|filter| Safe(filter).to_string()),
            seen: origin.seen.max(packets),
            total: analysis.total,
            captured_bytes: analysis.captured,
            times,
            rate: times.and_then(|(first, last)| rate(analysis, last.saturating_sub(first))),
            ledger: Ledger { ip: place(0), non_ip: place(1), undecoded: place(2) },
            intake: origin.intake,
            damage: origin.damage.map(ToString::to_string),
            stops: stops(analysis),
            checksums: Checksums { good, bad, unverified },
            protocols: tree::branches(&makes, packets),
            other_protocols: analysis.hierarchy.others,
            outer: talk::count(analysis, Scope::Outer),
            all: talk::count(analysis, Scope::All),
            flows: FlowCounts { seen: live + evicted, live, evicted },
            estimated: analysis.is_estimated(),
            top_flows: talkers::flows(analysis),
            conversations: talkers::conversations(analysis),
            kinds: talkers::kinds(&endpoints),
            classes: talkers::letters(&endpoints),
            endpoints: talkers::endpoints(&endpoints, analysis.ledger.get(0).packets),
            depths: depths(analysis),
            ttl: spread::hops(&analysis.ttl),
            hop_limit: spread::hops(&analysis.hop_limit),
            marks: spread::marks(&analysis.class),
            lengths: spread::lengths(&analysis.length),
            ipv4_fragments: spread::fragments(&analysis.fragment[0]),
            ipv6_fragments: spread::fragments(&analysis.fragment[1]),
            ipv4_options: analysis.options,
            extensions: tree::extensions(&makes, analysis.ledger.get(0).packets),
            interfaces: interfaces(analysis, origin.interfaces),
        }
    }
}

fn rate(analysis: &Analysis, nanos: i64) -> Option<Rate> {
    if nanos <= 0 {
        return None;
    }
    let seconds = nanos as f64 / 1e9;
    Some(Rate {
        packets: analysis.total.packets as f64 / seconds,
        bits: analysis.total.octets as f64 * 8.0 / seconds,
        peak: peak(analysis, nanos),
    })
}

/// Widest window of a peak: beyond it a capture is long enough for rates a second.
const WINDOW: i64 = 1_000_000_000;

/// The busiest window, of a second or a twentieth of a short capture, rounded up to steps.
fn peak(analysis: &Analysis, nanos: i64) -> Option<Peak> {
    let least = (nanos / 20).min(WINDOW);
    let mut width = analysis.series.width();
    while width < least {
        width = width.saturating_mul(2);
    }
    let mut windows: Vec<(i64, Tally)> = Vec::new();
    for (time, tally) in analysis.series.steps() {
        let start = time.div_euclid(width).saturating_mul(width);
        match windows.last_mut() {
            Some((last, sum)) if *last == start => sum.merge(tally),
            _ => windows.push((start, tally)),
        }
    }
    let busiest = windows.into_iter().max_by_key(|&(time, tally)| (tally, std::cmp::Reverse(time)));
    // A peak says nothing where the window is nearly the whole capture.
    busiest.filter(|_| width < nanos / 2).map(|(time, tally)| Peak { time, width, tally })
}

/// Reasons in the order in which the analysis counts them.
const STOPS: [Reason; 4] = [Reason::Truncated, Reason::Malformed, Reason::Unknown, Reason::TooDeep];

fn stops(analysis: &Analysis) -> Vec<Named> {
    let all = analysis.total.packets;
    let rows = STOPS.iter().enumerate().map(|(index, reason)| Named {
        name: reason.word().to_owned(),
        share: Share::of(analysis.stops.get(index), all),
    });
    sorted(rows.filter(|row| row.share.tally.packets > 0).collect())
}

fn depths(analysis: &Analysis) -> Vec<Named> {
    let all = analysis.depth.total().packets;
    if analysis.depth.get(1).packets == all {
        return Vec::new();
    }
    let rows = analysis.depth.seen().map(|(depth, tally)| Named {
        name: if depth == 1 { "1 IP header".to_owned() } else { format!("{depth} IP headers") },
        share: Share::of(tally, all),
    });
    rows.collect()
}

fn interfaces(analysis: &Analysis, interfaces: &[Interface]) -> Vec<Named> {
    let seen: Vec<_> = analysis.interface.seen().collect();
    if interfaces.len() < 2 && seen.len() < 2 {
        return Vec::new();
    }
    let rows = seen.into_iter().map(|(index, tally)| {
        let interface = interfaces.get(index);
        let name = interface.and_then(|interface| interface.name.as_deref());
        let mut shown = name.map_or_else(|| format!("interface {index}"), |n| Safe(n).to_string());
        if let Some(row) = interface.and_then(|interface| link::find(interface.link.0)) {
            shown = format!("{shown} ({})", row.name);
        }
        Named { name: shown, share: Share::of(tally, analysis.total.packets) }
    });
    rows.collect()
}

/// Most packets first, then by name.
fn sorted(mut rows: Vec<Named>) -> Vec<Named> {
    rows.sort_by(|a, b| b.share.tally.cmp(&a.share.tally).then_with(|| a.name.cmp(&b.name)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Limits;

    #[test]
    fn a_summary_of_nothing_divides_by_nothing() {
        let analysis = Analysis::new(Limits::default(), foldhash::quality::RandomState::default());
        let summary = Summary::new(&analysis, &Origin::default());
        assert_eq!((summary.times, summary.rate), (None, None));
        assert!(summary.lengths.is_empty() && summary.protocols.is_empty());
        assert_eq!(Share::of(Tally::default(), 0).percent.to_bits(), 0.0f64.to_bits());
    }

    #[test]
    fn what_was_received_is_the_sum_of_its_parts() {
        let drops = Drops { kernel: 10, interface: 3, application: 2, unread: 1 };
        assert_eq!(Intake { delivered: 84, drops }.received(), 100);
    }
}
