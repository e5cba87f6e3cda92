//! What numbers announce: the usual tables, and what the user has put before them.
//!
//! One set of rules serves a run, and is given before the first frame is decoded.  Whatever walks
//! or remembers header stacks keeps to those that its [`Layers`](super::Layers) or
//! [`Stacks`](super::stack::Stacks) began with.

use std::sync::OnceLock;

use super::tunnel;
use crate::wire::Layer;
use crate::wire::header::{Class, Fault, Next, Reach, Step};
use crate::wire::number::{BY_ETHERTYPE, BY_PPP, PROTOCOL_NEXT, next_by};

/// Which number of a header decides what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// Either port of UDP.
    UdpPort,
    /// The type of Ethernet, and of others that have it from there.
    EtherType,
    /// The protocol of GRE.
    GreProtocol,
    /// The protocol of IPv4, and the next header of IPv6.
    IpProtocol,
    /// The protocol of PPP.
    PppProtocol,
}

/// A number by which the user may choose.
#[derive(Debug)]
pub struct Selector {
    /// Which.
    pub number: Number,
    /// Wireshark's name of it.
    pub name: &'static str,
    /// What it is, in words.
    pub help: &'static str,
    /// Its greatest value.
    pub most: u16,
    /// Kinds of header that may follow.
    pub takes: &'static [Class],
    /// A rule of it.
    pub example: &'static str,
}

/// Headers that begin a packet.
const PACKETS: &[Class] = &[Class::Link, Class::Tag, Class::Ip, Class::Tunnel];

/// Headers that may stand behind IP.
const BEHIND_IP: &[Class] =
    &[Class::Link, Class::Tag, Class::Ip, Class::Extension, Class::Tunnel, Class::Transport];

/// The numbers.
pub const SELECTORS: &[Selector] = &[
    Selector {
        number: Number::UdpPort,
        name: "udp.port",
        help: "either port of UDP",
        most: u16::MAX,
        takes: PACKETS,
        example: "udp.port==8472,vxlan",
    },
    Selector {
        number: Number::EtherType,
        name: "ethertype",
        help: "the type of Ethernet, VLAN tags, GRE and the like",
        most: u16::MAX,
        takes: PACKETS,
        example: "ethertype==0x9999,vlan",
    },
    Selector {
        number: Number::GreProtocol,
        name: "gre.proto",
        help: "the protocol of GRE",
        most: u16::MAX,
        takes: PACKETS,
        example: "gre.proto==0x1234,eth",
    },
    Selector {
        number: Number::IpProtocol,
        name: "ip.proto",
        help: "the protocol of IPv4 and the next header of IPv6",
        most: 255,
        takes: BEHIND_IP,
        example: "ip.proto==253,ip",
    },
    Selector {
        number: Number::PppProtocol,
        name: "ppp.protocol",
        help: "the protocol of PPP",
        most: u16::MAX,
        takes: PACKETS,
        example: "ppp.protocol==0x4021,ip",
    },
];

/// Other numbers that decide what follows, by which nothing can be chosen, and why.
pub const REFUSED: &[(&str, &str)] = &[
    ("dccp.port", "no packets are known to be carried there"),
    ("sctp.port", "no packets are known to be carried there"),
    ("tcp.port", "TCP carries a stream, in which no packet need begin where a segment does"),
];

/// One choice: what some numbers announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which number.
    pub number: Number,
    /// The first value.
    pub first: u16,
    /// The last.
    pub last: u16,
    /// What follows; none for nothing that is decoded.
    pub layer: Option<Layer>,
}

/// What numbers announce.
pub struct Rules {
    /// One bit a UDP port that announces something.
    ports: [u64; 1024],
    protocols: [Next; 256],
    /// What the user chose, what was said last first.
    choices: Vec<Choice>,
    /// Whether any of that is about the type of IPv4, and about GRE.
    moves_ipv4: bool,
    moves_gre: bool,
}

