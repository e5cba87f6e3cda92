//! Options: lists of type, length and value at the end of a header, as tables.

use super::field::Field;

/// How the options of a header are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Octet of an option that holds its type.
    pub code_at: usize,
    /// Octet of an option that holds its length.
    pub len_at: usize,
    /// Octets before the option's data: type and length.
    pub head: usize,
    /// Octets that the length does not count: 0 when it counts type and length too.
    pub uncounted: usize,
    /// Octets a unit of length stands for.
    pub unit: usize,
    /// Bits of the length octet that are the length.
    pub len_mask: u8,
    /// Type that is one octet alone and goes on.
    pub single: Option<u8>,
    /// Type that is one octet alone and ends the list.
    pub end: Option<u8>,
}

impl Layout {
    /// IPv4 and TCP: 0 ends, 1 is alone, the length counts all (RFC 791, section 3.1).
    pub const COUNTS_ALL: Self = Self {
        code_at: 0,
        len_at: 1,
        head: 2,
        uncounted: 0,
        unit: 1,
        len_mask: 0xff,
        single: Some(1),
        end: Some(0),
    };
    /// IPv6: 0 is alone, the length counts the data (RFC 8200, section 4.2).
    pub const COUNTS_DATA: Self = Self {
        code_at: 0,
        len_at: 1,
        head: 2,
        uncounted: 2,
        unit: 1,
        len_mask: 0xff,
        single: Some(0),
        end: None,
    };
}

/// The options a header may have.
#[derive(Debug)]
pub struct OptionSet {
    /// The key of their list in JSON.
    pub key: &'static str,
    /// What each begins with: type and length.
    pub fields: &'static [Field],
    /// What their names begin with; the rest is their key in JSON.
    pub prefix: &'static str,
    /// How they are laid out.
    pub layout: Layout,
    /// Octet of the header at which they begin, when this header has them.
    pub start: fn(&[u8]) -> Option<usize>,
    /// The known ones, sorted by type.
    pub rows: &'static [OptionRow],
    /// The parts of an option that has no row.
    pub unknown: &'static [Field],
}

/// One known option.
#[derive(Debug)]
pub struct OptionRow {
    /// Its type octet.
    pub code: u8,
    /// Its name in words.
    pub label: &'static str,
    /// Its parts, from the first octet behind type and length, which are rows of the set.
    pub fields: &'static [Field],
    /// Its parts when its data are of another make.
    pub other: Option<Other>,
    /// The list that its data hold, or end in.
    pub list: Option<&'static OptionSet>,
    /// Where it is specified.
    pub source: &'static str,
}

/// Another make of an option's data.
#[derive(Debug)]
pub struct Other {
    /// Whether the octets behind type and length are of it.
    pub is: fn(&[u8]) -> bool,
    /// Their parts.
    pub fields: &'static [Field],
}

impl OptionRow {
    /// The rows of all its makes.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let other: &[Field] = match &self.other {
            Some(other) => other.fields,
            None => &[],
        };
        self.fields.iter().chain(other)
    }

    /// Those, and those of its list.
    pub fn every_field(&self) -> Box<dyn Iterator<Item = &'static Field>> {
        let list = self.list.into_iter().flat_map(|set| {
            set.fields.iter().chain(set.unknown).chain(set.rows.iter().flat_map(Self::all_fields))
        });
        Box::new(self.all_fields().chain(list))
    }
}

/// One option in a packet.
#[derive(Debug, Clone, Copy)]
pub struct Opt<'a> {
    /// Its type octet.
    pub code: u8,
    /// Octet of the header at which it begins.
    pub at: usize,
    /// Its octets, type and length with them; fewer than it says when the header is cut.
    pub bytes: &'a [u8],
    /// Its row, when it is known.
    pub row: Option<&'static OptionRow>,
    /// The octets behind type and length.
    pub data: &'a [u8],
    /// Whether its length does not fit its header or itself: the list ends here.
    pub broken: bool,
}

impl Opt<'_> {
    /// The list that its data hold or end in, if its row has one and itself is whole.
    pub fn list(&self) -> Option<&'static OptionSet> {
        self.row?.list.filter(|_| !self.broken)
    }

    /// The other make of its row, when its data are of that.
    pub fn other(&self) -> Option<&'static Other> {
        self.row?.other.as_ref().filter(|other| (other.is)(self.data))
    }
}

impl OptionSet {
    /// The rows that read `option`'s data.
    pub fn fields_of(&self, option: &Opt<'_>) -> &'static [Field] {
        match (option.row, option.other()) {
            (_, Some(other)) => other.fields,
            (Some(row), None) => row.fields,
            (None, None) => self.unknown,
        }
    }

    /// The options of `header`, in order.  The list ends at the header's end, at an end-of-list
    /// option, or with the first that does not fit.
    pub fn of<'a>(&'static self, header: &'a [u8]) -> impl Iterator<Item = Opt<'a>> + 'a {
        let mut at = (self.start)(header);
        std::iter::from_fn(move || {
            let here = at?;
            let rest = header.get(here..).filter(|rest| !rest.is_empty())?;
            let option = self.first(rest, here);
            at = option.as_ref().and_then(|option| {
                let ends = option.broken || Some(option.code) == self.layout.end;
                (!ends).then(|| here.saturating_add(option.bytes.len()))
            });
            option
        })
    }

    fn first<'a>(&'static self, rest: &'a [u8], at: usize) -> Option<Opt<'a>> {
        let Layout { code_at, len_at, head, uncounted, unit, len_mask, single, end } = self.layout;
        let code = *rest.get(code_at)?;
        let row = self.rows.binary_search_by_key(&code, |row| row.code).ok();
        let row = row.and_then(|found| self.rows.get(found));
        let len = if Some(code) == single || Some(code) == end {
            Some(1)
        } else {
            rest.get(len_at).and_then(|&octet| {
                let len =
                    usize::from(octet & len_mask).checked_mul(unit)?.checked_add(uncounted)?;
                (len >= head && len <= rest.len()).then_some(len)
            })
        };
        let broken = len.is_none();
        let bytes = rest.get(..len.unwrap_or(rest.len()))?;
        let data = bytes.get(head..).unwrap_or_default();
        Some(Opt { code, at, bytes, row, data, broken })
    }
}
