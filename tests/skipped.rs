//! The last of the test programs: how many tests the others skipped, and for want of what.
//!
//! Cargo runs test programs in the order of their names.

mod need;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use need::NEEDS;

fn main() {
    // Whoever lists tests finds none here.
    if std::env::args().any(|word| word == "--list") {
        return;
    }
    let list = std::env::var("IPEEK_REQUIRE").unwrap_or_default();
    if let Err(error) = need::is_required(&list, need::Need::Root) {
        panic!("{error}");
    }
    let path = need::notes(std::os::unix::process::parent_id());
    let notes = std::fs::read_to_string(&path).unwrap_or_default();
    let text = summary(&notes);
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::fs::write(path.with_file_name("skipped.txt"), &text);
    let _ = std::fs::remove_file(&path);
    remove_stale(path.parent().expect("a folder"));
}

/// A line for each need that was not met, with the tests that wanted it.
fn summary(notes: &str) -> String {
    let mut tests = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (name, test) in notes.lines().filter_map(|line| line.split_once('\t')) {
        tests.entry(name).or_default().insert(test);
    }
    let count = tests.values().flatten().collect::<BTreeSet<_>>().len();
    if count == 0 {
        return "\nno test was skipped\n".to_owned();
    }
    let mut text = format!("\n{count} tests were skipped, wholly or in part:\n");
    for (_, name, what) in NEEDS {
        if let Some(tests) = tests.get(name) {
            let all = tests.iter().copied().collect::<Vec<_>>().join(", ");
            let count = tests.len();
            let _ = writeln!(text, "  {count:3} without '{name}' (no {what}): {all}");
        }
    }
    text
}

/// Removes what runs without this program at their end have left.
fn remove_stale(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("skipped-"));
        if number.is_some_and(|number| !Path::new("/proc").join(number).exists()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
