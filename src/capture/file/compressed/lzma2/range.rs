//! The range coder: octets as bits, each as likely as its probability says.

use super::super::input::Input;

/// Below this the range takes in another octet.
const TOP: u32 = 1 << 24;
/// Bits of a probability, and how fast it follows what comes.
const PRECISION: u32 = 11;
const SPEED: u32 = 5;

/// That a 0 is as likely as a 1.
pub(super) const EVEN: u16 = 1 << (PRECISION - 1);

/// Reads bits out of the octets of one chunk.
pub(super) struct Range<'a> {
    octets: &'a [u8],
    /// What follows the chunk: damage leads into it, and as far as that `xz` follows.
    beyond: &'a mut Input,
    has_left: bool,
    width: u32,
    code: u32,
    /// Whether an octet was needed that is not there: the bits read since make no sense.
    is_starved: bool,
}

impl<'a> Range<'a> {
    /// The coder of a chunk, and what follows it; nothing when its first octets are none.
    pub(super) fn new(chunk: &'a [u8], beyond: &'a mut Input) -> Option<Self> {
        let ([0, code @ ..], octets) = chunk.split_first_chunk::<5>()? else { return None };
        let code = u32::from_be_bytes(*code);
        Some(Self { octets, beyond, has_left: false, width: u32::MAX, code, is_starved: false })
    }

    /// Whether what was read last lies behind the end.
    pub(super) fn is_starved(&self) -> bool {
        self.is_starved
    }

    /// Whether all octets are taken, and say that this is the end.
    pub(super) fn is_finished(&mut self) -> bool {
        self.fill();
        !self.is_starved && !self.has_left && self.octets.is_empty() && self.code == 0
    }

    #[inline]
    fn fill(&mut self) {
        if self.width < TOP {
            let next = match self.octets.split_first() {
                Some((next, rest)) => {
                    self.octets = rest;
                    *next
                }
                None => self.leave(),
            };
            self.width <<= 8;
            self.code = self.code << 8 | u32::from(next);
        }
    }

    #[cold]
    fn leave(&mut self) -> u8 {
        self.has_left = true;
        self.beyond.octet().unwrap_or_else(|_| {
            self.is_starved = true;
            0
        })
    }

    /// One bit of that probability, which learns from it.
    #[inline]
    pub(super) fn bit(&mut self, probability: &mut u16) -> bool {
        self.fill();
        let old = u32::from(*probability);
        let bound = (self.width >> PRECISION).wrapping_mul(old);
        if self.code < bound {
            self.width = bound;
            // Never more than 11 bits.
            let step = (1_u32 << PRECISION).wrapping_sub(old) >> SPEED;
            *probability = probability.wrapping_add((step & 0xffff) as u16);
            false
        } else {
            self.width = self.width.wrapping_sub(bound);
            self.code = self.code.wrapping_sub(bound);
            *probability = probability.wrapping_sub(*probability >> SPEED);
            true
        }
    }

    /// So many bits that are all even, the first the most significant.
    #[inline]
    pub(super) fn direct(&mut self, bits: u32) -> u32 {
        let mut number = 0;
        for _ in 0..bits {
            self.fill();
            self.width >>= 1;
            let is_one = self.code >= self.width;
            if is_one {
                self.code = self.code.wrapping_sub(self.width);
            }
            number = number << 1 | u32::from(is_one);
        }
        number
    }

    /// A number of so many bits as `N` has states, the first the most significant; each prefix has
    /// its probability.
    #[inline]
    pub(super) fn tree<const N: usize>(&mut self, probabilities: &mut [u16; N]) -> u32 {
        let (mut symbol, mut number) = (1, 0);
        while symbol < N {
            // Always within a table whose length is a power of two.
            let Some(probability) = probabilities.get_mut(symbol & N.wrapping_sub(1)) else {
                break;
            };
            let bit = self.bit(probability);
            symbol = symbol << 1 | usize::from(bit);
            number = number << 1 | u32::from(bit);
        }
        number
    }

    /// A number of so many bits with the first bit the least significant.
    #[inline]
    pub(super) fn reverse_tree(&mut self, probabilities: &mut [u16], bits: u32) -> u32 {
        let (mut symbol, mut number) = (1, 0);
        for at in 0..bits {
            let Some(probability) = probabilities.get_mut(symbol) else { break };
            let bit = self.bit(probability);
            symbol = symbol << 1 | usize::from(bit);
            number |= u32::from(bit) << at;
        }
        number
    }
}
