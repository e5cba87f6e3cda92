//! The layers of the dashboard: each imports only itself and those below; and the panels of its
//! view.

use std::path::{Path, PathBuf};

use ipeek::dashboard::view::panel::PANELS;

use crate::floors::files;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dashboard")
}

/// The layers from the top, as the table in the doc of the dashboard has them.
fn layers() -> Vec<String> {
    let text = std::fs::read_to_string(source().with_extension("rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect()
}

#[test]
fn layers_import_only_what_is_below_them() {
    let layers = layers();
    assert_eq!(layers.len(), 5, "{layers:?}");
    let mut wrong = Vec::new();
    for path in files(&source()) {
        let below = path.strip_prefix(source()).unwrap().with_extension("");
        let own = below.iter().next().unwrap().to_str().unwrap();
        let own = layers.iter().position(|layer| layer == own).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            // A path inside the dashboard is written from the root of the program.
            let found = line.split("dashboard::").skip(1).map(|rest| {
                let is_name = |c: char| c.is_alphanumeric() || c == '_';
                rest.split(|c| !is_name(c)).next().unwrap_or_default()
            });
            let is_above = |name: &str| {
                layers.iter().position(|layer| layer == name).is_none_or(|at| at < own)
            };
            if found.into_iter().any(is_above) {
                wrong.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_panel_has_a_file_and_a_row() {
    let entries = std::fs::read_dir(source().join("view/panel")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut names: Vec<_> =
        paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    // What panels with a table share.
    names.retain(|name| name != "listing");
    names.sort_unstable();
    let mut ids: Vec<_> = PANELS.iter().map(|panel| panel.id.0).collect();
    ids.sort_unstable();
    assert_eq!(names, ids);
}
