//! A section: its octet order, its interfaces, and what its blocks hold beside packets.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use super::option;
use crate::base::threads::lock;
use crate::capture::block::{Block, Description, Header, INTERFACE_DESCRIPTION, What};
use crate::capture::byte_order::ByteOrder;
use crate::capture::clock::Clock;
use crate::capture::facts::Counted;
use crate::capture::file::walk::Sink;
use crate::capture::interface::{Interface, InterfaceNames, LinkType};

/// Octets of an interface's name, and of its description, that are kept; a name on Linux has at most
/// fifteen.
const MAX_NAME_OCTETS: usize = 256;

/// Interfaces an input may have over all sections; each costs 20 octets of file and more of memory.
const MAX_INTERFACES: usize = 65_536;

/// Octets of descriptions and the header that are kept of a section; more is a trick, and only what
/// is read of an interface is then copied.  A thousand interfaces with the usual options have room.
const MAX_KEPT_OCTETS: usize = 256 << 10;

/// Sections with packets that can be read again; more are read only once.
const MAX_SECTIONS: usize = 4_096;

/// What a packet needs to know of its interface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    /// Index into the input's interfaces.
    pub(super) interface: u32,
    pub(super) link: LinkType,
    pub(super) snaplen: u32,
    pub(super) clock: Clock,
}

/// One section, as far as it was read.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub(super) order: ByteOrder,
    /// Where its header block begins in the input.
    offset: u64,
    /// From 1.
    number: u32,
    /// Its interfaces, by their number in the section.
    pub(super) faces: Arc<Vec<Face>>,
    /// Whether a packet was met.
    pub(super) has_records: bool,
    /// Interfaces that were published.
    published: Option<usize>,
    /// Its header block, where it is kept.
    header: Option<Arc<Header>>,
    /// Octets of blocks that are kept of it.
    kept: usize,
}

/// The octet order of a section header block.
pub(super) fn order(block: &[u8]) -> Option<ByteOrder> {
    match block.get(8..12)? {
        b"\x1a\x2b\x3c\x4d" => Some(ByteOrder::Big),
        b"\x4d\x3c\x2b\x1a" => Some(ByteOrder::Little),
        _ => None,
    }
}

/// Keeps the options of a section header block.
pub(super) fn facts(order: ByteOrder, block: &[u8], sink: &mut Sink<'_>) {
    const HARDWARE: u16 = 2;
    const SYSTEM: u16 = 3;
    const APPLICATION: u16 = 4;
    let end = block.len().saturating_sub(4);
    for option in option::all(order, block.get(24..end).unwrap_or_default()) {
        let facts = Arc::make_mut(sink.facts);
        let told = match option.code {
            option::COMMENT => {
                facts.comment(option.value);
                continue;
            }
            HARDWARE => &mut facts.hardware,
            SYSTEM => &mut facts.system,
            APPLICATION => &mut facts.application,
            _ => continue,
        };
        told.get_or_insert_with(|| String::from_utf8_lossy(option.value).into_owned());
    }
}

/// Keeps the names of a Name Resolution Block.
pub(super) fn names(order: ByteOrder, body: &[u8], sink: &mut Sink<'_>) {
    for record in option::all(order, body) {
        let (address, names): (IpAddr, _) = match record.code {
            1 => match record.value.split_first_chunk::<4>() {
                Some((octets, names)) => ((*octets).into(), names),
                None => continue,
            },
            2 => match record.value.split_first_chunk::<16>() {
                Some((octets, names)) => ((*octets).into(), names),
                None => continue,
            },
            _ => continue,
        };
        for name in names.split(|octet| *octet == 0).filter(|name| !name.is_empty()) {
            Arc::make_mut(sink.facts).name(address, name);
        }
    }
}

/// Text that is not too long, from octets that ought to be UTF-8.
fn lossy(octets: &[u8]) -> Box<str> {
    String::from_utf8_lossy(octets).into()
}

impl Section {
    /// A section without interfaces yet.
    pub(super) fn new(order: ByteOrder, offset: u64, number: u32) -> Self {
        Self {
            order,
            offset,
            number,
            faces: Arc::default(),
            has_records: false,
            published: None,
            header: None,
            kept: 0,
        }
    }

    /// This section with its header block, where that is small enough to be kept.
    pub(super) fn with_header(self, header: Arc<Header>) -> Self {
        let kept = header.0.size();
        Self { header: (kept <= MAX_KEPT_OCTETS).then_some(header), kept, ..self }
    }

