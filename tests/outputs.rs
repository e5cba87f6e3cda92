//! What becomes of outputs when disks are full, readers slow and users impatient: real processes,
//! held to what the files hold afterwards.

mod compressed;
mod follow;
mod full;
mod interrupts;
mod replace;
mod rotation;
mod rules;
mod signals;
mod unfinished;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)
}

pub(crate) fn ipeek() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.env_remove("SUDO_UID").env_remove("SUDO_GID");
    command
}

/// A child that ends with its test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Its exit status; none if it does not end.
    pub(crate) fn end(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = self.0.kill();
        None
    }

    /// Waits until it handles signals itself.
    pub(crate) fn handles_signals(&self) {
        let path = format!("/proc/{}/status", self.0.id());
        let is_caught = || {
            let status = std::fs::read_to_string(&path).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:\t")).unwrap();
            // Bit 0 is signal 1; an INT that was ignored before it started is caught as well.
            u64::from_str_radix(caught, 16).unwrap() & 1 << (nix::libc::SIGINT - 1) != 0
        };
        wait_until("it does not handle signals", is_caught);
    }

    /// Waits until it has taken no more memory for some seconds: what can wait in it does.
    #[cfg(feature = "live")]
    pub(crate) fn stops_growing(&self) {
        let path = format!("/proc/{}/statm", self.0.id());
        let resident = || -> u64 {
            let pages = std::fs::read_to_string(&path).unwrap();
            pages.split(' ').nth(1).unwrap().parse().unwrap()
        };
        let (mut most, mut since) = (0, Instant::now());
        wait_until("it goes on growing", || {
            let now = resident();
            if now > most {
                (most, since) = (now, Instant::now());
            }
            since.elapsed() > Duration::from_secs(2)
        });
    }

    /// Waits until none of its threads has anything to do, or it has ended.
    pub(crate) fn rests(&self) {
        let folder = format!("/proc/{}/task", self.0.id());
        // Of each thread its number, its state, and the time it ran.
        let threads = || -> Vec<String> {
            let of = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("stat"));
            let about = |stat: String| {
                let (name, rest) = stat.rsplit_once(')').unwrap();
                let rest: Vec<&str> = rest.split(' ').collect();
                format!("{name} {} {} {}", rest[1], rest[12], rest[13])
            };
            let all = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            all.filter_map(|task| of(task).ok()).map(about).collect()
        };
        let is_asleep = |all: &[String]| {
            all.iter()
                .all(|about| about.rsplit(' ').nth(2).is_some_and(|state| "SZ".contains(state)))
        };
        let (mut before, mut count) = (threads(), 0);
        wait_until("it does not come to rest", || {
            let now = threads();
            count = if now == before && is_asleep(&now) { count + 1 } else { 0 };
            before = now;
            count == 10
        });
    }

    /// What it said on standard error until its end.
    pub(crate) fn said(&mut self) -> String {
        let mut said = String::new();
        std::io::Read::read_to_string(self.0.stderr.as_mut().unwrap(), &mut said).unwrap();
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// What is waited for before a test fails: how soon things come is for `cargo bench --bench soon`.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_true() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Packets of a capture that is whole.
pub(crate) fn packets(path: &Path) -> usize {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let output = command.arg("read").arg(path).args(["-T", "packets"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{}", path.display());
    String::from_utf8_lossy(&output.stdout).lines().count()
}

/// A BPF expression that libpcap takes minutes to compile.
#[cfg(feature = "live")]
pub(crate) fn endless() -> String {
    let ports: Vec<_> = (0..1000).map(|port| format!("port {}", 2 * port + 1000)).collect();
    ports.join(" or ")
}

/// A capture of `count` UDP packets of 1,042 octets, as a pcap.
pub(crate) fn many(count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in [0xa1b2_c3d4, 2 | 4 << 16, 0, 0, 262_144, 1] {
        bytes.extend(u32::to_le_bytes(field));
    }
    for number in 0..count {
        for field in [number, 0, 1042, 1042] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]);
        bytes.extend([0x45, 0, 4, 4, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        bytes.extend([0x30, 0x39, 0, 53, 3, 0xf0, 0, 0]);
        bytes.extend([0; 1000]);
    }
    bytes
}
