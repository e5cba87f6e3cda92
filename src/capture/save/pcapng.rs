//! pcapng: sections, interfaces and blocks as they were read, or one section made for what comes
//! from elsewhere.
//!
//! A block that was read is copied octet by octet, in the octet order of its section: what ipeek
//! knows nothing of — flags, hashes, verdicts, options of others, secrets, unknown blocks — is kept
//! because nothing is made anew.  What comes from interfaces, pcap files or from memory gets a
//! section in this machine's octet order, with times in nanoseconds.

mod block;
mod convert;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::block::Blocks;
use self::convert::convert;
use crate::capture::block::{
    Between, Block, CUSTOM_UNCOPIED, ENHANCED_PACKET, Header, INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS, NAME_RESOLUTION, PACKET, SECRETS, SECTION_HEADER, SIMPLE_PACKET, What,
};
use crate::capture::byte_order::ByteOrder;
use crate::capture::facts::{Counted, Facts};
use crate::capture::frame::Frame;
use crate::capture::interface::Interface;

/// Seconds by which an interface's clock is set back so that it reaches times before 1970.
const SET_BACK: i64 = 9_223_372_037;

/// Octets of names and secrets that the next file of a series begins with, at most.
const MOST_CARRIED: usize = 4 << 20;

/// A comment, in any block.
const COMMENT: u16 = 1;

/// Turns records into blocks.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    section: Option<Section>,
    /// What the next section begins with, of the file before.
    carried: Option<Carried>,
    /// Whether the source passes on what stands between records.
    is_told: bool,
    /// Whether not all of a capture is copied.
    is_part: bool,
    /// Whether what is carried is worth keeping.
    is_series: bool,
    /// Comments of sections that were merged before there was one.
    comments: Vec<Vec<u8>>,
    /// Interfaces that were described, in any section: those before that.
    described: u32,
    left_out: u64,
}

/// The section at hand.
#[derive(Debug)]
struct Section {
    order: ByteOrder,
    header: Option<Arc<Header>>,
    /// Interface numbers in the file, by index into the capture's interfaces.
    ids: BTreeMap<u32, u32>,
    /// By number of an interface, that of its copy with a clock that is set back, where one was
    /// needed.
    set_back: BTreeMap<u32, u32>,
    /// Interfaces in all.
    count: u32,
    names_and_secrets: Vec<Block>,
    octets: usize,
}

/// What the next file of a series begins with.
#[derive(Debug)]
struct Carried {
    header: Option<Arc<Header>>,
    /// By number.
    interfaces: Vec<u32>,
    names_and_secrets: Vec<Block>,
}

/// All that is known of a capture when something is written.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) interfaces: &'a [Interface],
    pub(super) facts: &'a Facts,
}

impl Known<'_> {
    fn interface(&self, index: u32) -> Option<&Interface> {
        self.interfaces.get(usize::try_from(index).ok()?)
    }
}

impl Encoder {
    /// From now on not all of a capture is copied: blocks marked not to be copied are left out.
    pub(super) fn copy_part(&mut self) {
        self.is_part = true;
    }

    /// Files follow this one.
    pub(super) fn expect_more(&mut self) {
        self.is_series = true;
    }

    /// Blocks and comments that could not be copied.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The encoder of the next file of a series.
    pub(super) fn next(self) -> Self {
        let by_number = |section: &Section| {
            let mut all: Vec<_> = section.ids.iter().map(|(index, id)| (*id, *index)).collect();
            all.sort_unstable();
            all.into_iter().map(|(_, index)| index).collect()
        };
        let carried = self.section.filter(|_| self.is_told).map(|section| Carried {
            interfaces: by_number(&section),
            header: section.header,
            names_and_secrets: section.names_and_secrets,
        });
        Self { section: None, carried: carried.or(self.carried), described: 0, ..self }
    }

    /// Writes what stands between records.
    pub(super) fn between(&mut self, between: &Between, known: Known<'_>, out: &mut Vec<u8>) {
        self.is_told = true;
        match &between.what {
            What::Section(header) => self.begin(Some(header), known, out),
            What::Merged(header) => self.merge(header),
            What::Interface(index) => {
                self.section(known, out);
                self.describe(*index, known, out);
            }
            What::Other(block, interface) => {
                self.section(known, out);
                if !self.copy(block, *interface, out) {
                    self.left_out += 1;
                }
            }
        }
    }

