//! What a type means, in a sentence a student understands.

use crate::address::describe::Answer;
use crate::address::prefix::Family;
use crate::address::{kind, multicast};

/// A sentence for every type that begins so; of two, the longer goes first.
const MEANINGS: &[(&str, &str)] = &[
    (
        "6to4",
        "IPv6 tunnelled through IPv4 without a broker: the IPv4 address of the site's router stands in the prefix. Retired in practice (RFC 3056, RFC 7526).",
    ),
    ("benchmarking", "For measuring devices in a laboratory, not on the Internet (RFC 2544)."),
    (
        "discard-only",
        "Where an operator sends the traffic of an attack, inside one network, to be dropped (RFC 6666).",
    ),
    (
        "documentation",
        "For examples in books and manuals: nobody has this address, and routers should drop it.",
    ),
    (
        "dummy-prefix",
        "A source that stands for nobody, so that no real address has to be invented (RFC 9780).",
    ),
    (
        "everything",
        "Every address there is: the default route, which a router takes when nothing longer matches.",
    ),
    (
        "global-unicast(unallocated",
        "Space for public addresses that no registry has yet: a packet from here is suspect.",
    ),
    ("global-unicast", "A public address: unique in the world, routed on the Internet."),
    (
        "ipv4-compatible",
        "An early way to write IPv4 as IPv6, given up (RFC 4291, section 2.5.5.1).",
    ),
    (
        "ipv4-mapped",
        "An IPv4 address as a program sees it that speaks only IPv6; it never stands in a packet (RFC 4291, section 2.5.5.2).",
    ),
    ("ipv4-translated", "An IPv4 address as the first translators wrote it; historic (RFC 2765)."),
    ("limited-broadcast", "Every host on this link; no router passes it on (RFC 919)."),
    (
        "link-local",
        "Counts on one link only: a host gives it to itself, no router passes it on. The same address may exist on every link.",
    ),
    ("loopback", "The host itself: a packet to it never leaves the machine."),
    (
        "multicast:admin-scoped",
        "A multicast group of one organization: its border routers keep it inside (RFC 2365).",
    ),
    (
        "multicast:embedded-rp",
        "A multicast group that carries the address of its rendezvous point, where senders and receivers meet (RFC 3956).",
    ),
    ("multicast:flags", "A multicast group with flags that no RFC gives a meaning together."),
    (
        "multicast:flags-1",
        "A multicast group of no fixed meaning: a program chose it (RFC 4291, section 2.7).",
    ),
    (
        "multicast:glop",
        "A multicast group that belongs to an autonomous system by its number (GLOP, RFC 3180).",
    ),
    (
        "multicast:ssm",
        "A source-specific multicast group: a host joins it for one sender, and hears no other (RFC 4607).",
    ),
    (
        "multicast:unicast-prefix-based",
        "A multicast group that belongs to whoever holds the prefix inside (RFC 3306, RFC 6034).",
    ),
    (
        "multicast:well-known",
        "A multicast group with a fixed meaning (RFC 4291, section 2.7): one packet reaches every member.",
    ),
    (
        "multicast:well-known:solicited-node",
        "Where neighbour discovery asks \"who has this address?\": every host whose address ends in the same 24 bits listens here (RFC 4291, section 2.7.1).",
    ),
    ("multicast", "A multicast group: one packet reaches every host that has joined (RFC 1112)."),
    ("nat64-local-use", "For translators between IPv6 and IPv4 inside one network (RFC 8215)."),
    (
        "nat64-well-known",
        "An IPv4 host as an IPv6-only network sees it, through a NAT64 translator (RFC 6052).",
    ),
    (
        "private",
        "A private address: every network may use it inside, so it is not unique and the Internet does not route it. NAT translates it on the way out (RFC 1918).",
    ),
    (
        "reserved-by-ietf",
        "Outside 2000::/3 and set aside for nothing yet: no host should have it (RFC 4291).",
    ),
    ("reserved", "Kept for future use since 1989; most systems refuse it (RFC 1112, section 4)."),
    (
        "shared(CGN)",
        "Between a provider and its customers' routers, for carrier-grade NAT: neither private nor public (RFC 6598).",
    ),
    (
        "site-local",
        "The first private IPv6 addresses, deprecated since 2004: unique-local ones took their place (RFC 3879).",
    ),
    ("special:", "Set aside by name for a protocol or service: the registry row says which."),
    (
        "srv6-sid",
        "A segment of segment routing: an instruction for a router in the form of an address (RFC 9602).",
    ),
    (
        "teredo",
        "IPv6 for a host behind IPv4 NAT, tunnelled in UDP: server, port and client stand inside, the last two inverted (RFC 4380).",
    ),
    (
        "this-network",
        "Some host on this network: a source while a host starts, never a destination.",
    ),
    (
        "unique-local",
        "A private IPv6 address: a random 40-bit site number makes it unlikely that two sites collide, yet the Internet does not route it (RFC 4193).",
    ),
    (
        "unspecified",
        "No address: a host sends from here until it has one, and listens here for any.",
    ),
];

