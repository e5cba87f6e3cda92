//! Filters, one of each kind of comparison: what they cost is looked at in several places.

/// One of each kind.
pub(crate) const FILTERS: [&str; 9] = [
    "ip.ttl == 63",
    "tcp.port == 53",
    "ip.src == 10.0.0.0/8",
    "ip.addr == 192.0.2.7",
    "ipv6.src == fe80::/10",
    "ip.proto in {UDP, 1..3}",
    "ip.ttl < 5 && ip.src == 10.0.0.0/8",
    "tcp.opt.mss_val == 1460",
    "frame.len > 100",
];
