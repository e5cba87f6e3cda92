//! Protocol independent multicast (RFC 7761, section 4.9): a register message carries a packet, a
//! hello has options.

use super::field::{Field, fields};
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, ip_or};
use super::layer::Layer;
use super::option::{Extent, Layout, OptionRow, OptionSet};

fields! {
    /// What every message begins with.
    FIELDS, Pim, "RFC 7761, section 4.9";
    VERSION "pim.version" 0, 4, Number, "Version", "2.";
    TYPE "pim.type" 4, 4, Number, "Message", "Which message.", names MESSAGES;
    RESERVED "pim.reserved" 8, 8, Hex, "Reserved", "Zero, or flags of later messages.";
    CHECKSUM "pim.cksum" 16, 16, Hex, "Checksum", "Over the message; in a register only over eight octets.";
}

fields! {
    /// Register.
    REGISTER, Pim, "RFC 7761, section 4.9.3";
    BORDER "pim.register_flag.border" 0, 1, Flag, "Border", "Sent by a border router; no longer used.";
    NULL "pim.register_flag.null_register" 1, 1, Flag, "Null register", "The packet is only a header, to keep the state.";
    REGISTER_RESERVED "pim.register_flag.reserved" 2, 30, Hex, "Reserved", "Zero.";
}

/// Messages (IANA pim-parameters).
const MESSAGES: &[(u16, &str, &str)] = &[
    (0, "hello", "tells neighbours"),
    (1, "register", "carries a packet to the rendezvous point"),
    (2, "register stop", "answers a register"),
    (3, "join/prune", "joins and leaves trees"),
    (4, "bootstrap", "tells rendezvous points"),
    (5, "assert", "elects a forwarder"),
    (6, "graft", "dense mode"),
    (7, "graft ack", "dense mode"),
    (8, "candidate RP", "offers a rendezvous point"),
    (9, "state refresh", "dense mode"),
    (10, "DF election", "bidirectional mode"),
];

fields! {
    /// What each option of a hello begins with.
    OPTION, Pim, "RFC 7761, section 4.9.2";
    OPTION_TYPE "pim.optiontype" 0, 16, Number, "Option", "Which option.", names OPTIONS;
    OPTION_LENGTH "pim.optionlength" 16, 16, Number, "Option length", "Octets of the value.";
}

fields! {
    /// Holdtime.
    HOLDTIME, Pim, "RFC 7761, section 4.9.2";
    HOLD "pim.holdtime" 0, 16, Number, "Holdtime", "Seconds to keep the neighbour; 65535 is for ever.";
}

fields! {
    /// LAN prune delay.
    PRUNE_DELAY, Pim, "RFC 7761, section 4.9.2";
    T "pim.t" 0, 1, Flag, "T", "The sender can do without join suppression.";
    PROPAGATION "pim.propagation_delay" 1, 15, Number, "Propagation delay", "Milliseconds that a message takes on the link.";
    OVERRIDE "pim.override_interval" 16, 16, Number, "Override interval", "Milliseconds in which others may object to a prune.";
}

fields! {
    /// DR priority.
    DR, Pim, "RFC 7761, section 4.9.2";
    DR_PRIORITY "pim.dr_priority" 0, 32, Number, "DR priority", "The highest becomes designated router.";
}

fields! {
    /// Generation ID.
    GENERATION, Pim, "RFC 7761, section 4.9.2";
    GENERATION_ID "pim.generation_id" 0, 32, Number, "Generation", "Changes when the sender starts again.";
}

fields! {
    /// State refresh.
    REFRESH, Pim, "RFC 3973, section 4.7.4";
    REFRESH_VERSION "pim.state_refresh_version" 0, 8, Number, "State refresh version", "1.";
    REFRESH_INTERVAL "pim.state_refresh_interval" 8, 8, Number, "State refresh interval", "Seconds.";
    REFRESH_RESERVED "pim.state_refresh_reserved" 16, 16, Hex, "Reserved", "Zero.";
}

fields! {
    /// Options without a table.
    OTHER, Pim, "RFC 7761, section 4.9.2";
    OPTION_VALUE "pim.optionvalue" 0, 0, Bytes, "Value", "What the option says.";
}

/// Options of hello messages (IANA pim-parameters).
const OPTIONS: &[(u16, &str, &str)] = &[
    (1, "holdtime", "RFC 7761"),
    (2, "LAN prune delay", "RFC 7761"),
    (19, "DR priority", "RFC 7761"),
    (20, "generation ID", "RFC 7761"),
    (21, "state refresh", "RFC 3973"),
    (22, "bidirectional capable", "RFC 5015"),
    (24, "address list", "RFC 7761"),
    (26, "RPF vector", "RFC 5496"),
    (27, "PIM over reliable transport", "RFC 6559"),
    (29, "multi-topology ID", "RFC 6420"),
    (30, "interface ID", "RFC 6395"),
    (33, "ECMP redirect", "RFC 6754"),
    (34, "VPC peer ID", "vendor's"),
    (35, "DR load balancing, capability", "RFC 8775"),
    (36, "DR load balancing, list", "RFC 8775"),
    (37, "hierarchical join/prune attribute", "RFC 7887"),
    (39, "flooding mechanism source discovery", "RFC 8364"),
    (40, "packed assert", "RFC 9466"),
    (65001, "address list, old", "before it was registered"),
];

const fn option(code: u8, label: &'static str, fields: &'static [Field]) -> OptionRow {
    OptionRow::new(code, label, fields, "RFC 7761")
}

/// The options of a hello message.  They are told apart by the low octet of their types: none
/// above 255 is registered.
static HELLO: OptionSet = OptionSet {
    key: "options",
    fields: OPTION,
    prefix: "pim.",
    layout: Layout {
        code_at: 1,
        extent: Extent::Pair(2),
        head: 4,
        uncounted: 4,
        is_behind: true,
        ..Layout::ENTRIES
    },
    start: |message| (message.first() == Some(&0x20) && message.len() > 4).then_some(4),
    rows: &[
        option(1, "Holdtime", HOLDTIME),
        option(2, "LAN prune delay", PRUNE_DELAY),
        option(19, "DR priority", DR),
        option(20, "Generation ID", GENERATION),
        option(21, "State refresh", REFRESH),
        option(22, "Bidirectional capable", &[]),
        option(24, "Address list", OTHER),
        option(30, "Interface ID", OTHER),
    ],
    unknown: &option(0, "Unknown option", OTHER),
};

/// The row.
pub const HEADER: Header = Header {
    name: "pim",
    short: "PIM",
    title: "Protocol independent multicast",
    parts: &[Part {
        label: "register",
        start: |b| is_register(b).then_some(4),
        len: |_| Some(4),
        fields: REGISTER,
    }],
    options: Some(&HELLO),
    source: "RFC 7761",
    ..Header::of(Layer::Pim, Class::Other, FIELDS)
};

fn is_register(header: &[u8]) -> bool {
    header.first() == Some(&0x21)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    if !is_register(reach.bytes) {
        return Step::then(4, Next::Payload);
    }
    reach.needs(8)?;
    Step::then(8, ip_or(reach, 8, Next::Payload))
}
