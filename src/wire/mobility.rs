//! Mobility header (RFC 6275, section 6.1): the messages of the base protocol and their options.

use super::field::{Field, fields};
use super::header::{Class, Extension, Fault, Header, Part, Reach, Step, to_end};
use super::hopopts::extension;
use super::layer::Layer;
use super::number::PROTOCOLS;
use super::option::{Layout, OptionRow, OptionSet};

fields! {
    /// The head of every message.
    FIELDS, Mobility, "RFC 6275, section 6.1.1";
    PROTO "mipv6.proto" 0, 8, Number, "Payload protocol", "59: nothing follows.", names PROTOCOLS;
    HLEN "mipv6.hlen" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
    MHTYPE "mipv6.mhtype" 16, 8, Number, "Message", "Which message.", names MESSAGES;
    RESERVED "mipv6.reserved" 24, 8, Hex, "Reserved", "Zero.";
    CSUM "mipv6.csum" 32, 16, Hex, "Checksum", "Over the message and a pseudo-header.";
}

fields! {
    /// Binding refresh request.
    REFRESH, Mobility, "RFC 6275, section 6.1.2";
    REFRESH_RESERVED "mipv6.brr.reserved" 0, 16, Hex, "Reserved", "Zero.";
}

fields! {
    /// Home test init and care-of test init.
    INIT, Mobility, "RFC 6275, sections 6.1.3 and 6.1.4";
    INIT_RESERVED "mipv6.init.reserved" 0, 16, Hex, "Reserved", "Zero.";
    INIT_COOKIE "mipv6.init.cookie" 16, 64, Hex, "Init cookie", "Ties the answer to the question.";
}

fields! {
    /// Home test and care-of test.
    TEST, Mobility, "RFC 6275, sections 6.1.5 and 6.1.6";
    NONCE_INDEX "mipv6.test.nonce_index" 0, 16, Number, "Nonce index", "Which nonce the token was made with.";
    TEST_COOKIE "mipv6.test.cookie" 16, 64, Hex, "Init cookie", "From the question.";
    TOKEN "mipv6.test.token" 80, 64, Hex, "Keygen token", "Half of the binding's key.";
}

fields! {
    /// Binding update.
    UPDATE, Mobility, "RFC 6275, section 6.1.7";
    SEQUENCE "mipv6.bu.seqnr" 0, 16, Number, "Sequence", "Order of updates.";
    A "mipv6.bu.a_flag" 16, 1, Flag, "Acknowledge", "An acknowledgement is wanted.";
    H "mipv6.bu.h_flag" 17, 1, Flag, "Home registration", "The receiver is to be the home agent.";
    L "mipv6.bu.l_flag" 18, 1, Flag, "Link-local", "Interface identifiers agree.";
    K "mipv6.bu.k_flag" 19, 1, Flag, "Key management", "Keys survive a move.";
    M "mipv6.bu.m_flag" 20, 1, Flag, "Anchor point", "The receiver is to be an anchor point.", source "RFC 5380";
    R "mipv6.bu.r_flag" 21, 1, Flag, "Mobile router", "A network moves.", source "RFC 3963";
    P "mipv6.bu.p_flag" 22, 1, Flag, "Proxy", "A proxy registers for the node.", source "RFC 5213";
    F "mipv6.bu.f_flag" 23, 1, Flag, "UDP", "Force UDP encapsulation.", source "RFC 5555";
    T "mipv6.bu.t_flag" 24, 1, Flag, "TLV header", "Type, length and value before tunnelled packets.", source "RFC 5845";
    BULK "mipv6.bu.b_flag" 25, 1, Flag, "Bulk", "For several bindings.", source "RFC 6602";
    UPDATE_RESERVED "mipv6.bu.reserved" 26, 6, Hex, "Reserved", "Zero.";
    LIFETIME "mipv6.bu.lifetime" 32, 16, Times(4), "Lifetime", "Seconds that the binding holds.";
}

fields! {
    /// Binding acknowledgement.
    ACKNOWLEDGEMENT, Mobility, "RFC 6275, section 6.1.8";
    STATUS "mipv6.ba.status" 0, 8, Number, "Status", "Below 128 is accepted.";
    ACK_K "mipv6.ba.k_flag" 8, 1, Flag, "Key management", "Keys survive a move.";
    ACK_FLAGS "mipv6.ba.flags" 9, 7, Hex, "Flags", "R, P, T, B and reserved.";
    ACK_SEQUENCE "mipv6.ba.seqnr" 16, 16, Number, "Sequence", "Of the update that is answered.";
    ACK_LIFETIME "mipv6.ba.lifetime" 32, 16, Times(4), "Lifetime", "Seconds that the binding holds.";
}

fields! {
    /// Binding error.
    ERROR, Mobility, "RFC 6275, section 6.1.9";
    ERROR_STATUS "mipv6.be.status" 0, 8, Number, "Status", "1 no binding, 2 unknown message.";
    ERROR_RESERVED "mipv6.be.reserved" 8, 8, Hex, "Reserved", "Zero.";
    ERROR_HOME "mipv6.be.haddr" 16, 128, Ipv6, "Home address", "Of the packet in error.";
}

fields! {
    /// Messages without a table.
    OTHER, Mobility, "RFC 6275, section 6.1";
    DATA "mipv6.data" 0, 0, Bytes, "Message data", "What the message says, and its options.";
}

