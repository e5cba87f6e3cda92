//! System calls, given up: an allow-list for all threads.
//!
//! A call that is not on the list fails with EPERM rather than killing the process: a library that
//! tries something newer falls back, and a capture goes on.
//!
//! The kernel compiles the filter, and runs it once for every call there is, before the first
//! packet is read: calls without conditions are found by halves, which takes a tenth of the steps.

mod search;

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::confinement::Outcome;

/// Calls that every Linux has, without conditions.
const ALLOWED: &[libc::c_long] = &[
    // Files that are open, and those that Landlock lets through.
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fallocate,
    libc::SYS_fdatasync,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_pipe2,
    libc::SYS_pread64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_statx,
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_get_robust_list,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_membarrier,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    // Signals.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigsuspend,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_sigaltstack,
    // Waiting and time.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_eventfd2,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
    // Sockets that are open.
    libc::SYS_getsockname,
    libc::SYS_getsockopt,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    // What the process is.
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_getuid,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    // The end of a process that was started before.
    libc::SYS_wait4,
];

/// Calls of old that this architecture still has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[libc::c_long] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_epoll_wait,
    libc::SYS_lstat,
    libc::SYS_open,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_select,
    libc::SYS_stat,
    libc::SYS_time,
];

/// Calls of old that this architecture still has.
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[libc::c_long] = &[];

/// Calls that write to their first descriptor, or make a second of it.
const WRITING: &[libc::c_long] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_dup2,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pwrite64,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Calls about names of files, for a broker alone; and the one that hands a descriptor over.
const NAMING: &[libc::c_long] = &[
    libc::SYS_mkdirat,
    #[cfg(not(target_arch = "riscv64"))]
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_sendmsg,
    libc::SYS_unlinkat,
];

/// Requests to devices: a terminal's modes, its size and what waits in it; whether calls wait, and
/// descriptors survive; and the name and flags of an interface, by which libpcap sees whether it is
/// there.
const DEVICES: &[u64] = &[
    TCGETS2,
    TCSETS2,
    TCSETS2 + 1,
    TCSETS2 + 2,
    libc::TCGETS,
    libc::TCSETS,
    libc::TCSETSW,
    libc::TCSETSF,
    libc::TCFLSH,
    libc::TIOCGWINSZ,
    libc::FIONREAD,
    libc::FIONBIO,
    libc::FIOCLEX,
    libc::SIOCGIFFLAGS,
    libc::SIOCGIFNAME,
    MON_IOCG_STATS,
    MON_IOCX_MFETCH,
    MON_IOCH_MFLUSH,
    HCIGETDEVINFO,
];

/// What `TCGETS` and `TCSETS` ask, in the form of newer C libraries (`_IOR('T', 0x2a, struct
/// termios2)`).
const TCGETS2: u64 = 0x802c_542a;
const TCSETS2: u64 = 0x402c_542b;

/// Packets of a USB bus and how many were lost (the kernel's `usbmon`), and what a Bluetooth
/// controller has counted: libpcap reads both so.
const MON_IOCG_STATS: u64 = 0x8008_9203;
const MON_IOCX_MFETCH: u64 = 0xc010_9207;
const MON_IOCH_MFLUSH: u64 = 0x9208;
const HCIGETDEVINFO: u64 = 0x8004_48d3;

/// What a process does that is confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// It reads packets and writes to what is open.
    Packets,
    /// It makes files for another process.
    Names,
}

/// Takes its flags from memory, which no filter can read.  It is said to be unknown, so that the C
/// library takes the older call, whose flags can be seen.
const ABSENT: libc::c_long = libc::SYS_clone3;

/// Puts the filter on all threads: nothing is written to the descriptors `silent`.
pub(super) fn restrict(work: Work, silent: &[i32]) -> Outcome {
    let put = |program: BpfProgram| seccompiler::apply_filter_all_threads(&program).ok();
    filter(work, silent).and_then(put).ok_or("no seccomp")?;
    Ok("seccomp".to_owned())
}

/// The filter: calls without conditions, then the others, then refusal.
fn filter(work: Work, silent: &[i32]) -> Option<BpfProgram> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let refusal = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let others = SeccompFilter::new(conditional(silent)?, refusal, SeccompAction::Allow, arch);
    let others: BpfProgram = others.ok()?.try_into().ok()?;
    search::before(&others, &unconditional(work, silent)?, u32::try_from(ABSENT).ok()?)
}

/// The calls without conditions, in order.
fn unconditional(work: Work, silent: &[i32]) -> Option<Vec<u32>> {
    let writing = if silent.is_empty() { WRITING } else { &[] };
    let naming = if work == Work::Names { NAMING } else { &[] };
    let calls = [ALLOWED, ALLOWED_HERE, writing, naming].into_iter().flatten();
    let mut calls = calls.map(|&call| u32::try_from(call).ok()).collect::<Option<Vec<_>>>()?;
    calls.sort_unstable();
    Some(calls)
}

