//! pcapng in this machine's octet order: one section, times in nanoseconds.

use crate::capture::facts::Facts;
use crate::capture::frame::{Frame, Interface};

/// Seconds by which an interface's clock is set back so that it reaches times before 1970.
const SET_BACK: i64 = 9_223_372_037;

/// Turns records into blocks.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    has_header: bool,
    /// Interface numbers in the file, by index into the capture's interfaces.
    ids: Vec<u32>,
    /// The same with a clock that is set back, where one was needed.
    set_back: Vec<(u32, u32)>,
    /// Interfaces described so far.
    described: u32,
}

impl Encoder {
    /// Writes the section header and a description of each interface that is new.
    pub(super) fn declare(&mut self, interfaces: &[Interface], facts: &Facts, out: &mut Vec<u8>) {
        if !self.has_header {
            self.has_header = true;
            block(0x0a0d_0d0a, out, |out| {
                out.extend(0x1a2b_3c4d_u32.to_ne_bytes());
                out.extend(1_u16.to_ne_bytes());
                out.extend(0_u16.to_ne_bytes());
                out.extend((-1_i64).to_ne_bytes());
                for comment in &facts.comments {
                    option(1, comment.as_bytes(), out);
                }
                option(4, concat!("ipeek ", env!("CARGO_PKG_VERSION")).as_bytes(), out);
                option(0, &[], out);
            });
        }
        for interface in interfaces.iter().skip(self.ids.len()) {
            let id = self.describe(interface, 0, out);
            self.ids.push(id);
        }
    }

    /// Writes one packet.
    pub(super) fn record<'a>(
        &mut self,
        frame: &Frame<'_>,
        interfaces: &[Interface],
        comments: impl Iterator<Item = &'a [u8]>,
        out: &mut Vec<u8>,
    ) {
        let index = frame.interface as usize;
        let mut id = self.ids.get(index).copied().unwrap_or(0);
        let len = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let snaplen = interfaces.get(index).map_or(0, |interface| interface.snaplen);
        let cut = if snaplen == 0 { u32::MAX } else { snaplen };
        let mut comments = comments.peekable();
        let Some(time) = frame.time else {
            if id == 0 && len == frame.original.min(cut) && comments.peek().is_none() {
                // A Simple Packet Block: the one that has no time.
                block(3, out, |out| {
                    out.extend(frame.original.to_ne_bytes());
                    padded(frame.bytes, out);
                });
            } else {
                packet(id, 0, frame, comments, out);
            }
            return;
        };
        let ticks = u64::try_from(time.nanos()).unwrap_or_else(|_| {
            id = self.set_back(frame.interface, interfaces, out);
            let since = i128::from(time.nanos()) + i128::from(SET_BACK) * 1_000_000_000;
            u64::try_from(since).unwrap_or(0)
        });
        packet(id, ticks, frame, comments, out);
    }

    /// Writes names and counters.
    pub(super) fn finish(&mut self, facts: &Facts, out: &mut Vec<u8>) {
        if !facts.names.is_empty() {
            block(4, out, |out| {
                for (address, name) in &facts.names {
                    let (code, octets) = match address {
                        std::net::IpAddr::V4(address) => (1, address.octets().to_vec()),
                        std::net::IpAddr::V6(address) => (2, address.octets().to_vec()),
                    };
                    option(code, &[&octets[..], name.as_bytes(), &[0]].concat(), out);
                }
                option(0, &[], out);
            });
        }
        for (index, counted) in &facts.counted {
            let Some(id) = self.ids.get(*index as usize) else {
                continue;
            };
            block(5, out, |out| {
                for field in [*id, 0, 0] {
                    out.extend(field.to_ne_bytes());
                }
                for (code, value) in [
                    (4, counted.received),
                    (5, counted.dropped),
                    (6, counted.accepted),
                    (7, counted.dropped_by_system),
                    (8, counted.delivered),
                ] {
                    if let Some(value) = value {
                        option(code, &value.to_ne_bytes(), out);
                    }
                }
                option(0, &[], out);
            });
        }
    }

    /// The number of the interface whose clock is set back, described when first needed.
    fn set_back(&mut self, index: u32, interfaces: &[Interface], out: &mut Vec<u8>) -> u32 {
        if let Some((_, id)) = self.set_back.iter().find(|(known, _)| *known == index) {
            return *id;
        }
        let Some(interface) = interfaces.get(index as usize) else {
            return 0;
        };
        let id = self.describe(interface, -SET_BACK, out);
        self.set_back.push((index, id));
        id
    }

    fn describe(&mut self, interface: &Interface, offset: i64, out: &mut Vec<u8>) -> u32 {
        block(1, out, |out| {
            out.extend(interface.link.0.to_ne_bytes());
            out.extend(0_u16.to_ne_bytes());
            out.extend(interface.snaplen.to_ne_bytes());
            if let Some(name) = &interface.name {
                option(2, name.as_bytes(), out);
            }
            option(9, &[9], out);
            if offset != 0 {
                option(14, &offset.to_ne_bytes(), out);
            }
            option(0, &[], out);
        });
        self.described += 1;
        self.described - 1
    }
}

/// An Enhanced Packet Block.
fn packet<'a>(
    id: u32,
    ticks: u64,
    frame: &Frame<'_>,
    comments: impl Iterator<Item = &'a [u8]>,
    out: &mut Vec<u8>,
) {
    block(6, out, |out| {
        out.extend(id.to_ne_bytes());
        out.extend(((ticks >> 32) as u32).to_ne_bytes());
        out.extend(((ticks & 0xffff_ffff) as u32).to_ne_bytes());
        out.extend(u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX).to_ne_bytes());
        out.extend(frame.original.to_ne_bytes());
        padded(frame.bytes, out);
        let mut has_options = false;
        for comment in comments {
            option(1, comment, out);
            has_options = true;
        }
        if has_options {
            option(0, &[], out);
        }
    });
}

/// A block of type `code` around what `body` writes.
fn block(code: u32, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(code.to_ne_bytes());
    out.extend([0; 4]);
    body(out);
    let total = u32::try_from(out.len() + 4 - start).unwrap_or(u32::MAX);
    out.extend(total.to_ne_bytes());
    if let Some(length) = out.get_mut(start + 4..start + 8) {
        length.copy_from_slice(&total.to_ne_bytes());
    }
}

/// An option; a value longer than its 16-bit length can say is cut.
fn option(code: u16, value: &[u8], out: &mut Vec<u8>) {
    let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
    out.extend(code.to_ne_bytes());
    out.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_ne_bytes());
    padded(value, out);
}

/// Octets and zeros up to a multiple of four.
fn padded(octets: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(octets);
    let missing = octets.len().next_multiple_of(4) - octets.len();
    out.extend_from_slice(&[0; 3][..missing]);
}
