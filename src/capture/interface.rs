//! Interfaces of a capture: what its records have in common.

use std::sync::Arc;

use super::block::{Description, Header};
use crate::base::text::Safe;

/// A LINKTYPE_ number as in the pcap file format: what the first octet of a frame begins.
///
/// Live captures give DLT numbers; `capture::live` turns the few that differ into LINKTYPE ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// Ethernet II and IEEE 802.3.
    pub const ETHERNET: Self = Self(1);
    /// A bare IPv4 or IPv6 packet, told by its version nibble.
    pub const RAW: Self = Self(101);
}

/// One interface of a capture: what its records have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// What each frame begins with.
    pub link: LinkType,
    /// Longest capture in octets; 0 when the file gives no limit.
    pub snaplen: u32,
    /// What it is called, where that is known; apart, since a capture may have very many interfaces
    /// without a name.
    pub names: Option<Box<InterfaceNames>>,
    /// Which input the interface belongs to, from 0, in the order of the command line.
    pub input: u32,
    /// pcapng section within that input, from 1; 1 for other formats.
    pub section: u32,
    /// Number within that section, from 0.
    pub id: u32,
    /// The block that describes it, where the capture is a pcapng.
    pub block: Option<Arc<Description>>,
    /// The header of its section, where the capture is one pcapng: several are merged to one
    /// section.
    pub header: Option<Arc<Header>>,
}

/// What an interface is called: untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InterfaceNames {
    /// Name such as `eth0`, as the capture gives it.
    pub name: Option<Box<str>>,
    /// Description such as `Wi-Fi`, as the capture gives it.
    pub description: Option<Box<str>>,
    /// Name of the file it was read from, where several are read as one.
    pub file: Option<Arc<str>>,
}

impl InterfaceNames {
    /// These, where there are any.
    pub fn kept(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

impl Interface {
    /// Name such as `eth0`, as the capture gives it: untrusted text.
    pub fn name(&self) -> Option<&str> {
        self.names.as_deref()?.name.as_deref()
    }

    /// Description such as `Wi-Fi`, as the capture gives it: untrusted text.
    pub fn description(&self) -> Option<&str> {
        self.names.as_deref()?.description.as_deref()
    }

    /// Name of the file it was read from, where several are read as one: untrusted text.
    pub fn file(&self) -> Option<&str> {
        self.names.as_deref()?.file.as_deref()
    }

    /// What it is called where it stands at `at` among all interfaces of a capture, safe to show: by
    /// its name or its description, and by its file where there are several.
    pub fn called(&self, at: usize) -> String {
        match (self.name().or(self.description()), self.file()) {
            (Some(name), Some(file)) => format!("{} ({})", Safe(name), Safe(file)),
            (Some(name), None) => Safe(name).to_string(),
            (None, Some(file)) if (self.section, self.id) == (1, 0) => Safe(file).to_string(),
            (None, Some(file)) => format!("{} #{}", Safe(file), self.id),
            (None, None) => format!("#{at}"),
        }
    }
}