/// Whether a process that reads packets may make this call, with whatever arguments.
pub(super) fn has(call: libc::c_long) -> bool {
    [ALLOWED, ALLOWED_HERE, WRITING].into_iter().any(|calls| calls.contains(&call))
        || conditional(&[]).is_some_and(|table| table.contains_key(&call))
}

/// The calls that are allowed on conditions, of which one must hold.
fn conditional(silent: &[i32]) -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    use SeccompCmpOp::{Eq, MaskedEq, Ne};
    let number = |number: i32| u64::try_from(number).ok();
    let own = u64::from(std::process::id());
    let is_thread = number(libc::CLONE_THREAD)?;
    let is_spoken_to = silent.iter().map(|&descriptor| Some((0, Ne, number(descriptor)?)));
    let is_spoken_to = is_spoken_to.collect::<Option<Vec<_>>>()?;
    let mut table = BTreeMap::new();
    // A thread, never a process.
    table.insert(libc::SYS_clone, vec![rule(&[(0, MaskedEq(is_thread), is_thread)])?]);
    // Signals to oneself: how a process stops when asked to, and how it aborts.
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        table.insert(call, vec![rule(&[(0, Eq, own)])?]);
    }
    // Limits are read, never set: the new ones stand at an address, which is null.
    table.insert(libc::SYS_prlimit64, vec![rule(&[(2, Eq, 0)])?]);
    // A pair of sockets wakes whoever waits for a key or a signal.
    table.insert(libc::SYS_socketpair, vec![rule(&[(0, Eq, number(libc::AF_UNIX)?)])?]);
    // What is sent goes to whom the socket already knows, never to an address.
    let to_its_peer = [&[(4, Eq, 0)], &is_spoken_to[..]].concat();
    table.insert(libc::SYS_sendto, vec![rule(&to_its_peer)?]);
    // Flags of descriptors, locks and pipes' room; but a second descriptor is a second number.
    let copies = [libc::F_DUPFD, libc::F_DUPFD_CLOEXEC];
    let copies = copies.iter().map(|&copy| Some((1, Ne, number(copy)?)));
    let mut fcntl = vec![rule(&copies.collect::<Option<Vec<_>>>()?)?];
    if silent.is_empty() {
        fcntl.push(rule(&[(1, Eq, number(libc::F_DUPFD)?)])?);
        fcntl.push(rule(&[(1, Eq, number(libc::F_DUPFD_CLOEXEC)?)])?);
    } else {
        fcntl.push(rule(&is_spoken_to)?);
        for &call in WRITING {
            table.insert(call, vec![rule(&is_spoken_to)?]);
        }
    }
    table.insert(libc::SYS_fcntl, fcntl);
    // Names of threads, and of the heap's parts.
    let vma = 0x5356_4d41;
    let named = [number(libc::PR_SET_NAME)?, vma];
    let named = named.iter().map(|&what| rule(&[(0, Eq, what)])).collect::<Option<Vec<_>>>();
    table.insert(libc::SYS_prctl, named?);
    let devices = DEVICES.iter().map(|&what| rule(&[(1, Eq, what)])).collect::<Option<Vec<_>>>();
    table.insert(libc::SYS_ioctl, devices?);
    Some(table)
}

/// One rule: all of its conditions, each of an argument, a comparison and a value.
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Option<SeccompRule> {
    let conditions = conditions.iter().map(|(argument, compare, value)| {
        // The kernel takes 32 bits of these arguments, but for the two addresses.
        let length = if matches!(argument, 2 | 4) {
            SeccompCmpArgLen::Qword
        } else {
            SeccompCmpArgLen::Dword
        };
        SeccompCondition::new(*argument, length, compare.clone(), *value).ok()
    });
    SeccompRule::new(conditions.collect::<Option<Vec<_>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_is_listed_twice_and_the_filter_is_short() {
        for work in [Work::Packets, Work::Names] {
            for silent in [&[][..], &[3], &[3, 4, 5, 6]] {
                let calls = unconditional(work, silent).expect("numbers");
                assert!(calls.is_sorted_by(|a, b| a < b));
                let steps = filter(work, silent).expect("an architecture that is known").len();
                assert!(steps < 500, "{steps} steps with {silent:?}");
            }
        }
    }

    /// Calls that write to a descriptor: the filter must check which one.
    #[test]
    fn no_call_that_writes_to_a_silent_descriptor_is_without_conditions() {
        let calls = unconditional(Work::Packets, &[3]).expect("numbers");
        for call in [
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_pwrite64,
            libc::SYS_pwritev,
            libc::SYS_pwritev2,
            libc::SYS_sendto,
            libc::SYS_sendmsg,
            libc::SYS_sendmmsg,
            libc::SYS_sendfile,
            libc::SYS_splice,
            libc::SYS_tee,
            libc::SYS_vmsplice,
            libc::SYS_dup,
            libc::SYS_dup3,
            libc::SYS_fcntl,
            libc::SYS_io_uring_setup,
            libc::SYS_io_submit,
            libc::SYS_pidfd_getfd,
            libc::SYS_setsockopt,
        ] {
            assert!(!u32::try_from(call).is_ok_and(|call| calls.contains(&call)), "{call}");
        }
    }
}
