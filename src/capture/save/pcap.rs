//! Classic pcap with nanoseconds, in this machine's octet order.

use crate::base::timestamp::Timestamp;
use crate::capture::frame::Frame;
use crate::capture::interface::{Interface, LinkType};

/// Tells nanoseconds, and by its order the octet order.
const MAGIC: u32 = 0xa1b2_3c4d;

/// Snapshot length when the capture gives none: what tcpdump takes for a whole packet.
const SNAPLEN: u32 = 262_144;

/// Turns records into pcap ones.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    link: Option<LinkType>,
    /// Interfaces seen, all of that link type.
    seen: usize,
    /// Whether records may be longer than what was captured of any frame.
    has_wholes: bool,
}

impl Encoder {
    /// From now on records may be longer than what was captured of any frame: readers take no more
    /// of one than the snapshot length says.
    pub(super) fn expect_wholes(&mut self) {
        self.has_wholes = true;
    }

    /// The encoder of the next file of a series.
    pub(super) fn next(&self) -> Self {
        Self { has_wholes: self.has_wholes, ..Self::default() }
    }

    /// Writes the file header when the first interface is known; refuses a second link type.
    pub(super) fn declare(
        &mut self,
        interfaces: &[Interface],
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        // No limit is the largest.
        let limit = |interface: &Interface| interface.snaplen.wrapping_sub(1);
        let snaplen =
            |all: &[Interface]| all.iter().map(limit).max().map_or(0, |most| most.wrapping_add(1));
        for interface in interfaces.iter().skip(self.seen) {
            let link = *self.link.get_or_insert(interface.link);
            if link != interface.link {
                return Err(format!(
                    "a .pcap holds one link type, and this needs {} and {}",
                    link.0, interface.link.0
                ));
            }
            if self.seen == 0 {
                let least = if self.has_wholes { SNAPLEN } else { 0 };
                header(link, snaplen(interfaces).max(least), out);
            }
            self.seen += 1;
        }
        Ok(())
    }

    /// Writes one record.
    pub(super) fn record(frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        let time = frame.time.unwrap_or(Timestamp::EPOCH);
        let Ok(seconds) = u32::try_from(time.seconds()) else {
            return Err(format!("a .pcap cannot hold the time {time} of packet {}", frame.number));
        };
        let len = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        for field in [seconds, time.subsec_nanos(), len, frame.original] {
            out.extend(field.to_ne_bytes());
        }
        out.extend_from_slice(frame.bytes);
        Ok(())
    }

    /// Writes the header of a capture without any interface.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.link.is_none() {
            header(LinkType::ETHERNET, 0, out);
        }
    }
}

fn header(link: LinkType, snaplen: u32, out: &mut Vec<u8>) {
    out.extend(MAGIC.to_ne_bytes());
    out.extend(2_u16.to_ne_bytes());
    out.extend(4_u16.to_ne_bytes());
    let snaplen = if snaplen == 0 { SNAPLEN } else { snaplen };
    for field in [0, 0, snaplen, u32::from(link.0)] {
        out.extend(field.to_ne_bytes());
    }
}
