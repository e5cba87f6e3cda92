//! What a relation compares: fields, slices of octets, numbers put together, and what functions
//! give.
//!
//! Values are passed to who asks, one after the other; nothing is allocated for a packet but by
//! `lower` and `upper`, for what is looked into.

use std::fmt::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

use arrayvec::ArrayString;

use super::function::{Class, Function, Work};
use super::literal::Literal;
use super::names::Subject;
use super::token::Word;
use crate::address::prefix::Family;
use crate::decode::history::{Asks, History};
use crate::decode::{Packet, derived};
use crate::wire::field::Value;

/// What is evaluated: a packet and its cross-packet anomalies.
pub type Context<'p> = (&'p Packet<'p>, History<'p>);

/// What values come from.
#[derive(Debug, Clone)]
pub enum Operand {
    /// The occurrences of a field or computed field, or the one with a number.
    Field(Subject, Option<i32>),
    /// The octets from each header of these on, to the end of what was captured.
    Header(Subject, Option<i32>),
    /// The octets of the whole frame.
    Frame,
    /// A value that is written out.
    Literal(Literal),
    /// Parts of octets, joined.
    Slice(Box<Operand>, Vec<Slice>),
    /// Two numbers made one.
    Join(Sign, Box<Operand>, Box<Operand>),
    /// A number with its sign changed.
    Negative(Box<Operand>),
    /// What a function gives.
    Call(&'static Function, Vec<Operand>),
}

/// A part of octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The first octet: from 0, or from -1 for the last.
    pub from: i32,
    /// What ends it.
    pub end: End,
}

/// What ends a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// So many octets.
    Length(u32),
    /// The octet with this number, which is part of it: from 0, or from -1 for the last.
    Last(i32),
    /// The end of the octets.
    Rest,
}

/// What joins two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`, without remainder.
    Over,
    /// `%`, the remainder.
    Modulo,
    /// `&`, bit by bit; of addresses too.
    Bits,
}

impl Sign {
    /// All, with how they are written.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Plus, "+"),
        (Self::Minus, "-"),
        (Self::Times, "*"),
        (Self::Over, "/"),
        (Self::Modulo, "%"),
        (Self::Bits, "&"),
    ];

    /// The sign that a word is.
    pub fn of(word: &Word) -> Option<Self> {
        match word {
            Word::Bits => Some(Self::Bits),
            Word::Bare(text) => {
                Self::ALL.iter().find(|(_, sign)| sign == text).map(|(sign, _)| *sign)
            }
            _ => None,
        }
    }

    fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(sign, _)| *sign == self).map_or("", |(_, text)| text)
    }

    fn of_numbers(self, a: i128, b: i128) -> Option<i128> {
        match self {
            Self::Plus => a.checked_add(b),
            Self::Minus => a.checked_sub(b),
            Self::Times => a.checked_mul(b),
            Self::Over => a.checked_div(b),
            Self::Modulo => a.checked_rem(b),
            Self::Bits => Some(a & b),
        }
    }
}

/// Letters that are changed before text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// None.
    AsIs,
    /// Capitals.
    Lower,
    /// Small letters.
    Upper,
}

