//! A compiled BPF program as plain numbers, and the machine that runs it over a packet.
//!
//! libpcap compiles; its own programs belong to one thread, run only with the captured length as
//! the packet's, and cannot be looked at.  These are shared by all threads and know both lengths.
//! Source: "The BSD Packet Filter" (USENIX 1993); libpcap's `bpf_filter.c`.

use std::sync::Arc;

use pcap::BpfProgram;

/// Words of scratch memory.
const MEMORY: usize = 16;

/// Instructions of one run.  Only `protochain` jumps backwards, once a header; a packet that makes
/// it go on for so long passes no filter.
const STEPS: usize = 1 << 16;

/// One instruction, as the kernel has it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::capture) struct Instruction {
    pub(in crate::capture) code: u16,
    pub(in crate::capture) if_true: u8,
    pub(in crate::capture) if_false: u8,
    pub(in crate::capture) k: u32,
}

/// Instructions that end in a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::capture) struct Program(Arc<[Instruction]>);

impl Program {
    /// What libpcap compiled.
    pub(in crate::capture) fn of(compiled: &BpfProgram) -> Option<Self> {
        // The pcap crate shows an instruction's four numbers only as text.
        let read = |text: String| {
            let mut numbers = text.split_ascii_whitespace();
            Some(Instruction {
                code: numbers.next()?.parse().ok()?,
                if_true: numbers.next()?.parse().ok()?,
                if_false: numbers.next()?.parse().ok()?,
                k: numbers.next()?.parse().ok()?,
            })
        };
        let all = compiled.get_instructions().iter().map(|one| read(one.to_string()));
        Some(Self(all.collect::<Option<_>>()?))
    }

    /// The instructions in order.
    pub(in crate::capture) fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// Whether a packet passes, of which `bytes` were captured and `original` octets sent.
    pub(in crate::capture) fn passes(&self, bytes: &[u8], original: u32) -> bool {
        Machine { bytes, original, a: 0, x: 0, memory: [0; MEMORY] }.run(&self.0).unwrap_or(0) != 0
    }
}

/// A packet and the registers.
struct Machine<'a> {
    bytes: &'a [u8],
    original: u32,
    a: u32,
    x: u32,
    memory: [u32; MEMORY],
}

/// What an instruction leads to.
enum Then {
    /// So many instructions are left out, or gone back.
    Skip(i64),
    /// The packet passes with so many octets; 0 is that it does not.
    Return(u32),
}

impl Machine<'_> {
    /// The result; nothing when a load is outside the packet, a divisor 0, a jump outside the
    /// program.
    fn run(&mut self, program: &[Instruction]) -> Option<u32> {
        let mut at = 0_usize;
        for _ in 0..STEPS {
            match self.step(*program.get(at)?)? {
                Then::Return(octets) => return Some(octets),
                Then::Skip(count) => {
                    at = usize::try_from(i64::try_from(at).ok()? + 1 + count).ok()?;
                }
            }
        }
        None
    }

    fn step(&mut self, instruction: Instruction) -> Option<Then> {
        let Instruction { code, k, .. } = instruction;
        match code & 0x07 {
            0 => self.a = self.load(code, k)?,
            1 if code & 0xe0 == 0xa0 => {
                self.x = u32::from(*self.bytes.get(to_usize(k))? & 0xf) << 2;
            }
            1 => self.x = self.load(code, k)?,
            2 => *self.memory.get_mut(to_usize(k))? = self.a,
            3 => *self.memory.get_mut(to_usize(k))? = self.x,
            4 => self.a = self.compute(code, k)?,
            5 => return self.jump(instruction),
            6 => return Some(Then::Return(if code & 0x18 == 0x10 { self.a } else { k })),
            _ if code & 0x80 == 0 => self.x = self.a,
            _ => self.a = self.x,
        }
        Some(Then::Skip(0))
    }

    fn load(&self, code: u16, k: u32) -> Option<u32> {
        let at = match code & 0xe0 {
            0x00 => return Some(k),
            0x20 => k,
            0x40 => self.x.checked_add(k)?,
            0x60 => return self.memory.get(to_usize(k)).copied(),
            0x80 => return Some(self.original),
            _ => return None,
        };
        let rest = self.bytes.get(to_usize(at)..)?;
        Some(match code & 0x18 {
            0x00 => u32::from_be_bytes(*rest.first_chunk()?),
            0x08 => u16::from_be_bytes(*rest.first_chunk()?).into(),
            _ => (*rest.first()?).into(),
        })
    }

    fn compute(&self, code: u16, k: u32) -> Option<u32> {
        let (a, b) = (self.a, if code & 0x08 == 0 { k } else { self.x });
        Some(match code & 0xf0 {
            0x00 => a.wrapping_add(b),
            0x10 => a.wrapping_sub(b),
            0x20 => a.wrapping_mul(b),
            0x30 => a.checked_div(b)?,
            0x40 => a | b,
            0x50 => a & b,
            0x60 => a.checked_shl(b).unwrap_or(0),
            0x70 => a.checked_shr(b).unwrap_or(0),
            0x80 => a.wrapping_neg(),
            0x90 => a.checked_rem(b)?,
            0xa0 => a ^ b,
            _ => return None,
        })
    }

    fn jump(&self, instruction: Instruction) -> Option<Then> {
        let Instruction { code, if_true, if_false, k } = instruction;
        let b = if code & 0x08 == 0 { k } else { self.x };
        let is_true = match code & 0xf0 {
            // `protochain` goes back by a distance that is negative.
            0x00 => return Some(Then::Skip(k.cast_signed().into())),
            0x10 => self.a == b,
            0x20 => self.a > b,
            0x30 => self.a >= b,
            0x40 => self.a & b != 0,
            _ => return None,
        };
        Some(Then::Skip(if is_true { if_true } else { if_false }.into()))
    }
}

fn to_usize(k: u32) -> usize {
    usize::try_from(k).unwrap_or(usize::MAX)
}
