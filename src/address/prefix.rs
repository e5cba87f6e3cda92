//! Prefixes and ranges: CIDR arithmetic, exact up to 2^128 addresses.
//!
//! Both families are numbers of 128 bits; an IPv4 address lies in the low 32.  Lists that can be
//! long are iterators, so that splitting everything into single addresses starts at once.

/// IPv4 or IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4, 32 bits.
    V4,
    /// IPv6, 128 bits.
    V6,
}

impl Family {
    /// Bits of an address.
    pub fn width(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The highest address.
    pub fn top(self) -> u128 {
        match self {
            Self::V4 => 0xffff_ffff,
            Self::V6 => u128::MAX,
        }
    }

    /// 4 or 6.
    pub fn number(self) -> u8 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }
}

/// How many there are of something: at least one, at most 2^128, which no `u128` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// A number that fits.
    Number(u128),
    /// 2^128, all of IPv6.
    Whole,
}

impl Count {
    /// One more than `number`: addresses from a first to a last at this distance.
    pub fn one_more(number: u128) -> Self {
        number.checked_add(1).map_or(Self::Whole, Self::Number)
    }

    /// Two to the power of `bits`, at most 128.
    pub fn power(bits: u8) -> Self {
        1u128.checked_shl(u32::from(bits)).map_or(Self::Whole, Self::Number)
    }
}

/// Every address from `first` to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The family of both ends.
    pub family: Family,
    /// The first address.
    pub first: u128,
    /// The last address, not below the first.
    pub last: u128,
}

/// A network: the addresses whose first `len` bits agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix {
    /// The family.
    pub family: Family,
    /// The network address; its host bits are zero.
    pub first: u128,
    /// The prefix length in bits.
    pub len: u8,
}

impl Prefix {
    /// The prefix of `len` bits (at most the family's width) that holds `address`.
    pub fn new(family: Family, address: u128, len: u8) -> Self {
        let len = len.min(family.width());
        Self { family, first: address & !low_bits(family.width() - len), len }
    }

    /// Bits below the prefix, all one: the wildcard mask.
    pub fn wildcard(self) -> u128 {
        low_bits(self.host_bits())
    }

    /// Bits of the prefix, all one: the netmask.
    pub fn netmask(self) -> u128 {
        self.family.top() & !self.wildcard()
    }

    /// The last address; the broadcast address of an IPv4 network.
    pub fn last(self) -> u128 {
        self.first | self.wildcard()
    }

    /// How many bits number the hosts.
    pub fn host_bits(self) -> u8 {
        self.family.width() - self.len
    }

    /// How many addresses there are.
    pub fn total(self) -> Count {
        Count::power(self.host_bits())
    }

    /// The addresses as a range.
    pub fn range(self) -> Range {
        Range { family: self.family, first: self.first, last: self.last() }
    }

    /// Whether IPv4 keeps the first and last address for the network and its broadcast:
    /// not in a /31 (RFC 3021), not in a /32.
    pub fn has_broadcast(self) -> bool {
        self.family == Family::V4 && self.len < 31
    }

    /// The addresses a host can have.
    pub fn usable(self) -> Range {
        let mut range = self.range();
        if self.has_broadcast() {
            range.first += 1;
            range.last -= 1;
        }
        range
    }

    /// The block of the same length behind this one.
    pub fn next(self) -> Option<Self> {
        let first = self.last().checked_add(1)?;
        (first <= self.family.top()).then_some(Self { first, ..self })
    }

    /// The block of the same length before this one.
    pub fn previous(self) -> Option<Self> {
        let last = self.first.checked_sub(1)?;
        Some(Self::new(self.family, last, self.len))
    }

    /// The blocks of `len` bits inside this one; none where `len` is shorter than the prefix.
    pub fn split(self, len: u8) -> Split {
        let fits = (self.len..=self.family.width()).contains(&len);
        Split { next: fits.then(|| Self::new(self.family, self.first, len)), last: self.last() }
    }
}

impl Range {
    /// How many addresses there are.
    pub fn total(self) -> Count {
        Count::one_more(self.last - self.first)
    }

