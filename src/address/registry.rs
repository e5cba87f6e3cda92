//! The IANA registries of addresses, compiled: longest match in one binary search.
//!
//! Several registries speak about one address (special-purpose, multicast, address space), so each
//! is a table of its own.  A registry's rows may nest and its multicast ranges even overlap: the
//! narrowest row wins, and `parent` leads from a row to the next wider one around it.

use std::fmt;

use super::prefix::Family;

/// A cell of the special-purpose registries, which say more than yes and no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// The registry says True.
    True,
    /// The registry says False.
    False,
    /// The registry says N/A: it depends on what the address embeds.
    NotApplicable,
    /// The registry leaves the cell blank: the assignment has ended.
    Blank,
}

impl Flag {
    /// The registry's own word.
    pub fn word(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::NotApplicable => "N/A",
            Self::Blank => "blank",
        }
    }
}

/// One row of a registry.  Texts the registry does not have are empty.
#[derive(Debug)]
pub struct Entry {
    /// First address.
    pub first: u128,
    /// Last address.
    pub last: u128,
    parent: u16,
    /// The registry's name for the block.
    pub name: &'static str,
    /// The RFCs that define it.
    pub reference: &'static str,
    /// When it was allocated: a year, month or day.
    pub allocated: &'static str,
    /// When it ended.
    pub terminated: &'static str,
    /// The multicast block around the row, or the status of an allocation.
    pub group: &'static str,
    /// What ipeek calls addresses of this row.
    pub kind: &'static str,
    /// The scope of addresses of this row.
    pub scope: &'static str,
    /// The registry's footnote.
    pub note: &'static str,
    /// Source, destination, forwardable, globally reachable, reserved by protocol.
    pub flags: [Flag; 5],
}

impl Entry {
    /// The cell "Globally Reachable".
    pub fn reachable(&self) -> Flag {
        self.flags[3]
    }
}

/// A registry: rows in ascending order, and which of them owns each piece of the address space.
pub struct Registry<T: 'static> {
    /// The registry's name at IANA.
    pub title: &'static str,
    /// The day it was read.
    pub read: &'static str,
    /// Every row, by first address, wider rows before narrower ones.
    pub entries: &'static [Entry],
    starts: &'static [T],
    owners: &'static [u16],
}

/// No row owns this piece, or no row lies around this one.
const NONE: u16 = u16::MAX;

include!(concat!(env!("OUT_DIR"), "/address_registry.rs"));

