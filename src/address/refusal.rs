//! Why a text is no address, and what other programs would have read.
//!
//! Many programs still read what `inet_aton` read in 1983: hexadecimal, octal, fewer than four
//! parts.  The same text then means one host to a filter and another to a browser, so ipeek reads
//! none of it, names the form, and says which host others would reach.

use std::fmt;
use std::net::Ipv4Addr;

use super::literal::{address, v4, v6};
use super::text;

/// A text that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why not, in a few words.
    pub reason: String,
    /// What other programs read, or what was meant; may be empty.
    pub others: String,
}

impl std::error::Error for Refusal {}

/// The reason, and behind a semicolon what others read.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match self.others.as_str() {
            "" => Ok(()),
            others => write!(f, "; {others}"),
        }
    }
}

fn refuse(reason: impl Into<String>, others: impl Into<String>) -> Refusal {
    Refusal { reason: reason.into(), others: others.into() }
}

pub(super) fn ambiguous_mask() -> Refusal {
    refuse("ambiguous: netmask /0 or wildcard /32", "write the prefix length")
}

pub(super) fn mask_with_holes(mask: u32) -> Refusal {
    let name = if mask >> 31 == 1 { "netmask" } else { "wildcard" };
    refuse(
        format!("non-contiguous {name} {}", Ipv4Addr::from_bits(mask)),
        "access lists of routers take it, no routing table does",
    )
}

pub(super) fn mixed_range() -> Refusal {
    refuse("range of mixed families", "one end is IPv4, the other IPv6")
}

pub(super) fn inverted_range(first: &str, last: &str) -> Refusal {
    refuse("range end before start", format!("the other way round it is {last}-{first}"))
}

pub(super) fn range_end(first: &str, last: &str) -> Refusal {
    let digits = !last.is_empty() && last.bytes().all(|c| c.is_ascii_digit());
    match first.rsplit_once('.') {
        _ if last.is_empty() => refuse("range without an end", ""),
        Some((head, _)) if digits => {
            refuse("short range end", format!("nmap reads {first} to {head}.{last}"))
        }
        _ if last.contains('/') => refuse("prefix as range end", "a range has two addresses"),
        _ => {
            let inner = of(last);
            refuse(format!("range end: {}", inner.reason), inner.others)
        }
    }
}

/// The refusal of a text that is no item.
pub(super) fn of(text: &str) -> Refusal {
    CHECKS.iter().find_map(|check| check(text)).unwrap_or_else(|| parts(text))
}

type Check = fn(&str) -> Option<Refusal>;

/// Every form that is known, the most telling first; what is left are [`parts`].
const CHECKS: [Check; 9] =
    [characters, slashes, hardware, brackets, patterns, spaces, signs, zones, groups];

fn characters(text: &str) -> Option<Refusal> {
    if text.is_empty() {
        return Some(refuse("empty item", ""));
    }
    let foreign = text.chars().find(|c| !c.is_ascii_graphic() && *c != ' ')?;
    Some(match u32::from(foreign) {
        0..0x80 => refuse("control character", "a tab or another unprintable character"),
        0xff10..=0xff19 => refuse(
            "full-width digits (non-ASCII)",
            "a browser's host name rules (UTS 46) turn them into plain digits",
        ),
        0x3002 | 0xff0e | 0xff61 => refuse(
            "full-width dot (non-ASCII character)",
            "a browser's host name rules (UTS 46) read it as a dot",
        ),
        0x2010..=0x2015 | 0x2212 => {
            refuse("typographic dash (non-ASCII character)", "a range is written with '-'")
        }
        0xfffd => refuse("not UTF-8 text", ""),
        _ if foreign.is_numeric() => refuse("non-ASCII digit", ""),
        _ if crate::base::text::is_unsafe(foreign) => {
            refuse("invisible or control character (non-ASCII)", "")
        }
        _ if foreign.is_whitespace() => refuse("non-ASCII space", ""),
        _ => refuse("non-ASCII letters or characters", "a host name, perhaps"),
    })
}

