//! Chains: what the packets of a tunnelled flow travel in, outermost first.
//!
//! Few chains carry many flows, so a flow holds only a chain's number.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use arrayvec::ArrayVec;
use foldhash::quality::RandomState;
use hashbrown::HashMap;

use super::key::{MAX_PATH, PathId};
use crate::decode::outline::{Around, MOST_AROUND, Outline};
use crate::decode::tuple::Pair;

/// One thing that a flow travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// Addresses of an IP header around the flow's.
    Pair(Pair),
}

impl Element {
    /// What stands there in a packet.
    fn of(around: Around, bytes: &[u8]) -> Option<Self> {
        match around {
            Around::Ip(ip) => ip.pair(bytes).map(Self::Pair),
            Around::Vlan(_) | Around::Network(_) => None,
        }
    }

    /// The same as seen by packets that go the other way.
    fn turned(self) -> Self {
        match self {
            Self::Pair(pair) => Self::Pair(pair.turned()),
        }
    }
}

/// The things of one chain, outermost first; the innermost addresses are the flow's own.
pub type Chain = ArrayVec<Element, MOST_AROUND>;

/// The chain of a packet whose key is turned round, or not: a tunnel's two directions are one chain.
pub(super) fn chain(outline: &Outline, bytes: &[u8], swapped: bool) -> Chain {
    let elements = outline.around.iter().filter_map(|&around| Element::of(around, bytes));
    let turned = |element: Element| if swapped { element.turned() } else { element };
    elements.map(turned).collect()
}

/// The same chain for a key that is the other way round.
pub(super) fn turn(chain: &mut Chain) {
    chain.iter_mut().for_each(|element| *element = element.turned());
}

/// The chains seen, numbered from 1 in the order they came.
#[derive(Debug, Clone)]
pub struct Paths {
    chains: Vec<Box<[Element]>>,
    numbers: HashMap<Box<[Element]>, PathId, RandomState>,
    limit: usize,
    /// Packets whose chain was not kept because the table was full.
    pub overflowed: u64,
    /// Tells these chains from those of other analyses.
    identity: u64,
}

impl Paths {
    /// At most `limit` chains.
    pub fn new(limit: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            chains: Vec::new(),
            numbers: HashMap::default(),
            limit: limit.min(MAX_PATH as usize - 1),
            overflowed: 0,
            identity: NEXT.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The number of `chain`, given now if it is new; [`MAX_PATH`] when no more fit.
    pub fn number(&mut self, chain: &[Element]) -> PathId {
        if chain.is_empty() {
            return 0;
        }
        if let Some(&number) = self.numbers.get(chain) {
            return number;
        }
        if self.chains.len() >= self.limit {
            self.overflowed += 1;
            return MAX_PATH;
        }
        self.chains.push(chain.into());
        let number = PathId::try_from(self.chains.len()).unwrap_or(MAX_PATH);
        self.numbers.insert(chain.into(), number);
        number
    }

    /// The chain of that number.
    pub fn chain(&self, path: PathId) -> &[Element] {
        let index = usize::try_from(path).unwrap_or(0).wrapping_sub(1);
        self.chains.get(index).map_or(&[], |chain| chain)
    }

    /// The address pairs of the chain of that number, outermost first.
    pub fn pairs(&self, path: PathId) -> impl Iterator<Item = Pair> + '_ {
        self.chain(path).iter().map(|element| match element {
            Element::Pair(pair) => *pair,
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// Takes in another's chains: what its numbers are here, by its numbers less one.
    pub fn merge(&mut self, other: &Self) -> Vec<PathId> {
        self.overflowed += other.overflowed;
        other.chains.iter().map(|chain| self.number(chain)).collect()
    }
}

/// Slots of [`Known`].
const SLOTS: usize = 1_024;

/// Chains that one analyst met lately, and their numbers.
#[derive(Debug, Default)]
pub(super) struct Known {
    slots: Vec<(u64, PathId)>,
    seed: RandomState,
    /// Whose numbers they are.
    identity: u64,
}

impl Known {
    /// The number of a chain.
    pub(super) fn number(&mut self, chain: &[Element], paths: &mut Paths) -> PathId {
        if self.identity != paths.identity {
            self.slots.clear();
            self.slots.resize(SLOTS, (0, 0));
            self.identity = paths.identity;
        }
        let hash = hash(chain, &self.seed);
        let place = usize::try_from(hash >> 54).unwrap_or(0);
        let Some(slot) = self.slots.get_mut(place) else { return paths.number(chain) };
        if slot.0 == hash && paths.chain(slot.1) == chain {
            return slot.1;
        }
        let number = paths.number(chain);
        // What found no room is counted each time.
        if number != MAX_PATH {
            *slot = (hash, number);
        }
        number
    }
}

fn hash(chain: &[Element], seed: &RandomState) -> u64 {
    let mut hasher = seed.build_hasher();
    for element in chain {
        match *element {
            Element::Pair(Pair::V4(a, b)) => hasher.write_u64(u64::from(a) << 32 | u64::from(b)),
            Element::Pair(Pair::V6(a, b)) => {
                hasher.write_u128(a);
                hasher.write_u128(b);
            }
        }
    }
    hasher.finish()
}
