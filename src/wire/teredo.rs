//! Teredo's authentication and origin indications before IPv6 in UDP (RFC 4380, section 5.1.1).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, ip_or};
use super::layer::Layer;

fields! {
    /// Authentication, before the identifier.
    AUTH, Teredo, "RFC 4380, section 5.1.1";
    AUTH_TYPE "teredo.auth_type" 0, 16, Hex, "Authentication", "1.";
    ID_LENGTH "teredo.auth_idlen" 16, 8, Number, "Identifier length", "Octets of the client identifier.";
    VALUE_LENGTH "teredo.auth_aulen" 24, 8, Number, "Value length", "Octets of the authentication value.";
}

fields! {
    /// Client identifier.
    ID_ROWS, Teredo, "RFC 4380, section 5.1.1";
    ID "teredo.auth_id" 0, 0, Bytes, "Client identifier", "Who the client is.";
}

fields! {
    /// Authentication value.
    VALUE_ROWS, Teredo, "RFC 4380, section 5.1.1";
    VALUE "teredo.auth_value" 0, 0, Bytes, "Authentication value", "Proves who sent it.";
}

fields! {
    /// Behind both.
    NONCE_ROWS, Teredo, "RFC 4380, section 5.1.1";
    NONCE "teredo.auth_nonce" 0, 64, Hex, "Nonce", "Ties an answer to its question.";
    CONFIRMATION "teredo.auth_conf" 64, 8, Number, "Confirmation", "0: the client's key is good.";
}

fields! {
    /// Origin indication.
    ORIGIN, Teredo, "RFC 4380, section 5.1.1";
    ORIGIN_TYPE "teredo.orig_type" 0, 16, Hex, "Origin", "0.";
    ORIGIN_PORT "teredo.orig_port" 16, 16, Hex, "Origin port", "Port the server saw, every bit inverted.";
    ORIGIN_ADDRESS "teredo.orig_addr" 32, 32, Hex, "Origin address", "IPv4 address the server saw, every bit inverted.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "teredo",
    short: "teredo",
    title: "Teredo IPv6 over UDP",
    parts: &[
        Part {
            label: "authentication",
            start: |b| auth(b).map(|_| 0),
            len: |_| Some(4),
            fields: AUTH,
        },
        Part {
            label: "client identifier",
            start: |b| auth(b).map(|_| 4),
            len: |b| auth(b).map(|(id, _)| id),
            fields: ID_ROWS,
        },
        Part {
            label: "authentication value",
            start: |b| auth(b).map(|(id, _)| id.saturating_add(4)),
            len: |b| auth(b).map(|(_, value)| value),
            fields: VALUE_ROWS,
        },
        Part {
            label: "nonce",
            start: |b| auth(b).map(|(id, value)| id.saturating_add(value).saturating_add(4)),
            len: |_| Some(9),
            fields: NONCE_ROWS,
        },
        Part { label: "origin", start: origin, len: |_| Some(8), fields: ORIGIN },
    ],
    source: "RFC 4380",
    ..Header::of(Layer::Teredo, Class::Tunnel, &[])
};

/// Octets of client identifier and authentication value, when the header begins with them.
fn auth(header: &[u8]) -> Option<(usize, usize)> {
    match header {
        [0, 1, id, value, ..] => Some((usize::from(*id), usize::from(*value))),
        _ => None,
    }
}

/// Octet behind the authentication.
fn behind_auth(header: &[u8]) -> usize {
    auth(header).map_or(0, |(id, value)| id.saturating_add(value).saturating_add(13))
}

fn origin(header: &[u8]) -> Option<usize> {
    let at = behind_auth(header);
    header.get(at..)?.starts_with(&[0, 0]).then_some(at)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let at = behind_auth(reach.bytes);
    reach.needs(at)?;
    let len = if origin(reach.bytes).is_some() { at.saturating_add(8) } else { at };
    reach.needs(len)?;
    match ip_or(reach, len, Next::Payload) {
        Next::Layer(Layer::Ipv6) => Step::then(len, Next::Layer(Layer::Ipv6)),
        // Whatever else runs over this port is not Teredo (section 5.2.3: discard).
        _ => Step::then(0, Next::Payload),
    }
}
