//! Which interfaces there are, which to take, and why one cannot be sniffed.

use std::net::IpAddr;

use nix::net::if_::InterfaceFlags;
use nix::sys::socket::SockaddrStorage;
use pcap::{Capture, ConnectionStatus};

use crate::capture::error::CaptureError;

/// The pseudo-interface that stands for all.
pub(super) const ANY: &str = "any";

/// Names of what libpcap lists beside network interfaces.
const PSEUDO: [&str; 6] = [ANY, "nflog", "nfqueue", "dbus", "bluetooth", "usbmon"];

/// An interface that libpcap knows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what libpcap tells, each independent of the others"
)]
pub struct Device {
    /// Name such as `eth0`.
    pub name: String,
    /// What libpcap says of it.
    pub description: Option<String>,
    /// Its addresses with their netmasks.
    pub addresses: Vec<(IpAddr, Option<IpAddr>)>,
    /// Whether it is up.
    pub is_up: bool,
    /// Whether it is up and has a carrier.
    pub is_running: bool,
    /// Whether it is a loopback interface.
    pub is_loopback: bool,
    /// Whether it is wireless.
    pub is_wireless: bool,
    /// Whether it is something else than a network interface, such as `any` or a USB bus.
    pub is_pseudo: bool,
    /// Whether it is known to be unplugged.
    pub is_disconnected: bool,
}

/// All interfaces, the most useful first.
///
/// # Errors
/// [`CaptureError::Interface`]: the system does not list them.
pub fn devices() -> Result<Vec<Device>, CaptureError> {
    match pcap::Device::list() {
        Ok(all) => Ok(all.into_iter().map(Device::from).collect()),
        // The pcap crate gives no list at all where one name is not UTF-8.
        Err(error) => of_system().ok_or_else(|| self::error("interfaces", &error)),
    }
}

/// All interfaces as the system lists them; none if it lists none or refuses.
fn of_system() -> Option<Vec<Device>> {
    let mut all: Vec<Device> = Vec::new();
    for one in nix::ifaddrs::getifaddrs().ok()? {
        // Octets that are no text stand there as U+FFFD.
        let name = one.interface_name;
        if !all.iter().any(|device| device.name == name) {
            let has = |flag| one.flags.contains(flag);
            let (is_up, is_running) =
                (has(InterfaceFlags::IFF_UP), has(InterfaceFlags::IFF_RUNNING));
            all.push(Device {
                description: None,
                addresses: Vec::new(),
                is_up,
                is_running,
                is_loopback: has(InterfaceFlags::IFF_LOOPBACK),
                is_wireless: false,
                is_pseudo: false,
                is_disconnected: is_up && !is_running,
                name: name.clone(),
            });
        }
        let device = all.iter_mut().find(|device| device.name == name)?;
        let ip = |address: &SockaddrStorage| -> Option<IpAddr> {
            let v4 = address.as_sockaddr_in().map(|address| address.ip().into());
            v4.or_else(|| address.as_sockaddr_in6().map(|address| address.ip().into()))
        };
        if let Some(address) = one.address.as_ref().and_then(ip) {
            device.addresses.push((address, one.netmask.as_ref().and_then(ip)));
        }
    }
    if all.is_empty() {
        return None;
    }
    // As libpcap has them: what can be used first, loopback behind it, and all of them at once
    // last.
    all.sort_by_key(|device| (!(device.is_up && device.is_running), device.is_loopback));
    #[cfg(target_os = "linux")]
    all.push(Device {
        name: ANY.to_owned(),
        description: Some("Pseudo-device that captures on all interfaces".to_owned()),
        addresses: Vec::new(),
        is_up: true,
        is_running: true,
        is_loopback: false,
        is_wireless: false,
        is_pseudo: true,
        is_disconnected: false,
    });
    Some(all)
}

/// The first interface that is up and neither loopback nor a pseudo-interface.
///
/// # Errors
/// [`CaptureError::Interface`]: none is up, or the system does not list them.
pub fn default_interface() -> Result<String, CaptureError> {
    devices()?
        .into_iter()
        .find(|device| {
            device.is_up && !device.is_loopback && !device.is_pseudo && device.is_nameable()
        })
        .map(|device| device.name)
        .ok_or_else(|| CaptureError::Interface {
            interface: "default interface".to_owned(),
            reason: "none is up but loopback; hint: name one with -i".to_owned(),
        })
}

impl Device {
    /// Whether the name is the interface's own: none can be opened by one with U+FFFD for what is
    /// no text.
    fn is_nameable(&self) -> bool {
        !self.name.contains(char::REPLACEMENT_CHARACTER)
    }

