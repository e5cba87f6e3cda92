//! The values of one column as Arrow lays them out in memory: bits that say which are there, and the
//! values side by side; of text and lists, where each ends.

use std::io::Write;

use crate::base::timestamp::Timestamp;
use crate::report::table::{Cell, Kind};
use crate::report::words;
use crate::wire::field::FieldKind;

/// A bit each, the first lowest.
#[derive(Debug, Default)]
pub(super) struct Bits {
    octets: Vec<u8>,
    len: usize,
}

impl Bits {
    #[inline]
    fn push(&mut self, bit: bool) {
        let place = self.len % 8;
        if place == 0 {
            self.octets.push(u8::from(bit));
        } else if let Some(last) = self.octets.last_mut() {
            *last |= u8::from(bit) << place;
        }
        self.len += 1;
    }

    fn clear(&mut self) {
        self.octets.clear();
        self.len = 0;
    }

    /// The octets that they fill.
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Bit `at`.
    #[inline]
    pub(super) fn get(&self, at: usize) -> bool {
        self.octets.get(at / 8).is_some_and(|octet| octet >> (at % 8) & 1 == 1)
    }

    fn load(&mut self, len: usize, octets: &[u8]) {
        self.octets.clear();
        self.octets.extend_from_slice(octets);
        self.len = len;
    }
}

/// The values of one column.
#[derive(Debug)]
pub(super) struct Array {
    kind: Kind,
    len: usize,
    nulls: usize,
    valid: Bits,
    /// Those of flags.
    flags: Bits,
    /// Numbers, least significant octet first; of text and lists where each ends, from a first 0.
    numbers: Vec<u8>,
    text: String,
    /// The values in lists, or the parts of structs.
    parts: Vec<Self>,
}

impl Array {
    /// No values of that type.
    pub(super) fn new(kind: Kind) -> Self {
        let parts = match kind {
            Kind::List(of) => vec![Self::new(*of)],
            Kind::Struct(parts) => parts.iter().map(|part| Self::new(part.kind)).collect(),
            _ => Vec::new(),
        };
        let mut array = Self {
            kind,
            len: 0,
            nulls: 0,
            valid: Bits::default(),
            flags: Bits::default(),
            numbers: Vec::new(),
            text: String::new(),
            parts,
        };
        array.clear();
        array
    }

