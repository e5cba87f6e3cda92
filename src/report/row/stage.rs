//! The headers of a packet as stages of a line, outermost first.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::words::{address, append, hex, number};
use super::kind::{RowKind, is_tunnelled};
use super::message;
use super::part::{begin, carried_octets, get};
use crate::decode::check::{ChecksumStatus, ipv4_checksum};
use crate::decode::layers::{Role, Span, is_ip};
use crate::decode::tuple::{Pair, Tuple, pair};
use crate::decode::{Layers, Packet};
use crate::wire::header::{Class, Extension};
use crate::wire::number::DSCP;
use crate::wire::{Field, option::OptionSet};
use crate::wire::{
    Layer, ah, esp, fragment, gre, hip, ipv4, ipv6, mobility, mpls, pppoe, routing, shim6, vlan,
};

/// Hops left that are worth a word.
const FEW_HOPS: u64 = 5;

/// Appends all that a packet with `tuple` says, and gives its kind.
pub(super) fn write(out: &mut String, packet: &Packet<'_>, tuple: &Tuple) -> RowKind {
    let spans = packet.layers.spans();
    let own = spans.get(..usize::from(packet.layers.index.own)).unwrap_or(spans);
    let mut kind = if is_tunnelled(packet, tuple) { RowKind::Tunnelled } else { RowKind::Plain };
    let mut has_message = false;
    for (index, &span) in own.iter().enumerate() {
        let header = packet.header(span);
        match span.layer {
            _ if is_ip(span.layer) && index < tuple.ip => carrier(out, packet, index),
            Layer::Ipv4 if index == tuple.ip => {
                if piece_v4(out, packet, span) {
                    kind = RowKind::Fragment;
                }
            }
            Layer::Fragment if index > tuple.ip => {
                if piece_v6(out, packet, span) {
                    kind = RowKind::Fragment;
                }
            }
            _ if span.layer.header().class == Class::Transport => {
                // The UDP that a tunnel goes over is no message of its own.
                if index > tuple.ip {
                    begin(out);
                    if message::transport(out, packet, span, tuple) {
                        kind = RowKind::Error;
                    }
                    has_message = true;
                }
            }
            Layer::Esp => {
                begin(out);
                if tuple.proto != 50 {
                    out.push_str("ESP ");
                }
                security(out, header, (&esp::SPI, &esp::SEQUENCE));
                has_message = true;
            }
            _ => has_message |= other(out, packet, own, index),
        }
    }
    if !has_message && kind != RowKind::Fragment && packet.layers.stop.is_none() {
        let Some(&last) = own.last() else { return kind };
        begin(out);
        append(out, format_args!("len {}", carried_octets(packet, tuple.ip, last.end())));
    }
    quoted(out, packet);
    if let Some(&span) = spans.get(tuple.ip)
        // Of a header that contradicts itself nothing is unusual but that.
        && (packet.layers.stop.is_none() || own.last() != Some(&span))
    {
        marks(out, packet, span);
    }
    kind
}

/// Appends the tags between a frame's header and a header that is not IP.
pub(super) fn tags(out: &mut String, packet: &Packet<'_>, last: Span) {
    let spans = packet.layers.spans();
    for (index, span) in spans.iter().enumerate() {
        if span.layer == Layer::Vlan || (span.layer == Layer::Mpls && *span != last) {
            other(out, packet, spans, index);
        }
    }
}

