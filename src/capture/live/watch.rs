//! Changes of interfaces while they are captured from, as the kernel reports them (rtnetlink(7)):
//! libpcap keeps to itself that one went down and came up again, and what was sent between is in no
//! counter.

mod message;

use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, send,
    socket,
};

use self::message::{Address, Dump, Link, Message};
use crate::base::timestamp::Timestamp;
use crate::capture::event::{Event, What};
use crate::capture::queue::Teller;
use crate::capture::source::Stop;

/// Groups of the kernel's messages: links, addresses of IPv4 and of IPv6.
const GROUPS: u32 = 0x1 | 0x10 | 0x100;

/// Milliseconds after which the end of the capture is seen.
const PATIENCE: u16 = 100;

/// Octets of the kernel's messages that are read at once.
const OCTETS: usize = 32 << 10;

/// Watches interfaces; it sends its requests to the kernel before rights are given up.
pub(super) struct Watch {
    socket: OwnedFd,
    watched: Vec<Watched>,
}

/// One interface as last reported.
#[derive(Debug)]
struct Watched {
    /// Index into the batch's interfaces.
    interface: u32,
    name: String,
    /// The kernel's number of it, once it is known.
    index: Option<u32>,
    down_since: Option<Timestamp>,
    mtu: u32,
    addresses: BTreeSet<(IpAddr, u8)>,
}

impl Watch {
    /// Watches the interfaces of these names; their numbers are in that order.
    pub(super) fn open(names: &[String]) -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC;
        let protocol = SockProtocol::NetlinkRoute;
        let socket = socket(AddressFamily::Netlink, SockType::Raw, flags, protocol)?;
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, GROUPS))?;
        let watched = names.iter().zip(0..).map(|(name, interface)| Watched {
            interface,
            name: name.clone(),
            index: None,
            down_since: None,
            mtu: 0,
            addresses: BTreeSet::new(),
        });
        let mut watch = Self { socket, watched: watched.collect() };
        let now = Timestamp::now();
        for dump in [Dump::Links, Dump::Addresses] {
            send(watch.socket.as_raw_fd(), &message::request(dump), MsgFlags::empty())?;
            while watch.is_ready() && !watch.read(now, &mut |_| ())? {}
        }
        Ok(watch)
    }

    /// Reports changes until the capture is stopped, or its receiver is gone.
    pub(super) fn run(mut self, stop: &Stop, teller: &Teller) {
        while !stop.is_asked() && !teller.is_over() {
            if self.is_ready() {
                // Messages that found no room are lost; those that come after tell how things are.
                let _ = self.read(Timestamp::now(), &mut |event| teller.tell(event));
            }
        }
        if crate::guard::is_silent(self.descriptor()) {
            // Its number must be no other file's, to which nothing could be written then.
            std::mem::forget(self.socket);
        }
    }

    /// Number of the netlink descriptor.
    pub(super) fn descriptor(&self) -> i32 {
        self.socket.as_raw_fd()
    }

    /// Waits a little; whether something has come.
    fn is_ready(&self) -> bool {
        let mut ready = [PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
        poll(&mut ready, PollTimeout::from(PATIENCE)).is_ok_and(|ready| ready > 0)
    }

    /// Takes in what has come; whether an answer has ended with it.
    fn read(&mut self, now: Timestamp, tell: &mut impl FnMut(Event)) -> io::Result<bool> {
        let mut octets = vec![0; OCTETS];
        let count = recv(self.socket.as_raw_fd(), &mut octets, MsgFlags::empty())?;
        let mut is_over = false;
        for message in message::all(octets.get(..count).unwrap_or_default()) {
            is_over |= matches!(message, Message::Done);
            self.take_in(&message, now, tell);
        }
        Ok(is_over)
    }

    fn take_in(&mut self, message: &Message<'_>, now: Timestamp, tell: &mut impl FnMut(Event)) {
        for watched in &mut self.watched {
            match *message {
                Message::Link(link) => watched.link(&link, now, tell),
                Message::LinkGone(link) if watched.index == Some(link.index) => {
                    // The capture ends with it; should another be given the name, it is not this.
                    watched.index = None;
                }
                Message::AddressAdded(address) => watched.address(&address, true, now, tell),
                Message::AddressRemoved(address) => watched.address(&address, false, now, tell),
                Message::LinkGone(_) | Message::Done => {}
            }
        }
    }
}

