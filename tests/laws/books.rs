//! An analysis as text that does not depend on how it came about.

use std::fmt::Write;

use foldhash::quality::RandomState;
use ipeek::analyze::conversation::{conversations, count, endpoints};
use ipeek::analyze::flow::FlowView;
use ipeek::analyze::statistic::{Names, ROWS, Value};
use ipeek::analyze::traffic::HeaderScope;
use ipeek::analyze::{Analysis, PacketRecords, Settings};

use crate::packets::{Decoded, Owned};

/// An analysis of these packets, folded in groups of `group`.
pub(super) fn folded<'a>(
    packets: impl Iterator<Item = &'a Owned>,
    settings: Settings,
    seed: &RandomState,
    group: usize,
) -> Analysis {
    let mut analysis = Analysis::new(settings, seed);
    let mut records = PacketRecords::default();
    for owned in packets {
        records.push(&Decoded::of(owned.clone()).packet(), &mut Vec::new());
        if records.len() == group {
            analysis.fold(&mut records, &mut []);
            records.clear();
        }
    }
    analysis.fold(&mut records, &mut []);
    analysis
}

/// Every public count; flows by number, with their chains in place of the chains' numbers.
pub(super) fn books(analysis: &Analysis) -> String {
    let mut flows: Vec<_> = analysis.flows().collect();
    flows.sort_by_key(|flow| (flow.number, format!("{:?}", flow.pair)));
    let mut text = counts(analysis);
    for flow in flows {
        let chain = analysis.paths.chain(flow.path).to_vec();
        // What connections add up to is known only where somebody asks.
        let flow = FlowView { path: 0, connection: None, ..flow };
        let _ = writeln!(text, "{flow:?} in {chain:?}");
    }
    for scope in [HeaderScope::Outer, HeaderScope::All] {
        let _ = writeln!(text, "{scope:?} {:?}", count(analysis, scope));
        let _ = writeln!(text, "{:?}", conversations(analysis, scope));
        let _ = writeln!(text, "{:?}", endpoints(analysis, scope));
    }
    text
}

/// Every count but those of flows: what an eviction leaves as it is.
pub(super) fn counts(analysis: &Analysis) -> String {
    let mut text = String::new();
    let mut line = |name: &str, what: &dyn std::fmt::Debug| {
        let _ = writeln!(text, "{name} {what:?}");
    };
    for row in ROWS {
        let value = match analysis.values.get(row.key).as_deref() {
            // Its slots are in the order that chains came in.
            Some(Value::Tree(hierarchy)) => format!("{:?}", (hierarchy.stacks(), hierarchy.others)),
            Some(Value::Distribution(tallies)) => {
                format!("{:?}", tallies.seen().collect::<Vec<_>>())
            }
            value => format!("{value:?}"),
        };
        line(row.key, &(value, row.read(&analysis.values, &Names::default())));
    }
    // What is told late is in the counts; which of very many are kept is no count.
    let anomalies: Vec<_> =
        analysis.anomalies().iter().map(|c| (c.row.id, c.count, c.first)).collect();
    line("anomalies", &anomalies);
    text
}

/// Asserts that two books say the same; names the first line that differs.
pub(super) fn assert_same(ours: &str, theirs: &str, about: &dyn std::fmt::Debug) {
    let mut lines = ours.lines().zip(theirs.lines());
    if let Some((ours, theirs)) = lines.find(|(ours, theirs)| ours != theirs) {
        panic!("{about:?}\n{ours}\n{theirs}");
    }
    assert_eq!(ours.len(), theirs.len(), "{about:?}");
}
