//! Values as text, appended to a buffer that is used again: numbers, addresses, octets, names.
//!
//! Nothing here allocates beyond the growth of the buffer, and nothing that comes from a capture is
//! appended raw.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::base::text::Safe;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::wire::field::{Field, FieldKind};
use crate::wire::number::{ICMPV4_CODES, ICMPV6_CODES, protocol_name};
use crate::wire::{Layer, Value};

const HEX: [char; 16] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// Appends a number in decimal.
pub fn number(out: &mut String, number: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Appends a number in hexadecimal with `0x` and at least so many digits.
pub fn hex(out: &mut String, number: u64, digits: u32) {
    out.push_str("0x");
    let needed = (u64::BITS - number.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits.max(needed)).rev() {
        out.push(HEX[usize::from(nibble(number, digit))]);
    }
}

fn nibble(number: u64, digit: u32) -> u8 {
    number.checked_shr(digit * 4).map_or(0, |shifted| shifted.to_le_bytes()[0] & 0xf)
}

/// Appends two hexadecimal digits.
pub fn octet(out: &mut String, octet: u8) {
    out.push(HEX[usize::from(octet >> 4)]);
    out.push(HEX[usize::from(octet & 0xf)]);
}

/// Appends octets in hexadecimal with `between` between them.
pub fn octets(out: &mut String, octets: &[u8], between: &str) {
    for (index, &each) in octets.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        octet(out, each);
    }
}

/// Appends an IPv4 address.
pub fn ipv4(out: &mut String, address: [u8; 4]) {
    for (index, octet) in address.into_iter().enumerate() {
        if index > 0 {
            out.push('.');
        }
        number(out, octet);
    }
}

/// Appends an IPv6 address (RFC 5952).
pub fn ipv6(out: &mut String, address: [u8; 16]) {
    append(out, format_args!("{}", Ipv6Addr::from(address)));
}

/// Appends an address of either version.
pub fn address(out: &mut String, address: IpAddr) {
    match address {
        IpAddr::V4(address) => ipv4(out, Ipv4Addr::octets(&address)),
        IpAddr::V6(address) => ipv6(out, Ipv6Addr::octets(&address)),
    }
}

/// Appends formatted text; writing to a string cannot fail.
pub fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// Appends a value without a name or unit: hexadecimal where the field is, with the digits of the
/// octets it needs; the time as seconds since 1970.
pub fn plain(out: &mut String, kind: FieldKind, width: u32, value: Value<'_>) {
    match value {
        Value::Number(number) if kind == FieldKind::Hex || kind == FieldKind::Group => {
            hex(out, number, width.div_ceil(8) * 2);
        }
        Value::Number(each) => number(out, each),
        Value::Flag(flag) => out.push_str(if flag { "true" } else { "false" }),
        Value::Ipv4(address) => ipv4(out, address),
        Value::Ipv6(address) => ipv6(out, address),
        Value::Mac(address) => octets(out, &address, ":"),
        Value::Bytes(bytes) => octets(out, bytes, ""),
        Value::Text(text) => append(out, format_args!("{}", Safe(text))),
        Value::Time(time) => seconds(out, time - Timestamp::EPOCH, 9),
        Value::Elapsed(nanos) => seconds(out, TimeDelta::from_nanos(nanos), 9),
    }
}

/// Appends the value of `field` for a reader: with the name of its number, `6 (TCP)`.
pub fn value(out: &mut String, field: &Field, value: Value<'_>) {
    match value {
        Value::Flag(flag) => out.push_str(if flag { "set" } else { "not set" }),
        Value::Bytes(bytes) => listed(out, bytes),
        value => plain(out, field.kind, field.width, value),
    }
    if let Value::Number(number) = value
        && let Some((name, _)) = field.named(number)
    {
        append(out, format_args!(" ({name})"));
    }
}

/// Octets shown of long values.
const LISTED: usize = 24;

/// Appends octets in groups of four, and how many there are where not all are shown.
fn listed(out: &mut String, bytes: &[u8]) {
    let shown = bytes.get(..LISTED).unwrap_or(bytes);
    for (index, group) in shown.chunks(4).enumerate() {
        if index > 0 {
            out.push(' ');
        }
        octets(out, group, "");
    }
    if shown.len() < bytes.len() {
        out.push_str(" … ");
        number(out, bytes.len());
        out.push_str(" octets");
    }
}

/// Characters shown of long texts.
const SHOWN: usize = 400;

/// Appends text from a capture, and how long it is where not all is shown.
pub fn shortened(out: &mut String, text: &str) {
    let end = text.char_indices().nth(SHOWN).map(|(at, _)| at);
    append(out, format_args!("{}", Safe(text.get(..end.unwrap_or(text.len())).unwrap_or(text))));
    if end.is_some() {
        out.push_str(" … ");
        number(out, text.len());
        out.push_str(" octets");
    }
}

