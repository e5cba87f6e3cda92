//! What a flow event says of a TCP connection: how it went, and what each way cost.

use super::text::Text;
use crate::analyze::flow::FlowView;
use crate::analyze::tcp::facts::SideFacts;
use crate::decode::tcp::Scale;

/// Appends how it began and ended, in Zeek's words.
pub(super) fn states(text: &mut Text, flow: &FlowView) {
    let Some(facts) = &flow.connection else { return };
    text.field_str("conn_state", facts.conn_state());
    text.field_str("history", &facts.history());
}

/// Appends what its segments add up to, each way; times are in seconds.
pub(super) fn write(text: &mut Text, flow: &FlowView) {
    let Some(facts) = &flow.connection else { return };
    text.field_str("opened_by", if facts.opener == 0 { "client" } else { "server" });
    if let Some(handshake) = facts.handshake {
        text.key("handshake_rtt");
        text.elapsed(handshake);
    }
    let seconds = flow.times.map_or(0.0, |(first, last)| (last - first).seconds_f64());
    for (key, side) in ["toserver", "toclient"].into_iter().zip(&facts.sides) {
        write_side(text, key, side, seconds);
    }
}

fn write_side(text: &mut Text, key: &str, side: &SideFacts, seconds: f64) {
    text.key(key);
    text.open(b'{');
    text.field_number("data_segments", side.data.packets);
    text.field_number("data_bytes", side.data.octets);
    if side.delivered() > 0 && seconds > 0.0 {
        text.field_decimal("goodput", side.delivered() as f64 * 8.0 / seconds);
    }
    for (key, count) in [
        ("retransmissions", side.retransmitted.packets),
        ("retransmitted_bytes", side.retransmitted.octets),
        ("out_of_order", side.out_of_order.into()),
        ("lost_segments", side.lost.into()),
        ("duplicate_acks", side.duplicate_acks.into()),
        ("zero_windows", side.zero_windows.into()),
        ("max_in_flight", side.most_in_flight.into()),
        ("mss", side.mss.into()),
    ] {
        // What did not happen has no key.
        if count > 0 {
            text.field_number(key, count);
        }
    }
    if side.zero_window_time > 0 {
        text.key("zero_window_time");
        text.elapsed(side.zero_window_time);
    }
    if let Scale::By(shift) = side.scale {
        text.field_number("window_scale", shift.into());
    }
    if let Some(mean) = side.round_trips.mean() {
        text.key("ack_rtt");
        text.open(b'{');
        let trips = &side.round_trips;
        for (key, nanos) in [("min", trips.least), ("mean", mean), ("max", trips.greatest)] {
            text.key(key);
            text.elapsed(nanos);
        }
        text.field_number("count", trips.count.into());
        text.close(b'}');
    }
    text.field_numbers("options", side.option_kinds());
    text.close(b'}');
}
