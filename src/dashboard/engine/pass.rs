//! Which packets pass: those that a filter lets through, of a span of time.

use crate::base::timestamp::Timestamp;
use crate::filter::Filter;
use crate::session::PacketFilters;

/// The test that packets must pass: the filter, and the span of time.
pub fn pass(filter: Option<Filter>, span: Option<(Timestamp, Timestamp)>) -> PacketFilters {
    PacketFilters::new(move || {
        let filter = filter.clone();
        Box::new(move |packet, _| {
            let is_in = |(from, to): (Timestamp, Timestamp)| {
                packet.frame.time.is_some_and(|time| (from..to).contains(&time))
            };
            span.is_none_or(is_in) && filter.as_ref().is_none_or(|filter| filter.matches(packet))
        })
    })
}