fn slashes(text: &str) -> Option<Refusal> {
    if text.contains("://") {
        return Some(refuse("URL", "only its host part can be an address"));
    }
    let (head, tail) = text.split_once('/')?;
    if tail.contains('/') {
        return Some(if tail.contains('-') {
            refuse("range of prefixes: two slashes", "a range has two addresses")
        } else {
            refuse("two slashes", "")
        });
    }
    if head.is_empty() {
        return Some(refuse("empty address before the slash", ""));
    }
    if head.ends_with(' ') || tail.starts_with(' ') {
        return Some(refuse("inner space beside the slash", ""));
    }
    let Some((family, _, _)) = address(head) else {
        return Some(short_prefix(head, tail).unwrap_or_else(|| of(head)));
    };
    let width = family.width();
    let unsigned = tail.strip_prefix(['+', '-']).unwrap_or(tail);
    let digits = unsigned.bytes().all(|c| c.is_ascii_digit());
    Some(if tail.is_empty() {
        refuse("empty prefix length", "")
    } else if unsigned.len() < tail.len() {
        refuse(
            "sign in prefix length",
            match unsigned.parse::<u8>() {
                Ok(len) if digits && tail.starts_with('+') && len <= width => {
                    format!("netaddr reads {head}/{len}")
                }
                _ => String::new(),
            },
        )
    } else if digits && tail.starts_with('0') && tail.len() > 1 {
        refuse(
            "leading zero in prefix length",
            format!("Python reads /{}", tail.trim_start_matches('0')),
        )
    } else if digits {
        refuse(format!("prefix length above {width}"), "")
    } else if tail.contains('-') {
        refuse("range of prefixes", "a range has two addresses")
    } else if tail.contains('%') {
        refuse(
            "zone behind the prefix length",
            "it stands before the slash (RFC 4007, section 11.7)",
        )
    } else if tail.contains(':') || width == 128 && tail.contains('.') {
        refuse("IPv6 netmask form", netmask_reading(head, tail))
    } else if let Some(mask) = aton(tail).filter(|_| tail.starts_with(['0']) && width == 32) {
        let len = mask.leading_ones();
        let reading = (len == mask.count_ones()).then(|| format!("ifconfig reads /{len}"));
        refuse("hexadecimal netmask", reading.unwrap_or_default())
    } else if tail.contains('.') {
        let inner = of(tail);
        refuse(format!("netmask: {}", inner.reason), "")
    } else if tail.contains(' ') {
        refuse("inner space", "")
    } else {
        refuse("letters in prefix length", "")
    })
}

fn netmask_reading(head: &str, mask: &str) -> String {
    let ones = v6(mask).filter(|mask| mask.leading_ones() == mask.count_ones());
    ones.map(|mask| format!("netaddr reads {head}/{}", mask.leading_ones())).unwrap_or_default()
}

/// `10/8`: programs that accept it take missing parts as zero.
fn short_prefix(head: &str, tail: &str) -> Option<Refusal> {
    let parts: Vec<&str> = head.split('.').collect();
    let octets: Option<Vec<u8>> = parts.iter().map(|part| part.parse().ok()).collect();
    let octets = octets.filter(|octets| octets.len() < 4)?;
    let mut full = [0; 4];
    for (to, from) in full.iter_mut().zip(octets) {
        *to = from;
    }
    Some(refuse(
        "short prefix form",
        format!("netaddr and many routers read {}/{tail}", Ipv4Addr::from(full)),
    ))
}

/// Ethernet addresses: six pairs of hexadecimal digits, or three groups of four.
fn hardware(text: &str) -> Option<Refusal> {
    let separator = [':', '-', '.'].into_iter().find(|&c| text.contains(c))?;
    let groups: Vec<&str> = text.split(separator).collect();
    let size = match (groups.len(), separator) {
        (6, ':' | '-') | (8, '-') => 2,
        (3, '.' | '-') => 4,
        _ => return None,
    };
    let hex = |group: &&str| group.len() == size && group.bytes().all(|c| c.is_ascii_hexdigit());
    if !groups.iter().all(hex) {
        return None;
    }
    let digits: String = groups.concat();
    let mut octets = [0; 6];
    for (at, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    let [first, second, third, rest @ ..] = octets;
    let [fourth, fifth, sixth] = rest;
    let id = u64::from_be_bytes([first ^ 2, second, third, 0xff, 0xfe, fourth, fifth, sixth]);
    let mut shown = Vec::new();
    text::v6(&mut shown, 0xfe80 << 112 | u128::from(id));
    let others = match digits.len() {
        12 => format!("its EUI-64 link-local address is {}", String::from_utf8_lossy(&shown)),
        _ => String::new(),
    };
    Some(refuse("a MAC address, not an IPv6 address", others))
}

fn brackets(text: &str) -> Option<Refusal> {
    if !text.starts_with('[') {
        // One colon behind dotted decimal is a port.
        let (head, port) = text.split_once(':')?;
        let port_only = !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit());
        let is_port = v4(head.as_bytes()).is_some() && port_only;
        return is_port.then(|| refuse("IPv4 address with a port", format!("without: {head}")));
    }
    let inner = text.trim_start_matches('[');
    let (inner, behind) = inner.split_once(']').unwrap_or((inner, ""));
    Some(if v4(inner.as_bytes()).is_some() {
        refuse("brackets around IPv4", format!("without: {inner}"))
    } else if behind.starts_with(':') {
        refuse("URL brackets and port", format!("without: {inner}"))
    } else {
        refuse("URL brackets", format!("without: {inner}"))
    })
}

