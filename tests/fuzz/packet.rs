//! Packets: where their headers lie, everything that can be read of them, what many add up to.

use std::cell::RefCell;

use foldhash::quality::RandomState;
use ipeek::analyze::order::{CaptureOrder, Notes};
use ipeek::analyze::statistic::ledger;
use ipeek::analyze::{Analysis, PacketRecords, Settings};
use ipeek::base::timestamp::{TimeDelta, Timestamp};
use ipeek::capture::{Frame, LinkType};
use ipeek::decode::derived;
use ipeek::decode::layers::MAX_SPANS;
use ipeek::decode::walk::{MOST_STEPS, walk, walk_any};
use ipeek::decode::{Layers, Packet, anomaly};
use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use ipeek::report::hex;
use ipeek::report::row::Row;
use ipeek::report::summary::{Origin, Summary};
use ipeek::report::tree::Tree;
use ipeek::wire::catalogue::fields;

/// Octets before a frame: its link type and how many octets more there were on the wire.
const HEAD: usize = 3;

/// Link type, octets that were not captured, octets.
fn frame(octets: &[u8], number: u64, time: Option<i64>) -> Option<Frame<'_>> {
    let (&[low, high, cut], bytes) = octets.split_first_chunk::<HEAD>()?;
    let original = u32::try_from(bytes.len()).ok()? + u32::from(cut) * u32::from(cut);
    let link = LinkType(u16::from_le_bytes([low, high]));
    Some(Frame { number, time: time.and_then(Timestamp::from_nanos), link, interface: 0, original, bytes, told: ipeek::capture::Told::default() })
}

/// The frame with that number among those from the first on.
fn frame_of<'a>(frames: &[Frame<'a>], number: u64) -> Option<Frame<'a>> {
    frames.get(usize::try_from(number.checked_sub(1)?).ok()?).copied()
}

/// What is used again from packet to packet.
struct Work {
    layers: Layers,
    long: Layers,
    writer: PacketWriter,
    text: Text,
    row: Row,
    tree: Tree,
}

thread_local! {
    static WORK: RefCell<Work> = RefCell::new(Work {
        layers: Layers::new(),
        long: Layers::new(),
        writer: PacketWriter::new(),
        text: Text::default(),
        row: Row::default(),
        tree: Tree::default(),
    });
}

/// One frame: its headers lie in it and in order, whichever way they are found, and whatever is
/// read of them can be shown.
pub fn decode(octets: &[u8]) {
    let Some(frame) = frame(octets, 1, None) else { return };
    WORK.with_borrow_mut(|work| work.decode(frame));
}

impl Work {
    fn decode(&mut self, frame: Frame<'_>) {
        walk(&frame, &mut self.layers);
        walk_any(frame.link, frame.bytes, frame.original as usize, &mut self.long);
        let told =
            |layers: &Layers| (layers.spans().to_vec(), layers.index, layers.stop, layers.end);
        assert_eq!(told(&self.layers), told(&self.long), "the short cut differs");
        check_spans(&self.layers, frame.bytes.len());
        let packet = Packet { frame, layers: &self.layers };
        let mut values = 0_u64;
        for field in fields() {
            packet.each(field, &mut |_| values += 1);
        }
        for row in derived::all() {
            packet.each_derived(row, &mut |_| values += 1);
        }
        self.text.buffer.clear();
        self.writer.write(&mut self.text, &packet, None);
        let json: Result<serde_json::Value, _> = serde_json::from_slice(&self.text.buffer);
        json.unwrap_or_else(|error| panic!("{error}: {}", self.text.buffer.escape_ascii()));
        self.row.read(&packet);
        self.tree.read(&packet);
        for node in self.tree.nodes() {
            let octets = node.octets();
            assert!(octets.start <= octets.end, "{node:?}");
        }
        assert_eq!(
            hex::rows(&packet).map(|row| row.octets.len()).sum::<usize>(),
            frame.bytes.len()
        );
        let found = |guarded: bool| {
            let mut all = Vec::new();
            let mut with = |found: anomaly::Anomaly| all.push((found.number, found.mark, found.ip_layer));
            if guarded {
                anomaly::each(&packet, true, &mut with);
            } else {
                anomaly::each_unguarded(&packet, true, &mut with);
            }
            all
        };
        assert_eq!(found(true), found(false), "what the gate lets through differs");
    }
}

