//! Real captures against tshark's answer for every packet: the same comparison, through the
//! library, that the acceptance script makes of the program's JSON.
//!
//! Passes silently where the reference set is absent.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod compare;
mod expected;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use compare::Score;

/// Least share in hundredths of a per cent; raise them as more is decoded.
///
/// What will stay: tshark multiplies a fraction of more than a second in 32 bits (4 frames), takes
/// next header 62 for Mobile IPv6 (7 headers), follows a hundred fragment headers in a row (4), shows
/// a fragment header of no octets behind a payload length of 0 (1), and names transports of which it
/// has no field (12).
const FLOORS: [(&str, u64); 4] =
    [("headers", 9_830), ("transports", 9_770), ("frames", 9_990), ("statistics", 9_950)];

#[test]
fn headers_transports_frames_and_statistics_are_as_tshark_has_them() {
    let Some(folder) = crate::packets::oracle() else { return };
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
