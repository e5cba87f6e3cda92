//! What a test could not do here: counted and named, and a failure where it is required.
//!
//! `IPEEK_REQUIRE=oracle,root` (or `all`) names what a machine is supposed to have.  libtest knows
//! no skipped tests, so each is told on standard error at once and noted in a file that all test
//! programs of one run share; the last of them, `skipped`, adds them up.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::need::{Need, is_required, notes};

/// Ends a test that cannot be done here: `skip!(Root)`, or `skip!(Root, "files are given away")`.
///
/// `skip!(part Oracle)` leaves only a part of the test out, and goes on.
macro_rules! skip {
    (part $need:ident $(, $($why:tt)+)?) => {
        $crate::skip::note(
            $crate::need::Need::$need,
            std::any::type_name_of_val(&|| ()),
            &[$(format!($($why)+))?],
        )
    };
    ($need:ident $(, $($why:tt)+)?) => {{
        $crate::skip::skip!(part $need $(, $($why)+)?);
        return;
    }};
}
pub(crate) use skip;

/// Notes that the running test is skipped, wholly or in part.
///
/// # Panics
///
/// Where the need is required.
pub(crate) fn note(need: Need, place: &str, why: &[String]) {
    let (_, name, what) = need.row();
    // libtest names a test's thread; with one thread only, tests run in the main one.
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main");
    let place = place.trim_end_matches("::{{closure}}").trim_start_matches("main::");
    let test = test.unwrap_or(place);
    let list = std::env::var("IPEEK_REQUIRE").unwrap_or_default();
    let is_required = is_required(&list, need).unwrap_or_else(|error| panic!("{error}"));
    let mut said = format!("no {what}");
    if let [why] = why {
        let _ = write!(said, ": {why}");
    }
    assert!(!is_required, "{test} is not skipped where '{name}' is required: {said}");
    // Not by a macro, whose words libtest keeps to itself.
    let _ = writeln!(std::io::stderr(), "skipped {test}: {said}");
    let notes = notes(std::os::unix::process::parent_id());
    let file = std::fs::File::options().append(true).create(true).open(notes);
    // One call a line: tests run side by side.
    file.and_then(|mut file| file.write_all(format!("{name}\t{test}\n").as_bytes()))
        .expect("a note in cargo's own folder");
}

#[test]
fn names_of_needs_are_taken_and_others_refused() {
    assert_eq!(is_required("", Need::Root), Ok(false));
    assert_eq!(is_required("oracle, tshark", Need::Root), Ok(false));
    assert_eq!(is_required("oracle, root", Need::Root), Ok(true));
    assert_eq!(is_required("all", Need::Zones), Ok(true));
    assert!(is_required("roots", Need::Root).is_err_and(|error| error.contains("'roots'")));
}