/// One value of an operand.
#[derive(Debug, Clone, Copy)]
pub enum Datum<'v> {
    /// A number or a flag.
    Number(i128),
    /// Characters.
    Text(&'v str, Case),
    /// Any other value that a packet has.
    Value(Value<'v>),
    /// A value that is written out and is no number: what it equals is for it to say.
    Literal(&'v Literal),
}

impl<'v> Datum<'v> {
    fn of(value: Value<'v>) -> Self {
        match value {
            Value::Number(number) => Self::Number(i128::from(number)),
            Value::Flag(flag) => Self::Number(i128::from(flag)),
            Value::Text(text) => Self::Text(text, Case::AsIs),
            value => Self::Value(value),
        }
    }

    /// Calls `with` for its octets, where it has any in a certain order.
    pub fn octets(&self, with: &mut dyn FnMut(&[u8])) {
        match *self {
            Self::Value(Value::Bytes(octets)) => with(octets),
            Self::Value(Value::Mac(octets)) => with(&octets),
            Self::Value(Value::Ipv4(octets)) => with(&octets),
            Self::Value(Value::Ipv6(octets)) => with(&octets),
            Self::Text(text, Case::AsIs) => with(text.as_bytes()),
            Self::Text(text, case) => {
                // Text may be of any length, and no other operand needs octets of its own.
                with(&text.bytes().map(|octet| case.of(octet)).collect::<Vec<u8>>());
            }
            Self::Literal(Literal::Bytes(octets)) => with(octets),
            Self::Literal(Literal::Mac(octets)) => with(octets),
            Self::Literal(Literal::Text(text) | Literal::Exact(text)) => with(text.as_bytes()),
            _ => {}
        }
    }

    fn number(&self) -> Option<i128> {
        match *self {
            Self::Number(number) => Some(number),
            // Few octets read as a number, most significant first.
            Self::Value(Value::Bytes(octets)) if (1..=8).contains(&octets.len()) => {
                Some(octets.iter().fold(0, |sum, &octet| sum << 8 | i128::from(octet)))
            }
            _ => None,
        }
    }

    fn address(&self) -> Option<(Family, u128)> {
        match *self {
            Self::Value(Value::Ipv4(octets)) => {
                Some((Family::V4, u128::from(u32::from_be_bytes(octets))))
            }
            Self::Value(Value::Ipv6(octets)) => Some((Family::V6, u128::from_be_bytes(octets))),
            Self::Literal(&Literal::Ipv4(address, _)) => Some((Family::V4, u128::from(address))),
            Self::Literal(&Literal::Ipv6(address, _)) => Some((Family::V6, address)),
            _ => None,
        }
    }

    fn of_address((family, bits): (Family, u128)) -> Self {
        match family {
            #[expect(clippy::cast_possible_truncation, reason = "an IPv4 address has 32 bits")]
            Family::V4 => Self::Value(Value::Ipv4((bits as u32).to_be_bytes())),
            Family::V6 => Self::Value(Value::Ipv6(bits.to_be_bytes())),
        }
    }
}

impl Case {
    /// An octet of text, ASCII letters changed.
    pub fn of(self, octet: u8) -> u8 {
        match self {
            Self::AsIs => octet,
            Self::Lower => octet.to_ascii_lowercase(),
            Self::Upper => octet.to_ascii_uppercase(),
        }
    }
}

impl Slice {
    /// The octets of it, where `octets` has them.
    fn of<'o>(&self, octets: &'o [u8]) -> Option<&'o [u8]> {
        let place = |at: i32| match usize::try_from(at) {
            Ok(at) => Some(at),
            Err(_) => octets.len().checked_sub(usize::try_from(at.unsigned_abs()).ok()?),
        };
        let from = place(self.from)?;
        let to = match self.end {
            End::Length(len) => from.checked_add(usize::try_from(len).ok()?)?,
            End::Last(at) => place(at)?.checked_add(1)?,
            End::Rest => octets.len(),
        };
        octets.get(from..to)
    }
}

/// Octets that joined slices have at most.
const MOST_JOINED: usize = 256;

/// Calls `with` for the slices of `octets`, joined; not at all where one of them is not there.
fn sliced(octets: &[u8], slices: &[Slice], with: &mut dyn FnMut(Datum<'_>)) {
    if let [slice] = slices {
        if let Some(part) = slice.of(octets) {
            with(Datum::Value(Value::Bytes(part)));
        }
        return;
    }
    let mut joined = arrayvec::ArrayVec::<u8, MOST_JOINED>::new();
    for slice in slices {
        match slice.of(octets) {
            Some(part) if joined.try_extend_from_slice(part).is_ok() => {}
            _ => return,
        }
    }
    with(Datum::Value(Value::Bytes(&joined)));
}

impl Operand {
    /// The name of the octets of the whole frame.
    pub const FRAME: &str = "frame";

    /// Calls `with` for each value in `context`.
    pub fn each(&self, context: Context<'_>, with: &mut dyn FnMut(Datum<'_>)) {
        let (packet, _) = context;
        match self {
            Self::Field(subject, occurrence) => {
                each_value(subject, *occurrence, context, &mut |value| with(Datum::of(value)));
            }
            Self::Header(subject, occurrence) => {
                let spans = packet.layers.spans().iter();
                let spans = spans.filter(|span| subject.headers.contains(&span.layer));
                let count = spans.clone().count();
                for (number, span) in (1..).zip(spans) {
                    if occurrence.is_none_or(|wanted| is_number(wanted, number, count)) {
                        let octets = packet.frame.bytes.get(usize::from(span.at)..);
                        with(Datum::Value(Value::Bytes(octets.unwrap_or_default())));
                    }
                }
            }
            Self::Frame => with(Datum::Value(Value::Bytes(packet.frame.bytes))),
            Self::Literal(Literal::Number(number)) => with(Datum::Number(i128::from(*number))),
            Self::Literal(literal) => with(Datum::Literal(literal)),
            Self::Slice(of, slices) => of.each(context, &mut |datum| {
                datum.octets(&mut |octets| sliced(octets, slices, with));
            }),
            Self::Join(sign, a, b) => a.each(context, &mut |a| {
                b.each(context, &mut |b| {
                    let joined = match (a.number(), b.number()) {
                        (Some(a), Some(b)) => sign.of_numbers(a, b).map(Datum::Number),
                        _ => match (a.address(), b.address()) {
                            (Some((one, a)), Some((other, b))) if one == other => {
                                Some(Datum::of_address((one, a & b)))
                            }
                            _ => None,
                        },
                    };
                    if let Some(joined) = joined {
                        with(joined);
                    }
                });
            }),
            Self::Negative(of) => of.each(context, &mut |datum| {
                if let Some(number) = datum.number().and_then(i128::checked_neg) {
                    with(Datum::Number(number));
                }
            }),
            Self::Call(function, arguments) => function.each(arguments, context, with),
        }
    }
}

