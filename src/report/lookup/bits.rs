//! The bits of an address, drawn: which make the class, the network, the subnet and the host.
//!
//! Below every digit stands a letter that says what it is, so the drawing needs no colour.

use super::line::{Line, Piece, Tone, piece, shown};
use crate::address::class::{Class, Relation};
use crate::address::describe::Answer;
use crate::address::kind::is_multicast;
use crate::address::parse::Subject;
use crate::address::prefix::Family;
use crate::address::text;

/// The drawing of an answer: digits, letters, and what the letters mean.
pub fn draw(answer: &Answer<'_>) -> Vec<Line> {
    match answer.item.subject {
        Subject::Address(Family::V4, bits, _) => v4(bits, None),
        Subject::Prefix(prefix, bits, _) if prefix.family == Family::V4 => {
            match Relation::of(prefix) {
                Relation::Spans(..) => wide(bits, prefix.len),
                _ => v4(bits, Some(prefix.len)),
            }
        }
        Subject::Address(Family::V6, bits, _) => v6(answer, bits, None),
        Subject::Prefix(prefix, bits, _) => v6(answer, bits, Some(prefix.len)),
        Subject::Range(_) => Vec::new(),
    }
}

/// What a letter stands for.
fn tone(letter: char) -> Tone {
    match letter {
        'A'..='E' | 'p' => Tone::Class,
        'n' | 'v' => Tone::Network,
        's' | 'x' | 'f' | 'o' | 'l' => Tone::Subnet,
        'h' | 'i' | 'g' | 'c' | 'a' => Tone::Host,
        _ => Tone::Muted,
    }
}

/// 32 bits in octets, with a bar where the prefix ends.
fn v4(bits: u128, len: Option<u8>) -> Vec<Line> {
    let class = Class::of(u32::try_from(bits).unwrap_or(u32::MAX));
    let fixed = len.map_or(32, usize::from);
    let split = class.len.map(usize::from);
    let letter_of = |at: usize| match split {
        _ if at < class.leading().min(fixed) => class.name.chars().next().unwrap_or('A'),
        None if len.is_some() && at < fixed => 'n',
        None => 'g',
        Some(split) if at < split && at < fixed => 'n',
        Some(split) if at < split => 'x',
        Some(_) if len.is_some() && at < fixed => 's',
        Some(_) => 'h',
    };
    let digits: Vec<(char, char)> = (0..32)
        .map(|at| {
            let one = (bits >> (31 - at)) & 1 == 1;
            (if one { '1' } else { '0' }, letter_of(at))
        })
        .collect();
    let group = match class.name {
        "E" => "reserved",
        _ => "group",
    };
    let words: &[(char, &str)] = match len {
        None => &[('n', "network"), ('h', "host, by class"), ('g', group)],
        Some(_) => &[
            ('n', "network"),
            ('s', "subnet"),
            ('x', "network by class, freed by CIDR"),
            ('h', "host"),
            ('g', group),
        ],
    };
    let bar = len.filter(|len| (1..32).contains(len)).map(usize::from);
    drawing(&digits, 8, '.', bar, "class", words)
}

/// 32 bits of a prefix wider than its class.
fn wide(bits: u128, len: u8) -> Vec<Line> {
    let digits: Vec<(char, char)> = (0..32u8)
        .map(|at| {
            let one = (bits >> (31 - at)) & 1 == 1;
            (if one { '1' } else { '0' }, if at < len { 'n' } else { 'h' })
        })
        .collect();
    let bar = (len > 0).then_some(usize::from(len));
    drawing(&digits, 8, '.', bar, "class", &[('n', "network"), ('h', "host")])
}

/// 32 hexadecimal digits in groups of four.
fn v6(answer: &Answer<'_>, bits: u128, len: Option<u8>) -> Vec<Line> {
    let text = shown(|out| text::hex(out, Family::V6, bits));
    let layout = match len.filter(|_| !is_multicast(Family::V6, bits)) {
        None => layout(answer),
        Some(len) => Layout {
            letters: (0..32u8)
                .map(|at| match at * 4 {
                    bit if bit + 4 <= len => 'n',
                    bit if bit < len && bit >= 64 => '*',
                    bit if bit < len => '+',
                    bit if bit < 64 => 's',
                    _ => 'i',
                })
                .collect(),
            words: &[
                ('n', "network"),
                ('+', "network and subnet"),
                ('*', "network and interface"),
                ('s', "subnet"),
                ('i', "interface"),
            ],
        },
    };
    let digits: Vec<(char, char)> = text.chars().skip(2).zip(layout.letters.chars()).collect();
    let bar = len.filter(|len| len % 4 == 0 && (1..128).contains(len));
    let bar = bar.map(|len| usize::from(len / 4));
    drawing(&digits, 4, ':', bar, "prefix", layout.words)
}

/// What each hexadecimal digit of an IPv6 address is.
struct Layout {
    letters: String,
    words: Words,
}

/// Letters and what they stand for.
type Words = &'static [(char, &'static str)];

