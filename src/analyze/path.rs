//! Chains: the headers that encapsulate a tunnelled flow, outermost first.
//!
//! Few chains carry many flows, so a flow holds only a chain's number.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::quality::RandomState;

use super::count::small;
use super::key::{MAX_PATH, PathId, SPREADS};
use super::settings::KeyParts;
use crate::decode::fixed::Ip;
use crate::decode::outline::{Around, Outline};
use crate::decode::tuple::Pair;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;

/// A header that encapsulates a flow.
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

/// Appends the chain of a packet whose key is turned round, or not: a tunnel's two directions are
/// one chain.
#[inline]
fn push_chain(
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
                    let pair = u64::from(ip.source()) << 32 | u64::from(ip.destination());
                    to.extend([PAIR4, if swapped { pair.rotate_left(32) } else { pair }]);
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

/// What encapsulates a flow.
#[derive(Debug, Clone)]
struct Chain {
    /// The words that it is known by.
    words: Box<[u64]>,
    /// What they stand for.
    elements: Box<[Element]>,
    /// Whether no IP header is among them.
    is_outermost: bool,
}

/// The chains seen, numbered from 1 in the order they came.
#[derive(Debug, Clone)]
pub struct Paths {
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
    pub(super) fn number(&mut self, chain: &[u64]) -> PathId {
        if chain.is_empty() {
            return 0;
        }
        if let Some(&number) = self.numbers.get(chain) {
            return number;
        }
        if self.chains.len() >= self.limit {
            return MAX_PATH;
        }
        let elements = elements(chain);
        let is_outermost = elements.iter().all(|element| element.pair().is_none());
        self.chains.push(Chain { words: chain.into(), elements, is_outermost });
        let number = PathId::try_from(self.chains.len()).unwrap_or(MAX_PATH);
        self.numbers.insert(chain.into(), number);
        number
    }

    /// The chain of that number.
    pub fn chain(&self, path: PathId) -> &[Element] {
        self.get(path).map_or(&[], |chain| &chain.elements)
    }

    /// The words of the chain of that number.
    fn words(&self, path: PathId) -> &[u64] {
        self.get(path).map_or(&[], |chain| &chain.words)
    }

    fn get(&self, path: PathId) -> Option<&Chain> {
        self.chains.get((path as usize).wrapping_sub(1))
    }

    /// The address pairs of the chain of that number, outermost first.
    pub fn pairs(&self, path: PathId) -> impl Iterator<Item = Pair> + '_ {
        self.chain(path).iter().filter_map(Element::pair)
    }

    /// Whether the flows of that chain have no IP header around them.
    pub fn is_outermost(&self, path: PathId) -> bool {
        path == 0 || self.get(path).is_some_and(|chain| chain.is_outermost)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chains.len()
    }

    /// Whether there are no chains.
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// Takes in another's chains: what its numbers are here, by its numbers less one.
    pub fn merge(&mut self, other: &Self) -> Vec<PathId> {
        self.overflowed += other.overflowed;
        let mut numbers = Vec::with_capacity(other.chains.len());
        for chain in &other.chains {
            let number = self.number(&chain.words);
            self.overflowed += u64::from(number == MAX_PATH);
            numbers.push(number);
        }
        numbers
    }
}

/// Slots of [`KnownChains`].
const SLOTS: usize = 2_048;

/// Chains that one analyst met lately: those of the batch at hand, and their numbers.
#[derive(Debug, Default)]
pub(super) struct KnownChains {
    /// Those of the batch, as a rule each once.
    batch: Vec<OfBatch>,
    /// Their words.
    words: Vec<u64>,
    /// Each at a place that follows from its words.
    slots: Vec<Slot>,
    /// Whose numbers they are.
    identity: u64,
}

/// A chain of a batch.
#[derive(Debug, Clone, Copy)]
struct OfBatch {
    /// Where its words begin and end.
    first: u32,
    end: u32,
    slot: u32,
    /// Its number, once it has one.
    path: PathId,
}

/// What was last there.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// Which of the batch, if it is any; that one knows its slot.
    chain: u32,
    path: PathId,
}

impl KnownChains {
    /// Forgets the batch.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
        self.words.clear();
    }

    /// Which of the batch the chain of a packet is, whose key is turned round or not; none where it
    /// is not encapsulated.
    pub(super) fn add(
        &mut self,
        outline: &Outline,
        bytes: &[u8],
        way: (bool, KeyParts),
    ) -> Option<u32> {
        let first = self.words.len();
        push_chain(outline, bytes, way, &mut self.words);
        self.known(first)
    }

    /// Which of the batch the chain is whose words are those from `first` on.
    #[inline]
    fn known(&mut self, first: usize) -> Option<u32> {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        let words = self.words.get(first..).filter(|words| !words.is_empty())?;
        let mixed = words.iter().fold(0_u64, |sum, word| (sum ^ word).wrapping_mul(SPREADS));
        let at = (mixed >> 32) as usize % SLOTS;
        let slot = self.slots.get_mut(at)?;
        let there = self.batch.get(slot.chain as usize).filter(|there| there.slot as usize == at);
        let same = there.and_then(|there| self.words.get(there.first as usize..there.end as usize));
        if same == Some(words) {
            self.words.truncate(first);
        } else {
            slot.chain = small(self.batch.len());
            let (first, end) = (small(first), small(self.words.len()));
            self.batch.push(OfBatch { first, end, slot: small(at), path: 0 });
        }
        Some(slot.chain)
    }

    /// The words of a chain of the batch.
    pub(super) fn words(&self, chain: u32) -> &[u64] {
        let of = self.batch.get(chain as usize);
        of.and_then(|of| self.words.get(of.first as usize..of.end as usize)).unwrap_or_default()
    }

    /// Which of the batch the chain of those words is; none of none.
    pub(super) fn put(&mut self, words: &[u64]) -> Option<u32> {
        let first = self.words.len();
        self.words.extend_from_slice(words);
        self.known(first)
    }

    /// From now on numbers are those that chains have among `paths`.
    pub(super) fn begin(&mut self, paths: &Paths) {
        if self.identity != paths.identity {
            self.slots.iter_mut().for_each(|slot| slot.path = 0);
            self.batch.iter_mut().for_each(|of| of.path = 0);
            self.identity = paths.identity;
        }
    }

    /// The number of a chain of the batch.
    #[inline]
    pub(super) fn number(&mut self, chain: u32, paths: &mut Paths) -> PathId {
        match self.batch.get(chain as usize) {
            Some(of) if of.path != 0 => of.path,
            _ => self.number_new(chain, paths),
        }
    }

    #[inline(never)]
    fn number_new(&mut self, chain: u32, paths: &mut Paths) -> PathId {
        let Some(of) = self.batch.get_mut(chain as usize) else { return 0 };
        let words = self.words.get(of.first as usize..of.end as usize).unwrap_or_default();
        let slot = self.slots.get_mut(of.slot as usize);
        of.path = match &slot {
            Some(slot) if slot.path != 0 && paths.words(slot.path) == words => slot.path,
            _ => paths.number(words),
        };
        // One that found no room looks for it again.
        if let Some(slot) = slot.filter(|_| of.path != MAX_PATH) {
            slot.path = of.path;
        }
        of.path
    }
}