    /// Adds the interface of an Interface Description Block.
    pub(super) fn interface(&mut self, body: &[u8], sink: &mut Sink<'_>) -> Result<(), String> {
        const NAME: u16 = 2;
        const DESCRIPTION: u16 = 3;
        const RESOLUTION: u16 = 9;
        const OFFSET: u16 = 14;
        let order = self.order;
        let (Some(link), Some(snaplen)) = (order.u16(body, 0), order.u32(body, 4)) else {
            return Err(format!("interface description of {} octets, less than 8", body.len()));
        };
        if sink.interfaces.len() >= MAX_INTERFACES {
            return Err(format!("more than {MAX_INTERFACES} interfaces"));
        }
        let link = LinkType(link);
        let mut clock = Clock::default();
        let (mut name, mut description) = (None, None);
        for option in option::all(order, body.get(8..).unwrap_or_default()) {
            match (option.code, option.value) {
                (option::COMMENT, text) => Arc::make_mut(sink.facts).comment(text),
                (NAME | DESCRIPTION, text) if text.len() > MAX_NAME_OCTETS => {
                    let facts = Arc::make_mut(sink.facts);
                    facts.left_out = facts.left_out.saturating_add(1);
                }
                (NAME, text) => _ = name.get_or_insert_with(|| lossy(text)),
                (DESCRIPTION, text) => _ = description.get_or_insert_with(|| lossy(text)),
                (RESOLUTION, [value, ..]) => clock.set_resolution(*value),
                (OFFSET, value) => {
                    if let Some(seconds) = order.u64(value, 0) {
                        clock.set_offset(seconds.cast_signed());
                    }
                }
                _ => {}
            }
        }
        let number = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let id = number(self.faces.len());
        let index = number(sink.interfaces.len());
        let block = Block::new(order, INTERFACE_DESCRIPTION, body);
        self.kept = self.kept.saturating_add(block.size());
        let block = if self.kept <= MAX_KEPT_OCTETS {
            Some(Arc::new(Description { block, clock }))
        } else {
            let facts = Arc::make_mut(sink.facts);
            facts.left_out = facts.left_out.saturating_add(1);
            None
        };
        Arc::make_mut(sink.interfaces).push(Interface {
            link,
            snaplen,
            names: InterfaceNames { name, description, file: None }.kept(),
            input: sink.input,
            section: self.number,
            id,
            block,
            header: self.header.clone(),
        });
        sink.keep(|| What::Interface(index));
        Arc::make_mut(&mut self.faces).push(Face { interface: index, link, snaplen, clock });
        Ok(())
    }

    /// Keeps the counters of an Interface Statistics Block; later ones replace earlier ones.
    /// Gives the interface.
    pub(super) fn statistics(&self, body: &[u8], sink: &mut Sink<'_>) -> Option<u32> {
        let order = self.order;
        let face =
            order.u32(body, 0).and_then(|index| self.faces.get(usize::try_from(index).ok()?));
        let face = face?;
        let mut counted = Counted::default();
        for option in option::all(order, body.get(12..).unwrap_or_default()) {
            let value = order.u64(option.value, 0);
            match option.code {
                4 => counted.received = value,
                5 => counted.dropped = value,
                6 => counted.accepted = value,
                7 => counted.dropped_by_system = value,
                8 => counted.delivered = value,
                _ => {}
            }
        }
        Arc::make_mut(sink.facts).counted.insert(face.interface, counted);
        Some(face.interface)
    }
}

/// Sections with packets, by where they begin: shared by the first pass and later readers of single
/// packets.
#[derive(Debug, Default)]
pub(super) struct Sections(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    all: Vec<Section>,
    /// Where the first section begins that was too many.
    lost_from: Option<u64>,
}

impl Sections {
    /// Adds what is known of `section`, or brings it up to date.  Once a walk, not once a packet.
    pub(super) fn publish(&self, section: &mut Section) {
        if !section.has_records || section.published == Some(section.faces.len()) {
            return;
        }
        let mut kept = lock(&self.0);
        section.published = Some(section.faces.len());
        let count = kept.all.len();
        match kept.all.last_mut() {
            Some(last) if last.offset == section.offset => last.clone_from(section),
            _ if count < MAX_SECTIONS => kept.all.push(section.clone()),
            _ => _ = kept.lost_from.get_or_insert(section.offset),
        }
    }

    /// The section that begins at `offset`.
    pub(super) fn at(&self, offset: u64) -> Option<Section> {
        self.around(offset).filter(|section| section.offset == offset)
    }

    /// The last section that begins at `offset` or before.
    pub(super) fn around(&self, offset: u64) -> Option<Section> {
        let kept = lock(&self.0);
        if kept.lost_from.is_some_and(|lost| offset >= lost) {
            return None;
        }
        let after = kept.all.partition_point(|section| section.offset <= offset);
        kept.all.get(after.checked_sub(1)?).cloned()
    }
}
