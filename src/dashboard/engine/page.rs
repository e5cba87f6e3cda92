//! Reads the packets on screen from the store.

use super::packet_index::FilteredPackets;
use crate::analyze::datagram::{Assembly, Datagram};
use crate::analyze::fragment::Fragment;
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
    let (mut detail, mut is_fragment) = (None, false);
    let selected = request.selected.map_or(0..0, |position| position..position + 1);
    let also = packets.read(selected, batch, |_, batch, index| {
        if let Some(frame) = batch.frame(index) {
            walk::walk(&frame, &mut layers);
            let packet = Packet { frame, layers: &layers };
            is_fragment = Fragment::outermost(&packet).is_some();
            detail = Some(Detail::of(&packet));
        }
    });
    if request.is_whole
        && is_fragment
        && let Some(number) = detail.as_ref().map(|detail| detail.number)
        && let Some(whole) = whole(packets, number, batch)
    {
        detail = Some(Detail::of_datagram(number, &whole));
    }
    page.detail = detail;
    page.error = read.and(also).err().map(|error| error.to_string());
    page.request = request;
    page
}

/// Packets before and behind a fragment among which the others of its datagram are looked for: done
/// within a key press.
const REACH: u64 = 2_000;

/// The datagram that packet `number` is a fragment of: the innermost that it has a part in.
fn whole(packets: &FilteredPackets, number: u64, batch: &mut Batch) -> Option<Datagram> {
    let (mut assembly, mut layers, mut found) = (Assembly::default(), Layers::new(), None);
    let numbers = number.saturating_sub(REACH).max(1)..number.saturating_add(REACH);
    let mut from = numbers.start;
    while from < numbers.end {
        let to = numbers.end.min(from + 64);
        packets.read_numbers(from..to, batch).ok()?;
        for frame in batch.frames() {
            walk::walk(&frame, &mut layers);
            let packet = Packet { frame, layers: &layers };
            let fragment = Fragment::outermost(&packet);
            let made = fragment.and_then(|fragment| assembly.add(&packet, &fragment));
            let made = made.map(Datagram::into_innermost);
            found = made.filter(|datagram| datagram.packets.contains(&number)).or(found);
        }
        from = to;
    }
    found
}
