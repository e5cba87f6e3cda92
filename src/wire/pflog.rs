//! What BSD's packet filter logs (`LINKTYPE_PFLOG`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every such header has.
    FIELDS, Pflog, "LINKTYPE_PFLOG";
    LENGTH "pflog.length" 0, 8, Number, "Length", "Octets of this header; padding to four is not counted.";
    FAMILY "pflog.af" 8, 8, Number, "Family", "2 is IPv4; 10, 24, 28 and 30 are IPv6.";
    ACTION "pflog.action" 16, 8, Number, "Action", "0 passed, 1 blocked.";
    REASON "pflog.reason" 24, 8, Number, "Reason", "0 a rule matched; else why it was dropped.";
    INTERFACE "pflog.ifname" 32, 128, Text, "Interface", "Its name, filled up with zeros.";
    RULESET "pflog.ruleset" 160, 128, Text, "Rule set", "Name of the set the rule is in.";
    RULE "pflog.rulenr" 288, 32, Number, "Rule", "Number of the rule that matched.";
    SUBRULE "pflog.subrulenr" 320, 32, Number, "Subrule", "Number in its set.";
}

fields! {
    /// Whose packet it is.
    OWNER, Pflog, "LINKTYPE_PFLOG";
    UID "pflog.uid" 0, 32, Number, "User", "User of the socket.";
    PID "pflog.pid" 32, 32, Number, "Process", "Process of the socket.";
    RULE_UID "pflog.rule_uid" 64, 32, Number, "Rule user", "Who loaded the rule.";
    RULE_PID "pflog.rule_pid" 96, 32, Number, "Rule process", "Process that loaded the rule.";
    DIRECTION "pflog.dir" 128, 8, Number, "Direction", "1 in, 2 out.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "pflog",
    short: "PFLOG",
    title: "Packet filter log",
    parts: &[Part {
        label: "owner",
        start: |b| (octets(b) >= 64).then_some(44),
        len: |_| Some(17),
        fields: OWNER,
    }],
    source: "LINKTYPE_PFLOG",
    ..Header::of(Layer::Pflog, Class::Link, FIELDS)
};

/// Octets of the header with its padding.
fn octets(header: &[u8]) -> usize {
    header.first().map_or(0, |&octet| usize::from(octet).next_multiple_of(4))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let family = reach.u8(1)?;
    let len = octets(reach.bytes);
    if len < 44 {
        return Err(Fault::Malformed { at: 0, needs: 44, has: len });
    }
    reach.needs(len)?;
    let next = match family {
        2 => Next::Layer(Layer::Ipv4),
        10 | 24 | 28 | 30 => Next::Layer(Layer::Ipv6),
        _ => Next::Payload,
    };
    Step::then(len, next)
}