/// Types that a sentence about several names.
const NAMED: usize = 5;

/// The sentence for an answer.
pub fn of(answer: &Answer<'_>) -> String {
    let kind = answer.text("type");
    if kind != "everything" && !answer.is_address() {
        let kinds = kind::kinds(answer.range);
        if kinds.len() > 1 {
            let named = kinds.get(..NAMED).unwrap_or(&kinds).join(", ");
            let more = match kinds.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            return format!("Addresses of several types: {named}{more}.");
        }
    }
    if let Some(sentence) = group(answer, &kind) {
        return sentence.to_owned();
    }
    let known = MEANINGS.iter().filter(|(key, _)| kind.starts_with(key));
    let longest = known.max_by_key(|(key, _)| key.len());
    let sentence = longest.map_or(kind.as_str(), |(_, sentence)| sentence);
    // The same word names addresses of both families; each has its own RFC.
    match (kind.as_str(), answer.family()) {
        ("link-local", Family::V4) => {
            format!("{sentence} A host without DHCP takes one (RFC 3927).")
        }
        ("link-local", Family::V6) => {
            format!("{sentence} A zone such as %eth0 says which (RFC 4007).")
        }
        _ => sentence.to_owned(),
    }
}

/// The sentence for a group whose name or scope says more than its type.
fn group(answer: &Answer<'_>, kind: &str) -> Option<&'static str> {
    let (family, bits) = (answer.family(), answer.range.first);
    if !kind.starts_with("multicast") {
        return None;
    }
    let entry = multicast::group(family, bits);
    if entry.is_some_and(|entry| entry.name.contains("TEST-NET") && entry.last >= answer.range.last)
    {
        return Some("For multicast in examples: routers should drop it (RFC 5771, RFC 6676).");
    }
    if answer.text("scope").starts_with("ipv4-local") {
        return Some(
            "A multicast group of the smallest administrative scope: it stays in the local network (RFC 2365).",
        );
    }
    (kind == "multicast:well-known" && answer.is_address() && entry.is_none()).then_some(
        "A multicast group of the kind that IANA assigns for good, but nobody has this one (RFC 4291, section 2.7).",
    )
}

/// What a key of the embedded column is.
pub fn embedded(key: &str) -> &'static str {
    match key {
        "mapped" | "compatible" | "siit" => "the IPv4 address",
        "nat64" => "the IPv4 host behind the translator",
        "6to4" => "the site's IPv4 router",
        "isatap" => "the host's IPv4 address (ISATAP, RFC 5214)",
        "teredo-server" => "the Teredo server",
        "teredo-flags" => "Teredo flags; 0x8000 is a cone NAT",
        "teredo-port" => "the client's UDP port outside",
        "teredo-client" => "the client's IPv4 address outside",
        "glop-as" => "the autonomous system that owns the group",
        "mcast-prefix" => "the prefix that owns the group",
        "rp" => "the rendezvous point",
        _ => "",
    }
}

/// What a kind of interface identifier reveals.
pub fn iid(kind: &str) -> &'static str {
    match kind {
        "eui64(iana-block, reserved)" => return "from IANA's own block of Ethernet addresses",
        "eui64(proxy-mobile-ipv6 RFC6543)" => return "the same at every mobile access gateway",
        _ => {}
    }
    match kind.split('(').next().unwrap_or_default() {
        "zero" => "any router of the subnet answers (RFC 4291, section 2.6.1)",
        "low" => "a small number, given by hand or by DHCPv6",
        "eui64" => "made from the Ethernet address: the host can be followed (RFC 4291)",
        "isatap" => "made from an IPv4 address",
        "reserved-subnet-anycast" => "kept for anycast in every subnet",
        "opaque" => "of no known form: random, hashed (RFC 7217, RFC 8981), or chosen by hand",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::registry::{SPECIAL_V4, SPECIAL_V6};

    #[test]
    fn every_registered_type_has_a_sentence() {
        let rows = SPECIAL_V4.entries.iter().chain(SPECIAL_V6.entries);
        for row in rows {
            let known = MEANINGS.iter().any(|(key, _)| row.kind.starts_with(key));
            assert!(known, "{}", row.kind);
        }
        for (key, sentence) in MEANINGS {
            assert!(sentence.ends_with('.'), "{key}");
        }
    }
}
