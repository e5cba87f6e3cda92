//! Internet control message protocol (RFC 792): type, code, and the word behind the checksum.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, to_end};
use super::icmp_extension::behind_quote;
use super::layer::Layer;
use super::number::ICMPV4_TYPES;

fields! {
    /// What every message begins with.
    FIELDS, Icmp, "RFC 792";
    TYPE "icmp.type" 0, 8, Number, "Type", "What is reported or asked.", names ICMPV4_TYPES;
    CODE "icmp.code" 8, 8, Number, "Code", "Which variant of the type.";
    CHECKSUM "icmp.checksum" 16, 16, Hex, "Checksum", "Over the message.";
}

fields! {
    /// Echo, timestamp, information and address mask.
    QUERY, Icmp, "RFC 792";
    IDENT "icmp.ident" 0, 16, Number, "Identifier", "Which process asks.";
    SEQ "icmp.seq" 16, 16, Number, "Sequence", "Which question.";
}

fields! {
    /// Destination unreachable, fragmentation needed.
    TOO_BIG, Icmp, "RFC 1191, section 4";
    UNUSED "icmp.unused" 0, 8, Hex, "Unused", "Zero.";
    LENGTH "icmp.length" 8, 8, Times(4), "Length", "Octets of the quoted packet, when extensions follow it.", source "RFC 4884, section 4.1";
    MTU "icmp.mtu" 16, 16, Number, "Next-hop MTU", "Largest packet that would have passed.";
}

fields! {
    /// The other errors.
    ERROR, Icmp, "RFC 792";
    ERROR_UNUSED "icmp.unused" 0, 8, Hex, "Unused", "Zero.";
    ERROR_LENGTH "icmp.length" 8, 8, Times(4), "Length", "Octets of the quoted packet, when extensions follow it.", source "RFC 4884, section 4.1";
    ERROR_REST "icmp.reserved" 16, 16, Hex, "Reserved", "Zero.";
}

fields! {
    /// Parameter problem.
    PROBLEM, Icmp, "RFC 792";
    POINTER "icmp.pointer" 0, 8, Number, "Pointer", "Octet of the quoted header that is at fault.";
    PROBLEM_LENGTH "icmp.length" 8, 8, Times(4), "Length", "Octets of the quoted packet, when extensions follow it.", source "RFC 4884, section 4.1";
    PROBLEM_REST "icmp.reserved" 16, 16, Hex, "Reserved", "Zero.";
}

fields! {
    /// Extended echo request.
    EXTENDED_ECHO, Icmp, "RFC 8335, section 2";
    EXTENDED_IDENT "icmp.ident" 0, 16, Number, "Identifier", "Which process asks.";
    EXTENDED_SEQ "icmp.ext.echo.seq" 16, 8, Number, "Sequence", "Which question.";
    EXTENDED_RESERVED "icmp.ext.echo.req.res" 24, 7, Hex, "Reserved", "Zero.";
    LOCAL "icmp.ext.echo.req.local" 31, 1, Flag, "Local", "The interface is one of the receiver's; else of a neighbour of it.";
}

fields! {
    /// Extended echo reply.
    EXTENDED_REPLY, Icmp, "RFC 8335, section 3";
    REPLY_IDENT "icmp.ident" 0, 16, Number, "Identifier", "Which process asks.";
    REPLY_SEQ "icmp.ext.echo.seq" 16, 8, Number, "Sequence", "Which question.";
    STATE "icmp.ext.echo.rsp.state" 24, 3, Number, "State", "Of a neighbour's entry, where the interface is not local.", names STATES;
    REPLY_RESERVED "icmp.ext.echo.rsp.res" 27, 2, Hex, "Reserved", "Zero.";
    ACTIVE "icmp.ext.echo.rsp.active" 29, 1, Flag, "Active", "The interface is up.";
    RUNS_IPV4 "icmp.ext.echo.rsp.ipv4" 30, 1, Flag, "IPv4", "It runs IPv4.";
    RUNS_IPV6 "icmp.ext.echo.rsp.ipv6" 31, 1, Flag, "IPv6", "It runs IPv6.";
}

