//! Flows that several analysts add to at once.
//!
//! With a set of its own each analyst would hold most flows a second time, and the caches half of
//! them; and the sets would have to be merged while all but one wait.

use std::sync::{Mutex, MutexGuard};

use foldhash::quality::RandomState;

use super::analysis::{Analysis, Limits};
use super::brief::Briefs;
use super::ending::Gone;
use super::key::{Key, V4Key, V6Key};
use super::path::Paths;
use super::shard::{Room, Shards, Spread, Tables, add};
use super::table::Table;
use crate::base::threads::{lock, try_lock};

/// The flows of a capture, and the chains that they travel in.
#[derive(Debug)]
pub struct Common {
    v4: Side<V4Key>,
    v6: Side<V6Key>,
    paths: Mutex<Paths>,
    room: Room,
    limits: Limits,
    seed: RandomState,
}

/// The flows over one IP version.
#[derive(Debug)]
struct Side<K> {
    tables: Vec<Mutex<Table<K>>>,
    spread: Spread,
}

impl<K: Key> Side<K> {
    fn new(seed: &RandomState, limits: Limits) -> Self {
        let Shards { tables, spread } = Shards::new(seed.clone(), limits.flows);
        Self { tables: tables.into_iter().map(Mutex::new).collect(), spread }
    }

    /// Takes all flows out.
    fn take(&self, to: &mut Shards<K>) {
        for (mine, to) in self.tables.iter().zip(&mut to.tables) {
            std::mem::swap(&mut *lock(mine), to);
        }
    }
}

impl<K> Tables<K> for &[Mutex<Table<K>>] {
    type Held<'a>
        = MutexGuard<'a, Table<K>>
    where
        Self: 'a;

    fn try_hold(&mut self, number: usize) -> Option<Self::Held<'_>> {
        try_lock(self.get(number)?)
    }

    fn hold(&mut self, number: usize) -> Self::Held<'_> {
        lock(&self[number])
    }
}

impl Common {
    /// No flows yet.
    pub fn new(limits: Limits, seed: RandomState) -> Self {
        Self {
            v4: Side::new(&seed, limits),
            v6: Side::new(&seed, limits),
            paths: Mutex::new(Paths::new(limits.paths)),
            room: Room::new(limits.flows, 0),
            limits,
            seed,
        }
    }

    /// Adds packets: to these flows, and in everything else to `part`.
    pub fn fold(&self, briefs: &mut Briefs, part: &mut Analysis) {
        part.count_all(briefs);
        if briefs.are_any_tunnelled() {
            briefs.name_paths(&mut lock(&self.paths));
        }
        let gone = &mut Gone { evicted: &mut part.evicted, past: &mut part.past };
        let v4 = (&self.v4.spread, &mut &*self.v4.tables);
        let v6 = (&self.v6.spread, &mut &*self.v6.tables);
        add(briefs, v4, v6, &self.room, gone, |_, _| ());
    }

    /// An analysis of nothing but these flows, which are no longer here.
    pub fn take(&self) -> Analysis {
        let mut all = Analysis::new(self.limits, self.seed.clone());
        self.v4.take(&mut all.v4);
        self.v6.take(&mut all.v6);
        std::mem::swap(&mut all.paths, &mut *lock(&self.paths));
        all
    }
}
