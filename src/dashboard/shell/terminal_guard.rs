//! A process beside the dashboard that gives the terminal back where the dashboard itself cannot:
//! it was killed, or aborted for want of memory.
//!
//! It is this program again, begun before rights are given up, and reads a pipe that only the
//! dashboard has the other end of.  Whatever ends the dashboard ends the pipe.  Where the terminal
//! is raw then, no other program has taken it since, and its modes are set back.

use std::io::{ErrorKind, Read, Result, Write, stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::SigSet;
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

use super::terminal;

/// The hidden option that starts this program as the guard.
pub const OPTION: &str = "--terminal-guard";

/// What it says once it has seen how the terminal is.
const READY: &[u8] = b"ready";

/// The process, as the dashboard has it.
#[derive(Debug)]
pub struct TerminalGuard(Child);

impl TerminalGuard {
    /// Starts it and waits until it knows the terminal, which is this process's standard output.
    ///
    /// Files that are not closed on exec live on in it: none of those may be open yet.
    pub fn start() -> Result<Self> {
        let program = if cfg!(target_os = "linux") {
            "/proc/self/exe".into()
        } else {
            std::env::current_exe()?
        };
        let screen = stdout().as_fd().try_clone_to_owned()?;
        let mut command = Command::new(program);
        command.arg0("ipeek").arg(OPTION).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(screen);
        let mut rescue = Self(command.spawn()?);
        let Some(said) = &mut rescue.0.stdout else { return Err(ErrorKind::BrokenPipe.into()) };
        said.read_exact(&mut [0; READY.len()])?;
        Ok(rescue)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        // Its end is not waited for: in the sandbox it could not be.
        drop(self.0.stdin.take());
    }
}

/// What the process does: notes how the terminal on standard error is, lets `confine` give up
/// rights, and waits for the end of standard input.  Gives whether it had to restore the terminal.
pub fn watch(confine: impl FnOnce()) -> Result<bool> {
    // It ends with the dashboard, whatever is sent to both; and sets a terminal's modes though that
    // is a shell's again.
    SigSet::all().thread_block()?;
    let screen = stderr();
    let before = tcgetattr(&screen)?;
    stdout().write_all(READY)?;
    stdout().flush()?;
    confine();
    stdin().read_to_end(&mut Vec::new())?;
    if is_raw(&before) || !is_raw(&tcgetattr(&screen)?) {
        return Ok(false);
    }
    terminal::undo(&mut stderr());
    tcsetattr(&screen, SetArg::TCSANOW, &before)?;
    Ok(true)
}

/// Whether keys come one by one, and none is a signal: shells that edit lines leave signals on.
fn is_raw(modes: &Termios) -> bool {
    !modes.local_flags.intersects(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG)
}
