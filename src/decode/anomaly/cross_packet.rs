//! Which anomalies of more than one packet a packet has, as the floors above find them.

use super::row::{Expected, Mark, Scope, at};
use super::rules::{Anomaly, CROSS_PACKET, row};
use super::several::{CrossPacket, ROWS};
use crate::decode::layers::{LayerIndex, is_ip};
use crate::decode::packet::Packet;

impl CrossPacket {
    /// Its place in the table of all rows.
    pub fn number(self) -> u8 {
        u8::try_from(CROSS_PACKET).unwrap_or(u8::MAX).saturating_add(self as u8)
    }

    /// The bit of a row about more than one packet; none of any other.
    pub fn bit(number: u8) -> u32 {
        let place = usize::from(number).checked_sub(CROSS_PACKET);
        place.and_then(|place| 1_u32.checked_shl(u32::try_from(place).ok()?)).unwrap_or(0)
    }

    /// Whether it is found only long after its packet.
    pub fn is_late(number: u8) -> bool {
        [Self::Gap, Self::Evicted].iter().any(|anomaly| anomaly.number() == number)
    }
}

/// What is wrong with a packet beside those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CrossPackets {
    /// Bits of [`CrossPacket`], by place among their rows.
    pub bits: u32,
    /// TTL and DSCP of its flow until it came; they mean something where they change.
    pub before: [u8; 2],
}

impl CrossPackets {
    /// These anomalies and those of `bits`.
    #[must_use]
    pub fn with(self, bits: u32) -> Self {
        Self { bits: self.bits | bits, ..self }
    }

    /// Calls `with` for each, with where in `packet` it lies.
    pub fn each(self, packet: &Packet<'_>, with: &mut dyn FnMut(Anomaly)) {
        for number in self.numbers() {
            with(self.place(packet, number));
        }
    }

    /// Numbers of the rows.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (0..ROWS.len())
            .filter(move |place| self.bits >> place & 1 == 1)
            .map(|place| u8::try_from(CROSS_PACKET.saturating_add(place)).unwrap_or(u8::MAX))
    }

    /// Where in `packet` the anomaly with that number lies: in its outermost IP header, which shows
    /// packets apart and is marked, in the innermost of its own, which has a flow, in the
    /// innermost that is in fragments, or in its last header, which claims an address.
    fn place(self, packet: &Packet<'_>, number: u8) -> Anomaly {
        let row = row(number);
        let is_outer = row.scope == Scope::Window
            || [CrossPacket::Dscp, CrossPacket::Ecn]
                .iter()
                .any(|anomaly| anomaly.number() == number);
        let LayerIndex { outer, inner, own, .. } = packet.layers.index;
        let look = |index: u8| {
            let here = packet.layers.span(index).map(|span| at(packet, index, span));
            here.as_ref().and_then(row.check)
        };
        let first = match number {
            _ if number == CrossPacket::AddressConflict.number() => own.saturating_sub(1),
            _ if is_outer => outer,
            _ => inner,
        };
        let (mut index, mut mark) = (first, look(first));
        // The header that is in fragments may be one around that.
        while row.scope == Scope::Fragment
            && mark.is_none()
            && let Some(around) = around(packet, index)
        {
            (index, mark) = (around, look(around));
        }
        let spans = packet.layers.spans().iter().take(usize::from(index).saturating_add(1));
        let depth = spans.filter(|span| is_ip(span.layer)).count();
        let mut mark =
            mark.unwrap_or(Mark { offset: 0, len: 0, value: 0, expected: Expected::Nothing });
        let [ttl, dscp] = self.before;
        for (anomaly, before) in [(CrossPacket::Ttl, ttl), (CrossPacket::Dscp, dscp)] {
            if anomaly.number() == number {
                mark = mark.should(before);
            }
        }
        Anomaly { number, mark, ip_layer: u8::try_from(depth).unwrap_or(u8::MAX) }
    }
}

/// Index of the IP header around the one with that index.
fn around(packet: &Packet<'_>, index: u8) -> Option<u8> {
    let before = packet.layers.spans().get(..usize::from(index))?;
    u8::try_from(before.iter().rposition(|span| is_ip(span.layer))?).ok()
}
