//! The report on an item of a look-up: everything about an item in the order a reader wants it.
//!
//! A report is words with tones; a terminal, a panel or a page decides what a tone looks like.
//! Tones only repeat what the words say.

pub mod bits;
mod class;
pub mod line;
mod link;
pub mod meaning;
mod registry;
mod rule;

pub use self::line::{Line, LookupReport, Piece, Tone};
use self::line::{grouped, piece, plain, shown};
use crate::address::describe::Answer;
use crate::address::kind::{self, Reach, is_multicast};
use crate::address::parse::{Item, Remark, Subject};
use crate::address::prefix::{Count, Family, Prefix, Range};
use crate::address::registry::Flag;
use crate::address::text;

/// A list in a report stops here and says how many there are.
const LISTED: usize = 12;

fn address(family: Family, bits: u128) -> String {
    shown(|out| text::address(out, family, bits))
}

impl LookupReport {
    /// The report on an answer.
    pub fn new(answer: &Answer<'_>) -> Self {
        let mut report =
            Self { title: answer.text("canonical"), subtitle: subtitle(answer), lines: Vec::new() };
        report.lines.push(Line::Prose(plain(meaning::of(answer))));
        report.remarks(answer);
        report.lines.push(Line::Gap);
        report.nature(answer);
        report.arithmetic(answer);
        report.class(answer);
        report.lines.extend(bits::draw(answer));
        report.inside(answer);
        report.link(answer);
        report.registries(answer);
        report.names(answer);
        report
    }

    /// Adds how the item relates to the other items of the same look-up: equal, inside,
    /// overlapping.
    pub fn relate(&mut self, relations: &[String]) {
        self.fact("Relation", plain(relations.join(", ")));
    }

    fn fact(&mut self, name: &'static str, pieces: Vec<Piece>) {
        if pieces.iter().any(|piece| !piece.text.is_empty()) {
            self.lines.push(Line::Fact(name, pieces));
        }
    }

    fn remarks(&mut self, answer: &Answer<'_>) {
        for remark in answer.item.remarks.iter().flatten() {
            let text = match (remark, answer.item.subject) {
                (Remark::HostBits, Subject::Prefix(prefix, written, _))
                    if kind::has_hosts(prefix)
                        && prefix.has_broadcast()
                        && written == prefix.last() =>
                {
                    format!("{} is the broadcast of this network.", address(prefix.family, written))
                }
                (Remark::HostBits, Subject::Prefix(prefix, written, _)) => {
                    let host = prefix.usable();
                    let host = match written.checked_sub(host.first) {
                        Some(before)
                            if written <= host.last
                                && prefix.family == Family::V4
                                && kind::has_hosts(prefix) =>
                        {
                            format!(", its host number {}", grouped(Count::one_more(before)))
                        }
                        _ => String::new(),
                    };
                    format!(
                        "{} is an address of this network{host}.",
                        address(prefix.family, written)
                    )
                }
                (Remark::Netmask(len), _) => format!("The netmask is /{len}."),
                (Remark::Wildcard(len), _) => format!("The wildcard mask is /{len}."),
                (Remark::IdleZone, _) => {
                    "A zone only tells links apart: it means nothing here (RFC 4007).".to_owned()
                }
                _ => continue,
            };
            self.lines.push(Line::Prose(vec![piece(text, Tone::Strong)]));
        }
        if let Some(text) = rule::broken(answer) {
            self.lines.push(Line::Prose(vec![piece(text, Tone::Bad)]));
        }
    }