impl<T: Copy + Ord + Into<u128>> Registry<T> {
    /// The narrowest row that holds `address`.
    pub fn find(&'static self, address: T) -> Option<&'static Entry> {
        self.entry(*self.owners.get(self.piece(address))?)
    }

    /// The narrowest row that holds all of `first` to `last`.
    pub fn covering(&'static self, first: T, last: T) -> Option<&'static Entry> {
        let mut found = self.find(first);
        while let Some(entry) = found {
            if entry.last >= last.into() {
                break;
            }
            found = self.entry(entry.parent);
        }
        found
    }

    /// Whether one row, or none, owns every address from `first` to `last`.
    pub fn is_even(&'static self, first: T, last: T) -> bool {
        self.piece(first) == self.piece(last)
    }

    /// The owner of every piece from `first` to `last`, in order.
    pub fn owners(
        &'static self,
        first: T,
        last: T,
    ) -> impl Iterator<Item = Option<&'static Entry>> {
        let owners = self.owners.get(self.piece(first)..=self.piece(last));
        owners.unwrap_or_default().iter().map(|&at| self.entry(at))
    }

    /// Where every piece from `first` to `last` begins there, in order.
    pub fn starts(&self, first: T, last: T) -> impl Iterator<Item = T> {
        let starts = self.starts.get(self.piece(first)..=self.piece(last));
        starts.unwrap_or_default().iter().map(move |&start| start.max(first))
    }

    fn piece(&self, address: T) -> usize {
        // The first piece begins at zero, so there is always one at or below.
        self.starts.partition_point(|&start| start <= address) - 1
    }

    fn entry(&'static self, at: u16) -> Option<&'static Entry> {
        self.entries.get(usize::from(at))
    }
}

/// A registry of either family, as it is printed.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    /// The registry's name at IANA.
    pub title: &'static str,
    /// The day it was read.
    pub read: &'static str,
    /// The family of its addresses.
    pub family: Family,
    /// Whether its rows count for every multicast scope.
    pub is_template: bool,
    /// Every row.
    pub entries: &'static [Entry],
}

/// Every registry.
pub fn listings() -> [Listing; 8] {
    fn of<T>(registry: &'static Registry<T>, family: Family) -> Listing {
        Listing {
            title: registry.title,
            read: registry.read,
            family,
            is_template: false,
            entries: registry.entries,
        }
    }
    [
        of(&SPECIAL_V4, Family::V4),
        of(&SPECIAL_V6, Family::V6),
        of(&MULTICAST_V4, Family::V4),
        of(&MULTICAST_V6, Family::V6),
        Listing { is_template: true, ..of(&MULTICAST_V6_ANY, Family::V6) },
        of(&SPACE_V4, Family::V4),
        of(&SPACE_V6, Family::V6),
        of(&UNICAST_V6, Family::V6),
    ]
}

impl<T> fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({}, {} rows)", self.title, self.entries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row is found by its first and last address, unless a narrower row lies there.
    fn rows_are_found<T>(registry: &'static Registry<T>)
    where
        T: Copy + Ord + Into<u128> + TryFrom<u128, Error: fmt::Debug>,
    {
        assert!(!registry.read.is_empty() && !registry.title.is_empty());
        assert!(registry.entries.is_sorted_by_key(|e| e.first));
        for entry in registry.entries {
            assert!(!entry.name.is_empty() && entry.first <= entry.last);
            let end = |bits| T::try_from(bits).expect("an address of this registry");
            for bits in [entry.first, entry.last] {
                let found = registry.find(end(bits)).expect("a row");
                let narrower = found.last - found.first <= entry.last - entry.first;
                assert!(
                    found.first <= bits && bits <= found.last && narrower,
                    "{entry:?} is hidden by {found:?}"
                );
            }
            let cover = registry.covering(end(entry.first), end(entry.last));
            let cover = cover.expect("a row");
            assert_eq!((cover.first, cover.last), (entry.first, entry.last));
        }
    }

    #[test]
    fn every_row_is_found_by_its_ends() {
        for registry in [&SPECIAL_V4, &MULTICAST_V4, &SPACE_V4] {
            rows_are_found(registry);
        }
        for registry in [&SPECIAL_V6, &MULTICAST_V6, &MULTICAST_V6_ANY, &SPACE_V6, &UNICAST_V6] {
            rows_are_found(registry);
        }
    }

    /// What lies beside a block is in no row, or in a wider one.
    fn neighbours_are_not_found<T>(registry: &'static Registry<T>)
    where
        T: Copy + Ord + Into<u128> + TryFrom<u128>,
    {
        for entry in registry.entries {
            let beside = [entry.first.checked_sub(1), entry.last.checked_add(1)];
            let beside = beside.into_iter().flatten();
            for address in beside.filter_map(|bits| T::try_from(bits).ok()) {
                let found = registry.find(address);
                assert!(!found.is_some_and(|found| std::ptr::eq(found, entry)));
            }
        }
    }

    #[test]
    fn no_row_is_found_by_its_neighbours() {
        for registry in [&SPECIAL_V4, &MULTICAST_V4, &SPACE_V4] {
            neighbours_are_not_found(registry);
        }
        for registry in [&SPECIAL_V6, &MULTICAST_V6, &MULTICAST_V6_ANY, &SPACE_V6, &UNICAST_V6] {
            neighbours_are_not_found(registry);
        }
    }

    #[test]
    fn flags_have_four_values_and_blank_is_not_false() {
        let v4 = |text: &str| {
            let address: std::net::Ipv4Addr = text.parse().expect("an address");
            SPECIAL_V4.find(address.to_bits()).expect("a row")
        };
        assert_eq!(v4("192.88.99.1").reachable(), Flag::Blank);
        assert_eq!(v4("192.88.99.2").reachable(), Flag::False);
        assert_eq!(v4("192.0.0.171").name, "NAT64/DNS64 Discovery");
        assert_eq!(v4("0.0.0.0").kind, "unspecified");
        let teredo: std::net::Ipv6Addr = "2001::1".parse().expect("an address");
        let row = SPECIAL_V6.find(teredo.to_bits()).expect("a row");
        assert_eq!(row.reachable(), Flag::NotApplicable);
    }
}
