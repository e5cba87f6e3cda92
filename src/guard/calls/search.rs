//! A list of numbers as a classic BPF program that looks a system call up by halves.
//!
//! Such a program only ever jumps forward, by at most 255 instructions where it depends on a
//! number.

use libc::{
    BPF_ABS, BPF_JA, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, SECCOMP_RET_ALLOW,
    SECCOMP_RET_ERRNO,
};
use seccompiler::{BpfProgram, sock_filter};

/// Where the kernel puts the call's number and the architecture among what a filter reads.
const NUMBER_AT: u32 = 0;
const ARCHITECTURE_AT: u32 = 4;

/// Instructions by which a program of seccompiler's makes sure of the architecture: load, compare,
/// refuse.
const PROLOGUE: usize = 3;

/// Puts a look-up of `allowed` (sorted) before `rest`, and says of `absent` that there is no such
/// call.  Nothing when `rest` does not begin as expected, or the list is too long to jump over.
pub(super) fn before(rest: &[sock_filter], allowed: &[u32], absent: u32) -> Option<BpfProgram> {
    let (prologue, rest) = rest.split_at_checked(PROLOGUE)?;
    let checks_architecture = prologue.first().is_some_and(|first| {
        u32::from(first.code) == BPF_LD | BPF_W | BPF_ABS && first.k == ARCHITECTURE_AT
    });
    let refuses = prologue.last().is_some_and(|last| u32::from(last.code) & 7 == BPF_RET);
    if !checks_architecture || !refuses {
        return None;
    }
    let unknown = SECCOMP_RET_ERRNO | u32::try_from(libc::ENOSYS).ok()?;
    let mut all = prologue.to_vec();
    all.push(instruction(BPF_LD | BPF_W | BPF_ABS, NUMBER_AT)?);
    all.push(sock_filter { jf: 1, ..instruction(BPF_JMP | BPF_JEQ | BPF_K, absent)? });
    all.push(instruction(BPF_RET | BPF_K, unknown)?);
    let start = all.len();
    halves(&mut all, &edges(allowed), false)?;
    let end = all.len();
    for (at, jump) in all.iter_mut().enumerate().skip(start) {
        if u32::from(jump.code) == BPF_JMP | BPF_JA {
            jump.k = u32::try_from(end.checked_sub(at)?.checked_sub(1)?).ok()?;
        }
    }
    all.extend_from_slice(rest);
    Some(all)
}

/// Numbers at which a sorted list begins, or is left, or is entered again, in turn.
fn edges(list: &[u32]) -> Vec<u32> {
    let mut edges: Vec<u32> = Vec::new();
    for &number in list {
        if edges.last() == Some(&number) {
            edges.pop();
        } else {
            edges.push(number);
        }
        edges.push(number.saturating_add(1));
    }
    edges
}

/// Appends the look-up among `edges`, below the first of which numbers are in the list, or not.
fn halves(all: &mut BpfProgram, edges: &[u32], is_in: bool) -> Option<()> {
    let half = edges.len() / 2;
    let Some(&edge) = edges.get(half) else {
        // The jump to what follows is told when it is known how far that is.
        all.push(if is_in {
            instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)?
        } else {
            instruction(BPF_JMP | BPF_JA, 0)?
        });
        return Some(());
    };
    let here = all.len();
    all.push(instruction(BPF_JMP | BPF_JGE | BPF_K, edge)?);
    halves(all, edges.get(..half)?, is_in)?;
    let below = all.len().checked_sub(here)?.checked_sub(1)?;
    all.get_mut(here)?.jt = u8::try_from(below).ok()?;
    halves(all, edges.get(half.checked_add(1)?..)?, is_in ^ half.is_multiple_of(2))
}

fn instruction(code: u32, k: u32) -> Option<sock_filter> {
    Some(sock_filter { code: u16::try_from(code).ok()?, jt: 0, jf: 0, k })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: u32 = 1;

    /// What a program that loads, compares, jumps and returns says of a call.
    fn answer(program: &[sock_filter], number: u32) -> u32 {
        let (mut at, mut loaded) = (0, 0);
        loop {
            let step = &program[at];
            at += 1;
            let jumps = |holds: bool| usize::from(if holds { step.jt } else { step.jf });
            match u32::from(step.code) {
                code if code == BPF_LD | BPF_W | BPF_ABS => {
                    loaded = if step.k == NUMBER_AT { number } else { 7 };
                }
                code if code == BPF_JMP | BPF_JA => at += step.k as usize,
                code if code == BPF_JMP | BPF_JEQ | BPF_K => at += jumps(loaded == step.k),
                code if code == BPF_JMP | BPF_JGE | BPF_K => at += jumps(loaded >= step.k),
                code if code == BPF_RET | BPF_K => return step.k,
                code => panic!("instruction {code:#x}"),
            }
        }
    }

    #[test]
    fn exactly_the_listed_numbers_are_allowed() {
        let instruction = |code, k| instruction(code, k).expect("a code");
        let rest = vec![
            instruction(BPF_LD | BPF_W | BPF_ABS, ARCHITECTURE_AT),
            sock_filter { jt: 1, ..instruction(BPF_JMP | BPF_JEQ | BPF_K, 7) },
            instruction(BPF_RET | BPF_K, 0),
            instruction(BPF_LD | BPF_W | BPF_ABS, NUMBER_AT),
            instruction(BPF_RET | BPF_K, REFUSED),
        ];
        let scattered: Vec<u32> = (0..140).map(|n| n * n % 331).collect();
        for list in [&[][..], &[0], &[0, 1, 2], &[3, 5, 6, 7, 9], &[0, 400], &scattered] {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup();
            let program = before(&rest, &list, 435).expect("a short list");
            for number in (0..500).chain([u32::MAX, 0x4000_0000]) {
                let expected = match number {
                    435 => SECCOMP_RET_ERRNO | 0x26,
                    _ if list.contains(&number) => SECCOMP_RET_ALLOW,
                    _ => REFUSED,
                };
                assert_eq!(answer(&program, number), expected, "{number} of {list:?}");
            }
        }
        assert!(before(&rest[1..], &[1], 2).is_none());
    }
}
