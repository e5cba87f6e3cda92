//! System calls, given up: an allow-list for all threads.
//!
//! A call that is not on the list fails with EPERM rather than killing the process: a library that
//! tries something newer falls back, and a capture goes on.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// Calls that every Linux has, without conditions.
const ALLOWED: &[libc::c_long] = &[
    // Files that are open, and those that Landlock lets through.
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_copy_file_range,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fallocate,
    libc::SYS_fcntl,
    libc::SYS_fdatasync,
    libc::SYS_flock,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_mkdirat,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_pipe2,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_renameat2,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_statx,
    libc::SYS_unlinkat,
    libc::SYS_write,
    libc::SYS_writev,
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads.  clone3 takes its flags from memory, which no filter can read: see `ABSENT`.
    libc::SYS_clone3,
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
    libc::SYS_setsockopt,
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
];

/// Calls of old that this architecture still has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[libc::c_long] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_dup2,
    libc::SYS_epoll_wait,
    libc::SYS_lstat,
    libc::SYS_mkdir,
    libc::SYS_open,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_select,
    libc::SYS_stat,
    libc::SYS_time,
    libc::SYS_unlink,
];

/// Calls of old that this architecture still has.
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[libc::c_long] = &[libc::SYS_renameat];

/// Said to be unknown, so that the C library takes the older call whose flags can be seen.
const ABSENT: &[libc::c_long] = &[libc::SYS_clone3];

/// Puts the filter on all threads.
pub(super) fn restrict() -> Option<String> {
    let absent = compile(
        ABSENT.iter().map(|&call| (call, Vec::new())).collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(u32::try_from(libc::ENOSYS).ok()?),
    )?;
    let refusal = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let allowed = compile(table()?, refusal, SeccompAction::Allow)?;
    // The stricter answer counts, so the order of the two does not matter but to the second's own
    // installation, which the first must let through.
    seccompiler::apply_filter_all_threads(&absent).ok()?;
    seccompiler::apply_filter_all_threads(&allowed).ok()?;
    Some("seccomp".to_owned())
}

/// Whether the list has this call, whatever its arguments.
pub(super) fn has(call: libc::c_long) -> bool {
    table().is_some_and(|table| table.contains_key(&call))
}

fn compile(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    matched: SeccompAction,
) -> Option<BpfProgram> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    SeccompFilter::new(rules, otherwise, matched, arch).ok()?.try_into().ok()
}

/// Every call that is allowed, with the conditions of which one must hold.
fn table() -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    use SeccompCmpOp::{Eq, MaskedEq, Ne};
    let number = |number: i32| u64::try_from(number).ok();
    let own = u64::from(std::process::id());
    let is_thread = number(libc::CLONE_THREAD)?;
    let mut table: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().chain(ALLOWED_HERE).map(|&call| (call, Vec::new())).collect();
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
    // What wakes is sent to whom the pair already knows, never to an address.
    table.insert(libc::SYS_sendto, vec![rule(&[(4, Eq, 0)])?]);
    // Names of threads, and of the heap's parts.
    let vma = 0x5356_4d41;
    let named = [number(libc::PR_SET_NAME)?, vma];
    let named = named.iter().map(|&what| rule(&[(0, Eq, what)])).collect::<Option<Vec<_>>>();
    table.insert(libc::SYS_prctl, named?);
    // Anything of a terminal but typing into it.
    let typing = [libc::TIOCSTI, libc::TIOCLINUX].map(|call| (1, Ne, call));
    table.insert(libc::SYS_ioctl, vec![rule(&typing)?]);
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
