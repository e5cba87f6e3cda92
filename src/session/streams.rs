//! Which streams the packets of a batch are of: told when its turn has come, behind the flows.

use super::shared::Shared;
use super::work::Work;
use crate::decode::history::Stream;
use crate::wire::Layer;

impl Shared {
    /// Tells which streams packets are of, if anybody asks; none where its turn never comes.
    pub(super) fn number_streams(&self, ordinal: u64, work: &mut Work) -> Option<()> {
        if !self.asks.stream {
            return Some(());
        }
        let mut state = self.streams.take(ordinal)?;
        let [tcp, udp] = &mut state.1;
        let records = work.packet_records.all().iter();
        work.streams.extend(records.zip(&work.flow_matches).map(|(record, found)| {
            let (layer, streams) = match record.proto {
                _ if found.flow == 0 => return None,
                6 => (Layer::Tcp, &mut *tcp),
                17 => (Layer::Udp, &mut *udp),
                _ => return None,
            };
            let number = streams.number(record.number, found.stream)?;
            Some(Stream { layer, number })
        }));
        self.streams.pass_on(state);
        Some(())
    }
}