    fn nature(&mut self, answer: &Answer<'_>) {
        let mut pieces = vec![piece(answer.text("type"), Tone::Strong)];
        let global = answer.text("global");
        let reach = match kind::reach(answer.range) {
            _ if answer.is_address() => global.as_str(),
            Reach::Part => "mixed",
            Reach::All => "true",
            // Why not is the column's to say, where it is one reason for all.
            Reach::None if !global.starts_with("false") => "false",
            _ => global.as_str(),
        };
        let (words, tone) = match reach {
            "true" => ("globally reachable".to_owned(), Tone::Good),
            "false" => ("not globally reachable".to_owned(), Tone::Bad),
            "false(unallocated)" => ("unallocated, so not reachable".to_owned(), Tone::Bad),
            "false(reserved)" => ("reserved, so not reachable".to_owned(), Tone::Bad),
            "mixed" => ("globally reachable in part".to_owned(), Tone::Muted),
            "n.a.(multicast)" => (String::new(), Tone::Muted),
            _ if answer.special.is_some_and(|row| row.reachable() == Flag::Blank) => {
                ("reachability not stated".to_owned(), Tone::Muted)
            }
            _ => ("reachability depends".to_owned(), Tone::Muted),
        };
        if !words.is_empty() {
            pieces.push(piece(", ", Tone::Plain));
            pieces.push(piece(words, tone));
        }
        self.fact("Type", pieces);
        // "Global" beside "not globally reachable" would puzzle: unicast says only what is
        // narrower.
        let scope = answer.text("scope");
        let is_worth_a_line =
            !scope.starts_with("global") || is_multicast(answer.family(), answer.range.first);
        if answer.is_address() && is_worth_a_line {
            self.fact("Scope", plain(scope.replace("(RFC", " (RFC\u{a0}")));
        }
    }

    fn arithmetic(&mut self, answer: &Answer<'_>) {
        match answer.item.subject {
            Subject::Address(..) => {}
            Subject::Range(range) => {
                self.fact("From", plain(address(range.family, range.first)));
                self.fact("To", plain(address(range.family, range.last)));
                self.fact("Addresses", plain(grouped(range.total())));
                self.prefixes(range);
            }
            Subject::Prefix(prefix, ..) => self.prefix(answer, prefix),
        }
    }