    /// Writes one packet, whose block is `block` where it was read from a pcapng.
    pub(super) fn record<'a>(
        &mut self,
        frame: &Frame<'_>,
        block: Option<&[u8]>,
        comments: impl Iterator<Item = &'a [u8]>,
        known: Known<'_>,
        out: &mut Vec<u8>,
    ) {
        let id = self.id(frame.interface, known, out);
        if block.is_some_and(|block| self.copy_packet(block, id, frame.interface, known, out)) {
            return;
        }
        let interface = known.interface(frame.interface);
        let cut = interface.map_or(0, |interface| interface.snaplen);
        let cut = if cut == 0 { u32::MAX } else { cut };
        let len = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let mut comments = comments.peekable();
        let Some(time) = frame.time else {
            if id == 0 && len == frame.original.min(cut) && comments.peek().is_none() {
                // A Simple Packet Block: the one that has no time.
                self.blocks(out).block(SIMPLE_PACKET, |blocks| {
                    blocks.u32(frame.original);
                    blocks.padded(frame.bytes);
                });
            } else {
                self.packet(id, 0, frame, comments, out);
            }
            return;
        };
        let description = interface.and_then(|interface| interface.block.as_ref());
        let ticks = match description {
            Some(description) => description.clock.ticks(time),
            None => u64::try_from(time.nanos()).ok(),
        };
        if let Some(ticks) = ticks {
            return self.packet(id, ticks, frame, comments, out);
        }
        let id = self.set_back(frame.interface, known, out);
        let since = i128::from(time.nanos()) + i128::from(SET_BACK) * 1_000_000_000;
        self.packet(id, u64::try_from(since).unwrap_or(0), frame, comments, out);
    }

    /// Writes what no packet has brought along: interfaces without packets, and names and counters
    /// that the source has not passed on between records.
    pub(super) fn finish(&mut self, known: Known<'_>, out: &mut Vec<u8>) {
        self.section(known, out);
        let all = u32::try_from(known.interfaces.len()).unwrap_or(u32::MAX);
        for index in self.described..all {
            // Sections that were told have told theirs.
            if !self.is_told || known.interface(index).is_some_and(|one| one.header.is_none()) {
                self.id(index, known, out);
            }
        }
        if self.is_told {
            return;
        }
        if !known.facts.names.is_empty() {
            self.blocks(out).block(NAME_RESOLUTION, |blocks| {
                for (address, name) in &known.facts.names {
                    let (code, octets) = match address {
                        std::net::IpAddr::V4(address) => (1, address.octets().to_vec()),
                        std::net::IpAddr::V6(address) => (2, address.octets().to_vec()),
                    };
                    blocks.option(code, &[&octets[..], name.as_bytes(), &[0]].concat());
                }
                blocks.option(0, &[]);
            });
        }
        self.count(known.facts, out);
    }

    /// Where blocks of the section at hand are written.
    fn blocks<'a>(&self, out: &'a mut Vec<u8>) -> Blocks<'a> {
        let order = self.section.as_ref().map_or(ByteOrder::NATIVE, |section| section.order);
        Blocks { order, out }
    }

    /// Sees to it that there is a section.
    fn section(&mut self, known: Known<'_>, out: &mut Vec<u8>) {
        if self.section.is_some() {
            return;
        }
        let Some(carried) = self.carried.take() else {
            let first = known.interfaces.first().and_then(|first| first.header.clone());
            return self.begin(first.as_ref().filter(|_| !self.is_told), known, out);
        };
        self.begin(carried.header.as_ref(), known, out);
        for index in carried.interfaces {
            self.describe(index, known, out);
        }
        for block in carried.names_and_secrets {
            self.copy(&block, None, out);
        }
    }

    /// Begins a section: that of this header, or one of ours.
    fn begin(&mut self, header: Option<&Arc<Header>>, known: Known<'_>, out: &mut Vec<u8>) {
        if self.section.is_some() && !self.is_told {
            self.count(known.facts, out);
        }
        self.carried = None;
        let order = header.map_or(ByteOrder::NATIVE, |header| header.0.order);
        self.section = Some(Section {
            order,
            header: header.cloned(),
            ids: BTreeMap::new(),
            set_back: BTreeMap::new(),
            count: 0,
            names_and_secrets: Vec::new(),
            octets: 0,
        });
        let comments = std::mem::take(&mut self.comments);
        self.blocks(out).block(SECTION_HEADER, |blocks| {
            if let Some((head, rest)) = header.and_then(|h| h.0.body.split_at_checked(16)) {
                // How long it gets is not known yet.
                blocks.out.extend_from_slice(head.get(..8).unwrap_or_default());
                blocks.u64(u64::MAX);
                blocks.out.extend_from_slice(rest);
                return;
            }
            blocks.u32(0x1a2b_3c4d);
            blocks.u16(1);
            blocks.u16(0);
            blocks.u64(u64::MAX);
            let kept: Vec<&[u8]> = if self.is_told {
                comments.iter().map(Vec::as_slice).collect()
            } else {
                known.facts.comments.iter().map(String::as_bytes).collect()
            };
            for comment in kept {
                blocks.option(COMMENT, comment);
            }
            blocks.option(4, concat!("ipeek ", env!("CARGO_PKG_VERSION")).as_bytes());
            blocks.option(0, &[]);
        });
    }

    /// Takes over the comments of a section that becomes part of another.
    fn merge(&mut self, header: &Header) {
        self.is_part = true;
        let Header(Block { order, body, .. }) = header;
        let mut options = body.get(16..).unwrap_or_default();
        while let (Some(code @ 1..), Some(len)) = (order.u16(options, 0), order.u16(options, 2)) {
            let len = usize::from(len);
            let Some(value) = options.get(4..4 + len) else { break };
            if code == COMMENT && self.section.is_none() {
                self.comments.push(value.to_vec());
            } else if code == COMMENT {
                self.left_out += 1;
            }
            options = options.get(4 + len.next_multiple_of(4)..).unwrap_or_default();
        }
    }

    /// The number of an interface in the section that it belongs to.
    fn id(&mut self, index: u32, known: Known<'_>, out: &mut Vec<u8>) -> u32 {
        if let Some(id) = self.section.as_ref().and_then(|section| section.ids.get(&index)) {
            return *id;
        }
        let header = known.interface(index).and_then(|interface| interface.header.as_ref());
        let is_here = |section: &Section| section.header.as_ref() == header;
        if self.is_told || self.section.as_ref().is_some_and(is_here) {
            self.section(known, out);
        } else {
            self.begin(header, known, out);
        }
        if !self.is_told {
            // All that are known, so that numbers stay.
            for (other, at) in known.interfaces.iter().zip(0..index) {
                if other.header.as_ref() == header {
                    self.describe(at, known, out);
                }
            }
        }
        self.describe(index, known, out)
    }

    /// Describes an interface unless the section has it already; its number.
    fn describe(&mut self, index: u32, known: Known<'_>, out: &mut Vec<u8>) -> u32 {
        self.described = self.described.max(index.saturating_add(1));
        let is_part = self.is_part;
        let (Some(section), Some(interface)) = (&mut self.section, known.interface(index)) else {
            return 0;
        };
        if let Some(id) = section.ids.get(&index) {
            return *id;
        }
        let id = section.count;
        section.count += 1;
        section.ids.insert(index, id);
        let to = section.order;
        let body = interface.block.as_ref().and_then(|description| {
            let Block { order, body, .. } = &description.block;
            convert(INTERFACE_DESCRIPTION, body, *order, to, is_part)
        });
        let mut blocks = Blocks { order: to, out };
        match body {
            Some(body) => blocks.block(INTERFACE_DESCRIPTION, |blocks| blocks.padded(&body)),
            None => describe(interface, 0, &mut blocks),
        }
        id
    }

    /// The number of the interface whose clock is set back, described when first needed.
    fn set_back(&mut self, index: u32, known: Known<'_>, out: &mut Vec<u8>) -> u32 {
        let (Some(section), Some(interface)) = (&mut self.section, known.interface(index)) else {
            return 0;
        };
        if let Some(id) = section.set_back.get(&index) {
            return *id;
        }
        let id = section.count;
        section.count += 1;
        section.set_back.insert(index, id);
        describe(interface, -SET_BACK, &mut Blocks { order: section.order, out });
        id
    }

    /// Copies a block that is no packet; false when that cannot be.
    fn copy(&mut self, block: &Block, interface: Option<u32>, out: &mut Vec<u8>) -> bool {
        let is_part = self.is_part;
        let Some(section) = &mut self.section else { return false };
        let Block { order, code, body } = block;
        if *code == CUSTOM_UNCOPIED && is_part {
            return false;
        }
        let Some(copy) = convert(*code, body, *order, section.order, is_part) else { return false };
        let mut copy = copy.into_owned();
        if *code == INTERFACE_STATISTICS {
            let id = interface.and_then(|index| section.ids.get(&index));
            match (id, copy.first_chunk_mut()) {
                (Some(id), Some(place)) => *place = section.order.of(id.to_ne_bytes()),
                // Of no interface: in its own section it is that still.
                _ if section.header.is_none() => return false,
                _ => {}
            }
        }
        let is_lasting = matches!(*code, NAME_RESOLUTION | SECRETS);
        if self.is_series && is_lasting && section.octets + block.size() <= MOST_CARRIED {
            section.octets += block.size();
            section.names_and_secrets.push(block.clone());
        }
        Blocks { order: section.order, out }.block(*code, |blocks| blocks.padded(&copy));
        true
    }

    /// Copies the block of a packet; false when it has to be made anew.
    fn copy_packet(
        &mut self,
        block: &[u8],
        id: u32,
        index: u32,
        known: Known<'_>,
        out: &mut Vec<u8>,
    ) -> bool {
        let description = known.interface(index).and_then(|one| one.block.as_ref());
        let (Some(description), Some(section)) = (description, &self.section) else { return false };
        let from = description.order();
        let end = block.len().saturating_sub(4);
        let (Some(code), Some(body)) = (from.u32(block, 0), block.get(8..end)) else {
            return false;
        };
        let fits = match code {
            ENHANCED_PACKET => true,
            PACKET => u16::try_from(id).is_ok(),
            SIMPLE_PACKET => id == 0,
            _ => false,
        };
        let Some(copy) = convert(code, body, from, section.order, self.is_part) else {
            return false;
        };
        if !fits {
            return false;
        }
        Blocks { order: section.order, out }.block(code, |blocks| {
            let rest = match code {
                ENHANCED_PACKET => {
                    blocks.u32(id);
                    copy.get(4..)
                }
                PACKET => {
                    blocks.u16(u16::try_from(id).unwrap_or(u16::MAX));
                    copy.get(2..)
                }
                _ => copy.get(..),
            };
            blocks.out.extend_from_slice(rest.unwrap_or_default());
        });
        true
    }

    /// An Enhanced Packet Block.
    fn packet<'a>(
        &self,
        id: u32,
        ticks: u64,
        frame: &Frame<'_>,
        comments: impl Iterator<Item = &'a [u8]>,
        out: &mut Vec<u8>,
    ) {
        self.blocks(out).block(ENHANCED_PACKET, |blocks| {
            blocks.u32(id);
            blocks.u32((ticks >> 32) as u32);
            blocks.u32((ticks & 0xffff_ffff) as u32);
            blocks.u32(u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX));
            blocks.u32(frame.original);
            blocks.padded(frame.bytes);
            let mut has_options = false;
            for comment in comments {
                blocks.option(COMMENT, comment);
                has_options = true;
            }
            if has_options {
                blocks.option(0, &[]);
            }
        });
    }

    /// Writes the counters of the interfaces of this section.
    fn count(&self, facts: &Facts, out: &mut Vec<u8>) {
        let Some(section) = &self.section else { return };
        for (index, counted) in &facts.counted {
            if let Some(id) = section.ids.get(index) {
                statistics(*id, counted, &mut self.blocks(out));
            }
        }
    }
}

