//! Flatbuffers, as far as Arrow's messages need them: tables, vectors and strings in one run of
//! octets, each thing behind what refers to it.
//!
//! The format is little-endian; a reference is the distance forward from where it stands.  A table
//! begins with the distance back to its list of fields, which says where in the table each lies.

/// Octets being written.
#[derive(Debug, Default)]
pub(super) struct Flat {
    pub(super) octets: Vec<u8>,
}

/// A field of a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// It has its default.
    Default,
    /// A flag, or the type of a union.
    Octet(u8),
    /// Two octets.
    Short(i16),
    /// Four octets.
    Int(i32),
    /// Eight octets.
    Long(i64),
    /// A reference to what is written later.
    Later,
}

impl Slot {
    const fn size(self) -> usize {
        match self {
            Self::Default => 0,
            Self::Octet(_) => 1,
            Self::Short(_) => 2,
            Self::Int(_) | Self::Later => 4,
            Self::Long(_) => 8,
        }
    }
}

/// Where a reference stands that is not filled in yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Later(usize);

impl Flat {
    /// Octets that begin with a reference to the first table.
    pub(super) fn new() -> (Self, Later) {
        (Self { octets: vec![0; 4] }, Later(0))
    }

    /// Fills in a reference: it is to what comes next, which begins at a multiple of so many octets.
    fn begin(&mut self, later: Later, align: usize) {
        self.pad(align, 0);
        self.refer(later, self.octets.len());
    }

    /// Makes the octet after the next `behind` ones stand at a multiple of so many.
    fn pad(&mut self, align: usize, behind: usize) {
        let len = (self.octets.len() + behind).next_multiple_of(align) - behind;
        self.octets.resize(len, 0);
    }

    fn refer(&mut self, Later(at): Later, to: usize) {
        let distance = u32::try_from(to - at).unwrap_or(u32::MAX).to_le_bytes();
        if let Some(place) = self.octets.get_mut(at..at + 4) {
            place.copy_from_slice(&distance);
        }
    }

    /// Writes a table that `from` refers to; gives the references in it, in the order of the fields.
    pub(super) fn table<const N: usize>(&mut self, from: Later, slots: [Slot; N]) -> [Later; N] {
        let (mut at, mut places) = (4_usize, [0_usize; N]);
        for (slot, place) in slots.iter().zip(&mut places) {
            if slot.size() > 0 {
                at = at.next_multiple_of(slot.size());
                *place = at;
                at += slot.size();
            }
        }
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        let list = 4 + 2 * N;
        self.pad(8, list);
        self.octets.extend(short(list));
        self.octets.extend(short(at));
        for place in places {
            self.octets.extend(short(place));
        }
        let start = self.octets.len();
        self.refer(from, start);
        self.octets.extend(i32::try_from(list).unwrap_or(0).to_le_bytes());
        for (slot, place) in slots.iter().zip(places) {
            if slot.size() > 0 {
                self.octets.resize(start + place, 0);
            }
            match *slot {
                Slot::Default => {}
                Slot::Octet(octet) => self.octets.push(octet),
                Slot::Short(number) => self.octets.extend(number.to_le_bytes()),
                Slot::Int(number) => self.octets.extend(number.to_le_bytes()),
                Slot::Long(number) => self.octets.extend(number.to_le_bytes()),
                Slot::Later => self.octets.extend([0; 4]),
            }
        }
        places.map(|place| Later(start + place))
    }

    /// Writes a string that `from` refers to.
    pub(super) fn string(&mut self, from: Later, text: &str) {
        self.begin(from, 4);
        self.octets.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.octets.extend_from_slice(text.as_bytes());
        self.octets.push(0);
    }

    /// Writes a vector of so many references, which `from` refers to.
    pub(super) fn references(&mut self, from: Later, count: usize) -> Vec<Later> {
        self.begin(from, 4);
        self.octets.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
        let start = self.octets.len();
        self.octets.resize(start + 4 * count, 0);
        (0..count).map(|number| Later(start + 4 * number)).collect()
    }

    /// Writes a vector of pairs of eight octets, which `from` refers to.
    pub(super) fn pairs(&mut self, from: Later, pairs: &[[i64; 2]]) {
        self.pad(8, 4);
        self.refer(from, self.octets.len());
        self.octets.extend(u32::try_from(pairs.len()).unwrap_or(u32::MAX).to_le_bytes());
        pairs.iter().flatten().for_each(|number| self.octets.extend(number.to_le_bytes()));
    }
}

/// The eight octets of field `number` of the first table of some octets.
pub(super) fn long(octets: &[u8], number: usize) -> Option<i64> {
    let table = usize::try_from(u32::from_le_bytes(*octets.first_chunk()?)).ok()?;
    let back = i32::from_le_bytes(*octets.get(table..)?.first_chunk()?);
    let list = table.checked_sub(usize::try_from(back).ok()?)?;
    let place = octets.get(list + 4 + 2 * number..)?.first_chunk()?;
    let place = usize::from(u16::from_le_bytes(*place));
    octets.get(table + place..)?.first_chunk().copied().map(i64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Laid out by hand after the description of the format: the reference to the table, two octets
    /// of padding, its list of fields, the table.
    #[test]
    fn a_table_has_its_fields_where_its_list_says() {
        let (mut flat, root) = Flat::new();
        let [_, _, text] = flat.table(root, [Slot::Short(4), Slot::Default, Slot::Later]);
        flat.string(text, "us");
        let expected = [
            &[16, 0, 0, 0][..],
            &[0, 0],
            &[10, 0, 12, 0, 4, 0, 0, 0, 8, 0],
            &[10, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0],
            &[2, 0, 0, 0, b'u', b's', 0],
        ];
        assert_eq!(flat.octets, expected.concat());
    }

    #[test]
    fn numbers_of_eight_octets_are_found_again_and_stand_at_multiples_of_eight() {
        let (mut flat, root) = Flat::new();
        flat.table(root, [Slot::Octet(1), Slot::Long(-3), Slot::Long(1 << 40)]);
        assert_eq!(long(&flat.octets, 1), Some(-3));
        assert_eq!(long(&flat.octets, 2), Some(1 << 40));
        let at = flat.octets.windows(8).position(|octets| octets == (-3_i64).to_le_bytes());
        assert_eq!(at.unwrap() % 8, 0);
    }
}