/// A type that begins so has this layout.
const LAYOUTS: &[(&str, &str, Words)] = &[
    (
        "6to4",
        "ppppvvvvvvvvssssiiiiiiiiiiiiiiii",
        &[('v', "IPv4"), ('s', "subnet"), ('i', "interface")],
    ),
    (
        "teredo",
        "ppppppppvvvvvvvvffffoooocccccccc",
        &[('v', "server"), ('f', "flags"), ('o', "port, inverted"), ('c', "client, inverted")],
    ),
    (
        "unique-local",
        "ppggggggggggssssiiiiiiiiiiiiiiii",
        &[('g', "random site number"), ('s', "subnet"), ('i', "interface")],
    ),
    (
        "special:ORCHIDv2",
        "pppppppcgggggggggggggggggggggggg",
        &[('c', "kind of hash"), ('g', "hash")],
    ),
    (
        "special:Drone",
        "pppppppaaaaaaaaagggggggggggggggg",
        &[('a', "authorities and suite"), ('g', "hash")],
    ),
    ("srv6-sid", "ppppgggggggggggggggggggggggggggg", &[('g', "locator, function and arguments")]),
    ("ipv4-", "ppppppppppppppppppppppppvvvvvvvv", &[('v', "IPv4")]),
    ("nat64-well-known", "ppppppppppppppppppppppppvvvvvvvv", &[('v', "IPv4")]),
    (
        "multicast:well-known:solicited-node",
        "ppfsggggggggggggggggggggggaaaaaa",
        &[('f', "flags"), ('s', "scope"), ('g', "group"), ('a', "end of the address asked for")],
    ),
    (
        "multicast:unicast-prefix-based",
        "ppfsrrllnnnnnnnnnnnnnnnngggggggg",
        &[
            ('f', "flags"),
            ('s', "scope"),
            ('r', "reserved"),
            ('l', "length"),
            ('n', "network"),
            ('g', "group"),
        ],
    ),
    (
        "multicast:embedded-rp",
        "ppfsrallnnnnnnnnnnnnnnnngggggggg",
        &[
            ('f', "flags"),
            ('s', "scope"),
            ('r', "reserved"),
            ('a', "RIID"),
            ('l', "length"),
            ('n', "network"),
            ('g', "group"),
        ],
    ),
    (
        "multicast:",
        "ppfsgggggggggggggggggggggggggggg",
        &[('f', "flags"), ('s', "scope"), ('g', "group")],
    ),
    ("", "nnnnnnnnnnnnnnnniiiiiiiiiiiiiiii", &[('n', "network and subnet"), ('i', "interface")]),
];

fn layout(answer: &Answer<'_>) -> Layout {
    let kind = answer.text("type");
    let found = LAYOUTS.iter().find(|(key, ..)| kind.starts_with(key));
    found.map_or(Layout { letters: String::new(), words: &[] }, |(_, letters, words)| Layout {
        letters: (*letters).to_owned(),
        words,
    })
}

/// Three lines: the digits, a letter below each, and the letters that occur in words.
fn drawing(
    digits: &[(char, char)],
    group: usize,
    mark: char,
    bar: Option<usize>,
    class: &str,
    words: &[(char, &str)],
) -> Vec<Line> {
    let (mut top, mut bottom): (Vec<Piece>, Vec<Piece>) = (Vec::new(), Vec::new());
    let mut push = |digit: char, letter: char, tone: Tone| {
        for (pieces, c) in [(&mut top, digit), (&mut bottom, letter)] {
            match pieces.last_mut() {
                Some(last) if last.tone == tone => last.text.push(c),
                _ => pieces.push(piece(c, tone)),
            }
        }
    };
    for (at, &(digit, letter)) in digits.iter().enumerate() {
        if bar == Some(at) {
            push('|', '|', Tone::Strong);
        } else if at > 0 && at % group == 0 {
            push(mark, ' ', Tone::Muted);
        }
        push(digit, letter, tone(letter));
    }
    let mut key = Vec::new();
    let first = digits.first().map_or(' ', |(_, letter)| *letter);
    let class = [(first, class)];
    let class = class.iter().filter(|(c, _)| matches!(c, 'A'..='E' | 'p'));
    for (letter, word) in class.chain(words) {
        if digits.iter().any(|(_, used)| used == letter) {
            key.push(piece(letter.to_string(), tone(*letter)));
            let word = word.replace(' ', "\u{a0}");
            key.push(piece(format!("\u{a0}{word}   "), Tone::Muted));
        }
    }
    vec![Line::Drawing("Bits", top), Line::Drawing("", bottom), Line::Fact("", key)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    fn drawn(input: &str) -> Vec<String> {
        let answer = Answer::new(input, parse::item(input).expect("an item"));
        let lines = draw(&answer).into_iter().map(|line| match line {
            Line::Drawing(_, pieces) | Line::Fact(_, pieces) => {
                pieces.into_iter().map(|piece| piece.text).collect()
            }
            _ => String::new(),
        });
        lines.collect()
    }

    #[test]
    fn every_bit_has_its_letter() {
        assert_eq!(
            drawn("192.168.1.0/26")[..2],
            ["11000000.10101000.00000001.00|000000", "CCCnnnnn nnnnnnnn nnnnnnnn ss|hhhhhh",]
        );
        assert_eq!(drawn("192.168.0.0/22")[1], "CCCnnnnn nnnnnnnn nnnnnn|xx hhhhhhhh");
        assert_eq!(drawn("224.0.0.251")[1], "DDDDgggg gggggggg gggggggg gggggggg");
        assert_eq!(
            drawn("2001:db8::1/64")[..2],
            ["2001:0db8:0000:0000|0000:0000:0000:0001", "nnnn nnnn nnnn nnnn|iiii iiii iiii iiii",]
        );
    }

    #[test]
    fn layouts_have_a_letter_for_every_digit() {
        for (_, letters, words) in LAYOUTS {
            assert_eq!(letters.len(), 32);
            for (letter, _) in *words {
                assert!(letters.contains(*letter), "{letter} in {letters}");
            }
        }
    }
}
