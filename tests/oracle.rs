//! Real captures against tshark's answer for every packet: the same comparison, through the
//! library, that the acceptance script makes of the program's JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod compare;
mod expected;
mod known;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use compare::Score;

use crate::skip::skip;

/// Least share in hundredths of a per cent; raise them as more is decoded.
///
/// Of the set that [`known::KNOWN`] was written for nothing else may differ at all.
const FLOORS: [(&str, u64); 4] =
    [("headers", 9_900), ("transports", 9_940), ("frames", 9_990), ("statistics", 9_950)];

#[test]
fn headers_transports_frames_and_statistics_are_as_tshark_has_them() {
    let Some(folder) = crate::packets::oracle() else { skip!(Oracle) };
    let files = expected::files(&folder);
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Score::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut score = Score::default();
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    score.judge(&folder, file);
                }
                total.lock().unwrap().merge(score);
            });
        }
    });
    let score = total.into_inner().unwrap();
    let report = report(&score);
    assert_eq!(score.wrong_counts, 0, "captures with another number of packets\n{report}");
    let is_here = |known: &known::Known| files.iter().any(|row| row.name == known.file);
    let rows = known::KNOWN.iter().enumerate().filter(|(_, known)| is_here(known));
    let is_stale = |(at, known): &(usize, &known::Known)| {
        known.parts().any(|part| !score.known.contains(&(*at, part)))
    };
    let stale: Vec<_> = rows.filter(is_stale).collect();
    assert!(stale.is_empty(), "agree with the reference set by now: {stale:?}");
    if known::KNOWN.iter().all(is_here) {
        assert_eq!(score.unknown, [""; 0], "differ from the reference set");
    }
    for (name, floor) in FLOORS {
        let (right, judged) = score.parts[name];
        assert!(judged > 0, "{name}");
        assert!(right * 10_000 >= floor * judged, "{name}: {right} of {judged}\n{report}");
    }
}

/// The shares, and the reasons that occur most.
fn report(score: &Score) -> String {
    let share = |(name, (right, judged)): (&&str, &(u64, u64))| {
        format!("{name} {right} of {judged} = {:.3} %", *right as f64 * 100.0 / *judged as f64)
    };
    let shares: Vec<String> = score.parts.iter().map(share).collect();
    let mut reasons: Vec<_> = score.reasons.iter().collect();
    reasons.sort_by_key(|(reason, (count, _))| (std::cmp::Reverse(*count), *reason));
    let lines = reasons
        .iter()
        .take(40)
        .map(|(reason, (count, example))| format!("{count:7}  {reason}   e.g. {example}\n"));
    format!("{}\n{}", shares.join(", "), lines.collect::<String>())
}

/// Reasons with their number and an example.
type Reasons = BTreeMap<String, (u64, String)>;

/// The cells of a table, by line.
fn lines(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}
