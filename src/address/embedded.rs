//! What an IPv6 address carries inside: an IPv4 address, an Ethernet address, a prefix, a
//! rendezvous point; and what kind of interface identifier it has.

use super::kind::is_multicast;
use super::prefix::{Family, Prefix};
use super::text;

/// Whether the well-known prefix of the address carries IPv4 in its last 32 bits, and under which
/// name: mapped (RFC 4291), compatible (deprecated), SIIT (RFC 2765), NAT64 (RFC 6052).
pub fn carried(bits: u128) -> Option<&'static str> {
    match bits >> 32 {
        0xffff => Some("mapped"),
        0xffff_0000 => Some("siit"),
        0x0064_ff9b_0000_0000_0000_0000 => Some("nat64"),
        // ::1 and the like are plain small numbers, not 0.0.0.1.
        0 if bits > 0xffff => Some("compatible"),
        _ => None,
    }
}

/// What a Teredo address carries (RFC 4380, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Teredo {
    /// IPv4 address of the server.
    pub server: u32,
    /// Flags, such as whether the client is behind a cone NAT.
    pub flags: u16,
    /// UDP port of the client, as mapped by its NAT.
    pub port: u16,
    /// IPv4 address of the client, as mapped by its NAT.
    pub client: u32,
}

/// What an address below `2001::/32` carries: the port and the client with their bits inverted.
pub fn teredo(bits: u128) -> Option<Teredo> {
    (bits >> 96 == 0x2001_0000).then(|| Teredo {
        server: low32(bits >> 64),
        flags: low16(bits >> 48),
        port: !low16(bits >> 32),
        client: !low32(bits),
    })
}

/// The IPv4 address of the router, and the number of the network behind it, of an address below
/// `2002::/16` (RFC 3056, section 2).
pub fn six_to_four(bits: u128) -> Option<(u32, u16)> {
    (bits >> 112 == 0x2002).then(|| (low32(bits >> 80), low16(bits >> 64)))
}

/// The IPv4 address behind `0000:5efe` or `0200:5efe` (RFC 5214, section 6.1).
pub fn isatap(bits: u128) -> Option<u32> {
    is_isatap(bits).then(|| low32(bits))
}

/// The IPv4 address that a translator makes of the address (RFC 6052, section 2.2): behind
/// `64:ff9b::/96` always, behind `64:ff9b:1::/48` (RFC 8215) where it can be known.
pub fn nat64(bits: u128) -> Option<u32> {
    if bits >> 32 == 0x0064_ff9b_0000_0000_0000_0000 {
        return Some(low32(bits));
    }
    local_nat64(bits)
}

/// The IPv4 address behind `64:ff9b:1::/48`, the prefixes below which are of 48, 56, 64 or 96 bits
/// as a network likes it.
///
/// What lies behind the IPv4 address is zero, so the last octet that is not tells how long the
/// prefix is, unless that address ends in zero itself.  Where what comes out begins with zero it was
/// another length, or no translator's address at all.
fn local_nat64(bits: u128) -> Option<u32> {
    if bits >> 80 != 0x0064_ff9b_0001 {
        return None;
    }
    // Octet 8, which no IPv4 address covers, is zero.
    let [.., a, b, 0, c, d, e, f, g, h, i] = bits.to_be_bytes() else { return None };
    let address = match [d, e, f, g, h, i] {
        [_, 0, 0, 0, 0, 0] => [a, b, c, d],
        [_, _, 0, 0, 0, 0] => [b, c, d, e],
        [_, _, _, 0, 0, 0] => [c, d, e, f],
        _ => [f, g, h, i],
    };
    (address[0] > 0).then(|| u32::from_be_bytes(address))
}

/// Whether an IPv6 address carries any of these: quick, since hardly any does.
pub fn carries(bits: u128) -> bool {
    matches!(bits >> 112, 0x2002 | 0x0064)
        || bits >> 96 == 0x2001_0000
        || (bits >> 24) & 0xffff == 0xfffe
        || (bits >> 32) & 0xffff == 0x5efe
}

fn low32(bits: u128) -> u32 {
    (bits & 0xffff_ffff) as u32
}

