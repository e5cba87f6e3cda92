//! Ten things that a confined process must not be able to do, tried.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Seek};
use std::net::TcpStream;

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::unistd::{Pid, Uid, getppid, setresuid};

use super::calls;

/// Something forbidden.
pub struct Trial {
    /// What is tried.
    pub name: &'static str,
    attempt: fn(&mut Witness) -> Result<(), Error>,
}

/// What is opened before the process is confined: how the kernel sees it.
pub struct Witness(File);

impl Witness {
    /// Opens it; needed before the process is confined.
    pub fn new() -> std::io::Result<Self> {
        File::open("/proc/self/status").map(Self)
    }

    /// Whether the kernel says that calls are filtered.
    fn is_filtered(&mut self) -> bool {
        let mut text = String::new();
        let read = self.0.rewind().and_then(|()| self.0.read_to_string(&mut text));
        read.is_ok() && text.lines().any(|line| line == "Seccomp:\t2")
    }
}

/// Every trial, in the order of the report.
pub const TRIALS: [Trial; 10] = [
    Trial { name: "read /etc/shadow", attempt: |_| File::open("/etc/shadow").map(drop) },
    Trial { name: "create a file in /", attempt: |_| create() },
    Trial { name: "start a program", attempt: |_| start() },
    Trial { name: "connect by TCP", attempt: |_| TcpStream::connect("127.0.0.1:9").map(drop) },
    Trial { name: "open a packet socket", attempt: |_| packet_socket() },
    Trial { name: "trace the parent process", attempt: |_| trace() },
    Trial { name: "mount", attempt: |_| mount() },
    Trial { name: "call bpf", attempt: bpf },
    Trial { name: "become root", attempt: |_| become_root() },
    Trial { name: "signal the parent process", attempt: |_| signal() },
];

impl Trial {
    /// Tries it; why it was refused, or what came of it instead.
    pub fn run(&self, witness: &mut Witness) -> Result<Error, String> {
        match (self.attempt)(witness) {
            Ok(()) => Err("it worked".to_owned()),
            // Any other error means that it was tried, and failed for want of luck.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(error),
            Err(error) => Err(format!("not refused, but failed: {error}")),
        }
    }
}

fn create() -> Result<(), Error> {
    let path = "/ipeek-sandbox-check";
    File::create_new(path)?;
    std::fs::remove_file(path)
}

fn start() -> Result<(), Error> {
    std::process::Command::new("/bin/true").status().map(drop)
}

fn packet_socket() -> Result<(), Error> {
    let made = socket(AddressFamily::Packet, SockType::Raw, SockFlag::empty(), None);
    Ok(made.map(drop)?)
}

fn trace() -> Result<(), Error> {
    let parent = getppid();
    nix::sys::ptrace::seize(parent, nix::sys::ptrace::Options::empty())?;
    Ok(nix::sys::ptrace::detach(parent, None)?)
}

/// A file system that does not exist: with the right to mount the kernel says so.
fn mount() -> Result<(), Error> {
    let none: Option<&str> = None;
    let flags = nix::mount::MsFlags::empty();
    Ok(nix::mount::mount(none, "/", Some("ipeek"), flags, none)?)
}

/// There is no safe way to call it: the filter that is in force must be without it.
fn bpf(witness: &mut Witness) -> Result<(), Error> {
    if witness.is_filtered() && !calls::has(libc::SYS_bpf) {
        return Err(Error::from_raw_os_error(libc::EPERM));
    }
    Ok(())
}

fn become_root() -> Result<(), Error> {
    let root = Uid::from_raw(0);
    Ok(setresuid(root, root, root)?)
}

/// No signal, but the right to send one.
fn signal() -> Result<(), Error> {
    let parent: Pid = getppid();
    Ok(nix::sys::signal::kill(parent, None)?)
}
