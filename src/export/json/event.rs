//! The other events: meta, flow, stats and summary.