fn check_spans(layers: &Layers, len: usize) {
    assert!(layers.spans().len() <= MAX_SPANS);
    let mut end = 0;
    for span in layers.spans() {
        assert!(usize::from(span.at) >= end, "{:?}", layers.spans());
        assert!(span.len > 0 && span.end() <= len, "{:?}", layers.spans());
        end = span.end();
    }
    assert!(layers.end as usize <= len);
    assert!(layers.steps as usize <= MOST_STEPS, "{} steps", layers.steps);
}

/// Many frames, each behind two octets of length and one of time: their books close, in whatever
/// groups they are folded and whatever room there is for flows.
pub fn analyze(octets: &[u8]) {
    let Some((&[limit, group], mut rest)) = octets.split_first_chunk::<2>() else { return };
    let settings = Settings {
        flows: 1 + usize::from(limit & 0x0f),
        paths: 1 + usize::from(limit >> 6),
        idle: (limit & 0x10 != 0).then_some(TimeDelta::from_seconds(5)),
        ..Settings::default()
    };
    let seed = RandomState::default();
    let (mut analysis, mut other) =
        (Analysis::new(settings, &seed), Analysis::new(settings, &seed));
    let mut order = CaptureOrder::new(seed);
    let (mut records, mut notes) = (PacketRecords::default(), Notes::default());
    let (mut layers, mut time, mut packets, mut batches) = (Layers::new(), 0_i64, 0_u64, 0_u64);
    let mut frames = Vec::new();
    while let Some((&[low, high, step], behind)) = rest.split_first_chunk::<3>() {
        let len = usize::from(u16::from_le_bytes([low, high])).min(behind.len());
        let (own, more) = behind.split_at(len);
        rest = more;
        // Mostly forward, at times back.
        time += i64::from(step.cast_signed()) * 100_000_000;
        let Some(frame) = frame(own, packets + 1, Some(time)) else { continue };
        packets += 1;
        frames.push(frame);
        walk(&frame, &mut layers);
        let packet = Packet { frame, layers: &layers };
        notes.see(&packet);
        records.push(&packet, &mut notes.found);
        if packets % u64::from(group.max(1)) == 0 {
            order.go_through(&mut notes, &mut records, |number| frame_of(&frames, number));
            let part = if batches % 2 == 0 { &mut analysis } else { &mut other };
            notes.count(&mut part.anomalies, &records);
            part.fold(&mut records, &mut []);
            part.end_idle(Timestamp::from_nanos(time));
            records.clear();
            notes.clear();
            batches += 1;
        }
    }
    order.go_through(&mut notes, &mut records, |number| frame_of(&frames, number));
    notes.count(&mut analysis.anomalies, &records);
    analysis.fold(&mut records, &mut []);
    analysis.merge(other);
    analysis.end(&mut order);
    assert_eq!(analysis.total().packets, packets);
    let ledger = analysis.values.tallies(ledger::ROW.key).expect("a statistic");
    assert_eq!(ledger.total(), analysis.total());
    let live: u64 = analysis.flows().map(|flow| flow.total().packets).sum();
    assert!(live <= packets, "{live} packets in flows, of {packets}");
    // A family that finds no room keeps one flow all the same.
    assert!(analysis.live_flows() <= settings.flows + 2, "{} flows", analysis.live_flows());
    let summary = Summary::of(&analysis, &Origin::default(), 1);
    assert_eq!(summary.statistics.get(&ledger::ROW).sum().packets, packets);
    serde_json::to_vec(&summary).expect("a summary is data");
}
