//! Addresses as text: canonical (RFC 5952), mixed, exploded, numbers, masks and reverse names.
//!
//! Everything is appended to a buffer of octets: a million answers are written without a formatter
//! and without an allocation each.

use super::prefix::{Count, Family, Prefix};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends a decimal number.
pub fn number(out: &mut Vec<u8>, number: u128) {
    match u64::try_from(number) {
        Ok(number) => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
        Err(_) => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
    }
}

/// Appends a count.
pub fn count(out: &mut Vec<u8>, count: Count) {
    match count {
        Count::Number(n) => number(out, n),
        Count::Whole => out.extend_from_slice(b"340282366920938463463374607431768211456"),
    }
}

/// Appends an address in canonical form: dotted decimal, or RFC 5952, section 4.
pub fn address(out: &mut Vec<u8>, family: Family, bits: u128) {
    match family {
        Family::V4 => v4(out, bits),
        Family::V6 => v6(out, bits),
    }
}

/// Appends a prefix.
pub fn prefix(out: &mut Vec<u8>, prefix: Prefix) {
    address(out, prefix.family, prefix.first);
    out.push(b'/');
    octet(out, prefix.len);
}

/// Appends the low 32 bits as dotted decimal.
pub fn v4(out: &mut Vec<u8>, bits: u128) {
    let [.., a, b, c, d] = bits.to_be_bytes();
    let mut text = [0; 16];
    let mut len = 0;
    for part in [a, b, c, d] {
        len = put_octet(&mut text, len, part);
        text[len & 15] = b'.';
        len += 1;
    }
    out.extend_from_slice(text.get(..len - 1).unwrap_or_default());
}

/// Appends up to three digits.
fn octet(out: &mut Vec<u8>, value: u8) {
    let mut text = [0; 16];
    let len = put_octet(&mut text, 0, value);
    out.extend_from_slice(text.get(..len).unwrap_or_default());
}

fn put_octet(text: &mut [u8; 16], mut at: usize, value: u8) -> usize {
    // The mask keeps the index inside the array without a check; 15 characters are the most.
    if value >= 100 {
        text[at & 15] = b'0' + value / 100;
        at += 1;
    }
    if value >= 10 {
        text[at & 15] = b'0' + value / 10 % 10;
        at += 1;
    }
    text[at & 15] = b'0' + value % 10;
    at + 1
}

/// Appends lower-case groups without leading zeros; the longest run of two or more zero groups,
/// the first of equals, is `::`.
pub fn v6(out: &mut Vec<u8>, bits: u128) {
    let groups = groups(bits);
    let run = zero_run(&groups, 8);
    push_groups(out, &groups, run);
}

/// Appends the form with the last 32 bits in dotted decimal (RFC 5952, section 5).
pub fn mixed(out: &mut Vec<u8>, bits: u128) {
    let groups = groups(bits);
    let head = groups.get(..6).unwrap_or_default();
    push_groups(out, head, zero_run(&groups, 6));
    if !out.ends_with(b":") {
        out.push(b':');
    }
    v4(out, bits);
}

/// Appends all eight groups with all four digits.
pub fn exploded(out: &mut Vec<u8>, bits: u128) {
    for (at, group) in groups(bits).into_iter().enumerate() {
        if at > 0 {
            out.push(b':');
        }
        for shift in [12, 8, 4, 0] {
            out.push(nibble(u128::from(group), shift));
        }
    }
}

fn groups(bits: u128) -> [u16; 8] {
    let mut groups = [0; 8];
    for (group, pair) in groups.iter_mut().zip(bits.to_be_bytes().chunks_exact(2)) {
        if let &[high, low] = pair {
            *group = u16::from_be_bytes([high, low]);
        }
    }
    groups
}

/// Where the longest run of zero groups among the first `count` lies, if it has two or more.
fn zero_run(groups: &[u16; 8], count: usize) -> std::ops::Range<usize> {
    let (mut best, mut start) = (0..0, 0);
    for (at, &group) in groups.iter().take(count).enumerate() {
        if group != 0 {
            start = at + 1;
        } else if at + 1 - start > best.len() {
            best = start..at + 1;
        }
    }
    if best.len() < 2 { 0..0 } else { best }
}

fn push_groups(out: &mut Vec<u8>, groups: &[u16], run: std::ops::Range<usize>) {
    let mut separate = false;
    for (at, &group) in groups.iter().enumerate() {
        if run.contains(&at) {
            if at == run.start {
                out.extend_from_slice(b"::");
                separate = false;
            }
            continue;
        }
        if separate {
            out.push(b':');
        }
        separate = true;
        let digits = (4 - group.leading_zeros() / 4).max(1);
        for digit in (0..digits).rev() {
            out.push(nibble(u128::from(group), digit * 4));
        }
    }
}

fn nibble(bits: u128, shift: u32) -> u8 {
    HEX[((bits >> shift) & 15) as usize]
}

