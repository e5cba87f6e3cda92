//! Checksums of transports and tunnels.

use super::row::{At, Mark};
use crate::decode::checksum::{Status, sum_of};

/// The mark of a checksum that is wrong.
pub(super) fn bad(a: &At<'_>) -> Option<Mark> {
    let bytes = a.packet.frame.bytes;
    let sum = sum_of(bytes, a.layers(), a.index)?;
    if sum.is_asked() && sum.is_good(bytes) || sum.status(bytes) != Status::Bad {
        return None;
    }
    let (stored, right) = sum.should(bytes)?;
    let (at, len) = sum.row().place();
    Some(a.mark(at, len, stored).should(right))
}
