//! Messages of rtnetlink(7), as far as they are about links and addresses.
//!
//! The kernel's own numbers, in the order of this machine's octets.  What is cut or unknown is left
//! out: no message of the kernel's is taken for more than it says.

use std::net::IpAddr;

/// `RTM_*` and `NLMSG_*` of `linux/rtnetlink.h` and `linux/netlink.h`.
const DONE: u16 = 3;
const NEW_LINK: u16 = 16;
const DEL_LINK: u16 = 17;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const DEL_ADDRESS: u16 = 21;
const GET_ADDRESS: u16 = 22;

/// `NLM_F_REQUEST | NLM_F_DUMP`.
const REQUEST_ALL: u16 = 0x301;

/// `IFF_UP` and `IFF_RUNNING` of `linux/if.h`.
const UP_AND_RUNNING: u32 = 0x41;

/// `IFLA_IFNAME` and `IFLA_MTU` of `linux/if_link.h`.
const LINK_NAME: u16 = 3;
const LINK_MTU: u16 = 4;

/// `IFA_ADDRESS` and `IFA_LOCAL` of `linux/if_addr.h`; the latter is the own one where a link has
/// an address at each end.
const ADDRESS: u16 = 1;
const LOCAL: u16 = 2;

/// `AF_INET` and `AF_INET6` on Linux.
const INET: u8 = 2;
const INET6: u8 = 10;

/// Octets of `struct nlmsghdr`, `struct ifinfomsg`, `struct ifaddrmsg` and `struct rtattr`.
const HEADER: usize = 16;
const LINK_HEADER: usize = 16;
const ADDRESS_HEADER: usize = 8;
const ATTRIBUTE: usize = 4;

/// The lists that the kernel can be asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dump {
    Links,
    Addresses,
}

/// What the kernel says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message<'a> {
    /// How a link is, whether it is new or not.
    Link(Link<'a>),
    LinkGone(Link<'a>),
    AddressAdded(Address),
    AddressRemoved(Address),
    /// The end of an answer.
    Done,
}

/// A link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link<'a> {
    pub(super) index: u32,
    pub(super) name: Option<&'a [u8]>,
    /// Whether it is up and has a carrier.
    pub(super) is_running: bool,
    pub(super) mtu: Option<u32>,
}

/// An address of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) index: u32,
    pub(super) own: IpAddr,
    pub(super) len: u8,
}

/// Asks for a whole list.
pub(super) fn request(dump: Dump) -> Vec<u8> {
    let (kind, header) = match dump {
        Dump::Links => (GET_LINK, LINK_HEADER),
        Dump::Addresses => (GET_ADDRESS, ADDRESS_HEADER),
    };
    let len = u32::try_from(HEADER + header).unwrap_or(0);
    let mut octets = Vec::from(len.to_ne_bytes());
    octets.extend(kind.to_ne_bytes());
    octets.extend(REQUEST_ALL.to_ne_bytes());
    // Its number, whom it is from, and of which family: none in particular.
    octets.resize(HEADER + header, 0);
    octets
}

/// The messages in what the kernel wrote at once.
pub(super) fn all(mut octets: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        loop {
            let len = usize::try_from(u32_at(octets, 0)?).ok()?;
            let message = octets.get(..len).filter(|_| len >= HEADER)?;
            octets = octets.get(len.next_multiple_of(4)..).unwrap_or_default();
            let kind = u16::from_ne_bytes(*message.get(4..)?.first_chunk()?);
            if let Some(message) = one(kind, message.get(HEADER..)?) {
                return Some(message);
            }
        }
    })
}

fn one(kind: u16, body: &[u8]) -> Option<Message<'_>> {
    Some(match kind {
        DONE => Message::Done,
        NEW_LINK => Message::Link(link(body)?),
        DEL_LINK => Message::LinkGone(link(body)?),
        NEW_ADDRESS => Message::AddressAdded(address(body)?),
        DEL_ADDRESS => Message::AddressRemoved(address(body)?),
        _ => return None,
    })
}

