//! Why an IPv4 item has its class, and what CIDR changed about that.

use super::line::{LookupReport, Tone, grouped, piece, plain, shown};
use crate::address::class::{Class, Relation};
use crate::address::describe::Answer;
use crate::address::kind::has_hosts;
use crate::address::parse::Subject;
use crate::address::prefix::{Count, Family, Prefix};
use crate::address::text;

impl LookupReport {
    /// Why this class, and what CIDR changed.
    pub(super) fn class(&mut self, answer: &Answer<'_>) {
        if answer.family() == Family::V6 {
            return;
        }
        let end = |bits: u128| Class::of(u32::try_from(bits).unwrap_or(u32::MAX));
        let class = end(answer.range.first);
        let reason = format!(
            ": the first bit{} {}, so the first octet is {} to {}. ",
            if class.leading() == 1 { " is" } else { "s are" },
            class.bits,
            class.first_octet.0,
            class.first_octet.1
        );
        let head = |rest: String| {
            vec![piece(class.name, Tone::Class), piece(reason.clone() + &rest, Tone::Plain)]
        };
        let pieces = match (answer.item.subject, class.len) {
            (Subject::Prefix(prefix, ..), _) => match Relation::of(prefix) {
                Relation::Spans(first, last) => plain(format!(
                    "{} to {}: wider than any class, so only CIDR can write it (RFC 4632).",
                    first.name, last.name
                )),
                relation => head(cidr(relation, prefix)),
            },
            (Subject::Address(_, bits, _), Some(len)) => {
                let network = Prefix::new(Family::V4, bits, len);
                let name = shown(|out| text::prefix(out, network));
                let made = match bits {
                    _ if !has_hosts(network) => format!("part of {name}, a network without hosts"),
                    _ if bits == network.first => format!("the name of network {name}"),
                    _ if bits == network.last() => format!("the broadcast of network {name}"),
                    _ => {
                        let hosts = grouped(network.usable().total());
                        format!("a host of network {name}, one of {hosts}")
                    }
                };
                head(format!(
                    "Until 1993 that made it {made}. Since CIDR the class decides nothing: the \
                     prefix length does."
                ))
            }
            (Subject::Address(..), None) => head(format!("{}.", first_upper(class.note))),
            (Subject::Range(range), _) => match (class, end(range.last)) {
                (first, last) if first.name != last.name => {
                    plain(format!("{} to {}", first.name, last.name))
                }
                _ => head(String::new()),
            },
        };
        self.fact("Class", pieces);
    }
}

/// How a prefix relates to its class, in a sentence.
fn cidr(relation: Relation, prefix: Prefix) -> String {
    match relation {
        Relation::Exact(class) => format!(
            "/{} is what class {} made of it; since CIDR it is one choice of many.",
            prefix.len, class.name
        ),
        Relation::Subnet(class, network, bits) => {
            let before = (prefix.first - network.first) >> prefix.host_bits();
            format!(
                "Class {} made it part of {}. CIDR takes {bits} bit{} from the hosts: {} subnets, \
                 and this is number {}.",
                class.name,
                shown(|out| text::prefix(out, network)),
                if bits == 1 { "" } else { "s" },
                grouped(Count::power(bits)),
                grouped(Count::one_more(before))
            )
        }
        Relation::Supernet(class, count) => format!(
            "Class {} made it {} networks of /{}; CIDR joins them into one route.",
            class.name,
            grouped(Count::Number(count.into())),
            class.len.unwrap_or_default()
        ),
        Relation::NoSplit(class) => format!("{}.", first_upper(class.note)),
        Relation::Spans(..) => String::new(),
    }
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
