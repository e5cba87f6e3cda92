//! pcapng: blocks in sections, each section with its own octet order and its own interfaces.
//!
//! Source: draft-ietf-opsawg-pcapng.  Read are Enhanced, Simple and the old Packet Blocks with
//! their comments, interface descriptions and statistics, and names; blocks without information on
//! packets — secrets, custom and unknown ones — are passed over without being brought to memory.

mod option;
mod section;

use std::sync::Arc;

use self::section::{Face, Section, Sections};
use super::walk::{BLOCK_LIMIT, Rewalk, Sink, Stop, Walk, Walked};
use crate::base::timestamp::Timestamp;
use crate::capture::batch::Record;
use crate::capture::block::{
    Block, ENHANCED_PACKET, Header, INTERFACE_DESCRIPTION, INTERFACE_STATISTICS, NAME_RESOLUTION,
    PACKET, SIMPLE_PACKET, What,
};
use crate::capture::byte_order::ByteOrder;
use crate::capture::facts::SharedFacts;

/// Octets of the shortest section header: nothing shorter is a pcapng file.
pub(super) const HEADER: usize = 28;

/// Block type of a section header, the same in both octet orders.
pub(super) const SECTION_HEADER: [u8; 4] = *b"\x0a\x0d\x0d\x0a";

/// Octets of a block around its body: type and length before, length after.
const FRAME: usize = 12;
/// Octets of a block before its body.
const FRONT: usize = 8;

/// Option of an Enhanced Packet Block: packets dropped since the one before (`epb_dropcount`).
const DROP_COUNT: u16 = 4;
/// What an old Packet Block says where it does not know how many were.
const DROPS_UNKNOWN: u16 = u16::MAX;

/// The walker of one pcapng input.
pub(super) struct Pcapng {
    /// The section that the next block belongs to; nothing before the first.
    section: Option<Section>,
    /// Sections so far.
    sections: u32,
    /// What reading again needs, by where each section begins.
    known: Arc<Sections>,
    /// Whether this walker reads again: interfaces and facts are known already.
    is_again: bool,
}

/// Whether `start` begins a pcapng file.
pub(super) fn is(start: &[u8]) -> bool {
    start.starts_with(&SECTION_HEADER)
}

/// A walker for an input whose first octets are `header`; nothing when it is no section header.
pub(super) fn open(header: &[u8], facts: &mut SharedFacts) -> Option<Box<dyn Walk>> {
    section::order(header)?;
    Arc::make_mut(facts).format = "pcapng";
    Some(Box::new(Pcapng { section: None, sections: 0, known: Arc::default(), is_again: false }))
}

/// A block's body and where it lies.
struct Body<'a> {
    bytes: &'a [u8],
    /// First octet of the body in the bytes given to the walker.
    at: usize,
}

impl Pcapng {
    /// Reads one whole block; an error says what is wrong with it.
    fn block(&mut self, code: u32, body: &Body<'_>, sink: &mut Sink<'_>) -> Result<(), String> {
        let Some(section) = self.section.as_mut() else {
            return Err(format!("block of type {code} before any section"));
        };
        let order = section.order;
        match code {
            ENHANCED_PACKET | PACKET => section.packet(code == PACKET, body, sink),
            SIMPLE_PACKET => section.simple_packet(body, sink),
            _ if self.is_again => Ok(()),
            INTERFACE_DESCRIPTION => section.interface(body.bytes, sink),
            _ => {
                let mut interface = None;
                match code {
                    NAME_RESOLUTION => section::names(order, body.bytes, sink),
                    INTERFACE_STATISTICS => interface = section.statistics(body.bytes, sink),
                    _ => {}
                }
                sink.keep(|| What::Other(Block::new(order, code, body.bytes), interface));
                Ok(())
            }
        }
    }

    /// Begins the section whose header block is `block`, which begins at `offset` of the input.
    fn begin(
        &mut self,
        order: ByteOrder,
        block: &[u8],
        offset: u64,
        sink: &mut Sink<'_>,
    ) -> Result<(), String> {
        if self.is_again {
            self.section = self.known.at(offset).or(Some(Section::new(order, offset, 0)));
            return Ok(());
        }
        let major = order.u16(block, 12).unwrap_or(0);
        if major != 1 {
            return Err(format!("section of pcapng version {major}, not 1"));
        }
        self.publish();
        self.sections = self.sections.saturating_add(1);
        let end = block.len().saturating_sub(4);
        let body = block.get(FRONT..end).unwrap_or_default();
        let header =
            Arc::new(Header(Block::new(order, crate::capture::block::SECTION_HEADER, body)));
        sink.keep(|| What::Section(Arc::clone(&header)));
        self.section = Some(Section::new(order, offset, self.sections).with_header(header));
        section::facts(order, block, sink);
        Ok(())
    }

    /// Shares what is known of the present section with readers of single packets.
    fn publish(&mut self) {
        if let Some(section) = &mut self.section {
            self.known.publish(section);
        }
    }
}

/// Whether blocks of this type are brought to memory.
fn is_read(code: u32) -> bool {
    (INTERFACE_DESCRIPTION..=ENHANCED_PACKET).contains(&code)
}

