//! Values that are compared with, read by what they are compared with.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::function::Class;
use super::names::{Reach, Subject};
use super::token::Comparison;
use crate::base::timestamp::Timestamp;
use crate::decode::anomaly::{self, CrossPacket, Scope};
use crate::wire::Value;
use crate::wire::field::FieldKind;

/// A value to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A number; a flag is 0 or 1.
    Number(u64),
    /// Addresses whose first bits are these: address and how many bits.
    Ipv4(u32, u8),
    /// Addresses whose first bits are these: address and how many bits.
    Ipv6(u128, u8),
    /// A hardware address.
    Mac([u8; 6]),
    /// Octets.
    Bytes(Vec<u8>),
    /// Characters, whatever their case.
    Text(String),
    /// Characters that others chose, to the letter.
    Exact(String),
    /// Nanoseconds since 1970.
    Time(Timestamp),
    /// Nanoseconds from one packet to another.
    Elapsed(i64),
}

impl Literal {
    /// Reads `text` as a value of `subject`; what would do, where it is none.
    ///
    /// # Errors
    /// What would do, where it is none.
    pub fn parse(
        text: &str,
        is_quoted: bool,
        subject: &Subject,
        reach: Reach,
    ) -> Result<Self, String> {
        if subject.is_time() {
            return time(text).ok_or_else(|| {
                "a time, such as \"2026-01-31 12:00:00\" (UTC) or 1769860800.5".into()
            });
        }
        let Some(kind) = subject.kind() else {
            return Err(format!("nothing: '{}' is a header, which is there or not", subject.name));
        };
        match kind {
            FieldKind::Number
            | FieldKind::Hex
            | FieldKind::Times(_)
            | FieldKind::Little
            | FieldKind::Group => {
                let Some(literal) = number(text).or_else(|| named(text, subject)) else {
                    let near = super::error::nearest(text, subject.names().iter().map(|row| row.1));
                    let named = near.or_else(|| subject.names().first().map(|row| row.1));
                    let named = named.map(|name| format!(", or a name such as {name}"));
                    return Err(format!("a number{}", named.unwrap_or_default()));
                };
                match literal {
                    Self::Number(number) if number > subject.most() => {
                        Err(format!("a number of at most {}", subject.most()))
                    }
                    literal => Ok(literal),
                }
            }
            FieldKind::Flag => match text.to_ascii_lowercase().as_str() {
                "1" | "true" | "set" => Ok(Self::Number(1)),
                "0" | "false" | "unset" => Ok(Self::Number(0)),
                _ => Err("true or false".into()),
            },
            FieldKind::Ipv4 => ipv4(text).ok_or_else(|| "an IPv4 address or prefix".into()),
            FieldKind::Ipv6 => ipv6(text).ok_or_else(|| "an IPv6 address or prefix".into()),
            FieldKind::Mac => octets(text)
                .and_then(|octets| <[u8; 6]>::try_from(octets).ok())
                .map(Self::Mac)
                .ok_or_else(|| "a hardware address, such as 02:00:00:00:00:01".into()),
            FieldKind::Bytes if is_quoted => Ok(Self::Bytes(text.as_bytes().to_vec())),
            FieldKind::Bytes => octets(text)
                .map(Self::Bytes)
                .ok_or_else(|| "octets, such as 0a:ff:00, or a string in quotes".into()),
            FieldKind::Text if subject.is_anomaly() => anomaly(text, reach),
            FieldKind::Text if subject.is_told() => Ok(Self::Exact(text.to_owned())),
            FieldKind::Text => Ok(Self::Text(text.to_owned())),
            FieldKind::Elapsed => {
                nanos(text).map(Self::Elapsed).ok_or_else(|| "seconds, such as 0.25".into())
            }
        }
    }

    /// Reads `text` as a value of a class, and as one of the field `beside` where there is one.
    ///
    /// # Errors
    /// What would do, where it is none.
    pub fn of_class(
        text: &str,
        is_quoted: bool,
        class: Class,
        reach: Reach,
        beside: Option<&Subject>,
    ) -> Result<Self, String> {
        if let Some(subject) = beside {
            return Self::parse(text, is_quoted, subject, reach);
        }
        match class {
            Class::Number => number(text).ok_or("a number"),
            Class::Ipv4 => ipv4(text).ok_or("an IPv4 address or prefix"),
            Class::Ipv6 => ipv6(text).ok_or("an IPv6 address or prefix"),
            Class::Octets if is_quoted => Ok(Self::Bytes(text.as_bytes().to_vec())),
            Class::Octets => {
                let octets = octets(text).or_else(|| digits(text));
                octets.map(Self::Bytes).ok_or("octets, such as 0a:ff:00, or a string in quotes")
            }
            Class::Text => Ok(Self::Exact(text.to_owned())),
            Class::Time => time(text).ok_or("a time, such as \"2026-01-31 12:00:00\""),
        }
        .map_err(str::to_owned)
    }

