//! Trials of everything that a confined process must not be able to do.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Seek, Write};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::{Path, PathBuf};

use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, send, socket};
use nix::unistd::{Pid, Uid, getppid, setresuid};

use super::broker::Broker;
use super::calls;

/// Entries of a folder that are looked at.
const ENTRIES: usize = 1000;

/// Something forbidden.
pub struct Trial {
    /// What is tried.
    pub name: &'static str,
    /// Tries it; nothing, where there is nothing to try it on.
    attempt: fn(&mut Witness<'_>) -> Option<Result<(), Error>>,
}

/// What is opened, and looked for, before the process is confined.
pub struct Witness<'a> {
    /// How the kernel sees the process.
    status: File,
    /// The folder that it is in, a file of that folder, and a folder of it.
    here: PathBuf,
    file: Option<PathBuf>,
    below: Option<PathBuf>,
    /// The descriptors by which packets come.
    sockets: Vec<BorrowedFd<'a>>,
    /// What creates files for it.
    broker: Option<Broker>,
}

impl<'a> Witness<'a> {
    /// Looks around; needed before the process is confined.
    ///
    /// # Errors
    /// The process may not look at itself or where it is.
    pub fn new(sockets: Vec<BorrowedFd<'a>>, broker: Option<Broker>) -> std::io::Result<Self> {
        let here = std::env::current_dir()?;
        let entries = || std::fs::read_dir(&here).into_iter().flatten().flatten().take(ENTRIES);
        let find =
            |is: fn(&Path) -> bool| entries().map(|entry| entry.path()).find(|path| is(path));
        Ok(Self {
            status: File::open("/proc/self/status")?,
            file: find(|path| path.is_file() && File::open(path).is_ok()),
            below: find(|path| path.is_dir() && !path.is_symlink() && !is_of_kernel(path)),
            here,
            sockets,
            broker,
        })
    }

    /// Saves a capture of no packets as the dashboard does, and removes it; nothing where no
    /// packets are saved.
    pub fn save(&self) -> Option<Result<(), Error>> {
        let name = format!("ipeek-sandbox-check-{}.pcap", std::process::id());
        let broker = self.broker.as_ref()?;
        let saved = broker.make(name.as_ref()).and_then(|(mut file, _)| file.write_all(b"ipeek"));
        Some(saved.and_then(|()| broker.remove(name.as_ref())))
    }

    /// Whether the kernel says that calls are filtered.
    fn is_filtered(&mut self) -> bool {
        let mut text = String::new();
        let read = self.status.rewind().and_then(|()| self.status.read_to_string(&mut text));
        read.is_ok() && text.lines().any(|line| line == "Seccomp:\t2")
    }
}

/// Whether no file can be made there by anybody.
fn is_of_kernel(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/sys")
}

/// Every trial, in the order of the report.
pub const TRIALS: [Trial; 21] = [
    Trial { name: "read /etc/shadow", attempt: |_| Some(File::open("/etc/shadow").map(drop)) },
    Trial {
        name: "read a file of the folder",
        attempt: |witness| Some(File::open(witness.file.as_ref()?).map(drop)),
    },
    Trial {
        name: "write to a file of the folder",
        attempt: |witness| {
            let mut options = File::options();
            Some(options.write(true).open(witness.file.as_ref()?).map(drop))
        },
    },
    Trial {
        // By itself, which changes nothing.
        name: "replace a file of the folder",
        attempt: |witness| {
            let file = witness.file.as_ref()?;
            Some(std::fs::rename(file, file))
        },
    },
    Trial { name: "create a file in /", attempt: |_| Some(create(Path::new("/"))) },
    Trial { name: "create a file in the folder", attempt: |witness| Some(create(&witness.here)) },
    Trial {
        name: "create a file in a folder below",
        attempt: |witness| Some(create(witness.below.as_ref()?)),
    },
    Trial { name: "start a program", attempt: |_| Some(start()) },
    Trial {
        name: "connect by TCP",
        attempt: |_| Some(TcpStream::connect("127.0.0.1:9").map(drop)),
    },
    Trial { name: "open a packet socket", attempt: |_| Some(packet_socket()) },
    Trial { name: "trace the parent process", attempt: |_| Some(trace()) },
    Trial { name: "mount", attempt: |_| Some(mount()) },
    Trial { name: "call bpf", attempt: |witness| Some(bpf(witness)) },
    Trial { name: "become root", attempt: |_| Some(become_root()) },
    Trial { name: "signal the parent process", attempt: |_| Some(signal()) },
    Trial {
        name: "send a packet by a socket that captures",
        attempt: |witness| {
            let socket = witness.sockets.first()?.as_raw_fd();
            Some(send(socket, &FRAME, MsgFlags::empty()).map(drop).map_err(Error::from))
        },
    },
    Trial {
        name: "write a packet to a socket that captures",
        attempt: |witness| {
            let socket = witness.sockets.first()?;
            Some(nix::unistd::write(socket, &FRAME).map(drop).map_err(Error::from))
        },
    },
    Trial {
        name: "duplicate a socket that captures",
        attempt: |witness| Some(witness.sockets.first()?.try_clone_to_owned().map(drop)),
    },
    Trial {
        name: "have a file made that is no capture",
        attempt: |witness| {
            let broker = witness.broker.as_ref()?;
            made(broker, &[".ipeek-sandbox-check", "ipeek-sandbox-check"])
        },
    },
    Trial {
        name: "have a file made in another folder",
        attempt: |witness| {
            let broker = witness.broker.as_ref()?;
            made(broker, &["../ipeek.pcap", "/ipeek.pcap", "ipeek/ipeek.pcap", "..", ""])
        },
    },
    Trial {
        name: "have a file replaced or removed that was there",
        attempt: |witness| {
            let (broker, name) = (witness.broker.as_ref()?, "ipeek-sandbox-check.pcap".as_ref());
            let done = broker.remove(name).and_then(|()| broker.replace(name, name));
            Some(done)
        },
    },
];

/// An Ethernet frame to an unused address, of a type reserved for experiments (IEEE 802, 9.2.4).
const FRAME: [u8; 60] = {
    let mut frame = [0; 60];
    (frame[12], frame[13]) = (0x88, 0xb5);
    frame
};

impl Trial {
    /// Tries it; why it was refused, or what came of it instead.
    pub fn run(&self, witness: &mut Witness<'_>) -> Option<Result<Error, String>> {
        Some(match (self.attempt)(witness)? {
            Ok(()) => Err("it worked".to_owned()),
            // Any other error means that it was tried, and failed for want of luck.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(error),
            Err(error) => Err(format!("not refused, but failed: {error}")),
        })
    }
}

fn create(folder: &Path) -> Result<(), Error> {
    let path = folder.join("ipeek-sandbox-check");
    File::create_new(&path)?;
    std::fs::remove_file(path)
}

/// Whether a broker makes a file of any of these names; why not of the last.
fn made(broker: &Broker, names: &[&str]) -> Option<Result<(), Error>> {
    let mut last = None;
    for name in names {
        match broker.make(name.as_ref()) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => last = Some(Err(error)),
            other => return Some(other.map(drop)),
        }
    }
    last
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
fn bpf(witness: &mut Witness<'_>) -> Result<(), Error> {
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