    /// Why this interface cannot be sniffed, if so; found out by opening it for a moment.
    pub fn obstacle(&self) -> Option<CaptureError> {
        if !self.is_nameable() {
            let reason = "its name is not UTF-8; hint: ip link set dev NAME name OTHER".to_owned();
            return Some(CaptureError::Interface { interface: self.name.clone(), reason });
        }
        let opened = Capture::from_device(self.name.as_str()).and_then(|capture| {
            // The least of rings: it is closed at once.
            capture.buffer_size(1 << 20).snaplen(96).open()
        });
        opened.err().map(|error| self::error(&self.name, &error))
    }
}

impl From<pcap::Device> for Device {
    fn from(device: pcap::Device) -> Self {
        let flags = &device.flags;
        Self {
            is_up: flags.is_up(),
            is_running: flags.is_running(),
            is_loopback: flags.is_loopback(),
            is_wireless: flags.is_wireless(),
            is_pseudo: is_pseudo(&device.name),
            is_disconnected: flags.connection_status == ConnectionStatus::Disconnected,
            addresses: device.addresses.iter().map(|a| (a.addr, a.netmask)).collect(),
            name: device.name,
            description: device.desc,
        }
    }
}

/// What an interface or its driver drops, for whomever: what libpcap counts so, which found no room
/// in the hardware's buffers.
#[derive(Debug)]
pub(super) struct DropCounter {
    name: String,
    /// The kernel's number of the interface.
    index: u64,
    first: u64,
    last: u64,
}

impl DropCounter {
    /// A counter that begins now; nothing where the kernel's list of interfaces is out of reach,
    /// shows another network namespace, or has none of this name, as of `any`.
    pub(super) fn open(name: &str) -> Option<Self> {
        let index = nix::net::if_::if_nametoindex(name).ok()?.into();
        let first = Self::read(name, index)?;
        Some(Self { name: name.to_owned(), index, first, last: first })
    }

    /// Brings it up to date; false where it can be read no more.
    pub(super) fn update(&mut self) -> bool {
        let now = Self::read(&self.name, self.index);
        self.last = now.map_or(self.last, |now| now.max(self.last));
        now.is_some()
    }

    /// Packets dropped since it was opened.
    pub(super) fn dropped(&self) -> u64 {
        self.last.saturating_sub(self.first)
    }

    fn read(name: &str, index: u64) -> Option<u64> {
        let number = |file: &str| {
            let text = std::fs::read_to_string(format!("/sys/class/net/{name}/{file}")).ok()?;
            text.trim().parse::<u64>().ok()
        };
        // A name may be another interface's by now.
        let is_same = number("ifindex")? == index;
        let [missed, fifo] = ["missed", "fifo"]
            .map(|kind| is_same.then(|| number(&format!("statistics/rx_{kind}_errors"))).flatten());
        missed?.checked_add(fifo?)
    }
}

/// Whether the kernel's list of interfaces is there and has none of this name.
fn is_unknown(name: &str) -> bool {
    let list = std::path::Path::new("/sys/class/net");
    list.is_dir() && !is_pseudo(name) && !list.join(name).exists()
}

fn is_pseudo(name: &str) -> bool {
    PSEUDO.iter().any(|pseudo| name.starts_with(pseudo))
}

/// An error of libpcap's about an interface; only its words show whether it is about rights.
pub(super) fn error(interface: &str, error: &pcap::Error) -> CaptureError {
    let reason = match error {
        pcap::Error::PcapError(text) => text.clone(),
        other => other.to_string(),
    };
    let is_unknown = is_unknown(interface);
    let interface = interface.to_owned();
    let words = reason.to_ascii_lowercase();
    let is_right = ["permi", "cap_net_", "denied", "privilege"];
    if is_right.iter().any(|word| words.contains(word)) {
        if is_unknown {
            // Without rights libpcap does not even look whether there is such an interface.
            let reason = "no such interface".to_owned();
            return CaptureError::Interface { interface, reason };
        }
        CaptureError::Permission { interface, reason }
    } else {
        CaptureError::Interface { interface, reason }
    }
}

/// The command that lets this very program capture without being root.
pub fn permission_hint() -> String {
    let path = std::env::current_exe().unwrap_or_else(|_| "ipeek".into());
    let path = crate::base::text::safe_path(&path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    let quoted = if path.chars().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    };
    format!("sudo setcap cap_net_raw,cap_net_admin=eip {quoted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_told_from_other_errors() {
        for (text, is_right) in [
            ("Attempt to create packet socket failed - CAP_NET_RAW may be required", true),
            ("eth0: You don't have permission to capture on that device", true),
            ("socket: Operation not permitted", true),
            ("eth9: No such device exists (SIOCGIFHWADDR: No such device)", false),
        ] {
            let error = error("lo", &pcap::Error::PcapError(text.to_owned()));
            assert_eq!(matches!(error, CaptureError::Permission { .. }), is_right, "{text}");
        }
    }

    #[test]
    fn the_hint_names_this_program() {
        let hint = permission_hint();
        assert!(hint.starts_with("sudo setcap cap_net_raw,cap_net_admin=eip /"), "{hint}");
    }
}
