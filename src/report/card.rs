//! The card of a look-up: everything about an item in the order a reader wants it.
//!
//! A card is words with tones; a terminal, a panel or a page decides what a tone looks like.  Tones
//! only repeat what the words say.

pub mod bits;
pub mod meaning;

use serde::Serialize;

use crate::address::class::{Class, Relation};
use crate::address::column::block;
use crate::address::describe::Answer;
use crate::address::kind::is_multicast;
use crate::address::parse::{Remark, Subject};
use crate::address::prefix::{Count, Family, Prefix, Range};
use crate::address::registry::{Entry, Flag, MULTICAST_V4, MULTICAST_V6, SPECIAL_V4, SPECIAL_V6};
use crate::address::{multicast, text};

/// What a piece of text is, for those who can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// What the line is about.
    Strong,
    /// Less important than its surroundings.
    Muted,
    /// Bits that make the class, or the fixed bits of an IPv6 format.
    Class,
    /// Bits of the network.
    Network,
    /// Bits of the subnet.
    Subnet,
    /// Bits of the host.
    Host,
    /// A yes.
    Good,
    /// A no, or something deprecated.
    Bad,
}

/// Text of one tone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text, safe to show.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

/// One entry of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    /// Sentences, to be broken into lines anywhere.
    Prose(Vec<Piece>),
    /// A name and its value; an empty name continues the entry above.
    Fact(&'static str, Vec<Piece>),
    /// Like a fact, but never broken: its columns line up with its neighbours'.
    Drawing(&'static str, Vec<Piece>),
    /// Space.
    Gap,
}

/// All about one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The item in canonical form.
    pub title: String,
    /// What kind of item it is.
    pub subtitle: String,
    /// The entries, top to bottom.
    pub lines: Vec<Line>,
}

/// A list on a card stops here and says how many there are.
const LISTED: usize = 12;

pub(crate) fn piece(text: impl Into<String>, tone: Tone) -> Piece {
    Piece {
        text: text.into(),
        tone,
    }
}

fn plain(text: impl Into<String>) -> Vec<Piece> {
    vec![piece(text, Tone::Plain)]
}

