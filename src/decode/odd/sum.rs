//! Checksums of transports and tunnels.

use super::{At, Mark};
use crate::decode::checksum::{Status, sums};

/// The mark of a checksum that is wrong.
pub(super) fn bad(a: &At<'_>) -> Option<Mark> {
    let bytes = a.packet.frame.bytes;
    let sum = sums(bytes, a.layers()).into_iter().find(|sum| sum.index == a.index)?;
    if sum.status(bytes) != Status::Bad {
        return None;
    }
    let (stored, right) = sum.should(bytes)?;
    let (at, len) = sum.row().place();
    Some(a.mark(at, len, stored).should(right))
}
