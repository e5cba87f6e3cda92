//! Chains: what the packets of a tunnelled flow travel in, outermost first.
//!
//! Few chains carry many flows, so a flow holds only a chain's number.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::quality::RandomState;
use hashbrown::HashMap;

use super::analysis::KeyParts;
use super::key::{MAX_PATH, PathId};
use crate::decode::fixed::Ip;
use crate::decode::outline::{Around, Outline};
use crate::decode::tuple::Pair;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;

/// One thing that a flow travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// Addresses of an IP header around the flow's.
    Pair(Pair),
    /// The number of a VLAN.
    Vlan(u16),
    /// The number of a network within such a header: VNI, VSID, I-SID, GRE's key.
    Network(Layer, u32),
}

impl Element {
    /// Its addresses, if it is an IP header.
    pub fn pair(&self) -> Option<Pair> {
        match *self {
            Self::Pair(pair) => Some(pair),
            Self::Vlan(_) | Self::Network(..) => None,
        }
    }

    /// Its number, if it is a VLAN.
    pub fn vlan(&self) -> Option<u16> {
        match *self {
            Self::Vlan(number) => Some(number),
            Self::Pair(_) | Self::Network(..) => None,
        }
    }
}

/// What a chain is made of, as words: each thing begins with one that says what it is, and has the
/// number of a VLAN or network in it; addresses follow.
const VLAN: u64 = 1 << 56;
const NETWORK: u64 = 2 << 56;
const PAIR4: u64 = 3 << 56;
const PAIR6: u64 = 4 << 56;
const KIND: u64 = 0xff << 56;

/// Appends the chain of a packet whose key is turned round, or not: a tunnel's two directions are one
/// chain.
#[inline]
pub(super) fn push_chain(
    outline: &Outline,
    bytes: &[u8],
    (swapped, parts): (bool, KeyParts),
    to: &mut Vec<u64>,
) {
    for around in &outline.around {
        match *around {
            Around::Vlan(_) if !parts.vlans => {}
            Around::Network(_) if !parts.networks => {}
            Around::Ip(at) => match at.read(bytes) {
                Some(Ip::V4(ip)) => {
                    let (from, to_it) = (u64::from(ip.source()), u64::from(ip.destination()));
                    let pair = if swapped { to_it << 32 | from } else { from << 32 | to_it };
                    to.extend([PAIR4, pair]);
                }
                Some(Ip::V6(ip)) => {
                    let (from, to_it) = (halves(ip.source()), halves(ip.destination()));
                    let ([a, b], [c, d]) = if swapped { (to_it, from) } else { (from, to_it) };
                    to.extend([PAIR6, a, b, c, d]);
                }
                None => {}
            },
            Around::Vlan(at) => {
                let tag = bytes.get(usize::from(at)..).and_then(<[u8]>::first_chunk);
                to.extend(tag.map(|tag| VLAN | u64::from(u16::from_be_bytes(*tag) & 0xfff)));
            }
            Around::Network(span) => {
                let header = bytes.get(usize::from(span.at)..span.end());
                let number = header.and_then(|header| (span.layer.header().network?)(header));
                let what = NETWORK | (span.layer as u64) << 32;
                to.extend(number.map(|number| what | u64::from(number)));
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of an address")]
fn halves(address: u128) -> [u64; 2] {
    [(address >> 64) as u64, address as u64]
}

/// The same chain for a key that is the other way round.
pub(super) fn turn(mut chain: &mut [u64]) {
    while let Some((what, rest)) = chain.split_first_mut() {
        let len = match *what & KIND {
            PAIR4 => 1,
            PAIR6 => 4,
            _ => 0,
        };
        let Some((pair, behind)) = rest.split_at_mut_checked(len) else { return };
        match pair {
            [pair] => *pair = pair.rotate_left(32),
            pair => pair.rotate_left(len / 2),
        }
        chain = behind;
    }
}

/// What the words of a chain stand for.
#[expect(clippy::cast_possible_truncation, reason = "the parts of a word")]
fn elements(mut chain: &[u64]) -> Box<[Element]> {
    let mut all = Vec::new();
    while let Some((&what, rest)) = chain.split_first() {
        chain = rest;
        let low = what as u32;
        all.push(match (what & KIND, rest) {
            (VLAN, _) => Element::Vlan(low as u16),
            (NETWORK, _) => {
                let layer = (what >> 32 & 0xff) as usize;
                let Some(header) = HEADERS.get(layer) else { break };
                Element::Network(header.layer, low)
            }
            (PAIR4, &[pair, ref behind @ ..]) => {
                chain = behind;
                Element::Pair(Pair::V4((pair >> 32) as u32, pair as u32))
            }
            (PAIR6, &[a, b, c, d, ref behind @ ..]) => {
                chain = behind;
                let join = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
                Element::Pair(Pair::V6(join(a, b), join(c, d)))
            }
            _ => break,
        });
    }
    all.into()
}

/// The words that a chain is told by, and what they stand for.
type Chain = (Box<[u64]>, Box<[Element]>);

/// The chains seen, numbered from 1 in the order they came.
#[derive(Debug, Clone)]
pub struct Paths {
    /// Each with the words that it was told by.
    chains: Vec<Chain>,
    numbers: HashMap<Box<[u64]>, PathId, RandomState>,
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
    fn number(&mut self, chain: &[u64]) -> PathId {
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
        self.chains.push((chain.into(), elements(chain)));
        let number = PathId::try_from(self.chains.len()).unwrap_or(MAX_PATH);
        self.numbers.insert(chain.into(), number);
        number
    }

    /// The chain of that number.
    pub fn chain(&self, path: PathId) -> &[Element] {
        let index = usize::try_from(path).unwrap_or(0).wrapping_sub(1);
        self.chains.get(index).map_or(&[], |(_, chain)| chain)
    }

    /// The words of the chain of that number.
    fn words(&self, path: PathId) -> &[u64] {
        let index = usize::try_from(path).unwrap_or(0).wrapping_sub(1);
        self.chains.get(index).map_or(&[], |(words, _)| words)
    }

    /// The address pairs of the chain of that number, outermost first.
    pub fn pairs(&self, path: PathId) -> impl Iterator<Item = Pair> + '_ {
        self.chain(path).iter().filter_map(Element::pair)
    }

    /// Whether the flows of that chain have no IP header around them.
    pub fn is_outermost(&self, path: PathId) -> bool {
        path == 0 || (path != MAX_PATH && self.pairs(path).next().is_none())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// Takes in another's chains: what its numbers are here, by its numbers less one.
    pub fn merge(&mut self, other: &Self) -> Vec<PathId> {
        self.overflowed += other.overflowed;
        other.chains.iter().map(|(words, _)| self.number(words)).collect()
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
    pub(super) fn number(&mut self, chain: &[u64], paths: &mut Paths) -> PathId {
        if self.identity != paths.identity {
            self.slots.clear();
            self.slots.resize(SLOTS, (0, 0));
            self.identity = paths.identity;
        }
        let hash = hash(chain, &self.seed);
        let place = usize::try_from(hash >> 54).unwrap_or(0);
        let Some(slot) = self.slots.get_mut(place) else { return paths.number(chain) };
        if slot.0 == hash && paths.words(slot.1) == chain {
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

fn hash(chain: &[u64], seed: &RandomState) -> u64 {
    let mut hasher = seed.build_hasher();
    for word in chain {
        hasher.write_u64(*word);
    }
    hasher.finish()
}
