//! What a capture adds up to, as lists that are ready to be shown: sorted, bounded, with shares.
//!
//! Pure: the same analysis gives the same summary.  Lists go by packets, most first, then by what
//! they are lists of, so that two runs can be compared line by line.

pub mod mark;
pub mod mix;
pub mod talker;
pub mod tree;

use serde::Serialize;

use crate::analyze::anomaly::Counted;
use crate::analyze::talk::TalkCounts;
use crate::analyze::{Analysis, Tally};
use crate::base::threads::both;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::{Damage, Facts, Interface, Ledger, Recorded};

use self::mark::{Hops, LengthRange, Mark};
use self::talker::{Addresses, Conversation, Endpoint, FlowLine, Talkers};
use self::tree::Node;
use super::bound::{self, Bound};
use super::event;

/// Flows that one thread goes through sooner than another is called.
const FEW_FLOWS: usize = 10_000;

/// Rows of the lists of conversations, endpoints and flows.
pub const TOP: usize = 10;

/// What a capture says of itself, beside its packets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Files or interfaces, as they may be shown.
    pub inputs: &'a [String],
    /// Interfaces of the capture.
    pub interfaces: &'a [Interface],
    /// Format, comments, names and counters.
    pub facts: Option<&'a Facts>,
    /// Where the input stopped making sense.
    pub damage: &'a [Damage],
    /// What a live capture lost; none for files.
    pub losses: Option<Ledger>,
}

/// Everything a summary shows.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Files or interfaces.
    pub inputs: Vec<String>,
    /// Format of the capture, such as `pcapng`; empty when live.
    pub format: &'static str,
    /// All packets.
    pub total: Tally,
    /// Octets that were captured of them.
    pub captured: u64,
    /// Earliest and latest time, when any packet had one.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Averages; none when there is no duration.
    pub rates: Option<Rates>,
    /// Packets over time.
    pub series: Steps,
    /// Packets that are IP, are not, and could not be told.
    pub places: [u64; 3],
    /// What became of every packet that the kernel saw; none for files.
    pub losses: Option<Ledger>,
    /// What a file says of packets that are not in it; none when live.
    pub recorded: Option<Recorded>,
    /// Where the input stopped making sense.
    pub damage: Vec<String>,
    /// What happened to the interfaces meanwhile, a sentence each, first come first; the first few.
    pub events: Vec<String>,
    /// Flows.
    pub flows: Flows,
    /// Conversations and endpoints of outermost headers.
    pub outer: TalkCounts,
    /// The same of all headers, quotes and copies left out.
    pub all: TalkCounts,
    /// Chains of headers as a tree, in the order to be printed.
    pub tree: Vec<Node>,
    /// IP protocols that ipeek has no header for.
    pub other_protocols: Vec<Mark>,
    /// Outermost addresses with most packets.
    pub endpoints: Vec<Endpoint>,
    /// Outermost pairs of addresses with most packets.
    pub conversations: Vec<Conversation>,
    /// Flows with most packets.
    pub top_flows: Vec<FlowLine>,
    /// TTLs of outermost IPv4 headers, then hop limits of outermost IPv6 headers.
    pub hops: [Vec<Hops>; 2],
    /// Code points of outermost headers; their tallies by ECN.
    pub classes: Vec<mark::Dscp>,
    /// Lengths on the wire, shortest first; ranges without packets left out.
    pub lengths: Vec<LengthRange>,
    /// Outermost headers that are whole, first and later fragments: IPv4, then IPv6.
    pub fragments: [[Tally; 3]; 2],
    /// Packets whose outermost IPv4 header has options.
    pub options: Tally,
    /// Packets with each extension header.
    pub extensions: Vec<Mark>,
    /// IPv4 headers whose checksum is good, bad, unverified.
    pub checksums: [u64; 3],
    /// What is wrong, worst first, then in the order of the table.
    pub anomalies: Vec<AnomalyLine>,
    /// Packets whose decoding ended early: truncated, malformed, unknown link type, too deep.
    pub stops: [Tally; 4],
    /// Outermost addresses by class, kind and special-purpose block.
    pub addresses: Addresses,
    /// Interfaces with packets.
    pub interfaces: Vec<Mark>,
    /// Bounds that were hit.
    pub bounds: Vec<Bound>,
}

/// Averages from the first packet to the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// Packets a second.
    pub packets: f64,
    /// Bits a second.
    pub bits: f64,
}

