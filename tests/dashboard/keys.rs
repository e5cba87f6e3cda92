//! The table of keys.

use ipeek::dashboard::keys::{Context, KEYS, find};

const CONTEXTS: [Context; 16] = [
    Context::Overview,
    Context::List,
    Context::Tree,
    Context::Hex,
    Context::Flows,
    Context::Endpoints,
    Context::Headers,
    Context::Map,
    Context::Blocks,
    Context::Protocols,
    Context::Anomalies,
    Context::Card,
    Context::Filter,
    Context::Prompt,
    Context::Copying,
    Context::Help,
];

#[test]
fn every_key_means_one_thing_in_every_context() {
    for context in CONTEXTS {
        let mut seen = Vec::new();
        for row in KEYS.iter().filter(|row| row.contexts.contains(&context)) {
            for key in row.keys {
                assert!(!seen.contains(key), "{key:?} twice in {context:?}");
                seen.push(*key);
                assert!(std::ptr::eq(find(*key, context).unwrap(), row));
            }
        }
    }
}

#[test]
fn rows_are_complete() {
    for row in KEYS {
        assert!(!row.keys.is_empty() && !row.contexts.is_empty(), "{row:?}");
        assert!(row.help.ends_with('.'), "{row:?}");
    }
}

#[test]
fn every_context_can_be_left_and_explained() {
    for context in CONTEXTS {
        let rows = || KEYS.iter().filter(|row| row.contexts.contains(&context));
        assert!(rows().any(|row| row.help.contains("at once")), "{context:?}");
        assert!(rows().any(|row| row.hint.is_some()), "{context:?}");
    }
}

#[test]
fn arrows_and_letters_move_alike() {
    for (letter, named) in [('j', "Down"), ('k', "Up"), ('h', "Left"), ('l', "Right")] {
        let row = KEYS.iter().find(|row| {
            row.keys.iter().any(|key| format!("{key:?}") == format!("Char({letter:?})"))
        });
        let keys = format!("{:?}", row.unwrap().keys);
        assert!(keys.contains(named), "{letter}: {keys}");
    }
}
