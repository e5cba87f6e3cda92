//! ICMP for IPv6 (RFC 4443) with neighbour discovery's heads (RFC 4861).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, MOST_ENTRIES, Next, Part, Reach, Step, to_end};
use super::icmp::STATES;
use super::icmp_extension::behind_quote;
use super::layer::Layer;
use super::number::ICMPV6_TYPES;

fields! {
    /// What every message begins with.
    FIELDS, Icmpv6, "RFC 4443, section 2.1";
    TYPE "icmpv6.type" 0, 8, Number, "Type", "What is reported or asked.", names ICMPV6_TYPES;
    CODE "icmpv6.code" 8, 8, Number, "Code", "Which variant of the type.";
    CHECKSUM "icmpv6.checksum" 16, 16, Hex, "Checksum", "Over the message and a pseudo-header.";
}

fields! {
    /// Echo.
    ECHO, Icmpv6, "RFC 4443, section 4";
    IDENT "icmpv6.echo.identifier" 0, 16, Number, "Identifier", "Which process asks.";
    SEQ "icmpv6.echo.sequence_number" 16, 16, Number, "Sequence", "Which question.";
}

fields! {
    /// Packet too big.
    TOO_BIG, Icmpv6, "RFC 4443, section 3.2";
    MTU "icmpv6.mtu" 0, 32, Number, "MTU", "Largest packet that would have passed.";
}

fields! {
    /// Parameter problem.
    PROBLEM, Icmpv6, "RFC 4443, section 3.4";
    POINTER "icmpv6.pointer" 0, 32, Number, "Pointer", "Octet of the quoted packet that is at fault.";
}

fields! {
    /// Destination unreachable and time exceeded.
    ERROR, Icmpv6, "RFC 4443, section 3";
    LENGTH "icmpv6.length" 0, 8, Times(8), "Length", "Octets of the quoted packet, when extensions follow it.", source "RFC 4884, section 4.4";
    UNUSED "icmpv6.reserved" 8, 24, Hex, "Reserved", "Zero.";
}

fields! {
    /// Router advertisement.
    ROUTER, Icmpv6, "RFC 4861, section 4.2";
    CUR_HOP_LIMIT "icmpv6.nd.ra.cur_hop_limit" 0, 8, Number, "Hop limit", "What hosts are to use; 0 is unspecified.";
    RA_FLAGS "icmpv6.nd.ra.flags" 8, 8, Hex, "Flags", "Managed 0x80, other 0x40, home agent 0x20, preference 0x18.";
    LIFETIME "icmpv6.nd.ra.router_lifetime" 16, 16, Number, "Lifetime", "Seconds as default router.";
}

fields! {
    /// Neighbour solicitation and advertisement: their flags, then the target.
    NEIGHBOUR, Icmpv6, "RFC 4861, section 4.3";
    ND_FLAGS "icmpv6.nd.flags" 0, 32, Hex, "Flags", "Router 0x80000000, solicited 0x40000000, override 0x20000000.";
    TARGET "icmpv6.nd.target_address" 32, 128, Ipv6, "Target", "The address that is asked for or told.";
}

fields! {
    /// Redirect: a better way, and where to.
    REDIRECT, Icmpv6, "RFC 4861, section 4.5";
    REDIRECT_RESERVED "icmpv6.reserved_redirect" 0, 32, Hex, "Reserved", "Zero.";
    REDIRECT_TARGET "icmpv6.nd.target_address" 32, 128, Ipv6, "Target", "The address that is asked for or told.";
    REDIRECT_DESTINATION "icmpv6.rd.na.destination_address" 160, 128, Ipv6, "Destination", "The address that is reached by way of the target.";
    REDIRECT_OPTIONS "icmpv6.opt" 288, 0, Bytes, "Options", "Up to the packet that is redirected, of which the last is the head.", source "RFC 4861, section 4.6";
}

fields! {
    /// Extended echo request.
    EXTENDED_ECHO, Icmpv6, "RFC 8335, section 2";
    EXTENDED_IDENT "icmpv6.echo.identifier" 0, 16, Number, "Identifier", "Which process asks.";
    EXTENDED_SEQ "icmpv6.ext.echo.seq" 16, 8, Number, "Sequence", "Which question.";
    EXTENDED_RESERVED "icmpv6.ext.echo.req.res" 24, 7, Hex, "Reserved", "Zero.";
    LOCAL "icmpv6.ext.echo.req.local" 31, 1, Flag, "Local", "The interface is one of the receiver's; else of a neighbour of it.";
}