/// Packets over time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Steps {
    /// Nanoseconds of one step.
    pub width: TimeDelta,
    /// The steps, those without packets too.
    pub steps: Vec<Tally>,
}

/// Counts of flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Flows {
    /// All that were seen; once flows were evicted one may be seen twice.
    pub seen: u64,
    /// Kept at the end.
    pub live: u64,
    /// Gone to make room.
    pub evicted: u64,
    /// Whether counts of flows, conversations and endpoints are lower bounds.
    pub estimated: bool,
}

impl Summary {
    /// The summary of what `analysis` counted of `origin`, made by so many `threads`.
    pub fn of(analysis: &Analysis, origin: &Origin<'_>, threads: usize) -> Self {
        // A thread takes longer to begin than it has to do for a few flows.
        let threads = if analysis.live_flows() < FEW_FLOWS { 1 } else { threads };
        let more = || (talker::flows(analysis), anomalies(analysis));
        let talkers = || Talkers::of(analysis, threads);
        let ((top_flows, anomalies), talkers) =
            if threads > 1 { both(more, talkers) } else { (more(), talkers()) };
        let flows = analysis.flow_counts();
        let times = analysis.period.bounds();
        Self {
            inputs: origin.inputs.to_vec(),
            format: origin.facts.map_or("", |facts| facts.format),
            total: analysis.total,
            captured: analysis.captured,
            times,
            rates: times.and_then(|times| rates(analysis.total, times)),
            series: Steps {
                width: analysis.series.width(),
                steps: analysis.series.steps().map(|(_, tally)| tally).collect(),
            },
            places: [0, 1, 2].map(|place| analysis.ledger.get(place).packets),
            losses: origin.losses,
            recorded: origin.facts.filter(|_| origin.losses.is_none()).map(Recorded::of),
            damage: origin.damage.iter().map(ToString::to_string).collect(),
            events: (analysis.anomalies.events().iter().take(TOP))
                .map(|event| event::words(event, origin.interfaces))
                .collect(),
            flows: Flows {
                seen: flows.seen,
                live: flows.live,
                evicted: flows.evicted,
                estimated: flows.estimated,
            },
            outer: talkers.outer,
            all: talkers.all,
            tree: tree::tree(&analysis.hierarchy),
            other_protocols: mark::other_protocols(analysis),
            endpoints: talkers.endpoints,
            conversations: talkers.conversations,
            top_flows,
            hops: mark::hops(analysis),
            classes: mark::dscp(analysis),
            lengths: mark::lengths(analysis),
            fragments: [0, 1].map(|version: usize| {
                [0, 1, 2].map(|piece| {
                    analysis.fragment.get(version).map(|all| all.get(piece)).unwrap_or_default()
                })
            }),
            options: analysis.options,
            extensions: tree::extensions(&analysis.hierarchy),
            checksums: analysis.checksums,
            anomalies,
            stops: [0, 1, 2, 3].map(|reason| analysis.stops.get(reason)),
            addresses: talkers.addresses,
            interfaces: mark::interfaces(analysis, origin.interfaces),
            bounds: bound::hit(&bound::Counted {
                analysis,
                facts: origin.facts,
                interfaces: origin.interfaces.len(),
            }),
        }
    }
}

/// An anomaly that occurred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnomalyLine {
    /// Its name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: &'static str,
    /// How often it occurred.
    pub count: u64,
    /// Number of the first packet, or of the first packet of the flow.
    pub first: u64,
}

fn anomalies(analysis: &Analysis) -> Vec<AnomalyLine> {
    let mut all = analysis.anomalies();
    all.sort_by_key(|counted| std::cmp::Reverse(counted.row.severity));
    let line = |counted: Counted| AnomalyLine {
        id: counted.row.id,
        severity: counted.row.severity.word(),
        count: counted.count,
        first: counted.first,
    };
    all.into_iter().map(line).collect()
}

/// Averages over the time between the first packet and the last.
fn rates(total: Tally, (first, last): (Timestamp, Timestamp)) -> Option<Rates> {
    let seconds = (last - first).seconds_f64();
    (seconds > 0.0).then(|| Rates {
        packets: total.packets as f64 / seconds,
        bits: total.octets as f64 * 8.0 / seconds,
    })
}

/// `part` of `whole` in percent; 0 of nothing.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