fn patterns(text: &str) -> Option<Refusal> {
    let octet_range = || {
        let parts = || text.split(['.', '-']);
        text.contains('-')
            && !text.contains(".-")
            && text.split('.').count() == 4
            && parts().all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()))
    };
    if text.contains(['*', '?', '[', '{']) {
        Some(refuse("glob", "write a prefix, such as 10.0.0.0/24"))
    } else if text.contains([',', ';']) {
        Some(refuse("list", "give the items one by one"))
    } else if octet_range() {
        Some(refuse("octet range (short range form)", "nmap reads it as every combination"))
    } else {
        None
    }
}

fn spaces(text: &str) -> Option<Refusal> {
    let (head, tail) = text.split_once(' ')?;
    let mask = v4(tail.trim().as_bytes()).map(u32::leading_ones);
    let others = match (v4(head.as_bytes()), mask) {
        (Some(_), Some(len)) if len > 0 => format!("a router reads {head}/{len}"),
        (Some(_), _) => format!("inet_aton reads {head}"),
        _ => String::new(),
    };
    Some(refuse("inner space", others))
}

fn signs(text: &str) -> Option<Refusal> {
    let numeric = text.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'+' | b'-'));
    (numeric && text.contains(['+', '-'])).then(|| refuse("sign", ""))
}

fn zones(text: &str) -> Option<Refusal> {
    let (head, zone) = text.split_once('%')?;
    Some(if head.is_empty() {
        refuse("zone without an address", "")
    } else if v4(head.as_bytes()).is_some() {
        refuse("zone on an IPv4 address", format!("without: {head}"))
    } else if v6(head).is_none() {
        of(head)
    } else if zone.is_empty() {
        refuse("empty zone", format!("without: {head}"))
    } else if zone.contains('%') {
        refuse("two % signs: two zones", "")
    } else {
        refuse("character in the zone that no interface name has", "")
    })
}

const NUMBERS: [&str; 11] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

fn spelled(number: usize) -> String {
    NUMBERS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// IPv6: what is wrong with the groups.
fn groups(text: &str) -> Option<Refusal> {
    if !text.contains(':') {
        return None;
    }
    let doubles = text.matches("::").count();
    let groups: Vec<&str> = text.split(':').filter(|group| !group.is_empty()).collect();
    let foreign = |c: char| !c.is_ascii_hexdigit() && c != '.';
    if text.contains(":::") {
        return Some(refuse("three colons, which is two ::", ""));
    }
    if doubles > 1 {
        return Some(refuse("two ::", "only one can stand for zero groups"));
    }
    if let Some(refused) = embedded(&groups) {
        return Some(refused);
    }
    if let Some(group) = groups.iter().find(|group| group.contains(foreign)) {
        let letter = group.chars().find(|&c| foreign(c)).unwrap_or_default();
        return Some(if group.starts_with("0x") || group.starts_with("0X") {
            refuse("hex integer inside IPv6", "digits are hexadecimal anyway")
        } else {
            refuse(format!("letters beyond f: '{letter}' is no hexadecimal digit"), "")
        });
    }
    if let Some(long) = groups.iter().find(|g| g.len() > 4 && !g.contains('.')) {
        let len = spelled(long.len());
        return Some(refuse(format!("group of {len} digits"), "four are the most"));
    }
    let count = groups.len() + usize::from(text.contains('.'));
    Some(if text.contains('.') && count > 8 {
        refuse("too long with embedded IPv4", "it takes the place of two groups")
    } else if count > 8 {
        refuse(format!("{} groups: too many", spelled(count)), "eight are the most")
    } else if doubles == 1 && count == 8 {
        refuse(":: with nothing to stand for", "all eight groups are there")
    } else if text.starts_with(':') && !text.starts_with("::") {
        refuse("leading single colon", "")
    } else if text.ends_with(':') && !text.ends_with("::") {
        refuse("trailing single colon", "")
    } else {
        refuse(
            format!("{} groups: too few", spelled(count)),
            "eight are needed, or :: for zero groups",
        )
    })
}

/// Dotted decimal inside IPv6: it must be whole, and last.
fn embedded(groups: &[&str]) -> Option<Refusal> {
    let at = groups.iter().position(|group| group.contains('.'))?;
    let dotted = groups.get(at)?;
    if at + 1 < groups.len() {
        return Some(refuse("embedded IPv4 not last", ""));
    }
    if v4(dotted.as_bytes()).is_some() {
        return None;
    }
    let parts: Vec<&str> = dotted.split('.').collect();
    let leading_zero = |part: &&str| part.len() > 1 && part.starts_with('0');
    Some(if parts.iter().any(|part| part.is_empty()) {
        refuse("embedded IPv4 with an empty part", "")
    } else if !dotted.bytes().all(|c| c.is_ascii_digit() || c == b'.') {
        refuse("embedded IPv4 with letters", "")
    } else if parts.len() < 4 {
        refuse("embedded IPv4 too short", "it needs four parts")
    } else if parts.len() > 4 {
        refuse(format!("embedded IPv4 too long: {} parts", spelled(parts.len())), "")
    } else if parts.iter().any(leading_zero) {
        refuse("embedded IPv4 leading zeros", "octal to some, decimal to others")
    } else {
        refuse("embedded IPv4 part above 255", "")
    })
}

/// IPv4, numbers and names.
fn parts(text: &str) -> Refusal {
    let parts: Vec<&str> = text.split('.').collect();
    let reading = match aton(text) {
        Some(bits) => format!("inet_aton reads {}", Ipv4Addr::from_bits(bits)),
        None => String::new(),
    };
    let is_hex = |part: &&str| {
        let digits = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
        digits.is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_hexdigit()))
    };
    let is_decimal = |part: &&str| part.bytes().all(|c| c.is_ascii_digit());
    if parts.iter().any(is_hex) && parts.iter().all(|part| is_hex(part) || is_decimal(part)) {
        let reason = match parts.len() {
            1 => "hexadecimal integer",
            2..4 => "hexadecimal, short form",
            _ => "hexadecimal part",
        };
        return refuse(reason, reading);
    }
    if !parts.iter().all(is_decimal) {
        let foreign = text.chars().find(|c| !c.is_ascii_alphanumeric() && !"._-".contains(*c));
        return match foreign {
            Some(foreign) => refuse(format!("character '{foreign}' that no address has"), ""),
            None if text.len() == 12 && text.bytes().all(|c| c.is_ascii_hexdigit()) => {
                refuse("letters: a MAC address without separators, perhaps", "")
            }
            None => refuse("letters: a host name, not an address", "ipeek asks no name server"),
        };
    }
    if let [single] = parts.as_slice() {
        let octal = single.len() > 1 && single.starts_with('0');
        let fits = single.parse::<u32>().is_ok() || !reading.is_empty();
        return match octal {
            _ if !fits => refuse("integer out of range for IPv4 and not an IPv6 text", ""),
            true => refuse("bare integer with a leading zero (octal)", reading),
            false => refuse("bare integer", reading),
        };
    }
    dotted(text, &parts, reading)
}

