//! A FIFO or a device, opened before anybody writes to it.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Opens a FIFO or device without waiting for its writer; takes no terminal for the process.
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)
}

/// Waits until somebody has written, or has come and gone; from then on reads wait too.
pub(super) fn await_writer(file: &File) -> std::io::Result<()> {
    loop {
        let mut awaited = [PollFd::new(file.as_fd(), PollFlags::POLLIN)];
        match poll(&mut awaited, PollTimeout::NONE).map_err(Error::from) {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let flags = OFlag::from_bits_retain(fcntl(file, FcntlArg::F_GETFL)?);
    fcntl(file, FcntlArg::F_SETFL(flags.difference(OFlag::O_NONBLOCK)))?;
    Ok(())
}
