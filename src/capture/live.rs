//! Live capture through libpcap: one thread an interface, which never waits for its readers unless
//! it is to leave packets in the ring while there is no room for them.
//!
//! A thread polls the kernel's ring without blocking and sleeps a few milliseconds when it is
//! empty.  A blocking read would hang on a silent interface whatever its timeout, would keep a
//! half-full batch from a waiting consumer, and would wake once a packet in immediate mode; this
//! way costs little at rest (100 wake-ups a second), a stop is seen within 10 ms, and under load
//! packets come by the thousand.

mod device;
mod drops;
#[cfg(target_os = "linux")]
mod filter;
mod reader;
#[cfg(target_os = "linux")]
mod watch;

use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use pcap::{Active, Capture};

pub use self::device::{Device, default_interface, devices, permission_hint};
pub use self::drops::Drops;

use self::device::{ANY, DropCounter};
use self::reader::{RETIRE, Reader, Start};
use super::batch::Batch;
use super::bpf::linktype;
use super::error::CaptureError;
use super::facts::SharedFacts;
use super::interface::{Interface, InterfaceNames};
use super::queue::Queue;
use super::source::{Fill, Source, Stop};
use crate::base::threads;

/// Batches between the kernel and the decoder, 256 KiB each, made as they are needed.
const BATCHES: usize = 16;

/// Octets kept of a packet at most: libpcap takes any more as so many.
pub const MAX_SNAPLEN: u32 = 262_144;

/// How to capture.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names of the interfaces, at least one.
    pub interfaces: Vec<String>,
    /// Octets kept of a packet.
    pub snaplen: u32,
    /// The kernel's ring for each interface in MiB, at most 2047.
    pub buffer_mib: u32,
    /// Whether to see packets for others; never on `any`, nor where it is not supported.
    pub is_promiscuous: bool,
    /// BPF expression.
    pub filter: Option<String>,
    /// Whether packets stay in the ring while the consumer is behind, for the kernel to drop what
    /// has no room there; else they are taken, and dropped here.
    pub waits: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            interfaces: Vec::new(),
            snaplen: MAX_SNAPLEN,
            buffer_mib: 64,
            is_promiscuous: true,
            filter: None,
            waits: false,
        }
    }
}

/// Interfaces that are open and fill their rings, read by no thread yet: the time to give up
/// privileges and open outputs.
pub struct Opened {
    captures: Vec<(Capture<Active>, Start)>,
    interfaces: Arc<Vec<Interface>>,
    waits: bool,
    /// None where the kernel does not say.
    #[cfg(target_os = "linux")]
    watch: Option<watch::Watch>,
}

/// Interfaces being read: a [`Source`] that is quiet for at most 100 ms at a time, until
/// [`Stop::stop`]; then it gives what the rings hold, and ends.
#[derive(Debug)]
pub struct Live {
    queue: Queue,
    drops: Arc<Drops>,
    stop: Stop,
}

/// Opens all interfaces, or none.
///
/// # Errors
/// [`CaptureError::Permission`], [`CaptureError::Interface`] (no such interface, too large a
/// buffer) and [`CaptureError::Bpf`].
pub fn open(options: &Options) -> Result<Opened, CaptureError> {
    let mut captures = Vec::new();
    let mut interfaces = Vec::new();
    for (name, index) in options.interfaces.iter().zip(0..) {
        let (capture, start) = activate(name, options)?;
        interfaces.push(Interface {
            link: linktype(capture.get_datalink().0),
            snaplen: options.snaplen,
            input: index,
            section: 1,
            id: index,
            names: InterfaceNames { name: Some(name.as_str().into()), ..Default::default() }.kept(),
            block: None,
            header: None,
        });
        captures.push((capture, start));
    }
    Ok(Opened {
        captures,
        interfaces: Arc::new(interfaces),
        waits: options.waits,
        #[cfg(target_os = "linux")]
        watch: watch::Watch::open(&options.interfaces).ok(),
    })
}

/// Opens one interface and sets its filter.
fn activate(name: &str, options: &Options) -> Result<(Capture<Active>, Start), CaptureError> {
    let failed = |error: pcap::Error| device::error(name, &error);
    let refused = |reason| CaptureError::Interface { interface: name.to_owned(), reason };
    let octets =
        options.buffer_mib.checked_mul(1 << 20).and_then(|octets| i32::try_from(octets).ok());
    let Some(octets) = octets else {
        let reason = format!("buffer of {} MiB is larger than 2047", options.buffer_mib);
        return Err(refused(reason));
    };
    let Some(snaplen) =
        i32::try_from(options.snaplen).ok().filter(|_| options.snaplen <= MAX_SNAPLEN)
    else {
        let reason = format!("snaplen of {} octets is larger than {MAX_SNAPLEN}", options.snaplen);
        return Err(refused(reason));
    };
    let attempt = |is_promiscuous| {
        Capture::from_device(name)?
            .snaplen(snaplen)
            .buffer_size(octets)
            .promisc(is_promiscuous)
            .timeout(i32::try_from(RETIRE.as_millis()).unwrap_or(20))
            .precision(reader::PRECISION)
            .open()
    };
    // The pcap crate makes errors of libpcap's warnings, such as that it cannot be promiscuous.
    let is_promiscuous = options.is_promiscuous && name != ANY;
    let capture = match attempt(is_promiscuous) {
        Err(_) if is_promiscuous => attempt(false),
        other => other,
    };
    let mut capture = capture.and_then(Capture::setnonblock).map_err(failed)?;
    let socket = socket_of(&capture, name);
    if socket.is_some() {
        // libpcap leaves it to whatever is started next.
        fcntl(&capture, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))
            .map_err(|error| failed(pcap::Error::IoError(std::io::Error::from(error).kind())))?;
    }
    let filter = options.filter.as_deref().filter(|filter| !filter.trim().is_empty());
    let start = install(&mut capture, name, filter)?;
    Ok((capture, Start { socket, ..start }))
}

