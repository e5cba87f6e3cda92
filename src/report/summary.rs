//! What a capture adds up to, as lists that are ready to be shown: sorted, bounded, with shares.
//!
//! Pure: the same analysis gives the same summary.  Lists go by packets, most first, then by what
//! they are lists of, so that two runs can be compared line by line.

pub mod finding;
pub mod statistics;
pub mod talker;

use serde::Serialize;

use crate::analyze::expiry::FlowCounts;
use crate::analyze::traffic::ConversationCounts;
use crate::analyze::traffic::HeaderScope;
use crate::analyze::{Analysis, Tally};
use crate::base::threads::both;
use crate::capture::{Damage, Facts, Interface, Ledger, Recorded};
use crate::decode::checksum;

pub use self::finding::{AnomalyLine, Finding, anomalies};
pub use self::statistics::{Statistic, Statistics};
pub use self::talker::TOP;
use self::talker::{Addresses, Conversation, Endpoint, FlowLine, Talkers};
use super::bound::{self, Bound};
use super::event;
use super::words::shortened;

/// Flows that one thread goes through sooner than another is called.
const FEW_FLOWS: usize = 10_000;

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
    /// What the capture says of itself, beside what is counted, safe to show: a word for what it is,
    /// and the first characters of the text.
    pub told: Vec<(&'static str, String)>,
    /// Comments that are not among these.
    pub more_comments: usize,
    /// What was counted of packets.
    pub statistics: Statistics,
    /// Averages from the first packet to the last; none when there is no duration.
    pub rates: Option<Rates>,
    /// What became of every packet that the kernel saw; none for files.
    pub losses: Option<Ledger>,
    /// What a file says of packets that are not in it; none when live.
    pub recorded: Option<Recorded>,
    /// Where the input stopped making sense.
    pub damage: Vec<String>,
    /// What happened to the interfaces meanwhile, a sentence each, first come first; the first few.
    pub events: Vec<String>,
    /// Flows.
    pub flows: FlowCounts,
    /// Whether checksums were looked at of IPv4 headers only.
    pub are_checksums_left_out: bool,
    /// The IP headers by which endpoints, conversations and kinds of addresses are counted.
    pub scope: HeaderScope,
    /// How many of both there are by those.
    pub talks: ConversationCounts,
    /// Conversations and endpoints of outermost headers.
    pub outer: ConversationCounts,
    /// How many conversations and endpoints there are by all headers but quotes and copies.
    pub all: ConversationCounts,
    /// Addresses with most packets.
    pub endpoints: Vec<Endpoint>,
    /// Pairs of addresses with most packets.
    pub conversations: Vec<Conversation>,
    /// Flows with most packets.
    pub top_flows: Vec<FlowLine>,
    /// What is wrong, worst first, then in the order of the table.
    pub anomalies: Vec<AnomalyLine>,
    /// Where it is, ranked; the first few.
    pub findings: Vec<Finding>,
    /// Addresses by class, kind and special-purpose block.
    pub addresses: Addresses,
    /// Bounds that were hit.
    pub bounds: Vec<Bound>,
}

/// Averages over some time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// Packets a second.
    pub packets: f64,
    /// Bits a second.
    pub bits: f64,
}

impl Summary {
    /// The summary of what `analysis` counted of `origin`, made by so many `threads`.
    pub fn of(analysis: &Analysis, origin: &Origin<'_>, threads: usize) -> Self {
        // A thread takes longer to begin than it has to do for a few flows.
        let threads = if analysis.live_flows() < FEW_FLOWS { 1 } else { threads };
        let more = || (talker::flows(analysis), analysis.all_anomalies());
        let talkers = || Talkers::of(analysis, analysis.settings().scope, threads, TOP);
        let ((top_flows, found), talkers) =
            if threads > 1 { both(more, talkers) } else { (more(), talkers()) };
        let statistics = Statistics::of(analysis, origin.interfaces);
        let anomalies = anomalies(&found);
        let findings = finding::findings(&found, &anomalies, &statistics);
        Self {
            inputs: origin.inputs.to_vec(),
            format: origin.facts.map_or("", |facts| facts.format),
            told: origin.facts.map(told).unwrap_or_default(),
            more_comments: origin.facts.map_or(0, |facts| facts.comments.len().saturating_sub(TOP)),
            rates: statistics.times().and_then(|(first, last)| {
                Rates::of(statistics.total(), (last - first).seconds_f64())
            }),
            statistics,
            losses: origin.losses,
            recorded: origin.facts.filter(|_| origin.losses.is_none()).map(Recorded::of),
            damage: origin.damage.iter().map(ToString::to_string).collect(),
            events: (analysis.anomalies.events().iter().take(TOP))
                .map(|event| event::words(event, origin.interfaces))
                .collect(),
            flows: analysis.flow_counts(),
            are_checksums_left_out: checksum::are_left_out(),
            scope: analysis.settings().scope,
            talks: talkers.talks,
            outer: talkers.outer,
            all: talkers.all,
            endpoints: talkers.endpoints,
            conversations: talkers.conversations,
            top_flows,
            anomalies,
            findings,
            addresses: talkers.addresses,
            bounds: bound::hit(&bound::Counted {
                analysis,
                facts: origin.facts,
                interfaces: origin.interfaces.len(),
            }),
        }
    }
}

/// What a capture says of itself: comments first, as far as there is room.
fn told(facts: &Facts) -> Vec<(&'static str, String)> {
    let comments = facts.comments.iter().take(TOP).map(|comment| ("comment", comment.as_str()));
    let shown = |(word, text)| {
        let mut shown = String::new();
        shortened(&mut shown, text);
        (word, shown)
    };
    comments.chain(facts.told()).map(shown).collect()
}

impl Rates {
    /// Those of packets that came in so many seconds.
    pub fn of(tally: Tally, seconds: f64) -> Option<Self> {
        (seconds > 0.0).then(|| Self {
            packets: tally.packets as f64 / seconds,
            bits: tally.octets as f64 * 8.0 / seconds,
        })
    }
}

/// `part` of `whole` in percent; 0 of nothing.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