/// Appends `0x` and every digit of the family.
pub fn hex(out: &mut Vec<u8>, family: Family, bits: u128) {
    out.extend_from_slice(b"0x");
    for shift in (0..u32::from(family.width())).step_by(4).rev() {
        out.push(nibble(bits, shift));
    }
}

/// Appends an Ethernet address, lower case with colons.
pub fn mac(out: &mut Vec<u8>, octets: [u8; 6]) {
    for (at, octet) in octets.into_iter().enumerate() {
        if at > 0 {
            out.push(b':');
        }
        out.push(nibble(octet.into(), 4));
        out.push(nibble(octet.into(), 0));
    }
}

/// Appends the name of an address under in-addr.arpa or ip6.arpa.
pub fn reverse(out: &mut Vec<u8>, family: Family, bits: u128) {
    zone(out, family, bits, family.width());
}

/// Appends the reverse zone of a prefix: one name on an octet or nibble boundary, else the first
/// and last zone and their number; below /24 the classless form of RFC 2317.
pub fn reverse_zones(out: &mut Vec<u8>, prefix: Prefix) {
    let step = match prefix.family {
        Family::V4 => 8,
        Family::V6 => 4,
    };
    if prefix.family == Family::V4 && (25..32).contains(&prefix.len) {
        let [.., low] = prefix.first.to_be_bytes();
        octet(out, low);
        out.push(b'/');
        octet(out, prefix.len);
        out.push(b'.');
        zone(out, prefix.family, prefix.first, 24);
        out.extend_from_slice(b" (RFC2317)");
        return;
    }
    let boundary = prefix.len.next_multiple_of(step);
    zone(out, prefix.family, prefix.first, boundary);
    if boundary != prefix.len {
        out.extend_from_slice(b" .. ");
        zone(out, prefix.family, prefix.last(), boundary);
        out.extend_from_slice(b" (");
        number(out, 1 << (boundary - prefix.len));
        out.extend_from_slice(b" zones)");
    }
}

/// The zone of the first `len` bits, which end on an octet or nibble.
fn zone(out: &mut Vec<u8>, family: Family, bits: u128, len: u8) {
    let unused = u32::from(family.width() - len);
    match family {
        Family::V4 => {
            for shift in (unused..32).step_by(8) {
                octet(out, ((bits >> shift) & 0xff) as u8);
                out.push(b'.');
            }
            out.extend_from_slice(b"in-addr.arpa");
        }
        Family::V6 => {
            for shift in (unused..128).step_by(4) {
                out.push(nibble(bits, shift));
                out.push(b'.');
            }
            out.extend_from_slice(b"ip6.arpa");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("text")
    }

    /// RFC 5952, section 4: examples and the rules they stand for.
    #[test]
    fn canonical_text_is_rfc_5952() {
        for (input, canonical) in [
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:DB8::ABCD", "2001:db8::abcd"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"),
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("1:0:0:4:5:6:0:0", "1::4:5:6:0:0"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ] {
            let bits = input.parse::<std::net::Ipv6Addr>().expect("an address");
            assert_eq!(shown(|out| v6(out, bits.to_bits())), canonical);
        }
        assert_eq!(shown(|out| v4(out, 0x0a00_00ff)), "10.0.0.255");
        assert_eq!(shown(|out| v4(out, 0xffff_ffff)), "255.255.255.255");
    }

    #[test]
    fn the_last_32_bits_can_be_dotted() {
        for (input, text) in [
            ("::ffff:c000:201", "::ffff:192.0.2.1"),
            ("::ffff:0:c000:201", "::ffff:0:192.0.2.1"),
            ("64:ff9b::c000:221", "64:ff9b::192.0.2.33"),
            ("::7f00:1", "::127.0.0.1"),
        ] {
            let bits = input.parse::<std::net::Ipv6Addr>().expect("an address");
            assert_eq!(shown(|out| mixed(out, bits.to_bits())), text);
        }
    }

    #[test]
    fn zones_end_on_octets_and_nibbles() {
        for (bits, len, zones) in [
            (0x0a00_0000, 8, "10.in-addr.arpa"),
            (0, 0, "in-addr.arpa"),
            (0xc0a8_6400, 23, "100.168.192.in-addr.arpa .. 101.168.192.in-addr.arpa (2 zones)"),
            (0xc0a8_01c0, 27, "192/27.1.168.192.in-addr.arpa (RFC2317)"),
            (0x0a00_0001, 32, "1.0.0.10.in-addr.arpa"),
        ] {
            let prefix = Prefix::new(Family::V4, bits, len);
            assert_eq!(shown(|out| reverse_zones(out, prefix)), zones);
        }
        let prefix = Prefix::new(Family::V6, 0xfe80 << 112, 10);
        assert_eq!(
            shown(|out| reverse_zones(out, prefix)),
            "8.e.f.ip6.arpa .. b.e.f.ip6.arpa (4 zones)"
        );
    }
}