/// Whether the `number`th of `count`, from 1, is the one `wanted`: from 1, or from -1 for the last.
fn is_number(wanted: i32, number: usize, count: usize) -> bool {
    let place = usize::try_from(wanted.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted > 0 { place == number } else { count.checked_sub(place) == number.checked_sub(1) }
}

impl Function {
    fn each(&self, arguments: &[Operand], context: Context<'_>, with: &mut dyn FnMut(Datum<'_>)) {
        let each = |with: &mut dyn FnMut(Datum<'_>)| {
            for argument in arguments {
                argument.each(context, with);
            }
        };
        match self.work {
            Work::Count => {
                let mut count = 0;
                each(&mut |_| count += 1);
                with(Datum::Number(count));
            }
            Work::Length => each(&mut |datum| {
                datum.octets(&mut |octets| with(Datum::Number(octets.len() as i128)));
            }),
            Work::Lower | Work::Upper => {
                let lower = matches!(self.work, Work::Lower);
                let case = if lower { Case::Lower } else { Case::Upper };
                each(&mut |datum| match datum {
                    Datum::Text(text, _) => with(Datum::Text(text, case)),
                    Datum::Literal(Literal::Text(text) | Literal::Exact(text)) => {
                        with(Datum::Text(text, case));
                    }
                    _ => {}
                });
            }
            Work::Words => each(&mut |datum| words(datum, with)),
            Work::Absolute => each(&mut |datum| {
                if let Some(number) = datum.number().and_then(i128::checked_abs) {
                    with(Datum::Number(number));
                }
            }),
            Work::Least | Work::Greatest => {
                let mut best: Option<i128> = None;
                let is_least = matches!(self.work, Work::Least);
                each(&mut |datum| {
                    let better = |best: i128, new: i128| {
                        if is_least { best.min(new) } else { best.max(new) }
                    };
                    let number = datum.number();
                    best = number.map(|new| best.map_or(new, |best| better(best, new))).or(best);
                });
                if let Some(best) = best {
                    with(Datum::Number(best));
                }
            }
            Work::Address(is_one) => each(&mut |datum| {
                if let Some((family, bits)) = datum.address() {
                    with(Datum::Number(i128::from(is_one(family, bits))));
                }
            }),
        }
    }
}

