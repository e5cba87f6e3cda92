//! Chains of outer address pairs: what a tunnelled packet travelled in, outermost first.
//!
//! Few chains carry many flows, so a flow holds only a chain's number.

use hashbrown::HashMap;

use super::key::{MAX_PATH, PathId};
use crate::decode::tuple::Pair;

/// Outer pairs of one chain, outermost first; the innermost is the flow's own.
pub type Chain = Vec<Pair>;

/// The chains seen, numbered from 1 in the order they came.
#[derive(Debug, Clone)]
pub struct Paths {
    chains: Vec<Chain>,
    numbers: HashMap<Chain, PathId, foldhash::quality::RandomState>,
    limit: usize,
    /// Packets whose chain was not kept because the table was full.
    pub overflowed: u64,
}

impl Paths {
    /// At most `limit` chains.
    pub fn new(limit: usize) -> Self {
        Self {
            chains: Vec::new(),
            numbers: HashMap::default(),
            limit: limit.min(MAX_PATH as usize - 1),
            overflowed: 0,
        }
    }

    /// The number of `chain`, given now if it is new; [`MAX_PATH`] when no more fit.
    pub fn number(&mut self, chain: &[Pair]) -> PathId {
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
        self.chains.push(chain.to_vec());
        let number = PathId::try_from(self.chains.len()).unwrap_or(MAX_PATH);
        self.numbers.insert(chain.to_vec(), number);
        number
    }

    /// The chain of that number.
    pub fn chain(&self, path: PathId) -> &[Pair] {
        let index = usize::try_from(path).unwrap_or(0).wrapping_sub(1);
        self.chains.get(index).map_or(&[], Vec::as_slice)
    }

    /// All chains, by number.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// Takes in another's chains: what its numbers are here, by its numbers less one.
    pub fn merge(&mut self, other: &Self) -> Vec<PathId> {
        self.overflowed += other.overflowed;
        other.chains.iter().map(|chain| self.number(chain)).collect()
    }
}
