//! A whole datagram as one frame: behind what stood before its first fragment's header, whose
//! lengths and checksums are set as a sender would have that had no need of fragments.

use super::Datagram;
use crate::capture::LinkType;
use crate::decode::checksum::sums;
use crate::decode::walk::walk_any;
use crate::decode::{Layers, Span};
use crate::wire::Layer;

/// Headers that say how long is what they carry: the octet at which they do, and that from which
/// they count.
const LENGTHS: [(Layer, usize, usize); 5] = [
    (Layer::Pppoe, 4, 6),
    (Layer::Ipv4, 2, 0),
    (Layer::Ipv6, 4, 40),
    (Layer::Udp, 4, 0),
    (Layer::Gtp, 2, 8),
];

impl Datagram {
    /// It as one frame; none where a header around it cannot say so many octets.
    pub fn frame(&self) -> Option<Vec<u8>> {
        let mut bytes = [self.ahead.as_slice(), &self.octets].concat();
        let mut layers = Layers::new();
        for span in self.around(&bytes, &mut layers) {
            set_length(&mut bytes, *span)?;
        }
        // What sums cover reaches to its end only now.
        let count = self.around(&bytes, &mut layers).len();
        for sum in sums(&bytes, &layers) {
            let span = layers.span(sum.index).filter(|_| usize::from(sum.index) < count);
            let Some((span, (stored, right))) = span.zip(sum.should(&bytes)) else { continue };
            let (octet, len) = sum.row().place();
            let right = right.to_be_bytes();
            let from = usize::from(span.at) + octet;
            if stored != u32::from_be_bytes(right)
                && let Some(room) = bytes.get_mut(from..from + usize::try_from(len).ok()?)
            {
                let written = right.len().checked_sub(room.len())?;
                room.copy_from_slice(right.get(written..)?);
            }
        }
        Some(bytes)
    }

    /// The link type of that frame.
    pub fn link(&self) -> LinkType {
        self.link
    }

    /// The headers before its own.
    fn around<'a>(&self, bytes: &[u8], layers: &'a mut Layers) -> &'a [Span] {
        walk_any(self.link, bytes, bytes.len(), layers);
        let spans = layers.spans();
        let own = spans.iter().position(|span| usize::from(span.at) >= self.ahead.len());
        spans.get(..own.unwrap_or(spans.len())).unwrap_or_default()
    }
}

/// Has a header say that it carries all behind it.
fn set_length(bytes: &mut [u8], span: Span) -> Option<()> {
    let Some(&(_, at, mut from)) = LENGTHS.iter().find(|(layer, ..)| *layer == span.layer) else {
        return Some(());
    };
    let start = usize::from(span.at);
    // Version 0 counts from the end of its header on.
    if span.layer == Layer::Gtp && bytes.get(start)? >> 5 == 0 {
        from = 20;
    }
    let len = bytes.len().checked_sub(start + from)?;
    let room = bytes.get_mut(start + at..start + at + 2)?;
    room.copy_from_slice(&u16::try_from(len).ok()?.to_be_bytes());
    Some(())
}
