//! What tests may need and a machine may lack, and where those that were skipped are noted.

use std::path::PathBuf;

/// What a test may need and a machine may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Oracle,
    Root,
    Capture,
    Network,
    Mount,
    Tshark,
    Device,
    Zones,
    Readers,
}

/// Every need, its name in `IPEEK_REQUIRE`, and what it is.
pub(crate) const NEEDS: [(Need, &str, &str); 9] = [
    (Need::Oracle, "oracle", "reference captures with their answers in ../shared"),
    (Need::Root, "root", "root"),
    (Need::Capture, "capture", "right to capture"),
    (Need::Network, "network", "right to make network namespaces"),
    (Need::Mount, "mount", "right to mount"),
    (Need::Tshark, "tshark", "tshark"),
    (Need::Device, "device", "device that is always full"),
    (Need::Zones, "zones", "time zone files"),
    (Need::Readers, "readers", "pyarrow, DuckDB and Polars for Python"),
];

impl Need {
    /// Its row.
    pub(crate) fn row(self) -> &'static (Need, &'static str, &'static str) {
        NEEDS.iter().find(|row| row.0 == self).expect("a row")
    }
}

/// Whether a list of names, as `IPEEK_REQUIRE` has it, has that of a need.
///
/// # Errors
///
/// The first name that is none.
pub(crate) fn is_required(list: &str, need: Need) -> Result<bool, String> {
    let mut is_there = false;
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if name != "all" && !NEEDS.iter().any(|row| row.1 == name) {
            return Err(format!("IPEEK_REQUIRE: '{name}' is nothing that a test needs"));
        }
        is_there |= name == "all" || name == need.row().1;
    }
    Ok(is_there)
}

/// Where the test programs that `cargo` started note what they skipped.
pub(crate) fn notes(cargo: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{cargo}"))
}