    /// Whether all of `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.family == other.family && self.first <= other.first && other.last <= self.last
    }

    /// Whether any address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.family == other.family && self.first <= other.last && other.first <= self.last
    }

    /// How this range relates to `other`, in words that go before the other's name; nothing where
    /// they have neither an address nor an edge in common.
    pub fn relation(self, other: Self) -> Option<&'static str> {
        let touch = |low: Self, high: Self| {
            low.family == high.family && low.last.checked_add(1) == Some(high.first)
        };
        Some(match () {
            () if self == other => "equal to",
            () if other.contains(self) => "inside",
            () if self.contains(other) => "contains",
            () if self.overlaps(other) => "overlaps",
            () if touch(self, other) => "just before",
            () if touch(other, self) => "just after",
            () => return None,
        })
    }

    /// The fewest prefixes that hold exactly these addresses, in order.
    pub fn prefixes(self) -> Prefixes {
        Prefixes { left: Some(self) }
    }

    /// The prefix this range is, if it is one.
    pub fn as_prefix(self) -> Option<Prefix> {
        let whole = self.enclosing();
        (whole.range() == self).then_some(whole)
    }

    /// The longest prefix that holds every address.
    pub fn enclosing(self) -> Prefix {
        let apart = 128 - (self.first ^ self.last).leading_zeros();
        let len = self.family.width() - u8::try_from(apart).unwrap_or(self.family.width());
        Prefix::new(self.family, self.first, len)
    }
}

/// The equal parts of a prefix, in order.
#[derive(Debug, Clone)]
pub struct Split {
    next: Option<Prefix>,
    last: u128,
}

impl Iterator for Split {
    type Item = Prefix;

    fn next(&mut self) -> Option<Prefix> {
        let current = self.next?;
        self.next = current.next().filter(|next| next.first <= self.last);
        Some(current)
    }
}

/// The fewest prefixes of a range, in order.
#[derive(Debug, Clone)]
pub struct Prefixes {
    left: Option<Range>,
}

impl Iterator for Prefixes {
    type Item = Prefix;

    fn next(&mut self) -> Option<Prefix> {
        let left = self.left?;
        // The block may be as wide as its first address is aligned, and no wider than what is left.
        let aligned = left.first.trailing_zeros().min(128);
        let fits = match left.total() {
            Count::Number(total) => total.ilog2(),
            Count::Whole => 128,
        };
        let width = left.family.width();
        let host_bits = u8::try_from(aligned.min(fits)).unwrap_or(width).min(width);
        let prefix = Prefix::new(left.family, left.first, width - host_bits);
        self.left = match prefix.last() {
            last if last >= left.last => None,
            last => Some(Range { first: last + 1, ..left }),
        };
        Some(prefix)
    }
}

/// The fewest ranges that hold the same addresses: sorted, disjoint, not even touching.
pub fn merge(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut merged: Vec<Range> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(before)
                if before.family == range.family
                    && before.last.checked_add(1).is_none_or(|next| range.first <= next) =>
            {
                before.last = before.last.max(range.last);
            }
            _ => merged.push(range),
        }
    }
    merged
}

/// The fewest prefixes that hold the same addresses, IPv4 before IPv6.
pub fn aggregate(ranges: Vec<Range>) -> Vec<Prefix> {
    merge(ranges).into_iter().flat_map(Range::prefixes).collect()
}

/// The longest prefix around all ranges; nothing when there is none or families differ.
pub fn supernet(ranges: &[Range]) -> Option<Prefix> {
    let (one, rest) = ranges.split_first()?;
    let mut all = *one;
    for range in rest {
        if range.family != all.family {
            return None;
        }
        all.first = all.first.min(range.first);
        all.last = all.last.max(range.last);
    }
    Some(all.enclosing())
}

/// What is left of `range` without `hole`, as the fewest prefixes.
pub fn exclude(range: Range, hole: Range) -> Vec<Prefix> {
    if !range.overlaps(hole) {
        return range.prefixes().collect();
    }
    let below = (range.first < hole.first).then(|| Range { last: hole.first - 1, ..range });
    let above = (hole.last < range.last).then(|| Range { first: hole.last + 1, ..range });
    let parts = below.into_iter().chain(above);
    parts.flat_map(Range::prefixes).collect()
}

/// The lowest `count` bits, at most 128.
fn low_bits(count: u8) -> u128 {
    1u128.checked_shl(u32::from(count)).map_or(u128::MAX, |bit| bit - 1)
}
