//! Addresses that are well written, and that a rule forbids all the same.

use crate::address::describe::Answer;
use crate::address::kind::{Reach, kind, reach, special};
use crate::address::multicast;
use crate::address::parse::Subject;
use crate::address::prefix::{Family, Range};
use crate::address::text;

use super::line::shown;

/// What is wrong with an address, in a sentence.
pub(super) fn broken(answer: &Answer<'_>) -> Option<String> {
    // RFC 3927, section 2.1, keeps the ends of 169.254.0.0/16.
    let ends = [0xa9fe_0000, 0xa9fe_ff00].map(|first| Range {
        family: Family::V4,
        first,
        last: first + 0xff,
    });
    let is_inside = answer.special.is_some_and(|row| row.kind == "link-local");
    if is_inside && ends.iter().any(|end| end.overlaps(answer.range)) {
        return Some(
            "Hosts leave the first and last 256 addresses of 169.254.0.0/16 alone (RFC 3927, section 2.1)."
                .into(),
        );
    }
    let Subject::Address(Family::V6, bits, _) = answer.item.subject else { return None };
    // RFC 6052, section 3.1, and RFC 3056, section 2, want an address that is unique in the world.
    let carried = match bits >> 112 {
        0x2002 => Some((bits >> 80, "RFC 3056, section 2")),
        _ if bits >> 32 == 0x0064_ff9b << 64 => Some((bits, "RFC 6052, section 3.1")),
        _ => None,
    };
    if let Some((inner, rfc)) = carried {
        let inner = inner & 0xffff_ffff;
        let range = Range { family: Family::V4, first: inner, last: inner };
        let inside = shown(|out| text::v4(out, inner));
        let kind = kind(Family::V4, inner, special(range));
        return (reach(range) != Reach::All).then(|| {
            format!("{inside} inside is no global address ({kind}): not allowed here ({rfc}).")
        });
    }
    // Flags R, P and T ask for a prefix of a length above 0 (RFC 3956, section 3).
    if bits >> 116 == 0xff7 && (bits >> 96).trailing_zeros() >= 8 {
        return Some(
            "Its prefix length is 0, so it carries no rendezvous point (RFC 3956).".into(),
        );
    }
    if bits >> 116 == 0xff3
        && (bits >> 32).trailing_zeros() >= 80
        && multicast::dynamic(bits).is_none()
    {
        return Some(
            "Group identifiers below 4000:0000 are invalid for SSM (RFC 4607, section 1).".into(),
        );
    }
    // RFC 4291, section 2.5.6: the 54 bits behind fe80::/10 are zero.
    if bits >> 118 == 0xfe80 >> 6 && bits >> 64 != 0xfe80 << 48 {
        return Some(
            "Link-local addresses have 54 zeros behind fe80::/10 (RFC 4291, section 2.5.6).".into(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    #[test]
    fn a_forbidden_address_is_told_and_its_neighbour_is_not() {
        for (bad, good, rfc) in [
            ("64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "RFC 6052"),
            ("2002:a00:1::1", "2002:808:808::1", "RFC 3056"),
            ("ff7e::1", "ff7e:140:2001:db8:beef:feed::1234", "RFC 3956"),
            ("ff3e::1:1", "ff3e::8000:1", "RFC 4607"),
            ("fe80:0:0:1::1", "fe80::1", "RFC 4291"),
            ("169.254.0.255", "169.254.1.0", "RFC 3927"),
            ("169.254.255.0", "169.254.254.255", "RFC 3927"),
            ("169.254.0.0/16", "169.254.0.0/15", "RFC 3927"),
        ] {
            let of = |text: &'static str| {
                broken(&Answer::new(text, parse::item(text).expect("an item")))
            };
            assert!(of(bad).is_some_and(|text| text.contains(rfc)), "{bad}");
            assert_eq!(of(good), None, "{good}");
        }
    }
}
