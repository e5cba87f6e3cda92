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

/// Appends what the address carries as `kind=value`, joined by `;`.
pub fn write(out: &mut Vec<u8>, family: Family, bits: u128) {
    if family == Family::V4 {
        return write_v4(out, bits);
    }
    if let Some(name) = carried(bits) {
        key(out, name);
        text::v4(out, bits);
    }
    if bits >> 112 == 0x2002 {
        key(out, "6to4");
        text::v4(out, bits >> 80);
    }
    if is_isatap(bits) {
        key(out, "isatap");
        text::v4(out, bits);
    }
    if bits >> 96 == 0x2001_0000 {
        // RFC 4380, section 4: server, flags, then port and client with their bits inverted.
        key(out, "teredo-server");
        text::v4(out, bits >> 64);
        key(out, "teredo-flags");
        out.extend_from_slice(format!("0x{:04x}", (bits >> 48) & 0xffff).as_bytes());
        key(out, "teredo-port");
        text::number(out, (!bits >> 32) & 0xffff);
        key(out, "teredo-client");
        text::v4(out, !bits);
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

    #[test]
    fn eui_64_gives_the_ethernet_address_back() {
        assert_eq!(
            mac(Family::V6, bits("fe80::21b:21ff:fe3c:9ad2")),
            Some([0x00, 0x1b, 0x21, 0x3c, 0x9a, 0xd2])
        );
        assert_eq!(mac(Family::V6, bits("fe80::1")), None);
    }
}