/// An IP header that carries another: the tunnel's name and its two ends.
fn carrier(out: &mut String, packet: &Packet<'_>, index: usize) {
    let spans = packet.layers.spans();
    let Some(&span) = spans.get(index) else { return };
    let inside = spans.get(index + 1..).unwrap_or_default();
    let until = inside.iter().position(|span| is_ip(span.layer)).unwrap_or(inside.len());
    let between = inside.get(..until).unwrap_or_default();
    let tunnel = between.iter().rev().find(|span| span.layer.header().class == Class::Tunnel);
    begin(out);
    out.push_str(match (tunnel, inside.get(until)) {
        (Some(tunnel), _) => tunnel.layer.header().short,
        (None, Some(inner)) => plain_tunnel(span.layer, inner.layer),
        (None, None) => span.layer.header().short,
    });
    out.push(' ');
    if let Some(pair) = pair(packet.frame.bytes, span) {
        arrow(out, pair, None);
    }
    if let Some(tunnel) = tunnel {
        details(out, packet.header(*tunnel), tunnel.layer);
    }
}

/// What IP right inside IP is called.
fn plain_tunnel(outer: Layer, inner: Layer) -> &'static str {
    match (outer, inner) {
        (Layer::Ipv4, Layer::Ipv4) => "IPIP",
        (Layer::Ipv4, _) => "6in4",
        (_, Layer::Ipv4) => "4in6",
        _ => "6in6",
    }
}

/// The identifier that distinguishes tunnels between the same two ends.
const DETAILS: &[(Layer, &str, &Field)] = &[
    (Layer::Gre, "key", &gre::KEY),
    (Layer::Gre, "call", &gre::CALL_ID),
    (Layer::Gre, "seq", &gre::SEQUENCE),
];

fn details(out: &mut String, header: &[u8], layer: Layer) {
    for (_, word, field) in DETAILS.iter().filter(|row| row.0 == layer) {
        crate::decode::packet::each_in(header, field, &mut |value| {
            append(out, format_args!(" {word} "));
            super::super::words::plain(out, field.kind, field.width, value);
        });
    }
}

/// Appends `10.0.0.1 > 10.0.0.2`, with ports where there are any.
fn arrow(out: &mut String, pair: Pair, ports: Option<(u16, u16)>) {
    let (source, destination) = match pair {
        Pair::V4(from, to) => (Ipv4Addr::from(from).into(), Ipv4Addr::from(to).into()),
        Pair::V6(from, to) => (Ipv6Addr::from(from).into(), Ipv6Addr::from(to).into()),
    };
    end(out, source, ports.map(|ports| ports.0));
    out.push_str(" > ");
    end(out, destination, ports.map(|ports| ports.1));
}

fn end(out: &mut String, host: std::net::IpAddr, port: Option<u16>) {
    let bracket = port.is_some() && host.is_ipv6();
    if bracket {
        out.push('[');
    }
    address(out, host);
    if bracket {
        out.push(']');
    }
    if let Some(port) = port {
        out.push(':');
        number(out, port);
    }
}

/// Appends the fragment that an IPv4 header says it is, if any.
fn piece_v4(out: &mut String, packet: &Packet<'_>, span: Span) -> bool {
    let header = packet.header(span);
    let (Some(id), Some(offset), Some(more)) =
        (get(header, &ipv4::ID), get(header, &ipv4::FRAG_OFFSET), get(header, &ipv4::MF))
    else {
        return false;
    };
    if more == 0 && offset == 0 {
        return false;
    }
    let len = get(header, &ipv4::LEN).unwrap_or(0).saturating_sub(u64::from(span.len));
    piece(out, (id, 4), offset, len, more != 0);
    true
}

/// Appends the fragment that an IPv6 fragment header says it is.
fn piece_v6(out: &mut String, packet: &Packet<'_>, span: Span) -> bool {
    let header = packet.header(span);
    let (Some(id), Some(offset), Some(more)) = (
        get(header, &fragment::IDENT),
        get(header, &fragment::OFFSET),
        get(header, &fragment::MORE),
    ) else {
        return false;
    };
    if more == 0 && offset == 0 {
        begin(out);
        append(out, format_args!("atomic fragment id {id:#010x}"));
        return false;
    }
    let ip = packet.layers.index.inner;
    let len = carried_octets(packet, usize::from(ip), span.end());
    piece(out, (id, 8), offset, len as u64, more != 0);
    true
}