impl Walk for Pcapng {
    fn walk(&mut self, bytes: &[u8], from: usize, sink: &mut Sink<'_>) -> Walked {
        let mut at = from;
        let stop = loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(front) = rest.first_chunk::<FRAME>() else {
                break Stop::More { needs: FRAME, what: "block" };
            };
            if sink.records.len() >= sink.limit {
                break Stop::Full;
            }
            let is_section = front.starts_with(&SECTION_HEADER);
            let order = if is_section {
                section::order(rest)
            } else {
                self.section.as_ref().map(|s| s.order)
            };
            let Some(order) = order else {
                break Stop::Damaged("section with an unknown byte-order magic".into());
            };
            let (words, _) = front.as_chunks::<4>();
            let &[code, length, _] = words else {
                break Stop::Full;
            };
            let (code, length) = (order.four(code), order.four(length));
            // Some writers leave the padding out of the length.
            let Some(total) = (length as usize).checked_next_multiple_of(4) else {
                break Stop::Damaged(format!("block of {length} octets"));
            };
            if total < FRAME || (is_section && total < HEADER) {
                break Stop::Damaged(format!("block of {length} octets, less than {FRAME}"));
            }
            if total > BLOCK_LIMIT {
                break Stop::Damaged(format!(
                    "block of {length} octets is larger than the limit of {BLOCK_LIMIT}"
                ));
            }
            let Some(block) = rest.get(..total) else {
                if !is_section && !is_read(code) && sink.between.is_none() {
                    break Stop::Skip(total);
                }
                break Stop::More { needs: total, what: "block" };
            };
            let end = total.saturating_sub(4);
            let trailer = order.u32(block, end).unwrap_or(0);
            if trailer != length && trailer as usize != total {
                break Stop::Damaged(format!(
                    "block of {length} octets has {trailer} as the length at its end"
                ));
            }
            let done = if is_section {
                let offset = sink.offset.saturating_add(at as u64);
                self.begin(order, block, offset, sink)
            } else {
                let body = Body {
                    bytes: block.get(FRONT..end).unwrap_or_default(),
                    at: at.saturating_add(FRONT),
                };
                self.block(code, &body, sink)
            };
            if let Err(reason) = done {
                break Stop::Damaged(reason);
            }
            at = at.saturating_add(total);
        };
        if !self.is_again {
            self.publish();
        }
        Walked { at, stop }
    }

    fn again(&self) -> Box<dyn Rewalk> {
        Box::new(Again(Arc::clone(&self.known)))
    }
}

/// Makes walkers that know the sections of the first pass.
struct Again(Arc<Sections>);

impl Rewalk for Again {
    fn walker(&self, offset: u64) -> Option<Box<dyn Walk>> {
        Some(Box::new(Pcapng {
            section: Some(self.0.around(offset)?),
            sections: 0,
            known: Arc::clone(&self.0),
            is_again: true,
        }))
    }
}

impl Section {
    /// An Enhanced Packet Block, or a Packet Block, whose interface has 16 bits and a drop count.
    #[inline]
    fn packet(&mut self, is_old: bool, body: &Body<'_>, sink: &mut Sink<'_>) -> Result<(), String> {
        const FIXED: usize = 20;
        let order = self.order;
        let Some((fixed, data)) = body.bytes.split_first_chunk::<FIXED>() else {
            return Err(format!(
                "packet block with {} octets, less than {FIXED}",
                body.bytes.len()
            ));
        };
        let (words, _) = fixed.as_chunks::<4>();
        let &[face, high, low, len, original] = words else {
            return Err("packet block without a head".into());
        };
        let index = if is_old {
            let [first, second, third, fourth] = face;
            let drops = order.two([third, fourth]);
            if drops != DROPS_UNKNOWN {
                Arc::make_mut(sink.facts).drop_between(drops.into());
            }
            u32::from(order.two([first, second]))
        } else {
            order.four(face)
        };
        let face = *self.face(index)?;
        let len = order.four(len);
        let Some(after) = data.get(len as usize..) else {
            return Err(format!("packet of {len} octets in a block that has {} left", data.len()));
        };
        let ticks = u64::from(order.four(high)) << 32 | u64::from(order.four(low));
        self.has_records = true;
        add(
            sink,
            &face,
            face.clock.time(ticks),
            body.at.saturating_add(FIXED),
            len,
            order.four(original),
            28,
        )?;
        let padding = (len as usize).wrapping_neg() & 3;
        if let Some(options) = after.get(padding..)
            && options.len() >= 4
        {
            let at = body.at.saturating_add(body.bytes.len()).saturating_sub(options.len());
            for option in option::all(order, options) {
                match option.code {
                    option::COMMENT => {
                        sink.comment(at.saturating_add(option.at), option.value.len());
                    }
                    DROP_COUNT if !is_old => {
                        if let Some(packets) = order.u64(option.value, 0) {
                            Arc::make_mut(sink.facts).drop_between(packets);
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// A Simple Packet Block: no time, the section's first interface, cut at its snaplen.
    fn simple_packet(&mut self, body: &Body<'_>, sink: &mut Sink<'_>) -> Result<(), String> {
        let face = *self.face(0)?;
        let Some((original, data)) = body.bytes.split_first_chunk::<4>() else {
            return Err("simple packet block without a length".into());
        };
        let original = self.order.four(*original);
        let cut = if face.snaplen == 0 { u32::MAX } else { face.snaplen };
        let there = u32::try_from(data.len()).unwrap_or(u32::MAX);
        self.has_records = true;
        let at = body.at.saturating_add(4);
        add(sink, &face, None, at, original.min(cut).min(there), original, 12)
    }

    fn face(&self, index: u32) -> Result<&Face, String> {
        usize::try_from(index).ok().and_then(|index| self.faces.get(index)).ok_or_else(|| {
            format!("packet of interface {index}, of {} in its section", self.faces.len())
        })
    }
}

fn add(
    sink: &mut Sink<'_>,
    face: &Face,
    time: Option<Timestamp>,
    at: usize,
    len: u32,
    original: u32,
    head: u16,
) -> Result<(), String> {
    let at = u32::try_from(at).map_err(|_| "batch of more than 4 GiB".to_owned())?;
    sink.records.push(Record {
        time,
        at,
        len,
        original,
        interface: face.interface,
        link: face.link,
        head,
    });
    Ok(())
}
