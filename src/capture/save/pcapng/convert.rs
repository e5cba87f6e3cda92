//! The body of a block in the other octet order, or without what must not be copied.
//!
//! Blocks are copied octet by octet where they can be.  Two inputs of different order in one
//! section cannot, nor can options that are not to be copied once anything is changed.

use std::borrow::Cow;

use crate::capture::block::{
    CUSTOM, CUSTOM_UNCOPIED, ENHANCED_PACKET, INTERFACE_DESCRIPTION, INTERFACE_STATISTICS, JOURNAL,
    NAME_RESOLUTION, PACKET, SECRETS, SIMPLE_PACKET,
};
use crate::capture::byte_order::ByteOrder;

/// Custom options: the enterprise number of whoever defined it, then data that only they define.
const CUSTOM_OPTIONS: [u16; 4] = [2988, 2989, 19372, 19373];
/// Those of them that are not to be copied once anything is changed.
const UNCOPIED_OPTIONS: [u16; 2] = [19372, 19373];

/// How a block is laid out.
struct Layout {
    code: u32,
    /// Octets of its fields.
    fields: &'static [usize],
    /// Which of the fields counts the octets of data behind them, padded to a word.
    data: Option<usize>,
    /// Options that are numbers, and the octets of each number.
    numbers: &'static [(u16, usize)],
}

/// Every block whose layout is known (draft-ietf-opsawg-pcapng, section 4).
const LAYOUTS: [Layout; 6] = {
    const fn row(
        code: u32,
        fields: &'static [usize],
        data: Option<usize>,
        numbers: &'static [(u16, usize)],
    ) -> Layout {
        Layout { code, fields, data, numbers }
    }
    [
        row(INTERFACE_DESCRIPTION, &[2, 2, 4], None, &[(8, 8), (10, 4), (14, 8), (16, 8), (17, 8)]),
        row(PACKET, &[2, 2, 4, 4, 4, 4], Some(4), &[(2, 4)]),
        row(ENHANCED_PACKET, &[4; 5], Some(3), &[(2, 4), (4, 8), (5, 8), (6, 4)]),
        row(
            INTERFACE_STATISTICS,
            &[4; 3],
            None,
            // Two times, each in two halves, and counters.
            &[(2, 4), (3, 4), (4, 8), (5, 8), (6, 8), (7, 8), (8, 8)],
        ),
        row(SECRETS, &[4, 4], Some(1), &[]),
        row(NAME_RESOLUTION, &[], None, &[]),
    ]
};

/// The body as it is to be written; nothing when its layout is not known and the order is another.
pub(super) fn convert(
    code: u32,
    body: &[u8],
    from: ByteOrder,
    to: ByteOrder,
    is_part: bool,
) -> Option<Cow<'_, [u8]>> {
    let layout = LAYOUTS.iter().find(|layout| layout.code == code);
    let is_same = from == to || code == JOURNAL;
    if is_same && !(is_part && layout.is_some_and(|layout| layout.has_uncopied(body, from))) {
        return Some(Cow::Borrowed(body));
    }
    let mut octets = Octets { rest: body, from, out: Vec::with_capacity(body.len()), is_same };
    match code {
        SIMPLE_PACKET | CUSTOM | CUSTOM_UNCOPIED => octets.number(4)?,
        NAME_RESOLUTION => {
            // Records look like options and come before them.
            octets.options(&[], false);
            octets.options(&[], is_part);
        }
        _ => {
            let layout = layout?;
            let mut len = 0;
            for (index, field) in layout.fields.iter().enumerate() {
                if layout.data == Some(index) {
                    len = from.u32(octets.rest, 0)? as usize;
                }
                octets.number(*field)?;
            }
            octets.through(len.checked_next_multiple_of(4)?);
            octets.options(layout.numbers, is_part);
        }
    }
    octets.through(usize::MAX);
    Some(Cow::Owned(octets.out))
}

impl Layout {
    fn has_uncopied(&self, body: &[u8], order: ByteOrder) -> bool {
        if self.code == NAME_RESOLUTION {
            // Rarely met, and as good as its copy.
            return true;
        }
        let fields: usize = self.fields.iter().sum();
        let at: usize = self.fields.iter().take(self.data.unwrap_or(0)).sum();
        let data = self.data.and_then(|_| order.u32(body, at)).unwrap_or(0) as usize;
        let mut rest = body.get(fields.saturating_add(data).next_multiple_of(4)..);
        while let Some(options) = rest.filter(|options| options.len() >= 4) {
            let (Some(code), Some(len)) = (order.u16(options, 0), order.u16(options, 2)) else {
                break;
            };
            if UNCOPIED_OPTIONS.contains(&code) {
                return true;
            }
            rest = options.get(4 + usize::from(len).next_multiple_of(4)..).filter(|_| code != 0);
        }
        false
    }
}

/// A body that is being turned round.
struct Octets<'a> {
    rest: &'a [u8],
    from: ByteOrder,
    out: Vec<u8>,
    is_same: bool,
}

impl Octets<'_> {
    /// Moves a number of so many octets.
    fn number(&mut self, len: usize) -> Option<()> {
        let (number, rest) = self.rest.split_at_checked(len)?;
        self.turn(number);
        self.rest = rest;
        Some(())
    }

    fn turn(&mut self, number: &[u8]) {
        if self.is_same {
            self.out.extend_from_slice(number);
        } else {
            self.out.extend(number.iter().rev());
        }
    }

    /// Moves octets that have no order, or all that are left.
    fn through(&mut self, len: usize) {
        let (octets, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.out.extend_from_slice(octets);
        self.rest = rest;
    }

    /// Moves options, up to their end mark or one that makes no sense.
    fn options(&mut self, numbers: &[(u16, usize)], is_part: bool) {
        while let (Some(code), Some(len)) =
            (self.from.u16(self.rest, 0), self.from.u16(self.rest, 2))
        {
            let len = usize::from(len);
            if self.rest.len() < 4 + len {
                return;
            }
            if is_part && UNCOPIED_OPTIONS.contains(&code) {
                self.rest = self.rest.get(4 + len.next_multiple_of(4)..).unwrap_or_default();
                continue;
            }
            let _ = self.number(2);
            let _ = self.number(2);
            let row = numbers.iter().find(|(known, _)| *known == code);
            let width = row.map(|(_, width)| *width);
            let width = width.or(CUSTOM_OPTIONS.contains(&code).then_some(4));
            // Times come as two halves; of what others defined the rest is theirs.
            let most = if CUSTOM_OPTIONS.contains(&code) { 1 } else { 2 };
            let mut left = len;
            if let Some(width) = width {
                for _ in 0..most {
                    if left >= width && self.number(width).is_some() {
                        left -= width;
                    }
                }
            }
            self.through(left + len.next_multiple_of(4) - len);
            if code == 0 {
                return;
            }
        }
    }
}
