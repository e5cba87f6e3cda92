//! Words that are put together of what a packet has, without an allocation.

use crate::decode::layers::MAX_SPANS;
use crate::decode::packet::Packet;

/// Octets of the longest name of a header, and a colon.
const NAME: usize = 16;

/// Some words.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    octets: [u8; MAX_SPANS * NAME],
    len: usize,
}

impl Words {
    const NONE: Self = Self { octets: [0; MAX_SPANS * NAME], len: 0 };

    /// The names of a packet's headers.
    pub(super) fn of_headers(packet: &Packet<'_>) -> Self {
        let mut words = Self::NONE;
        for span in packet.layers.spans() {
            if words.len > 0 {
                words.push(":");
            }
            words.push(span.layer.header().name);
        }
        words
    }

    /// As text.
    pub fn text(&self) -> &str {
        let octets = self.octets.get(..self.len).unwrap_or_default();
        std::str::from_utf8(octets).unwrap_or_default()
    }

    fn push(&mut self, word: &str) {
        let end = self.len.saturating_add(word.len());
        if let Some(room) = self.octets.get_mut(self.len..end) {
            room.copy_from_slice(word.as_bytes());
            self.len = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::catalogue::HEADERS;

    #[test]
    fn every_name_and_a_colon_fit() {
        assert!(HEADERS.iter().all(|row| row.name.len() < NAME));
    }
}
