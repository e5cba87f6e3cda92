//! Octets of blocks and options, in one section's octet order.

use crate::capture::byte_order::ByteOrder;

/// Where blocks are written.
pub(super) struct Blocks<'a> {
    pub(super) order: ByteOrder,
    pub(super) out: &'a mut Vec<u8>,
}

impl Blocks<'_> {
    /// A block of type `code` around what `body` writes; whole words.
    pub(super) fn block(&mut self, code: u32, body: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        self.u32(code);
        self.u32(0);
        body(self);
        let total = u32::try_from(self.out.len() + 4 - start).unwrap_or(u32::MAX);
        self.u32(total);
        if let Some(length) = self.out.get_mut(start + 4..start + 8) {
            length.copy_from_slice(&self.order.of(total.to_ne_bytes()));
        }
    }

    pub(super) fn u16(&mut self, number: u16) {
        self.out.extend(self.order.of(number.to_ne_bytes()));
    }

    pub(super) fn u32(&mut self, number: u32) {
        self.out.extend(self.order.of(number.to_ne_bytes()));
    }

    pub(super) fn u64(&mut self, number: u64) {
        self.out.extend(self.order.of(number.to_ne_bytes()));
    }

    /// An option; a value longer than its 16-bit length can say is cut.
    pub(super) fn option(&mut self, code: u16, value: &[u8]) {
        let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
        self.u16(code);
        self.u16(u16::try_from(value.len()).unwrap_or(u16::MAX));
        self.padded(value);
    }

    /// An option that is a number.
    pub(super) fn number(&mut self, code: u16, number: u64) {
        self.option(code, &self.order.of(number.to_ne_bytes()));
    }

    /// Octets, and zeros up to a whole word.
    pub(super) fn padded(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
        let missing = octets.len().next_multiple_of(4) - octets.len();
        self.out.extend_from_slice(&[0; 3][..missing]);
    }
}
