//! The panels: one row each.  Keys, tabs, drawing and the query for statistics all read the table.
//!
//! To add one: a file in `panel/` and a row in [`PANELS`], which has all that the rest of the
//! dashboard needs.

pub mod addresses;
pub mod anomalies;
pub mod endpoints;
pub mod flows;
pub mod headers;
mod listing;
pub mod overview;
pub mod packets;
pub mod protocols;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analyze::Analysis;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::Context;
use crate::dashboard::model::key::Key;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::query::SnapshotQuery;
use crate::dashboard::model::snapshot::Snapshot;
use crate::dashboard::model::state::{State, TableState};
use crate::dashboard::model::view_data::ViewData;

/// One panel.
pub struct Panel {
    /// The name by which the state and the actions know it.
    pub id: PanelId,
    /// The key that opens it.
    pub key: Key,
    /// Its title.
    pub title: &'static str,
    /// Its title where there is little room.
    pub short: &'static str,
    /// What it shows, in a sentence.
    pub help: &'static str,
    /// The contexts that keys can act in while it is open.
    pub contexts: &'static [Context],
    /// The context that keys act in now: one of `contexts`.
    pub context: fn(&State) -> Context,
    /// The table that is open, where it has one: the snapshot's rows are sorted as that is.
    pub table: fn(&State) -> Option<&TableState>,
    /// Adds the rows that it shows to a snapshot that has none.
    pub query: fn(&mut Snapshot, &Analysis),
    /// Draws it.
    pub draw: fn(&State, &ViewData, &mut Buffer, Rect),
    /// Performs an action; returns the effect that it has outside of the state.
    pub handle: fn(&mut State, Action, &ViewData) -> Option<Effect>,
    /// The filter that packets of what is selected pass.
    pub filter: fn(&State, &ViewData) -> Option<String>,
    /// Brings cursors back to rows that exist after something new came.
    pub clamp_cursor: fn(&mut State, &ViewData),
}

/// Every panel, in the order of their tabs.
pub const PANELS: &[Panel] = &[
    Panel {
        id: overview::ID,
        key: Key::Char('1'),
        title: "Overview",
        short: "Over",
        help: "Overview: rates, protocols, talkers, ledger.",
        contexts: &[overview::CONTEXT],
        context: |_| overview::CONTEXT,
        table: |_| None,
        query: overview::query,
        draw: overview::draw,
        handle: overview::handle,
        filter: overview::term,
        clamp_cursor: overview::clamp_cursor,
    },
    Panel {
        id: packets::ID,
        key: Key::Char('2'),
        title: "Packets",
        short: "Pkts",
        help: "Packets: list, fields and octets.",
        contexts: &[packets::LIST, packets::TREE, packets::HEX],
        context: packets::context,
        table: |_| None,
        query: |_, _| {},
        draw: packets::draw,
        handle: packets::handle,
        filter: packets::term,
        clamp_cursor: packets::clamp_cursor,
    },
    Panel {
        id: flows::ID,
        key: Key::Char('3'),
        title: "Flows",
        short: "Flows",
        help: "Flows: who talks with whom, both ways.",
        contexts: &[flows::CONTEXT],
        context: |_| flows::CONTEXT,
        table: |state| Some(&state.flows),
        query: flows::query,
        draw: flows::draw,
        handle: flows::handle,
        filter: flows::term,
        clamp_cursor: flows::clamp_cursor,
    },
    Panel {
        id: endpoints::ID,
        key: Key::Char('4'),
        title: "Endpoints",
        short: "Ends",
        help: "Endpoints and conversations.",
        contexts: &[endpoints::CONTEXT],
        context: |_| endpoints::CONTEXT,
        table: |state| Some(endpoints::table(state)),
        query: endpoints::query,
        draw: endpoints::draw,
        handle: endpoints::handle,
        filter: endpoints::term,
        clamp_cursor: endpoints::clamp_cursor,
    },
    Panel {
        id: headers::ID,
        key: Key::Char('5'),
        title: "Headers",
        short: "Head",
        help: "Headers: hops, DSCP, lengths, flags, options.",
        contexts: &[headers::CONTEXT],
        context: |_| headers::CONTEXT,
        table: |_| None,
        query: headers::query,
        draw: headers::draw,
        handle: headers::handle,
        filter: headers::term,
        clamp_cursor: headers::clamp_cursor,
    },
    Panel {
        id: addresses::ID,
        key: Key::Char('6'),
        title: "Addresses",
        short: "Addr",
        help: "Addresses: a map of IPv4, blocks, classes.",
        contexts: &[addresses::MAP, addresses::BLOCKS],
        context: addresses::context,
        table: |state| Some(&state.blocks),
        query: addresses::query,
        draw: addresses::draw,
        handle: addresses::handle,
        filter: addresses::term,
        clamp_cursor: addresses::clamp_cursor,
    },
    Panel {
        id: protocols::ID,
        key: Key::Char('7'),
        title: "Protocols",
        short: "Prot",
        help: "Protocols: which header stands in which.",
        contexts: &[protocols::CONTEXT],
        context: |_| protocols::CONTEXT,
        table: |state| Some(&state.protocols),
        query: protocols::query,
        draw: protocols::draw,
        handle: protocols::handle,
        filter: protocols::term,
        clamp_cursor: protocols::clamp_cursor,
    },
    Panel {
        id: anomalies::ID,
        key: Key::Char('8'),
        title: "Anomalies",
        short: "Anom",
        help: "Anomalies: which, how often, where first.",
        contexts: &[anomalies::CONTEXT],
        context: |_| anomalies::CONTEXT,
        table: |state| Some(&state.anomalies),
        query: anomalies::query,
        draw: anomalies::draw,
        handle: anomalies::handle,
        filter: anomalies::term,
        clamp_cursor: anomalies::clamp_cursor,
    },
];

/// The panel of that name; the first where none has it.
pub fn find(id: PanelId) -> &'static Panel {
    PANELS.iter().find(|panel| panel.id == id).unwrap_or(&PANELS[0])
}

/// The panel that is open.
pub fn open(state: &State) -> &'static Panel {
    find(state.panel)
}

/// The statistics that the open panel needs.
pub fn query(state: &State) -> SnapshotQuery {
    let sort = (open(state).table)(state).map(|table| table.sort).unwrap_or_default();
    SnapshotQuery { rows: state.rows(), sort, is_frozen: state.frozen.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::keymap::Keymap;
    use crate::dashboard::view::keys;

    #[test]
    fn every_panel_has_its_own_name_title_and_contexts_and_opens_by_its_key_from_everywhere() {
        let keymap = Keymap::default();
        for (index, panel) in PANELS.iter().enumerate() {
            let others = || PANELS.iter().take(index);
            assert!(others().all(|other| other.id != panel.id && other.title != panel.title));
            assert!(panel.help.ends_with('.'), "{}", panel.title);
            assert!(!panel.contexts.is_empty(), "{}", panel.title);
            for context in panel.contexts {
                assert!(context.is_panel(), "{context:?}");
                assert!(others().all(|other| !other.contexts.contains(context)), "{context:?}");
            }
            for context in keys::contexts().filter(|context| context.is_panel()) {
                let row = keys::find(&keymap, panel.key, context).unwrap();
                assert_eq!(row.action, Action::View(panel.id), "{}", panel.title);
            }
        }
    }
}
