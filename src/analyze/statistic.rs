//! The statistics, one row each: what every front end lists.
