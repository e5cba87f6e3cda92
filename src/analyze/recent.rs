//! A table of bounded size: what was put in lately.
//!
//! Entries stand in sets of four by a seeded hash of their keys, since packets choose those; where a
//! set is full, the entry that was touched longest ago makes room.  Nothing is searched, nothing
//! grows, and an empty table takes no memory.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;

/// Sets, and entries of each.
const SETS: usize = 1024;
const WAYS: usize = 4;

/// Values by key, of which the last touched are kept.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    places: Vec<Option<Place<K, V>>>,
    touches: u64,
    seed: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Place<K, V> {
    key: K,
    value: V,
    touched: u64,
}

impl<K: Copy + Eq + Hash, V: Copy> Recent<K, V> {
    /// Without entries.
    pub(super) fn new(seed: RandomState) -> Self {
        Self { places: Vec::new(), touches: 0, seed }
    }

    /// Whether there are none.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.places = Vec::new();
    }

    fn set(&mut self, key: &K) -> &mut [Option<Place<K, V>>] {
        let set = usize::try_from(self.seed.hash_one(key) % SETS as u64).unwrap_or(0);
        self.places.get_mut(set * WAYS..(set + 1) * WAYS).unwrap_or_default()
    }

    /// The value of a key, which is left untouched.
    pub(super) fn get(&mut self, key: &K) -> Option<&mut V> {
        let mut places = self.set(key).iter_mut().flatten();
        places.find(|place| place.key == *key).map(|place| &mut place.value)
    }

    /// The value of a key, which is touched: put there as `new` where there is none.
    pub(super) fn touch(&mut self, key: K, new: V) -> Option<&mut V> {
        if self.places.is_empty() {
            self.places = vec![None; SETS * WAYS];
        }
        self.touches += 1;
        let touched = self.touches;
        let set = self.set(&key);
        let there = set.iter().position(|place| place.is_some_and(|place| place.key == key));
        let oldest = || (0..set.len()).min_by_key(|&at| set[at].map_or(0, |place| place.touched));
        let place = there.or_else(oldest).and_then(|at| set.get_mut(at))?;
        let value = place.filter(|_| there.is_some()).map_or(new, |place| place.value);
        Some(&mut place.insert(Place { key, value, touched }).value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_touched_last_is_kept_and_no_more_than_there_is_room_for() {
        let mut all = Recent::new(RandomState::default());
        assert!(all.is_empty() && all.get(&0).is_none());
        for key in 0..20_000_u32 {
            assert_eq!(all.touch(key, key * 2), Some(&mut (key * 2)));
            // One that is touched again and again stays, with the value that it has.
            assert_eq!(all.touch(7_000_000, key), Some(&mut 0));
        }
        let kept = (0..20_000).filter(|key| all.get(key).is_some()).count();
        assert!((3_000..SETS * WAYS).contains(&kept), "{kept}");
        assert_eq!(all.get(&19_999), Some(&mut 39_998));
        all.clear();
        assert!(all.is_empty() && all.get(&19_999).is_none());
    }
}
