//! Layer two tunnelling protocol over UDP: version 2 (RFC 2661) and version 3 (RFC 3931).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// The first word.
    FIELDS, L2tp, "RFC 2661, section 3.1";
    TYPE_BIT "l2tp.type" 0, 1, Flag, "Control", "A control message; clear: data.";
    LENGTH_BIT "l2tp.length_bit" 1, 1, Flag, "Length present", "The length follows.";
    RESERVED_A "l2tp.reserved_a" 2, 2, Hex, "Reserved", "Zero.";
    SEQUENCE_BIT "l2tp.seq_bit" 4, 1, Flag, "Sequence present", "Sequence numbers follow.";
    RESERVED_B "l2tp.reserved_b" 5, 1, Hex, "Reserved", "Zero.";
    OFFSET_BIT "l2tp.offset_bit" 6, 1, Flag, "Offset present", "An offset size follows.";
    PRIORITY "l2tp.priority" 7, 1, Flag, "Priority", "To be sent before other data.";
    RESERVED_C "l2tp.reserved_c" 8, 4, Hex, "Reserved", "Zero.";
    VERSION "l2tp.version" 12, 4, Number, "Version", "2 or 3.";
}

fields! {
    /// Length.
    LENGTH_ROWS, L2tp, "RFC 2661, section 3.1";
    LENGTH "l2tp.length" 0, 16, Number, "Length", "Octets of the message, this header included.";
}

fields! {
    /// Version 2.
    IDS, L2tp, "RFC 2661, section 3.1";
    TUNNEL "l2tp.tunnel" 0, 16, Number, "Tunnel", "The receiver's number of the tunnel.";
    SESSION "l2tp.session" 16, 16, Number, "Session", "The receiver's number of the session.";
}

fields! {
    /// Version 2 with sequence numbers, and version 3's control messages.
    NUMBERS, L2tp, "RFC 2661, section 3.1";
    NS "l2tp.Ns" 0, 16, Number, "Ns", "Number of this message.";
    NR "l2tp.Nr" 16, 16, Number, "Nr", "Number expected next.";
}

fields! {
    /// Version 2 with an offset.
    OFFSETS, L2tp, "RFC 2661, section 3.1";
    OFFSET "l2tp.offset" 0, 16, Number, "Offset", "Octets of padding behind this field.";
    PADDING "l2tp.offset_padding" 16, 0, Bytes, "Padding", "Of no meaning.";
}

fields! {
    /// Version 3, control.
    CONNECTION, L2tp, "RFC 3931, section 3.2.1";
    CCID "l2tp.ccid" 0, 32, Hex, "Control connection", "The receiver's number of the connection.";
}

fields! {
    /// Version 3, data.
    DATA, L2tp, "RFC 3931, section 4.1.2.1";
    RESERVED_D "l2tp.reserved_d" 0, 16, Hex, "Reserved", "Zero.";
    SID "l2tp.sid" 16, 32, Hex, "Session", "The receiver's number of the session.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "l2tp",
    short: "l2tp",
    title: "Layer two tunnelling protocol",
    parts: &[
        Part {
            label: "length",
            start: |b| Places::of(b)?.length,
            len: |_| Some(2),
            fields: LENGTH_ROWS,
        },
        Part { label: "identifiers", start: |b| Places::of(b)?.ids, len: |_| Some(4), fields: IDS },
        Part {
            label: "connection",
            start: |b| Places::of(b)?.ccid,
            len: |_| Some(4),
            fields: CONNECTION,
        },
        Part {
            label: "numbers",
            start: |b| Places::of(b)?.numbers,
            len: |_| Some(4),
            fields: NUMBERS,
        },
        Part {
            label: "offset",
            start: |b| Places::of(b)?.offset,
            len: |b| offset_octets(b),
            fields: OFFSETS,
        },
        Part { label: "data", start: |b| Places::of(b)?.data, len: |_| Some(6), fields: DATA },
    ],
    source: "RFC 2661",
    ..Header::of(Layer::L2tp, Class::Tunnel, FIELDS)
};

// Bits of the first word.
const CONTROL: u16 = 0x8000;
const HAS_LENGTH: u16 = 0x4000;
const HAS_NUMBERS: u16 = 0x0800;
const HAS_OFFSET: u16 = 0x0200;

/// Octets at which the fields of one header begin, where it has them.
#[derive(Default)]
struct Places {
    length: Option<usize>,
    ids: Option<usize>,
    ccid: Option<usize>,
    numbers: Option<usize>,
    offset: Option<usize>,
    data: Option<usize>,
    /// Octets of the header, an offset's padding left out.
    end: usize,
}

impl Places {
    fn of(header: &[u8]) -> Option<Self> {
        let flags = u16::from_be_bytes(*header.first_chunk()?);
        let mut places = Self { end: 2, ..Self::default() };
        let control = flags & CONTROL != 0;
        match flags & 0xf {
            2 => {
                places.length = places.take(flags & HAS_LENGTH != 0, 2);
                places.ids = places.take(true, 4);
                places.numbers = places.take(flags & HAS_NUMBERS != 0, 4);
                places.offset = places.take(flags & HAS_OFFSET != 0, 2);
            }
            3 if control => {
                places.length = places.take(true, 2);
                places.ccid = places.take(true, 4);
                places.numbers = places.take(true, 4);
            }
            3 => places.data = places.take(true, 6),
            _ => return None,
        }
        Some(places)
    }

    fn take(&mut self, is_there: bool, octets: usize) -> Option<usize> {
        let at = self.end;
        self.end = at.saturating_add(if is_there { octets } else { 0 });
        is_there.then_some(at)
    }
}

/// Octets of the offset field and its padding.
fn offset_octets(header: &[u8]) -> Option<usize> {
    let at = Places::of(header)?.offset?;
    let size = u16::from_be_bytes(*header.get(at..)?.first_chunk()?);
    Some(usize::from(size).saturating_add(2))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let flags = reach.u16(0)?;
    let Some(places) = Places::of(reach.bytes) else {
        // RFC 2661, section 3.1: another version is to be dropped; 1 is L2F.
        return Step::then(0, Next::Payload);
    };
    reach.needs(places.end)?;
    let padding = offset_octets(reach.bytes).map_or(0, |octets| octets.saturating_sub(2));
    let len = places.end.saturating_add(padding);
    reach.needs(len)?;
    let total = match places.length {
        Some(at) => Some(usize::from(reach.u16(at)?)),
        None => None,
    };
    if let (Some(at), Some(total)) = (places.length, total.filter(|&total| total < len)) {
        return Err(Fault::Malformed { at, needs: len, has: total });
    }
    // Version 3's data say neither their kind nor how long their cookie is: control messages did.
    let is_ppp = flags & CONTROL == 0 && flags & 0xf == 2;
    let next = if is_ppp { Next::Layer(Layer::Ppp) } else { Next::Payload };
    Step::until(len, total, next)
}
