//! A buffer that JSON is appended to.  Commas follow from what stands before.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::address::text::{v4, v6};
use crate::base::text::is_unsafe;
use crate::base::timestamp::Timestamp;
use crate::wire::Value;

/// JSON text under way.
#[derive(Debug, Default)]
pub struct Text {
    /// The text so far.
    pub buffer: Vec<u8>,
    /// The second that was written last, and how: packets come many in a second.
    second: Option<(i64, [u8; 24])>,
}

/// A key with the comma before it and the colon behind it.  Short ones are copied without a loop.
#[derive(Debug)]
pub struct Key {
    short: [u8; SHORT],
    len: usize,
    /// All of it where it is longer than that.
    long: Box<[u8]>,
}

/// Octets of what counts as short, and room for a number behind it.
const SHORT: usize = 40;

/// Octets of the digits that are written at once.
const DIGITS: usize = 8;

impl Key {
    /// `,"name":` and what follows it; the name needs no escapes.
    pub fn new(name: &str, then: &str) -> Self {
        Self::made(&[",\"", name, "\":", then].concat())
    }

    /// One that stands right before another, with its value.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        Self::made(&[self.text(), other.text()].concat())
    }

    fn made(text: &str) -> Self {
        let (mut short, text) = ([0; SHORT], text.as_bytes());
        short.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        let long = if text.len() > SHORT { text.into() } else { Box::default() };
        Self { short, len: text.len(), long }
    }

    fn text(&self) -> &str {
        let all = self.short.get(..self.len).unwrap_or(&self.long);
        std::str::from_utf8(all).unwrap_or_default()
    }
}

/// The digits of the numbers below a thousand, with leading zeros; behind them how many these are.
const THOUSAND: [[u8; 4]; 1000] = {
    let mut all = [[0; 4]; 1000];
    let mut n: u16 = 0;
    while n < 1000 {
        let zeros = if n < 10 {
            2
        } else if n < 100 {
            1
        } else {
            0
        };
        let digits = [n / 100, n / 10 % 10, n % 10];
        let row = &mut all[n as usize];
        let mut i = 0;
        while i < 3 {
            row[i] = b'0' + digits[i].to_le_bytes()[0];
            i += 1;
        }
        row[3] = zeros;
        n += 1;
    }
    all
};

/// The digits of each octet.
const HEX: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut all = [[0; 2]; 256];
    let mut n = 0;
    while n < 256 {
        all[n] = [digits[n >> 4], digits[n & 0xf]];
        n += 1;
    }
    all
};

/// Whether a character stands in a string as it is.
const fn is_plain(octet: u8) -> bool {
    matches!(octet, b' '..=b'~') && octet != b'"' && octet != b'\\'
}

impl Text {
    /// Puts a comma where one is due: not after an opening bracket or a colon.
    pub fn comma(&mut self) {
        if is_comma_due(self.last()) {
            self.buffer.push(b',');
        }
    }

    fn last(&self) -> Option<u8> {
        self.buffer.last().copied()
    }

    /// Begins an object or list: `{` or `[`.
    pub fn open(&mut self, bracket: u8) {
        self.comma();
        self.buffer.push(bracket);
    }

    /// Ends an object or list: `}` or `]`.
    pub fn close(&mut self, bracket: u8) {
        self.buffer.push(bracket);
    }

    /// A key that needs no escapes, and its colon.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a name that is known here is copied without a loop")]
    pub fn key(&mut self, key: &str) {
        self.comma();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(key.as_bytes());
        self.buffer.extend_from_slice(b"\":");
    }

    /// A key that was made before.
    #[inline]
    pub fn made_key(&mut self, key: &Key) {
        let last = self.last();
        if is_comma_due(last) {
            self.put_key(key);
        } else {
            self.first_key(key, last);
        }
    }

    #[inline]
    fn put_key(&mut self, key: &Key) {
        if key.len > SHORT {
            self.buffer.extend_from_slice(&key.long);
        } else {
            self.put(key.short, key.len);
        }
    }

    /// The first key of an object: its comma takes the place of what the object begins with, which
    /// then is put back.
    fn first_key(&mut self, key: &Key, last: Option<u8>) {
        let Some(last) = last else {
            self.buffer.extend_from_slice(&key.text().as_bytes()[1..]);
            return;
        };
        let at = self.buffer.len() - 1;
        self.buffer.truncate(at);
        self.put_key(key);
        self.buffer[at] = last;
    }

