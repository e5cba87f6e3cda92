//! Which time stands at which column of a graph.

use ratatui::layout::Rect;

use crate::base::timestamp::Timestamp;
use crate::dashboard::model::view_data::ViewData;

/// First and last time that the graph shows, the latter exclusive.
pub fn shown_time(data: &ViewData) -> Option<(Timestamp, Timestamp)> {
    let rate = &data.snapshot.rate;
    let steps = i64::try_from(rate.steps.len()).ok().filter(|steps| *steps > 0)?;
    let first = rate.first?;
    Some((first, first + rate.width * steps))
}

/// The column of a plot at which a time is drawn, if it is.
pub fn column_of(data: &ViewData, plot: Rect, time: Timestamp) -> Option<u16> {
    let (from, to) = shown_time(data)?;
    if !(from..=to).contains(&time) || plot.is_empty() {
        return None;
    }
    // In nanoseconds both fit 65 bits, and a width 16.
    let (at, all) = ((time - from).unsigned_nanos(), (to - from).unsigned_nanos().max(1));
    let column = at.saturating_mul(plot.width.into()) / all;
    Some(plot.x + u16::try_from(column).unwrap_or(u16::MAX).min(plot.width - 1))
}