    /// Whether it stands for more than one address.
    pub(super) fn is_prefix(&self) -> bool {
        matches!(self, Self::Ipv4(_, 0..32) | Self::Ipv6(_, 0..128))
    }

    /// Whether it is of the same type and comes before `other`.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(mine), Self::Number(theirs)) => mine < theirs,
            (Self::Ipv4(mine, _), Self::Ipv4(theirs, _)) => mine < theirs,
            (Self::Ipv6(mine, _), Self::Ipv6(theirs, _)) => mine < theirs,
            (Self::Mac(mine), Self::Mac(theirs)) => mine < theirs,
            (Self::Time(mine), Self::Time(theirs)) => mine < theirs,
            (Self::Elapsed(mine), Self::Elapsed(theirs)) => mine < theirs,
            _ => false,
        }
    }

    /// First and last of the values it stands for, as the number in a field's bits.
    pub(super) fn bounds(&self) -> Option<(u64, u64)> {
        match *self {
            Self::Number(number) => Some((number, number)),
            Self::Ipv4(address, bits) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                Some((u64::from(address & mask), u64::from(address | !mask)))
            }
            Self::Mac(octets) => {
                let number = octets.iter().fold(0, |sum, &octet| sum << 8 | u64::from(octet));
                Some((number, number))
            }
            _ => None,
        }
    }

    /// Whether `value` stands so to this.
    pub fn compare(&self, comparison: Comparison, value: Value<'_>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match (self, value) {
            (Self::Number(mine), Value::Number(theirs)) => theirs.cmp(mine),
            (Self::Number(mine), Value::Flag(theirs)) => u64::from(theirs).cmp(mine),
            (Self::Ipv4(mine, bits), Value::Ipv4(theirs)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
                (u32::from_be_bytes(theirs) & mask).cmp(&(mine & mask))
            }
            (Self::Ipv6(mine, bits), Value::Ipv6(theirs)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
                (u128::from_be_bytes(theirs) & mask).cmp(&(mine & mask))
            }
            (Self::Mac(mine), Value::Mac(theirs)) => theirs.cmp(mine),
            (Self::Bytes(mine), Value::Bytes(theirs)) => theirs.cmp(mine),
            (Self::Text(mine), Value::Text(theirs)) => {
                // The texts there are name values, which are taken however they are capitalised.
                lower(theirs).cmp(lower(mine))
            }
            (Self::Exact(mine), Value::Text(theirs)) => theirs.cmp(mine),
            (Self::Text(mine), Value::Bytes(theirs)) => theirs.cmp(mine.as_bytes()),
            (Self::Time(mine), Value::Time(theirs)) => theirs.cmp(mine),
            (Self::Elapsed(mine), Value::Elapsed(theirs)) => theirs.cmp(mine),
            _ => return false,
        };
        match comparison {
            Comparison::Equal => order == Equal,
            Comparison::Different => order != Equal,
            Comparison::Less => order == Less,
            Comparison::LessOrEqual => order != Greater,
            Comparison::Greater => order == Greater,
            Comparison::GreaterOrEqual => order != Less,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Ipv4(address, 32) => write!(f, "{}", Ipv4Addr::from(*address)),
            Self::Ipv4(address, bits) => write!(f, "{}/{bits}", Ipv4Addr::from(*address)),
            Self::Ipv6(address, 128) => write!(f, "{}", Ipv6Addr::from(*address)),
            Self::Ipv6(address, bits) => write!(f, "{}/{bits}", Ipv6Addr::from(*address)),
            Self::Mac(octets) => hex(f, octets),
            Self::Bytes(octets) if octets.is_empty() => f.write_str("\"\""),
            Self::Bytes(octets) => hex(f, octets),
            Self::Text(text) | Self::Exact(text) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Self::Time(time) => write!(f, "{time}"),
            Self::Elapsed(nanos) => {
                let sign = if *nanos < 0 { "-" } else { "" };
                let (seconds, rest) = (nanos.unsigned_abs() / NANOS, nanos.unsigned_abs() % NANOS);
                write!(f, "{sign}{seconds}.{rest:09}")
            }
        }
    }
}

fn lower(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|octet| octet.to_ascii_lowercase())
}

fn hex(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    for (i, octet) in octets.iter().enumerate() {
        let colon = if i > 0 { ":" } else { "" };
        write!(f, "{colon}{octet:02x}")?;
    }
    // One octet alone would read as a number.
    if octets.len() == 1 { f.write_str(":") } else { Ok(()) }
}

