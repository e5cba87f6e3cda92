//! Options of a pcapng block: code, length, value, padding to 32 bits.

use crate::capture::byte_order::ByteOrder;

/// A comment, in any block.
pub(super) const COMMENT: u16 = 1;

/// One option.
pub(super) struct Opt<'a> {
    pub(super) code: u16,
    pub(super) value: &'a [u8],
    /// First octet of the value, from the start of the options.
    pub(super) at: usize,
}

/// The options in `bytes`, up to the end mark or to one that runs past the end.
pub(super) fn all(order: ByteOrder, bytes: &[u8]) -> impl Iterator<Item = Opt<'_>> {
    let mut next = 0_usize;
    std::iter::from_fn(move || {
        let code = order.u16(bytes, next).filter(|code| *code != 0)?;
        let len = usize::from(order.u16(bytes, next.checked_add(2)?)?);
        let at = next.checked_add(4)?;
        let value = bytes.get(at..at.checked_add(len)?)?;
        next = at.checked_add(len.checked_next_multiple_of(4)?)?;
        Some(Opt { code, value, at })
    })
}