/// Calls `with` for a value in words.
fn words(datum: Datum<'_>, with: &mut dyn FnMut(Datum<'_>)) {
    let mut text = ArrayString::<64>::new();
    let written = match datum {
        Datum::Number(number) => write!(text, "{number}"),
        Datum::Text(..) => return with(datum),
        Datum::Value(Value::Ipv4(octets)) => write!(text, "{}", Ipv4Addr::from(octets)),
        Datum::Value(Value::Ipv6(octets)) => write!(text, "{}", Ipv6Addr::from(octets)),
        Datum::Value(Value::Mac([a, b, c, d, e, f])) => {
            write!(text, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
        }
        Datum::Value(Value::Time(time)) => write!(text, "{time}"),
        Datum::Value(_) | Datum::Literal(_) => return,
    };
    if written.is_ok() {
        with(Datum::Text(&text, Case::AsIs));
    }
}

/// Calls `with` for each value that a name reads, outermost first within a field; with
/// `occurrence`, for those in the header of that number alone, from 1 or from -1 for the innermost.
pub fn each_value(
    subject: &Subject,
    occurrence: Option<i32>,
    (packet, history): Context<'_>,
    with: &mut dyn FnMut(Value<'_>),
) {
    let Some(number) = occurrence else {
        for field in &subject.fields {
            packet.each(field, with);
        }
        for row in &subject.derived {
            packet.each_derived_among(row, history, with);
        }
        return;
    };
    for field in &subject.fields {
        if let Some(span) = packet.nth(field.layer, number) {
            packet.each_of(span, field, with);
        }
    }
    for row in &subject.derived {
        let Some(layer) = row.subject.layer() else {
            nth_of_each((packet, history), row, number, with);
            continue;
        };
        if let Some(span) = packet.nth(layer, number) {
            row.subject.each_in((packet, span), history, with);
        }
    }
}

/// Calls `with` for the value of `row` with that number, from either end.
fn nth_of_each(
    (packet, history): Context<'_>,
    row: &derived::Derived,
    number: i32,
    with: &mut dyn FnMut(Value<'_>),
) {
    let mut count = 0;
    packet.each_derived_among(row, history, &mut |_| count += 1);
    let wanted = if number > 0 { number } else { count + 1 + number };
    let mut at = 0;
    packet.each_derived_among(row, history, &mut |value| {
        at += 1;
        if at == wanted {
            with(value);
        }
    });
}

impl Operand {
    /// Whether a value of it is an anomaly, some of which only several packets show.
    pub fn is_cross_packet(&self) -> bool {
        match self {
            Self::Field(subject, _) => subject.is_cross_packet(),
            Self::Header(..) | Self::Frame | Self::Literal(_) => false,
            Self::Slice(of, _) | Self::Negative(of) => of.is_cross_packet(),
            Self::Join(_, a, b) => a.is_cross_packet() || b.is_cross_packet(),
            Self::Call(_, arguments) => arguments.iter().any(Self::is_cross_packet),
        }
    }

    /// What it has to know of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        match self {
            Self::Field(subject, _) => subject.asks(),
            Self::Header(..) | Self::Frame | Self::Literal(_) => Asks::default(),
            Self::Slice(of, _) | Self::Negative(of) => of.asks(),
            Self::Join(_, a, b) => a.asks().or(b.asks()),
            Self::Call(_, arguments) => {
                arguments.iter().fold(Asks::default(), |all, of| all.or(of.asks()))
            }
        }
    }

    /// The class of its values; none for a value that is written out.
    pub fn class(&self) -> Option<Class> {
        match self {
            Self::Field(subject, _) if subject.is_time() => Some(Class::Time),
            Self::Field(subject, _) => subject.kind().map(Class::of),
            Self::Header(..) | Self::Frame | Self::Slice(..) => Some(Class::Octets),
            Self::Literal(_) => None,
            Self::Join(_, a, b) => {
                let class = a.class().or_else(|| b.class());
                if class == Some(Class::Octets) { Some(Class::Number) } else { class }
            }
            Self::Negative(_) => Some(Class::Number),
            Self::Call(function, arguments) => {
                function.gives.or_else(|| arguments.iter().find_map(Self::class))
            }
        }
    }
}

/// As it is written; it reads back as the same.
impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(subject, number) | Self::Header(subject, number) => {
                f.write_str(&subject.name)?;
                number.map_or(Ok(()), |number| write!(f, "#{number}"))
            }
            Self::Frame => f.write_str(Self::FRAME),
            Self::Literal(literal) => literal.fmt(f),
            Self::Slice(of, slices) => {
                write!(f, "{of}[")?;
                for (i, slice) in slices.iter().enumerate() {
                    let from = slice.from;
                    f.write_str(if i > 0 { "," } else { "" })?;
                    match slice.end {
                        End::Length(len) => write!(f, "{from}:{len}")?,
                        End::Last(last) => write!(f, "{from}-{last}")?,
                        End::Rest => write!(f, "{from}:")?,
                    }
                }
                f.write_char(']')
            }
            Self::Join(sign, a, b) => write!(f, "({a} {} {b})", sign.sign()),
            Self::Negative(of) => write!(f, "-{of}"),
            Self::Call(function, arguments) => {
                write!(f, "{}(", function.name)?;
                for (i, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if i > 0 { ", " } else { "" })?;
                }
                f.write_char(')')
            }
        }
    }
}
