//! A buffer that JSON is appended to.  Commas follow from what stands before.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::base::text::is_unsafe;
use crate::base::timestamp::Timestamp;
use crate::wire::Value;

/// JSON text under way.
#[derive(Debug, Default)]
pub struct Text {
    /// The text so far.
    pub buffer: Vec<u8>,
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Text {
    /// Puts a comma where one is due: not after an opening bracket or a colon.
    pub fn comma(&mut self) {
        if !matches!(self.buffer.last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.buffer.push(b',');
        }
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
    pub fn key(&mut self, key: &str) {
        self.comma();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(key.as_bytes());
        self.buffer.extend_from_slice(b"\":");
    }

    /// A key and a number; beyond 2^53 the number is a string.
    pub fn field_number(&mut self, key: &str, number: u64) {
        self.key(key);
        self.number(number);
    }

    /// A key and a number with one digit behind the point.
    pub fn field_decimal(&mut self, key: &str, number: f64) {
        use std::io::Write;
        self.key(key);
        // Writing to a vector cannot fail.
        let _ = write!(self.buffer, "{number:.1}");
    }

    /// A key and a string.
    pub fn field_str(&mut self, key: &str, text: &str) {
        self.key(key);
        self.string(text);
    }

    /// A key and a truth value.
    pub fn field_bool(&mut self, key: &str, truth: bool) {
        self.key(key);
        self.raw(if truth { b"true" } else { b"false" });
    }

    /// A number; beyond 2^53, which JSON's readers round, a string.
    pub fn number(&mut self, number: u64) {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(number).as_bytes();
        if number > 1 << 53 {
            self.quoted(digits);
        } else {
            self.buffer.extend_from_slice(digits);
        }
    }

    /// A string, escaped as JSON asks and beyond: nothing a terminal would act on stands raw.
    pub fn string(&mut self, text: &str) {
        self.buffer.push(b'"');
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
        self.buffer.push(b'"');
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// An IPv4 address in quotes.
    pub fn ipv4(&mut self, address: [u8; 4]) {
        self.buffer.push(b'"');
        for (i, octet) in address.into_iter().enumerate() {
            if i > 0 {
                self.buffer.push(b'.');
            }
            let mut digits = itoa::Buffer::new();
            self.buffer.extend_from_slice(digits.format(octet).as_bytes());
        }
        self.buffer.push(b'"');
    }

    /// An IPv6 address in quotes (RFC 5952).
    pub fn ipv6(&mut self, address: [u8; 16]) {
        use std::io::Write;
        // Writing to a vector cannot fail.
        let _ = write!(self.buffer, "\"{}\"", Ipv6Addr::from(address));
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
        let c = time.civil();
        self.buffer.push(b'"');
        if !(0..=9999).contains(&c.year) {
            use std::io::Write;
            let _ = write!(self.buffer, "{time}\"");
            return;
        }
        let year = u32::try_from(c.year).unwrap_or(0);
        self.digits(year, 4);
        for (before, number) in [(b'-', c.month), (b'-', c.day), (b'T', c.hour)] {
            self.buffer.push(before);
            self.digits(u32::from(number), 2);
        }
        for number in [c.minute, c.second] {
            self.buffer.push(b':');
            self.digits(u32::from(number), 2);
        }
        self.buffer.push(b'.');
        self.digits(c.nanos, 9);
        self.raw(b"Z\"");
    }

    /// A field's value.
    pub fn value(&mut self, value: Value<'_>) {
        match value {
            Value::Number(number) => self.number(number),
            Value::Flag(true) => self.raw(b"true"),
            Value::Flag(false) => self.raw(b"false"),
            Value::Ipv4(address) => self.ipv4(address),
            Value::Ipv6(address) => self.ipv6(address),
            Value::Mac(address) => {
                self.buffer.push(b'"');
                for (i, octet) in address.into_iter().enumerate() {
                    if i > 0 {
                        self.buffer.push(b':');
                    }
                    self.hex(&[octet]);
                }
                self.buffer.push(b'"');
            }
            Value::Bytes(bytes) => {
                self.buffer.push(b'"');
                self.hex(bytes);
                self.buffer.push(b'"');
            }
            Value::Text(text) => self.string(text),
            Value::Time(nanos) => self.time(Timestamp(nanos)),
        }
    }

    fn quoted(&mut self, bytes: &[u8]) {
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(bytes);
        self.buffer.push(b'"');
    }

    fn hex(&mut self, bytes: &[u8]) {
        for octet in bytes {
            self.buffer.push(HEX[usize::from(octet >> 4)]);
            self.buffer.push(HEX[usize::from(octet & 0xf)]);
        }
    }

    fn digits(&mut self, mut number: u32, count: usize) {
        let start = self.buffer.len();
        self.buffer.resize(start + count, b'0');
        for place in self.buffer[start..].iter_mut().rev() {
            *place = b'0' + u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
        }
    }
}