/// What numbers announce usually.
static USUAL: Rules = Rules {
    ports: tunnel::PORT_BITS,
    protocols: PROTOCOL_NEXT,
    choices: Vec::new(),
    moves_ipv4: false,
    moves_gre: false,
};

static CHOSEN: OnceLock<Rules> = OnceLock::new();

/// From now on this process decodes by `rules`.  Called before packets are read, or never; a second
/// call changes nothing.
pub fn choose(rules: Rules) {
    let _ = CHOSEN.set(rules);
}

/// The rules that this process decodes by.
pub fn rules() -> &'static Rules {
    CHOSEN.get().unwrap_or(&USUAL)
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rules").field(&self.choices).finish()
    }
}

impl Rules {
    /// The usual ones.
    pub fn usual() -> &'static Self {
        &USUAL
    }

    /// The usual ones with some choices before them, of which a later one goes before an earlier.
    pub fn with(choices: &[Choice]) -> Self {
        let mut rules =
            Self { choices: choices.iter().rev().copied().collect(), ports: USUAL.ports, ..USUAL };
        for choice in choices {
            for number in choice.first..=choice.last {
                rules.put(*choice, number);
            }
        }
        rules
    }

    fn put(&mut self, choice: Choice, number: u16) {
        match choice.number {
            Number::UdpPort => {
                if let Some(word) = self.ports.get_mut(usize::from(number >> 6)) {
                    *word |= 1 << (number & 63);
                }
            }
            Number::IpProtocol => {
                if let Some(next) = self.protocols.get_mut(usize::from(number)) {
                    *next = following(choice);
                }
            }
            Number::EtherType => self.moves_ipv4 |= number == 0x0800,
            Number::GreProtocol => self.moves_gre = true,
            Number::PppProtocol => {}
        }
    }

    /// What the user chose for a number.
    fn chosen(&self, number: Number, value: u16) -> Option<Next> {
        let is_about = |choice: &&Choice| {
            choice.number == number && (choice.first..=choice.last).contains(&value)
        };
        self.choices.iter().find(is_about).copied().map(following)
    }

    /// Whether a port announces anything: of most that is all that is asked.
    fn is_known(&self, port: u16) -> bool {
        let word = self.ports.get(usize::from(port >> 6)).copied().unwrap_or(0);
        word >> (port & 63) & 1 == 1
    }

    /// What a datagram between two ports carries: the lower one that is known decides.
    #[inline]
    pub fn ports(&self, source: u16, destination: u16) -> Next {
        if self.is_known(source) || self.is_known(destination) {
            self.known_ports(source.min(destination), source.max(destination))
        } else {
            Next::Payload
        }
    }

    /// What a datagram carries whose UDP header begins at octet `at`; none where its ports were not
    /// captured.
    #[inline]
    pub fn ports_at(&self, bytes: &[u8], at: usize) -> Option<Next> {
        let &[a, b, c, d] = bytes.get(at..)?.first_chunk()?;
        Some(self.ports(u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    #[cold]
    fn known_ports(&self, low: u16, high: u16) -> Next {
        let chosen = |port| self.chosen(Number::UdpPort, port);
        chosen(low).or_else(|| chosen(high)).unwrap_or_else(|| tunnel::known(low, high))
    }

    /// Whether [`EtherType`](Next::EtherType) 0x0800 is IP, as it nearly always is.
    #[inline]
    pub fn is_ipv4_usual(&self) -> bool {
        !self.moves_ipv4
    }

    /// What an `EtherType` announces.
    #[inline]
    pub fn ether_type(&self, number: u16) -> Next {
        self.of(Number::EtherType, number).unwrap_or_else(|| next_by(BY_ETHERTYPE, number))
    }

    /// What a PPP protocol announces.
    #[inline]
    pub fn ppp(&self, number: u16) -> Next {
        self.of(Number::PppProtocol, number).unwrap_or_else(|| next_by(BY_PPP, number))
    }

    /// What an IP protocol or next header announces.
    #[inline]
    pub fn protocol(&self, number: u8) -> Next {
        self.protocols.get(usize::from(number)).copied().unwrap_or(Next::Payload)
    }

    /// How long a header is and what follows it.
    ///
    /// # Errors
    /// Those of [`Layer::step`].
    #[inline]
    pub fn step(&self, layer: Layer, reach: Reach<'_>) -> Result<Step, Fault> {
        let step = layer.step(reach)?;
        // GRE says what follows some of its protocols by itself.
        if self.moves_gre
            && layer == Layer::Gre
            && let Some(next) = self.chosen(Number::GreProtocol, reach.u16(2)?)
        {
            return Ok(Step { next, ..step });
        }
        Ok(step)
    }

    fn of(&self, number: Number, value: u16) -> Option<Next> {
        if self.choices.is_empty() { None } else { self.chosen(number, value) }
    }
}

fn following(choice: Choice) -> Next {
    choice.layer.map_or(Next::Payload, Next::Layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(number: Number, first: u16, last: u16, layer: Option<Layer>) -> Choice {
        Choice { number, first, last, layer }
    }

    #[test]
    fn tables_are_sorted_and_each_name_stands_once() {
        assert!(REFUSED.is_sorted_by(|a, b| a.0 < b.0));
        for selector in SELECTORS {
            assert!(selector.example.starts_with(&format!("{}==", selector.name)));
            assert_eq!(SELECTORS.iter().filter(|row| row.name == selector.name).count(), 1);
            assert!(REFUSED.iter().all(|row| row.0 != selector.name));
        }
    }

    #[test]
    fn every_usual_port_is_one_of_the_table() {
        for port in 0..=u16::MAX {
            let has_row = tunnel::PORTS.iter().any(|row| row.port == port);
            assert_eq!(USUAL.ports(port, 40_000) != Next::Payload, has_row, "{port}");
            assert_eq!(USUAL.ports(40_000, port) != Next::Payload, has_row, "{port}");
        }
    }

    #[test]
    fn the_lower_known_port_decides() {
        assert_eq!(USUAL.ports(53, 4789), Next::Payload);
        assert_eq!(USUAL.ports(6081, 4789), Next::Layer(Layer::Vxlan));
        assert_eq!(USUAL.ports(50_000, 4789), Next::Layer(Layer::Vxlan));
        assert_eq!(USUAL.ports(2152, 50_000), Next::Layer(Layer::Gtp));
    }

    #[test]
    fn a_choice_goes_before_the_tables_and_a_later_one_before_an_earlier() {
        let rules = Rules::with(&[
            choice(Number::UdpPort, 53, 60, Some(Layer::Vxlan)),
            choice(Number::UdpPort, 55, 55, Some(Layer::Gtp)),
            choice(Number::UdpPort, 4789, 4789, None),
            choice(Number::EtherType, 0x0800, 0x0800, Some(Layer::Ipv6)),
            choice(Number::IpProtocol, 6, 6, Some(Layer::Udp)),
        ]);
        assert_eq!(rules.ports(53, 4789), Next::Layer(Layer::Vxlan));
        assert_eq!(rules.ports(55, 40_000), Next::Layer(Layer::Gtp));
        assert_eq!(rules.ports(4789, 40_000), Next::Payload);
        assert_eq!(rules.ports(6081, 40_000), Next::Layer(Layer::Geneve));
        assert_eq!(rules.ether_type(0x0800), Next::Layer(Layer::Ipv6));
        assert_eq!(rules.ether_type(0x86dd), Next::Layer(Layer::Ipv6));
        assert_eq!(rules.protocol(6), Next::Layer(Layer::Udp));
        assert!(!rules.is_ipv4_usual() && USUAL.is_ipv4_usual());
    }
}
