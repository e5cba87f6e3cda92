//! What a transport header or message says, in the words of the field.

use super::super::words::{append, hex, icmp_code, ipv4, number, octets, value};
use super::part::{begin, carried_octets, get};
use crate::decode::Packet;
use crate::decode::layers::Span;
use crate::decode::packet::each_in;
use crate::decode::tuple::Tuple;
use crate::wire::number::{ICMPV4_TYPES, ICMPV6_TYPES};
use crate::wire::{Field, Layer, Value, arp as a, dccp, icmp, icmpv6, ipv6 as ip6, sctp, tcp, udp};

/// Appends a transport header's message; whether it is an ICMP error.
pub(super) fn transport(out: &mut String, packet: &Packet<'_>, span: Span, tuple: &Tuple) -> bool {
    let header = packet.header(span);
    let len = carried_octets(packet, tuple.ip, span.end());
    if matches!(span.layer, Layer::Icmp | Layer::Icmpv6) {
        return icmp_message(out, packet, span, tuple, len);
    }
    if let Some(&[a, b, c, d]) = header.first_chunk() {
        number(out, u16::from_be_bytes([a, b]));
        out.push_str(" > ");
        number(out, u16::from_be_bytes([c, d]));
    }
    match span.layer {
        Layer::Tcp => segment(out, header, len),
        Layer::Sctp => {
            if let Some(tag) = get(header, &sctp::TAG) {
                out.push_str(" tag ");
                hex(out, tag, 8);
            }
            append(out, format_args!(" len {len}"));
        }
        Layer::Dccp => {
            let kind = get(header, &dccp::TYPE).unwrap_or(0);
            match dccp::TYPE.named(kind) {
                Some((name, _)) => append(out, format_args!(" {name}")),
                None => append(out, format_args!(" type {kind}")),
            }
            append(out, format_args!(" len {len}"));
        }
        Layer::Udp => {
            // A datagram says its own length; where it lies, what it says is what is of interest.
            let said = get(header, &udp::LENGTH).filter(|&length| length > 0);
            let said = said.map(|length| length.saturating_sub(8));
            append(out, format_args!(" len {}", said.unwrap_or(len as u64)));
        }
        _ => append(out, format_args!(" len {len}")),
    }
    false
}

/// TCP flags as tcpdump writes them.
const FLAGS: [(&Field, char); 9] = [
    (&tcp::FIN, 'F'),
    (&tcp::SYN, 'S'),
    (&tcp::RESET, 'R'),
    (&tcp::PUSH, 'P'),
    (&tcp::ACK, '.'),
    (&tcp::URG, 'U'),
    (&tcp::ECE, 'E'),
    (&tcp::CWR, 'W'),
    (&tcp::AE, 'e'),
];

fn segment(out: &mut String, header: &[u8], len: usize) {
    let Some(&[_, _, _, _, s0, s1, s2, s3, a0, a1, a2, a3, high, low, w0, w1]) =
        header.first_chunk()
    else {
        return;
    };
    out.push_str(" [");
    let bits = u16::from_be_bytes([high, low]);
    let flags = bits & 0x1ff;
    if flags == 0 {
        out.push_str("none");
    }
    for (field, letter) in FLAGS {
        // The flags end at bit 111 of the header.
        if bits >> (tcp::FIN.at - field.at) & 1 == 1 {
            out.push(letter);
        }
    }
    out.push(']');
    if len > 0 || bits & 0x7 != 0 {
        out.push_str(" seq ");
        number(out, u32::from_be_bytes([s0, s1, s2, s3]));
    }
    if bits & 0x10 != 0 {
        out.push_str(" ack ");
        number(out, u32::from_be_bytes([a0, a1, a2, a3]));
    }
    out.push_str(" win ");
    number(out, u16::from_be_bytes([w0, w1]));
    out.push_str(" len ");
    number(out, len);
    // What is agreed on when a connection opens.
    if bits & 0x2 != 0 {
        for (word, field) in [(" mss ", &tcp::MSS_VAL), (" wscale ", &tcp::SHIFT)] {
            each_in(header, field, &mut |found| {
                out.push_str(word);
                value(out, field, found);
            });
        }
    }
}

/// Whether a type of message is an error about another packet.
fn is_error(layer: Layer, kind: u64) -> bool {
    if layer == Layer::Icmp { matches!(kind, 3..=5 | 11 | 12) } else { kind < 128 }
}