fn piece(out: &mut String, (id, digits): (u64, u32), offset: u64, len: u64, more: bool) {
    begin(out);
    out.push_str("fragment id ");
    hex(out, id, digits);
    append(out, format_args!(" offset {offset} len {len}, "));
    out.push_str(if more { "more follow" } else { "the last" });
}

fn security(out: &mut String, header: &[u8], (spi, sequence): (&Field, &Field)) {
    if let (Some(spi), Some(sequence)) = (get(header, spi), get(header, sequence)) {
        out.push_str("spi ");
        hex(out, spi, 8);
        append(out, format_args!(" seq {sequence}"));
    }
}

/// Appends a tag or extension header; whether it is what the packet is for.
fn other(out: &mut String, packet: &Packet<'_>, spans: &[Span], index: usize) -> bool {
    let Some(&span) = spans.get(index) else { return false };
    let header = packet.header(span);
    let is_last = index + 1 == spans.len();
    let mut said = |word: &str, field: &Field| {
        begin(out);
        out.push_str(word);
        if let Some(value) = field.value(header) {
            super::super::words::value(out, field, value);
        }
    };
    match span.layer {
        Layer::Vlan => {
            said("vlan ", &vlan::ID);
            if let Some(priority) = get(header, &vlan::PRIORITY).filter(|&priority| priority > 0) {
                append(out, format_args!(" priority {priority}"));
            }
        }
        Layer::Mpls => {
            let before = index.checked_sub(1).and_then(|before| spans.get(before));
            if !out.is_empty() && before.is_some_and(|span| span.layer == Layer::Mpls) {
                out.push('/');
            } else {
                begin(out);
                out.push_str("mpls ");
            }
            if let Some(label) = get(header, &mpls::LABEL) {
                number(out, label);
            }
        }
        Layer::Pppoe => said("pppoe session ", &pppoe::SESSION),
        Layer::HopByHop => options(out, "hop-by-hop", header, span.layer),
        Layer::Destination => options(out, "dest-opts", header, span.layer),
        Layer::Routing => {
            let mut parts = span.layer.header().parts.iter();
            match parts.find(|part| part.of(header).is_some() && part.label != "data") {
                Some(part) => {
                    begin(out);
                    out.push_str(part.label);
                }
                None => append_kind(out, header),
            }
            if let Some(left) = get(header, &routing::SEGLEFT) {
                append(out, format_args!(" {left} left"));
            }
        }
        Layer::Ah => {
            begin(out);
            out.push_str("AH ");
            security(out, header, (&ah::SPI, &ah::SEQUENCE));
        }
        Layer::Mobility => message::named(out, header, &mobility::MHTYPE),
        Layer::Hip => message::named(out, header, &hip::PACKET_TYPE),
        Layer::Shim6 => {
            let control = span.layer.header().parts.first().and_then(|part| part.of(header));
            if let Some((_, message)) = control {
                message::named(out, message, &shim6::KIND);
            } else {
                begin(out);
                out.push_str("Shim6");
            }
        }
        // A tunnel that carries no IP that is read here.
        Layer::Gre if index > usize::from(packet.layers.index.inner) => {
            begin(out);
            if let Some(carried) = gre::PROTO.value(header) {
                super::super::words::value(out, &gre::PROTO, carried);
            }
            details(out, header, span.layer);
            return false;
        }
        _ => return false,
    }
    is_last && span.layer.header().extension.is_some_and(Extension::is_upper_layer)
}

fn append_kind(out: &mut String, header: &[u8]) {
    begin(out);
    append(out, format_args!("routing type {}", get(header, &routing::TYPE).unwrap_or(0)));
}

/// Appends the names of the options of a header, padding left out.
fn options(out: &mut String, word: &str, header: &[u8], layer: Layer) {
    begin(out);
    out.push_str(word);
    if let Some(set) = layer.header().options {
        names(out, set, header, ": ");
    }
}