/// States of a neighbour's entry (RFC 8335, section 3).
pub(super) const STATES: &[(u16, &str, &str)] = &[
    (0, "reserved", "the interface is local"),
    (1, "incomplete", "resolution goes on"),
    (2, "reachable", "was reached lately"),
    (3, "stale", "not known to be reachable"),
    (4, "delay", "a probe is held back"),
    (5, "probe", "probes are sent"),
    (6, "failed", "resolution failed"),
];

fields! {
    /// Redirect.
    REDIRECT, Icmp, "RFC 792";
    GATEWAY "icmp.redir_gw" 0, 32, Ipv4, "Gateway", "The better first hop.";
}

fields! {
    /// Messages without a table.
    OTHER, Icmp, "RFC 792";
    REST "icmp.rest" 0, 32, Hex, "Rest of header", "What the type says.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "icmp",
    short: "ICMP",
    title: "Internet control message protocol",
    parts: &[
        Part { label: "query", start: |b| is(b, Body::Query), len: to_end, fields: QUERY },
        Part {
            label: "fragmentation needed",
            start: |b| is(b, Body::TooBig),
            len: to_end,
            fields: TOO_BIG,
        },
        Part { label: "error", start: |b| is(b, Body::Error), len: to_end, fields: ERROR },
        Part {
            label: "parameter problem",
            start: |b| is(b, Body::Problem),
            len: to_end,
            fields: PROBLEM,
        },
        Part { label: "redirect", start: |b| is(b, Body::Redirect), len: to_end, fields: REDIRECT },
        Part {
            label: "extended echo",
            start: |b| is(b, Body::ExtendedEcho),
            len: to_end,
            fields: EXTENDED_ECHO,
        },
        Part {
            label: "extended echo reply",
            start: |b| is(b, Body::ExtendedReply),
            len: to_end,
            fields: EXTENDED_REPLY,
        },
        Part { label: "message", start: |b| is(b, Body::Other), len: to_end, fields: OTHER },
    ],
    inputs: Some(&Inputs::of(&[TYPE.place(0), CODE.place(0)])),
    source: "RFC 792",
    ..Header::of(Layer::Icmp, Class::Transport, FIELDS)
};

/// What the second word holds.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Body {
    Query,
    TooBig,
    Error,
    Problem,
    Redirect,
    ExtendedEcho,
    ExtendedReply,
    Other,
}

fn body(kind: u8, code: u8) -> Body {
    match (kind, code) {
        (0 | 8 | 13..=18, _) => Body::Query,
        (3, 4) => Body::TooBig,
        (3 | 4 | 11, _) => Body::Error,
        (12, _) => Body::Problem,
        (5, _) => Body::Redirect,
        (42, _) => Body::ExtendedEcho,
        (43, _) => Body::ExtendedReply,
        _ => Body::Other,
    }
}

fn is(header: &[u8], wanted: Body) -> Option<usize> {
    let &[kind, code] = header.first_chunk()?;
    (body(kind, code) == wanted).then_some(4)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let (kind, code) = (reach.u8(0)?, reach.u8(1)?);
    reach.needs(8)?;
    match body(kind, code) {
        Body::Error | Body::TooBig | Body::Problem => {
            // RFC 4884: with a length, extensions follow the quoted packet.  Source quench, which
            // was given up before, has none.
            let quoted = usize::from(reach.u8(5)?).saturating_mul(4);
            behind_quote(reach, quoted, kind != 4)
        }
        Body::Redirect => Step::then(8, Next::Quote),
        Body::ExtendedEcho => Step::then(8, Next::Layer(Layer::IcmpExtension)),
        Body::Query | Body::ExtendedReply | Body::Other => Step::then(8, Next::Payload),
    }
}