fn icmp_message(
    out: &mut String,
    packet: &Packet<'_>,
    span: Span,
    tuple: &Tuple,
    len: usize,
) -> bool {
    let header = packet.header(span);
    icmp_type(out, header, span.layer);
    let fields: &[(&str, &Field)] = if span.layer == Layer::Icmp {
        &[
            (" id ", &icmp::IDENT),
            (" seq ", &icmp::SEQ),
            (" mtu ", &icmp::MTU),
            (" to ", &icmp::GATEWAY),
            (" at octet ", &icmp::POINTER),
        ]
    } else {
        &[
            (" id ", &icmpv6::IDENT),
            (" seq ", &icmpv6::SEQ),
            (" mtu ", &icmpv6::MTU),
            (" at octet ", &icmpv6::POINTER),
            (" for ", &icmpv6::TARGET),
            (" lifetime ", &icmpv6::LIFETIME),
        ]
    };
    for (word, field) in fields {
        each_in(header, field, &mut |found| {
            out.push_str(word);
            value(out, field, found);
        });
    }
    let kind = header.first().copied().map_or(0, u64::from);
    let is_error = is_error(span.layer, kind);
    let is_neighbour = span.layer == Layer::Icmpv6 && (133..=137).contains(&kind);
    if !is_error && !is_neighbour && len > 0 {
        append(out, format_args!(" len {len}"));
    }
    // Neighbour discovery that a router forwarded is no neighbour's (RFC 4861, section 7.1).
    if is_neighbour
        && let Some(&ip) = packet.layers.spans().get(tuple.ip)
        && let Some(hops) = get(packet.header(ip), &ip6::HLIM).filter(|&hops| hops != 255)
    {
        append(out, format_args!(", hlim {hops} (must be 255)"));
    }
    is_error
}

/// Appends an ICMP type in words: its code's, where they say more.
pub(super) fn icmp_type(out: &mut String, header: &[u8], layer: Layer) {
    let Some(&[kind, code]) = header.first_chunk() else { return };
    let types = if layer == Layer::Icmp { ICMPV4_TYPES } else { ICMPV6_TYPES };
    let found = types.binary_search_by_key(&u16::from(kind), |row| row.0).ok();
    let of_kind = found.and_then(|found| types.get(found)).map(|row| row.1);
    let of_code = icmp_code(layer, kind, code);
    let known = of_code.is_some() || code == 0;
    match (of_code.filter(|_| is_error(layer, kind.into())).or(of_kind), layer, kind) {
        (_, Layer::Icmp, 8) => out.push_str("echo request"),
        (Some(name), ..) => lower(out, name.trim_end_matches(" (Deprecated)")),
        (None, ..) => append(out, format_args!("type {kind}")),
    }
    if !known || of_kind.is_none() {
        append(out, format_args!(" code {code}"));
    }
}

/// Appends words in lower case, but for those that are written in capitals.
fn lower(out: &mut String, words: &str) {
    for (index, word) in words.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let is_name = word.chars().filter(char::is_ascii_uppercase).count() > 1;
        for c in word.chars() {
            out.push(if is_name { c } else { c.to_ascii_lowercase() });
        }
    }
}

/// Appends the name of a message, as a stage.
pub(super) fn named(out: &mut String, header: &[u8], field: &Field) {
    begin(out);
    match field.bits(header).map(|number| (number, field.named(number))) {
        Some((_, Some((name, _)))) => out.push_str(name),
        Some((number, None)) => append(out, format_args!("message {number}")),
        None => {}
    }
}

/// Appends the question or the answer of an ARP message.
pub(super) fn arp(out: &mut String, header: &[u8]) {
    let operation = get(header, &a::OPCODE).unwrap_or(0);
    let mut addresses: [Option<Value<'_>>; 3] = [None; 3];
    for (slot, field) in addresses.iter_mut().zip([&a::SRC_MAC, &a::SRC_IP, &a::DST_IP]) {
        each_in(header, field, &mut |value| *slot = Some(value));
    }
    let [Some(Value::Mac(mac)), Some(Value::Ipv4(from)), Some(Value::Ipv4(to))] = addresses else {
        value(out, &a::OPCODE, Value::Number(operation));
        return;
    };
    match operation {
        1 if from == to => {
            out.push_str("announces ");
            ipv4(out, from);
            out.push_str(" at ");
            octets(out, &mac, ":");
        }
        1 => {
            out.push_str("who has ");
            ipv4(out, to);
            out.push_str("? tell ");
            ipv4(out, from);
        }
        2 => {
            ipv4(out, from);
            out.push_str(" is at ");
            octets(out, &mac, ":");
        }
        _ => value(out, &a::OPCODE, Value::Number(operation)),
    }
}