fn names(out: &mut String, set: &'static OptionSet, header: &[u8], before: &str) {
    let mut between = before;
    for option in set.of(header) {
        // 0 and 1 are padding, or the end, in every set.
        if option.code < 2 && !option.broken {
            continue;
        }
        out.push_str(std::mem::replace(&mut between, ", "));
        match option.row {
            Some(row) => out.push_str(row.label),
            None => append(out, format_args!("option {:#04x}", option.code)),
        }
        if option.broken {
            out.push_str(" (broken)");
        }
    }
}

/// What is unusual about an IP header.
fn marks(out: &mut String, packet: &Packet<'_>, span: Span) {
    let header = packet.header(span);
    let is_v4 = span.layer == Layer::Ipv4;
    let (hops, dscp, ecn) = if is_v4 {
        (&ipv4::TTL, &ipv4::DSCP, &ipv4::ECN)
    } else {
        (&ipv6::HLIM, &ipv6::DSCP, &ipv6::ECN)
    };
    if let Some(hops) = get(header, hops).filter(|&hops| hops <= FEW_HOPS) {
        append(out, format_args!("{}{hops}", if is_v4 { ", ttl " } else { ", hlim " }));
    }
    if let Some(point) = get(header, dscp).filter(|&point| point > 0) {
        match DSCP.iter().find(|row| u64::from(row.0) == point) {
            Some((_, name, _)) => append(out, format_args!(", {name}")),
            None => append(out, format_args!(", dscp {point}")),
        }
    }
    if get(header, ecn) == Some(3) {
        out.push_str(", CE");
    }
    if is_v4 {
        if get(header, &ipv4::RB) == Some(1) {
            out.push_str(", reserved flag");
        }
        if ipv4_checksum(header) == ChecksumStatus::Bad {
            out.push_str(", bad checksum");
        }
        if header.len() > 20
            && let Some(set) = span.layer.header().options
        {
            names(out, set, header, ", ");
        }
    }
}

/// The packet that an error is about: the quoted addresses, ports and protocol.
fn quoted(out: &mut String, packet: &Packet<'_>) {
    let Layers { index, .. } = packet.layers;
    let quote = packet.layers.spans().get(usize::from(index.own)..).unwrap_or_default();
    let is_quote = |span: &&Span| is_ip(span.layer) && span.role == Role::Quoted;
    let Some(&ip) = quote.iter().find(is_quote) else { return };
    let Some(pair) = pair(packet.frame.bytes, ip) else { return };
    let rest = quote.iter().skip_while(|span| **span != ip).skip(1);
    let transport = rest.clone().find(|span| span.layer.header().class == Class::Transport);
    let is_icmp = |span: &Span| matches!(span.layer, Layer::Icmp | Layer::Icmpv6);
    let ports = transport.filter(|span| !is_icmp(span)).and_then(|span| {
        let &[a, b, c, d] = packet.header(*span).first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    });
    out.push_str(" for ");
    arrow(out, pair, ports);
    out.push(' ');
    match transport {
        Some(span) if is_icmp(span) => {
            out.push_str(span.layer.header().short);
            out.push(' ');
            message::icmp_type(out, packet.header(*span), span.layer);
        }
        Some(span) => out.push_str(span.layer.header().short),
        None => {
            let field = if ip.layer == Layer::Ipv4 { &ipv4::PROTO } else { &ipv6::NXT };
            let proto = get(packet.header(ip), field).and_then(|proto| u8::try_from(proto).ok());
            super::super::words::protocol(out, proto.unwrap_or(0));
        }
    }
    let header = packet.header(ip);
    let hops = if ip.layer == Layer::Ipv4 { &ipv4::TTL } else { &ipv6::HLIM };
    if let Some(hops) = get(header, hops).filter(|&hops| hops > 1) {
        append(
            out,
            format_args!(" {} {hops}", if ip.layer == Layer::Ipv4 { "ttl" } else { "hlim" }),
        );
    }
}
