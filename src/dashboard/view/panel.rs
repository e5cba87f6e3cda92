//! The panels: one row each.  Keys, tabs, drawing and the statistics asked for all read the table.

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

use super::keys::Context;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::shown::Shown;
use crate::dashboard::model::state::State;
use crate::dashboard::update::dispatch::Effect;

/// One panel.
pub struct Panel {
    /// The key that opens it.
    pub key: char,
    /// Its title.
    pub title: &'static str,
    /// Its title where there is little room.
    pub short: &'static str,
    /// Where the keys go while it is open.
    pub context: fn(&State) -> Context,
    /// Draws it.
    pub draw: fn(&State, &Shown, &mut Buffer, Rect),
    /// Does what is asked for, and says what must be done outside.
    pub act: fn(&mut State, Action, &Shown) -> Option<Effect>,
    /// The filter that packets of what is selected pass.
    pub term: fn(&State, &Shown) -> Option<String>,
    /// Brings cursors back to rows that exist after something new came.
    pub settle: fn(&mut State, &Shown),
}

/// Index of the overview.
pub const OVERVIEW: usize = 0;
/// Index of the packets.
pub const PACKETS: usize = 1;
/// Index of the flows.
pub const FLOWS: usize = 2;
/// Index of the endpoints and conversations.
pub const ENDPOINTS: usize = 3;
/// Index of the headers.
pub const HEADERS: usize = 4;
/// Index of the addresses.
pub const ADDRESSES: usize = 5;
/// Index of the protocols.
pub const PROTOCOLS: usize = 6;
/// Index of the anomalies.
pub const ANOMALIES: usize = 7;

/// Every panel, in the order of their keys.
pub const PANELS: [Panel; 8] = [
    Panel {
        key: '1',
        title: "Overview",
        short: "Over",
        context: |_| Context::Overview,
        draw: overview::draw,
        act: overview::act,
        term: overview::term,
        settle: overview::settle,
    },
    Panel {
        key: '2',
        title: "Packets",
        short: "Pkts",
        context: packets::context,
        draw: packets::draw,
        act: packets::act,
        term: packets::term,
        settle: packets::settle,
    },
    Panel {
        key: '3',
        title: "Flows",
        short: "Flows",
        context: |_| Context::Flows,
        draw: flows::draw,
        act: flows::act,
        term: flows::term,
        settle: flows::settle,
    },
    Panel {
        key: '4',
        title: "Endpoints",
        short: "Ends",
        context: |_| Context::Endpoints,
        draw: endpoints::draw,
        act: endpoints::act,
        term: endpoints::term,
        settle: endpoints::settle,
    },
    Panel {
        key: '5',
        title: "Headers",
        short: "Head",
        context: |_| Context::Headers,
        draw: headers::draw,
        act: headers::act,
        term: headers::term,
        settle: headers::settle,
    },
    Panel {
        key: '6',
        title: "Addresses",
        short: "Addr",
        context: addresses::context,
        draw: addresses::draw,
        act: addresses::act,
        term: addresses::term,
        settle: addresses::settle,
    },
    Panel {
        key: '7',
        title: "Protocols",
        short: "Proto",
        context: |_| Context::Protocols,
        draw: protocols::draw,
        act: protocols::act,
        term: protocols::term,
        settle: protocols::settle,
    },
    Panel {
        key: '8',
        title: "Anomalies",
        short: "Odd",
        context: |_| Context::Anomalies,
        draw: anomalies::draw,
        act: anomalies::act,
        term: anomalies::term,
        settle: anomalies::settle,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::key::Key;
    use crate::dashboard::view::keys::find;

    #[test]
    fn every_panel_opens_by_its_key_from_everywhere() {
        for (index, panel) in PANELS.iter().enumerate() {
            for context in [Context::Overview, Context::List, Context::Tree, Context::Flows] {
                let row = find(Key::Char(panel.key), context).unwrap();
                assert_eq!(row.action, Action::View(index), "{}", panel.title);
            }
        }
        assert_eq!(PANELS[OVERVIEW].title, "Overview");
        assert_eq!(PANELS[PACKETS].title, "Packets");
        assert_eq!(PANELS[FLOWS].title, "Flows");
        assert_eq!(PANELS[ENDPOINTS].title, "Endpoints");
        assert_eq!(PANELS[HEADERS].title, "Headers");
        assert_eq!(PANELS[ADDRESSES].title, "Addresses");
        assert_eq!(PANELS[PROTOCOLS].title, "Protocols");
        assert_eq!(PANELS[ANOMALIES].title, "Anomalies");
    }
}
