//! Reads the packets on screen from the store.

use super::packet_index::FilteredPackets;
use crate::capture::Batch;
use crate::dashboard::model::packet_detail::Detail;
use crate::dashboard::model::packet_line::PacketLine;
use crate::dashboard::model::packet_page::{PacketPage, PageRequest};
use crate::decode::{Layers, Packet, walk};
use crate::report::column::Column;

/// Reads the page that answers `request`, from the first `most` packets.
pub fn read(
    packets: &FilteredPackets,
    request: PageRequest,
    most: u64,
    batch: &mut Batch,
) -> PacketPage {
    let mut page = PacketPage {
        count: packets.count().min(most),
        gone: packets.gone(),
        ..PacketPage::default()
    };
    let mut layers = Layers::new();
    let mut lines = Vec::new();
    let columns: Vec<Column> =
        request.fields.iter().filter_map(|name| Column::find(name).ok()).collect();
    let rows = request.rows.start..request.rows.end.min(page.count);
    let read = packets.read(rows, batch, |position, batch, index| {
        if let Some(frame) = batch.frame(index) {
            walk::walk(&frame, &mut layers);
            let packet = Packet { frame, layers: &layers };
            lines.push(PacketLine::of(&packet, position, &columns));
        }
    });
    page.lines = lines;
    let mut detail = None;
    let selected = request.selected.map_or(0..0, |position| position..position + 1);
    let also = packets.read(selected, batch, |_, batch, index| {
        if let Some(frame) = batch.frame(index) {
            walk::walk(&frame, &mut layers);
            detail = Some(Detail::of(&Packet { frame, layers: &layers }));
        }
    });
    page.detail = detail;
    page.error = read.and(also).err().map(|error| error.to_string());
    page.request = request;
    page
}