/// `struct ifinfomsg`: family, type, index at 4, flags at 8, changed flags; then attributes.
fn link(body: &[u8]) -> Option<Link<'_>> {
    let flags = u32_at(body, 8)?;
    let mut link = Link {
        index: u32_at(body, 4)?,
        name: None,
        is_running: flags & UP_AND_RUNNING == UP_AND_RUNNING,
        mtu: None,
    };
    for (kind, value) in attributes(body.get(LINK_HEADER..)?) {
        match kind {
            LINK_NAME => link.name = Some(value.strip_suffix(&[0]).unwrap_or(value)),
            LINK_MTU => link.mtu = u32_at(value, 0),
            _ => {}
        }
    }
    Some(link)
}

/// `struct ifaddrmsg`: family, length of the prefix, flags, scope, index at 4; then attributes.
fn address(body: &[u8]) -> Option<Address> {
    let &[family, len, ..] = body.first_chunk::<2>()?;
    let mut found = None;
    for (kind, value) in attributes(body.get(ADDRESS_HEADER..)?) {
        let address = match family {
            INET => value.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
            INET6 => value.first_chunk::<16>().map(|octets| IpAddr::from(*octets)),
            _ => None,
        };
        match kind {
            LOCAL => found = address,
            ADDRESS => found = found.or(address),
            _ => {}
        }
    }
    Some(Address { index: u32_at(body, 4)?, own: found?, len })
}

/// Type and value of each `struct rtattr`.
fn attributes(mut octets: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let &[a, b, c, d] = octets.first_chunk::<ATTRIBUTE>()?;
        let len = usize::from(u16::from_ne_bytes([a, b]));
        let value = octets.get(ATTRIBUTE..len)?;
        octets = octets.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((u16::from_ne_bytes([c, d]), value))
    })
}

fn u32_at(octets: &[u8], at: usize) -> Option<u32> {
    octets.get(at..)?.first_chunk().copied().map(u32::from_ne_bytes)
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::*;

    /// What the kernel wrote of an interface `there`, of index 2 and MTU 1500, without carrier: the
    /// attributes that are not used are cut but one.
    const LINK: [u8; 60] = [
        60, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // len, RTM_NEWLINK
        0, 0, 1, 0, 2, 0, 0, 0, 0x03, 0x10, 0, 0, 1, 0, 0, 0, // index 2, IFF_UP, not running
        10, 0, 3, 0, b't', b'h', b'e', b'r', b'e', 0, 0, 0, // IFLA_IFNAME
        8, 0, 13, 0, 0xe8, 3, 0, 0, // IFLA_TXQLEN
        8, 0, 4, 0, 0xdc, 5, 0, 0, // IFLA_MTU
    ];

    /// 192.0.2.1/30 with 192.0.2.2 at the other end of the link 2.
    const PEER: [u8; 40] = [
        40, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // len, RTM_NEWADDR
        2, 30, 0x80, 0, 2, 0, 0, 0, // AF_INET, /30, index 2
        8, 0, 1, 0, 192, 0, 2, 2, // IFA_ADDRESS
        8, 0, 2, 0, 192, 0, 2, 1, // IFA_LOCAL
    ];

    #[test]
    fn a_link_without_carrier_is_not_running() {
        let link = Link { index: 2, name: Some(b"there"), is_running: false, mtu: Some(1500) };
        assert_eq!(all(&LINK).collect::<Vec<_>>(), [Message::Link(link)]);
        let mut running = LINK;
        running[24] |= 0x40; // IFF_RUNNING
        let link = Link { is_running: true, ..link };
        assert_eq!(all(&running).collect::<Vec<_>>(), [Message::Link(link)]);
    }

    #[test]
    fn the_own_address_of_two_is_taken() {
        let mut octets = PEER.to_vec();
        octets.extend([20, 0, 0, 0, 3, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let address = Address { index: 2, own: [192, 0, 2, 1].into(), len: 30 };
        assert_eq!(
            all(&octets).collect::<Vec<_>>(),
            [Message::AddressAdded(address), Message::Done]
        );
    }

    #[test]
    fn what_is_cut_is_left_out() {
        for octets in [&LINK[..], &PEER[..]] {
            for len in 0..octets.len() {
                assert_eq!(all(&octets[..len]).count(), 0, "{len}");
            }
        }
    }
}