/// Appends seconds with so many digits behind the point, cut, not rounded.
pub fn seconds(out: &mut String, delta: TimeDelta, digits: usize) {
    if delta.is_negative() {
        out.push('-');
    }
    let nanos = delta.unsigned_nanos();
    number(out, u64::try_from(nanos / 1_000_000_000).unwrap_or(u64::MAX));
    out.push('.');
    let mut rest = nanos % 1_000_000_000;
    for _ in 0..digits {
        rest *= 10;
        out.push(HEX[usize::try_from(rest / 1_000_000_000).unwrap_or(0)]);
        rest %= 1_000_000_000;
    }
}

/// Appends the time of day with so many digits of a second, the date before it when wished.
pub fn time(out: &mut String, time: Timestamp, digits: usize, with_date: bool) {
    let civil = time.civil();
    if with_date {
        append(out, format_args!("{:04}-{:02}-{:02} ", civil.year(), civil.month(), civil.day()));
    }
    for (before, part) in [("", civil.hour()), (":", civil.minute()), (":", civil.second())] {
        out.push_str(before);
        append(out, format_args!("{part:02}"));
    }
    out.push('.');
    let mut rest = u64::from(time.subsec_nanos());
    for _ in 0..digits {
        rest *= 10;
        out.push(HEX[usize::try_from(rest / 1_000_000_000).unwrap_or(0)]);
        rest %= 1_000_000_000;
    }
}

/// Characters of the longest protocol name that stands for its number: some have a sentence.
const PROTOCOL_MOST: usize = 10;

/// Appends the usual name of an IP protocol, or its number.
pub fn protocol(out: &mut String, proto: u8) {
    match proto {
        58 => out.push_str("ICMPv6"),
        135 => out.push_str("Mobility"),
        136 => out.push_str("UDP-Lite"),
        proto => match protocol_name(proto) {
            Some(name) if name.len() <= PROTOCOL_MOST => out.push_str(name),
            _ => number(out, proto),
        },
    }
}

/// The name of an ICMP code of a type, where it has one that says more than the type.
pub fn icmp_code(layer: Layer, kind: u8, code: u8) -> Option<&'static str> {
    let codes = if layer == Layer::Icmp { ICMPV4_CODES } else { ICMPV6_CODES };
    let key = u16::from_be_bytes([kind, code]);
    let found = codes.binary_search_by_key(&key, |row| row.0).ok()?;
    codes.get(found).map(|row| row.1).filter(|name| !name.starts_with("No "))
}

/// `text` in lines of at most `room` characters, broken at spaces where there are any.
pub fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.len() > room {
            lines.push(String::new());
        } else if used > 0 {
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        }
        while word.len() > room.max(1) {
            let rest = word.split_off(room.max(1));
            lines.last_mut().into_iter().for_each(|line| line.extend(&word));
            lines.push(String::new());
            word = rest;
        }
        lines.last_mut().into_iter().for_each(|line| line.extend(&word));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{ethernet, ipv4 as ip};

    fn shown(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn values_carry_the_name_of_their_number() {
        for (text, field, raw) in [
            ("6 (TCP)", &ip::PROTO, 6),
            ("0x0800 (IPv4)", &ethernet::TYPE, 0x0800),
            ("0x004f", &ip::ID, 0x4f),
            ("64", &ip::TTL, 64),
        ] {
            assert_eq!(shown(|out| value(out, field, Value::Number(raw))), text);
        }
    }

    #[test]
    fn seconds_are_cut_not_rounded_and_keep_their_sign() {
        for (nanos, digits, text) in [
            (0, 6, "0.000000"),
            (1_999_999_999, 6, "1.999999"),
            (-1_500_000_000, 3, "-1.500"),
            (i64::MIN, 9, "-9223372036.854775808"),
        ] {
            assert_eq!(shown(|out| seconds(out, TimeDelta::from_nanos(nanos), digits)), text);
        }
    }

    #[test]
    fn hexadecimal_has_the_digits_of_its_field() {
        assert_eq!(shown(|out| hex(out, 0x1f, 4)), "0x001f");
        assert_eq!(shown(|out| hex(out, u64::MAX, 2)), "0xffffffffffffffff");
        assert_eq!(shown(|out| hex(out, 0, 20)), "0x00000000000000000000");
    }

    #[test]
    fn text_from_a_capture_is_escaped() {
        let raw = Value::Text("\x1b[31m");
        assert_eq!(shown(|out| plain(out, FieldKind::Text, 0, raw)), "\\x1b[31m");
    }
}