fields! {
    /// Extended echo reply.
    EXTENDED_REPLY, Icmpv6, "RFC 8335, section 3";
    REPLY_IDENT "icmpv6.echo.identifier" 0, 16, Number, "Identifier", "Which process asks.";
    REPLY_SEQ "icmpv6.ext.echo.seq" 16, 8, Number, "Sequence", "Which question.";
    STATE "icmpv6.ext.echo.rsp.state" 24, 3, Number, "State", "Of a neighbour's entry, where the interface is not local.", names STATES;
    REPLY_RESERVED "icmpv6.ext.echo.rsp.res" 27, 2, Hex, "Reserved", "Zero.";
    ACTIVE "icmpv6.ext.echo.rsp.active" 29, 1, Flag, "Active", "The interface is up.";
    RUNS_IPV4 "icmpv6.ext.echo.rsp.ipv4" 30, 1, Flag, "IPv4", "It runs IPv4.";
    RUNS_IPV6 "icmpv6.ext.echo.rsp.ipv6" 31, 1, Flag, "IPv6", "It runs IPv6.";
}

fields! {
    /// Messages without a table.
    OTHER, Icmpv6, "RFC 4443, section 2.1";
    REST "icmpv6.rest" 0, 32, Hex, "Rest of header", "What the type says.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "icmpv6",
    short: "ICMPv6",
    title: "ICMP for IPv6",
    parts: &[
        Part { label: "echo", start: |b| is(b, Body::Echo), len: to_end, fields: ECHO },
        Part {
            label: "packet too big",
            start: |b| is(b, Body::TooBig),
            len: to_end,
            fields: TOO_BIG,
        },
        Part {
            label: "parameter problem",
            start: |b| is(b, Body::Problem),
            len: to_end,
            fields: PROBLEM,
        },
        Part { label: "error", start: |b| is(b, Body::Error), len: to_end, fields: ERROR },
        Part {
            label: "router advertisement",
            start: |b| is(b, Body::Router),
            len: to_end,
            fields: ROUTER,
        },
        Part {
            label: "neighbour",
            start: |b| is(b, Body::Neighbour),
            len: to_end,
            fields: NEIGHBOUR,
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
    source: "RFC 4443",
    ..Header::of(Layer::Icmpv6, Class::Transport, FIELDS)
};

/// What follows the checksum.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Body {
    Echo,
    TooBig,
    Problem,
    Error,
    Router,
    Neighbour,
    Redirect,
    ExtendedEcho,
    ExtendedReply,
    Other,
}

fn body(kind: u8) -> Body {
    match kind {
        128 | 129 => Body::Echo,
        2 => Body::TooBig,
        4 => Body::Problem,
        1 | 3 => Body::Error,
        134 => Body::Router,
        135 | 136 => Body::Neighbour,
        137 => Body::Redirect,
        160 => Body::ExtendedEcho,
        161 => Body::ExtendedReply,
        _ => Body::Other,
    }
}

fn is(header: &[u8], wanted: Body) -> Option<usize> {
    (body(*header.first()?) == wanted).then_some(4)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let (kind, _code) = (reach.u8(0)?, reach.u8(1)?);
    reach.needs(8)?;
    match body(kind) {
        Body::Error => {
            // RFC 4884: with a length, in units of eight octets, extensions follow the quote.
            let quoted = usize::from(reach.u8(4)?).saturating_mul(8);
            behind_quote(reach, quoted, true)
        }
        Body::TooBig | Body::Problem => Step::then(8, Next::Quote),
        Body::Neighbour => {
            reach.needs(24)?;
            Step::then(24, Next::Payload)
        }
        Body::Redirect => redirect(reach),
        Body::ExtendedEcho => Step::then(8, Next::Layer(Layer::IcmpExtension)),
        Body::Echo | Body::Router | Body::ExtendedReply | Body::Other => {
            Step::then(8, Next::Payload)
        }
    }
}

/// The head of a redirected packet, as an option (RFC 4861, section 4.6.3).
const REDIRECTED: u8 = 4;

/// A redirect with its options up to the head of the packet that is redirected, if that is there.
fn redirect(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(40)?;
    let mut at = 40_usize;
    for entries in 1..=MOST_ENTRIES {
        let Some(&[kind, units]) = reach.bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            break;
        };
        let octets = usize::from(units).saturating_mul(8);
        let end = at.saturating_add(octets);
        if octets == 0 || end > reach.wire {
            break;
        }
        if kind == REDIRECTED {
            let quote = at.saturating_add(8);
            reach.needs(quote)?;
            return Ok(Step::until(quote, Some(end), Next::Quote)?.of_entries(entries));
        }
        at = end;
    }
    // What follows depends on the options, even where there are none.
    Ok(Step::then(40, Next::Payload)?.of_entries(1))
}