/// What a writer of [`text`] appends, as a string.
pub(crate) fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// A count with commas between groups of three.
pub(crate) fn grouped(count: Count) -> String {
    let digits = shown(|out| text::count(out, count));
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn address(family: Family, bits: u128) -> String {
    shown(|out| text::address(out, family, bits))
}

impl Card {
    /// The card of an answer.
    pub fn new(answer: &Answer<'_>) -> Self {
        let mut card = Self {
            title: answer.text("canonical"),
            subtitle: subtitle(answer),
            lines: Vec::new(),
        };
        card.lines.push(Line::Prose(plain(meaning::of(answer))));
        card.remarks(answer);
        card.lines.push(Line::Gap);
        card.nature(answer);
        card.arithmetic(answer);
        card.class(answer);
        card.lines.extend(bits::draw(answer));
        card.inside(answer);
        card.registries(answer);
        card.names(answer);
        card
    }

    /// Adds how the item lies to others that were asked about with it.
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
                (Remark::HostBits, Subject::Prefix(prefix, written, _)) => {
                    let host = prefix.usable();
                    let host = match written.checked_sub(host.first) {
                        Some(before) if written <= host.last && prefix.family == Family::V4 => {
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
            self.lines
                .push(Line::Prose(vec![piece(text, Tone::Strong)]));
        }
    }

    fn nature(&mut self, answer: &Answer<'_>) {
        let mut pieces = vec![piece(answer.text("type"), Tone::Strong)];
        let (words, tone) = match answer.text("global").as_str() {
            "true" => ("globally reachable".to_owned(), Tone::Good),
            "false" => ("not globally reachable".to_owned(), Tone::Bad),
            "false(unallocated)" => ("unallocated, so not reachable".to_owned(), Tone::Bad),
            "false(reserved)" => ("reserved, so not reachable".to_owned(), Tone::Bad),
            "mixed" => ("globally reachable in part".to_owned(), Tone::Muted),
            "n.a.(multicast)" => (String::new(), Tone::Muted),
            _ => ("reachability depends".to_owned(), Tone::Muted),
        };
        if !words.is_empty() {
            pieces.push(piece(", ", Tone::Plain));
            pieces.push(piece(words, tone));
        }
        self.fact("Type", pieces);
        // "Global" beside "not globally reachable" would puzzle: unicast says only what is narrower.
        let scope = answer.text("scope");
        let told =
            !scope.starts_with("global") || is_multicast(answer.family(), answer.range.first);
        if answer.is_address() && told {
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
        let pieces = vec![
            piece(names.join("  "), Tone::Network),
            piece(more, Tone::Muted),
        ];
        self.fact(
            if list.len() == 1 {
                "Prefix"
            } else {
                "Prefixes"
            },
            pieces,
        );
        let around = shown(|out| text::prefix(out, range.enclosing()));
        if list.len() > 1 {
            self.fact(
                "Supernet",
                plain(format!("{around} is the longest prefix around it")),
            );
        }
    }

    fn prefix(&mut self, answer: &Answer<'_>, prefix: Prefix) {
        let family = prefix.family;
        let pair = |name: &str, value: String| {
            [
                piece(format!("   {name} "), Tone::Muted),
                piece(value, Tone::Plain),
            ]
        };
        let mut network = vec![piece(address(family, prefix.first), Tone::Network)];
        if family == Family::V4 {
            network.extend(pair("netmask", answer.text("netmask")));
            network.extend(pair("wildcard", answer.text("wildcard")));
        }
        self.fact("Network", network);
        let usable = prefix.usable();
        let mut hosts = vec![piece(address(family, usable.first), Tone::Host)];
        if usable.first != usable.last {
            hosts.push(piece(" to ", Tone::Plain));
            hosts.push(piece(address(family, usable.last), Tone::Host));
        }
        self.fact("Hosts", hosts);
        let total = grouped(prefix.total());
        let mut count = match (prefix.has_broadcast(), prefix.host_bits()) {
            (_, 0) => plain("1 address"),
            (true, bits) => plain(format!(
                "{} for hosts, {total} in all (2^{bits})",
                grouped(usable.total())
            )),
            (false, 1) if family == Family::V4 => {
                plain("2, both for hosts: a link of two needs no broadcast (RFC 3021)")
            }
            (false, bits) => plain(format!("{total} (2^{bits})")),
        };
        if family == Family::V6 && prefix.len < 64 {
            let networks = grouped(Count::power(64 - prefix.len));
            count.push(piece(format!(", {networks} networks of /64"), Tone::Plain));
        }
        self.fact("Addresses", count);
        if prefix.has_broadcast() {
            self.fact("Broadcast", plain(address(family, prefix.last())));
        }
        let beside: Vec<Piece> = [("before", prefix.previous()), ("behind", prefix.next())]
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

    /// Why this class, and what CIDR changed.
    fn class(&mut self, answer: &Answer<'_>) {
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
            vec![
                piece(class.name, Tone::Class),
                piece(reason.clone() + &rest, Tone::Plain),
            ]
        };
        let pieces = match (answer.item.subject, class.len) {
            (Subject::Prefix(prefix, ..), _) => match Relation::of(prefix) {
                Relation::Spans(first, last) => plain(format!(
                    "{} to {}: a prefix of {} bits is older than none of the classes it spans, \
                     CIDR made it possible.",
                    first.name, last.name, prefix.len
                )),
                relation => head(cidr(relation, prefix)),
            },
            (Subject::Address(_, bits, _), Some(len)) => {
                let network = Prefix::new(Family::V4, bits, len);
                head(format!(
                    "Until 1993 that made it a host of network {}, one of {}. Since CIDR the \
                     class decides nothing: the prefix length does.",
                    shown(|out| text::prefix(out, network)),
                    grouped(network.usable().total())
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

    /// What the address carries.
    fn inside(&mut self, answer: &Answer<'_>) {
        for pair in answer
            .text("embedded")
            .split(';')
            .filter(|pair| !pair.is_empty())
        {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let words = meaning::embedded(key);
            let pieces = vec![
                piece(value, Tone::Strong),
                piece(format!("  {words}"), Tone::Muted),
            ];
            self.fact("Carries", pieces);
        }
        let mac = answer.text("mac");
        let first = mac
            .get(..2)
            .and_then(|octet| u8::from_str_radix(octet, 16).ok());
        if let Some(first) = first {
            let who = match first & 2 {
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
        if !iid.is_empty() {
            let pieces = vec![
                piece(iid, Tone::Plain),
                piece(format!("  {words}"), Tone::Muted),
            ];
            self.fact("Interface", pieces);
        }
    }

    fn registries(&mut self, answer: &Answer<'_>) {
        let family = answer.family();
        let group = answer.text("multicast");
        let (special, groups) = match family {
            Family::V4 => (SPECIAL_V4.read, MULTICAST_V4.read),
            Family::V6 => (SPECIAL_V6.read, MULTICAST_V6.read),
        };
        if !group.is_empty() {
            let entry = multicast::group(family, answer.range.first);
            self.fact("Group", row(&group, None, entry, groups));
        }
        if let Some(entry) = answer.special {
            let range = shown(|out| block(out, family, entry));
            self.fact(
                "Registry",
                row(entry.name, Some(&range), Some(entry), special),
            );
            self.flags(entry);
            self.fact("", vec![piece(entry.note, Tone::Muted)]);
        } else if group.is_empty() {
            let words = format!("in no special-purpose block (IANA\u{a0}{special})");
            self.fact("Registry", vec![piece(words, Tone::Muted)]);
        }
        if let Some(entry) = answer.allocation() {
            let range = shown(|out| block(out, family, entry));
            let status = entry.group.to_lowercase();
            let parts = [entry.name, &range, &status, entry.allocated];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            self.fact("Allocation", plain(parts.join(", ")));
        }
    }

    fn flags(&mut self, entry: &Entry) {
        let names = ["source", "destination", "forwarded", "global", "reserved"];
        let mut pieces = Vec::new();
        for (name, flag) in names.into_iter().zip(entry.flags) {
            let (word, tone) = match flag {
                Flag::True => ("yes", Tone::Good),
                Flag::False => ("no", Tone::Bad),
                Flag::NotApplicable => ("depends", Tone::Muted),
                Flag::Blank => ("blank", Tone::Muted),
            };
            pieces.push(piece(format!("{name}\u{a0}"), Tone::Muted));
            pieces.push(piece(word, tone));
            pieces.push(piece("  ", Tone::Plain));
        }
        self.fact("", pieces);
    }

    fn names(&mut self, answer: &Answer<'_>) {
        for (name, column) in [
            ("Reverse", "reverse"),
            ("Mixed", "mixed_text"),
            ("Exploded", "exploded"),
        ] {
            self.fact(name, plain(answer.text(column)));
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

/// A registry row: name, block, RFCs, dates; the day the registry was read.
fn row(name: &str, range: Option<&str>, entry: Option<&Entry>, read: &str) -> Vec<Piece> {
    let mut pieces = vec![piece(name, Tone::Strong)];
    let mut push = |text: String, tone| {
        pieces.push(piece(", ", Tone::Plain));
        pieces.push(piece(text, tone));
    };
    if let Some(range) = range {
        push(range.to_owned(), Tone::Network);
    }
    if let Some(entry) = entry {
        if !entry.reference.is_empty() {
            push(entry.reference.to_owned(), Tone::Plain);
        }
        if !entry.allocated.is_empty() {
            push(format!("since {}", entry.allocated), Tone::Plain);
        }
        if !entry.terminated.is_empty() {
            push(format!("ended {}", entry.terminated), Tone::Bad);
        }
    }
    pieces.push(piece(format!(" (IANA\u{a0}{read})"), Tone::Muted));
    pieces
}