    fn prefixes(&mut self, range: Range) {
        let list: Vec<Prefix> = range.prefixes().collect();
        let names: Vec<String> = list
            .iter()
            .take(LISTED)
            .map(|prefix| shown(|out| text::prefix(out, *prefix)))
            .collect();
        let more = match list.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!("  … and {more} more"),
        };
        let pieces = vec![piece(names.join("  "), Tone::Network), piece(more, Tone::Muted)];
        self.fact(if list.len() == 1 { "Prefix" } else { "Prefixes" }, pieces);
        let around = shown(|out| text::prefix(out, range.enclosing()));
        if list.len() > 1 {
            self.fact("Supernet", plain(format!("{around} is the longest prefix around it")));
        }
    }

    fn prefix(&mut self, answer: &Answer<'_>, prefix: Prefix) {
        let family = prefix.family;
        let pair = |name: &str, value: String| {
            [piece(format!("   {name} "), Tone::Muted), piece(value, Tone::Plain)]
        };
        let mut network = vec![piece(address(family, prefix.first), Tone::Network)];
        if family == Family::V4 {
            network.extend(pair("netmask", answer.text("netmask")));
            network.extend(pair("wildcard", answer.text("wildcard")));
        }
        self.fact("Network", network);
        self.netmask(prefix);
        let is_group = !kind::has_hosts(prefix);
        let usable = if is_group { prefix.range() } else { prefix.usable() };
        let mut hosts = vec![piece(address(family, usable.first), Tone::Host)];
        if usable.first != usable.last {
            hosts.push(piece(" to ", Tone::Plain));
            hosts.push(piece(address(family, usable.last), Tone::Host));
        }
        self.fact(if is_group { "Range" } else { "Hosts" }, hosts);
        let total = grouped(prefix.total());
        let has_broadcast = prefix.has_broadcast() && !is_group;
        let mut count = match (has_broadcast, prefix.host_bits()) {
            (_, 0) => plain("1"),
            (true, bits) => {
                plain(format!("{} for hosts, {total} in all (2^{bits})", grouped(usable.total())))
            }
            (false, 1) if family == Family::V4 && !is_group => {
                plain("2, both for hosts: a link of two needs no broadcast (RFC 3021)")
            }
            (false, bits) => plain(format!("{total} (2^{bits})")),
        };
        if family == Family::V6 && prefix.len < 64 && !is_group {
            let networks = grouped(Count::power(64 - prefix.len));
            count.push(piece(format!(", {networks} networks of /64"), Tone::Plain));
        }
        self.fact("Addresses", count);
        if has_broadcast {
            self.fact("Broadcast", plain(address(family, prefix.last())));
        }
        let beside: Vec<Piece> = [("before", prefix.previous()), ("after", prefix.next())]
            .into_iter()
            .filter_map(|(side, block)| Some((side, block?)))
            .flat_map(|(side, block)| {
                [
                    piece(shown(|out| text::prefix(out, block)), Tone::Plain),
                    piece(format!(" {side}   "), Tone::Muted),
                ]
            })
            .collect();
        self.fact("Beside", beside);
    }

    /// The netmask in the forms that others write: IPv4 in bits and as a number, IPv6 in groups.
    fn netmask(&mut self, prefix: Prefix) {
        let mask = prefix.netmask();
        match prefix.family {
            Family::V4 => {
                let bits = format!("{mask:032b}");
                let octets: Vec<&str> = [0, 8, 16, 24].map(|at| &bits[at..at + 8]).to_vec();
                self.fact("Netmask", plain(format!("{}   {mask:#010x}", octets.join("."))));
            }
            family @ Family::V6 => self.fact("Netmask", plain(address(family, mask))),
        }
    }

    /// What the address carries, or the one a prefix was written with.
    fn inside(&mut self, answer: &Answer<'_>) {
        if let Subject::Prefix(prefix, written, zone) = answer.item.subject {
            // The 48 bits of a 6to4 prefix hold all that it carries (RFC 3056, section 2).
            let is_site = prefix.len >= 48 && written >> 112 == 0x2002;
            if prefix.family == Family::V6 && (written != prefix.first || is_site) {
                let subject = Subject::Address(prefix.family, written, zone);
                let item = Item { subject, remarks: [None; 2] };
                let mut inner =
                    Self { title: String::new(), subtitle: String::new(), lines: Vec::new() };
                inner.inside(&Answer::new(answer.input, item));
                let has_host = written != prefix.first;
                let is_worth_a_line =
                    |line: &Line| has_host || !matches!(line, Line::Fact("Interface", _));
                self.lines.extend(inner.lines.into_iter().filter(is_worth_a_line));
            }
            return;
        }
        for pair in answer.text("embedded").split(';').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let words = meaning::embedded(key);
            let pieces = vec![piece(value, Tone::Strong), piece(format!("  {words}"), Tone::Muted)];
            self.fact("Carries", pieces);
        }
        let mac = answer.text("mac");
        let first = mac.get(..2).and_then(|octet| u8::from_str_radix(octet, 16).ok());
        if let Some(first) = first {
            let who = match first & 2 {
                0 if mac.starts_with("00:00:5e") => "from IANA's block, not a vendor's",
                0 => "universal: the vendor gave it",
                _ => "local: an administrator or a program chose it",
            };
            let pieces = vec![
                piece(mac, Tone::Strong),
                piece(format!("  Ethernet address, {who}"), Tone::Muted),
            ];
            self.fact("Carries", pieces);
        }
        let iid = answer.text("iid");
        let words = meaning::iid(&iid);
        if !iid.is_empty() && link::has_interface(answer) {
            let pieces = vec![piece(iid, Tone::Plain), piece(format!("  {words}"), Tone::Muted)];
            self.fact("Interface", pieces);
        }
    }

    fn names(&mut self, answer: &Answer<'_>) {
        for (name, column) in
            [("Reverse", "reverse"), ("Mixed", "mixed_text"), ("Exploded", "exploded")]
        {
            let text = answer.text(column).replace("(RFC2317)", "(RFC 2317)");
            // The number of zones stays on one line.
            self.fact(name, plain(text.replace(" zones)", "\u{a0}zones)")));
        }
        if let Subject::Prefix(prefix, ..) = answer.item.subject
            && prefix.family == Family::V4
            && (25..32).contains(&prefix.len)
        {
            let words = "below /24 the parent zone delegates it by CNAME records (RFC 2317)";
            self.fact("", vec![piece(words, Tone::Muted)]);
        }
        let hex = answer.text("hex");
        let integer = answer.text("integer");
        self.fact("Integer", plain(integer));
        self.fact("Hex", plain(hex));
    }
}

fn subtitle(answer: &Answer<'_>) -> String {
    let kind = match answer.item.subject {
        Subject::Address(..) => "address",
        Subject::Prefix(..) => "prefix",
        Subject::Range(..) => "range",
    };
    format!("IPv{} {kind}", answer.family().number())
}