fn low16(bits: u128) -> u16 {
    (bits & 0xffff) as u16
}

/// Appends what the address carries as `kind=value`, joined by `;`.
pub fn write(out: &mut Vec<u8>, family: Family, bits: u128) {
    if family == Family::V4 {
        return write_v4(out, bits);
    }
    if let Some(name) = carried(bits) {
        key(out, name);
        text::v4(out, bits);
    }
    if let Some(address) = local_nat64(bits) {
        key(out, "nat64");
        text::v4(out, address.into());
    }
    if let Some((gateway, _)) = six_to_four(bits) {
        key(out, "6to4");
        text::v4(out, gateway.into());
    }
    if let Some(address) = isatap(bits) {
        key(out, "isatap");
        text::v4(out, address.into());
    }
    if let Some(Teredo { server, flags, port, client }) = teredo(bits) {
        key(out, "teredo-server");
        text::v4(out, server.into());
        key(out, "teredo-flags");
        out.extend_from_slice(format!("0x{flags:04x}").as_bytes());
        key(out, "teredo-port");
        text::number(out, port.into());
        key(out, "teredo-client");
        text::v4(out, client.into());
    }
    if is_multicast(family, bits) {
        write_group(out, bits);
    }
}

/// GLOP (RFC 3180) numbers a group by autonomous system, RFC 6034 by the sender's prefix.
fn write_v4(out: &mut Vec<u8>, bits: u128) {
    match (bits >> 16) & 0xffff {
        0xe900..=0xe9fb => {
            key(out, "glop-as");
            text::number(out, (bits >> 8) & 0xffff);
        }
        0xea00..=0xeaff => {
            key(out, "mcast-prefix");
            text::v4(out, bits << 8);
            out.extend_from_slice(b"/24");
        }
        _ => {}
    }
}

/// Unicast-prefix-based groups (RFC 3306) and rendezvous points (RFC 3956):
/// 8 ones, flags, scope, reserved and RIID, prefix length, 64 bits of prefix, group.
fn write_group(out: &mut Vec<u8>, bits: u128) {
    let flags = (bits >> 116) & 15;
    let len = ((bits >> 96) & 0xff) as u8;
    if flags & 2 == 0 || len == 0 {
        return;
    }
    key(out, "mcast-prefix");
    if len > 64 {
        out.extend_from_slice(b"invalid(plen ");
        text::number(out, len.into());
        out.push(b')');
        return;
    }
    let prefix = Prefix::new(Family::V6, bits << 32, len);
    text::prefix(out, prefix);
    if flags == 7 {
        key(out, "rp");
        match (bits >> 104) & 15 {
            // It would be the subnet-router anycast address (RFC 3956, section 3).
            0 => out.extend_from_slice(b"invalid(riid 0)"),
            riid => text::v6(out, prefix.first | riid),
        }
    }
}

/// Appends a key, behind what stands there already.
fn key(out: &mut Vec<u8>, name: &str) {
    if out.last().is_some_and(u8::is_ascii_alphanumeric) {
        out.push(b';');
    }
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
}

/// Whether the address has an interface identifier of 64 bits: not below `2000::/3`
/// (RFC 4291, section 2.5.1), not a group, not Teredo.
pub fn has_iid(family: Family, bits: u128) -> bool {
    family == Family::V6
        && bits >> 125 != 0
        && bits >> 96 != 0x2001_0000
        && !is_multicast(family, bits)
}

/// The kind of the interface identifier; empty for an address without one.
pub fn iid(family: Family, bits: u128) -> &'static str {
    if !has_iid(family, bits) {
        return "";
    }
    // Reserved identifiers: RFC 4291, RFC 2526, RFC 5453, RFC 6543.
    match (bits & 0xffff_ffff_ffff_ffff) as u64 {
        0 => "zero(subnet-router-anycast)",
        1..=0xffff => "low",
        0xfdff_ffff_ffff_ff80..=0xfdff_ffff_ffff_ffff => "reserved-subnet-anycast(RFC2526)",
        0x0200_5eff_fe00_5213 => "eui64(proxy-mobile-ipv6 RFC6543)",
        0x0200_5eff_fe00_0000..=0x0200_5eff_feff_ffff => "eui64(iana-block, reserved)",
        _ if is_isatap(bits) => "isatap",
        _ if mac(family, bits).is_some() => "eui64",
        _ => "opaque",
    }
}

