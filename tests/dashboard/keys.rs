//! The table of keys.

use std::fmt::Write as _;

use ipeek::dashboard::model::action::Action;
use ipeek::dashboard::model::context::Context;
use ipeek::dashboard::model::keymap::{KeyBinding, Keymap};
use ipeek::dashboard::view::keys::{bindings, contexts, find};
use ipeek::dashboard::view::panel::PANELS;

/// Where a binding holds.
fn places(row: &KeyBinding) -> Vec<Context> {
    contexts().filter(|context| (row.is_in)(*context)).collect()
}

#[test]
fn every_key_means_one_thing_in_every_context() {
    for context in contexts() {
        let mut seen = Vec::new();
        for row in bindings().filter(|row| (row.is_in)(context)) {
            for key in row.keys {
                assert!(!seen.contains(key), "{key:?} twice in {context:?}");
                seen.push(*key);
                assert!(std::ptr::eq(find(&Keymap::default(), *key, context).unwrap(), row));
            }
        }
    }
}

#[test]
fn rows_are_complete() {
    for row in bindings() {
        assert!(!row.keys.is_empty() && !places(row).is_empty(), "{row:?}");
        assert!(row.help.ends_with('.'), "{row:?}");
    }
}

#[test]
fn every_context_can_be_left_and_explained() {
    for context in contexts() {
        let rows = || bindings().filter(|row| (row.is_in)(context));
        assert!(rows().any(|row| row.help.contains("at once")), "{context:?}");
        assert!(rows().any(|row| row.hint.is_some()), "{context:?}");
    }
}

#[test]
fn arrows_and_letters_move_alike() {
    for (letter, named) in [('j', "Down"), ('k', "Up"), ('h', "Left"), ('l', "Right")] {
        let row = bindings().find(|row| {
            row.keys.iter().any(|key| format!("{key:?}") == format!("Char({letter:?})"))
        });
        let keys = format!("{:?}", row.unwrap().keys);
        assert!(keys.contains(named), "{letter}: {keys}");
    }
}

/// The table as the README has it.
fn table() -> String {
    let of = |action| places(bindings().find(|row| row.action == action).unwrap());
    let (views, all) = (of(Action::Quit), of(Action::Interrupt));
    let mut text = "| keys | where | what they do |\n|---|---|---|\n".to_owned();
    for row in bindings() {
        let keys: Vec<_> = row.keys.iter().map(|key| format!("`{}`", key.label(true))).collect();
        let places = places(row);
        let places = if places == views {
            "every view".to_owned()
        } else if places == all {
            "anywhere".to_owned()
        } else {
            let names = places.iter().map(|context| context.name);
            names.collect::<Vec<_>>().join(", ")
        };
        let keys = keys.join(" ");
        writeln!(text, "| {keys} | {places} | {} |", row.help).unwrap();
    }
    text
}

#[test]
fn the_readme_has_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (_, rest) = readme.split_once("<!-- keys -->\n\n").unwrap();
    let (there, _) = rest.split_once("\n<!-- keys end -->").unwrap();
    let table = table();
    assert!(there == table, "between the marks of the README belongs:\n{table}");
}

#[test]
fn the_readme_has_every_view() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    for panel in PANELS {
        let row = format!("| `{}` | {} |", panel.key.label(true), panel.title);
        assert!(readme.contains(&row), "{row}");
    }
}