fn number(text: &str) -> Option<Literal> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let number = match hex {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.ok().map(Literal::Number)
}

fn named(text: &str, subject: &Subject) -> Option<Literal> {
    let row = subject.names().iter().find(|row| row.1.eq_ignore_ascii_case(text))?;
    Some(Literal::Number(u64::from(row.0)))
}

/// The name of an anomaly within reach: any other is equal to none, and would pass for "there is no
/// such packet".
fn anomaly(text: &str, reach: Reach) -> Result<Literal, String> {
    let Some((number, row)) =
        (0..).zip(anomaly::rows()).find(|(_, row)| row.id.eq_ignore_ascii_case(text))
    else {
        let near = super::error::nearest(text, anomaly::rows().map(|row| row.id));
        return Err(format!("the name of an anomaly, such as {}", near.unwrap_or("ipv4.ttl.zero")));
    };
    let is_told_alone = matches!(row.scope, Scope::Packet | Scope::Deep);
    if row.scope == Scope::Interface {
        let why = "this is told of an interface: --events anomaly shows it";
        Err(format!("anomalies of packets; {why}"))
    } else if CrossPacket::is_late(number) {
        let why = "this is told when its packet has gone by: --events anomaly shows it";
        Err(format!("anomalies that are told at once; {why}"))
    } else if is_told_alone || reach == Reach::Order {
        Ok(Literal::Text(text.to_owned()))
    } else {
        let why = "this is told from several: --events anomaly shows it";
        Err(format!("anomalies of one packet; {why}"))
    }
}

fn prefixed(text: &str, most: u8) -> Option<(&str, u8)> {
    match text.split_once('/') {
        None => Some((text, most)),
        Some((address, bits)) => {
            bits.parse().ok().filter(|&bits| bits <= most).map(|bits| (address, bits))
        }
    }
}

fn ipv4(text: &str) -> Option<Literal> {
    let (address, bits) = prefixed(text, 32)?;
    Some(Literal::Ipv4(address.parse::<Ipv4Addr>().ok()?.into(), bits))
}

fn ipv6(text: &str) -> Option<Literal> {
    let (address, bits) = prefixed(text, 128)?;
    Some(Literal::Ipv6(address.parse::<Ipv6Addr>().ok()?.into(), bits))
}

pub(super) fn octets(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_suffix([':', '-']).unwrap_or(text);
    text.split([':', '-'])
        .map(|pair| if pair.len() == 2 { u8::from_str_radix(pair, 16).ok() } else { None })
        .collect()
}

/// Octets as hexadecimal digits in pairs, with or without `0x` before them.
fn digits(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let pair = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let octets: Option<Vec<u8>> = pairs.iter().map(pair).collect();
    octets.filter(|octets| rest.is_empty() && !octets.is_empty())
}

fn time(text: &str) -> Option<Literal> {
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Timestamp::from_wide(stamp.as_nanosecond()).map(Literal::Time);
    }
    if let Some(time) = calendar(text) {
        return Timestamp::from_wide(time.as_nanosecond()).map(Literal::Time);
    }
    nanos(text).and_then(Timestamp::from_nanos).map(Literal::Time)
}

/// Nanoseconds in a second.
const NANOS: u64 = 1_000_000_000;

/// Seconds with at most nine digits behind the point, as nanoseconds.
fn nanos(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.len() > 9 || !fraction.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
    let seconds: i64 = whole.parse().ok()?;
    let nanos = if whole.starts_with('-') { -nanos } else { nanos };
    seconds.checked_mul(NANOS.cast_signed())?.checked_add(nanos)
}

/// A date with or without a time of day, as people write them; of UTC.
fn calendar(text: &str) -> Option<jiff::Timestamp> {
    const WRITTEN: [&str; 3] = ["%b %d, %Y %H:%M:%S%.f", "%b %d, %Y %H:%M", "%b %d, %Y"];
    let text = text.trim_end_matches("UTC").trim_end();
    let is_date = text.contains('-') || text.starts_with(|c: char| c.is_ascii_alphabetic());
    let civil = is_date.then(|| text.parse::<DateTime>().ok()).flatten();
    let civil = civil.or_else(|| WRITTEN.iter().find_map(|form| read(form, text)));
    Some(civil?.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// A date and time by a form of strptime(3); midnight where it has no time of day.
fn read(form: &str, text: &str) -> Option<DateTime> {
    let broken = jiff::fmt::strtime::parse(form, text).ok()?;
    broken.to_datetime().or_else(|_| Ok::<_, jiff::Error>(broken.to_date()?.into())).ok()
}