/// Decimal parts with dots between, yet no address.
fn dotted(text: &str, parts: &[&str], reading: String) -> Refusal {
    if text.ends_with('.') && parts.len() == 5 && !text.contains("..") {
        return refuse("trailing dot (empty fifth part)", "");
    }
    if parts.iter().any(|part| part.is_empty()) {
        return refuse("empty part", "");
    }
    if parts.len() > 4 {
        return refuse(format!("{} parts", spelled(parts.len())), "four are needed");
    }
    let leading_zero = parts.iter().any(|p| p.len() > 1 && p.starts_with('0'));
    match parts.len() {
        4 if leading_zero => {
            let decimal: Option<Vec<u8>> = parts.iter().map(|part| part.parse().ok()).collect();
            let decimal = decimal.and_then(|octets| <[u8; 4]>::try_from(octets).ok());
            let decimal =
                decimal.map(|octets| format!("as decimal it is {}", Ipv4Addr::from(octets)));
            let both = [Some(reading).filter(|r| !r.is_empty()), decimal];
            let both: Vec<String> = both.into_iter().flatten().collect();
            refuse("leading zero: octal to some", both.join(", "))
        }
        4 => refuse("part above 255", ""),
        _ if leading_zero => refuse("short inet_aton form, leading zero (octal)", reading),
        2 => refuse("short inet_aton form, 24-bit last part", reading),
        _ => refuse("short inet_aton form, 16-bit last part", reading),
    }
}

/// What `inet_aton` reads: one to four numbers, decimal, octal or hexadecimal, the last one
/// filling all octets that are left.
fn aton(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split('.').collect();
    let (last, heads) = parts.split_last()?;
    let number = |part: &str| {
        let hex = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
        match (hex, part.strip_prefix('0')) {
            (Some(""), _) => None,
            (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
            (None, Some(digits)) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok(),
            _ => part.parse().ok(),
        }
    };
    let mut bits = 0u32;
    for (at, head) in heads.iter().enumerate() {
        let octet = u8::try_from(number(head)?).ok()?;
        bits |= u32::from(octet).checked_shl(24u32.checked_sub(8 * u32::try_from(at).ok()?)?)?;
    }
    let (last, filled) = (number(last)?, 8 * u32::try_from(heads.len()).ok()?);
    let room = u32::MAX.checked_shr(filled)?;
    (last <= room).then_some(bits | last)
}