/// An Interface Description Block of what is known of an interface, with nanoseconds.
fn describe(interface: &Interface, offset: i64, blocks: &mut Blocks<'_>) {
    blocks.block(INTERFACE_DESCRIPTION, |blocks| {
        blocks.u16(interface.link.0);
        blocks.u16(0);
        blocks.u32(interface.snaplen);
        if let Some(name) = interface.name() {
            blocks.option(2, name.as_bytes());
        }
        if let Some(description) = interface.description() {
            blocks.option(3, description.as_bytes());
        }
        blocks.option(9, &[9]);
        if offset != 0 {
            blocks.number(14, offset.cast_unsigned());
        }
        blocks.option(0, &[]);
    });
}

/// An Interface Statistics Block without a time.
fn statistics(id: u32, counted: &Counted, blocks: &mut Blocks<'_>) {
    blocks.block(INTERFACE_STATISTICS, |blocks| {
        for field in [id, 0, 0] {
            blocks.u32(field);
        }
        for (code, value) in [
            (4, counted.received),
            (5, counted.dropped),
            (6, counted.accepted),
            (7, counted.dropped_by_system),
            (8, counted.delivered),
        ] {
            if let Some(value) = value {
                blocks.number(code, value);
            }
        }
        blocks.option(0, &[]);
    });
}
