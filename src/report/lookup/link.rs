//! What an address becomes on the link below: the Ethernet address of a group, and the group at
//! which neighbours ask for an address.

use crate::address::describe::Answer;
use crate::address::embedded::has_iid;
use crate::address::kind::is_multicast;
use crate::address::prefix::Family;
use crate::address::text;

use super::line::{LookupReport, Tone, piece, shown};

impl LookupReport {
    pub(super) fn link(&mut self, answer: &Answer<'_>) {
        let (family, bits) = (answer.family(), answer.range.first);
        if !answer.is_address() {
            return;
        }
        if let Some(mac) = group_mac(family, bits) {
            let shared = match family {
                Family::V4 => "  where its frames go, shared with 31 others (RFC 1112)",
                Family::V6 => "  where its frames go (RFC 2464)",
            };
            self.fact("Ethernet", vec![piece(mac, Tone::Strong), piece(shared, Tone::Muted)]);
        }
        if has_interface(answer) {
            let group = shown(|out| text::v6(out, solicited_node(bits)));
            let words = "  where neighbours ask for it (RFC 4861)";
            self.fact("Solicited", vec![piece(group, Tone::Strong), piece(words, Tone::Muted)]);
        }
    }
}

/// The Ethernet address of a group: the low 23 bits behind `01:00:5e` (RFC 1112, section 6.4), the
/// low 32 behind `33:33` (RFC 2464, section 7).
fn group_mac(family: Family, bits: u128) -> Option<String> {
    let value = match family {
        Family::V4 => 0x0100_5e00_0000 | bits & 0x7f_ffff,
        Family::V6 => 0x3333_0000_0000 | bits & 0xffff_ffff,
    };
    let [.., a, b, c, d, e, f] = value.to_be_bytes();
    is_multicast(family, bits).then(|| shown(|out| text::mac(out, [a, b, c, d, e, f])))
}

/// `ff02::1:ff00:0/104` with the low 24 bits of the address (RFC 4291, section 2.7.1).
fn solicited_node(bits: u128) -> u128 {
    0xff02 << 112 | 0x0001_ff00_0000 | bits & 0xff_ffff
}

/// Whether the low 64 bits name an interface.  Not in blocks narrower than a subnet, and not where
/// the format of the block is another: ORCHID (RFC 7343), DET (RFC 9374), segments (RFC 9602).
pub(super) fn has_interface(answer: &Answer<'_>) -> bool {
    let (family, bits) = (answer.family(), answer.range.first);
    let is_other = answer.special.is_some_and(|row| {
        row.last - row.first < 1 << 63 || matches!(bits >> 100, 0x200_1002 | 0x200_1003)
    });
    has_iid(family, bits) && !is_other && bits >> 112 != 0x5f00
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    #[test]
    fn groups_have_the_ethernet_addresses_of_their_rfcs() {
        for (group, mac) in [
            ("224.0.0.1", Some("01:00:5e:00:00:01")),
            // The high bit of the second octet is lost (RFC 1112, section 6.4).
            ("239.255.255.250", Some("01:00:5e:7f:ff:fa")),
            ("ff02::1", Some("33:33:00:00:00:01")),
            ("ff02::1:ff28:9c5a", Some("33:33:ff:28:9c:5a")),
            ("10.0.0.1", None),
            ("fe80::1", None),
        ] {
            let range = parse::item(group).expect("an item").subject.range();
            assert_eq!(group_mac(range.family, range.first).as_deref(), mac, "{group}");
        }
    }

    /// The example of RFC 4291, section 2.7.1.
    #[test]
    fn neighbours_ask_at_the_group_of_the_low_24_bits() {
        let range = parse::item("4037::1:800:200e:8c6c").expect("an item").subject.range();
        assert_eq!(shown(|out| text::v6(out, solicited_node(range.first))), "ff02::1:ff0e:8c6c");
    }

    #[test]
    fn an_address_of_another_format_has_no_interface() {
        for (item, expected) in [
            ("2001:db8::1", true),
            ("fe80::1", true),
            ("fd00::1", true),
            ("2001:1::1", false),
            ("2001:20::1", false),
            ("2001:2f:ffff::1", false),
            ("2001:30::1", false),
            ("2001:40::1", true),
            ("5f00::1", false),
            ("::1", false),
            ("ff02::1", false),
        ] {
            let answer = Answer::new(item, parse::item(item).expect("an item"));
            assert_eq!(has_interface(&answer), expected, "{item}");
        }
    }
}