/// The Ethernet address an EUI-64 identifier was made from: `ff:fe` in the middle comes out, and
/// the universal/local bit is turned (RFC 4291, appendix A).
pub fn mac(family: Family, bits: u128) -> Option<[u8; 6]> {
    let [.., first, second, third, 0xff, 0xfe, fourth, fifth, sixth] = bits.to_be_bytes() else {
        return None;
    };
    let octets = [first ^ 2, second, third, fourth, fifth, sixth];
    has_iid(family, bits).then_some(octets)
}

/// `0000:5efe` or `0200:5efe` before an IPv4 address (RFC 5214).
fn is_isatap(bits: u128) -> bool {
    has_iid(Family::V6, bits) && matches!((bits >> 32) & 0xfdff_ffff, 0x0000_5efe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> u128 {
        let address: std::net::Ipv6Addr = text.parse().expect("an address");
        address.to_bits()
    }

    /// RFC 4380, 3056, 3306, 3956, 5214, 6052: each carries its IPv4 address or prefix elsewhere.
    #[test]
    fn what_is_inside_comes_out() {
        for (address, inside) in [
            ("::ffff:192.0.2.1", "mapped=192.0.2.1"),
            ("::2", ""),
            ("64:ff9b::192.0.2.33", "nat64=192.0.2.33"),
            ("2002:c000:204::1", "6to4=192.0.2.4"),
            ("2002:c000:204::5efe:10.0.0.1", "6to4=192.0.2.4;isatap=10.0.0.1"),
            (
                "2001:0:53aa:64c:0:7c:8f6b:7efa",
                "teredo-server=83.170.6.76;teredo-flags=0x0000;teredo-port=65411;\
                 teredo-client=112.148.129.5",
            ),
            ("ff3e:30:2001:db8:aaaa::1234", "mcast-prefix=2001:db8:aaaa::/48"),
            (
                "ff7e:140:2001:db8:beef:feed::1234",
                "mcast-prefix=2001:db8:beef:feed::/64;rp=2001:db8:beef:feed::1",
            ),
            ("ff3e::8000:1", ""),
        ] {
            let mut out = Vec::new();
            write(&mut out, Family::V6, bits(address));
            assert_eq!(String::from_utf8_lossy(&out), inside, "{address}");
        }
    }

    /// RFC 6052, section 2.4, with the prefix of RFC 8215 in place of the one there; the last rows
    /// cannot be known.
    #[test]
    fn addresses_of_local_translators_tell_how_long_their_prefix_is() {
        for (address, inside) in [
            ("64:ff9b:1:c000:2:2100::", "192.0.2.33"),
            ("64:ff9b:1:1c0:0:221::", "192.0.2.33"),
            ("64:ff9b:1:122:c0:2:2100::", "192.0.2.33"),
            ("64:ff9b:1:122:0:344:192.0.2.33", "192.0.2.33"),
            ("64:ff9b:1::192.0.2.33", "192.0.2.33"),
            ("64:ff9b:1::10.0.1.0", "10.0.1.0"),
            ("64:ff9b:1::1", ""),
            ("64:ff9b:1::", ""),
            ("64:ff9b:1:122:100:2:2100::", ""),
            ("64:ff9b:2::192.0.2.33", ""),
        ] {
            let found = nat64(bits(address)).map(std::net::Ipv4Addr::from);
            assert_eq!(found.map_or(String::new(), |it| it.to_string()), inside, "{address}");
        }
    }

    #[test]
    fn eui_64_gives_the_ethernet_address_back() {
        assert_eq!(
            mac(Family::V6, bits("fe80::21b:21ff:fe3c:9ad2")),
            Some([0x00, 0x1b, 0x21, 0x3c, 0x9a, 0xd2])
        );
        assert_eq!(mac(Family::V6, bits("fe80::1")), None);
    }
}
