//! The packets on screen: the rows around the cursor, and the selected packet field by field.
//!
//! Read again from the store whenever the rows change; nothing else of the packets is kept.

use std::ops::Range;

use super::packet_detail::Detail;
use super::packet_line::PacketLine;

/// What the screen wants to see of the packets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// Positions of the rows.
    pub rows: Range<u64>,
    /// Position of the packet whose fields are wanted, if any.
    pub selected: Option<u64>,
    /// Which of the orders that there were of these packets.
    pub order: u64,
    /// Names of the fields that are columns.
    pub fields: Vec<&'static str>,
    /// Whether the fields of a fragment are those of its whole datagram.
    pub is_whole: bool,
    /// Whether the newest packet is to be among the rows.
    pub follows: bool,
}

/// The packets on screen.
#[derive(Debug, Clone, Default)]
pub struct PacketPage {
    /// The request.
    pub request: PageRequest,
    /// Packets there are to scroll through.
    pub count: u64,
    /// Packets before the first that is still kept.
    pub gone: u64,
    /// The rows.
    pub lines: Vec<PacketLine>,
    /// The selected packet.
    pub detail: Option<Detail>,
    /// Why packets cannot be read.
    pub error: Option<String>,
}

impl PacketPage {
    /// Whether the page is the answer to `request` with `count` packets.
    pub fn is_for(&self, request: &PageRequest, count: u64) -> bool {
        // More packets matter only where rows are missing, and to a cursor that follows them.
        let wanted = self.request.rows.end.saturating_sub(self.request.rows.start);
        let is_full = self.lines.len() as u64 == wanted;
        let is_whole = self.lines.len() as u64
            == count.min(self.request.rows.end).saturating_sub(self.request.rows.start);
        let is_newest = self.count == count;
        self.request == *request
            && (is_full && (is_newest || !request.follows) || is_whole && is_newest)
    }

    /// The row at `position`.
    pub fn line(&self, position: u64) -> Option<&PacketLine> {
        self.lines.iter().find(|line| line.position == position)
    }
}
