//! Options: lists of type, length and value at the end of a header, as tables.

use super::field::Field;

/// Entries of one header's list that a step looks at: a header with more is a bomb.
pub const MOST_ENTRIES: usize = 64;

/// How the options of a header are laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Octet of an option that holds its type.
    pub code_at: usize,
    /// Where it holds its length.
    pub extent: Extent,
    /// Octets before the option's data: type and length.
    pub head: usize,
    /// Octets that the length does not count: 0 when it counts type and length too.
    pub uncounted: usize,
    /// Octets a unit of length stands for.
    pub unit: usize,
    /// Octets at a multiple of which, from the first option on, each begins.
    pub align: usize,
    /// Type that is one octet alone and goes on.
    pub single: Option<u8>,
    /// Type that is one octet alone and ends the list.
    pub end: Option<u8>,
    /// How many are looked at.
    pub most: usize,
    /// Whether they stand behind the header, in what it carries, where the capture may cut the
    /// last.
    pub is_behind: bool,
}

/// Where an option holds its length.
#[derive(Debug, Clone, Copy)]
pub enum Extent {
    /// In these bits of an octet.
    Octet {
        /// Which octet.
        at: usize,
        /// Its bits that are the length.
        mask: u8,
    },
    /// In the two octets from here on.
    Pair(usize),
    /// All of it and of where its list lies tells: the octets of both.
    Told(fn(&[u8], &[u8]) -> Option<usize>),
}

impl Layout {
    /// IPv4 and TCP: 0 ends, 1 is alone, the length counts all (RFC 791, section 3.1).
    pub const COUNTS_ALL: Self = Self {
        code_at: 0,
        extent: Extent::Octet { at: 1, mask: 0xff },
        head: 2,
        uncounted: 0,
        unit: 1,
        align: 1,
        single: Some(1),
        end: Some(0),
        most: usize::MAX,
        is_behind: false,
    };
    /// IPv6: 0 is alone, the length counts the data (RFC 8200, section 4.2).
    pub const COUNTS_DATA: Self =
        Self { uncounted: 2, single: Some(0), end: None, ..Self::COUNTS_ALL };
    /// Entries of a message: none is alone, and no more than [`MOST_ENTRIES`] are looked at.
    pub const ENTRIES: Self =
        Self { single: None, end: None, most: MOST_ENTRIES, ..Self::COUNTS_ALL };
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
    /// The row of all others.
    pub unknown: &'static OptionRow,
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
    /// What only some such options have.
    pub parts: &'static [OptionPart],
    /// The list that its data hold, or end in.
    pub list: Option<&'static OptionSet>,
    /// Where it is specified.
    pub source: &'static str,
}

/// Rows that only some options of a type have.
#[derive(Debug)]
pub struct OptionPart {
    /// Octet of the option at which the part begins, when this option has it.
    pub start: fn(&Opt<'_>) -> Option<usize>,
    /// Octets of the part, when it does not reach to the end of the option.
    pub len: fn(&Opt<'_>) -> Option<usize>,
    /// The rows, from the start of the part.
    pub fields: &'static [Field],
}

impl OptionPart {
    /// Of options of which `start` says where the part begins; it reaches to their end.
    pub const fn to_end(start: fn(&Opt<'_>) -> Option<usize>, fields: &'static [Field]) -> Self {
        Self { start, len: |_option| None, fields }
    }

    /// The part's octet of the option and its octets, when the option has it and reaches that far.
    pub fn of<'a>(&self, option: &Opt<'a>) -> Option<(usize, &'a [u8])> {
        let start = (self.start)(option)?;
        let rest = option.bytes.get(start..)?;
        let octets = match (self.len)(option) {
            Some(len) => rest.get(..len).unwrap_or(rest),
            None => rest,
        };
        (!octets.is_empty()).then_some((start, octets))
    }
}

impl OptionRow {
    /// A row without parts or a list.
    pub const fn new(
        code: u8,
        label: &'static str,
        fields: &'static [Field],
        source: &'static str,
    ) -> Self {
        Self { code, label, fields, parts: &[], list: None, source }
    }

    /// The rows of all its fields.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().chain(self.parts.iter().flat_map(|part| part.fields))
    }

    /// Those, and those of its list.
    pub fn every_field(&self) -> Box<dyn Iterator<Item = &'static Field>> {
        let list = self.list.into_iter().flat_map(OptionSet::every_field);
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
    /// The octets that its list lies in.
    pub around: &'a [u8],
    /// Whether its length does not fit its header or itself: the list ends here.
    pub broken: bool,
}

impl Opt<'_> {
    /// The list that its data hold or end in, if its row has one and itself is whole.
    pub fn list(&self) -> Option<&'static OptionSet> {
        self.row?.list.filter(|_| !self.broken)
    }
}

impl OptionSet {
    /// The row that reads `option`.
    pub fn row_of(&self, option: &Opt<'_>) -> &'static OptionRow {
        option.row.unwrap_or(self.unknown)
    }

    /// The rows of what each begins with, of every known option and of all others.
    pub fn every_field(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let rows = self.rows.iter().chain([self.unknown]);
        self.fields.iter().chain(rows.flat_map(OptionRow::every_field))
    }

    /// The options of `header`, in order.  The list ends at the header's end, at an end-of-list
    /// option, or with the first that does not fit.
    pub fn of<'a>(&'static self, header: &'a [u8]) -> impl Iterator<Item = Opt<'a>> + 'a {
        let mut at = (self.start)(header);
        let all = std::iter::from_fn(move || {
            let here = at?;
            let rest = header.get(here..).filter(|rest| !rest.is_empty())?;
            let option = self.first(rest, here, header);
            at = option.as_ref().and_then(|option| {
                let ends = option.broken || Some(option.code) == self.layout.end;
                let len = option.bytes.len().checked_next_multiple_of(self.layout.align)?;
                (!ends).then(|| here.saturating_add(len))
            });
            option
        });
        all.take(self.layout.most)
    }

    fn first<'a>(&'static self, rest: &'a [u8], at: usize, around: &'a [u8]) -> Option<Opt<'a>> {
        let Layout { code_at, head, single, end, is_behind, .. } = self.layout;
        let code = *rest.get(code_at)?;
        let row = self.rows.binary_search_by_key(&code, |row| row.code).ok();
        let row = row.and_then(|found| self.rows.get(found));
        let len = if Some(code) == single || Some(code) == end {
            Some(1)
        } else {
            self.len(rest, around).and_then(|len| {
                let len = if is_behind { len.min(rest.len()) } else { len };
                (len >= head && len <= rest.len() && len > 0).then_some(len)
            })
        };
        let broken = len.is_none();
        let bytes = rest.get(..len.unwrap_or(rest.len()))?;
        let data = bytes.get(head..).unwrap_or_default();
        Some(Opt { code, at, bytes, row, data, around, broken })
    }

    /// Octets of the option that `rest` begins with, as it says.
    fn len(&self, rest: &[u8], around: &[u8]) -> Option<usize> {
        let Layout { extent, uncounted, unit, .. } = self.layout;
        let units = match extent {
            Extent::Octet { at, mask } => usize::from(rest.get(at)? & mask),
            Extent::Pair(at) => usize::from(u16::from_be_bytes(*rest.get(at..)?.first_chunk()?)),
            Extent::Told(len) => len(rest, around)?,
        };
        units.checked_mul(unit)?.checked_add(uncounted)
    }
}