impl Watched {
    fn link(&mut self, link: &Link<'_>, now: Timestamp, tell: &mut impl FnMut(Event)) {
        let is_first = self.index.is_none() && self.mtu == 0;
        if is_first && link.name == Some(self.name.as_bytes()) {
            self.index = Some(link.index);
            self.down_since = (!link.is_running).then_some(now);
            self.mtu = link.mtu.unwrap_or(0);
            return;
        }
        if self.index != Some(link.index) {
            return;
        }
        let mut tell = |what| tell(Event { interface: self.interface, time: now, what });
        match (self.down_since, link.is_running) {
            (None, false) => {
                self.down_since = Some(now);
                tell(What::Down);
            }
            (Some(since), true) => {
                self.down_since = None;
                // A clock that was set back makes no time between.
                tell(What::Up { since: since.min(now) });
            }
            _ => {}
        }
        if let Some(mtu) = link.mtu.filter(|&mtu| mtu != self.mtu) {
            tell(What::Mtu { before: self.mtu, now: mtu });
            self.mtu = mtu;
        }
    }

    fn address(
        &mut self,
        &Address { index, own: address, len }: &Address,
        is_added: bool,
        now: Timestamp,
        tell: &mut impl FnMut(Event),
    ) {
        if self.index != Some(index) {
            return;
        }
        // The kernel tells of an address again when its lifetime or state changes.
        let (is_news, what) = if is_added {
            (self.addresses.insert((address, len)), What::AddressAdded { address, len })
        } else {
            (self.addresses.remove(&(address, len)), What::AddressRemoved { address, len })
        };
        if is_news {
            tell(Event { interface: self.interface, time: now, what });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one interface `eth0` of index 7, which runs with an MTU of 1500, tells of these links,
    /// which come at 1, 2, 3 … nanoseconds.
    fn events(links: &[(u32, bool, u32)]) -> Vec<(i64, What)> {
        let mut watched = Watched {
            interface: 0,
            name: "eth0".into(),
            index: None,
            down_since: None,
            mtu: 0,
            addresses: BTreeSet::new(),
        };
        let mut events = Vec::new();
        let first = [(7, true, 1500)];
        for (&(index, is_running, mtu), now) in first.iter().chain(links).zip(0..) {
            let name = (index == 7).then_some(&b"eth0"[..]);
            let link = Link { index, name, is_running, mtu: Some(mtu) };
            let now = Timestamp::clamped(now);
            watched.link(&link, now, &mut |event| events.push((event.time.nanos(), event.what)));
        }
        events
    }

    #[test]
    fn down_and_up_is_a_gap_with_both_times_however_often_it_is_told() {
        let down = (7, false, 1500);
        let up = (7, true, 1500);
        assert_eq!(
            events(&[up, down, down, up, up]),
            [(2, What::Down), (4, What::Up { since: Timestamp::clamped(2) })]
        );
    }

    #[test]
    fn another_length_is_told_once_and_another_interface_not_at_all() {
        assert_eq!(
            events(&[(8, false, 9000), (7, true, 1400), (7, true, 1400)]),
            [(2, What::Mtu { before: 1500, now: 1400 })]
        );
    }

    #[test]
    fn an_address_that_is_told_again_is_no_news() {
        let mut watched = Watched {
            interface: 3,
            name: "eth0".into(),
            index: Some(7),
            down_since: None,
            mtu: 1500,
            addresses: BTreeSet::new(),
        };
        let mut events = Vec::new();
        let address = Address { index: 7, own: [10, 0, 0, 1].into(), len: 24 };
        for is_added in [false, true, true, false, false] {
            watched.address(&address, is_added, Timestamp::EPOCH, &mut |event| {
                events.push(event.what);
            });
        }
        let (address, len) = (address.own, 24);
        assert_eq!(
            events,
            [What::AddressAdded { address, len }, What::AddressRemoved { address, len }]
        );
    }
}