/// Number of the socket by which packets of an interface come.  What else libpcap reads, a log or a
/// bus, may have none; and it is written to, to ask for more.
fn socket_of(capture: &Capture<Active>, name: &str) -> Option<i32> {
    let is_network = name == ANY || nix::net::if_::if_nametoindex(name).is_ok();
    is_network.then(|| capture.as_raw_fd())
}

/// Sets the filter, and says where the counters begin.
#[cfg(target_os = "linux")]
fn install(
    capture: &mut Capture<Active>,
    name: &str,
    filter: Option<&str>,
) -> Result<Start, CaptureError> {
    let filter::Installed { rest, base } = filter::install(capture, name, filter)?;
    Ok(Start { rest, base, dropped: DropCounter::open(name), socket: None })
}

/// Sets the filter, which the kernel runs.
#[cfg(not(target_os = "linux"))]
fn install(
    capture: &mut Capture<Active>,
    name: &str,
    filter: Option<&str>,
) -> Result<Start, CaptureError> {
    if let Some(filter) = filter {
        capture.filter(filter, true).map_err(|error| super::bpf::error(filter, error))?;
    }
    let (base, dropped) = (capture.stats().ok(), DropCounter::open(name));
    Ok(Start { rest: None, base, dropped, socket: None })
}

impl Opened {
    /// What each frame's interface number means.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// Numbers of the descriptors by which packets and messages of the kernel come: nothing is
    /// written to them from here on.
    pub fn descriptors(&self) -> Vec<i32> {
        let captures = self.captures.iter().filter_map(|(_, start)| start.socket);
        #[cfg(target_os = "linux")]
        let captures = captures.chain(self.watch.as_ref().map(watch::Watch::descriptor));
        captures.collect()
    }

    /// The descriptors by which packets come, for the trial of what the sandbox allows.
    pub fn sockets(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let with_socket = self.captures.iter().filter(|(_, start)| start.socket.is_some());
        with_socket.map(|(capture, _)| capture.as_fd())
    }

    /// Starts a thread for each interface.
    ///
    /// # Errors
    /// [`CaptureError::Interface`]: the system has no room for one more thread.
    pub fn start(self) -> Result<Live, CaptureError> {
        let Self { captures, interfaces, waits, .. } = self;
        let (queue, feeder) = Queue::new(BATCHES.max(2 * captures.len()));
        let mut facts = SharedFacts::default();
        Arc::make_mut(&mut facts).format = "live";
        feeder.know(&interfaces, &facts);
        let live = Live { queue, drops: Arc::default(), stop: Stop::default() };
        #[cfg(target_os = "linux")]
        if let Some(watch) = self.watch {
            let (stop, teller) = (live.stop.clone(), feeder.teller());
            // What it would tell is worth less than the capture, which does not need it.
            let _ = threads::spawn("interfaces", move || watch.run(&stop, &teller));
        }
        let all = captures.into_iter().zip(interfaces.iter().zip(0..));
        for ((capture, start), (interface, index)) in all {
            let name = interface.name().unwrap_or_default().to_owned();
            let reader = Reader {
                capture,
                start,
                name: name.clone(),
                index,
                link: interface.link,
                interfaces: Arc::clone(&interfaces),
                facts: Arc::clone(&facts),
                drops: Arc::clone(&live.drops),
                stop: live.stop.clone(),
                feeder: feeder.clone(),
                waits,
            };
            let work = move || reader.run();
            threads::spawn(format!("capture {name}"), work).map_err(|error| {
                CaptureError::Interface { interface: name, reason: error.to_string() }
            })?;
        }
        Ok(live)
    }
}

impl Live {
    /// Counters that can be read while the capture runs.
    pub fn drops(&self) -> Arc<Drops> {
        Arc::clone(&self.drops)
    }

    /// What ends the capture.
    pub fn stopper(&self) -> Stop {
        self.stop.clone()
    }
}

impl Source for Live {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        let fill = self.queue.fill(batch);
        if let Ok(Fill::Records) = fill {
            self.drops.delivered.fetch_add(batch.records.len() as u64, Ordering::Relaxed);
        }
        fill
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop.stop();
    }
}