    /// Forgets the values and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.nulls = 0;
        self.valid.clear();
        self.flags.clear();
        self.numbers.clear();
        self.text.clear();
        self.parts.iter_mut().for_each(Self::clear);
        if matches!(self.kind, Kind::Utf8 | Kind::List(_)) {
            self.numbers.extend([0; 4]);
        }
    }

    /// Its type.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// How many values there are, missing ones too.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many are missing.
    pub(super) fn nulls(&self) -> usize {
        self.nulls
    }

    /// Which are there.
    pub(super) fn valid(&self) -> &Bits {
        &self.valid
    }

    /// Flags.
    pub(super) fn flags(&self) -> &Bits {
        &self.flags
    }

    /// Numbers, or ends.
    pub(super) fn numbers(&self) -> &[u8] {
        &self.numbers
    }

    /// The texts, one behind the other.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The values in lists, or the parts of structs.
    pub(super) fn parts(&self) -> &[Self] {
        &self.parts
    }

    /// The octets of number `at`.
    #[inline]
    pub(super) fn number_at<const N: usize>(&self, at: usize) -> [u8; N] {
        let octets = self.numbers.get(at * N..).and_then(<[u8]>::first_chunk);
        octets.copied().unwrap_or([0; N])
    }

    /// Where text or list `at` begins, which is where the one before ends.
    #[inline]
    pub(super) fn end_of(&self, at: usize) -> usize {
        usize::try_from(i32::from_le_bytes(self.number_at(at))).unwrap_or(0)
    }

    /// Appends the values to some octets, for [`Self::load`].
    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let runs = [
            self.valid.octets(),
            self.flags.octets(),
            self.numbers.as_slice(),
            self.text.as_bytes(),
        ];
        out.extend((self.len as u64).to_le_bytes());
        out.extend((self.nulls as u64).to_le_bytes());
        for run in runs {
            out.extend((run.len() as u64).to_le_bytes());
            out.extend_from_slice(run);
        }
        self.parts.iter().for_each(|part| part.save(out));
    }

    /// Takes the values that were saved at the beginning of some octets instead of its own; none
    /// where they are others.
    pub(super) fn load(&mut self, from: &mut &[u8]) -> Option<()> {
        self.len = number(from)?;
        self.nulls = number(from)?;
        self.valid.load(self.len, run(from)?);
        self.flags.load(self.len, run(from)?);
        self.numbers.clear();
        self.numbers.extend_from_slice(run(from)?);
        self.text.clear();
        self.text.push_str(std::str::from_utf8(run(from)?).ok()?);
        self.parts.iter_mut().try_for_each(|part| part.load(from))
    }

    /// Appends a value; what the type has no room for is missing.
    #[inline]
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        let is_there = match self.kind {
            Kind::Int16 => {
                self.number(cell, |number| i16::try_from(number).ok().map(i16::to_le_bytes))
            }
            Kind::Int32 => {
                self.number(cell, |number| i32::try_from(number).ok().map(i32::to_le_bytes))
            }
            Kind::Int64 | Kind::Time => self.number(cell, |number| Some(number.to_le_bytes())),
            Kind::Bool => {
                let flag = match cell {
                    Cell::Flag(flag) => Some(flag),
                    Cell::Number(number) => Some(number != 0),
                    _ => None,
                };
                self.flags.push(flag.unwrap_or(false));
                flag.is_some()
            }
            Kind::Utf8 => self.words(cell),
            Kind::List(_) => {
                self.end_here();
                false
            }
            Kind::Struct(_) => {
                self.parts.iter_mut().for_each(|part| part.push(Cell::Null));
                false
            }
        };
        self.note(is_there);
    }

    /// Appends a list of the elements that `each` gives, of which each is a value or the parts of a
    /// struct; without any, none.
    pub(super) fn push_list(&mut self, each: impl FnOnce(&mut dyn FnMut(&[Cell<'_>]))) {
        let Some(values) = self.parts.first_mut() else { return };
        let before = values.len;
        each(&mut |cells| values.push_element(cells));
        let is_there = values.len > before;
        self.end_here();
        self.note(is_there);
    }

    fn push_element(&mut self, cells: &[Cell<'_>]) {
        if let Kind::Struct(_) = self.kind {
            let rest = std::iter::repeat(&Cell::Null);
            for (part, cell) in self.parts.iter_mut().zip(cells.iter().chain(rest)) {
                part.push(*cell);
            }
            self.note(true);
        } else {
            self.push(cells.first().copied().unwrap_or(Cell::Null));
        }
    }

    fn note(&mut self, is_there: bool) {
        self.valid.push(is_there);
        self.nulls += usize::from(!is_there);
        self.len += 1;
    }

    #[inline]
    fn number<const N: usize>(
        &mut self,
        cell: Cell<'_>,
        octets: impl Fn(i64) -> Option<[u8; N]>,
    ) -> bool {
        let number = match cell {
            Cell::Number(number) => Some(number),
            Cell::Flag(flag) => Some(flag.into()),
            Cell::Time(time) => Some(micros(time)),
            _ => None,
        };
        let octets = number.and_then(octets);
        self.numbers.extend_from_slice(&octets.unwrap_or([0; N]));
        octets.is_some()
    }

    /// Appends a text, or its absence.
    fn words(&mut self, cell: Cell<'_>) -> bool {
        let text = &mut self.text;
        match cell {
            Cell::Null => {}
            Cell::Text(plain) => text.push_str(plain),
            Cell::Number(number) => words::append(text, format_args!("{number}")),
            Cell::Decimal(number) => words::number(text, number),
            Cell::Flag(flag) => text.push_str(if flag { "true" } else { "false" }),
            Cell::Time(time) => words::append(text, format_args!("{time}")),
            Cell::Address(address) => words::address(text, address),
            Cell::Value(value) => words::plain(text, FieldKind::Number, 0, value),
            Cell::Headers(layers) => {
                for (index, span) in layers.spans().iter().enumerate() {
                    if index > 0 {
                        text.push(':');
                    }
                    text.push_str(span.layer.header().name);
                }
            }
        }
        self.end_here();
        !matches!(cell, Cell::Null)
    }

    /// Notes that a text or list ends here.
    fn end_here(&mut self) {
        let end = self.parts.first().map_or(self.text.len(), |values| values.len);
        // Batches are far smaller than that.
        let end = i32::try_from(end).unwrap_or(i32::MAX);
        // Writing to memory cannot fail.
        let _ = self.numbers.write_all(&end.to_le_bytes());
    }
}

/// The length that comes next.
pub(super) fn number(from: &mut &[u8]) -> Option<usize> {
    let (number, rest) = from.split_first_chunk()?;
    *from = rest;
    usize::try_from(u64::from_le_bytes(*number)).ok()
}

/// The octets that come next, behind how many they are.
fn run<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = number(from)?;
    let (run, rest) = from.split_at_checked(len)?;
    *from = rest;
    Some(run)
}

/// Whole microseconds since 1970, rounded towards the past.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.nanos().div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_has_no_room_is_null() {
        let mut array = Array::new(Kind::Int16);
        for cell in [Cell::Number(-2), Cell::Null, Cell::Number(40_000), Cell::Number(7)] {
            array.push(cell);
        }
        assert_eq!((array.len(), array.nulls()), (4, 2));
        assert_eq!(array.valid().octets(), [0b1001]);
        assert_eq!(array.numbers(), [0xfe, 0xff, 0, 0, 0, 0, 7, 0]);
    }

    #[test]
    fn texts_and_lists_have_ends() {
        let mut array = Array::new(Kind::List(&Kind::Utf8));
        array.push_list(|put| {
            put(&[Cell::Text("a")]);
            put(&[Cell::Text("bc")]);
        });
        array.push_list(|_| {});
        array.push_list(|put| put(&[Cell::Text("d")]));
        assert_eq!(array.numbers(), [[0; 4], [2, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]].concat());
        assert_eq!((array.nulls(), array.valid().octets()), (1, &[0b101][..]));
        let texts = &array.parts()[0];
        assert_eq!((texts.text(), texts.len()), ("abcd", 3));
    }

    #[test]
    fn times_are_cut_towards_the_past() {
        for (nanos, expected) in [(1_999, 1), (0, 0), (-1, -1), (-1_000, -1), (-1_001, -2)] {
            assert_eq!(micros(Timestamp::from_nanos(nanos).unwrap()), expected);
        }
    }
}
