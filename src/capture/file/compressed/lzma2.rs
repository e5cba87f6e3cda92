//! LZMA2: chunks of LZMA and of stored octets, with one history (`xz-file-format.txt` 5.3.1, and
//! `lzma-specification.txt` of the LZMA SDK).
//!
//! Decoded here, symbol by symbol, because every library that was tried withholds what it decoded
//! before damage: of a cut file `lzma-rust2` 0.25 gave nothing where `xz -dc` gives half of it.

mod model;
mod range;

use std::io::Result;

use self::model::Model;
use self::range::Range;
use super::input::{Input, cut, damaged};

/// Octets of a compressed chunk that begin its range coder.
const RANGE_OCTETS: usize = 5;

/// Decoder of LZMA2.
pub(super) struct Lzma2 {
    /// The octets before; more than the dictionary now and then, so that it moves seldom.
    history: Vec<u8>,
    dictionary: usize,
    /// Octets since the history began.
    position: usize,
    model: Model,
    /// What the next compressed chunk must bring along.
    needs: Needs,
    packed: Vec<u8>,
}

/// What is not known yet of how to decode.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    Nothing,
    /// A state that begins anew.
    State,
    /// The properties of the model too.
    Properties,
    /// A history that begins anew too.
    History,
}

impl Lzma2 {
    /// A decoder with a dictionary of so many octets, which take memory only as they come.
    pub(super) fn new(dictionary: usize) -> Self {
        Self {
            history: Vec::new(),
            dictionary: dictionary.max(4096),
            position: 0,
            model: Model::default(),
            needs: Needs::History,
            packed: Vec::new(),
        }
    }

    /// Appends what the next chunk gives to `out`, at most 2 MiB; false when there are no more.
    pub(super) fn chunk(&mut self, input: &mut Input, out: &mut Vec<u8>) -> Result<bool> {
        let control = input.octet()?;
        if control == 0 {
            return Ok(false);
        }
        if control == 1 || control >= 0xe0 {
            self.history.clear();
            self.position = 0;
            self.needs = Needs::Properties;
        } else if self.needs == Needs::History {
            return Err(damaged("LZMA2 data that does not begin with a dictionary"));
        }
        self.forget();
        let before = self.history.len();
        let done = if control < 0x80 {
            self.stored(control, input)
        } else {
            self.compressed(control, input)
        };
        let new = self.history.get(before..).unwrap_or_default();
        out.extend_from_slice(new);
        self.position = self.position.wrapping_add(new.len());
        done.map(|()| true)
    }

    /// Drops what is older than the dictionary, when that is enough to be worth moving the rest.
    fn forget(&mut self) {
        let old = self.history.len().saturating_sub(self.dictionary);
        if old > self.dictionary / 4 && old > 1 << 20 {
            self.history.drain(..old);
        }
    }

    fn stored(&mut self, control: u8, input: &mut Input) -> Result<()> {
        if control > 2 {
            return Err(damaged(format!("LZMA2 chunk of unknown kind 0x{control:02x}")));
        }
        let len = usize::from(u16::from_be_bytes(input.array()?)).saturating_add(1);
        if input.append(len, &mut self.history)? < len { Err(cut()) } else { Ok(()) }
    }

    fn compressed(&mut self, control: u8, input: &mut Input) -> Result<()> {
        let [middle, low, packed_high, packed_low] = input.array()?;
        let len = u32::from_be_bytes([0, control & 0x1f, middle, low]) as usize;
        let len = len.saturating_add(1);
        let packed = usize::from(u16::from_be_bytes([packed_high, packed_low])).saturating_add(1);
        let has = match control >> 5 & 3 {
            0 => Needs::Nothing,
            1 => Needs::State,
            _ => Needs::Properties,
        };
        if has == Needs::Properties {
            self.model.set_properties(input.octet()?)?;
        }
        if has < self.needs {
            return Err(damaged("LZMA2 chunk that does not say how it is to be decoded"));
        }
        self.needs = Needs::Nothing;
        if has != Needs::Nothing {
            self.model.reset();
        }
        if packed < RANGE_OCTETS {
            return Err(damaged(format!("LZMA2 chunk of {packed} octets")));
        }
        self.packed.clear();
        let is_cut = input.append(packed, &mut self.packed)? < packed;
        let Some(mut range) = Range::new(&self.packed, input) else {
            return Err(if is_cut { cut() } else { damaged("LZMA2 chunk without a range coder") });
        };
        let done = self.model.decode(&mut range, &mut self.history, self.position, len);
        if is_cut {
            return Err(cut());
        }
        done?;
        if !range.is_finished() {
            return Err(damaged("LZMA2 chunk that does not end where it says"));
        }
        Ok(())
    }
}