fields! {
    /// What each option begins with.
    OPTION, Mobility, "RFC 6275, section 6.2.1";
    OPTION_TYPE "mipv6.opt.type" 0, 8, Number, "Option", "Which option.";
    OPTION_LENGTH "mipv6.opt.len" 8, 8, Number, "Option length", "Octets of data behind this one.";
}

fields! {
    /// Alternate care-of address.
    ALTERNATE, Mobility, "RFC 6275, section 6.2.5";
    ACOA "mipv6.opt.acoa" 0, 128, Ipv6, "Care-of address", "In place of the packet's source.";
}

fields! {
    /// Nonce indices.
    INDICES, Mobility, "RFC 6275, section 6.2.6";
    HOME_NONCE "mipv6.opt.home_nonce" 0, 16, Number, "Home nonce index", "From the home test.";
    CARE_OF_NONCE "mipv6.opt.care_of_nonce" 16, 16, Number, "Care-of nonce index", "From the care-of test.";
}

fields! {
    /// Refresh advice.
    ADVICE, Mobility, "RFC 6275, section 6.2.4";
    INTERVAL "mipv6.opt.refresh" 0, 16, Times(4), "Refresh interval", "Seconds after which to send a new update.";
}

fields! {
    /// Options without a table.
    OPTION_OTHER, Mobility, "RFC 6275, section 6.2.1";
    OPTION_DATA "mipv6.opt.data" 0, 0, Bytes, "Data", "Octets behind type and length.";
}

const fn option(code: u8, label: &'static str, fields: &'static [Field]) -> OptionRow {
    OptionRow::new(code, label, fields, "RFC 6275")
}

static OPTIONS: OptionSet = OptionSet {
    key: "opts",
    fields: OPTION,
    prefix: "mipv6.opt.",
    layout: Layout::COUNTS_DATA,
    start: |header| {
        let at = head(header)?.checked_add(MESSAGE)?;
        (header.len() > at).then_some(at)
    },
    rows: &[
        option(0, "Pad1", &[]),
        option(1, "PadN", OPTION_OTHER),
        option(2, "Binding refresh advice", ADVICE),
        option(3, "Alternate care-of address", ALTERNATE),
        option(4, "Nonce indices", INDICES),
        option(5, "Binding authorization data", OPTION_OTHER),
    ],
    unknown: &option(0, "Unknown option", OPTION_OTHER),
};

/// Octet at which the message begins.
const MESSAGE: usize = 6;

/// Octets of the message before its options, for messages that have a table.
fn head(header: &[u8]) -> Option<usize> {
    Some(match header.get(2)? {
        0 => 2,
        1 | 2 => 10,
        3 | 4 | 7 => 18,
        5 | 6 => 6,
        _ => return None,
    })
}

/// Where the message begins, when it is one of these.
fn is(header: &[u8], messages: &[u8]) -> Option<usize> {
    messages.contains(header.get(2)?).then_some(MESSAGE)
}

/// Messages (IANA mobility-parameters).
const MESSAGES: &[(u16, &str, &str)] = &[
    (0, "binding refresh request", "asks for a new binding update"),
    (1, "home test init", "begins the return routability procedure"),
    (2, "care-of test init", "begins the return routability procedure"),
    (3, "home test", "answers home test init"),
    (4, "care-of test", "answers care-of test init"),
    (5, "binding update", "tells a new care-of address"),
    (6, "binding acknowledgement", "answers a binding update"),
    (7, "binding error", "reports a missing binding"),
    (8, "fast binding update", "RFC 5568"),
    (9, "fast binding acknowledgement", "RFC 5568"),
    (10, "fast neighbour advertisement", "RFC 5568"),
    (11, "experimental", "RFC 5096"),
    (12, "home agent switch", "RFC 5142"),
    (13, "heartbeat", "RFC 5847"),
    (14, "handover initiate", "RFC 5568"),
    (15, "handover acknowledge", "RFC 5568"),
    (16, "binding revocation", "RFC 5846"),
    (17, "localized routing initiation", "RFC 6705"),
    (18, "localized routing acknowledgement", "RFC 6705"),
    (19, "update notification", "RFC 7077"),
    (20, "update notification acknowledgement", "RFC 7077"),
    (21, "flow binding", "RFC 7109"),
    (22, "subscription query", "RFC 7161"),
    (23, "subscription response", "RFC 7161"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "mipv6",
    short: "Mobility",
    title: "Mobility",
    parts: &[
        Part { label: "refresh request", start: |b| is(b, &[0]), len: head, fields: REFRESH },
        Part { label: "test init", start: |b| is(b, &[1, 2]), len: head, fields: INIT },
        Part { label: "test", start: |b| is(b, &[3, 4]), len: head, fields: TEST },
        Part { label: "update", start: |b| is(b, &[5]), len: head, fields: UPDATE },
        Part {
            label: "acknowledgement",
            start: |b| is(b, &[6]),
            len: head,
            fields: ACKNOWLEDGEMENT,
        },
        Part { label: "error", start: |b| is(b, &[7]), len: head, fields: ERROR },
        Part {
            label: "message",
            start: |b| (*b.get(2)? > 7).then_some(MESSAGE),
            len: to_end,
            fields: OTHER,
        },
    ],
    options: Some(&OPTIONS),
    extension: Some(Extension::UPPER_LAYER),
    source: "RFC 6275",
    ..Header::of(Layer::Mobility, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