    /// A key that was made before and a number.
    #[inline]
    pub fn made_number(&mut self, key: &Key, number: u64) {
        if key.len > SHORT - DIGITS || number >= 1_000_000 || !is_comma_due(self.last()) {
            self.made_key(key);
            self.number(number);
            return;
        }
        // One growth of the buffer for both.
        let (digits, count) = digits(number);
        let at = self.buffer.len() + key.len;
        self.buffer.extend_from_slice(&key.short);
        // Right into the buffer: what was just written is slow to read back at another width.
        if let Some(room) = self.buffer.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
            *room = digits;
        }
        self.buffer.truncate(at + count);
    }

    /// A key and a number; beyond 2^53 the number is a string.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for its key")]
    pub fn field_number(&mut self, key: &str, number: u64) {
        self.key(key);
        self.number(number);
    }

    /// A key and a number, or null where it is not known.
    pub fn field_count(&mut self, key: &str, count: Option<u64>) {
        self.key(key);
        match count {
            Some(count) => self.number(count),
            None => self.raw(b"null"),
        }
    }

    /// A key and a number with one digit behind the point.
    pub fn field_decimal(&mut self, key: &str, number: f64) {
        use std::io::Write;
        self.key(key);
        // Writing to a vector cannot fail.
        let _ = write!(self.buffer, "{number:.1}");
    }

    /// Appends a key with a list of numbers; nothing where there are none.
    pub fn field_numbers(&mut self, key: &str, numbers: impl Iterator<Item = impl Into<u64>>) {
        let mut numbers = numbers.peekable();
        if numbers.peek().is_none() {
            return;
        }
        self.key(key);
        self.open(b'[');
        for number in numbers {
            self.comma();
            self.number(number.into());
        }
        self.close(b']');
    }

    /// A key and a string.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for its key")]
    pub fn field_str(&mut self, key: &str, text: &str) {
        self.key(key);
        self.string(text);
    }

    /// A key and a truth value.
    pub fn field_bool(&mut self, key: &str, truth: bool) {
        self.key(key);
        self.truth(truth);
    }

    /// `true` or `false`.
    #[inline]
    pub fn truth(&mut self, truth: bool) {
        if truth {
            self.raw(b"true");
        } else {
            self.raw(b"false");
        }
    }

    /// A number; beyond 2^53, which JSON's readers round, a string.
    #[inline]
    pub fn number(&mut self, number: u64) {
        if number < 1_000_000 {
            let (digits, count) = digits(number);
            self.put(digits, count);
        } else {
            self.large(number);
        }
    }

    fn large(&mut self, number: u64) {
        if number > 1 << 53 {
            self.quoted(itoa::Buffer::new().format(number).as_bytes());
            return;
        }
        let (millions, rest) = (number / 1_000_000, number % 1_000_000);
        self.number(millions);
        self.three(rest / 1000);
        self.three(rest % 1000);
    }

    /// Three digits.
    #[inline]
    fn three(&mut self, number: u64) {
        let [a, b, c, _] = THOUSAND[usize::try_from(number % 1000).unwrap_or(0)];
        self.buffer.extend_from_slice(&[a, b, c]);
    }

    /// Appends the first `len` of some octets.  All are copied, which takes no loop, and the rest
    /// cut off again.
    #[inline]
    fn put<const N: usize>(&mut self, octets: [u8; N], len: usize) {
        let end = self.buffer.len() + len;
        self.buffer.extend_from_slice(&octets);
        self.buffer.truncate(end);
    }

    /// A string, escaped as JSON requires and beyond: nothing that a terminal would act on is
    /// written raw.
    pub fn string(&mut self, text: &str) {
        self.buffer.push(b'"');
        if text.bytes().fold(true, |plain, octet| plain & is_plain(octet)) {
            self.raw(text.as_bytes());
        } else {
            self.escaped(text);
        }
        self.buffer.push(b'"');
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' => self.raw(b"\\\""),
                '\\' => self.raw(b"\\\\"),
                c if is_unsafe(c) => {
                    let mut pair = [0; 2];
                    for unit in c.encode_utf16(&mut pair) {
                        self.raw(b"\\u");
                        let [high, low] = unit.to_be_bytes();
                        self.hex(&[high, low]);
                    }
                }
                c => {
                    let mut bytes = [0; 4];
                    self.buffer.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
                }
            }
        }
    }

    /// Bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// An IPv4 address in quotes.
    pub fn ipv4(&mut self, address: [u8; 4]) {
        let mut end = self.buffer.len() + 1;
        // As long as an address can be; every part overwrites what was too much of the one before.
        self.buffer.extend_from_slice(b"\"255.255.255.255\"");
        for octet in address {
            let [a, b, c, zeros] = THOUSAND[usize::from(octet)];
            let digits = u32::from_le_bytes([a, b, c, b'.']) >> (8 * u32::from(zeros & 3));
            if let Some(room) = self.buffer.get_mut(end..).and_then(|rest| rest.first_chunk_mut()) {
                *room = digits.to_le_bytes();
            }
            end += usize::from(4 - (zeros & 3));
        }
        self.buffer.truncate(end - 1);
        self.buffer.push(b'"');
    }

    /// An IPv6 address in quotes (RFC 5952).
    pub fn ipv6(&mut self, address: [u8; 16]) {
        self.buffer.push(b'"');
        let bits = u128::from_be_bytes(address);
        if bits >> 32 == 0xffff {
            self.raw(b"::ffff:");
            v4(&mut self.buffer, bits);
        } else {
            v6(&mut self.buffer, bits);
        }
        self.buffer.push(b'"');
    }

    /// An address of either version in quotes.
    pub fn address(&mut self, address: std::net::IpAddr) {
        match address {
            std::net::IpAddr::V4(address) => self.ipv4(Ipv4Addr::octets(&address)),
            std::net::IpAddr::V6(address) => self.ipv6(Ipv6Addr::octets(&address)),
        }
    }

    /// A time in quotes (RFC 3339, UTC, nine digits).
    pub fn time(&mut self, time: Timestamp) {
        let second = time.seconds();
        let stamp = match self.second {
            Some((known, stamp)) if known == second => stamp,
            _ => {
                let stamp = stamp(time);
                self.second = Some((second, stamp));
                stamp
            }
        };
        self.put(stamp, STAMP);
        let nanos = u64::from(time.subsec_nanos());
        self.three(nanos / 1_000_000);
        self.three(nanos / 1000);
        self.three(nanos);
        self.raw(b"Z\"");
    }

    /// A field's value.
    pub fn value(&mut self, value: Value<'_>) {
        match value {
            Value::Number(number) => self.number(number),
            Value::Flag(truth) => self.truth(truth),
            Value::Ipv4(address) => self.ipv4(address),
            Value::Ipv6(address) => self.ipv6(address),
            Value::Mac(address) => self.mac(address),
            Value::Bytes(bytes) => {
                self.buffer.push(b'"');
                self.hex(bytes);
                self.buffer.push(b'"');
            }
            Value::Text(text) => self.string(text),
            Value::Time(time) => self.time(time),
            Value::Elapsed(nanos) => self.elapsed(nanos),
        }
    }

    /// Nanoseconds as seconds with nine digits behind the point.
    pub fn elapsed(&mut self, nanos: i64) {
        if nanos < 0 {
            self.buffer.push(b'-');
        }
        let nanos = nanos.unsigned_abs();
        self.number(nanos / 1_000_000_000);
        self.buffer.push(b'.');
        self.three(nanos / 1_000_000);
        self.three(nanos / 1000);
        self.three(nanos);
    }

    /// A hardware address in quotes.
    pub fn mac(&mut self, address: [u8; 6]) {
        let mut text = *b"\"00:00:00:00:00:00\"";
        for (room, octet) in text[1..].chunks_mut(3).zip(address) {
            if let Some(room) = room.first_chunk_mut() {
                *room = HEX[usize::from(octet)];
            }
        }
        self.raw(&text);
    }

    fn quoted(&mut self, bytes: &[u8]) {
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(bytes);
        self.buffer.push(b'"');
    }

    fn hex(&mut self, bytes: &[u8]) {
        self.buffer.reserve(bytes.len() * 2);
        for &octet in bytes {
            self.buffer.extend_from_slice(&HEX[usize::from(octet)]);
        }
    }
}

/// Whether a comma is due behind what was written last.
fn is_comma_due(last: Option<u8>) -> bool {
    !matches!(last, None | Some(b'{' | b'[' | b':' | b'\n'))
}

/// The digits of a number below a million, and how many they are.
#[inline]
fn digits(number: u64) -> ([u8; DIGITS], usize) {
    let row = |number| THOUSAND[usize::try_from(number % 1000).unwrap_or(0)];
    let ([a, b, c, zeros], [d, e, f, more]) = (row(number / 1000), row(number));
    let zeros = if number < 1000 { 3 + (more & 3) } else { zeros & 3 };
    let all = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]) >> (8 * u32::from(zeros));
    (all.to_le_bytes(), usize::from(6 - zeros))
}

/// Octets of a stamp.
const STAMP: usize = 21;

/// A time down to the second: `"2015-07-12T17:08:18.`.
fn stamp(time: Timestamp) -> [u8; 24] {
    use std::io::Write;
    let mut text = [0; 24];
    // Years have four digits: it is as long as that.
    let _ = write!(&mut text[..], "\"{}", time.civil().strftime("%Y-%m-%dT%H:%M:%S."));
    text
}
